"""Lives to replay in tests, in hours since Monday 09:00."""

from datetime import datetime, timedelta

from escalation.case.commands import SupportCommand
from escalation.case.events import Event, ThresholdReached
from escalation.messages.effects import AssignOwner, FindApprover
from escalation.policy import Policy
from simulation import Life, Replay
from simulation.exports import Step
from simulation.outcomes import Lived
from simulation.staffing import Lack
from tests.example_policy import EXAMPLE, REF
from tests.unit.domain.case import MONDAY, anybody, opening, since


class Staff:
    """The people of the domain's own tests."""

    def knows(self, person: str) -> bool:  # noqa: ARG002 (anyone)
        return True

    def book(self, ticket: str, wanted: AssignOwner, at: datetime) -> str | None:  # noqa: ARG002 (always there)
        return anybody(wanted)

    def release(self, ticket: str, offer: int, at: datetime) -> None:
        """No one is ever busy."""

    def on_shift_until(self, person: str, at: datetime) -> datetime | None:  # noqa: ARG002 (no one goes home)
        return None

    def zone(self, person: str) -> str | None:
        return None if person == "overseer" else "UTC"

    def approver(self, wanted: FindApprover, at: datetime) -> str | None:  # noqa: ARG002 (the overseer decides)
        return None

    def lack(self, wanted: AssignOwner, at: datetime) -> Lack:  # noqa: ARG002 (the caller knows)
        return Lack.NOBODY_THERE


class Nobody(Staff):
    def book(self, ticket: str, wanted: AssignOwner, at: datetime) -> str | None:  # noqa: ARG002 (no one is there)
        return None


def life(
    *steps: tuple[float, SupportCommand], met: bool | None = None, start: datetime = MONDAY, **changes: object
) -> Life:
    """A life with these commands, a number of hours after its opening."""
    return Life(
        opened_at=start,
        open=opening(**changes),
        steps=tuple(Step(at=start + timedelta(hours=hours), command=command) for hours, command in steps),
        met=met,
    )


def lived(*steps: tuple[float, SupportCommand], policy: Policy = EXAMPLE, **changes: object) -> Lived:
    return Replay(policy, REF, Staff()).live(life(*steps, met=None, start=MONDAY, **changes))


def fired(events: tuple[Event, ...]) -> list[tuple[str, str]]:
    """Thresholds and when they fired, as the domain's tests tell them."""
    return [
        (f"{event.clock} {event.threshold}", since(event.at)) for event in events if isinstance(event, ThresholdReached)
    ]


def kinds(found: Lived) -> list[str]:
    return [event.kind for event in found.events]
