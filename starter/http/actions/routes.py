"""Addresses of links. GET and HEAD change nothing: mail scanners open links before people do. Only a POST of the form acts.

The secret is the address. So it is in no log, no cache and no referrer, and forms need no further token: who can send one
has the link.
"""

import asyncio
import re
from dataclasses import replace
from datetime import datetime
from typing import Any

import structlog
from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from activities.adapters.postgres.directory import Directory
from activities.adapters.postgres.links import KeptLink, Links
from activities.adapters.postgres.records import Records
from activities.errors import DatabaseUnavailable, NotYetRecorded, UnknownPerson, UnrenderableMessage
from activities.ports.directory import Person
from escalation.bounds.long_texts import beginning_in
from escalation.case.events import CustomerReplied, Event, Reopened
from escalation.errors import InvalidCommand, NotAllowed
from escalation.lifecycle import asking
from escalation.lifecycle.asking import Act, Fate, Subject
from escalation.screen.reading import instant_from
from escalation.vocabulary import CUSTOMER, ClockName
from starter.errors import CommandRefused, EscalationEnded, NoSuchCase, StarterError, TemporalUnreachable, WorkersBusy
from starter.http.access.guard import guard_of, peer_of
from starter.http.actions.acting import LONGEST, NEEDS_TEXT, TO_CUSTOMER, Form, act_on, commands_of
from starter.http.actions.pages import PROBLEMS, Problem, Shown, case_page, plain_page, query_of
from starter.http.backend import Backend, Connected
from starter.http.letter_previews import letters_of
from starter.http.pages.page import HEADERS, form_of, is_from_elsewhere, language_for, to_repeat
from starter.http.recorded import until_recorded

MOST_FORM_BYTES = 300_000  # bytes of a form; 20,000 characters of four bytes, as an address writes them, fit in

_TICKS = ("packet_read", "tell_customer", "anyway", "keeps", "replaces")
_WROTE = frozenset({"customer_replied", "reopened"})
# After these, a page says that the case is theirs only while it is.
_TAKING = frozenset({Act.ACKNOWLEDGE, Act.TAKE_OVER})

_WAITS = {
    Subject.OFFER: ClockName.ACKNOWLEDGE,
    Subject.CONSULT: ClockName.CONSULT,
    Subject.APPROVAL: ClockName.APPROVAL,
}
PATIENCE = 2.0  # seconds to wait for when an answer is due; the page is shown without it after that

log = structlog.stdlib.get_logger("http")
router = APIRouter(prefix="/act", include_in_schema=False)


class _Gone(Exception):
    """The link opens nothing."""

    def __init__(self, status: int) -> None:
        self.status = status
        super().__init__()


@router.get("/{token}")
@router.get("/{token}/{act}")
async def look(request: Request, backend: Connected, token: str, act: str = "") -> Response:
    """Ask the person; nothing changes."""
    try:
        link, reader = await _opened(backend, token)
        shown = await _shown(backend, link, reader, token, chosen=act)
        return case_page(replace(shown, chosen_language=_chosen(request)))
    except _Gone as gone:
        return _gone(request, gone)
    except (DatabaseUnavailable, NotYetRecorded):
        return _later(request)


@router.post("/{token}/{act}")
async def act(request: Request, backend: Connected, token: str, act: str) -> Response:
    """Do what the form says."""
    if is_from_elsewhere(request):
        return plain_page("foreign", 403, language_for(request))
    try:
        link, reader = await _opened(backend, token)
        form = await _form(request, reader.zone)
        shown = await _shown(backend, link, reader, token, chosen=act)
        shown = replace(shown, chosen_language=_chosen(request))
    except _Gone as gone:
        return _gone(request, gone)
    except (DatabaseUnavailable, NotYetRecorded):
        return _later(request)
    if act not in shown.acts:
        return _done(token, shown) if link.used_for == act else case_page(shown, 409)
    return await _acted(backend, link, Act(act), replace(shown, form=form, sent=Act(act)), token)


