"""Facts of messages to a person of the team: an offer of a case, or notices."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from escalation.case.values import Impact
from escalation.guidance import CheckItem, QuestionSet
from escalation.message_kinds import MessageKind
from escalation.messages.notices import Notice
from escalation.messages.shown import Prose, Quote
from escalation.triage.keeping import History


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """A person of the team is asked to take the case."""

    kind: Literal[MessageKind.OFFER] = MessageKind.OFFER
    tier_name: str
    # what the policy has letters call the people of the tier, by language
    tier_words: Mapping[str, str] = field(default_factory=dict)
    acknowledge_by: datetime | None = None
    # by when the customer is to have an answer; None where that was done, or no clock says so
    answer_by: datetime | None = None
    solve_by: datetime | None = None  # by when they are to have a solution; None while that clock is paused
    why: Quote = ""  # why it comes to them, in the words of a person
    concern: Prose = ""
    tried: tuple[str, ...] = ()
    evidence: tuple[str, ...] = ()
    no_evidence: Prose = ""
    proposed: tuple[str, ...] = ()
    must_confirm: bool = False  # whether they have to confirm that they have read the packet
    impact: Impact = field(default_factory=Impact)  # how much of the customer's business is hit
    currency: str = ""  # of the amounts; empty where the policy names none
    history: History | None = None  # other escalations of the customer; None where no one looked
    to_ask: tuple[QuestionSet, ...] = ()  # question sets for such a case
    checklist: tuple[CheckItem, ...] = ()  # what has to be done before the case is resolved


@dataclass(frozen=True, slots=True, kw_only=True)
class Notices:
    """All notices of one decision to one person."""

    kind: Literal[MessageKind.NOTICE] = MessageKind.NOTICE
    notices: tuple[Notice, ...]
