"""Facts and changes, of which differences consist; and any value of a policy, taken apart into facts."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from escalation.compiler.snapshot import canonical_json

Fact: TypeAlias = str | int | bool | None  # a value, None if there is none; lists are texts with commas

Where: TypeAlias = tuple[str, ...]  # the path of a fact


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One thing that is different."""

    where: Where  # where, from the section down: `clocks`, `resolution`, `targets`, `SEV1`
    old: Fact  # what the first policy says; None where it says nothing
    new: Fact

    @property
    def path(self) -> str:
        """`where` as one text with dots; a name that contains a dot is quoted."""
        return ".".join(f'"{part}"' if "." in part else part for part in self.where)


def compared(old: Mapping[Where, Fact], new: Mapping[Where, Fact]) -> Iterator[Change]:
    """The facts that are not the same, those that belong together side by side."""
    for path in _in_order(old, new):
        if old.get(path) != new.get(path):
            yield Change(where=path, old=old.get(path), new=new.get(path))


def _in_order(old: Mapping[Where, Fact], new: Mapping[Where, Fact]) -> list[Where]:
    paths = list(dict.fromkeys((*old, *new)))
    groups = {path[:3]: number for number, path in reversed(list(enumerate(paths)))}
    return sorted(paths, key=lambda path: groups[path[:3]])


def taken_apart(value: Any, where: Where = ()) -> Iterator[tuple[Where, Fact]]:
    """Yield the facts of a JSON value with their paths; empty values are left out, and named items go by their names."""
    match value:
        case Mapping():
            for key, below in value.items():
                yield from taken_apart(below, (*where, str(key)))
        case list() if all(isinstance(each, str) for each in value):
            yield where, ", ".join(value) or None
        case list() if all(isinstance(each, Mapping) and "name" in each for each in value):
            for each in value:
                yield from taken_apart(each, (*where, each["name"]))
        case list():
            yield where, canonical_json(value)
        case _:
            yield where, value or None
