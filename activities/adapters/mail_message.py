"""The mail that a message becomes. Its headers hold only what the program wrote, whatever the message says."""

from collections.abc import Mapping
from email.errors import MessageError
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import EmailPolicy, default
from email.utils import format_datetime
from hashlib import blake2b

from activities.adapters.mail_headers import language_value, mailbox_value, text_value, token_value
from activities.errors import RecipientRefused, UnrenderableMessage
from activities.ports.sending import Envelope
from escalation.addresses import InvalidAddress, MailAddress, parse_address
from escalation.messages.authorship import Author
from escalation.plain import only_shown

KEY_HEADER = "X-Escalation-Key"
"""Carries the message's key; the same for every repeat."""

LONGEST_QUOTED = 50_000
"""Characters of a body that is sent as quoted-printable; a longer one is sent as base64."""

# What a person wrote says nothing: help desks drop what calls itself automatic. RFC 3834; the second header is Exchange's,
# and leaves out NDR, because we want to know of mail that did not arrive.
_SUPPRESS = {"X-Auto-Response-Suppress": "DR, RN, NRN, OOF, AutoReply"}
_AUTHORS: Mapping[Author, Mapping[str, str]] = {
    Author.PERSON: {},
    Author.PROGRAM: {"Auto-Submitted": "auto-generated"} | _SUPPRESS,
    Author.PROGRAM_IN_ANSWER: {"Auto-Submitted": "auto-replied"} | _SUPPRESS,
}

_BODY_HEADERS = ("Content-Type", "Content-Transfer-Encoding", "MIME-Version")


def compose(envelope: Envelope, *, sender: MailAddress, sender_name: str) -> EmailMessage:
    """The mail of a message; the same message gives the same mail, but for its date.

    Raises:
        RecipientRefused: The recipient's address is none.
        UnrenderableMessage: A reader of mail would read other headers than were written.
    """
    recipient = recipient_of(envelope)
    headers = _headers(envelope, sender, sender_name, recipient)
    mail = EmailMessage(policy=_POLICY)
    body = only_shown(envelope.body)
    # First, as it removes what is there of `Content-…`. Quoted-printable passes every relay and stays readable in a log; of a
    # long Chinese text it makes more than twice the bytes, in ten times the time.
    cte = "quoted-printable" if len(body) <= LONGEST_QUOTED else "base64"
    mail.set_content(body, charset="utf-8", cte=cte)
    for name, value in headers.items():
        mail[name] = value
    _check(mail.as_bytes(), headers, recipient)
    return mail


def recipient_of(envelope: Envelope) -> MailAddress:
    """Where the message goes.

    Raises:
        RecipientRefused: The recipient's address is none.
    """
    try:
        return parse_address(envelope.address)
    except InvalidAddress:
        # Not chained, and the same for every address: Temporal writes causes into the history.
        raise RecipientRefused("the recipient has no usable mail address; correct it where it is kept") from None


def message_id(key: str, domain: str) -> str:
    """A valid message id of RFC 5322 that is always the same for the same key."""
    return f"<{blake2b(key.encode('utf-8', 'replace'), digest_size=16).hexdigest()}@{domain}>"


def _headers(envelope: Envelope, sender: MailAddress, sender_name: str, recipient: MailAddress) -> Mapping[str, str]:
    headers = {
        "From": mailbox_value("From", sender_name, sender),
        "To": mailbox_value("To", envelope.name, recipient),
        "Subject": text_value("Subject", envelope.subject),
        "Date": format_datetime(envelope.at),
        "Message-ID": message_id(envelope.key, sender.domain),
        "Content-Language": language_value(envelope.language),
        KEY_HEADER: token_value(envelope.key),
    }
    if envelope.answers:
        first = message_id(envelope.answers, sender.domain)
        headers |= {"In-Reply-To": first, "References": first}
    return {**headers, **_AUTHORS[envelope.author]}


def _check(raw: bytes, headers: Mapping[str, str], recipient: MailAddress) -> None:
    """Read the mail as its receivers will."""
    try:
        read = BytesParser(policy=default).parsebytes(raw)
        same = sorted(read.keys()) == sorted((*headers, *_BODY_HEADERS)) and not read.is_multipart()
        if same and recipient.is_ascii:
            same = [found.addr_spec for found in read["To"].addresses] == [str(recipient)]
    except (MessageError, ValueError, LookupError, AttributeError):
        same = False
    if not same:
        raise UnrenderableMessage("a mail program would read other headers than were written; report this as a fault")


class _Verbatim(EmailPolicy):
    """Keeps header values as they are: nothing is decoded when one is set, and nothing folded when it is written."""

    def header_store_parse(self, name: str, value: str) -> tuple[str, str]:
        return name, value

    def header_fetch_parse(self, name: str, value: str) -> str:  # noqa: ARG002 - the base class names it
        return value

    def fold_binary(self, name: str, value: str) -> bytes:
        return f"{name}: {value}{self.linesep}".encode()


_POLICY = _Verbatim(linesep="\r\n")
