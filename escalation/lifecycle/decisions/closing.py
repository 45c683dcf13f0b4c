"""Closing: resolving, reopening, and ending."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any, assert_never

from escalation.case import events
from escalation.case.commands import Cancel, OutcomeItem, Resolve
from escalation.case.state import State
from escalation.errors import InvalidCommand
from escalation.lifecycle.decisions.approval import withdraw_approval
from escalation.lifecycle.decisions.checks import some_text
from escalation.lifecycle.decisions.consulting import withdraw_consult
from escalation.lifecycle.decisions.contact_limits import put_forward
from escalation.lifecycle.decisions.conversation import owes_answer, warn_of_unanswered
from escalation.lifecycle.decisions.follow_up import catch_up, was_never_asked
from escalation.lifecycle.decisions.guidance import must_be_done, warn_of_open_items
from escalation.lifecycle.decisions.notifying import notify_overseer, tell_followers
from escalation.lifecycle.decisions.promises import end_promise, keep_promise
from escalation.lifecycle.decisions.reopening import give_to_overseer
from escalation.lifecycle.decisions.seeking import release
from escalation.lifecycle.decisions.wording import check_wording
from escalation.lifecycle.draft import Draft
from escalation.messages import facts, notices
from escalation.notice_kinds import NoticeKind
from escalation.phrasing import minute
from escalation.vocabulary import SYSTEM, CancelCause, ClockName, CloseCause, Outcome, PromiseEnd, Stage, Withdrawable

_AMOUNT = re.compile(r"-?[0-9]{1,12}(\.[0-9]{1,3})?")
_DECIMAL_COMMA = re.compile(r",(?=[0-9]{1,2}$)")
_CURRENCY = re.compile(r"[A-Z]{3}")


def resolve(draft: Draft, command: Resolve) -> None:
    """Record the solution, tell the customer, and give the owner's booking back."""
    some_text(command.solution, "solution")
    if command.outcome is Outcome.NO_REPLY:
        raise InvalidCommand("`outcome` no_reply is recorded by the clock when the customer does not answer")
    must_be_done(draft.state, draft.policy, command.checked)
    items = tuple(_priced(item, draft.policy.currency) for item in command.items)
    check_wording(draft, command.by, (command.solution, *(item.what for item in items)), anyway=command.anyway)
    warn_of_unanswered(draft)
    warn_of_open_items(draft, command.checked)
    unanswered = draft.state.unanswered
    dropped = _settle_promise(draft, command)
    release(draft)
    drop_questions(draft)
    draft.record(
        events.Resolved(
            at=draft.now,
            outcome=command.outcome,
            solution=command.solution,
            root_cause=command.root_cause,
            by=command.by,
            items=items,
            checked=command.checked,
        )
    )
    draft.tell_customer(
        facts.Resolved(
            solution=command.solution,
            outcome=command.outcome,
            items=items,
            unanswered=sum(not one.is_choice for one in unanswered),
            late_choice=next((one.text for one in reversed(unanswered) if one.is_choice), ""),
            **dropped,
        )
    )
    tell_followers(draft, notices.Ended(kind=NoticeKind.RESOLVED, result=command.outcome), besides=(command.by,))


def _settle_promise(draft: Draft, command: Resolve) -> dict[str, Any]:
    """End the open promise as the person who resolves the case says; what the letter says of it."""
    run = draft.state.runs.get(ClockName.PROMISE)
    if run is None or run.eta is None:
        if command.promise is not None:
            raise InvalidCommand(f"`promise` is {command.promise}, but no promise is open; leave it out")
        return {}
    match command.promise:
        case None:
            raise InvalidCommand(
                f'"{run.promise}" is promised by {minute(run.eta)}, and the promise is open; say what became of it: '
                "set `promise` to kept, or to withdrawn; then the customer reads that it no longer holds"
            )
        case PromiseEnd.KEPT:
            keep_promise(draft, command.by, at_solution=True)
            return {}
        case PromiseEnd.WITHDRAWN:
            said, by, kind = command.solution, command.by, Withdrawable.PROMISE
            return _dropped(
                draft, lambda what, _: events.Withdrawn(at=draft.now, what=kind, explanation=said, by=by, subject=what)
            )
        case _:
            assert_never(command.promise)


def _drop_promise(draft: Draft, by: str) -> dict[str, Any]:
    return _dropped(draft, lambda what, eta: events.PromiseDropped(at=draft.now, what=what, eta=eta, by=by))


def _dropped(draft: Draft, ended: Callable[[str, datetime], events.Event]) -> dict[str, Any]:
    promise = end_promise(draft, ended)
    return {} if promise is None else {"dropped": promise[0], "dropped_at": promise[1]}


def _priced(item: OutcomeItem, currency: str) -> OutcomeItem:
    some_text(item.what, "items")
    currency, amount = item.currency.upper() or currency, _DECIMAL_COMMA.sub(".", item.amount.strip())
    if not _AMOUNT.fullmatch(amount):
        raise InvalidCommand(f"`items` has the amount `{item.amount}`; write a number with a point, such as 49.90")
    if not _CURRENCY.fullmatch(currency):
        raise InvalidCommand(f"`items` has no currency for `{item.what}`; add its code of three letters, such as EUR")
    return replace(item, amount=amount, currency=currency)


