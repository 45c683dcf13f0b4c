from dataclasses import fields

import pytest

from escalation.case.commands import (
    Acknowledge,
    AddNote,
    AnswerSurvey,
    ChangeSeverity,
    Decline,
    Escalate,
    Pause,
    Reopen,
    Resolve,
    TellCustomer,
)
from escalation.vocabulary import Category, Outcome, Reason, Severity
from simulation.exports import OWNER, SERVICENOW, play_of
from tests.unit.importing.logs import commands_of, first_of_march, kinds, life, logged, planned, row


def test_the_opening_says_what_the_log_knows_and_nothing_else() -> None:
    opening = planned(row(made_sla="false", priority="2 - High", caused_by="CHG1", opened_at="1/3/2016 07:30")).open
    assert opening.ticket == "INC1"
    assert opening.summary == "Category 55 / Symptom 72"
    assert opening.customer.address == "caller-7@example.com"
    assert (opening.severity, opening.category) == (Severity.SEV2, Category.SERVICE)
    assert opening.reasons == (Reason.UNMET_EXPECTATION,)
    assert opening.frustration == 1
    assert opening.our_fault
    assert (opening.by, opening.contact) == ("front-desk", "")


def test_a_new_ticket_waits_for_whom_our_ladder_chooses() -> None:
    assert kinds(planned(*life("New", "New", "New"))) == []


def test_a_plain_life_is_taken_told_and_resolved() -> None:
    made = planned(*life("New", "Active", "Resolved", "Closed"))
    assert kinds(made) == ["acknowledge", "tell_customer", "resolve"]
    assert [step.at.hour for step in made.steps[:3]] == [10, 10, 11]
    assert made.steps[0].command == Acknowledge(by=OWNER)


def test_a_ticket_resolved_out_of_hand_is_taken_first() -> None:
    assert kinds(planned(*life("New", "Resolved"))) == ["acknowledge", "resolve"]


def test_a_log_that_begins_in_the_middle_is_taken_first() -> None:
    assert kinds(planned(*life("Awaiting User Info", "Resolved"))) == [
        "acknowledge",
        "request_information",
        "customer_replied",
        "resolve",
    ]


def test_where_the_target_was_met_the_customer_hears_of_every_second_update() -> None:
    made = planned(*life("Active", "Active", "Active", "Active"))
    assert kinds(made) == ["acknowledge", "tell_customer", "note", "tell_customer", "note"]


def test_where_the_target_was_missed_the_customer_hears_once() -> None:
    rows = [row("Active", 9 + n, made_sla="false") for n in range(4)]
    assert kinds(planned(*rows)) == ["acknowledge", "tell_customer", "note", "note", "note"]


def test_asking_the_customer_ends_with_their_reply() -> None:
    made = planned(*life("Active", "Awaiting User Info", "Awaiting User Info", "Active", "Resolved"))
    assert kinds(made) == [
        "acknowledge",
        "tell_customer",
        "request_information",
        "customer_replied",
        "note",
        "resolve",
    ]


@pytest.mark.parametrize(
    ("state", "whom"),
    [
        ("Awaiting Vendor", "the vendor"),
        ("Awaiting Problem", "a problem record"),
        ("Awaiting Evidence", "evidence"),
    ],
)
def test_waiting_for_others_is_a_pause_that_says_for_whom(state: str, whom: str) -> None:
    made = planned(*life("Active", state, state, "Active"))
    assert kinds(made) == ["acknowledge", "tell_customer", "pause", "resume", "note"]
    assert commands_of(made, "pause") == [Pause(by=OWNER, why=f"Waiting for {whom}.")]


def test_one_wait_after_another_ends_the_first() -> None:
    made = planned(*life("Active", "Awaiting Vendor", "Awaiting Evidence", "Awaiting User Info", "Resolved"))
    assert kinds(made)[2:] == [
        *("pause", "resume", "pause", "resume"),
        *("request_information", "customer_replied", "resolve"),
    ]


def test_a_group_that_changes_before_anyone_took_it_is_declined_once_and_noted_as_tried() -> None:
    made = planned(
        row("New", 9, assignment_group="Group 1"),
        row("New", 10, assignment_group="Group 2"),
        row("New", 11, assignment_group="Group 3"),
        row("Active", 12, assignment_group="Group 4"),
    )
    assert kinds(made) == ["decline", "acknowledge", "note", "tell_customer"]
    assert made.steps[0].command == Decline(by=OWNER, why="Passed on from Group 1 to Group 2.")
    note = made.steps[2].command
    assert isinstance(note, AddNote)
    assert note.tried == "Group 1, Group 2, Group 3"


def test_the_first_hand_over_of_work_climbs_with_a_packet_and_later_ones_are_notes() -> None:
    made = planned(
        row("Active", 9, assignment_group="Group 1", assigned_to="Resolver 1"),
        row("Active", 10, assignment_group="Group 2", assigned_to="Resolver 1"),
        row("Active", 11, assignment_group="Group 2", assigned_to="Resolver 2"),
    )
    assert kinds(made) == ["acknowledge", "tell_customer", "escalate", "acknowledge", "note"]
    escalate = made.steps[2].command
    assert isinstance(escalate, Escalate)
    assert escalate.why == "Passed on from Group 1 to Group 2."
    assert escalate.packet.concern == "Category 55 / Symptom 72"
    assert escalate.packet.tried == ("Group 1 worked on it.",)
    assert made.steps[4].command == AddNote(
        by=OWNER, text="Passed on from Resolver 1 to Resolver 2.", tried="Resolver 1"
    )


def test_a_hand_over_while_waiting_is_a_note() -> None:
    made = planned(row("Awaiting User Info", 9), row("Awaiting User Info", 10, assignment_group="Group 2"))
    assert kinds(made) == ["acknowledge", "request_information", "note"]


