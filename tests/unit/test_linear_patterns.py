"""No regular expression over outside text takes longer than in proportion to its length."""

import importlib
import inspect
import pkgutil
import re
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest

import activities
import escalation
import runtime
import simulation
import starter
import workflows
from activities.adapters.smtp import _without_addresses
from escalation.business_time import ALWAYS_OPEN, DurationError, parse_duration
from escalation.business_time.errors import UnknownZone
from escalation.business_time.zones import load_zone
from runtime.log_setup import REDACTED, _clean

PACKAGES = (escalation, activities, workflows, simulation, runtime, starter)
SHORT, TIMES = 600, 4
"""Characters of the shorter input, and how much longer the longer one is."""
FASTEST = 0.001
"""Seconds of processor time below which a difference says nothing."""
PIECES = (
    "a",
    "A",
    "0",
    " ",
    "\n",
    "\t",
    "@",
    "a@",
    "a.",
    "-",
    "a-",
    "_",
    "\\",
    "\\\\",
    "`",
    "`a ",
    "<",
    "<a",
    '"',
    "'a",
    "ü",
    "漢",
    "1d ",
    "import/",
    "(",
    "a, ",
)


def _uses() -> Iterator[tuple[str, Callable[[str], object]]]:
    """How each pattern of our modules is used: anchored, or anywhere in a text."""
    for package in PACKAGES:
        for found in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if found.name.endswith("__main__"):
                continue
            module = importlib.import_module(found.name)
            source = inspect.getsource(module)
            for name, value in vars(module).items():
                if isinstance(value, re.Pattern):
                    pattern = _of_text(value)
                    yield f"{found.name}.{name}.fullmatch", pattern.fullmatch
                    if re.search(rf"\b{name}\.(search|sub|subn|split|findall|finditer)\(", source):
                        yield f"{found.name}.{name}.search", pattern.search
                        yield f"{found.name}.{name}.findall", pattern.findall


def _of_text(pattern: "re.Pattern[Any]") -> "re.Pattern[str]":
    """The same pattern for text, where it is one for bytes."""
    if isinstance(pattern.pattern, bytes):
        return re.compile(pattern.pattern.decode("latin-1"), pattern.flags & ~re.UNICODE | re.ASCII)
    return pattern


def _seconds(work: Callable[[str], object], text: str) -> float:
    def once() -> float:
        start = time.thread_time()
        work(text)
        return time.thread_time() - start

    return min(once() for _ in range(3))


def _is_linear(work: Callable[[str], object], piece: str) -> bool:
    """Whether four times the text takes about four times as long, not sixteen times."""
    texts = [piece * (SHORT // len(piece)), piece * (SHORT * TIMES // len(piece))]
    short, long = (_seconds(work, f"{text}\x00") for text in texts)
    return long < FASTEST or long < short * TIMES * 2.5


def test_every_pattern_takes_time_in_proportion_to_the_text() -> None:
    uses = dict(_uses())
    slow = [
        (name, piece)
        for name, work in uses.items()
        for piece in PIECES
        if not (_is_linear(work, piece) or _is_linear(work, piece))
    ]
    assert "runtime.log_setup._MAY_BE_ADDRESS.search" in uses
    assert not slow


def test_a_pattern_that_is_slow_is_found() -> None:
    assert not _is_linear(re.compile(r"[\w.+-]+@[\w-]+").search, "a")


def _duration(text: str) -> None:
    with pytest.raises(DurationError):
        parse_duration(f"1d{text}", ALWAYS_OPEN)


def _zone(text: str) -> None:
    with pytest.raises(UnknownZone):
        load_zone(text)


@pytest.mark.parametrize("work", [_clean, _without_addresses, _duration, _zone])
@pytest.mark.parametrize("piece", ["a", "a@", "a.", " ", "<", "a-"])
def test_what_reads_outside_text_takes_200_kilobytes_at_once(work: Callable[[str], object], piece: str) -> None:
    assert _seconds(work, piece * (200_000 // len(piece)) + "!") < 1


@pytest.mark.parametrize(
    ("said", "logged"),
    [
        ("sent to ann@example.com.", f"sent to {REDACTED}."),
        ("<ann+x@mail.example.com>, b@example.org", f"<{REDACTED}>, {REDACTED}"),
        ("user@host and a.b.c", "user@host and a.b.c"),
        ("x" * 30_000, "x" * 20_000 + "…"),
    ],
)
def test_addresses_are_taken_out_of_logs_and_long_values_are_cut(said: str, logged: str) -> None:
    assert _clean(said) == logged
