"""Quiet hours (T10): messages to people wait for a decent hour in the reader's zone, and no clock does."""

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any, get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from escalation.business_time import Hours
from escalation.case.commands import (
    Acknowledge,
    ChangeFrustration,
    ChangeSeverity,
    Consult,
    Correct,
    MakePromise,
    RecordCustomerReply,
    RequestInformation,
    Resolve,
    TellCustomer,
)
from escalation.case.events import MessageHeld, MessagesReleased
from escalation.clocks.deadlines import deadlines, next_due
from escalation.lifecycle.evolution import fold
from escalation.lifecycle.holding import hold, keys_sent, release
from escalation.messages import facts, notices
from escalation.messages.authorship import BY_PEOPLE
from escalation.messages.effects import Deliver, Message
from escalation.messages.obsolete import STILL_HOLDS, still_of_use, still_true
from escalation.notice_kinds import NoticeKind
from escalation.quiet_hours import AT_ONCE, QuietHours, never_ends, quiet_until
from escalation.vocabulary import CUSTOMER, ClockName, MessageKind, Outcome, Severity, Stage
from tests.behaviour import any_lives
from tests.example_policy import EXAMPLE
from tests.unit.delivery.cases import CUSTOMER_KINDS, facts_for, notice_of
from tests.unit.domain import policies
from tests.unit.domain.case import MONDAY, Case, opening

NIGHT = ((Hours(opens=21 * 60, closes=31 * 60),),) * 7
"""Every night from 21:00 to 07:00."""
_CLOCKS: Any = {clock: rule for clock, rule in EXAMPLE.clocks.items() if clock is not ClockName.CHECK_IN}
QUIET = replace(EXAMPLE, clocks=_CLOCKS, quiet_hours=QuietHours(customer=NIGHT, staff=NIGHT))
ALL_WAIT = replace(QUIET, quiet_hours=QuietHours(customer=NIGHT, customer_at_once=()))
HOUR = timedelta(hours=1)
MORNING = datetime(2026, 3, 3, 7, 0, tzinfo=UTC)


@dataclass
class Shell:
    """A case whose messages wait and go out as its workflow does it.

    Attributes:
        sent: When what went out to the customer.
    """

    case: Case
    pending: list[Message] = field(default_factory=list)
    sent: list[tuple[datetime, Message]] = field(default_factory=list)

    def do(self, command: Any) -> None:
        self.case.do(command)
        self.collect()

    def collect(self) -> None:
        for message in self.case.messages:
            if message.to == CUSTOMER:
                self.pending.append(message) if message.waits and message.not_before else self.sent.append(
                    (self.case.now, message)
                )
        self.case.messages.clear()

    def wait(self, until: datetime) -> None:
        while self.case.now < until or self.due:
            clock = next_due(self.case.state, self.case.policy)
            moments = [one.not_before for one in self.pending if one.not_before] + ([clock.at] if clock else [])
            self.case.wait(max(min([until, *moments]) - self.case.now, timedelta()))
            self.collect()
            if self.due:
                self.release()

    @property
    def due(self) -> list[Message]:
        return [one for one in self.pending if one.not_before is not None and one.not_before <= self.case.now]

    def release(self) -> None:
        case = self.case
        waited = self.due
        self.pending = [one for one in self.pending if one not in waited]
        decision = release(waited, case.state, case.policy, case.now)
        assert decision.state.runs == case.state.runs
        case.events.extend(decision.events)
        case.current = decision.state
        assert fold(case.events) == decision.state
        self.sent += [(case.now, one.message) for one in decision.effects if isinstance(one, Deliver)]


def at_night(policy: Any = QUIET, **changes: Any) -> Shell:
    """A case of Ann's in UTC that Ana has had since nine in the morning; it is 22:00."""
    shell = Shell(Case.working(policy=policy, **changes))
    shell.case.wait(13 * HOUR)
    shell.case.messages.clear()
    shell.case.events = [one for one in shell.case.events if not isinstance(one, MessageHeld)]
    shell.case.reread_at = 10**9
    return shell


