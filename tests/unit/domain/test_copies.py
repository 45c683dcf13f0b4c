"""A changed copy is what `dataclasses.replace` would make of the value."""

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import cached_property

from escalation.case.state_parts import ClockRun
from escalation.copies import changed


@dataclass(frozen=True, kw_only=True)
class Parcel:
    """Something with each kind of field."""

    to: str
    weight: int = 1
    stamps: tuple[str, ...] = ()
    marks: dict[str, int] = field(default_factory=dict)

    @cached_property
    def label(self) -> str:
        return self.to.upper()


def test_a_changed_value_leaves_the_one_before_as_it_was() -> None:
    before = Parcel(to="a", weight=3)
    after = changed(before, weight=4, stamps=("red",))
    assert (before.weight, before.stamps) == (3, ())
    assert after == replace(before, weight=4, stamps=("red",))
    assert hash(replace(after, marks={}).stamps) == hash(after.stamps)
    assert type(after) is Parcel


def test_what_did_not_change_is_the_very_same() -> None:
    before = Parcel(to="a", marks={"x": 1})
    assert changed(before, weight=4).marks is before.marks


def test_what_was_worked_out_is_passed_on() -> None:
    before = Parcel(to="a")
    assert before.label == "A"
    assert changed(before, weight=2).__dict__["label"] is before.label


def test_a_run_of_a_clock_can_be_changed() -> None:
    run = ClockRun(cycle=2, started_at=datetime(2026, 3, 2, 9, tzinfo=UTC))
    fired = changed(run, fired=("50%",), breached=True)
    assert fired == ClockRun(cycle=2, started_at=run.started_at, fired=("50%",), breached=True)
    assert run.fired == ()
