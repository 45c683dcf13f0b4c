"""Opening: what a request must say, and who the customer's contact is."""

from datetime import timedelta

import pytest

from escalation.bounds import CLOCKS_APART
from escalation.case.commands import RecordCustomerReply, Reopen, Resume
from escalation.case.events import Opened, ThresholdReached
from escalation.errors import InvalidCommand
from escalation.lifecycle.decide import decide
from escalation.messages import facts
from escalation.messages.handover_reading import handover_of
from escalation.program_texts import ProgramText
from escalation.vocabulary import ClockName, Outcome, PauseCause, Stage
from tests.example_policy import EXAMPLE, REF
from tests.unit.domain.case import MONDAY, Case, opening, since
from tests.unit.domain.durations import DAYS, HOURS, MINUTES


@pytest.mark.parametrize(
    ("changes", "complaint"),
    [
        ({"ticket": ""}, "`ticket` is empty"),
        ({"summary": " "}, "`summary` is empty"),
        ({"reasons": ()}, "`reasons` is empty"),
        ({"frustration": 5}, "`frustration` is 5"),
        ({"frustration": -1}, "`frustration` is -1"),
        ({"since": MONDAY + HOURS}, "`since` is 2026-03-02T10:00:00\\+00:00, which is still to come"),
        ({"since": MONDAY.replace(tzinfo=None)}, "`since` has no time zone"),
    ],
)
def test_a_request_that_lacks_something_is_refused_with_what_it_lacks(
    changes: dict[str, object], complaint: str
) -> None:
    with pytest.raises(InvalidCommand, match=complaint):
        decide(None, opening(**changes), policy=EXAMPLE, now=MONDAY, ref=REF)


def test_the_contact_is_the_one_named_or_else_the_policys() -> None:
    assert Case.opened().state.contact == "front-desk"
    assert Case.opened(contact="cat").state.contact == "cat"


def test_the_state_carries_what_was_opened_and_under_which_policy() -> None:
    state = Case.opened(frustration=3, our_fault=True).state
    assert (state.ticket, state.policy, state.frustration, state.our_fault) == ("T-1", REF, 3, True)
    assert (state.opened_at, state.cycle_opened_at, state.cycle) == (MONDAY, MONDAY, 1)


def test_what_led_to_its_severity_is_in_the_timeline() -> None:
    case = Case.opened(evidence=("rule outage: `nobody can pay`",))
    opened = case.events[0]
    assert isinstance(opened, Opened)
    assert opened.evidence == ("rule outage: `nobody can pay`",)


def test_an_open_case_cannot_be_opened_again() -> None:
    case = Case.opened()
    assert "possible now: acknowledge" in str(case.refused(opening()))
    assert case.state.stage is Stage.OFFERED


def test_a_ticket_that_is_late_when_it_is_opened_breaches_at_once_marked_late_and_once() -> None:
    case = Case.opened(since=MONDAY - 3 * HOURS)
    case.wait(0 * HOURS)
    late = [event for event in case.events if isinstance(event, ThresholdReached)]
    assert [(event.clock, event.threshold, event.late, since(event.at)) for event in late] == [
        ("first_response", "75%", True, "0"),
        ("first_response", "due", True, "0"),
    ]
    assert case.told("overseer") == ["breach"]
    assert case.due(ClockName.RESOLUTION) == "21h"
    assert case.messages[0].facts == facts.Receipt(next_update_at=MONDAY + 8 * HOURS), "nothing past is promised"
    assert (case.state.opened_at, case.state.cycle_opened_at) == (MONDAY, MONDAY - 3 * HOURS)


def test_a_ticket_that_waits_for_its_customer_when_it_is_opened_waits_on_until_they_answer() -> None:
    case = Case.opened(waiting_on=PauseCause.WAITING_ON_CUSTOMER, question="Which invoice?")
    assert case.due(ClockName.RESOLUTION) == ""
    assert case.due(ClockName.CUSTOMER_REPLY) == "2d", "the reminder of the one who has to answer"
    case.wait(5 * MINUTES)
    case.acknowledge()
    stages = [case.state.stage]
    case.wait(55 * MINUTES)
    case.do(RecordCustomerReply(text="The last one"))
    assert [*stages, case.state.stage] == [Stage.WAITING_ON_CUSTOMER, Stage.WORKING]
    assert case.due(ClockName.RESOLUTION) == "1d 1h", "half of two days, and the hour that was waited"


