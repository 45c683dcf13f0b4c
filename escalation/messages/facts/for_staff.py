"""What a message to a person of the team says: an offer of a case, or notices."""

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
    """A person of the team is asked to take the case.

    Attributes:
        why: Why it comes to them, in the words of a person.
        answer_by: By when the customer is to have an answer; None where that was done, or no clock says so.
        solve_by: By when they are to have a solution; None while that clock is paused.
        must_confirm: Whether they have to confirm that they have read the packet.
        impact: How much of the customer's business is hit.
        currency: Of the amounts; empty where the policy names none.
        history: Other escalations of the customer; None where no one looked.
        to_ask: Question sets for such a case.
        tier_words: What the policy has letters call the people of the tier, by language.
        checklist: What has to be done before the case is resolved.
    """

    kind: Literal[MessageKind.OFFER] = MessageKind.OFFER
    tier_name: str
    tier_words: Mapping[str, str] = field(default_factory=dict)
    acknowledge_by: datetime | None = None
    answer_by: datetime | None = None
    solve_by: datetime | None = None
    why: Quote = ""
    concern: Prose = ""
    tried: tuple[str, ...] = ()
    evidence: tuple[str, ...] = ()
    no_evidence: Prose = ""
    proposed: tuple[str, ...] = ()
    must_confirm: bool = False
    impact: Impact = field(default_factory=Impact)
    currency: str = ""
    history: History | None = None
    to_ask: tuple[QuestionSet, ...] = ()
    checklist: tuple[CheckItem, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Notices:
    """All notices of one decision to one person."""

    kind: Literal[MessageKind.NOTICE] = MessageKind.NOTICE
    notices: tuple[Notice, ...]
