"""Reports that a mail did not arrive: by RFC 3464, or in the prose of mail servers.

`flufl.bounce` knows the prose of many servers. What it does not know is added here: that of Exchange in German, of Postfix
and others without a structured part. Only a mail that a mail server sent is looked at: a customer may quote a report.
"""

import re
from collections.abc import Iterable, Iterator
from email.message import Message

from flufl.bounce import all_failures

from escalation.addresses import same_address
from escalation.mail_in.headers import header, mailboxes, message_ids
from escalation.mail_in.mail import Failure
from escalation.mail_in.structure import FAULTS, body_of, inside_of, kind_of, parts_of

_MOST = 50
_UNDELIVERED = ("failed", "delayed")
# Characters of prose.
_LOOKED_AT = 20_000

_DAEMON = re.compile(r"mailer-?daemon|postmaster|mail-?delivery|mdaemon|(?:mail|post)[-_.]?system", re.IGNORECASE)
_DAEMON_NAME = re.compile(
    r"mail delivery (?:sub)?system|mailer-daemon|microsoft outlook|postmaster|system administrator|systemadministrator|"
    r"mail delivery service|internet mail delivery",
    re.IGNORECASE,
)
_SUBJECT = re.compile(
    r"undeliver|unzustellbar|nicht zustellbar|non.?remis|delivery (?:status|failure|has failed|notification|report|problem)|"
    r"mail delivery failed|failed delivery|failure notice|returned (?:mail|to sender)|delayed|delivery incomplete|"
    r"verzögert|verspätet|zustellung\w* (?:fehlgeschlagen|fehler|verz)|fehlgeschlagene zustellung|non.?delivery|"
    r"could(?:n't| not) be delivered|message (?:not delivered|blocked)|unable to deliver|warning: (?:message|could not)|"
    r"mail (?:could not be|nicht) (?:delivered|zugestellt)|nicht zugestellt|address not found|bounce",
    re.IGNORECASE,
)
_FAILED = re.compile(
    r"(?:could(?:n't| not)|cannot|can't|unable to|wasn't able to|was not able to|not) (?:be )?(?:deliver|zugestellt)|"
    r"deliver\w* (?:to the following recipients? )?(?:has )?(?:failed|delayed|permanent)|wasn't delivered|not (?:yet )?been delivered|"
    r"zustellung .{0,80}(?:fehlgeschlagen|verzögert|nicht möglich)|konnte\w? .{0,60}nicht (?:zugestellt|gefunden)|"
    r"nicht zugestellt werden|nicht zustellbar|undeliver",
    re.IGNORECASE | re.DOTALL,
)
_LATER = re.compile(
    r"delay|still being retried|not yet been delivered|will (?:be retried|retry|keep trying)|temporar|verzöger|verspätet|"
    r"do not need to resend|weiter(?:hin)? versucht|noch nicht zugestellt|delivery incomplete|transient|warning: message",
    re.IGNORECASE,
)
# Where the copy of the returned mail begins.
_COPY = re.compile(
    r"^[-_*= ]{2,60}(?:this is a copy|original message|below this line|the body of|message header|ursprüngliche|returned)[^\n]*$"
    r"|^(?:original message headers|ursprüngliche nachrichtenkopfzeilen)\b[^\n]*$|^return-path:",
    re.IGNORECASE | re.MULTILINE,
)
_ADDRESS = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,8}")
_STATUS = re.compile(r"(?<![\d.])([245]\.\d{1,3}\.\d{1,3})(?![\d.])")
_REPLY = re.compile(r"(?<![\d.#])#?([45])\d\d(?![\d.])[ -]")
_ORIGINAL_ID = re.compile(r"^[> \t]{0,10}message-id:[ \t]*(<[^<>\s]{1,900}>)", re.IGNORECASE | re.MULTILINE)


def is_bounce(mail: Message, subject: str) -> bool:
    """Whether it reports that a mail did not arrive, or not yet."""
    if reported := list(_reported(mail)):
        return any(each.action in _UNDELIVERED for each in reported)
    if not _by_server(mail):
        return False
    return bool(mail.get("X-Failed-Recipients") or _SUBJECT.search(subject) or _FAILED.search(_prose(mail)))


def failures_of(mail: Message, subject: str) -> tuple[Failure, ...]:
    """The recipients whom the returned mail did not reach, each once."""
    found = [each for each in _reported(mail) if each.action in _UNDELIVERED] or list(_told(mail, subject))
    once = {each.address.casefold(): each for each in reversed(found)}
    return tuple(reversed(once.values()))[:_MOST]


