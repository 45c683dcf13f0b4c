"""The Temporal UI reads like the case: found by its search attribute, with summary, details and the named timer."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import quote

import pytest
from playwright.async_api import Page, expect
from temporalio.client import Client

from escalation.case.commands import Acknowledge, Customer, MakePromise, Open
from escalation.vocabulary import Category, Reason, Severity, Stage
from runtime.embedded.stack import EmbeddedStack
from starter.client import EscalationClient
from tests.browser import needs_chromium, running_browser
from tests.integration.client.people import until
from tests.stack import environment_of, running_worker
from workflows.contract import Status
from workflows.converter import DATA_CONVERTER

SLOW_MS = 20_000
TICKET = "UI-1"
QUEUE = "ui"

pytestmark = needs_chromium


@pytest.fixture
async def page() -> AsyncIterator[Page]:
    async with running_browser() as browser:
        page = await browser.new_page(viewport={"width": 1500, "height": 1100})
        page.set_default_timeout(SLOW_MS)
        yield page


async def working_case(client: EscalationClient) -> Status:
    """An escalation with an owner, with a promise as the next thing due."""
    await client.open(
        Open(
            ticket=TICKET,
            summary="Invoices are sent twice",
            customer=Customer(id="c-1", name="Ann", address="ann@example.com"),
            severity=Severity.SEV2,
            category=Category.BILLING,
            reasons=(Reason.UNRESOLVED,),
            by="desk",
        )
    )
    status = await until(lambda: client.status(TICKET), lambda status: status.view.stage is Stage.OFFERED)
    owner = status.view.offered_to
    await client.send(TICKET, Acknowledge(by=owner))
    eta = datetime.now(UTC) + timedelta(hours=2)  # noqa: TID251 (a promise to be kept in real time)
    await client.send(TICKET, MakePromise(what="A corrected invoice", at=eta, by=owner))
    return await client.status(TICKET)


async def test_an_operator_finds_the_case_and_sees_what_it_waits_for(
    stack: EmbeddedStack, page: Page, tmp_path: Path
) -> None:
    environment = environment_of(stack, ESCALATIONS_TASK_QUEUE=QUEUE)
    async with running_worker(tmp_path / "worker.log", environment):
        temporal = await Client.connect(stack.temporal_address, data_converter=DATA_CONVERTER)
        status = await working_case(EscalationClient(temporal, QUEUE))

        wanted = quote(f'EscalationTicket="{TICKET}" AND EscalationStage="working"')
        await page.goto(f"{stack.ui_url}/namespaces/default/workflows?query={wanted}")
        await page.get_by_role("link", name=f"escalation-{TICKET}").click()

        timer = page.get_by_text("promise -30m").first
        await expect(timer).to_be_visible(timeout=SLOW_MS)
        await expect(page.get_by_text("email to customer: receipt").first).to_be_visible()

        await page.get_by_role("tab", name="User Metadata").or_(page.get_by_text("User Metadata")).first.click()
        # The UI renders markdown in frames: the summary, the details, the current details.
        summary, _, current = (page.frame_locator("iframe").nth(number).locator("body") for number in range(3))
        await expect(summary).to_contain_text(f"SEV2 billing: {TICKET}", timeout=SLOW_MS)
        await expect(current).to_contain_text(f"Owner: {status.view.owner}", timeout=SLOW_MS)
        for clock in status.clocks:
            await expect(current).to_contain_text(f"{clock.clock} {clock.next_threshold} at ")
        await page.screenshot(path=tmp_path / "case.png")
