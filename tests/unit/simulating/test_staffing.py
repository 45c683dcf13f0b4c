"""Whom a simulation asks: as many as are needed, or the people of a roster as the real directory would book them."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from escalation.case.commands import Acknowledge, RequestApproval, Resolve
from escalation.case.events import ApproverAsked, Offered, ShiftEnded, TierSkipped
from escalation.messages.effects import AssignOwner, FindApprover
from escalation.roster.files import read_roster
from escalation.vocabulary import ApprovalKind, Category, Outcome, Severity
from simulation import Life, Replay, Rostered, Unlimited
from simulation.exports import OWNER
from simulation.staffing import Lack
from tests.example_policy import EXAMPLE, REF
from tests.unit.domain.case import MONDAY
from tests.unit.domain.policies import HANDING_OVER
from tests.unit.simulating.lives import life
from tests.unit.simulating.teams import person, roster_of

NOON = MONDAY + timedelta(hours=3)
TAKE = Acknowledge(by=OWNER)
SOLVE = Resolve(by=OWNER, outcome=Outcome.SOLVED, solution="Off")


MINUTE = timedelta(minutes=1)
UNLIMITED = Unlimited(EXAMPLE.ladder)
SHIFTS = """
shifts:
  day:
    tiers: [1]
    people: [ana]
    zone: Europe/Berlin
    hours: {mon-fri: 09:00-17:00}
