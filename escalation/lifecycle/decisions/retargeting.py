"""Retargeting: another severity, another policy, a due date set by hand. Running clocks keep what they have counted."""

from datetime import UTC

from escalation.case.commands import AdoptPolicy, ApplyPolicy, ChangeSeverity, SetDue
from escalation.case.events import DueSet, PolicyApplied, SeverityChanged
from escalation.case.state import State
from escalation.clock_rules import OnRetarget
from escalation.clocks.deadlines import deadlines
from escalation.clocks.definition import CLOCKS
from escalation.clocks.targets import FollowUps, FromCase
from escalation.clocks.timing import target_of
from escalation.copies import changed
from escalation.errors import InvalidCommand
from escalation.lifecycle.decisions.checks import in_the_future, some_text
from escalation.lifecycle.decisions.contact_limits import put_forward_early
from escalation.lifecycle.draft import Draft
from escalation.policy import Policy
from escalation.vocabulary import ClockName


def change_severity(draft: Draft, command: ChangeSeverity) -> None:
    """Correct the severity; running clocks get their new targets."""
    old = draft.state.severity
    if command.severity is old:
        raise InvalidCommand(f"the severity is {old} already")
    draft.record(
        SeverityChanged(
            at=draft.now,
            old=old,
            new=command.severity,
            why=command.why,
            by=command.by,
            restarted=clocks_that_restart(draft.state, draft.policy),
        )
    )


def set_due(draft: Draft, command: SetDue) -> None:
    """Name the instant at which a clock is due, or give it back to the policy."""
    clock = command.clock
    source = CLOCKS[clock].target
    if isinstance(source, FromCase | FollowUps):
        raise InvalidCommand(source.not_by_hand)
    if clock not in draft.state.runs or target_of(draft.state, draft.policy, clock) is None:
        running = ", ".join(one for one in draft.state.runs if one in draft.policy.clocks)
        raise InvalidCommand(f"`{clock}` does not run; running clocks: {running or 'none'}")
    if command.at is not None:
        in_the_future(command.at, draft.now, "at")
    due = None if command.at is None else command.at.astimezone(UTC)
    cycle = draft.state.runs[clock].cycle
    draft.record(DueSet(at=draft.now, clock=clock, cycle=cycle, due=due, why=command.why, by=command.by))


def apply_policy(_: Draft, command: ApplyPolicy) -> None:
    """Ask the workflow to load the policy; the change follows with `adopt_policy`."""
    some_text(command.policy, "policy")


def adopt_policy(draft: Draft, command: AdoptPolicy) -> None:
    """Follow another policy from now on; running clocks get their new targets and keep what has fired."""
    state, policy = draft.state, command.policy
    rules = max(state.rules, command.rules)  # never back: what newer rules left in the state, older ones may not know
    if command.ref == state.policy and rules == state.rules:
        raise InvalidCommand(f"it follows policy `{state.policy.name}`, version {state.policy.version}, already")
    if state.tier > policy.ladder.top:
        top = policy.ladder.top
        raise InvalidCommand(f"the case is on tier {state.tier} and the ladder of `{policy.name}` ends with {top}")
    if not deadlines(changed(state, policy=command.ref), policy):
        raise InvalidCommand(f"`{policy.name}` has no rule for any running clock; the case would be forgotten")
    restarted = () if command.ref == state.policy else clocks_that_restart(state, policy)
    applied = PolicyApplied(
        at=draft.now, policy=command.ref, why=command.why, by=command.by, restarted=restarted, rules=rules
    )
    draft.record(applied, policy)
    put_forward_early(draft)


def clocks_that_restart(state: State, policy: Policy) -> tuple[ClockName, ...]:
    """The running clocks that begin a new cycle when their targets change, because the policy says so."""
    rules = policy.clocks
    return tuple(clock for clock in state.runs if clock in rules and rules[clock].on_retarget is OnRetarget.RESTART)
