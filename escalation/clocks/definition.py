"""The clocks: everything the code knows about each, in one table.

A clock is one promise about time. A record says which events start and stop it, in which stages it can run, what may
pause it, where its target comes from, what it can do when it is due, and what people call it. The rest follows from
the record: the running clocks (`escalation.clocks.running`), the section of the policy file and its JSON schema
(`escalation.compiler`), `docs/states.md`, `policy diff`, `explain`, and the words in notices. When a clock is due is
computed in `escalation.clocks.deadlines`.

To add a clock, add its name to `ClockName` and its record here, at the same place in the order.
"""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from escalation.clock_rules import ANSWERS, Action, StopCause
from escalation.clocks.actions import (
    ADVISING,
    AGEING,
    ANSWERING,
    APPROVING,
    PROGRESSING,
    REMIND_CUSTOMER,
    REMIND_OWNER,
    ending,
)
from escalation.clocks.anatomy import ClockDefinition
from escalation.clocks.targets import ACTION_DUE, END_OF_SHIFT, PROMISED, ROOM_AGAIN, FollowUps, FromPolicy
from escalation.deferred import Deferred
from escalation.vocabulary import ACTIVE, ClockName, PauseCause, Stage

if TYPE_CHECKING:
    from escalation.case import events
    from escalation.clocks import causes
else:
    events, causes = Deferred("escalation.case.events"), Deferred("escalation.clocks.causes")

_BOTH = frozenset(PauseCause)
_AFTERWARDS = frozenset({Stage.RESOLVED, Stage.CLOSED})


