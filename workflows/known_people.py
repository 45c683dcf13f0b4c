"""Who is in the roster, as this worker read it last: for validators and queries, which no replay repeats.

A decision never asks it. A worker that cannot reach the directory knows no one and refuses no one; a message to a
person who does not exist then fails later, and the person who asked gets a notice.
"""

from collections.abc import Iterable, Mapping

from escalation.people import Colleague


class KnownPeople:
    """The people of the roster.

    Attributes:
        ids: Of those who are asked for anything.
        silent: Ids of those who may not write to customers.
        names: Name of each by id, also of those who left.
    """

    def __init__(self) -> None:
        self.learn(())

    def learn(self, people: Iterable[Colleague]) -> None:
        """Take these for all there are; none: nothing is known."""
        found = tuple(people)
        self.ids = frozenset(one.id for one in found if one.active)
        self.silent = frozenset(one.id for one in found if not one.writes_to_customers)
        self.names: Mapping[str, str] = {one.id: one.name for one in found}

    def besides(self, overseer: str) -> frozenset[str]:
        """The ids, and that of a case's overseer, whom its policy names; empty where nothing is known."""
        return self.ids | {overseer} if self.ids else self.ids


KNOWN = KnownPeople()  # of this process; `runtime.roster_watch` keeps it fresh
