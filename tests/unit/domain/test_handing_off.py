"""The hand-off packet: what it must have, what fills it in, who confirms it, and what was tried before."""

from dataclasses import replace
from typing import Any

import pytest

from escalation.case.commands import (
    Acknowledge,
    AddNote,
    Decline,
    Escalate,
    OfferOptions,
    Option,
    Packet,
    Reassign,
    RecordCustomerReply,
)
from escalation.case.events import Acknowledged, AcknowledgementDecayed, Climbed, StepRepeated
from escalation.errors import InvalidCommand
from escalation.messages.handover import Came, Missed
from escalation.messages.handover_reading import handover_of
from escalation.policy import Policy
from escalation.vocabulary import ClockName, PacketPart
from tests.example_policy import EXAMPLE
from tests.unit.domain.case import Case
from tests.unit.domain.durations import HOURS, MINUTES
from tests.unit.domain.stages import ASK, SENT_TWICE

WHOLE = Packet(
    concern="I was charged twice",
    tried=("Restarted the job",),
    evidence=("invoice 17, sent 9:01 and 9:02",),
    proposed=("Refund one",),
)


def asking_for(*parts: PacketPart, confirm: bool = False) -> Policy:
    return replace(EXAMPLE, ladder=replace(EXAMPLE.ladder, packet=parts, confirm_packet=confirm))


def up(packet: Packet, why: str = "too deep") -> Escalate:
    return Escalate(by="ana", why=why, packet=packet)


def offer_to(case: Case, person: str) -> Any:
    return [message for message in case.messages if message.to == person and message.kind == "offer"][-1]


def test_everything_that_a_packet_lacks_is_listed_at_once() -> None:
    case = Case.working(policy=asking_for(*PacketPart))
    refusal = case.refused(up(Packet(concern=" ", tried=("",), evidence=(" ",)), why=" "))
    assert isinstance(refusal, InvalidCommand)
    told = str(refusal)
    assert told.startswith("the case cannot be handed up yet; missing: `why`")
    for part in PacketPart:
        assert f"`packet.{part}`" in told
    assert "`packet.nothing_tried` where nothing was yet" in told
    assert "`packet.no_evidence`, why there are none" in told
    case.do(up(WHOLE))


def without(part: PacketPart) -> Packet:
    """The whole packet but for one part; each is named after its field."""
    emptied: dict[str, Any] = {part.value: ()}
    return replace(WHOLE, **emptied)


@pytest.mark.parametrize("part", [PacketPart.TRIED, PacketPart.EVIDENCE, PacketPart.PROPOSED])
def test_the_policy_says_which_parts_are_needed_and_the_concern_always_is(part: PacketPart) -> None:
    case = Case.working(policy=asking_for(part))
    lacking = without(part)
    told = str(case.refused(up(replace(lacking, concern=""))))
    assert [one for one in PacketPart if f"`packet.{one}`" in told] == [PacketPart.CONCERN, part]
    other = next(one for one in (PacketPart.EVIDENCE, PacketPart.PROPOSED) if one is not part)
    case.do(up(without(other)))


def test_that_nothing_was_tried_and_that_there_is_no_evidence_can_be_said() -> None:
    case = Case.working(policy=asking_for(*PacketPart))
    said = Packet(concern="c", nothing_tried=True, no_evidence="it happened on the phone", proposed=("p",))
    case.do(up(said))
    assert case.state.packet == replace(said, contact="front-desk")
    assert offer_to(case, "dev").facts.no_evidence == "it happened on the phone"


def test_steps_noted_before_need_not_be_repeated() -> None:
    case = Case.working()
    assert "`packet.tried`" in str(case.refused(up(Packet(concern="c"))))
    case.do(AddNote(by="ana", text="no change", tried="Restarted it"))
    case.do(up(Packet(concern="c", tried=("restarted  IT", "Read the log"))))
    assert case.state.packet is not None
    assert case.state.packet.tried == ("Restarted it", "Read the log")
    assert case.state.steps_tried == ("Restarted it", "Read the log"), "and they are known from then on"


def test_the_offer_shows_the_packet() -> None:
    case = Case.working()
    case.do(up(WHOLE))
    facts = offer_to(case, "dev").facts
    assert facts.concern == "I was charged twice"
    assert facts.tried == ("Restarted the job",)
    assert facts.evidence == ("invoice 17, sent 9:01 and 9:02",)
    assert facts.proposed == ("Refund one",)
    assert not facts.must_confirm
    case.do(Decline(by="dev", why="on leave"))
    assert offer_to(case, "eli").facts.concern == "I was charged twice", "the next person who is asked gets it too"


