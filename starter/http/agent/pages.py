"""Renders the agent's pages."""

import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from markupsafe import Markup, escape
from starlette.responses import HTMLResponse

from activities.adapters.templates import locale_of, say_language, say_money
from escalation.bounds import in_other_words
from escalation.case.naming import escalation_id, page_address
from escalation.people import shown_name, with_name_first
from escalation.program_texts import in_language
from escalation.screen import Form
from escalation.sentences import names_of_outsiders
from starter.http.agent.facts import CaseFacts
from starter.http.agent.refusals import refused
from starter.http.agent.showing import Attempt, Labels, shown
from starter.http.agent.timeline import retold
from starter.http.letter_previews import Preview
from starter.http.login.sessions import Session
from starter.http.pages.page import LIVE, Pages, Words, language_of, words_in
from starter.http.pages.times import Times
from starter.tasks import Task

_HERE = Path(__file__).parent
_PAGES = Pages(_HERE / "templates", script=LIVE, wide=True)
_WORDS = words_in(_HERE / "words")
# How the story writes instants.
_IN_UTC = re.compile(r"\d{4}-\d{2}-\d{2} \d{2}:\d{2} UTC")


@dataclass(frozen=True, slots=True)
class Reader:
    """The reader of a page, with their language and zone."""

    session: Session
    language: str
    t: Words
    times: Times

    @classmethod
    def of(cls, session: Session, now: datetime) -> "Reader":
        """The person who is logged in."""
        person = session.person
        language = language_of((person.language, *person.languages))
        t = _WORDS[language]
        return cls(session, language, t, Times(now, person.zone, language, t["time"]))

    def left(self, at: datetime) -> Markup:
        """The time that is left, which a script keeps up to date where there are scripts."""
        words = self.t["time"]
        return Markup(
            '<time datetime="{}" class="left{}" data-left="{}" data-over="{}" data-units="{} {} {}">{}</time>'
        ).format(
            at.astimezone(UTC).isoformat(timespec="seconds"),
            " late" if at < self.times.now else "",
            *(words["left"], words["over"], words["day"], words["hour"], words["minute"]),
            self.times.left(at),
        )

    def page(self, template: str, status: int = 200, *, pages: Pages = _PAGES, **values: Any) -> HTMLResponse:
        """A page for this reader."""
        person = self.session.person
        return pages.page(
            template,
            status,
            language=self.language,
            switch=False,
            t=self.t,
            times=self.times,
            left=self.left,
            me=person.name or person.id,
            role=self.session.caller.role.value,
            token=self.session.form_token,
            zone=person.zone,
            **values,
        )


def queue_page(reader: Reader, tasks: Sequence[Task], *, is_cut: bool = False) -> HTMLResponse:
    """Render a person's tasks, soonest first; `is_cut` says that there are more."""
    labels = Labels(reader.language, reader.t)
    return reader.page("queue.html", place="/agent", tasks=tasks, is_cut=is_cut, labels=labels, address_of=page_address)


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """The result of the form that was sent before the page."""

    attempt: Attempt | None = None  # the form, where it was not carried out
    done: str = ""  # wire name of its command, where it was
    warnings: tuple[str, ...] = ()
    # what the customer would get for the form, where that was asked; None where it was not
    letters: tuple[Preview, ...] | None = None


def case_page(
    reader: Reader, case: CaseFacts, forms: Sequence[Form], said: Said, *, everything: bool = False, status: int = 200
) -> HTMLResponse:
    """A case on one screen; with `everything`, the timeline has the machinery too."""
    attempt = said.attempt
    items = {item.id: item.words.get(reader.language) or item.text for item in case.view.checklist}
    labels = Labels(reader.language, reader.t, items)
    why = refused(attempt.message, attempt.kind, labels, reader.times, case.names) if attempt else ""
    listed = [shown(form, attempt, labels, why) for form in forms]
    # A form whose command is not possible any more keeps what was typed for the reader to copy.
    lost = attempt if attempt and attempt.kind not in {form.kind for form in forms} else None
    return reader.page(
        "case.html",
        status,
        case=case,
        view=case.view,
        situation=case.situation,
        labels=labels,
        forms=listed,
        lost=lost,
        previewed=attempt.kind if attempt and said.letters is not None else "",
        preview=said.letters,
        id=(attempt.id if attempt else "") or secrets.token_urlsafe(12),
        everything=everything,
        done=labels.command(said.done) if said.done else "",
        warnings=[(refused(one, said.done, labels, reader.times, case.names), one) for one in said.warnings],
        here=page_address(case.name),
        address_of=page_address,
        escalation_id=escalation_id,
        name=lambda person: shown_name(person, case.names, and_ids=False),
        whole=lambda text: _whole(in_language(text, reader.language), case, reader.t),
        story=_story(reader, case, labels),
        money=lambda amount, currency: say_money(amount, currency, locale_of("", reader.language)),
        called=lambda tag: say_language(tag, reader.language),
        with_names=lambda text: with_name_first(_refusal(text, reader.language), case.names),
    )


def text_page(reader: Reader, name: str, text: str) -> HTMLResponse:
    """The whole of a long text of a case."""
    return reader.page("text.html", text=text, here=page_address(name), ticket=name)


def _whole(text: str, case: CaseFacts, t: Words) -> Markup:
    """A text; where it is the beginning of a long one, with a link to all of it."""
    begins, *cuts = in_other_words(text, lambda _shown, every, ref: f"\0{every:,}\0{ref}\0").split("\0")
    found = escape(begins)
    for every, reference, after in zip(cuts[::3], cuts[1::3], cuts[2::3], strict=True):
        link = Markup('<a href="{}/texts/{}">{}</a>{}')
        said = t["case"]["cut_text"].format(characters=every)
        found += link.format(page_address(case.escalation), reference, said, after)
    return found


def _story(reader: Reader, case: CaseFacts, labels: Labels) -> list[tuple[datetime, Markup, str]]:
    """List when and what happened, and the language of the line; newest first."""
    found, outsiders = [], names_of_outsiders((event for event, _ in case.story), reader.language)
    for event, line in reversed(case.story):
        text = retold(event, {**outsiders, **case.names}, labels, reader.times)
        local = text or _IN_UTC.sub(lambda found: _local(found[0], reader.times), line[:1].upper() + line[1:])
        found.append((event.at, _whole(local, case, reader.t), reader.language if text else "en"))
    return found


def _local(text: str, times: Times) -> str:
    return times.short(datetime.strptime(text, "%Y-%m-%d %H:%M UTC").replace(tzinfo=UTC))


def _refusal(text: str, language: str) -> str:
    """Say who did not take it, and why, in the reader's language."""
    return ": ".join(in_language(part, language) for part in text.split(": ", 1))
