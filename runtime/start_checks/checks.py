"""Runs start-up checks: all at once, each with a name and a time limit."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass

from activities.adapters.postgres.faults import InvalidDsn
from activities.errors import ActivityError
from runtime.embedded.errors import EmbeddedError
from runtime.settings import SettingsError
from runtime.unreachable import TemporalUnreachable

SECONDS = 15.0  # how long one check may take; what it waits for has shorter limits of its own


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One thing to look at."""

    name: str  # what is looked at, at the beginning of a sentence
    look: Callable[[], Awaitable[None]]
    seconds: float = SECONDS


class NotReady(Exception):
    """A required service or file is not usable; one line for each problem."""

    def __init__(self, problems: list[Exception]) -> None:
        # whether a setting has to be corrected, rather than a server
        self.is_setting = any(isinstance(problem, SettingsError | InvalidDsn) for problem in problems)
        super().__init__("\n".join(str(problem) for problem in problems))


class CheckTimedOut(ActivityError):
    """A check got no answer within its time."""


_EXPECTED = (SettingsError, InvalidDsn, TemporalUnreachable, ActivityError, EmbeddedError)


async def require(checks: Iterable[Check]) -> None:
    """Return when all checks are well.

    Raises:
        NotReady: some are not.
    """
    results = await asyncio.gather(*(_within_time(check) for check in checks), return_exceptions=True)
    failures = [result for result in results if isinstance(result, BaseException)]
    for failure in failures:
        if not isinstance(failure, _EXPECTED):
            raise failure
    problems = [failure for failure in failures if isinstance(failure, Exception)]
    if problems:
        raise NotReady(problems)


async def _within_time(check: Check) -> None:
    try:
        async with asyncio.timeout(check.seconds):
            await check.look()
    except TimeoutError as error:
        raise CheckTimedOut(f"{check.name}: no answer within {check.seconds:g} s; check that it runs") from error
