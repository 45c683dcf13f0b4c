"""A case that Temporal has forgotten, as it does after the retention: HTTP answers from the record."""

from typing import Any

import httpx2
import pytest
from temporalio.api.common.v1 import WorkflowExecution
from temporalio.api.workflowservice.v1 import DeleteWorkflowExecutionRequest
from temporalio.client import Client
from temporalio.service import RPCError

from runtime.embedded.stack import EmbeddedStack
from tests.integration.client.people import until
from tests.integration.http.test_rest import listed, opened

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("worker")]

READ = ("", "/timeline", "/history", "/letters")


async def answers(client: httpx2.AsyncClient, ticket: str) -> dict[str, Any]:
    """What each way to read a case answers."""
    found = {each: await client.get(f"/v1/escalations/{ticket}{each}") for each in READ}
    assert {each: one.status_code for each, one in found.items()} == dict.fromkeys(READ, 200)
    return {each: one.json() for each, one in found.items()}


async def forget(stack: EmbeddedStack, ticket: str) -> None:
    """What the retention does; the server deletes in the background."""
    temporal = await Client.connect(stack.temporal_address)
    handle = temporal.get_workflow_handle(f"escalation-{ticket}")
    await handle.result()
    request = DeleteWorkflowExecutionRequest(
        namespace=temporal.namespace, workflow_execution=WorkflowExecution(workflow_id=handle.id)
    )
    await temporal.workflow_service.delete_workflow_execution(request)

    async def is_gone() -> bool:
        try:
            await handle.describe()
        except RPCError:
            return True
        return False

    await until(is_gone, bool, seconds=90)


async def test_a_case_that_temporal_has_forgotten_is_read_from_the_record(
    admin: httpx2.AsyncClient, stack: EmbeddedStack
) -> None:
    await opened(admin, "F-1")
    noted = await admin.post("/v1/escalations/F-1/note", json={"text": "Der Kunde ruft später an."})
    ended = await admin.post("/v1/escalations/F-1/cancel", json={"cause": "withdrawn"})
    assert (noted.status_code, ended.json()["stage"]) == (200, "cancelled")
    await until(lambda: answers(admin, "F-1"), _has_its_last_letter, seconds=30)
    before = await answers(admin, "F-1")

    await forget(stack, "F-1")
    after = await answers(admin, "F-1")

    assert after[""]["view"] == before[""]["view"]
    assert (after["/timeline"], after["/history"]) == (before["/timeline"], before["/history"])
    assert after["/letters"] == before["/letters"]
    assert await answers(admin, "escalation-F-1") == after
    (row,) = await listed(admin, "F-1", include_over="true")
    assert row["stage"] == "cancelled"
    refused = await admin.post("/v1/escalations/F-1/note", json={"text": "too late"})
    assert (refused.status_code, refused.headers["content-type"]) == (404, "application/problem+json")


async def test_a_case_that_neither_temporal_nor_the_record_knows_is_not_found(admin: httpx2.AsyncClient) -> None:
    found = {each: (await admin.get(f"/v1/escalations/F-0{each}")).status_code for each in READ[:-1]}
    assert set(found.values()) == {404}


def _has_its_last_letter(found: dict[str, Any]) -> bool:
    queued = {event["key"] for event in found["/timeline"] if event["kind"] == "message_queued"}
    return len(found["/letters"]) >= len(queued) > 0
