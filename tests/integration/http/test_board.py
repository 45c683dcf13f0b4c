"""The board of a team's lead, over HTTP on real PostgreSQL."""

import csv
import io
import re
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta

import httpx2
import pytest
from playwright.async_api import Browser

from activities.adapters.postgres.api_keys import ApiKey, ApiKeys
from activities.adapters.postgres.records import Records
from escalation.case import events
from escalation.lifecycle.view import CaseView
from escalation.roster.members import Member
from escalation.vocabulary import ClockName, Severity, Stage
from runtime.settings import Settings
from starter.http.access.keys import Keys, new_id
from starter.http.access.roles import Role
from starter.http.app import create_app
from starter.http.backend import Backend
from tests.browser import findings, fits_each_width, needs_chromium
from tests.integration.http.conftest import in_process
from tests.integration.http.teams import store_team
from tests.integration.http.test_login import key_for, log_in
from tests.peers.serving import served
from tests.unit.activities.builders import OPENED, VIEW, batch

TEAM = (
    Member(id="lena", name="Lena Berg", address="lena@example.com", language="de", zone="Europe/Berlin"),
    Member(id="liam", name="Liam Lead", address="liam@example.com", tiers=(1,)),
)
MARK = "board"
"""In the tickets of these tests, whose stack others share."""


async def recorded(backend: Backend, ticket: str, view: CaseView, *happened: events.Event) -> None:
    case = replace(view, ticket=ticket, last_seq=1 + len(happened), opened_at=backend.now())
    opened = replace(OPENED, ticket=ticket, at=backend.now())
    await Records(backend.database).append(batch([opened, *happened], escalation=f"escalation-{ticket}", view=case))


@pytest.fixture(scope="module", autouse=True)
async def cases(backend: Backend) -> None:
    """A case at risk that liam has, an urgent one of another person, one without an owner, and an undelivered letter."""
    await store_team(backend, TEAM)
    soon = backend.now() + timedelta(minutes=20)
    risky = replace(VIEW, owner="liam", next_breach=soon, next_breach_clock=ClockName.RESOLUTION, next_due=soon)
    await recorded(backend, f"{MARK}-risk", replace(risky, summary='=HYPERLINK("x") <b>bold</b>'))
    await recorded(backend, f"{MARK}-late", replace(risky, owner="ana", severity=Severity.SEV1))
    failed = events.DeliveryFailed(at=backend.now(), key="update/1", to="customer", error="RecipientRefused")
    await recorded(backend, f"{MARK}-free", replace(VIEW, owner="", stage=Stage.UNASSIGNED, next_due=soon), failed)


@pytest.fixture
async def browser(settings: Settings, backend: Backend) -> AsyncIterator[httpx2.AsyncClient]:
    async with in_process(create_app(settings, backend=backend)) as client:
        yield client


async def as_person(browser: httpx2.AsyncClient, backend: Backend, person: str = "liam") -> httpx2.AsyncClient:
    assert (await log_in(browser, await key_for(backend, person, Role.VIEWER))).status_code == 303
    return browser


def tickets_in(page: str) -> set[str]:
    return set(re.findall(rf"{MARK}-\w+", page))


async def test_who_is_not_logged_in_is_led_to_the_login_and_back(browser: httpx2.AsyncClient) -> None:
    answer = await browser.get("/board?severity=SEV1")

    assert (answer.status_code, answer.headers["location"]) == (303, "/login?next=/board%3Fseverity%3DSEV1")
    assert (await browser.get("/board/at-risk.csv")).status_code == 303
    assert (await browser.get("/board/charts/broken.svg")).status_code == 303


async def test_the_board_shows_what_is_at_risk_with_links_to_the_cases(
    browser: httpx2.AsyncClient, backend: Backend
) -> None:
    page = await (await as_person(browser, backend)).get("/board")

    assert page.status_code == 200
    assert f'href="/agent/cases/escalation-{MARK}-risk"' in page.text
    assert "Liam Lead" in page.text
    assert "&lt;b&gt;bold&lt;/b&gt;" in page.text
    assert "the address does not take messages" in page.text
    assert "<script src" not in page.text


async def test_the_board_speaks_the_language_of_its_reader(browser: httpx2.AsyncClient, backend: Backend) -> None:
    page = await (await as_person(browser, backend, "lena")).get("/board")

    assert "Gefährdet, das Dringendste zuerst" in page.text
    assert "<td>in Arbeit</td>" in page.text, "a stage has the word that the page of the case has"
    assert "<td>working</td>" not in page.text
    assert '<html lang="de">' in page.text
    assert "Europe/Berlin" in page.text


