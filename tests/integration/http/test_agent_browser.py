"""The agent's pages in real Chromium: by keyboard alone, without scripts, at each width, dark and light, with axe-core."""

import re
from collections.abc import AsyncIterator

import httpx2
import pytest
from playwright.async_api import Browser, BrowserContext, Page, expect

from escalation.vocabulary import Stage
from runtime.settings import Settings
from starter.http.app import create_app
from starter.http.backend import Backend
from tests.browser import findings, fits_each_width, needs_chromium
from tests.integration.http.teams import store_team
from tests.integration.http.test_agent_pages import TEAM, Case
from tests.integration.http.test_login import key_for
from tests.peers.serving import served

pytestmark = [pytest.mark.usefixtures("worker"), needs_chromium]

MOST_TABS = 120


@pytest.fixture
async def server(settings: Settings, backend: Backend) -> AsyncIterator[str]:
    """The server on a socket, with the team."""
    await store_team(backend, TEAM)
    app = create_app(settings, backend=backend)
    async with app.router.lifespan_context(app), served(app) as url:
        yield url


@pytest.fixture
async def case(backend: Backend) -> Case:
    """A case that is offered to Ana; the client of the other tests is not used."""
    async with httpx2.AsyncClient() as unused:
        return await Case(backend, unused).open("ana", accepted=False)


async def logged_in(context: BrowserContext, server: str, backend: Backend, person: str = "ana") -> Page:
    page = await context.new_page()
    page.set_default_timeout(20_000)
    await page.goto(f"{server}/login")
    await page.locator("#key").fill(await key_for(backend, person))
    await page.keyboard.press("Enter")
    await page.wait_for_url(f"{server}/agent")
    return page


async def tab_to(page: Page, selector: str) -> None:
    """Press Tab until this has the focus."""
    for _ in range(MOST_TABS):
        if await page.evaluate("wanted => document.activeElement.matches(wanted)", selector):
            return
        await page.keyboard.press("Tab")
    raise AssertionError(f"Tab does not reach {selector}")


async def test_a_case_is_accepted_and_answered_with_the_keyboard_alone(
    chromium: Browser, server: str, backend: Backend, case: Case
) -> None:
    async with await chromium.new_context() as context:
        page = await logged_in(context, server, backend)
        await page.keyboard.press("Tab")
        await expect(page.locator(".skip")).to_be_focused()
        await page.keyboard.press("Enter")
        await tab_to(page, f'a[href$="escalation-{case.ticket}"]')
        await page.keyboard.press("Enter")
        await page.wait_for_url("**/cases/*")
        await tab_to(page, "#do-acknowledge [name=packet_read]")
        await page.keyboard.press("Space")
        await tab_to(page, "#do-acknowledge button")
        await page.keyboard.press("Enter")
        await expect(page.get_by_role("status")).to_be_focused()
        await expect(page.get_by_role("status")).to_have_text("Done: Accept the case.")
        await tab_to(page, "#tell_customer-text")
        await page.keyboard.type("Das ist Ihre Schuld.")
        await tab_to(page, "#do-tell_customer button")
        await page.keyboard.press("Enter")
        await expect(page.get_by_role("alert")).to_be_focused()
        assert await page.locator("#tell_customer-text").input_value() == "Das ist Ihre Schuld."
        await tab_to(page, "#tell_customer-text")
        await page.keyboard.press("Control+A")
        await page.keyboard.type("Es tut uns leid. Wir kümmern uns darum.")
        await tab_to(page, "#do-tell_customer button")
        await page.keyboard.press("Enter")
        await expect(page.get_by_role("status")).to_have_text("Done: Write to the customer.")
        await tab_to(page, "#do-resolve summary")
        await page.keyboard.press("Enter")
        await tab_to(page, "#do-resolve > form > button")
        await page.keyboard.press("Enter")
        await expect(page.locator("#resolve-outcome")).to_be_focused()
    assert [told.text for told in await case.did("customer_told")] == ["Es tut uns leid. Wir kümmern uns darum."]


async def test_everything_works_without_scripts(chromium: Browser, server: str, backend: Backend, case: Case) -> None:
    async with await chromium.new_context(java_script_enabled=False) as context:
        page = await logged_in(context, server, backend)
        await expect(page.locator("time.left").first).to_contain_text("in ")
        await page.get_by_role("link", name=case.ticket).click()
        await page.get_by_label("I have read the hand-off packet").check()
        await page.get_by_role("button", name="Accept the case").click()
        await page.locator("#do-promise summary").click()
        await page.get_by_label("What you promise").fill("A new printer")
        await page.locator("#do-promise button.first").click()
        await expect(page.locator("#promise-at-problem")).to_have_text("Please fill this in.")
        await page.locator("#promise-at").fill("2027-06-01T16:00")
        await page.locator("#do-promise button.first").click()
        await expect(page.get_by_role("status")).to_have_text("Done: Promise something.")
        await page.get_by_role("button", name="Log out").click()
        await page.wait_for_url(f"{server}/login?left=1")
    (promise,) = await case.did("promised")
    assert f"{promise.eta:%Y-%m-%dT%H:%M}" == "2027-06-01T14:00", "16:00 in Madrid"


async def test_countdowns_go_on_where_there_are_scripts(
    chromium: Browser, server: str, backend: Backend, case: Case
) -> None:
    async with await chromium.new_context() as context:
        page = await logged_in(context, server, backend)
        await page.clock.install(time=backend.now())
        await page.goto(f"{server}{case.address}")
        countdown = page.locator(".clocks time").first
        await expect(countdown).to_contain_text("in ")
        await page.clock.fast_forward(5 * 24 * 3600 * 1000)  # milliseconds; past any weekend
        await expect(countdown).to_contain_text(re.compile(r"overdue by \d+ d"))


@pytest.mark.parametrize(("person", "scheme"), [("ana", "light"), ("uwe", "dark")])
async def test_pages_have_no_findings_and_fit_each_width(
    chromium: Browser, server: str, backend: Backend, case: Case, person: str, scheme: str
) -> None:
    async with await chromium.new_context(color_scheme="dark" if scheme == "dark" else "light") as context:
        page = await context.new_page()
        await page.goto(f"{server}/login")
        assert await findings(page) == []
        page = await logged_in(context, server, backend, person)
        for name, path in (("queue", "/agent"), ("case", case.address), ("missing", "/agent/cases/none")):
            await page.goto(f"{server}{path}")
            for folded in await page.locator("details").all():
                await folded.evaluate("each => each.open = true")
            assert await findings(page) == [], name
            await fits_each_width(page, name)
    assert (await case.view()).stage is Stage.OFFERED, "looking changes nothing"
