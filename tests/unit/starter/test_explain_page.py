"""`explain` for people: which time counted, which did not and why, and when it is due."""

from dataclasses import replace
from datetime import timedelta

import pytest

from escalation.business_time import parse_hours
from escalation.case.commands import (
    Acknowledge,
    MakePromise,
    Pause,
    RecordCustomerReply,
    RequestInformation,
    Resume,
    SetDue,
)
from escalation.vocabulary import ClockName
from starter.cli.case.explain_tables import SHOWN
from tests.unit.domain.case import Case, opening
from tests.unit.domain.policies import IN_OFFICE_HOURS, LIMITED, OFFICE
from tests.unit.starter.desk import MONDAY, Desk

HOUR = timedelta(hours=1)
BERLIN = replace(
    IN_OFFICE_HOURS,
    zone_data="2026b",
    calendars={
        "office": replace(
            OFFICE,
            zone="Europe/Berlin",
            version="c0ffee",
            holidays=("2026-03-03",),
            breaks={"2026-03-02": (parse_hours("12:00", "13:00"),)},
        )
    },
)
"""Open from 09:00 to 17:00 in Berlin; a case that is opened on Monday at 09:00 UTC is opened there at 10:00."""


@pytest.fixture
def case(desk: Desk) -> Case:
    """Waits for the bank from 12:00 in Berlin on, and for the customer from 15:00 on; the bank answers at night."""
    case = Case(policy=BERLIN)
    case.do(opening())
    desk.cases.lives["T-1"] = case
    case.do(Acknowledge(by="ana"))
    case.wait(2 * HOUR)
    case.do(Pause(by="ana", why="the bank"))
    case.wait(3 * HOUR)
    case.do(RequestInformation(by="ben", question="which?"))
    case.wait(10 * HOUR)
    case.do(Resume(by="ana"))
    case.wait(30 * HOUR)
    return case


def lines(out: str) -> list[str]:
    """The text of each line, with single spaces."""
    return [" ".join(line.split()) for line in out.splitlines()]


def table(out: str, heading: str) -> list[str]:
    """The rows below a heading, up to the empty line."""
    all_lines = lines(out)
    start = next(number for number, line in enumerate(all_lines) if line.startswith(heading)) + 1
    return all_lines[start : all_lines.index("", start)]


async def explained(desk: Desk, clock: str = "resolution") -> str:
    ended = await desk("explain", "T-1", clock)
    assert (ended.code, ended.err) == (0, "")
    return ended.out


@pytest.mark.usefixtures("case")
async def test_the_page_names_the_calendar_the_versions_and_the_sums(desk: Desk) -> None:
    told = lines(await explained(desk))

    assert told[:6] == [
        "resolution, run 1",
        "started Mon 2026-03-02 10:00:00 +01:00",
        "as of Wed 2026-03-04 07:00:00 +01:00",
        "calendar office in Europe/Berlin (version c0ffee, zone data 2026b)",
        "allowed 3 business days",
        "counted 2 h of 45 h on the wall",
    ]


@pytest.mark.usefixtures("case")
async def test_the_page_groups_intervals_by_day_with_their_reason(desk: Desk) -> None:
    assert table(await explained(desk), "day from") == [
        "Mon 2026-03-02 10:00:00 +01:00 12:00:00 +01:00 2 h counted",
        "12:00:00 +01:00 13:00:00 +01:00 1 h break",
        "13:00:00 +01:00 15:00:00 +01:00 2 h paused: waiting on third party, by ana",
        "15:00:00 +01:00 17:00:00 +01:00 2 h paused: waiting on third party, by ana and waiting on customer, by ben",
        "17:00:00 +01:00 09:00:00 +01:00 Tue 2026-03-03 16 h closed",
        "Tue 2026-03-03 09:00:00 +01:00 17:00:00 +01:00 8 h holiday Tue 2026-03-03",
        "17:00:00 +01:00 07:00:00 +01:00 Wed 2026-03-04 14 h closed",
    ]


@pytest.mark.usefixtures("case")
async def test_the_page_adds_up_each_reason(desk: Desk) -> None:
    assert table(await explained(desk), "use of time") == [
        "counted 2 h 1",
        "closed 30 h 2",
        "holiday 8 h 1",
        "break 1 h 1",
        "paused 4 h 2",
        "all 45 h 7",
    ]


@pytest.mark.usefixtures("case")
async def test_the_page_shows_each_pause_as_it_was(desk: Desk) -> None:
    pauses = [line for line in lines(await explained(desk)) if line.startswith("pause ")]

    assert pauses == [
        "pause Mon 2026-03-02 12:00:00 +01:00 to Tue 2026-03-03 01:00:00 +01:00: waiting on third party, by ana; "
        "4 h of open time",
        "pause Mon 2026-03-02 15:00:00 +01:00 to now: waiting on customer, by ben; 2 h of open time",
    ]