def test_an_assignee_who_becomes_known_is_not_a_hand_over() -> None:
    made = planned(row("Active", 9), row("Active", 10, assigned_to="Resolver 1"), row("Active", 11))
    assert kinds(made) == ["acknowledge", "tell_customer", "note", "tell_customer"]
    assert made.steps[2].command == AddNote(by=OWNER, text="Work on Symptom 72 goes on with Group 1.")


def test_a_hand_over_after_the_solution_moves_nothing() -> None:
    made = planned(row("Resolved", 9), row("Resolved", 10, assignment_group="Group 2"), row("Closed", 11))
    assert kinds(made) == ["acknowledge", "resolve"]


def test_a_priority_that_changes_changes_the_severity_once() -> None:
    made = planned(
        row("Active", 9),
        row("Active", 10, priority="1 - Critical"),
        row("Active", 11, priority="1 - Critical"),
        row("Resolved", 12, priority="4 - Low"),
    )
    assert commands_of(made, "change_severity") == [
        ChangeSeverity(severity=Severity.SEV1, by="front-desk", why="The log's priority changed.")
    ]


def test_work_after_the_solution_reopens_it_for_the_previous_owner() -> None:
    made = planned(*life("Active", "Resolved", "Active", "Resolved", "Closed"))
    assert kinds(made) == [
        *("acknowledge", "tell_customer", "resolve"),
        *("reopen", "acknowledge", "note", "resolve"),
    ]
    reopen = made.steps[3].command
    assert isinstance(reopen, Reopen)
    assert reopen.by == "customer"


def test_a_ticket_that_comes_back_after_it_was_closed_is_reopened_too() -> None:
    assert "reopen" in kinds(planned(*life("Active", "Resolved", "Closed", "Active")))


def test_a_ticket_closed_without_a_solution_is_resolved() -> None:
    assert kinds(planned(*life("Active", "Closed"))) == ["acknowledge", "tell_customer", "resolve"]


def test_the_solution_names_codes_and_the_cause_if_one_is_known() -> None:
    made = planned(row("Resolved", closed_code="code 7", caused_by="?", problem_id="Problem ID 2"))
    (resolve,) = commands_of(made, "resolve")
    assert isinstance(resolve, Resolve)
    assert "code 7" in resolve.solution
    assert "Symptom 72" in resolve.solution
    assert (resolve.outcome, resolve.root_cause) == (Outcome.WORKAROUND, "Problem ID 2")


def test_german_customers_read_german_and_the_team_reads_english() -> None:
    made = [
        planned(*(row(s, 9 + n, caller_id=f"Caller {c}") for n, s in enumerate(("Active", "Active"))))
        for c in range(40)
    ]
    told = {
        one.open.customer.language: [command.text for command in commands_of(one, "tell_customer")]  # type: ignore[attr-defined]  # of this kind, all have one
        for one in made
    }
    assert told["de"] == ["Wir arbeiten an Symptom 72."]
    assert told["en"] == ["We are working on Symptom 72."]
    assert {step.command.text for one in made for step in one.steps if isinstance(step.command, AddNote)} == {
        "Work on Symptom 72 goes on with Group 1."
    }


def test_who_answers_the_survey_does_so_when_the_log_closed_the_ticket() -> None:
    made = [
        planned(*(row(s, 9 + n, number=f"INC{i}") for n, s in enumerate(("Resolved", "Closed")))) for i in range(30)
    ]
    answers = [step for one in made for step in one.steps if isinstance(step.command, AnswerSurvey)]
    assert 0 < len(answers) < 30
    assert {step.at for step in answers} == {first_of_march(10)}
    assert {step.command.score for step in answers if isinstance(step.command, AnswerSurvey)} == {5}


def test_no_one_answers_a_survey_on_what_was_never_solved() -> None:
    made = [planned(*(row(s, number=f"INC{n}") for s in ("New", "Active"))) for n in range(30)]
    assert [kinds(one) for one in made] == [["acknowledge", "tell_customer"]] * 30


def test_times_never_go_back_and_never_lie_before_the_opening() -> None:
    made = planned(
        row("Active", 7, opened_at="1/3/2016 08:00"), row("Active", 11), row("Active", 9), row("Resolved", 10)
    )
    hours = [step.at.hour for step in made.steps]
    assert hours == sorted(hours)
    assert hours[0] == 8
    assert hours[-1] == 11


def test_a_first_offer_is_ignored_only_where_it_is_not_declined() -> None:
    silent = [play_of(logged(row(number=f"INC{n}")), SERVICENOW) for n in range(60)]
    ignoring = [one.open.ticket for one in silent if one.ignores_first_offer]
    assert ignoring
    for ticket in ignoring:
        declined = planned(row(number=ticket), row(number=ticket, assignment_group="Group 2"))
        assert not declined.ignores_first_offer


def test_the_same_incident_gives_the_same_plan() -> None:
    rows = life("New", "Active", "Awaiting User Info", "Resolved")
    assert planned(*rows) == planned(*rows)


def test_no_command_carries_a_name_of_the_log_where_a_person_of_ours_acts() -> None:
    made = planned(*life("Active", "Awaiting Vendor", "Awaiting User Info", "Resolved", "Active", "Closed"))
    assert {step.command.by for step in made.steps} <= {OWNER, "customer", "front-desk"}
    assert all("by" in {part.name for part in fields(step.command)} for step in made.steps)


def test_the_next_step_is_shown_without_a_time_that_could_be_broken() -> None:
    (told,) = commands_of(planned(*life("Active")), "tell_customer")
    assert isinstance(told, TellCustomer)
    assert told.next_step
    assert told.next_by is None
