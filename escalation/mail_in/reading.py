"""Parses a mail; any bytes give a result."""

import re
from email.message import Message

from escalation.mail_in import bounces
from escalation.mail_in.headers import addresses, date_of, first_id, header, mailboxes, message_ids, text_of
from escalation.mail_in.machines import is_automatic
from escalation.mail_in.mail import OWN_HEADER, Mail
from escalation.mail_in.structure import FAULTS, LONGEST, MailWords, parsed, texts_of

_TO = ("To", "Cc", "Delivered-To", "X-Original-To", "Envelope-To", "X-Envelope-To", "X-Forwarded-To", "Resent-To")
_MOST_RESULTS = 20
_FORWARD = re.compile(r"(?:fwd?|wg|tr|rv|i|enc|vs)\s*:", re.IGNORECASE)
_FORWARDED = re.compile(
    r"^[-_* >]{0,40}(?:begin )?forwarded message|^[-_* >]{0,40}(?:anfang der )?weitergeleitete (?:nachricht|e-?mail)",
    re.IGNORECASE | re.MULTILINE,
)


def read_mail(raw: bytes, words: MailWords, recipients: tuple[str, ...] = ()) -> Mail:
    """Parse a mail; never raises.

    Args:
        raw: As it came, with line ends of any kind.
        words: Cuts a text down to what its sender wrote now.
        recipients: To whom the envelope says it goes.
    """
    mail, problem = parsed(raw)
    try:
        return _read(mail, words, recipients, problem)
    except FAULTS as error:
        return Mail(recipients=recipients, problem=f"it cannot be read: {type(error).__name__}")


def _read(mail: Message, words: MailWords, recipients: tuple[str, ...], problem: str) -> Mail:
    subject = header(mail, "Subject")
    writers = mailboxes(mail, "From")
    name, sender = next(iter(writers), ("", ""))
    is_report = bounces.is_bounce(mail, subject)
    texts = texts_of(mail, words)
    whole = "\n\n".join(texts.whole)[:LONGEST]
    return Mail(
        sender=sender,
        sender_name=name,
        has_several_senders=len({address.casefold() for _, address in writers}) > 1,
        recipients=addresses((*(("", each) for each in recipients), *mailboxes(mail, *_TO))),
        subject=subject,
        message_id=first_id(str(mail.get("Message-ID", ""))),
        in_reply_to=first_id(str(mail.get("In-Reply-To", ""))),
        references=message_ids(*map(str, mail.get_all("References", []))),
        at=date_of(header(mail, "Date")),
        text="\n\n".join(texts.new)[:LONGEST],
        whole=whole,
        attachments=() if is_report else tuple(dict.fromkeys(texts.attachments)),
        is_automatic=not is_report and is_automatic(mail, subject),
        is_bounce=is_report,
        failures=bounces.failures_of(mail, subject) if is_report else (),
        returned=bounces.returned_ids(mail) if is_report else (),
        is_forward=bool(_FORWARD.match(subject) or _FORWARDED.search(whole)),
        is_encrypted=texts.is_encrypted,
        is_spam=header(mail, "X-Spam-Flag").strip().lower() == "yes",
        own_key=header(mail, OWN_HEADER),
        language=header(mail, "Content-Language"),
        authentication=tuple(text_of(str(each)) for each in mail.get_all("Authentication-Results", [])[:_MOST_RESULTS]),
        problem=problem,
    )
