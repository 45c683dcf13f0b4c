"""Mail, handed to a relay over SMTP.

A repeat of a message carries the same `Message-ID`, made from its key, so that receivers can drop it; SMTP itself
promises nothing about repeats. All messages of an escalation refer to one thread id, so mail programs show them
together. What the relay says is kept without addresses: it goes into the ledger and into histories.
"""

import asyncio
import re
import string
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import EmailPolicy
from hashlib import blake2b
from urllib.parse import quote

from aiosmtplib import (
    SMTP,
    SMTPDataError,
    SMTPException,
    SMTPRecipientRefused,
    SMTPResponseException,
)

from activities.errors import ChannelUnavailable, RecipientRefused, SentWithoutAnswer
from activities.ports import Envelope

KEY_HEADER = "X-Escalation-Key"
"""Carries the message's key; the same for every repeat."""

LONGEST_ANSWER = 200
"""Characters kept of what a relay says."""

_FAREWELL = 2.0

_NO_ADDRESS = "the recipient has no usable mail address; correct it where it is kept"

# Headers that are one token: folding would encode a long one beyond recognition.
_TOKENS = frozenset({"message-id", "in-reply-to", "references", KEY_HEADER.lower()})

_ADDRESS = re.compile(r"<[^<>\s]*@[^<>\s]*>|[^\s<>]+@[^\s<>]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class SmtpRelay:
    """Where mail is handed over, and from whom it is.

    Attributes:
        sender: The mail address messages come from; its domain also names message ids.
        sender_name: Shown beside it.
        username: Account to log in with; empty for none.
        starttls: Encrypt, and send nothing where that cannot be done.
        timeout: Seconds a whole hand-over may take; less than an attempt of the activity has, so that a slow relay
            is told from a dead worker.

    Raises:
        ValueError: The sender is no mail address in ASCII.
    """

    host: str
    port: int
    sender: str
    sender_name: str = ""
    username: str = ""
    password: str = ""
    starttls: bool = False
    timeout: float = 20.0

    def __post_init__(self) -> None:
        if not re.fullmatch(r"[!-?A-~]+@[!-?A-~]+", self.sender):
            raise ValueError(
                f"`{self.sender}` cannot be the sender of mail; write an address such as support@example.com"
            )

    def __repr__(self) -> str:
        """Without account and password."""
        return f"SmtpRelay({self.host}:{self.port})"

    @property
    def domain(self) -> str:
        """The sender's domain."""
        return self.sender.rpartition("@")[2]


class SmtpChannel:
    """Sends messages as plain-text mail, one connection each."""

    def __init__(self, relay: SmtpRelay) -> None:
        self._relay = relay

    async def send(self, envelope: Envelope) -> str:
        """Hand the message to the relay.

        Returns:
            The relay's answer, such as `250 OK`, without addresses.

        Raises:
            RecipientRefused: There is no such mailbox, or the relay will not take this message (5xx).
            ChannelUnavailable: The relay is down, slow, busy (4xx), or does not let us in.
            SentWithoutAnswer: It fell silent after it had been given the message.
        """
        mail = compose(envelope, self._relay).as_bytes()
        handing_over = False
        try:
            async with asyncio.timeout(self._relay.timeout) as limit, self._session() as smtp:
                options = await _options(smtp, envelope.address)
                encoding = "utf-8" if options else "ascii"
                await smtp.mail(self._relay.sender, options=options, encoding=encoding)
                await smtp.rcpt(envelope.address, encoding=encoding)
                handing_over = True
                answer = await smtp.data(mail)
                # It is sent; nothing after this may make it look otherwise.
                limit.reschedule(None)
        # None of these is chained: they quote the address, and Temporal writes causes into the history.
        except (SMTPException, OSError, ValueError) as error:
            raise self._failure(error, handing_over=handing_over) from None
        return _without_addresses(f"{answer.code} {answer.message}")

    @asynccontextmanager
    async def _session(self) -> AsyncIterator[SMTP]:
        relay = self._relay
        smtp = SMTP(
            hostname=relay.host,
            port=relay.port,
            # Otherwise the machine's name is looked up, which can take longer than the mail.
            local_hostname=relay.domain,
            username=relay.username or None,
            password=relay.password or None,
            start_tls=relay.starttls,
            timeout=relay.timeout,
        )
        try:
            await smtp.connect()
            try:
                yield smtp
            except SMTPResponseException:
                await _take_leave(smtp)
                raise
            await _take_leave(smtp)
        finally:
            smtp.close()

    def _failure(self, error: Exception, *, handing_over: bool) -> RecipientRefused | ChannelUnavailable:
        match error:
            # About sender, login or greeting a 5xx is a fault of ours or the relay's, which somebody can mend.
            case SMTPRecipientRefused() | SMTPDataError() if 500 <= error.code < 600:
                return RecipientRefused(f"the mail relay refused the message for good: {_answer(error)}")
            case SMTPResponseException() if 400 <= error.code < 600:
                return ChannelUnavailable(self._says(f"answered {_answer(error)}"))
            case _ if handing_over:
                return SentWithoutAnswer(self._says("gave no clear answer after it was given the message"))
            case ValueError():
                return RecipientRefused(_NO_ADDRESS)
            case _:
                return ChannelUnavailable(self._says(f"cannot be used ({type(error).__name__})"))

    def _says(self, what: str) -> str:
        return f"mail relay {self._relay.host}:{self._relay.port} {what}"


async def _take_leave(smtp: SMTP) -> None:
    """A relay that has answered for the message and then dawdles over the farewell changes nothing."""
    with suppress(SMTPException, OSError):
        await smtp.quit(timeout=_FAREWELL)


def compose(envelope: Envelope, relay: SmtpRelay) -> EmailMessage:
    """The mail of a message; the same message gives the same mail, but for its date.

    Raises:
        RecipientRefused: The recipient's address is none.
    """
    thread = message_id(envelope.thread, relay.domain)
    mail = EmailMessage(policy=_POLICY.clone(utf8=not envelope.address.isascii()))
    mail["From"] = Address(_one_line(relay.sender_name), addr_spec=relay.sender)
    try:
        mail["To"] = _recipient(envelope)
    except (MessageError, ValueError, IndexError):
        # Not chained, for the same reason as above.
        raise RecipientRefused(_NO_ADDRESS) from None
    mail["Subject"] = _one_line(envelope.subject)
    mail["Date"] = envelope.at
    mail["Message-ID"] = message_id(envelope.key, relay.domain)
    mail["In-Reply-To"] = thread
    mail["References"] = thread
    mail["Auto-Submitted"] = "auto-generated"
    mail[KEY_HEADER] = quote(envelope.key, safe=string.punctuation, errors="replace")
    # Quoted-printable passes every relay and stays readable in a log of raw mail.
    mail.set_content(envelope.body, charset="utf-8", cte="quoted-printable")
    mail["Content-Language"] = quote(envelope.language.replace("_", "-"))
    return mail


def _recipient(envelope: Envelope) -> Address:
    name, address = _one_line(envelope.name), envelope.address.strip()
    if address.isascii():
        return Address(name, addr_spec=address)
    # The parser knows only ASCII; a letter beyond it may stand wherever a plain one may.
    Address(addr_spec=re.sub(r"[^\W\x00-\x7f]", "x", address))
    local, _, domain = address.rpartition("@")
    return Address(name, username=local, domain=domain)


def message_id(key: str, domain: str) -> str:
    """A valid message id of RFC 5322 that is always the same for the same key."""
    return f"<{blake2b(key.encode('utf-8', 'replace'), digest_size=16).hexdigest()}@{domain}>"


class _Policy(EmailPolicy):
    """Python's SMTP policy, with headers of one token left whole."""

    def fold_binary(self, name: str, value: str) -> bytes:
        if name.lower() in _TOKENS:
            return f"{name}: {value}{self.linesep}".encode("ascii")
        return super().fold_binary(name, value)


_POLICY = _Policy(linesep="\r\n")


async def _options(smtp: SMTP, address: str) -> list[str]:
    """What MAIL must ask for, so that the address can be named at all."""
    if address.isascii():
        return []
    await smtp.ehlo()
    if not smtp.supports_extension("smtputf8"):
        raise RecipientRefused("the mail relay takes no addresses beyond ASCII; use another channel")
    return ["SMTPUTF8"]


def _one_line(text: str) -> str:
    return " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())


def _answer(error: SMTPResponseException) -> str:
    return _without_addresses(f"{error.code} {error.message}")


def _without_addresses(answer: str) -> str:
    return _ADDRESS.sub("[address]", _one_line(answer))[:LONGEST_ANSWER]
