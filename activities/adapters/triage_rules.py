"""The triage rules of the policies that this process compiled at its start."""

from collections.abc import Iterable

from activities.errors import UnknownPolicy
from activities.ports.rules import LoadedTriage
from escalation.compiler.compile import Compiled
from escalation.compiler.snapshot import checksum


class Rulebook:
    """Keeps the triage rules of policies that have some in memory: a verdict takes a moment, and nothing is remembered."""

    def __init__(self, compiled: Iterable[Compiled]) -> None:
        self._known = {
            one.policy.name: LoadedTriage(rules=one.triage, checksum=checksum(one.triage))
            for one in compiled
            if one.triage is not None
        }

    async def load(self, policy: str) -> LoadedTriage:
        """The rules of a policy.

        Raises:
            UnknownPolicy: There is no such policy here, or it has no triage rules.
        """
        found = self._known.get(policy)
        if found is None:
            known = ", ".join(sorted(self._known)) or "none"
            raise UnknownPolicy(f"no triage rules for policy `{policy}`; policies with a `triage:` section: {known}")
        return found
