"""`make fuzz`: each property tries new examples until its share of the time is used up, and reports how many it tried.

Without `--fuzz-seconds` nothing here has an effect, and the same properties try a fixed number of examples.
"""

import time
from collections.abc import Callable, Generator
from functools import wraps
from typing import Any

import pytest
from hypothesis import settings
from hypothesis.errors import HypothesisException

SECONDS = "fuzz_seconds"
NO_END = 10_000_000
"""More examples than any property tries in the time it has."""
PROFILE = "fuzz"

settings.register_profile(PROFILE, max_examples=NO_END, deadline=None)


class TimeUsedUp(BaseException):
    """The time of a property is over, and no example has failed; hypothesis passes it on as it does Ctrl-C.

    It is raised once an example is over, since hypothesis objects where one draws less than it did the time before.
    """


def few(number: int) -> int:
    """The number of examples of a costly property: this many, or no end of them while fuzzing."""
    return NO_END if settings.get_current_profile_name() == PROFILE else number


class Examples:
    """Counts the examples of one property, and ends it in time."""

    def __init__(self, seconds: float) -> None:
        self.tried = 0
        self.began = time.monotonic()
        self._end = self.began + seconds
        self._failed = False

    def bounded(self, property_: Callable[..., Any]) -> Callable[..., Any]:
        """The property, which raises `TimeUsedUp` after the example during which the time ran out.

        Once an example has failed there is no end: hypothesis makes it smaller, for five minutes at most.
        """

        @wraps(property_)
        def example(*arguments: Any, **named: Any) -> Any:
            self.tried += 1
            try:
                answer = property_(*arguments, **named)
            except HypothesisException:  # the example is of no use, such as by `assume`
                raise
            except Exception:
                self._failed = True
                raise
            if time.monotonic() > self._end and not self._failed:
                raise TimeUsedUp
            return answer

        return example

    def __str__(self) -> str:
        return f"{self.tried:>9,} examples in {time.monotonic() - self.began:4.0f} s"


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--fuzz-seconds",
        type=float,
        metavar="N",
        help="properties marked `fuzz` share N seconds, and try what they can",
    )


def pytest_configure(config: pytest.Config) -> None:
    if config.getoption(SECONDS):
        settings.load_profile(PROFILE)


def pytest_collection_finish(session: pytest.Session) -> None:
    """Divide the time among the properties that were chosen, by the shares in their marks."""
    seconds = session.config.getoption(SECONDS)
    shares = {item: _share(item) for item in session.items if _is_property(item)}
    for item, share in shares.items() if seconds else ():
        item.stash[_TIME] = seconds * share / sum(shares.values())


@pytest.hookimpl(wrapper=True)
def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> Generator[None, object, object]:
    seconds = pyfuncitem.stash.get(_TIME, None)
    if seconds is None:
        return (yield)
    target, examples = pyfuncitem.obj.hypothesis, Examples(seconds)
    property_, target.inner_test = target.inner_test, examples.bounded(target.inner_test)
    try:
        return (yield)
    except TimeUsedUp:
        return True
    finally:
        target.inner_test = property_
        pyfuncitem.user_properties.append((PROFILE, str(examples)))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """List what was tried."""
    reports = [one for key in ("passed", "failed") for one in terminalreporter.stats.get(key, [])]
    lines = [
        f"{said}  {report.nodeid}" for report in reports for name, said in report.user_properties if name == PROFILE
    ]
    if lines:
        terminalreporter.section("fuzz")
        terminalreporter.write_line("\n".join(lines))


_TIME = pytest.StashKey[float]()


def _is_property(item: pytest.Item) -> bool:
    return item.get_closest_marker(PROFILE) is not None and hasattr(getattr(item, "obj", None), "hypothesis")


def _share(item: pytest.Item) -> float:
    mark = item.get_closest_marker(PROFILE)
    return float(mark.kwargs.get("share", 1)) if mark else 1.0