"""

Team = Callable[..., Rostered]
"""Makes a directory of people, and of what follows them in the file."""


def wanted(tier: int = 1, tried: tuple[str, ...] = (), offer: int = 1, **changes: Any) -> AssignOwner:
    values: dict[str, Any] = {"category": Category.BILLING, "severity": Severity.SEV2}
    return AssignOwner(offer=offer, tier=tier, tried=tried, **{**values, **changes})


@pytest.fixture
def team(tmp_path: Path) -> Team:
    def read(*people: str, rest: str = "") -> Rostered:
        file = tmp_path / "roster.yaml"
        file.write_text(roster_of(*people, rest=rest), encoding="utf-8")
        return Rostered(read_roster(file, MONDAY, MONDAY + timedelta(days=400)))

    return read


def test_without_a_roster_each_tier_has_as_many_people_as_are_asked() -> None:
    everybody = Unlimited(EXAMPLE.ladder)

    assert everybody.book("T", wanted(1), NOON) == "front-line-1"
    assert everybody.book("T", wanted(1, tried=("front-line-1",)), NOON) == "front-line-2"
    assert everybody.book("T", wanted(2), NOON) == "specialist-1"


def test_no_one_is_asked_twice_no_matter_who_was_tried_first() -> None:
    tried = ("front-line-2",)  # as after a reopening, which asks the previous owner first

    assert Unlimited(EXAMPLE.ladder).book("T", wanted(1, tried=tried), NOON) == "front-line-1"


def test_only_a_roster_says_that_it_does_not_know_a_person(team: Team) -> None:
    assert Unlimited(EXAMPLE.ladder).knows("mia")
    known = team(person("ana"), person("ben", active="false"))
    assert [known.knows(name) for name in ("ana", "ben", "mia")] == [True, False, False]


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


def test_a_person_who_was_named_must_be_at_work_but_may_have_too_much_to_do(team: Team) -> None:
    people = team(
        person("mia", "[2]", max_open=0),
        person("left", active="false"),
        person("away"),
        person("off"),
        rest=SHIFTS.replace("ana", "off") + "absences:\n  - {person: away, from: 2026-03-02, to: 2026-03-02}\n",
    )
    before_nine = NOON.replace(hour=6)

    assert {name: people.book(name, wanted(person=name), before_nine) for name in ("mia", "left", "away", "off")} == {
        "mia": "mia",
        "left": None,
        "away": None,
        "off": None,
    }
    assert people.book("later", wanted(person="off"), NOON) == "off"


def test_the_one_with_the_fewest_open_cases_is_asked_then_the_one_idle_the_longest(team: Team) -> None:
    people = team(person("ben"), person("ana"))
    at = (NOON + minutes * MINUTE for minutes in range(99))

    assert [people.book(f"T-{number}", wanted(), next(at)) for number in range(4)] == ["ana", "ben", "ana", "ben"]
    people.release("T-1", 1, next(at))
    assert people.book("T-9", wanted(), next(at)) == "ben"
    people.release("T-9", 1, next(at))
    people.release("T-0", 1, next(at))
    assert people.book("T-10", wanted(), next(at)) == "ben", "ana was given free after ben"


def test_what_one_has_of_this_very_case_counts_for_nothing(team: Team) -> None:
    people = team(person("ana", max_open=1), person("ben", max_open=1, authority=100))
    assert people.book("T-1", wanted(), NOON) == "ana"
    assert people.book("T-2", wanted(), NOON) == "ben"

    assert people.book("T-2", wanted(offer=2, authority=100), NOON) == "ben"
    assert people.book("T-2", wanted(offer=3, tried=("ben",)), NOON) is None
    people.release("T-2", 1, NOON)
    assert people.book("T-3", wanted(), NOON) is None, "only the latest offer can be given back"
    people.release("T-2", 2, NOON)
    assert people.book("T-3", wanted(), NOON) == "ben"


def test_who_speaks_the_customers_language_comes_first_and_others_where_no_one_does(team: Team) -> None:
    people = team(person("ana"), person("ben", languages="[pt-BR, de]"), person("cho", language="nl"))
    asked = ("pt", "DE-at", "nl-BE", "en", "fr", "")
    answers = []
    for number, language in enumerate(asked):
        answers.append(people.book(f"T-{number}", wanted(language=language), NOON))
        people.release(f"T-{number}", 1, NOON)
    assert answers[:4] == ["ben", "ben", "cho", "ana"]
    assert None not in answers


def test_an_approver_is_on_shift_covers_the_amount_and_has_the_least_to_do(team: Team) -> None:
    people = team(
        person("ana", "[2]", authority=9000),
        person("ben", "[2]", authority=500, max_open=0, skills="[]"),
        person("cho", "[2]", authority=500),
        person("dev", "[1]", authority=500),
        rest=SHIFTS.replace("[1]", "[2]"),
    )

    def approver(authority: int, *besides: str, hour: int = 12, tier: int = 2) -> str | None:
        asked = FindApprover(approval=1, tier=tier, authority=authority, besides=besides)
        return people.approver(asked, NOON.replace(hour=hour))

    assert (approver(501), approver(501, hour=6), approver(9001)) == ("ana", None, None)
    assert (approver(500, tier=1), approver(500, tier=3)) == ("dev", None)
    assert people.book("T-1", wanted(2, person="ben"), NOON) == "ben"
    assert (approver(500, "ana"), approver(500, "ana", "cho")) == ("cho", "ben")


def test_why_no_one_can_be_asked_is_shown_the_plainest_reason_first(team: Team) -> None:
    people = team(person("ana", max_open=1), person("fay", "[2]"), rest=SHIFTS)

    assert people.lack(wanted(skills=("german",)), NOON) is Lack.NOBODY_FIT
    assert people.lack(wanted(3), NOON) is Lack.NOBODY_FIT
    assert people.lack(wanted(), NOON.replace(hour=6)) is Lack.NOBODY_THERE
    assert people.book("T-1", wanted(), NOON) == "ana"
    assert people.lack(wanted(), NOON) is Lack.ALL_AT_LIMIT


def test_no_one_gets_more_than_their_limit_until_they_give_something_back(team: Team) -> None:
    people = team(person("ana", max_open=2))

    assert [people.book(f"T-{number}", wanted(), NOON) for number in range(3)] == ["ana", "ana", None]
    people.release("T-0", 1, NOON)
    people.release("T-0", 1, NOON)
    assert [people.book(f"T-{number}", wanted(), NOON) for number in (4, 5)] == ["ana", None]


def test_only_who_is_on_shift_is_asked(team: Team) -> None:
    people = team(person("ana", max_open=99), rest=SHIFTS)
    asked = [people.book("T", wanted(offer=hour), datetime(2026, 3, 2, hour, tzinfo=UTC)) for hour in (7, 8, 15, 16)]
    assert asked == [None, "ana", "ana", None]


def _lives(*hours: float) -> list[Life]:
    """Lives that are opened a number of hours after Monday 09:00, taken at once, and solved ten hours later."""
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


def test_a_person_who_goes_home_hands_the_case_over_to_a_person_who_is_there(team: Team) -> None:
    people = team(person("ana"), person("ben", max_open=0), person("fay", "[2]", authority=500), rest=SHIFTS)
    policy = replace(HANDING_OVER, ladder=EXAMPLE.ladder)
    (one,) = Replay(policy, REF, people).together([life((0.1, TAKE), (7.1, TAKE), (9, SOLVE))])

    (ended,) = [event for event in one.events if isinstance(event, ShiftEnded)]
    # Five in the afternoon in Berlin.
    assert (ended.person, ended.at) == ("ana", MONDAY.replace(hour=16))
    assert [event.person for event in one.events if isinstance(event, Offered)] == ["ana", "fay"]
    assert one.lacks == ((1, Lack.ALL_AT_LIMIT),)
    assert people.book("T-2", wanted(), NOON) == "ana", "it is hers no more"


def test_without_that_clock_and_without_a_roster_no_one_hands_over(team: Team) -> None:
    hours = ((0.1, TAKE), (9, SOLVE))
    policy = replace(HANDING_OVER, ladder=EXAMPLE.ladder)
    for replay in (
        Replay(EXAMPLE, REF, team(person("ana"), rest=SHIFTS)),
        Replay(policy, REF, Unlimited(EXAMPLE.ladder)),
    ):
        one = replay.live(life(*hours))
        assert not [event for event in one.events if isinstance(event, ShiftEnded)]
        assert one.lacks == ()


def test_a_request_for_approval_goes_to_the_roster_and_without_one_to_the_overseer(team: Team) -> None:
    ask = RequestApproval(by=OWNER, what=ApprovalKind.REFUND, amount=600, why="ours")
    asked = {}
    for name, people in (("roster", team(person("ana"), person("fay", "[3]", authority=9000))), ("none", UNLIMITED)):
        one = Replay(EXAMPLE, REF, people).live(life((0.1, TAKE), (1, ask)))
        asked[name] = [event.person for event in one.events if isinstance(event, ApproverAsked)]
    assert asked == {"roster": ["fay"], "none": ["overseer"]}


def test_beside_each_other_or_one_after_the_other_a_life_is_the_same_where_people_do_not_matter() -> None:
    lives = _lives(0, 1, 2, 2, 5)
    alone = {one.state.ticket: one.events for one in map(Replay(EXAMPLE, REF, Unlimited(EXAMPLE.ladder)).live, lives)}
    together = Replay(EXAMPLE, REF, Unlimited(EXAMPLE.ladder)).together(lives)
    assert {one.state.ticket: one.events for one in together} == alone
