"""What operators see in the Temporal UI: search attributes, and the current details in markdown."""

from datetime import datetime
from typing import Any

from temporalio.common import SearchAttributeUpdate, TypedSearchAttributes

from escalation.deadlines import deadlines, target_instant
from escalation.policy import Policy
from escalation.state import ClockRun, State
from escalation.vocabulary import ClockName
from workflows.messages import ClockStatus
from workflows.options import BREACHED, OWNER, SEVERITY, STAGE, TIER

SHORT = 120
"""Most characters of a timer or activity summary that the UI shows in full."""


def attribute_updates(state: State, shown: TypedSearchAttributes) -> list[SearchAttributeUpdate[Any]]:
    """The search attributes that say something else than the state does; empty when all is told."""
    owner = state.owner or None
    updates: list[SearchAttributeUpdate[Any]] = []
    if shown.get(STAGE) != state.stage.value:
        updates.append(STAGE.value_set(state.stage.value))
    if shown.get(SEVERITY) != state.severity.value:
        updates.append(SEVERITY.value_set(state.severity.value))
    if shown.get(OWNER) != owner:
        updates.append(OWNER.value_unset() if owner is None else OWNER.value_set(owner))
    if (shown.get(TIER) or 1) != state.tier:
        updates.append(TIER.value_set(state.tier))
    if bool(shown.get(BREACHED)) != bool(state.breaches):
        updates.append(BREACHED.value_set(bool(state.breaches)))
    return updates


def clock_statuses(state: State, policy: Policy) -> tuple[ClockStatus, ...]:
    """Every running clock that promises something, the next due first."""
    armed = deadlines(state, policy)
    statuses = [_status(state, policy, clock, run) for clock, run in state.runs.items() if clock in policy.clocks]
    return tuple(sorted(statuses, key=lambda status: (status.clock not in armed, str(status.next_at))))


def details(state: State, policy: Policy) -> str:
    """The case in markdown: where it stands, who has it, what it waits for."""
    holder = state.owner or (f"offered to {state.offered_to}" if state.offered_to else "nobody yet")
    tier = policy.ladder.tier(state.tier).name
    lines = [
        f"**{state.severity} {state.category}** · {state.stage.replace('_', ' ')} · cycle {state.cycle}",
        "",
        f"Owner: **{holder}** · tier {state.tier} ({tier}) · contact {state.contact}",
        "",
        "| clock | target due | next | at |",
        "|---|---|---|---|",
    ]
    lines.extend(_row(status) for status in clock_statuses(state, policy))
    return "\n".join(lines)


def static_details(ticket: str) -> str:
    """What never changes about a case, in markdown."""
    return f"Escalation of ticket `{ticket}`. The current details tell what it waits for."


def _status(state: State, policy: Policy, clock: ClockName, run: ClockRun) -> ClockStatus:
    due = deadlines(state, policy).get(clock)
    paused_by = policy.clocks[clock].paused_by
    return ClockStatus(
        clock=clock,
        cycle=run.cycle,
        started_at=run.started_at,
        due=target_instant(state, policy, clock),
        next_threshold=due.threshold.name if due else "",
        next_at=due.at if due else None,
        paused=any(state.is_paused_by(cause) for cause in paused_by),
    )


def _row(status: ClockStatus) -> str:
    due = "paused" if status.paused and status.due is None else _time(status.due)
    return f"| {status.clock} | {due} | {status.next_threshold or '–'} | {_time(status.next_at)} |"


def _time(at: datetime | None) -> str:
    return "–" if at is None else f"{at:%Y-%m-%d %H:%M:%S} UTC"
