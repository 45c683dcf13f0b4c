"""Ports that can be out of reach for a while."""

import asyncio
from dataclasses import replace

from activities.contracts import AssignInput, LoadedPolicy, RecordInput
from activities.errors import ActivityError, DatabaseUnavailable, RecordConflict
from escalation.vocabulary import Category
from tests import fakes
from tests.workflow.world import real_now, staff


class Policies(fakes.Policies):
    """A store of policies that answers nothing while it is down."""

    def __init__(self) -> None:
        super().__init__()
        self.down = False
        self.asked = 0

    async def load(self, name: str, version: int = 0) -> LoadedPolicy:
        self.asked += 1
        if self.down:
            raise DatabaseUnavailable("no answer")
        return await super().load(name, version)


class Directory(fakes.Directory):
    """A directory that books and releases no one while it is down, and lets bookings wait for a gate."""

    def __init__(self) -> None:
        super().__init__(staff(), real_now)
        self.down = False
        self.fault: ActivityError | None = None
        self.gate: asyncio.Event | None = None
        self.after = 0.05
        self.asked = 0

    async def assign(self, request: AssignInput) -> str | None:
        self.asked += 1
        self._answer()
        if self.gate is not None:
            await self.gate.wait()
        return await super().assign(request)

    async def release(self, escalation: str, offer: int) -> None:
        self._answer()
        await super().release(escalation, offer)

    def _answer(self) -> None:
        if self.fault is not None:
            raise self.fault
        if self.down:
            raise DatabaseUnavailable("no answer", after=self.after)


class Records(fakes.Records):
    """A record that takes nothing while `refuses` is set, and is read as usual."""

    def __init__(self) -> None:
        super().__init__()
        self.refuses = False

    async def append(self, batch: RecordInput) -> None:
        if self.refuses:
            raise RecordConflict("another event is there")
        await super().append(batch)


def without(category: Category) -> fakes.Directory:
    """A directory in which no one has the skill."""
    directory = fakes.Directory(staff(), real_now)
    for member in directory.members.values():
        directory.members[member.id] = replace(
            member, skills=tuple(skill for skill in member.skills if skill != category.value)
        )
    return directory
