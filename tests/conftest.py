"""What tests of every kind share."""

import logging
import os
import signal
from collections.abc import Iterator
from functools import lru_cache
from importlib import import_module

import pytest
import structlog
import temporalio.activity
import temporalio.workflow
from hypothesis import settings

from tests.fuzzing import (
    pytest_addoption,
    pytest_collection_finish,
    pytest_configure,
    pytest_pyfunc_call,
    pytest_terminal_summary,
)
from tests.garbage import pytest_runtestloop, pytest_sessionstart
from tests.spreading import pytest_collection_modifyitems, pytest_report_to_serializable, pytest_xdist_make_scheduler
from tests.tracing import pytest_collection, pytest_fixture_setup, pytest_runtest_call
from tests.workflow.deadlocks import patient_workers

__all__ = [
    "patient_workers",
    "pytest_addoption",
    "pytest_collection",
    "pytest_collection_finish",
    "pytest_collection_modifyitems",
    "pytest_configure",
    "pytest_fixture_setup",
    "pytest_pyfunc_call",
    "pytest_report_to_serializable",
    "pytest_runtest_call",
    "pytest_runtestloop",
    "pytest_sessionstart",
    "pytest_terminal_summary",
    "pytest_xdist_make_scheduler",
]

# Pages are as wide and as plain as a pipe takes them, and no test meets the servers of the person who runs them.
for name in list(os.environ):
    if name in ("COLUMNS", "FORCE_COLOR", "NO_COLOR") or name.startswith(("ESCALATIONS_", "TEMPORAL_")):
        del os.environ[name]

# A server of a few minutes need not save memory: an eighth of its processor time was the search for garbage.
os.environ.setdefault("GOGC", "400")

# A shell that runs the tests in the background ignores Ctrl-C for all of them, and the programs they start would inherit that.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

# A busy machine is not a fault of the code, so no example has a deadline.
settings.register_profile("bounded", deadline=None)
settings.load_profile("bounded")


# Else structlog draws every local of every frame below an error, which takes seconds where a test is about one.
_RENDERER = structlog.get_config()["processors"][-1]
assert isinstance(_RENDERER, structlog.dev.ConsoleRenderer)
_RENDERER.exception_formatter = structlog.dev.plain_traceback


@pytest.fixture(scope="session", autouse=True)
def _each_text_is_parsed_once() -> Iterator[None]:
    """The tests read the same few files thousands of times; what the parser returns is never changed."""
    yaml = import_module("escalation.documents.yaml")  # not above, or coverage would begin too late for its first lines
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(yaml, "_composed", lru_cache(maxsize=64)(yaml._composed))
        yield


@pytest.fixture
def logging_as_it_was() -> Iterator[None]:
    """What a test configures of logging ends with it."""
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    flags = temporalio.workflow.logger.workflow_info_on_message, temporalio.activity.logger.activity_info_on_message
    yield
    root.handlers[:], root.level = handlers, level
    temporalio.workflow.logger.workflow_info_on_message, temporalio.activity.logger.activity_info_on_message = flags
    structlog.reset_defaults()
    structlog.contextvars.clear_contextvars()
