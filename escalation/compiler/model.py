"""The shape of a policy file: which keys there are and what may stand under them.

Shape only. What the words mean together is checked where they are compiled. The JSON schema is made from these models;
their docstrings are its descriptions.
"""

import re
from typing import Annotated, TypeAlias, TypeVar

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Discriminator,
    Field,
    StringConstraints,
    Tag,
    WithJsonSchema,
)
from pydantic_core import PydanticCustomError

from escalation.business_time import Boundary
from escalation.compiler.triage import TriageSection
from escalation.policy import Action, OnRetarget, StopCause
from escalation.vocabulary import Category, Channel, PacketPart, PauseCause, Reason, Severity

T = TypeVar("T")

THRESHOLD = re.compile(r"due|(?P<percent>-?[0-9]{1,9})%|(?P<sign>[-+]?)(?P<by>[0-9][0-9a-z ]*)")
"""How a threshold is written."""

_HIGHEST_PERCENT = 1000
_DURATION = r"^\s*([0-9]+\s*bd|([0-9]+d)?\s*([0-9]+h)?\s*([0-9]+m)?\s*([0-9]+s)?)\s*$"


def _checked_threshold(text: str) -> str:
    match = THRESHOLD.fullmatch(text)
    if match is None:
        raise PydanticCustomError(
            "written",
            "`{text}` is not a threshold; write `75%`, `due`, `-10m` (before it is due), `+1h` (after it was due) "
            "or `2h` (after the clock started)",
            {"text": text},
        )
    if match["percent"] and int(match["percent"]) <= 0:
        raise PydanticCustomError(
            "written", "`{text}` is no time at all; write a percentage above 0, such as `50%`", {"text": text}
        )
    if match["percent"] and int(match["percent"]) > _HIGHEST_PERCENT:
        raise PydanticCustomError(
            "written", "`{text}` is far away; write at most `1000%`, or a time such as `+2h`", {"text": text}
        )
    return text


def _one_or_many(value: object) -> object:
    return value if isinstance(value, list) else [value]


def _form_of_targets(value: object) -> str | None:
    match value:
        case str():
            return "one for all"
        case dict():
            return "by severity"
        case list():
            return "rules"
        case _:
            return None


def _form_of_pause(value: object) -> str:
    return "conditions" if isinstance(value, dict) else "cause"


def _not_blank(text: str) -> str:
    if not text.strip():
        raise PydanticCustomError("string_too_short", "blank")
    return text


Text: TypeAlias = Annotated[str, StringConstraints(min_length=1), AfterValidator(_not_blank)]
DurationText: TypeAlias = Annotated[
    str,
    WithJsonSchema({"type": "string", "pattern": _DURATION, "examples": ["30s", "15m", "4h", "1h30m", "2bd"]}),
]
ThresholdText: TypeAlias = Annotated[
    str,
    AfterValidator(_checked_threshold),
    WithJsonSchema({"type": "string", "pattern": r"^(due|[0-9]+%|[-+]?[0-9][0-9a-z ]*)$"}),
]
HoursText: TypeAlias = Annotated[
    str, WithJsonSchema({"type": "string", "pattern": r"^[0-9]{2}:[0-9]{2}-[0-9]{2}:[0-9]{2}$"})
]
# A strict enum would refuse its own words.
SeverityWord: TypeAlias = Annotated[Severity, Field(strict=False)]
CategoryWord: TypeAlias = Annotated[Category, Field(strict=False)]
ReasonWord: TypeAlias = Annotated[Reason, Field(strict=False)]
ChannelWord: TypeAlias = Annotated[Channel, Field(strict=False)]
PauseWord: TypeAlias = Annotated[PauseCause, Field(strict=False)]
StopWord: TypeAlias = Annotated[StopCause, Field(strict=False)]
ActionWord: TypeAlias = Annotated[Action, Field(strict=False)]
PacketWord: TypeAlias = Annotated[PacketPart, Field(strict=False)]

SeveralHours: TypeAlias = Annotated[
    list[HoursText],
    Field(min_length=1),
    BeforeValidator(_one_or_many, json_schema_input_type=HoursText | list[HoursText]),
]
Actions: TypeAlias = Annotated[
    list[ActionWord],
    Field(min_length=1),
    BeforeValidator(_one_or_many, json_schema_input_type=ActionWord | list[ActionWord]),
]
Severities: TypeAlias = Annotated[
    list[SeverityWord],
    Field(min_length=1),
    BeforeValidator(_one_or_many, json_schema_input_type=SeverityWord | list[SeverityWord]),
]
Categories: TypeAlias = Annotated[
    list[CategoryWord],
    Field(min_length=1),
    BeforeValidator(_one_or_many, json_schema_input_type=CategoryWord | list[CategoryWord]),
]
Texts: TypeAlias = Annotated[
    list[Text],
    Field(min_length=1),
    BeforeValidator(_one_or_many, json_schema_input_type=Text | list[Text]),
]

