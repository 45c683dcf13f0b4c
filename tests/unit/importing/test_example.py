"""The example incidents: what is in the file, and what comes of it when all of it is played on the demo policy."""

import asyncio
import gzip
from collections import Counter
from functools import cache
from pathlib import Path

import pytest

from escalation.case.events import Event
from escalation.message_kinds import MessageKind
from escalation.vocabulary import OVER, ClockName, Severity, Stage
from examples import make_excerpt
from simulation.exports import SERVICENOW, Life, Rejected, TicketLog, play_of, read_ticket_logs
from starter.play import Played, Player, Playing
from tests.unit.importing.desk import TOP, Desk
from tests.unit.importing.logs import HEADER, row
from tests.unit.importing.virtual_time import at_once

EXAMPLE = TOP / "examples" / "incidents.csv"


@cache
def tickets() -> tuple[TicketLog, ...]:
    with EXAMPLE.open(encoding="utf-8", newline="") as lines:
        rejected: list[Rejected] = []
        found = tuple(read_ticket_logs(lines, SERVICENOW, rejected))
    assert rejected == []
    return found


@cache
def plans() -> tuple[Life, ...]:
    return tuple(play_of(log, SERVICENOW) for log in tickets())


def showing(kind: str) -> int:
    return sum(any(step.command.kind == kind for step in made.steps) for made in plans())


def test_the_excerpt_cut_out_of_itself_is_itself(tmp_path: Path) -> None:
    packed, again = tmp_path / "log.csv.gz", tmp_path / "again.csv"
    packed.write_bytes(gzip.compress(EXAMPLE.read_bytes()))
    assert make_excerpt.main([str(packed), str(again)]) == 0
    assert again.read_bytes() == EXAMPLE.read_bytes()


def test_the_excerpt_takes_whole_incidents_in_the_order_of_the_log_and_leaves_the_others() -> None:
    lines = [HEADER, *(row(state, number=f"INC{n}") for n in range(200) for state in ("New", "Closed"))]
    header, *rows = make_excerpt.excerpt(f"{line}\r\n" for line in lines).splitlines()
    assert header == HEADER
    assert 0 < len(rows) < 200
    assert [line for line in lines[1:] if line in set(rows)] == rows
    assert set(Counter(line.split(",")[0] for line in rows).values()) == {2}


def test_incidents_that_are_too_long_to_be_shown_are_passed_over() -> None:
    lines = [HEADER, *(row("Active", number="INC1") for _ in range(make_excerpt.MOST_ROWS + 1)), row(number="INC2")]
    assert "INC1" not in make_excerpt.excerpt(lines)
    assert "INC2" in make_excerpt.excerpt(lines)


@pytest.mark.parametrize("arguments", [[], ["one"], ["no-such-file.csv", "out.csv"]])
def test_the_script_says_in_one_line_what_it_cannot_do(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert make_excerpt.main(arguments) == 2
    assert len(capsys.readouterr().err.splitlines()) == 1


def test_every_row_of_the_example_makes_sense() -> None:
    assert len(tickets()) == 60
    assert sum(len(log.rows) for log in tickets()) == len(EXAMPLE.read_text("utf-8").splitlines()) - 1


def test_the_example_shows_every_kind_of_life() -> None:
    assert {made.open.severity for made in plans()} == set(Severity)
    assert {log.made_sla for log in tickets()} == {True, False}
    assert showing("request_information") == 30
    assert showing("pause") == 11
    assert showing("escalate") == 15
    assert showing("decline") == 20
    assert showing("reopen") == 7
    assert showing("change_severity") == 7
    assert showing("answer_survey") == 38
    assert sum(made.ignores_first_offer for made in plans()) == 7
    assert {made.open.customer.language for made in plans()} == {"de", "en"}


@cache
def played() -> tuple[Desk, tuple[Played, ...], float]:
    """The whole example, played once; how long the play took; and then time for every clock that was left."""
    desk = Desk()

    async def story() -> tuple[tuple[Played, ...], float]:
        loop = asyncio.get_running_loop()
        player = Player(desk, Playing(policy="demo"), clock=loop.time)
        found = await player.play_all(plans())
        took = loop.time()
        await asyncio.sleep(120)
        for ticket in desk.cases:
            desk.catch_up(ticket)
        return found, took

    return desk, *at_once(story())


def events() -> list[Event]:
    return [event for case in played()[0].cases.values() for event in case.events]


@pytest.mark.slow
def test_the_whole_example_is_played_within_a_minute_and_a_half_and_every_case_is_closed() -> None:
    desk, found, took = played()
    assert len(found) == 60
    assert took < 90
    assert Counter(case.state.stage for case in desk.cases.values()) == {Stage.CLOSED: 60}
    assert all(case.state.stage in OVER for case in desk.cases.values())


@pytest.mark.slow
def test_nearly_all_steps_find_the_case_where_the_log_had_it_and_the_others_say_why_not() -> None:
    _, found, _ = played()
    done, skipped = sum(one.done for one in found), [skip for one in found for skip in one.skipped]
    assert done + len(skipped) == sum(len(made.steps) for made in plans())
    assert len(skipped) < 0.1 * done
    assert all(skip.reason for skip in skipped)


def test_our_clocks_have_something_to_do_and_customers_hear_of_it() -> None:
    kinds = Counter(event.kind for event in events())
    for happened in ("offer_lapsed", "declined", "climbed", "paused", "reopened", "survey_answered", "closed"):
        assert kinds[happened] > 0, happened
    messages = Counter(event.message for event in events() if event.kind == "message_queued")
    assert messages[MessageKind.RECEIPT] == 60
    assert messages[MessageKind.HOLDING_UPDATE] > 0
    breaches = Counter(event.clock for event in events() if event.kind == "threshold_reached" and event.breach)
    assert breaches[ClockName.RESOLUTION] > 0
