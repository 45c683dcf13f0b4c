"""The tone of a text, offline and deterministic: English by VADER, German by our own lexicon."""

import re
from functools import cached_property

from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

LANGUAGES = ("de", "en")  # the languages that are judged

LONGEST_TEXT = 10_000  # characters that are judged; a pasted log file says nothing of the customer's mood

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


_STEMS = {
    -0.8: "unverschämt frechheit skandal stinksauer inakzeptabel unzumutbar katastroph lächerlich betrug abzocke saftladen",
    -0.6: "wütend verärger empör entsetz furchtbar schrecklich unmöglich schlimm enttäusch ärger frustrier sauer unfassbar",
    -0.4: "schlecht mangelhaft nervt nervig genervt ignorier wertlos unbrauchbar ungenügend vertröst beschwer peinlich",
    -0.2: "leider problem fehler defekt kaputt wart verzöger ausfall stör schwierig",
    0.3: "bitte freundlich gern",
    0.5: "dank gut schön zufrieden hilfreich schnell freu",
    0.7: "super toll prima perfekt ausgezeichnet hervorragend begeistert großartig",
}
_TONES = {stem: tone for tone, stems in _STEMS.items() for stem in stems.split()}
_STRONGER = frozenset({"sehr", "extrem", "absolut", "völlig", "total", "so", "wirklich", "mehr", "unglaublich"})
_DENIES = frozenset({"nicht", "kein", "keine", "keinen", "keinerlei", "nie", "niemals", "weder"})
_NO_ANSWER = re.compile(
    r"(keine|ohne) (antwort|rückmeldung|reaktion)|niemand (meldet|antwortet|hilft|kümmert)|(immer|schon) wieder|zum \w+ mal",
    re.IGNORECASE,
)
_WORDS = re.compile(r"\w+")
# How many words before a word can strengthen or deny it.
_BEFORE = 2


def german_tone(sentence: str) -> float:
    """The tone of a sentence, -1 (worst) to 1 (best); 0 where nothing in it says how it sounds."""
    words = _WORDS.findall(sentence.casefold())
    tones = [tone for number, word in enumerate(words) if (tone := _tone(words, number, word))]
    if _NO_ANSWER.search(sentence):
        tones.append(-0.5)
    if not tones:
        return 0.0
    found = min(tones) if min(tones) < 0 else max(tones)
    shouts = sentence.count("!") > 1 or (sentence.isupper() and len(words) > 2)
    return round(max(-1.0, found * 1.25 if shouts and found < 0 else found), 4)


def _tone(words: list[str], number: int, word: str) -> float:
    tone = next((tone for stem, tone in _TONES.items() if word.startswith(stem)), 0.0)
    before = set(words[max(0, number - _BEFORE) : number])
    if tone and before & _DENIES:
        return -0.3 if tone > 0 else 0.0
    return max(-1.0, min(1.0, tone * 1.2)) if before & _STRONGER else tone
