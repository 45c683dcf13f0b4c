"""What may stand in a roster file, field by field."""

import difflib
from pathlib import PurePosixPath
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field

from escalation.addresses import InvalidAddress, parse_address
from escalation.documents.zone_name import ZoneName
from escalation.people import role_in
from escalation.vocabulary import Category


def _well_spelled(skill: str) -> str:
    """Tiers may ask for skills of their own, so only what looks like a misspelt category is refused."""
    close = difflib.get_close_matches(skill, list(Category), n=1, cutoff=0.75)
    if close and skill not in list(Category):
        raise ValueError(f"skill `{skill}` looks misspelt; did you mean `{close[0]}`?")
    return skill


def _no_role(person: str) -> str:
    """A message addressed to that name would not reach this person, but the customer."""
    role = role_in(person)
    if role:
        raise ValueError(f"id `{person}` reads as the role `{role}`; give this person another id")
    return person


def _reachable(address: str) -> str:
    try:
        parse_address(address)
    except InvalidAddress as error:
        raise ValueError(f"`{address}` {error}") from None
    return address


def _beside(file: str) -> str:
    """Whoever writes a roster must not be able to read other files of the machine into the record."""
    path = PurePosixPath(file)
    if path.is_absolute() or ".." in path.parts or not file.isprintable() or path.suffix.lower() != ".ics":
        raise ValueError(f"`{file}` is no iCalendar file beside the roster; name one, such as `nights.ics`")
    return file


def _as_list(value: Any) -> Any:
    """One stretch of hours may stand without brackets."""
    if isinstance(value, list):
        return tuple(value)
    return (value,) if isinstance(value, str) else value


_MOST = 2_000_000_000
"""What the column of the table can hold."""

_Word = Annotated[str, Field(pattern=r"^[a-z0-9]+([-_][a-z0-9]+)*$", max_length=64)]
_Name = Annotated[str, Field(pattern=r"^\S(.*\S)?$", max_length=200)]
_Language = Annotated[str, Field(pattern=r"^[a-z]{2,3}(-[A-Za-z0-9]+)*$")]
_Tier = Annotated[int, Field(ge=1, le=99)]
_Instant = Annotated[str, Field(pattern=r"^\d{4}-\d\d-\d\d([T ]\d\d:\d\d(:\d\d)?(Z|[+-]\d\d:\d\d)?)?$")]
_HoursOfADay = Annotated[tuple[str, ...], BeforeValidator(_as_list), Field(min_length=1)]


