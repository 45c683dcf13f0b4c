"""A real Temporal server in which each workflow has its own clock, which moves only when it is set."""

import sysconfig
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

from temporalio.converter import DataConverter
from temporalio.testing import TimeSkippingConfig, WorkflowEnvironment

from tests.workflow.world import IDENTITY
from workflows.converter import DATA_CONVERTER
from workflows.options import SEARCH_ATTRIBUTES

SETTINGS = ("frontend.WorkflowTimeSkippingEnabled=true", 'history.timerProcessorMaxTimeShift="10ms"')
STARTUP = timedelta(minutes=1)
"""How long a server may take until it answers. The SDK's own 5 s are too few on a machine that is busy with other tests."""


async def start_server(
    options: Sequence[str] = (), *, data_converter: DataConverter = DATA_CONVERTER
) -> WorkflowEnvironment:
    """Start one; use it as a context manager.

    Args:
        options: More of the server's own command line.
        data_converter: What its client and all workers on it use.
    """
    arguments = [*options]
    for setting in SETTINGS:
        arguments += ["--dynamic-config-value", setting]
    for name, kind in SEARCH_ATTRIBUTES.items():
        arguments += ["--search-attribute", f"{name}={kind}"]
    return await WorkflowEnvironment.start_time_skipping_v2(
        ts_config=TimeSkippingConfig(enabled=False),
        dev_server_existing_path=str(Path(sysconfig.get_path("scripts")) / "temporal"),
        dev_server_extra_args=arguments,
        dev_server_startup_timeout=STARTUP,
        data_converter=data_converter,
        identity=IDENTITY,
    )
