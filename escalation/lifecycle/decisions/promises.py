"""The promise to the customer that is open: it is made, kept, replaced, or lapses. One is open at a time.

A command makes it with a message (`escalation.lifecycle.decisions.conversation`), and another may take it back
(`escalation.lifecycle.decisions.withdrawing`).
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from escalation.case.events import Event, Promised, PromiseKept, PromiseLapsed, PromiseReplaced
from escalation.case.state import State
from escalation.case.state_parts import ClockRun
from escalation.errors import InvalidCommand
from escalation.lifecycle.decisions.fired import Fired
from escalation.lifecycle.draft import Draft
from escalation.messages import facts, notices
from escalation.notice_kinds import NoticeKind
from escalation.phrasing import minute
from escalation.vocabulary import ClockName


def must_leave_no_promise(state: State, *, replaces: bool, keeps: bool = False) -> None:
    """Refuse a promise that would silently end another one, or replaces none."""
    run = state.runs.get(ClockName.PROMISE)
    if run is None or run.eta is None:
        if replaces:
            raise InvalidCommand("`replaces` is set, but no promise is open; leave it out")
    elif not (replaces or keeps):
        raise InvalidCommand(
            f'"{run.promise}" is promised by {minute(run.eta)}, and one promise is open at a time; say that it is kept '
            "(`tell_customer` with `fulfils_promise`), take it back (`withdraw`), or set `replaces`: then the customer "
            "reads that the new promise replaces it"
        )


def promise(draft: Draft, made: Promised) -> tuple[str, datetime] | None:
    """Record a promise, in place of the one that is open.

    Returns:
        What was promised before, and for when; None where nothing was.
    """
    replaced = end_promise(draft, lambda what, eta: PromiseReplaced(at=draft.now, what=what, eta=eta, by=made.by))
    draft.record(made)
    return replaced


def end_promise(draft: Draft, ended: Callable[[str, datetime], Event]) -> tuple[str, datetime] | None:
    """End the promise that is open; it is broken where its time has passed, whatever else is said of it.

    Args:
        draft: The decision, which writes to the customer about it.
        ended: What happened otherwise, for what was promised by when.

    Returns:
        What was promised, and for when; None where nothing was.
    """
    run = draft.state.runs.get(ClockName.PROMISE)
    if run is None or run.eta is None:
        return None
    what, eta = run.promise, run.eta
    in_time = draft.now <= eta
    draft.record(ended(what, eta) if in_time else PromiseLapsed(at=draft.now, what=what, settled=True))
    return what, eta


def keep_promise(draft: Draft, by: str, *, at_solution: bool = False) -> None:
    """Mark the open promise as kept, if there is one."""
    end_promise(draft, lambda what, _: PromiseKept(at=draft.now, what=what, by=by, at_solution=at_solution))


def lapse_promise(draft: Draft, fired: Fired) -> None:
    """Tell the customer honestly that it is late, and the holder that a new one is needed."""
    what, run = draft.state.promise, draft.state.runs.get(ClockName.PROMISE)
    draft.record(PromiseLapsed(at=draft.now, what=what))
    delayed = facts.DelayNotice(what=what, promised_at=fired.due.at)
    draft.tell_customer(delayed, key=fired.customer_key)
    notify_of_promise(draft, fired, fired.notice(NoticeKind.PROMISE_LAPSED), run)


def notify_of_promise(draft: Draft, fired: Fired, notice: notices.Clock, run: ClockRun | None) -> None:
    """Notify the holder; of a bulletin's promise its author too, who alone can give a new time for all linked cases."""
    state = draft.state
    incident, author = (run.incident, run.author) if run else ("", "")
    notice = replace(notice, incident=incident)
    draft.notify(state.holder, replace(notice, is_author=bool(author) and author == state.holder), key=fired.key)
    if author not in ("", state.holder):
        draft.notify(author, replace(notice, is_author=True), key=fired.key)
