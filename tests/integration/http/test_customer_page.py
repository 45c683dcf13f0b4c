"""From the link in a letter to what the case did with each form: real worker, real mail, real server."""

import asyncio
import re
import secrets
from collections.abc import AsyncIterator, Awaitable, Callable
from email.message import EmailMessage

import httpx2
import pytest
from structlog.testing import capture_logs

from activities.adapters.postgres.customer_links import CustomerLinks
from activities.ports.sending import CustomerLink
from escalation.case import commands
from escalation.case.commands import (
    Acknowledge,
    Cancel,
    Correct,
    Customer,
    OfferOptions,
    Open,
    Option,
    RequestInformation,
    Resolve,
    TellCustomer,
)
from escalation.case.events import Climbed, CustomerReplied, OptionChosen, Reopened
from escalation.roster.members import Member
from escalation.vocabulary import CancelCause, Category, Outcome, Reading, Reason, Severity, Stage
from runtime.embedded.smtp_sink import ReceivedMessage
from runtime.embedded.stack import EmbeddedStack
from runtime.settings import Settings
from starter.http.app import create_app
from starter.http.backend import Backend
from tests.integration.http.conftest import in_process
from tests.integration.http.lived import LivedCase
from tests.integration.http.teams import store_team

pytestmark = pytest.mark.usefixtures("worker")

TEAM = (
    Member(id="ana", name="Ana Ruiz", address="ana@example.com", tiers=(1,)),
    Member(id="olu", name="Olu Ade", address="olu@example.com", tiers=(2,)),
)
OPTIONS = (Option(id="a", title="Your money back", pros="Quick"), Option(id="b", title="A repair", cons="Slow"))
OPENED = "The printer smokes & <script>alert(1)</script>"


@pytest.fixture
async def customer(settings: Settings, backend: Backend) -> AsyncIterator[httpx2.AsyncClient]:
    """A browser, and a team."""
    await store_team(backend, TEAM)
    async with in_process(create_app(settings, backend=backend)) as client:
        yield client


class Case(LivedCase):
    """A case of the test, and its page."""

    def __init__(self, backend: Backend, browser: httpx2.AsyncClient) -> None:
        super().__init__(backend)
        self.browser = browser
        self.path = ""

    async def open(self) -> "Case":
        customer = Customer(
            id=self.ticket, name="Zoë", address=f"{self.ticket}@example.org", language="en", zone="Europe/Berlin"
        )
        request = Open(
            ticket=self.ticket,
            summary="internal summary",
            customer=customer,
            severity=Severity.SEV3,
            category=Category.BILLING,
            reasons=(Reason.SILENCE,),
            by="desk",
            owner="ana",
            customer_words=OPENED,
        )
        await self.backend.client.open(request)
        await self.until(lambda view: view.offered_to == "ana")
        await self.send(Acknowledge(by="ana"))
        self.path = await self.link(customer.address)
        return self

    async def link(self, address: str) -> str:
        """A link as a letter would have it."""
        token = secrets.token_urlsafe(32)
        link = CustomerLink(base="http://escalations.example.com/c", token=token, address=address)
        await CustomerLinks(self.backend.database, self.backend.now).keep(f"escalation-{self.ticket}", "k", link)
        return f"/c/{token}"

    async def send(self, command: commands.SupportCommand) -> None:
        seq = (await self.backend.client.send(self.ticket, command)).seq
        await self.until(lambda view: view.last_seq >= seq)
        await self.recorded()

    async def recorded(self) -> None:
        """Wait for the record, which the page reads."""
        for _look in range(200):
            if (await self.backend.client.status(self.ticket)).unrecorded == 0:
                return
            await asyncio.sleep(0.05)
        raise AssertionError("not recorded")

    async def get(self) -> str:
        answer = await self.browser.get(self.path)
        assert answer.status_code == 200, answer.text
        return answer.text

    async def press(self, doing: str, **fields: str) -> str:
        """Fill in the form as the page has it, press its button, and read what comes next."""
        form = re.search(rf'name="form" value="([^"]*-{doing})"', await self.get())
        data = {"form": form[1] if form else "", **fields}
        answer = await self.browser.post(f"{self.path}/{doing}", data=data)
        assert answer.status_code == 303, answer.text
        assert answer.headers["location"] == f"../{self.path.removeprefix('/c/')}?done={doing}"
        return (await self.browser.get(f"{self.path}?done={doing}")).text


