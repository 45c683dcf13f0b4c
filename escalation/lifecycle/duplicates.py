"""Whether work can continue in the case that a duplicate names: its letter promises the customer an answer there."""

from escalation.errors import InvalidCommand
from escalation.lifecycle.view import CaseView
from escalation.vocabulary import OVER


def must_continue_in(named: str, other: CaseView | None, view: CaseView, *, anyway: bool = False) -> None:
    """Refuse a duplicate whose letter could not come true.

    Args:
        named: Ticket number in which work shall continue.
        other: Its newest escalation; None where it has none that is known.
        anyway: Whether the letter promises no answer there: then any case that is known will do.
    """
    ticket = f"`duplicate_of` is `{named}`"
    if other is None:
        raise InvalidCommand(f"{ticket}, which is not escalated; check the number, or escalate that ticket first")
    if anyway:
        return
    if other.customer.id != view.customer.id:
        raise InvalidCommand(
            f"{ticket}, whose customer is not that of this case and would hear nothing there; name a case of the same "
            "customer, link both cases to an incident if they have the same cause, or set `anyway`: then the letter names no other case"
        )
    if other.stage in OVER:
        raise InvalidCommand(
            f"{ticket}, whose escalation is {other.stage.value}, so no one would answer there; escalate that ticket "
            "again first, continue in this case, or set `anyway`: then the letter names no other case"
        )
