"""How one version of a team differs from the next, as the database has the one and the file the other."""

from dataclasses import asdict
from typing import Any

from escalation.roster import Duty, Step
from escalation.roster.members import Member, compared
from tests.unit.roster.plans import at

ANA = Member(
    id="ana", name="Ana", address="ana@example.com", skills=("technical", "billing"), tiers=(1,), scheduled=True
)


def row(member: Member, *shifts: str) -> dict[str, Any]:
    """A row of the query `team`."""
    return {**asdict(member), "shifts": list(shifts)}


def duty(person: str, shift: str) -> Duty:
    return Duty(person=person, shift=shift, tier=1, start=at("2026-01-05 09:00"), end=at("2026-01-05 17:00"))


def test_the_same_team_on_the_same_shifts_does_not_differ() -> None:
    assert compared([row(ANA, "days")], [ANA], [duty("ana", "days"), duty("ana", "days")]) == ()


def test_shifts_skills_and_tiers_are_compared_as_people_write_them() -> None:
    after = Member(id="ana", name="Ana", address="ana@example.com", max_open=7)
    (change,) = compared([row(ANA, "days", "")], [after], [])
    assert change.step is Step.CHANGES
    assert [(one.what, one.before, one.after) for one in change.differences] == [
        ("skills", "billing, technical", "none"),
        ("tiers", "1", "none"),
        ("max_open", "5", "7"),
        ("shifts", "by hand, days", "by name only"),
    ]


def test_a_person_who_is_not_scheduled_is_there_around_the_clock() -> None:
    always = Member(id="ana", name="Ana", address="ana@example.com", tiers=(1,))
    scheduled = Member(id="ana", name="Ana", address="ana@example.com", tiers=(1,), scheduled=True)
    (change,) = compared([row(always)], [scheduled], [duty("ana", "days")])
    assert [(one.what, one.before, one.after) for one in change.differences] == [("shifts", "around the clock", "days")]