async def test_what_is_chosen_is_in_the_address_and_in_every_link(
    browser: httpx2.AsyncClient, backend: Backend
) -> None:
    page = (await (await as_person(browser, backend)).get("/board?severity=SEV1&person=ana&weeks=4")).text

    assert tickets_in(page) == {f"{MARK}-late"}
    assert 'href="/board/at-risk.csv?severity=SEV1&amp;person=ana&amp;weeks=4"' in page
    assert 'src="/board/charts/promises.svg?severity=SEV1&amp;person=ana&amp;weeks=4"' in page
    assert '<option value="SEV1" selected>' in page


@pytest.mark.parametrize(
    "query", ["severity=&tier=&person=", "severity=nine&tier=-1&weeks=abc&customers=%00", "tier=9999"]
)
async def test_an_address_that_makes_no_sense_still_shows_a_board(
    browser: httpx2.AsyncClient, backend: Backend, query: str
) -> None:
    assert (await (await as_person(browser, backend)).get(f"/board?{query}")).status_code == 200


async def test_a_table_comes_as_a_file_that_a_spreadsheet_takes_for_no_formula(
    browser: httpx2.AsyncClient, backend: Backend
) -> None:
    await as_person(browser, backend)

    answer = await browser.get("/board/at-risk.csv?person=liam")

    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert answer.headers["content-disposition"] == 'attachment; filename="at-risk.csv"'
    (row,) = csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig")))
    assert (row["ticket"], row["owner"]) == (f"{MARK}-risk", "liam")
    assert row["summary"] == '\'=HYPERLINK("x") <b>bold</b>'
    assert row["next_breach"].endswith("+00:00")
    (same,) = (await browser.get("/board/at-risk.json?person=liam")).json()
    assert (same["ticket"], same["summary"]) == (f"{MARK}-risk", '=HYPERLINK("x") <b>bold</b>')


@pytest.mark.parametrize("table", ["at-risk", "tiers", "people", "skips", "undelivered", "stuck", "trend"])
async def test_every_table_comes_as_a_file(browser: httpx2.AsyncClient, backend: Backend, table: str) -> None:
    await as_person(browser, backend)

    lines = (await browser.get(f"/board/{table}.csv")).text.splitlines()
    items = (await browser.get(f"/board/{table}.json")).json()

    assert len(lines) == len(items) + 1
    assert all(set(one) == set(lines[0].lstrip("\ufeff").split(",")) for one in items)


@pytest.mark.parametrize("chart", ["broken", "promises"])
async def test_a_chart_is_a_picture_that_runs_nothing(
    browser: httpx2.AsyncClient, backend: Backend, chart: str
) -> None:
    await as_person(browser, backend)

    answer = await browser.get(f"/board/charts/{chart}.svg?weeks=4")

    assert (answer.status_code, answer.headers["content-type"]) == (200, "image/svg+xml")
    assert "<script" not in answer.text
    assert answer.text.count('class="bar"') == 4 * (1 if chart == "broken" else 2)
    assert answer.headers["content-security-policy"] == "default-src 'none'; style-src 'unsafe-inline'"


async def test_a_key_for_some_tickets_shows_no_board(browser: httpx2.AsyncClient, backend: Backend) -> None:
    key = ApiKey(
        id=new_id(), name="some", person="liam", role=Role.AGENT, tickets=("ACME-*",), created_at=backend.now()
    )
    await log_in(browser, await Keys(ApiKeys(backend.database), backend.now).create(key))

    assert (await browser.get("/board")).status_code == 403
    assert (await browser.get("/board/people.json")).status_code == 403


@needs_chromium
async def test_the_board_fits_every_screen_and_can_be_read_by_everyone(
    settings: Settings, backend: Backend, chromium: Browser
) -> None:
    app = create_app(settings, backend=backend)
    async with app.router.lifespan_context(app), served(app) as address:
        for person in ("liam", "lena"):
            page = await chromium.new_page(color_scheme="dark" if person == "lena" else "light")
            await page.goto(f"{address}/login?next=/board")
            await page.fill("input[name=key]", await key_for(backend, person, Role.LEAD))
            await page.click("main button")
            await page.wait_for_url(f"{address}/board")
            assert await findings(page) == []
            await fits_each_width(page, f"board of {person}")
            loaded = await page.evaluate(
                "[...document.images].every(image => image.complete && image.naturalWidth > 0)"
            )
            assert loaded, "the charts are shown"
            await page.close()
