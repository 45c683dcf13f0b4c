from collections.abc import Iterable, Iterator

import pytest

from escalation.vocabulary import Severity
from simulation.exports import SERVICENOW, Rejected, TicketLog, UnreadableLog, read_ticket_logs
from tests.unit.importing.logs import HEADER, first_of_march, life, logged, read, row


def tickets_of(lines: Iterable[str]) -> Iterator[TicketLog]:
    return read_ticket_logs(lines, SERVICENOW, list[Rejected]())


def test_rows_of_one_number_become_one_incident_in_the_order_of_the_log() -> None:
    found = logged(*life("New", "Active", "Resolved", "Closed"))
    assert [each.meaning for each in found.rows] == ["queue", "acknowledge", "resolve", "close"]
    assert [each.line for each in found.rows] == [2, 3, 4, 5]


def test_dates_without_a_zone_are_read_as_utc() -> None:
    found = logged(row("New", 11, opened_at="29/2/2016 01:16"))
    assert found.opened_at.isoformat() == "2016-02-29T01:16:00+00:00"
    assert found.rows[0].at == first_of_march(11)


def test_a_question_mark_means_not_known() -> None:
    found = logged(row(category="?", u_symptom="?", assigned_to="?", caused_by="?", priority="?", closed_code="?"))
    assert (found.category_code, found.symptom, found.caused_by, found.closed_code) == ("", "", "", "")
    assert found.rows[0].person == ""
    assert found.rows[0].severity is None


def test_what_it_is_comes_from_the_first_row_that_knows_and_how_it_ended_from_the_last() -> None:
    found = logged(
        row("New", category="?", u_symptom="?", made_sla="true", reassignment_count="0", closed_code="?"),
        row("Active", category="Category 4", u_symptom="Symptom 5", reassignment_count="3", reopen_count="1"),
        row("Closed", category="Category 9", u_symptom="Symptom 6", made_sla="false", closed_code="code 7"),
    )
    assert (found.category_code, found.symptom) == ("Category 4", "Symptom 5")
    assert (found.reassignments, found.reopens) == (3, 1)
    assert found.made_sla is False
    assert found.closed_code == "code 7"


@pytest.mark.parametrize(
    ("priority", "severity"),
    [
        ("1 - Critical", Severity.SEV1),
        ("2 - High", Severity.SEV2),
        ("3 - Moderate", Severity.SEV3),
        ("4 - Low", Severity.SEV4),
    ],
)
def test_priorities_become_severities(priority: str, severity: Severity) -> None:
    assert logged(row(priority=priority)).rows[0].severity is severity


@pytest.mark.parametrize(
    ("column", "value", "reason"),
    [
        ("incident_state", "-100", "incident_state is `-100`; write one of New, Active, "),
        ("priority", "5 - Planning", "priority is `5 - Planning`; write one of 1 - Critical, "),
        ("sys_updated_at", "2016-03-01", "sys_updated_at is `2016-03-01`; write it as %d/%m/%Y %H:%M"),
        ("sys_updated_at", "?", "sys_updated_at is missing; write it as"),
        ("opened_at", "31/2/2016 10:00", "opened_at is `31/2/2016 10:00`; write it as"),
        ("reassignment_count", "many", "reassignment_count is `many`; write a whole number"),
        ("reopen_count", "-1", "reopen_count is `-1`; write a whole number"),
        ("reopen_count", "²", "reopen_count is `²`; write a whole number"),
        ("made_sla", "perhaps", "made_sla is `perhaps`; write one of true, false"),
        ("number", "?", "`` is not a ticket number"),
    ],
)
def test_a_row_that_makes_no_sense_is_reported_with_its_line_and_the_others_are_read(
    column: str, value: str, reason: str
) -> None:
    found, rejected = read(row("New"), row("Active", **{column: value}), row("Resolved"))
    assert [each.meaning for each in found[0].rows] == ["queue", "resolve"]
    assert [problem.line for problem in rejected] == [3]
    assert reason in rejected[0].reason


def test_a_wrong_instant_is_reported_in_every_row_that_repeats_it_under_the_name_of_its_column() -> None:
    rows = [row("New", opened_at="never"), row("Active", opened_at="never"), row("Resolved", sys_updated_at="never")]
    found, rejected = read(*rows)
    assert found == []
    assert [(problem.line, problem.reason.partition(";")[0]) for problem in rejected] == [
        (2, "opened_at is `never`"),
        (3, "opened_at is `never`"),
        (4, "sys_updated_at is `never`"),
    ]


def test_the_first_of_several_mistakes_in_a_row_is_the_one_reported() -> None:
    _, rejected = read(row(incident_state="?", priority="?", reopen_count="x", made_sla="perhaps"))
    assert [problem.reason for problem in rejected] == [
        "made_sla is `perhaps`; write one of true, false, yes, no, 1, 0"
    ]


