"""The criteria of triage, one line per rule: its conditions and its effects."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice

from escalation.phrasing import words
from escalation.policy import Ladder
from escalation.triage import rules
from escalation.triage.wording import PREFIX, Phrase

# How many words of a list are shown.
_SHOWN = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleRow:
    """A rule in short."""

    rule: str
    when: str  # what must be so; of long lists of words, the first ones
    then: str


def explain_triage(triage: rules.TriageRules) -> tuple[RuleRow, ...]:
    """The rules in their order, those that every policy has first."""
    return tuple(
        RuleRow(rule=rule.id, when=_condition(rule.when), then=", ".join(_conclusions(rule, triage.ladder)))
        for rule in (*rules.built_in_rules(), *triage.rules)
    )


def _condition(condition: rules.Condition) -> str:
    any_of = " or ".join(map(_matcher, condition.any_of))
    all_of = [_matcher(each) for each in condition.all_of]
    if any_of:
        all_of.append(f"({any_of})" if all_of and len(condition.any_of) > 1 else any_of)
    none_of = [f"not {_matcher(each)}" for each in condition.none_of]
    return " and ".join((*all_of, *none_of))


def _matcher(matcher: rules.Matcher) -> str:
    match matcher:
        case rules.Words(by_language=by_language):
            text = f"words such as {_some(_words(by_language))}"
        case rules.Pattern(expression=expression):
            text = f"text like {expression}"
        case rules.Comparison():
            text = _comparison(matcher)
        case rules.IsSo(flag=flag):
            text = words(flag)
        case rules.Tagged(tags=tags):
            text = f"tag {_some(tags)}"
        case rules.OfTier(tiers=tiers):
            text = f"customer tier {_some(tiers)}"
        case _:
            text = f"industry {_some(matcher.industries)}"
    return text


def _words(by_language: Mapping[str, tuple[Phrase, ...]]) -> Iterator[str]:
    # The English ones first, as the page is in English.
    for language in sorted(by_language, key=lambda each: (each != "en", each)):
        yield from map(_phrase, by_language[language])


def _comparison(matcher: rules.Comparison) -> str:
    bounds = [
        f"{word} {bound}"
        for word, bound in (("at least", matcher.at_least), ("at most", matcher.at_most))
        if bound is not None
    ]
    return f"{words(matcher.fact)} {' and '.join(bounds)}"


def _conclusions(rule: rules.Rule, ladder: Ladder) -> Iterator[str]:
    said = rule.concludes
    parts: tuple[tuple[object, str], ...] = (
        (rule.hard, "escalates"),
        (said.score, f"score +{said.score}"),
        (said.reason, f"reason {words(said.reason or '')}"),
        (said.category, f"category {said.category}"),
        (said.subcategory, f"subcategory {said.subcategory}"),
        (said.severity, f"{said.severity} or worse"),
        (said.raise_severity, f"severity up by {said.raise_severity}"),
        (said.lane, f"lane {words(said.lane or '')}"),
        (said.tier, f"from tier {said.tier}, {ladder.tier(said.tier).name}"),
        (said.frustration, f"frustration {said.frustration} or more"),
    )
    return (text for is_said, text in parts if is_said)


def _some(several: Iterable[str]) -> str:
    found = tuple(islice(several, _SHOWN + 1))
    return ", ".join(found[:_SHOWN]) + (", …" if len(found) > _SHOWN else "")


def _phrase(phrase: Phrase) -> str:
    pairs = zip(phrase.words, phrase.open_ended, strict=True)
    return " ".join(word + PREFIX if is_open else word for word, is_open in pairs)
