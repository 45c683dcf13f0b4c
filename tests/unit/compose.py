"""Reads docker-compose.yml as `docker compose` would with the values of `.env.example`."""

import re
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

ROOT = Path(__file__).parents[2]
_VARIABLE = re.compile(r"\$\{(?P<name>\w+)(?P<kind>:-|:\?)(?P<rest>[^}]*)\}")


def example_environment() -> dict[str, str]:
    """What `.env.example` sets."""
    lines = (ROOT / ".env.example").read_text(encoding="utf-8").splitlines()
    return dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))


@lru_cache
def compose() -> Any:
    """The file with its anchors merged and its variables filled in."""
    text = (ROOT / "docker-compose.yml").read_text(encoding="utf-8")
    return _filled(YAML(typ="safe").load(text), example_environment())


def services() -> Mapping[str, Any]:
    """Name to definition."""
    found: Mapping[str, Any] = compose()["services"]
    return found


def environment_of(service: str) -> dict[str, str]:
    """The environment of one service."""
    return dict(services()[service].get("environment", {}))


def variables() -> dict[str, str]:
    """Every variable the file asks for, and how: `:-` with a default, `:?` required."""
    text = (ROOT / "docker-compose.yml").read_text(encoding="utf-8")
    return {found["name"]: found["kind"] for found in _VARIABLE.finditer(text)}


def _filled(value: Any, environment: Mapping[str, str]) -> Any:
    match value:
        case dict():
            return {key: _filled(one, environment) for key, one in value.items()}
        case list():
            return [_filled(one, environment) for one in value]
        case str():
            return _VARIABLE.sub(lambda found: _value(found, environment), value)
        case _:
            return value


def _value(found: re.Match[str], environment: Mapping[str, str]) -> str:
    if given := environment.get(found["name"]):
        return given
    assert found["kind"] == ":-", f"{found['name']} is required, and .env.example does not set it"
    return found["rest"]
