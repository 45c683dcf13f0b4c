"""The reply address of a letter: it names the case, and a signature proves that we issued it.

Such as `replies+cpiwtcmbug5mzqk4xq2c7a@example.com`: whom the letter was to, the signature, and the ticket. Mail servers may
change capitals before the `@`, so it is base32.
"""

import binascii
import hmac
from base64 import b32decode, b32encode
from dataclasses import dataclass

from escalation.addresses import InvalidAddress, MailAddress, parse_address
from escalation.case.naming import check_ticket

# Characters of the signature, 60 bits: guessing takes one mail a try.
_SIGNS = 12
_LONGEST_LOCAL = 64
_CUSTOMER, _STAFF = "c", "s"


@dataclass(frozen=True, slots=True)
class Tagged:
    """The case and letter that a reply address names."""

    ticket: str
    to_staff: bool  # whether the letter went to a colleague


def reply_address(base: MailAddress, secret: str, ticket: str, *, to_staff: bool) -> MailAddress | None:
    """The reply address of a letter; None if the ticket number is too long for an address.

    Args:
        base: The address that takes mail.
        secret: What signs.
        to_staff: Whether the letter goes to a colleague.
    """
    said = (_STAFF if to_staff else _CUSTOMER) + _base32(ticket.encode())
    local = f"{base.local}+{said[0]}{_signature(secret, said)}{said[1:]}"
    return MailAddress(local, base.domain) if len(local) <= _LONGEST_LOCAL else None


def tag_in(address: str, base: MailAddress, secret: str) -> Tagged | None:
    """Parse a reply address; None if it is not one that we issued."""
    try:
        given = parse_address(address)
    except InvalidAddress:
        return None
    local, plus, tag = given.local.lower().rpartition("+")
    if not plus or (local, given.domain.lower()) != (base.local.lower(), base.domain.lower()):
        return None
    said = tag[:1] + tag[1 + _SIGNS :]
    if not tag.isascii() or not hmac.compare_digest(tag[1 : 1 + _SIGNS], _signature(secret, said)):
        return None
    try:
        ticket = b32decode(said[1:].upper() + "=" * (-len(said[1:]) % 8)).decode()
        check_ticket(ticket)
    except (binascii.Error, ValueError):
        return None
    return Tagged(ticket, said[0] == _STAFF)


def _signature(secret: str, said: str) -> str:
    return _base32(hmac.digest(secret.encode(), f"reply-to:{said}".encode(), "sha256"))[:_SIGNS]


def _base32(raw: bytes) -> str:
    return b32encode(raw).decode().rstrip("=").lower()
