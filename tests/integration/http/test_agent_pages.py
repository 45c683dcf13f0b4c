"""The agent's pages on the real stack: the queue, a case on one screen, and what its forms do."""

import asyncio
import re
import secrets
from collections.abc import AsyncIterator, Iterable
from dataclasses import replace
from datetime import timedelta
from html import unescape
from typing import Any
from zoneinfo import ZoneInfo

import httpx2
import pytest

from activities.adapters.postgres.api_keys import ApiKey, ApiKeys
from activities.adapters.postgres.sessions import LoginLink, Sessions
from activities.adapters.postgres.tasks import Desk, SentLetter
from escalation.case.commands import Acknowledge, Customer, Open, RecordCustomerReply
from escalation.roster.members import Member
from escalation.vocabulary import Category, Reason, Severity, Stage
from runtime.settings import Settings
from starter.errors import WorkersBusy
from starter.http.access.keys import Keys, new_id
from starter.http.app import create_app
from starter.http.backend import Backend
from tests.integration.http.conftest import in_process
from tests.integration.http.teams import store_team

pytestmark = pytest.mark.usefixtures("worker")

TEAM = (
    Member(id="ana", name="Ana Ruiz", address="ana@example.com", tiers=(1, 2), zone="Europe/Madrid"),
    Member(id="uwe", name="Uwe Groß", address="uwe@example.com", tiers=(1,), language="de", zone="Europe/Berlin"),
    Member(id="lea", name="Lea Moreau", address="lea@example.com", tiers=(2, 3), authority=100_000),
)


@pytest.fixture
async def browser(settings: Settings, backend: Backend) -> AsyncIterator[httpx2.AsyncClient]:
    await store_team(backend, TEAM)
    async with in_process(create_app(settings, backend=backend)) as client:
        yield client


async def log_in(browser: httpx2.AsyncClient, backend: Backend, person: str, role: str = "agent") -> None:
    token = secrets.token_urlsafe(32)
    await Sessions(backend.database, backend.now).keep_link(token, LoginLink(person=person, role=role))
    assert (await browser.post(f"/login/link/{token}")).status_code == 303


def vars_of(view: Any, names: Iterable[str]) -> set[tuple[str, Any]]:
    return {(name, getattr(view, name)) for name in names}


class Case:
    """A case of the test, and its page in a browser."""

    def __init__(self, backend: Backend, browser: httpx2.AsyncClient) -> None:
        self.backend, self.browser, self.ticket = backend, browser, secrets.token_hex(6)
        self.address = f"/agent/cases/{self.ticket}"

    async def open(self, owner: str, *, accepted: bool = True) -> "Case":
        customer = Customer(id=self.ticket, name="Zoë <b>Müller</b>", address="zoe@example.org", language="de")
        request = Open(
            ticket=self.ticket,
            summary="The printer smokes & <script>alert(1)</script>",
            customer=customer,
            severity=Severity.SEV3,
            category=Category.TECHNICAL,
            reasons=(Reason.SILENCE,),
            by="desk",
            owner=owner,
            customer_words="Niemand antwortet mir!",
        )
        await self.backend.client.open(request)
        await self.until(offered_to=owner)
        if accepted:
            await self.backend.client.send(self.ticket, Acknowledge(by=owner, packet_read=True))
        return self

    async def until(self, **wanted: Any) -> None:
        async with asyncio.timeout(20):
            while wanted.items() - vars_of(await self.view(), wanted):  # noqa: ASYNC110
                await asyncio.sleep(0.05)

    async def view(self) -> Any:
        return (await self.backend.client.status(self.ticket)).view

    async def page(self, query: str = "") -> str:
        answer = await self.browser.get(f"{self.address}{query}")
        assert answer.status_code == 200
        return answer.text

    async def send(self, kind: str, **fields: str) -> httpx2.Response:
        """What a browser sends with a form of the page as it is now."""
        page = await self.page()
        hidden = {name: re.findall(f'name="{name}" value="([^"]+)"', page)[-1] for name in ("token", "id")}
        return await self.post(kind, hidden | fields)

    async def post(self, kind: str, fields: dict[str, str], **headers: str) -> httpx2.Response:
        return await self.browser.post(f"{self.address}/{kind}", data=fields, headers=headers)

    async def letters(self) -> tuple[SentLetter, ...]:
        return await Desk(self.backend.database).letters(self.ticket)

    async def did(self, kind: str) -> list[Any]:
        return [event for event in await self.backend.client.timeline(self.ticket) if event.kind == kind]


