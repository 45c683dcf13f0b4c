"""The page `docs/states.md`: what may happen when, written out from the very tables the code runs on.

python -m escalation.pages.states > docs/states.md
"""

import sys
from collections.abc import Iterable, Iterator

from escalation.case.state import OVER
from escalation.clocks.causes import cause_name
from escalation.clocks.definition import CLOCKS, ClockDefinition
from escalation.lifecycle.decide import TRANSITIONS
from escalation.lifecycle.evolution import STAGE_AFTER
from escalation.vocabulary import Stage

REGENERATE = "python -m escalation.pages.states > docs/states.md"
"""The command that writes the page anew."""

_INTRODUCTION = f"""\
# States

Made from the tables in the code (`lifecycle.TRANSITIONS`, `evolution.STAGE_AFTER`, `clocks.CLOCKS`). Do not edit it;
change the tables and run `{REGENERATE}`.

## Stages

What leads from one stage to another. Commands that leave the stage as it is are only in the table below.
"""

_COMMANDS = """\
## Commands

Where a command leads from each stage; a dash means that it is refused there. `fire_due_clocks` and the `record_*`
commands come from the workflow, not from people: they report what time, the directory and the channels did.
"""

_EVENTS = """\
## Events that change the stage

Other events leave the stage as it is. Only `customer_replied` depends on the stage before: it ends
`waiting_on_customer` and leads back to `working`.
"""

_CLOCKS = """\
## Clocks

A clock is dropped when the case leaves its stages, stopped by what stands under "stopped by", and started by what
stands under "started by". A start while it runs is passed over, unless it starts anew. When it falls due, what pauses
it and what happens then is the policy's matter. `to_customer` is any message to the customer but for word of a limit on
contacts, `set_aside` a customer's message that went over such a limit, `solved` any resolution but one for want of a
reply, `review_due` a closing after which a review is asked for. What starts as `set_aside` is no `customer_replied` here.
"""


def states_document() -> str:
    """The whole page, as Markdown with a Mermaid diagram."""
    sections = (
        _INTRODUCTION,
        _block(["```mermaid", *_diagram(), "```"]),
        _COMMANDS,
        _block(_command_table()),
        _EVENTS,
        _block(_table(("event", "stage after"), ((_code(kind), _words(to)) for kind, to in STAGE_AFTER.items()))),
        _CLOCKS,
        _block(_clock_table()),
    )
    return "\n".join(sections)


def _diagram() -> Iterator[str]:
    yield "stateDiagram-v2"
    yield f"    [*] --> {Stage.UNASSIGNED}: open"
    for source in Stage:
        for target in Stage:
            commands = [name for name, row in TRANSITIONS.items() if target in row.get(source, ())]
            if commands and target is not source:
                yield f"    {source} --> {target}: {', '.join(commands)}"
    for stage in Stage:
        if stage in OVER:
            yield f"    {stage} --> [*]"


def _command_table() -> Iterator[str]:
    rows = ((_code(name), *(_targets(row.get(stage, ())) for stage in Stage)) for name, row in TRANSITIONS.items())
    return _table(("command", *map(_words, Stage)), rows)


def _clock_table() -> Iterator[str]:
    head = ("clock", "started by", "stopped by", "runs while", "starts anew")
    return _table(head, ((_code(clock), *_clock_row(definition)) for clock, definition in CLOCKS.items()))


def _clock_row(definition: ClockDefinition) -> tuple[str, ...]:
    stages = ", ".join(_words(stage) for stage in Stage if stage in definition.stages)
    starts, stops = (
        ", ".join(sorted(_code(cause_name(cause)) for cause in causes)) or "–"  # noqa: RUF001 (a dash is meant)
        for causes in (definition.starts, definition.stops)
    )
    return (starts, stops, stages, "yes" if definition.restarts else "no")


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> Iterator[str]:
    for row in (head, ("---",) * len(head), *rows):
        yield f"| {' | '.join(row)} |"


def _targets(stages: tuple[Stage, ...]) -> str:
    return ", ".join(map(_words, stages)) or "–"  # noqa: RUF001 (a dash is meant)


def _words(stage: Stage) -> str:
    return stage.replace("_", " ")


def _code(name: str) -> str:
    return f"`{name}`"


def _block(lines: Iterable[str]) -> str:
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    sys.stdout.write(states_document())
