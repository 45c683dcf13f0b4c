"""Withdrawing: a promise, question or options are withdrawn, or a case returns to its tier."""

from datetime import datetime
from typing import assert_never

from escalation.case.commands import GiveBack, Withdraw
from escalation.case.events import GivenBack, Withdrawn
from escalation.case.state import State
from escalation.errors import InvalidCommand
from escalation.lifecycle.decisions.checks import some_text
from escalation.lifecycle.decisions.packet import packet_from
from escalation.lifecycle.decisions.seeking import release, seek_owner
from escalation.lifecycle.decisions.wording import check_wording
from escalation.lifecycle.draft import Draft
from escalation.messages import facts, notices
from escalation.notice_kinds import NoticeKind
from escalation.vocabulary import ClockName, Stage, Withdrawable


def withdraw(draft: Draft, command: Withdraw) -> None:
    """Take back what was said to the customer, and write to them."""
    some_text(command.explanation, "explanation")
    said = _said(draft.state, command.what)
    if said is None:
        raise InvalidCommand(
            f"there is nothing to withdraw: no {_OPEN[command.what]} is open; `timeline` shows what ended it"
        )
    check_wording(draft, command.by, (command.explanation,), anyway=command.anyway)
    subject, promised_at = said
    draft.record(
        Withdrawn(at=draft.now, what=command.what, explanation=command.explanation, by=command.by, subject=subject)
    )
    draft.tell_customer(
        facts.Withdrawn(
            withdrawn=command.what, subject=subject, promised_at=promised_at, explanation=command.explanation
        )
    )


def give_back(draft: Draft, command: GiveBack) -> None:
    """Take the case from its owner, and ask another person of the tier."""
    some_text(command.why, "why")
    state = draft.state
    release(draft)
    draft.record(GivenBack(at=draft.now, person=state.owner, why=command.why, by=command.by, packet=packet_from(state)))
    if command.by != state.owner:
        draft.notify(state.owner, notices.Words(kind=NoticeKind.GIVEN_BACK, text=command.why))
    seek_owner(draft, state.tier)


_OPEN = {
    Withdrawable.PROMISE: "promise",
    Withdrawable.QUESTION: "question to the customer",
    Withdrawable.OPTIONS: "choice of options",
}


def _said(state: State, what: Withdrawable) -> tuple[str, datetime | None] | None:
    match what:
        case Withdrawable.PROMISE:
            run = state.runs.get(ClockName.PROMISE)
            return None if run is None else (state.promise, run.eta)
        case Withdrawable.QUESTION:
            return (state.question, None) if state.stage is Stage.WAITING_ON_CUSTOMER else None
        case Withdrawable.OPTIONS:
            return ("", None) if state.options else None
        case _:
            assert_never(what)
