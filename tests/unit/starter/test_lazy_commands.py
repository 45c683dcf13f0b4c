"""A command imports what it needs when it runs; the overview imports no command."""

import os
import subprocess
import sys
from importlib import import_module
from inspect import cleandoc
from pathlib import Path

import pytest
from cyclopts import App

from runtime.exit_codes import OK, UNREACHABLE
from starter.cli import OBJECTS_AT_START, OBJECTS_PER_COLLECTION
from starter.cli.app import COMMANDS, build_app
from starter.cli.context import Context

ROOT = Path(__file__).parents[3]

OF_SERVERS = (
    "temporalio",
    "asyncpg",
    "aiosmtplib",
    "cryptography",
    "structlog",
    "fastapi",
    "uvicorn",
)
OF_FILES = ("ruamel", "holidays", "icalendar", "babel", "pydantic", "jinja2", "vaderSentiment")
OF_CASES = (
    *("escalation.case.events", "escalation.clocks.causes", "escalation.incident", "escalation.lifecycle"),
    *("workflows", "starter.client", "simulation"),
)

UNUSED = [
    (("--help",), (*OF_SERVERS, *OF_FILES, *OF_CASES, "escalation.compiler", "importlib.metadata")),
    (
        ("policy", "check", "policies/default.yaml"),
        (
            *(*OF_SERVERS, *OF_CASES, "escalation.case.commands", "icalendar", "babel", "jinja2", "vaderSentiment"),
            *("holidays.countries.france", "holidays.financial"),  # only the country that the file names
        ),
    ),
    (("due", "--calendar", "24x7", "--from", "2026-03-27T16:00Z", "--within", "4h"), (*OF_SERVERS, "simulation")),
    (
        ("status", "4711"),  # of a server that is not there: also to say so takes no more
        (
            *("asyncpg", "aiosmtplib", "cryptography", "structlog", "fastapi", "uvicorn"),
            *("ruamel", "holidays", "icalendar", "babel", "jinja2", "vaderSentiment"),
            *("escalation.case.commands", "escalation.case.events", "escalation.incident", "escalation.messages"),
            *(
                "escalation.compiler",
                "escalation.policy",
                "escalation.business_time",
                "escalation.clocks",
                "simulation",
            ),
            *("escalation.case.state", "escalation.addresses", "standardwebhooks"),
        ),
    ),
]


@pytest.mark.parametrize(("line", "modules"), UNUSED, ids=lambda part: part[0])
def test_what_a_command_does_not_use_is_not_imported(line: tuple[str, ...], modules: tuple[str, ...]) -> None:
    script = (
        "import asyncio, sys\n"
        "from starter.cli.app import run\n"
        "from starter.cli.context import Context\n"
        f"code = asyncio.run(run({line!r}, Context.of_this_process()))\n"
        "print(*sys.modules, file=sys.stderr)\n"
        "raise SystemExit(code)"
    )
    nowhere = os.environ | {"TEMPORAL_ADDRESS": "127.0.0.1:1"}
    command = [sys.executable, "-c", script]
    ended = subprocess.run(command, cwd=ROOT, env=nowhere, capture_output=True, text=True, check=False)
    imported = set(ended.stderr.split())

    assert ended.returncode == (UNREACHABLE if line[0] == "status" else OK)
    assert "starter.cli.app" in imported
    assert sorted(imported & set(modules)) == []


@pytest.mark.parametrize("name", COMMANDS)
def test_the_overview_says_of_a_command_what_it_says_itself(name: str) -> None:
    path, help_ = COMMANDS[name]
    module, _, attribute = path.partition(":")
    command = getattr(import_module(f"starter.cli.{module}"), attribute)
    said = command.help if isinstance(command, App) else cleandoc(command.__doc__).split("\nArgs:")[0]

    assert help_.split() == said.split()


def without_help(app: App, *path: str) -> list[str]:
    """The options and arguments of every command of which the help says nothing, or shows an object as the default."""
    found = []
    for name in (each for each in app if not each.startswith("-")):
        command = app[name]
        if any(not each.startswith("-") for each in command):
            found += without_help(command, *path, name)
            continue
        options = command.assemble_argument_collection(parse_docstring=True)
        found += [
            " ".join((*path, name, option.name))
            for option in options
            if option.parse and option.show and not option.children
            if not option.parameter.help or " object at 0x" in repr(option.field_info.default)
        ]
    return found


def test_every_option_of_every_command_has_a_help_text() -> None:
    assert without_help(build_app(Context.of_this_process())) == []


def test_a_short_command_ends_before_python_looks_for_garbage_and_a_long_one_does_not() -> None:
    script = (
        "import gc; from starter.cli import look_for_garbage_later as later; later()\n"
        "seen = [gc.get_threshold()[0]]; gc.collect(0); print(*seen, gc.get_threshold()[0], len(gc.callbacks))"
    )
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.split() == [str(OBJECTS_AT_START), str(OBJECTS_PER_COLLECTION), "0"]
