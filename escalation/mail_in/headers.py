"""Reads header values of a mail, even malformed ones, and whether our server confirmed the sender (RFC 8601)."""

import re
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from email.errors import HeaderParseError
from email.header import decode_header
from email.message import Message
from email.utils import getaddresses, parsedate_to_datetime

from escalation.addresses import InvalidAddress, parse_address
from escalation.mail_in.charsets import decoded, repaired
from escalation.plain import one_line

LONGEST = 2_000  # characters of a header's text that are kept
_MOST_IDS, _LONGEST_ID = 100, 900
_MOST_ADDRESSES = 100

_ID = re.compile(r"<([^<>\s]{1,900})>")
_FOLD = re.compile(r"\r?\n[ \t]*")
_BARE_ADDRESS = re.compile(r"[^\s<>\"',;:()\[\]]{1,64}@[^\s<>\"',;:()\[\]]{1,190}")


def text_of(value: str) -> str:
    """The text of a header, with its encoded words (RFC 2047) decoded, on one line."""
    plain = _FOLD.sub(" ", value[: LONGEST * 4])
    try:
        pieces = decode_header(plain) if "=?" in plain else []
    except (HeaderParseError, ValueError, LookupError):
        pieces = []
    if not pieces:
        return one_line(repaired(plain))[:LONGEST]
    said = (
        repaired(piece) if isinstance(piece, str) else (decoded(piece, charset) if charset else _raw(piece))
        for piece, charset in pieces
    )
    return one_line("".join(said))[:LONGEST]


def header(mail: Message, name: str) -> str:
    """The text of a header; empty where there is none."""
    return text_of(str(mail.get(name, "")))


def mailboxes(mail: Message, *names: str) -> tuple[tuple[str, str], ...]:
    """Name and address of everyone in some headers, in their order.

    Addresses are taken before anything is decoded: an encoded word may spell another address.
    """
    found: list[tuple[str, str]] = []
    for value in (str(each) for name in names for each in mail.get_all(name, [])):
        line = _FOLD.sub(" ", value[: LONGEST * 10])
        pairs = [(name, address) for name, address in _listed(line) if _usable(address)]
        pairs = pairs or [("", address) for address in _BARE_ADDRESS.findall(line) if _usable(address)]
        found += [(text_of(name), _usable(address)) for name, address in pairs]
    return tuple(found[:_MOST_ADDRESSES])


def message_ids(*values: str) -> tuple[str, ...]:
    """The ids in some headers, with angle brackets, each once."""
    found = (f"<{each}>" for value in values for each in _ID.findall(_FOLD.sub(" ", value)[: _LONGEST_ID * _MOST_IDS]))
    return tuple(dict.fromkeys(found))[-_MOST_IDS:]


def first_id(value: str) -> str:
    """The id in a header that has one, with angle brackets; also where these were left out."""
    if found := message_ids(value):
        return found[0]
    bare = _FOLD.sub("", value).strip()
    return f"<{bare}>" if bare and "@" in bare and len(bare.split()) == 1 and len(bare) <= _LONGEST_ID else ""


def date_of(value: str) -> datetime | None:
    """A date, aware UTC; None where there is none."""
    try:
        found = parsedate_to_datetime(value)
        return (found.replace(tzinfo=UTC) if found.tzinfo is None else found).astimezone(UTC)
    except (ValueError, TypeError, LookupError, OverflowError):
        return None


def addresses(pairs: Iterable[tuple[str, str]]) -> tuple[str, ...]:
    """The addresses alone, in lower case, each once."""
    return tuple(dict.fromkeys(address.casefold() for _, address in pairs))


def _listed(line: str) -> list[tuple[str, str]]:
    try:
        return getaddresses([line])
    except (RecursionError, ValueError, LookupError, TypeError, AttributeError):
        return []


def _raw(piece: bytes) -> str:
    # What is beside encoded words; `decode_header` writes it as `raw-unicode-escape`.
    return repaired(piece.decode("raw-unicode-escape", "replace"))


def _usable(address: str) -> str:
    try:
        return str(parse_address(repaired(address))) if "@" in address else ""
    except InvalidAddress:
        return ""


_RESULT = re.compile(r"\b(dmarc|spf|dkim)\s*=\s*([a-z]+)", re.IGNORECASE)
_FAILED = frozenset({"fail", "softfail", "permerror", "none", "policy"})


def is_believed(authentication: Sequence[str], trusted: str) -> bool:
    """Whether nothing speaks against the sender.

    Args:
        authentication: Values of `Authentication-Results`, the latest first.
        trusted: The name under which our server writes it; empty for none: then nothing is known.
    """
    if not trusted:
        return True
    ours = next((one for one in authentication if _author_of(one) == trusted.lower()), "")
    results = {name.lower(): found.lower() for name, found in reversed(_RESULT.findall(ours))}
    if "dmarc" in results and results["dmarc"] not in ("none", "temperror"):
        return results["dmarc"] not in _FAILED
    if not {"spf", "dkim"} & results.keys():
        return True
    return any(results.get(name, "none") not in _FAILED for name in ("spf", "dkim"))


def _author_of(value: str) -> str:
    return value.partition(";")[0].strip().partition(" ")[0].lower()
