from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from escalation.roster import Duty, succeed
from tests.unit.roster.plans import at

NOW = at("2026-01-05 12:00")
HOUR = timedelta(hours=1)


def duty(person: str, start: float, end: float, *, shift: str = "days", tier: int = 1) -> Duty:
    """Hours are counted from now."""
    return Duty(person=person, tier=tier, shift=shift, start=NOW + start * HOUR, end=NOW + end * HOUR)


def told(duties: tuple[Duty, ...]) -> list[tuple[str, float, float]]:
    return [(each.person, (each.start - NOW) / HOUR, (each.end - NOW) / HOUR) for each in duties]


def test_a_running_shift_stays_until_it_is_over_and_the_new_version_follows() -> None:
    found = succeed([duty("ana", -3, 5), duty("ana", 21, 29)], [duty("ben", -3, 5), duty("ben", 21, 29)], NOW)
    assert found.takes_over == {"days": NOW + 5 * HOUR}
    assert told(found.new) == [("ben", 21, 29)]


def test_what_differs_on_a_running_shift_is_shown_for_everyone_it_concerns() -> None:
    found = succeed([duty("ana", -3, 5)], [duty("ben", -3, 5)], NOW)
    assert [(change.person, len(change.before), len(change.after)) for change in found.changes] == [
        ("ana", 1, 0),
        ("ben", 0, 1),
    ]
    assert found.changes[0].before[0].start == NOW
    assert {change.takes_over for change in found.changes} == {NOW + 5 * HOUR}


def test_at_once_changes_running_shifts_now() -> None:
    found = succeed([duty("ana", -3, 5)], [duty("ben", -3, 5)], NOW, at_once=True)
    assert found.takes_over == {"days": NOW}
    assert told(found.new) == [("ben", 0, 5)]
    assert {change.takes_over for change in found.changes} == {NOW}


def test_a_shift_that_ends_earlier_or_later_is_a_change_only_while_it_runs() -> None:
    shorter = succeed([duty("ana", -3, 5)], [duty("ana", -3, 4)], NOW)
    assert [(change.person, change.after[0].end) for change in shorter.changes] == [("ana", NOW + 4 * HOUR)]
    longer = succeed([duty("ana", -3, 5)], [duty("ana", -3, 6)], NOW)
    assert longer.changes == ()
    assert told(longer.new) == [("ana", 5, 6)]


def test_what_does_not_change_is_not_a_change_and_is_not_cut() -> None:
    plan = [duty("ana", -3, 5), duty("ben", 1, 7), duty("ana", 21, 29)]
    for at_once in (False, True):
        found = succeed(plan, plan, NOW, at_once=at_once)
        assert found.changes == ()
        assert found.takes_over == {"days": NOW + 5 * HOUR}
        assert told(found.new) == [("ben", 5, 7), ("ana", 21, 29)]


def test_the_shift_is_over_when_the_last_who_runs_on_it_is() -> None:
    found = succeed([duty("ana", -3, 1), duty("ben", -1, 8)], [duty("chloe", -3, 9)], NOW)
    assert found.takes_over == {"days": NOW + 8 * HOUR}
    assert told(found.new) == [("chloe", 8, 9)]


def test_every_shift_changes_over_at_its_own_end() -> None:
    stored = [duty("ana", -3, 5), duty("ben", -1, 9, shift="late"), duty("chloe", 20, 28, shift="nights")]
    planned = [duty("dora", -3, 10, shift=name) for name in ("days", "late", "nights", "new")]
    found = succeed(stored, planned, NOW)
    assert {each.shift: (each.start - NOW) / HOUR for each in found.new} == {
        "days": 5,
        "late": 9,
        "nights": 0,
        "new": 0,
    }
    assert {change.shift for change in found.changes} == {"days", "late"}


def test_a_running_shift_that_the_new_version_does_not_know_is_finished() -> None:
    found = succeed([duty("ana", -3, 5)], [], NOW)
    assert (found.takes_over, found.new) == ({"days": NOW + 5 * HOUR}, ())
    assert [(change.person, change.after) for change in found.changes] == [("ana", ())]


def test_a_change_at_one_tier_shows_that_tier() -> None:
    stored = [duty("ana", -3, 5, tier=1), duty("ana", -3, 5, tier=2)]
    found = succeed(stored, stored[:1], NOW)
    assert [(change.person, change.tier) for change in found.changes] == [("ana", 2)]


def test_a_shift_that_ended_this_instant_is_not_running() -> None:
    found = succeed([duty("ana", -3, 0)], [duty("ben", -3, 5)], NOW)
    assert (found.takes_over, told(found.new), found.changes) == ({}, [("ben", 0, 5)], ())


hours = st.integers(-6, 12)
duties = st.lists(
    st.builds(
        lambda person, start, length, shift: duty(person, start, start + length, shift=shift),
        st.sampled_from(["ana", "ben"]),
        hours,
        st.integers(1, 8),
        st.sampled_from(["days", "late"]),
    ).filter(lambda each: each.end > NOW),
    max_size=6,
)


def people_at(found: list[Duty], shift: str, instant: datetime) -> set[str]:
    return {each.person for each in found if each.shift == shift and each.start <= instant < each.end}


@given(duties, duties, st.booleans())
def test_before_the_change_over_the_old_version_holds_and_after_it_the_new_one(
    stored: list[Duty], planned: list[Duty], at_once: bool
) -> None:
    found = succeed(stored, planned, NOW, at_once=at_once)
    for shift in ("days", "late"):
        takes_over = found.takes_over.get(shift, NOW)
        kept = [each for each in stored if each.shift == shift and each.start < takes_over]
        cut = [
            Duty(person=each.person, tier=1, shift=shift, start=each.start, end=min(each.end, takes_over))
            for each in kept
        ]
        result = [*cut, *found.new]
        for quarter in range(48):
            instant = NOW + quarter * HOUR / 2
            version = stored if instant < takes_over else planned
            assert people_at(result, shift, instant) == people_at(version, shift, instant)
        running = any(each.shift == shift and each.start <= NOW for each in stored)
        told_of = any(change.shift == shift for change in found.changes)
        if running and not told_of:
            assert takes_over > NOW
