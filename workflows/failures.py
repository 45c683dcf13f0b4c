"""What an activity's failure says: for people, and whether another try could end otherwise."""

from temporalio.exceptions import ActivityError, ApplicationError, FailureError


def reason(error: FailureError) -> str:
    """What went wrong, for people: the kind of error, without addresses or texts."""
    cause = _cause(error)
    while cause is not None and not isinstance(cause, ApplicationError) and cause.__cause__ is not None:
        cause = cause.__cause__
    if isinstance(cause, ApplicationError):
        return cause.type or cause.message
    return type(cause).__name__


def is_final(error: FailureError) -> bool:
    """Whether another try would end the same way."""
    cause = _cause(error)
    return isinstance(cause, ApplicationError) and cause.non_retryable


def _cause(error: FailureError) -> BaseException | None:
    # What the activity raised: an error of its own comes wrapped in `ActivityError`, any other as it is.
    return error.cause if isinstance(error, ActivityError) else error
