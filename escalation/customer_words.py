"""Classifies a customer's message after the solution, by rules, offline, in English and German.

Only a message that says nothing but thanks, or nothing but that it works, needs no answer. Whatever is not understood
needs one: to answer once too often costs a minute, and to leave a customer unheard costs the customer.
"""

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from escalation.vocabulary import Reading

# Characters that can still be plain thanks; a longer message needs an answer.
_LONGEST = 2_000

_OBJECTIONS = (
    r"still (?:\w+ ){0,3}(?:not|cannot|unable|wait\w*|locked|stuck|broken|fail\w*|wrong|down|missing|same|happen\w*|crash\w*|no|an?|have|has|having|get|getting|see)",
    r"(?:not|never|cannot|hardly|without) (?:\w+ ){0,3}"
    r"(?:work\w*|solv\w*|fix\w*|resolv\w*|help\w*|better|right|satisf\w*|happy|acceptable|good enough|go away|gone)",
    r"no (?:longer|more) (?:\w+ )?(?:work\w*|start\w*|open\w*|respond\w*)|no (?:change|difference|improvement|luck|good)",
    r"(?:is|are|s|it|came|comes) (?:back|worse|broken|wrong|down)(?: again)?",
    r"(?:broken|broke|fail\w*|crash\w*|happen\w*|down|stopped|stops) (?:\w+ )?again|again (?:\w+ )?(?:broken|fail\w*|down)",
    r"same (?:\w+ )?(?:problem|issue|error|fault|thing)|(?:problem|issue|error|fault)s? (?:\w+ )?(?:persist\w*|remain\w*|exists?)",
    r"unacceptable|unhappy|dissatisfied|disappoint\w*|useless|unfortunately|for nothing|nonsense|ridiculous|stopped working",
    r"(?:immer noch|noch immer|weiterhin|nach wie vor|schon wieder|wieder) (?:\w+ ){0,4}"
    r"(?:nicht\w*|kein\w*|kaputt|defekt|fehler\w*|problem\w*|falsch|ausgefallen|da|abgestuerzt|abstuerze\w*)",
    r"(?:immer noch|noch immer|weiterhin) (?:\w+ ){0,4}warte\w*|warte\w* (?:\w+ ){0,2}(?:immer noch|noch immer|weiterhin)",
    r"(?:geht|gehen|ging|funktioniert\w*|funktionieren|laeuft|laufen|klappt\w*|hilft|half|stimmt|passt) "
    r"(?:\w+ ){0,4}(?:nicht|nie|nichts|kaum)",
    r"(?:nicht|nie|nichts|kaum|weder) (?:\w+ ){0,4}(?:geht|gehen|funktionier\w*|laeuft|klappt|geklappt|geholfen|geloest|"
    r"behoben|besser|repariert|erledigt|zufrieden\w*|in ordnung|hilfreich|akzeptabel)",
    r"(?:selben?|gleichen?|dasselbe|derselbe) (?:problem|fehler|stoerung)",
    r"(?:problem|fehler|stoerung) (?:\w+ ){0,3}(?:besteht|bleibt|wieder|zurueck)",
    r"noch nicht|nicht alles|fehlt|fehlen|not (?:yet|all|everything)|(?:is|are) missing",
    r"leider|unzufrieden|enttaeusch\w*|inakzeptabel|unverschaemt\w*|frechheit|kaputt|fuer nichts|unbrauchbar|lachhaft|👎",
)
# That the problem is over, in words that would else deny something.
_GONE = (
    r"(?:the |this |that |my |our )?(?:problem|issue|error|fault|it) (?:no longer|does not|has not) "
    r"(?:appear\w*|happen\w*|occur\w*|come back)(?: any ?more| again| since)?",
    r"(?:i |we )?(?:have |had |see )?no (?:more |further )?(?:problems?|issues?|errors?)(?: any ?more| now| since(?: then)?)?",
    r"(?:das |der )?(?:problem|fehler) (?:tritt|trat|kommt|besteht) (?:jetzt )?nicht mehr(?: auf)?|"
    r"keine? (?:problem|probleme|fehler) mehr|nicht mehr kaputt",
)
_WORKS = (
    r"works?|worked|working|solved|fixed|resolved|sorted(?: out)?|(?:did|does) the trick|you can close (?:it|this|the (?:case|ticket))",
    r"(?:problem|issue|error|fault)(?: is| has been| was| s)?(?: now)? gone|(?:all|everything)(?: is| has| s)? (?:now )?(?:good|fine|ok|okay|set|here|arrived|there)(?: now)?",
    r"(?:geht|funktioniert\w*|laeuft|klappt)(?! fast)|geklappt|geholfen|geloest|behoben|erledigt",
    r"(?:ist |sind )?(?:jetzt |nun )?alles (?:ist |sind )?(?:wieder |jetzt |nun )*(?:gut|ok|okay|in ordnung|bestens|da|angekommen|erhalten|bekommen|erledigt)|(?:problem|fehler) ist (?:jetzt |nun )?weg",
    r"passt|(?:(?:das|die|der|mein|meine|the|my|our) )?\w+ (?:ist|sind|has|have) (?:heute |jetzt |nun |now |just )*"
    r"(?:angekommen|eingegangen|gutgeschrieben|erstattet|arrived|come through|been refunded)",
    r"(?:sie|ihr|du) (?:koennen|koennt|kannst) (?:den fall|das ticket|den vorgang) (?:jetzt )?schliessen",
)
_HEDGED = (
    r"seems?|appears?|looks? like|so far|for now|at the moment|right now|i think|hopefully|probably",
    r"scheint|anscheinend|bisher|bislang|erst ?mal|vorerst|momentan|im moment|derzeit|wohl|hoffentlich",
)
_THANKS = (
    r"thanks|thank ?you|thx|ty|cheers|much appreciated|appreciate[ds]?|noted|understood|got it",
    r"dank\w*|bedanke|bedanken|verstanden|alles klar|zur kenntnis genommen|thumbs up|👍|🙏|👌",
    r"great|perfect|excellent|brilliant|awesome|fantastic|wonderful|ok|okay|super|prima|perfekt|toll|klasse|spitze|wunderbar",
)
_COURTEOUS = """
    a again all also am and are as at be been best both day did done everyone everything fast fine for from glad good greetings
    happy has have hello help helped helpful helping here hey hi i in indeed is it its just kindly like looking lot lots lovely many me
    morning much my nice now of on our out people perfectly problem issue error prompt promptly quick quickly really reply response
    s service so solution solving sorting support swift team that the their them these this to today truly update us very was we weekend
    well which with work yes you your fixing sincerely issues problems expected charm again system
    alle allen alles als am antwort auf bei beim bestens besten das dem den der die diese dir doch ein eine einen einwandfrei es
    euch eure euer fall fehler flotte flott freundliche freundlichen fuer ganz gerne gruesse gruss gut gute guten hab habe haben hallo
    hat herzlich herzliche herzlichen hilfe hilfreich hier ich ihnen ihr ihre ihren im immer ist ja jetzt kompetente liebe lieben
    loesung mein mich mir mit moin morgen nette netten nochmal nochmals nun problem prompte rasche rueckmeldung schnell schnelle schnellen schoen
    schoenen schoene schoenes sehr seit sie tag tausend uns unser unterstuetzung und viele vielen von war wieder wie wir wird wochenende
    wurde zu zuegige einfach damit dann recht heute auch mal was worden
    😊 🙂 😀 😃 😄 ❤ 💯 🎉 ☺"""
