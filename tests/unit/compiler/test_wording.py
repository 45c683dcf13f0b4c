"""The `wording:` section: the phrases a sender is warned of."""

from escalation.messages.wording import LISTS, phrases_to_avoid
from tests.unit.compiler.texts import SOUND, assert_refused, compiled


def test_a_policy_warns_in_both_languages_unless_it_says_otherwise() -> None:
    words = phrases_to_avoid(compiled(SOUND).policy)
    assert words == tuple(phrase for phrases in LISTS[1].values() for phrase in phrases)


def test_a_list_of_its_own_replaces_that_of_the_language() -> None:
    policy = compiled(f"{SOUND}wording: {{en: [silly*, silly*], fr: [votre faute], de: []}}\n").policy
    assert set(phrases_to_avoid(policy)) == {"silly*", "votre faute"}


def test_a_phrase_without_a_word_is_refused() -> None:
    assert_refused(f"{SOUND}wording:\n  en:\n    - '!!' # here\n", "neither a letter nor a digit")


def test_an_ending_that_would_match_far_too_much_is_refused() -> None:
    assert_refused(f"{SOUND}wording:\n  en:\n    - du* # here\n", "`du*` would match far too much", "3 letters")
