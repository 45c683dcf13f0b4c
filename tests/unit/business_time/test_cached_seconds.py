"""Open seconds added up in blocks count exactly what the stretches of the calendar add up to."""

from dataclasses import replace
from itertools import islice

import pytest
from hypothesis import given
from hypothesis import strategies as st

from escalation.business_time import ALWAYS_OPEN, Boundary, Calendar, NeverOpens, parse_hours
from escalation.business_time.cache import seconds as totals
from escalation.business_time.cache.seconds import BLOCK, seconds_between, settled, used_up
from escalation.business_time.openings import FOREVER, stretches
from escalation.business_time.zones import to_second
from tests.unit.business_time.samples import at, office

EDGE = (to_second(at("2026-03-02 10:00")) // BLOCK + 1) * BLOCK
"""A second at which a block ends."""
NIGHTS = Calendar(name="nights", zone="Europe/Berlin", weekly=((parse_hours("22:00", "06:00"),),) * 7)
ROUND_THE_CLOCK = Calendar(name="round", zone="Europe/Berlin", weekly=((parse_hours("00:00", "24:00"),),) * 7)
CALENDARS = (office(), NIGHTS, ROUND_THE_CLOCK, ALWAYS_OPEN)

calendars = st.sampled_from(CALENDARS)
instants = st.integers(EDGE - 3 * BLOCK, EDGE + 3 * BLOCK) | st.integers(EDGE - 90_000, EDGE + 90_000)


@given(calendar=calendars, start=instants, end=instants)
def test_what_lies_between_is_what_the_stretches_add_up_to(calendar: Calendar, start: int, end: int) -> None:
    assert seconds_between(calendar, start, end) == sum(c - o for o, c in stretches(calendar, start, end))


@given(calendar=calendars, start=instants, seconds=st.integers(1, 5_000_000))
def test_as_much_is_used_up_as_was_asked_for_and_not_a_second_later(
    calendar: Calendar, start: int, seconds: int
) -> None:
    end = used_up(calendar, start, seconds)
    assert seconds_between(calendar, start, end) == seconds
    assert seconds_between(calendar, start, end - 1) == seconds - 1


@given(calendar=calendars, second=instants)
def test_a_settled_second_is_open_or_a_closing_and_nothing_open_is_skipped(calendar: Calendar, second: int) -> None:
    found = settled(calendar, second)
    assert found >= second
    assert seconds_between(calendar, second, found) == 0
    is_open = seconds_between(calendar, found, found + 1) == 1
    closes_here = found == second and seconds_between(calendar, found - 1, found) == 1
    assert is_open or (closes_here and calendar.boundary is Boundary.CLOSE)


@pytest.mark.parametrize("number", range(-2, 3))
def test_the_edge_of_a_block_is_not_a_closing(number: int) -> None:
    edge = EDGE + number * BLOCK
    assert settled(ROUND_THE_CLOCK, edge) == edge
    assert used_up(ROUND_THE_CLOCK, edge - 60, 60) == edge
    assert used_up(ROUND_THE_CLOCK, edge - 60, 61) == edge + 1
    assert seconds_between(ROUND_THE_CLOCK, edge - 60, edge + 60) == 120


@given(start=instants, nights=st.integers(0, 70))
def test_what_is_used_up_at_closing_ends_where_the_boundary_says(start: int, nights: int) -> None:
    _, closes = next(islice(stretches(NIGHTS, start), nights, None))
    opens, _ = next(stretches(NIGHTS, closes))
    seconds = seconds_between(NIGHTS, start, closes)
    assert used_up(NIGHTS, start, seconds) == closes
    assert used_up(replace(NIGHTS, boundary=Boundary.NEXT_OPEN), start, seconds) == opens


def test_no_more_calendars_and_blocks_are_kept_than_there_is_room_for() -> None:
    for number in range(totals.CALENDARS + 20):
        settled(replace(office(), name=f"office {number}"), EDGE)
    assert totals._block.cache_info().currsize == totals.CALENDARS
    block_of = totals._block(office())
    first, *_, last = [block_of(number) for number in range(totals.BLOCKS + 1)]
    assert block_of(totals.BLOCKS) is last
    assert block_of(0) is not first, "the one that was asked for longest ago gave way"


def test_a_calendar_whose_last_shift_is_over_never_opens_again() -> None:
    once = Calendar(
        name="once",
        zone="UTC",
        weekly=((),) * 7,
        shifts={"2026-03-02": (parse_hours("09:00", "17:00"),)},
    )
    opens, closes = next(islice(stretches(once, EDGE - BLOCK, EDGE), 1))
    assert used_up(once, opens - 5 * BLOCK, closes - opens) == closes
    with pytest.raises(NeverOpens, match="'once' has no open time within five years of 2026"):
        used_up(once, opens, closes - opens + 1)


def test_the_end_of_time_is_an_end() -> None:
    assert used_up(ROUND_THE_CLOCK, FOREVER - 100, 60) == FOREVER - 40
    with pytest.raises(NeverOpens):
        used_up(ROUND_THE_CLOCK, FOREVER - 100, 3 * BLOCK)
