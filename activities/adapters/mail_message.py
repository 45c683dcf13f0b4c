"""Builds the mail for a message. Its headers contain only what the program wrote, whatever the message says."""

import re
import string
import unicodedata
from collections.abc import Mapping, Sequence
from email.errors import MessageError
from email.header import Header
from email.message import EmailMessage, Message
from email.parser import BytesParser
from email.policy import EmailPolicy, default
from email.utils import format_datetime
from hashlib import blake2b
from urllib.parse import quote

from activities.adapters import mail_html
from activities.adapters.mail_html import html_of
from activities.errors import RecipientRefused, UnrenderableMessage
from activities.ports.sending import Envelope
from escalation.addresses import InvalidAddress, MailAddress, parse_address
from escalation.mail_in.mail import OWN_HEADER
from escalation.message_kinds import Author
from escalation.messages.keys import mail_mark
from escalation.plain import only_shown

KEY_HEADER = OWN_HEADER  # carries the message's key; the same for every repeat

LONGEST_QUOTED = 50_000  # characters of a body that is sent as quoted-printable; a longer one is sent as base64

# What a person wrote says nothing: help desks drop what calls itself automatic. RFC 3834; the second header is Exchange's,
# and leaves out NDR, because we want to know of mail that did not arrive.
_SUPPRESS = {"X-Auto-Response-Suppress": "DR, RN, NRN, OOF, AutoReply"}
_AUTHORS: Mapping[Author, Mapping[str, str]] = {
    Author.PERSON: {},
    Author.PROGRAM: {"Auto-Submitted": "auto-generated"} | _SUPPRESS,
    Author.PROGRAM_IN_ANSWER: {"Auto-Submitted": "auto-replied"} | _SUPPRESS,
}

# A list of their own lets colleagues sort what the program sends, and stops automatic replies; RFC 2919. A letter to a
# customer has none: it goes to one person, and there is nothing to unsubscribe from.
_LIST = "<escalations.{domain}>"

_TEXT_HEADERS = ("Content-Type", "Content-Transfer-Encoding", "MIME-Version")
_BOTH_HEADERS = ("Content-Type", "MIME-Version")


def compose(
    envelope: Envelope, *, sender: MailAddress, sender_name: str, reply_to: MailAddress | None = None, secret: str = ""
) -> EmailMessage:
    """The mail of a message, as text and as HTML; the same message gives the same mail, but for its date.

    Args:
        reply_to: Where answers go; None where they go to the sender.
        secret: Keeps others from working out the Message-ID; empty for none.

    Raises:
        RecipientRefused: The recipient's address is none.
        UnrenderableMessage: A reader of mail would read other headers than were written.
    """
    recipient = recipient_of(envelope)
    headers = _headers(envelope, sender, sender_name, recipient, secret)
    if reply_to is not None:
        headers = {**headers, "Reply-To": mailbox_value("Reply-To", sender_name, reply_to)}
    mail = EmailMessage(policy=_POLICY)
    body = only_shown(envelope.body)
    page = html_of(body, headers["Content-Language"], envelope.addresses) if len(body) <= mail_html.LONGEST else ""
    # First, as it removes what is there of `Content-…`. Quoted-printable passes every relay and stays readable in a log; of a
    # long Chinese text it makes more than twice the bytes, in ten times the time.
    cte = "quoted-printable" if len(body) <= LONGEST_QUOTED else "base64"
    mail.set_content(body, charset="utf-8", cte=cte)
    if page:
        mail.add_alternative(page, subtype="html", charset="utf-8", cte="quoted-printable")
        # Always the same, and with `=_`, which no quoted-printable line can hold.
        mail.set_boundary(f"=_{blake2b(envelope.key.encode('utf-8', 'replace'), digest_size=12).hexdigest()}")
    for name, value in headers.items():
        mail[name] = value
    _check(mail.as_bytes(), headers, recipient, [body, page] if page else [body])
    return mail


def recipient_of(envelope: Envelope) -> MailAddress:
    """Return the recipient's address.

    Raises:
        RecipientRefused: The recipient's address is none.
    """
    try:
        return parse_address(envelope.address)
    except InvalidAddress:
        # Not chained, and the same for every address: Temporal writes causes into the history.
        raise RecipientRefused("the recipient has no usable mail address; correct it where it is kept") from None


def message_id(key: str, domain: str, secret: str = "") -> str:
    """A valid message id of RFC 5322 that is always the same for the same key and secret."""
    return f"<{mail_mark(key, secret)}@{domain}>"