def test_spaces_around_and_within_a_cell_do_not_matter() -> None:
    found = logged(row(" Awaiting  User Info ", opened_at=" 1/3/2016   08:00", caller_id="Caller  7", problem_id=" ? "))
    assert found.rows[0].meaning == "request_information"
    assert (found.opened_at, found.customer, found.problem) == (first_of_march(8), "Caller 7", "")


def test_a_needed_column_that_is_there_twice_is_refused_by_name() -> None:
    lines = [f"caller_id,{HEADER}", f"Caller 1,{row(caller_id='Caller 2')}"]
    with pytest.raises(UnreadableLog, match="`caller_id` 2 times"):
        list(tickets_of(lines))


def test_columns_that_differ_only_in_capitals_are_one_column() -> None:
    assert [one.customer for one in tickets_of([HEADER.replace("caller_id", "Caller_ID"), row()])] == ["Caller 7"]
    lines = [f"Caller_ID,{HEADER}", f"Caller 1,{row(caller_id='Caller 2')}"]
    with pytest.raises(UnreadableLog, match="`Caller_ID` or `caller_id` 2 times, and only one can be meant"):
        list(tickets_of(lines))


def test_what_a_number_may_not_have_becomes_a_dash() -> None:
    found, rejected = read(row(number="INC 1"), row(number="x" * 70))
    assert ([one.number for one in found], rejected) == (["INC-1", "x" * 64], [])


def test_a_row_with_too_few_columns_is_reported() -> None:
    found, rejected = read(row("New"), "INC1,Active")
    assert len(found[0].rows) == 1
    assert [(problem.line, problem.reason) for problem in rejected] == [(3, "2 columns where the header has 16")]


def test_a_broken_quotation_is_reported() -> None:
    found, rejected = read(row("New"), row("Active", caller_id='"Caller" 7'), row("Resolved"))
    assert len(found[0].rows) == 2
    assert [problem.line for problem in rejected] == [3]


def test_rows_of_an_incident_that_was_complete_already_are_reported() -> None:
    found, rejected = read(row(number="INC1"), row(number="INC2"), row("Active", number="INC1"))
    assert [one.number for one in found] == ["INC1", "INC2"]
    assert [problem.line for problem in rejected] == [4]
    assert "rows of one ticket must be consecutive" in rejected[0].reason


def test_an_incident_none_of_whose_rows_makes_sense_is_not_there_but_reported() -> None:
    found, rejected = read(row(made_sla="x"), row(number="INC2"))
    assert [one.number for one in found] == ["INC2"]
    assert len(rejected) == 1


def test_a_verdict_or_count_that_is_not_known_is_not_a_reason_to_reject_the_row() -> None:
    found = logged(
        row("New", made_sla="?", reopen_count="?", reassignment_count="?"),
        row("Active", made_sla="false", reopen_count="2"),
        row("Closed", made_sla="", reopen_count="", reassignment_count="1"),
    )
    assert (found.made_sla, found.reopens, found.reassignments) == (False, 2, 1)
    assert logged(row(made_sla="?")).made_sla is None


@pytest.mark.parametrize("lines", [[], ["a,b,c"], ['"number']])
def test_a_file_that_is_not_such_a_log_is_refused_before_anything_is_read(lines: list[str]) -> None:
    with pytest.raises(UnreadableLog, match="the first line must name the columns"):
        next(tickets_of(lines))


def test_the_refusal_names_the_columns_that_are_missing() -> None:
    header = HEADER.replace("caller_id", "caller").replace("made_sla", "sla")
    with pytest.raises(UnreadableLog, match="no column caller_id, made_sla;"):
        next(tickets_of([header, row()]))


def test_more_columns_than_needed_in_any_order_and_a_byte_order_mark_do_no_harm() -> None:
    lines = [f"\ufeffextra,{HEADER}", f"something,{row('Active')}", ""]
    assert [one.rows[0].meaning for one in tickets_of(lines)] == ["acknowledge"]


def test_an_incident_is_handed_out_before_the_rest_of_the_file_is_read() -> None:
    taken: list[int] = []

    def lines() -> Iterator[str]:
        yield HEADER
        for number in range(1000):
            taken.append(number)
            yield row(number=f"INC{number}")

    assert next(tickets_of(lines())).number == "INC0"
    assert len(taken) <= 2


def test_a_row_of_another_age_than_its_ticket_is_rejected_and_a_ticket_of_such_rows_is_none() -> None:
    found, rejected = read(
        row(), row(sys_updated_at="1/3/2031 09:00"), row(number="INC2", opened_at="1/1/1970 00:00"), row(number="INC3")
    )

    assert [incident.number for incident in found] == ["INC1", "INC3"]
    assert [(one.line, one.reason) for one in rejected] == [
        (3, "2031-03-01 is more than 12 years after the ticket was opened, 2016-03-01"),
        (4, "2016-03-01 is more than 12 years after the ticket was opened, 1970-01-01"),
    ]
