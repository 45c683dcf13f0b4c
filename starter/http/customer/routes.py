"""Addresses of the customer's page. GET and HEAD change nothing: mail scanners open links before people do.

The secret is the address, so it is in no log, no cache and no referrer. Who can send a form has the link; a form of another
site is refused anyway.
"""

import asyncio
from collections.abc import Mapping
from dataclasses import replace

import structlog
from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from activities.adapters.postgres.customer_links import CustomerLinks, KeptCustomerLink
from activities.adapters.postgres.directory import Directory
from activities.adapters.postgres.records import Records
from activities.errors import DatabaseUnavailable, NotYetRecorded
from escalation.customer_page import READ, Doing, page_of
from escalation.messages.facts import SaysWhenNext
from starter.errors import CommandRefused, EscalationEnded, NoSuchCase, StarterError, TemporalUnreachable, WorkersBusy
from starter.http.access.guard import guard_of, peer_of
from starter.http.backend import Backend, Connected
from starter.http.bodies import InvalidBody, raw_body
from starter.http.customer.acting import PROBLEMS, Form, command_of, form_in, problem_in, score_in
from starter.http.customer.pages import Shown, case_page, plain_page, words_in
from starter.http.pages.page import HEADERS, LANGUAGES, is_from_elsewhere, language_for, language_of, to_repeat
from starter.http.rates import Rates, TooManyRequests
from starter.http.recorded import until_recorded

MOST_FORM_BYTES = 300_000  # bytes of a form; 20,000 characters of four bytes, as an address writes them, fit in
REQUESTS_PER_MINUTE = 60  # of one link
OUTLOOK_SECONDS = 2.0  # how long it is waited for what comes next; the page is shown without times after that

log = structlog.stdlib.get_logger("http")
router = APIRouter(prefix="/c", include_in_schema=False)


class _Closed(Exception):
    """The page is not shown.

    Attributes:
        after: Seconds until it is worth another try; 0 for never.
    """

    def __init__(self, problem: str, status: int, after: float = 0) -> None:
        self.problem, self.status, self.after = problem, status, after
        super().__init__()


@router.get("/{token}")
@router.get("/{token}/{doing}")
async def look(request: Request, backend: Connected, token: str, doing: str = "") -> Response:
    """Show the case; nothing changes."""
    try:
        link = await _opened(request, backend, token)
        shown = await _shown(backend, link, here="" if doing else f"{token}/")
    except _Closed as closed:
        return _plain(request, closed)
    done, rate = request.query_params.get("done", ""), request.query_params.get("rate", "")
    return case_page(replace(shown, done=Doing(done) if done in set(Doing) else None, rate=score_in(rate)))


@router.post("/{token}/{doing}")
async def act(request: Request, backend: Connected, token: str, doing: str) -> Response:
    """Do what a form says."""
    if is_from_elsewhere(request):
        return plain_page("foreign", 403, language_for(request))
    try:
        link = await _opened(request, backend, token)
        form = await _form(request)
        shown = await _shown(backend, link, here="")
    except _Closed as closed:
        return _plain(request, closed)
    if doing not in set(Doing):
        return case_page(shown, 404)
    return await _acted(backend, link, token, replace(shown, form=form, sent=Doing(doing)))


async def _acted(backend: Backend, link: KeptCustomerLink, token: str, shown: Shown) -> Response:
    doing, form = shown.sent, shown.form
    if doing is None:
        raise AssertionError("a form was sent")
    if doing is Doing.LANGUAGE:
        return await _speak(backend, link, token, shown)
    if problem := problem_in(doing, form):
        return case_page(replace(shown, problem=problem), 422)
    try:
        await _send(backend, link, doing, shown)
    except CommandRefused as refusal:
        log.info("a customer's form was refused", link=link.id, doing=doing.value, refusal=refusal.type)
        return case_page(replace(await _again(backend, link, shown), problem="refused"), 409)
    except (EscalationEnded, NoSuchCase):
        return case_page(replace(await _again(backend, link, shown), problem="refused"), 409)
    except (TemporalUnreachable, WorkersBusy):
        return case_page(replace(shown, problem="later"), 503)
    return _done(token, doing)


async def _send(backend: Backend, link: KeptCustomerLink, doing: Doing, shown: Shown) -> None:
    """Send the command of a form; the same form again does nothing twice."""
    command = command_of(doing, shown.form, shown.page.parts, words_in(shown.language))
    # To the escalation that the page showed: the client finds the ticket's next one where that is over.
    answer = await backend.client.send(link.leads_to, command, command_id=f"customer:{link.id}:{doing}:{shown.form.id}")
    log.info("acted by a customer's link", link=link.id, doing=doing.value, escalation=answer.escalation)
    await until_recorded(Records(backend.database), answer.escalation or link.leads_to, answer.seq)


