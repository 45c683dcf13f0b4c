"""Compiles a policy's own lists of words that a letter to a customer should not have."""

from escalation.compiler.sections import Sections
from escalation.documents.problems import Problems
from escalation.triage.wording import SHORTEST_PREFIX, phrases_of, short_prefixes


def compile_wording(sections: Sections, problems: Problems) -> dict[str, tuple[str, ...]]:
    """The policy's own lists, by language; an empty one switches that language off."""
    found: dict[str, tuple[str, ...]] = {}
    for language in sections.keys(("wording",)):
        own = sections.section(("wording", language), list[str]) or []
        for number, phrase in enumerate(own):
            if not phrases_of(phrase):
                what = f"`{phrase}` has neither a letter nor a digit"
                problems.add(("wording", language, number), what, "write a word, or leave it out")
            elif short := short_prefixes(phrase):
                what = f"`{short[0]}` would match far too much"
                advice = f"write at least {SHORTEST_PREFIX} letters before `*`"
                problems.add(("wording", language, number), what, advice)
        found[language] = tuple(dict.fromkeys(own))
    return dict(sorted(found.items()))
