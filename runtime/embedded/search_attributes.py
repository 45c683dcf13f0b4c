"""Search attributes of the embedded Temporal server: add those that are missing.

The server reads `--search-attribute` only when it makes a new database, so a program that has learnt a new attribute
since then has to add it here.
"""

from collections.abc import Mapping

from temporalio.client import Client

from runtime.embedded.errors import EmbeddedError
from runtime.search_attributes import AddingRefused, UnknownType, add_attributes, known_attributes, spelled, value_of

NAMESPACE = "default"


async def register_search_attributes(address: str, wanted: Mapping[str, str]) -> None:
    """Make sure that the server at `address` knows these attributes.

    Args:
        wanted: Name to type, as the `temporal` program spells them (`Keyword`, `KeywordList`, `Datetime` …).

    Raises:
        EmbeddedError: an unknown type, another type than the one already registered, or too many attributes.
    """
    try:
        types = {name: value_of(name, kind) for name, kind in wanted.items()}
    except UnknownType as error:
        raise EmbeddedError(str(error)) from error
    client = await Client.connect(address, namespace=NAMESPACE)
    known = await known_attributes(client)
    for name, kind in types.items():
        if known.get(name, kind) != kind:
            raise EmbeddedError(
                f"Search attribute {name} is registered as {spelled(known[name])}, not as {wanted[name]}; "
                "rename it, or start with an empty data folder"
            )
    missing = {name: kind for name, kind in types.items() if name not in known}
    if missing:
        try:
            await add_attributes(client, missing)
        except AddingRefused as error:
            names = ", ".join(missing)
            raise EmbeddedError(f"The Temporal server refused the search attributes {names}: {error}") from error
