"""A request of a vendor, read into events."""

from escalation.intake.delivery import Delivery, Request, Unreadable, Words
from escalation.intake.source import Source


def read(source: Source, request: Request, words: Words) -> Delivery:
    """What a request says, whatever its body holds.

    Args:
        source: Whose mapping reads it.
        request: As it came in; its signature was verified.
        words: Cuts messages down to what their senders wrote.

    Raises:
        Unreadable: The body is not what the vendor sends.
    """
    del request, words
    raise Unreadable(f"{source.name} has no mapping yet")
