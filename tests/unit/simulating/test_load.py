"""Who had how much, and who took what how soon."""

from datetime import timedelta

from escalation.commands import Acknowledge, Decline, Resolve
from escalation.vocabulary import Outcome
from starter.importing import OWNER
from starter.simulating import Replay
from starter.simulating.load import Load
from tests.example_policy import EXAMPLE, REF
from tests.unit.simulating.lives import Staff, life

TAKE = Acknowledge(by=OWNER)
PASS = Decline(by=OWNER, why="on leave")
SOLVE = Resolve(by=OWNER, outcome=Outcome.SOLVED, solution="Off")


def loaded(*lives: tuple[tuple[float, object], ...]) -> Load:
    """The load of these lives; each step has its hour after Monday 09:00."""
    replay, load = Replay(EXAMPLE, REF, Staff()), Load()
    for number, steps in enumerate(lives):
        lived = replay.live(life(*steps, ticket=f"T-{number}"))  # type: ignore[arg-type]  # steps are (hours, command)
        load.add(lived.events, lived.ended_at)
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


def test_offers_nobody_answers_and_what_the_overseer_holds_in_the_end_are_counted() -> None:
    load = loaded(((30, SOLVE),))
    assert [one.person for one in load.people()] == ["overseer"]
    assert sum(tier.lapsed for tier in load.tiers()) == sum(tier.offered for tier in load.tiers()) > 3
    assert all(tier.seconds_to_acknowledge.count == 0 for tier in load.tiers())


def test_nothing_gives_nothing() -> None:
    assert (Load().people(), Load().tiers()) == ((), ())