class _Entry(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid", frozen=True, populate_by_name=True)


class RosterPerson(_Entry):
    """A person of the support team, as the table `people` has them.

    Attributes:
        id: What timelines and offers name.
        name: For messages.
        address: A mail address.
        languages: What they write to customers in; none: `language` alone.
        language: Language tag of their messages; the first of `languages` when left out, `en` without any.
        zone: IANA zone in which times are told to them.
        skills: Categories they can handle, and what tiers ask for beyond those.
        tiers: Rungs of the ladder on which they are asked, from 1; none: never by the ladder.
        authority: The amount, in the policy's currency units, they may decide on alone.
        max_open: Most cases at a time.
        active: Whether they are asked at all.
        always: Whether they are asked around the clock instead of on shifts; None: only where the roster has no
            `shifts:`, or they serve no tier and are asked by name alone.
    """

    id: Annotated[_Word, AfterValidator(_no_role)]
    name: _Name
    address: Annotated[str, AfterValidator(_reachable)]
    languages: tuple[_Language, ...] = ()
    language: _Language = Field(default_factory=lambda known: next(iter(known.get("languages", ())), "en"))
    zone: ZoneName = "UTC"
    skills: tuple[Annotated[_Word, AfterValidator(_well_spelled)], ...]
    tiers: tuple[_Tier, ...]
    authority: Annotated[int, Field(ge=0, le=_MOST)] = 0
    max_open: Annotated[int, Field(ge=0, le=_MOST)]
    active: bool = True
    always: bool | None = None


class RotationEntry(_Entry):
    """One person a week, in turn.

    Attributes:
        people: In the order of their turns; somebody may have several.
        hand_over: Weekday and wall time, `mon 09:00`.
        zone: IANA zone of that wall time, and of the shift's hours.
        starts: The first turn begins with the first hand-over on or after this date.
    """

    people: Annotated[tuple[_Word, ...], Field(min_length=1)]
    hand_over: Annotated[str, Field(pattern=r"^(mon|tue|wed|thu|fri|sat|sun) ([01]\d|2[0-3]):[0-5]\d$")]
    zone: ZoneName
    starts: Annotated[str, Field(pattern=r"^\d{4}-\d\d-\d\d$")]


class ShiftEntry(_Entry):
    """A shift: exactly one of `people`, `rotation` and `ics`.

    Attributes:
        tiers: What it covers.
        people: The same ones every week.
        rotation: One a week, in turn.
        ics: An iCalendar file beside the roster, whose events name people.
        zone: Of `hours` with `people`; with `ics`, of events that do not say theirs.
        hours: Weekdays to hours; without them, all the time.
    """

    tiers: Annotated[tuple[_Tier, ...], Field(min_length=1)]
    people: Annotated[tuple[_Word, ...], Field(min_length=1)] | None = None
    rotation: RotationEntry | None = None
    ics: Annotated[str, AfterValidator(_beside)] | None = None
    zone: ZoneName | None = None
    hours: Annotated[dict[str, _HoursOfADay], Field(min_length=1)] | None = None


class OverrideEntry(_Entry):
    """Somebody takes over for somebody else.

    Attributes:
        person: Who takes over.
        shift: On this shift only.
        instead_of: For this person only.
        start: A date, a local time, or an instant with its offset.
        end: The same; a date is included.
        zone: Of dates and local times; unless told, the shift's, else that of the person replaced.
    """

    person: _Word
    shift: str = ""
    instead_of: str = ""
    start: Annotated[_Instant, Field(alias="from")]
    end: Annotated[_Instant, Field(alias="to")]
    zone: ZoneName | None = None


class AbsenceEntry(_Entry):
    """Somebody is away.

    Attributes:
        person: Who.
        start: As of an override.
        end: As of an override.
        zone: Of dates and local times; unless told, the person's own.
    """

    person: _Word
    start: Annotated[_Instant, Field(alias="from")]
    end: Annotated[_Instant, Field(alias="to")]
    zone: ZoneName | None = None


class RosterEntries(_Entry):
    """A whole file."""

    people: tuple[RosterPerson, ...]
    shifts: dict[_Word, ShiftEntry] = {}
    overrides: tuple[OverrideEntry, ...] = ()
    absences: tuple[AbsenceEntry, ...] = ()

    @property
    def scheduled(self) -> frozenset[str]:
        """Ids of the people who are asked only while a shift has them.

        Where the roster has `shifts:`, that is everyone who serves a tier, unless it says `always: true`. So nobody
        comes to be asked around the clock because their last shift was removed, or because they declined it.
        """
        has_shifts = "shifts" in self.model_fields_set
        return frozenset(
            person.id
            for person in self.people
            if not (person.always if person.always is not None else not (has_shifts and person.tiers))
        )


def fields_at(path: tuple[int | str, ...]) -> list[str]:
    """The fields, as a file spells them, that may stand where a path leads to."""
    match path:
        case ():
            model: type[_Entry] = RosterEntries
        case ("people", *_):
            model = RosterPerson
        case ("shifts", _, "rotation"):
            model = RotationEntry
        case ("shifts", *_):
            model = ShiftEntry
        case ("overrides", *_):
            model = OverrideEntry
        case _:
            model = AbsenceEntry
    return [field.alias or name for name, field in model.model_fields.items()]
