"""A parsed mail."""

from dataclasses import dataclass
from datetime import datetime

OWN_HEADER = "X-Escalation-Key"  # carries the key of the message in every mail that we send


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """A recipient whom a mail did not reach, or not yet."""

    address: str  # of the recipient; empty where the report does not name one
    permanent: bool  # whether the address is at fault for good
    status: str = ""  # enhanced status code of RFC 3463; empty where none is known
    action: str = "failed"  # `failed` where delivery was given up, `delayed` where it is tried again


@dataclass(frozen=True, slots=True, kw_only=True)
class Mail:
    """A parsed mail."""

    sender: str = ""  # address in `From`; empty where none can be read
    sender_name: str = ""
    # whether `From` names other addresses too: what a mail server checked may be another one
    has_several_senders: bool = False
    recipients: tuple[str, ...] = ()  # addresses it was sent to, by header and envelope, in lower case
    subject: str = ""
    message_id: str = ""  # with angle brackets; empty where it has none
    in_reply_to: str = ""  # the message it answers; empty for none
    references: tuple[str, ...] = ()  # the conversation, the oldest first
    at: datetime | None = None  # its date, aware UTC; None where it has none that can be read
    text: str = ""  # what the sender wrote now: no quote, no signature, no forwarded part
    whole: str = ""  # all of its text, with quotes and forwarded parts
    attachments: tuple[str, ...] = ()  # names of the files that came with it
    is_automatic: bool = False  # whether a machine sent it, such as an absence note; False for bounces
    is_bounce: bool = False  # whether it reports that a mail did not arrive, or not yet
    failures: tuple[Failure, ...] = ()  # of a bounce: each recipient
    returned: tuple[str, ...] = ()  # of a bounce: Message-IDs of the mail that came back
    is_forward: bool = False  # whether it passes on another mail
    is_encrypted: bool = False  # whether its words cannot be read here
    is_spam: bool = False  # whether a filter marked it
    own_key: str = ""  # value of our own header, where it is one of our letters
    language: str = ""  # tag of its language, as it says; empty where it does not
    authentication: tuple[str, ...] = ()  # what mail servers found out about its sender (RFC 8601), the latest first
    problem: str = ""  # why parts of it could not be read; empty where all could
