"""Who is in the roster, as this worker read it last: for validators and queries, which no replay repeats.

A decision never asks it. A worker that cannot reach the directory knows no one and refuses no one; a message to a
person who does not exist then fails later, and the person who asked gets a notice.
"""

from collections.abc import Iterable


class KnownPeople:
    """Ids of the people who are asked for anything."""

    def __init__(self) -> None:
        self.ids: frozenset[str] = frozenset()

    def learn(self, ids: Iterable[str]) -> None:
        """Take these for all there are; none: nothing is known."""
        self.ids = frozenset(ids)

    def besides(self, overseer: str) -> frozenset[str]:
        """The ids, and that of a case's overseer, whom its policy names; empty where nothing is known."""
        return self.ids | {overseer} if self.ids else self.ids


KNOWN = KnownPeople()
"""Of this process; `runtime.roster_watch` keeps it fresh."""
