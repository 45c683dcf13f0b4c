"""What the people on shift can do, held against what the ladder asks of them."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from escalation.business_time import OpenTime, Span
from escalation.clock_rules import ClockRule, Target
from escalation.policy import Ladder, Policy, Tier
from escalation.roster.files import read_roster
from escalation.roster.files.abilities import Lack, lacks
from escalation.roster.files.staffing import there_at, tier_gaps
from escalation.vocabulary import Category, ClockName, Reason
from tests.unit.domain.policies import OFFICE

MONDAY = datetime(2026, 3, 2, tzinfo=UTC)
WEEK = timedelta(days=7)
EVERYTHING = tuple(category.value for category in Category)


def a_policy(
    *tiers: Tier, targets: Sequence[Target] = (), lanes: Mapping[Reason | Category, int] | None = None
) -> Policy:
    """Offers count around the clock by default."""
    return Policy(
        name="test",
        ladder=Ladder(tiers=tiers, overseer="boss", contact="desk", lanes=lanes or {}),
        clocks={ClockName.ACKNOWLEDGE: ClockRule(targets=tuple(targets) or (a_target("24x7"),), thresholds=())},
        calendars={OFFICE.name: OFFICE},
    )


def a_target(calendar: str, *categories: Category) -> Target:
    return Target(within=OpenTime(seconds=900), calendar=calendar, category=categories)


def person(name: str, skills: Sequence[str], *, tiers: str = "[1]", rest: str = "") -> str:
    listed = ", ".join(skills)
    return f"  - {{id: {name}, name: X, address: {name}@example.com, skills: [{listed}], tiers: {tiers}, max_open: 3{rest}}}\n"


def day_shift(*people: str, hours: str, name: str = "days", tiers: str = "[1]") -> str:
    listed = ", ".join(people)
    return f"  {name}: {{tiers: {tiers}, zone: UTC, people: [{listed}], hours: {{mon-sun: {hours}}}}}\n"


def found(tmp_path: Path, people: str, policy: Policy, *, shifts: str = "", days: int = 1) -> tuple[Lack, ...]:
    file = tmp_path / "team.yaml"
    file.write_text(f"people:\n{people}" + (f"shifts:\n{shifts}" if shifts else ""), encoding="utf-8")
    until = MONDAY + timedelta(days=days)
    return lacks(read_roster(file, MONDAY, until), policy, MONDAY, until)


def hours(*stretches: tuple[float, float]) -> tuple[Span, ...]:
    return tuple(
        Span(start=MONDAY + timedelta(hours=begin), end=MONDAY + timedelta(hours=end)) for begin, end in stretches
    )


def wanting(lack: Lack) -> tuple[int, tuple[str, ...], int]:
    return lack.tier, lack.skills, lack.authority


FRONT = Tier(name="front line")


def test_a_team_that_can_do_everything_lacks_nothing(tmp_path: Path) -> None:
    assert found(tmp_path, person("ana", EVERYTHING), a_policy(FRONT)) == ()


def test_a_category_that_no_one_has_is_shown_for_all_the_time_a_person_is_there(tmp_path: Path) -> None:
    team = person("ana", [skill for skill in EVERYTHING if skill != "billing"])
    (lack,) = found(tmp_path, team, a_policy(FRONT))
    assert lack == Lack(
        tier=1, name="front line", calendar="24x7", skills=("billing",), authority=0, people=0, windows=hours((0, 24))
    )


def test_a_skill_that_comes_and_goes_with_a_shift_is_shown_with_its_exact_windows(tmp_path: Path) -> None:
    team = person("ana", ["technical"]) + person("ben", EVERYTHING) + person("cem", ["technical"])
    shifts = day_shift("ana", hours="06:00-22:00") + day_shift("ben", hours="09:00-12:30", name="mornings")
    shifts += day_shift("cem", hours="22:00-23:00", name="late")
    lacking = found(tmp_path, team, a_policy(FRONT), shifts=shifts)
    assert [wanting(one) for one in lacking] == [(1, (skill,), 0) for skill in EVERYTHING if skill != "technical"]
    assert {one.windows for one in lacking} == {hours((6, 9), (12.5, 23))}
    assert {one.people for one in lacking} == {1}


def test_time_in_which_no_one_is_there_at_all_is_a_gap_and_no_lack(tmp_path: Path) -> None:
    file = tmp_path / "team.yaml"
    text = "people:\n" + person("ana", EVERYTHING) + "shifts:\n" + day_shift("ana", hours="09:00-12:00")
    file.write_text(text, encoding="utf-8")
    until = MONDAY + timedelta(days=1)
    roster = read_roster(file, MONDAY, until)
    assert lacks(roster, a_policy(FRONT), MONDAY, until) == ()
    (gap,) = tier_gaps(roster, a_policy(FRONT), MONDAY, until)
    assert gap.windows == hours((0, 9), (12, 24))


def test_a_tier_no_one_serves_lacks_nothing_because_it_has_no_one(tmp_path: Path) -> None:
    assert found(tmp_path, person("ana", EVERYTHING), a_policy(FRONT, Tier(name="specialists"))) == ()


def test_only_the_open_time_of_the_calendar_counts(tmp_path: Path) -> None:
    policy = a_policy(FRONT, targets=[a_target(OFFICE.name)])
    (lack,) = found(tmp_path, person("ana", EVERYTHING[1:]), policy, days=7)
    assert lack.calendar == OFFICE.name
    assert all(span.end - span.start < timedelta(hours=12) for span in lack.windows)
    assert len(lack.windows) == 5


def test_a_category_counts_in_the_calendars_of_its_own_targets(tmp_path: Path) -> None:
    policy = a_policy(FRONT, targets=[a_target("24x7", Category.BILLING), a_target(OFFICE.name, Category.SERVICE)])
    lacking = found(tmp_path, person("ana", ["technical"]), policy)
    assert [(one.skills, one.calendar) for one in lacking] == [(("service",), OFFICE.name), (("billing",), "24x7")]


def test_a_category_whose_lane_begins_above_is_not_asked_for_below(tmp_path: Path) -> None:
    policy = a_policy(FRONT, Tier(name="managers"), lanes={Category.BEHAVIOUR: 2})
    team = person("ana", EVERYTHING[:-1], tiers="[1, 2]")
    assert EVERYTHING[-1] == "behaviour"
    assert [wanting(one) for one in found(tmp_path, team, policy)] == [(2, ("behaviour",), 0)]


def test_skills_and_authority_of_the_tier_must_meet_in_one_person(tmp_path: Path) -> None:
    tier = Tier(name="specialists", skills=("network", "lead"), authority=100)
    team = person("ana", [*EVERYTHING, "network"], rest=", authority: 500")
    team += person("ben", [*EVERYTHING, "lead"], rest=", authority: 500")
    (lack,) = found(tmp_path, team, a_policy(tier))
    assert (wanting(lack), lack.people) == ((1, ("network", "lead"), 0), 0)

    both = person("cem", [*EVERYTHING, "network", "lead"], rest=", authority: 500")
    assert found(tmp_path, team + both, a_policy(tier)) == ()


def test_authority_that_no_one_on_shift_has_is_shown(tmp_path: Path) -> None:
    tier = Tier(name="specialists", authority=100)
    team = person("ana", EVERYTHING, rest=", authority: 99, always: true") + person(
        "ben", EVERYTHING, rest=", authority: 100"
    )
    (lack,) = found(tmp_path, team, a_policy(tier), shifts=day_shift("ben", hours="08:00-20:00"))
    assert (wanting(lack), lack.people, lack.windows) == ((1, (), 100), 1, hours((0, 8), (20, 24)))


def test_a_category_is_looked_for_among_those_who_may_have_the_tier_s_cases(tmp_path: Path) -> None:
    tier = Tier(name="specialists", skills=("network",))
    team = person("ana", EVERYTHING) + person("ben", [*EVERYTHING[1:], "network"])
    (lack,) = found(tmp_path, team, a_policy(tier))
    assert (wanting(lack), lack.people) == ((1, (EVERYTHING[0],), 0), 0)


@pytest.mark.parametrize("rest", [", active: false", ""])
def test_a_person_who_is_not_active_or_away_closes_no_lack(tmp_path: Path, rest: str) -> None:
    team = person("ana", ["technical"]) + person("ben", EVERYTHING, rest=rest)
    file = tmp_path / "team.yaml"
    away = "absences:\n  - {person: ben, from: 2026-03-02T06:00, to: 2026-03-02T07:00, zone: UTC}\n"
    file.write_text(f"people:\n{team}{away}", encoding="utf-8")
    until = MONDAY + timedelta(days=1)
    lacking = lacks(read_roster(file, MONDAY, until), a_policy(FRONT), MONDAY, until)
    wanted = hours((0, 24)) if rest else hours((6, 7))
    assert {(one.skills, one.windows) for one in lacking} == {((skill,), wanted) for skill in EVERYTHING[1:]}


def test_the_windows_never_reach_into_time_without_anyone_and_never_overlap(tmp_path: Path) -> None:
    team = person("ana", ["technical"]) + person("ben", EVERYTHING)
    shifts = day_shift("ana", hours="22:00-06:00") + day_shift("ben", hours="05:00-05:30", name="mornings")
    lacking = found(tmp_path, team, a_policy(FRONT), shifts=shifts, days=2)
    assert {one.windows for one in lacking} == {hours((0, 5), (5.5, 6), (22, 29), (29.5, 30), (46, 48))}


def test_the_people_available_at_an_instant_are_on_shift_or_there_around_the_clock(tmp_path: Path) -> None:
    team = person("ana", EVERYTHING) + person("ben", EVERYTHING) + person("cem", EVERYTHING, tiers="[2]")
    team += person("dora", EVERYTHING, rest=", always: true") + person("eve", EVERYTHING, rest=", always: true")
    team += person("fay", EVERYTHING, rest=", always: true, active: false")
    file = tmp_path / "team.yaml"
    shifts = day_shift("ana", "ben", hours="09:00-12:00") + day_shift("ana", hours="11:00-15:00", name="long")
    absences = "absences:\n  - {person: eve, from: 2026-03-02, to: 2026-03-02}\n"
    file.write_text(f"people:\n{team}shifts:\n{shifts}{absences}", encoding="utf-8")
    roster = read_roster(file, MONDAY, MONDAY + WEEK)

    def there(hour: float) -> list[tuple[str, tuple[str, ...], float | None]]:
        found = there_at(roster, MONDAY + timedelta(hours=hour), 1)
        return [
            (one.person, one.shifts, (one.until - MONDAY) / timedelta(hours=1) if one.until else None) for one in found
        ]

    assert there(8) == [("dora", (), None)]
    assert there(11) == [("ana", ("days", "long"), 15), ("ben", ("days",), 12), ("dora", (), None)]
    assert there(24) == [("dora", (), None), ("eve", (), None)]


def test_a_tier_that_is_always_staffed_has_no_gap(tmp_path: Path) -> None:
    file = tmp_path / "team.yaml"
    file.write_text("people:\n" + person("ana", EVERYTHING), encoding="utf-8")
    until = MONDAY + WEEK
    assert tier_gaps(read_roster(file, MONDAY, until), a_policy(FRONT), MONDAY, until) == ()
