"""A parsed mail."""

from dataclasses import dataclass
from datetime import datetime

OWN_HEADER = "X-Escalation-Key"
"""Carries the key of the message in every mail that we send."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """A recipient whom a mail did not reach, or not yet.

    Attributes:
        address: Of the recipient; empty where the report does not name one.
        permanent: Whether the address is at fault for good.
        status: Enhanced status code of RFC 3463; empty where none is known.
        action: `failed` where delivery was given up, `delayed` where it is tried again.
    """

    address: str
    permanent: bool
    status: str = ""
    action: str = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Mail:
    """A parsed mail.

    Attributes:
        sender: Address in `From`; empty where none can be read.
        has_several_senders: Whether `From` names other addresses too: what a mail server checked may be another one.
        recipients: Addresses it was sent to, by header and envelope, in lower case.
        message_id: With angle brackets; empty where it has none.
        in_reply_to: The message it answers; empty for none.
        references: The conversation, the oldest first.
        at: Its date, aware UTC; None where it has none that can be read.
        text: What the sender wrote now: no quote, no signature, no forwarded part.
        whole: All of its text, with quotes and forwarded parts.
        attachments: Names of the files that came with it.
        is_automatic: Whether a machine sent it, such as an absence note; False for bounces.
        is_bounce: Whether it reports that a mail did not arrive, or not yet.
        failures: Of a bounce: each recipient.
        returned: Of a bounce: Message-IDs of the mail that came back.
        is_forward: Whether it passes on another mail.
        is_encrypted: Whether its words cannot be read here.
        is_spam: Whether a filter marked it.
        own_key: Value of our own header, where it is one of our letters.
        language: Tag of its language, as it says; empty where it does not.
        authentication: What mail servers found out about its sender (RFC 8601), the latest first.
        problem: Why parts of it could not be read; empty where all could.
    """

    sender: str = ""
    sender_name: str = ""
    has_several_senders: bool = False
    recipients: tuple[str, ...] = ()
    subject: str = ""
    message_id: str = ""
    in_reply_to: str = ""
    references: tuple[str, ...] = ()
    at: datetime | None = None
    text: str = ""
    whole: str = ""
    attachments: tuple[str, ...] = ()
    is_automatic: bool = False
    is_bounce: bool = False
    failures: tuple[Failure, ...] = ()
    returned: tuple[str, ...] = ()
    is_forward: bool = False
    is_encrypted: bool = False
    is_spam: bool = False
    own_key: str = ""
    language: str = ""
    authentication: tuple[str, ...] = ()
    problem: str = ""
