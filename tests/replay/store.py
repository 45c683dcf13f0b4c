"""Where the recorded histories are, and how they are written: one event a line, so that a change can be read."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Generic, TypeVar

from temporalio.client import WorkflowHistory

from escalation.case.codec import from_json, to_json
from escalation.case.events import Event
from escalation.incident.events import IncidentEvent
from escalation.incident.values import Errand
from escalation.incident.view import IncidentSummary
from escalation.lifecycle.view import CaseView
from workflows.carried import Ended, IncidentEnded

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
class IncidentOutcome:
    """The same of an incident.

    Attributes:
        summary: The incident as it was in the end.
        errands: All that linked escalations were asked, in order.
    """

    ended: IncidentEnded
    summary: IncidentSummary
    timeline: tuple[IncidentEvent, ...]
    errands: tuple[Errand, ...]


Kind = TypeVar("Kind", Outcome, IncidentOutcome)


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded(Generic[Kind]):
    """One life: its runs in order, and what came of it."""

    name: str
    runs: tuple[WorkflowHistory, ...]
    outcome: Kind


@dataclass(frozen=True, slots=True)
class Shelf(Generic[Kind]):
    """A folder of recorded lives."""

    folder: Path
    outcome: type[Kind]

    def names(self) -> tuple[str, ...]:
        return tuple(sorted(path.name.removesuffix(".outcome.json") for path in self.folder.glob("*.outcome.json")))

    def load(self, name: str) -> Recorded[Kind]:
        outcome = from_json(self.outcome, (self.folder / f"{name}.outcome.json").read_text(encoding="utf-8"))
        paths = sorted(self.folder.glob(f"{name}.run*.json"))
        histories = (_history(path.read_text(encoding="utf-8")) for path in paths)
        return Recorded(name=name, runs=tuple(histories), outcome=outcome)

    def save(self, name: str, runs: Sequence[WorkflowHistory], outcome: Kind) -> None:
        self.folder.mkdir(exist_ok=True)
        for old in self.folder.glob(f"{name}.*.json"):
            old.unlink()
        for number, run in enumerate(runs, start=1):
            text = '{"events": [\n' + _lines(json.loads(run.to_json())["events"]) + "\n]}\n"
            (self.folder / f"{name}.run{number}.json").write_text(text, encoding="utf-8")
        whole = json.loads(to_json(outcome))
        timeline = whole.pop("timeline")
        text = json.dumps(whole)[:-1] + ', "timeline": [\n' + _lines(timeline) + "\n]}\n"
        (self.folder / f"{name}.outcome.json").write_text(text, encoding="utf-8")


CASES = Shelf(FOLDER, Outcome)
INCIDENTS = Shelf(FOLDER / "incidents", IncidentOutcome)


def _history(text: str) -> WorkflowHistory:
    """The history under the id its workflow had: an opening under another ticket's id is refused."""
    began = json.loads(text)["events"][0]["workflowExecutionStartedEventAttributes"]
    return WorkflowHistory.from_json(began["workflowId"], text)


def _lines(items: list[Any]) -> str:
    return ",\n".join(json.dumps(item, separators=(",", ":")) for item in items)
