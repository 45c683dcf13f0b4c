"""A script over the client ends with its own exit code: nothing of the SDK is left when the interpreter ends."""

import asyncio
import sys
from pathlib import Path

from tests.integration.client.people import new_ticket, open_case, quick
from tests.integration.client.test_process import ROOT, environment
from tests.workflow.world import World

SCRIPT = """
import asyncio, psutil, sys
from starter.client import EscalationClient

async def main(ticket):
    try:
        async with EscalationClient.connect() as client:
            await client.status(ticket)
            print(psutil.Process().num_threads() > 1)
    finally:
        print(psutil.Process().num_threads())

asyncio.run(main(sys.argv[1]))
"""


async def ended(world: World, folder: Path, ticket: str) -> tuple[int | None, list[str]]:
    address = world.client.service_client.config.target_host
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", SCRIPT, ticket),
        cwd=ROOT,
        env=environment(address, folder, ESCALATIONS_TASK_QUEUE=world.task_queue),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
    )
    out, _ = await process.communicate()
    return process.returncode, out.decode().split()


async def test_no_thread_of_the_sdk_outlives_the_client(world: World, tmp_path: Path) -> None:
    ticket = new_ticket()
    await open_case(quick(world), ticket)

    assert await ended(world, tmp_path, ticket) == (0, ["True", "1"])


async def test_an_error_that_ends_the_block_does_not_keep_them_either(world: World, tmp_path: Path) -> None:
    assert await ended(world, tmp_path, new_ticket()) == (1, ["1"])
