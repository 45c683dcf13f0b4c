"""Turns a mail into an event like a webhook's, so that it is stored, applied and retried in the same way."""

import hashlib
from base64 import b32encode
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from escalation.addresses import same_address
from escalation.intake.conditions import ALWAYS
from escalation.intake.delivery import BY_BODY, Author, DeskEvent, EventKind
from escalation.intake.outcomes import OUTCOMES
from escalation.intake.source import Rule, Source
from escalation.mail_in.headers import is_believed
from escalation.mail_in.language import language_of
from escalation.mail_in.mail import Mail
from escalation.program_texts import ProgramText
from escalation.vocabulary import CUSTOMER

MAIL = "mail"  # name of the source that mail is
SOURCE = Source(
    name=MAIL,
    title="Mail",
    schemes=(),
    fields={},
    flags={},
    statuses={},
    severities={},
    rules=(Rule(name=MAIL, kind=EventKind.OTHER, when=ALWAYS),),
    then={name: next(iter(outcome.choices)) for name, outcome in OUTCOMES.items()}
    | {"agent_wrote": "note", "customer_elsewhere": "triage"},
)
"""Mail as a source: colleagues who answer leave a note, and a customer whose ticket did not escalate is judged again."""

PERMANENT = "permanent"  # priority of a bounce whose address is at fault for good
_SHORT = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Thread:
    """The letter that a mail answers."""

    ticket: str
    letter: str = ""  # key of our letter; empty where it is not known which one
    to: str = ""  # whom that letter was to: `customer`, or a person's id; empty for a mail of the customer's own
    customer: Author = field(default_factory=Author)  # the customer of the ticket, if the record has one
    language: str = ""  # tag of the customer's language


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """The rules for incoming mail."""

    own: frozenset[str] = frozenset()  # our addresses, in lower case; mail from them is ours
    opens: bool = True  # whether mail that answers nothing may open a case
    trusted: str = ""  # the name under which our mail server says who a sender is; empty where none does


def key_of(mail: Mail, raw: bytes) -> str:
    """The same for the same mail, by whatever way and however often it comes; different for another with its Message-ID."""
    if not (mail.message_id or mail.at):
        return f"{BY_BODY}{hashlib.sha256(raw).hexdigest()}"
    said = (mail.message_id, mail.at, mail.sender, mail.subject, mail.whole, mail.attachments, mail.failures)
    return f"mail:{hashlib.sha256(repr(said).encode()).hexdigest()}"


def new_ticket(message_id: str) -> str:
    """The number of the ticket that a mail begins, such as `M-7K3QZPX2ABCD`."""
    return f"M-{b32encode(hashlib.sha256(message_id.encode()).digest()).decode()[:_SHORT]}"


def events_of(mail: Mail, thread: Thread | None, rules: Rules, key: str) -> tuple[DeskEvent, ...]:
    """The events of a mail; several if a report names several recipients.

    Args:
        thread: The letter that it provably answers; None if it answers none of ours.
        rules: Those of this installation.
        key: As `key_of` makes it.
    """
    if mail.own_key or mail.sender.casefold() in rules.own:
        ours = _nothing(key, "a letter of our own")
        return (replace(ours, kind=EventKind.MESSAGE, is_ours=True),)
    if mail.is_bounce:
        return tuple(_bounces(mail, thread, key)) or (_nothing(key, "a report that names no recipient"),)
    if thread is not None:
        return (_message(mail, thread, rules, key),)
    reason = _why_not_new(mail, rules)
    return (_nothing(key, reason) if reason else _opening(mail, key),)


def _why_not_new(mail: Mail, rules: Rules) -> str:
    if mail.is_automatic:
        return "an automatic mail that answers no letter"
    if mail.is_spam:
        return "a mail that a filter marked as spam"
    if not mail.sender:
        return "a mail without a sender"
    if not rules.opens:
        return "a mail that answers no letter"
    return "" if _is_proven(mail, rules) else "a mail whose sender is not proven"


def _is_proven(mail: Mail, rules: Rules) -> bool:
    return not mail.has_several_senders and is_believed(mail.authentication, rules.trusted)


def _nothing(key: str, what: str) -> DeskEvent:
    return DeskEvent(kind=EventKind.OTHER, what=what, number=0, key=key, ticket="")


def _message(mail: Mail, thread: Thread, rules: Rules, key: str) -> DeskEvent:
    writer = Author(id=mail.sender[:200], name=mail.sender_name[:200], address=mail.sender)
    return DeskEvent(
        kind=EventKind.MESSAGE,
        what="mail",
        number=0,
        key=key,
        ticket=thread.ticket,
        author=_author(mail, thread, rules),
        is_public=True,
        is_automatic=mail.is_automatic,
        text=mail.text or _instead(mail),
        attachments=mail.attachments,
        subject=mail.subject[:200],
        assignee=Author(id=thread.to),
        # Where the customer's ticket did not escalate, what they write may open a case.
        customer=thread.customer if thread.to else writer,
        language=thread.language or language_of(mail.text, mail.language),
    )


def _instead(mail: Mail) -> str:
    """The text in place of a mail in which its sender wrote nothing that can be read."""
    if mail.is_encrypted:
        return ProgramText.ASIDE_ENCRYPTED.say()
    if mail.whole:
        return ProgramText.ASIDE_QUOTE.say()
    return "" if mail.attachments else ProgramText.ASIDE_EMPTY.say()


def _author(mail: Mail, thread: Thread, rules: Rules) -> Author:
    name = (
        f"{mail.sender_name} <{mail.sender}>" if mail.sender_name else mail.sender or ProgramText.UNKNOWN_SENDER.say()
    )
    if not _is_proven(mail, rules):
        return Author(name=ProgramText.UNPROVEN.say(name=name)[:200])
    is_customer = thread.to == CUSTOMER and same_address(mail.sender, thread.customer.address)
    return Author(id=mail.sender.casefold()[:200], name=name[:200], address=mail.sender, is_customer=is_customer)


def _opening(mail: Mail, key: str) -> DeskEvent:
    begun = _message(mail, Thread(ticket=new_ticket(mail.message_id or key)), Rules(), key)
    # What someone passes on is the matter itself; and what they wrote above it are their words too.
    text = _with_subject(mail, mail.whole if mail.is_forward or not mail.text else mail.text)
    return replace(
        begun, kind=EventKind.OPENED, text=text or begun.text, author=replace(begun.author, is_customer=True)
    )


def _with_subject(mail: Mail, text: str) -> str:
    # The subject and what is below it: our letters have the first line in their subject, and should not say `Hello,`.
    subject = mail.subject.strip()
    return text if not subject or not text or text.startswith(subject) else f"{subject}\n\n{text}"


def _bounces(mail: Mail, thread: Thread | None, key: str) -> Iterator[DeskEvent]:
    for number, failure in enumerate(mail.failures):
        yield DeskEvent(
            kind=EventKind.BOUNCED,
            what="bounce",
            number=number,
            key=f"{key}:{number}" if number else key,
            ticket=thread.ticket if thread else "",
            is_automatic=True,
            text=(ProgramText.ASIDE_DELAYED if failure.action == "delayed" else ProgramText.ASIDE_BOUNCED).say(),
            customer=Author(id=failure.status, address=failure.address.casefold()),
            assignee=Author(id=thread.to if thread else ""),
            action=failure.action,
            value=thread.letter if thread else "",
            priority=PERMANENT if failure.permanent else "",
        )
