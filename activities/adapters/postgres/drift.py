"""Checks the record for drift: events must fold to the stored view, and bookings must match the events."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, fields, replace
from datetime import datetime
from typing import TYPE_CHECKING

from activities.adapters.postgres.statements import queries
from escalation.case.codec import event_from_json, from_json
from escalation.case.state import State
from escalation.case.values import PolicyRef
from escalation.lifecycle.evolution import NotOpened, fold
from escalation.lifecycle.view import CaseView
from escalation.lifecycle.viewing import view_of
from escalation.policy import Policy

if TYPE_CHECKING:
    from asyncpg import Record

    from activities.adapters.postgres.database import Connection, Database

PAGE = 200  # escalations whose timelines are read and folded at a time


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """One escalation in the record, and where the record disagrees with itself."""

    escalation: str
    stage: str
    as_of: datetime
    drift: str = ""  # where the events differ from the stored view; empty if they agree
    booking: str = ""  # who is booked although the events say otherwise; empty for no one


class Comparison:
    """Reads the whole record page by page, so that it may hold any number of escalations."""

    def __init__(self, database: "Database") -> None:
        self._database = database
        self._sql = queries("reports")
        self._policies = queries("policies")
        self._known: dict[PolicyRef, Policy | None] = {}

    async def standings(self) -> AsyncIterator[Standing]:
        """Every escalation of the record, in the order of their ids; each page is taken from one moment."""
        last = ""
        while True:
            async with self._database.snapshot() as connection:
                rows = await connection.fetch(self._sql["standing"], last, PAGE)
                page = await self._compared(connection, rows)
            for standing in page:
                yield standing
            if len(rows) < PAGE:
                return
            last = rows[-1]["id"]

    async def _compared(self, connection: "Connection", rows: Sequence["Record"]) -> list[Standing]:
        ids = [row["id"] for row in rows]
        timelines: dict[str, list[str]] = {one: [] for one in ids}
        for event in await connection.fetch(self._sql["timelines"], ids):
            timelines[event["escalation"]].append(event["data"])
        booked = {row["escalation"]: row for row in await connection.fetch(self._sql["booked"], ids)}
        return [await self._one(connection, row, timelines[row["id"]], booked.get(row["id"])) for row in rows]

    async def _one(
        self, connection: "Connection", row: "Record", timeline: Sequence[str], booked: "Record | None"
    ) -> Standing:
        standing = Standing(escalation=row["id"], stage=row["stage"], as_of=row["as_of"])
        try:
            state = fold(map(event_from_json, timeline))
            stored = from_json(CaseView, row["view"])
        except (NotOpened, LookupError, ValueError) as error:
            return replace(standing, drift=f"its events or its view cannot be read: {type(error).__name__}")
        if state.seq != row["last_seq"]:
            return standing  # a gap or a stale view, which the audit names by itself
        policy = await self._policy(connection, state.policy)
        if policy is None:
            name = f"policy `{state.policy.name}`, version {state.policy.version}"
            return replace(standing, drift=f"{name}, is not stored, so its view cannot be compared")
        return replace(standing, drift=_difference(view_of(state, policy), stored), booking=_stray(state, booked))

    async def _policy(self, connection: "Connection", ref: PolicyRef) -> Policy | None:
        if ref not in self._known:
            row = await connection.fetchrow(self._policies["load"], ref.name, ref.version)
            self._known[ref] = None if row is None else from_json(Policy, row["compiled"])
        return self._known[ref]


def _difference(folded: CaseView, stored: CaseView) -> str:
    differing = [one.name for one in fields(CaseView) if getattr(folded, one.name) != getattr(stored, one.name)]
    return f"its events differ from its view: {', '.join(differing)}" if differing else ""


def _stray(state: State, booked: "Record | None") -> str:
    if booked is None or not state.is_open or (state.offer_booked and booked["offer"] == state.offer):
        return ""
    return f"{booked['person']} is booked by offer {booked['offer']}, which the case has given back"