# These may be empty.
SomeTexts: TypeAlias = Annotated[list[Text], BeforeValidator(_one_or_many, json_schema_input_type=Text | list[Text])]
Stops: TypeAlias = Annotated[
    list[StopWord],
    Field(min_length=1),
    BeforeValidator(_one_or_many, json_schema_input_type=StopWord | list[StopWord]),
]
SomeSeverities: TypeAlias = Annotated[
    list[SeverityWord], BeforeValidator(_one_or_many, json_schema_input_type=SeverityWord | list[SeverityWord])
]
Channels: TypeAlias = Annotated[
    list[ChannelWord],
    Field(min_length=1),
    BeforeValidator(_one_or_many, json_schema_input_type=ChannelWord | list[ChannelWord]),
]
PacketParts: TypeAlias = Annotated[
    list[PacketWord],
    Field(min_length=1),
    BeforeValidator(_one_or_many, json_schema_input_type=PacketWord | list[PacketWord]),
]
Durations: TypeAlias = Annotated[
    list[DurationText],
    Field(min_length=1),
    BeforeValidator(_one_or_many, json_schema_input_type=DurationText | list[DurationText]),
]


class Section(BaseModel):
    """A mapping of the file: known keys only, nothing turned into something else."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True, use_attribute_docstrings=True)


class HolidaysSection(Section):
    """The closed dates of a calendar."""

    country: Text | None = None
    """ISO 3166 code of the country whose public holidays are closed, such as `DE`."""
    subdivision: Text | None = None
    """Code of its state or region, such as `BE`, for holidays that only some have."""
    dates: SomeTexts = []
    """Further closed dates: `2026-12-24` once, `12-24` every year."""


class CalendarSection(Section):
    """The open hours of one team."""

    zone: Text
    """IANA time zone in which the hours are read, such as `Europe/Berlin`."""
    hours: dict[Text, SeveralHours] = {}
    """Open hours by weekday (`mon`) or weekdays (`mon-fri`): `09:00-17:30`, or a list; `22:00-06:00` runs overnight."""
    holidays: HolidaysSection = HolidaysSection()
    """When it is closed."""
    shifts: dict[Text, SeveralHours] = {}
    """Dates with other hours than their weekday's; on such a date a holiday of the country is worked."""
    breaks: dict[Text, SeveralHours] = {}
    """Dates on which some hours are taken away."""
    boundary: Annotated[Boundary, Field(strict=False)] = Boundary.CLOSE
    """Where a duration ends that is used up exactly at closing: then, or at the next opening."""


class TierSection(Section):
    """A rung of the ladder."""

    name: Text
    """For people; unique in the ladder."""
    people_to_try: int = Field(default=1, ge=1, le=100)
    """How many get the offer before the case climbs."""
    skills: SomeTexts = []
    """What an owner here must have, besides the category's own skill."""
    authority: int = Field(default=0, ge=0)
    """The amount an owner here may decide on alone."""
    acknowledge: DurationText | None = None
    """How long an offer holds here, where that differs from the clock's own target."""


class LadderSection(Section):
    """Who gets a case, in which order, and who answers for the whole."""

    overseer: Text
    """Id of the person who is told of breaches and holds what nobody takes."""
    contact: Text
    """Id of the customer's contact where the opening names none."""
    rounds: int = Field(default=1, ge=1, le=100)
    """How often the whole ladder is walked before the overseer holds the case."""
    tiers: list[TierSection] = Field(min_length=1)
    """From the front line up."""
    lanes: dict[ReasonWord | CategoryWord, Text] = {}
    """Reason or category: the name of the tier at which such cases start, and to which a hard reason leads."""
    packet: PacketParts = [PacketPart.CONCERN, PacketPart.TRIED]
    """What a hand-off packet must have before somebody hands a case up."""
    confirm_packet: bool = False
    """Whether who takes a case with a packet must say that they read it."""


class TargetSection(Section):
    """How long something may take, for the escalations it matches; a condition left out matches all."""

    within: DurationText
    """The time allowed."""
    severity: Severities | None = None
    """Severities it holds for."""
    category: Categories | None = None
    """Categories it holds for."""
    customer_tier: Texts | None = None
    """Customer tiers it holds for."""
    calendar: Text | None = None
    """The calendar it is counted in, where that differs from the clock's."""


Targets: TypeAlias = Annotated[
    Annotated[DurationText, Tag("one for all")]
    | Annotated[dict[SeverityWord, DurationText], Tag("by severity")]
    | Annotated[list[TargetSection], Tag("rules")],
    Discriminator(_form_of_targets),
]


class PauseSection(Section):
    """What makes a clock stand still, for the escalations it matches; a condition left out matches all."""

    cause: PauseWord
    """What is waited for."""
    severity: Severities | None = None
    """Severities it holds for."""
    category: Categories | None = None
    """Categories it holds for."""
    customer_tier: Texts | None = None
    """Customer tiers it holds for."""


