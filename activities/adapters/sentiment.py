"""How a text sounds, by VADER: a lexicon and a few rules for English, offline, the same answer every time."""

import re
from functools import cached_property

from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

LANGUAGE = "en"
"""The one language that the lexicon knows."""

LONGEST_TEXT = 10_000
"""Characters that are judged; a pasted log file says nothing of the customer's mood."""

_SENTENCES = re.compile(r"(?<=[.!?])\s+|\n+")
_LONGEST_SENTENCE = 500
"""VADER's time grows with the square of a sentence's length."""
_WORST = 2
"""The number of sentences that make the tone of a text."""


class Sentiment:
    """Judges English texts; loads its lexicon when the first text comes."""

    def tone(self, text: str, language: str) -> float | None:
        """The mean of its two worst sentences, -1 (worst) to 1 (best).

        Not the score of the whole text, which goes to an extreme with its length however mild each sentence is, and not
        the mean of all, in which a greeting and thanks would hide the anger between them.

        Args:
            text: What the customer wrote.
            language: Its language tag.

        Returns:
            None for a text that is not English, or whose language is unknown, or that is empty: it is not judged.
        """
        if not text.strip() or not re.fullmatch(rf"{LANGUAGE}([-_].*)?", language.strip().casefold()):
            return None
        sentences = filter(str.strip, _SENTENCES.split(text[:LONGEST_TEXT]))
        tones: list[float] = sorted(
            self._analyzer.polarity_scores(each[:_LONGEST_SENTENCE])["compound"] for each in sentences
        )
        worst = tones[:_WORST]
        return round(sum(worst) / len(worst), 4)

    @cached_property
    def _analyzer(self) -> SentimentIntensityAnalyzer:
        return SentimentIntensityAnalyzer()
