"""What differs between two versions of a team."""

from escalation.roster import Difference, Standing, Step, team_changes


def standing(person: str, *, active: bool = True, **facts: str) -> Standing:
    return Standing(person=person, name=person.title(), facts=tuple(facts.items()), active=active)


def test_who_is_not_named_leaves_and_who_is_new_joins() -> None:
    changes = team_changes([standing("ben"), standing("ana")], [standing("cleo"), standing("ana")])
    assert [(change.step, change.person, change.name) for change in changes] == [
        (Step.LEAVES, "ben", "Ben"),
        (Step.JOINS, "cleo", "Cleo"),
    ]


def test_who_left_before_does_not_leave_again_and_comes_back_with_a_difference() -> None:
    gone = standing("ben", active=False, active_="no")
    assert team_changes([gone], []) == ()
    (change,) = team_changes([gone], [standing("ben", active_="yes")])
    assert (change.step, change.differences) == (Step.CHANGES, (Difference(what="active_", before="no", after="yes"),))


def test_only_what_differs_is_listed() -> None:
    before, after = standing("ana", skills="billing", tiers="1"), standing("ana", skills="billing", tiers="1, 2")
    (change,) = team_changes([before], [after])
    assert change.differences == (Difference(what="tiers", before="1", after="1, 2"),)
    assert team_changes([after], [after]) == ()
