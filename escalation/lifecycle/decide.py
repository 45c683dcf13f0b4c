"""The life of an escalation: which command is possible when, and what follows from it.

Theory of operation. An escalation is opened, offered to people until one acknowledges, worked on, perhaps waits
on its customer, is resolved, and is closed when its reopen window ends or the customer is satisfied. It can be
called off until it is closed, and reopened while the window lasts. `decide` takes the state, a command and the
instant, and answers with events and effects, or refuses with a named error and leaves the state as it is. Events
are then folded (`escalation.lifecycle.evolution`), which also starts and stops the clocks (`escalation.clocks.running`); a clock that
is due comes back as the command `fire_due_clocks`. There is no other way for anything to change.

`escalation.lifecycle.table` says in which stage a command is possible and where an event leads;
`escalation.lifecycle.handlers` says which function carries a command out.
"""

from datetime import datetime

from escalation.case import commands
from escalation.case.commands import Command, Open
from escalation.case.state import State
from escalation.case.values import PolicyRef
from escalation.clocks.deadlines import DeadlinesOf, deadlines
from escalation.clocks.timing import FURTHEST
from escalation.errors import InvalidCommand, InvalidTransition
from escalation.lifecycle.decisions import closing, firing
from escalation.lifecycle.decisions.opening import open_escalation
from escalation.lifecycle.draft import Decision, Draft
from escalation.lifecycle.handlers import carry_out
from escalation.lifecycle.rules_version import DEFAULT
from escalation.lifecycle.table import POSSIBLE_IN, allowed
from escalation.people import must_name_people
from escalation.policy import Policy


def decide(  # noqa: PLR0913 (an opening depends on all of it)
    state: State | None,
    command: Command,
    *,
    policy: Policy,
    now: datetime,
    ref: PolicyRef | None = None,
    deadlines_of: DeadlinesOf = deadlines,
    rules: int = DEFAULT,
    life: int = 1,
) -> Decision:
    """Decide on a command.

    Args:
        state: The state before; None only for `open`.
        ref: Which policy that is; only the opening needs it.
        deadlines_of: Works out `deadlines`; a cache of this case may take its place.
        rules: Version of our own rules that a case opened now follows; any other follows its own.
        life: Which escalation of the ticket an opening begins, from 1.

    Returns:
        The state after, the events that lead to it, and effects to carry out; no events when there is nothing to do.

    Raises:
        Refused: It cannot be done; nothing has changed.
        ValueError: An opening without `ref`.
    """
    if state is None:
        if not isinstance(command, Open):
            raise InvalidTransition(command.kind, "", ("open",))
        if ref is None:
            raise ValueError("an opening needs `ref`, the name and version of its policy")
        opened = open_escalation(command, policy=policy, ref=ref, now=now, rules=rules, life=life)
        return _computable(opened, policy)
    return _decided(Draft(state, policy, now, deadlines_of), command)


def _decided(draft: Draft, command: Command) -> Decision:
    """The decision that a draft becomes with the command."""
    stage = draft.state.stage
    if isinstance(command, Open) or stage not in POSSIBLE_IN[type(command)]:
        raise InvalidTransition(command.kind, stage, allowed(stage))
    if not isinstance(command, commands.WorkflowReport):
        must_name_people(command, command.kind)
    carry_out(draft, command)
    closing.settle_afterwards(draft)
    decision = draft.finish()
    return _computable(decision, decision.policy) if isinstance(command, commands.AdoptPolicy) else decision


def _computable(decision: Decision, policy: Policy) -> Decision:
    """The decision, where every clock is due within reach."""
    lost = [clock for clock, due in decision.armed.items() if due.target >= FURTHEST]
    if lost:
        names = ", ".join(f"`{clock}`" for clock in lost)
        raise InvalidCommand(
            f"policy `{policy.name}` cannot be followed: {names} would never be due; fix its calendars"
        )
    return decision


def decide_in_order(
    state: State, command: Command, *, policy: Policy, now: datetime, deadlines_of: DeadlinesOf = deadlines
) -> Decision:
    """Like `decide`, for a command that may find clocks overdue: what was due before it comes first.

    Without it a solution that arrives just after a long outage would stop a clock that had run out meanwhile, and
    its breach would never be known.

    Raises:
        Refused: It cannot be done after what was due; nothing has changed, and the clocks are still due.
    """
    draft = Draft(state, policy, now, deadlines_of)
    firing.fire_due_clocks(draft)
    closing.settle_afterwards(draft)
    return _decided(draft, command)
