"""The table of the lifecycle: in which stages a command is possible, and to which stage an event leads.

`decide` refuses a command by `POSSIBLE_IN`, `evolve` moves the case by `LEADS_TO`, and `docs/states.md` is written from
both. Conditions within a stage, such as whose offer it is or whether a survey is open, are checked by the functions in
`escalation.lifecycle.decisions`.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from escalation.case import commands, events
from escalation.case.commands import SUPPORT_COMMANDS, Command
from escalation.case.events import Event
from escalation.case.state import State
from escalation.vocabulary import ACTIVE, PauseCause, Stage

_U, _O, _W, _C = Stage.UNASSIGNED, Stage.OFFERED, Stage.WORKING, Stage.WAITING_ON_CUSTOMER
_R, _CLOSED, _CANCELLED = Stage.RESOLVED, Stage.CLOSED, Stage.CANCELLED

# What the workflow reports comes when it comes, and may find that the case went on.
_ANY = frozenset(Stage)
_UNTIL_CLOSED = ACTIVE | {_R}
_OWNED = frozenset({_W, _C})

POSSIBLE_IN: Mapping[type[Command], frozenset[Stage]] = {
    commands.Acknowledge: frozenset({_O}),
    commands.Decline: frozenset({_O}),
    commands.AddNote: _UNTIL_CLOSED,
    commands.TellCustomer: _UNTIL_CLOSED | {_CLOSED},
    commands.MakePromise: ACTIVE,
    commands.RequestInformation: _OWNED,
    commands.RecordCustomerReply: _ANY,
    commands.RecordBounce: _ANY - {_CANCELLED},
    commands.ChangeSeverity: ACTIVE,
    commands.SetDue: _UNTIL_CLOSED,
    commands.ApplyPolicy: _UNTIL_CLOSED,
    commands.AdoptPolicy: _UNTIL_CLOSED,
    commands.ChangeFrustration: _UNTIL_CLOSED,
    commands.OfferOptions: frozenset({_W}),
    commands.Choose: _ANY,
    commands.Escalate: ACTIVE,
    commands.Consult: _OWNED,
    commands.AnswerConsult: ACTIVE,
    commands.RequestApproval: _OWNED,
    commands.Approve: ACTIVE,
    commands.RefuseApproval: ACTIVE,
    commands.Reassign: ACTIVE,
    commands.HandOn: _ANY - {_CANCELLED},
    commands.HoldUpdates: ACTIVE,
    commands.Pause: frozenset({_W}),
    commands.Resume: ACTIVE,
    commands.Correct: _ANY - {_CANCELLED},
    commands.Withdraw: ACTIVE,
    commands.GiveBack: _OWNED,
    commands.Resolve: _OWNED,
    commands.Reopen: frozenset({_R, _CLOSED}),
    commands.AnswerSurvey: frozenset({_R, _CLOSED}),
    commands.Cancel: _UNTIL_CLOSED,
    commands.SubmitReview: frozenset({_R, _CLOSED}),
    commands.AgreeAction: frozenset({_R, _CLOSED}),
    commands.CompleteAction: _ANY - {_CANCELLED},
    commands.LinkIncident: _UNTIL_CLOSED,
    commands.UnlinkIncident: _UNTIL_CLOSED,
    commands.RelayBulletin: ACTIVE,
    commands.ProposeResolution: ACTIVE,
    commands.WithdrawProposal: _UNTIL_CLOSED,
    commands.RecordUpdate: _UNTIL_CLOSED | {_CLOSED},
    commands.RecordTicketNews: _UNTIL_CLOSED | {_CLOSED},
    commands.FireDueClocks: _ANY,
    commands.RecordAssignment: _ANY,
    commands.RecordNobodyAvailable: _ANY,
    commands.RecordAssignmentDelayed: _ANY,
    commands.RecordApprover: _ANY,
    commands.RecordDeliveryFailed: _ANY,
    commands.RecordGaveUp: _ANY,
}
"""Command, and the stages that it is possible in; every other stage refuses it. An opening has no stage before."""


@dataclass(frozen=True, slots=True)
class ByWait:
    """A stage that depends on whether the customer is waited for once the facts of the event are known."""

    waiting: Stage  # the stage while they are; a ticket may have been opened in the middle of such a wait
    otherwise: Stage  # the stage while they are not


_TAKEN = ByWait(waiting=_C, otherwise=_W)


def _each(before: Iterable[Stage], after: Stage | ByWait) -> Mapping[Stage, Stage | ByWait]:
    return dict.fromkeys(before, after)


LEADS_TO: Mapping[type[Event], Mapping[Stage, Stage | ByWait]] = {
    events.OwnerSought: _each(ACTIVE, _U),
    events.Offered: _each(ACTIVE, _O),
    events.Acknowledged: {_O: _TAKEN},
    events.OverseerHeld: {_U: _TAKEN, _O: _TAKEN, _W: _TAKEN, _C: _W},
    events.InformationRequested: _each(_OWNED, _C),
    events.CustomerReplied: {_C: _TAKEN},
    events.DeliveryFailed: {_C: _TAKEN},
    events.Withdrawn: {_C: _TAKEN},
    events.Resolved: _each(ACTIVE, _R),
    events.Reopened: _each((_R, _CLOSED), _U),
    events.Closed: {_R: _CLOSED},
    events.Cancelled: _each(_UNTIL_CLOSED, _CANCELLED),
}
"""Event, stage before, stage after. Every other event, and these in every other stage, leave the stage as it is."""

_UNMOVED: Mapping[Stage, Stage | ByWait] = {}


def allowed(stage: Stage) -> tuple[str, ...]:
    """Wire names of the support commands that are possible in this stage."""
    return tuple(name for name, one in SUPPORT_COMMANDS.items() if stage in POSSIBLE_IN[one])


def stage_after(state: State, event: Event) -> Stage:
    """The stage an event leads to from a state that has its facts already, and the stage before it."""
    after = LEADS_TO.get(type(event), _UNMOVED).get(state.stage, state.stage)
    if isinstance(after, ByWait):
        return after.waiting if state.is_paused_by(PauseCause.WAITING_ON_CUSTOMER) else after.otherwise
    return after
