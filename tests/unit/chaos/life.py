"""A short life as it looks from outside, when all is well; tests spoil it."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from tests.chaos.evidence import Delivery, Disturbance, Entry, Evidence, Letter, Received, Remark, Run, Sent, Timer

CASE = "escalation-1"
START = datetime(2026, 3, 2, 9, 0, 0, 400_000, tzinfo=UTC)
"""Not a whole second, as openings are."""


def after(seconds: float) -> datetime:
    """A number of seconds after the opening."""
    return START + timedelta(seconds=seconds)


def whole(seconds: int) -> datetime:
    """A number of seconds after the second in which it was opened: an instant that can be due."""
    return START.replace(microsecond=0) + timedelta(seconds=seconds)


def entry(kind: str, seconds: float, **data: object) -> Entry:
    """A row of the timeline, to be numbered by its place."""
    return Entry(escalation=CASE, seq=0, at=after(seconds), kind=kind, data=data)


def fired(clock: str, threshold: str, due: int, *, cycle: int = 1, at: float | None = None) -> Entry:
    """A threshold that fired when it was due, or a number of seconds after the opening."""
    moment = due - 0.3 if at is None else at
    return entry(
        "threshold_reached",
        moment,
        clock=clock,
        threshold=threshold,
        cycle=cycle,
        due=whole(due).isoformat().replace("+00:00", "Z"),
    )


def queued(key: str, seconds: float) -> Entry:
    """A message on its way."""
    return entry("message_queued", seconds, key=key)


TIMELINE = (
    entry("opened", 0),
    queued("receipt/1/customer", 0),
    entry("offered", 0.2),
    queued("offer/1/ben", 0.2),
    fired("acknowledge", "50%", 4),
    queued("acknowledge/1/50%/ben", 3.7),
    entry("acknowledged", 5),
    fired("resolution", "50%", 6),
    entry("resolved", 6.5, outcome="solved"),
    queued("resolved/1/customer", 6.5),
    fired("follow_up", "1", 9),
    fired("follow_up", "2", 12),
    fired("reopen_window", "due", 16),
    entry("closed", 15.7),
)


OPENING = Received(id="w-1", ticket="1", kind="opened", state="applied", reason="")
NOTE = Remark(ticket="1", marker=f"{CASE}/1", is_public=False)


def numbered(entries: Iterable[Entry]) -> tuple[Entry, ...]:
    """The rows with the numbers of their places."""
    return tuple(replace(one, seq=place) for place, one in enumerate(entries, start=1))


def life(*entries: Entry, **changes: Any) -> Evidence:
    """All evidence of this timeline, without a fault.

    Args:
        entries: The timeline; the usual one where there is none.
        changes: Other fields of the evidence.
    """
    timeline = numbered(entries or TIMELINE)
    keys = [(f"{CASE}/{one.data['key']}", one.at) for one in timeline if one.kind == "message_queued"]
    facts: dict[str, Any] = {
        "tickets": frozenset({CASE}),
        "opened": frozenset({CASE}),
        "letters": tuple(letter(key, at + timedelta(seconds=0.1)) for key, at in keys),
        "timeline": timeline,
        "deliveries": tuple(Delivery(key=key, status="sent", possibly_repeated=0) for key, _ in keys),
        "runs": (Run(escalation=CASE, run_id="r-1", status="COMPLETED"),),
        "timers": (timer("acknowledge 50%", 4), timer("follow_up 1", 9)),
        "sent": (command("acknowledge", 7), command("resolve", 10)),
        "filed": frozenset({CASE}),
        "accepted": frozenset({"w-1"}),
        "received": (OPENING,),
        "remarks": (NOTE,),
        "posts": (f"{CASE}/resolved/1/customer",),
        "disturbances": (Disturbance(what="worker killed", start=after(30), end=after(32)),),
    }
    return Evidence(**facts | changes)


def letter(key: str, at: datetime) -> Letter:
    """A mail under this key, with the id that belongs to it."""
    return Letter(key=key, message_id=f"<{key}@example.com>", at=at)


def timer(name: str, due: int, *, late: float = 0.01) -> Timer:
    """A timer that fired on the server."""
    return Timer(escalation=CASE, name=name, due=whole(due), fired=whole(due) + timedelta(seconds=late))


def command(kind: str, seq: int | None) -> Sent:
    """A command that was answered, unless there is no number."""
    return Sent(escalation=CASE, kind=kind, command_id=f"c-{kind}-{seq}", seq=seq)


def without(wanted: Callable[[Entry], bool]) -> tuple[Entry, ...]:
    """The usual timeline without these rows."""
    return tuple(one for one in TIMELINE if not wanted(one))
