"""The pages behind links in letters, in real Chromium: without scripts, by keyboard, at each width, with axe-core."""

from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Browser, Page, expect

from activities.adapters.postgres.records import Records
from escalation.case.commands import Acknowledge, MakePromise
from escalation.case.events import CustomerTold, Declined
from runtime.settings import Settings
from starter.http.app import create_app
from starter.http.backend import Backend
from starter.http.recorded import until_recorded
from tests.browser import findings, fits_each_width, needs_chromium
from tests.integration.http.teams import store_team
from tests.integration.http.test_links import OFFER, OWNER, TEAM, Case
from tests.peers.serving import served

pytestmark = [pytest.mark.usefixtures("worker"), needs_chromium]


@pytest.fixture
async def site(settings: Settings, backend: Backend) -> AsyncIterator[str]:
    """The server on a port, with the team."""
    await store_team(backend, TEAM)
    app = create_app(settings, backend=backend)
    async with app.router.lifespan_context(app), served(app) as address:
        yield address


@pytest.fixture
async def page(chromium: Browser) -> AsyncIterator[Page]:
    """A phone without scripts."""
    context = await chromium.new_context(java_script_enabled=False, viewport={"width": 360, "height": 780})
    page = await context.new_page()
    page.set_default_timeout(20_000)
    yield page
    await context.close()


@pytest.fixture
async def offered(backend: Backend, site: str) -> Case:  # noqa: ARG001 (the team)
    return await Case(backend).open("ana")


async def test_link_pages_have_no_findings_and_fit_each_width(
    chromium: Browser, backend: Backend, site: str, offered: Case
) -> None:
    links = {"offer": await offered.link("ana", OFFER), "gone": "/act/unknown"}
    async with await chromium.new_context(bypass_csp=True) as context:
        page = await context.new_page()
        await looked_at(page, site, links, "light")
        await backend.client.send(offered.ticket, Acknowledge(by="ana", packet_read=True))
        await promised(backend, offered)
        links = {"owner": await offered.link("ana", OWNER), "over": await offered.link("ana", OFFER, key="before")}
        await looked_at(page, site, links, "dark")
        await page.goto(f"{site}{links['owner']}?lang=de")
        await page.get_by_label("Nachricht an die Kundin").fill("Wir arbeiten daran.")
        await page.get_by_label("Mit dieser Nachricht").check()
        await page.get_by_role("button", name="Vorschau des Briefs").click()
        await expect(page.locator(".preview")).to_be_focused()
        assert await findings(page) == []
        await fits_each_width(page, "preview")


async def looked_at(page: Page, site: str, links: dict[str, str], scheme: str) -> None:
    await page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    for name, link in links.items():
        await page.goto(f"{site}{link}")
        for folded in await page.locator("details").all():
            await folded.evaluate("each => each.open = true")
        assert await findings(page) == [], name
        await fits_each_width(page, name)


async def promised(backend: Backend, case: Case) -> None:
    at = backend.now().replace(year=backend.now().year + 1)
    answer = await backend.client.send(case.ticket, MakePromise(by="ana", what="A new printer", at=at))
    await until_recorded(Records(backend.database), answer.escalation, answer.seq)  # pages show what is recorded


async def test_the_language_changes_and_what_was_typed_stays(page: Page, site: str, offered: Case) -> None:
    await page.goto(f"{site}{await offered.link('ana', OFFER)}")
    await page.get_by_label("The next person reads this").fill("  ")
    await page.get_by_role("button", name="Decline").click()
    await expect(page.get_by_role("alert")).to_have_text("Please write something first.")
    await page.get_by_label("The next person reads this").fill("On leave")
    await page.get_by_role("button", name="Deutsch").click()
    await expect(page.get_by_role("alert")).to_have_text("Bitte zuerst etwas schreiben.")
    await expect(page.get_by_label("Warum")).to_have_value("On leave")
    assert await offered.did(Declined) == []
    await page.get_by_role("button", name="Ablehnen").click()
    await expect(page.get_by_role("status")).to_contain_text("abgelehnt")
    assert [one.why for one in await offered.did(Declined)] == ["On leave"]


async def test_a_letter_is_seen_before_it_is_sent_and_enter_in_a_field_sends_it(
    page: Page, backend: Backend, site: str, offered: Case
) -> None:
    await backend.client.send(offered.ticket, Acknowledge(by="ana", packet_read=True))
    await promised(backend, offered)
    await page.goto(f"{site}{await offered.link('ana', OWNER)}")
    await page.get_by_label("Your letter to the customer").fill("We found the error.")
    await page.get_by_text("Say what happens next").click()
    await page.get_by_label("What happens next").fill("We replace the part")
    await page.get_by_label("By when").fill("2027-06-01T16:00")
    await page.get_by_label("The new time takes the place").check()
    await page.get_by_role("button", name="Preview the letter").click()
    letter = page.locator(".preview")
    await expect(letter).to_contain_text("Zoë <b>Müller</b>, zoe@example.org")
    await expect(letter).to_contain_text("We found the error.")
    await expect(letter).to_contain_text("1 June 2027")
    promise = await offered.did(CustomerTold)
    await page.get_by_label("By when").press("Enter")
    await expect(page.get_by_role("status")).to_have_text("Your letter to the customer is on its way.")
    sent = (await offered.did(CustomerTold))[len(promise) :]
    assert [(one.text, one.next_step) for one in sent] == [("We found the error.", "We replace the part")]
    assert "A new printer" in [one.text for one in promise]
