"""Forms as templates render them: labels, choices and what is in each field, in the reader's language."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

from babel.numbers import format_decimal

from escalation.case.commands import SUPPORT_COMMANDS
from escalation.clocks.definition import CLOCKS
from escalation.message_kinds import MessageKind
from escalation.people import SENDS_WORDS
from escalation.phrasing import Labels as OwnLabels
from escalation.phrasing import words
from escalation.screen import ROWS, Choice, Entry, Field, Form, Sent, Unfit
from escalation.vocabulary import ClockName, Worded
from starter.http.pages.page import Words
from starter.undoing import UndoCancel

_BACKQUOTED = re.compile(r"`([^`\n]+)`")
# What people ask for besides: it opens a case again, as no command could.
_BESIDE = {"undo_cancel": UndoCancel}
_LETTERS_IN_GERMAN: Mapping[str, str] = {kind: kind.name_in_german for kind in MessageKind}
_WORDED: Mapping[str, type[Worded]] = {one.__name__: one for one in Worded.__subclasses__()}
# Shown once the case said that it can be done anyway.
_ALWAYS_HIDDEN = frozenset({"anyway"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """A form that was sent and not carried out."""

    kind: str
    sent: Sent
    unfit: Mapping[str, Unfit] = field(default_factory=dict)
    message: str = ""
    problem: str = ""  # which of our own words say why; empty for none
    marked: str = ""
    id: str = ""  # what the form is known by; the same again is the same command


@dataclass(frozen=True, slots=True)
class Labels:
    """The labels of fields and values in one language."""

    language: str
    t: Words
    items: Mapping[str, str] = field(default_factory=dict)  # what the items of the case's checklist are called, by id

    def field(self, kind: str, name: str) -> str:
        """A field's label; made of its name where no one has given it one."""
        known: Mapping[str, str] = self.t["fields"]
        return self._own(kind).get(name) or known.get(name) or words(name.rpartition(".")[2]).capitalize()

    def command(self, kind: str) -> str:
        """The label of a command's form."""
        return self._own(kind).get("") or words(kind).capitalize()

    def refusal(self, kind: str, message: str) -> str:
        """Return the command's own words for this refusal; empty if it has none."""
        return self._own(kind).get(message, "")

    def _own(self, kind: str) -> Mapping[str, str]:
        """The names that a command gives itself and its fields (`escalation.case.commands`)."""
        labels: OwnLabels = getattr(SUPPORT_COMMANDS.get(kind, _BESIDE.get(kind)), "labels", {})
        return labels.get(self.language, {})

    def value(self, value: str, of: str = "") -> str:
        """A word of ours."""
        kind = type(value) if isinstance(value, Worded) else _WORDED.get(of)
        if kind is not None:
            return kind(value).words[self.language]
        if of == MessageKind.__name__ and self.language == "de" and value in _LETTERS_IN_GERMAN:
            return _LETTERS_IN_GERMAN[value]
        known: Mapping[str, str] = self.t["values"]
        return known.get(f"{of}.{value}") or known.get(value) or words(value)

    def number(self, number: int) -> str:
        """A number as the reader writes it: `10,000`, `10.000`."""
        return format_decimal(number, locale=self.language)

    def values(self, several: Iterable[StrEnum]) -> str:
        """Several of them, in a line."""
        return ", ".join(self.value(one) for one in several)

    def clock(self, clock: ClockName) -> str:
        """A clock, as notices call it."""
        definition = CLOCKS[clock].words
        return definition.get(self.language) or definition["en"]

    def choice(self, each: Field, choice: Choice) -> str:
        """The choices of a field."""
        if choice.label:
            return choice.words.get(self.language, choice.label)
        return (
            self.clock(ClockName(choice.value)) if each.of is ClockName else self.value(choice.value, each.of.__name__)
        )

    def readable(self, form: Form, message: str) -> str:
        """A refusal for which there are no words, in which a field between backquotes is called by its label."""
        names = {each.name for each in form.fields}
        return _BACKQUOTED.sub(
            lambda found: f"“{self.field(form.kind, found[1])}”" if found[1] in names else found[1], message
        )