def _headers(
    envelope: Envelope, sender: MailAddress, sender_name: str, recipient: MailAddress, secret: str
) -> Mapping[str, str]:
    headers = {
        "From": mailbox_value("From", sender_name, sender),
        "To": mailbox_value("To", envelope.name, recipient),
        "Subject": text_value("Subject", envelope.subject),
        "Date": format_datetime(envelope.at),
        "Message-ID": message_id(envelope.key, sender.domain, secret),
        "Content-Language": language_value(envelope.language),
        KEY_HEADER: token_value(envelope.key),
    }
    if envelope.answers:
        first = message_id(envelope.answers, sender.domain, secret)
        headers |= {"In-Reply-To": first, "References": first}
    if envelope.to_staff and envelope.author is not Author.PERSON:
        headers["List-Id"] = _LIST.format(domain=sender.domain)
    return {**headers, **_AUTHORS[envelope.author]}


def _check(raw: bytes, headers: Mapping[str, str], recipient: MailAddress, bodies: Sequence[str]) -> None:
    """Read the mail as its receivers will."""
    try:
        read = BytesParser(policy=default).parsebytes(raw)
        of_body = _TEXT_HEADERS if len(bodies) == 1 else _BOTH_HEADERS
        same = sorted(read.keys()) == sorted((*headers, *of_body)) and _read_bodies(read) == [*map(_as_read, bodies)]
        if same and recipient.is_ascii:
            same = [found.addr_spec for found in read["To"].addresses] == [str(recipient)]
    except (MessageError, ValueError, LookupError, AttributeError):
        same = False
    if not same:
        raise UnrenderableMessage("a mail program would read other headers than were written; report this as a fault")


def _read_bodies(read: Message) -> list[str]:
    parts = read.get_payload() if read.get_content_type() == "multipart/alternative" else [read]
    return [_as_read(part.get_content()) for part in parts if isinstance(part, EmailMessage)]


def _as_read(text: str) -> str:
    # Line ends are the mail's own, and the last one may be added.
    return "\n".join(text.splitlines())


class _Verbatim(EmailPolicy):
    """Keeps header values as they are: nothing is decoded when one is set, and nothing folded when it is written."""

    def header_store_parse(self, name: str, value: str) -> tuple[str, str]:
        return name, value

    def header_fetch_parse(self, name: str, value: str) -> str:  # noqa: ARG002 - the base class names it
        return value

    def fold_binary(self, name: str, value: str) -> bytes:
        return f"{name}: {value}{self.linesep}".encode()


_POLICY = _Verbatim(linesep="\r\n")


# Python's `email` decodes words of RFC 2047 when text is assigned to a header, and what it decodes may hold line breaks.
# So text goes into a header as ASCII that holds no such word, or as encoded words altogether.
LONGEST_TOKEN = 900  # characters of a token; a line of mail may have 998

_LONGEST_PLAIN = 400
_LINE = 75

_LANGUAGE = re.compile(r"[A-Za-z]{1,8}(?:-[A-Za-z0-9]{1,8}){0,8}")


def header_line(text: str) -> str:
    """The text without line breaks, control and format characters, and with single blanks."""
    return " ".join(only_shown("".join(" " if unicodedata.category(sign) == "Cc" else sign for sign in text)).split())


def text_value(header: str, text: str) -> str:
    """The value of a header that holds text, such as `Subject`."""
    line = header_line(text)
    return line if _is_plain(line) else _encoded(header, line)


def mailbox_value(header: str, name: str, address: MailAddress) -> str:
    """The value of a header that names one mailbox, such as `To`."""
    line = header_line(name)
    if not line:
        return f"<{address}>"
    phrase = '"' + re.sub(r'(["\\])', r"\\\1", line) + '"' if _is_plain(line) else _encoded(header, line)
    # A long phrase leaves the address a line of its own, where it is not broken.
    return f"{phrase} <{address}>" if len(phrase) + len(str(address)) <= _LINE - 10 else f"{phrase}\r\n <{address}>"


def token_value(text: str) -> str:
    """A value without blanks that is always the same for the same text; percent-encoded, readable where it can be."""
    token = quote(text, safe=string.punctuation, errors="replace").replace("=?", "=%3F")
    if len(token) <= LONGEST_TOKEN:
        return token
    digest = blake2b(text.encode("utf-8", "replace"), digest_size=16).hexdigest()
    return f"{token[: LONGEST_TOKEN - len(digest) - 1]}~{digest}"


def language_value(tag: str) -> str:
    """A language tag of RFC 5646; `und`, undetermined, where it is none."""
    plain = tag.replace("_", "-")
    return plain if _LANGUAGE.fullmatch(plain) else "und"


def _is_plain(line: str) -> bool:
    return line.isascii() and "=?" not in line and len(line) <= _LONGEST_PLAIN


def _encoded(header: str, line: str) -> str:
    return Header(line, "utf-8", header_name=header, maxlinelen=_LINE).encode(linesep="\r\n", splitchars="")
