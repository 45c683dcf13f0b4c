"""The life of an escalation: which command is possible when, and what follows from it.

Theory of operation. An escalation is opened, offered to people until one acknowledges, worked on, perhaps waits
on its customer, is resolved, and is closed when its reopen window ends or the customer is satisfied. It can be
called off until it is closed, and reopened while the window lasts. `decide` takes the state, a command and the
instant, and answers with events and effects, or refuses with a named error and leaves the state as it is. Events
are then folded (`escalation.lifecycle.evolution`), which also starts and stops the clocks (`escalation.clocks.running`); a clock that
is due comes back as the command `fire_due_clocks`. There is no other way for anything to change.

What is not in the table: the stage that an event leads to (`evolution.STAGE_AFTER`), and conditions within a
stage, such as whose offer it is or whether a survey is open; the functions in `escalation.lifecycle.decisions` check those.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from escalation.case import commands
from escalation.case.commands import Command, Open
from escalation.case.state import State
from escalation.clocks.deadlines import Due
from escalation.clocks.timing import FURTHEST
from escalation.errors import InvalidCommand, InvalidTransition
from escalation.lifecycle.decisions import (
    approval,
    climbing,
    closing,
    consulting,
    conversation,
    firing,
    linking,
    ownership,
    retargeting,
    undelivered,
)
from escalation.lifecycle.decisions.opening import open_escalation
from escalation.lifecycle.draft import Decision, Draft
from escalation.lifecycle.rules_version import DEFAULT
from escalation.people import must_name_people
from escalation.policy import Policy, PolicyRef
from escalation.vocabulary import ClockName, Stage

_U, _O, _W, _C = Stage.UNASSIGNED, Stage.OFFERED, Stage.WORKING, Stage.WAITING_ON_CUSTOMER
_R, _CLOSED, _CANCELLED = Stage.RESOLVED, Stage.CLOSED, Stage.CANCELLED

_STAY_ACTIVE: Mapping[Stage, tuple[Stage, ...]] = {stage: (stage,) for stage in (_U, _O, _W, _C)}

_UNDONE: Mapping[Stage, tuple[Stage, ...]] = {
    **{stage: (stage,) for stage in Stage},
    _C: (_C, _W),
    _R: (_R, _O, _U),
}
"""A letter never arrived: its question is not waited for, and a case is not over for want of an answer to it."""

TRANSITIONS: Mapping[str, Mapping[Stage, tuple[Stage, ...]]] = {
    "acknowledge": {_O: (_W, _C)},
    "decline": {_O: (_U, _W, _C)},
    "note": {**_STAY_ACTIVE, _R: (_R,)},
    "tell_customer": {**_STAY_ACTIVE, _R: (_R, _CLOSED)},
    "promise": _STAY_ACTIVE,
    "request_information": {_W: (_C,), _C: (_C,)},
    "customer_replied": {_U: (_U,), _O: (_O,), _W: (_W,), _C: (_W,), _R: (_R,)},
    "delivery_bounced": {stage: after for stage, after in _UNDONE.items() if stage is not _CANCELLED},
    "change_severity": _STAY_ACTIVE,
    "set_due": {**_STAY_ACTIVE, _R: (_R,)},
    "apply_policy": {**_STAY_ACTIVE, _R: (_R,)},
    "change_frustration": {**_STAY_ACTIVE, _R: (_R,)},
    "offer_options": {_W: (_W,)},
    "choose": {_U: (_U,), _O: (_O,), _W: (_W,), _C: (_C,)},
    "escalate": {_U: (_U,), _O: (_U,), _W: (_U,), _C: (_U,)},
    "consult": {_W: (_W,), _C: (_C,)},
    "answer_consult": _STAY_ACTIVE,
    "request_approval": {_W: (_W,), _C: (_C,)},
    "approve": _STAY_ACTIVE,
    "refuse_approval": _STAY_ACTIVE,
    "reassign": {_U: (_O,), _O: (_O,), _W: (_O,), _C: (_O,)},
    "pause": {_W: (_W,)},
    "resume": _STAY_ACTIVE,
    "resolve": {_W: (_R,), _C: (_R,)},
    "reopen": {_R: (_O, _U), _CLOSED: (_O, _U)},
    "answer_survey": {_R: (_R, _CLOSED), _CLOSED: (_CLOSED,)},
    "cancel": {_U: (_CANCELLED,), _O: (_CANCELLED,), _W: (_CANCELLED,), _C: (_CANCELLED,), _R: (_CANCELLED,)},
    "submit_review": {_CLOSED: (_CLOSED,)},
    "link_incident": {**_STAY_ACTIVE, _R: (_R,)},
    "unlink_incident": {**_STAY_ACTIVE, _R: (_R,)},
    "relay_bulletin": _STAY_ACTIVE,
    "propose_resolution": _STAY_ACTIVE,
    "withdraw_proposal": {**_STAY_ACTIVE, _R: (_R,)},
    "fire_due_clocks": {
        _U: (_U, _R),
        _O: (_O, _U, _W, _C, _R),
        _W: (_W, _U),
        _C: (_C, _U, _W, _R),
        _R: (_R, _CLOSED),
        _CLOSED: (_CLOSED,),
        _CANCELLED: (_CANCELLED,),
    },
    "record_assignment": {**{stage: (stage,) for stage in Stage}, _U: (_U, _O, _W, _C), _O: (_O, _U)},
    "record_nobody_available": {**{stage: (stage,) for stage in Stage}, _U: (_U, _W, _C), _O: (_O, _U)},
    "record_assignment_delayed": {**{stage: (stage,) for stage in Stage}, _U: (_U, _W, _C)},
    "record_approver": {stage: (stage,) for stage in Stage},
    "record_delivery_failed": _UNDONE,
    "record_gave_up": {stage: (stage,) for stage in Stage},
    "adopt_policy": {**_STAY_ACTIVE, _R: (_R,)},
}
"""Command, stage before, stages it may lead to. A stage that is not there refuses the command.

