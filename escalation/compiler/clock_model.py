"""The shape of the clocks' sections in a policy file. Which clocks there are follows from `escalation.clocks.definition`."""

from typing import TYPE_CHECKING, Annotated, Any, TypeAlias, assert_never

from pydantic import BeforeValidator, Discriminator, Field, Tag, create_model

from escalation.clock_rules import OnReopen, OnRetarget
from escalation.clocks.anatomy import ClockDefinition
from escalation.clocks.definition import CLOCKS
from escalation.clocks.targets import FollowUps, FromCase, FromPolicy, TargetSource
from escalation.compiler.words import (
    Actions,
    Categories,
    Durations,
    DurationText,
    PauseWord,
    Severities,
    SeverityWord,
    Stops,
    Text,
    Texts,
    ThresholdText,
    one_or_many,
)
from escalation.documents.shape import Section


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


class TargetSection(Section):
    """How long something may take, for the escalations it matches; a condition left out matches all."""

    within: DurationText
    """The time allowed."""
    severity: Severities | None = None
    """Severities it holds for."""
    category: Categories | None = None
    """Categories it holds for."""
    subcategory: Texts | None = None
    """Subcategories it holds for, in your own words; needs `category`."""
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
    """A cause that pauses a clock, for the escalations it matches; a missing condition matches all."""

    cause: PauseWord
    """What is waited for."""
    severity: Severities | None = None
    """Severities it holds for."""
    category: Categories | None = None
    """Categories it holds for."""
    subcategory: Texts | None = None
    """Subcategories it holds for, in your own words; needs `category`."""
    customer_tier: Texts | None = None
    """Customer tiers it holds for."""


Pause: TypeAlias = Annotated[
    Annotated[PauseWord, Tag("cause")] | Annotated[PauseSection, Tag("conditions")], Discriminator(_form_of_pause)
]
Pauses: TypeAlias = Annotated[list[Pause], BeforeValidator(one_or_many, json_schema_input_type=Pause | list[Pause])]


class ClockSection(Section):
    """One promise about time."""

    targets: Targets
    """One duration for all, a duration by severity, or a list of rules of which the first that matches counts."""
    calendar: Text | None = None
    """The calendar of its targets, where that differs from the severity's."""
    thresholds: dict[ThresholdText, Actions] = Field(min_length=1)
    """What happens when, in the order in which it happens."""
    paused_by: Pauses = []
    """What pauses it: a cause, or a cause with the escalations it applies to."""
    stopped_by: Stops | None = None
    """For `first_response` and `next_response`: what counts as the answer the customer waits for."""
    on_retarget: Annotated[OnRetarget, Field(strict=False)] = OnRetarget.KEEP
    """What a change of severity or of the policy does: keep the start and what has fired, or restart."""
    on_reopen: Annotated[OnReopen, Field(strict=False)] = OnReopen.NEW_CYCLE
    """For `resolution` and `ageing`: whether a reopening restarts them, resumes them, or extends their time."""


class PromiseSection(Section):
    """An instant set elsewhere: an ETA given to the customer, the end of a shift. It is the target."""

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


def section_type(source: TargetSource) -> type[Section] | None:
    """The section in which a policy writes a clock with such a target; None where it does not."""
    match source:
        case FromPolicy():
            return ClockSection
        case FollowUps():
            return FollowUpSection
        case FromCase(rule=None):
            return PromiseSection
        case FromCase():
            return None
        case _:
            assert_never(source)


def _field(definition: ClockDefinition, type_: type[Section]) -> Any:
    if definition.required:
        return (type_, Field(description=definition.means))
    return (type_ | None, Field(default=None, description=definition.means))


if TYPE_CHECKING:

    class ClocksSection(Section):
        """One section for each clock."""

else:
    ClocksSection = create_model(
        "ClocksSection",
        __base__=Section,
        __module__=__name__,
        __doc__="Everything that is promised about time.",
        **{
            clock.value: _field(definition, type_)
            for clock, definition in CLOCKS.items()
            if (type_ := section_type(definition.target)) is not None
        },
    )
