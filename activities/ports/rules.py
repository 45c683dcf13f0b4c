"""The ports to policies, triage rules and how a text sounds."""

from dataclasses import dataclass
from typing import Protocol

from activities.contracts import LoadedPolicy
from escalation.case.values import PolicyRef
from escalation.policy import Policy
from escalation.triage.rules import TriageRules


class Policies(Protocol):
    """Compiled policies, by name and version."""

    async def load(self, name: str, version: int = 0) -> LoadedPolicy:
        """The policy; version 0 is the newest.

        Raises:
            UnknownPolicy: There is none of this name or version.
        """

    async def store(self, policy: Policy, checksum: str) -> PolicyRef:
        """Keep it; the same checksum is kept once, a changed one becomes the next version."""


class Sentiment(Protocol):
    """Judges the tone of a text."""

    def tone(self, text: str, language: str) -> float | None:
        """-1 (worst) to 1 (best), the same for the same text; None where it cannot judge the language, or is not told."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadedTriage:
    """The triage rules of a policy."""

    rules: TriageRules
    checksum: str  # SHA-256 over their canonical JSON, hex


class Rulebook(Protocol):
    """The triage rules that a worker knows, by the name of their policy."""

    async def load(self, policy: str) -> LoadedTriage:
        """The rules.

        Raises:
            UnknownPolicy: There is no such policy, or it has no triage rules.
        """
