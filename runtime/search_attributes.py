"""Search attributes of a Temporal namespace: which it knows, and adding those that are missing."""

import asyncio
import re
from collections.abc import Mapping
from datetime import timedelta
from typing import TypeAlias

from temporalio.api.enums.v1 import IndexedValueType
from temporalio.api.operatorservice.v1 import AddSearchAttributesRequest, ListSearchAttributesRequest
from temporalio.client import Client
from temporalio.service import RPCError, RPCStatusCode

RPC_TIMEOUT = timedelta(seconds=5)
VISIBLE_SECONDS = 10.0  # how long the server may take until it lists what was added

_REFUSALS = frozenset({RPCStatusCode.PERMISSION_DENIED, RPCStatusCode.UNAUTHENTICATED, RPCStatusCode.UNIMPLEMENTED})

Type: TypeAlias = IndexedValueType.ValueType  # a type of search attributes, as the server numbers it


class UnknownType(ValueError):
    """There is no such type of search attributes."""


class AddingRefused(Exception):
    """The server does not let this account list or add search attributes; its own words."""


async def known_attributes(client: Client) -> Mapping[str, Type]:
    """Name to type of the search attributes that the client's namespace has of its own.

    Raises:
        AddingRefused: the server keeps them from this account.
        RPCError: it did not answer.
    """
    request = ListSearchAttributesRequest(namespace=client.namespace)
    try:
        found = await client.operator_service.list_search_attributes(request, timeout=RPC_TIMEOUT)
    except RPCError as error:
        if error.status in _REFUSALS:
            raise AddingRefused(error.message) from error
        raise
    return dict(found.custom_attributes)


async def add_attributes(client: Client, missing: Mapping[str, Type]) -> None:
    """Add search attributes, and return when the server lists them.

    Raises:
        AddingRefused: the server does not add them, for lack of rights or because it has too many.
        RPCError: it did not answer.
        TimeoutError: it took them, but does not list them after `VISIBLE_SECONDS`.
    """
    request = AddSearchAttributesRequest(namespace=client.namespace, search_attributes=missing)
    try:
        await client.operator_service.add_search_attributes(request, timeout=RPC_TIMEOUT)
    except RPCError as error:
        if error.status in _REFUSALS or error.status is RPCStatusCode.INVALID_ARGUMENT:
            raise AddingRefused(error.message) from error
        raise
    async with asyncio.timeout(VISIBLE_SECONDS):
        while True:
            if missing.keys() <= (await known_attributes(client)).keys():
                return
            await asyncio.sleep(0.05)


def value_of(name: str, kind: str) -> Type:
    """The server's number of a type such as `Keyword` or `KeywordList`.

    Args:
        kind: The type, as the `temporal` program spells it.

    Raises:
        UnknownType: there is none.
    """
    words = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", kind).upper()
    try:
        return IndexedValueType.Value(f"INDEXED_VALUE_TYPE_{words}")
    except ValueError:
        raise UnknownType(f"Search attribute {name} has the unknown type {kind}") from None


def spelled(kind: Type) -> str:
    """The name of a type; the inverse of `value_of`."""
    words = IndexedValueType.Name(kind).removeprefix("INDEXED_VALUE_TYPE_")
    return "".join(word.capitalize() for word in words.split("_"))