Pause: TypeAlias = Annotated[
    Annotated[PauseWord, Tag("cause")] | Annotated[PauseSection, Tag("conditions")], Discriminator(_form_of_pause)
]
Pauses: TypeAlias = Annotated[list[Pause], BeforeValidator(_one_or_many, json_schema_input_type=Pause | list[Pause])]


class ClockSection(Section):
    """One promise about time."""

    targets: Targets
    """One duration for all, a duration by severity, or a list of rules of which the first that matches counts."""
    calendar: Text | None = None
    """The calendar of its targets, where that differs from the severity's."""
    thresholds: dict[ThresholdText, Actions] = Field(min_length=1)
    """What happens when, in the order in which it happens."""
    paused_by: Pauses = []
    """What makes it stand still: a cause, or a cause with the escalations it holds for."""
    stopped_by: Stops | None = None
    """For `first_response` and `next_response`: what counts as the answer the customer waits for."""
    on_retarget: Annotated[OnRetarget, Field(strict=False)] = OnRetarget.KEEP
    """What a change of severity or of the policy does: keep the start and what has fired, or restart."""


class PromiseSection(Section):
    """An instant that somebody else names: an ETA given to the customer, the end of a shift. It is the target."""

    thresholds: dict[ThresholdText, Actions] = Field(min_length=1)
    """What happens before it is due, and when it is."""


class FollowUpSection(Section):
    """When to check back after a resolution."""

    after: Durations
    """Durations from the resolution, the shortest first."""
    survey: DurationText | None = None
    """The one of them that carries the survey."""
    calendar: Text | None = None
    """The calendar they are counted in, where that differs from the severity's."""


class ClocksSection(Section):
    """Everything that is promised about time."""

    acknowledge: ClockSection
    """From an offer until the person takes it."""
    first_response: ClockSection | None = None
    """From the opening until a person writes to the customer."""
    next_response: ClockSection | None = None
    """From a customer's message until a person writes to them."""
    customer_update: ClockSection
    """From one message to the customer until the next."""
    check_in: ClockSection
    """From one sign of progress until the next."""
    consult: ClockSection | None = None
    """From asking a colleague for advice until they answer."""
    approval: ClockSection | None = None
    """From a request for approval until it is decided."""
    resolution: ClockSection
    """From the opening of a cycle until it is resolved."""
    shift_end: PromiseSection | None = None
    """Around the end of the owner's shift; without it a case stays with its owner when they go home."""
    promise: PromiseSection | None = None
    """Around an ETA given to the customer."""
    choice: ClockSection | None = None
    """From offering options until the customer chooses."""
    customer_reply: ClockSection
    """From a question until the customer answers."""
    follow_up: FollowUpSection | None = None
    """Checking back after a resolution."""
    satisfaction: ClockSection | None = None
    """From the survey until its answer."""
    reopen_window: ClockSection
    """From a resolution until it can no longer be reopened."""
    review: ClockSection | None = None
    """From closing until the review is written."""


class ChannelsSection(Section):
    """How to reach people; the first channel that works is taken."""

    customer: Channels = [Channel.EMAIL]
    """The customer."""
    staff: Channels = [Channel.EMAIL]
    """People of the team."""


class ClosingSection(Section):
    """What a survey's answer does."""

    close_when_satisfied: bool = True
    """Whether a satisfied answer closes at once rather than at the end of the reopen window."""
    satisfied_from: int = Field(default=4, ge=1, le=5)
    """The lowest score, 1 to 5, that counts as satisfied."""
    thanks: bool = True
    """Whether an answered survey is thanked for."""


class ReviewsSection(Section):
    """Which closed escalations the team looks back on."""

    severities: SomeSeverities = []
    """Those of these severities, and all that broke a promise; an empty list means no reviews."""


class PolicyFile(Section):
    """A policy: who owns an escalation, what is promised about time, and what happens when."""

    policy: Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_-]*$")]
    """The policy's name: small letters, digits, `-` and `_`."""
    calendars: dict[Text, CalendarSection] = {}
    """Calendars by name; `24x7` is always there."""
    calendar_by_severity: dict[SeverityWord, Text] = {}
    """The calendar in which targets of a severity are counted; `24x7` where none is named."""
    ladder: LadderSection
    """Who gets a case, in which order."""
    clocks: ClocksSection
    """What is promised about time."""
    channels: ChannelsSection = ChannelsSection()
    """How to reach people."""
    closing: ClosingSection = ClosingSection()
    """What a survey's answer does."""
    reviews: ReviewsSection = ReviewsSection()
    """Which closed escalations are looked back on."""
    triage: TriageSection | None = None
    """Which tickets should escalate at all, and as what."""
    late_after: DurationText = "5s"
    """How late something may happen before it is marked late."""
