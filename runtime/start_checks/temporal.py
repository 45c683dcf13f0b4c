"""Checks that Temporal has what escalations need: the namespace and its search attributes."""

from collections.abc import Iterable, Mapping
from datetime import timedelta

from temporalio.api.enums.v1 import NamespaceState
from temporalio.api.workflowservice.v1 import CountWorkflowExecutionsRequest, DescribeNamespaceRequest
from temporalio.client import Client
from temporalio.service import RPCError, RPCStatusCode

from runtime.connection import connect, no_namespace, silent_runtime
from runtime.search_attributes import AddingRefused, known_attributes, spelled, value_of
from runtime.settings import Settings, SettingsError
from runtime.unreachable import NotPrepared, TemporalUnreachable
from workflows.options import SEARCH_ATTRIBUTES

RPC_TIMEOUT = timedelta(seconds=4)
_SHUT_OUT = frozenset({RPCStatusCode.PERMISSION_DENIED, RPCStatusCode.UNAUTHENTICATED})


async def check_temporal(settings: Settings) -> None:
    """Make sure that the server answers, that the namespace exists and knows the search attributes.

    Raises:
        SettingsError: a setting can't be used.
        TemporalUnreachable: no server accepted the connection.
        NotPrepared: the namespace or search attributes are missing.
    """
    await require_prepared(await connect(settings, runtime=silent_runtime()))


async def require_prepared(client: Client) -> None:
    """Make sure that the client's namespace exists and knows the search attributes.

    Raises:
        SettingsError: it can't be the name of one.
        TemporalUnreachable: the server did not answer, or refused our credentials.
        NotPrepared: the namespace or search attributes are missing.
    """
    await require_namespace(client)
    await require_search_attributes(client, SEARCH_ATTRIBUTES)


async def require_namespace(client: Client) -> None:
    """Make sure that the client's namespace exists.

    Raises:
        SettingsError: it can't be the name of one.
        TemporalUnreachable: the server did not answer, or refused our credentials.
        NotPrepared: it does not exist, or was deleted.
    """
    request = DescribeNamespaceRequest(namespace=client.namespace)
    try:
        found = await client.workflow_service.describe_namespace(request, timeout=RPC_TIMEOUT)
    except RPCError as error:
        raise _about_namespace(client, error) from error
    if found.namespace_info.state == NamespaceState.NAMESPACE_STATE_DELETED:
        raise no_namespace(client)


async def require_search_attributes(client: Client, wanted: Mapping[str, str]) -> None:
    """Make sure that the namespace knows these search attributes, under these types.

    Args:
        wanted: Name to type, as `workflows.options.SEARCH_ATTRIBUTES` has them.

    Raises:
        NotPrepared: some are missing, or have another type.
        TemporalUnreachable: the server did not answer.
    """
    try:
        known = await known_attributes(client)
    except AddingRefused:
        # Temporal Cloud may keep this question for its own tools. A search shows which names are known, without types.
        try:
            found = await known_by_searching(client, wanted)
        except AddingRefused:
            return  # a worker that may neither list nor search still works
        known = {name: value_of(name, wanted[name]) for name in found}
    except RPCError as error:
        raise _unanswered(client, error) from error
    missing = [name for name in wanted if name not in known]
    if missing:
        raise attributes_missing(client, missing)
    for name, kind in wanted.items():
        if known[name] != value_of(name, kind):
            raise NotPrepared(
                f"Temporal at {_address(client)}: search attribute {name} of namespace `{client.namespace}` has the type "
                f"{spelled(known[name])}, not {kind}; remove it there, then run `escalations setup`"
            )


async def known_by_searching(client: Client, names: Iterable[str]) -> list[str]:
    """Return those of these search attributes that a search in the client's namespace takes.

    Raises:
        AddingRefused: this account may not search either.
        TemporalUnreachable: the server did not answer.
    """
    return [name for name in names if await _can_be_searched(client, name)]


def attributes_missing(client: Client, missing: list[str]) -> NotPrepared:
    """The error for search attributes that the namespace does not know."""
    return NotPrepared(
        f"Temporal at {_address(client)}: namespace `{client.namespace}` lacks the search attributes "
        f"{', '.join(missing)}; run `escalations setup`"
    )


async def _can_be_searched(client: Client, name: str) -> bool:
    request = CountWorkflowExecutionsRequest(namespace=client.namespace, query=f"{name} IS NULL")
    try:
        await client.workflow_service.count_workflow_executions(request, timeout=RPC_TIMEOUT)
    except RPCError as error:
        if error.status is RPCStatusCode.INVALID_ARGUMENT:
            return False
        if error.status in _SHUT_OUT:
            raise AddingRefused(error.message) from error
        raise _unanswered(client, error) from error
    return True


def _about_namespace(client: Client, error: RPCError) -> Exception:
    if error.status is RPCStatusCode.NOT_FOUND:
        return no_namespace(client)
    if error.status is RPCStatusCode.INVALID_ARGUMENT:
        return SettingsError(f"TEMPORAL_NAMESPACE: `{client.namespace}`: {error.message}; write a namespace's name")
    if error.status in _SHUT_OUT:
        return TemporalUnreachable(
            f"Temporal at {_address(client)} does not let us use namespace `{client.namespace}`: "
            f"{error.message.rstrip('.')}; check TEMPORAL_NAMESPACE, TEMPORAL_API_KEY and the client certificate"
        )
    return _unanswered(client, error)


def _unanswered(client: Client, error: RPCError) -> TemporalUnreachable:
    said = error.message.rstrip(".") or error.status.name.lower()
    return TemporalUnreachable(f"Temporal at {_address(client)} does not answer: {said}; check that it is well")


def _address(client: Client) -> str:
    return client.service_client.config.target_host
