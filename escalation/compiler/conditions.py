"""Compiles the conditions of triage rules, and refuses what could never match."""

import re
from collections.abc import Iterable, Iterator

from escalation.compiler.triage import ConditionSection, MatcherSection
from escalation.documents.problems import Problems
from escalation.documents.yaml import Path
from escalation.triage import rules
from escalation.triage.facts import ANGRIEST, NumberFact
from escalation.triage.matching import as_compared
from escalation.triage.patterns import InvalidPattern, check_pattern
from escalation.triage.wording import Phrase, phrases_of, short_prefixes

KINDS = ("words", "pattern", "fact", "flag", "tags", "customer_tier", "industry")
"""The keys of which a matcher has exactly one."""

_LANGUAGE = re.compile(r"[a-z]{2,3}")


def compile_condition(section: ConditionSection, path: Path, problems: Problems) -> rules.Condition:
    """Compile a condition; what is wrong with it goes to `problems`."""
    own = [each for each in (*KINDS, "at_least", "at_most") if getattr(section, each) is not None]
    all_of = list(_matchers([section], path, problems, numbered=False)) if own else []
    all_of += _matchers(section.all or (), (*path, "all"), problems)
    any_of = list(_matchers(section.any or (), (*path, "any"), problems))
    none_of = list(_matchers(section.none or (), (*path, "none"), problems))
    if not (own or section.all or section.any):
        what = "only says what must not be there" if section.none else "asks for nothing"
        problems.add(path, f"`{path[-1]}` {what}", "write what to look for, such as `words: refund`")
    _check_together(all_of, any_of, none_of, path, problems)
    return rules.Condition(all_of=tuple(all_of), any_of=tuple(any_of), none_of=tuple(none_of))


def _matchers(
    sections: Iterable[MatcherSection], path: Path, problems: Problems, *, numbered: bool = True
) -> Iterator[rules.Matcher]:
    for number, section in enumerate(sections):
        found = _matcher(section, (*path, number) if numbered else path, problems)
        if found is not None:
            yield found


def _matcher(section: MatcherSection, path: Path, problems: Problems) -> rules.Matcher | None:
    kinds = [kind for kind in KINDS if getattr(section, kind) is not None]
    if len(kinds) != 1:
        found = " and ".join(f"`{kind}`" for kind in kinds) if kinds else "nothing"
        problems.add(path, f"this looks for {found}", "look for one thing; write several under `all:` or `any:`")
        return None
    if section.fact is None and (section.at_least is not None or section.at_most is not None):
        problems.add(path, "this has a bound, but no number", "write `fact:` with the number that is bounded")
        return None
    return _of_kind(kinds[0], section, path, problems)


def _of_kind(kind: str, section: MatcherSection, path: Path, problems: Problems) -> rules.Matcher:
    found: rules.Matcher
    match kind:
        case "words":
            found = _words(section, path, problems)
        case "pattern":
            found = _pattern(section.pattern or "", (*path, "pattern"), problems)
        case "fact" if section.fact is not None:
            found = _comparison(section.fact, section, path, problems)
        case "flag" if section.flag is not None:
            found = rules.IsSo(flag=section.flag)
        case "tags":
            found = rules.Tagged(tags=_compared(section.tags or ()))
        case "customer_tier":
            found = rules.OfTier(tiers=_compared(section.customer_tier or ()))
        case "industry":
            found = rules.OfIndustry(industries=_compared(section.industry or ()))
        case _:
            raise AssertionError(f"nothing compiles `{kind}`")
    return found


def _compared(values: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted({as_compared(value) for value in values}))


def _words(section: MatcherSection, path: Path, problems: Problems) -> rules.Words:
    by_language: dict[str, tuple[Phrase, ...]] = {}
    for language, written in sorted((section.words or {}).items()):
        place: Path = (*path, "words", language)
        if not _LANGUAGE.fullmatch(language):
            what = f"`{language}` is not a language"
            problems.add(place, what, "write its two letters, such as `en` or `de`, or `any` for all")
        phrases: dict[Phrase, None] = {}
        for number, one in enumerate(written):
            found = phrases_of(one)
            if not found:
                problems.add(
                    (*place, number), f"`{one}` has no letter or digit in it, so it never matches", "leave it out"
                )
            if short := short_prefixes(one):
                what = f"`{short[0]}` would match far too much"
                problems.add((*place, number), what, "write at least three letters before `*`")
            phrases.update(dict.fromkeys(found))
        by_language[language] = tuple(phrases)
    return rules.Words(by_language=by_language)


def _pattern(expression: str, path: Path, problems: Problems) -> rules.Pattern:
    try:
        check_pattern(expression)
    except InvalidPattern as error:
        what, _, advice = str(error).partition("; ")
        problems.add(path, what, advice)
    return rules.Pattern(expression=expression)


def _comparison(fact: NumberFact, section: MatcherSection, path: Path, problems: Problems) -> rules.Comparison:
    least, most = section.at_least, section.at_most
    if least is None and most is None:
        problems.add((*path, "fact"), f"`{fact}` has no bound", "write `at_least:`, `at_most:` or both")
    if least is not None and most is not None and least > most:
        what = f"`{fact}` can never be at least {least} and at most {most}"
        problems.add((*path, "at_most"), what, "write the larger number here")
    if most is not None and most < 0 and fact is not NumberFact.HOURS_TO_DEADLINE:
        problems.add((*path, "at_most"), f"`{fact}` is never below 0", "write 0 or more")
    if least is not None and least > ANGRIEST and fact is NumberFact.FRUSTRATION:
        problems.add((*path, "at_least"), f"`{fact}` is never above {ANGRIEST}", f"write 1 to {ANGRIEST}")
    return rules.Comparison(fact=fact, at_least=least, at_most=most)


def _check_together(
    all_of: list[rules.Matcher],
    any_of: list[rules.Matcher],
    none_of: list[rules.Matcher],
    path: Path,
    problems: Problems,
) -> None:
    """Refuse what can never be so at the same time."""
    clash = "so this never matches"
    if any(each in none_of for each in all_of) or (any_of and all(each in none_of for each in any_of)):
        problems.add((*path, "none"), f"what this requires is excluded, {clash}", "take it out of one of the two")
    for fact in NumberFact:
        bounds = [each for each in all_of if isinstance(each, rules.Comparison) and each.fact is fact]
        least = max((each.at_least for each in bounds if each.at_least is not None), default=None)
        most = min((each.at_most for each in bounds if each.at_most is not None), default=None)
        if len(bounds) > 1 and least is not None and most is not None and least > most:
            what = f"`{fact}` must be at least {least} and at most {most}, {clash}"
            problems.add((*path, "all"), what, "write bounds that meet")
    tiers = [set(each.tiers) for each in all_of if isinstance(each, rules.OfTier)]
    industries = [set(each.industries) for each in all_of if isinstance(each, rules.OfIndustry)]
    for name, sets in (("customer_tier", tiers), ("industry", industries)):
        if len(sets) > 1 and not set.intersection(*sets):
            problems.add((*path, "all"), f"a customer has one `{name}`, {clash}", "write them in one list")
