"""The customer's page in a real browser: read by axe-core, used by keyboard alone, and lived through without scripts."""

from collections.abc import AsyncIterator

import httpx2
import pytest
from playwright.async_api import Browser, Page, expect

from escalation.case.commands import Acknowledge, OfferOptions, RequestInformation, Resolve
from escalation.customer_page import Doing
from escalation.vocabulary import Outcome, Stage
from runtime.settings import Settings
from starter.http.app import create_app
from starter.http.backend import Backend
from starter.http.customer.acting import File, Form
from starter.http.customer.pages import Shown, case_page, plain_page
from starter.http.pages.page import LANGUAGES
from tests.browser import findings, fits_each_width, needs_chromium
from tests.integration.http.teams import store_team
from tests.integration.http.test_customer_page import OPTIONS, TEAM, Case
from tests.peers.serving import served
from tests.unit.domain.planted import Planted

pytestmark = [needs_chromium, pytest.mark.slow]

BROKEN = Form(text="typed", parts=("12", ""), files=(File(name="a photo", url="nowhere"),))


@pytest.fixture
async def site(settings: Settings, backend: Backend) -> AsyncIterator[str]:
    """The server on a port."""
    await store_team(backend, TEAM)
    app = create_app(settings, backend=backend)
    async with app.router.lifespan_context(app), served(app) as address:
        yield address


@pytest.mark.parametrize("language", sorted(LANGUAGES))
async def test_every_state_of_the_page_is_accessible_and_fits_a_phone(chromium: Browser, language: str) -> None:
    moments = [*Planted(language).moments(), Planted(language).cancelled()]
    shown = {one.name: Shown(page=one.page, here="t/", language=language) for one in moments}
    asked = next(one.page for one in moments if one.name == "asked")
    shown["done"] = Shown(page=asked, here="t/", language=language, done=Doing.ANSWER)
    shown["refused"] = Shown(page=asked, here="t/", language=language, problem="file", sent=Doing.ANSWER, form=BROKEN)
    pages = {name: bytes(case_page(one).body).decode() for name, one in shown.items()}
    pages["gone"] = bytes(plain_page("gone", 404, language).body).decode()
    context = await chromium.new_context(bypass_csp=True)
    page = await context.new_page()
    for number, (name, html) in enumerate(pages.items()):
        await page.emulate_media(color_scheme="dark" if number % 2 else "light")
        await page.set_content(html)
        assert await findings(page) == [], name
        if language == "de":  # whose words are longer
            await fits_each_width(page, name)
    await context.close()


async def test_all_that_can_be_pressed_is_reached_by_tab_and_shows_that_it_has_the_focus(chromium: Browser) -> None:
    asked = next(one.page for one in Planted().moments() if one.name == "surveyed")
    context = await chromium.new_context(bypass_csp=True)
    page = await context.new_page()
    await page.set_content(bytes(case_page(Shown(page=asked, here="t/", language="en")).body).decode())
    reached = set()
    for _ in range(30):
        await page.keyboard.press("Tab")
        focused = await page.evaluate(
            "[document.activeElement.tagName, document.activeElement.textContent.trim() || document.activeElement.name,"
            " getComputedStyle(document.activeElement).outlineStyle]"
        )
        if focused[0] != "BODY":
            assert focused[2] == "solid", focused
            reached.add(focused[1])
    await context.close()
    buttons = {"Deutsch", "Yes, it works", "Take my case up again", "Send my rating"}
    assert reached >= {*buttons, "Write to us", "Speak to a person in charge", "Add links to files", "score", "text"}


@pytest.mark.usefixtures("worker")
async def test_a_whole_life_without_scripts_and_without_a_mouse(chromium: Browser, backend: Backend, site: str) -> None:
    async with httpx2.AsyncClient(base_url=site) as client:
        case = await Case(backend, client).open()
    context = await chromium.new_context(java_script_enabled=False)
    page = await context.new_page()
    await case.send(RequestInformation(by="ana", question="Which printer is it?"))
    await page.goto(f"{site}{case.path}")
    await expect(page.get_by_role("heading", level=1)).to_have_text("We need an answer from you")
    await fill_in(page, "Your answer", "The blue one")
    await pressed(page, "Send my answer", "Thank you, we have your answer.")

    await case.send(OfferOptions(options=OPTIONS, by="ana"))
    await page.goto(f"{site}{case.path}")
    await page.get_by_role("radio", name="Your money back").focus()
    await page.keyboard.press("ArrowDown")
    await pressed(page, "Choose this solution", "Thank you, we have your choice")
    await expect(page.get_by_text("You chose: A repair")).to_be_visible()

    await case.send(Resolve(by="ana", outcome=Outcome.SOLVED, solution="A new cable."))
    await page.goto(f"{site}{case.path}")
    await fill_in(page, "What is still wrong?", "It smokes again")
    await pressed(page, "Deutsch", "Diese Seite ist jetzt auf Deutsch")
    await pressed(page, "English", "This page is in English now")
    await expect(page.get_by_label("What is still wrong?")).to_have_value("It smokes again")
    await pressed(page, "Take my case up again", "will work on your case again")
    await case.until(lambda view: view.offered_to == "ana")
    await case.send(Acknowledge(by="ana", packet_read=True))
    await case.send(Resolve(by="ana", outcome=Outcome.SOLVED, solution="A new printer."))
    await page.goto(f"{site}{case.path}")
    await pressed(page, "Deutsch", "Diese Seite ist jetzt auf Deutsch")
    await pressed(page, "Ja, es funktioniert", "Vielen Dank für die Rückmeldung.")
    assert (await case.until(lambda _: True)).stage in (Stage.RESOLVED, Stage.CLOSED)
    await context.close()


async def fill_in(page: Page, label: str, text: str) -> None:
    await page.get_by_label(label).focus()
    await page.keyboard.type(text)


async def pressed(page: Page, button: str, said: str) -> None:
    """Press a button by the keyboard, and read what the next page says first."""
    await page.get_by_role("button", name=button).focus()
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("status")).to_contain_text(said)
