"""What all tests of this folder share."""

from pathlib import Path

import pytest


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Every test of this folder is slow: whole logs are replayed."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker("slow")
