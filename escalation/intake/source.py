"""A connected product: its mapping and who we are there."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A connected product.

    Attributes:
        name: Of the connection, such as `zendesk` or `zendesk-eu`: lower case, part of keys and addresses; never changed.
        own_actors: Ids of the API user with which we write there; what it did is not news.
    """

    name: str
    own_actors: frozenset[str] = frozenset()
