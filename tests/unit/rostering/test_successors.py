"""Who takes over from a person who leaves the team."""

from escalation.roster.files.model import RosterPerson
from escalation.roster.files.successors import successor
from escalation.roster.members import OnShift


def person(id_: str, *tiers: int, skills: tuple[str, ...] = ("billing",), active: bool = True) -> RosterPerson:
    return RosterPerson(
        id=id_, name=id_, address=f"{id_}@example.com", skills=skills, tiers=tiers, max_open=2, active=active
    )


def there(id_: str, open_: int = 0) -> OnShift:
    return OnShift(person=id_, shifts=(), until=None, open=open_, most=2)


def chosen(people: list[RosterPerson], *on_shift: OnShift, besides: tuple[str, ...] = ("ben",)) -> str:
    return successor(people, on_shift, tier=1, skill="billing", overseer="overseer", besides=besides)


def test_who_is_on_shift_with_the_fewest_cases_comes_first() -> None:
    assert chosen([person("ana", 1), person("cleo", 1)], there("cleo", 0), there("ana", 1)) == "cleo"


def test_who_is_full_or_cannot_do_it_is_passed_over() -> None:
    team = [person("ana", 1), person("cleo", 1), person("dev", 1, skills=("technical",))]
    assert chosen(team, there("dev"), there("cleo"), there("ana", 2)) == "cleo"


def test_an_able_person_of_the_tier_waits_for_their_shift_before_a_tier_above_is_asked() -> None:
    assert chosen([person("ana", 1), person("jana", 2)], there("jana")) == "ana"


def test_the_next_tier_above_comes_before_those_further_up() -> None:
    assert chosen([person("max", 3), person("jana", 2), person("kofi", 1, active=False)]) == "jana"


def test_the_overseer_is_left_where_no_one_else_is() -> None:
    assert chosen([person("ben", 1), person("ana", 1)], there("ana"), besides=("ben", "ana")) == "overseer"
