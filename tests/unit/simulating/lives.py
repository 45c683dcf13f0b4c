"""Lives to replay in tests, told by hours since Monday 09:00."""

from datetime import datetime, timedelta

from escalation.commands import SupportCommand
from escalation.effects import AssignOwner
from escalation.events import Event, ThresholdReached
from escalation.policy import Policy
from starter.importing import Step
from starter.simulating import Life, Replay
from starter.simulating.replay import Lived
from tests.example_policy import EXAMPLE, REF
from tests.unit.domain.case import MONDAY, anybody, opening, since


class Staff:
    """The people of the domain's own tests."""

    def book(self, ticket: str, wanted: AssignOwner, at: datetime) -> str | None:  # noqa: ARG002 (always there)
        return anybody(wanted)

    def release(self, ticket: str, offer: int) -> None:
        """Nobody is ever busy."""


class Nobody(Staff):
    def book(self, ticket: str, wanted: AssignOwner, at: datetime) -> str | None:  # noqa: ARG002 (nobody is there)
        return None


def life(*steps: tuple[float, SupportCommand], met: bool | None = None, **changes: object) -> Life:
    """A life with these commands, so many hours after its opening."""
    return Life(
        opened_at=MONDAY,
        open=opening(**changes),
        steps=tuple(Step(at=MONDAY + timedelta(hours=hours), command=command) for hours, command in steps),
        met=met,
    )


def lived(*steps: tuple[float, SupportCommand], policy: Policy = EXAMPLE, **changes: object) -> Lived:
    return Replay(policy, REF, Staff()).live(life(*steps, met=None, **changes))


def fired(events: tuple[Event, ...]) -> list[tuple[str, str]]:
    """Thresholds and when they fired, as the domain's tests tell them."""
    return [
        (f"{event.clock} {event.threshold}", since(event.at)) for event in events if isinstance(event, ThresholdReached)
    ]


def kinds(found: Lived) -> list[str]:
    return [event.kind for event in found.events]
