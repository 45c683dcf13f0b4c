"""Refusals on the command line name what was typed; the Python client's errors name its fields."""

import io
import json
from dataclasses import replace
from typing import Any

import pytest
from cyclopts import App

from escalation.case.commands import (
    Acknowledge,
    Consult,
    Decline,
    Escalate,
    OfferOptions,
    Option,
    Packet,
    Reassign,
    SupportCommand,
)
from escalation.incident.commands import OpenIncident, TellLinked
from escalation.policy import Policy
from starter.cli.app import build_app
from starter.cli.cases import Cases
from starter.cli.context import Context
from starter.cli.fields import as_typed, option_of, options_of, refused_as_typed
from starter.cli.output import Output
from starter.errors import CommandRefused
from tests.example_policy import EXAMPLE
from tests.unit.domain.case import Case, opening
from tests.unit.starter.desk import MONDAY, OPEN, Desk, InMemory
from tests.unit.starter.test_commands import LINES
from tests.unit.starter.test_incident_commands import LINES as INCIDENT_LINES

BY = ("--by", "ana")


async def nobody() -> Cases:
    return InMemory()


@pytest.fixture(scope="module")
def app() -> App:
    out = Output(stdout=io.StringIO(), stderr=io.StringIO())
    return build_app(Context(out=out, cases=nobody, now=lambda: MONDAY))


def options(command: App) -> set[str]:
    return {name for argument in command.assemble_argument_collection() for name in argument.names}


@pytest.mark.parametrize(("words", "command"), LINES, ids=[" ".join(words[:2]) for words, _ in LINES])
def test_what_a_refusal_names_is_an_option_of_that_command(
    app: App, words: tuple[str, ...], command: SupportCommand
) -> None:
    there = options(app[words[0]])
    told = {option for _, option in options_of(command)}

    assert told - there == set()
    assert "--by" in told


@pytest.mark.parametrize(("words", "command"), INCIDENT_LINES, ids=[words[0] for words, _ in INCIDENT_LINES])
def test_the_same_holds_for_commands_of_an_incident(app: App, words: tuple[str, ...], command: Any) -> None:
    told = {option for _, option in options_of(command)} - {"TICKETS"}

    assert told - options(app["incident"][words[0]]) == set()


def test_what_opens_an_escalation_is_named_as_open_takes_it(app: App) -> None:
    told = {option for _, option in options_of(opening())}

    assert {"TICKET", "--reason", "--our-fault", "--waiting-on"} <= told
    assert told - options(app["open"]) == {"TICKET"}


def test_a_field_of_the_command_becomes_its_option_and_nothing_else_changes() -> None:
    message = "acknowledge with `packet_read`, or `reassign` it; `to` is no matter of yours, packet_read neither"

    assert as_typed(message, Acknowledge(by="ana")) == message.replace("`packet_read`", "`--packet-read`")


def test_parts_of_the_packet_are_named_as_their_options() -> None:
    message = "missing: `packet.tried`, what was tried, or `packet.nothing_tried`; `why`; `packet.contact`"
    command = Escalate(by="ana", why="", packet=Packet(concern="c"))

    assert (
        as_typed(message, command)
        == "missing: `--tried`, what was tried, or `--nothing-tried`; `--why`; `packet.contact`"
    )


def test_a_person_who_is_called_like_a_field_keeps_their_name() -> None:
    assert as_typed("`to` has it already", Reassign(to="to", by="ana", why="x")) == "`to` has it already"
    assert as_typed("`by` owns the case; `why` is empty", Decline(by="by", why="")) == (
        "`by` owns the case; `--why` is empty"
    )


def test_what_is_written_once_for_each_is_named_in_the_singular() -> None:
    command = OfferOptions(options=(Option(id="a", title="Refund"),), by="ana")

    assert as_typed("`options` needs at least two", command) == "`--option` needs at least two"


def test_a_field_within_another_one_is_an_option_with_a_hyphen() -> None:
    assert [option_of(name) for name in ("customer-address", "our_fault", "reasons", "ticket")] == [
        "--customer-address",
        "--our-fault",
        "--reason",
        "TICKET",
    ]


