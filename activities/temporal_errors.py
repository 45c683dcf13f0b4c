"""The one place where our errors become Temporal's."""

import functools
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import ParamSpec, TypeVar

from temporalio.exceptions import ApplicationError

from activities.errors import ActivityError, GiveUp, TryAgain

P = ParamSpec("P")
R = TypeVar("R")


def application_error(error: ActivityError) -> ApplicationError:
    """Make Temporal's error: the class name as type, whether to retry, and after how long."""
    after = error.after if isinstance(error, TryAgain) else None
    return ApplicationError(
        str(error),
        type=type(error).__name__,
        non_retryable=isinstance(error, GiveUp),
        next_retry_delay=None if after is None else timedelta(seconds=after),
    )


@contextmanager
def translated_errors() -> Iterator[None]:
    """Turn an `ActivityError` from the block into an `ApplicationError`; other exceptions stay as they are."""
    try:
        yield
    except ActivityError as error:
        # Without its cause: a driver's own message may hold an address, and the history keeps what it is given.
        raise application_error(error) from None


def translated(activity: Callable[P, Awaitable[R]]) -> Callable[P, Awaitable[R]]:
    """`translated_errors` for a whole activity; write it below `@activity.defn`."""

    @functools.wraps(activity)
    async def run(*args: P.args, **kwargs: P.kwargs) -> R:
        with translated_errors():
            return await activity(*args, **kwargs)

    return run