_COURTESY = frozenset(_COURTEOUS.split())
_GREETING = re.compile(
    r"(?:hi|hello|hey|dear|good (?:morning|day)|hallo|moin|lieber?|sehr geehrter?|guten (?:tag|morgen))\b", re.I
)
_WORD = r"(?: +[^\s,!:.?]+)"
# A rating such as `1/5.`, or `???`, says nothing as the subject of a letter.
_HAS_WORDS = re.compile(r"[^\W\d_]{2}")
_SALUTATION = re.compile(
    r"(?:hi|hello|hey|dear|good (?:morning|afternoon|evening|day)|to whom it may concern|hallo|moin|servus|"
    rf"guten (?:tag|morgen|abend)|sehr geehrte\w?|liebe\w?)\b(?:{_WORD}{{0,5}} *[,!:]+ *|{_WORD}{{0,2}} *$)",
    re.I,
)
_REGARDS = re.compile(
    r"(?:(?:kind|best|warm|many) )?(?:regards|wishes)|sincerely|yours|(?:(?:mit )?\w{2,12} )?(?:gr(?:ü|ue)(?:ß|ss)en?|gru(?:ß|ss))|lg|mfg|vg|bg",
    re.I,
)
_THANKED_BY_NAME = re.compile(
    r"\b(?i:thanks|thank you|danke|vielen dank)(?i: again| so much| very much|schön| schön| sehr)?,? "
    r"(?:(?:Herr|Frau|Mr|Mrs|Ms|Dr)\.? )?[A-ZÄÖÜ][\wäöüß]{1,30}(?=\s*[!.,\n]|\s*$)"
)
_NAME = re.compile(r"[A-ZÄÖÜ][\w.'-]{0,30}(?: [A-ZÄÖÜ][\w.'-]{0,30}){0,2}")
_QUOTE = re.compile(
    r"\s*(?:>|\|>|-- ?$|_{5,}|-{2,} ?(?:original|ursprüngliche|forwarded|weitergeleitete)|(?:from|von|sent|gesendet): )",
    re.I,
)
_WROTE = re.compile(r"(?:on|am|at) .*\d", re.I)
_SCORE = re.compile(
    r"([1-5])(?: ?/ ?5| (?:of|out of|von) 5)?(?: ?(?:stars?|sterne?))?(?=\s*$|\s*[\n.,;:!\u2013\u2014(-](?!\d))[\s.,;:!\u2013\u2014-]*",
    re.I,
)
_PARTS = re.compile(r"[^\W_]+|[\U0001F300-\U0001FAFF\u2600-\u27BF]")
_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "\u2019": "'"})
_SHORT_FORMS = (("can't", "cannot"), ("won't", "will not"), ("n't", " not"))


