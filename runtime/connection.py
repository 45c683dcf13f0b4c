"""Connects to Temporal, in the same way for every program of this project.

Where it is comes from the standard Temporal configuration: `TEMPORAL_*` variables or a profile file. With neither, the
embedded stack of our data folder is used if it runs, else `localhost:7233`.
"""

import asyncio
import logging
import os

from temporalio.client import Client
from temporalio.runtime import (
    LogForwardingConfig,
    LoggingConfig,
    PrometheusConfig,
    Runtime,
    TelemetryConfig,
    TelemetryFilter,
)
from temporalio.service import RPCError

from runtime.embedded.record import process_exists, read_record
from runtime.refused_connection import explain
from runtime.settings import Settings, SettingsError
from runtime.temporal_settings import TemporalConfig
from runtime.unreachable import NotPrepared, TemporalUnreachable
from workflows.converter import DATA_CONVERTER

DEFAULT_ADDRESS = "localhost:7233"
CONNECT_SECONDS = 5.0

IDENTITY = "escalations"  # what histories name as the sender of a command; the default would be a machine's name


async def connect(settings: Settings, *, runtime: Runtime | None = None, lazy: bool = False) -> Client:
    """Connect to Temporal.

    Args:
        settings: Says where the embedded stack would be.
        runtime: From `worker_runtime` or `silent_runtime`. Unset: the SDK's, which writes warnings to standard output.
        lazy: Connect with the first call, and with each further one until it succeeds; see `is_unconnected`.

    Raises:
        TemporalUnreachable: nothing answered within about five seconds, or it refused us.
        SettingsError: the Temporal settings, a file they name or the profile can't be used.
    """
    config = TemporalConfig.of_this_process()
    arguments = config.arguments
    folder = None
    if "target_host" not in arguments:
        ours = _embedded_address(settings)
        folder = None if ours or os.environ.get("TEMPORAL_PROFILE") else settings.data_dir
        arguments["target_host"] = ours or DEFAULT_ADDRESS
    address = arguments["target_host"]
    try:
        async with asyncio.timeout(CONNECT_SECONDS):
            return await Client.connect(
                **arguments, data_converter=DATA_CONVERTER, identity=IDENTITY, runtime=runtime, lazy=lazy
            )
    except TimeoutError:
        reason = f"no answer within {CONNECT_SECONDS:g} s"
    except (RuntimeError, RPCError, ValueError) as error:
        # The SDK's word for "can't connect" is RuntimeError; its text is Rust's, so only the reason is kept.
        reason = str(error)
    raise TemporalUnreachable(await explain(reason, address, config, folder=folder))


def is_unconnected(error: RuntimeError) -> bool:
    """Whether a lazy connection could not be made; the SDK has no type of its own for that."""
    return "client connect" in str(error)


def no_namespace(client: Client) -> NotPrepared:
    """The error for a namespace that the server does not have."""
    name = client.namespace
    return NotPrepared(
        f"Temporal at {client.service_client.config.target_host} has no namespace `{name}`; correct TEMPORAL_NAMESPACE, or create it: "
        f"temporal operator namespace create --namespace {name}"
    )


def temporal_is_configured() -> bool:
    """Whether the environment or a profile says where Temporal is, so that none of our own is needed.

    Raises:
        SettingsError: the Temporal settings, a file they name or the profile can't be used.
    """
    return "target_host" in TemporalConfig.of_this_process().arguments


def worker_runtime(settings: Settings) -> Runtime:
    """The SDK runtime of a worker: it serves metrics at `settings.metrics_address`, where that is set.

    The SDK's own lines go to the standard library's logger `temporalio`, and so where all logging goes; left to itself it
    would write them to standard output. Make it once per process: it opens the port.

    Raises:
        SettingsError: the port is in use, or the address is not one of this machine.
    """
    forwarding = LogForwardingConfig(
        logging.getLogger("temporalio"), append_target_to_name=False, append_log_fields_to_message=False
    )
    address = settings.metrics_address
    telemetry = TelemetryConfig(
        logging=LoggingConfig(filter=TelemetryFilter("WARN", "ERROR"), forwarding=forwarding),
        metrics=None if address is None else PrometheusConfig(bind_address=address),
    )
    try:
        return Runtime(telemetry=telemetry)
    except ValueError as error:
        raise SettingsError(
            f"ESCALATIONS_METRICS_ADDRESS: metrics can't be served at {address} ({_port_problem(str(error))}); "
            "write a free port of this machine, for example 127.0.0.1:9465, or unset it"
        ) from error


def silent_runtime() -> Runtime:
    """An SDK runtime that writes nothing: what it would say comes as an error of the call, and answers go to standard output."""
    return Runtime(telemetry=TelemetryConfig(logging=None))


def _embedded_address(settings: Settings) -> str | None:
    if os.environ.get("TEMPORAL_PROFILE"):
        return None
    record = read_record(settings.data_dir)
    if record is None or record.temporal is None or not process_exists(record.temporal.pid):
        return None
    return record.temporal.address


def _port_problem(said: str) -> str:
    for mark, problem in (
        ("in use", "the port is in use"),
        ("Cannot assign", "this machine does not have that address"),
        ("ermission denied", "no permission to use that port"),
    ):
        if mark in said:
            return problem
    return " ".join(said.split())
