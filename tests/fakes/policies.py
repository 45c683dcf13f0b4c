"""Compiled policies in memory."""

from activities.contracts import LoadedPolicy
from activities.errors import DatabaseUnavailable, UnknownPolicy
from escalation.case.codec import from_json, to_json
from escalation.case.values import PolicyRef
from escalation.policy import Policy


class Policies:
    """Compiled policies in memory; each goes through JSON, as it would through a database.

    Attributes:
        down: Whether it does not answer.
    """

    def __init__(self) -> None:
        self.down = False
        self._versions: dict[str, list[tuple[str, str]]] = {}
        self._newest: dict[str, int] = {}

    async def load(self, name: str, version: int = 0) -> LoadedPolicy:
        if self.down:
            raise DatabaseUnavailable("the policies are unreachable")
        versions = self._versions.get(name, [])
        number = version or self._newest.get(name, 0)
        if not 1 <= number <= len(versions):
            raise UnknownPolicy(f"there is no policy `{name}`, version {version}")
        checksum, text = versions[number - 1]
        ref = PolicyRef(name=name, version=number, checksum=checksum)
        return LoadedPolicy(ref=ref, policy=from_json(Policy, text))

    async def store(self, policy: Policy, checksum: str) -> PolicyRef:
        versions = self._versions.setdefault(policy.name, [])
        known = [stored for stored, _ in versions]
        if checksum not in known:
            versions.append((checksum, to_json(policy)))
            known.append(checksum)
        number = known.index(checksum) + 1
        self._newest[policy.name] = number
        return PolicyRef(name=policy.name, version=number, checksum=checksum)