@pytest.fixture
async def case(backend: Backend, browser: httpx2.AsyncClient) -> Case:
    """A case that Ana has, with Ana logged in."""
    await log_in(browser, backend, "ana")
    return await Case(backend, browser).open("ana")


async def test_a_whole_life_by_forms_and_the_timeline_names_who_was_logged_in(
    backend: Backend, browser: httpx2.AsyncClient
) -> None:
    await log_in(browser, backend, "ana")
    case = await Case(backend, browser).open("ana", accepted=False)
    later = f"{backend.now() + timedelta(days=1):%Y-%m-%dT%H:%M}"
    life: list[tuple[str, dict[str, str], str]] = [
        ("acknowledge", {"packet_read": "1"}, "acknowledged"),
        ("note", {"text": "Looked at the log", "tried": "restarted it"}, "noted"),
        (
            "tell_customer",
            {"text": "Wir haben den Fehler gefunden.", "next_step": "Wir tauschen", "next_by": later},
            "promised",
        ),
        ("withdraw", {"what": "promise", "explanation": "Das Teil kommt später."}, "withdrawn"),
        ("promise", {"what": "Ein neues Gerät", "at": later}, "promised"),
        ("request_information", {"question": "Welches Modell haben Sie?"}, "information_requested"),
        ("customer_replied", {"text": "Das große."}, "customer_replied"),
        ("offer_options", {"options.1.title": "Tausch", "options.2.title": "Geld", "default": "2"}, "options_offered"),
        ("choose", {"option": "1"}, "option_chosen"),
        ("consult", {"to": "uwe", "question": "Is it in stock?"}, "consulted"),
        ("answer_consult", {"answer": "Yes, three of them."}, "consult_answered"),
        ("pause", {"why": "the carrier delivers"}, "paused"),
        ("resume", {}, "resumed"),
        ("change_frustration", {"level": "3"}, "frustration_changed"),
        ("change_severity", {"severity": "SEV2", "why": "the whole office waits"}, "severity_changed"),
        ("correct", {"summary": "The printer burns", "why": "the customer said so"}, "corrected"),
        ("hold_updates", {"until": later, "why": "they asked for quiet"}, "updates_held"),
        ("resolve", {"outcome": "solved", "solution": "Das neue Gerät ist da.", "promise": "kept"}, "resolved"),
        ("submit_review", {"root_cause": "dust", "prevention": "clean it", "calmed": "yes"}, "reviewed"),
        ("agree_action", {"owner": "uwe", "what": "Order filters", "due_by": later}, "action_agreed"),
        ("complete_action", {"number": "1"}, "action_completed"),
    ]
    for kind, fields, event in life:
        answer = await case.send(kind, **fields)
        assert answer.status_code in (200, 303), f"{kind}: {re.findall('role=.alert.*?</div>', answer.text, re.DOTALL)}"
        found = (await case.did(event))[-1]
        assert getattr(found, "by", "ana") in ("ana", "customer"), kind
    assert "Done: An action is done." in await case.page("?done=complete_action")


async def test_the_queue_shows_what_is_theirs_with_the_time_that_is_left(case: Case) -> None:
    page = (await case.browser.get("/agent")).text
    assert f'href="/agent/cases/escalation-{case.ticket}"' in page
    assert "<strong>Yours</strong>, being worked on" in page
    assert re.search(r'<time datetime="[^"]+" class="left"[^>]*>in \d', page)
    to_case = await case.browser.get("/agent", params={"ticket": f" {case.ticket} "})
    assert to_case.headers["location"] == case.address


async def test_one_screen_has_the_concern_the_deadlines_the_letters_and_the_story(case: Case) -> None:
    await case.send("tell_customer", text="Guten Tag, wir prüfen das.")
    page = unescape(await case.page())
    for shown in ("Niemand antwortet mir!", "Update to the customer", "Ana Ruiz took it", "Times are in Europe/Madrid"):
        assert shown in page
    assert "Acknowledge ended: acknowledged" not in page
    assert "Acknowledge ended: acknowledged" in await case.page("?all=1")


