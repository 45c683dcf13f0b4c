"""The tone of a German text, by a lexicon and a few rules, because no maintained offline library exists.

A sentence starts from the worst word in it. What strengthens or denies a word counts where it comes right before it; shouting
makes it worse. Stems match the beginnings of words, so that endings need not be listed.
"""

import re

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
