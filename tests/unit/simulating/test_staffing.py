from escalation.effects import AssignOwner
from escalation.vocabulary import Category, Severity
from starter.roster import RosterPerson
from starter.simulating import Rostered, Unlimited
from tests.example_policy import EXAMPLE


def wanted(tier: int = 1, tried: tuple[str, ...] = (), **changes: object) -> AssignOwner:
    values: dict[str, object] = {"offer": 1, "category": Category.BILLING, "severity": Severity.SEV2}
    return AssignOwner(tier=tier, tried=tried, **{**values, **changes})  # type: ignore[arg-type]  # fields by name


def person(id_: str, *tiers: int, skills: tuple[str, ...] = ("billing",), **changes: object) -> RosterPerson:
    values = {"id": id_, "name": id_, "address": f"{id_}@example.com", "skills": skills, "tiers": tiers, "max_open": 5}
    return RosterPerson.model_validate({**values, **changes})


def test_without_a_roster_each_tier_has_as_many_people_as_are_asked() -> None:
    everybody = Unlimited(EXAMPLE.ladder)

    assert everybody.book(wanted(1)) == "front-line-1"
    assert everybody.book(wanted(1, tried=("front-line-1",))) == "front-line-2"
    assert everybody.book(wanted(2)) == "specialist-1"


def test_a_person_who_was_named_is_there() -> None:
    assert Unlimited(EXAMPLE.ladder).book(wanted(person="mia")) == "mia"
    assert Rostered([person("mia", 1)]).book(wanted(2, person="mia")) == "mia"
    assert Rostered([person("mia", 1)]).book(wanted(2, person="noa")) is None


def test_a_roster_is_asked_by_tier_skill_and_authority() -> None:
    team = Rostered(
        [
            person("other-tier", 2),
            person("other-skill", 1, skills=("product",)),
            person("no-authority", 1),
            person("away", 1, authority=100, active=False),
            person("never", 1, authority=100, max_open=0),
            person("right", 1, authority=100),
        ]
    )

    assert team.book(wanted(1, authority=100)) == "right"
    assert team.book(wanted(1, authority=100, tried=("right",))) is None
    assert team.book(wanted(1, authority=100, skills=("german",))) is None


def test_whoever_was_asked_least_is_asked_next() -> None:
    team = Rostered([person("ana", 1), person("ben", 1)])

    assert [team.book(wanted()) for _ in range(4)] == ["ana", "ben", "ana", "ben"]
