"""The page `docs/limits.md`, generated from the kinds of text and number and the fields of the commands.

python -m tests.unit.limits_page > docs/limits.md
"""

import sys
from collections.abc import Iterator
from dataclasses import is_dataclass
from typing import Annotated, Any, assert_never, get_args, get_origin, get_type_hints

from escalation.bounds import kinds
from escalation.bounds.kinds import EARLIEST, HORIZON, LATEST, RULES, Chars, InAll, Items, Range
from escalation.bounds.long_texts import EXCERPT, INLINE
from escalation.case.commands import SUPPORT_COMMANDS, Open, OpenByTriage
from escalation.incident.commands import INCIDENT_COMMANDS, OpenIncident
from escalation.lifecycle.decisions.conversation import QUOTED

Bound = Chars | Items | InAll | Range

REGENERATE = "python -m tests.unit.limits_page > docs/limits.md"
"""The command that regenerates the page."""

_INTRODUCTION = f"""\
# Limits

Generated from the code (`escalation.bounds` and the commands). Do not edit it; change the kinds and run
`{REGENERATE}`.

Every input is checked before it is accepted: by the Python client and the command line before they send it, and by the
workflow for any other client. A value out of bounds is refused with an error that names the field, and nothing is
written. A limit may be raised, never lowered, because a replay reads commands that were accepted earlier.

- Instants are from {EARLIEST:%Y-%m-%d} to {LATEST:%Y-%m-%d} and have an offset. `since` is at most {HORIZON.days // 366} years ago; a
  due date, a promise and a next step are at most {HORIZON.days // 366} years ahead.
- A request of the client takes at most 1,800,000 bytes, packed and unpacked.
- A long text of more than {INLINE:,} characters, such as a log or a mail with all that it quotes, is kept whole and once in
  PostgreSQL. The case decides on its first {EXCERPT:,} characters, and timeline, view and staff's messages show them, with the
  length and a reference: `escalations history TICKET --text REFERENCE` shows the text. Letters to the customer have it whole.
- The notice of a customer's message quotes its first {QUOTED} characters, to the last whole word; the timeline has all of it.
- While long texts of a case wait for the database, another one is refused with `NoRoom` if they have more than 1.8 MB
  together.
- No value that a workflow sends is longer than 1 MiB, but for a long text on its way to a database that does not answer
  at once.
- Triage judges the first {INLINE:,} characters of a ticket's text.
- Lengths are in characters.
- If the database or the mail relay is down and a case has a backlog of more than 400 kB, it refuses commands of more
  than 4 kB with `NoRoom`; above 600 kB it refuses all commands. Send them again later.
- A case of more than 700 kB, for example with thousands of pauses, can only be resolved or cancelled; the ticket can be
  opened again.
- An incident holds 1 MB of ticket numbers, updates and events that are not recorded yet. Beyond that it refuses
  tickets and updates (`NoRoom`), but can still be resolved.

## Kinds of text

| kind | at most | characters |
|---|---|---|
"""

_NUMBERS = """
## Kinds of number

| kind | from | to |
|---|---|---|
"""

_FIELDS = """
## Fields

| command | fields |
|---|---|
"""


def limits_document() -> str:
    """The whole page."""
    return "".join([_INTRODUCTION, *_texts(), _NUMBERS, *_numbers(), _FIELDS, *_commands()])


def bounds_of(type_: type) -> Iterator[tuple[str, Bound]]:
    """Each bound of a command's fields with the field's name, those within other values too."""
    for name, hint in get_type_hints(type_, include_extras=True).items():
        yield from _within(hint, name)


def _within(hint: Any, name: str) -> Iterator[tuple[str, Bound]]:
    base, *markers = get_args(hint) if get_origin(hint) is Annotated else (hint,)
    yield from ((name, marker) for marker in markers if isinstance(marker, Bound))
    if isinstance(base, type) and is_dataclass(base):
        yield from ((f"{name}.{field}", bound) for field, bound in bounds_of(base))
    for inner in get_args(base):
        yield from _within(inner, name)


def _texts() -> Iterator[str]:
    for bound in _of_kind(Chars):
        rule = RULES[bound.shape] + ("; the rest is left out" if bound.cut else "")
        rule += f"; beyond {INLINE:,} an excerpt travels" if bound.kept_apart else ""
        yield f"| {bound.kind} | {bound.most:,} | {rule} |\n"


def _numbers() -> Iterator[str]:
    yield from (f"| {bound.kind} | {bound.least:,.0f} | {bound.most:,.0f} |\n" for bound in _of_kind(Range))


def _of_kind(type_: type) -> Iterator[Any]:
    for alias in vars(kinds).values():
        if get_origin(alias) is Annotated:
            yield from (marker for marker in get_args(alias)[1:] if isinstance(marker, type_))


def _commands() -> Iterator[str]:
    named: dict[str, type] = {"open": Open, "open_by_triage": OpenByTriage, **SUPPORT_COMMANDS}
    yield from (_row(name, type_) for name, type_ in named.items())
    incident: dict[str, type] = {"open": OpenIncident, **INCIDENT_COMMANDS}
    yield from (_row(f"incident {name}", type_) for name, type_ in incident.items())


def _row(name: str, type_: type) -> str:
    said: dict[str, list[str]] = {}
    for field, bound in bounds_of(type_):
        said.setdefault(field, []).append(_short(bound))
    listed = (f"`{field}` {', '.join(bounds)}" for field, bounds in said.items())
    return f"| {name} | {'; '.join(listed)} |\n"


def _short(bound: Bound) -> str:
    match bound:
        case Chars(kind=kind) | Range(kind=kind):
            return kind
        case Items(most=most):
            return f"{most:,} items"
        case InAll(most=most):
            return f"{most:,} characters in all"
        case _:
            assert_never(bound)


if __name__ == "__main__":
    sys.stdout.write(limits_document())
