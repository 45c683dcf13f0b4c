"""Which forms the screen of a case has for a person now, in which order, and what is filled in already."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any, get_args

from escalation.case.commands import SUPPORT_COMMANDS, DeskCommand, LinkingCommand
from escalation.lifecycle.situation import Situation
from escalation.lifecycle.table import allowed
from escalation.lifecycle.view import CaseView
from escalation.screen.fields import NO, ROWS, YES, Field, fields_of
from escalation.vocabulary import ClockName, PauseCause, Withdrawable


class Rank(StrEnum):
    """The rank of a form: how likely it is wanted now."""

    ASKED = "asked"  # the person was asked for it
    COMMON = "common"
    MORE = "more"


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """Something to choose."""

    value: str
    label: str = ""  # in words; empty where the value is a word of ours, which each language has its own for
    words: Mapping[str, str] = field(default_factory=dict)  # the label by language, where the policy has several


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """A form."""

    kind: str
    type: type[Any]  # the command; its fields are those of the form
    rank: Rank
    filled: Mapping[str, str] = field(default_factory=dict)  # what is in a field already, by its name
    # what there is to choose now, by the name of the field; those of the command where it is not here
    choices: Mapping[str, tuple[Choice, ...]] = field(default_factory=dict)
    hidden: frozenset[str] = frozenset()  # fields that make no sense now
    needed: frozenset[str] = frozenset()  # fields that the case insists on now

    @property
    def fields(self) -> tuple[Field, ...]:
        """Those that are shown."""
        shown = (each for each in fields_of(self.type) if each.name not in self.hidden)
        return tuple(replace(each, required=each.required or each.name in self.needed) for each in shown)


_COMMON = ("choose", "tell_customer", "promise", "request_information", "offer_options", "note", "resolve", "escalate")
# What incidents and help desks send.
_NEVER = frozenset({*get_args(LinkingCommand), *get_args(DeskCommand)})


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """The facts on which the forms of a person depend."""

    view: CaseView
    situation: Situation
    clocks: Collection[ClockName]
    person: str
    may: Collection[str]  # wire names of the commands that their role may send
    colleagues: Mapping[str, str]  # name of each active person of the roster by id
    review_due: bool = False  # whether a review of the case is theirs to write


def forms_now(desk: Desk) -> tuple[Form, ...]:
    """The forms that are possible now: what the person was asked for first, then the common ones, then the others."""
    names = [name for name in allowed(desk.view.stage) if name in desk.may and SUPPORT_COMMANDS[name] not in _NEVER]
    found = [_form(desk, name) for name in names if _makes_sense(desk, name)]
    return tuple(sorted(found, key=lambda form: (_RANKS[form.rank], _place(form.kind))))


_RANKS = {rank: place for place, rank in enumerate(Rank)}


def _place(kind: str) -> int:
    # Common ones have an order of their own; the others keep that of the commands, which sorting preserves.
    return _COMMON.index(kind) if kind in _COMMON else len(_COMMON)


def _is_asked(desk: Desk, name: str) -> bool:
    view, me = desk.view, desk.person
    match name:
        case "acknowledge" | "decline":
            return view.offered_to == me
        case "answer_consult":
            return view.consult is not None and view.consult.to == me
        case "approve" | "refuse_approval":
            return view.approval is not None and view.approval.approver == me
        case "submit_review":
            return desk.review_due
        case "complete_action":
            return any(action.done_at is None and action.owner == me for action in view.actions)
        case _:
            return False


def _makes_sense(desk: Desk, name: str) -> bool:
    # Whether the case has that with which the command would have to do; who may is left to the case itself.
    view, situation = desk.view, desk.situation
    only_if = {
        **dict.fromkeys(("acknowledge", "decline", "approve", "refuse_approval"), _is_asked(desk, name)),
        "answer_consult": view.consult is not None,
        "request_approval": view.approval is None,
        "choose": bool(situation.options),
        "resume": any(wait.cause is PauseCause.WAITING_ON_THIRD_PARTY for wait in situation.waits),
        "withdraw": bool(_withdrawable(situation)),
        "complete_action": any(action.done_at is None for action in view.actions),
        "give_back": view.owner == desk.person,
        "answer_survey": ClockName.SATISFACTION in desk.clocks,
        "set_due": bool(desk.clocks),
    }
    return only_if.get(name, True)


def _form(desk: Desk, name: str) -> Form:
    rank = Rank.ASKED if _is_asked(desk, name) else Rank.COMMON if name in _COMMON else Rank.MORE
    choices = {key: value for key, value in _choices(desk, name) if value}
    form = Form(kind=name, type=SUPPORT_COMMANDS[name], rank=rank, choices=choices)
    filled = {key: value for key, value in _filled(desk, name) if value}
    return replace(form, filled=filled, hidden=frozenset(_hidden(desk, form)), needed=_NEEDED.get(name, frozenset()))


def _hidden(desk: Desk, form: Form) -> Iterator[str]:
    for each in fields_of(form.type):
        if each.name in _FROM_THE_CASE and each.name not in form.choices:
            yield each.name
    if not desk.situation.promise:
        yield from _ABOUT_A_PROMISE.get(form.kind, ())
    yield from _BY_PROGRAMS.get(form.kind, ())


# Fields that other commands fill in.
_BY_PROGRAMS = {"escalate": ("packet.contact",), "note": ("duplicate", "undone", "apart")}
_ABOUT_A_PROMISE = {
    "tell_customer": ("fulfils_promise", "replaces"),
    "promise": ("replaces", "why"),
    "resolve": ("promise",),
}
# Where it is shown, there is an open promise, and the case is not resolved without a word about it.
_NEEDED = {"resolve": frozenset({"promise"})}
_FROM_THE_CASE = frozenset({"checked", "question_set"})


def _choices(desk: Desk, name: str) -> Iterator[tuple[str, tuple[Choice, ...]]]:
    view, situation = desk.view, desk.situation
    yield "question_set", _plain(view.question_sets)
    yield (
        "checked",
        tuple(Choice(value=item.id, label=item.text, words=item.words) for item in view.checklist if not item.done),
    )
    match name:
        case "choose":
            yield "option", tuple(Choice(value=option.id, label=option.title) for option in situation.options)
        case "offer_options":
            yield "default", _plain([str(row) for row in range(1, ROWS + 1)])
        case "withdraw":
            yield "what", tuple(Choice(value=what) for what in _withdrawable(situation))
        case "set_due":
            yield "clock", tuple(Choice(value=clock) for clock in ClockName if clock in desk.clocks)
        case "complete_action":
            waiting = (action for action in view.actions if action.done_at is None)
            yield "number", tuple(Choice(value=str(action.number), label=action.what) for action in waiting)
        case "consult" | "reassign" | "hand_on" | "agree_action" | "correct":
            people = sorted(desk.colleagues.items(), key=lambda one: (one[1].casefold(), one[0]))
            everyone = tuple(Choice(value=person, label=called) for person, called in people)
            others = tuple(each for each in everyone if each.value != desk.person)
            yield "to", others if name == "consult" else everyone
            yield "owner", everyone
            yield "contact", everyone
        case _:
            pass


def _plain(values: Sequence[str]) -> tuple[Choice, ...]:
    return tuple(Choice(value=value, label=value) for value in values)


def _withdrawable(situation: Situation) -> tuple[Withdrawable, ...]:
    open_now = {
        Withdrawable.PROMISE: situation.promise,
        Withdrawable.QUESTION: situation.question,
        Withdrawable.OPTIONS: situation.options,
    }
    return tuple(what for what, there in open_now.items() if there)


def _filled(desk: Desk, name: str) -> Iterator[tuple[str, str]]:
    view, situation = desk.view, desk.situation
    match name:
        case "escalate":
            yield "packet.concern", situation.concern or view.opening_words or view.summary
            yield "packet.evidence", "\n".join(" ".join(each.split()) for each in situation.evidence)
            yield "packet.proposed", "\n".join(" ".join(each.split()) for each in situation.proposals)
        case "resolve":
            yield "solution", view.proposal
        case "change_severity":
            yield "severity", view.severity
        case "change_frustration":
            yield "level", str(view.frustration)
        case "agree_action":
            yield "owner", view.owner or desk.person
        case "correct":
            yield from correctable(view).items()
        case _:
            pass


def correctable(view: CaseView) -> Mapping[str, str]:
    """The facts of a case that `correct` changes, by the name of the field."""
    return {
        "category": view.category,
        "subcategory": view.subcategory,
        "summary": view.summary,
        "customer_name": view.customer.name,
        "customer_address": view.customer.address,
        "language": view.customer.language,
        "zone": view.customer.zone,
        "proficiency": view.customer.proficiency,
        "contact": view.contact,
        "our_fault": YES if view.our_fault else NO,
    }
