"""Puts the command line together and runs it.

A command costs nothing until it is typed: its module is imported when it runs. What may be asked of an escalation needs
no entry here; it is derived from the command's dataclass (`starter.cli.case.derived`).
"""

import asyncio
import os
import sys
from collections.abc import Awaitable, Mapping, Sequence
from inspect import isawaitable
from typing import Annotated

from cyclopts import App, Parameter

from runtime.exit_codes import INTERRUPTED, OK
from starter.cli.context import Context
from starter.cli.texts import texts_from, whole

NAME = "escalations"

COMMANDS: Mapping[str, tuple[str, str]] = {
    "open": (
        "case.open:open_",
        "Escalate a ticket; a no-op while it has an open escalation, a new one after the last has ended.",
    ),
    "status": ("case.status:status", "Show the owner of a case, its stage, and what is due when."),
    "timeline": ("case.reading:timeline", "Show the latest events of a case, in order, one line each."),
    "explain": (
        "case.reading:explain",
        "Explain when a case's clocks are due and why: what counted, what did not, and what is left.",
    ),
    "list": ("case.reading:list_", "List escalations, by default the open ones; the list may lag by a second."),
    "watch": ("case.watching:watch", "Show open escalations, or one, and keep the view current; Ctrl-C ends it."),
    "incident": (
        "incident.commands:app",
        "Link escalations with a common cause, and update all their customers at once.",
    ),
    "serve": ("serving:serve", "Serve the HTTP API until a stop signal."),
    "setup": (
        "record.setup:setup",
        "Add missing search attributes to the Temporal namespace; nothing else is created, and it is safe to repeat.",
    ),
    "migrate": (
        "record.commands:migrate",
        "Bring the record's database up to date; any number of runners may do so at once.",
    ),
    "report": (
        "record.learning:report",
        "Show totals and trends over all escalations, open and ended, and what to try in the policy.",
    ),
    "lessons": (
        "record.learning:lessons",
        "Show the lessons from reviews, newest first: causes, prevention, actions, and how the case was handled.",
    ),
    "audit": (
        "record.commands:audit",
        "Compare Temporal, record, ledger and bookings, and list what disagrees; exit 1 on findings.",
    ),
    "history": (
        "record.commands:history",
        "Show the whole history of a ticket, one escalation after the other, or of one escalation.\n\n"
        "It is read from the record, so it works even after Temporal has deleted the case.",
    ),
    "messages": ("messages:app", "Show the letters that customers get."),
    "letter": ("record.letters:letter", "List the letters that the customer got, or print one exactly as it went out."),
    "mine": (
        "record.mine:mine",
        "List a person's tasks, soonest first: offers, their cases, requests for advice or approval, reviews and actions.",
    ),
    "keys": ("access.keys:app", "Create, list, rotate and revoke API keys of the HTTP server."),
    "links": (
        "access.links:app",
        "List and revoke the links in messages to colleagues and customers; log people in by a link.",
    ),
    "connect": (
        "connect:connect",
        "Connect a help desk, chat, pager or webhook: ask for what it needs, test it, and write the settings.\n\n"
        "Secrets are prompted for and are never options, which keeps them out of the shell history.",
    ),
    "doctor": (
        "doctor:doctor",
        "Check servers, files and connected products, and say how to fix each problem; exit 1 if there is one.",
    ),
    "desk": ("desk:app", "List help-desk tickets that are out of step, link a ticket, or resume writing to one."),
    "webhooks": (
        "webhooks.commands:app",
        "List and show the events that help desks and chats sent; retry or drop those that were not applied.",
    ),
    "mail": (
        "mail:app",
        "Accept mail from a mail server, from a maildir or by SMTP; lift the block on an address that bounced.",
    ),
    "policy": ("policy.commands:app", "Check, explain and compare policy files."),
    "roster": ("roster.commands:app", "Check and load the roster; show who is on shift."),
    "triage": (
        "triage.command:triage",
        "Show whether a ticket, or each ticket of an export, should escalate, and why; nothing is opened.",
    ),
    "simulate": (
        "simulate.command:simulate",
        "Try a policy on past tickets: replay an incident log in virtual time and report the result.",
    ),
    "import": (
        "importing.command:import_",
        "Play a real log against running workers: a ServiceNow incident export (CSV), or any log with --mapping.\n\n"
        "Every ticket is opened and replayed step by step at compressed time. Playing the same file again repeats "
        "twice: it continues where it ended.",
    ),
    "undo-cancel": (
        "case.special:undo_cancel",
        "Undo a cancellation: the ticket escalates again, its last owner is asked first, and the customer is informed.",
    ),
    "due": ("time.commands:due", "Show when a duration of business time ends, and which intervals counted."),
    "elapsed": ("time.commands:elapsed", "Show the business time and the wall time between two instants."),
    "calendar": ("time.commands:app", "Show when a team is on duty."),
}
"""Commands with a function of their own: where it is, and the line for the overview, which imports none of them."""


