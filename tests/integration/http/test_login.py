"""Login to the pages of the team, on real PostgreSQL: by a key, by a link; what ends a session; what no session does."""

import re
import secrets
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from html import unescape

import httpx2
import pytest
from structlog.testing import capture_logs

from activities.adapters.postgres.api_keys import ApiKey, ApiKeys
from activities.adapters.postgres.sessions import LASTS, LoginLink, Sessions
from escalation.roster.members import Member
from runtime.settings import Settings
from starter.http.access.keys import Keys, new_id
from starter.http.access.roles import Role
from starter.http.app import create_app
from starter.http.backend import Backend
from starter.http.login.sessions import next_page
from tests.integration.http.conftest import in_process
from tests.integration.http.teams import store_team

TEAM = (
    Member(id="ana", name="Ana Ruiz", address="ana@example.com", tiers=(1, 2)),
    Member(id="uwe", name="Uwe Groß", address="uwe@example.com", language="de", zone="Europe/Berlin"),
    Member(id="left", name="Lea", address="lea@example.com", active=False),
)


@pytest.fixture
async def browser(settings: Settings, backend: Backend) -> AsyncIterator[httpx2.AsyncClient]:
    """A browser on a team of its own."""
    await store_team(backend, TEAM)
    async with in_process(create_app(settings, backend=backend)) as client:
        yield client


async def key_for(backend: Backend, person: str, role: Role = Role.AGENT) -> str:
    key = ApiKey(id=new_id(), name=f"key of {person}", person=person, role=role, created_at=backend.now())
    return await Keys(ApiKeys(backend.database), backend.now).create(key)


async def log_in(browser: httpx2.AsyncClient, key: str, wanted: str = "") -> httpx2.Response:
    return await browser.post("/login", data={"key": key, "next": wanted})


async def is_in(browser: httpx2.AsyncClient) -> bool:
    """The login leads on who is in already."""
    return (await browser.get("/login")).status_code == 303


def form_token(page: httpx2.Response) -> str:
    found: list[str] = re.findall(r'name="token" value="(\w+)"', page.text)
    return found[0]


async def test_a_persons_key_logs_them_in_with_a_cookie_that_scripts_and_other_sites_cannot_use(
    browser: httpx2.AsyncClient, backend: Backend
) -> None:
    with capture_logs() as logs:
        answer = await log_in(browser, key := await key_for(backend, "ana"), "/agent/cases/4711?all=1")

    assert (answer.status_code, answer.headers["location"]) == (303, "/agent/cases/4711?all=1")
    cookie = answer.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=strict" in cookie
    assert "Path=/" in cookie
    assert "Secure" not in cookie
    assert f"Max-Age={LASTS.total_seconds():.0f}" in cookie
    assert await is_in(browser)
    token = browser.cookies["escalations"]
    assert len(token) >= 43
    assert token not in str(logs)
    assert key not in str(logs)
    async with backend.database.connection() as connection:
        kept = await connection.fetch("select * from sessions")
    assert token not in str([dict(row) for row in kept])


async def test_over_tls_the_cookie_is_for_this_host_alone(settings: Settings, backend: Backend) -> None:
    await store_team(backend, TEAM)
    behind_tls = settings.model_copy(update={"public_url": "https://escalations.example.com"})
    async with in_process(create_app(behind_tls, backend=replace(backend, settings=behind_tls))) as client:
        cookie = (await log_in(client, await key_for(backend, "ana"))).headers["set-cookie"]
    assert cookie.startswith("__Host-escalations=")
    assert "Secure" in cookie


@pytest.mark.parametrize("typed", ["", "esc_nothing_here", "password", "esc_" + "x" * 10_000])
async def test_what_is_not_a_key_logs_no_one_in_and_says_so_beside_the_field(
    browser: httpx2.AsyncClient, typed: str
) -> None:
    answer = await log_in(browser, typed)
    assert answer.status_code == 401
    assert 'aria-invalid="true"' in answer.text
    assert "This key does not work" in answer.text
    assert "set-cookie" not in answer.headers


