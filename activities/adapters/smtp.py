"""Mail, handed to a relay over SMTP.

A repeat of a message carries the same `Message-ID`, made from its key, so that receivers can drop it; SMTP itself
promises nothing about repeats. All messages of an escalation to one person have one subject and refer to the first of
them, so mail programs show them together. What the relay says is kept without addresses: it goes into the ledger and into histories.
"""

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path
from typing import Literal

import structlog
from aiosmtplib import SMTP, SMTPException, SMTPHeloError, SMTPResponseException

from activities.adapters import mail_message
from activities.adapters.smtp_answers import Step, meaning_of
from activities.adapters.smtp_faults import fault
from activities.errors import ChannelUnavailable, RecipientRefused, SentWithoutAnswer
from activities.ports.sending import Envelope
from escalation.addresses import InvalidAddress, MailAddress, parse_address
from escalation.mail_in.tags import reply_address
from escalation.plain import one_line

LONGEST_ANSWER = 200  # characters kept of what a relay says

_FAREWELL = 2.0

_log = structlog.stdlib.get_logger(__name__)

_MAY_BE_ADDRESS = re.compile(r"<[^<>\s]*>|[^<>\s]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class SmtpRelay:
    """The mail relay, and the sender of our mail.

    Raises:
        ValueError: The sender is not a mail address in ASCII, or both kinds of TLS are asked for.
    """

    host: str
    port: int
    sender: str  # the mail address messages come from; its domain also names message ids
    sender_name: str = ""
    username: str = ""  # account to log in with; empty for none
    password: str = ""
    starttls: bool = False  # encrypt with STARTTLS, and send nothing where that cannot be done
    implicit_tls: bool = False  # speak TLS from the first byte, as port 465 wants it
    ca_file: Path | None = None  # certificates to trust besides the system's, in PEM
    # seconds a whole hand-over may take; less than an attempt of the activity has, so that a slow relay is
    # distinguished from a dead worker
    timeout: float = 20.0
    replies_to: str = ""  # the address that takes answers; empty where they go to the sender
    replies_secret: str = ""  # what signs the address of each case, and makes Message-IDs that no one can work out

    def __post_init__(self) -> None:
        try:
            usable = parse_address(self.sender).is_ascii
        except InvalidAddress:
            usable = False
        if not usable:
            raise ValueError(
                f"`{self.sender}` cannot be the sender of mail; write an address such as support@example.com"
            )
        if self.starttls and self.implicit_tls:
            raise ValueError("mail is encrypted by STARTTLS or from the first byte, not by both")

    def __repr__(self) -> str:
        """Without account and password."""
        return f"SmtpRelay({self.host}:{self.port})"

    @property
    def domain(self) -> str:
        """The sender's domain, in ASCII."""
        return parse_address(self.sender).domain


class SmtpChannel:
    """Sends messages as mail, one connection each."""

    def __init__(self, relay: SmtpRelay) -> None:
        self._relay = relay

    async def send(self, envelope: Envelope) -> str:
        """Hand the message to the relay.

        Returns:
            The relay's answer, such as `250 OK`, without addresses.

        Raises:
            RecipientRefused: The address is at fault, so no repeat can help.
            ChannelUnavailable: The relay, the way to it or a setting is at fault; the message says which one.
            SentWithoutAnswer: It fell silent after it had been given the message.
        """
        # In a thread: a letter with a long text takes a second, in which the event loop has other cases to serve.
        mail = await asyncio.to_thread(lambda: compose(envelope, self._relay).as_bytes())
        sender, recipient = parse_address(self._relay.sender), mail_message.recipient_of(envelope)
        at = _Progress()
        try:
            async with asyncio.timeout(self._relay.timeout) as limit, self._session(at) as smtp:
                options = await _options(smtp, recipient)
                encoding: Literal["ascii", "utf-8"] = "utf-8" if options else "ascii"
                at.step = Step.SENDER
                await smtp.mail(str(sender), options=options, encoding=encoding)
                at.step = Step.RECIPIENT
                await smtp.rcpt(str(recipient), encoding=encoding)
                await _copy(smtp, envelope, encoding)
                at.step = Step.CONTENT
                answer = await smtp.data(mail)
                # It is sent; nothing after this may make it look otherwise.
                limit.reschedule(None)
        # None of these is chained: they quote the address, and Temporal writes causes into the history.
        except (SMTPException, OSError, ValueError) as error:
            raise self._failure(error, at.step) from None
        return _without_addresses(f"{answer.code} {answer.message}")

    @asynccontextmanager
    async def _session(self, at: "_Progress") -> AsyncIterator[SMTP]:
        relay = self._relay
        smtp = SMTP(
            hostname=relay.host,
            port=relay.port,
            # Otherwise the machine's name is looked up, which can take longer than the mail.
            local_hostname=relay.domain,
            use_tls=relay.implicit_tls,
            # Done in a step of its own, so that its faults are known from those of the connection.
            start_tls=False,
            cert_bundle=str(relay.ca_file) if relay.ca_file else None,
            timeout=relay.timeout,
        )
        try:
            await smtp.connect()
            try:
                if relay.starttls:
                    at.step = Step.ENCRYPT
                    await smtp.starttls()
                if relay.username:
                    at.step = Step.LOGIN
                    await smtp.login(relay.username, relay.password)
                yield smtp
            except SMTPResponseException:
                await _take_leave(smtp)
                raise
            await _take_leave(smtp)
        finally:
            smtp.close()

    def _failure(self, error: Exception, step: Step) -> RecipientRefused | ChannelUnavailable:
        if isinstance(error, SMTPHeloError):  # sent when it is needed, at whatever step that is
            step = Step.CONNECT
        if isinstance(error, SMTPResponseException) and 400 <= error.code < 600:
            meaning = meaning_of(error.code, error.message, step)
            check = f"; {meaning.check}" if meaning.check else ""
            said = f"{meaning.cause} (the mail relay answered {_answer(error)} to {step}){check}"
            return RecipientRefused(said) if meaning.final else ChannelUnavailable(self._says(f"refuses: {said}"))
        if step is Step.CONTENT:
            return SentWithoutAnswer(self._says("gave no clear answer after it was given the message"))
        return ChannelUnavailable(self._says(fault(error, step)))

    def _says(self, what: str) -> str:
        return f"mail relay {self._relay.host}:{self._relay.port} {what}"


@dataclass(slots=True)
class _Progress:
    """The progress of a conversation."""

    step: Step = Step.CONNECT


async def _take_leave(smtp: SMTP) -> None:
    # A relay that has answered for the message and then dawdles over the farewell changes nothing.
    with suppress(SMTPException, OSError):
        await smtp.quit(timeout=_FAREWELL)


async def _copy(smtp: SMTP, envelope: Envelope, encoding: Literal["ascii", "utf-8"]) -> None:
    # Name the copy's address too; the letter goes out even where that one is refused.
    if not envelope.copy_to:
        return
    try:
        await smtp.rcpt(str(parse_address(envelope.copy_to)), encoding=encoding)
    except (InvalidAddress, SMTPResponseException, UnicodeError) as error:
        _log.warning("copy of a letter was not sent", key=envelope.key, error=type(error).__name__)


def compose(envelope: Envelope, relay: SmtpRelay) -> EmailMessage:
    """The mail of a message, from the relay's sender; the same message gives the same mail, but for its date.

    Raises:
        RecipientRefused: The recipient's address is none.
        UnrenderableMessage: A reader of mail would read other headers than were written.
    """
    sender, secret = parse_address(relay.sender), relay.replies_secret
    reply_to = parse_address(relay.replies_to) if relay.replies_to and envelope.ticket else None
    if reply_to and secret:  # the plain address where that of a long ticket number would be too long to be one
        reply_to = reply_address(reply_to, secret, envelope.ticket, to_staff=envelope.to_staff) or reply_to
    return mail_message.compose(
        envelope, sender=sender, sender_name=relay.sender_name, reply_to=reply_to, secret=secret
    )


async def _options(smtp: SMTP, recipient: MailAddress) -> list[str]:
    # What MAIL must ask for, so that the address can be named at all.
    if recipient.is_ascii:
        return []
    await smtp.ehlo()
    if not smtp.supports_extension("smtputf8"):
        raise RecipientRefused(
            "the mail relay takes no addresses beyond ASCII before the @ (no SMTPUTF8); use another address or channel"
        )
    return ["SMTPUTF8"]


def _answer(error: SMTPResponseException) -> str:
    return _without_addresses(f"{error.code} {error.message}")


def _without_addresses(answer: str) -> str:
    line = one_line(answer[: 10 * LONGEST_ANSWER])
    return _MAY_BE_ADDRESS.sub(lambda run: "[address]" if "@" in run[0] else run[0], line)[:LONGEST_ANSWER]
