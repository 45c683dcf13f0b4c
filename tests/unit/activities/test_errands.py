"""One errand, many escalations: each is asked once, so many at a time, and a new attempt goes on where the last one was."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from temporalio.testing import ActivityEnvironment

from activities.contracts import ErrandReport
from activities.errors import ActivityError, CaseOver, CaseRefused, CaseUnanswered, UnknownCase
from activities.incidents import SILENT_LEADS, IncidentActivities
from escalation.codec import from_json, to_json
from escalation.commands import ProposeResolution, RelayBulletin
from escalation.incident.values import Bulletin, Errand, Outcome
from escalation.incident.vocabulary import ErrandKind, Result
from tests import fakes
from tests.unit.activities.builders import MONDAY

TICKETS = tuple(f"T-{number}" for number in range(50))
BULLETIN = Bulletin(number=3, text="We found it", next_by=MONDAY + timedelta(hours=9), by="zoe")
ERRAND = Errand(incident="mail", kind=ErrandKind.BULLETIN, number=3, tickets=TICKETS, bulletin=BULLETIN, by="zoe")


@pytest.fixture
def cases() -> fakes.Cases:
    return fakes.Cases()


@pytest.fixture
def activities(cases: fakes.Cases) -> IncidentActivities:
    return IncidentActivities(cases, fakes.Incidents(), at_once=7)


async def run(
    activities: IncidentActivities,
    errand: Errand,
    *,
    before: ErrandReport | None = None,
    on_heartbeat: Callable[..., None] | None = None,
) -> ErrandReport:
    """One attempt; `before` is what the heartbeats of the one before told."""
    environment = ActivityEnvironment()
    details = [to_json(before)] if before else []
    environment.info = replace(environment.info, heartbeat_details=details)
    if on_heartbeat is not None:
        environment.on_heartbeat = on_heartbeat
    report: ErrandReport = await environment.run(activities.run_errand, errand)
    return report


def asked(cases: fakes.Cases) -> list[str]:
    return [ticket for ticket, _ in cases.asked]


def paging(cases: fakes.Cases) -> list[str]:
    return [
        ticket
        for ticket, done in cases.done.items()
        if any(isinstance(one, RelayBulletin | ProposeResolution) and one.page for one in done)
    ]


async def test_each_is_asked_once_and_so_many_at_a_time(activities: IncidentActivities, cases: fakes.Cases) -> None:
    report = await run(activities, ERRAND)
    assert sorted(one.ticket for one in report.outcomes) == sorted(TICKETS)
    assert {one.result for one in report.outcomes} == {Result.TOLD}
    assert sorted(asked(cases)) == sorted(TICKETS)
    assert {command_id for _, command_id in cases.asked} == {"incident/mail/3"}
    assert cases.most_at_once == 7


async def test_what_an_escalation_is_asked_says_all_that_the_bulletin_says(
    activities: IncidentActivities, cases: fakes.Cases
) -> None:
    await run(activities, replace(ERRAND, tickets=("T-1",)))
    told = RelayBulletin(incident="mail", number=3, text="We found it", next_by=BULLETIN.next_by, by="zoe")
    assert cases.done["T-1"] == [told]


@pytest.mark.parametrize(
    ("error", "result"),
    [
        (CaseOver("it is closed"), Result.OVER),
        (CaseRefused("it is linked to `disk`"), Result.REFUSED),
        (UnknownCase("there is none"), Result.UNKNOWN),
        (CaseUnanswered("no worker answered"), Result.UNANSWERED),
    ],
)
async def test_who_is_not_told_is_named_with_the_reason_and_the_others_are_told(
    activities: IncidentActivities, cases: fakes.Cases, error: ActivityError, result: Result
) -> None:
    cases.errors["T-2"] = error
    outcomes = {one.ticket: one for one in (await run(activities, ERRAND)).outcomes}
    assert outcomes["T-2"] == Outcome(ticket="T-2", result=result, why=str(error))
    assert len(outcomes) == len(TICKETS)
    assert sum(one.result is Result.TOLD for one in outcomes.values()) == len(TICKETS) - 1


async def test_what_is_done_goes_along_with_each_heartbeat(activities: IncidentActivities) -> None:
    told: list[ErrandReport] = []
    await run(activities, ERRAND, on_heartbeat=lambda text: told.append(from_json(ErrandReport, text)))
    assert [len(report.outcomes) for report in told] == list(range(1, len(TICKETS) + 1))


async def test_a_new_attempt_asks_only_those_the_last_one_did_not_reach(
    activities: IncidentActivities, cases: fakes.Cases
) -> None:
    done = ErrandReport(outcomes=tuple(Outcome(ticket=ticket) for ticket in TICKETS[:30]))
    report = await run(activities, ERRAND, before=done)
    assert sorted(asked(cases)) == sorted(TICKETS[30:])
    assert sorted(one.ticket for one in report.outcomes) == sorted(TICKETS)


async def test_a_new_attempt_asks_those_again_who_did_not_answer(
    activities: IncidentActivities, cases: fakes.Cases
) -> None:
    silent = Outcome(ticket="T-0", result=Result.UNANSWERED)
    done = ErrandReport(outcomes=(silent, *(Outcome(ticket=ticket) for ticket in TICKETS[1:])))
    report = await run(activities, ERRAND, before=done)
    assert asked(cases) == ["T-0"]
    assert {one.result for one in report.outcomes} == {Result.TOLD}


async def test_an_attempt_that_dies_leaves_behind_what_it_did(
    activities: IncidentActivities, cases: fakes.Cases
) -> None:
    told: list[str] = []
    stuck = asyncio.Event()

    async def stop_midway() -> None:
        if len(cases.asked) > len(TICKETS) // 2:
            stuck.set()
            await asyncio.Event().wait()
        await asyncio.sleep(0)

    cases.pace = stop_midway
    attempt = asyncio.create_task(run(activities, ERRAND, on_heartbeat=told.append))
    await asyncio.wait_for(stuck.wait(), 10)
    attempt.cancel()
    with pytest.raises(asyncio.CancelledError):
        await attempt
    cases.pace = None
    await run(activities, ERRAND, before=from_json(ErrandReport, told[-1]))
    assert sorted(cases.done) == sorted(TICKETS)
    assert all(len(done) == 1 for done in cases.done.values())
    assert len(cases.asked) < len(TICKETS) + 7 + 1  # only those under way were asked again


# The page.


async def test_the_first_that_takes_it_pages_the_overseer_and_nobody_else(
    activities: IncidentActivities, cases: fakes.Cases
) -> None:
    cases.errors = {"T-0": CaseOver("closed"), "T-1": CaseRefused("linked elsewhere")}
    report = await run(activities, replace(ERRAND, page=True))
    assert report.paged
    assert paging(cases) == ["T-2"]
    assert sorted(asked(cases)) == sorted(TICKETS)


async def test_a_proposal_pages_too(activities: IncidentActivities, cases: fakes.Cases) -> None:
    solving = replace(ERRAND, bulletin=replace(BULLETIN, solves=True, next_by=None), page=True)
    assert (await run(activities, solving)).paged
    assert paging(cases) == ["T-0"]


async def test_without_being_asked_to_nobody_pages(activities: IncidentActivities, cases: fakes.Cases) -> None:
    assert not (await run(activities, ERRAND)).paged
    assert paging(cases) == []


async def test_a_new_attempt_does_not_page_again(activities: IncidentActivities, cases: fakes.Cases) -> None:
    done = ErrandReport(outcomes=(Outcome(ticket="T-0"),), paged=True)
    assert (await run(activities, replace(ERRAND, page=True), before=done)).paged
    assert paging(cases) == []


async def test_escalations_that_do_not_answer_do_not_hold_up_the_others_for_the_page(
    activities: IncidentActivities, cases: fakes.Cases
) -> None:
    cases.errors = dict.fromkeys(TICKETS[:10], CaseUnanswered("no worker answered"))
    report = await run(activities, replace(ERRAND, page=True))
    assert not report.paged
    assert asked(cases)[:SILENT_LEADS] == ["T-0", "T-1"]
    assert len(report.outcomes) == len(TICKETS)
