"""Who a message can go to: the customer, or a person of the team. The two never mix.

A person is a `PersonId`, and only `colleague` makes one; a name that reads as a role is never a person. So nothing that
was written for colleagues can be addressed to the customer, whatever a command, a roster or a policy says.
"""

import unicodedata
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, fields, is_dataclass, replace
from difflib import get_close_matches
from typing import Any, NewType, TypeVar

from escalation.errors import InvalidCommand, NotAllowed
from escalation.message_kinds import MessageKind
from escalation.vocabulary import CUSTOMER, SYSTEM

T = TypeVar("T")

PersonId = NewType("PersonId", str)  # the id of a person of the team, as the roster has it; never the name of a role

ROLES = frozenset({CUSTOMER, SYSTEM})  # names that no person can have

FOR_STAFF = frozenset({MessageKind.OFFER, MessageKind.NOTICE})
"""Messages that only people of the team may read; all others are letters to the customer."""

WRITES_TO_CUSTOMERS = "writes_to_customers"
"""What the roster says of a person who may; a tier of the ladder requires it as it requires a skill."""

SENDS_WORDS = frozenset(
    {
        *("tell_customer", "request_information", "promise", "offer_options", "withdraw", "resolve", "refuse_approval"),
        "tell",  # of an incident
    }
)
"""Wire names of the commands whose words a customer gets."""

CUSTOMER_MAY = frozenset({"customer_replied", "choose", "answer_survey", "reopen", "cancel"})
"""Wire names of the commands that the customer can give."""

# Cyrillic, Greek, Armenian and small capital letters that look like those of the roles.
_LOOK_ALIKES = str.maketrans(
    {
        alike: letter
        for letter, others in {
            "c": "\u0441\u1d04\u03c3",
            "e": "\u0435\u1d07",
            "m": "\u043c\u1d0d",
            "o": "\u043e\u03bf\u1d0f\u0585",
            "r": "\u0433\u0280",
            "s": "\u0455\ua731",
            "t": "\u0442\u03c4\u1d1b",
            "u": "\u03c5\u057d\u1d1c",
            "y": "\u0443\u028f\u04af",
        }.items()
        for alike in others
    }
)
# Unicode categories of controls, formats, blanks and marks: they make no other name.
_INVISIBLE = "CZM"


def role_in(name: str) -> str:
    """The role that a name reads as, whatever its case, blanks, accents or script; empty where it is none."""
    if name.isascii() and name.isalnum():
        return name.lower() if name.lower() in ROLES else ""
    letters = (one for one in unicodedata.normalize("NFKD", name) if unicodedata.category(one)[0] not in _INVISIBLE)
    plain = "".join(letters).casefold().translate(_LOOK_ALIKES)
    return plain if plain in ROLES else ""


def colleague(name: str) -> PersonId | None:
    """The person of the team with this id; None where it is empty or reads as a role."""
    return PersonId(name) if name and not role_in(name) else None


# Fields of events, views and answers that hold the id of one person.
_PEOPLE = frozenset(
    {"adviser", "approver", "by", "contact", "offered_to", "overseer", "owner", "person", "previous_owner", "to"}
)


def with_names(value: T, names: Mapping[str, str], *, and_ids: bool = False) -> T:
    """A dataclass with the names of people in place of their ids, in whatever it is made of too.

    Args:
        value: An event, a view, or an answer.
        names: Name of each person by id; an id without a name stays.
        and_ids: Whether the id follows in brackets, for who needs it in a command: `Ana (ana)`.
    """
    given: Any = value
    if not names or not is_dataclass(value):
        return value
    found: dict[str, Any] = {}
    for one in fields(value):
        old = getattr(value, one.name)
        if isinstance(old, tuple):
            new: object = tuple([with_names(each, names, and_ids=and_ids) for each in old])
        elif one.name in _PEOPLE and isinstance(old, str):
            new = shown_name(old, names, and_ids=and_ids)
        else:
            new = with_names(old, names, and_ids=and_ids)
        if new != old:
            found[one.name] = new
    named: T = replace(given, **found) if found else value
    return named


def shown_name(person: str, names: Mapping[str, str], *, and_ids: bool = True) -> str:
    """The name that people read for an id: `Ana (ana)`, or the id alone where no name is known."""
    name = names.get(person, person)
    if and_ids:
        return f"{name} ({person})" if name != person else name
    return name if name != person else source_of(person) or person


def source_of(actor: str) -> str:
    """The product in which it was done, where the actor is its user and no person of ours: `zendesk:77` gives `Zendesk`."""
    source, colon, _ = actor.partition(":")
    if not colon or not source or " " in source:
        return ""
    vendor, _, which = source.partition("-")
    title = PRODUCTS.get(vendor)
    if title is None:
        return f"{source[:1].upper()}{source[1:]}"
    return f"{title} ({which})" if which else title