def _any_of(patterns: Iterable[str]) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{'|'.join(patterns)})(?!\w)")


_OBJECTION, _IS_GONE, _WORK = _any_of(_OBJECTIONS), _any_of(_GONE), _any_of(_WORKS)
_HEDGE, _THANK = _any_of(_HEDGED), _any_of(_THANKS)


class SurveyReply(NamedTuple):
    """An answer to the survey that came as a message."""

    score: int
    comment: str  # what else it says


def reading_of(text: str) -> Reading:
    """Classify the customer's own words; quotes of earlier mails do not count."""
    own = own_words(text)
    words = plain_words(own[:_LONGEST])
    without_gone = _IS_GONE.sub(" ", words)
    if _OBJECTION.search(without_gone):
        return Reading.OBJECTION
    if not own or len(own) > _LONGEST or "?" in own:
        return Reading.ANSWER
    words = plain_words(without_names(own))
    left = _WORK.sub(" ", _IS_GONE.sub(" ", words))
    unhedged = _HEDGE.sub(" ", left)
    rest = _THANK.sub(" ", unhedged)
    if any(word not in _COURTESY for word in rest.split()):
        return Reading.ANSWER
    if left != words and unhedged == left:
        return Reading.CONFIRMATION
    return Reading.THANKS if left != words or rest != unhedged else Reading.ANSWER


def asks_something(text: str) -> bool:
    """Whether the customer's own words ask something."""
    return "?" in own_words(text)


def survey_reply(text: str) -> SurveyReply | None:
    """The score with which a message begins, as the survey asks for it; None where it begins otherwise."""
    own = own_words(text)
    found = _SCORE.match(own)
    return None if found is None else SurveyReply(int(found[1]), own[found.end() :].strip())


def own_words(text: str) -> str:
    """The customer's new text: the lines above and between quotes, without a signature after `--`."""
    kept: list[str] = []
    lines = [line.rstrip() for line in text.strip().splitlines()]
    for at, line in enumerate(lines):
        if line.lstrip().startswith((">", "|>")):
            continue
        if _QUOTE.match(line) or _introduces_quote(lines[at : at + 3]):
            break
        kept.append(line)
    return "\n".join(kept).strip()


def topic(text: str) -> str:
    """The first line that has words, without the greeting before it; a greeting alone, or empty, where nothing else has."""
    lines = [line.strip() for line in text.split("\n") if _HAS_WORDS.search(line)]
    said = (line[found.end() :] if (found := _SALUTATION.match(line)) else line for line in lines)
    return next(filter(_HAS_WORDS.search, said), lines[0] if lines else "")


def _introduces_quote(lines: list[str]) -> bool:
    """Whether these lines begin with `On Monday, Ann wrote:`, which mail programs fold."""
    if not _WROTE.match(lines[0][:200]):
        return False
    said = " ".join(lines)[:400].lower()
    end = said.find(":\n") if ":\n" in said else said.rfind(":")
    return end >= 0 and any(word in said[:end] for word in ("wrote", "schrieb"))


def without_names(own: str) -> str:
    """Without greeting and closing, and the names in them and after thanks."""
    lines = list(_body(own.splitlines()))
    if any(line.strip() for line in lines[:-1]) and _NAME.fullmatch(lines[-1].strip()):
        lines.pop()
    return _THANKED_BY_NAME.sub("thanks", "\n".join(lines))


def _body(lines: list[str]) -> Iterator[str]:
    for at, line in enumerate(lines):
        if at == 0 and _GREETING.match(line):
            name, comma, rest = line.replace("!", ",").partition(",")
            short = len(name.split()) <= 4
            yield rest if short and (comma or len(lines) > 1) else line
            continue
        if at and (found := _REGARDS.match(line.strip())) and len(line.split()) <= 6 and len(lines) - at <= 5:
            rest = line.strip()[found.end() :] + "".join(lines[at + 1 :])
            if not any(mark in rest for mark in "?!:"):
                return
        yield line


def plain_words(text: str) -> str:
    """The words of a text, in lower case, without umlauts and short forms, with blanks between them."""
    folded = text.lower().translate(_UMLAUTS)
    for short, long in _SHORT_FORMS:
        folded = folded.replace(short, long)
    return " ".join(_PARTS.findall(folded))
