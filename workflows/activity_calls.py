"""Calls activities for effects and records: which one, how long it may take, how it is retried, what its failure says."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TypeVar

from temporalio import workflow
from temporalio.common import RetryPolicy
from temporalio.exceptions import ActivityError, ApplicationError, FailureError, is_cancelled_exception

with workflow.unsafe.imports_passed_through():
    from activities.contracts import (
        ApproverInput,
        AssignInput,
        ClaimLifeInput,
        DeliverInput,
        LoadedPolicy,
        LoadPolicyInput,
        ReleaseInput,
    )
    from activities.delivery import DeliveryActivities
    from activities.errors import EndpointGone, NoFurtherWay, UnknownPerson, UnrenderableMessage, WrongAudience
    from activities.ownership import OwnershipActivities
    from activities.policies import PolicyActivities
    from activities.recording import RecordingActivities
    from escalation.case import commands
    from escalation.messages.effects import AssignOwner, Deliver, FindApprover, ReleaseOwner
    from escalation.plain import markdown
    from escalation.vocabulary import CUSTOMER, Channel, Errand

DATABASE_ATTEMPT = timedelta(seconds=10)
"""Longest attempt of an activity that only asks PostgreSQL; also how long a crash delays it."""
DELIVERY_ATTEMPT = timedelta(seconds=25)  # longest attempt to hand over a message; shorter than the ledger's lease
SEARCH_LIMIT = timedelta(minutes=5)  # how long the directory may be unreachable before the overseer is notified
DELIVERY_LIMIT = timedelta(hours=4)  # how long a channel may fail before the next one is tried, or the message given up

RELEASE_LIMIT = timedelta(hours=24)  # how long giving back a booking may take

STEADY = RetryPolicy(initial_interval=timedelta(seconds=1), maximum_interval=timedelta(seconds=30))
"""For PostgreSQL: soon again, for as long as it takes."""
PATIENT = RetryPolicy(initial_interval=timedelta(seconds=2), maximum_interval=timedelta(minutes=10))
"""For receivers of messages: a dead relay must not cost hundreds of attempts a day."""

_MOST_WAYS = len(Channel)
# What no other address changes.
_NOT_THE_WAY = frozenset({error.__name__ for error in (UnknownPerson, UnrenderableMessage, WrongAudience)})

# Characters of an outside text in a summary; the UI shows about 120 in all.
_IN_SUMMARY = 60


A = TypeVar("A")
V = TypeVar("V")
R = TypeVar("R")

Method = Callable[[A, V], Awaitable[R]]  # an activity's method that takes a value


async def ask_database(method: Method[A, V, R], value: V, summary: str, *, limit: timedelta | None = None) -> R:
    """Call an activity that only asks PostgreSQL, or writes to it; waits while that is unreachable.

    Args:
        summary: What the Temporal UI calls it.
        limit: How long it is tried; without one, for as long as it takes.
    """
    return await workflow.execute_activity_method(
        method,
        value,
        start_to_close_timeout=DATABASE_ATTEMPT,
        schedule_to_close_timeout=limit,
        retry_policy=STEADY,
        summary=summary,
    )


async def load_policy(name: str, version: int) -> LoadedPolicy:
    """The policy to open with; waits while the store is unreachable.

    Raises:
        FailureError: There is no such policy.
    """
    wanted = LoadPolicyInput(name=name, version=version)
    return await ask_database(PolicyActivities.load_policy, wanted, "load the policy")


async def claim_life(ticket: str, run: str, at: datetime) -> int:
    """Which escalation of the ticket this is, from 1; waits while the record is unreachable.

    Args:
        run: First run id of the workflow.
        at: When it is opened, aware UTC.
    """
    claim = ClaimLifeInput(ticket=ticket, run=run, at=at)
    return (await ask_database(RecordingActivities.claim_life, claim, "number the escalation")).life


async def assign(escalation: str, effect: AssignOwner) -> commands.WorkflowReport:
    """Book a person for the offer; returns the result as a command."""
    wanted = AssignInput(escalation=escalation, request=effect)
    who = effect.person or f"a person in tier {effect.tier}"
    what = f"find an owner: {markdown(who, _IN_SUMMARY)}, {effect.category}"
    try:
        assigned = await ask_database(OwnershipActivities.assign_owner, wanted, what, limit=SEARCH_LIMIT)
    except ActivityError as error:
        if is_cancelled_exception(error):
            raise
        return commands.RecordAssignmentDelayed(offer=effect.offer, error=reason(error), is_final=is_final(error))
    if assigned.person is None:
        return commands.RecordNobodyAvailable(offer=effect.offer)
    return commands.RecordAssignment(offer=effect.offer, person=assigned.person, until=assigned.until)


async def find_approver(escalation: str, effect: FindApprover) -> commands.WorkflowReport:
    """Find a person who can decide; no one if the directory knows none, or does not answer for too long."""
    wanted = ApproverInput(escalation=escalation, request=effect)
    what = f"find an approver: tier {effect.tier}, authority {effect.authority}"
    try:
        found = await ask_database(OwnershipActivities.find_approver, wanted, what, limit=SEARCH_LIMIT)
    except ActivityError as error:
        if is_cancelled_exception(error):
            raise
        workflow.logger.warning("no approver was found in time", extra={"error": reason(error)})
        return commands.RecordApprover(approval=effect.approval, person="")
    return commands.RecordApprover(approval=effect.approval, person=found.person or "")


async def release(escalation: str, effect: ReleaseOwner) -> commands.WorkflowReport | None:
    """Give back the booking of an offer; a command where that failed for good."""
    wanted, what = ReleaseInput(escalation=escalation, offer=effect.offer), f"release offer {effect.offer}"
    try:
        await ask_database(OwnershipActivities.release_owner, wanted, what, limit=RELEASE_LIMIT)
    except ActivityError as error:
        if is_cancelled_exception(error):
            raise
        return commands.RecordGaveUp(what=Errand.RELEASE, error=reason(error))
    return None


async def deliver(escalation: str, effect: Deliver) -> commands.WorkflowReport | datetime | None:
    """Send a message on the first channel that takes it.

    To the customer in the policy's order. A colleague's order is in the directory, so only the place in it is named here.

    Returns:
        A command where none did, or one has ended for good; when to try again where it is the wrong hour for its reader.
    """
    message = effect.message
    to_staff = message.to != CUSTOMER and message.channels
    tries = (
        [(message.channels[0], turn) for turn in range(_MOST_WAYS)]
        if to_staff
        else [(each, 0) for each in message.channels]
    )
    error, gone = "there is no channel to reach them", ""
    for channel, turn in tries:
        try:
            until = await _deliver_on(escalation, effect, channel, turn)
        except ActivityError as failure:
            if is_cancelled_exception(failure):
                raise
            if turn and reason(failure) == NoFurtherWay.__name__:
                break
            error = reason(failure)
            gone = gone or (error if error == EndpointGone.__name__ else "")
            if error in _NOT_THE_WAY:
                break
        else:
            return commands.RecordDeliveryFailed(key=message.key, to=message.to, error=gone) if gone else until
    return commands.RecordDeliveryFailed(key=message.key, to=message.to, error=error)


async def _deliver_on(escalation: str, effect: Deliver, channel: Channel, turn: int) -> datetime | None:
    message = effect.message
    what = ", ".join(notice.kind for notice in message.notices) or message.kind
    by = f"{channel} " if message.to == CUSTOMER else f"way {turn + 1} " if turn else ""
    return await workflow.execute_activity_method(
        DeliveryActivities.deliver,
        DeliverInput(escalation=escalation, message=replace(message, channels=()), channel=channel, turn=turn),
        start_to_close_timeout=DELIVERY_ATTEMPT,
        schedule_to_close_timeout=DELIVERY_LIMIT,
        retry_policy=PATIENT,
        summary=f"{by}to {markdown(message.to, _IN_SUMMARY)}: {markdown(what, _IN_SUMMARY)}",
    )


def reason(error: FailureError) -> str:
    """The kind of error, for people; without addresses or texts."""
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
