"""One decision, one letter: what a customer would get at the same instant is one message that does not contradict itself."""

from datetime import timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from escalation.case.commands import (
    AddNote,
    AdoptPolicy,
    FireDueClocks,
    MakePromise,
    RequestInformation,
    Resolve,
    TellCustomer,
)
from escalation.case.events import MessageQueued
from escalation.case.values import PolicyRef
from escalation.clock_rules import Action
from escalation.lifecycle.decide import decide_in_order
from escalation.message_kinds import MessageKind
from escalation.messages.effects import Deliver, Message
from escalation.messages.merging import VOID, VOID_BEFORE, Drafted, merged
from escalation.vocabulary import CUSTOMER, ClockName, Outcome
from tests.example_policy import EXAMPLE, HOUR, rule, share, since_start, with_rule
from tests.unit.delivery.cases import CUSTOMER_KINDS, facts_for
from tests.unit.domain.case import Case

AT_ONCE = with_rule(
    EXAMPLE,
    ClockName.RESOLUTION,
    rule(8 * HOUR, share(100, Action.BREACH, Action.TELL_OVERSEER, Action.CLIMB)),
)
"""The resolution is due at the very instant of the first update to the customer."""


def drafted_letter(kind: MessageKind, number: int) -> Drafted:
    facts: Any = facts_for(kind)
    return Drafted(facts=facts, key=f"{number}")


drafts = st.lists(st.sampled_from(sorted(CUSTOMER_KINDS)), min_size=1, max_size=5).map(
    lambda kinds: [drafted_letter(kind, number) for number, kind in enumerate(kinds)]
)


def to_customer(case: Case) -> list[Message]:
    return [message for message in case.messages if message.to == CUSTOMER]


@given(drafts)
def test_what_is_left_out_says_nothing_beside_another_letter(drafted: list[Drafted]) -> None:
    letter, also = merged(drafted)
    said = [id(letter.facts), *map(id, also)]
    assert len(said) == len(set(said))
    for number, one in enumerate(drafted):
        others = {each.kind for each in drafted if each.kind is not one.kind}
        later = {each.kind for each in drafted[number + 1 :]}
        is_void = VOID.get(one.kind, frozenset()) & (others | later) or VOID_BEFORE.get(one.kind, frozenset()) & later
        assert (id(one.facts) in said) or is_void


@given(drafts)
def test_a_letter_without_news_is_left_out_beside_any_other(drafted: list[Drafted]) -> None:
    letter, also = merged(drafted)
    kinds = [letter.kind, *(one.kind for one in also)]
    assert MessageKind.HOLDING_UPDATE not in kinds or kinds == [MessageKind.HOLDING_UPDATE]


def test_no_news_and_more_expertise_at_one_instant_are_one_letter() -> None:
    case = Case.working(policy=AT_ONCE)
    case.messages.clear()
    case.wait(timedelta(hours=8))
    assert [message.kind for message in to_customer(case)] == [MessageKind.ESCALATED]


def test_a_broken_promise_and_more_expertise_at_one_instant_are_one_letter() -> None:
    case = Case.working(policy=AT_ONCE)
    case.do(MakePromise(by="ana", what="a technician calls you", at=case.now + timedelta(hours=8)))
    case.wait(timedelta(hours=8))
    (letter,) = to_customer(case)[-1:]
    assert letter.kind is MessageKind.ESCALATED
    assert [one.kind for one in letter.also] == [MessageKind.DELAY_NOTICE]
    queued = [event for event in case.events if isinstance(event, MessageQueued) and event.key == letter.key]
    assert [event.also for event in queued] == [(MessageKind.DELAY_NOTICE,)]


def test_news_that_arrives_before_an_overdue_holding_update_is_the_only_letter() -> None:
    case = Case.working()
    case.wait(timedelta(hours=7))
    case.do(AddNote(by="ana", text="Still on it."))
    news = TellCustomer(by="ana", text="We have found the cause.")
    later = case.now + timedelta(hours=2)
    decision = decide_in_order(case.state, news, policy=case.policy, now=later)
    letters = [one.message for one in decision.effects if isinstance(one, Deliver) and one.message.to == CUSTOMER]
    assert [letter.kind for letter in letters] == [MessageKind.UPDATE]
    assert "customer_update due" in [
        f"{event.clock} {event.threshold}" for event in decision.events if event.kind == "threshold_reached"
    ]


def test_a_question_left_unanswered_during_an_outage_ends_in_one_letter() -> None:
    case = Case.working()
    case.do(RequestInformation(by="ana", question="Which light is on?"))
    case.now += timedelta(days=6)
    decision = case.do(FireDueClocks())
    letters = [one.message for one in decision.effects if isinstance(one, Deliver) and one.message.to == CUSTOMER]
    assert [letter.kind for letter in letters] == [MessageKind.NO_REPLY]


def test_follow_ups_that_a_faster_policy_makes_due_at_once_are_one_letter_with_the_survey() -> None:
    case = Case.working()
    case.do(Resolve(by="ana", solution="We have reset the cache.", outcome=Outcome.SOLVED, root_cause="a bug"))
    case.wait(timedelta(days=1))
    follow_ups = rule(
        2 * HOUR, since_start("1", HOUR, Action.FOLLOW_UP_SURVEY), since_start("2", 2 * HOUR, Action.FOLLOW_UP)
    )
    ref = PolicyRef(name="faster", version=1, checksum="1" * 64)
    case.do(AdoptPolicy(policy=with_rule(EXAMPLE, ClockName.FOLLOW_UP, follow_ups), ref=ref, by="ana", why="sooner"))
    case.messages.clear()
    case.do(FireDueClocks())
    assert [(letter.kind, letter.also) for letter in to_customer(case)] == [(MessageKind.FOLLOW_UP_SURVEY, ())]
    assert case.fired(ClockName.FOLLOW_UP) == [("1", "1d"), ("2", "1d")]
