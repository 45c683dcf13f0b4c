"""One way to Temporal for every program of this project.

Where it is comes from the standard Temporal configuration: `TEMPORAL_*` variables or a profile file. With neither, the
embedded stack of our data folder is used if it runs, else `localhost:7233`.
"""

import asyncio
import os

from temporalio.client import Client
from temporalio.envconfig import ClientConfig, ClientConnectConfig
from temporalio.runtime import PrometheusConfig, Runtime, TelemetryConfig
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
        runtime: A worker's own, from `metrics_runtime`. Unset: the SDK's.

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


def metrics_runtime(settings: Settings) -> Runtime | None:
    """The SDK runtime that serves metrics at `settings.metrics_address`; `None` when that isn't set.

    Make it once per process: it opens the port.
    """
    if settings.metrics_address is None:
        return None
    return Runtime(telemetry=TelemetryConfig(metrics=PrometheusConfig(bind_address=settings.metrics_address)))


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
