"""The command line as a whole: help, output, exit codes, adding modules."""

import asyncio
import io
import json
from datetime import UTC, datetime, timedelta

import pytest

from activities.errors import DatabaseUnavailable
from escalation.errors import InvalidPolicy, NotAllowed
from escalation.vocabulary import Stage
from runtime.exit_codes import INTERRUPTED, OK
from runtime.settings import SettingsError
from starter.cli import app as assembly
from starter.cli.context import Context
from starter.cli.failures import failure_of
from starter.cli.output import Output, plain
from starter.cli.parameters import either, instant, wall_time
from starter.cli.tables import absolute, relative
from starter.errors import CommandRefused, EscalationEnded, UnknownEscalation, WorkersBusy
from tests.unit.starter.desk import MONDAY, Desk, InMemory


async def test_help_lists_the_commands(desk: Desk) -> None:
    ended = await desk("--help")

    assert ended.code == 0
    for name in ("open", "acknowledge", "tell-customer", "watch", "--json", "--debug"):
        assert name in ended.out


async def test_every_command_explains_itself(desk: Desk) -> None:
    ended = await desk("offer-options", "--help")

    assert (ended.code, "ID=TITLE" in ended.out, "ESCALATIONS_BY" in ended.out) == (0, True, True)


async def test_no_command_shows_the_help(desk: Desk) -> None:
    assert "Usage: escalations" in (await desk()).out


async def test_json_may_be_anywhere(desk: Desk) -> None:
    desk.cases.opened()
    before, after = await desk("--json", "status", "T-1"), await desk("status", "T-1", "--json")

    assert before.json == after.json


async def test_a_mistake_is_shown_in_json_too(desk: Desk) -> None:
    ended = await desk("status", "--json")

    assert (ended.code, json.loads(ended.err)["error"]) == (2, "bad input")


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (SettingsError("x"), 2),
        (InvalidPolicy(["policy.yaml:3: x", "policy.yaml:4: y"]), 2),
        (CommandRefused("NotAllowed", "x"), 3),
        (NotAllowed("x"), 3),
        (UnknownEscalation("escalation-1"), 4),
        (EscalationEnded("escalation-1", "closed"), 4),
        (WorkersBusy("escalation-1", seconds=1), 5),
        (DatabaseUnavailable("x"), 5),
        (KeyError("x"), 70),
    ],
)
def test_an_error_has_its_exit_code(error: Exception, code: int) -> None:
    assert failure_of(error).code == code


def test_each_problem_gets_a_line_of_its_own() -> None:
    err = io.StringIO()
    Output(stdout=io.StringIO(), stderr=err).error(2, "invalid policy", "p.yaml:3: x\np.yaml:4: y")

    assert err.getvalue() == "invalid policy: p.yaml:3: x\ninvalid policy: p.yaml:4: y\n"


def test_errors_say_what_to_do_next() -> None:
    assert "check the ticket number, or open it" in str(UnknownEscalation("escalation-1"))
    assert "repeat with command id web-17" in str(WorkersBusy("escalation-1", seconds=5, command_id="web-17"))
    assert "being opened" in str(WorkersBusy("escalation-1", seconds=5, said="it is being opened"))
    assert "open the ticket again" in str(EscalationEnded("escalation-1", failure="there is no policy `x`"))


def test_a_pipe_gets_wide_tables_without_colours(monkeypatch: pytest.MonkeyPatch) -> None:
    assert Output(stdout=io.StringIO(), stderr=io.StringIO()).console.width == 160
    monkeypatch.setenv("COLUMNS", "90")
    assert Output(stdout=io.StringIO(), stderr=io.StringIO()).console.width == 90


def test_a_text_is_on_one_line() -> None:
    assert plain("a\n  b\t\x07c") == "a b \N{REPLACEMENT CHARACTER}c"


@pytest.mark.parametrize(
    ("text", "utc"),
    [("2026-03-27T16:00+01:00", 15), ("2026-03-27T16:00Z", 16), ("2026-03-27 16:00:00-02:00", 18)],
)
def test_an_instant_is_read_with_its_offset(text: str, utc: int) -> None:
    assert instant(text) == datetime(2026, 3, 27, utc, 0, tzinfo=UTC)


@pytest.mark.parametrize("text", ["2026-03-27", "2026-03-27T16:00"])
def test_an_instant_without_offset_is_refused_with_a_hint(text: str) -> None:
    with pytest.raises(ValueError, match=r"add an offset, like .*\+01:00, or Z for UTC"):
        instant(text)


@pytest.mark.parametrize(("text", "seconds"), [("90s", 90), ("1h30m", 5400), ("1d", 86400)])
def test_a_duration_from_now_is_wall_time(text: str, seconds: int) -> None:
    assert wall_time(text) == timedelta(seconds=seconds)


def test_no_time_given_means_none() -> None:
    assert either(None, None, MONDAY, names=("--at", "--in")) is None


@pytest.mark.parametrize(
    ("seconds", "told"),
    [
        (0, "now"),
        (59, "in 59 s"),
        (-90, "1 min 30 s ago"),
        (7200, "in 2 h"),
        (7500, "in 2 h 5 min"),
        (3 * 86400 + 60, "in 3 d"),
        (-(3 * 86400 + 7200), "3 d 2 h ago"),
    ],
)
def test_a_distance_is_shown_in_its_two_largest_units(seconds: int, told: str) -> None:
    assert relative(MONDAY + timedelta(seconds=seconds), MONDAY) == told


def test_no_instant_is_a_dash() -> None:
    assert (absolute(None), relative(None, MONDAY)) == ("-", "-")


def test_an_interrupted_process_leaves_with_130(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(coroutine: object) -> int:
        coroutine.close()  # type: ignore[attr-defined]  # it is the coroutine of `run`
        raise KeyboardInterrupt

    monkeypatch.setattr(asyncio, "run", interrupt)

    assert assembly.run_to_exit([], Context.of_this_process()) == INTERRUPTED


def test_a_process_leaves_with_the_code_of_its_command() -> None:
    async def cases() -> InMemory:
        return InMemory()

    context = Context(
        out=Output(stdout=io.StringIO(), stderr=io.StringIO()), cases=cases, now=lambda: MONDAY, stdin=io.StringIO()
    )
    with asyncio.Runner() as runner:
        assert runner.run(assembly.run(["list"], context)) == OK


async def test_ended_cases_are_reported_as_over(desk: Desk) -> None:
    desk.cases.failure = EscalationEnded("escalation-T-1", Stage.CLOSED)
    ended = await desk("acknowledge", "T-1", "--by", "ana")

    assert (ended.code, ended.err) == (
        4,
        "over: `escalation-T-1` has ended (closed) and takes no more commands; "
        "open the ticket again if it needs another escalation\n",
    )
