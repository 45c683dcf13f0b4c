"""A worker that receives a stop signal."""

from pathlib import Path

from runtime.embedded.stack import EmbeddedStack
from tests.stack import environment_of, running_worker


async def test_a_worker_that_is_asked_to_stop_says_so_and_ends_with_code_0(
    stack: EmbeddedStack, tmp_path: Path
) -> None:
    log = tmp_path / "worker.log"
    async with running_worker(log, environment_of(stack, ESCALATIONS_TASK_QUEUE="told-to-stop")) as worker:
        await worker.stop()
        assert worker.process is not None
        assert worker.process.returncode == 0
    said = log.read_text(encoding="utf-8")
    assert '"worker stopping"' in said
    assert "Fatal Python error" not in said
