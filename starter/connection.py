"""One way to Temporal for every program of this project.

Where it is comes from the standard Temporal configuration: `TEMPORAL_*` variables or a profile file. With neither, the
embedded stack of our data folder is used if it runs, else `localhost:7233`.
"""

import asyncio
import logging
import os

from temporalio.client import Client
from temporalio.envconfig import ClientConfig, ClientConnectConfig
from temporalio.runtime import (
    LogForwardingConfig,
    LoggingConfig,
    PrometheusConfig,
    Runtime,
    TelemetryConfig,
    TelemetryFilter,
)
from temporalio.service import RPCError

from starter.embedded.record import process_exists, read_record
from starter.settings import Settings, SettingsError
from workflows.converter import DATA_CONVERTER

DEFAULT_ADDRESS = "localhost:7233"
CONNECT_SECONDS = 5.0

IDENTITY = "escalations"
"""What histories name as the sender of a command; the default would be a machine's name."""


class TemporalUnreachable(Exception):
    """No Temporal server let us in. Nothing was started; try again when it runs."""


async def connect(settings: Settings, *, runtime: Runtime | None = None) -> Client:
    """Connect to Temporal.

    Args:
        settings: Says where the embedded stack would be.
        runtime: From `worker_runtime` or `silent_runtime`. Unset: the SDK's, which writes warnings to standard output.

    Raises:
        TemporalUnreachable: nothing answered within about five seconds, or it refused us.
        SettingsError: the Temporal profile or its file can't be read.
    """
    config = _configured(settings)
    address = config["target_host"]
    try:
        async with asyncio.timeout(CONNECT_SECONDS):
            return await Client.connect(**config, data_converter=DATA_CONVERTER, identity=IDENTITY, runtime=runtime)
    except (RuntimeError, RPCError, TimeoutError, ValueError) as error:
        # The SDK's word for "can't connect" is RuntimeError; its text is Rust's, so only the reason is kept.
        reason = _reason(error)
    raise TemporalUnreachable(
        f"No Temporal server at {address} ({reason}). Start one with `worker.py --dev`, or set TEMPORAL_ADDRESS to "
        "one that runs (TEMPORAL_PROFILE and TEMPORAL_CONFIG_FILE work too)"
    )


def temporal_is_configured() -> bool:
    """Whether the environment or a profile says where Temporal is, so that none of our own is needed.

    Raises:
        SettingsError: the Temporal profile or its file can't be read.
    """
    return "target_host" in _standard_config()


def worker_runtime(settings: Settings) -> Runtime:
    """The SDK runtime of a worker: it serves metrics at `settings.metrics_address`, where that is set.

    The SDK's own lines go to the standard library's logger `temporalio`, and so where all logging goes; left to itself it
    would write them to standard output. Make it once per process: it opens the port.
    """
    forwarding = LogForwardingConfig(
        logging.getLogger("temporalio"), append_target_to_name=False, append_log_fields_to_message=False
    )
    address = settings.metrics_address
    return Runtime(
        telemetry=TelemetryConfig(
            logging=LoggingConfig(filter=TelemetryFilter("WARN", "ERROR"), forwarding=forwarding),
            metrics=None if address is None else PrometheusConfig(bind_address=address),
        )
    )


def silent_runtime() -> Runtime:
    """An SDK runtime that writes nothing: what it would say comes as an error of the call, and answers go to standard output."""
    return Runtime(telemetry=TelemetryConfig(logging=None))


def _configured(settings: Settings) -> ClientConnectConfig:
    config = _standard_config()
    if "target_host" not in config:
        config["target_host"] = _embedded_address(settings) or DEFAULT_ADDRESS
    return config


def _standard_config() -> ClientConnectConfig:
    try:
        return ClientConfig.load_client_connect_config()
    except Exception as error:  # the SDK's own ConfigError is in no public module
        raise SettingsError(
            f"TEMPORAL_PROFILE or TEMPORAL_CONFIG_FILE: {' '.join(str(error).split())}; "
            "write a profile that the file has, or unset both"
        ) from error


def _embedded_address(settings: Settings) -> str | None:
    if os.environ.get("TEMPORAL_PROFILE"):
        return None
    record = read_record(settings.data_dir)
    if record is None or record.temporal is None or not process_exists(record.temporal.pid):
        return None
    return record.temporal.address


def _reason(error: Exception) -> str:
    if isinstance(error, TimeoutError):
        return f"no answer within {CONNECT_SECONDS:.0f} s"
    text = str(error)
    for mark, reason in (
        ("ConnectionRefused", "connection refused"),
        ("dns error", "unknown host"),
        ("Unauthenticated", "it refused our credentials"),
        ("PermissionDenied", "it refused our credentials"),
        ("Unimplemented", "something answers, but it is not Temporal"),
    ):
        if mark in text:
            return reason
    return " ".join(text.split())[:120]