async def test_a_programs_key_does_not_log_in(browser: httpx2.AsyncClient, backend: Backend) -> None:
    key = ApiKey(id=new_id(), name="desk", role=Role.ADMIN, created_at=backend.now())
    answer = await log_in(browser, await Keys(ApiKeys(backend.database), backend.now).create(key))
    assert answer.status_code == 403
    assert "belongs to a program" in answer.text


async def test_who_guesses_has_to_wait(browser: httpx2.AsyncClient, backend: Backend) -> None:
    answers = [(await log_in(browser, "esc_a_b")).status_code for _ in range(12)]
    assert answers[0] == 401
    assert answers[-1] == 429
    assert int((await log_in(browser, "esc_a_b")).headers["retry-after"]) > 0
    assert (await log_in(browser, await key_for(backend, "ana"))).status_code == 303, "a good key still gets in"


async def test_logging_out_ends_the_session_on_the_server_too(browser: httpx2.AsyncClient, backend: Backend) -> None:
    await log_in(browser, await key_for(backend, "ana"))
    token = browser.cookies["escalations"]
    page = await browser.get("/agent")
    await browser.post("/logout", data={"token": form_token(page)})
    assert not await is_in(browser)
    browser.cookies.set("escalations", token)
    assert not await is_in(browser), "a copy of the cookie opens nothing"


async def test_a_session_ends_with_its_key_and_with_the_persons_time_on_the_team(
    browser: httpx2.AsyncClient, backend: Backend
) -> None:
    key = await key_for(backend, "ana")
    await log_in(browser, key)
    await Keys(ApiKeys(backend.database), backend.now).revoke(key.split("_")[1])
    assert not await is_in(browser)

    await log_in(browser, await key_for(backend, "ana"))
    assert await is_in(browser)
    await store_team(backend, (Member(id="ana", name="Ana", address="a@example.com", active=False),))
    assert not await is_in(browser)


async def test_a_session_ends_after_twelve_hours_and_when_an_operator_says_so(backend: Backend) -> None:
    await store_team(backend, TEAM)
    now = backend.now()
    sessions = Sessions(backend.database, lambda: now)
    await sessions.begin("a", person="ana", role="agent")
    await sessions.begin("b", person="ana", role="agent")
    assert await Sessions(backend.database, lambda: now + LASTS - timedelta(seconds=1)).find("a")
    assert await Sessions(backend.database, lambda: now + LASTS).find("a") is None
    assert await sessions.end_all("ana") >= 2
    assert await sessions.find("a") is None


async def test_a_login_link_asks_first_and_works_once(browser: httpx2.AsyncClient, backend: Backend) -> None:
    token = secrets.token_urlsafe(32)
    await Sessions(backend.database, backend.now).keep_link(token, LoginLink(person="uwe", role="lead"))
    for _ in range(2):
        assert (await browser.head(f"/login/link/{token}")).status_code == 200
        page = await browser.get(f"/login/link/{token}", headers={"accept-language": "de"})
        assert "Als Uwe Groß anmelden?" in page.text
        assert "set-cookie" not in page.headers
    answer = await browser.post(f"/login/link/{token}")
    assert (answer.status_code, answer.headers["location"]) == (303, "/agent")
    assert await is_in(browser)
    again = await browser.post(f"/login/link/{token}")
    assert again.status_code == 410
    assert "no longer works" in again.text


async def test_a_login_link_of_who_left_opens_nothing(browser: httpx2.AsyncClient, backend: Backend) -> None:
    await Sessions(backend.database, backend.now).keep_link("gone", LoginLink(person="left", role="agent"))
    assert (await browser.get("/login/link/gone")).status_code == 410
    assert (await browser.post("/login/link/gone")).status_code == 410