@pytest.mark.usefixtures("case")
async def test_a_paused_clock_has_no_due_date_but_something_left(desk: Desk) -> None:
    out = await explained(desk)

    assert lines(out)[-2] == "so it is not due while it is paused; 21 h are left when it continues"
    assert "still to come" not in out


async def test_a_running_clock_is_due_when_the_rest_has_counted(desk: Desk, case: Case) -> None:
    case.do(RecordCustomerReply(text="this one"))
    out = await explained(desk)

    assert table(out, "still to come") == [
        "Wed 2026-03-04 09:00:00 +01:00 17:00:00 +01:00 8 h",
        "Thu 2026-03-05 09:00:00 +01:00 17:00:00 +01:00 8 h",
        "Fri 2026-03-06 09:00:00 +01:00 14:00:00 +01:00 5 h",
    ]
    assert table(out, "threshold when") == [
        "50% Thu 2026-03-05 10:30:00 +01:00",
        "-1d Thu 2026-03-05 14:00:00 +01:00",
        "due Fri 2026-03-06 14:00:00 +01:00",
        "+8h Mon 2026-03-09 14:00:00 +01:00",
    ]
    assert lines(out)[-2] == "so it is due Fri 2026-03-06 14:00:00 +01:00; 21 h are left"


async def test_a_clock_past_its_target_was_due(desk: Desk) -> None:
    case = desk.cases.opened()
    case.do(Acknowledge(by="ana"))
    case.sleep(3 * HOUR)
    out = lines(await explained(desk, "first-response"))

    assert "left nothing" in out
    assert out[-2] == "so it was due Mon 2026-03-02 11:00:00 +00:00"
    assert "due Mon 2026-03-02 11:00:00 +00:00 fired" in out


async def test_an_instant_that_a_person_named_is_shown_as_such(desk: Desk, case: Case) -> None:
    case.do(RecordCustomerReply(text="this one"))
    due = case.now + 20 * HOUR
    case.do(SetDue(clock=ClockName.RESOLUTION, at=due, by="ana", why="agreed on the phone"))
    case.do(MakePromise(what="a fix", at=due, by="ana"))
    resolution, promise = await explained(desk), await explained(desk, "promise")

    named = "allowed until the instant that a person named; no pause moves it"
    assert named in lines(resolution)
    assert named in lines(promise)
    assert lines(resolution)[-2] == "so it is due Thu 2026-03-05 03:00:00 +01:00, as a person named that instant"
    assert lines(promise)[-2] == "so it is due Thu 2026-03-05 02:00:00 +00:00, as a person named that instant"


async def test_a_limit_on_contacts_says_until_when_messages_are_set_aside_and_that_no_pause_moves_it(
    desk: Desk,
) -> None:
    case = Case(policy=LIMITED)
    case.do(opening())
    desk.cases.lives["T-1"] = case
    for _ in range(3):
        case.do(RecordCustomerReply(text="again"))
    case.wait(HOUR)
    out = lines(await explained(desk, "contact-limit"))

    assert "allowed until there is room again for messages of the customer; no pause moves it" in out
    until = "Mon 2026-03-02 17:00:00 +00:00"
    assert out[-2] == f"so it is due {until}, when the limit on contacts lets go of what was set aside"


async def test_a_long_life_is_shown_in_part_and_explained_in_full(desk: Desk) -> None:
    case = Case(policy=IN_OFFICE_HOURS)
    case.do(opening())
    desk.cases.lives["T-1"] = case
    case.do(Acknowledge(by="ana"))
    # Ten weeks on, at an opening: London has put its clocks forward in between.
    case.now = MONDAY + timedelta(days=70) - HOUR
    out = await explained(desk)
    (told,) = (await desk("explain", "T-1", "resolution", "--json")).items

    assert "the 60 intervals before these are in the totals only" in lines(out)
    assert len(table(out, "day from")) == SHOWN
    assert table(out, "use of time")[0] == "counted 400 h 50"
    assert len(told["counted"]) + len(told["not_counted"]) == 100


@pytest.mark.usefixtures("case")
async def test_programs_get_the_same_account_in_utc(desk: Desk) -> None:
    (told,) = (await desk("explain", "T-1", "resolution", "--json")).items

    assert (told["zone"], told["zone_data"], told["calendar_version"]) == ("Europe/Berlin", "2026b", "c0ffee")
    assert told["counted"] == [{"start": "2026-03-02T09:00:00Z", "end": "2026-03-02T11:00:00Z"}]
    assert [row["why"] for row in told["not_counted"]] == ["break", "paused", "paused", "closed", "holiday", "closed"]
    assert told["not_counted"][4]["holiday"] == "2026-03-03"
    assert (told["due"], told["remaining_seconds"], told["fixed"]) == (None, 21 * 3600, False)


@pytest.mark.usefixtures("case")
async def test_every_clock_is_explained_with_a_sentence_at_its_end(desk: Desk) -> None:
    ended = await desk("explain", "T-1")
    verdicts = [line for line in lines(ended.out) if line.startswith("so it ")]

    assert len(verdicts) == len((await desk("explain", "T-1", "--json")).items) >= 3
