"""What people type names one escalation, and no other."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from escalation.case.naming import CaseName, case_name, check_ticket, escalation_id, life_of, ordinal, page_address
from escalation.errors import InvalidCommand
from escalation.lifecycle.decisions.opening import check_start
from escalation.messages.keys import mail_mark, message_id
from tests.unit.domain.case import Case, opening


@pytest.mark.parametrize(
    ("text", "ticket", "life"),
    [
        ("777", "777", 0),
        ("escalation-777", "777", 0),
        ("escalation-777~1", "777", 1),
        ("777~2", "777", 2),
        ("acme/app#12", "acme/app#12", 0),
        ("escalation", "escalation", 0),
    ],
)
def test_a_ticket_number_and_an_id_name_the_same_ticket(text: str, ticket: str, life: int) -> None:
    assert case_name(text) == CaseName(ticket=ticket, life=life)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "missing"),
        ("escalation-", "missing"),
        ("a b", "without blanks"),
        ("a\x00", "visible"),
        ("escalation-escalation-777", "cannot begin with `escalation-`"),
        ("777~", "is not the number"),
        ("777~0", "is not the number"),
        ("777~02", "is not the number"),
        ("777~2~3", "is not the number"),
        ("777~x", "is not the number"),
        ("777~²", "is not the number"),
        ("~2", "missing"),
    ],
)
def test_what_names_no_escalation_is_refused_in_words(text: str, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        case_name(text)


tickets = st.text(min_size=1, max_size=30)
lives = st.integers(min_value=1, max_value=999_999)


def is_ticket(text: str) -> bool:
    try:
        check_ticket(text)
    except ValueError:
        return False
    return True


@given(tickets.filter(is_ticket), lives)
def test_an_id_is_read_as_what_it_was_written_for(ticket: str, life: int) -> None:
    assert case_name(escalation_id(ticket)) == case_name(ticket) == CaseName(ticket=ticket)
    name = CaseName(ticket=ticket, life=life)
    assert case_name(str(name)) == name
    assert life_of(escalation_id(ticket, life)) == name


@given(tickets, lives, tickets, lives)
def test_two_lives_never_share_an_id_or_a_message(one: str, first: int, other: str, second: int) -> None:
    if is_ticket(one) and is_ticket(other) and (one, first) != (other, second):
        ids = escalation_id(one, first), escalation_id(other, second)
        assert ids[0] != ids[1]
        assert message_id(ids[0], "receipt-1") != message_id(ids[1], "receipt-1")


@pytest.mark.parametrize("ticket", ["escalation-777", "777~2", "a b", "a\nb", ""])
def test_a_ticket_that_looks_like_an_id_is_never_opened(ticket: str) -> None:
    with pytest.raises(InvalidCommand, match="`ticket`"):
        check_start(opening(ticket=ticket), f"escalation-{ticket}")


def test_a_ticket_is_not_opened_in_the_workflow_of_another() -> None:
    with pytest.raises(InvalidCommand, match="start it as `escalation-777`"):
        check_start(opening(ticket="777"), "escalation-778")


def test_a_ticket_is_opened_in_the_workflow_of_its_own_name() -> None:
    check_start(opening(ticket="777"), "escalation-777")


@pytest.mark.parametrize(
    ("life", "written", "short"),
    [
        (0, "escalation-777", "777"),
        (1, "escalation-777~1", "escalation-777~1"),
        (2, "escalation-777~2", "escalation-777~2"),
    ],
)
def test_a_life_is_shown_by_its_number_and_the_newest_by_the_ticket(life: int, written: str, short: str) -> None:
    name = CaseName(ticket="777", life=life)
    assert (str(name), name.short) == (written, short)


@pytest.mark.parametrize(("life", "written"), [(1, "escalation-777"), (2, "escalation-777~2")])
def test_the_record_numbers_lives_from_the_second_on(life: int, written: str) -> None:
    assert escalation_id("777", life) == written
    assert life_of(written) == CaseName(ticket="777", life=life)
    assert replace(Case.opened(ticket="777").state, life=life).escalation == written


def test_a_message_without_a_key_has_no_id() -> None:
    assert message_id("escalation-777", "") == ""


def test_messages_of_a_ticket_begin_alike() -> None:
    assert message_id("escalation-777", "receipt-1") == "escalation-777/receipt-1"
    assert message_id("escalation-777~2", "receipt-1") == "escalation-777/~2/receipt-1"


def test_lives_are_counted_as_people_count() -> None:
    assert [ordinal(number) for number in (1, 2, 5, 6, 11, 21, 22, 113)] == [
        *("first", "second", "fifth", "6th", "11th", "21st", "22nd", "113th")
    ]


@pytest.mark.parametrize(
    ("name", "page"),
    [
        ("4711", "/agent/cases/4711"),
        ("escalation-4711~2", "/agent/cases/escalation-4711~2"),
        ("ACME/1 ?#%", "/agent/cases/ACME%2F1%20%3F%23%25"),
    ],
)
def test_every_case_has_a_page_of_its_own(name: str, page: str) -> None:
    assert page_address(name) == page


def test_each_message_has_a_mark_of_its_own_in_its_mail() -> None:
    marks = {
        mail_mark(message_id(escalation_id("777", life), key)) for life in (1, 2) for key in ("receipt", "update-1")
    }
    assert len(marks) == 4
    assert all(len(mark) == 32 and mark.isalnum() for mark in marks)
    assert mail_mark("half a character \ud800")