async def test_what_people_wrote_cannot_become_part_of_the_page(case: Case) -> None:
    await case.send("note", text="<img src=x onerror=alert(1)>")
    page = await case.page()
    assert "<script>alert" not in page
    assert "<img" not in page
    assert "&lt;script&gt;" in page
    assert "script-src 'sha256-" in (await case.browser.get(case.address)).headers["content-security-policy"]


async def test_the_whole_of_a_long_text_is_one_link_away(case: Case) -> None:
    log = "\n".join(f"line {number} <b>" for number in range(3_000))
    assert (await case.send("note", text=log)).status_code == 303
    (link,) = set(re.findall(rf'href="(/agent/cases/escalation-{case.ticket}/texts/[0-9a-f]+)"', await case.page()))
    assert log in unescape((await case.browser.get(link)).text)
    assert (await case.browser.get(f"{case.address}/texts/{'0' * 64}")).status_code == 404


async def test_looking_changes_nothing(case: Case) -> None:
    before = (await case.view()).last_seq
    for path in (case.address, f"{case.address}?all=1&done=resolve", f"{case.address}/resolve", "/agent"):
        await case.browser.get(path)
    assert (await case.view()).last_seq == before


async def test_every_unanswered_message_is_on_the_screen_until_a_person_answers(case: Case) -> None:
    for text in ("Wann kommt es?", "Hallo?"):
        await case.backend.client.send(case.ticket, RecordCustomerReply(text=text))
    page = await case.page()
    assert "2 messages have no answer yet" in page
    assert page.index("Wann kommt es?") < page.index("Hallo?")
    await case.send("tell_customer", text="Morgen.")
    assert "<strong>2 messages" not in await case.page()


async def test_a_lead_takes_a_cancellation_back_by_a_form(case: Case) -> None:
    await log_in(case.browser, case.backend, "lea", "lead")
    assert "undo_cancel" not in await case.page()
    assert (await case.send("cancel", cause="withdrawn", why="a mistake")).status_code == 303
    answer = await case.send("undo_cancel", why="the wrong ticket")
    assert answer.status_code == 303, re.findall("role=.alert.*?</div>", answer.text, re.DOTALL)
    assert (answer.status_code, answer.headers["location"]) == (303, f"{case.address}?done=undo_cancel")
    assert "Done: Take the cancellation back" in await case.page("?done=undo_cancel")
    await case.until(offered_to="ana", stage=Stage.OFFERED)


async def test_browsers_get_an_icon(case: Case) -> None:
    assert 'rel="icon" href="/favicon.ico"' in await case.page()
    answer = await case.browser.get("/favicon.ico")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "image/svg+xml")


async def test_a_warning_about_the_wording_keeps_the_text_and_can_be_overruled(case: Case) -> None:
    rude = {"text": "That is your fault.", "next_step": "You wait"}
    answer = await case.send("tell_customer", **rude)
    assert answer.status_code == 422
    assert "“your fault”" in unescape(answer.text)
    assert "That is your fault.</textarea>" in answer.text
    assert 'name="anyway"' in answer.text
    assert await case.did("customer_told") == []
    assert (await case.send("tell_customer", anyway="1", **rude)).status_code == 303
    assert (await case.did("wording_overridden"))[0].by == "ana"


PREVIEWED = {
    "tell_customer": {
        "text": "Wir <b>tauschen</b> den Drucker.",
        "next_step": "Der Drucker kommt",
        "next_by": "{soon}",
    },
    "request_information": {"question": "Welcher Drucker ist es? " + "Bitte genau. " * 400},
    "offer_options": {"options.1.title": "Geld zurück", "options.1.pros": "Sofort", "options.2.title": "Reparatur"},
    "promise": {"what": "Ein neuer Drucker", "at": "{soon}"},
    "resolve": {
        "outcome": "solved",
        "solution": "Ein neues Kabel.",
        "items.1.what": "Kabel",
        "items.1.amount": "-4,50",
    },
}
"""Forms with words for the customer."""