async def _acted(backend: Backend, link: KeptLink, act: Act, shown: Shown, token: str) -> Response:
    if shown.form.language:
        return _in_their_language(shown)
    form = replace(shown.form, text=shown.form.text.strip(), next_step=shown.form.next_step.strip())
    if problem := _problem(act, form):
        return _again(shown, problem, 422)
    try:
        if form.only_looks and act in TO_CUSTOMER:
            (command,) = commands_of(link, act, form)
            return case_page(replace(shown, letters=await letters_of(backend, link.escalation, command)))
        seq = await act_on(backend.client, link, act, form)
    except (
        CommandRefused,
        UnrenderableMessage,
        EscalationEnded,
        NoSuchCase,
        TemporalUnreachable,
        WorkersBusy,
    ) as error:
        return await _not_done(backend, link, act, shown, token, error)
    log.info("acted by a link", link=link.id, act=act.value, escalation=link.escalation)
    try:
        await Links(backend.database, backend.now).use(link, act)
        await until_recorded(Records(backend.database), link.escalation, seq)
    except DatabaseUnavailable:
        # It is done, and a repeat does nothing twice; the page must not say otherwise.
        log.warning("a used link could not be marked", link=link.id)
        return case_page(replace(shown, acts=(), used_for=act.value))
    return _done(token, shown)


async def _not_done(backend: Backend, link: KeptLink, act: Act, shown: Shown, token: str, error: Exception) -> Response:
    """The page that says why nothing was done."""
    match error:
        case CommandRefused():
            return await _refused(backend, link, act, shown, token, error)
        case UnrenderableMessage():
            return _again(shown, "long", 422)
        case EscalationEnded() | NoSuchCase():
            return case_page(replace(shown, acts=(), fate=Fate.OVER), 409)
        case _:
            return _again(shown, "later", 503)


def _problem(act: Act, form: Form) -> str:
    """Say what is wrong with what was written; empty for nothing."""
    if act in NEEDS_TEXT and not form.text:
        return "empty"
    if act in LONGEST and max(len(form.text), len(form.next_step)) > LONGEST[act]:
        return "long"
    if form.unread or (form.replaces and form.next_by is None):
        return "time"
    return "step" if form.next_by and not form.next_step else ""


async def _refused(
    backend: Backend, link: KeptLink, act: Act, shown: Shown, token: str, refusal: CommandRefused
) -> Response:
    """Say why the case did not take it, in the words of a page."""
    log.info("a link was refused", link=link.id, act=act.value, refusal=refusal.type)
    if refusal.type == InvalidCommand.__name__ and "packet_read" in refusal.message:
        return _again(replace(shown, asks_packet=True), "packet", 422)
    if refusal.type == InvalidCommand.__name__ and act in TO_CUSTOMER and "anyway" in refusal.message:
        return _again(shown, "wording", 422, marked=", ".join(re.findall("“[^”]*”", refusal.message)))
    if refusal.type == InvalidCommand.__name__ and act is Act.REPLY and shown.form.next_by:
        return _again(shown, "promised" if "promise is open" in refusal.message else "passed", 422)
    if refusal.type == NotAllowed.__name__ and "may not write to customers" in refusal.message:
        return _again(shown, "silent", 409)
    now = await _shown(backend, link, shown.reader, token, chosen=act.value)
    now = replace(now, chosen_language=shown.chosen_language)
    if act not in now.acts:
        return case_page(now, 409)
    return _again(replace(now, form=shown.form, sent=act), "refused", 409)


def _in_their_language(shown: Shown) -> Response:
    """The page in the language that was chosen, with what was typed and what was wrong with it."""
    was, marked = shown.form.was
    problem = Problem(name=was, marked=marked) if was in PROBLEMS else Problem(name="")
    asks_packet = shown.asks_packet or was == "packet"
    return case_page(replace(shown, chosen_language=shown.form.language, problem=problem, asks_packet=asks_packet))


def _again(shown: Shown, problem: str, status: int, marked: str = "") -> Response:
    return case_page(replace(shown, problem=Problem(name=problem, marked=marked)), status)


