"""Which tests the quick gate and the coverage gate ask.

The quick gate asks no property, as that tries many examples, and nothing of the folders that are slow. The coverage gate asks those of the pure core that are quick,
and the same in every run.
"""

import pytest
from hypothesis import is_hypothesis_test

HERE = "tests/unit/"
CORE = {
    "business_time",
    "compiler",
    "domain",
    "incident",
    "intake",
    "mail_in",
    "roster",
    "rostering",
    "screen",
    "triage",
    "test_customer_words.py",
    "test_plain.py",
    "test_roster.py",
}
"""What is here about the core alone; slow tests of it are marked `core` themselves where the gate needs them."""
SLOW = {"simulating", "starter"}
"""Folders of which every test is slow: whole logs are replayed, the whole command line runs."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what is slow, and the tests about the core; a line that only a property reaches may be missed next time."""
    for item in items:
        room = _room(item.nodeid)
        is_property = isinstance(item, pytest.Function) and is_hypothesis_test(item.obj)
        if room in SLOW or (room and is_property):
            item.add_marker("slow")
        if room in CORE and not is_property and item.get_closest_marker("slow") is None:
            item.add_marker("core")


def _room(nodeid: str) -> str:
    """The folder or file below this folder; empty where the test is elsewhere."""
    return nodeid.removeprefix(HERE).partition("::")[0].partition("/")[0] if nodeid.startswith(HERE) else ""