What the workflow shell reports is possible in every stage: it comes when it comes, and may find the case gone on.
"""


_HANDLERS: Mapping[type[Command], Callable[[Draft, Any], None]] = {
    commands.Acknowledge: ownership.acknowledge,
    commands.Decline: ownership.decline,
    commands.Escalate: climbing.escalate,
    commands.Consult: consulting.consult,
    commands.AnswerConsult: consulting.answer_consult,
    commands.RequestApproval: approval.request_approval,
    commands.Approve: approval.approve,
    commands.RefuseApproval: approval.refuse_approval,
    commands.RecordApprover: approval.record_approver,
    commands.Reassign: ownership.reassign,
    commands.RecordAssignment: ownership.record_assignment,
    commands.RecordNobodyAvailable: ownership.record_nobody_available,
    commands.RecordAssignmentDelayed: ownership.record_assignment_delayed,
    commands.AddNote: conversation.add_note,
    commands.TellCustomer: conversation.tell_customer,
    commands.MakePromise: conversation.make_promise,
    commands.RequestInformation: conversation.request_information,
    commands.RecordCustomerReply: conversation.record_customer_reply,
    commands.RecordBounce: undelivered.record_bounce,
    commands.ChangeSeverity: retargeting.change_severity,
    commands.SetDue: retargeting.set_due,
    commands.ApplyPolicy: retargeting.apply_policy,
    commands.AdoptPolicy: retargeting.adopt_policy,
    commands.ChangeFrustration: conversation.change_frustration,
    commands.OfferOptions: conversation.offer_options,
    commands.Choose: conversation.choose,
    commands.Pause: conversation.pause,
    commands.Resume: conversation.resume,
    commands.Resolve: closing.resolve,
    commands.Reopen: closing.reopen,
    commands.AnswerSurvey: closing.answer_survey,
    commands.Cancel: closing.cancel,
    commands.SubmitReview: closing.submit_review,
    commands.LinkIncident: linking.link_incident,
    commands.UnlinkIncident: linking.unlink_incident,
    commands.RelayBulletin: linking.relay_bulletin,
    commands.ProposeResolution: linking.propose_resolution,
    commands.WithdrawProposal: linking.withdraw_proposal,
    commands.FireDueClocks: firing.fire_due_clocks,
    commands.RecordGaveUp: undelivered.record_gave_up,
    commands.RecordDeliveryFailed: undelivered.record_delivery_failed,
}
# `Any`: each function takes just the command type it stands under; a test compares the two.

_FROM_PEOPLE = (*commands.SUPPORT_COMMANDS.values(), commands.AdoptPolicy)
"""What people ask for; what the shell reports is never refused."""


def allowed(stage: Stage) -> tuple[str, ...]:
    """Wire names of the support commands that are possible in this stage."""
    return tuple(name for name in commands.SUPPORT_COMMANDS if stage in TRANSITIONS[name])


def decide(  # noqa: PLR0913 (an opening depends on all of it)
    state: State | None,
    command: Command,
    *,
    policy: Policy,
    now: datetime,
    ref: PolicyRef | None = None,
    armed: Mapping[ClockName, Due] | None = None,
    rules: int = DEFAULT,
    life: int = 1,
) -> Decision:
    """What follows from a command.

    Args:
        state: The state before; None only for `open`.
        command: What is asked.
        policy: The policy that the escalation follows.
        now: The instant, aware UTC.
        ref: Which policy that is; only the opening needs it.
        armed: `deadlines` of state and policy, where they are known already; spares working them out again.
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
    if isinstance(command, Open) or state.stage not in TRANSITIONS[command.kind]:
        raise InvalidTransition(command.kind, state.stage, allowed(state.stage))
    if isinstance(command, _FROM_PEOPLE):
        must_name_people(command, command.kind)
    draft = Draft(state, policy, now, armed)
    _HANDLERS[type(command)](draft, command)
    closing.end_late_reopen_window(draft)
    decision = draft.finish()
    return _computable(decision, decision.policy) if isinstance(command, commands.AdoptPolicy) else decision


def _computable(decision: Decision, policy: Policy) -> Decision:
    """The decision, where every clock falls due within reach.

    Raises:
        InvalidCommand: A clock would not; its calendar has too little open time.
    """
    lost = [clock for clock, due in decision.armed.items() if due.target >= FURTHEST]
    if lost:
        names = ", ".join(f"`{clock}`" for clock in lost)
        raise InvalidCommand(
            f"policy `{policy.name}` cannot be followed: {names} would never fall due; fix its calendars"
        )
    return decision


def decide_in_order(
    state: State, command: Command, *, policy: Policy, now: datetime, armed: Mapping[ClockName, Due] | None = None
) -> Decision:
    """Like `decide`, for a command that may find clocks overdue: what was due before it comes first.

    Without it a solution that arrives just after a long outage would stop a clock that had run out meanwhile, and
    its breach would never be known.

    Raises:
        Refused: It cannot be done after what was due; nothing has changed, and the clocks are still due.
    """
    fired = decide(state, commands.FireDueClocks(), policy=policy, now=now, armed=armed)
    then = decide(fired.state, command, policy=policy, now=now, armed=fired.armed)
    return replace(then, events=(*fired.events, *then.events), asked=(*fired.asked, *then.asked))
