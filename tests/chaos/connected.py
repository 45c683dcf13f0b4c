"""Judges what a run's help desk and chat saw: what was accepted is applied once, and what happened is noted once."""

from collections import Counter

from tests.chaos.evidence import Evidence
from tests.chaos.verdicts import Checked

_CAUSED = {"opened": "opened", "customer_replied": "message"}
"""Events that only such a webhook causes, in the cases of tickets that the help desk has."""


def kept(evidence: Evidence) -> Checked:
    """Each webhook that was answered with 200 is in the inbox once, and has an end that needs no one."""
    rows = Counter(one.id for one in evidence.received)
    wrong = [
        f"webhook {id_} was accepted, and is there {rows[id_]} times" for id_ in evidence.accepted if rows[id_] != 1
    ]
    wrong += [
        f"{one.ticket}: its webhook {one.id} is {one.state}: {one.reason}"
        for one in evidence.received
        if one.state in ("stored", "dead")
    ]
    return Checked(what="webhooks accepted, none lost", number=len(evidence.accepted), wrong=tuple(sorted(wrong)))


def applied_once(evidence: Evidence) -> Checked:
    """What was applied happened in the case, as often as it was applied."""
    applied = Counter((one.ticket, one.kind) for one in evidence.received if one.state == "applied")
    happened: Counter[tuple[str, str]] = Counter()
    for entry in evidence.timeline:
        escalation, _, life = entry.escalation.partition("~")
        if escalation in evidence.filed and not (entry.kind == "opened" and life):
            happened[escalation.removeprefix("escalation-"), _CAUSED.get(entry.kind, "")] += 1
    wrong = [
        f"{ticket}: {kind} happened {happened[ticket, kind]} times, applied {applied[ticket, kind]} times"
        for ticket, kind in sorted(applied.keys() | happened.keys())
        if kind in _CAUSED.values() and happened[ticket, kind] != applied[ticket, kind]
    ]
    return Checked(what="webhooks applied, each once", number=applied.total(), wrong=tuple(wrong))


def noted(evidence: Evidence) -> Checked:
    """No note is in the help desk twice, none is public, and each ticket shows where its case is."""
    markers = Counter((one.ticket, one.marker) for one in evidence.remarks)
    wrong = [f"{ticket}: note {marker} is there {n} times" for (ticket, marker), n in markers.items() if n > 1]
    wrong += [f"{one.ticket}: note {one.marker} is public" for one in evidence.remarks if one.is_public]
    return Checked(
        what="notes in the help desk, none twice", number=len(evidence.remarks), wrong=(*wrong, *evidence.behind)
    )


def posted(evidence: Evidence) -> Checked:
    """No message is in the chat twice: before a repeat, the thread is read."""
    posts = Counter(evidence.posts)
    wrong = tuple(f"{key}: was posted {number} times" for key, number in posts.items() if number > 1)
    return Checked(what="messages in the chat, none twice", number=len(evidence.posts), wrong=wrong)
