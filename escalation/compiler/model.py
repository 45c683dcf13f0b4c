"""The shape of a policy file: its keys and their values.

Shape only. What the words mean together is checked where they are compiled. The JSON schema is made from these models;
their docstrings are its descriptions. The sections of the clocks are in `escalation.compiler.clock_model`.
"""

import json
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from escalation.business_time import ALWAYS_OPEN, Boundary
from escalation.compiler.clock_model import ClocksSection
from escalation.compiler.triage import TriageSection, WordsByLanguage
from escalation.compiler.words import (
    ByLanguage,
    CategoryWord,
    Channels,
    DurationText,
    LanguageCode,
    PacketParts,
    ReasonWord,
    SeveralHours,
    SeverityWord,
    SomeLetters,
    SomeNotices,
    SomeSeverities,
    SomeTexts,
    Text,
    Texts,
)
from escalation.documents.shape import Section
from escalation.policy import OnReply, OnUnsatisfied
from escalation.quiet_hours import AT_ONCE
from escalation.vocabulary import Channel, PacketPart, Severity


class HolidaysSection(Section):
    """The closed dates of a calendar."""

    country: Text | None = None
    """ISO 3166 code of the country whose public holidays are closed, such as `DE`."""
    subdivision: Text | None = None
    """Code of its state or region, such as `BE`, for holidays that only some have."""
    countries: SomeTexts = []
    """Further countries or subdivisions, such as `AT` or `GB-SCT`; a date is closed when any of them has it as a holiday."""
    kinds: SomeTexts = []
    """Kinds of holidays that are closed, such as `public`, `bank` or `half_day`; `public` alone when left out."""
    ics: SomeTexts = []
    """iCalendar files beside the policy; their all-day events are closed dates."""
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
    """Dates, or days of every year (`12-24`), with other hours than their weekday's; a holiday of the country is then worked."""
    breaks: dict[Text, SeveralHours] = {}
    """Dates, or days of every year (`12-24`), on which some hours are taken away."""
    boundary: Annotated[Boundary, Field(strict=False)] = Boundary.CLOSE
    """Where a duration ends that is used up exactly at closing: then, or at the next opening."""


class TierSection(Section):
    """A rung of the ladder."""

    name: Text
    """For people; unique in the ladder."""
    words: dict[LanguageCode, Text] = {}
    """Language, such as `en`: what letters call its people; those to the customer name no tier without it."""
    people_to_try: int = Field(default=1, ge=1, le=100)
    """How many get the offer before the case climbs."""
    skills: SomeTexts = []
    """What an owner here must have, besides the category's own skill."""
    authority: int = Field(default=0, ge=0)
    """The amount an owner here may decide on alone."""
    acknowledge: DurationText | None = None
    """How long an offer holds here, where that differs from the clock's own target."""


class LadderSection(Section):
    """Who gets a case, in which order, and who oversees the ladder."""

    overseer: Text
    """Id of the person who gets notices of breaches and holds cases that no one takes."""
    contact: Text
    """Id of the customer's contact where the opening names none."""
    rounds: int = Field(default=1, ge=1, le=100)
    """How often the whole ladder is walked before the overseer holds the case."""
    tiers: list[TierSection] = Field(min_length=1)
    """From the front line up."""
    lanes: dict[ReasonWord | CategoryWord, Text] = {}
    """Reason or category: the name of the tier at which such cases start, and to which a hard reason leads."""
    skills: dict[Text, Texts] = {}
    """Subcategory, in your own words: the skills that an owner of such a case needs besides those of category and tier."""
    packet: PacketParts = [PacketPart.CONCERN, PacketPart.TRIED]
    """The parts a hand-off packet needs before a person can move a case up."""
    confirm_packet: bool = False
    """Whether who takes a case with a packet must say that they read it."""


class ContactLimitSection(Section):
    """How many messages of the customer reach the team in cases of a lane; what goes over it is set aside for a while."""

    at_most: int = Field(ge=1, le=1000)
    """How many within the window."""
    within: DurationText
    """How long the window is that ends with each message."""
    calendar: Text = ALWAYS_OPEN.name
    """The calendar in which it is counted."""


class FatigueSection(Section):
    """How automatic updates and reminders slow down while no person writes; clocks and thresholds do not."""

    in_all: int = Field(default=12, ge=0, le=1000)
    """After how many in the whole case every silence begins with the last step, `then`; `0` for no such limit."""
    at_cadence: int = Field(default=3, ge=1, le=1000)
    """How many holding updates the customer gets one after the other; reminders of them to staff follow the same steps."""
    every: int = Field(default=3, ge=1, le=1000)
    """After that, only each Nth interval sends one."""
    times: int = Field(default=3, ge=0, le=1000)
    """How many of those."""
    then: DurationText = "7d"
    """The shortest time between all later ones."""
    ends_after: int = Field(default=12, ge=0, le=1000)
    """After how many in a row the customer gets no more of them; `0` for no end. Reminders to staff never end."""


class QuestionSetSection(Section):
    """Questions that belong together, for the cases of a kind."""

    questions: WordsByLanguage
    """A list, or lists by language of the customer (`en`, `de`, or `any`)."""
    category: CategoryWord | None = None
    """Whose cases it is for; all where it is left out."""
    subcategory: Text | None = None
    """Whose cases it is for, in your own words; needs `category`."""


