"""What comes in is bounded and normal: lengths, counts, instants, numbers, characters."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from escalation.bounds import HORIZON, Id, Line, Text, accepted, accepted_as
from escalation.bounds.reading import reader_of
from escalation.case.codec import from_json, to_json
from escalation.case.commands import (
    SUPPORT_COMMANDS,
    AddNote,
    ApplyPolicy,
    Consult,
    Escalate,
    MakePromise,
    OfferOptions,
    Open,
    OpenByTriage,
    Option,
    Packet,
    Reassign,
    RecordCustomerReply,
    RequestApproval,
    SetDue,
)
from escalation.errors import InvalidCommand, Refused
from escalation.incident.commands import INCIDENT_COMMANDS, LinkTickets, OpenIncident, TellLinked
from escalation.triage.facts import TicketFacts
from escalation.vocabulary import ApprovalKind, ClockName
from tests.unit.domain.case import MONDAY, Case, opening

ANY_TEXT = st.text(st.characters(), max_size=50)
"""Any code points, halves of emoji and controls too."""
LONG = "x" * 20_001


def _of_any(type_: Any, **values: Any) -> Any:
    """A command with values of other types than it says, as a Python caller may build it."""
    return type_(**values)


MANY = tuple(f"step {number}" for number in range(5_000))


@pytest.mark.parametrize(
    "type_",
    [*SUPPORT_COMMANDS.values(), *INCIDENT_COMMANDS.values(), Open, OpenByTriage, OpenIncident],
    ids=lambda type_: type_.__name__,
)
def test_every_field_of_every_command_has_a_bound(type_: type) -> None:
    assert callable(reader_of(type_))


def test_a_field_without_a_bound_is_found() -> None:
    @dataclass(frozen=True)
    class Unbounded:
        text: str

    with pytest.raises(TypeError, match="has no bound"):
        reader_of(Unbounded)


@pytest.mark.parametrize(
    ("command", "said"),
    [
        (AddNote(by="ana", text="x" * 400_001), "`text` has 400,001 characters; write at most 400,000"),
        (AddNote(by="b" * 70_000, text="x"), "`by` has 70,000 characters; write at most 200"),
        (AddNote(by="an\x00a", text="x"), "`by` has control characters"),
        (AddNote(by="an\ud83da", text="x"), "`by` has control characters"),
        (_of_any(AddNote, by="ana", text=7), "`text` is of type int; write a text"),
        (Reassign(by="ana", to="b\x00", why="x"), "`to` has control characters"),
        (Consult(by="ana", to="c" * 70_000, question="x"), "`to` has 70,000 characters"),
        (ApplyPolicy(policy="p" * 130_000, by="ana", why="x"), "`policy` has 130,000 characters"),
        (ApplyPolicy(policy="p\x00", by="ana", why="x"), "`policy` has control characters"),
        (ApplyPolicy(policy="p", version=10**12, by="ana", why="x"), "`version` is out of range; write -1,000,000 to"),
        (ApplyPolicy(policy="p", version=10**5000, by="ana", why="x"), "`version` is out of range"),
        (RequestApproval(what=ApprovalKind.REFUND, amount=10**10, by="ana", why="x"), "`amount` is out of range"),
        (Escalate(by="ana", why="x", packet=Packet(concern="x", tried=MANY)), "`packet.tried` has 5,000 items"),
        (Escalate(by="ana", why="x", packet=Packet(concern="x", evidence=MANY)), "`packet.evidence` has 5,000 items"),
        (
            Escalate(by="ana", why="x", packet=Packet(concern="x", evidence=("x" * 2_000,) * 11)),
            "`packet` has 22,001 characters in all; write at most 20,000",
        ),
        (OfferOptions(by="ana", options=(Option(id="a", title="t" * 201),)), "`options.title` has 201 characters"),
        (_of_any(OfferOptions, by="ana", options="abc"), "`options` is of type str; write a list"),
        (SetDue(clock=ClockName.RESOLUTION, at=datetime(9999, 12, 31, tzinfo=UTC), by="ana", why="x"), "`at` is 9999"),
        (SetDue(clock=ClockName.RESOLUTION, at=datetime(2400, 1, 1, tzinfo=UTC), by="ana", why="x"), "`at` is 2400"),
        (SetDue(clock=ClockName.RESOLUTION, at=datetime(2030, 1, 1), by="ana", why="x"), "no time zone"),  # noqa: DTZ001
        (
            MakePromise(what="x", at=datetime.max.replace(tzinfo=timezone(timedelta(hours=-9))), by="ana"),
            "write an instant from 2000-01-01 to 2100-01-01",
        ),
        (opening(since=datetime(1, 1, 1, tzinfo=timezone(timedelta(hours=9)))), "`since` is 0001"),
        (opening(ticket="T 7"), "`ticket` must be 1 to 200 visible characters without blanks"),
        (opening(ticket="T\x00"), "`ticket` must be"),
        (replace(opening(), customer=replace(opening().customer, language="e\x00")), "`customer.language` has control"),
        (opening(customer=None), "`customer` is of type NoneType; write a Customer"),
        (OpenIncident(name="mail", title="x", cause="c" * 1_900_000, by="zoe"), "`cause` has 1,900,000 characters"),
        (LinkTickets(tickets=("7",) * 5_001, by="zoe"), "`tickets` has 5,001 items"),
        (LinkTickets(tickets=("7" * 200,) * 501, by="zoe"), "`tickets` has 100,200 characters in all"),
        (TellLinked(text=LONG, by="zoe"), "`text` has 20,001 characters"),
    ],
)
def test_what_is_out_of_bounds_is_refused_in_words_that_name_the_field(command: object, said: str) -> None:
    with pytest.raises(InvalidCommand) as refusal:
        accepted(command)
    assert said in str(refusal.value)
    assert len(str(refusal.value)) < 500


def test_a_text_as_long_as_the_limit_is_accepted_as_it_is() -> None:
    command = AddNote(by="ana", text="x" * 20_000, tried="y" * 2_000)
    assert accepted(command) is command


def test_half_an_emoji_and_controls_become_replacement_characters() -> None:
    command = RecordCustomerReply(text="late \ud83d\x00\x1b[31m\r\n\tand Grüße 👋")
    assert accepted(command).text == "late \ufffd\ufffd\ufffd[31m\r\n\tand Grüße 👋"


def test_a_line_keeps_no_line_break() -> None:
    assert accepted(opening(summary="twice\r\nBcc: x\u2028y\x00")).summary == "twice  Bcc: x y\ufffd"


def test_what_triage_would_not_read_of_a_ticket_is_left_out() -> None:
    facts = TicketFacts(text=LONG, subject="half \ud83d")
    read = accepted(_by_triage(facts)).facts
    assert (len(read.text), read.subject) == (20_000, "half \ufffd")


def _by_triage(facts: TicketFacts) -> OpenByTriage:
    case = opening()
    return OpenByTriage(ticket="7", summary="x", customer=case.customer, by="ana", facts=facts)


def test_an_instant_is_brought_to_utc() -> None:
    east = timezone(timedelta(hours=5, minutes=30))
    at = accepted(MakePromise(what="x", at=datetime(2027, 1, 1, 12, tzinfo=east), by="ana")).at
    assert (at, at.tzinfo) == (datetime(2027, 1, 1, 6, 30, tzinfo=UTC), UTC)


def test_every_problem_of_a_command_is_named() -> None:
    with pytest.raises(InvalidCommand, match=r"`by` has .*; `to` has .*; `question` has"):
        accepted(Consult(by="b" * 201, to="c" * 201, question="x" * 400_001))


def test_a_single_value_is_bounded_as_well() -> None:
    assert accepted_as(Id, "default", "policy") == "default"
    with pytest.raises(InvalidCommand, match="`policy` has 201 characters"):
        accepted_as(Id, "p" * 201, "policy")


@given(ANY_TEXT, ANY_TEXT)
def test_whatever_is_accepted_can_be_sent_and_kept(text: str, line: str) -> None:
    for kind in (Text, Line):
        found = accepted_as(kind, text + line, "x")
        assert "\x00" not in found
        found.encode("utf-8")
    note = accepted(AddNote(by="ana", text=text, tried=line))
    assert from_json(AddNote, to_json(note)) == note
    assert accepted(note) is note  # what is normal stays as it is


@given(st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), ANY_TEXT, st.binary(), st.lists(st.integers())))
def test_a_value_of_any_type_is_accepted_or_refused_in_words(value: Any) -> None:
    for command in (
        AddNote(by=value, text=value, tried=value),
        SetDue(clock=value, at=value, by=value, why=value),
        OfferOptions(options=value, by=value, default=value),
        Escalate(by=value, why=value, packet=value, trigger=value),
    ):
        assert _came_of(command)


def _came_of(command: object) -> str:
    try:
        accepted(command)
    except Refused as refusal:
        return str(refusal)
    return "accepted"


@pytest.mark.parametrize("beyond", [timedelta(seconds=1), timedelta(days=9_000)])
def test_a_case_is_not_opened_since_long_before_anyone_could_have_waited(beyond: timedelta) -> None:
    with pytest.raises(InvalidCommand, match=r"`since` is .*, more than 5 years ago"):
        Case.opened(since=MONDAY - HORIZON - beyond)


@pytest.mark.parametrize("clock", [ClockName.RESOLUTION, ClockName.FIRST_RESPONSE, ClockName.CUSTOMER_UPDATE])
def test_a_clock_is_not_set_years_ahead(clock: ClockName) -> None:
    case = Case.opened()
    with pytest.raises(InvalidCommand, match=r"`at` is .*, more than 5 years ahead"):
        case.do(SetDue(clock=clock, at=MONDAY + HORIZON + timedelta(days=30), by="ana", why="x"))


def test_a_field_of_two_kinds_has_no_bound() -> None:
    @dataclass(frozen=True)
    class Loose:
        text: Line | Id | None

    with pytest.raises(TypeError, match="one kind at most, beside None"):
        reader_of(Loose)


def test_an_instant_that_is_not_one_is_refused_with_its_field() -> None:
    with pytest.raises(InvalidCommand, match="`at` is of type str; write an instant"):
        accepted(_of_any(SetDue, clock=ClockName.RESOLUTION, at="tomorrow", by="ana", why="x"))
