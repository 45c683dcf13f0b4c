"""A fired threshold, with the keys and facts of its messages."""

from dataclasses import dataclass
from datetime import datetime

from escalation.business_time import Duration, OpenTime
from escalation.clock_rules import Basis
from escalation.clocks.deadlines import Due
from escalation.messages import keys, notices
from escalation.messages.notices import ClockNoticeKind

MINUTE = 60


@dataclass(frozen=True, slots=True)
class Fired:
    """A threshold that was reached."""

    due: Due
    late: bool  # whether it fired later than the policy takes for normal
    at: datetime
    unsaid: bool = False  # whether its reminders are left out, because several went out in a row

    @property
    def name(self) -> str:
        """Clock and threshold, for people of the team."""
        return f"{self.due.clock} {self.due.threshold.name}"

    @property
    def key(self) -> str:
        """The business key of messages to the team about it."""
        return keys.reached(self.due)

    @property
    def customer_key(self) -> str:
        """The business key of the message to the customer about it."""
        return keys.addressed(self.key)

    @property
    def target(self) -> datetime:
        """The deadline that was reached, or is to come; the instant of the threshold where the deadline is not known."""
        return self.due.at if self.due.target_is_open else self.due.target

    @property
    def _by(self) -> Duration | None:
        """The time before or after the deadline; what is really left, where that is less than the threshold says."""
        by, left = self.due.threshold.by, int((self.due.target - self.at).total_seconds())
        is_short = isinstance(by, OpenTime) and self.due.threshold.basis is Basis.BEFORE and 0 < left < by.seconds
        return OpenTime(left if left < MINUTE else left // MINUTE * MINUTE) if is_short else by

    def notice(
        self, kind: ClockNoticeKind, due: datetime | None = None, approval: notices.Approval | None = None
    ) -> notices.Clock:
        """A notice of the threshold.

        Args:
            due: The instant it is about, aware UTC; that of the threshold where it is left out.
            approval: What is asked for, where the clock is about that.
        """
        reached = self.due.threshold
        return notices.Clock(
            kind=kind,
            clock=self.due.clock,
            basis=reached.basis,
            percent=reached.percent,
            by=self._by,
            due=due or self.due.at,
            late=self.late,
            approval=approval,
        )
