"""The logs of `examples`, as `escalations simulate` replays them."""

from pathlib import Path

from tests.behaviour.watching import Group
from tests.unit.starter.desk import Desk

ROOT = Path(__file__).parents[2]
EXAMPLES = ROOT / "examples"


async def replay_sample(group: Group) -> None:
    """The shared sample: incidents of a ServiceNow instance."""
    await _simulate(group, EXAMPLES / "incidents.csv")


async def replay_log(group: Group) -> None:
    """A log with a mapping."""
    await _simulate(group, EXAMPLES / "events" / "tickets.csv", "--mapping", str(EXAMPLES / "events" / "mapping.yaml"))


async def _simulate(group: Group, log: Path, *options: str) -> None:
    policy = ROOT / "policies" / "default.yaml"
    ended = await Desk()(
        *("simulate", "--policy", str(policy), "--log", str(log), *options, "--processes", "1", "--json")
    )
    if ended.code:
        raise SystemExit(f"`simulate` ended with {ended.code}: {ended.err}")
    group.add("report", ended.json["report"])
