"""The two files that connecting writes: the webhook file, and the environment with the secrets."""

import os
import shlex
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from escalation.errors import InvalidFile
from starter.webhooks.file import load_connections


class NotConnected(InvalidFile):
    """The product was not connected; nothing was written."""


def write_source(file: Path, name: str, section: Mapping[str, Any]) -> None:
    """Add the connection to the webhook file, whose comments stay; only a file that can be used replaces it.

    Raises:
        NotConnected: It is there already, or the file cannot be written.
        InvalidFile: The file cannot be used.
    """
    yaml = YAML()
    document = (yaml.load(file.read_text(encoding="utf-8")) if file.is_file() else None) or {}
    sources = document.setdefault("sources", {})
    if name in sources:
        raise NotConnected((f"{file} has a connection `{name}` already; take it out, or give this one another --name",))
    sources[name] = dict(section)
    tried = file.with_name(f".{file.name}.new")
    try:
        with tried.open("w", encoding="utf-8") as out:
            yaml.dump(document, out)
        load_connections(tried, None)
        tried.replace(file)
    except OSError as error:
        raise NotConnected((f"{file} cannot be written: {error.strerror}",)) from None
    finally:
        tried.unlink(missing_ok=True)


def kept(environment: Path) -> dict[str, str]:
    """The variables that the file sets; without a file, none."""
    if not environment.is_file():
        return {}
    return dict(filter(None, map(_variable, environment.read_text(encoding="utf-8").splitlines())))


def keep(environment: Path, variables: Mapping[str, str]) -> None:
    """Write variables as `NAME=value` lines, which a shell can read too, into a file that only its owner may read.

    Other lines stay as they are.

    Raises:
        NotConnected: The file cannot be written.
    """
    lines = environment.read_text(encoding="utf-8").splitlines() if environment.is_file() else []
    tried = environment.with_name(f".{environment.name}.new")
    try:
        tried.unlink(missing_ok=True)
        with os.fdopen(os.open(tried, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as out:
            out.writelines(f"{line}\n" for line in _with(lines, variables))
        tried.replace(environment)
    except OSError as error:
        raise NotConnected((f"{environment} cannot be written: {error.strerror}",)) from None
    finally:
        tried.unlink(missing_ok=True)


def _with(lines: list[str], variables: Mapping[str, str]) -> Iterator[str]:
    for line in lines:
        variable = _variable(line)
        if variable is None or variable[0] not in variables:
            yield line
    for name, value in variables.items():
        yield f"{name}={shlex.quote(value)}"


def _variable(line: str) -> tuple[str, str] | None:
    """Name and value; None for a comment, an empty line, or what no shell could read."""
    try:
        words = shlex.split(line, comments=True)
    except ValueError:
        return None
    name, equals, value = words[-1].partition("=") if words else ("", "", "")
    return (name, value) if equals else None
