"""The command that prepares a Temporal namespace."""

from rich.text import Text
from temporalio.client import Client
from temporalio.service import RPCError

from runtime.connection import connect, silent_runtime
from runtime.search_attributes import AddingRefused, add_attributes, known_attributes, value_of
from runtime.settings import Settings
from runtime.start_checks.temporal import known_by_searching, require_namespace, require_search_attributes
from runtime.unreachable import NotPrepared, TemporalUnreachable
from starter.cli.context import InContext
from starter.cli.output import cell
from workflows.options import SEARCH_ATTRIBUTES


async def setup(*, context: InContext) -> None:
    """Add missing search attributes to the Temporal namespace; nothing else is created, and it is safe to repeat."""
    client = await connect(Settings.load(), runtime=silent_runtime())
    await require_namespace(client)
    added = await _add_missing(client)
    there = [name for name in SEARCH_ATTRIBUTES if name not in added]
    shown = [f"added {name} ({SEARCH_ATTRIBUTES[name]})" for name in added]
    if not added:
        shown = [f"namespace {client.namespace} has all search attributes; nothing to do"]
    document = {"namespace": client.namespace, "added": added, "there": there}
    context.out.document(document, Text("\n").join(map(cell, shown)))


async def _add_missing(client: Client) -> list[str]:
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
    # Where this account may not add anything: fine if all is there, else name what an operator has to add.
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
