"""Classifies a relay's refusal: the address is at fault, which is final, or the relay or our settings are.

The enhanced status code (RFC 3463, RFC 5248) decides where it says enough. Without one, the step and the reply code
decide, and then the words, as relays answer 550 to all sorts of things. What is unclear is tried again: a letter that
is late is better than one that is lost. `docs/mail.md` has the table; a test tries each of its rows on a real peer.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

_LONGEST_READ = 1000


class Step(StrEnum):
    """The step of the SMTP conversation at which an answer came."""

    CONNECT = "connect"
    ENCRYPT = "encrypt"
    LOGIN = "login"
    SENDER = "MAIL"
    RECIPIENT = "RCPT"
    CONTENT = "DATA"


@dataclass(frozen=True, slots=True)
class Meaning:
    """The meaning of a relay's answer."""

    cause: str  # what is wrong, in words that follow "the mail relay says: "
    check: str = ""  # what a person can look at; empty where only waiting helps
    final: bool = False  # whether the address is at fault, so that no repeat can help


LOGIN = "check ESCALATIONS_SMTP_USERNAME and ESCALATIONS_SMTP_PASSWORD"
SENDER = "check that the relay lets this account send as ESCALATIONS_MAIL_FROM"
ENCRYPTION = "set ESCALATIONS_SMTP_TLS to starttls, or to implicit for port 465"
_FORWARDING = (
    "let this host or account send through the relay: check ESCALATIONS_SMTP_USERNAME, or the relay's own rules"
)
_RULES = "look at the relay's log and rules"

_TEMPORARY = Meaning("it cannot take the message for now")
_NO_MAILBOX = Meaning("there is no such mailbox", final=True)
_LOGIN_REFUSED = Meaning("the login was refused", LOGIN)
_SENDER_REFUSED = Meaning("the sender was refused", SENDER)
_NOT_FORWARDED = Meaning("it does not forward our mail", _FORWARDING)
_NOT_ENCRYPTED = Meaning("it wants an encrypted connection", ENCRYPTION)
_FULL = Meaning("the mailbox is full")
_TOO_LARGE = Meaning("the message is too large", "raise the relay's limit on message sizes")
_POLICY = Meaning("its policy forbids the message", _RULES)
_UNCLEAR = Meaning("it refused the message and does not say that the address is at fault", _RULES)

# Subject and detail of a permanent status code.
_CODES: Mapping[str, Meaning] = {
    "1.1": _NO_MAILBOX,
    "1.2": Meaning("there is no such mail domain", final=True),
    "1.3": Meaning("the address is malformed", final=True),
    "1.4": Meaning("the address means several mailboxes", final=True),
    "1.6": Meaning("the mailbox has moved and left no new address", final=True),
    "1.7": _SENDER_REFUSED,
    "1.8": _SENDER_REFUSED,
    "1.10": Meaning("the domain takes no mail (null MX)", final=True),
    "2.1": Meaning("the mailbox is disabled", final=True),
    "2.2": _FULL,
    "2.3": _TOO_LARGE,
    "3.4": _TOO_LARGE,
    "6.7": Meaning("the receiver takes no addresses beyond ASCII", final=True),
    "7.0": _POLICY,
    "7.1": _POLICY,
    "7.3": _POLICY,
    "7.8": _LOGIN_REFUSED,
    "7.9": _LOGIN_REFUSED,
    "7.10": _NOT_ENCRYPTED,
    "7.11": _NOT_ENCRYPTED,
    "7.14": _LOGIN_REFUSED,
    "7.27": _SENDER_REFUSED,
    "7.57": _LOGIN_REFUSED,
}

# What a permanent status code means of which only the subject is known.
_SUBJECTS: Mapping[str, Meaning] = {
    "1": _UNCLEAR,
    "2": Meaning("the mailbox cannot take the message"),
    "3": Meaning("its mail system is at fault", _RULES),
    "4": Meaning("it finds no way to the receiver", _RULES),
    "5": Meaning("it did not understand us", _RULES),
    "6": Meaning("it refuses the content of the message", _RULES),
    "7": _POLICY,
}

# Codes that relays use for many things: the words decide.
_VAGUE = frozenset({"0.0", "1.0", "2.0", "4.1"})

# What a bare reply code means at a step, where the words say nothing else.
_REPLIES: Mapping[tuple[Step, int], Meaning] = {
    (Step.RECIPIENT, 550): _NO_MAILBOX,
    (Step.RECIPIENT, 551): Meaning("the mailbox is not there, and the relay does not forward", final=True),
    (Step.RECIPIENT, 553): Meaning("the mailbox's name is not allowed", final=True),
    (Step.RECIPIENT, 556): Meaning("the domain takes no mail", final=True),
    (Step.RECIPIENT, 552): _FULL,
    (Step.CONTENT, 552): _TOO_LARGE,
    (Step.CONTENT, 556): Meaning("the domain takes no mail", final=True),
}

_STEPS: Mapping[Step, Meaning] = {
    Step.CONNECT: Meaning("it does not serve us", "check ESCALATIONS_SMTP_HOST and ESCALATIONS_SMTP_PORT"),
    Step.ENCRYPT: Meaning("it does not start encryption", "check ESCALATIONS_SMTP_TLS"),
    Step.LOGIN: _LOGIN_REFUSED,
    Step.SENDER: _SENDER_REFUSED,
    Step.RECIPIENT: _UNCLEAR,
    Step.CONTENT: _UNCLEAR,
}

