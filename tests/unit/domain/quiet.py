"""A policy with quiet hours, and a case whose messages wait for their end."""

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from escalation.business_time import Hours
from escalation.case.events import MessageHeld, MessagesReleased
from escalation.clocks.deadlines import next_due
from escalation.lifecycle.evolution import fold
from escalation.lifecycle.held_messages import release
from escalation.messages.effects import Deliver, Message
from escalation.quiet_hours import QuietHours
from escalation.vocabulary import CUSTOMER, ClockName
from tests.example_policy import EXAMPLE
from tests.unit.domain.case import Case

NIGHT = ((Hours(opens=21 * 60, closes=31 * 60),),) * 7
"""Every night from 21:00 to 07:00."""
_CLOCKS: Any = {clock: rule for clock, rule in EXAMPLE.clocks.items() if clock is not ClockName.CHECK_IN}
QUIET = replace(EXAMPLE, clocks=_CLOCKS, quiet_hours=QuietHours(customer=NIGHT, staff=NIGHT))
ALL_WAIT = replace(QUIET, quiet_hours=QuietHours(customer=NIGHT, customer_at_once=()))
HOUR = timedelta(hours=1)
MORNING = datetime(2026, 3, 3, 7, 0, tzinfo=UTC)


@dataclass
class Shell:
    """A case whose messages wait and go out as its workflow does it.

    Attributes:
        sent: When what went out to the customer.
    """

    case: Case
    pending: list[Message] = field(default_factory=list)
    sent: list[tuple[datetime, Message]] = field(default_factory=list)

    def do(self, command: Any) -> None:
        self.case.do(command)
        self.collect()

    def collect(self) -> None:
        for message in self.case.messages:
            if message.to == CUSTOMER:
                self.pending.append(message) if message.waits and message.not_before else self.sent.append(
                    (self.case.now, message)
                )
        self.case.messages.clear()

    def wait(self, until: datetime) -> None:
        while self.case.now < until or self.due:
            clock = next_due(self.case.state, self.case.policy)
            moments = [one.not_before for one in self.pending if one.not_before] + ([clock.at] if clock else [])
            self.case.wait(max(min([until, *moments]) - self.case.now, timedelta()))
            self.collect()
            if self.due:
                self.release()

    @property
    def due(self) -> list[Message]:
        return [one for one in self.pending if one.not_before is not None and one.not_before <= self.case.now]

    def release(self) -> None:
        case = self.case
        waited = self.due
        self.pending = [one for one in self.pending if one not in waited]
        decision = release(waited, case.state, case.policy, case.now)
        assert decision.state.runs == case.state.runs
        case.events.extend(decision.events)
        case.current = decision.state
        assert fold(case.events) == decision.state
        self.sent += [(case.now, one.message) for one in decision.effects if isinstance(one, Deliver)]


def at_night(policy: Any = QUIET, **changes: Any) -> Shell:
    """A case of Ann's in UTC that Ana has had since nine in the morning; it is 22:00."""
    shell = Shell(Case.working(policy=policy, **changes))
    shell.case.wait(13 * HOUR)
    shell.case.messages.clear()
    shell.case.events = [one for one in shell.case.events if not isinstance(one, MessageHeld)]
    shell.case.reread_at = 10**9
    return shell


def released(shell: Shell) -> MessagesReleased:
    (event,) = (one for one in shell.case.events if isinstance(one, MessagesReleased))
    return event