def returned_ids(mail: Message) -> tuple[str, ...]:
    """Message-IDs of the mail that came back, by its own headers."""
    found: list[str] = []
    for part in parts_of(mail):
        if kind_of(part) == "message/rfc822" and part.is_multipart():
            found += [str(each.get("Message-ID", "")) for each in inside_of(part)]
        elif kind_of(part) in (
            "text/rfc822-headers",
            "message/rfc822-headers",
            "message/rfc822",
            "message/global-headers",
        ):
            found += _ORIGINAL_ID.findall(body_of(part)[:_LOOKED_AT])
    found = found or _ORIGINAL_ID.findall(_text(mail))
    return message_ids(*found, str(mail.get("In-Reply-To", "")), str(mail.get("References", "")))


def _reported(mail: Message) -> Iterator[Failure]:
    for part in parts_of(mail):
        if kind_of(part) not in ("message/delivery-status", "message/global-delivery-status"):
            continue
        for block in inside_of(part)[:_MOST]:
            if failure := _of_block(block):
                yield failure


def _of_block(block: Message) -> Failure | None:
    address = _recipient(block, "Final-Recipient") or _recipient(block, "Original-Recipient")
    action = header(block, "Action").strip().lower().split(" ")[0].rstrip(";")
    said = _STATUS.search(header(block, "Status")) or _STATUS.search(header(block, "Diagnostic-Code"))
    status = said[1] if said else ""
    if not (address or action or status):
        return None
    reply = _REPLY.search(f"{header(block, 'Diagnostic-Code')} ")
    if action not in (*_UNDELIVERED, "delivered", "relayed", "expanded"):
        action = "delayed" if status.startswith("4") else "failed"
    permanent = action == "failed" and (status or (reply[1] if reply else "5")).startswith("5")
    return Failure(address=address, permanent=permanent, status=status, action=action)


def _recipient(block: Message, name: str) -> str:
    value = header(block, name)
    found = _ADDRESS.search(value.partition(";")[2] or value)
    return found[0] if found else ""


def _by_server(mail: Message) -> bool:
    """Whether a mail server sent it: it names itself so, or left the return path empty."""
    if header(mail, "Return-Path").strip() in ("<>", "<MAILER-DAEMON>"):
        return True
    for name, address in mailboxes(mail, "From")[:1]:
        return bool(_DAEMON.search(address.partition("@")[0]) or _DAEMON_NAME.search(name))
    return bool(_DAEMON.search(header(mail, "From")))


def _told(mail: Message, subject: str) -> Iterator[Failure]:
    """The recipients in a report without a part for machines."""
    prose = _prose(mail)
    waits, gone = _known_prose(mail)
    named = [address for _, address in mailboxes(mail, "X-Failed-Recipients")] or [*gone, *waits]
    ours = [address for _, address in mailboxes(mail, "To", "From", "Delivered-To", "X-Original-To")]
    seen = named or [each for each in _ADDRESS.findall(prose) if not any(same_address(each, one) for one in ours)][:1]
    later = bool(waits and not gone) or bool(_LATER.search(subject)) or (not gone and bool(_LATER.search(prose)))
    for address in seen or [""]:
        status = _status_of(address, prose)
        is_later = later and not status.startswith("5")
        permanent = not is_later and not status.startswith("4")
        yield Failure(address=address, permanent=permanent, status=status, action="delayed" if is_later else "failed")


def _known_prose(mail: Message) -> tuple[list[str], list[str]]:
    # A mail of one text: the library trips over structures that are broken.
    tidy = Message()
    tidy["From"] = next(
        (address for _, address in mailboxes(mail, "From") if address.isascii()), "mailer-daemon@localhost"
    )
    for name in ("Subject", "X-Failed-Recipients"):
        tidy[name] = header(mail, name)
    tidy.set_payload(_text(mail), "utf-8")
    try:
        waits, gone = all_failures(tidy)
    except FAULTS:
        return [], []
    return _spelled(waits), _spelled(gone)


def _spelled(found: Iterable[object]) -> list[str]:
    return sorted(each.decode("ascii", "replace") for each in found if isinstance(each, bytes))


def _status_of(address: str, prose: str) -> str:
    after = prose[max(0, prose.find(address)) :] if address else prose
    found = _STATUS.search(after) or _STATUS.search(prose)
    return found[1] if found else ""


def _text(mail: Message) -> str:
    texts = (body_of(part) for part in parts_of(mail) if kind_of(part) in ("text/plain", "text/html"))
    return "\n".join(texts)[:_LOOKED_AT]


def _prose(mail: Message) -> str:
    """The server's own words, without the returned mail."""
    text = _text(mail)
    copy = _COPY.search(text)
    return text[: copy.start()] if copy else text
