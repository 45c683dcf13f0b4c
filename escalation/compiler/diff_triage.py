"""The differences between the triage rules of two policies."""

from pydantic_core import to_jsonable_python

from escalation.compiler.diff_values import Change, Fact, Where, compared, taken_apart
from escalation.triage.rules import TriageRules

_TOP: Where = ("triage",)
# The first two are the policy's own; rules are matched by their ids.
_KNOWN_ELSEWHERE = frozenset({"policy", "ladder", "rules"})


def diff_triage(old: TriageRules | None, new: TriageRules | None) -> tuple[Change, ...]:
    """The differences between triage rules; rules are matched by id, and their order, which decides ties, counts."""
    return tuple(compared(_facts(old), _facts(new)))


def _facts(triage: TriageRules | None) -> dict[Where, Fact]:
    if triage is None:
        return {}
    top = {key: value for key, value in to_jsonable_python(triage).items() if key not in _KNOWN_ELSEWHERE}
    facts = dict(taken_apart(top, _TOP))
    facts[*_TOP, "order"] = ", ".join(rule.id for rule in triage.rules)
    for rule in triage.rules:
        said = {key: value for key, value in to_jsonable_python(rule).items() if key != "id"}
        facts.update(taken_apart(said, (*_TOP, "rules", rule.id)))
    return facts
