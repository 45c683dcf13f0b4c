"""Watches every decision of the core, wherever it is asked for one."""

import sys
from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from escalation.clocks.deadlines import deadlines
from escalation.errors import Refused
from escalation.incident.errands import next_errand, owed, wakes_at
from escalation.incident.lifecycle import decide as decide_incident
from escalation.lifecycle.decide import decide
from escalation.lifecycle.viewing import view_of
from escalation.messages.effects import Deliver
from tests.behaviour.canonical import Hash, leaves, plain, skeleton

FACETS = ("events", "effects", "deadlines", "states", "views", "refusals", "words", "activities", "report")
"""Hashed separately, so that an intended change (a reworded letter) does not hide another one."""


@dataclass
class Group:
    """The hashes of one group of lives, and what was hashed."""

    name: str
    facets: dict[str, Hash] = field(default_factory=lambda: defaultdict(Hash))
    lines: list[str] = field(default_factory=list)
    steps: int = 0

    def add(self, facet: str, value: object) -> None:
        self.lines.append(f"{self.name} {facet} {self.facets[facet].add(value)}\n")

    def all_but_words(self) -> str:
        """One hash of all facets but what people read."""
        whole = Hash()
        for facet in FACETS:
            if facet != "words" and facet in self.facets:
                whole.add(self.facets[facet].hex())
        return whole.hex()

    def decided(self, decision: Any, command: Any, now: object) -> None:
        """One step of an escalation: the command's wire name and instant, and all that follows."""
        self.steps += 1
        self.add("events", [command.kind, plain(now), [plain(event) for event in decision.events]])
        for effect in decision.effects:
            self.add("effects", skeleton(effect))
            if isinstance(effect, Deliver):
                self.add("words", plain(effect))
        armed = deadlines(decision.state, decision.policy)
        self.add(
            "deadlines", sorted([due.clock, due.cycle, due.threshold.name, plain(due.at)] for due in armed.values())
        )
        self.add("states", sorted(leaves(decision.state)))
        self.add("views", plain(view_of(decision.state, decision.policy)))
        self.add("words", decision.warnings)

    def decided_incident(self, decision: Any, command: Any, now: Any) -> None:
        """One step of an incident."""
        self.steps += 1
        state = decision.state
        self.add("events", [command.kind, plain(now), [plain(event) for event in decision.events]])
        self.add("effects", plain(next_errand(state, now, most=100)))
        self.add("deadlines", [plain(wakes_at(state)), owed(state)])
        self.add("states", sorted(leaves(state)))

    def refused(self, command: Any, refusal: Refused) -> None:
        self.add("refusals", [command.kind, type(refusal).__name__])
        self.add("words", str(refusal))


_groups: list[Group] = []


def watch(group: Group) -> None:
    """From now on all decisions, by whichever module of ours, are added to this group.

    For a process of its own: nothing takes the watch away again, so that modules that are loaded late are watched too.
    """
    if not _groups:
        _put_in_place_of(decide, _of_case)
        _put_in_place_of(decide_incident, _of_incident)
    _groups.append(group)


def _of_case(state: Any, command: Any, **given: Any) -> Any:
    return _watched(decide, _groups[-1].decided, state, command, given)


def _of_incident(state: Any, command: Any, **given: Any) -> Any:
    return _watched(decide_incident, _groups[-1].decided_incident, state, command, given)


def _watched(decide: Any, tell: Any, state: Any, command: Any, given: dict[str, Any]) -> Any:
    try:
        decision = decide(state, command, **given)
    except Refused as refusal:
        _groups[-1].refused(command, refusal)
        raise
    tell(decision, command, given["now"])
    return decision


def _put_in_place_of(original: Any, watching: Any) -> None:
    """In each module that has the function under its name, but this one."""
    name = str(original.__name__)
    for module in list(sys.modules.values()):
        if module.__name__ != __name__ and getattr(module, name, None) is original:
            setattr(module, name, watching)