def released(shell: Shell) -> MessagesReleased:
    (event,) = (one for one in shell.case.events if isinstance(one, MessagesReleased))
    return event


def test_the_night_ends_at_seven_where_the_reader_is() -> None:
    midnight = datetime(2026, 3, 3, 0, 0, tzinfo=UTC)
    assert quiet_until(NIGHT, "UTC", midnight) == MORNING
    assert quiet_until(NIGHT, "Europe/Berlin", midnight) == MORNING - HOUR
    assert quiet_until(NIGHT, "America/Los_Angeles", midnight) is None
    assert quiet_until(NIGHT, "Nowhere/At_All", midnight) == MORNING
    assert quiet_until(NIGHT, "UTC", MORNING) is None
    assert quiet_until((), "UTC", midnight) is None


def test_the_night_of_a_clock_change_ends_at_seven_too() -> None:
    before = datetime(2026, 3, 28, 23, 30, tzinfo=UTC)
    assert quiet_until(NIGHT, "Europe/Berlin", before) == datetime(2026, 3, 29, 5, 0, tzinfo=UTC)


def test_a_quiet_weekend_and_the_night_before_it_are_one_quiet_time() -> None:
    week = (*NIGHT[:5], *((Hours(opens=0, closes=1440),),) * 2)
    friday = datetime(2026, 3, 6, 22, 0, tzinfo=UTC)
    assert quiet_until(week, "UTC", friday) == datetime(2026, 3, 9, 0, 0, tzinfo=UTC)
    assert never_ends(((Hours(opens=0, closes=1440),),) * 7)
    assert not never_ends(week)


def test_what_people_write_and_what_answers_the_customer_goes_out_at_once_by_default() -> None:
    answers = {MessageKind.RECEIPT, MessageKind.THANKS, MessageKind.CONTACT_LIMITED}
    assert set(AT_ONCE) == BY_PEOPLE | answers
    shell = at_night()
    shell.do(TellCustomer(by="ana", text="It works again."))
    assert [message.kind for _, message in shell.sent] == [MessageKind.UPDATE]
    assert shell.case.state.held == ()


def test_automatic_letters_of_a_night_are_one_letter_in_the_morning() -> None:
    shell = at_night()
    shell.wait(MORNING + HOUR)
    (at, letter), *later = shell.sent
    assert (at, letter.kind, later) == (MORNING, MessageKind.HOLDING_UPDATE, [])
    assert shell.case.state.held == ()
    said: Any = letter.facts
    assert said.next_update_at > at


def test_a_held_letter_is_in_the_state_until_it_goes_out() -> None:
    shell = at_night()
    shell.case.wait(4 * HOUR)
    shell.collect()
    (held,) = shell.case.state.held
    assert (held.to, held.message, held.until) == (CUSTOMER, MessageKind.HOLDING_UPDATE, MORNING)
    messages = shell.case.state.messages
    shell.wait(MORNING)
    assert shell.case.state.messages == messages
    assert released(shell).message is MessageKind.HOLDING_UPDATE


def test_a_promised_letter_is_promised_for_the_hour_at_which_it_comes() -> None:
    shell = at_night()
    shell.do(TellCustomer(by="ana", text="We are on it."))  # the next update falls due at 06:00
    ((_, letter),) = shell.sent
    said: Any = letter.facts
    assert said.next_update_at == MORNING


def test_the_worst_cases_wake_people() -> None:
    shell = at_night(severity=Severity.SEV1)
    shell.case.wait(5 * HOUR)
    shell.collect()
    assert [message.kind for _, message in shell.sent] == [MessageKind.HOLDING_UPDATE]
    assert shell.pending == []


def test_a_letter_that_was_overtaken_is_not_sent() -> None:
    shell = at_night()
    shell.case.wait(4 * HOUR)
    shell.do(TellCustomer(by="ana", text="We have found the cause."))
    messages = shell.case.state.messages
    shell.wait(MORNING)
    assert [message.kind for _, message in shell.sent] == [MessageKind.UPDATE]
    assert (released(shell).key, released(shell).left_out) == ("", (MessageKind.HOLDING_UPDATE,))
    assert shell.case.state.messages == messages - 1