@pytest.mark.parametrize("kind", PREVIEWED)
async def test_the_preview_is_the_letter_that_goes_out_and_sends_nothing(
    settings: Settings, backend: Backend, kind: str
) -> None:
    await store_team(backend, TEAM)
    linking = backend.settings.model_copy(update={"public_url": "http://escalations.example.com"})
    async with in_process(create_app(settings, backend=replace(backend, settings=linking))) as looking:
        await log_in(looking, backend, "ana")
        case = await Case(backend, looking).open("ana")
        soon = f"{(backend.now() + timedelta(hours=1)).astimezone(ZoneInfo('Europe/Madrid')):%Y-%m-%dT%H:%M}"
        fields = {name: text.replace("{soon}", soon) for name, text in PREVIEWED[kind].items()}
        events = len(await backend.client.timeline(case.ticket))
        page = (await case.send(kind, preview="1", **fields)).text
        (shown,) = re.findall(r'<p class="quote" dir="auto" lang="de">([^<]*)</p>\n</section>', page)
        assert all(text in unescape(page).replace(unescape(shown), "") for text in fields.values()), (
            "it keeps what was typed"
        )
        assert len(await backend.client.timeline(case.ticket)) == events
        assert (await case.send(kind, **fields)).status_code == 303
        async with asyncio.timeout(20):
            while not (  # noqa: ASYNC110
                sent := [
                    one.body for one in await case.letters() if at_no_time(one.body) == at_no_time(unescape(shown))
                ]
            ):
                await asyncio.sleep(0.05)
    assert len(sent) == 1


def at_no_time(letter: str) -> str:
    """A letter without its times: a moment passes between a look at it and its sending."""
    return re.sub(r"\w+, \d+\. \w+ \d{4},? (um )?\d\d:\d\d", "TIME", letter).strip()


async def test_a_preview_meets_the_refusal_that_the_letter_would_meet(case: Case) -> None:
    answer = await case.send("tell_customer", preview="1", text="Das ist Ihre Schuld.")
    assert answer.status_code == 422
    assert "“Ihre Schuld”" in unescape(answer.text) or "„Ihre Schuld“" in unescape(answer.text)
    insisted = (await case.send("tell_customer", preview="1", anyway="1", text="Das ist Ihre Schuld.")).text
    assert 'name="anyway" value="1" checked' in insisted
    assert await case.did("customer_told") == []


async def test_a_form_that_is_not_filled_in_says_so_beside_each_field(case: Case) -> None:
    answer = await case.send("resolve", outcome="", solution=" ", root_cause="dust")
    assert answer.status_code == 422
    assert answer.text.count("Please fill this in.") == 2
    assert re.search(r'id="resolve-outcome"[^>]*aria-invalid="true"[^>]*autofocus', answer.text)
    assert "dust</textarea>" in answer.text
    assert answer.text.count("autofocus") == 1


async def test_a_refusal_of_the_case_calls_fields_by_their_labels_and_points_at_them(case: Case) -> None:
    answer = await case.send("promise", what="a call", at="2026-01-01T10:00")
    assert answer.status_code == 409
    assert "“Until when”" in unescape(answer.text)
    assert re.search(r'id="promise-at"[^>]*aria-invalid="true"', answer.text)
    assert 'value="a call"' in answer.text or ">\na call</textarea>" in answer.text


async def test_pressing_a_button_twice_does_nothing_twice(case: Case) -> None:
    page = await case.page()
    form = {name: re.findall(f'name="{name}" value="([^"]+)"', page)[-1] for name in ("token", "id")} | {"text": "seen"}
    answers = await asyncio.gather(case.post("note", form), case.post("note", form))
    assert [answer.status_code for answer in answers] == [303, 303]
    assert len(await case.did("noted")) == 1
    assert (await case.post("note", form | {"text": "something else"})).status_code == 303
    assert len(await case.did("noted")) == 2


async def test_a_form_that_events_overtook_keeps_what_was_typed(case: Case) -> None:
    page = await case.page()
    hidden = {name: re.findall(f'name="{name}" value="([^"]+)"', page)[-1] for name in ("token", "id")}
    await case.send("resolve", outcome="solved", solution="Repariert.")
    answer = await case.post("promise", hidden | {"what": "a call tomorrow", "at": "2027-01-01T10:00"})
    assert answer.status_code == 409
    assert "The case has moved on since you opened this page: resolved" in answer.text
    assert "a call tomorrow" in answer.text


