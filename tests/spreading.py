"""How tests are spread over processes, and how their reports come back."""

from collections.abc import Generator
from typing import Any

import pytest
from xdist.scheduler import LoadScopeScheduling

END_TO_END = "tests/e2e/"
SHORT = "tests/unit/"


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Run the modules that take seconds last, so that all processes end at about the same time."""
    items.sort(key=lambda item: item.nodeid.startswith(SHORT))


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Spread the tests by module, in the order in which they were collected: the longest begin first."""
    config.option.loadscopereorder = False
    scheduler = LoadScopeScheduling(config, log)
    scheduler._split_scope = _scope_of
    return scheduler


def _scope_of(nodeid: str) -> str:
    """What stays in one process: a module, and all end-to-end tests, each of which starts several processes itself."""
    return END_TO_END if nodeid.startswith(END_TO_END) else nodeid.partition("::")[0]


@pytest.hookimpl(wrapper=True)
def pytest_report_to_serializable() -> Generator[None, Any, Any]:
    """Escape what no wire carries, such as half an emoji, in what a test printed and in how it failed."""
    return _writable((yield))


def _writable(value: Any) -> Any:
    if isinstance(value, str):
        return value.encode("utf-8", "backslashreplace").decode("utf-8")
    if isinstance(value, dict):
        return {_writable(key): _writable(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return type(value)(_writable(one) for one in value)
    return value
