"""Who had how much, and who took what how soon."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from escalation.case.commands import Acknowledge, Decline, Reassign, Resolve, SupportCommand
from escalation.roster.files import read_roster
from escalation.vocabulary import Outcome
from simulation import Life, Replay, Rostered
from simulation.exports import OWNER
from simulation.load import Load
from simulation.report import SkippedHour
from simulation.staffing import Lack
from simulation.sums import LoadSums
from tests.example_policy import EXAMPLE, REF
from tests.unit.domain.case import MONDAY
from tests.unit.domain.policies import HANDING_OVER
from tests.unit.simulating.lives import Staff, life
from tests.unit.simulating.teams import person, roster_of

TAKE = Acknowledge(by=OWNER)
PASS = Decline(by=OWNER, why="on leave")
SOLVE = Resolve(by=OWNER, outcome=Outcome.SOLVED, solution="Off")


def loaded(*lives: tuple[tuple[float, SupportCommand], ...]) -> Load:
    """The load of these lives; each step has its hour after Monday 09:00."""
    replay, load = Replay(EXAMPLE, REF, Staff()), Load(LoadSums())
    for number, steps in enumerate(lives):
        lived = replay.live(life(*steps, ticket=f"T-{number}"))
        load.add(lived.events, lived.ended_at)
    return load


def rostered(
    folder: Path, people: tuple[str, ...], *steps: tuple[float, SupportCommand], lives: Sequence[Life] = ()
) -> Load:
    """The load of one life of these steps, or of several, where ana works from nine to five in Berlin."""
    file = folder / "roster.yaml"
    shift = "shifts:\n  day: {tiers: [1], people: [ana], zone: Europe/Berlin, hours: {mon-fri: 09:00-17:00}}\n"
    file.write_text(roster_of(*people, rest=shift), encoding="utf-8")
    directory = Rostered(read_roster(file, MONDAY, MONDAY + timedelta(days=400)))
    load = Load(LoadSums())
    policy = replace(HANDING_OVER, ladder=EXAMPLE.ladder)
    for lived in Replay(policy, REF, directory).together(lives or [life(*steps)]):
        load.add(lived.events, lived.ended_at, lived.lacks)
    return load


def test_cases_that_overlap_are_had_at_once_and_others_are_not() -> None:
    load = loaded(((0.1, TAKE), (5, SOLVE)), ((0.2, TAKE), (3, SOLVE)), ((0.1, TAKE), (0.2, SOLVE)))
    (ana,) = load.people()
    assert (ana.person, ana.cases, ana.most_at_once) == ("ana", 3, 3)
    assert ana.hours == round((4.9 + 2.8 + 0.1), 1)


def test_what_one_passes_on_is_the_load_of_the_next() -> None:
    load = loaded(((0.1, PASS), (0.2, TAKE), (2.2, SOLVE)))
    assert [(one.person, one.cases, one.hours) for one in load.people()] == [("ben", 1, 2.0)]
    (tier,) = load.tiers()
    assert (tier.tier, tier.offered, tier.acknowledged, tier.declined, tier.lapsed) == (1, 2, 1, 1, 0)
    assert tier.seconds_to_acknowledge.total == timedelta(hours=0.1).total_seconds()


def test_offers_no_one_answers_and_what_the_overseer_holds_in_the_end_are_counted() -> None:
    load = loaded(((30, SOLVE),))
    assert [one.person for one in load.people()] == ["overseer"]
    assert sum(tier.lapsed for tier in load.tiers()) == sum(tier.offered for tier in load.tiers()) > 3
    assert all(tier.seconds_to_acknowledge.count == 0 for tier in load.tiers())


def test_the_time_until_a_person_of_the_log_took_it_runs_from_the_offer_that_was_open() -> None:
    named = Reassign(to="mia", by="front-desk", why="the log")
    load = loaded(((0.2, named), (0.2, TAKE), (2, SOLVE)), ((0.1, PASS), (0.3, named), (0.3, TAKE), (1, SOLVE)))
    (tier,) = load.tiers()
    took = tier.seconds_to_acknowledge
    assert (took.count, took.total) == (2, timedelta(hours=0.2 + 0.2).total_seconds())


def test_an_offer_that_lapses_at_the_instant_of_the_naming_counts_as_the_one_that_was_open() -> None:
    named = Reassign(to="mia", by="front-desk", why="the log")
    (tier,) = loaded(((0.25, named), (0.25, TAKE), (2, SOLVE))).tiers()
    assert (tier.lapsed, tier.seconds_to_acknowledge.total) == (1, timedelta(hours=0.25).total_seconds())


def test_a_case_taken_over_from_its_owner_says_nothing_of_how_long_the_next_one_was_asked() -> None:
    named = Reassign(to="mia", by="front-desk", why="the log")
    (tier,) = loaded(((0.1, TAKE), (3, named), (3, TAKE), (4, SOLVE))).tiers()
    assert (tier.acknowledged, tier.seconds_to_acknowledge.count) == (2, 1)
    assert tier.seconds_to_acknowledge.total == timedelta(hours=0.1).total_seconds()


def test_a_case_handed_over_at_the_end_of_a_shift_is_counted_where_its_owner_was(tmp_path: Path) -> None:
    load = rostered(
        tmp_path, (person("ana"), person("fay", "[2]", authority=500)), (0.1, TAKE), (7.1, TAKE), (9, SOLVE)
    )
    front, second = load.tiers()[:2]

    assert (front.handed_over, second.handed_over) == (1, 0)
    # From six minutes past nine until she went home, then the one who took it to solve it.
    assert [(one.person, one.cases, one.hours) for one in load.people()] == [("ana", 1, 6.9), ("fay", 1, 1.9)]


def test_the_hours_in_which_no_one_was_there_are_shown_worst_first_with_the_reason(tmp_path: Path) -> None:
    lives = [life(ticket=f"T-{number}", start=MONDAY + number * timedelta(hours=1)) for number in (7, 8, 8.5, 8.6, 31)]
    load = rostered(tmp_path, (person("ana"), person("fay", "[2]", authority=500)), lives=lives)
    front, second = load.tiers()[:2]

    # She works from eight to sixteen, and it is sixteen when seven hours have gone.
    assert front.skipped == sum(hour.skipped for hour in front.skipped_hours) == 5
    assert front.skipped_hours == (
        SkippedHour(weekday=0, hour=17, skipped=3, searches=3),
        SkippedHour(weekday=0, hour=16, skipped=1, searches=1),
        SkippedHour(weekday=1, hour=16, skipped=1, searches=1),
    )
    assert front.skipped_because == {Lack.NOBODY_THERE: 5}
    assert (second.skipped, second.skipped_because, second.skipped_hours) == (0, {}, ())


def test_reasons_and_hours_add_up_to_the_skips_of_each_tier(tmp_path: Path) -> None:
    lives = [life(ticket=f"T-{number}", start=MONDAY + number * timedelta(minutes=50)) for number in range(40)]
    load = rostered(tmp_path, (person("ana", max_open=3), person("fay", "[3]", authority=9000)), lives=lives)

    tiers = load.tiers()
    assert {lack for tier in tiers for lack in tier.skipped_because} == set(Lack)
    for tier in tiers:
        assert tier.skipped == sum(tier.skipped_because.values()) == sum(hour.skipped for hour in tier.skipped_hours)
        assert all(0 < hour.skipped <= hour.searches for hour in tier.skipped_hours)


def test_nothing_gives_nothing() -> None:
    assert (Load(LoadSums()).people(), Load(LoadSums()).tiers()) == ((), ())
