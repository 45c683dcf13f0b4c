"""What happened to an incident, as `escalations incident timeline` shows it."""

from datetime import UTC, datetime

import pytest

from escalation.incident.events import ErrandRun, RecordGivenUp
from escalation.incident.values import Outcome
from escalation.incident.vocabulary import ErrandKind, Result
from starter.cli.incident.tables import NAMED
from tests.unit.starter.desk import MONDAY, Desk

BY = ("--by", "zoe")


@pytest.fixture
async def desk() -> Desk:
    """An incident `mail` with the tickets T-1 and T-2."""
    desk = Desk()
    await desk("incident", "open", "mail", "--title", "Mail is [b]late", "--cause", "a disk", *BY)
    await desk("incident", "link", "mail", "T-1", "T-2", *BY)
    return desk


async def lines(desk: Desk) -> list[str]:
    ended = await desk("incident", "timeline", "mail")
    assert (ended.code, ended.err) == (0, "")
    return [" ".join(line.split()) for line in ended.out.splitlines()]


async def test_every_event_is_a_line_with_instant_and_person(desk: Desk) -> None:
    assert await lines(desk) == [
        "when (UTC) what who details",
        "2026-03-02 09:00:00 incident opened zoe Mail is [b]late; cause: a disk",
        "2026-03-02 09:00:00 tickets linked zoe 2 tickets: T-1, T-2",
    ]


async def test_a_bulletin_is_shown_with_what_comes_next_and_by_when(desk: Desk) -> None:
    at = "2026-03-27T16:00+01:00"
    await desk("incident", "tell", "mail", "We found it", "--next-step", "a restart", "--next-by", at, *BY)

    assert (await lines(desk))[-1].endswith(
        "bulletin issued zoe bulletin 1: We found it; next: a restart; by 2026-03-27 15:00:00 UTC"
    )


async def test_a_solution_and_that_it_did_not_hold_are_distinguished(desk: Desk) -> None:
    await desk("incident", "resolve", "mail", "--solution", "Restarted", "--root-cause", "a full disk", *BY)
    await desk("incident", "reopen", "mail", "--why", "late again", "--by", "ben")
    solved, reopened = (await lines(desk))[-2:]

    assert solved.endswith("zoe bulletin 1: proposed: Restarted; root cause: a full disk")
    assert reopened.endswith("ben bulletin 2: did not hold: late again")


async def test_what_came_of_an_errand_is_counted_and_who_was_not_told_is_named(desk: Desk) -> None:
    desk.cases.incidents.strange = {"T-9"}
    await desk("incident", "link", "mail", "T-9", "--wait", "5s", *BY)
    await desk("incident", "tell", "mail", "We found it", "--wait", "5s", *BY)
    told = [line.partition(" carried out ")[2] for line in await lines(desk) if "carried out" in line]

    assert told == ["link: 2 reached", "link: 1 not found (T-9)", "bulletin 1: 2 reached"]


async def test_who_was_paged_is_named(desk: Desk) -> None:
    outcomes = (Outcome(ticket="T-1"), Outcome(ticket="T-2", result=Result.OVER, why="it has ended"))
    desk.cases.incidents.events["mail"].append(
        ErrandRun(at=MONDAY, errand=ErrandKind.BULLETIN, number=3, outcomes=outcomes, pages=("olga", "pia"))
    )

    assert (await lines(desk))[-1].endswith("bulletin 3: 1 reached, 1 ended (T-2); paged: olga, pia")


async def test_of_very_many_tickets_the_first_are_named_and_programs_get_all(desk: Desk) -> None:
    many = [f"X-{number}" for number in range(NAMED + 3)]
    await desk("incident", "link", "mail", *many, *BY)
    await desk("incident", "unlink", "mail", "X-0", *BY)
    linked, unlinked = (await lines(desk))[-2:]

    assert linked.endswith(f"{NAMED + 3} tickets: {', '.join(many[:NAMED])} and 3 more")
    assert unlinked.endswith("tickets unlinked zoe 1 ticket: X-0")
    told = (await desk("incident", "timeline", "mail", "--json")).items
    assert [one["tickets"] for one in told if one["kind"] == "tickets_linked"][-1] == many


async def test_programs_get_the_whole_event_on_a_line_each(desk: Desk) -> None:
    await desk("incident", "tell", "incident/mail", "We found it", *BY)
    ended = await desk("incident", "timeline", "incident/mail", "--json")

    assert [one["kind"] for one in ended.items] == ["incident_opened", "tickets_linked", "bulletin_issued"]
    assert {datetime.fromisoformat(one["at"]) for one in ended.items} == {datetime(2026, 3, 2, 9, tzinfo=UTC)}
    assert ended.items[-1]["bulletin"]["text"] == "We found it"


async def test_an_incident_that_never_was_has_no_timeline(desk: Desk) -> None:
    ended = await desk("incident", "timeline", "nothing")

    assert (ended.code, ended.out) == (4, "")
    assert ended.err == "no such case: there is no incident `nothing`; check the name, or open it\n"


async def test_a_record_that_refuses_the_incident_is_shown(desk: Desk) -> None:
    desk.cases.incidents.events["mail"].append(RecordGivenUp(at=MONDAY, error="RecordConflict"))

    assert "the database refuses this incident: RecordConflict" in (await lines(desk))[-1]