def test_a_climb_by_itself_builds_the_packet_from_the_timeline() -> None:
    case = Case.working()
    case.do(AddNote(by="ana", text="looked at the queue", tried="Emptied the queue"))
    case.do(OfferOptions(options=(Option(id="a", title="Refund"), Option(id="b", title="Repair")), by="ana"))
    case.do(ASK)
    case.do(RecordCustomerReply(text="It is the last invoice"))
    while case.state.tier == 1:
        case.wait(HOURS)
        if case.state.owner:
            case.do(AddNote(by=case.state.owner, text="still looking"))
        elif case.state.offered_to:
            case.acknowledge()
    packet = next(event for event in case.events if isinstance(event, Climbed)).packet
    assert (packet.concern, packet.contact) == ("Invoices are sent twice", "front-desk")
    assert packet.tried == ("Emptied the queue",)
    assert not packet.nothing_tried
    assert packet.proposed == ("Refund", "Repair")
    known = handover_of(case.events)
    assert known.came == Came(how="breach")
    assert [(said.text, said.answers) for said in known.said] == [("It is the last invoice", "Which invoice?")]
    assert Missed(clock=ClockName.RESOLUTION, due=case.state.opened_at + 48 * HOURS) in known.missed
    assert [note.text for note in known.notes].count("still looking") > 0


def test_what_people_wrote_in_a_packet_goes_on_to_later_ones() -> None:
    case = Case.working()
    case.do(up(WHOLE))
    case.acknowledge()
    case.wait(12 * HOURS)
    decayed = next(event for event in case.events if isinstance(event, AcknowledgementDecayed))
    assert decayed.packet is not None
    assert decayed.packet.concern == "I was charged twice"
    assert decayed.packet.evidence == ("invoice 17, sent 9:01 and 9:02",)
    assert decayed.packet.proposed == ("Refund one",)
    assert decayed.packet == case.state.packet


def test_who_gets_the_case_by_name_gets_a_packet_too() -> None:
    case = Case.working()
    case.do(AddNote(by="ana", text="looked at the queue"))
    case.do(Reassign(to="zoe", by="desk", why="knows it"))
    assert case.state.packet == Packet(
        concern="Invoices are sent twice",
        nothing_tried=True,
        contact="front-desk",
    )


def test_the_receiver_confirms_the_packet_where_the_policy_says_so() -> None:
    case = Case.opened(policy=asking_for(PacketPart.CONCERN, confirm=True))
    case.acknowledge()  # there is no packet yet, so there is nothing to confirm
    case.do(up(SENT_TWICE))
    assert offer_to(case, "dev").facts.must_confirm
    refusal = case.refused(Acknowledge(by="dev"))
    assert isinstance(refusal, InvalidCommand)
    assert "read it in the offer, then acknowledge with `packet_read`" in str(refusal)
    case.do(Acknowledge(by="dev", packet_read=True))
    assert [(event.person, event.packet_read) for event in case.events if isinstance(event, Acknowledged)] == [
        ("ana", False),
        ("dev", True),
    ]


def test_who_is_not_asked_is_notified_that_before_anything_about_packets() -> None:
    case = Case.working(policy=asking_for(PacketPart.CONCERN, confirm=True))
    case.do(up(SENT_TWICE))
    assert "offered to `dev`" in str(case.refused(Acknowledge(by="zoe")))


def test_only_the_latest_notes_are_carried_and_long_ones_are_cut() -> None:
    case = Case.working()
    for number in range(7):
        case.do(AddNote(by="ana", text=f"{number} " + "x" * 1000))
    assert [note[0] for note in case.state.notes] == ["2", "3", "4", "5", "6"]
    assert {len(note) for note in case.state.notes} == {300}


@pytest.mark.parametrize("again", ["Restarted it", "restarted it", "  RESTARTED   it "])
def test_a_step_that_is_tried_again_is_noted_and_warned_of_and_kept_once(again: str) -> None:
    case = Case.working()
    case.do(AddNote(by="ana", text="no change", tried="Restarted it"))
    assert not case.warnings
    case.do(AddNote(by="ana", text="no change", tried=again))
    assert case.warnings == ("`Restarted it` was tried already",)
    assert [(event.step, event.by) for event in case.events if isinstance(event, StepRepeated)] == [
        ("Restarted it", "ana")
    ]
    assert case.state.steps_tried == ("Restarted it",)


def test_a_solution_offered_that_was_tried_before_is_warned_of_and_offered_anyway() -> None:
    case = Case.working()
    case.do(AddNote(by="ana", text="no change", tried="Refund"))
    case.do(OfferOptions(options=(Option(id="a", title="refund"), Option(id="b", title="Repair")), by="ana"))
    assert case.warnings == ("`Refund` was tried already",)
    assert ClockName.CHOICE in case.state.runs


def test_a_solution_proposed_in_a_packet_that_was_tried_before_is_warned_of() -> None:
    case = Case.working()
    case.do(up(replace(WHOLE, proposed=("restarted the job", "Refund one"))))
    assert case.warnings == ("`Restarted the job` was tried already",)
    assert case.state.tier == 2


def test_who_noted_nothing_tried_is_not_warned_of_nothing() -> None:
    case = Case.working()
    case.do(AddNote(by="ana", text="thinking"))
    case.do(AddNote(by="ana", text="still thinking"))
    assert (case.warnings, case.state.steps_tried) == ((), ())


def test_a_packet_does_not_stop_the_clock_of_the_offer() -> None:
    case = Case.working()
    case.do(up(WHOLE))
    case.wait(15 * MINUTES)
    assert case.state.offered_to == "eli"
