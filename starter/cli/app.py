"""Puts the command line together and runs it.

Every module of this package that has a function `register(app, context)` adds its commands; no list to keep. Such a
module imports what is heavy inside its commands, since all of them are imported at each start.
"""

import asyncio
import os
import pkgutil
import sys
from collections.abc import Sequence
from importlib import import_module
from importlib.metadata import PackageNotFoundError, version
from types import ModuleType
from typing import Annotated

from cyclopts import App, Parameter

import starter.cli
from starter.cli.context import Context
from starter.cli.exits import INTERRUPTED, OK, failure_of
from starter.cli.texts import texts_from, whole

NAME = "escalations"


def build_app(context: Context) -> App:
    """The whole command line, with `--json` and `--debug` for every command."""
    app = App(
        name=NAME,
        help="Open, steer and watch escalations of support tickets.",
        version=_version,
        console=context.out.console,
        default_parameter=Parameter(negative=()),
    )
    for module in _modules():
        if hasattr(module, "register"):
            module.register(app, context)

    @app.meta.default
    async def _with_options(
        *tokens: Annotated[str, Parameter(show=False, allow_leading_hyphen=True)],
        json: Annotated[bool, Parameter(help="Answer in JSON, for programs.")] = False,
        debug: Annotated[bool, Parameter(help="Show the traceback of an error.")] = False,
    ) -> None:
        context.out.as_json = json
        context.debug = debug
        await app.run_async(tokens, exit_on_error=False, print_error=False, result_action="return_value")

    return app


async def run(argv: Sequence[str], context: Context) -> int:
    """Run one command line and say with which exit code it ends; errors are told on standard error.

    Args:
        argv: Without the program's name.
        context: What it works with.
    """
    # Switched on before anything is parsed, so that a mistake in the request is told in JSON too.
    options = argv[: argv.index("--")] if "--" in argv else argv
    context.out.as_json = "--json" in options
    context.debug = "--debug" in options
    try:
        app = build_app(context)
        with texts_from(context.stdin, argv):
            await app.meta.run_async(_whole(argv), exit_on_error=False, print_error=False, result_action="return_value")
    except BrokenPipeError:
        raise
    except Exception as error:  # noqa: BLE001 (the last resort: told in a line, with an exit code of its own)
        failure = failure_of(error)
        context.out.error(failure.code, failure.label, failure.message, **failure.facts)
        if context.debug:
            context.out.traceback(error)
        return failure.code
    return OK


def run_to_exit(argv: Sequence[str], context: Context) -> int:
    """`run` in an event loop of its own, for a process."""
    try:
        code = asyncio.run(run(argv, context))
        sys.stdout.flush()
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        # Whoever read our output has seen enough; nothing more may be written, also not while Python shuts down.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return OK
    return code


def _whole(argv: Sequence[str]) -> list[str]:
    """The arguments with U+FFFD for bytes that are not text; a file's name stays as it is, since only so it is found."""
    return [each if os.path.lexists(each.replace("\0", "")) else whole(each) for each in argv]


def _modules() -> list[ModuleType]:
    found = pkgutil.walk_packages(starter.cli.__path__, f"{starter.cli.__name__}.")
    return [import_module(name) for name in sorted(each.name for each in found) if not name.endswith("__main__")]


def _version() -> str:
    try:
        return version(NAME)
    except PackageNotFoundError:
        return "0 (not installed)"
