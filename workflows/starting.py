"""Reads the start of a workflow once, and refuses in words what makes no sense.

A start that cannot be read would otherwise fail its workflow task again and again, in a task queue where no one looks.
"""

from typing import TypeVar

from temporalio import workflow
from temporalio.common import RawValue
from temporalio.exceptions import ApplicationError

with workflow.unsafe.imports_passed_through():
    from workflows.converter import NO_INPUT, SEVERAL
    from workflows.updates import Unreadable, readable

S = TypeVar("S")

INVALID_START = "InvalidStart"


def started_with(start: RawValue, type_: type[S]) -> S | ApplicationError:
    """The workflow's input, or why it makes no sense.

    Args:
        start: The argument, as it came.

    Raises:
        Unreadable: A run that continues from another one cannot read what that one handed over. The task is held: a newer
            or an older worker can read it, and to fail the workflow would end the case.
    """
    info = workflow.info()
    if info.cron_schedule:
        # Its next run would look as if this one had handed over to it, and an unreadable input would block its task.
        said = "it cannot run on a schedule; start it without `cron_schedule`"
        return ApplicationError(f"the start makes no sense: {said}", type=INVALID_START, non_retryable=True)
    # A closed case that makes way for the ticket's next escalation hands over to a child of its own type.
    goes_on = info.continued_run_id is not None or info.parent is not None
    try:
        return _read(start, type_, goes_on=goes_on)
    except Unreadable as error:
        if goes_on:
            raise
        return ApplicationError(f"the start makes no sense: {error}", type=INVALID_START, non_retryable=True)


def _read(start: RawValue, type_: type[S], *, goes_on: bool) -> S:
    if start is NO_INPUT:
        raise Unreadable(f"it was started without an argument; it takes one, `{type_.__name__}`")
    if start is SEVERAL:
        raise Unreadable(f"it was started with several arguments; it takes one, `{type_.__name__}`")
    found = readable(start, type_, is_ours=goes_on)
    if not goes_on and getattr(found, "carried", None) is not None:
        raise Unreadable("`carried`: only an earlier run of the same workflow can hand that over; leave it out")
    return found