def resolve_without_reply(draft: Draft) -> None:
    """Resolve a case whose customer never answered, with a way back."""
    question, dropped = draft.state.question, _drop_promise(draft, SYSTEM)
    release(draft)
    drop_questions(draft)
    draft.record(events.Resolved(at=draft.now, outcome=Outcome.NO_REPLY, solution="", root_cause="", by=SYSTEM))
    draft.tell_customer(facts.NoReply(question=question, **dropped))
    tell_followers(draft, notices.Ended(kind=NoticeKind.RESOLVED, result=Outcome.NO_REPLY))


def was_surveyed(state: State) -> bool:
    """Whether the customer was sent a survey since the last solution; a late answer is one too."""
    return ClockName.SATISFACTION in state.runs or state.surveyed == state.cycle


def close_satisfied(draft: Draft) -> bool:
    """Close a resolved case whose customer is satisfied, where the policy wants that and nothing is left to answer."""
    state = draft.state
    closes = draft.policy.close_when_satisfied and state.stage is Stage.RESOLVED and not state.is_unheard
    if closes:
        _close(draft, CloseCause.SATISFIED)
    return closes


def reach_end_of_reopen_window(draft: Draft) -> None:
    """End the time to reopen, unless a message of the customer has to be answered first."""
    if not draft.state.is_unheard:
        unasked = was_never_asked(draft.state)
        end_reopen_window(draft)
        if unasked:
            _notify_unasked(draft)


def _notify_unasked(draft: Draft) -> None:
    notice = notices.Words(kind=NoticeKind.UNASKED, text=draft.state.customer.address)
    notify_overseer(draft, notice)
    if draft.state.owner != draft.policy.ladder.overseer:
        draft.notify(draft.state.owner, notice)


def settle_afterwards(draft: Draft) -> None:
    """After the solution: ask and close what only waited for an answer to the customer, once it was given.

    Where every reminder of that answer is used up, the overseer gets the case: no message ends unanswered.
    """
    state = draft.state
    if state.stage not in (Stage.RESOLVED, Stage.CLOSED):
        return
    if owes_answer(state):
        if ClockName.NEXT_RESPONSE not in draft.armed:
            words = state.unanswered[-1].text if state.unanswered else state.customer_words
            give_to_overseer(draft, words, by=SYSTEM)
            notify_overseer(draft, notices.Words(kind=NoticeKind.UNANSWERED, text=words))
    elif not state.set_aside:
        catch_up(draft)
        if state.stage is Stage.RESOLVED and _is_window_used_up(draft):
            end_reopen_window(draft)


def end_reopen_window(draft: Draft) -> None:
    """End the time to reopen; what is only resolved closes now."""
    draft.record(events.ReopenWindowEnded(at=draft.now))
    if draft.state.stage is Stage.RESOLVED:
        _close(draft, CloseCause.WINDOW_ENDED)
        draft.tell_customer(facts.Closed())


def _is_window_used_up(draft: Draft) -> bool:
    return ClockName.REOPEN_WINDOW in draft.state.runs and ClockName.REOPEN_WINDOW not in draft.armed


def cancel(draft: Draft, command: Cancel) -> None:
    """Call it off, and tell the person who worked on it; what a limit kept from them comes before that."""
    _check_duplicate(draft.state, command)
    warn_of_unanswered(draft)
    if draft.state.set_aside:
        put_forward(draft)
    state, dropped = draft.state, _drop_promise(draft, command.by)
    release(draft)
    drop_questions(draft)
    other, named = command.duplicate_of.strip(), "" if command.anyway else command.duplicate_of
    draft.record(
        events.Cancelled(at=draft.now, cause=command.cause, why=command.why, by=command.by, duplicate_of=other)
    )
    letter = facts.Cancelled(cause=command.cause, duplicate_of=named, continues=not command.anyway, **dropped)
    draft.tell_customer(letter)
    notice = notices.CalledOff(
        text=command.why, cause=command.cause, by=command.by, duplicate_of=other, continues=not command.anyway
    )
    if state.holder != command.by:
        draft.notify(state.holder, notice)
    tell_followers(draft, notice, besides=(state.holder, command.by))


def _check_duplicate(state: State, command: Cancel) -> None:
    if command.cause is not CancelCause.DUPLICATE:
        if command.anyway:
            raise InvalidCommand("`anyway` is for a duplicate, but `cause` is not duplicate; leave it out")
        if command.duplicate_of:
            raise InvalidCommand("`duplicate_of` is set, but `cause` is not duplicate; leave one of them out")
    elif command.duplicate_of.strip() in ("", state.ticket):
        raise InvalidCommand("`duplicate_of` does not name another ticket; name the one in which work continues")


def drop_questions(draft: Draft) -> None:
    """Withdraw open requests to colleagues about the case."""
    withdraw_consult(draft)
    withdraw_approval(draft)


def _close(draft: Draft, cause: CloseCause) -> None:
    state = draft.state
    wanted = draft.policy.review_severities
    review_due = bool(wanted) and not state.is_reviewed and (state.severity in wanted or bool(state.breaches))
    draft.record(events.Closed(at=draft.now, cause=cause, review_due=review_due))
    tell_followers(draft, notices.Ended(kind=NoticeKind.CLOSED, result=cause))
