"""Which tests the quick gate and the coverage gate ask, and that no test here meets the servers of others.

The quick gate asks no property, as that tries many examples, and nothing of the folders that are slow. The coverage gate asks those of the pure core that are quick,
and the same in every run. Neither it nor what comes after it, `not core`, reads the files of which it asks nothing: that takes as long as many tests.
"""

import os
from collections.abc import Generator
from functools import cache
from pathlib import Path

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


OTHERS = ("hypothesis", "slow", "fuzz")
"""Words without which a file about the core has no test that the coverage gate leaves out."""


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Leave out a file without tests that are asked for."""
    if collection_path.suffix != ".py" or config.option.markexpr not in ("core", "not core"):
        return None
    return None if (config.option.markexpr == "core") in _kinds(collection_path, config.rootpath) else True


def pytest_collection_modifyitems(items: list[pytest.Item], config: pytest.Config) -> None:
    """Mark what is slow, and the tests about the core; a line that only a property reaches may be missed next time."""
    for item in items:
        room = _room(item.nodeid)
        is_property = isinstance(item, pytest.Function) and is_hypothesis_test(item.obj)
        if room in SLOW or (room and is_property):
            item.add_marker("slow")
        if room in CORE and not is_property and item.get_closest_marker("slow") is None:
            item.add_marker("core")
        if room and (item.get_closest_marker("core") is not None) not in _kinds(item.path, config.rootpath):
            raise pytest.UsageError(f"{item.nodeid}: neither `core` nor `not core` would find it: see CORE and OTHERS")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, bool | None, bool | None]:
    """Hide from tests of this folder what tests of servers, before them in the same process, have set for all of theirs."""
    hidden = (
        [name for name in os.environ if name.startswith(("ESCALATIONS_", "TEMPORAL_"))] if _room(item.nodeid) else []
    )
    kept = {name: os.environ.pop(name) for name in hidden}
    try:
        return (yield)
    finally:
        os.environ.update(kept)


@cache
def _kinds(file: Path, root: Path) -> set[bool]:
    """Whether the tests of a file may be about the core: True, False or both."""
    if _room(file.relative_to(root).as_posix()) not in CORE:
        return {False}
    return {True, False} if any(word in file.read_text("utf-8") for word in OTHERS) else {True}


def _room(nodeid: str) -> str:
    """The folder or file below this folder; empty where the test is elsewhere."""
    return nodeid.removeprefix(HERE).partition("::")[0].partition("/")[0] if nodeid.startswith(HERE) else ""
