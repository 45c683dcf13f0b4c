"""Where the recorded histories are, and how they are written: one event a line, so that a change can be read."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from temporalio.client import WorkflowHistory

from escalation.codec import from_json, to_json
from escalation.events import Event
from escalation.view import CaseView
from workflows.messages import Ended

FOLDER = Path(__file__).parent / "histories"


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What came of a life, as the world saw it when it was recorded.

    Attributes:
        ended: The last run's result.
        view: The case as it was in the end.
        timeline: All that was recorded, in order.
        messages: Keys of all messages that were asked for.
    """

    ended: Ended
    view: CaseView
    timeline: tuple[Event, ...]
    messages: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    """One life: its runs in order, and what came of it."""

    name: str
    runs: tuple[WorkflowHistory, ...]
    outcome: Outcome


def names() -> tuple[str, ...]:
    return tuple(sorted(path.name.removesuffix(".outcome.json") for path in FOLDER.glob("*.outcome.json")))


def load(name: str) -> Recorded:
    runs = sorted(FOLDER.glob(f"{name}.run*.json"))
    outcome = from_json(Outcome, (FOLDER / f"{name}.outcome.json").read_text(encoding="utf-8"))
    histories = (WorkflowHistory.from_json(outcome.view.ticket, path.read_text(encoding="utf-8")) for path in runs)
    return Recorded(name=name, runs=tuple(histories), outcome=outcome)


def save(name: str, runs: Sequence[WorkflowHistory], outcome: Outcome) -> None:
    FOLDER.mkdir(exist_ok=True)
    for old in FOLDER.glob(f"{name}.*.json"):
        old.unlink()
    for number, run in enumerate(runs, start=1):
        text = '{"events": [\n' + _lines(json.loads(run.to_json())["events"]) + "\n]}\n"
        (FOLDER / f"{name}.run{number}.json").write_text(text, encoding="utf-8")
    whole = json.loads(to_json(outcome))
    timeline = whole.pop("timeline")
    text = json.dumps(whole)[:-1] + ', "timeline": [\n' + _lines(timeline) + "\n]}\n"
    (FOLDER / f"{name}.outcome.json").write_text(text, encoding="utf-8")


def _lines(items: list[Any]) -> str:
    return ",\n".join(json.dumps(item, separators=(",", ":")) for item in items)
