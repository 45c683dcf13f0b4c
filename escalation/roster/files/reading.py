"""Reads the text of a roster file into entries, each field by itself sound."""

import json
from collections import Counter
from typing import Any

from pydantic import ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.composer import Composer
from ruamel.yaml.constructor import RoundTripConstructor
from ruamel.yaml.error import MarkedYAMLError
from ruamel.yaml.events import AliasEvent
from ruamel.yaml.nodes import ScalarNode
from ruamel.yaml.reader import ReaderError

from escalation.roster.files.model import RosterEntries, RosterPerson
from escalation.roster.files.problems import InvalidRoster, Problems, say


class _AsWritten(RoundTripConstructor):
    """Leaves dates and times as they stand: YAML would turn instants into UTC and forget that it did."""

    def as_text(self, node: ScalarNode) -> str:
        return str(node.value)


class _WrittenOut(Composer):
    """Refuses aliases, as policies do: they hide what a file says, and a few lines of them unfold without end."""

    def __init__(self, loader: Any = None) -> None:
        super().__init__(loader=loader)
        # Without aliases an anchor means nothing.
        self.warn_double_anchors = False

    def compose_node(self, parent: Any, index: Any) -> Any:
        if self.parser.check_event(AliasEvent):
            event = self.parser.get_event()
            what = "aliases (`*name`) are not allowed; write it out where it is needed"
            raise MarkedYAMLError(problem=what, problem_mark=event.start_mark)
        return super().compose_node(parent, index)


_AsWritten.add_constructor("tag:yaml.org,2002:timestamp", _AsWritten.as_text)


def read_entries(text: str, source: str) -> tuple[RosterEntries, Problems]:
    """What a roster file says, each field by itself sound; and where to note what is wrong between them.

    Raises:
        InvalidRoster: It cannot be read, a field is wrong, or a person stands there twice.
    """
    document = _parse(text, source)
    problems = Problems(source, document)
    try:
        # By way of JSON: there a list is what a tuple is written as, however strict the types are.
        entries = RosterEntries.model_validate_json(json.dumps(document, default=str))
    except ValidationError as error:
        for problem in error.errors():
            if problem["type"] == "default_factory_not_called":
                continue  # the language that would follow from the others; what is wrong with those is told
            problems.add(tuple(part for part in problem["loc"] if part != "[key]"), say(problem))
        problems.raise_if_any()
        raise AssertionError("an error has a problem") from None
    except (TypeError, ValueError, RecursionError):
        # Keys that are lists, a list that holds itself: YAML allows it, JSON does not.
        raise InvalidRoster((f"{source}:1: holds more than plain lists and names; write it as the example",)) from None
    if not entries.people:
        problems.add(("people",), "is empty; list at least one person")
    _twice(entries.people, problems)
    problems.raise_if_any()
    return entries, problems


def _parse(text: str, source: str) -> Any:
    try:
        yaml = YAML(typ="rt")
        yaml.Constructor = _AsWritten
        yaml.Composer = _WrittenOut
        return yaml.load(text)
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line, what = mark.line + 1 if mark else 1, error.problem or error.context
    except ReaderError as error:
        line, what = text.count("\n", 0, error.position) + 1, error.reason
    except RecursionError:
        line, what = 1, "nested too deeply"
    except (OverflowError, ValueError, KeyError, IndexError, AttributeError, TypeError) as error:
        # Numbers of a thousand digits, escapes of characters that do not exist, tags that nothing reads.
        line, what = 1, f"a value cannot be read: {str(error)[:100] or type(error).__name__}"
    raise InvalidRoster((f"{source}:{line}: {what}; correct the YAML",))


def _twice(people: tuple[RosterPerson, ...], problems: Problems) -> None:
    for field in ("id", "address"):
        counts = Counter(getattr(person, field).lower() for person in people)
        for index, person in enumerate(people):
            value = getattr(person, field).lower()
            if counts[value] > 1:
                problems.add(
                    ("people", index, field), f"{field} `{value}` stands there {counts[value]} times; keep one"
                )
