"""Tells mails that a machine sent from those a person wrote, for tools that pass on what customers write.

The rules are those of RFC 3834 and of what absence notes, list servers and relays really send. Subjects are no rule: they
differ by language. `X-Auto-Response-Suppress` is none either: it is a wish of the sender, and mail of real people carries it.
"""

from collections.abc import Iterable, Iterator, Mapping
from email import message_from_bytes, message_from_string
from email.message import Message
from email.policy import compat32
from email.utils import parseaddr

OWN_KEY = "X-Escalation-Key"
"""The header that our own mails carry; one that comes back with it was sent by us."""

_BY_PRESENCE = (
    "X-Autoreply",
    "X-Autorespond",
    "X-AutoReply-From",
    "X-Failed-Recipients",
    "List-Id",
    "List-Unsubscribe",
    OWN_KEY,
)
_PRECEDENCE = frozenset({"bulk", "junk", "list", "auto_reply"})
_MACHINES = frozenset({"mailer-daemon", "postmaster"})
_LONGEST = 1000
"""How many characters of a header are looked at; what counts comes first."""

Headers = Mapping[str, str] | Iterable[tuple[str, str]]
"""Headers of a mail, by name or as pairs where a name can come up again."""


def is_automatic(mail: bytes | str | Message | Headers) -> bool:
    """Whether a machine sent the mail: an absence note, a bounce, a list, or one of our own that came back."""
    return bool(sign_of_machine(mail))


def sign_of_machine(mail: bytes | str | Message | Headers) -> str:
    """The header by which a mail is known as automatic; empty where a person wrote it.

    Args:
        mail: The mail as it came in (bytes or text), a parsed one, or its headers.
    """
    headers = [(name.strip().lower(), _plain(value)) for name, value in _headers(mail)]
    return next((sign for name, value in headers if (sign := _sign(name, value))), "")


def _headers(mail: bytes | str | Message | Headers) -> Iterable[tuple[str, object]]:
    match mail:
        case bytes():
            return message_from_bytes(_without_envelope(mail), policy=compat32).items()
        case str():
            return message_from_string(mail.lstrip("\r\n"), policy=compat32).items()
        case Message() | Mapping():
            return mail.items()
        case _:
            return mail


def _without_envelope(mail: bytes) -> bytes:
    return mail.lstrip(b"\r\n")


def _sign(name: str, value: str) -> str:
    """The header's name, if it says that a machine sent the mail."""
    first = value.partition(";")[0].strip()
    match name:
        case "auto-submitted":
            is_sign = first not in ("", "no")
        case "content-type":
            is_sign = first == "multipart/report"
        case "return-path":
            is_sign = "".join(value.split()) == "<>"
        case "precedence":
            is_sign = value in _PRECEDENCE
        case "from" | "sender":
            is_sign = parseaddr(value)[1].partition("@")[0] in _MACHINES
        case _:
            is_sign = bool(value) and name in _PRESENT
    return _PRESENT.get(name, name.title()) if is_sign else ""


_PRESENT = {name.lower(): name for name in _BY_PRESENCE}


def _plain(value: object) -> str:
    """The value on one line, in lower case, without comments: `auto-replied (vacation)` says `auto-replied`."""
    text = " ".join(str(value)[:_LONGEST].split()).lower()
    return text if "(" not in text else "".join(_outside_comments(text)).strip()


def _outside_comments(text: str) -> Iterator[str]:
    depth = 0
    for letter in text:
        if letter == "(":
            depth += 1
        elif letter == ")" and depth:
            depth -= 1
        elif not depth:
            yield letter
