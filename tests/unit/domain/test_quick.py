"""Values that are quickly made are frozen data classes like any other."""

import pickle
from copy import deepcopy
from dataclasses import FrozenInstanceError, asdict, dataclass, field, fields, replace

import pytest

from escalation.events import EVENTS
from escalation.quick import changed, quickly_made
from escalation.state import State


@quickly_made
@dataclass(frozen=True, kw_only=True)
class Parcel:
    """Something with each kind of field."""

    to: str
    weight: int = 1
    stamps: list[str] = field(default_factory=list)
    seal: str = field(default="", compare=False, repr=False)


@quickly_made
@dataclass(frozen=True, kw_only=True)
class Letter(Parcel):
    """One that inherits fields, and gives one a default."""

    to: str = "nobody"
    urgent: bool = False


def test_fields_and_defaults_are_those_of_the_class() -> None:
    assert asdict(Parcel(to="a", weight=2)) == {"to": "a", "weight": 2, "stamps": [], "seal": ""}
    assert asdict(Letter(urgent=True)) == {"to": "nobody", "weight": 1, "stamps": [], "seal": "", "urgent": True}


def test_each_value_gets_a_default_of_its_own() -> None:
    first, second = Parcel(to="a"), Parcel(to="a")
    first.stamps.append("red")
    assert second.stamps == []


def test_nothing_can_be_set_or_deleted() -> None:
    parcel = Parcel(to="a")
    with pytest.raises(FrozenInstanceError):
        parcel.to = "b"  # type: ignore[misc]  # that is what must fail
    with pytest.raises(FrozenInstanceError):
        del parcel.to


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({}, "missing 1 required keyword-only argument: 'to'"),
        ({"to": "a", "colour": "red"}, "unexpected keyword argument 'colour'"),
    ],
)
def test_a_missing_or_unknown_field_is_refused(given: dict[str, str], message: str) -> None:
    with pytest.raises(TypeError, match=f"Parcel.__init__.*{message}"):
        Parcel(**given)  # type: ignore[arg-type]  # that is what must fail


def test_values_compare_and_print_as_their_fields_say() -> None:
    assert Parcel(to="a", seal="x") == Parcel(to="a", seal="y")
    assert Parcel(to="a") != Parcel(to="b")
    assert Parcel(to="a") != Letter(to="a")
    assert repr(Letter(to="a")) == "Letter(to='a', weight=1, stamps=[], urgent=False)"


def test_a_changed_value_leaves_the_one_before_as_it_was() -> None:
    before = Letter(to="a", weight=3)
    after = changed(before, weight=4)
    assert (before.weight, after.weight) == (3, 4)
    assert after == replace(before, weight=4)
    assert type(after) is Letter


def test_values_survive_copying_and_pickling() -> None:
    letter = Letter(to="a", stamps=["red"])
    assert deepcopy(letter) == letter
    assert pickle.loads(pickle.dumps(letter)) == letter  # noqa: S301 (our own bytes)


@pytest.mark.parametrize("made", [State, *EVENTS.values()], ids=lambda made: made.__name__)
def test_states_and_events_are_made_quickly(made: type) -> None:
    assert not hasattr(made, "__slots__")
    code = vars(made)["__init__"].__code__
    assert set(code.co_varnames) == {"self", "own", *(each.name for each in fields(made))}


def test_a_class_with_slots_is_refused() -> None:
    with pytest.raises(TypeError, match="Tight has slots"):

        @quickly_made
        @dataclass(frozen=True, slots=True, kw_only=True)
        class Tight:
            to: str


def test_a_class_that_checks_its_fields_is_refused() -> None:
    with pytest.raises(TypeError, match="Checked has slots or a `__post_init__`"):

        @quickly_made
        @dataclass(frozen=True, kw_only=True)
        class Checked:
            to: str

            def __post_init__(self) -> None:
                raise ValueError(self.to)
