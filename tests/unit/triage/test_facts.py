"""Facts that make no sense are refused, all at once."""

from datetime import datetime, timedelta, timezone
from typing import Any

import pytest

from escalation.triage.facts import Flag, InvalidFacts, NumberFact, TicketFacts
from tests.unit.triage.ruling import NOW


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        ({"hours_spent": -1.0}, "hours_spent is -1.0; write a number from 0 up"),
        ({"money_at_stake": float("inf")}, "money_at_stake is inf"),
        ({"days_open": float("nan")}, "days_open is nan"),
        ({"frustration": 5}, "frustration is 5; write 0 to 4"),
        ({"tone": -1.5}, "tone is -1.5; write -1 to 1"),
        ({"deadline": datetime(2026, 3, 2)}, "deadline does not say in which zone"),  # noqa: DTZ001 (the mistake)
    ],
)
def test_a_fact_that_makes_no_sense_is_refused_by_its_name(facts: dict[str, Any], said: str) -> None:
    with pytest.raises(InvalidFacts, match=said):
        TicketFacts(**facts)


def test_all_mistakes_are_shown_at_once() -> None:
    with pytest.raises(InvalidFacts) as refused:
        TicketFacts(owners_tried=-1, frustration=9)
    assert str(refused.value).count("; write") == 2


def test_every_number_and_flag_is_a_fact() -> None:
    facts = TicketFacts()
    assert [facts.number(fact, NOW) for fact in NumberFact] == [None] * len(NumberFact)
    assert [facts.flag(flag) for flag in Flag] == [False] * len(Flag)


def test_the_time_to_the_deadline_is_counted_from_the_instant_of_judging_in_any_zone() -> None:
    deadline = (NOW + timedelta(hours=5)).astimezone(timezone(timedelta(hours=9)))
    facts = TicketFacts(deadline=deadline)
    assert facts.number(NumberFact.HOURS_TO_DEADLINE, NOW) == 5
    assert facts.number(NumberFact.HOURS_TO_DEADLINE, NOW + timedelta(hours=6)) == -1