class ChecklistSection(Section):
    """What has to be done before a case of a kind is resolved."""

    items: dict[Text, ByLanguage] = Field(min_length=1)
    """Id, which people tick it by: what is done, as one text or by language of the colleague (`en`, `de`)."""
    category: CategoryWord | None = None
    """Whose cases it is for; all where it is left out."""
    subcategory: Text | None = None
    """Whose cases it is for, in your own words; needs `category`."""
    required: bool = False
    """Whether `resolve` is refused while an item is open."""


class FrustrationSection(Section):
    """How frustration shortens the update interval, and when it eases."""

    cadence: list[Annotated[int, Field(ge=10, le=100)]] = Field(
        default=[100, 100, 100, 100, 100], min_length=5, max_length=5
    )
    """The share of the interval of `customer_update`, in percent, at each level from 0 (calm) to 4 (furious)."""
    eases_after: DurationText | None = None
    """After how long without a broken promise, a rise or a reopening it falls by a level; without it, never."""


class QuietHoursSection(Section):
    """The hours in which messages wait, in the reader's own time zone. Clocks do not wait."""

    customer: dict[Text, SeveralHours] = {}
    """Hours by weekday or weekdays, such as `mon-sun: 21:00-07:00`, in which letters to the customer wait."""
    staff: dict[Text, SeveralHours] = {}
    """Hours in which messages wait for colleagues who are not on shift."""
    severities_at_once: SomeSeverities = [Severity.SEV1]
    """Severities of cases whose messages wait for nothing."""
    customer_at_once: SomeLetters = list(AT_ONCE)
    """Letters that wait for nothing; else those that a person writes or that answer the customer."""
    staff_at_once: SomeNotices = []
    """Notices that wait for nothing, such as `overseer_holds`."""


class ChannelsSection(Section):
    """The channels to people; the first that works is used."""

    customer: Channels = [Channel.EMAIL]
    """The customer."""
    staff: Channels = [Channel.EMAIL]
    """People of the team."""


class ClosingSection(Section):
    """The effect of a survey's answer and of a message after the solution."""

    close_when_satisfied: bool = True
    """Whether a satisfied answer closes at once rather than at the end of the reopen window."""
    raise_severity_from: int = Field(default=0, ge=0, le=100)
    """With which reopening the severity rises one step, and with each after it; 0 for never."""
    satisfied_from: int = Field(default=4, ge=1, le=5)
    """The lowest score, 1 to 5, that counts as satisfied."""
    thanks: bool = True
    """Whether an answered survey is thanked for."""
    unsatisfied: Annotated[OnUnsatisfied, Field(strict=False)] = OnUnsatisfied.CALL_BACK
    """What a lower score starts, or an objection in its comment."""
    objection: Literal["reopen", "ask_owner"] = "reopen"
    """What a message does that says the solution did not hold."""
    answer: Annotated[OnReply, Field(strict=False)] = OnReply.REOPEN
    """What any other message does, but for mere thanks."""


class ReviewsSection(Section):
    """The closed escalations that the team reviews."""

    severities: SomeSeverities = []
    """Those of these severities, and all that broke a promise; an empty list means no reviews."""


class PolicyFile(Section):
    """A policy: who owns an escalation, what is promised about time, and what happens when."""

    policy: Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_-]*$")]
    """The policy's name: lower-case letters, digits, `-` and `_`."""
    review_by: Text | None = None
    """Until when people should look through the policy again, such as `2027-03-01`; it moves no deadline."""
    calendars: dict[Text, CalendarSection] = {}
    """Calendars by name; `24x7` is always there."""
    calendar_by_severity: dict[SeverityWord, Text] = {}
    """The calendar in which targets of a severity are counted; `24x7` where none is named."""
    ladder: LadderSection
    """Who gets a case, in which order."""
    clocks: ClocksSection
    """What is promised about time."""
    contact_limits: dict[ReasonWord | CategoryWord, ContactLimitSection] = {}
    """Lane of the ladder, by its reason or category: how many messages of the customer reach the team."""
    fatigue: FatigueSection = FatigueSection()
    """How automatic updates and reminders slow down while no person writes."""
    frustration: FrustrationSection = FrustrationSection()
    """How frustration shortens the update interval, and when it eases."""
    quiet_hours: QuietHoursSection = QuietHoursSection()
    """The hours in which messages wait; see `QuietHoursSection`."""
    channels: ChannelsSection = ChannelsSection()
    """How to reach people."""
    closing: ClosingSection = ClosingSection()
    """The effect of a survey's answer and of a message after the solution."""
    reviews: ReviewsSection = ReviewsSection()
    """Which closed escalations are looked back on."""
    compliance: SomeTexts = []
    """Lines of business whose cases are under compliance duties, such as `health`."""
    question_sets: dict[Text, QuestionSetSection] = {}
    """Questions worth asking, by the name of the set."""
    checklists: dict[Text, ChecklistSection] = {}
    """What has to be done, by the name of the list."""
    wording: dict[Text, list[Text]] = {}
    """By language (`en`): phrases that a person gets a warning of before they go to a customer; in place of our own list."""
    triage: TriageSection | None = None
    """Which tickets should escalate at all, and as what."""
    currency: Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")] | None = None
    """ISO 4217 code of the amounts, such as `EUR`, for letters and messages."""
    late_after: DurationText = "5s"
    """How late something may happen before it is marked late."""


def schema_text() -> str:
    """The text of `policy.schema.json`."""
    schema = {"$schema": "https://json-schema.org/draft/2020-12/schema", **PolicyFile.model_json_schema()}
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"
