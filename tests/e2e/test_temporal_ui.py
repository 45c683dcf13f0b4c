"""The Temporal UI reads like the case: found by its search attribute, with summary, details and the named timer."""

import re
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import quote

import pytest
from playwright.async_api import Page, expect
from temporalio.client import Client

from escalation.case.commands import SUPPORT_COMMANDS, Acknowledge, Customer, MakePromise, Open
from escalation.case.events import Noted
from escalation.vocabulary import Category, Reason, Severity, Stage
from runtime.embedded.stack import EmbeddedStack
from starter.client import EscalationClient
from tests.browser import needs_chromium, running_browser
from tests.integration.client.people import until
from tests.stack import environment_of, running_worker
from workflows.contract import Status
from workflows.converter import DATA_CONVERTER

SLOW_MS = 20_000
TICKET, JSON_TICKET, SENT_TICKET = "UI-1", "UI-2", "UI-3"
QUEUE = "ui"
SAID_OF_A_NOTE = (
    "Record progress; the customer does not see it. JSON: by, text; optional: tried, checked, duplicate, undone, apart"
)
PAGES = "https://escalations.example.com"


@pytest.fixture
async def page() -> AsyncIterator[Page]:
    async with running_browser() as browser:
        page = await browser.new_page(viewport={"width": 1500, "height": 1100})
        page.set_default_timeout(SLOW_MS)
        yield page


async def working_case(client: EscalationClient, ticket: str = TICKET) -> Status:
    """An escalation with an owner, with a promise as the next thing due."""
    await client.open(
        Open(
            ticket=ticket,
            summary="Invoices are sent twice",
            customer=Customer(id="c-1", name="Ann", address="ann@example.com"),
            severity=Severity.SEV2,
            category=Category.BILLING,
            reasons=(Reason.UNRESOLVED,),
            by="desk",
        )
    )
    status = await until(lambda: client.status(ticket), lambda status: status.view.stage is Stage.OFFERED)
    owner = status.view.offered_to
    await client.send(ticket, Acknowledge(by=owner))
    eta = datetime.now(UTC) + timedelta(hours=2)  # noqa: TID251 (a promise to be kept in real time)
    await client.send(ticket, MakePromise(what="A corrected invoice", at=eta, by=owner))
    return await client.status(ticket)


async def notes_of(client: EscalationClient, ticket: str) -> list[tuple[str, str]]:
    """Who noted what, in order."""
    return [(event.by, event.text) for event in await client.timeline(ticket) if isinstance(event, Noted)]


@needs_chromium
async def test_an_operator_finds_the_case_and_sees_what_it_waits_for(
    stack: EmbeddedStack, page: Page, tmp_path: Path
) -> None:
    environment = environment_of(stack, ESCALATIONS_TASK_QUEUE=QUEUE, ESCALATIONS_PUBLIC_URL=PAGES)
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
        link = current.get_by_role("link", name="Open the case")
        await expect(link).to_have_attribute("href", f"{PAGES}/agent/cases/escalation-{TICKET}")
        await page.screenshot(path=tmp_path / "case.png")


async def test_an_operator_sends_a_command_as_plain_json(stack: EmbeddedStack, tmp_path: Path) -> None:
    async with running_worker(tmp_path / "worker.log", environment_of(stack, ESCALATIONS_TASK_QUEUE=QUEUE)):
        ours = await Client.connect(stack.temporal_address, data_converter=DATA_CONVERTER)
        client = EscalationClient(ours, QUEUE)
        owner = (await working_case(client, JSON_TICKET)).view.owner

        plain = await Client.connect(stack.temporal_address)
        handle = plain.get_workflow_handle(f"escalation-{JSON_TICKET}")
        answer = await handle.execute_update("note", {"by": owner, "text": "Looked at it with the operator"})

        assert answer["stage"] == "working"
        assert await notes_of(client, JSON_TICKET) == [(owner, "Looked at it with the operator")]


@needs_chromium
async def test_an_operator_finds_every_command_in_the_ui_and_sends_one_as_plain_json(
    stack: EmbeddedStack, page: Page, tmp_path: Path
) -> None:
    async with running_worker(tmp_path / "worker.log", environment_of(stack, ESCALATIONS_TASK_QUEUE=QUEUE)):
        client = EscalationClient(await Client.connect(stack.temporal_address, data_converter=DATA_CONVERTER), QUEUE)
        owner = (await working_case(client, SENT_TICKET)).view.owner

        await page.goto(f"{stack.ui_url}/namespaces/default/workflows/escalation-{SENT_TICKET}")
        await page.get_by_role("button", name="More Actions").press("Enter")
        await page.get_by_role("menuitem", name="Send an Update").click()
        dialog = page.get_by_role("dialog").filter(visible=True)
        await dialog.get_by_test_id("update-select-button").click()
        await dialog.get_by_role("option").get_by_text("note", exact=True).wait_for()
        listed = await dialog.get_by_role("option").all_inner_texts()
        await page.screenshot(path=tmp_path / "commands.png")
        await dialog.get_by_role("option").get_by_text("note", exact=True).click()
        await dialog.get_by_role("textbox", name="Data").fill(f'{{"by": "{owner}", "text": "Sent from the UI"}}')
        await page.screenshot(path=tmp_path / "note.png")
        # By key: the editor formats its text when it loses the focus, which moves the button away from a click.
        await dialog.get_by_role("button", name="Submit").press("Enter")

        noted = await until(lambda: notes_of(client, SENT_TICKET), bool)
    assert {said.split("\n")[0] for said in listed} >= set(SUPPORT_COMMANDS)
    assert [said for said in listed if said.startswith("note")] == [f"note\n{SAID_OF_A_NOTE}"]
    assert noted == [(owner, "Sent from the UI")]


async def test_every_view_that_operations_proposes_is_one_that_the_server_takes(stack: EmbeddedStack) -> None:
    document = (Path(__file__).parents[2] / "docs" / "operations.md").read_text(encoding="utf-8")
    table = document.partition("Queries worth saving")[2].partition("\n\nCommands")[0]
    queries = re.findall(r"\| `(.*)` \|$", table, re.MULTILINE)
    temporal = await Client.connect(stack.temporal_address)
    assert len(queries) == 5
    for query in queries:
        assert (await temporal.count_workflows(query)).count >= 0
