"""The command that prepares a Temporal namespace."""

from cyclopts import App
from rich.text import Text
from temporalio.client import Client
from temporalio.service import RPCError

from runtime.connection import NotPrepared, TemporalUnreachable, connect, silent_runtime
from runtime.settings import Settings
from starter.cli.context import Context
from starter.cli.output import cell
from workflows.options import SEARCH_ATTRIBUTES


class SetupCommand:
    """Adds what escalations need to a Temporal namespace that exists."""

    def __init__(self, context: Context) -> None:
        self._context = context

    async def setup(self) -> None:
        """Add missing search attributes to the Temporal namespace; creates nothing else, safe to repeat."""
        from runtime.ground.temporal import require_namespace  # noqa: PLC0415 (most commands do without)

        client = await connect(Settings.load(), runtime=silent_runtime())
        await require_namespace(client)
        added = await _add_missing(client)
        there = [name for name in SEARCH_ATTRIBUTES if name not in added]
        shown = [f"added {name} ({SEARCH_ATTRIBUTES[name]})" for name in added]
        if not added:
            shown = [f"namespace {client.namespace} has all search attributes; nothing to do"]
        document = {"namespace": client.namespace, "added": added, "there": there}
        self._context.out.document(document, Text("\n").join(map(cell, shown)))


async def _add_missing(client: Client) -> list[str]:
    from runtime.ground.temporal import require_search_attributes  # noqa: PLC0415
    from runtime.search_attributes import AddingRefused, add_attributes, known_attributes, value_of  # noqa: PLC0415

    try:
        known = await known_attributes(client)
        missing = [name for name in SEARCH_ATTRIBUTES if name not in known]
        if missing:
            await add_attributes(client, {name: value_of(name, SEARCH_ATTRIBUTES[name]) for name in missing})
    except AddingRefused as error:
        await _require_by_searching(client, str(error))
        return []
    except TimeoutError as error:
        raise NotPrepared("Temporal took the search attributes but does not list them yet; run it again") from error
    except RPCError as error:
        raise TemporalUnreachable(f"Temporal did not add the search attributes: {error.message}; try again") from error
    await require_search_attributes(client, SEARCH_ATTRIBUTES)
    return missing


async def _require_by_searching(client: Client, refusal: str) -> None:
    """Where this account may not add anything: fine if all is there, else name what an operator has to add."""
    from runtime.ground.temporal import known_by_searching  # noqa: PLC0415
    from runtime.search_attributes import AddingRefused  # noqa: PLC0415

    try:
        known = await known_by_searching(client, SEARCH_ATTRIBUTES)
    except AddingRefused:
        known = []
    missing = ", ".join(f"{name} ({kind})" for name, kind in SEARCH_ATTRIBUTES.items() if name not in known)
    if missing:
        raise NotPrepared(
            f"Temporal does not let this account add search attributes to namespace `{client.namespace}`: "
            f"{refusal.rstrip('.')}; have an operator add {missing} "
            "(in Temporal Cloud: in the namespace's settings, or with tcld)"
        )


def register(app: App, context: Context) -> None:
    """Add this command to the command line."""
    app.command(SetupCommand(context).setup)
