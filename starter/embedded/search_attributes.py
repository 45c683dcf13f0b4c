"""Search attributes of a running Temporal server: add those that are missing.

The server reads `--search-attribute` only when it makes a new database, so a program that has learnt a new attribute
since then has to add it here.
"""

import asyncio
import re
from collections.abc import Mapping

from temporalio.api.enums.v1 import IndexedValueType
from temporalio.api.operatorservice.v1 import AddSearchAttributesRequest, ListSearchAttributesRequest
from temporalio.client import Client
from temporalio.service import RPCError

from starter.embedded.errors import EmbeddedError

NAMESPACE = "default"


async def register_search_attributes(address: str, wanted: Mapping[str, str]) -> None:
    """Make sure that the server at `address` knows these attributes.

    Args:
        address: A Temporal server's host and port.
        wanted: Name to type, as the `temporal` program spells them (`Keyword`, `KeywordList`, `Datetime` …).

    Raises:
        EmbeddedError: an unknown type, another type than the one already registered, or too many attributes.
    """
    types = {name: _value_of(name, kind) for name, kind in wanted.items()}
    client = await Client.connect(address)
    known = await _known(client)
    for name, kind in types.items():
        if known.get(name, kind) != kind:
            raise EmbeddedError(
                f"Search attribute {name} is registered as {IndexedValueType.Name(known[name])}, not as {wanted[name]}; "
                "rename it, or start with an empty data folder"
            )
    missing = {name: kind for name, kind in types.items() if name not in known}
    if missing:
        await _add(client, missing)


async def _known(client: Client) -> dict[str, IndexedValueType.ValueType]:
    request = ListSearchAttributesRequest(namespace=NAMESPACE)
    return dict((await client.operator_service.list_search_attributes(request)).custom_attributes)


async def _add(client: Client, missing: Mapping[str, IndexedValueType.ValueType]) -> None:
    request = AddSearchAttributesRequest(namespace=NAMESPACE, search_attributes=missing)
    try:
        await client.operator_service.add_search_attributes(request)
    except RPCError as error:
        names = ", ".join(missing)
        raise EmbeddedError(f"The Temporal server refused the search attributes {names}: {error.message}") from error
    async with asyncio.timeout(10):
        while True:
            known = await _known(client)
            if missing.keys() <= known.keys():
                return
            await asyncio.sleep(0.05)


def _value_of(name: str, kind: str) -> IndexedValueType.ValueType:
    words = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", kind).upper()
    try:
        return IndexedValueType.Value(f"INDEXED_VALUE_TYPE_{words}")
    except ValueError:
        raise EmbeddedError(f"Search attribute {name} has the unknown type {kind}") from None
