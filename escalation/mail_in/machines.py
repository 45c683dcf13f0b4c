"""Whether a machine sent a mail: an absence note, a notification, a newsletter (RFC 3834 and older habits)."""

import re
from email.message import Message

from escalation.mail_in.headers import header, mailboxes
from escalation.mail_in.structure import kind_of

_SAYS_SO = (
    *("X-Autoreply", "X-Autorespond", "X-Autoresponder", "X-AutoReply-From", "X-Mail-Autoreply", "X-Auto-Reply"),
    *("X-FC-MachineGenerated", "X-Vacation", "X-HolidayReply"),
)
"""Headers that only machines write, whatever is in them."""
_LISTS = ("List-Id", "List-Unsubscribe")
_PRECEDENCE = frozenset({"auto_reply", "auto-reply", "bulk", "junk"})
_NO_ONE = re.compile(
    r"(?:no|not|do[-_.]?not|nicht)[-_.]?(?:reply|response|antworten)[\w.+-]{0,40}|keine?[-_.]?antwort[\w.+-]{0,40}"
    r"|mailer[-_]?daemon|postmaster|bounces?",
    re.IGNORECASE,
)
"""What comes before the `@` of addresses that no one reads."""
_SUBJECT = re.compile(
    r"(?:auto(?:matic(?:ally)?|mated)?[ -]?(?:reply|response|answer)|auto(?:reply|response|antwort)?|out of (?:the )?office"
    r"(?: auto-?reply)?|automatische (?:antwort|r[üu]ckmeldung)|abwesenheits(?:notiz|nachricht|meldung|assistent|agent)|"
    r"(?:ich bin )?abwesend|r[ée]ponse automatique|respuesta autom[áa]tica|risposta automatica|automatisch antwoord|"
    r"resposta autom[áa]tica|autosvar|automatiskt? svar|odpowied[źz] automatyczna|автоответ|自动回复|自動回覆|自動応答)"
    r"\s*(?:[:：]|\[)",  # noqa: RUF001 (a mail program writes it so)
    re.IGNORECASE,
)
"""How absence notes begin; a person's answer to one begins with `Re:`."""
_NOTE = re.compile(
    r"(?:out of office autoreply|abwesenheitsnotiz|automatische antwort|automatic reply)\s*", re.IGNORECASE
)
"""Subjects that say so as a whole."""


def is_automatic(mail: Message, subject: str) -> bool:
    """Whether a machine sent it."""
    return (
        _says_so(mail)
        or _is_newsletter(mail)
        or _is_no_one(mail)
        or bool(_SUBJECT.match(subject) or _NOTE.fullmatch(subject))
    )


def _says_so(mail: Message) -> bool:
    submitted = header(mail, "Auto-Submitted").partition(";")[0].strip().lower()
    return (
        submitted not in ("", "no")
        or header(mail, "Precedence").strip().lower() in _PRECEDENCE
        # Other values, such as `DR, OOF`, are also in mail of people: some Exchange servers add them to everything.
        or header(mail, "X-Auto-Response-Suppress").strip().lower() == "all"
        or any(mail.get(name) is not None for name in _SAYS_SO)
        or kind_of(mail) in ("multipart/report", "message/disposition-notification")
    )


def _is_newsletter(mail: Message) -> bool:
    """Whether a list sent it to all its members; a person who answers, or writes to a group of ours, is not a list."""
    by_list = header(mail, "Precedence").strip().lower() == "list" or any(mail.get(name) is not None for name in _LISTS)
    by_person = any(mail.get(name) is not None for name in ("In-Reply-To", "References", "X-Google-Group-Id"))
    return by_list and not by_person


def _is_no_one(mail: Message) -> bool:
    senders = [address for _, address in mailboxes(mail, "From")]
    return any(_NO_ONE.fullmatch(address.partition("@")[0]) for address in senders[:1])