CLOCKS: Mapping[ClockName, ClockDefinition] = {
    ClockName.ACKNOWLEDGE: ClockDefinition(
        means="From an offer until the person takes it.",
        words={"en": "acceptance of the offer", "de": "Annahme des Angebots"},
        starts=lambda: (events.Offered,),
        stops=lambda: (events.Declined, events.OfferLapsed),
        stages=frozenset({Stage.OFFERED}),
        restarts=True,
        measured=True,
        required=True,
        target=FromPolicy(tier_first=True),
        actions=ending(Action.OFFER_ON, before=REMIND_OWNER),
    ),
    ClockName.FIRST_RESPONSE: ClockDefinition(
        means="From the opening until a person writes to the customer.",
        words={"en": "first response", "de": "erste Antwort"},
        starts=lambda: (events.Opened,),
        stages=ACTIVE,
        measured=True,
        pausable=_BOTH,
        answers=frozenset(StopCause),
        actions=ANSWERING,
    ),
    ClockName.NEXT_RESPONSE: ClockDefinition(
        means="From a customer's message, a survey that is not satisfied, or a broken promise until a person writes to them.",
        words={"en": "next response", "de": "nächste Antwort"},
        starts=lambda: (
            *(causes.CUSTOMER_WROTE, causes.NOT_SATISFIED, events.MessagesPutForward),
            causes.PROMISE_BROKEN,
        ),
        stops=lambda: (events.Resolved,),
        # What the customer writes after the solution is answered too.
        stages=ACTIVE | _AFTERWARDS,
        measured=True,
        pausable=_BOTH,
        # Not `acknowledged`: that a colleague took the case does not answer what the customer wrote.
        answers=frozenset(ANSWERS),
        actions=ANSWERING,
    ),
    ClockName.PROMISE: ClockDefinition(
        means="Around an ETA given to the customer.",
        words={"en": "promise to the customer", "de": "Zusage"},
        starts=lambda: (events.Promised,),
        stops=lambda: (
            *(events.PromiseKept, events.PromiseLapsed, events.PromiseReplaced, events.PromiseDropped),
            causes.PROMISE_WITHDRAWN,
        ),
        stages=ACTIVE,
        restarts=True,
        target=PROMISED,
        actions=ending(Action.LAPSE_PROMISE, before=REMIND_OWNER),
    ),
    ClockName.CUSTOMER_UPDATE: ClockDefinition(
        means="From one message to the customer until the next.",
        words={"en": "update to the customer", "de": "Zwischenstand"},
        starts=lambda: (
            *(events.Opened, causes.TO_CUSTOMER, events.HoldingUpdateWithheld),
            events.CustomerToldElsewhere,
        ),
        stages=ACTIVE,
        restarts=True,
        required=True,
        pausable=_BOTH,
        actions=ending(Action.HOLDING_UPDATE, Action.TELL_OVERSEER, before=REMIND_OWNER),
    ),
    ClockName.CHECK_IN: ClockDefinition(
        means="From one sign of progress until the next.",
        words={"en": "progress on the case", "de": "Fortschritt im Fall"},
        starts=lambda: (
            *(events.Acknowledged, events.OverseerHeld, events.Noted, events.Resumed),
            *(events.CustomerTold, events.CustomerToldElsewhere, events.InformationRequested, events.OptionsOffered),
            *(events.Withdrawn, causes.CUSTOMER_WROTE),
            *(
                events.Consulted,
                events.ConsultAnswered,
                events.GrantedWithinAuthority,
                events.ApprovalRequested,
                events.ApprovalGranted,
                events.ApprovalRefused,
            ),
        ),
        stages=frozenset({Stage.WORKING, Stage.WAITING_ON_CUSTOMER}),
        restarts=True,
        required=True,
        # Not by a third party: while one is waited for, this is the clock that keeps the case awake.
        pausable=frozenset({PauseCause.WAITING_ON_CUSTOMER}),
        never_paused={PauseCause.WAITING_ON_THIRD_PARTY: "it keeps the case awake then"},
        actions=PROGRESSING,
    ),
    ClockName.CONSULT: ClockDefinition(
        means="From asking a colleague for advice until they answer.",
        words={"en": "advice", "de": "Rat"},
        starts=lambda: (events.Consulted, causes.ASKED_INSTEAD),
        stops=lambda: (events.ConsultAnswered, causes.NO_ADVISER),
        stages=ACTIVE,
        restarts=True,
        measured=True,
        actions=ADVISING,
    ),
    ClockName.APPROVAL: ClockDefinition(
        means="From a request for approval until it is decided.",
        words={"en": "approval", "de": "Genehmigung"},
        starts=lambda: (events.ApprovalRequested, causes.APPROVER_SOUGHT),
        stops=lambda: (events.ApprovalGranted, events.ApprovalRefused),
        stages=ACTIVE,
        restarts=True,
        measured=True,
        actions=APPROVING,
    ),
    ClockName.RESOLUTION: ClockDefinition(
        means="From the opening of a cycle until it is resolved.",
        words={"en": "solution", "de": "Lösung"},
        starts=lambda: (events.Opened, events.Reopened),
        stages=ACTIVE,
        reopens=True,
        measured=True,
        required=True,
        pausable=_BOTH,
        actions=ANSWERING,
    ),
    ClockName.AGEING: ClockDefinition(
        means="From the opening, a reopening or a change of severity until the case counts as one step worse.",
        words={"en": "age of the case", "de": "Alter des Falls"},
        starts=lambda: (events.Opened, events.Reopened, events.SeverityChanged),
        stages=ACTIVE,
        restarts=True,
        reopens=True,
        pausable=_BOTH,
        actions=AGEING,
    ),
    ClockName.SHIFT_END: ClockDefinition(
        means="Around the end of the owner's shift; without it a case stays with its owner when they go home.",
        words={"en": "end of the shift", "de": "Schichtende"},
        # Not while the customer has the ball: a new owner would have nothing to do. When they answer, it starts again.
        starts=lambda: (events.Acknowledged, events.ShiftNoted, causes.CUSTOMER_WROTE),
        stops=lambda: (events.ShiftEnded,),
        stages=frozenset({Stage.WORKING}),
        target=END_OF_SHIFT,
        actions=ending(Action.OFFER_ON, before=REMIND_OWNER),
    ),
    ClockName.CHOICE: ClockDefinition(
        means="From offering options until the customer chooses.",
        words={"en": "choice of a solution", "de": "Wahl der Lösung"},
        starts=lambda: (events.OptionsOffered,),
        stops=lambda: (events.OptionChosen, events.ChoiceLapsed, causes.OPTIONS_WITHDRAWN),
        stages=ACTIVE,
        restarts=True,
        never_paused={PauseCause.WAITING_ON_CUSTOMER: "it times the customer's own decision, which is that wait"},
        actions=ending(Action.CHOOSE_DEFAULT, before=REMIND_CUSTOMER),
    ),
    ClockName.CUSTOMER_REPLY: ClockDefinition(
        means="From a question until the customer answers.",
        words={"en": "reply from the customer", "de": "Kundenantwort"},
        starts=lambda: (events.InformationRequested, causes.OPENED_WAITING),
        # A case that was opened waiting waits before an owner takes it, too.
        stages=frozenset({Stage.UNASSIGNED, Stage.OFFERED, Stage.WAITING_ON_CUSTOMER}),
        waits_for=PauseCause.WAITING_ON_CUSTOMER,
        restarts=True,
        required=True,
        never_paused={
            PauseCause.WAITING_ON_CUSTOMER: "the question that starts it begins that wait too, so it would never run"
        },
        actions=ending(Action.RESOLVE_NO_REPLY, before=REMIND_CUSTOMER),
    ),
    ClockName.CONTACT_LIMIT: ClockDefinition(
        means="From the first message over a limit on contacts until there is room again.",
        words={"en": "contact limit", "de": "Kontaktgrenze"},
        # What was set aside is delivered whatever becomes of the case, or it would never be read.
        starts=lambda: (causes.SET_ASIDE,),
        stops=lambda: (events.MessagesPutForward,),
        stages=ACTIVE | _AFTERWARDS,
        target=ROOM_AGAIN,
        actions=None,
    ),
    ClockName.FOLLOW_UP: ClockDefinition(
        means="Checking back after a resolution.",
        words={"en": "follow-up", "de": "Rückfrage nach der Lösung"},
        starts=lambda: (causes.SOLVED,),
        stages=_AFTERWARDS,
        target=FollowUps(),
        actions=None,
    ),
    ClockName.SATISFACTION: ClockDefinition(
        means="From the survey until its answer.",
        words={"en": "survey", "de": "Umfrage"},
        starts=lambda: (events.SurveySent,),
        stops=lambda: (events.SurveyAnswered, events.SurveyExpired),
        stages=_AFTERWARDS,
        actions=ending(Action.EXPIRE_SURVEY),
    ),
    ClockName.REOPEN_WINDOW: ClockDefinition(
        means="From a resolution until it can no longer be reopened.",
        words={"en": "time to reopen", "de": "Frist zum Wiederöffnen"},
        starts=lambda: (events.Resolved,),
        stops=lambda: (events.ReopenWindowEnded,),
        stages=_AFTERWARDS,
        required=True,
        actions=ending(Action.END_REOPEN_WINDOW),
    ),
    ClockName.REVIEW: ClockDefinition(
        means="From closing until the review is written.",
        words={"en": "review", "de": "Nachbetrachtung"},
        starts=lambda: (causes.REVIEW_DUE,),
        stops=lambda: (events.Reviewed, events.ReviewSkipped),
        stages=frozenset({Stage.CLOSED}),
        actions=ending(Action.SKIP_REVIEW, before=frozenset({Action.REMIND_REVIEWER})),
    ),
    ClockName.REVIEW_ACTION: ClockDefinition(
        means="Until the soonest action that was agreed is due.",
        words={"en": "action to prevent it next time", "de": "Maßnahme zur Vorbeugung"},
        starts=lambda: (events.ActionAgreed, events.ActionCompleted, events.ActionLapsed),
        stops=lambda: (causes.LAST_DONE, causes.LAST_LAPSED),
        # A reopened case keeps what was agreed.
        stages=ACTIVE | _AFTERWARDS,
        restarts=True,
        target=ACTION_DUE,
        actions=ending(Action.LAPSE_ACTION, before=frozenset({Action.REMIND_ACTION})),
    ),
}
"""Every clock, in the order in which clocks that are due at the same instant fire."""


def check_order(names: Iterable[ClockName]) -> None:
    """Refuse a table that is not exactly `ClockName`, in its order.

    Raises:
        LookupError: A clock has no record, or another place.
    """
    listed = list(names)
    for number, clock in enumerate(ClockName):
        if listed[number : number + 1] != [clock]:
            raise LookupError(f"`{clock}` needs a record in escalation/clocks/definition.py, as number {number + 1}")


REOPENED = tuple(clock for clock, definition in CLOCKS.items() if definition.reopens)
"""The clocks that begin with a reopening, unless the policy lets them go on."""

check_order(CLOCKS)
