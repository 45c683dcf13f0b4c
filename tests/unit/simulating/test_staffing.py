"""Whom a simulation asks: as many as are needed, or the people of a roster as the real directory would book them."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from escalation.commands import Acknowledge, Resolve
from escalation.effects import AssignOwner
from escalation.events import Offered, TierSkipped
from escalation.vocabulary import Category, Outcome, Severity
from starter.importing import OWNER
from starter.rostering import read_roster
from starter.simulating import Life, Replay, Rostered, Unlimited
from tests.example_policy import EXAMPLE, REF
from tests.unit.domain.case import MONDAY
from tests.unit.simulating.lives import life

NOON = MONDAY + timedelta(hours=3)
TAKE = Acknowledge(by=OWNER)
SOLVE = Resolve(by=OWNER, outcome=Outcome.SOLVED, solution="Off")


Team = Callable[..., Rostered]
"""Makes a directory of people, and of what follows them in the file."""


def wanted(tier: int = 1, tried: tuple[str, ...] = (), offer: int = 1, **changes: object) -> AssignOwner:
    values: dict[str, object] = {"category": Category.BILLING, "severity": Severity.SEV2}
    return AssignOwner(offer=offer, tier=tier, tried=tried, **{**values, **changes})  # type: ignore[arg-type]  # by name


def person(id_: str, tiers: str = "[1]", skills: str = "[billing]", **changes: object) -> str:
    values = {"id": id_, "name": id_, "address": f"{id_}@example.com", "skills": skills, "tiers": tiers, "max_open": 5}
    values |= changes
    return "  - {" + ", ".join(f"{name}: {value}" for name, value in values.items()) + "}\n"


@pytest.fixture
def team(tmp_path: Path) -> Team:
    def read(*people: str, rest: str = "") -> Rostered:
        file = tmp_path / "roster.yaml"
        file.write_text("people:\n" + "".join(people) + rest, encoding="utf-8")
        return Rostered(read_roster(file, MONDAY, MONDAY + timedelta(days=400)))

    return read


def test_without_a_roster_each_tier_has_as_many_people_as_are_asked() -> None:
    everybody = Unlimited(EXAMPLE.ladder)

    assert everybody.book("T", wanted(1), NOON) == "front-line-1"
    assert everybody.book("T", wanted(1, tried=("front-line-1",)), NOON) == "front-line-2"
    assert everybody.book("T", wanted(2), NOON) == "specialist-1"


def test_a_person_who_was_named_is_there(team: Team) -> None:
    assert Unlimited(EXAMPLE.ladder).book("T", wanted(person="mia"), NOON) == "mia"
    assert team(person("mia")).book("T", wanted(2, person="mia"), NOON) == "mia"
    assert team(person("mia")).book("T", wanted(2, person="noa"), NOON) is None


def test_a_roster_is_asked_by_tier_skill_and_authority(team: Team) -> None:
    people = team(
        person("other-tier", "[2]", authority=100),
        person("other-skill", skills="[product]", authority=100),
        person("no-authority"),
        person("away", authority=100, active="false"),
        person("never", authority=100, max_open=0),
        person("right", authority=100),
    )

    assert people.book("T", wanted(1, authority=100), NOON) == "right"
    assert people.book("T", wanted(1, authority=100, tried=("right",)), NOON) is None
    assert people.book("T", wanted(1, authority=100, skills=("german",)), NOON) is None


def test_the_one_with_the_fewest_open_cases_is_asked_then_the_one_idle_the_longest(team: Team) -> None:
    people = team(person("ana"), person("ben"))

    assert [people.book(f"T-{number}", wanted(), NOON) for number in range(4)] == ["ana", "ben", "ana", "ben"]
    people.release("T-1", 1)
    assert people.book("T-9", wanted(), NOON) == "ben"


def test_nobody_gets_more_than_their_limit_until_they_give_something_back(team: Team) -> None:
    people = team(person("ana", max_open=2))

    assert [people.book(f"T-{number}", wanted(), NOON) for number in range(3)] == ["ana", "ana", None]
    people.release("T-0", 1)
    people.release("T-0", 1)
    assert [people.book(f"T-{number}", wanted(), NOON) for number in (4, 5)] == ["ana", None]


def test_only_who_is_on_shift_is_asked(team: Team) -> None:
    shifts = """
shifts:
  day:
    tiers: [1]
    people: [ana]
    zone: Europe/Berlin
    hours: {mon-fri: 09:00-17:00}
"""
    people = team(person("ana", max_open=99), rest=shifts)
    asked = [people.book("T", wanted(offer=hour), datetime(2026, 3, 2, hour, tzinfo=UTC)) for hour in (7, 8, 15, 16)]
    assert asked == [None, "ana", "ana", None]


def _lives(*hours: float) -> list[Life]:
    """Lives that are opened so many hours after Monday 09:00, taken at once, and solved ten hours later."""
    found = []
    for hour in hours:
        one = life((hour + 0.1, TAKE), (hour + 10, SOLVE), ticket=f"T-{hour}")
        found.append(Life(opened_at=MONDAY + timedelta(hours=hour), open=one.open, steps=one.steps))
    return found


def test_lives_that_run_beside_each_other_share_the_people(team: Team) -> None:
    people = team(person("ana", max_open=1), person("fay", "[3]", authority=9000))
    found = {one.state.ticket: one for one in Replay(EXAMPLE, REF, people).together(_lives(0, 1, 11))}
    asked = {
        ticket: next(event.person for event in lived.events if isinstance(event, Offered))
        for ticket, lived in found.items()
    }
    assert asked == {"T-0": "ana", "T-1": "fay", "T-11": "ana"}, "ana has one case at a time"
    assert [event.tier for event in found["T-1"].events if isinstance(event, TierSkipped)] == [1, 2]


def test_beside_each_other_or_one_after_the_other_a_life_is_the_same_where_people_do_not_matter() -> None:
    lives = _lives(0, 1, 2, 2, 5)
    alone = {one.state.ticket: one.events for one in map(Replay(EXAMPLE, REF, Unlimited(EXAMPLE.ladder)).live, lives)}
    together = Replay(EXAMPLE, REF, Unlimited(EXAMPLE.ladder)).together(lives)
    assert {one.state.ticket: one.events for one in together} == alone