def test_a_time_that_passed_before_the_letter_arrives_is_not_in_it() -> None:
    shell = at_night(ALL_WAIT)
    shell.do(TellCustomer(by="ana", text="We replace it.", next_step="It is back", next_by=shell.case.now + 2 * HOUR))
    assert "the customer reads it at 2026-03-03 07:00 UTC, after the time that it names" in shell.case.warnings
    shell.do(MakePromise(by="ana", what="a call", at=shell.case.now + 30 * HOUR, replaces=True))
    assert shell.case.warnings == ()
    shell.wait(MORNING)
    ((at, letter),) = shell.sent
    said: Any = (letter.facts, *letter.also)
    assert {one.kind for one in said} >= {MessageKind.UPDATE}
    update = next(one for one in said if one.kind is MessageKind.UPDATE and one.text == "We replace it.")
    assert update.next_by is None
    for one in said:
        for name in ("next_update_at", "promise_by", "next_by"):
            assert getattr(one, name, None) is None or getattr(one, name) > at


def test_what_is_due_when_the_night_ends_is_in_the_same_letter() -> None:
    shell = at_night()
    shell.do(MakePromise(by="ana", what="a call", at=MORNING))
    shell.case.wait(7 * HOUR)
    shell.collect()
    shell.wait(MORNING)
    assert len({at for at, _ in shell.sent[1:]}) == len(shell.sent[1:]) == 1


def test_letters_join_those_that_still_wait() -> None:
    shell = at_night()
    shell.case.wait(4 * HOUR)
    shell.collect()
    waits = shell.pending[0].not_before
    shell.case.now = MORNING  # the clock fires in the very second in which the night ends
    shell.case.do(MakePromise(by="ana", what="a call", at=MORNING + timedelta(seconds=1)))
    shell.case.wait(timedelta(seconds=1))
    shell.collect()
    assert {one.not_before for one in shell.pending} == {waits}


def test_a_night_in_which_the_case_gets_an_owner_is_one_letter() -> None:
    case = Case(policy=QUIET, now=MONDAY + 13 * HOUR)
    case.do(opening())
    shell = Shell(case)
    shell.collect()
    assert [message.kind for _, message in shell.sent] == [MessageKind.RECEIPT]
    shell.do(Acknowledge(by=case.state.offered_to))
    assert [one.facts.kind for one in shell.pending] == [MessageKind.OWNER_CHANGED]
    shell.wait(MORNING)
    assert [message.kind for _, message in shell.sent[1:]] == [MessageKind.OWNER_CHANGED]


def test_a_letter_that_answers_the_customer_goes_out_at_once() -> None:
    shell = at_night(ALL_WAIT)
    shell.do(Resolve(by="ana", outcome=Outcome.SOLVED, solution="Done.", root_cause="a retry"))
    shell.do(RecordCustomerReply(text="It is broken again."))
    assert [message.kind for _, message in shell.sent] == [MessageKind.REOPENED]


def test_a_bounced_letter_takes_back_what_all_that_it_carries_had_done() -> None:
    shell = at_night(ALL_WAIT)
    shell.do(TellCustomer(by="ana", text="One."))
    shell.do(TellCustomer(by="ana", text="Two."))
    shell.wait(MORNING)
    ((_, letter),) = shell.sent
    kept = [one.key for one in shell.case.state.letters]
    assert letter.key in kept
    assert not set(released(shell).keys) - {letter.key} & set(kept)


def test_what_waited_together_goes_out_under_one_key_and_what_is_over_under_none() -> None:
    shell = at_night(ALL_WAIT)
    shell.do(TellCustomer(by="ana", text="One."))
    shell.do(TellCustomer(by="ana", text="Two."))
    keys = {one.key for one in shell.pending}
    assert keys <= keys_sent(shell.case.events)
    shell.wait(MORNING)
    assert keys & keys_sent(shell.case.events) == {released(shell).key}
    over = MessagesReleased(at=MORNING, to=CUSTOMER, keys=(released(shell).key,))
    assert not keys & keys_sent([*shell.case.events, over])


