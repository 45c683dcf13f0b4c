"""Which tests the quick gate and the coverage gate ask.

The quick gate asks no property, as that tries many examples. The coverage gate asks those of the pure core that are quick,
and the same in every run.
"""

from pathlib import Path

import pytest
from hypothesis import is_hypothesis_test

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


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark properties as slow, and the tests about the core; a line that only a property reaches may be missed next time."""
    for item in items:
        is_property = isinstance(item, pytest.Function) and is_hypothesis_test(item.obj)
        if is_property and _is_ours(item.path):
            item.add_marker("slow")
        if _is_about_the_core(item.path) and not is_property and item.get_closest_marker("slow") is None:
            item.add_marker("core")


def _is_ours(file: Path) -> bool:
    return file.is_relative_to(Path(__file__).parent)


def _is_about_the_core(file: Path) -> bool:
    return _is_ours(file) and file.relative_to(Path(__file__).parent).parts[0] in CORE