async def _opened(backend: Backend, token: str) -> tuple[KeptLink, Person]:
    """The link with this secret, and the person whom it is for."""
    link = await Links(backend.database, backend.now).find(token)
    if link is None:
        raise _Gone(404)
    try:
        reader = await Directory(backend.database, backend.now).person(link.person)
    except UnknownPerson:
        raise _Gone(410) from None
    if not link.works(backend.now()) or not reader.active:
        raise _Gone(410)
    return link, reader


async def _shown(backend: Backend, link: KeptLink, reader: Person, token: str, *, chosen: str) -> Shown:
    records = Records(backend.database)
    view, timeline = await records.view(link.escalation), await records.events(link.escalation, asking.READ)
    found = asking.found(link.ask, link.person, view, timeline)
    acts = () if link.used_at else tuple(sorted(found.acts, key=lambda one: one != chosen))
    people = {
        view.owner,
        view.offered_to,
        view.consult.by if view.consult else "",
        view.approval.by if view.approval else "",
    }
    names = {person: await _name_of(backend, person) for person in people if person}
    here = "" if chosen else f"{token}/"
    about_the_case = acts and link.ask.subject is not Subject.ACTION
    wrote = await records.events(link.escalation, _WROTE) if about_the_case else ()
    said = [text for text in map(_words_of, wrote) if text]
    words = said[-1] if said else view.opening_words
    return Shown(
        view=view,
        ask=link.ask,
        reader=reader,
        names=names,
        here=here,
        fate=found.fate,
        acts=acts,
        words=beginning_in(words) if about_the_case else "",
        answer_by=await _answer_by(backend, link) if acts else None,
        used_for="" if link.used_for in _TAKING and found.fate is not Fate.YOURS else link.used_for,
    )


def _words_of(event: Event) -> str:
    """The customer's words; empty for none."""
    if isinstance(event, Reopened):
        return event.why if event.by == CUSTOMER else ""
    return event.text if isinstance(event, CustomerReplied) else ""


async def _answer_by(backend: Backend, link: KeptLink) -> datetime | None:
    """By when the case waits for their answer; None where nothing says so, or not soon enough."""
    clock = _WAITS.get(link.ask.subject)
    if clock is None:
        return None
    try:
        async with asyncio.timeout(PATIENCE):
            clocks = (await backend.client.status(link.escalation)).clocks
    except (StarterError, TemporalUnreachable, TimeoutError):
        return None
    return next((one.due for one in clocks if one.clock is clock), None)


async def _name_of(backend: Backend, person: str) -> str:
    try:
        return (await Directory(backend.database, backend.now).person(person)).name or person
    except UnknownPerson:
        return person


async def _form(request: Request, zone: str) -> Form:
    """The form that was sent; what is not a form is an empty one."""
    fields = await form_of(request, MOST_FORM_BYTES)
    ticked: dict[str, Any] = {name: True for name in _TICKS if fields.get(name, [""])[0]}
    names = ("text", "next_step", "next_by", "lang", "was", "marked")
    text, step, by, language, was, marked = (fields.get(name, [""])[0].replace("\r\n", "\n") for name in names)
    at = instant_from(by, zone) if by.strip() else None
    unread, looks = bool(by.strip()) and at is None, bool(fields.get("preview"))
    form = Form(text=text, next_step=step, next_by=at, typed_by=by, unread=unread, only_looks=looks)
    return replace(form, language=language, was=(was, marked[:200]), **ticked)


def _chosen(request: Request) -> str:
    return request.query_params.get("lang", "")


def _done(token: str, shown: Shown) -> Response:
    return RedirectResponse(f"../{token}{query_of(shown.chosen_language)}", 303, headers=dict(HEADERS))


def _gone(request: Request, gone: _Gone) -> Response:
    language = language_for(request)
    if gone.status == 404 and (seconds := guard_of(request).failed(peer_of(request))):
        return to_repeat(plain_page("slow", 429, language), seconds)
    log.info("a link that opens nothing", status=gone.status, peer=peer_of(request))
    return plain_page("gone", gone.status, language)


def _later(request: Request) -> Response:
    return to_repeat(plain_page("later", 503, language_for(request)), 5)