PRODUCTS = {
    "chatwoot": "Chatwoot",
    "frappe": "Frappe Helpdesk",
    "freshdesk": "Freshdesk",
    "front": "Front",
    "glpi": "GLPI",
    "groove": "Groove",
    "hubspot": "HubSpot",
    "intercom": "Intercom",
    "jira": "Jira",
    "opsgenie": "Opsgenie",
    "pagerduty": "PagerDuty",
    "servicenow": "ServiceNow",
    "slack": "Slack",
    "teams": "Teams",
    "zammad": "Zammad",
    "zendesk": "Zendesk",
}
"""What products are called whose users act as `freshdesk:77`, or `freshdesk-eu:77`; as in `escalation/intake/vendors`."""


def with_name_first(text: str, names: Mapping[str, str]) -> str:
    """Put the name in place of the id with which a text begins (`hana: on leave`)."""
    person, colon, said = text.partition(":")
    return f"{names.get(person, person)}{colon}{said}"


def abilities(skills: Iterable[str], *, writes_to_customers: bool) -> tuple[str, ...]:
    """The abilities that a tier may require: their skills, and that they may write to customers."""
    return (*skills, WRITES_TO_CUSTOMERS) if writes_to_customers else tuple(skills)


@dataclass(frozen=True, slots=True, kw_only=True)
class Colleague:
    """A person of the team, as far as a command has to do with them."""

    id: PersonId
    name: str
    active: bool = True  # whether they are asked for anything; those who left keep their name
    writes_to_customers: bool = True  # whether their words may go to customers


def must_name_people(command: Any, kind: str) -> None:
    """Refuse a command that names a role where a person of the team is meant.

    Args:
        command: A command; its fields `by`, `to`, `contact`, `owner` and `heard` name people.
        kind: Its wire name.
    """
    for field, name in _named(command):
        role = role_in(name)
        if role and not (field == "by" and name == CUSTOMER and customer_may(command, kind)):
            refusal = NotAllowed if field == "by" else InvalidCommand
            raise refusal(f"`{field}` is `{name}`, which looks like the role `{role}`; {_instead(field, kind)}")


def customer_may(command: Any, kind: str) -> bool:
    """Whether the customer can give this command: one of `CUSTOMER_MAY`, or one that corrects the language of their letters."""
    if kind != "correct":
        return kind in CUSTOMER_MAY
    return {one.name for one in fields(command) if getattr(command, one.name) != one.default} == {"by", "language"}


def must_name_known(command: Any, known: Collection[str]) -> None:
    """Refuse a command to a colleague who is not in the roster, where it is known; who sends it is not looked at."""
    for field, name in _named(command):
        if known and field in _ADDRESSED and name and name not in known:
            raise InvalidCommand(not_in_roster(field, name, known))


def must_be_allowed_to_write(command: Any, silent: Collection[str]) -> None:
    """Refuse a command that sends a customer the words of a person who may not write to customers."""
    if command.by not in silent or not (command.kind in SENDS_WORDS or getattr(command, "tell_customer", False)):
        return
    instead = "ask a colleague who may to send it"
    if command.kind == "approve":
        instead = "approve without a letter, and the owner informs the customer"
    raise NotAllowed(
        f"`{command.by}` may not write to customers (`{WRITES_TO_CUSTOMERS}: false` in the roster); {instead}"
    )


def not_in_roster(field: str, name: str, known: Collection[str]) -> str:
    """That no one has an id, and whose id is close."""
    return f"`{field}` is `{name}`, who is not in the roster; {meant(name, known)}"


def meant(name: str, known: Collection[str]) -> str:
    """Whose id is close to one that is not in the roster, or how to find out who is in it."""
    close = get_close_matches(name, known, n=1)
    return f"did you mean `{close[0]}`?" if close else "`escalations roster show` lists who is"


# Fields that name a person who gets something to do.
_ADDRESSED = frozenset({"to", "contact", "owner", "packet.contact"})


def _named(command: Any) -> Iterable[tuple[str, str]]:
    for one in fields(command):
        value = getattr(command, one.name)
        if one.name in ("by", "to", "contact", "owner"):
            yield one.name, value
        elif one.name == "heard":
            yield from (("heard", name) for name in value)
        elif one.name == "packet":
            yield "packet.contact", value.contact


def _instead(field: str, kind: str) -> str:
    if field == "by" and kind in CUSTOMER_MAY:
        return f"write the id of a person of the team, or exactly `{CUSTOMER}`"
    return "write the id of a person of the team"
