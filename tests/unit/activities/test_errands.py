"""One errand, many escalations: each is asked once, a limited number at a time, and a new attempt continues where the last one ended."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from temporalio.testing import ActivityEnvironment

from activities.background import PULSE_SECONDS
from activities.contracts import ErrandReport
from activities.errors import ActivityError, CaseOver, CaseRefused, CaseUnanswered, UnknownCase
from activities.incidents import SILENT_LEADS, IncidentActivities
from escalation.case.codec import from_json, to_json
from escalation.case.commands import LinkIncident, ProposeResolution, RelayBulletin, WithdrawProposal
from escalation.incident.values import Bulletin, Errand, Outcome
from escalation.incident.vocabulary import ErrandKind, Result
from tests import fakes
from tests.unit.activities.builders import MONDAY
from workflows.incident import HEARTBEAT

TICKETS = tuple(f"T-{number}" for number in range(50))
BULLETIN = Bulletin(number=3, text="We found it", next_by=MONDAY + timedelta(hours=9), by="zoe")
ERRAND = Errand(
    incident="mail",
    kind=ErrandKind.BULLETIN,
    number=3,
    tickets=TICKETS,
    bulletin=BULLETIN,
    overseer="overseer",
    by="zoe",
)
LINKING = replace(ERRAND, kind=ErrandKind.LINK, number=2, bulletin=None, overseer="")
PAGING = replace(ERRAND, page=True)


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
        if any(isinstance(one, RelayBulletin | ProposeResolution | WithdrawProposal) and one.page for one in done)
    ]


async def test_each_is_asked_once_and_a_limited_number_at_a_time(
    activities: IncidentActivities, cases: fakes.Cases
) -> None:
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
async def test_who_is_not_reached_is_named_with_the_reason_and_the_others_are_notified(
    activities: IncidentActivities, cases: fakes.Cases, error: ActivityError, result: Result
) -> None:
    cases.errors["T-2"] = error
    outcomes = {one.ticket: one for one in (await run(activities, ERRAND)).outcomes}
    assert outcomes["T-2"] == Outcome(ticket="T-2", result=result, why=str(error))
    assert len(outcomes) == len(TICKETS)
    assert sum(one.result is Result.TOLD for one in outcomes.values()) == len(TICKETS) - 1


async def test_what_is_done_is_recorded_with_each_heartbeat(activities: IncidentActivities) -> None:
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


async def test_the_first_that_takes_it_pages_the_overseer_and_no_one_else(
    activities: IncidentActivities, cases: fakes.Cases
) -> None:
    cases.errors = {"T-0": CaseOver("closed"), "T-1": CaseRefused("linked elsewhere")}
    report = await run(activities, PAGING)
    assert report.pages == ("overseer",)
    assert paging(cases) == ["T-2"]
    assert sorted(asked(cases)) == sorted(TICKETS)


@pytest.mark.parametrize(
    "bulletin", [replace(BULLETIN, solves=True, next_by=None), replace(BULLETIN, reopens=True, next_by=None)]
)
async def test_a_proposal_and_its_withdrawal_page_too(
    activities: IncidentActivities, cases: fakes.Cases, bulletin: Bulletin
) -> None:
    assert (await run(activities, replace(PAGING, bulletin=bulletin))).pages == ("overseer",)
    assert paging(cases) == ["T-0"]


async def test_without_being_asked_to_no_one_pages(activities: IncidentActivities, cases: fakes.Cases) -> None:
    assert (await run(activities, ERRAND)).pages == ()
    assert paging(cases) == []


async def test_a_new_attempt_does_not_page_again(activities: IncidentActivities, cases: fakes.Cases) -> None:
    done = ErrandReport(outcomes=(Outcome(ticket="T-0"),), pages=("overseer",))
    assert (await run(activities, PAGING, before=done)).pages == ("overseer",)
    assert paging(cases) == []


async def test_escalations_that_do_not_answer_do_not_hold_up_the_others_for_the_page(
    activities: IncidentActivities, cases: fakes.Cases
) -> None:
    cases.errors = dict.fromkeys(TICKETS[:10], CaseUnanswered("no worker answered"))
    report = await run(activities, PAGING)
    assert report.pages == ()
    assert asked(cases)[:SILENT_LEADS] == ["T-0", "T-1"]
    assert len(report.outcomes) == len(TICKETS)


async def test_where_no_one_takes_it_no_one_is_paged(activities: IncidentActivities, cases: fakes.Cases) -> None:
    cases.errors = dict.fromkeys(TICKETS, CaseOver("closed"))
    report = await run(activities, PAGING)
    assert (report.pages, len(report.outcomes)) == ((), len(TICKETS))


async def test_a_case_that_went_to_another_overseer_pages_that_one_and_the_next_pages_the_one_expected(
    activities: IncidentActivities, cases: fakes.Cases
) -> None:
    cases.overseers["T-0"] = "olga"
    report = await run(activities, replace(PAGING, heard=("pia",)))
    assert report.pages == ("olga", "overseer")
    assert [one.heard for ticket in ("T-0", "T-1") for one in cases.done[ticket] if isinstance(one, RelayBulletin)] == [
        ("pia",),
        ("pia", "olga"),
    ]
    assert paging(cases) == ["T-0", "T-1"]


async def test_a_case_whose_new_overseer_has_heard_pages_no_one(
    activities: IncidentActivities, cases: fakes.Cases
) -> None:
    cases.overseers["T-0"] = "olga"
    report = await run(activities, replace(PAGING, heard=("olga",)))
    assert report.pages == ("overseer",)


async def test_where_no_one_said_who_oversees_them_the_first_that_takes_it_pages(
    activities: IncidentActivities, cases: fakes.Cases
) -> None:
    assert (await run(activities, replace(PAGING, overseer=""))).pages == ("overseer",)
    assert paging(cases) == ["T-0"]


async def test_who_took_it_before_and_is_unlinked_says_no_overseer_and_the_next_pages(
    activities: IncidentActivities, cases: fakes.Cases
) -> None:
    cases.overseers["T-0"] = ""
    assert (await run(activities, PAGING)).pages == ("overseer",)
    assert paging(cases) == ["T-0", "T-1"]


async def test_the_outcome_of_a_linking_says_who_oversees_each(
    activities: IncidentActivities, cases: fakes.Cases
) -> None:
    cases.overseers["T-7"] = "olga"
    outcomes = {one.ticket: one.overseer for one in (await run(activities, LINKING)).outcomes}
    assert outcomes == dict.fromkeys(TICKETS, "overseer") | {"T-7": "olga"}
    assert cases.done["T-7"] == [LinkIncident(incident="mail", by="zoe")]


async def test_an_outcome_does_not_repeat_what_the_errand_knew(
    activities: IncidentActivities, cases: fakes.Cases
) -> None:
    cases.overseers["T-7"] = "olga"
    outcomes = {one.ticket: one.overseer for one in (await run(activities, ERRAND)).outcomes}
    assert {ticket: overseer for ticket, overseer in outcomes.items() if overseer} == {"T-7": "olga"}


def test_a_heart_beats_several_times_before_it_is_taken_for_dead() -> None:
    assert 3 * timedelta(seconds=PULSE_SECONDS) < HEARTBEAT


async def test_the_heart_beats_while_no_one_answers(cases: fakes.Cases) -> None:
    beats: list[str] = []
    beaten = asyncio.Event()

    def beat(text: str) -> None:
        beats.append(text)
        if len(beats) == 3:
            beaten.set()

    async def until_beaten() -> None:
        await beaten.wait()

    cases.pace = until_beaten
    before = asyncio.all_tasks()
    activities = IncidentActivities(cases, fakes.Incidents(), pulse=0.01)
    report = await asyncio.wait_for(run(activities, replace(ERRAND, tickets=("T-0",)), on_heartbeat=beat), 10)
    assert report.outcomes == (Outcome(ticket="T-0"),)
    assert {from_json(ErrandReport, text) for text in beats[:3]} == {ErrandReport()}
    await asyncio.sleep(0)
    assert not asyncio.all_tasks() - before
