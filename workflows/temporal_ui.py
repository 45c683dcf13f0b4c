"""Shows a case in the Temporal UI: search attributes, and the current details in markdown."""

from datetime import datetime
from typing import Any

from temporalio.common import SearchAttributeUpdate, TypedSearchAttributes

from escalation.case.naming import escalation_id, page_address
from escalation.case.state import State
from escalation.case.state_parts import ClockRun
from escalation.clocks.deadlines import target_instant
from escalation.clocks.timing import pauses_for
from escalation.plain import markdown
from escalation.vocabulary import ClockName
from workflows.contract import ClockStatus
from workflows.escalation_run import EscalationRun
from workflows.options import BREACHED, CATEGORY, LIFE, OWNER, SEVERITY, STAGE, TIER, updates_of


def attribute_updates(state: State, shown: TypedSearchAttributes) -> list[SearchAttributeUpdate[Any]]:
    """The search attributes that differ from the state; empty if all are up to date."""
    return updates_of(
        shown,
        (STAGE, state.stage.value, None),
        (SEVERITY, state.severity.value, None),
        (CATEGORY, state.category.value, None),
        (OWNER, state.owner or None, None),
        (LIFE, state.life, 1),
        (TIER, state.tier, 1),
        (BREACHED, bool(state.breaches), False),
    )


def clock_statuses(case: EscalationRun) -> tuple[ClockStatus, ...]:
    """Every running clock that promises something, the next due first."""
    armed = case.armed
    running = (_status(case, clock, run) for clock, run in case.state.runs.items() if clock in case.policy.clocks)
    promised = [one for one in running if one.paused or one.due or one.next_at]  # some are never due for a severity
    return tuple(sorted(promised, key=lambda status: (status.clock not in armed, str(status.next_at))))


def details(case: EscalationRun) -> str:
    """The case in markdown: stage, owner, what it waits for, and the way to its page."""
    state, policy = case.state, case.policy
    offered = f"offered to {markdown(state.offered_to)}" if state.offered_to else "no owner yet"
    holder = markdown(state.owner) if state.owner else offered
    tier = markdown(policy.ladder.tier(state.tier).name)
    lines = [
        f"**{state.severity} {state.category}** · {state.stage.replace('_', ' ')} · cycle {state.cycle}",
        "",
        f"Owner: **{holder}** · tier {state.tier} ({tier}) · contact {markdown(state.contact)}",
        "",
    ]
    if case.pages:
        lines += [f"[Open the case]({case.pages}{page_address(escalation_id(state.ticket, state.life))})", ""]
    if state.incident:
        lines += [f"Incident: **{markdown(state.incident)}** · bulletin {state.bulletins.get(state.incident, 0)}", ""]
    lines.extend(_asked(state))
    lines.extend(_line(status) for status in clock_statuses(case))
    return "\n".join(lines)


def _asked(state: State) -> list[str]:
    """Open requests to colleagues, without their texts."""
    asked = []
    if state.consult is not None:
        asked.append(f"Waiting for advice from **{markdown(state.consult.to)}**")
    if state.approval is not None:
        who = markdown(state.approval.approver) if state.approval.approver else "an approver (search is running)"
        asked.append(f"Waiting for approval of {markdown(state.approval.in_words)} by **{who}**")
    return [*(f"{line}\n" for line in asked)]


def _status(case: EscalationRun, clock: ClockName, run: ClockRun) -> ClockStatus:
    due = case.armed.get(clock)
    waits = pauses_for(case.state, case.policy.clocks[clock])
    return ClockStatus(
        clock=clock,
        cycle=run.cycle,
        started_at=run.started_at,
        due=target_instant(case.state, case.policy, clock),
        next_threshold=due.threshold.name if due else "",
        next_at=due.at if due else None,
        paused=run.eta is None and any(pause.end is None for pause in waits),
    )


def _line(status: ClockStatus) -> str:
    # One clock. A list, not a table: the UI sets table cells without any space between them.
    if status.paused and status.next_at is None:
        return f"- **{status.clock}** paused"
    upcoming = (
        f"{markdown(status.next_threshold)} at {_time(status.next_at)}" if status.next_at else "nothing more to come"
    )
    target = f" · target {_time(status.due)}" if status.due else ""
    return f"- **{status.clock}** {upcoming}{target}"


def _time(at: datetime | None) -> str:
    return "" if at is None else f"{at:%Y-%m-%d %H:%M:%S} UTC"
