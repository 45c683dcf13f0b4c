"""From a letter with a link to what the case did: real worker, real mail, real server."""

import asyncio
import re
import secrets
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import replace
from datetime import timedelta
from email.message import EmailMessage

import httpx2
import pytest
from fastapi import FastAPI
from structlog.testing import capture_logs

from activities.adapters.postgres.links import Links
from activities.adapters.postgres.records import Records
from activities.ports.sending import ActionLink
from escalation.case.commands import Cancel, Consult, Customer, MakePromise, Open, Reassign, RequestApproval
from escalation.case.events import (
    Acknowledged,
    ApprovalGranted,
    ConsultAnswered,
    CustomerTold,
    Declined,
    Noted,
    PromiseKept,
)
from escalation.lifecycle.asking import Act, Ask, Subject
from escalation.roster.members import Member
from escalation.vocabulary import ApprovalKind, CancelCause, Category, Reason, Severity, Stage
from runtime.embedded.smtp_sink import ReceivedMessage
from runtime.embedded.stack import EmbeddedStack
from runtime.settings import Settings
from starter.http.app import create_app
from starter.http.backend import Backend
from starter.http.recorded import until_recorded
from tests.integration.http.conftest import in_process
from tests.integration.http.lived import LivedCase
from tests.integration.http.teams import store_team

pytestmark = pytest.mark.usefixtures("worker")

TEAM = (
    Member(id="ana", name="Ana Ruiz", address="ana@example.com", tiers=(1, 2), skills=("billing", "lead")),
    Member(id="ben", name="Ben Okoro", address="ben@example.com", tiers=(1,), authority=100_000),
    Member(id="uwe", name="Uwe Groß", address="uwe@example.com", language="de"),
    Member(id="left", name="Lea", address="lea@example.com", active=False),
)


@pytest.fixture
async def person(settings: Settings, backend: Backend) -> AsyncIterator[httpx2.AsyncClient]:
    """A browser, and a team."""
    await store_team(backend, TEAM)
    app: FastAPI = create_app(settings, backend=backend)
    async with in_process(app) as client:
        yield client


class Case(LivedCase):
    """A case that was opened for the test."""

    async def open(self, owner: str) -> "Case":
        customer = Customer(id=self.ticket, name="Zoë <b>Müller</b>", address="zoe@example.org")
        request = Open(
            ticket=self.ticket,
            summary="The printer smokes & <script>alert(1)</script>",
            customer=customer,
            severity=Severity.SEV3,
            category=Category.BILLING,
            reasons=(Reason.SILENCE,),
            by="desk",
            owner=owner,
        )
        await self.backend.client.open(request)
        view = await self.until(lambda view: owner in (view.offered_to, view.owner))
        await until_recorded(Records(self.backend.database), f"escalation-{self.ticket}", view.last_seq)
        return self  # pages show what is recorded

    async def link(self, person: str, ask: Ask, key: str = "") -> str:
        """A link as a letter would have it."""
        token = secrets.token_urlsafe(32)
        until = self.backend.now() + timedelta(days=1)
        link = ActionLink(base="http://escalations.example.com/act", token=token, ask=ask, expires_at=until)
        links = Links(self.backend.database, self.backend.now)
        await links.keep(f"escalation-{self.ticket}", key or token[:8], person, link)
        return f"/act/{token}"


OFFER = Ask(subject=Subject.OFFER, number=1, acts=(Act.ACKNOWLEDGE, Act.DECLINE))
OWNER = Ask(subject=Subject.CASE, acts=(Act.REPLY, Act.NOTE))


@pytest.fixture
async def offered(backend: Backend, person: httpx2.AsyncClient) -> Case:  # noqa: ARG001 (the team)
    return await Case(backend).open("ana")


@pytest.fixture
async def working(offered: Case, person: httpx2.AsyncClient) -> Case:
    """A case that Ana has."""
    answer = await person.post(f"{await offered.link('ana', OFFER)}/acknowledge")
    assert answer.status_code == 303
    return offered


async def test_an_offer_in_the_mail_is_accepted_by_its_button(
    stack: EmbeddedStack, person: httpx2.AsyncClient, offered: Case
) -> None:
    def offer() -> ReceivedMessage | None:
        letters = stack.sink.messages_to("ana@example.com")
        return next((one for one in letters if offered.ticket in str(one.message["Subject"])), None)

    await stack.sink.wait_for(lambda _: offer() is not None)
    found = offer()
    assert found is not None
    html = found.message.get_body(("html",))
    assert isinstance(html, EmailMessage)
    address = re.search(r'href="(http://escalations\.example\.com/act/[^"]+/acknowledge)"', html.get_content())
    assert address is not None

    # What a mail scanner does first.
    for _ in range(3):
        assert (await person.head(address[1])).status_code == 200
        assert (await person.get(address[1])).status_code == 200
    assert (await offered.until(lambda _: True)).stage is Stage.OFFERED

    done = await person.post(address[1], follow_redirects=True)
    assert done.status_code == 200
    assert "You have accepted this case. It is yours now." in done.text
    assert '<dd dir="auto">Ana Ruiz</dd>' in done.text
    assert [event.person for event in await offered.did(Acknowledged)] == ["ana"]

    again = await person.post(address[1], follow_redirects=True)
    assert "You have accepted this case. It is yours now." in again.text
    other = await person.post(address[1].replace("/acknowledge", "/decline"), data={"text": "no"})
    assert other.status_code == 409
    assert (await offered.until(lambda _: True)).owner == "ana"


