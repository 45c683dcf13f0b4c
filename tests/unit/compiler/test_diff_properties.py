"""What holds of the differences between any two policies."""

from dataclasses import replace

import pytest
from hypothesis import given, settings

from escalation.compiler.diff import diff_policies
from escalation.vocabulary import ClockName
from tests.unit.compiler.test_diff import diff
from tests.unit.compiler.test_properties import DEFAULT, policies
from tests.unit.compiler.texts import compiled

pytestmark = pytest.mark.slow  # many policies are compiled


@given(policies())
@settings(max_examples=25, deadline=None)
def test_a_policy_is_not_different_from_itself(text: str) -> None:
    assert diff(text, text) == []


@given(policies(), policies())
@settings(max_examples=25, deadline=None)
def test_the_other_way_round_the_same_things_are_different(one: str, other: str) -> None:
    there, back = diff(one, other), diff(other, one)
    assert {(path, new, old) for path, old, new in there} == set(back)
    assert all(old != new for _, old, new in there)


@given(policies(), policies())
@settings(max_examples=25, deadline=None)
def test_policies_without_a_difference_promise_the_same_and_others_do_not(one: str, other: str) -> None:
    old, new = compiled(one), compiled(other)
    assert (diff_policies(old.policy, new.policy) == ()) is (old.checksum == new.checksum)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("policy: default", "policy: other"),
        ("rounds: 2", "rounds: 3"),
        ("targets: 5bd", "targets: 6bd"),
        ("09:00-17:30", "09:00-17:00"),
        ("close_when_satisfied: true", "close_when_satisfied: false"),
        ("satisfied_from: 4", "satisfied_from: 5"),
        ("thanks: true", "thanks: false"),
        ("severities: [SEV1, SEV2]", "severities: [SEV1]"),
        ("policy: default", "policy: default\nlate_after: 6s"),
    ],
)
def test_what_changes_the_checksum_of_the_default_policy_is_a_difference(old: str, new: str) -> None:
    assert old in DEFAULT
    assert diff(DEFAULT, DEFAULT.replace(old, new, 1))


@pytest.mark.parametrize("clock", sorted(set(ClockName) - {ClockName.SHIFT_END, ClockName.CONTACT_LIMIT}))
def test_a_clock_of_the_default_policy_that_is_left_out_is_a_difference(clock: ClockName) -> None:
    old = compiled(DEFAULT).policy
    left = {name: rule for name, rule in old.clocks.items() if name is not clock}
    changes = diff_policies(old, replace(old, clocks=left))
    assert changes
    assert {change.where[:2] for change in changes} == {("clocks", clock.value)}
    assert {change.new for change in changes} == {None}
