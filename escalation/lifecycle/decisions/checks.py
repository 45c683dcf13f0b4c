"""Small checks that several commands share."""

from datetime import datetime

from escalation.bounds import HORIZON
from escalation.case.state import State
from escalation.errors import InvalidCommand, NotAllowed

CALM, FURIOUS = 0, 4


def some_text(text: str, field: str) -> None:
    """Refuse an empty text."""
    if not text.strip():
        raise InvalidCommand(f"`{field}` is empty; it must say something")


def must_say_what(next_step: str) -> None:
    """Refuse a time with nothing promised by then: the whole text would be the promise."""
    if not next_step.strip():
        raise InvalidCommand("`next_step` is empty; say what the customer has by the time in `next_by`")


def must_be_owner(state: State, person: str) -> None:
    """Refuse what only the owner may do."""
    if person != state.owner:
        raise NotAllowed(f"`{state.owner}` owns the case, not `{person}`; `reassign` it first")


def frustration_level(level: int, field: str = "frustration") -> None:
    """Refuse a frustration level out of range."""
    if not CALM <= level <= FURIOUS:
        raise InvalidCommand(f"`{field}` is {level}; it goes from {CALM} (calm) to {FURIOUS} (furious)")


def in_the_future(at: datetime, now: datetime, field: str) -> None:
    """Refuse an instant that has passed, is years ahead, or has no time zone."""
    if at.tzinfo is None:
        raise InvalidCommand(f"`{field}` has no time zone; write it with an offset, such as +00:00")
    if at <= now:
        raise InvalidCommand(f"`{field}` is {at.isoformat()}, which has passed; it must lie in the future")
    if at - now > HORIZON:
        raise InvalidCommand(
            f"`{field}` is {at.isoformat()}, more than {HORIZON.days // 366} years ahead; name an earlier one"
        )