async def test_a_page_is_safe_to_show_to_anyone_who_looks_over_the_shoulder(
    person: httpx2.AsyncClient, offered: Case
) -> None:
    page = await person.get(await offered.link("ana", OFFER))
    assert page.headers["cache-control"] == "no-store"
    assert page.headers["referrer-policy"] == "no-referrer"
    assert page.headers["x-robots-tag"] == "noindex, nofollow"
    policy = page.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "set-cookie" not in page.headers
    assert "<script" not in page.text
    assert "The printer smokes &amp; &lt;script&gt;" in page.text
    assert "http" not in re.sub(r'charset="utf-8"', "", page.text).replace("http-equiv", "")


async def test_two_presses_at_once_do_it_once(person: httpx2.AsyncClient, offered: Case) -> None:
    link = await offered.link("ana", OFFER)
    answers = await asyncio.gather(*(person.post(f"{link}/acknowledge") for _ in range(4)))
    assert {answer.status_code for answer in answers} <= {303, 409}
    assert 303 in {answer.status_code for answer in answers}
    assert len(await offered.did(Acknowledged)) == 1


async def test_declining_needs_a_reason_and_the_next_person_is_asked(person: httpx2.AsyncClient, offered: Case) -> None:
    link = await offered.link("ana", OFFER)
    asked = await until_shown(lambda: person.get(link), "Please answer by")
    assert "Next deadline" in asked.text
    empty = await person.post(f"{link}/decline", data={"text": " \r\n "})
    assert empty.status_code == 422
    assert "Please write something first." in empty.text
    long = await person.post(f"{link}/decline", data={"text": "x" * 2_001})
    assert "This text is too long" in long.text
    assert "x" * 2_001 in long.text
    done = await person.post(f"{link}/decline", data={"text": "On leave"}, follow_redirects=True)
    assert "You have declined this case." in done.text
    declined = await offered.did(Declined)
    assert [(event.person, event.why) for event in declined] == [("ana", "On leave")]


async def test_a_link_that_events_overtook_says_what_happened_and_who_has_the_case(
    backend: Backend, person: httpx2.AsyncClient, working: Case
) -> None:
    link = await working.link("ana", OFFER, key="overtaken")
    await backend.client.send(working.ticket, Reassign(by="ana", to="ben", why="knows it"))
    await working.until(lambda view: view.offered_to == "ben")
    page = await until_shown(lambda: person.get(link), "Ben Okoro")
    assert "You accepted this case earlier. It has moved on since." in page.text
    assert "<form" not in page.text
    late = await person.post(f"{link}/acknowledge")
    assert (late.status_code, "<form" in late.text) == (409, False)


async def until_shown(ask: Callable[[], Awaitable[httpx2.Response]], text: str) -> httpx2.Response:
    for _ in range(100):
        answer = await ask()
        if text in answer.text:
            return answer
        await asyncio.sleep(0.05)
    raise AssertionError(answer.text)


async def test_a_case_that_is_over_takes_nothing_more_by_a_link(
    backend: Backend, person: httpx2.AsyncClient, working: Case
) -> None:
    link = await working.link("ana", OWNER)
    await backend.client.send(working.ticket, Cancel(by="ana", cause=CancelCause.WITHDRAWN))
    page = await until_shown(lambda: person.get(link), "This case has ended.")
    assert "cancelled" in page.text
    late = await person.post(f"{link}/note", data={"text": "too late"})
    assert late.status_code == 409


async def test_the_owner_writes_to_the_customer_in_their_own_name(person: httpx2.AsyncClient, working: Case) -> None:
    link = await working.link("ana", OWNER)
    done = await person.post(f"{link}/reply", data={"text": "We are on it — €50 back."}, follow_redirects=True)
    assert "Your letter to the customer is on its way." in done.text
    told = await working.did(CustomerTold)
    assert [(event.by, event.text) for event in told] == [("ana", "We are on it — €50 back.")]


async def test_a_letter_by_a_link_keeps_a_promise_or_gives_a_new_time(
    person: httpx2.AsyncClient, backend: Backend, working: Case
) -> None:
    eta = backend.now() + timedelta(hours=2)
    await backend.client.send(working.ticket, MakePromise(by="ana", what="the new invoice", at=eta))
    await working.until(lambda view: view.promise == "the new invoice")
    link = await working.link("ana", OWNER)
    asked = await person.get(f"{link}/reply")
    assert "the new invoice" in asked.text
    for late, said in (("tomorrow", "as a date and a time"), ("2020-01-01T10:00", "cannot be promised")):
        typed = {"text": "It takes longer.", "next_step": "the new invoice", "next_by": late, "replaces": "yes"}
        again = await person.post(f"{link}/reply", data=typed)
        assert (again.status_code, "It takes longer." in again.text) == (422, True)
        assert said in again.text
    await person.post(f"{link}/reply", data={"text": "Here it is.", "keeps": "yes"})
    assert len(await working.did(PromiseKept)) == 1


