"""The tone of a text, offline and deterministic: English by VADER, German by our own lexicon."""

import re
from functools import cached_property

from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

from activities.adapters.german_tone import german_tone

LANGUAGES = ("de", "en")
"""The languages that are judged."""

LONGEST_TEXT = 10_000
"""Characters that are judged; a pasted log file says nothing of the customer's mood."""

_SENTENCES = re.compile(r"(?<=[.!?])\s+|\n+")
# VADER's time grows with the square of a sentence's length.
_LONGEST_SENTENCE = 500
# The number of sentences that make the tone of a text.
_WORST = 2


class Sentiment:
    """Judges English and German texts; loads the English lexicon when the first such text comes."""

    def tone(self, text: str, language: str) -> float | None:
        """The mean of its two worst sentences, -1 (worst) to 1 (best).

        Not the score of the whole text, which goes to an extreme with its length however mild each sentence is, and not
        the mean of all, in which a greeting and thanks would hide the anger between them.

        Returns:
            None for a text in another or an unknown language, or that is empty: it is not judged.
        """
        spoken = re.split(r"[-_]", language.strip().casefold())[0]
        if not text.strip() or spoken not in LANGUAGES:
            return None
        judge = german_tone if spoken == "de" else self._english
        sentences = filter(str.strip, _SENTENCES.split(text[:LONGEST_TEXT]))
        tones = sorted(judge(each[:_LONGEST_SENTENCE]) for each in sentences)
        worst = tones[:_WORST]
        return round(sum(worst) / len(worst), 4)

    def _english(self, sentence: str) -> float:
        tone: float = self._analyzer.polarity_scores(sentence)["compound"]
        return tone

    @cached_property
    def _analyzer(self) -> SentimentIntensityAnalyzer:
        return SentimentIntensityAnalyzer()