def test_a_letter_whose_keeping_has_ended_is_released_anyway() -> None:
    shell = at_night()
    shell.case.wait(4 * HOUR)
    shell.collect()
    shell.case.current = replace(shell.case.state, letters=())
    shell.case.events = []
    waited, case = shell.pending, shell.case
    decision = release(waited, case.state, case.policy, MORNING)
    assert [one.message.kind for one in decision.effects if isinstance(one, Deliver)] == [MessageKind.HOLDING_UPDATE]
    assert decision.state.letters == ()


@pytest.mark.parametrize("kind", CUSTOMER_KINDS)
def test_every_letter_says_when_it_is_no_longer_true(kind: MessageKind) -> None:
    said: Any = facts_for(kind)
    case = Case.working()
    shown = still_true(said, case.state, MONDAY + HOUR, is_overtaken=False)
    assert shown is None or shown.kind is kind
    assert set(STILL_HOLDS) == set(get_args(facts.CustomerFacts))


def test_letters_of_a_life_that_went_on_are_left_out() -> None:
    case = Case.working()
    later = MONDAY + HOUR

    def left(said: Any) -> Any:
        return still_true(said, case.state, later, is_overtaken=False)

    assert left(facts.OwnerChanged(owner="ana")) is not None
    assert left(facts.OwnerChanged(owner="ben")) is None
    assert left(facts.Question(question="Which light is on?")) is None
    assert left(facts.ContactLimited(read_at=MONDAY)) is None
    limited = facts.ContactLimited(read_at=later + HOUR, answered_by=MONDAY)
    assert left(limited).answered_by is None
    assert left(facts.Closed()) is None
    case.do(RequestInformation(by="ana", question="Which light is on?"))
    assert left(facts.QuestionReminder(question="Which light is on?")) is not None
    case.do(Resolve(by="ana", outcome=Outcome.SOLVED, solution="Done.", root_cause="a retry"))
    assert case.state.stage is Stage.RESOLVED
    assert left(facts.FollowUp(solution="Done.")) is not None
    assert left(facts_for(MessageKind.ESCALATED)) is None


def test_messages_to_colleagues_carry_the_hours_in_which_they_wait() -> None:
    case = Case.working(policy=QUIET)
    assert {message.quiet_week == NIGHT for message in case.messages if message.to != CUSTOMER} == {True}
    urgent = Case.working(policy=QUIET, severity=Severity.SEV1)
    assert {message.quiet_week for message in urgent.messages} == {()}
    exempt = replace(QUIET, quiet_hours=replace(QUIET.quiet_hours, staff_at_once=(NoticeKind.CONSULTED,)))
    case = Case.working(policy=exempt)
    case.do(Consult(by="ana", to="dev", question="Why?"))
    assert [message.quiet_week for message in case.messages if message.to == "dev"] == [()]


def test_notices_held_for_a_colleague_are_one_message_without_what_is_over() -> None:
    case = Case.working(policy=QUIET)
    reminder = notice_of(NoticeKind.REMINDER, clock=ClockName.RESOLUTION)
    over = notice_of(NoticeKind.WARNING, clock=ClockName.REVIEW)
    replied = notice_of(NoticeKind.CUSTOMER_REPLIED, text="Any news?")
    waited = []
    for number, told in enumerate(((reminder, over), (reminder, replied))):
        message = Message(key=f"notice/{number}/ana", to="ana", facts=facts.Notices(notices=told))
        held = hold(message, MORNING, case.state, case.policy, case.now)
        case.current = held.state
        ((effect),) = held.effects
        assert isinstance(effect, Deliver)
        waited.append(effect.message)
    assert [one.until for one in case.state.held] == [MORNING, MORNING]
    decision = release(waited, case.state, case.policy, MORNING)
    (sent,) = (one.message for one in decision.effects if isinstance(one, Deliver))
    assert sent.notices == (reminder, replied)
    assert (sent.key, sent.not_before, decision.state.held) == ("notice/0/ana", None, ())
    nothing = [replace(one, facts=facts.Notices(notices=(over,))) for one in waited]
    assert release(nothing, case.state, case.policy, MORNING).effects == ()


