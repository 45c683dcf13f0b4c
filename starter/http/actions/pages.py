"""The pages behind links in messages to colleagues."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from starlette.responses import HTMLResponse

from activities.adapters.templates import locale_of, say_instant, say_language, say_money
from activities.ports.directory import Person
from escalation.case.naming import escalation_id, page_address
from escalation.clocks.definition import CLOCKS
from escalation.lifecycle.asking import Act, Ask, Fate, Subject
from escalation.lifecycle.view import CaseView
from escalation.vocabulary import ACTIVE
from starter.http.actions.acting import LONGEST, NEEDS_TEXT, TO_CUSTOMER, Form
from starter.http.letter_previews import Preview
from starter.http.pages.page import LANGUAGES, Pages, language_of

_PAGES = Pages(Path(__file__).parent / "templates")


PROBLEMS = frozenset(
    {"empty", "later", "long", "packet", "passed", "promised", "refused", "silent", "step", "time", "wording"}
)
"""What may be wrong with a form."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """The reason why a form was not carried out."""

    name: str
    marked: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """The case as the page shows it to the person whom the link is for."""

    view: CaseView
    ask: Ask
    reader: Person
    names: Mapping[str, str]  # names of people, by id
    here: str  # what leads from this page's address to the one of an act
    fate: Fate
    acts: tuple[Act, ...] = ()  # what is possible, the one that was chosen first
    used_for: str = ""  # what was done by the link; empty for nothing
    problem: Problem = Problem(name="")
    form: Form = field(default_factory=Form)  # what was sent, when it is shown again
    sent: Act | None = None  # which act that was for; None for none
    asks_packet: bool = False  # whether the hand-off packet has to be confirmed
    chosen_language: str = ""  # what the reader chose by the switch; empty for nothing
    words: str = ""  # what the customer wrote last; empty for nothing
    # by when they are to answer what they are asked, aware UTC; None where no clock says so
    answer_by: datetime | None = None
    # what the customer would get for what was sent, where that was asked; None where it was not
    letters: tuple[Preview, ...] | None = None

    @property
    def language(self) -> str:
        """In which the page is."""
        return language_of((self.chosen_language, self.reader.language, *self.reader.languages))


def case_page(shown: Shown, status: int = 200) -> HTMLResponse:
    """The page of a link that works."""
    case = {
        "ticket": shown.view.ticket,
        "page": page_address(escalation_id(shown.view.ticket, shown.view.life)),
        "summary": shown.view.summary or shown.view.ticket,
        "facts": [*_facts(shown)],
        "reader": shown.reader.name or shown.reader.id,
    }
    return _PAGES.page(
        "page.html",
        status,
        language=shown.language,
        zone=shown.reader.zone,
        case=case,
        forms=[_form(act, shown) for act in shown.acts],
        fate=shown.fate.value,
        stage=shown.view.stage.value,
        used_for=shown.used_for,
        problem=shown.problem.name,
        marked=shown.problem.marked,
        here=shown.here,
        query=query_of(shown.chosen_language),
        instant=lambda at: say_instant(at, shown.reader.zone, locale_of(shown.language, shown.language)),
    )


def plain_page(problem: str, status: int, language: str) -> HTMLResponse:
    """A page that shows no case."""
    return _PAGES.page("page.html", status, language=language, case=None, problem=problem)


def query_of(chosen_language: str) -> str:
    """Return the query that keeps the chosen language in an address; empty if none was chosen."""
    return f"?lang={chosen_language}" if chosen_language in LANGUAGES else ""


def _form(act: Act, shown: Shown) -> dict[str, Any]:
    was_sent = act is shown.sent
    return {
        "act": act.value,
        "was_sent": was_sent,
        "longest": LONGEST.get(act, 0),
        "needs_text": act in NEEDS_TEXT,
        "text": shown.form.text if was_sent else "",
        "tell_customer": was_sent and shown.form.tell_customer,
        "packet": act is Act.ACKNOWLEDGE and (shown.ask.confirms or shown.asks_packet),
        "anyway": was_sent and (shown.problem.name == "wording" or shown.form.anyway),
        "previews": act in TO_CUSTOMER,
        "letters": shown.letters if was_sent else None,
        "asks_next": act is Act.REPLY and shown.view.stage in ACTIVE,
        "sent": shown.form if was_sent else Form(),
        "promise": shown.view.promise,
    }


def _about_the_case(view: CaseView, shown: Shown) -> Iterable[tuple[str, Any]]:
    """Collect what it takes to decide, or to write to the customer: their words, what is promised, and what is due next."""
    if shown.words:
        yield "words", shown.words
    if view.promise:
        yield "promise", view.promise
    if shown.answer_by:
        yield "answer_by", say_instant(shown.answer_by, shown.reader.zone, locale_of(shown.language, shown.language))
    if view.next_breach and view.next_breach_clock:
        clock = CLOCKS[view.next_breach_clock].words[shown.language]
        at = say_instant(view.next_breach, shown.reader.zone, locale_of(shown.language, shown.language))
        yield "deadline", f"{clock[:1].upper()}{clock[1:]}: {at}"
    yield "language", say_language(view.customer.language, shown.language)


def _facts(shown: Shown) -> Iterable[tuple[str, Any]]:
    view, ask = shown.view, shown.ask

    def name(person: str) -> str:
        return shown.names.get(person, person)

    yield "ticket", view.ticket
    yield "severity", view.severity.value
    yield "customer", view.customer.name
    if shown.acts and ask.subject is Subject.CONSULT and view.consult is not None:
        yield "by", name(view.consult.by)
        yield "question", view.consult.question
    if shown.acts and ask.subject is Subject.APPROVAL and view.approval is not None:
        asked = view.approval
        yield "by", name(asked.by)
        amount = say_money(asked.amount, asked.currency, locale_of("", shown.language)) if asked.amount else ""
        yield "request", {"kind": asked.what.value, "amount": amount}
        yield "why", asked.why
    for action in view.actions:
        if ask.subject is Subject.ACTION and action.number == ask.number:
            yield "action", action.what
    if shown.acts and ask.subject is not Subject.ACTION:
        yield from _about_the_case(view, shown)
    yield "stage", view.stage.value
    yield "owner", name(view.owner)
    if view.offered_to and not view.owner:
        yield "asked", name(view.offered_to)
