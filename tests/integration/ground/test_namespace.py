"""A namespace or search attributes that are missing are named with the command that adds them; `setup` is that command."""

from datetime import timedelta
from uuid import uuid4

import pytest
from google.protobuf.duration_pb2 import Duration
from temporalio.api.enums.v1 import IndexedValueType
from temporalio.api.operatorservice.v1 import AddSearchAttributesRequest
from temporalio.api.workflowservice.v1 import DescribeNamespaceRequest, RegisterNamespaceRequest
from temporalio.client import Client
from temporalio.service import RPCError

from runtime.settings import Settings
from runtime.start_checks.checks import NotReady, require
from runtime.start_checks.start import start_checks
from tests.integration.ground.conftest import escalations
from tests.integration.ground.peers import RefusingTemporal
from tests.unit.starter.desk import OPEN
from workflows.options import SEARCH_ATTRIBUTES

UNREACHABLE = 5
INVALID_ARGUMENT, PERMISSION_DENIED = 3, 7


@pytest.fixture
async def namespace(plain: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """A new namespace, without search attributes, that the environment names."""
    name = f"support-{uuid4().hex[:8]}"
    client = await Client.connect(plain)
    keep = Duration()
    keep.FromTimedelta(timedelta(days=1))
    await client.workflow_service.register_namespace(
        RegisterNamespaceRequest(namespace=name, workflow_execution_retention_period=keep)
    )
    monkeypatch.setenv("TEMPORAL_ADDRESS", plain)
    monkeypatch.setenv("TEMPORAL_NAMESPACE", name)
    return name


async def problem() -> str:
    """What a worker's start check says of Temporal."""
    with pytest.raises(NotReady) as caught:
        await require(start_checks(Settings())[:1])
    assert not caught.value.is_setting
    return str(caught.value)


async def test_a_missing_namespace_is_one_line_with_what_to_do(plain: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TEMPORAL_ADDRESS", plain)
    monkeypatch.setenv("TEMPORAL_NAMESPACE", "nope")

    said = (
        f"Temporal at {plain} has no namespace `nope`; correct TEMPORAL_NAMESPACE, or create it: "
        "temporal operator namespace create --namespace nope"
    )
    assert await problem() == said
    for command in (("status", "T-1"), ("list",), ("setup",), OPEN):
        done = await escalations(*command)
        assert (done.code, done.err) == (UNREACHABLE, f"not prepared: {said}\n")


async def test_setup_creates_no_namespace(plain: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TEMPORAL_ADDRESS", plain)
    monkeypatch.setenv("TEMPORAL_NAMESPACE", "never-made")

    assert (await escalations("setup")).code == UNREACHABLE

    client = await Client.connect(plain)
    with pytest.raises(RPCError, match="not found"):
        await client.workflow_service.describe_namespace(DescribeNamespaceRequest(namespace="never-made"))


async def test_missing_search_attributes_are_named_with_the_command_that_adds_them(plain: str, namespace: str) -> None:
    names = ", ".join(SEARCH_ATTRIBUTES)
    assert await problem() == (
        f"Temporal at {plain}: namespace `{namespace}` lacks the search attributes {names}; run `escalations setup`"
    )


@pytest.mark.parametrize("command", [OPEN, ("list",), ("incident", "open", "outage", "--title", "Down", "--by", "ana")])
async def test_a_command_in_a_namespace_without_them_gives_the_same_advice(
    command: tuple[str, ...], namespace: str
) -> None:
    done = await escalations(*command)

    assert done.code == UNREACHABLE
    assert f"namespace `{namespace}` does not know the search attribute" in done.err
    assert "run `escalations setup` once" in done.err
    assert len(done.err.splitlines()) == 1


async def test_setup_adds_what_is_missing_and_has_nothing_to_do_the_second_time(namespace: str) -> None:
    done = await escalations("setup")
    assert done.code == 0
    assert done.out.splitlines() == [f"added {name} ({kind})" for name, kind in SEARCH_ATTRIBUTES.items()]

    await require(start_checks(Settings())[:1])

    again = await escalations("setup")
    assert (again.code, again.out) == (0, f"namespace {namespace} has all search attributes; nothing to do\n")


async def test_a_search_attribute_of_another_type_is_named_with_both_types(plain: str, namespace: str) -> None:
    client = await Client.connect(plain)
    keyword = IndexedValueType.INDEXED_VALUE_TYPE_KEYWORD
    await client.operator_service.add_search_attributes(
        AddSearchAttributesRequest(namespace=namespace, search_attributes={"EscalationTier": keyword})
    )

    done = await escalations("setup")
    assert done.code == UNREACHABLE
    assert "search attribute EscalationTier" in done.err
    assert "has the type Keyword, not Int" in done.err
    assert "has the type Keyword, not Int" in await problem()


@pytest.mark.parametrize("then", [INVALID_ARGUMENT, PERMISSION_DENIED])
async def test_where_adding_is_not_allowed_setup_names_what_an_operator_has_to_add(
    monkeypatch: pytest.MonkeyPatch, then: int
) -> None:
    async with RefusingTemporal(PERMISSION_DENIED, answered=2, then=then) as temporal:
        monkeypatch.setenv("TEMPORAL_ADDRESS", temporal.address)
        done = await escalations("setup")
    assert done.code == UNREACHABLE
    assert "does not let this account add search attributes to namespace `default`: Request unauthorized; " in done.err
    assert "have an operator add EscalationStage (Keyword), " in done.err
    assert "Temporal Cloud" in done.err


@pytest.mark.parametrize(("then", "refused"), [(INVALID_ARGUMENT, True), (PERMISSION_DENIED, False)])
async def test_where_listing_is_not_allowed_a_worker_searches_to_learn_what_is_known(
    monkeypatch: pytest.MonkeyPatch, then: int, refused: bool
) -> None:
    async with RefusingTemporal(PERMISSION_DENIED, answered=2, then=then) as temporal:
        monkeypatch.setenv("TEMPORAL_ADDRESS", temporal.address)
        if refused:
            assert "lacks the search attributes EscalationStage, " in await problem()
        else:
            await require(start_checks(Settings())[:1])
