"""The stored lives of `tests/replay`, replayed through their workflows."""

from typing import Any

from tests.behaviour.canonical import plain, skeleton
from tests.behaviour.watching import Group
from tests.replay.replaying import listen
from tests.replay.store import CASES, INCIDENTS, Shelf
from workflows.escalation import EscalationWorkflow
from workflows.incident import IncidentWorkflow


async def replay_cases(group: Group) -> None:
    """Every stored escalation."""
    await _replay(group, CASES, EscalationWorkflow)


async def replay_incidents(group: Group) -> None:
    """Every stored incident."""
    await _replay(group, INCIDENTS, IncidentWorkflow)


class _Asked:
    """Takes down what activities are given, and the result."""

    ended: Any = None

    def __init__(self, group: Group) -> None:
        self._group = group

    def take_down(self, activity_input: object) -> None:
        self._group.add("activities", skeleton(activity_input))


async def _replay(group: Group, shelf: Shelf[Any], workflow: type) -> None:
    for name in shelf.names():
        asked = _Asked(group)
        await listen(shelf.load(name).runs, workflow, asked)
        group.add("activities", [name, plain(asked.ended)])
