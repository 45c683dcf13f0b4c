"""The coverage gate traces the core alone: while Python 3.11 traces, everything is four times slower, pytest as well.

So nothing is traced while pytest collects tests and between them. What a module runs when it is imported counts.
"""

import gc
from collections.abc import Generator
from functools import _lru_cache_wrapper
from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages

import pytest
from coverage import Coverage

_PAUSED = pytest.StashKey[Coverage]()
CORE = "escalation"


@pytest.hookimpl(wrapper=True)
def pytest_collection(session: pytest.Session) -> Generator[None, object, object]:
    """Import the core while it is traced, and collect without."""
    tracer = Coverage.current()
    if tracer is None:
        return (yield)
    session.config.stash[_PAUSED] = tracer
    if not session.config.pluginmanager.hasplugin("dsession"):  # that one only hands tests to other processes
        for module in walk_packages([str(Path(CORE))], f"{CORE}."):
            import_module(module.name)
    tracer.stop()
    collected = yield
    _forget_answers()
    return collected


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, None, None]:
    """Trace a test."""
    tracer = item.config.stash.get(_PAUSED, None)
    if tracer is not None:
        tracer.start()
    try:
        yield
    finally:
        if tracer is not None:
            tracer.stop()


@pytest.hookimpl(wrapper=True)
def pytest_fixture_setup(request: pytest.FixtureRequest) -> Generator[None, object, object]:
    """Trace what is prepared for tests; one fixture may ask for others meanwhile."""
    tracer = request.config.stash.get(_PAUSED, None)
    if tracer is None or Coverage.current() is not None:
        return (yield)
    tracer.start()
    try:
        return (yield)
    finally:
        tracer.stop()


def _forget_answers() -> None:
    """Tests are parametrised with answers of the core, and what is cached then would never be run while it is traced."""
    for cache in gc.get_objects():
        if isinstance(cache, _lru_cache_wrapper) and str(cache.__module__).startswith(f"{CORE}."):
            cache.cache_clear()