def test_a_customer_who_answers_before_a_person_took_the_case_ends_the_wait() -> None:
    case = Case.opened(waiting_on=PauseCause.WAITING_ON_CUSTOMER)
    case.wait(5 * MINUTES)
    case.do(RecordCustomerReply(text="The last one"))
    assert (case.state.stage, case.state.open_pauses) == (Stage.OFFERED, ())
    assert ClockName.CUSTOMER_REPLY not in case.state.runs
    case.acknowledge()
    assert case.state.stage is Stage.WORKING


def test_a_ticket_opened_waiting_whose_customer_never_answers_is_resolved_with_a_way_back_also_without_an_owner() -> (
    None
):
    case = Case(directory_is_slow=True)
    case.do(opening(waiting_on=PauseCause.WAITING_ON_CUSTOMER, question="Which invoice?"))
    case.wait(5 * DAYS)
    assert (case.state.stage, case.state.outcome, case.state.owner) == (Stage.RESOLVED, Outcome.NO_REPLY, "")
    case.do(Reopen(by="customer", why="I was away"))
    assert case.state.stage is Stage.UNASSIGNED
    assert case.searches[-1].tier == 1


def test_a_ticket_that_waits_for_a_third_party_when_it_is_opened_begins_paused() -> None:
    case = Case.opened(waiting_on=PauseCause.WAITING_ON_THIRD_PARTY, since=MONDAY - 1 * HOURS)
    case.acknowledge()
    assert (case.state.stage, case.due(ClockName.RESOLUTION)) == (Stage.WORKING, "")
    case.wait(2 * HOURS)
    case.do(Resume(by="ana"))
    assert case.due(ClockName.RESOLUTION) == "1d 2h"


@pytest.mark.parametrize("ahead", [timedelta(milliseconds=500), timedelta(seconds=30), CLOCKS_APART])
def test_a_clock_that_is_a_little_ahead_counts_as_now(ahead: timedelta) -> None:
    assert Case.opened(since=MONDAY + ahead).state == Case.opened(since=MONDAY).state


def test_a_clock_that_is_further_ahead_is_refused() -> None:
    with pytest.raises(InvalidCommand, match="still to come"):
        Case.opened(since=MONDAY + CLOCKS_APART + timedelta(seconds=1))


def test_what_the_customer_wrote_is_kept_beside_the_summary_of_the_team() -> None:
    case = Case.opened(customer_words="I was charged twice!\n\nPlease help.", since=MONDAY - HOURS)
    assert (case.state.summary, case.state.opening_words) == (
        "Invoices are sent twice",
        "I was charged twice!\n\nPlease help.",
    )
    assert (case.state.customer_words, case.state.customer_wrote_at) == (case.state.opening_words, MONDAY - HOURS)
    (said,) = handover_of(case.events).said
    assert (said.text, said.at) == ("I was charged twice!\n\nPlease help.", MONDAY - HOURS)


def test_what_the_customer_wrote_after_the_end_is_dated_when_it_came() -> None:
    late = ProgramText.WROTE_AFTER_THE_END.say(said="It smokes again")
    case = Case.opened(customer_words="It smokes again", since=MONDAY - HOURS, evidence=(late,))
    (said,) = handover_of(case.events).said
    assert said.at == case.events[0].at


def test_the_message_that_a_case_was_opened_for_is_shown_to_colleagues_once() -> None:
    case = Case.opened(customer_words="It smokes.")
    case.do(RecordCustomerReply(text="It smokes."))
    case.do(RecordCustomerReply(text="Hello?"))
    assert [said.text for said in handover_of(case.events).said] == ["It smokes.", "Hello?"]
