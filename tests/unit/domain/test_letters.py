"""Messages are rendered when they are read, and say the same whenever that is."""

from collections.abc import Iterator
from datetime import timedelta

from escalation.case.commands import Acknowledge, FireDueClocks, RecordAssignment
from escalation.clocks.deadlines import next_due
from escalation.lifecycle.decide import decide
from escalation.lifecycle.draft import Decision
from escalation.message_kinds import MessageKind
from escalation.messages.effects import AssignOwner, Deliver, Message
from escalation.messages.facts import Offer
from escalation.messages.letters import due_at
from escalation.vocabulary import ClockName
from tests.example_policy import EXAMPLE, REF
from tests.unit.domain.case import MONDAY, STAFF, opening


def opened() -> Decision:
    return decide(None, opening(), policy=EXAMPLE, now=MONDAY, ref=REF)


def offered() -> Decision:
    return decide(opened().state, RecordAssignment(offer=1, person="ana"), policy=EXAMPLE, now=MONDAY)


def nobody_takes_it() -> Iterator[Decision]:
    """The case climbs the ladder, until the overseer holds it and is silent too."""
    decision, now = opened(), MONDAY
    yield decision
    for _ in range(40):
        searches = [one for one in decision.requests if isinstance(one, AssignOwner)]
        if searches:
            person = next(one for one in STAFF[searches[0].tier] if one not in searches[0].tried)
            answer = RecordAssignment(offer=searches[0].offer, person=person)
            decision = decide(decision.state, answer, policy=EXAMPLE, now=now)
        else:
            due = next_due(decision.state, EXAMPLE)
            assert due is not None
            now = due.at
            decision = decide(decision.state, FireDueClocks(), policy=EXAMPLE, now=now)
        yield decision


def messages(decision: Decision) -> list[Message]:
    return [one.message for one in decision.effects if isinstance(one, Deliver)]


def test_a_letter_says_the_same_whenever_it_is_written() -> None:
    at_once = [decision.effects for decision in nobody_takes_it()]
    at_the_end = [decision.effects for decision in list(nobody_takes_it())]
    assert at_the_end == at_once
    kinds = {one.message.kind for effects in at_once for one in effects if isinstance(one, Deliver)}
    assert kinds >= {MessageKind.RECEIPT, MessageKind.OFFER, MessageKind.ESCALATED, MessageKind.HOLDING_UPDATE}


def test_it_is_written_once() -> None:
    """The workflow compares effects by identity to see whether one was requested again."""
    for decision in nobody_takes_it():
        again = decision.effects
        assert all(one is other for one, other in zip(decision.effects, again, strict=True))


def test_an_offer_names_its_instant_also_once_the_offer_is_taken() -> None:
    decision = offered()
    decide(decision.state, Acknowledge(by="ana"), policy=EXAMPLE, now=MONDAY)
    [offer] = messages(decision)
    assert isinstance(offer.facts, Offer)
    assert offer.facts.acknowledge_by == MONDAY + timedelta(minutes=15)


def test_requests_are_the_effects_that_are_not_messages() -> None:
    late = decide(offered().state, FireDueClocks(), policy=EXAMPLE, now=MONDAY + timedelta(days=2))
    for decision in (late, *nobody_takes_it()):
        assert decision.requests == tuple(one for one in decision.effects if not isinstance(one, Deliver))
    assert [one.kind for one in late.requests][:2] == ["release_owner", "assign_owner"]
    assert len(late.effects) > len(late.requests)


def test_a_clock_that_does_not_run_has_no_instant_to_tell() -> None:
    assert due_at(opened().state, EXAMPLE, ClockName.ACKNOWLEDGE) is None