def test_a_refusal_keeps_its_type_and_where_it_came_from() -> None:
    first = CommandRefused("InvalidCommand", "`next_by` has passed")
    with pytest.raises(CommandRefused) as caught, refused_as_typed(TellLinked(text="soon", by="zoe")):
        raise first

    assert (caught.value.type, caught.value.message) == ("InvalidCommand", "`--next-by` has passed")
    assert caught.value.__cause__ is first


def test_other_errors_pass_as_they_are() -> None:
    with pytest.raises(LookupError, match="`name`"), refused_as_typed(OpenIncident(name="n", title="t", by="zoe")):
        raise LookupError("`name`")


# From the command line.


def insisting(policy: Policy = EXAMPLE) -> Policy:
    """The policy, which wants every hand-off packet confirmed."""
    return replace(policy, ladder=replace(policy.ladder, confirm_packet=True))


async def test_a_packet_to_be_read_is_asked_for_by_its_option(desk: Desk) -> None:
    case = Case(policy=insisting())
    case.do(opening())
    case.do(Acknowledge(by="ana", packet_read=True))
    case.do(Escalate(by="ana", why="too hard", packet=Packet(concern="c", nothing_tried=True, proposed=("p",))))
    desk.cases.lives["T-1"] = case
    refused = await desk("acknowledge", "T-1", "--by", case.state.offered_to)

    assert refused.code == 3
    assert "then acknowledge with `--packet-read`" in refused.err
    assert (await desk("acknowledge", "T-1", "--packet-read", "--by", case.state.offered_to)).code == 0


async def test_asking_the_owner_is_refused_with_the_option_that_names_them(desk: Desk) -> None:
    case = desk.cases.opened()
    case.do(Acknowledge(by="ana"))
    told = json.loads((await desk("consult", "T-1", "ana", "seen before?", *BY, "--json")).err)

    assert (told["exit"], told["type"]) == (3, "InvalidCommand")
    assert told["message"].startswith("`--to` is `ana`, who owns the case; ask a colleague, or write a `note`")
    assert desk.cases.sent[-1][1] == Consult(by="ana", to="ana", question="seen before?")


async def test_an_incident_names_its_options_too(desk: Desk) -> None:
    await desk("incident", "open", "mail", "--title", "Mail is late", *BY)
    late = await desk("incident", "tell", "mail", "soon", "--next-step", "news", "--next-by", "2020-01-01T00:00Z", *BY)
    odd = await desk("incident", "open", "no name", "--title", "x", *BY)

    assert (late.code, late.err.startswith("refused: `--next-by` is 2020-01-01")) == (3, True)
    assert (odd.code, odd.err.startswith("refused: `NAME` is `no name`;")) == (3, True)


async def test_opening_names_options_where_they_were_typed_and_fields_where_they_are_in_a_file(desk: Desk) -> None:
    typed = await desk(*(word for word in OPEN if word not in {"--reason", "silence"}))
    desk.stdin = json.dumps(
        {"ticket": "T-1", "summary": "x", "severity": "SEV2", "category": "billing", "reasons": []} | WHO
    )
    filed = await desk("open", "--file", "-")

    assert (typed.code, typed.err) == (2, "bad input: missing: --reason (or give them with --file)\n")
    assert (filed.code, "standard input: `reasons` is empty" in filed.err) == (2, True)


WHO = {"by": "ana", "customer": {"id": "c-1", "name": "Ann", "address": "ann@example.com"}}


@pytest.mark.parametrize(("file", "named"), [(False, "`--category` is missing"), (True, "`category` is missing")])
async def test_what_triage_misses_is_named_likewise(desk: Desk, file: bool, named: str) -> None:
    desk.cases.failure = CommandRefused("InvalidCommand", "`category` is missing: name one")
    desk.stdin = json.dumps({"ticket": "T-1", "summary": "x"} | WHO)
    who = ("--customer-id", "c-1", "--customer-name", "Ann", "--customer-address", "ann@example.com")
    given = ("--file", "-") if file else ("T-1", "--summary", "x", *BY, *who)
    ended = await desk("open", "--triage", *given)

    assert (ended.code, ended.err) == (3, f"refused: {named}: name one\n")
