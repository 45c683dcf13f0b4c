"""A threshold that fired, and what messages about it are called and say."""

from dataclasses import dataclass

from escalation.clocks.deadlines import Due
from escalation.messages.effects import Notice
from escalation.vocabulary import CUSTOMER, NoticeKind


@dataclass(frozen=True, slots=True)
class Fired:
    """A threshold that was reached.

    Attributes:
        due: Which one.
        late: Whether it fired later than the policy takes for normal.
    """

    due: Due
    late: bool

    @property
    def name(self) -> str:
        """Clock and threshold, for people of the team."""
        return f"{self.due.clock} {self.due.threshold.name}"

    @property
    def key(self) -> str:
        """The business key of messages to the team about it."""
        return f"{self.due.clock}/{self.due.cycle}/{self.due.threshold.name}"

    @property
    def customer_key(self) -> str:
        """The business key of the message to the customer about it."""
        return f"{self.key}/{CUSTOMER}"

    def notice(self, about: NoticeKind) -> Notice:
        """A notice of the threshold and its instant."""
        return Notice(about=about, text=self.name, due=self.due.at, late=self.late)

    def notice_of_target(self, about: NoticeKind, text: str = "") -> Notice:
        """A notice that names the deadline, not the threshold that was reached before or after it."""
        known = self.due.timing.reached_before_pause(self.due.target)
        return Notice(
            about=about, text=text or self.name, due=self.due.target if known else self.due.at, late=self.late
        )
