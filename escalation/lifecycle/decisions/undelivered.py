"""Undelivered messages: who is notified, and which clocks run again because the customer got no letter."""

from collections.abc import Iterator, Sequence

from escalation.case.commands import RecordBounce, RecordDeliveryFailed, RecordGaveUp
from escalation.case.events import EVENTS, DeliveryFailed, GaveUp, Reopened
from escalation.case.state import State
from escalation.case.state_parts import ClockRun, SentLetter
from escalation.clock_rules import Action
from escalation.clocks.answers import ANSWERED_BY, answer_by, is_answered
from escalation.clocks.running import POSSIBLE
from escalation.clocks.undelivered import ADDRESS_FAILED, ASKED, BOUNCED, FOLLOW_UPS, later_letters, letter_of
from escalation.errors import InvalidCommand
from escalation.lifecycle.decisions.checks import some_text
from escalation.lifecycle.decisions.notifying import notify_overseer
from escalation.lifecycle.decisions.seeking import offer_to_person
from escalation.lifecycle.draft import Draft
from escalation.messages import keys, notices
from escalation.messages.authorship import BY_PEOPLE
from escalation.notice_kinds import NoticeKind
from escalation.policy import Policy
from escalation.program_texts import ProgramText
from escalation.vocabulary import CUSTOMER, SYSTEM, ClockName, Outcome, PauseCause, Stage


def record_delivery_failed(draft: Draft, command: RecordDeliveryFailed) -> None:
    """Record that a message reached no one; the overseer learns of it, and the owner if it was for the customer.

    What the message had done to the clocks is undone, as if it had not been written.
    """
    _fail(draft, command.key, command.to, command.error)


def record_bounce(draft: Draft, command: RecordBounce) -> None:
    """Record that a letter to the customer came back after it had been accepted.

    Without a key it is the latest one. That is reported once: a second report must not undo the letter before it.
    """
    if command.to:
        some_text(command.key, "key")
        _fail(draft, command.key, command.to, BOUNCED)
        return
    letter = letter_of(draft.state, command.key)
    known = ", ".join(f"`{one.key}`" for one in reversed(draft.state.letters) if not one.arrived) or "none"
    if not command.key and draft.state.lost_letter:
        raise InvalidCommand(
            f"the latest letter, `{draft.state.lost_letter}`, is already known not to have arrived; "
            f"name another one with `key`; letters that can be reported as bounced: {known}"
        )
    if letter is None:
        what = f"`key` is `{command.key}`" if command.key else "`key` is empty"
        raise InvalidCommand(
            f"{what}; no such letter can be reported as bounced: the key is unknown, or the letter was answered, has failed "
            f"already, or is not among the latest; letters that can be: {known}"
        )
    _fail(draft, letter.key, CUSTOMER, BOUNCED)


def record_gave_up(draft: Draft, command: RecordGaveUp) -> None:
    """Something beside the case will not be done: overseer and owner learn of it, and the case continues."""
    state = draft.state
    draft.record(GaveUp(at=draft.now, what=command.what, error=command.error))
    notice = notices.Failure(kind=NoticeKind.GAVE_UP, what=command.what, error=command.error)
    notify_overseer(draft, notice)
    if state.holder != draft.policy.ladder.overseer:
        draft.notify(state.holder, notice)


def _fail(draft: Draft, key: str, to: str, error: str) -> None:
    state = draft.state
    letter = letter_of(state, key) if to == CUSTOMER else None
    restarted = () if letter is None else tuple(_restarted(state, draft.policy, letter))
    again = letter.unanswered if letter is not None and ClockName.NEXT_RESPONSE in restarted else ()
    draft.record(DeliveryFailed(at=draft.now, key=key, to=to, error=error, restarted=restarted, unanswered=again))
    _notify(draft, key, to, error, was_known=to == CUSTOMER and state.is_unreachable and error in ADDRESS_FAILED)
    if letter is not None and letter.by_event == ASKED:
        _reopen_if_unasked(draft)


