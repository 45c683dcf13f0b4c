"""The differences between the triage rules of two policies."""

from collections.abc import Iterator, Mapping
from typing import Any

from pydantic_core import to_jsonable_python

from escalation.compiler.diff import Change, Fact, Where, compared
from escalation.compiler.snapshot import canonical_json
from escalation.triage.rules import TriageRules

_TOP: Where = ("triage",)
_KNOWN_ELSEWHERE = frozenset({"policy", "ladder", "rules"})
"""The first two are the policy's own; rules are matched by their ids."""


def diff_triage(old: TriageRules | None, new: TriageRules | None) -> tuple[Change, ...]:
    """What is different; rules are the same where they have the same id, and their order, which decides ties, counts."""
    return tuple(compared(_facts(old), _facts(new)))


def _facts(triage: TriageRules | None) -> dict[Where, Fact]:
    if triage is None:
        return {}
    top = {key: value for key, value in to_jsonable_python(triage).items() if key not in _KNOWN_ELSEWHERE}
    facts = dict(_flat(top, _TOP))
    facts[*_TOP, "order"] = ", ".join(rule.id for rule in triage.rules)
    for rule in triage.rules:
        said = {key: value for key, value in to_jsonable_python(rule).items() if key != "id"}
        facts.update(_flat(said, (*_TOP, "rules", rule.id)))
    return facts


def _flat(value: Any, where: Where) -> Iterator[tuple[Where, Fact]]:
    """What is said in a value of JSON, each with its path; what is empty says nothing."""
    match value:
        case Mapping():
            for key, below in value.items():
                yield from _flat(below, (*where, str(key)))
        case list() if all(isinstance(each, str) for each in value):
            yield where, ", ".join(value) or None
        case list():
            yield where, canonical_json(value)
        case _:
            yield where, value or None