def shown(form: Form, attempt: Attempt | None, labels: Labels, why: str = "") -> dict[str, Any]:
    """A form for the template.

    Args:
        attempt: What was sent and not carried out, of this form or another one.
        why: Why the case refused it, in the reader's language; empty where there are no words for that.
    """
    mine = attempt if attempt is not None and attempt.kind == form.kind else None
    needs_focus = [name for name in (each.name for each in form.fields) if mine and _is_meant(name, mine)]
    listed = [
        _shown(form, each, mine, labels, focus=needs_focus[:1] == [each.name])
        for each in form.fields
        if each.name not in _ALWAYS_HIDDEN
        or (mine is not None and (_may_be_insisted_on(mine) or mine.sent.get(each.name)))
    ]
    problem = ""
    if mine is not None and mine.problem:
        problem = labels.t["problems"][mine.problem].replace("{marked}", mine.marked)
    return {
        "kind": form.kind,
        "rank": form.rank.value,
        "title": labels.command(form.kind),
        "fields": listed,
        "is_open": mine is not None,
        "problem": problem,
        "why": why if mine else "",
        "message": labels.readable(form, mine.message) if mine and not why else "",
        "focus_problem": mine is not None and not needs_focus,
        "writes": form.kind in SENDS_WORDS,
    }


def _may_be_insisted_on(attempt: Attempt) -> bool:
    return attempt.problem == "wording" or "`anyway`" in attempt.message


def _is_meant(name: str, attempt: Attempt) -> bool:
    """Whether what is wrong is in this field."""
    if any(each == name or each.startswith(f"{name}.") for each in attempt.unfit):
        return True
    return f"`{name}`" in attempt.message


def _shown(form: Form, each: Field, attempt: Attempt | None, labels: Labels, *, focus: bool) -> dict[str, Any]:
    if each.entry is Entry.ROWS:
        return _rows(form, each, attempt, labels, focus=focus)
    return _plain(form, each, each.name, attempt, labels, focus=focus)


def _rows(form: Form, each: Field, attempt: Attempt | None, labels: Labels, *, focus: bool) -> dict[str, Any]:
    rows = []
    for number in range(1, ROWS + 1):
        row_label = labels.t["form"]["row"].format(label=labels.field(form.kind, each.name), number=number)
        parts = [
            _plain(form, replace(part, required=False), f"{each.name}.{number}.{part.name}", attempt, labels)
            | {"label": labels.field(form.kind, f"{each.name}.{part.name}")}
            for part in each.parts
        ]
        if focus and number == 1:
            parts[0] |= {"focus": True, "problem": parts[0]["problem"] or "!"}
        rows.append(
            {
                "label": row_label,
                "fields": parts,
                "is_open": (number <= 2 and not each.has_default) or any(part["value"] for part in parts),
            }
        )
    return {"entry": "rows", "name": each.name, "rows": rows, "label": labels.field(form.kind, each.name)}


def _plain(
    form: Form, each: Field, name: str, attempt: Attempt | None, labels: Labels, *, focus: bool = False
) -> dict[str, Any]:
    values: Sequence[str] = attempt.sent.get(name, ()) if attempt else ()
    value = (values[0] if values else "") if attempt else form.filled.get(name, "")
    choices = form.choices.get(each.name) or tuple(Choice(value=one) for one in each.values)
    is_several = each.entry is Entry.LINES and bool(choices)
    return {
        "entry": "several" if is_several else "choice" if choices else each.entry.value,
        "name": name,
        "id": f"{form.kind}-{name}".replace(".", "-"),
        "label": labels.field(form.kind, name),
        "required": each.required,
        "most": each.most,
        "least": each.least,
        "value": value,
        "choices": [
            {
                "value": one.value,
                "label": labels.choice(each, one),
                "is_chosen": one.value in values if is_several else one.value == value,
            }
            for one in choices
        ],
        "problem": _problem(each, name, attempt, labels),
        "focus": focus,
    }


def _problem(each: Field, name: str, attempt: Attempt | None, labels: Labels) -> str:
    """Say what is wrong with a field, in a sentence; `!` where the words above the form say it."""
    unfit = attempt.unfit.get(name) if attempt else None
    if unfit is not None:
        said: str = labels.t["problems"][unfit.value]
        return said.format(most=labels.number(each.most or 0), least=labels.number(each.least or 0))
    return "!" if attempt is not None and f"`{name}`" in attempt.message else ""