@pytest.fixture
async def case(backend: Backend, customer: httpx2.AsyncClient) -> Case:
    return await Case(backend, customer).open()


async def test_the_link_in_a_letter_opens_the_page_and_scanners_change_nothing(
    stack: EmbeddedStack, case: Case
) -> None:
    await case.send(TellCustomer(by="ana", text="We found a loose cable."))

    def letter() -> ReceivedMessage | None:
        letters = stack.sink.messages_to(f"{case.ticket}@example.org")
        return next((one for one in letters if "loose cable" in str(one.message.get_body(("plain",)))), None)

    await stack.sink.wait_for(lambda _: letter() is not None)
    found = letter()
    assert found is not None
    html, plain = found.message.get_body(("html",)), found.message.get_body(("plain",))
    assert isinstance(html, EmailMessage)
    assert isinstance(plain, EmailMessage)
    address = re.search(r'href="(http://escalations\.example\.com/c/[^"]+)"', html.get_content())
    assert address is not None
    assert f"See your case and answer here: {address[1]}" in plain.get_content()
    async with case.backend.database.connection() as connection:
        kept = await connection.fetch("select body from letters where escalation = $1", f"escalation-{case.ticket}")
    assert not [row for row in kept if address[1] in row["body"]]
    before = (await case.until(lambda _: True)).last_seq
    for _ in range(2):
        assert (await case.browser.head(address[1])).status_code == 200
        page = await case.browser.get(address[1])
    assert (await case.until(lambda _: True)).last_seq == before
    assert "We found a loose cable." in page.text
    assert "Ana Ruiz" in page.text
    assert "You will hear from us by" in page.text
    assert " CET" in page.text


async def test_the_page_is_safe_to_open_anywhere(case: Case) -> None:
    page = await case.browser.get(case.path)
    assert page.headers["cache-control"] == "no-store"
    assert page.headers["referrer-policy"] == "no-referrer"
    assert page.headers["x-robots-tag"] == "noindex, nofollow"
    assert "default-src 'none'" in page.headers["content-security-policy"]
    assert "set-cookie" not in page.headers
    assert "<script" not in page.text
    assert "The printer smokes &amp; &lt;script&gt;" in page.text
    assert [
        one for one in ("internal summary", "SEV3", ">ana<", "ana@example.com", "billing") if one in page.text
    ] == []


async def test_a_question_is_answered_with_files_by_reference(case: Case) -> None:
    await case.send(RequestInformation(by="ana", question="Please say:\n\n- Which printer?\n- Since when?"))
    page = await case.get()
    assert "We need an answer from you" in page
    assert "Which printer?" in page
    fields = {"part": "The blue one", "name-0": "Photo", "url-0": "https://files.example.org/p?a=b", "text": "Help"}
    done = await case.press("answer", **fields)
    assert "Thank you, we have your answer." in done
    assert "You will hear from us by" in done
    (reply,) = await case.did(CustomerReplied)
    assert reply.text == "Which printer?\nThe blue one\n\nHelp\n\nPhoto: https://files.example.org/p?a=b"
    assert (await case.until(lambda _: True)).stage is Stage.WORKING


async def test_an_option_is_chosen_once_however_often_the_button_is_pressed(case: Case) -> None:
    await case.send(OfferOptions(options=OPTIONS, by="ana"))
    page = await case.get()
    form = re.search(r'name="form" value="([^"]*-choose)"', page)
    assert form is not None
    data = {"form": form[1], "option": "b"}
    answers = await asyncio.gather(*(case.browser.post(f"{case.path}/choose", data=data) for _ in range(4)))
    assert {answer.status_code for answer in answers} == {303}
    assert [(one.option, one.by) for one in await case.did(OptionChosen)] == [("b", "customer")]
    assert "You chose: A repair" in await case.get()
    other = await case.browser.post(f"{case.path}/choose", data={"form": "another-form", "option": "zzz"})
    assert other.status_code == 409
    assert "That is no longer possible" in other.text