async def _speak(backend: Backend, link: KeptCustomerLink, token: str, shown: Shown) -> Response:
    """Change the language, of this page and of the case's letters."""
    if shown.form.language not in LANGUAGES:
        return case_page(replace(shown, problem="refused"), 422)
    typed = replace(shown, sent=shown.form.of)
    try:
        await _send(backend, link, Doing.LANGUAGE, shown)
    except (CommandRefused, EscalationEnded, NoSuchCase):
        pass  # the case says so already, or writes no letters any more
    except (TemporalUnreachable, WorkersBusy):
        return case_page(replace(typed, problem="later"), 503)
    try:
        await CustomerLinks(backend.database, backend.now).speak(link, shown.form.language)
    except DatabaseUnavailable:
        return case_page(replace(typed, problem="later"), 503)
    if not shown.form.is_typed and not shown.form.was:
        return _done(token, Doing.LANGUAGE)
    was = shown.form.was if shown.form.was in PROBLEMS else ""
    return case_page(replace(typed, language=shown.form.language, problem=was, done=Doing.LANGUAGE))


async def _again(backend: Backend, link: KeptCustomerLink, shown: Shown) -> Shown:
    """The page as the case is now, with what was typed."""
    try:
        now = await _shown(backend, link, here=shown.here)
    except _Closed:
        return shown
    return replace(now, form=shown.form, sent=shown.sent)


async def _opened(request: Request, backend: Backend, token: str) -> KeptCustomerLink:
    """The link with this secret."""
    rates: Rates = request.app.state.rates
    per_link: Rates = request.app.state.link_rates
    try:
        async with guard_of(request).turn(peer_of(request)):
            link = await CustomerLinks(backend.database, backend.now).find(token)
        if link is None:
            # Not before: a link that works is counted by itself, however many others come from the same address.
            rates.take(f"visitor:{peer_of(request)}")
        else:
            per_link.take(link.id)
            view = await Records(backend.database).view(link.leads_to)
            if link.works(view, backend.now(), days=backend.settings.customer_link_days):
                return link
    except TooManyRequests as refusal:
        raise _Closed("slow", 429, refusal.after) from None
    except (DatabaseUnavailable, NotYetRecorded):
        raise _Closed("later", 503, 5) from None
    raise _Closed("gone", 404)


async def _shown(backend: Backend, link: KeptCustomerLink, *, here: str) -> Shown:
    """The case as its customer may see it."""
    records = Records(backend.database)
    try:
        view, happened = await records.view(link.leads_to), await records.events(link.leads_to, READ)
        names = await _names(backend)
    except (DatabaseUnavailable, NotYetRecorded):
        raise _Closed("later", 503, 5) from None
    page = page_of(view, happened, names, await _outlook(backend, link.leads_to), backend.now())
    return Shown(page=page, here=here, language=language_of((link.language, page.language)))


async def _names(backend: Backend) -> Mapping[str, str]:
    # Names of the team by id; who has none in the roster is not named: an id is not for customers.
    team = await Directory(backend.database, backend.now).colleagues()
    return {one.id: one.name for one in team if one.name != one.id}


async def _outlook(backend: Backend, escalation: str) -> SaysWhenNext | None:
    """The next steps of the case; None where no worker says so soon enough."""
    try:
        async with asyncio.timeout(OUTLOOK_SECONDS):
            return await backend.client.outlook(escalation)
    except (StarterError, TemporalUnreachable, TimeoutError):
        return None


async def _form(request: Request) -> Form:
    try:
        raw = await raw_body(request)
    except InvalidBody:
        raise _Closed("later", 408) from None
    if len(raw) > MOST_FORM_BYTES:
        raise _Closed("long", 413)
    return form_in(raw)


def _done(token: str, doing: Doing) -> Response:
    return RedirectResponse(f"../{token}?done={doing}", 303, headers=dict(HEADERS))


def _plain(request: Request, closed: _Closed) -> Response:
    problem, status, after = closed.problem, closed.status, closed.after
    if problem == "gone" and (seconds := guard_of(request).failed(peer_of(request))):
        problem, status, after = "slow", 429, seconds
    log.info("a customer's page was not shown", status=status, peer=peer_of(request))
    return to_repeat(plain_page(problem, status, language_for(request)), after)
