"""The incident that the tests of this folder are about."""

import pytest

from tests.unit.incident.story import Story


@pytest.fixture
def story() -> Story:
    return Story()