# In this order: what the relay says of us comes before what it says of the mailbox. No expression repeats another one.
_WORDS: tuple[tuple[re.Pattern[str], Meaning], ...] = (
    (
        re.compile(
            r"\brelay(?:ing)? (?:\w+ ){0,2}(?:denied|prohibited|forbidden|refused|not)\b"
            r"|\b(?:no|not|unable|cannot|can't|won't|refuse|denied|permitted|allowed) (?:\w+ ){0,2}relay(?:ing)?\b"
            r"|\brcpthosts\b|\bnot a relay\b"
        ),
        _NOT_FORWARDED,
    ),
    (re.compile(r"\bstarttls\b|\btls\b|\bencrypt"), _NOT_ENCRYPTED),
    (re.compile(r"\bauthenticat|\bauth\b|\blog ?in\b|\bcredentials\b"), _LOGIN_REFUSED),
    (
        re.compile(r"\bsender\b|\bmail from\b|\bfrom address\b|\bhelo\b|\behlo\b|\bspf\b|\bdkim\b|\bdmarc\b"),
        _SENDER_REFUSED,
    ),
    (re.compile(r"\bquota\b|\b(?:mailbox|user|account|storage|inbox) (?:\w+ ){0,2}full\b|\bexceeded storage\b"), _FULL),
    (re.compile(r"\btoo (?:large|big|long)\b|\bsize\b"), _TOO_LARGE),
    (re.compile(r"\btemporar|\btry (?:\w+ )?(?:later|again)\b|\btoo many\b|\brate\b|\bgreylist"), _TEMPORARY),
    (
        re.compile(
            r"\bno such (?:\w+ )?(?:user|mailbox|recipient|address|person|account|domain|alias)\b"
            r"|\bunknown (?:user|recipient|mailbox|address|account|local|domain)\b"
            r"|\b(?:user|recipient|mailbox|address|account|domain|alias) (?:\S+ ){0,3}"
            r"(?:unknown|not (?:found|known|exist|valid)|(?:doesn't|isn't|don't) |invalid|disabled|inactive|unavailable)"
            r"|\b(?:invalid|bad|nonexistent|non-existent) (?:\w+ )?(?:recipient|mailbox|address|user)\b"
            r"|\brecipient address rejected: access denied|\bdoes not exist\b|\bdoesn't exist\b|\bdoesn't have an?\b|\bno mailbox\b|\brecipientnotfound\b|\bmailbox name\b"
        ),
        _NO_MAILBOX,
    ),
    (
        re.compile(
            r"\bspam|\bpolic(?:y|ies)\b|\bblack ?list|\bblock|\brbl\b|\bdnsbl\b|\breputation\b|\bvirus\b|\bcontent\b"
            r"|\bdenied\b|\bprohibit|\bforbidden\b|\bnot (?:permitted|allowed|authori[sz]ed|accepted)\b|\bbanned\b"
            r"|\breverse dns\b|\bptr\b|\badministrative|\bip\b|\breject(?:ed|s)? (?:\w+ ){0,2}by\b"
        ),
        _POLICY,
    ),
    (re.compile(r"\b(?:internal|system|server|local|configuration) (?:error|problem|failure)\b"), _SUBJECTS["3"]),
)

_ENHANCED = re.compile(r"(?:^|\n|#|\()[ \t]{0,3}([245])\.(\d{1,3})\.(\d{1,3})(?![.\d])")


def meaning_of(code: int, message: str, step: Step) -> Meaning:
    """Return the meaning of a relay's refusal: its code, and the words after it with the enhanced status code."""
    words = message[:_LONGEST_READ]
    found = _ENHANCED.search(words)
    if not 500 <= code < 600 or (found and found[1] != "5"):
        return _for_now(words, step)
    if step not in {Step.RECIPIENT, Step.CONTENT}:
        return _about_us(words, found, step)
    if found is None or f"{found[2]}.{found[3]}" in _VAGUE:
        return _by_words(code, words, step, vague=found is not None)
    known = _CODES.get(f"{found[2]}.{found[3]}", _SUBJECTS.get(found[2], _UNCLEAR))
    if known is _POLICY:
        return _nearer(words, known)
    # Relays give codes of a missing mailbox to one that is full or busy, and the other way round.
    said = _said_in(words)
    busy = said in {_FULL, _TEMPORARY} and ("temporar" in words.lower() or not _names_no_mailbox(words))
    gone = said is _NO_MAILBOX and f"{found[2]}.{found[3]}" == "5.0"
    return said if said and ((known.final and busy) or gone) else known


def _for_now(words: str, step: Step) -> Meaning:
    if step in {Step.ENCRYPT, Step.LOGIN}:
        return _STEPS[step]
    return _nearer(words, _TEMPORARY)


def _about_us(words: str, found: re.Match[str] | None, step: Step) -> Meaning:
    # No recipient was named yet, so none is at fault.
    known = _CODES.get(f"{found[2]}.{found[3]}") if found else None
    if known is _POLICY and step is not Step.SENDER:
        return _nearer(words, _POLICY)
    if known is None or known is _POLICY or known.final:
        return _nearer(words, _STEPS[step])
    return known


def _nearer(words: str, known: Meaning) -> Meaning:
    """Return what the words say of the relay, where they say more than the code."""
    said = _said_in(words)
    return known if said is None or said.final else said


def _by_words(code: int, words: str, step: Step, *, vague: bool) -> Meaning:
    if said := _said_in(words):
        return said
    if vague and code not in {550, 553}:
        return _STEPS[step]
    return _REPLIES.get((step, code), _STEPS[step])


def _said_in(words: str) -> Meaning | None:
    return next((meaning for pattern, meaning in _WORDS if pattern.search(_plain(words))), None)


def _names_no_mailbox(words: str) -> bool:
    return any(meaning is _NO_MAILBOX and pattern.search(_plain(words)) for pattern, meaning in _WORDS)


def _plain(words: str) -> str:
    return " ".join(words.lower().replace("\u2019", "'").split())
