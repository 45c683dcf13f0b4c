"""Which thresholds had to fire, worked out without the engine: from a few plain sums and from the server's timers.

Three accounts, none of which knows the project's rules for clocks:

promised   an offer no one took, a solution no one withdrew: the policy file gives the seconds after them
timed      a timer that fired on the server must have been followed by its threshold
skipped    where a later share of a target fired, the earlier ones in the policy file did too
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from ruamel.yaml import YAML

from examples.demo.stage import ROOT
from tests.chaos.evidence import Entry, Evidence

POLICY = ROOT / "policies" / "demo.yaml"
TOLERANCE = timedelta(seconds=1)
SLOW_TASK = timedelta(seconds=3)
"""How long a workflow task may hold up a timer that it starts, while it waits for PostgreSQL."""
_OFFER_ENDS = frozenset(
    {"acknowledged", "declined", "offer_lapsed", "climbed", "reassigned", "owner_sought", "overseer_held", "offered"}
    | {"resolved", "cancelled"}
)
_BY_CLOCKS = frozenset({"climbed", "owner_sought", "overseer_held"})
"""Of these, what clocks may bring about."""
_SOLUTION_ENDS = frozenset({"reopened", "cancelled", "resolved"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Promised:
    """A threshold that had to fire."""

    escalation: str
    clock: str
    threshold: str
    due: datetime


def promised(evidence: Evidence) -> Iterator[Promised]:
    """What the policy file promises after each offer and each solution, unless it was over before."""
    for escalation, entries in evidence.timelines().items():
        for place, entry in enumerate(entries):
            end = _end(entries, place, _OFFER_ENDS if entry.kind == "offered" else _SOLUTION_ENDS)
            for clock, threshold, seconds in _due_after(entry):
                # Fractions of a second are dropped from what a clock counts from.
                due = entry.at.replace(microsecond=0) + timedelta(seconds=seconds)
                if end is None or due < end:
                    yield Promised(escalation=escalation, clock=clock, threshold=threshold, due=due)


def missing_promised(evidence: Evidence) -> Iterator[str]:
    """Promises that nothing came of."""
    fired = {
        (entry.escalation, entry.data["clock"], entry.data["threshold"], datetime.fromisoformat(entry.data["due"]))
        for entry in _thresholds(evidence.timeline)
    }
    for one in promised(evidence):
        if (one.escalation, one.clock, one.threshold, one.due) not in fired:
            yield f"{one.escalation}: {one.clock} {one.threshold} was due at {one.due:%H:%M:%S} and never fired"


def missing_timed(evidence: Evidence) -> Iterator[str]:
    """Timers that fired on the server, and no threshold of that name was reached that was due by then."""
    fired: dict[tuple[str, str], list[Entry]] = {}
    for entry in _thresholds(evidence.timeline):
        fired.setdefault((entry.escalation, f"{entry.data['clock']} {entry.data['threshold']}"), []).append(entry)
    for timer in evidence.timers:
        candidates = fired.get((timer.escalation, timer.name), ())
        if not any(
            datetime.fromisoformat(entry.data["due"]) <= timer.due + TOLERANCE and entry.at >= timer.due - SLOW_TASK
            for entry in candidates
        ):
            yield f"{timer.escalation}: the server's timer `{timer.name}` fired, and the threshold did not"


def missing_skipped(evidence: Evidence) -> Iterator[str]:
    """Shares of a target that did not fire, though a later share of the same target did."""
    cycles: dict[tuple[str, str, int], set[str]] = {}
    for entry in _thresholds(evidence.timeline):
        data = entry.data
        cycles.setdefault((entry.escalation, data["clock"], data["cycle"]), set()).add(data["threshold"])
    for (escalation, clock, cycle), names in cycles.items():
        written = [(_share(name), name) for name in _clocks()[clock].get("thresholds", ())]
        shares = sorted((share, name) for share, name in written if share is not None)
        last = max((share for share, name in shares if name in names), default=0)
        for share, name in shares:
            if share < last and name not in names:
                yield f"{escalation}: {clock} {name} of cycle {cycle} was skipped"


def _due_after(entry: Entry) -> Iterator[tuple[str, str, int]]:
    clocks = _clocks()
    if entry.kind == "offered":
        target = _seconds(clocks["acknowledge"]["targets"])
        for name in clocks["acknowledge"]["thresholds"]:
            share = _share(name)
            assert share is not None
            yield "acknowledge", name, target * share // 100
    if entry.kind == "resolved":
        yield "reopen_window", "due", _seconds(clocks["reopen_window"]["targets"])
        if entry.data["outcome"] != "no_reply":
            for number, after in enumerate(clocks["follow_up"]["after"], start=1):
                yield "follow_up", str(number), _seconds(after)


def _end(entries: Sequence[Entry], start: int, kinds: frozenset[str]) -> datetime | None:
    """When what began there was over; what clocks ended late was over when these were due, since they fire in order."""
    for place in range(start + 1, len(entries)):
        end = entries[place]
        if end.kind not in kinds:
            continue
        before = (entry for entry in reversed(entries[start:place]) if entry.at == end.at)
        fired = next((entry for entry in before if entry.kind == "threshold_reached"), None)
        return end.at if fired is None or end.kind not in _BY_CLOCKS else datetime.fromisoformat(fired.data["due"])
    return None


def _thresholds(timeline: Sequence[Entry]) -> Iterator[Entry]:
    return (entry for entry in timeline if entry.kind == "threshold_reached")


def _share(name: str) -> int | None:
    """Per cent of the target; None for anything that is not a share of it."""
    if name == "due":
        return 100
    return int(name.removesuffix("%")) if name.endswith("%") else None


def _seconds(text: str) -> int:
    return int(text.removesuffix("s"))


@cache
def _clocks() -> Mapping[str, Mapping[str, Any]]:
    """The clocks as the policy file has them, not compiled."""
    clocks: Mapping[str, Mapping[str, Any]] = YAML(typ="safe").load(POLICY.read_text(encoding="utf-8"))["clocks"]
    return clocks