_FLAGS = frozenset({"--help", "-h", "--version"})


def build_app(context: Context, argv: Sequence[str] = ()) -> App:
    """The command line, with `--json` and `--debug`; if `argv` names one of `COMMANDS`, the others may be left out."""
    app = App(
        name=NAME,
        help_format="plaintext",
        help="Open, manage and watch escalations of support tickets.",
        version=_version,
        console=context.out.console,
        default_parameter=Parameter(negative=()),
    )
    if _has_no_flags(argv):
        app.help_flags, app.version_flags = (), ()
    for name, (path, help_) in COMMANDS.items():
        app.command(f"starter.cli.{path}", name=name, help=help_)
    if next((word for word in argv if not word.startswith("-")), "") not in COMMANDS:
        from starter.cli.case.derived import register  # noqa: PLC0415 (imports the domain's commands)

        register(app)

    @app.meta.default
    async def _with_options(
        *tokens: Annotated[str, Parameter(show=False, allow_leading_hyphen=True)],
        json: Annotated[bool, Parameter(help="Print JSON.")] = False,
        debug: Annotated[bool, Parameter(help="Show the traceback of an error.")] = False,
    ) -> None:
        context.out.as_json = json
        context.debug = debug
        command, bound, injected = app.parse_args(tokens, exit_on_error=False, print_error=False)
        await _finished(command(*bound.args, **bound.kwargs, **dict.fromkeys(injected, context)))

    return app


def _has_no_flags(argv: Sequence[str]) -> bool:
    """Whether `--help` is a text in this line: it can only be behind `--`, where texts are."""
    return "--" in argv and _FLAGS.isdisjoint(argv[: list(argv).index("--")])


async def _finished(answer: Awaitable[None] | None) -> None:
    if isawaitable(answer):
        await answer


async def run(argv: Sequence[str], context: Context) -> int:
    """Run one command line and return its exit code; errors are shown on standard error."""
    # Switched on before anything is parsed, so that a mistake in the request is shown in JSON too.
    options = argv[: argv.index("--")] if "--" in argv else argv
    context.out.as_json = "--json" in options
    context.debug = "--debug" in options
    try:
        with texts_from(context.stdin, argv):
            app = build_app(context, argv)
            await app.meta.run_async(_whole(argv), exit_on_error=False, print_error=False, result_action="return_value")
    except BrokenPipeError:
        raise
    except Exception as error:  # noqa: BLE001 (the last resort: shown in a line, with an exit code of its own)
        from starter.cli.failures import failure_of  # noqa: PLC0415 (knows the errors of every driver)

        failure = failure_of(error)
        context.out.error(failure.code, failure.label, failure.message, heading=failure.heading, **failure.facts)
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
        # The reader has closed the pipe; nothing more may be written, also not while Python shuts down.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return OK
    return code


def _whole(argv: Sequence[str]) -> list[str]:
    """The arguments with U+FFFD for bytes that are not text; a file's name stays as it is, since only so it is found."""
    return [each if os.path.lexists(each.replace("\0", "")) else whole(each) for each in argv]


def _version() -> str:
    from importlib.metadata import PackageNotFoundError, version  # noqa: PLC0415 (slow to import: it reads mail headers)

    try:
        return version(NAME)
    except PackageNotFoundError:
        return "0 (not installed)"
