from datetime import timedelta

import pytest

from escalation.case.commands import AddNote
from simulation.exports import Life, Pace, Step
from tests.unit.importing.logs import first_of_march, planned, row

OPENED = first_of_march(0)


def after(*hours: float) -> Life:
    """A life with one step at each of these hours after its opening."""
    note = AddNote(by="ana", text="x")
    steps = tuple(Step(at=OPENED + timedelta(hours=hour), command=note) for hour in hours)
    return Life(opened_at=OPENED, open=planned(row()).open, steps=steps)


def test_an_hour_of_the_log_is_a_second() -> None:
    assert Pace().gaps(after(1, 3, 3.5)) == pytest.approx((1, 2, 0.5))


def test_steps_of_the_same_minute_are_kept_apart() -> None:
    assert Pace(shortest=0.3).gaps(after(1, 1, 1)) == pytest.approx((1, 0.3, 0.3))


def test_a_wait_of_months_is_cut() -> None:
    assert Pace(longest=6).gaps(after(24 * 90)) == (6,)


def test_the_whole_stays_within_its_bound_and_long_waits_stay_longer_than_short_ones() -> None:
    pace = Pace(shortest=0.5, longest=6, whole=10)
    gaps = pace.gaps(after(*(hour * 5 for hour in range(1, 10)), 46))
    assert sum(gaps) == pytest.approx(10)
    assert min(gaps) >= 0.5
    assert gaps[0] > gaps[-1]


def test_the_bound_gives_way_rather_than_the_order() -> None:
    gaps = Pace(shortest=0.5, longest=0.5, whole=1).gaps(after(*range(10)))
    assert gaps == (0.5,) * 10


def test_nothing_to_do_takes_no_time() -> None:
    assert Pace().gaps(after()) == ()


@pytest.mark.parametrize(
    ("compress", "shortest", "longest"), [(0, 0.3, 6), (-1, 0.3, 6), (3600, -0.1, 6), (3600, 7, 6)]
)
def test_a_pace_that_makes_no_sense_is_refused(compress: float, shortest: float, longest: float) -> None:
    with pytest.raises(ValueError, match=r"compress is|need 0 <= shortest <= longest"):
        Pace(compress=compress, shortest=shortest, longest=longest)