async def test_a_message_reaches_the_case_once(case: Case) -> None:
    page = await case.get()
    form = re.search(r'name="form" value="([^"]*-write)"', page)
    assert form is not None
    for _ in range(3):
        answer = await case.browser.post(f"{case.path}/write", data={"form": form[1], "text": "It is urgent\r\nnow"})
        assert answer.status_code == 303
    assert [one.text for one in await case.did(CustomerReplied)] == ["It is urgent\nnow"]


async def test_what_is_missing_or_too_long_is_said_kindly_and_what_was_typed_is_kept(case: Case) -> None:
    empty = await case.browser.post(f"{case.path}/write", data={"text": "  "})
    assert (empty.status_code, "Please write something first." in empty.text) == (422, True)
    long = await case.browser.post(f"{case.path}/write", data={"text": "x" * 20_001})
    assert (long.status_code, "x" * 20_001 in long.text) == (422, True)
    huge = await case.browser.post(f"{case.path}/write", data={"text": "x" * 400_000})
    assert huge.status_code == 413
    wrong = await case.browser.post(f"{case.path}/write", data={"text": "See", "name-0": "P", "url-0": "file:///x"})
    assert (wrong.status_code, 'value="file:///x"' in wrong.text) == (422, True)
    for doing in ("nothing", "WRITE", "%00"):
        assert (await case.browser.post(f"{case.path}/{doing}", data={"text": "x"})).status_code == 404
    assert await case.did(CustomerReplied) == []


async def test_who_asks_for_a_person_in_charge_gets_one(case: Case) -> None:
    done = await case.press("in_charge", text="Third time I ask")
    assert "A person with more authority will look at your case." in done
    assert len(await case.did(Climbed)) == 1
    (reply,) = await case.did(CustomerReplied)
    assert reply.text == "I would like to speak to a person in charge.\n\nThird time I ask"


async def test_the_language_changes_for_good_and_for_the_letters(case: Case) -> None:
    done = await case.press("language", language="de")
    assert 'lang="de"' in done
    assert "Diese Seite ist jetzt auf Deutsch" in done
    assert (await case.until(lambda _: True)).customer.language == "de"
    assert "Wir arbeiten an Ihrem Anliegen" in await case.get()
    bad = await case.browser.post(f"{case.path}/language", data={"language": "xx"})
    assert bad.status_code == 422


async def test_the_language_changes_and_what_was_typed_stays(case: Case) -> None:
    form = {"form": "a-form-write", "text": "It still smokes", "url-0": "nowhere", "was": "file", "language": "de"}
    page = (await case.browser.post(f"{case.path}/language", data=form)).text
    assert 'lang="de"' in page
    assert "It still smokes</textarea>" in page
    assert 'value="nowhere"' in page
    assert "Einer der Links zu Ihren Dateien" in page
    assert await case.did(CustomerReplied) == []


@pytest.fixture
async def resolved(case: Case) -> Case:
    await case.send(Resolve(by="ana", outcome=Outcome.SOLVED, solution="A new cable."))
    return case


async def test_the_solution_is_confirmed(resolved: Case) -> None:
    page = await resolved.get()
    assert "We believe your problem is solved" in page
    assert "A new cable." in page
    assert "Thank you for telling us." in await resolved.press("confirm", text="Great work")
    (reply,) = await resolved.did(CustomerReplied)
    assert (reply.text, reply.reading) == ("It works.\n\nGreat work", Reading.CONFIRMATION)


async def test_the_solution_is_rejected_and_the_case_goes_on(resolved: Case) -> None:
    done = await resolved.press("object", text="It smokes again")
    assert "will work on your case again" in done
    (again,) = await resolved.did(Reopened)
    assert (again.by, again.why) == ("customer", "It smokes again")
    assert "because you wrote:" in done


