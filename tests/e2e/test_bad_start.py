"""A worker that cannot work says why in one line and ends: no traceback, and nothing was started."""

import asyncio
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import count
from pathlib import Path

import asyncpg
import pytest
from temporalio.api.enums.v1 import TaskQueueType
from temporalio.api.taskqueue.v1 import TaskQueue
from temporalio.api.workflowservice.v1 import DescribeTaskQueueRequest
from temporalio.client import Client

from examples.demo.stage import ROOT
from runtime.embedded.ports import HOST, PortBook
from runtime.embedded.stack import EmbeddedStack
from tests.stack import environment_of

BAD_INPUT, UNREACHABLE = 2, 5
_numbers = count(1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ending:
    """How a program ended."""

    code: int | None
    said: str
    """Everything it wrote, without the last line end."""


@pytest.fixture
def environment(stack: EmbeddedStack) -> dict[str, str]:
    """What a worker needs to run, with its own task queue; only errors are logged."""
    return environment_of(stack, ESCALATIONS_TASK_QUEUE=f"bad-start-{next(_numbers)}", ESCALATIONS_LOG_LEVEL="error")


@pytest.fixture
def closed_port(tmp_path: Path) -> str:
    return f"{HOST}:{PortBook(tmp_path / 'closed.json').take('nobody')}"


async def run_worker(environment: Mapping[str, str], *arguments: str) -> Ending:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        str(ROOT / "worker.py"),
        *arguments,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
        env=dict(environment),
        cwd=ROOT,
    )
    try:
        async with asyncio.timeout(40):
            said, _ = await process.communicate()
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    return Ending(code=process.returncode, said=said.decode().removesuffix("\n"))


async def pollers(stack: EmbeddedStack, queue: str) -> int:
    """How many workers ever asked this queue for work lately; the server remembers them for minutes."""
    client = await Client.connect(stack.temporal_address)
    number = 0
    for kind in (TaskQueueType.TASK_QUEUE_TYPE_WORKFLOW, TaskQueueType.TASK_QUEUE_TYPE_ACTIVITY):
        request = DescribeTaskQueueRequest(
            namespace=client.namespace, task_queue=TaskQueue(name=queue), task_queue_type=kind
        )
        number += len((await client.workflow_service.describe_task_queue(request)).pollers)
    return number


def names_in(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


async def assert_refused(stack: EmbeddedStack, environment: Mapping[str, str], code: int, *words: str) -> Ending:
    ending = await run_worker(environment)

    assert ending.code == code, ending.said
    assert len(ending.said.splitlines()) == 1, ending.said
    assert "Traceback" not in ending.said
    assert [word for word in words if word not in ending.said] == [], ending.said
    assert await pollers(stack, environment["ESCALATIONS_TASK_QUEUE"]) == 0
    return ending


async def test_postgresql_that_does_not_answer(
    stack: EmbeddedStack, environment: dict[str, str], closed_port: str
) -> None:
    environment["ESCALATIONS_DSN"] = f"postgresql://escalations:hidden-word@{closed_port}/escalations"

    ending = await assert_refused(stack, environment, UNREACHABLE, closed_port)
    assert "hidden-word" not in ending.said


async def test_temporal_that_does_not_answer(
    stack: EmbeddedStack, environment: dict[str, str], closed_port: str
) -> None:
    environment["TEMPORAL_ADDRESS"] = closed_port

    await assert_refused(stack, environment, UNREACHABLE, f"No Temporal server at {closed_port}", "worker.py --dev")


async def test_a_policy_that_contradicts_itself(
    stack: EmbeddedStack, environment: dict[str, str], tmp_path: Path
) -> None:
    (tmp_path / "policies").mkdir()
    environment["ESCALATIONS_POLICIES_DIR"] = str(tmp_path / "policies")
    text = (ROOT / "policies" / "demo.yaml").read_text(encoding="utf-8")
    lines = text.splitlines()
    line = lines.index("  first_response:") + 2
    torn = [*lines[: line - 1], lines[line - 1].replace("SEV1: 8s", "SEV1: 13s"), *lines[line:]]  # solved within 12
    (tmp_path / "policies" / "torn.yaml").write_text("\n".join(torn), encoding="utf-8")

    await assert_refused(stack, environment, BAD_INPUT, f"torn.yaml:{line}: the first response to SEV1")


async def test_a_setting_that_makes_no_sense(stack: EmbeddedStack, environment: dict[str, str]) -> None:
    environment["ESCALATIONS_DSN"] = "mysql://escalations:hidden-word@localhost/escalations"

    ending = await assert_refused(stack, environment, BAD_INPUT, "ESCALATIONS_DSN")
    assert "hidden-word" not in ending.said


async def test_with_dev_a_bad_start_brings_up_no_server_either(environment: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / "none").mkdir()
    environment |= {"ESCALATIONS_POLICIES_DIR": str(tmp_path / "none"), "ESCALATIONS_DATA_DIR": str(tmp_path / "data")}
    for name in ("TEMPORAL_ADDRESS", "ESCALATIONS_DSN", "ESCALATIONS_SMTP_HOST", "ESCALATIONS_SMTP_PORT"):
        del environment[name]

    ending = await run_worker(environment, "--dev")

    assert ending.code == BAD_INPUT
    assert ending.said.startswith(f"ESCALATIONS_POLICIES_DIR: `{tmp_path / 'none'}` holds no policy")
    assert names_in(tmp_path) == {"none"}


async def test_a_database_without_the_schema(stack: EmbeddedStack, environment: dict[str, str]) -> None:
    connection = await asyncpg.connect(stack.dsn)
    await connection.execute("CREATE DATABASE bare")
    await connection.close()
    environment["ESCALATIONS_DSN"] = stack.dsn.replace("/escalations?", "/bare?")

    await assert_refused(stack, environment, UNREACHABLE, "migrate")


async def test_a_namespace_that_does_not_exist(stack: EmbeddedStack, environment: dict[str, str]) -> None:
    environment["TEMPORAL_NAMESPACE"] = "nope"

    await assert_refused(
        stack, environment, UNREACHABLE, "has no namespace `nope`", "temporal operator namespace create"
    )


async def test_everything_that_is_wrong_is_said_at_once(environment: dict[str, str], closed_port: str) -> None:
    environment |= {
        "TEMPORAL_NAMESPACE": "nope",
        "ESCALATIONS_DSN": f"postgresql://escalations@{closed_port}/escalations",
    }

    ending = await run_worker(environment)

    assert ending.code == UNREACHABLE
    assert len(ending.said.splitlines()) == 2, ending.said
    assert "has no namespace `nope`" in ending.said
    assert closed_port in ending.said


async def test_a_metrics_port_that_is_in_use(stack: EmbeddedStack, environment: dict[str, str]) -> None:
    environment["ESCALATIONS_METRICS_ADDRESS"] = stack.temporal_address

    await assert_refused(stack, environment, BAD_INPUT, "ESCALATIONS_METRICS_ADDRESS", "the port is in use")
