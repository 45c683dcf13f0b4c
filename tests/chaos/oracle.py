"""Judges a run by what was seen from outside, with its own rules: it folds nothing and queries nothing.

Each rule goes through one kind of evidence, counts what it looked at and says what is wrong, a sentence each.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime, timedelta
from itertools import pairwise

from tests.chaos import connected
from tests.chaos.evidence import Disturbance, Entry, Evidence, Letter, Sent, message
from tests.chaos.promises import missing_promised, missing_skipped, missing_timed, promised
from tests.chaos.verdicts import Checked

EARLY = timedelta(seconds=1)
"""Instants that are due are whole seconds; nothing fires earlier than that explains."""
IN_FLIGHT = timedelta(seconds=2)
"""Between the arrival of a letter and its entry in the ledger, and between a blow and its effect."""
_OVER = frozenset({"closed", "cancelled"})
_COMPLETED, _HANDED_OVER = "COMPLETED", "CONTINUED_AS_NEW"
_EVENT_OF = {
    "acknowledge": "acknowledged",
    "decline": "declined",
    "note": "noted",
    "tell_customer": "customer_told",
    "request_information": "information_requested",
    "customer_replied": "customer_replied",
    "change_severity": "severity_changed",
    "pause": "paused",
    "resume": "resumed",
    "resolve": "resolved",
    "reopen": "reopened",
    "answer_survey": "survey_answered",
}
"""Commands that cause one event of this kind each, which nothing else causes."""


def ended(evidence: Evidence) -> Checked:
    """Every case whose opening was answered is there, and the server says that it completed."""
    statuses: dict[str, list[str]] = {}
    for run in evidence.runs:
        statuses.setdefault(run.escalation, []).append(run.status)
    over = {entry.escalation for entry in evidence.timeline if entry.kind in _OVER}
    wrong = [f"{one}: was opened, and the server does not know it" for one in evidence.opened - statuses.keys()]
    # What a customer writes in a ticket that is over opens its next life.
    wrong += [f"{one}: nobody asked for it" for one in statuses if one.partition("~")[0] not in evidence.tickets]
    for one, found in statuses.items():
        if Counter(found) - Counter({_HANDED_OVER: len(found)}) != Counter({_COMPLETED: 1}):
            wrong.append(f"{one}: its runs are {', '.join(sorted(found))}; one should have completed")
        elif one not in over:
            wrong.append(f"{one}: it completed, and its timeline has no end")
    return Checked(what="cases that ended", number=len(statuses), wrong=tuple(sorted(wrong)))


def whole(evidence: Evidence) -> Checked:
    """Timelines count from 1 without a gap, begin with one opening, and never go back in time."""
    wrong: list[str] = []
    timelines = evidence.timelines()
    for escalation, entries in timelines.items():
        for number, entry in enumerate(entries, start=1):
            if entry.seq != number:
                wrong.append(f"{escalation}: event {number} is missing or doubled; {entry.seq} is there")
                break
        openings = [entry.seq for entry in entries if entry.kind == "opened"]
        if len(openings) != 1:
            wrong.append(f"{escalation}: opened {len(openings)} times")
        wrong += [
            f"{escalation}: event {after.seq} is older than event {before.seq}"
            for before, after in pairwise(entries)
            if after.at < before.at
        ]
    return Checked(what="events in timelines, no gap", number=len(evidence.timeline), wrong=tuple(wrong))


def once(evidence: Evidence) -> Checked:
    """No threshold fired twice."""
    fired = Counter(
        (entry.escalation, entry.data["clock"], entry.data["cycle"], entry.data["threshold"])
        for entry in thresholds(evidence)
    )
    wrong = tuple(
        f"{escalation}: {clock} {threshold} of cycle {cycle} fired {number} times"
        for (escalation, clock, cycle, threshold), number in fired.items()
        if number > 1
    )
    return Checked(what="thresholds, none twice", number=fired.total(), wrong=wrong)


def not_early(evidence: Evidence) -> Checked:
    """No threshold was reached before it was due, and no timer fired before its time."""
    reached = list(thresholds(evidence))
    wrong = [
        f"{entry.escalation}: {_name(entry)} fired {(due_of(entry) - entry.at).total_seconds():.3f} s early"
        for entry in reached
        if entry.at < due_of(entry) - EARLY
    ]
    wrong += [
        f"{timer.escalation}: the server's timer `{timer.name}` fired before its time"
        for timer in evidence.timers
        if timer.fired < timer.due - EARLY
    ]
    return Checked(what="thresholds, none early", number=len(reached), wrong=tuple(wrong))


def not_missing(evidence: Evidence) -> Checked:
    """What had to fire did: as worked out from offers and solutions, from the server's timers, from later shares."""
    wrong = [*missing_promised(evidence), *missing_timed(evidence), *missing_skipped(evidence)]
    number = len(list(promised(evidence))) + len(evidence.timers)
    return Checked(what="thresholds that had to fire", number=number, wrong=tuple(wrong))


