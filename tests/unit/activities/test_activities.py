"""The activities over the ports, run in Temporal's own activity environment."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from temporalio import activity
from temporalio.exceptions import ApplicationError
from temporalio.testing import ActivityEnvironment

from activities.contracts import Approver, ApproverInput, Assigned, LoadPolicyInput, ReleaseInput
from activities.errors import DatabaseUnavailable
from activities.ownership import OwnershipActivities
from activities.policies import PolicyActivities
from activities.recording import RecordingActivities
from escalation.messages.effects import FindApprover
from tests import fakes
from tests.example_policy import EXAMPLE
from tests.unit.activities.builders import CASE, MONDAY, OPENED, Clock, batch, member, note, request


@pytest.fixture
def inside() -> ActivityEnvironment:
    return ActivityEnvironment()


async def test_an_owner_is_assigned_and_released(inside: ActivityEnvironment) -> None:
    directory = fakes.Directory([member("ana")], Clock())
    ownership = OwnershipActivities(directory)
    assert await inside.run(ownership.assign_owner, request()) == Assigned(person="ana")
    await inside.run(ownership.release_owner, ReleaseInput(escalation=CASE, offer=1))
    assert directory.open_bookings("ana") == 0


async def test_no_one_to_assign_is_an_answer_and_not_an_error(inside: ActivityEnvironment) -> None:
    ownership = OwnershipActivities(fakes.Directory([], Clock()))
    assert await inside.run(ownership.assign_owner, request()) == Assigned(person=None)


async def test_the_end_of_the_shift_is_given_where_it_is_asked_for(inside: ActivityEnvironment) -> None:
    shift = (MONDAY - timedelta(hours=1), MONDAY + timedelta(hours=7))
    ownership = OwnershipActivities(fakes.Directory([member("ana", shifts=(shift,))], Clock()))
    asked = await inside.run(ownership.assign_owner, request(tell_shift_end=True))
    assert asked == Assigned(person="ana", until=shift[1])
    assert await inside.run(ownership.assign_owner, request()) == Assigned(person="ana")
    nobody = OwnershipActivities(fakes.Directory([], Clock()))
    assert await inside.run(nobody.assign_owner, request(tell_shift_end=True)) == Assigned(person=None)


async def test_an_approver_is_named_or_it_is_said_that_there_is_no_one(inside: ActivityEnvironment) -> None:
    ownership = OwnershipActivities(fakes.Directory([member("ana", tiers=(2,))], Clock()))
    wanted = FindApprover(approval=1, tier=2, authority=100)
    for authority, person in ((100, "ana"), (101, None)):
        asked = ApproverInput(escalation=CASE, request=replace(wanted, authority=authority))
        assert await inside.run(ownership.find_approver, asked) == Approver(person=person)


async def test_events_and_view_are_recorded(inside: ActivityEnvironment) -> None:
    records = fakes.Records()
    await inside.run(RecordingActivities(records).record, batch([OPENED, note("a")]))
    assert (records.timelines[CASE], records.views[CASE].last_seq) == ([OPENED, note("a")], 2)


async def test_a_conflict_in_the_record_is_not_tried_again(inside: ActivityEnvironment) -> None:
    recording = RecordingActivities(fakes.Records())
    with pytest.raises(ApplicationError, match="gap") as refused:
        await inside.run(recording.record, batch([note("b")], first=2))
    assert (refused.value.type, refused.value.non_retryable) == ("RecordConflict", True)


async def test_a_database_that_is_down_is_tried_again(inside: ActivityEnvironment) -> None:
    records = fakes.Records()
    records.unavailable = DatabaseUnavailable("PostgreSQL is down")
    with pytest.raises(ApplicationError) as refused:
        await inside.run(RecordingActivities(records).record, batch([OPENED]))
    assert (refused.value.type, refused.value.non_retryable) == ("DatabaseUnavailable", False)


async def test_the_newest_policy_is_loaded_unless_a_version_is_named(inside: ActivityEnvironment) -> None:
    policies = fakes.Policies()
    old, new = await policies.store(EXAMPLE, "a"), await policies.store(replace(EXAMPLE, thanks=False), "b")
    loading = PolicyActivities(policies).load_policy
    assert (await inside.run(loading, LoadPolicyInput(name=EXAMPLE.name))).ref == new
    assert (await inside.run(loading, LoadPolicyInput(name=EXAMPLE.name, version=1))).ref == old


async def test_an_unknown_policy_is_not_tried_again(inside: ActivityEnvironment) -> None:
    with pytest.raises(ApplicationError) as refused:
        await inside.run(PolicyActivities(fakes.Policies()).load_policy, LoadPolicyInput(name="nope"))
    assert (refused.value.type, refused.value.non_retryable) == ("UnknownPolicy", True)


def test_activities_go_by_the_names_workflows_call_them() -> None:
    directory, records = fakes.Directory([], Clock()), fakes.Records()
    ownership = OwnershipActivities(directory)
    methods: list[Callable[..., object]] = [
        ownership.assign_owner,
        ownership.release_owner,
        ownership.find_approver,
        RecordingActivities(records).record,
        PolicyActivities(fakes.Policies()).load_policy,
    ]
    definitions = [activity._Definition.must_from_callable(method) for method in methods]
    assert [one.name for one in definitions] == [
        "assign_owner",
        "release_owner",
        "find_approver",
        "record",
        "load_policy",
    ]


def test_temporal_still_sees_the_types_that_go_in_and_come_out() -> None:
    ownership = OwnershipActivities(fakes.Directory([], Clock()))
    definition = activity._Definition.must_from_callable(ownership.release_owner)
    assert (definition.arg_types, definition.ret_type) == ([ReleaseInput], type(None))
