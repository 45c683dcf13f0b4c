"""Texts that no one expects, in place of those that a command has."""

from dataclasses import fields, replace
from typing import Any, TypeVar, cast

from hypothesis import strategies as st

SHORT_ODD = st.text(st.characters(), min_size=1, max_size=60)
"""Any code points: controls, right-to-left marks, halves of emoji."""
LONG_ODD = st.sampled_from(
    ["x" * 20_000, "\N{GRINNING FACE}" * 20_000, "y" * 2_000, "z" * 1_000_000, "a@" * 10_000, "`{{ x }}` **b**\n" * 900]
)
ODD = st.one_of(SHORT_ODD, SHORT_ODD, LONG_ODD)

_CHOSEN = frozenset({"kind", "outcome", "clock", "severity"})
_IDS = frozenset({"by", "to", "incident", "policy", "option", "default", "cause", "what", "trigger"})

Command = TypeVar("Command")


def with_odd_texts(data: st.DataObject, command: Command) -> Command:
    """The command with some of its texts replaced, ids mostly left as they are."""
    texts = [
        each.name
        for each in fields(cast(Any, command))
        if isinstance(getattr(command, each.name), str) and each.name not in _CHOSEN
    ]
    changed = [name for name in texts if data.draw(st.integers(0, 9)) < (1 if name in _IDS else 6)]
    odd: dict[str, Any] = {name: data.draw(ODD) for name in changed}
    return cast(Command, replace(cast(Any, command), **odd))