def _notify(draft: Draft, key: str, to: str, error: str, *, was_known: bool) -> None:
    # Who can do something about it learns of it; of an address that fails again, only the owner whose words did not arrive.
    state, kind = draft.state, keys.kind_in(key)
    is_customer = to == CUSTOMER
    unasked = is_customer and kind in FOLLOW_UPS and bool(state.left_out) and ClockName.FOLLOW_UP not in draft.armed
    until = draft.due_at(ClockName.REOPEN_WINDOW) or answer_by(state, draft.policy, is_owed=True)
    notice = notices.Undelivered(
        letter=kind,
        to="" if is_customer else to,
        error=error,
        address=state.customer.address if is_customer else "",
        due=until if unasked else None,
    )
    overseer, notice_key = draft.policy.ladder.overseer, keys.undelivered(key, bounced=error == BOUNCED)
    is_said = was_known and not unasked
    if overseer != to and not is_said:
        notify_overseer(draft, notice, key=notice_key)
    if is_customer and (kind in BY_PEOPLE if is_said else state.holder != overseer):
        draft.notify(state.holder, notice, key=notice_key)
    asker = _asker(state, to)
    if asker not in (overseer, to):
        draft.notify(asker, notice, key=notice_key)


def _asker(state: State, to: str) -> str:
    """Who wanted something of a colleague whom no message reaches; empty for everyone else."""
    if state.consult is not None and state.consult.to == to:
        return state.consult.by
    return state.previous_owner if state.offered_to == to else ""


def _reopen_if_unasked(draft: Draft) -> None:
    # A question that never arrived must not resolve the case as `no_reply`.
    state = draft.state
    was_asked = any(letter.by_event == ASKED and not letter.arrived for letter in state.letters)
    is_over = state.stage is Stage.RESOLVED and state.outcome is Outcome.NO_REPLY
    if was_asked or not is_over or ClockName.REOPEN_WINDOW not in state.runs:
        return
    why = ProgramText.QUESTION_LOST.say()
    draft.record(Reopened(at=draft.now, cycle=state.cycle + 1, why=why, by=SYSTEM))
    offer_to_person(draft, state.owner, why)


def _restarted(state: State, policy: Policy, letter: SentLetter) -> Iterator[ClockName]:
    # The clocks that a failed letter had ended and nothing after it would have.
    later = later_letters(state, letter)
    waits = _still_waits(state, letter, later)
    left_wait = state.stage is Stage.WAITING_ON_CUSTOMER and not waits
    stage = Stage.WORKING if left_wait else state.stage
    for clock, run in letter.ended.items():
        if clock not in policy.clocks or clock not in POSSIBLE[stage]:
            continue
        present = state.runs.get(clock)
        match clock:
            case ClockName.FIRST_RESPONSE | ClockName.NEXT_RESPONSE:
                runs_again = not any(_answers(policy, clock, one) for one in later)
            case ClockName.SHIFT_END:
                runs_again = left_wait and state.shift_until is not None
            case ClockName.CUSTOMER_REPLY:
                runs_again = waits and _is_its_own(letter, clock, present)
            case ClockName.CUSTOMER_UPDATE:
                runs_again = _is_its_own(letter, clock, present) and _holds_on(policy, run)
            case _:
                runs_again = _is_its_own(letter, clock, present) and clock is not ClockName.CHOICE
        if runs_again:
            yield clock


def _still_waits(state: State, letter: SentLetter, later: Sequence[SentLetter]) -> bool:
    """Whether the customer is waited for without this letter too."""
    if not state.is_paused_by(PauseCause.WAITING_ON_CUSTOMER):
        return False
    return not letter.starts_wait or any(one.by_event == ASKED for one in later)


def _answers(policy: Policy, clock: ClockName, letter: SentLetter) -> bool:
    answer = ANSWERED_BY.get(EVENTS[letter.by_event]) if letter.by_event else None
    return answer is not None and is_answered(clock, answer, policy)


def _is_its_own(letter: SentLetter, clock: ClockName, present: ClockRun | None) -> bool:
    """Whether nothing but this letter has moved the clock since."""
    return present is None or present.cycle == letter.began.get(clock)


def _holds_on(policy: Policy, run: ClockRun) -> bool:
    # Whether the holding update is still to come: without it no one would be asked for an update again.
    thresholds = policy.clocks[ClockName.CUSTOMER_UPDATE].thresholds
    return any(Action.HOLDING_UPDATE in one.actions and one.name not in run.fired for one in thresholds)