async def test_a_form_of_another_site_or_without_its_token_does_nothing(case: Case) -> None:
    page = await case.page()
    token = re.findall('name="token" value="([^"]+)"', page)[0]
    for fields, headers in (
        ({"text": "x"}, {}),
        ({"text": "x", "token": "0" * 64}, {}),
        ({"text": "x", "token": token}, {"sec-fetch-site": "cross-site"}),
        ({"text": "x", "token": token}, {"origin": "https://evil.example"}),
    ):
        answer = await case.post("note", fields, **headers)
        assert answer.status_code == 403
        assert "came from another page" in answer.text
    assert await case.did("noted") == []


async def test_who_is_not_logged_in_acts_not_and_sees_nothing(case: Case) -> None:
    case.browser.cookies.clear()
    assert (await case.browser.get(case.address)).status_code == 303
    answer = await case.post("tell_customer", {"text": "A long <b>letter</b>", "token": "x" * 30, "anyway": "1"})
    assert answer.status_code == 401
    assert re.findall("<textarea[^>]*>\n(.*?)</textarea>", answer.text) == ["A long &lt;b&gt;letter&lt;/b&gt;"]
    assert f'href="/login?next={case.address}/tell_customer"' in answer.text
    elsewhere = await case.post("note", {"text": "words of another site"}, **{"sec-fetch-site": "cross-site"})
    assert "words of another site" not in elsewhere.text
    too_long = await case.post("note", {"text": "x " * 2_000_000})
    assert "too long" in too_long.text or too_long.status_code == 413
    assert await case.did("noted") == []


async def test_a_viewer_sees_the_case_without_forms_and_cannot_act(case: Case) -> None:
    await log_in(case.browser, case.backend, "ana", "viewer")
    page = await case.page()
    assert "Niemand antwortet mir!" in page
    assert "/note" not in page
    token = re.findall('name="token" value="([^"]+)"', page)[0]
    assert (await case.post("note", {"token": token, "text": "x"})).status_code == 403
    assert await case.did("noted") == []


async def test_only_leads_have_the_forms_of_leads(case: Case) -> None:
    assert 'id="do-reassign"' not in await case.page()
    token = re.findall('name="token" value="([^"]+)"', await case.page())[0]
    assert (await case.post("reassign", {"token": token, "to": "uwe", "why": "x"})).status_code == 403
    await log_in(case.browser, case.backend, "lea", "lead")
    assert (await case.send("reassign", to="uwe", why="knows printers")).status_code == 303
    await case.until(offered_to="uwe", stage=Stage.OFFERED)


async def test_a_key_for_some_tickets_opens_those_alone(case: Case) -> None:
    key = ApiKey(id=new_id(), name="k", person="ana", role="agent", tickets=("ACME-*",), created_at=case.backend.now())
    text = await Keys(ApiKeys(case.backend.database), case.backend.now).create(key)
    assert (await case.browser.post("/login", data={"key": text})).status_code == 303
    assert (await case.browser.get(case.address)).status_code == 403
    assert case.ticket not in (await case.browser.get("/agent")).text


@pytest.mark.parametrize("name", ["no-such-case", "4711~x", "a b", "escalation-"])
async def test_a_case_that_is_not_there_is_a_page_not_a_problem_document(
    browser: httpx2.AsyncClient, backend: Backend, name: str
) -> None:
    await log_in(browser, backend, "ana")
    answer = await browser.get(f"/agent/cases/{name}")
    assert answer.status_code == 404
    assert "There is no such page" in answer.text
    assert 'href="/agent"' in answer.text, "the way on"


async def test_german_colleagues_read_german(case: Case) -> None:
    await log_in(case.browser, case.backend, "uwe")
    page = await case.page()
    assert '<html lang="de">' in page
    assert "An die Kundin oder den Kunden schreiben" in page
    assert "<p>In Arbeit · " in page
    assert "Ihre Liste" in (await case.browser.get("/agent")).text


async def test_while_no_worker_answers_the_record_is_shown_and_nothing_can_be_sent(
    case: Case, settings: Settings, backend: Backend
) -> None:
    class Silent:
        async def status(self, ticket: str) -> None:
            raise WorkersBusy(ticket, seconds=1)

    silent: Any = Silent()
    cookies = dict(case.browser.cookies)
    async with in_process(create_app(settings, backend=replace(backend, client=silent))) as client:
        client.cookies.update(cookies)
        page = (await client.get(case.address)).text
        assert "Niemand antwortet mir!" in page
        assert "is not answering at the moment" in page
        assert 'id="do-' not in page
        assert case.ticket in (await client.get("/agent")).text
