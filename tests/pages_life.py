"""One escalation lived by mail, chat and browser alone: no shell, no script. A test plays it, and so does `make screenshots`."""

import asyncio
import re
import secrets
import smtplib
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path
from typing import TypeVar

import httpx2
from playwright.async_api import Browser, Page, expect

from activities.adapters.postgres.api_keys import ApiKey, ApiKeys
from activities.adapters.postgres.database import Database
from activities.adapters.postgres.reports import Reports
from escalation.lifecycle.view import CaseView
from examples.demo.stage import MAIL_IN, Stage, now
from examples.demo.team import ACCEPT
from examples.demo.vendors import CHAT
from runtime.embedded.smtp_sink import ReceivedMessage
from starter.http.access.keys import Keys, new_id
from starter.http.access.roles import Role
from starter.play import pauses
from tests.peers.slack_like import Post

CUSTOMER = "ann@example.org"
SECONDS = 30.0
"""Until what was sent has had its effect."""
T = TypeVar("T")
_LINK = re.compile(r"http://\S+?/c/[\w-]+")


@dataclass(slots=True)
class Life:
    """A case, and everyone in it.

    Attributes:
        pictures: Where screenshots go.
        ticket: The number that the case got when the mail came; empty before.
    """

    on: Stage
    database: Database
    browser: Browser
    pictures: Path
    ticket: str = ""

    async def live(self) -> None:
        """From the first mail to the rating."""
        await self.customer_writes()
        owner = await self.accepted_in_the_chat()
        agent = await self.logged_in(owner, Role.AGENT)
        await self.agent_asks(agent)
        customer = await self.customer_answers()
        await self.agent_offers(agent)
        await self.customer_chooses_by_mail()
        await self.agent_solves(agent, "The new router is on its way; it comes tomorrow.")
        await self.customer_objects(customer)
        await self.case_is(lambda view: view.cycle == 2 and bool(view.owner or view.offered_to))
        await self.lead_looks()
        agent = await self.accepted_on_the_page()
        await self.agent_solves(agent, "The router works now: it had an old setting, which we have corrected.")
        await self.customer_confirms(customer)

    async def customer_writes(self) -> None:
        """A mail to the address on the website, which triage escalates."""
        mail = EmailMessage()
        mail["From"], mail["To"], mail["Subject"] = f"Ann Example <{CUSTOMER}>", MAIL_IN, "No internet for five days"
        mail["Message-ID"] = f"<{secrets.token_hex(8)}@example.org>"
        mail.set_content(
            "Hello,\n\nour shop has no internet for five days now. I have called three times and nobody calls back.\n"
            "I want to speak to a manager.\n\nAnn\n"
        )
        await self.post(mail)

        async def look() -> list[str]:
            cases = await Reports(self.database).list_cases()
            return [view.ticket for _, view in cases if view.customer.address == CUSTOMER]

        (self.ticket,) = await _until(look)

    async def accepted_in_the_chat(self) -> str:
        """Who is asked presses the button in the chat; where they are not in it, the link in their letter."""
        view = await self.case_is(lambda view: bool(view.offered_to))
        user = self.on.vendors.chatters.get(view.offered_to)
        if user is None:
            await self.accepted_by_link(view.offered_to)
        else:
            posts = await _until(self.offers)
            press = self.on.vendors.chat.press(posts[-1], ACCEPT, user, at=int(now().timestamp()))
            async with httpx2.AsyncClient(base_url=self.on.http.url) as chat:
                answer = await chat.post(f"/webhooks/{CHAT}", content=press.body, headers=press.headers)
            assert answer.status_code == 200
        return (await self.case_is(lambda view: bool(view.owner))).owner

    async def offers(self) -> list[Post]:
        """The messages in the chat with which a case can be accepted."""
        return [one for one in self.on.vendors.chat.posts if ACCEPT in one.buttons]

    async def accepted_by_link(self, person: str) -> None:
        """The link in the letter asks first; its button accepts."""
        letter = await self.letter(f"{person}@example.com", "/act/")
        page = await self.browser.new_page()
        found = re.search(r"http://\S+?/act/[\w-]+(?:/\w+)?", _text(letter))
        assert found is not None
        await page.goto(found[0])
        box = page.locator("[name=packet_read]")
        if await box.count():
            await box.first.check()
        await page.get_by_role("button").first.click()
        await expect(page.get_by_role("status")).to_be_visible()
        await page.close()

    async def logged_in(self, person: str, role: Role) -> Page:
        """A browser in which a person has logged in with their key."""
        key = ApiKey(id=new_id(), name=person, person=person, role=role, created_at=now())
        secret = await Keys(ApiKeys(self.database), now).create(key)
        page = await (await self.browser.new_context(viewport={"width": 1280, "height": 900})).new_page()
        page.set_default_timeout(SECONDS * 1000)
        await page.goto(f"{self.on.http.url}/login")
        await page.locator("#key").fill(secret)
        await page.keyboard.press("Enter")
        await page.wait_for_url("**/agent")
        return page

    async def agent_asks(self, page: Page) -> None:
        """A question, by the form on the page of the case."""
        await page.goto(f"{self.on.http.url}/agent")
        await page.screenshot(path=self.pictures / "queue.png")
        await page.get_by_role("link", name=self.ticket).first.click()
        await page.screenshot(path=self.pictures / "case.png")
        await self.sent(page, "request_information", {"question": "Which lights of the router are on?"})

    async def customer_answers(self) -> Page:
        """On the page behind the link in the letter, on a phone."""
        letter = await self.letter(CUSTOMER, "Which lights")
        found = _LINK.search(_text(letter))
        assert found is not None
        page = await (await self.browser.new_context(viewport={"width": 360, "height": 780})).new_page()
        page.set_default_timeout(SECONDS * 1000)
        await page.goto(found[0])
        await expect(page.get_by_role("heading", level=1)).to_have_text("We need an answer from you")
        await page.screenshot(path=self.pictures / "customer.png")
        await page.get_by_label("Your answer").fill("Only the red one")
        await page.get_by_role("button", name="Send my answer").click()
        await expect(page.get_by_role("status")).to_contain_text("Thank you, we have your answer.")
        return page

    async def agent_offers(self, page: Page) -> None:
        """Two solutions to choose from."""
        await self.happened("customer_replied")
        await page.goto(self.case_page)
        await self.sent(
            page,
            "offer_options",
            {
                "options.1.title": "A new router by mail",
                "options.1.pros": "There tomorrow",
                "options.1.cons": "You connect it yourself",
                "options.2.title": "A technician on Thursday",
                "options.2.pros": "You need do nothing",
                "options.2.cons": "Two days more without internet",
            },
        )

    async def customer_chooses_by_mail(self) -> None:
        """They simply reply to the letter."""
        letter = await self.letter(CUSTOMER, "A technician on Thursday")
        mail = EmailMessage()
        mail["From"], mail["To"] = f"Ann Example <{CUSTOMER}>", letter.message["Reply-To"]
        mail["Subject"], mail["In-Reply-To"] = f"Re: {letter.message['Subject']}", letter.message["Message-ID"]
        mail["Message-ID"] = f"<{secrets.token_hex(8)}@example.org>"
        quoted = "".join(f"> {line}\n" for line in _text(letter).splitlines()[:6])
        mail.set_content(
            f"Hello,\n\nA new router by mail\n\nBest regards\nAnn\n\nOn Mon, 30 Nov 2026 at 09:00, Support <{MAIL_IN}> wrote:\n{quoted}"
        )
        await self.post(mail)
        await self.happened("option_chosen")

    async def agent_solves(self, page: Page, solution: str) -> None:
        """What was done, in words for the customer."""
        await page.goto(self.case_page)
        await self.sent(page, "resolve", {"solution": solution}, {"outcome": "solved"})

    async def customer_objects(self, page: Page) -> None:
        """It does not work, and the case goes on."""
        await page.reload()
        await page.get_by_label("What is still wrong?").fill("It came, and there is still no internet")
        await page.get_by_role("button", name="Take my case up again").click()
        await expect(page.get_by_role("status")).to_contain_text("will work on your case again")

    async def lead_looks(self) -> None:
        """The board shows the case at risk."""
        page = await self.logged_in("freya", Role.LEAD)
        await page.goto(f"{self.on.http.url}/board")
        await expect(page.get_by_role("link", name=self.ticket).first).to_be_visible()
        await page.screenshot(path=self.pictures / "board.png")
        await page.context.close()

    async def accepted_on_the_page(self) -> Page:
        """The owner, or the person who is asked, goes on with it on the page."""
        view = await self.case_is(lambda view: bool(view.owner or view.offered_to))
        page = await self.logged_in(view.owner or view.offered_to, Role.AGENT)
        if not view.owner:
            await page.goto(self.case_page)
            await page.locator("#do-acknowledge [name=packet_read]").check()
            await page.locator("#do-acknowledge button").click()
            await expect(page.get_by_role("status")).to_contain_text("Done")
        return page

    async def customer_confirms(self, page: Page) -> None:
        """It works."""
        await page.reload()
        await page.get_by_role("button", name="Yes, it works").click()
        await expect(page.get_by_role("status")).to_contain_text("Thank you")

    @property
    def case_page(self) -> str:
        """Where the agent works on it."""
        return f"{self.on.http.url}/agent/cases/{self.ticket}"

    async def sent(self, page: Page, kind: str, texts: dict[str, str], chosen: dict[str, str] | None = None) -> None:
        """Fill in a form of the agent's page, and send it."""
        form = page.locator(f"#do-{kind}")
        if await form.get_attribute("open") is None:
            more = form.locator("xpath=ancestor::details[not(@open)]/summary")
            for outer in range(await more.count()):
                await more.nth(outer).click()
            await form.locator("summary").first.click()

        for name, text in texts.items():
            await form.locator(f"[name='{name}']").fill(text)
        for name, value in (chosen or {}).items():
            await form.locator(f"[name='{name}']").select_option(value)
        await form.locator("form > button.first").click()
        await expect(page.get_by_role("status").first).to_contain_text("Done")

    async def post(self, mail: EmailMessage) -> None:
        """Hand a mail to our listener, as the customer's mail server does."""
        host, _, port = (self.on.settings.mail_in_listen or "").rpartition(":")

        def hand_over() -> None:
            with smtplib.SMTP(host, int(port)) as smtp:
                smtp.send_message(mail)

        await asyncio.to_thread(hand_over)

    async def letter(self, to: str, about: str) -> ReceivedMessage:
        """The latest letter to an address with these words in it."""
        sink = self.on.stack.sink
        await sink.wait_for(lambda _: any(about in _text(one) for one in sink.messages_to(to)))
        return [one for one in sink.messages_to(to) if about in _text(one)][-1]

    async def case_is(self, wanted: Callable[[CaseView], bool]) -> CaseView:
        """The case, once it is so."""

        async def look() -> list[CaseView]:
            cases = await Reports(self.database).list_cases(open_only=False)
            return [view for _, view in cases if view.ticket == self.ticket and wanted(view)]

        return (await _until(look))[0]

    async def happened(self, kind: str) -> None:
        """Wait for an event of a kind."""

        async def look() -> list[str]:
            timeline = await Reports(self.database).timeline(f"escalation-{self.ticket}")
            return [event.kind for _, event in timeline if event.kind == kind]

        await _until(look)


async def _until(look: Callable[[], Awaitable[Sequence[T]]]) -> Sequence[T]:
    """What is looked for, once there is any."""
    async with asyncio.timeout(SECONDS):
        for pause in pauses():
            if found := await look():
                return found
            await asyncio.sleep(pause)
    raise AssertionError("pauses never end")


def _text(letter: ReceivedMessage) -> str:
    body = letter.message.get_body(("plain",))
    return "" if body is None else str(body.get_content())
