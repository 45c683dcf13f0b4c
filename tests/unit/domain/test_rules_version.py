"""A case is continued only by a release that knows the rules it was opened under."""

import pytest

from escalation.lifecycle.rules_version import CHANGES, UnknownRules, latest, require_known


def test_every_version_that_was_ever_released_is_known() -> None:
    for version in CHANGES:
        require_known(version)


def test_a_case_of_a_newer_release_waits_for_its_workers_and_says_so() -> None:
    with pytest.raises(
        UnknownRules, match="nothing is lost: it continues when workers of the newer release run"
    ) as told:
        require_known(latest() + 1)
    assert told.value.rules == latest() + 1
