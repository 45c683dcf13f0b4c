"""Climbing by command: the packet must be complete, and a hard reason leads to its lane."""

from escalation.case.commands import Escalate
from escalation.errors import InvalidCommand
from escalation.lifecycle.decisions.ownership import climb
from escalation.lifecycle.decisions.packet import completed, missing_parts, warn_of_repeats
from escalation.lifecycle.draft import Draft
from escalation.policy import Ladder
from escalation.vocabulary import ClimbCause, Reason

SPEAKS_FOR_ITSELF = frozenset({Reason.CUSTOMER_ASKED, Reason.AGENT_UNABLE})
"""Triggers that need no justification: whoever asks for somebody else is not asked why."""
TRIGGERS = SPEAKS_FOR_ITSELF | {Reason.LEGAL, Reason.FINANCIAL_IMPACT, Reason.POLICY_VIOLATION}
"""Hard reasons: each is enough to hand a case up, whatever its clocks say."""


def escalate(draft: Draft, command: Escalate) -> None:
    """Hand the case up by command.

    Raises:
        InvalidCommand: It says not why or the packet lacks something (all of it is listed), the trigger is no hard
            reason, or the case is at the top already.
    """
    state, ladder = draft.state, draft.policy.ladder
    if command.trigger is not None and command.trigger not in TRIGGERS:
        hard = ", ".join(sorted(TRIGGERS))
        raise InvalidCommand(f"`trigger` is `{command.trigger}`, which is no hard reason; hard reasons: {hard}")
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


def _why_missing(command: Escalate) -> list[str]:
    needed = command.trigger not in SPEAKS_FOR_ITSELF and not command.why.strip()
    return ["`why`, what the next tier is needed for"] if needed else []


def _tier_for(trigger: Reason | None, tier: int, ladder: Ladder) -> int:
    """The tier of the trigger's lane if that is further up than the next one."""
    lane = tier + 1 if trigger is None else ladder.lanes.get(trigger, tier + 1)
    return max(lane, tier + 1)
