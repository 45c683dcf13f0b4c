"""How errors are answered: which status, what the caller can do, and nothing that is the operator's to know."""

import json

import pytest

from activities.errors import DatabaseUnavailable
from escalation.errors import InvalidTransition, NoRoom, NotAllowed
from runtime.unreachable import TemporalUnreachable
from starter.errors import (
    CaseStuck,
    CommandRefused,
    EscalationEnded,
    IncidentEnded,
    UnknownEscalation,
    UnknownIncident,
    WorkersBusy,
)
from starter.http.access.callers import CannotTell, Forbidden, TooManyFailures, Unauthenticated
from starter.http.problems import answer, told_of
from starter.http.rates import MOST_BUCKETS, Rates, TooManyRequests

ERRORS = [
    (Unauthenticated("no credential"), 401),
    (Forbidden("not yours"), 403),
    (TooManyFailures(7), 401),
    (TooManyRequests(3.2), 429),
    (CannotTell("no keys"), 503),
    (CommandRefused("InvalidCommand", "`at` lies in the past"), 409),
    (CommandRefused(NotAllowed.__name__, "not by you"), 403),
    (UnknownEscalation("escalation-1"), 404),
    (UnknownIncident("incident-1", "1"), 404),
    (EscalationEnded("escalation-1", "closed"), 409),
    (IncidentEnded("incident-1", "1"), 409),
    (WorkersBusy("escalation-1", seconds=5, command_id="c-1"), 503),
    (CaseStuck("escalation-1", "its task fails"), 503),
    (TemporalUnreachable("nothing at temporal.internal:7233"), 503),
    (DatabaseUnavailable("PostgreSQL at db.internal:5432 is not available"), 503),
]


@pytest.mark.parametrize(("error", "status"), ERRORS, ids=lambda part: type(part).__name__)
def test_each_error_has_its_status_as_problem_details(error: Exception, status: int) -> None:
    response = answer(told_of(error))
    document = json.loads(bytes(response.body))

    assert (response.status_code, response.media_type) == (status, "application/problem+json")
    assert {"type", "title", "status", "detail"} <= document.keys()
    assert document["status"] == status
    assert "internal" not in document["detail"]
    assert ("retry-after" in response.headers) == (status in (429, 503) or isinstance(error, TooManyFailures))


def test_a_refusal_lists_the_commands_that_are_possible_now() -> None:
    refused = InvalidTransition("submit_review", "working", ["note", "tell_customer", "relay_bulletin"])

    told = told_of(CommandRefused(InvalidTransition.__name__, str(refused)))

    assert told.more == {"refusal": "InvalidTransition", "allowed": ["note", "tell-customer"]}, "as their routes"
    assert told.detail == "`submit-review` is not possible while working; possible now: note, tell-customer"


def test_a_refusal_names_other_commands_as_their_routes_and_fields_as_the_body_has_them() -> None:
    said = told_of(
        CommandRefused("InvalidCommand", "record it with `customer_replied`, or set `fulfils_promise`")
    ).detail
    assert said == "record it with `customer-replied`, or set `fulfils_promise`"


def test_a_refusal_for_now_says_when_to_ask_again() -> None:
    assert "Retry-After" in told_of(CommandRefused(NoRoom.__name__, "too much waits")).headers


class Clock:
    """Seconds that a test moves."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def test_a_caller_has_a_minutes_worth_at_once_and_then_what_flows_in() -> None:
    clock = Clock()
    rates = Rates(60, clock)
    for _ in range(60):
        rates.take("a")
    with pytest.raises(TooManyRequests) as full:
        rates.take("a")
    rates.take("b")
    clock.now = 1.0
    rates.take("a")
    with pytest.raises(TooManyRequests):
        rates.take("a")

    assert full.value.after == 1.0


def test_callers_that_are_made_up_do_not_fill_the_memory() -> None:
    rates = Rates(60, Clock())
    for number in range(MOST_BUCKETS + 10):
        rates.take(str(number))

    assert len(rates._buckets) == MOST_BUCKETS
