"""The roster file, field by field."""

import difflib
from pathlib import PurePosixPath
from typing import Annotated, Any, Self

from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from escalation.addresses import InvalidAddress, parse_address
from escalation.documents.shape import Section, written
from escalation.documents.week import WEEKDAYS
from escalation.documents.zone_name import ZoneName
from escalation.people import WRITES_TO_CUSTOMERS, abilities, role_in
from escalation.reach import InvalidReach, parse_reach
from escalation.vocabulary import Category


def _well_spelled(skill: str) -> str:
    # Tiers may ask for skills of their own, so only what looks like a misspelt category is refused.
    if skill == WRITES_TO_CUSTOMERS:
        raise ValueError(f"`{skill}` is not a skill but a key of its own; write `{skill}: true`, which is the default")
    close = difflib.get_close_matches(skill, list(Category), n=1, cutoff=0.75)
    if close and skill not in list(Category):
        raise ValueError(f"skill `{skill}` looks misspelt; did you mean `{close[0]}`?")
    return skill


def _no_role(person: str) -> str:
    # A message addressed to that name would not reach this person, but the customer.
    role = role_in(person)
    if role:
        raise ValueError(f"id `{person}` looks like the role `{role}`; give this person another id")
    return person


def _reachable(address: str) -> str:
    try:
        parse_address(address)
    except InvalidAddress as error:
        raise ValueError(f"`{address}` {error}") from None
    return address


def _on_channel(address: str) -> str:
    try:
        return str(parse_reach(address))
    except InvalidReach as error:
        raise ValueError(str(error)) from None


def _channels_once(addresses: tuple[str, ...]) -> tuple[str, ...]:
    # What was sent is remembered by recipient and channel.
    for number, address in enumerate(addresses):
        channel = address.partition(":")[0]
        if any(earlier.startswith(f"{channel}:") for earlier in addresses[:number]):
            raise ValueError(f"`{address}` is the second address on `{channel}`; write one for each channel")
    return addresses


def _beside(file: str) -> str:
    # The author of a roster must not be able to read other files of the machine into the record.
    path = PurePosixPath(file)
    if path.is_absolute() or ".." in path.parts or not file.isprintable() or path.suffix.lower() != ".ics":
        raise ValueError(f"`{file}` is not an iCalendar file beside the roster; name one, such as `nights.ics`")
    return file


def _as_list(value: Any) -> Any:
    # A single interval needs no brackets.
    if isinstance(value, list):
        return tuple(value)
    return (value,) if isinstance(value, str) else value


# What the column of the table can hold.
_MOST = 2_000_000_000

_Word = Annotated[
    str,
    written(
        r"(?=.{1,64}$)[a-z0-9]+([-_][a-z0-9]+)*",
        "write lower-case letters, digits and single dashes, at most 64, such as `front-desk`",
    ),
]
_Name = Annotated[
    str, written(r"(?=.{1,200}$)\S(.*\S)?", "write a name of at most 200 letters without blanks at its ends")
]
_Language = Annotated[str, written(r"[a-z]{2,3}(-[A-Za-z0-9]+)*", "write a language tag, such as `en` or `de-AT`")]
_Tier = Annotated[int, Field(ge=1, le=99)]
_Instant = Annotated[
    str,
    written(
        r"[0-9]{4}(-[0-9]{2}){2}([T ][0-9]{2}:[0-9]{2}(:[0-9]{2})?(Z|[+-][0-9]{2}:[0-9]{2})?)?",
        "write `2026-12-24`, `2026-12-24 09:00`, or `2026-12-24T09:00+01:00`",
    ),
]
_Addresses = Annotated[tuple[Annotated[str, AfterValidator(_on_channel)], ...], AfterValidator(_channels_once)]
_HoursOfADay = Annotated[tuple[str, ...], BeforeValidator(_as_list), Field(min_length=1)]


def _mail_in(known: dict[str, Any]) -> str:
    listed = (*known.get("addresses", ()), *known.get("urgent", ()))
    return next((one.partition(":")[2] for one in listed if one.startswith("email:")), "")


