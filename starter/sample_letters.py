"""Sample situations in which customers get letters, with the facts of each letter."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from escalation.case.commands import Option, OutcomeItem
from escalation.message_kinds import MessageKind
from escalation.messages import facts
from escalation.vocabulary import ApprovalKind, CancelCause, ClimbCause, ClockName, Outcome, Reason, Stage, Withdrawable

NOON = datetime(2026, 3, 27, 11, 0, tzinfo=UTC)
_TODAY, _NEXT_WEEK, _LATER = (NOON + timedelta(days=days) for days in (0, 7, 14))
_UNOWNED = {"stage": Stage.UNASSIGNED, "owner": ""}
_RESOLVED = {"stage": Stage.RESOLVED}
_CLOSED = {"stage": Stage.CLOSED}
_NEXT: Mapping[str, Any] = {"next_update_at": _TODAY, "currency": "EUR"}
_AFTER: Mapping[str, Any] = {"reopen_until_at": _LATER, "check_back_at": _NEXT_WEEK}
_ASKED: Mapping[str, Any] = {"asked": "Which light is on?", "remind_at": _NEXT_WEEK, "closes_at": _LATER}
_CHOICE: Mapping[str, Any] = {
    "choices": ("Your money back", "A repair"),
    "choice_default": "A repair",
    "choose_by": _NEXT_WEEK,
}
_REFUND: Mapping[str, Any] = {"pending": ApprovalKind.REFUND, "pending_amount": 120, "decided_by": _NEXT_WEEK}
_PROMISE: Mapping[str, Any] = {"promise": "A technician calls you", "promise_by": _NEXT_WEEK}
OPTIONS = (
    Option(id="refund", title="Your money back", pros="quick", cons="you need another printer"),
    Option(id="repair", title="A repair"),
)
_SOLUTION = "We replaced the part that had overheated."


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """A letter in a situation."""

    when: str
    said: facts.CustomerFacts
    case: Mapping[str, Any] = field(default_factory=dict)
    # what else it says, because it was due at the same instant or waited with it
    also: tuple[facts.CustomerFacts, ...] = ()


def _owning() -> Iterator[Sample]:
    wrote = {**_UNOWNED, "opening_words": "It has smoked since Monday, and no one has called me back."}
    yield Sample(when="opened", said=facts.Receipt(**_NEXT), case=wrote)
    yield Sample(when="our fault", said=facts.Receipt(**_NEXT), case={**_UNOWNED, "our_fault": True})
    yield Sample(when="opened again after its end", said=facts.Receipt(**_NEXT), case={**_UNOWNED, "life": 2})
    undone = facts.Receipt(**_NEXT, undoes_cancel=True, asked_owner="ben")
    yield Sample(when="a cancellation undone", said=undone, case={**wrote, "life": 2})
    yield Sample(when="opened while a question is open", said=facts.Receipt(**_ASKED), case=_UNOWNED)
    words = {"en": "our specialists", "de": "unsere Fachleute"}
    for why in (*ClimbCause, Reason.CUSTOMER_ASKED, Reason.LEGAL, Reason.FINANCIAL_IMPACT, Reason.POLICY_VIOLATION):
        climbed = facts.Escalated(**_NEXT, why=why, tier_words=words, known_owner="ben")
        yield Sample(when=why.value, said=climbed, case=_UNOWNED)
    yield Sample(when="the first owner", said=facts.OwnerChanged(**_NEXT, owner="ana"))
    yield Sample(
        when="another owner, approval pending", said=facts.OwnerChanged(**_NEXT, **_REFUND, owner="ana", before="ben")
    )


def _working() -> Iterator[Sample]:
    news = "We have found the cause: a part overheats."
    yield Sample(when="no next step", said=facts.Update(**_NEXT, text=news))
    step = facts.Update(**_NEXT, text=news, next_step="We replace the part.")
    yield Sample(when="a next step", said=step)
    timed = replace(step, next_by=_NEXT_WEEK)
    yield Sample(when="a next step with a time", said=timed)
    instead = replace(timed, replaces="A technician calls you", replaces_at=_TODAY)
    instead = replace(instead, replaced_because="The part has to come first.")
    yield Sample(when="in place of another promise", said=instead)
    yield Sample(when="after the solution", said=facts.Update(**_AFTER, text=news), case=_RESOLVED)
    yield Sample(when="another contact", said=facts.Update(**_NEXT, text=news, new_contact=True))
    yield Sample(when="no news", said=facts.HoldingUpdate(**_NEXT))
    yield Sample(when="their message is unanswered", said=facts.HoldingUpdate(**_NEXT, wrote_at=_TODAY))
    yield Sample(when="rarer from now on", said=facts.HoldingUpdate(**_NEXT, is_rarer=True))
    yield Sample(when="the last one", said=facts.HoldingUpdate(is_last=True))
    yield Sample(when="no owner yet", said=facts.HoldingUpdate(**_NEXT), case=_UNOWNED)
    yield Sample(when="between owners", said=facts.HoldingUpdate(**_NEXT, known_owner="ben"), case=_UNOWNED)
    yield Sample(when="much is open", said=facts.HoldingUpdate(**_NEXT, **_CHOICE, **_REFUND, **_PROMISE))
    late = facts.DelayNotice(**_NEXT, what="A technician calls you", promised_at=_TODAY)
    yield Sample(when="a promise lapsed", said=late)
    yield Sample(when="another promise lapsed", said=late, case={"breaches": {ClockName.PROMISE: 2}})
    yield Sample(when="asked", said=facts.Question(**_ASKED, question="Which light is on?"))
    yield Sample(when="not answered", said=facts.QuestionReminder(**_ASKED, question="Which light is on?"))
    last = {**_ASKED, "remind_at": None, "question": "Which light is on?"}
    yield Sample(when="still not answered", said=facts.QuestionReminder(**last))
    choice = facts.Options(**_NEXT, **_CHOICE, options=OPTIONS, default="repair")
    yield Sample(when="with a default", said=choice)
    yield Sample(when="without a default", said=replace(choice, default="", choice_default=""))
    yield Sample(when="not chosen", said=replace(choice, kind=MessageKind.OPTIONS_REMINDER))
    yield Sample(when="chosen", said=facts.OptionChosen(**_NEXT, option="A repair"))
    yield Sample(when="the default", said=facts.OptionChosen(**_NEXT, option="A repair", by_default=True))
    no = "The printer was used for ten years."
    for what, amount in ((ApprovalKind.REFUND, 120), (ApprovalKind.EXCEPTION, 0)):
        yield Sample(when=what.value, said=facts.ApprovalGranted(**_NEXT, approval=what, amount=amount))
        refused = facts.ApprovalRefused(**_NEXT, approval=what, amount=amount, explanation=no)
        yield Sample(when=what.value, said=refused)
    for withdrawn in Withdrawable:
        subject = {Withdrawable.PROMISE: "A technician calls you", Withdrawable.QUESTION: "Which light is on?"}
        why = "The part we need is not available until May."
        back = facts.Withdrawn(**_NEXT, withdrawn=withdrawn, subject=subject.get(withdrawn, ""), explanation=why)
        yield Sample(when=withdrawn.value, said=back)
    yield Sample(when="writes very often", said=facts.ContactLimited(read_at=_TODAY, answered_by=_NEXT_WEEK))


def _merged() -> Iterator[Sample]:
    """Letters that say what several events caused: due at one instant, or held together."""
    words = {"en": "our management", "de": "unsere Leitung"}
    late = facts.DelayNotice(**_NEXT, what="A technician calls you", promised_at=_TODAY)
    climbed = facts.Escalated(**_NEXT, why=ClimbCause.BREACH, tier_words=words, known_owner="ben")
    owned = facts.OwnerChanged(**_NEXT, owner="ana", before="ben")
    yield Sample(when="moved up and taken", said=owned, also=(climbed,))
    yield Sample(when="moved up as a promise lapsed", said=climbed, also=(late,), case=_UNOWNED)
    yield Sample(when="moved up, a promise lapsed, and taken", said=owned, also=(climbed, late))
    news = facts.Update(**_NEXT, text="We have found the cause: a part overheats.")
    yield Sample(when="news after a broken promise", said=news, also=(late,))
    answered = facts.Update(**_AFTER, text="The invoice is in the attachment.")
    for kind in (MessageKind.FOLLOW_UP, MessageKind.FOLLOW_UP_SURVEY):
        held_up = facts.FollowUp(**_AFTER, solution=_SOLUTION, outcome=Outcome.SOLVED, kind=kind)
        yield Sample(when=f"the answer for which the {kind} waited", said=answered, also=(held_up,), case=_RESOLVED)
    closing = facts.Update(text="The invoice is in the attachment.")
    yield Sample(when="the answer after which the case closes", said=closing, also=(facts.Closed(),), case=_CLOSED)
    reminder = facts.QuestionReminder(**_ASKED, question="Which light is on?")
    yield Sample(when="a broken promise and an open question", said=late, also=(reminder,))


def _afterwards() -> Iterator[Sample]:
    for outcome in Outcome:
        if outcome is not Outcome.NO_REPLY:
            solved = facts.Resolved(**_AFTER, solution=_SOLUTION, outcome=outcome)
            yield Sample(when=outcome.value, said=solved, case=_RESOLVED)
            asked = facts.FollowUp(**_AFTER, solution=_SOLUTION, outcome=outcome, kind=MessageKind.FOLLOW_UP_SURVEY)
            yield Sample(when=outcome.value, said=asked, case=_RESOLVED)
            yield Sample(when=outcome.value, said=facts.FollowUp(solution=_SOLUTION, outcome=outcome), case=_CLOSED)
    listed = (OutcomeItem(what="Refund", amount="49.90", currency="EUR"), OutcomeItem(what="Fee waived", amount="5"))
    itemised = facts.Resolved(**_AFTER, currency="EUR", solution=_SOLUTION, outcome=Outcome.SOLVED, items=listed)
    yield Sample(when="with amounts", said=itemised, case=_RESOLVED)
    dropped = replace(itemised, items=(), dropped="A technician calls you", dropped_at=_NEXT_WEEK)
    yield Sample(when="a promise that no longer holds", said=dropped, case=_RESOLVED)
    short = facts.Resolved(**_AFTER, solution=_SOLUTION, outcome=Outcome.SOLVED, unanswered=2)
    yield Sample(when="with unanswered messages", said=short, case=_RESOLVED)
    chosen = replace(short, unanswered=0, late_choice="Your money back")
    yield Sample(when="another solution was chosen too late", said=chosen, case=_RESOLVED)
    unanswered = facts.NoReply(reopen_until_at=_LATER, question="Which light is on?")
    yield Sample(when="never answered", said=unanswered, case=_RESOLVED)
    yield Sample(when="satisfied, so closed", said=facts.Thanks(score=5), case=_CLOSED)
    sorry = facts.Thanks(**_AFTER, score=1, satisfied=False, answered_by=_NEXT_WEEK)
    yield Sample(when="not satisfied", said=sorry, case=_RESOLVED)
    thanked = facts.Thanks(**_AFTER, only_objections=True)
    yield Sample(when="wrote after the solution", said=thanked, case=_RESOLVED)
    for kind in (MessageKind.FOLLOW_UP, MessageKind.FOLLOW_UP_SURVEY):
        asked = facts.FollowUp(**_AFTER, kind=kind, solution=_SOLUTION, only_objections=True)
        yield Sample(when="only objections take it up again", said=asked, case=_RESOLVED)
    again = facts.Reopened(**_NEXT, why="It smokes again.", asked_owner="ana")
    yield Sample(when="by the customer", said=again, case=_UNOWNED)
    more = replace(again, why="Here is the log from this morning.\n\nIt began at nine.", unclear=True)
    yield Sample(when="the customer wrote something more", said=more, case=_UNOWNED)
    yield Sample(when="by a colleague", said=replace(again, why=""), case=_UNOWNED)
    late = facts.Reopened(
        **_NEXT, why="It took weeks.", score=2, answer_was_due=NOON - timedelta(days=1), in_answer=False
    )
    yield Sample(when="no one answered a low score in time", said=late)
    yield Sample(when="a solution was chosen too late", said=replace(more, why="A repair", chose=True), case=_UNOWNED)
    yield Sample(when="the window ended", said=facts.Closed(), case=_CLOSED)
    yield Sample(
        when="the customer says it works", said=facts.Closed(confirmed=True, check_back_at=_NEXT_WEEK), case=_CLOSED
    )
    over = {"stage": Stage.CANCELLED, "owner": ""}
    yield Sample(when="withdrawn", said=facts.Cancelled(cause=CancelCause.WITHDRAWN), case=over)
    duplicate = facts.Cancelled(cause=CancelCause.DUPLICATE, duplicate_of="4712")
    yield Sample(when="duplicate", said=duplicate, case=over)
    elsewhere = replace(duplicate, duplicate_of="", continues=False)
    yield Sample(when="duplicate of a case that answers someone else", said=elsewhere, case=over)


SAMPLES = tuple(
    sorted(
        (*_owning(), *_working(), *_merged(), *_afterwards()),
        key=lambda sample: list(MessageKind).index(sample.said.kind),
    )
)
