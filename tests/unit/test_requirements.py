"""What is pinned must install by pip alone, today and after its packages have had other releases."""

import re
from importlib.metadata import distribution
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

REQUIREMENTS = Path(__file__).parents[2] / "requirements"


def pinned(file: str) -> dict[str, Requirement]:
    """Distribution to its pin, from lines such as ``coverage[toml]==7.17.3 \\``."""
    lines = (REQUIREMENTS / file).read_text(encoding="utf-8").splitlines()
    found = (Requirement(line.rstrip(" \\")) for line in lines if re.match(r"[a-z0-9]", line, re.IGNORECASE))
    return {canonicalize_name(pin.name): pin for pin in found}


def asked_for(pin: Requirement) -> list[Requirement]:
    """What a pinned distribution needs here."""
    needs = map(Requirement, distribution(pin.name).requires or ())
    extras = pin.extras or {""}
    return [need for need in needs if not need.marker or any(need.marker.evaluate({"extra": one}) for one in extras)]


@pytest.mark.parametrize("file", ["dev.txt", "runtime.txt"])
def test_a_pin_names_the_extras_that_others_ask_for(file: str) -> None:
    # With hashes, pip takes `coverage[toml]>=7` for a package that is not pinned where only `coverage` is, and
    # refuses everything as soon as a release newer than the pinned one exists.
    pins = pinned(file)
    missing = [
        f"{pin} needs {need}, but {file} pins {pins[canonicalize_name(need.name)]}"
        for pin in pins.values()
        for need in asked_for(pin)
        if canonicalize_name(need.name) in pins and not need.extras <= pins[canonicalize_name(need.name)].extras
    ]

    assert not missing, f"{missing}; update the pins with `make pins`"


@pytest.mark.parametrize("file", ["dev.txt", "runtime.txt"])
def test_everything_that_is_needed_is_pinned(file: str) -> None:
    pins = pinned(file)
    missing = {
        f"{pin.name} needs {need}"
        for pin in pins.values()
        for need in asked_for(pin)
        if canonicalize_name(need.name) not in pins
    }

    assert not missing, f"{missing}; update the pins with `make pins`"
