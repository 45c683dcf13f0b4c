"""Compiled policies on PostgreSQL: `policies`."""

from collections.abc import Callable
from datetime import date, datetime

from activities.adapters.postgres.database import Database
from activities.adapters.postgres.statements import Statements
from activities.adapters.postgres.wire import json_text
from activities.contracts import LoadedPolicy
from activities.errors import UnknownPolicy
from escalation.case.codec import from_json
from escalation.case.values import PolicyRef
from escalation.policy import Policy


class Policies:
    """Compiled policies, by name and version. The newest of a name is the one stored last."""

    def __init__(self, database: Database, clock: Callable[[], datetime]) -> None:
        self._database = database
        self._clock = clock
        self._sql = Statements(database, "policies")

    async def load(self, name: str, version: int = 0) -> LoadedPolicy:
        """See the port."""
        row = await self._sql.row("load", name, version)
        if row is None:
            which = f"version {version} of policy `{name}`" if version else f"policy `{name}`"
            raise UnknownPolicy(f"there is no {which}; a worker stores the files of its policies folder at its start")
        ref = PolicyRef(name=row["name"], version=row["version"], checksum=row["checksum"])
        return LoadedPolicy(ref=ref, policy=from_json(Policy, row["compiled"]))

    async def store(self, policy: Policy, checksum: str, *, review_by: date | None = None) -> PolicyRef:
        """Keep it; the same checksum is kept once, a changed one becomes the next version.

        Storing an earlier version again, as after undoing an edit, makes it the newest under its old number.

        Args:
            review_by: Until when people should look through it again; None for no date.
        """
        async with self._database.transaction() as connection:
            await connection.execute(self._sql["one_at_a_time"])
            latest = await connection.fetchrow(self._sql["latest"], policy.name)
            if latest is not None and latest["checksum"] == checksum:
                version = latest["version"]
            else:
                version = await connection.fetchval(
                    self._sql["store"], policy.name, checksum, json_text(policy), self._clock()
                )
            await connection.execute(self._sql["review_by"], policy.name, version, review_by)
        return PolicyRef(name=policy.name, version=version, checksum=checksum)
