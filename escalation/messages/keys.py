"""Keys of messages and other effects: made of business facts, never of an attempt number, so that a repeat is recognised.

A key is unique within its escalation; `message_id` makes it unique among all escalations. The values are stored in
ledgers and histories and never change.
"""

from hashlib import blake2b

from escalation.case.naming import SEPARATOR, life_of, workflow_id
from escalation.clocks.deadlines import Due
from escalation.message_kinds import MessageKind
from escalation.vocabulary import CUSTOMER


def numbered(kind: MessageKind, number: int) -> str:
    """Of the nth message of a kind."""
    return f"{kind}/{number}"


def reached(due: Due) -> str:
    """Of what a threshold causes; it fires once in each cycle of its clock."""
    return f"{due.clock}/{due.cycle}/{due.threshold.name}"


def bulletin(incident: str, number: int) -> str:
    """Of what an incident's bulletin causes."""
    return f"bulletin/{incident}/{number}"


def undelivered(key: str, *, bounced: bool) -> str:
    """Of the notice that the message with this key reached no one."""
    return f"{'bounced' if bounced else 'failed'}/{key}"


def search(offer: int) -> str:
    """Of the search for the person to whom an offer goes."""
    return f"assign/{offer}"


def search_delayed(offer: int) -> str:
    """Of the notice that the directory does not answer a search."""
    return f"{search(offer)}/delayed"


def release(offer: int) -> str:
    """Of giving back the booking of an offer."""
    return f"release/{offer}"


def approver(approval: int) -> str:
    """Of the search for a person who can decide on a request for approval."""
    return f"approver/{approval}"


def offered(offer: int, person: str) -> str:
    """Of the message that offers the case to a person."""
    return addressed(f"{MessageKind.OFFER}/{offer}", person)


def addressed(key: str, to: str = CUSTOMER) -> str:
    """Of the message to one recipient among all messages that have the same cause."""
    return f"{key}/{to}"


def kind_in(key: str) -> MessageKind | None:
    """The kind of the message with this key; None where the key names a threshold or an incident instead."""
    name = key.partition("/")[0]
    return MessageKind(name) if name in set(MessageKind) else None


def message_id(escalation: str, key: str) -> str:
    """The name of a message among all messages of all lives, such as `escalation-777/~2/receipt-1`; empty without a key.

    Those of one ticket begin alike, so that a mail filter finds them all.
    """
    if not key:
        return ""
    of = life_of(escalation)
    return f"{workflow_id(of.ticket)}/{key}" if of.life == 1 else f"{workflow_id(of.ticket)}/{SEPARATOR}{of.life}/{key}"


def mail_mark(key: str, secret: str = "") -> str:
    """The part before the `@` in the Message-ID of the mail with this key, as `message_id` makes it.

    Args:
        key: Of the message; anyone who knows the ticket's number can write it down.
        secret: Without it the mark could be worked out as well, and a report of a bounce, or an answer, forged.
    """
    signing = blake2b(secret.encode()).digest() if secret else b""
    return blake2b(key.encode("utf-8", "replace"), digest_size=16, key=signing).hexdigest()
