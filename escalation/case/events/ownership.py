"""Events of ownership: offers, owners, and moves on the ladder."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from escalation.case.events.base import Happened, said
from escalation.case.events.opening import OpeningEvent
from escalation.case.values import Packet
from escalation.vocabulary import ClimbCause, LeftBehind, Reason


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnerSought(Happened):
    """The search for an owner began; `offer` numbers the searches of this escalation from 1."""

    sentences = said("an owner is sought in tier {tier}", "In Stufe {tier} wird jemand gesucht")
    is_machinery = True
    kind: Literal["owner_sought"] = "owner_sought"
    offer: int
    tier: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Offered(Happened):
    """A person was asked to take the case."""

    sentences = said("{person} was asked to take it", "{person} wurde gefragt")
    kind: Literal["offered"] = "offered"
    offer: int
    tier: int
    person: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Acknowledged(Happened):
    """The person took it and is the owner now.

    Attributes:
        packet_read: Whether they confirmed that they read the hand-off packet.
    """

    sentences = said("{person} took it", "{person} hat den Fall angenommen")
    kind: Literal["acknowledged"] = "acknowledged"
    person: str
    packet_read: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Declined(Happened):
    """The person gave the offer back."""

    sentences = said("{person} declined[: {why}]", "{person} hat abgelehnt[: {why}]")
    kind: Literal["declined"] = "declined"
    person: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferLapsed(Happened):
    """The person did not answer in time, or was not there."""

    sentences = said("{person} did not answer in time", "{person} hat nicht rechtzeitig geantwortet")
    kind: Literal["offer_lapsed"] = "offer_lapsed"
    person: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AcknowledgementDecayed(Happened):
    """The owner showed no sign of progress; the case is taken back, with a packet for the next one."""

    sentences = said(
        "{person} noted no progress; the next person is asked",
        "{person} hat keinen Fortschritt notiert; die nächste Person wird gefragt",
    )
    kind: Literal["acknowledgement_decayed"] = "acknowledgement_decayed"
    person: str
    packet: Packet | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ShiftNoted(Happened):
    """The end of the shift became known, of the owner or the person who has the offer.

    Attributes:
        until: The instant it ends, aware UTC.
    """

    sentences = said("the shift of {person} ends {until}", "Die Schicht von {person} endet {until}")
    is_machinery = True
    kind: Literal["shift_noted"] = "shift_noted"
    person: str
    until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ShiftEnded(Happened):
    """The owner's shift ended; the case is handed over, with a packet for the next one."""

    sentences = said(
        "the shift of {person} ended; a colleague is asked",
        "Die Schicht von {person} ist zu Ende; eine Kollegin oder ein Kollege wird gefragt",
    )
    kind: Literal["shift_ended"] = "shift_ended"
    person: str
    packet: Packet


@dataclass(frozen=True, slots=True, kw_only=True)
class TierSkipped(Happened):
    """No one in the tier was available; it is skipped at once."""

    sentences = said("no one was available in tier {tier}", "In Stufe {tier} war niemand da")
    kind: Literal["tier_skipped"] = "tier_skipped"
    tier: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LadderRestarted(Happened):
    """The top tier was exhausted; the ladder is walked again."""

    sentences = said(
        "the search for an owner began again at tier {tier}", "Die Suche nach jemandem beginnt wieder in Stufe {tier}"
    )
    kind: Literal["ladder_restarted"] = "ladder_restarted"
    round: int
    tier: int


@dataclass(frozen=True, slots=True, kw_only=True)
class OverseerHeld(Happened):
    """No one took it; the overseer owns it.

    Attributes:
        unsaid: Whether they held it before and heard nothing this time, because reminders slow down.
    """

    sentences = said(
        "{person} has it as overseer; no one else has taken it",
        "{person} hat den Fall als Aufsicht; sonst hat ihn niemand übernommen",
    )
    kind: Literal["overseer_held"] = "overseer_held"
    person: str
    unsaid: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class AssignmentDelayed(Happened):
    """The directory could not be asked; the search continues."""

    sentences = said("finding an owner is delayed ({error})", "Die Suche nach jemandem verzögert sich ({error})")
    kind: Literal["assignment_delayed"] = "assignment_delayed"
    offer: int
    error: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Climbed(Happened):
    """The case moved up the ladder.

    Attributes:
        trigger: The hard reason that moved it, where one did; it is one of the case's reasons from then on.
    """

    sentences = said(
        "it moved up to tier {to_tier}[ ({trigger})]",
        "Der Fall kam in Stufe {to_tier}",
        command=(
            "{by} moved it up to tier {to_tier}[ ({trigger})][: {why}]",
            "{by} hat den Fall an Stufe {to_tier} übergeben[ ({trigger})][: {why}]",
        ),
        breach=(
            "a missed deadline moved it up to tier {to_tier}[ ({trigger})]",
            "Eine verpasste Frist hat den Fall in Stufe {to_tier} gebracht",
        ),
        not_acknowledged=(
            "it moved up to tier {to_tier}, because no one accepted it in time",
            "Der Fall kam in Stufe {to_tier}, weil ihn niemand rechtzeitig angenommen hat",
        ),
        nobody_available=(
            "it moved up to tier {to_tier}, because no one was available",
            "Der Fall kam in Stufe {to_tier}, weil niemand da war",
        ),
    )
    kind: Literal["climbed"] = "climbed"
    from_tier: int
    to_tier: int
    cause: ClimbCause
    why: str
    packet: Packet
    by: str
    trigger: Reason | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reassigned(Happened):
    """A particular person was named for the case; they get a packet too."""

    sentences = said("{by} asked for {to}[: {why}]", "{by} möchte den Fall bei {to} sehen[: {why}]")
    kind: Literal["reassigned"] = "reassigned"
    to: str
    why: str
    by: str
    packet: Packet | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class HandedOn(Happened):
    """A colleague took over what a person who left still had to do.

    Attributes:
        what: What that is; the new approver follows as `approver_asked`.
        adviser: Who is asked for advice instead; empty where no one else is left to ask, and the request ends.
    """

    sentences = said(
        "{by} gave {to} what {person} had to do: {what}[; asked for advice: {adviser}][: {why}]",
        "{by} hat {to} übergeben, was {person} zu tun hatte: {what}[; um Rat gefragt: {adviser}][: {why}]",
    )
    kind: Literal["handed_on"] = "handed_on"
    person: str
    to: str
    what: tuple[LeftBehind, ...]
    why: str
    by: str
    adviser: str = ""


OwnershipEvent = (
    OpeningEvent
    | OwnerSought
    | Offered
    | Acknowledged
    | Declined
    | OfferLapsed
    | AcknowledgementDecayed
    | TierSkipped
    | LadderRestarted
    | OverseerHeld
    | AssignmentDelayed
    | Climbed
    | Reassigned
    | HandedOn
    | ShiftNoted
    | ShiftEnded
)
"""Who has the case, and where on the ladder it is."""
