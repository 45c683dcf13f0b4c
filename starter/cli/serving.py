"""`escalations serve`: runs the HTTP server until a stop signal."""

from typing import Annotated

from cyclopts import Parameter
from cyclopts.validators import Number
from pydantic import SecretStr
from rich.text import Text

from runtime.log_setup import configure_logging, log_what_python_writes
from runtime.serving import stop_on_signals
from runtime.settings import Settings
from starter.cli.context import InContext
from starter.cli.exits import BadInput
from starter.cli.record.database import record_dsn


async def serve(
    *,
    host: str | None = None,
    port: Annotated[int | None, Parameter(validator=Number(gte=0, lte=65535))] = None,
    context: InContext,
) -> None:
    """Serve the HTTP API until a stop signal.

    Args:
        host: The address to listen on; ESCALATIONS_HTTP_HOST if not given.
        port: The port, 0 for a free one; ESCALATIONS_HTTP_PORT if not given.
    """
    try:
        from starter.http import serving  # noqa: PLC0415 (part of the extra `http`)
        from starter.http.access.first_key import key_to_print  # noqa: PLC0415
        from starter.http.app import create_app  # noqa: PLC0415
        from starter.http.backend import Backend  # noqa: PLC0415
    except ModuleNotFoundError as error:
        raise BadInput(f"`serve` needs {error.name}; install the extra: pip install 'escalations[http]'") from error
    given = {"http_host": host, "http_port": port}
    settings = Settings.load().model_copy(update={name: value for name, value in given.items() if value is not None})
    settings = settings.model_copy(update={"dsn": SecretStr(record_dsn())})
    stop = stop_on_signals()
    configure_logging(settings)
    log_what_python_writes()
    listener = serving.listening(settings)
    address = serving.address_of(listener)
    # Before serving: a server that is not there is said in a line of this command, with its exit code.
    async with Backend.connected(settings) as backend:
        key = await key_to_print(settings, backend)
        shown = f"serving on {address}" + (f"\nAPI key for this machine, valid for a week: {key}" if key else "")
        context.out.document({"address": address} | ({"key": key} if key else {}), Text(shown))
        await serving.serve(create_app(settings, backend=backend), listener, settings, stop)
