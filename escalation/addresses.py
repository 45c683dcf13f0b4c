"""Mail addresses, read in one way by the command line, Python callers, files and the mail channel."""

import re
import unicodedata
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address

import idna

LONGEST_ADDRESS = 254  # octets of a whole address (RFC 5321, a path less its brackets)

_LONGEST_LOCAL = 64
_LONGEST_DOMAIN = 253
_LONGEST_LABEL = 63

_ATOM = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~\-\u0080-\U0010ffff]+")
_QUOTED = re.compile(r'"(?:[ !#-\[\]-~]|\\[ -~])*"')
_LABEL = re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9_-]*[A-Za-z0-9_])?")
_JOINERS = frozenset("\u200c\u200d")
_EXAMPLE = "write one address, such as ann@example.com"


class InvalidAddress(ValueError):
    """No mail can have this address. The message says why and does not repeat the address."""


@dataclass(frozen=True, slots=True)
class MailAddress:
    """A mail address, as it is written to a relay."""

    local: str  # what is before the `@`, in Unicode's composed form; quotes are part of it
    domain: str  # what is after it, in ASCII: an international domain as punycode

    def __str__(self) -> str:
        return f"{self.local}@{self.domain}"

    @property
    def is_ascii(self) -> bool:
        """Whether every relay can take it; one beyond ASCII needs SMTPUTF8."""
        return self.local.isascii()


def parse_address(text: str) -> MailAddress:
    """Read one mail address. Spaces around it do not count.

    Raises:
        InvalidAddress: It is none; the message says what is wrong and what to write.
    """
    plain = unicodedata.normalize("NFC", text.strip())
    if not plain:
        raise InvalidAddress(f"is empty; {_EXAMPLE}")
    if len(plain) > LONGEST_ADDRESS:
        raise InvalidAddress(f"is longer than {LONGEST_ADDRESS} characters; {_EXAMPLE}")
    local, at, domain = plain.rpartition("@")
    _check_signs(local, domain)
    if not at:
        raise InvalidAddress(f"has no @; {_EXAMPLE}")
    address = MailAddress(_local(local), _domain(domain))
    if len(str(address).encode()) > LONGEST_ADDRESS:
        raise InvalidAddress(f"is longer than {LONGEST_ADDRESS} octets; {_EXAMPLE}")
    return address


def same_address(one: str, other: str) -> bool:
    """Whether mail for both reaches one person: capitals and what follows a `+` do not count."""
    return bool(one) and _reached(one) == _reached(other)


def _reached(address: str) -> str:
    local, _, domain = address.casefold().rpartition("@")
    return f"{local.partition('+')[0] or local}@{domain}"


def _check_signs(local: str, domain: str) -> None:
    # Signs that no reader sees come from pasting; a blank or bracket means more than an address was written.
    quoted = local.startswith('"')
    outside = domain if quoted else local + domain
    if any(sign in outside for sign in "<>()"):
        raise InvalidAddress("has a name, brackets or a comment with it; write the address alone")
    if any(sign in outside for sign in ",;"):
        raise InvalidAddress("holds a comma or semicolon; write one address, not a list")
    for sign in local + domain:
        if unicodedata.category(sign)[0] == "C" and not (sign in _JOINERS and sign in domain):
            raise InvalidAddress(f"contains the invisible character U+{ord(sign):04X}; type it again without it")
        if unicodedata.category(sign)[0] == "Z" and not (quoted and sign == " "):
            raise InvalidAddress(f"contains a blank (U+{ord(sign):04X}); {_EXAMPLE}")


def _local(text: str) -> str:
    if not text:
        raise InvalidAddress(f"has nothing before the @; {_EXAMPLE}")
    if len(text.encode()) > _LONGEST_LOCAL:
        raise InvalidAddress(f"has more than {_LONGEST_LOCAL} octets before the @")
    if "?=" in text.partition("=?")[2]:
        # Mail readers would decode it as an encoded word (RFC 2047).
        raise InvalidAddress("has `=?…?=` before the @, which mail programs take for encoded text; use another address")
    if _QUOTED.fullmatch(text):
        return text
    if not all(text.split(".")):
        raise InvalidAddress(
            'has a dot at the start, at the end or beside another one before the @; write it in quotes: "a..b"@example.com'
        )
    if not all(_ATOM.fullmatch(atom) for atom in text.split(".")):
        raise InvalidAddress(f"has a character before the @ that no address can have there; {_EXAMPLE}")
    return text


def _domain(text: str) -> str:
    if not text:
        raise InvalidAddress(f"has nothing after the @; {_EXAMPLE}")
    if text.startswith("["):
        return _literal(text)
    domain = text if text.isascii() else _punycode(text)
    if len(domain) > _LONGEST_DOMAIN or not all(_is_label(label) for label in domain.split(".")):
        raise InvalidAddress(
            "has a domain that cannot exist: parts of 1 to 63 letters, digits and hyphens, with single dots between them"
        )
    if domain.rpartition(".")[2].isdigit():
        raise InvalidAddress("has a number where the domain ends; write an IP address in brackets: ann@[192.0.2.1]")
    return domain


def _is_label(label: str) -> bool:
    if len(label) > _LONGEST_LABEL or not _LABEL.fullmatch(label):
        return False
    if not label.lower().startswith("xn--"):
        return True
    try:
        return bool(label[4:].encode("ascii").decode("punycode"))
    except (ValueError, IndexError, OverflowError):
        return False


def _punycode(domain: str) -> str:
    try:
        return idna.encode(domain, uts46=True).decode("ascii")
    except (idna.IDNAError, UnicodeError):
        # Not chained: the cause quotes the domain.
        raise InvalidAddress("has a domain with letters that no domain can have; check its spelling") from None


def _literal(text: str) -> str:
    inside = text[1:-1] if text.endswith("]") else ""
    try:
        if inside.lower().startswith("ipv6:"):
            IPv6Address(inside[5:])
        else:
            IPv4Address(inside)
    except ValueError:
        raise InvalidAddress("has brackets after the @ that hold no IP address; write ann@[192.0.2.1]") from None
    return text