async def test_a_rating_that_no_one_asked_for_any_more_is_refused_kindly(resolved: Case) -> None:
    answer = await resolved.browser.post(f"{resolved.path}/rate", data={"score": "2", "text": "So <slow>"})
    assert answer.status_code == 409
    assert "What you typed is still below" in answer.text
    assert "So &lt;slow&gt;" in answer.text


async def test_a_later_life_of_the_ticket_is_behind_the_same_link_for_the_same_customer_only(case: Case) -> None:
    await case.send(Cancel(by="ana", cause=CancelCause.WITHDRAWN))
    assert "We have stopped working on this case" in await case.get()
    done = await case.press("write", text="I still need help, nothing works")
    assert "Thank you, we have your message." in done
    view = await case.until(lambda view: view.life == 2)
    assert view.stage is not Stage.CANCELLED
    assert "We have stopped working" not in done


async def moved(case: Case) -> None:
    await case.send(Correct(by="ana", customer_address="someone.else@example.org"))


async def revoked(case: Case) -> None:
    links = CustomerLinks(case.backend.database, case.backend.now)
    assert await links.revoke(ticket=case.ticket) >= 1


async def ended(case: Case) -> None:
    await case.send(Cancel(by="ana", cause=CancelCause.WITHDRAWN))


async def unknown(case: Case) -> None:
    case.path = f"/c/{'a' * 43}"


async def cut(case: Case) -> None:
    case.path = case.path[:-3]


@pytest.mark.parametrize(("end", "days"), [(moved, 30), (revoked, 30), (ended, 0), (unknown, 30), (cut, 30)])
async def test_a_link_that_opens_nothing_does_not_say_whether_there_is_a_case(
    case: Case, end: Callable[[Case], Awaitable[None]], days: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(case.backend.settings.__dict__, "customer_link_days", days)
    await end(case)
    answers = [await case.browser.get(case.path), await case.browser.post(f"{case.path}/write", data={"text": "x"})]
    assert {(one.status_code, one.text) for one in answers} == {(404, answers[0].text)}
    assert "This link does not work" in answers[0].text
    assert case.ticket not in answers[0].text
    german = await case.browser.get(case.path, headers={"accept-language": "de-AT,de;q=0.9"})
    assert "Dieser Link funktioniert nicht" in german.text


async def test_who_guesses_links_is_slowed_down_and_so_is_who_uses_one_too_often(case: Case) -> None:
    answers = [await case.browser.get(f"/c/{secrets.token_urlsafe(32)}") for _ in range(12)]
    assert (answers[0].status_code, answers[-1].status_code) == (404, 429)
    assert "retry-after" in answers[-1].headers
    # One more flows in each second, so a slow machine is let in a few times more.
    statuses = [200]
    while statuses[-1] == 200 and len(statuses) < 600:
        statuses.append((await case.browser.head(case.path)).status_code)
    assert statuses[-1] == 429
    assert len(statuses) > 60


async def test_a_form_of_another_site_does_nothing(case: Case) -> None:
    for headers in ({"sec-fetch-site": "cross-site"}, {"origin": "https://evil.example"}):
        answer = await case.browser.post(f"{case.path}/write", data={"text": "x"}, headers=headers)
        assert answer.status_code == 403
    assert await case.did(CustomerReplied) == []


async def test_the_secret_is_in_no_log_and_no_metric(case: Case) -> None:
    with capture_logs() as lines:
        for address in (case.path, f"{case.path}x", f"{case.path}/write", f"{case.path}/nothing"):
            await case.browser.get(address)
            await case.browser.post(address, data={"text": "x"})
    assert lines
    counted = (await case.browser.get("/metrics")).text
    assert 'route="/c/{token}/{doing}"' in counted
    assert case.path.removeprefix("/c/") not in f"{lines}{counted}"


async def test_a_page_is_shown_without_times_while_no_worker_answers(
    case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def silent(_: str) -> None:
        raise TimeoutError

    monkeypatch.setattr(case.backend.client, "outlook", silent)
    page = await case.get()
    assert "We are working on your case" in page
    assert "You will hear from us by" not in page