class RosterPerson(Section):
    """A person of the support team, as the table `people` has them."""

    id: Annotated[_Word, AfterValidator(_no_role)]
    """What timelines and offers name."""
    name: _Name
    """For messages."""
    addresses: _Addresses = ()
    """Where messages to them go, in the order in which it is tried: `[slack:U0123ABCD, mail:ana@example.com]`."""
    urgent: _Addresses = ()
    """The order for urgent messages; the others follow."""
    address: Annotated[str, AfterValidator(_reachable)] = Field(default_factory=_mail_in)
    """A mail address; may be left out where `addresses` has one. It is tried last."""
    languages: tuple[_Language, ...] = ()
    """What they write to customers in; none: `language` alone."""
    language: _Language = Field(default_factory=lambda known: next(iter(known.get("languages", ())), "en"))
    """Language tag of their messages; the first of `languages` when left out, `en` without any."""
    zone: ZoneName = "UTC"
    """IANA time zone of the times in their messages."""
    skills: tuple[Annotated[_Word, AfterValidator(_well_spelled)], ...]
    """Categories they can handle, and what tiers ask for beyond those."""
    tiers: tuple[_Tier, ...]
    """Rungs of the ladder on which they are asked, from 1; none: never by the ladder."""
    authority: Annotated[int, Field(ge=0, le=_MOST)] = 0
    """The amount, in the policy's currency units, they may decide on alone."""
    max_open: Annotated[int, Field(ge=0, le=_MOST)]
    """Most cases at a time."""
    active: bool = True
    """Whether they are asked at all."""
    writes_to_customers: bool = True
    """Whether their words may go to customers."""
    always: bool | None = None
    """Whether they are asked around the clock instead of on shifts.

    None: only where the roster has no `shifts:`, or they serve no tier and are asked by name alone.
    """

    @property
    def abilities(self) -> tuple[str, ...]:
        """The abilities that a tier may require of them."""
        return abilities(self.skills, writes_to_customers=self.writes_to_customers)

    @model_validator(mode="after")
    def _can_be_reached(self) -> Self:
        if not self.address and not self.addresses:
            raise ValueError("address: is missing; write a mail address, or `addresses:` with another channel")
        return self


class RotationEntry(Section):
    """One person a week, in turn."""

    people: Annotated[tuple[_Word, ...], Field(min_length=1)]
    """In the order of their turns; a person may have several."""
    hand_over: Annotated[
        str,
        written(
            rf"({'|'.join(WEEKDAYS)}) ([01][0-9]|2[0-3]):[0-5][0-9]", "write a weekday and a time, such as `mon 09:00`"
        ),
    ]
    """Weekday and wall time, `mon 09:00`."""
    zone: ZoneName
    """IANA zone of that wall time, and of the shift's hours."""
    starts: Annotated[str, written(r"[0-9]{4}(-[0-9]{2}){2}", "write a date, such as `2026-01-05`")]
    """The first turn begins with the first hand-over on or after this date."""


class ShiftEntry(Section):
    """A shift: exactly one of `people`, `rotation` and `ics`."""

    tiers: Annotated[tuple[_Tier, ...], Field(min_length=1)]
    """What it covers."""
    people: Annotated[tuple[_Word, ...], Field(min_length=1)] | None = None
    """The same ones every week."""
    rotation: RotationEntry | None = None
    """One a week, in turn."""
    ics: Annotated[str, AfterValidator(_beside)] | None = None
    """An iCalendar file beside the roster, whose events name people."""
    zone: ZoneName | None = None
    """Of `hours` with `people`; with `ics`, of events that do not say theirs."""
    hours: Annotated[dict[str, _HoursOfADay], Field(min_length=1)] | None = None
    """Weekdays to hours; without them, all the time."""


class OverrideEntry(Section):
    """One person takes over for another."""

    person: _Word
    """Who takes over."""
    shift: str = ""
    """On this shift only."""
    instead_of: str = ""
    """For this person only."""
    start: Annotated[_Instant, Field(alias="from")]
    """A date, a local time, or an instant with its offset."""
    end: Annotated[_Instant, Field(alias="to")]
    """The same; a date is included."""
    zone: ZoneName | None = None
    """Of dates and local times; unless told, the shift's, else that of the person replaced."""


class AbsenceEntry(Section):
    """A person is absent."""

    person: _Word
    """Who."""
    start: Annotated[_Instant, Field(alias="from")]
    """As of an override."""
    end: Annotated[_Instant, Field(alias="to")]
    """As of an override."""
    zone: ZoneName | None = None
    """Of dates and local times; unless told, the person's own."""


class RosterEntries(Section):
    """A whole file."""

    people: Annotated[tuple[RosterPerson, ...], Field(min_length=1)]
    """The support team, one person after each `- `."""
    shifts: dict[_Word, ShiftEntry] = Field(default_factory=dict)
    """Who is asked when, by the name of the shift."""
    overrides: tuple[OverrideEntry, ...] = ()
    """Who takes over for whom."""
    absences: tuple[AbsenceEntry, ...] = ()
    """Who is not there when."""

    @property
    def scheduled(self) -> frozenset[str]:
        """Ids of the people who are asked only while a shift has them.

        Where the roster has `shifts:`, that is everyone in a tier, unless it says `always: true`. So no one
        comes to be asked around the clock because their last shift was removed, or because they declined it.
        """
        has_shifts = "shifts" in self.model_fields_set
        return frozenset(
            person.id
            for person in self.people
            if not (person.always if person.always is not None else not (has_shifts and person.tiers))
        )
