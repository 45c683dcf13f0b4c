"""The version of our own rules that a case follows: the place at which a release may decide differently.

A workflow is replayed from its history after every restart, and has to come to the same decisions as before. So a case
carries the version it was opened under (`State.rules`), and whatever decides otherwise asks for it:

    if draft.state.rules >= 2:
        notify_overseer(draft, notices.…)

The number is carried by facts only: `Opened` and `PolicyApplied` say it, folding them gives it to the state. Nothing else
in the core knows that there are releases. docs/operations.md says how to change a rule; ADR 16 says why it works this way.
"""

from collections.abc import Mapping

from escalation.errors import EscalationError

CHANGES: Mapping[int, str] = {
    1: "the rules of release 0.2",
}
"""Every version, and what it changed. A version that a release ever shipped is never changed or used again."""

DEFAULT = 1
"""The version that new cases follow unless a worker's setting says otherwise.

Every worker of the release before knows it too: that release can take back any case opened under it.
"""


class UnknownRules(EscalationError):
    """A case follows rules that this release does not have; it must not continue here."""

    def __init__(self, rules: int) -> None:
        self.rules = rules
        super().__init__(
            f"the case follows rules {rules}, and this release knows rules {min(CHANGES)} to {latest()}; nothing is "
            "lost: it continues when workers of the newer release run again (docs/operations.md, Changing a rule)"
        )


def latest() -> int:
    """The highest version this release knows."""
    return max(CHANGES)


def require_known(rules: int) -> None:
    """Refuse to decide anything under rules of a later release."""
    if rules not in CHANGES:
        raise UnknownRules(rules)
