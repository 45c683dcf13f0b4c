"""The parts of a mail, even if its structure is broken."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from email import errors
from email.message import Message
from email.parser import BytesParser
from email.policy import Compat32
from typing import Protocol

from escalation.mail_in.charsets import decoded, repaired
from escalation.mail_in.headers import text_of

FAULTS = (
    *(errors.MessageError, RecursionError, ValueError, LookupError, TypeError, AttributeError, AssertionError),
    *(ArithmeticError, MemoryError),
)
"""What `email` raises on mails that no program sends on purpose."""

MOST_PARTS = 1_000
LONGEST = 200_000  # characters of text that are looked at
_MOST_HEADERS, _LONGEST_HEADER = 2_000, 100_000
_LONGEST_MAIL, _MOST_LINES = 3_000_000, 150_000
"""Bytes and lines that are parsed of a mail, its files not counted: the parser takes seconds for more lines than that."""
_BASE64 = re.compile(rb"(?:^[A-Za-z0-9+/]{40,998}+={0,2}\n)+", re.MULTILINE)
# Bytes of base64 without a gap; more than any text that is read.
_LONGEST_FILE = 600_000
_MOST_NAMES, _LONGEST_NAME = 50, 200
# Characters of a content type; the time for its parameters grows with the square of them.
_LONGEST_TYPE = 8_000

_HEADER = re.compile(rb"[!-9;-~]+[ \t]*:")
_STRUCTURE = re.compile(rb"(?:content-type|mime-version|from|message-id|date)[ \t]*:", re.IGNORECASE)
_UUENCODED = re.compile(
    r"^begin [0-7]{3,4} ([^\n]{1,200})\n(?:[ -`]{1,62}[^\S\n]*\n){0,100000}?end[^\S\n]*$", re.MULTILINE
)
_FLOWED = re.compile(r";\s*format\s*=\s*\"?flowed", re.IGNORECASE)
_JOINS = re.compile(r";\s*delsp\s*=\s*\"?yes", re.IGNORECASE)
_NOT_NAMED = frozenset(
    {
        "application/pgp-signature",
        "application/pkcs7-signature",
        "application/x-pkcs7-signature",
        "text/x-amp-html",
        "application/pgp-encrypted",
    }
)
_PGP = "-----BEGIN PGP MESSAGE-----"
_PGP_SIGNED = re.compile(
    r"^-----BEGIN PGP SIGNED MESSAGE-----\n(?:Hash:[^\n]*\n)*\n(.*?)^-----BEGIN PGP SIGNATURE-----\n.*?^-----END PGP SIGNATURE-----$",
    re.MULTILINE | re.DOTALL,
)
_SEALED = frozenset({"application/pgp-encrypted", "application/pkcs7-mime", "application/x-pkcs7-mime"})
_NO_TEXT = frozenset({"text/x-amp-html", "text/calendar", "text/vcard", "text/x-vcard", "text/rtf", "text/enriched"})


class _Raw(Compat32):
    """Gives header values as they came, up to a length; decoding them is ours."""

    def header_fetch_parse(self, name: str, value: str) -> str:
        return value[: _LONGEST_TYPE if name.lower().startswith("content-") else _LONGEST_HEADER]


class MailWords(Protocol):
    """Reads the texts of a mail."""

    def __call__(self, text: str, *, html: bool) -> str:
        """See `escalation.intake.delivery.Words`."""

    def whole(self, text: str, *, html: bool) -> str:
        """The text with all that is quoted, as plain text."""


@dataclass(slots=True)
class Texts:
    """The texts of a mail."""

    new: list[str] = field(default_factory=list)  # what its sender wrote now
    whole: list[str] = field(default_factory=list)  # all of it
    attachments: list[str] = field(default_factory=list)
    # whether a part is encrypted, or sealed so that only a mail program with the keys opens it
    is_encrypted: bool = False


def parsed(raw: bytes) -> tuple[Message, str]:
    """The mail, and what could not be read of it; a mail that no parser takes is one of a single text."""
    plain = _tidied(raw)
    try:
        return BytesParser(policy=_Raw()).parsebytes(plain), ""
    except FAULTS:
        head, _, body = plain.partition(b"\n\n")
        mail = BytesParser(policy=_Raw()).parsebytes(head + b"\n\n", headersonly=True)
        del mail["Content-Type"], mail["Content-Transfer-Encoding"]
        mail.set_payload(body.decode("ascii", "surrogateescape"))
        return mail, "its structure is too deep or broken; its text is shown as it came"


def parts_of(mail: Message) -> Iterator[Message]:
    """Every part, from the outermost in; none of what is inside an attached mail."""
    waiting, seen = [mail], 0
    while waiting and seen < MOST_PARTS:
        part = waiting.pop(0)
        seen += 1
        yield part
        if kind_of(part).startswith("multipart/"):
            waiting[:0] = inside_of(part)


def inside_of(part: Message) -> list[Message]:
    """The parts of a container or an attached mail."""
    # Asked first, since `get_payload` trips over parameters that are malformed.
    held = part.get_payload() if part.is_multipart() else ()
    return [each for each in held if isinstance(each, Message)][:MOST_PARTS]


def kind_of(part: Message) -> str:
    """Its content type, in lower case and on one line, as it names a file that has no name."""
    return " ".join(repaired(str(part.get_content_type())).lower().split())


def body_of(part: Message) -> str:
    """The text of a part without parts; one whose encoding is broken as far as it can be read."""
    try:
        charset = part.get_param("charset", "")
    except FAULTS:
        charset = ""
    name = charset[2] if isinstance(charset, tuple) else charset
    text = decoded(_bytes_of(part)[: LONGEST * 4], str(name or ""))[:LONGEST]
    return _unwrapped(text, part) if _FLOWED.search(str(part.get("Content-Type", ""))) else text


def _unwrapped(text: str, part: Message) -> str:
    """The paragraphs of a text that its program wrapped (RFC 3676); the mark of a signature stays."""
    joins = _JOINS.search(str(part.get("Content-Type", ""))) is not None
    lines: list[str] = []
    goes_on = ""
    for line in text.split("\n"):
        depth = len(line) - len(line.lstrip(">"))
        said = line[depth:].removeprefix(" ")
        marks, is_mark = ">" * depth, said == "-- "
        if lines and goes_on and marks == goes_on.rstrip("\n") and not is_mark:
            lines[-1] = (lines[-1][:-1] if joins else lines[-1]) + said
        else:
            lines.append(f"{marks} {said}" if marks else said)
        goes_on = f"{marks}\n" if said.endswith(" ") and not is_mark else ""
    return "\n".join(lines)


def _bytes_of(part: Message) -> bytes:
    said = str(part.get("Content-Type", ""))
    if said:
        # `get_payload` trips over parameters that are malformed.
        part.replace_header("Content-Type", kind_of(part))
    payload = part.get_payload(decode=True)
    if said:
        part.replace_header("Content-Type", said)
    return payload if isinstance(payload, bytes) else b""


def texts_of(mail: Message, words: MailWords) -> Texts:
    """The texts of a mail, without attachments."""
    found = Texts()
    kind = kind_of(mail)
    if kind.startswith("text/") and kind not in _NO_TEXT and not _is_attached(mail):
        # Some programs name the only text as if it were a file.
        _collect_text(mail, words, found)
    else:
        _collect(mail, words, found)
    return found


def _collect(part: Message, words: MailWords, found: Texts, *, forwarded: bool = False) -> None:
    parts, kind = inside_of(part), kind_of(part)
    if parts and kind.startswith("multipart/"):
        if kind == "multipart/alternative":
            _collect_alternative(parts, words, found)
        else:
            for each in parts:
                _collect(each, words, found, forwarded=forwarded)
    elif _is_file(part, kind):
        found.is_encrypted |= kind in _SEALED
        if len(found.attachments) < _MOST_NAMES and kind not in _NOT_NAMED:
            found.attachments.append(_file_name(part))
        if kind == "message/rfc822" and not forwarded:
            # Someone who attaches a mail passes it on.
            for each in parts:
                inside = Texts()
                _collect(each, words, inside, forwarded=True)
                found.whole += inside.whole
    else:
        _collect_text(part, words, found)


def _collect_text(part: Message, words: MailWords, found: Texts) -> None:
    text, is_page = body_of(part), kind_of(part) == "text/html"
    if not is_page:
        found.is_encrypted |= text.lstrip().startswith(_PGP)
        text = _opened(text)
        found.attachments += [name[:_LONGEST_NAME] for name in _UUENCODED.findall(text)][:_MOST_NAMES]
        text = _UUENCODED.sub("", text)
    _add(found, words(text, html=is_page), words.whole(text, html=is_page))


def _opened(text: str) -> str:
    if text.lstrip().startswith(_PGP):
        return ""
    if (signed := _PGP_SIGNED.search(text)) is None:
        return text
    return text[: signed.start()] + re.sub(r"^- ", "", signed[1], flags=re.MULTILINE) + text[signed.end() :]


def _collect_alternative(parts: list[Message], words: MailWords, found: Texts) -> None:
    # One of several forms of the same: the plain text, but where only the other knows what is quoted.
    plain, rich = Texts(), Texts()
    for each in parts:
        _collect(each, words, plain if kind_of(each) == "text/plain" else rich)
    chosen = plain if any(map(str.strip, plain.whole)) else rich
    if chosen is plain and rich.new:
        short, long = (" ".join(_letters(each)) for each in (rich.new, plain.new))
        if short and len(short) < len(long) and long.startswith(f"{short} "):
            chosen = Texts(new=rich.new, whole=plain.whole)
    _add(found, "\n\n".join(chosen.new), "\n\n".join(chosen.whole))
    found.attachments += plain.attachments + rich.attachments
    found.is_encrypted |= plain.is_encrypted or rich.is_encrypted


def _letters(texts: list[str]) -> list[str]:
    return re.findall(r"[^\W_]+", " ".join(texts))


def _add(found: Texts, new: str, whole: str) -> None:
    for texts, text in ((found.new, new), (found.whole, whole)):
        if text.strip():
            texts.append(text.strip())


def _is_attached(part: Message) -> bool:
    return str(part.get("Content-Disposition", "")).strip().lower().startswith("attachment")


def _is_file(part: Message, kind: str) -> bool:
    if _is_attached(part):
        return True
    return not kind.startswith(("text/", "multipart/")) or kind in _NO_TEXT or bool(_named(part))


def _named(part: Message) -> str:
    try:
        name = part.get_filename("") or ""
    except FAULTS:
        return ""
    return text_of(name).replace("/", "_").replace("\\", "_").replace("\n", " ").strip()[:_LONGEST_NAME]


def _file_name(part: Message) -> str:
    if name := _named(part):
        return name
    if inside := inside_of(part):
        subject = text_of(str(inside[0].get("Subject", "")))
        return f"{subject[: _LONGEST_NAME - 4]}.eml" if subject else "message.eml"
    return kind_of(part)


def _shortened(found: re.Match[bytes]) -> bytes:
    return found[0] if len(found[0]) <= _LONGEST_FILE else found[0][: found[0].rfind(b"\n", 0, _LONGEST_FILE) + 1]


def _tidied(raw: bytes) -> bytes:
    r"""The same mail with `\n` as its line end, from its first header on, without lines that break its headers in two."""
    plain = raw.replace(b"\r\n", b"\n").replace(b"\x00", b"")
    if b"\n" not in plain[:4_000]:
        plain = plain.replace(b"\r", b"\n")
    plain = plain.removeprefix(b"\xef\xbb\xbf").lstrip(b"\n\r\t ")
    if plain[:6] in (b">From ", b"From -"):
        plain = plain.partition(b"\n")[2]
    head, blank, body = plain.partition(b"\n\n")
    body = b"\n".join(_BASE64.sub(_shortened, body)[:_LONGEST_MAIL].split(b"\n", _MOST_LINES)[:_MOST_LINES])
    lines = [line[:_LONGEST_HEADER] for line in head.split(b"\n")]
    lines = lines[:_MOST_HEADERS] + [line for line in lines[_MOST_HEADERS:] if _STRUCTURE.match(line)]
    strange = [at for at, line in enumerate(lines) if at and line[:1] not in b" \t" and not _HEADER.match(line)]
    if strange and any(_STRUCTURE.match(line) for line in lines[strange[0] :]):
        lines = [line for at, line in enumerate(lines) if at not in strange]
    return b"\n".join(lines) + blank + body