async def test_another_site_can_neither_log_a_person_in_nor_out(browser: httpx2.AsyncClient, backend: Backend) -> None:
    key = await key_for(backend, "ana")
    for foreign in ({"sec-fetch-site": "cross-site"}, {"origin": "https://evil.example"}):
        assert (await browser.post("/login", data={"key": key}, headers=foreign)).status_code == 403
    await log_in(browser, key)
    assert (await browser.post("/logout", data={"token": "made up"})).status_code == 403
    assert await is_in(browser)


async def test_who_is_not_logged_in_comes_to_the_login_and_from_there_to_what_they_wanted(
    browser: httpx2.AsyncClient,
) -> None:
    answer = await browser.get("/agent?x=1")
    assert (answer.status_code, answer.headers["location"]) == (303, "/login?next=/agent%3Fx%3D1")
    from_mail = await browser.get("/agent", headers={"sec-fetch-site": "cross-site"})
    assert from_mail.status_code == 200
    assert 'http-equiv="refresh"' in from_mail.text


@pytest.mark.parametrize(
    ("wanted", "leads_to"),
    [
        ("/agent/cases/4711", "/agent/cases/4711"),
        ("/board?tier=2", "/board?tier=2"),
        ("https://evil.example/agent", "/agent"),
        ("//evil.example/agent", "/agent"),
        ("/\\evil.example/agent", "/agent"),
        ("/agent/../act/x", "/agent"),
        ("/agents", "/agent"),
        ("javascript:alert(1)", "/agent"),
        ("/agent\r\nset-cookie: a=b", "/agent"),
        ("http://[", "/agent"),
        ("", "/agent"),
    ],
)
def test_a_login_leads_to_pages_of_ours_only(wanted: str, leads_to: str) -> None:
    assert next_page(wanted) == leads_to


async def test_a_person_reads_a_page_at_an_address_that_is_none_and_a_program_a_problem(
    browser: httpx2.AsyncClient,
) -> None:
    assert (await browser.get("/")).headers["location"] == "/agent"
    person = await browser.get("/agnet", headers={"accept": "text/html,*/*", "accept-language": "de"})
    assert (person.status_code, "gibt es keine Seite" in person.text) == (404, True)
    for path, accepts in (("/agnet", "*/*"), ("/v1/nothing", "text/html")):
        program = await browser.get(path, headers={"accept": accepts})
        assert (program.status_code, program.json()["type"]) == (404, "urn:escalations:problem:not-found")


@pytest.mark.parametrize(
    "path", ["/", "/login", "/login?next=/board", "/agent", "/board", "/favicon.ico", "/health/live"]
)
async def test_head_is_answered_as_get_without_a_body(browser: httpx2.AsyncClient, path: str) -> None:
    asked, looked = await browser.get(path), await browser.head(path)
    assert (looked.status_code, looked.content) == (asked.status_code, b"")
    assert looked.headers.get("location") == asked.headers.get("location")
    assert looked.headers["content-length"] == asked.headers["content-length"]


async def test_head_does_not_come_back_from_the_identity_provider(browser: httpx2.AsyncClient) -> None:
    assert (await browser.head("/login/callback")).status_code == 405, "it would log in"


async def test_the_switch_of_languages_keeps_where_the_login_leads(browser: httpx2.AsyncClient) -> None:
    page = await browser.get("/login", params={"next": "/agent/cases/4711?all=1"})
    (german,) = re.findall(r'href="([^"]*lang=de[^"]*)"', page.text)
    page = await browser.get(f"/login{unescape(german)}")
    assert 'value="/agent/cases/4711?all=1"' in page.text
    (action,) = re.findall(r'action="(/login[^"]*)"', page.text)
    failed = await browser.post(action, data={"key": "esc_nothing_here", "next": "/agent"})
    assert 'lang="de"' in failed.text, "a failed attempt keeps the language"
