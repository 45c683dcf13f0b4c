"""The hand-off packet: its required parts, defaults, and how it is built without a person."""

from collections.abc import Iterable, Iterator, Mapping

from escalation.case.events import StepRepeated
from escalation.case.state import State
from escalation.case.tried_steps import same_as, with_steps
from escalation.case.values import Packet
from escalation.lifecycle.draft import Draft
from escalation.policy import Ladder
from escalation.vocabulary import PacketPart

MISSING: Mapping[PacketPart, str] = {
    PacketPart.CONCERN: "`packet.concern`, what the customer needs, in their own words",
    PacketPart.TRIED: "`packet.tried`, what was tried, or `packet.nothing_tried` where nothing was yet",
    PacketPart.EVIDENCE: "`packet.evidence`, errors, logs or links, or `packet.no_evidence`, why there are none",
    PacketPart.PROPOSED: "`packet.proposed`, at least one possible solution",
}
"""What to say of a part that is not there."""


def completed(state: State, packet: Packet) -> Packet:
    """The packet without its blanks, and with what the case knows already: steps and evidence noted before, and the contact."""
    return Packet(
        concern=packet.concern.strip(),
        tried=with_steps(state.steps_tried, packet.tried),
        evidence=with_steps(state.evidence, packet.evidence),
        proposed=_written(packet.proposed),
        nothing_tried=packet.nothing_tried,
        no_evidence=packet.no_evidence.strip(),
        contact=packet.contact or state.contact,
    )


def missing_parts(packet: Packet, ladder: Ladder) -> Iterator[str]:
    """The parts that a completed packet lacks, in words; it always needs the concern, whatever the policy."""
    has = {
        PacketPart.CONCERN: bool(packet.concern),
        PacketPart.TRIED: bool(packet.tried) or packet.nothing_tried,
        PacketPart.EVIDENCE: bool(packet.evidence or packet.no_evidence),
        PacketPart.PROPOSED: bool(packet.proposed),
    }
    needed = {PacketPart.CONCERN, *ladder.packet}
    return (MISSING[part] for part in PacketPart if part in needed and not has[part])


def packet_from(state: State) -> Packet:
    """The hand-off packet of an automatic hand-over: what people wrote.

    Why it moves is the event's to say, and an offer has the conversation too (`escalation.messages.handover`).
    """
    return Packet(
        concern=state.concern or state.summary,
        tried=state.steps_tried,
        evidence=state.evidence,
        proposed=state.proposals,
        nothing_tried=not state.steps_tried,
        contact=state.contact,
    )


def warn_of_repeats(draft: Draft, steps: Iterable[str], by: str, *, known: tuple[str, ...] = ()) -> None:
    """Say which of these steps were tried before. They are not refused: a second try may be right.

    Args:
        steps: What is tried, offered or proposed.
        by: By whom; they are warned.
        known: Steps tried; those that the case knows of where it is empty.
    """
    known = known or draft.state.steps_tried
    for step in steps:
        before = same_as(step, known)
        if before:
            draft.record(StepRepeated(at=draft.now, step=before, by=by))
            draft.warn(f"`{before}` was tried already")


def _written(texts: Iterable[str]) -> tuple[str, ...]:
    return tuple(text for text in texts if text.strip())
