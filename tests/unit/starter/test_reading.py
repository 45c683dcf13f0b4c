"""`explain` and `list`, and what every question has in common: exit codes and errors."""

from datetime import timedelta

import pytest

from escalation.case.commands import Acknowledge, RequestInformation
from escalation.vocabulary import Category, ClockName, Severity, Stage
from starter.errors import TemporalUnreachable, WorkersBusy
from starter.listing import Filter, search_query
from tests.unit.starter.desk import Desk


def line_of(text: str, start: str) -> str:
    return next(line for line in text.splitlines() if line.startswith(start))


async def test_an_unknown_escalation_exits_4(desk: Desk) -> None:
    ended = await desk("status", "T-404")

    assert (ended.code, ended.err.startswith("no such case: there is no escalation `escalation-T-404`")) == (4, True)


async def test_no_worker_and_no_server_exit_5(desk: Desk) -> None:
    desk.cases.failure = WorkersBusy("escalation-T-1", seconds=15, command_id="web-17")
    no_worker = await desk("acknowledge", "T-1", "--by", "ana", "--json")
    desk.cases.failure = TemporalUnreachable("nobody there")
    no_server = await desk("status", "T-1")

    assert (no_worker.code, '"command_id":"web-17"' in no_worker.err) == (5, True)
    assert (no_server.code, no_server.err) == (5, "no answer: nobody there\n")


async def test_the_unexpected_exits_70_with_one_line_and_a_hint(desk: Desk) -> None:
    desk.cases.failure = RuntimeError("it\nbroke")
    ended = await desk("status", "T-1")
    debugged = await desk("status", "T-1", "--debug")

    assert (ended.code, "Traceback" in ended.err) == (70, False)
    assert "run it again with --debug" in ended.err
    assert (debugged.code, "Traceback" in debugged.err) == (70, True)


async def test_a_mistake_shows_a_traceback_only_when_asked(desk: Desk) -> None:
    assert "Traceback" not in (await desk("status")).err
    assert "Traceback" in (await desk("status", "--debug")).err


async def test_explain_says_what_counted_and_what_did_not(desk: Desk) -> None:
    case = desk.cases.opened()
    case.do(Acknowledge(by="ana"))
    case.wait(timedelta(hours=1))
    case.do(RequestInformation(by="ana", question="which?"))
    case.wait(timedelta(hours=1))
    ended = await desk("explain", "T-1", "resolution")

    assert ended.code == 0
    assert "resolution, run 1" in ended.out
    assert "1 h of 2 h on the wall" in line_of(ended.out, "counted")
    assert "waiting on customer, by ana" in line_of(ended.out, "pause")
    assert "open (paused)" in line_of(ended.out, "50%")


async def test_explain_counts_up_to_now_though_nothing_has_happened_since(desk: Desk) -> None:
    desk.cases.opened()
    desk.now += timedelta(hours=3)
    ended = await desk("explain", "T-1", "resolution")

    assert "3 h of 3 h on the wall" in line_of(ended.out, "counted")
    assert "45 h" in line_of(ended.out, "left")


async def test_explain_without_a_clock_explains_all(desk: Desk) -> None:
    desk.cases.opened()
    told = (await desk("explain", "T-1", "--json")).items

    runs = set(desk.cases.lives["T-1"].state.runs)
    assert {one["clock"] for one in told} == runs - {ClockName.AGEING}, "which is never due for this severity"


async def test_explain_of_a_clock_that_does_not_run_says_so(desk: Desk) -> None:
    desk.cases.opened()

    assert (await desk("explain", "T-1", "review")).out == ("review is not running; `timeline` shows earlier runs\n")


async def test_explain_refuses_a_clock_that_does_not_exist(desk: Desk) -> None:
    ended = await desk("explain", "T-1", "lunch")

    assert (ended.code, '"customer-update"' in ended.err) == (2, True)


async def test_list_shows_the_worst_first(desk: Desk) -> None:
    desk.cases.opened("T-1", severity=Severity.SEV3)
    desk.cases.opened("T-2", severity=Severity.SEV1)
    out = (await desk("list")).out
    items = (await desk("list", "--json")).items

    assert out.index("T-2") < out.index("T-1")
    assert [item["ticket"] for item in items] == ["T-2", "T-1"]


async def test_an_empty_list_says_so_to_people_and_nothing_to_programs(desk: Desk) -> None:
    assert (await desk("list")).out == "no such escalations\n"
    assert (await desk("list", "--json")).out == ""


async def test_list_passes_on_what_is_wanted(desk: Desk) -> None:
    await desk("list", "--stage", "waiting-on-customer", "--severity", "SEV1", "--owner", "ana", "--breached")

    assert desk.cases.wanted == Filter(
        stage=Stage.WAITING_ON_CUSTOMER, severity=Severity.SEV1, owner="ana", breached=True
    )


@pytest.mark.parametrize("words", [("--stage", "lost"), ("--limit", "0")])
async def test_list_refuses_what_does_not_exist(desk: Desk, words: tuple[str, str]) -> None:
    assert (await desk("list", *words)).code == 2


def test_a_search_asks_for_open_escalations_only() -> None:
    query = search_query(Filter())

    assert "ExecutionStatus = 'Running'" in query
    assert "EscalationStage NOT IN ('closed', 'cancelled')" in query


def test_a_search_for_a_stage_finds_that_stage_whether_over_or_not() -> None:
    latest = "WorkflowType = 'Escalation' AND ExecutionStatus != 'ContinuedAsNew'"
    assert search_query(Filter(stage=Stage.CLOSED)) == f"{latest} AND EscalationStage = 'closed'"


def test_a_search_joins_all_that_is_wanted() -> None:
    wanted = Filter(include_over=True, category=Category.POLICY, owner="ana", breached=False)
    conditions = search_query(wanted).split(" AND ")

    assert conditions[2:] == [
        "EscalationCategory = 'policy'",
        "EscalationOwner = 'ana'",
        "(EscalationBreached = false OR EscalationBreached IS NULL)",
    ]


def test_a_name_cannot_break_out_of_a_search() -> None:
    assert search_query(Filter(include_over=True, owner="x' OR 'a")).endswith(r"EscalationOwner = 'x\' OR \'a'")
