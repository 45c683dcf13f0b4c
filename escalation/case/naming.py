"""Names of escalations: the ticket, its lives, and the one way to read what people type.

A ticket may escalate again after its escalation is over. Each escalation is a life of its own, numbered from 1:

    777                 the ticket; means its newest life
    escalation-777      the same; also the id of the first life in the record
    escalation-777~2    the second life, and its id in the record
    escalation-777~1    the first life, also once there is a second; `777~1` and `777~2` work too

So that no name means two things, a ticket contains no `~` and does not begin with `escalation-`.
"""

from dataclasses import dataclass
from urllib.parse import quote

PREFIX = "escalation-"  # what every escalation id begins with
SEPARATOR = "~"  # separates the ticket from the number of the life; no ticket contains it

_ONE_OF = f"write the ticket number, `{PREFIX}TICKET`, or `{PREFIX}TICKET{SEPARATOR}2` for its second escalation"


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseName:
    """The escalation that a ticket number or an escalation id names."""

    ticket: str
    life: int = 0  # number of the life, from 1; 0 means the newest

    @property
    def short(self) -> str:
        """The ticket number, or the id where a particular life is meant."""
        return str(self) if self.life else self.ticket

    def __str__(self) -> str:
        """As shown and as recorded; without a number for the newest life."""
        return f"{PREFIX}{self.ticket}{SEPARATOR}{self.life}" if self.life else workflow_id(self.ticket)


def workflow_id(ticket: str) -> str:
    """The id of the workflow in which the newest life of a ticket runs."""
    return f"{PREFIX}{ticket}"


def escalation_id(ticket: str, life: int = 1) -> str:
    """The id of one life in record, ledger and bookings."""
    return workflow_id(ticket) if life == 1 else f"{PREFIX}{ticket}{SEPARATOR}{life}"


def page_address(name: str) -> str:
    """The path of the page of a ticket or an escalation: `/agent/cases/escalation-777~2`."""
    return f"/agent/cases/{quote(name, safe=SEPARATOR)}"


def case_name(text: str) -> CaseName:
    """Read a ticket number or an escalation id.

    Raises:
        ValueError: It is neither; the message says what to write.
    """
    rest, separator, number = text.removeprefix(PREFIX).partition(SEPARATOR)
    check_ticket(rest)
    if not separator:
        return CaseName(ticket=rest)
    if not (number.isascii() and number.isdigit()) or number.startswith("0") or len(number) > 6:
        raise ValueError(f'"{number}" after `{SEPARATOR}` is not the number of an escalation; {_ONE_OF}')
    return CaseName(ticket=rest, life=int(number))


def check_ticket(ticket: str) -> None:
    """Refuse what cannot be a ticket number.

    Raises:
        ValueError: It is empty, has blanks or control characters in it, or looks like an escalation id.
    """
    if not ticket:
        raise ValueError(f"the ticket number is missing; {_ONE_OF}")
    if not ticket.isprintable() or any(map(str.isspace, ticket)):
        raise ValueError("a ticket number consists of visible characters without blanks")
    if SEPARATOR in ticket:
        raise ValueError(f"a ticket number cannot contain `{SEPARATOR}`; it numbers the escalations of a ticket")
    if ticket.startswith(PREFIX):
        raise ValueError(f"a ticket number cannot begin with `{PREFIX}`; {_ONE_OF}")


def life_of(escalation: str) -> CaseName:
    """The ticket and the number of an id from the record; the inverse of `escalation_id`."""
    ticket, _, number = escalation.removeprefix(PREFIX).partition(SEPARATOR)
    return CaseName(ticket=ticket, life=int(number) if number.isdecimal() else 1)


_ORDINALS = {1: "first", 2: "second", 3: "third", 4: "fourth", 5: "fifth"}
_SUFFIXES = {1: "st", 2: "nd", 3: "rd"}


def ordinal(number: int) -> str:
    """A number from 1 as people say it: first, second, … 21st."""
    if number in _ORDINALS:
        return _ORDINALS[number]
    suffix = "th" if number % 100 in (11, 12, 13) else _SUFFIXES.get(number % 10, "th")
    return f"{number}{suffix}"
