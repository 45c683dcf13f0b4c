"""`watch`: the command that keeps looking."""

from datetime import timedelta

import pytest

from escalation.case.commands import Acknowledge, Cancel, Consult, RequestApproval
from escalation.vocabulary import ApprovalKind, CancelCause, Severity
from starter.cli.case.watching import look
from starter.errors import TemporalUnreachable, WorkersBusy
from tests.unit.starter.desk import Desk, InMemory, Terminal
from workflows.contract import Status

QUICK = ("--every", "1s")


class Failing(InMemory):
    """Fails from the second look on."""

    looks = 0

    def _fail(self) -> None:
        self.looks += 1
        if self.looks > 1:
            raise TemporalUnreachable("the server went away")


class Silent(InMemory):
    """No worker answers for one ticket."""

    async def status(self, ticket: str) -> Status:
        if ticket.endswith("T-2"):
            raise WorkersBusy(ticket, seconds=1)
        return await super().status(ticket)


@pytest.fixture(autouse=True)
def no_waiting(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    waited: list[float] = []

    async def at_once(seconds: float) -> None:
        waited.append(seconds)

    monkeypatch.setattr("starter.cli.case.watching.sleep", at_once)
    return waited


async def test_what_is_due_soonest_comes_first(desk: Desk) -> None:
    desk.cases.opened("T-1").do(Acknowledge(by="ana"))
    desk.cases.opened("T-2", severity=Severity.SEV1)
    ended = await desk("watch", "--count", "1")

    assert ended.code == 0
    assert "2 open at 2026-03-02 09:00:00 UTC" in ended.out
    assert ended.out.index("T-2") < ended.out.index("T-1")
    assert "acknowledge 50%" in ended.out
    assert "in 7 min 30 s" in ended.out


async def test_whose_word_is_waited_for_is_next_to_the_owner(desk: Desk) -> None:
    case = desk.cases.opened("T-1")
    case.do(Acknowledge(by="ana"))
    assert "(advice)" not in (await desk("watch", "--count", "1")).out
    case.do(Consult(by="ana", to="cat", question="Seen before?"))
    case.do(RequestApproval(what=ApprovalKind.REFUND, amount=120, by="ana", why="charged twice"))
    out = (await desk("watch", "--count", "1")).out
    assert "cat" in out
    assert "(advice)" in out
    assert "(approval)" in out


async def test_it_looks_as_often_as_asked(desk: Desk, no_waiting: list[float]) -> None:
    desk.cases.opened()
    ended = await desk("watch", "--count", "3", "--every", "90s", "--json")

    assert [item["escalation"] for item in ended.items] == ["escalation-T-1"] * 3
    assert no_waiting == [90.0, 90.0]


async def test_one_escalation_is_shown_with_all_its_clocks(desk: Desk) -> None:
    desk.cases.opened()
    desk.cases.opened("T-2")
    ended = await desk("watch", "T-1", "--count", "1")

    assert "customer update" in ended.out
    assert "T-2" not in ended.out


async def test_an_escalation_that_is_over_but_still_listed_is_left_out(desk: Desk) -> None:
    desk.cases.opened().do(Cancel(by="ana", cause=CancelCause.WITHDRAWN))

    assert (await desk("watch", "--count", "1")).out.strip() == "nothing is open"


async def test_a_terminal_gets_one_live_table(desk: Desk) -> None:
    desk.cases.opened()
    ended = await desk("watch", "--count", "2", *QUICK, stdout=Terminal())

    assert ended.code == 0
    assert "T-1" in ended.out
    assert "\x1b[" in ended.out


async def test_a_case_without_a_worker_does_not_hide_the_others() -> None:
    cases = Silent()
    cases.opened("T-1")
    cases.opened("T-2")
    seen = await look(cases, None, 10)

    assert [status.view.ticket for status in seen.statuses] == ["T-1"]
    assert seen.silent == ("escalation-T-2",)


async def test_people_are_notified_whose_worker_is_silent(desk: Desk) -> None:
    desk.cases = Silent()
    desk.cases.opened("T-2")

    assert "no worker answered for escalation-T-2" in (await desk("watch", "--count", "1")).out


async def test_a_server_that_goes_away_is_shown_and_watched_for(desk: Desk) -> None:
    desk.cases = Failing()
    ended = await desk("watch", "--count", "3", *QUICK)

    assert ended.code == 0
    assert ended.out.count("not fresh: the server went away") == 2


async def test_a_server_that_never_answered_ends_it(desk: Desk) -> None:
    desk.cases.failure = TemporalUnreachable("nobody there")

    assert (await desk("watch")).code == 5


@pytest.mark.parametrize("words", [("--every", "soon"), ("--count", "0"), ("--limit", "0")])
async def test_a_wrong_rhythm_is_refused(desk: Desk, words: tuple[str, str]) -> None:
    assert (await desk("watch", *words)).code == 2


async def test_breaches_are_counted(desk: Desk) -> None:
    case = desk.cases.opened()
    case.do(Acknowledge(by="ana"))
    case.wait(timedelta(hours=3))
    rows = (await desk("watch", "--count", "1")).out.splitlines()
    row = next(line for line in rows if line.startswith("T-1"))

    assert row.split()[-1] == str(sum(case.state.breaches.values()))
