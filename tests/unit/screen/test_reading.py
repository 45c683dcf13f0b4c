"""What was sent with a form becomes the command it means, or says field by field why it cannot."""

from datetime import UTC, datetime
from typing import Any

import pytest

from escalation.case.commands import (
    SUPPORT_COMMANDS,
    AddNote,
    Correct,
    Escalate,
    MakePromise,
    OfferOptions,
    Option,
    OutcomeItem,
    Packet,
    Resolve,
    SetDue,
    SupportCommand,
    TellCustomer,
)
from escalation.screen import NotFilled, Unfit, command_from
from escalation.vocabulary import Category, ClockName, Outcome

BERLIN = "Europe/Berlin"


def read(kind: str, zone: str = BERLIN, unchanged: Any = None, **sent: str) -> SupportCommand:
    values = {name.replace("__", "."): [text] for name, text in sent.items()}
    return command_from(SUPPORT_COMMANDS[kind], values, by="ana", zone=zone, unchanged=unchanged)


def problems(kind: str, **sent: str) -> dict[str, Unfit]:
    with pytest.raises(NotFilled) as raised:
        read(kind, BERLIN, None, **sent)
    return dict(raised.value.problems)


def test_a_letter_with_a_promise_in_the_zone_of_its_writer() -> None:
    read_letter = read("tell_customer", text="We found it.\r\nMore soon.", next_by="2026-07-01T16:00", anyway="1")
    assert read_letter == TellCustomer(
        by="ana", text="We found it.\nMore soon.", next_by=datetime(2026, 7, 1, 14, tzinfo=UTC), anyway=True
    )


@pytest.mark.parametrize(
    ("wall", "utc"),
    [
        ("2026-03-29T02:30", datetime(2026, 3, 29, 1, tzinfo=UTC)),
        ("2026-10-25T02:30", datetime(2026, 10, 25, 0, 30, tzinfo=UTC)),
    ],
    ids=["clocks jump over it", "it comes twice"],
)
def test_a_time_at_which_clocks_change_is_the_first_that_there_is(wall: str, utc: datetime) -> None:
    promise = read("promise", what="a call", at=wall)
    assert isinstance(promise, MakePromise)
    assert promise.at == utc


@pytest.mark.parametrize("wall", ["2026-07-01 16:00", "01.07.2026 16:00", "1.7.2026, 16:00 Uhr"])
def test_a_time_may_be_written_as_people_do(wall: str) -> None:
    promise = read("promise", what="a call", at=wall)
    assert isinstance(promise, MakePromise)
    assert promise.at == datetime(2026, 7, 1, 14, tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    [
        "tomorrow",
        "31.02.2026 16:00",
        "7/1/2026 16:00",
        "2026-07-01T16:00Z",
        "0001-01-01T00:00",
        "9999-12-31T23:59",
        "2026-13-01",
    ],
)
def test_what_is_not_a_date_and_time_is_named(text: str) -> None:
    assert problems("promise", what="a call", at=text) == {"at": Unfit.INSTANT}


def test_everything_that_is_wrong_is_named_at_once() -> None:
    assert problems("promise", what=" ") == {"what": Unfit.MISSING, "at": Unfit.MISSING}
    assert problems("consult", to="x" * 201, question="?") == {"to": Unfit.LONG}
    assert problems("resolve", outcome="splendid", solution="done") == {"outcome": Unfit.CHOICE}


@pytest.mark.parametrize("text", ["5", "-1", "many", "1.0", "٣", "9" * 40, "--1"])
def test_a_number_is_whole_and_within_its_bounds(text: str) -> None:
    assert problems("change_frustration", level=text) == {"level": Unfit.NUMBER}


def test_a_number_may_be_written_as_people_do() -> None:
    assert read("change_frustration", level=" 4 ").kind == "change_frustration"


def test_the_packet_is_put_together_from_its_fields() -> None:
    assert read("escalate", packet__concern="Wants the money", packet__tried="a\n\n b ", packet__nothing_tried="") == (
        Escalate(by="ana", why="", packet=Packet(concern="Wants the money", tried=("a", "b")))
    )


def test_options_are_numbered_by_their_rows_and_empty_rows_are_none() -> None:
    assert read(
        "offer_options", options__1__title="Refund", options__3__title="Voucher", options__3__pros="more", default="3"
    ) == (
        OfferOptions(
            by="ana",
            options=(Option(id="1", title="Refund"), Option(id="3", title="Voucher", pros="more")),
            default="3",
        )
    )


def test_a_row_that_is_not_complete_is_named() -> None:
    assert problems("offer_options", options__2__pros="cheap") == {"options.2.title": Unfit.MISSING}


def test_items_without_an_id_are_read_too() -> None:
    resolved = read(
        "resolve", outcome="solved", solution="Paid back.", items__1__what="Refund", items__1__amount="49.90"
    )
    assert resolved == Resolve(
        by="ana", outcome=Outcome.SOLVED, solution="Paid back.", items=(OutcomeItem(what="Refund", amount="49.90"),)
    )


def test_several_ticks_of_one_field_are_a_list() -> None:
    values = {"text": ["done"], "checked": ["a", "b"]}
    assert command_from(AddNote, values, by="ana", zone=BERLIN) == AddNote(by="ana", text="done", checked=("a", "b"))


def test_a_correction_says_only_what_was_changed() -> None:
    before = {"category": "billing", "summary": "Twice", "our_fault": "no"}
    assert read(
        "correct", unchanged=before, category="billing", summary=" Twice", our_fault="yes", why="it was us"
    ) == (Correct(by="ana", our_fault=True, why="it was us"))
    assert read("correct", unchanged=before, category="technical", summary="Twice", our_fault="no") == (
        Correct(by="ana", category=Category.TECHNICAL)
    )


def test_a_due_date_that_is_left_empty_goes_back_to_the_policy() -> None:
    assert read("set_due", clock="promise", why="asked") == SetDue(
        by="ana", clock=ClockName.PROMISE, at=None, why="asked"
    )


def test_characters_that_no_store_holds_do_not_come_through() -> None:
    note: Any = read("note", text="a\x00b\ud83d")
    assert note.text == "a\ufffdb\ufffd"