async def test_advice_and_approvals_are_given_by_whom_they_were_asked_of(
    backend: Backend, person: httpx2.AsyncClient, working: Case
) -> None:
    await backend.client.send(working.ticket, Consult(by="ana", to="uwe", question="Seen this <before>?"))
    link = await working.link("uwe", Ask(subject=Subject.CONSULT, number=1, acts=(Act.ANSWER,)))
    page = await until_shown(lambda: person.get(link), "Seen this &lt;before&gt;?")
    assert 'lang="de"' in page.text
    assert "Ihr Rat" in page.text
    await person.post(f"{link}/answer", data={"text": "Neu starten"})
    advice = await working.did(ConsultAnswered)
    assert [(event.by, event.answer) for event in advice] == [("uwe", "Neu starten")]

    refund = RequestApproval(what=ApprovalKind.REFUND, amount=5_000_000, by="ana", why="charged twice")
    await backend.client.send(working.ticket, refund)
    view = await working.until(lambda view: view.approval is not None and view.approval.approver != "")
    assert view.approval is not None
    await store_team(backend, [Member(id=view.approval.approver, name="Olu", address="o@example.com")])
    ask = Ask(subject=Subject.APPROVAL, number=1, acts=(Act.APPROVE, Act.REFUSE))
    link = await working.link(view.approval.approver, ask)
    page = await until_shown(lambda: person.get(link), "charged twice")
    assert "refund of €5,000,000.00" in page.text
    await person.post(f"{link}/approve", data={"tell_customer": "yes"})
    granted = await working.did(ApprovalGranted)
    assert [event.by for event in granted] == [view.approval.approver]


async def test_taking_over_makes_the_case_theirs(person: httpx2.AsyncClient, working: Case) -> None:
    link = await working.link("ben", Ask(subject=Subject.CASE, acts=(Act.TAKE_OVER,)))
    done = await person.post(f"{link}/take_over", follow_redirects=True)
    assert "You have taken this case over. It is yours now." in done.text
    assert (await working.until(lambda view: view.owner == "ben")).stage is Stage.WORKING


@pytest.mark.parametrize("change", ["expired", "revoked", "left", "unknown", "cut"])
async def test_a_link_that_has_ended_shows_nothing_of_the_case(
    backend: Backend, person: httpx2.AsyncClient, offered: Case, change: str
) -> None:
    link = await offered.link("left" if change == "left" else "ana", OFFER)
    if change == "expired":
        async with backend.database.connection() as connection:
            await connection.execute("update action_links set expires_at = now() - interval '1 minute'")
    if change == "revoked":
        assert await Links(backend.database, backend.now).revoke(ticket=offered.ticket) >= 1
    address = {"unknown": f"/act/{'a' * 43}", "cut": link[:-3]}.get(change, link)
    for answer in (await person.get(address), await person.post(f"{address}/acknowledge")):
        assert answer.status_code in (404, 410)
        assert "This link does not work" in answer.text
        assert offered.ticket not in answer.text
    assert (await offered.until(lambda _: True)).stage is Stage.OFFERED
    german = await person.get(address, headers={"accept-language": "de-AT,de;q=0.9"})
    assert "Dieser Link funktioniert nicht" in german.text


async def test_a_form_of_another_site_does_nothing(person: httpx2.AsyncClient, offered: Case) -> None:
    link = await offered.link("ana", OFFER)
    answer = await person.post(f"{link}/acknowledge", headers={"sec-fetch-site": "cross-site"})
    assert answer.status_code == 403
    assert (await offered.until(lambda _: True)).stage is Stage.OFFERED


async def test_what_is_logged_does_not_have_the_secret(person: httpx2.AsyncClient, offered: Case) -> None:
    link = await offered.link("ana", OFFER)
    with capture_logs() as lines:
        for address in (link, f"{link}x", f"{link}/acknowledge", f"{link}/nothing"):
            await person.get(address)
            await person.post(address)
        await person.post(f"{link}/acknowledge", data={"text": "x"})
    assert lines
    assert link.removeprefix("/act/") not in str(lines)


async def test_an_act_that_the_link_does_not_have_is_not_done(person: httpx2.AsyncClient, working: Case) -> None:
    link = await working.link("ana", replace(OWNER, acts=(Act.NOTE,)))
    for act in ("reply", "take_over", "nothing", "DONE", "%00"):
        answer = await person.post(f"{link}/{act}", data={"text": "x"})
        assert answer.status_code in (404, 409)
    assert (await person.post(f"{link}/note", data={"text": "a note"})).status_code == 303
    assert [event.text for event in await working.did(Noted)] == ["a note"]
