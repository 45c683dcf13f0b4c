"""The facts of a case that an agent needs first: promises, questions, options, choices, steps tried, and waits."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from escalation.case.state_parts import PauseInterval, Unanswered
from escalation.case.values import Option


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """The situation of a case; a field is empty if there is nothing to show.

    Attributes:
        promise: What is promised now.
        promise_by: Until when, aware UTC.
        owed_time: What was promised and did not come, while the customer waits for a new time.
        currency: Of the case's amounts, as the policy says.
        question: What the customer is asked now.
        answer_by: Until when the case waits for the answer.
        options: Solutions the customer may choose from now.
        default_option: Id of the one that is taken where they neither choose nor write.
        choose_by: Until when they may choose.
        chosen: The solution chosen last.
        offered: Titles of the options offered last, by id, also once the choice has ended.
        customer_words: What the customer wrote last, cut short.
        customer_wrote_at: When.
        unanswered: What the customer said since a person last answered.
        set_aside: How many of their messages are held back.
        waits: What is waited for now.
        waits_for: What a third party is waited for.
        refusals: Who did not take it and why, the latest last.
        previous_owner: Who had it before.
        is_unreached: Whether the latest letter to the customer did not arrive.
    """

    concern: str
    promise: str
    promise_by: datetime | None
    question: str
    answer_by: datetime | None
    options: tuple[Option, ...]
    default_option: str
    choose_by: datetime | None
    chosen: str
    customer_words: str
    customer_wrote_at: datetime | None
    set_aside: int
    waits: tuple[PauseInterval, ...]
    waits_for: str
    steps_tried: tuple[str, ...]
    proposals: tuple[str, ...]
    evidence: tuple[str, ...]
    notes: tuple[str, ...]
    refusals: tuple[str, ...]
    previous_owner: str
    solution: str
    offered: Mapping[str, str] = field(default_factory=dict)
    owed_time: str = ""
    currency: str = ""
    unanswered: tuple[Unanswered, ...] = ()
    is_unreached: bool = False
