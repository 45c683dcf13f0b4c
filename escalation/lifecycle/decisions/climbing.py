"""Climbing: a case moves up the ladder by command, after a breach, or because no one of its tier takes it.

By command the packet must be complete, and a hard reason leads to its lane. On top of the ladder the overseer holds the
case.
"""

from escalation.case.commands import Escalate, Packet
from escalation.case.events import Climbed, LadderRestarted, OverseerHeld, TierSkipped
from escalation.errors import InvalidCommand
from escalation.lifecycle.decisions.notifying import notify_overseer, tell_customer_of_owner, tell_followers
from escalation.lifecycle.decisions.packet import completed, missing_parts, packet_from, warn_of_repeats
from escalation.lifecycle.decisions.seeking import begin_search, first_tier, release, seek_owner
from escalation.lifecycle.draft import Draft
from escalation.messages import facts, notices
from escalation.notice_kinds import NoticeKind
from escalation.policy import Ladder
from escalation.vocabulary import CUSTOMER, SYSTEM, ClimbCause, Reason, Stage

SPEAKS_FOR_ITSELF = frozenset({Reason.CUSTOMER_ASKED, Reason.AGENT_UNABLE})
"""Triggers that need no justification: who asks for another person is not asked why."""
# Causes of a search for an owner: on the second walk up the ladder the customer has read the same already.
_SEARCHES = frozenset({ClimbCause.NOT_ACKNOWLEDGED, ClimbCause.NOBODY_AVAILABLE})
TRIGGERS = SPEAKS_FOR_ITSELF | {Reason.LEGAL, Reason.FINANCIAL_IMPACT, Reason.POLICY_VIOLATION}
"""Hard reasons: each is enough to hand a case up, whatever its clocks say."""


def escalate(draft: Draft, command: Escalate) -> None:
    """Hand the case up by command."""
    state, ladder = draft.state, draft.policy.ladder
    if command.trigger is not None and command.trigger not in TRIGGERS:
        hard = ", ".join(sorted(TRIGGERS))
        raise InvalidCommand(f"`trigger` is `{command.trigger}`, which is not a hard reason; hard reasons: {hard}")
    if state.tier == ladder.top:
        raise InvalidCommand(f"tier {state.tier} is the top of the ladder; `reassign` it, or ask the overseer")
    packet = completed(state, command.packet)
    missing = [*_why_missing(command), *missing_parts(packet, ladder)]
    if missing:
        raise InvalidCommand(f"the case cannot be handed up yet; missing: {'; '.join(missing)}")
    warn_of_repeats(draft, packet.proposed, command.by, known=packet.tried)
    climb(
        draft,
        ClimbCause.COMMAND,
        why=command.why,
        packet=packet,
        by=command.by,
        to_tier=_tier_for(command.trigger, state.tier, ladder),
        trigger=command.trigger,
    )


def climb_as_asked(draft: Draft) -> bool:
    """Move the case up because the customer asks for a person in charge; False where it went up for that, or is on top."""
    state, ladder = draft.state, draft.policy.ladder
    trigger = Reason.CUSTOMER_ASKED
    if state.tier == ladder.top or trigger in state.reasons:
        return False
    to_tier = _tier_for(trigger, state.tier, ladder)
    packet = packet_from(state)
    climb(draft, ClimbCause.COMMAND, why="", packet=packet, by=CUSTOMER, to_tier=to_tier, trigger=trigger)
    return True


def climb_after_breach(draft: Draft, why: str) -> None:
    """Move the case up because of a threshold, where there is a tier above.

    While the customer has the ball, a new tier would have nothing to do; the overseer holds what is on top.
    """
    state = draft.state
    if state.tier < draft.policy.ladder.top and state.stage is not Stage.WAITING_ON_CUSTOMER:
        climb(draft, ClimbCause.BREACH, why=why, packet=packet_from(state), by=SYSTEM)


def climb(
    draft: Draft,
    cause: ClimbCause,
    *,
    why: str,
    packet: Packet,
    by: str,
    to_tier: int = 0,
    trigger: Reason | None = None,
) -> None:
    """Move the case up, tell the customer and the earlier owners, and look for an owner there.

    Args:
        cause: What moves it.
        why: In words; the customer sees the cause or the trigger, never this text.
        packet: What the next owner must know.
        by: Who moves it.
        to_tier: Where to; 0 is the next tier.
        trigger: The hard reason that moves it, if one does.
    """
    release(draft)
    state = draft.state
    to_tier = to_tier or state.tier + 1
    draft.record(
        Climbed(
            at=draft.now,
            from_tier=state.tier,
            to_tier=to_tier,
            cause=cause,
            why=why,
            packet=packet,
            by=by,
            trigger=trigger,
        )
    )
    search = begin_search(draft, to_tier)
    tier = draft.policy.ladder.tier(to_tier)
    if state.round == 1 or cause not in _SEARCHES:
        draft.tell_customer(facts.Escalated(why=trigger or cause, tier_words=tier.words))
    tell_followers(draft, notices.Words(kind=NoticeKind.CLIMBED, text=tier.name, words=tier.words), besides=(by,))
    draft.ask(search)


def next_rung(draft: Draft) -> None:
    """Go on from a tier that is exhausted or empty: to the next one, to the ladder again, or to the overseer."""
    state, ladder = draft.state, draft.policy.ladder
    was_asked = bool(state.tried)
    if not was_asked:
        draft.record(TierSkipped(at=draft.now, tier=state.tier))
        empty = ladder.tier(state.tier)
        skipped = notices.Words(kind=NoticeKind.TIER_SKIPPED, text=empty.name, words=empty.words)
        notify_overseer(draft, skipped)
    if state.tier < ladder.top:
        if was_asked:
            packet = packet_from(state)
            climb(draft, ClimbCause.NOT_ACKNOWLEDGED, why="", packet=packet, by=SYSTEM)
        elif state.told_tier == state.tier:
            # The customer waits for a person of this tier, and must hear that it is another one.
            packet = packet_from(state)
            climb(draft, ClimbCause.NOBODY_AVAILABLE, why="", packet=packet, by=SYSTEM)
        else:
            seek_owner(draft, state.tier + 1)
    elif state.round < ladder.rounds:
        tier = first_tier(draft)
        draft.record(LadderRestarted(at=draft.now, round=state.round + 1, tier=tier))
        seek_owner(draft, tier)
    else:
        hold_by_overseer(draft)


def hold_by_overseer(draft: Draft, *, unsaid: bool = False) -> None:
    """No one takes it: the overseer owns it, and is reminded of that unless the reminder is left out (`unsaid`)."""
    told_of = draft.state.owner or draft.state.previous_owner
    again = draft.state.overseer_holds
    draft.record(OverseerHeld(at=draft.now, person=draft.policy.ladder.overseer, unsaid=unsaid))
    tell_customer_of_owner(draft, told_of)
    if not unsaid:
        notify_overseer(draft, notices.OverseerHolds(again=again))


def _why_missing(command: Escalate) -> list[str]:
    needed = command.trigger not in SPEAKS_FOR_ITSELF and not command.why.strip()
    return ["`why`, what the next tier is needed for"] if needed else []


def _tier_for(trigger: Reason | None, tier: int, ladder: Ladder) -> int:
    """The tier of the trigger's lane if that is further up than the next one."""
    lane = tier + 1 if trigger is None else ladder.lanes.get(trigger, tier + 1)
    return max(lane, tier + 1)