def test_an_offer_that_others_took_meanwhile_is_not_made() -> None:
    case = Case.opened(policy=QUIET)
    offer = Message(key="offer/1/ana", to="ana", facts=facts.Offer(tier_name="front line"), not_before=MORNING)
    decision = release([offer], case.state, case.policy, MORNING)
    assert [one.message.kind for one in decision.effects if isinstance(one, Deliver)] == [MessageKind.OFFER]
    case.acknowledge()
    assert release([offer], case.state, case.policy, MORNING).effects == ()


def test_a_notice_that_asks_for_what_is_done_is_of_no_use() -> None:
    case = Case.working()
    asked = notices.Words(kind=NoticeKind.CONSULTED, text="Why?")
    approval = notice_of(NoticeKind.APPROVAL_ASKED)
    holds = notices.OverseerHolds()
    assert still_of_use([asked, approval, holds], "dev", case.state, "overseer") == ()
    case.do(Consult(by="ana", to="dev", question="Why?"))
    assert still_of_use([asked, asked], "dev", case.state, "overseer") == (asked,)


def test_a_colleague_whose_case_went_on_overnight_reads_only_that() -> None:
    case = Case.working()
    due = [notice_of(kind, clock=ClockName.RESOLUTION) for kind in (NoticeKind.WARNING, NoticeKind.BREACH)]
    moved = notices.Words(kind=NoticeKind.CLIMBED, text="specialist")
    assert still_of_use([*due, moved], "ben", case.state, "overseer") == (moved,)
    assert still_of_use([*due, moved], "ana", case.state, "overseer") == (due[1], moved)
    assert still_of_use(due, "overseer", case.state, "overseer") == (due[1],)


def test_the_zone_of_the_customer_decides_and_may_be_corrected() -> None:
    case = Case.working(policy=QUIET)
    case.wait(4 * HOUR)  # 13:00 in London, 22:00 in Tokyo
    case.messages.clear()
    case.do(Correct(by="ana", why="moved", zone="Asia/Tokyo"))
    case.wait(5 * HOUR)
    (letter,) = (one for one in case.messages if one.to == CUSTOMER)
    assert letter.not_before == datetime(2026, 3, 2, 22, 0, tzinfo=UTC)


def test_commands_that_write_nothing_hold_nothing() -> None:
    shell = at_night()
    shell.do(ChangeFrustration(by="ana", level=2))
    shell.do(ChangeSeverity(by="ana", severity=Severity.SEV3, why="smaller"))
    assert (shell.sent, shell.pending) == ([], [])


@dataclass
class Timed(Case):
    """A case that writes down its clocks after each step, and sends what waited as its workflow does.

    Attributes:
        clocks: What ran, what was paused and broken, and what was due next.
    """

    clocks: list[Any] = field(default_factory=list)
    held: list[Message] = field(default_factory=list)

    def check(self) -> None:
        self.held += [one for one in self.messages if one.not_before is not None]
        self.messages.clear()
        if waited := [one for one in self.held if one.not_before is not None and one.not_before <= self.now]:
            self.held = [one for one in self.held if one not in waited]
            self.current = release(waited, self.state, self.policy, self.now).state
        state = self.state
        due = {clock: (one.at, one.threshold.name) for clock, one in deadlines(state, self.policy).items()}
        self.clocks.append((self.now, state.stage, state.runs, state.starts, state.breaches, state.pauses, due))


@pytest.mark.slow
@settings(max_examples=15, deadline=None)
@given(seed=st.integers(0, 10**9))
def test_every_clock_is_the_same_with_and_without_quiet_hours(seed: int) -> None:
    def life(quiet: QuietHours) -> list[Any]:
        random = Random(seed)  # noqa: S311 (no secret)
        policy = replace(policies.ALL[random.choice(sorted(policies.ALL))], quiet_hours=quiet)
        case = Timed(policy=policy, now=MONDAY)
        any_lives._live(case, random)
        return case.clocks

    assert life(ALL_WAIT.quiet_hours) == life(QuietHours())