def arrived(evidence: Evidence) -> Checked:
    """Each message on record arrived, nothing else did, and the ledger says so too."""
    queued = {
        message(entry.escalation, entry.data["key"]) for entry in evidence.timeline if entry.kind == "message_queued"
    }
    joined = {
        message(entry.escalation, key)
        for entry in evidence.timeline
        if entry.kind == "messages_released"
        for key in entry.data["keys"]
        if key != entry.data["key"]
    }
    queued -= joined  # they went out within another one
    came = {*(letter.key for letter in evidence.letters), *evidence.posts}
    sent = {delivery.key for delivery in evidence.deliveries if delivery.status == "sent"}
    wrong = [f"{key}: never arrived" for key in queued - came]
    wrong += [f"{key}: arrived, and the timeline knows nothing of it" for key in came - queued]
    wrong += [f"{key}: arrived, and the ledger does not say so" for key in (came & queued) - sent]
    wrong += [f"{key}: the ledger says it was sent, and it never arrived" for key in sent - came - queued]
    return Checked(what="messages that arrived", number=len(queued), wrong=tuple(sorted(wrong)))


def repeated(evidence: Evidence) -> Checked:
    """A message came twice only where a blow met it, under the same id, and the ledger reckoned with it."""
    by_key: dict[str, list[Letter]] = {}
    for letter in evidence.letters:
        by_key.setdefault(letter.key, []).append(letter)
    reckoned = {delivery.key: delivery.possibly_repeated for delivery in evidence.deliveries}
    again = 0
    wrong: list[str] = []
    for key, same in by_key.items():
        again += len(same) - 1
        if len({letter.message_id for letter in same}) > 1:
            wrong.append(f"{key}: came under different message ids")
        if len(same) - 1 > reckoned.get(key, 0):
            wrong.append(f"{key}: came {len(same)} times; the ledger reckoned with {reckoned.get(key, 0)} repeats")
        *earlier, _ = sorted(letter.at for letter in same)
        wrong += [
            f"{key}: came again, though nothing was disturbed when it came at {at:%H:%M:%S}"
            for at in earlier
            if not any(blow.start - IN_FLIGHT <= at <= blow.end + IN_FLIGHT for blow in evidence.disturbances)
        ]
    ids = Counter(same[0].message_id for same in by_key.values())
    wrong += [
        f"{message_id}: the id of {number} different messages" for message_id, number in ids.items() if number > 1
    ]
    return Checked(what="messages that came again", number=again, wrong=tuple(wrong))


def answered(evidence: Evidence) -> Checked:
    """Every answer to a support tool is in the timeline, and each command was executed at most once."""
    lengths = {escalation: entries[-1].seq for escalation, entries in evidence.timelines().items()}
    happened = Counter((entry.escalation, entry.kind) for entry in evidence.timeline if not _is_by_itself(entry))
    wrong = [
        f"{sent.escalation}: {sent.command_id} was answered with event {sent.seq}, which is not there"
        for sent in evidence.sent
        if sent.seq is not None and sent.seq > lengths.get(sent.escalation, 0)
    ]
    asked = Counter(_caused(evidence.sent))
    done = Counter(_caused(sent for sent in evidence.sent if sent.seq is not None))
    for escalation, kind in sorted(asked):
        least, most, found = done[escalation, kind], asked[escalation, kind], happened[escalation, kind]
        if not least <= found <= most:
            wrong.append(f"{escalation}: {kind} {found} times; sent {most}, answered {least} times")
    return Checked(what="commands that were answered", number=done.total(), wrong=tuple(wrong))


def undisturbed(evidence: Evidence) -> Checked:
    """No worker ended by itself, and no workflow task failed by what the code did."""
    wrong = [*evidence.died]
    wrong += [f"{run.escalation}: a workflow task failed: {fault}" for run in evidence.runs for fault in run.faults]
    return Checked(what="runs without a fault in code", number=len(evidence.runs), wrong=tuple(wrong))


RULES: tuple[Callable[[Evidence], Checked], ...] = (
    ended,
    whole,
    once,
    not_early,
    not_missing,
    arrived,
    repeated,
    answered,
    connected.kept,
    connected.applied_once,
    connected.noted,
    connected.posted,
    undisturbed,
)


def verdict(evidence: Evidence) -> tuple[Checked, ...]:
    """What came of every rule."""
    return tuple(rule(evidence) for rule in RULES)


def thresholds(evidence: Evidence) -> Iterator[Entry]:
    """The events that say that a threshold fired."""
    return (entry for entry in evidence.timeline if entry.kind == "threshold_reached")


def due_of(entry: Entry) -> datetime:
    """When the threshold that fired was due, aware UTC."""
    return datetime.fromisoformat(entry.data["due"])


def is_during(instant: datetime, until: datetime, disturbances: Iterable[Disturbance], recovery: timedelta) -> bool:
    """Whether anything was disturbed, or recovering, between two instants."""
    return any(one.start <= until and instant <= one.end + recovery for one in disturbances)


def _name(entry: Entry) -> str:
    return f"{entry.data['clock']} {entry.data['threshold']} of cycle {entry.data['cycle']}"


def _is_by_itself(entry: Entry) -> bool:
    return entry.kind == "resolved" and entry.data["outcome"] == "no_reply"


def _caused(sent: Iterable[Sent]) -> Iterator[tuple[str, str]]:
    return ((one.escalation, _EVENT_OF[one.kind]) for one in sent if one.kind in _EVENT_OF)
