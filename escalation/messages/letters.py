"""Messages as decisions ask for them: written only when they are sent.

A simulation sends nothing, and writing costs more than deciding. What a letter says follows from the case as it was when
it was asked for, so it says the same whenever it is written.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, TypeAlias

from escalation.bounds import beginning_in
from escalation.case.state import State
from escalation.clock_rules import Action
from escalation.clocks.deadlines import Due, target_instant, upcoming
from escalation.clocks.fatigue import arrives_at, next_letter_by
from escalation.message_kinds import MessageKind
from escalation.messages.effects import Message
from escalation.messages.facts import CustomerFacts, SaysWhenNext, StaffFacts
from escalation.people import PersonId
from escalation.policy import OnReply, Policy
from escalation.quiet_hours import Week
from escalation.vocabulary import CUSTOMER, ClockName, PauseCause

Letter: TypeAlias = Callable[[], Message]  # writes a message

QUOTED = 300  # characters of an open question or promise that later letters repeat


def to_customer(
    key: str,
    said: Sequence[CustomerFacts],
    state: State,
    policy: Policy,
    *,
    admits_fault: bool = False,
    not_before: datetime | None = None,
    after_search: bool = False,
) -> Letter:
    """A message to the customer.

    Args:
        said: What it says; the first of it names the letter.
        state: The case once the message is on its way, which restarts the clock of updates.
        admits_fault: Whether it is the first letter since our fault came to light.
        not_before: As in `Message`.
        after_search: As in `Message`.
    """

    def letter() -> Message:
        outlook = _outlook(state, policy)
        facts, *also = [replace(one, **outlook) for one in said]
        return Message(
            key=key,
            to=CUSTOMER,
            channels=policy.customer_channels,
            facts=facts,
            also=tuple(also),
            admits_fault=admits_fault,
            not_before=not_before,
            after_search=after_search,
        )

    return letter


def to_person(
    key: str, person: PersonId, facts: Callable[[], StaffFacts], policy: Policy, quiet_week: Week = ()
) -> Letter:
    """A message to a person of the team.

    Args:
        facts: What it says, computed when the letter is written.
        quiet_week: As in `Message`.
    """
    return lambda: Message(key=key, to=person, channels=policy.staff_channels, facts=facts(), quiet_week=quiet_week)


def due_at(state: State, policy: Policy, clock: ClockName) -> datetime | None:
    """When the target of a running clock is due, aware UTC; None if there is no such instant."""
    return target_instant(state, policy, clock) if clock in state.runs else None


def outlook_of(state: State, policy: Policy) -> SaysWhenNext:
    """The outlook for the customer, as a letter would say it now."""
    return SaysWhenNext(**_outlook(state, policy))


def _outlook(state: State, policy: Policy) -> dict[str, Any]:
    follow_up = _next_follow_up(state, policy)
    return {
        "next_update_at": _heard_by(state, policy),
        "known_owner": "" if state.owner else state.previous_owner,
        "reopen_until_at": due_at(state, policy, ClockName.REOPEN_WINDOW),
        "check_back_at": arrives_at(MessageKind.FOLLOW_UP, follow_up.at, state, policy) if follow_up else None,
        "currency": policy.currency,
        "only_objections": policy.on_answer is OnReply.THANK,
        **_open_promise(state),
        **_open_question(state, policy),
        **_open_choice(state, policy),
        **_open_approval(state, policy),
    }


def _heard_by(state: State, policy: Policy) -> datetime | None:
    # By when the customer hears from us: also what was promised is a letter, or one that admits the delay.
    promised = due_at(state, policy, ClockName.PROMISE)
    admitted = arrives_at(MessageKind.DELAY_NOTICE, promised, state, policy) if promised else None
    return min((each for each in (next_letter_by(state, policy), admitted) if each), default=None)


def _open_promise(state: State) -> dict[str, Any]:
    run = state.runs.get(ClockName.PROMISE)
    return {} if run is None else {"promise": _beginning(state.promise), "promise_by": run.eta}


def _open_question(state: State, policy: Policy) -> dict[str, Any]:
    if not state.is_paused_by(PauseCause.WAITING_ON_CUSTOMER):
        return {}
    threshold = _next_of(state, policy, ClockName.CUSTOMER_REPLY)
    reminds = threshold is not None and Action.REMIND_CUSTOMER in threshold.threshold.actions
    remind_at = (
        arrives_at(MessageKind.QUESTION_REMINDER, threshold.at, state, policy) if threshold and reminds else None
    )
    return {
        "asked": _beginning(state.question),
        "remind_at": remind_at,
        "closes_at": due_at(state, policy, ClockName.CUSTOMER_REPLY),
    }


def _open_choice(state: State, policy: Policy) -> dict[str, Any]:
    if state.unanswered:  # They may have chosen in their own words; a person reads them first.
        return {}
    titles = {option.id: option.title for option in state.options}
    return {
        "choices": tuple(titles.values()),
        "choice_default": titles.get(state.default_left, ""),
        "choose_by": due_at(state, policy, ClockName.CHOICE),
    }


def _open_approval(state: State, policy: Policy) -> dict[str, Any]:
    asked = state.approval
    if asked is None:
        return {}
    decided_by = due_at(state, policy, ClockName.APPROVAL)
    return {"pending": asked.what, "pending_amount": asked.amount, "decided_by": decided_by}


def _next_follow_up(state: State, policy: Policy) -> Due | None:
    """The next follow-up that the customer gets a letter of: after the reopen window, or a low score, that is only the survey."""
    is_unsatisfied = state.score is not None and state.score < policy.satisfied_from
    ends = due_at(state, policy, ClockName.REOPEN_WINDOW)
    for due in upcoming(state, policy, ClockName.FOLLOW_UP) if ClockName.FOLLOW_UP in state.runs else ():
        if Action.FOLLOW_UP_SURVEY in due.threshold.actions:
            if state.surveyed != state.cycle:
                return due
        elif ends is not None and due.at < ends and not is_unsatisfied:
            return due
    return None


def _next_of(state: State, policy: Policy, clock: ClockName) -> Due | None:
    dues = upcoming(state, policy, clock) if clock in state.runs else ()
    return dues[0] if dues else None


def _beginning(text: str) -> str:
    points = (line.strip().removeprefix("- ") for line in beginning_in(text).splitlines())
    line = " ".join(" ".join(points).split())
    return line if len(line) <= QUOTED else f"{line[: QUOTED - 1].rsplit(maxsplit=1)[0]}…"
