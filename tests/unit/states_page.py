"""The page `docs/states.md`, generated from the tables that the code runs on.

python -m tests.unit.states_page > docs/states.md
"""

import sys
from collections.abc import Iterable, Iterator

from escalation.case.commands import wire_name
from escalation.case.events import EVENTS, Event
from escalation.clocks.anatomy import ClockDefinition
from escalation.clocks.causes import cause_name
from escalation.clocks.definition import CLOCKS
from escalation.lifecycle.table import LEADS_TO, POSSIBLE_IN, ByWait
from escalation.phrasing import words
from escalation.vocabulary import OVER, Stage

REGENERATE = "python -m tests.unit.states_page > docs/states.md"
"""The command that regenerates the page."""

_DASH = "–"  # noqa: RUF001 (a dash is meant)

_INTRODUCTION = f"""\
# States

Generated from the tables in the code (`lifecycle/table.py` and `clocks.CLOCKS`). Do not edit it; change the tables and
run `{REGENERATE}`.

## Stages

The events that change the stage.
"""

_COMMANDS = """\
## Commands

The stages in which a command is possible; a dash means that it is refused. `fire_due_clocks` and the `record_*` commands
come from the workflow, not from people: they report due clocks and the results of the directory and the channels. The
result of a command is events.
"""

_EVENTS = """\
## Events that change the stage

The stage that an event leads to. All other events, and these in stages with a dash, leave the stage as it is. Where two
stages are listed, the first applies if the case still waits for the customer after the event: an automatic reply does
not end the wait, a question that never reached the customer does, and a case that was opened waiting keeps waiting when
a person takes it.
"""

_CLOCKS = """\
## Clocks

A clock stops when the case leaves the stages under "runs while", or at an event under "stopped by". An event under
"started by" starts it; while it runs, only a clock with "restarts" starts a new cycle. The policy defines when it is
due, what pauses it, and what happens then.

Some starts and stops are not events but kinds of events: `to_customer` is any message to the customer except a notice
about a contact limit; `set_aside` is a customer message over such a limit, and does not count as `customer_replied`
here; `solved` is any resolution except `no_reply`; `review_due` is a closing that needs a review; `opened_waiting` is
an opening that waits for the customer.
"""


def states_document() -> str:
    """The whole page, as Markdown with a Mermaid diagram."""
    sections = (
        _INTRODUCTION,
        _block(["```mermaid", "stateDiagram-v2", *_diagram(), "```"]),
        _COMMANDS,
        _block(_command_table()),
        _EVENTS,
        _block(_event_table()),
        _CLOCKS,
        _block(_clock_table()),
    )
    return "\n".join(sections)


def _diagram() -> Iterator[str]:
    yield f"    [*] --> {Stage.UNASSIGNED}: opened"
    for source in Stage:
        for target in Stage:
            kinds = [_kind(event) for event, row in LEADS_TO.items() if target in _targets(row.get(source))]
            if kinds and target is not source:
                yield f"    {source} --> {target}: {', '.join(kinds)}"
    for stage in Stage:
        if stage in OVER:
            yield f"    {stage} --> [*]"


def _command_table() -> Iterator[str]:
    rows = (
        (_code(wire_name(command)), *("yes" if stage in stages else _DASH for stage in Stage))
        for command, stages in POSSIBLE_IN.items()
    )
    return _table(("command", *map(words, Stage)), rows)


def _event_table() -> Iterator[str]:
    rows = (
        (_code(_kind(event)), *(" or ".join(map(words, _targets(row.get(stage)))) or _DASH for stage in Stage))
        for event, row in LEADS_TO.items()
    )
    return _table(("event", *map(words, Stage)), rows)


def _clock_table() -> Iterator[str]:
    head = ("clock", "started by", "stopped by", "runs while", "restarts")
    return _table(head, ((_code(clock), *_clock_row(definition)) for clock, definition in CLOCKS.items()))


def _clock_row(definition: ClockDefinition) -> tuple[str, ...]:
    stages = ", ".join(words(stage) for stage in Stage if stage in definition.stages)
    starts, stops = (
        ", ".join(sorted(_code(cause_name(cause)) for cause in causes)) or _DASH
        for causes in (definition.starts(), definition.stops())
    )
    return (starts, stops, stages, "yes" if definition.restarts else "no")


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> Iterator[str]:
    for row in (head, ("---",) * len(head), *rows):
        yield f"| {' | '.join(row)} |"


def _targets(after: Stage | ByWait | None) -> tuple[Stage, ...]:
    if isinstance(after, ByWait):
        return (after.waiting, after.otherwise)
    return () if after is None else (after,)


def _kind(event: type[Event]) -> str:
    return next(kind for kind, one in EVENTS.items() if one is event)


def _code(name: str) -> str:
    return f"`{name}`"


def _block(lines: Iterable[str]) -> str:
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    sys.stdout.write(states_document())
