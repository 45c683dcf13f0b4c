"""Commands about who has the case."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Annotated, Literal

from escalation.bounds import FEW, PACKET, ActorId, Id, Line, LongText, Number, Person, Remark, Tag, Text, TicketId
from escalation.case.values import Customer, Impact, Packet
from escalation.phrasing import called
from escalation.triage.facts import TicketFacts
from escalation.triage.keeping import KeptVerdict
from escalation.vocabulary import Category, PauseCause, Reason, Severity


@dataclass(frozen=True, slots=True, kw_only=True)
class NewCase:
    """The fields of every request to escalate a ticket.

    Attributes:
        since: Since when the customer has waited, if that is earlier than the request; the clocks count from then, and
            what is overdue already fires at once, marked late. Aware UTC.
        waiting_on: What the ticket waits for already; the clocks that pause for it begin paused.
        question: What the customer was asked, if it waits for them.
        evidence: What led to severity, category and reasons, in the opener's words.
        subcategory: A finer category, in the team's own words, such as `refund`.
        impact: How much of the customer's business is hit; its owner sees it.
        customer_words: What the customer wrote, word for word. Letters to them quote it, and never the summary.
    """

    ticket: TicketId
    summary: Line
    customer: Customer
    by: ActorId
    contact: Person = ""
    our_fault: bool = False
    since: datetime | None = None
    waiting_on: PauseCause | None = None
    question: Text = ""
    evidence: Annotated[tuple[Remark, ...], FEW] = ()
    subcategory: Tag = ""
    impact: Impact = field(default_factory=Impact)
    customer_words: LongText = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Open(NewCase):
    """Escalate a ticket.

    Attributes:
        triage: The verdict of triage; None without triage, and always when a person opens the case.
        for_overseer: Whether the overseer owns it from the first, without a search.
        undoes: Id of the escalation whose cancellation it undoes; empty for none.
        owner: Id of the person who is asked first; empty for a search.
    """

    kind: Literal["open"] = "open"
    severity: Severity
    category: Category
    reasons: Annotated[tuple[Reason, ...], FEW]
    frustration: Number = 0
    triage: KeptVerdict | None = None
    for_overseer: bool = False
    undoes: Id = ""
    owner: Person = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenByTriage(NewCase):
    """Escalate a ticket if triage says that it should, and as what triage says; `Open` is made of it then.

    Attributes:
        severity: As the help desk has it; it may only get worse.
        category: The help desk's category; without one, triage decides.
        reasons: Those that are known already; triage adds to them.
        frustration: 0 to 4, as a person judged it.
        facts: What else is known. Where they say no subject, the summary is read; no tier, the customer's counts.
        or_overseer: Whether the overseer gets it where triage says no, or the policy has no rules of triage.
        regardless: Whether it escalates as usual whatever triage says, because a person asked for it.
        or_category: What kind of concern it is where neither the help desk nor triage says.
    """

    kind: Literal["open_by_triage"] = "open_by_triage"
    severity: Severity | None = None
    category: Category | None = None
    reasons: Annotated[tuple[Reason, ...], FEW] = ()
    frustration: Number | None = None
    facts: TicketFacts = field(default_factory=TicketFacts)
    or_overseer: bool = False
    regardless: bool = False
    or_category: Category | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Acknowledge:
    """Accept the case that was offered to you.

    Attributes:
        packet_read: Confirm that you have read the hand-off packet, if the policy requires it.
    """

    labels = called("Accept the case", "Den Fall annehmen")
    kind: Literal["acknowledge"] = "acknowledge"
    by: ActorId
    packet_read: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Decline:
    """Decline an offer; it goes to the next person at once.

    Attributes:
        why: Why you cannot take it; the next person reads it.
    """

    labels = called(
        "Decline it",
        "Ablehnen",
        why=(
            "Why you cannot take it; the next person reads it",
            "Warum Sie den Fall nicht übernehmen; die nächste Person liest es",
        ),
    )
    kind: Literal["decline"] = "decline"
    by: ActorId
    why: Remark


@dataclass(frozen=True, slots=True, kw_only=True)
class Escalate:
    """Move the case up the ladder, with its hand-off packet.

    Attributes:
        why: Why the next tier is needed; may be empty where the trigger is `customer_asked` or `agent_unable`.
        trigger: A hard reason; its lane may lead further up than the next tier.
    """

    labels = called(
        "Hand over to the next tier",
        "An die nächste Stufe übergeben",
        why=("Why the next tier is needed", "Warum die nächste Stufe gebraucht wird"),
    )
    kind: Literal["escalate"] = "escalate"
    by: ActorId
    why: Remark
    packet: Annotated[Packet, PACKET]
    trigger: Reason | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reassign:
    """Offer the case to a particular person.

    Attributes:
        to: Id of that person.
        why: Why this person.
    """

    labels = called("Offer it to a colleague", "Jemand anderem anbieten")
    kind: Literal["reassign"] = "reassign"
    to: Person
    by: ActorId
    why: Remark


@dataclass(frozen=True, slots=True, kw_only=True)
class HandOn:
    """Hand on what a colleague who left still had to do: advice, an approval, actions, following up a solved case.

    For a case that they own or have been offered, use `reassign`.

    Attributes:
        person: Id of the colleague who left.
        to: Id of the person who takes over; an approval goes to a person with the authority instead.
        why: Why, for the timeline.
    """

    labels = called("Hand on what a colleague left", "Hinterlassenes weitergeben")
    kind: Literal["hand_on"] = "hand_on"
    person: Person
    to: Person
    by: ActorId
    why: Remark = ""


OwnershipCommand = Acknowledge | Decline | Escalate | Reassign | HandOn  # who takes the case, and where it goes
