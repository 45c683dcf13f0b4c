"""The words that a letter to a customer should not have: blame, insults, defensive phrases.

A policy carries its own lists and the number of ours, since every case carries its policy. A list that a release shipped is
never changed: an open case follows it. A better one gets the next number.
"""

from collections.abc import Mapping

from escalation.policy import Policy

_FIRST: Mapping[str, tuple[str, ...]] = {
    "en": (
        *("your fault", "your own fault", "your mistake", "your own mistake", "user error", "you are to blame"),
        *("you're to blame", "you only have yourself to blame", "you failed to", "you forgot", "you neglected to"),
        *("you should have read", "you should have known", "you should have checked", "you should have told"),
        *("you should have said", "you should have asked", "you should have thought", "you should have done"),
        *("you should have been", "you should've", "you ought to have", "if you had read", "if you had only"),
        *("you did not read", "you didn't read", "you did not listen", "you didn't listen", "you do not understand"),
        *("you don't understand", "you are wrong", "you're wrong", "you obviously", "obviously you"),
        *("you clearly did", "you never told us", "you claim", "as i already told you", "as we already told you"),
        *("i already told you", "we already told you", "as i already said", "as i said before", "like i said"),
        *("how many times", "not our fault", "not my fault", "not our problem", "not my problem", "not my job"),
        *("not our job", "nothing we can do", "nothing i can do", "calm down", "no one else complains"),
        *("nobody else complains", "no one else has this problem", "nobody else has this problem"),  # words: recorded
        *("that's just our policy", "stop complaining", "stupid", "stupidly", "stupidity", "idiot*", "moron*"),
        *("dumb", "ridiculous*", "nonsense", "incompetent", "clueless", "pathetic*", "hysterical*", "ignorant"),
        *("lazy", "liar", "liars", "you lie", "you lied", "you are lying", "you're lying", "whining", "shut up"),
        *("foolish", "silly"),
    ),
    "de": (
        *("ihre schuld", "ihre eigene schuld", "deine schuld", "selbst schuld", "selber schuld", "sie sind schuld"),
        *("du bist schuld", "ihr fehler", "ihr eigener fehler", "dein fehler", "ihr verschulden"),
        *("ihr eigenes verschulden", "selbst verschuldet", "selbstverschuldet*", "bedienfehler*"),
        *("bedienungsfehler*", "anwenderfehler*", "benutzerfehler*", "sie haben vergessen", "sie haben versäumt"),
        *("sie haben es versäumt", "haben sie vergessen", "sie hätten wissen müssen", "sie hätten lesen müssen"),
        *("sie hätten lesen sollen", "sie hätten besser", "hätten sie wissen müssen", "hätten sie lesen müssen"),
        *("hätten sie beachten müssen", "hätten sie doch", "hätten sie nur", "sie haben nicht gelesen"),
        *("sie haben nicht zugehört", "sie verstehen nicht", "sie haben es nicht verstanden", "sie irren sich"),
        *("sie liegen falsch", "offensichtlich haben sie", "sie haben offensichtlich", "sie behaupten", "angeblich*"),
        *("wie ich bereits sagte", "wie ich schon sagte", "wie schon gesagt", "wie bereits mehrfach"),
        *("das sagte ich bereits", "habe ich ihnen bereits gesagt", "habe ich ihnen schon gesagt"),
        *("haben wir ihnen bereits gesagt", "haben wir ihnen schon gesagt", "nicht unsere schuld"),
        *("nicht meine schuld", "nicht unser fehler", "nicht unser problem", "nicht mein problem"),
        *("das ist ihr problem", "dafür sind wir nicht zuständig", "dafür bin ich nicht zuständig"),
        *("da können wir nichts machen", "da kann ich nichts machen", "da kann man nichts machen"),
        *("beruhigen sie sich", "regen sie sich nicht auf", "stellen sie sich nicht so an"),
        *("sonst beschwert sich niemand", "dumm", "dumme", "dummen", "dummer", "dummes", "dummheit*", "blöd*"),
        *("idiot*", "lächerlich*", "unfähig*", "inkompetent*", "lügner*", "sie lügen", "gelogen", "unsinn*"),
        *("quatsch", "faul", "faule", "fauler", "hysterisch*", "ahnungslos*", "dreist*", "frech", "freche"),
        *("frecher", "unverschämt*", "halten sie den mund"),
    ),
}

LISTS: Mapping[int, Mapping[str, tuple[str, ...]]] = {1: _FIRST}
"""Our lists by number: language to phrases; `*` leaves the ending of a word open."""

LATEST = max(LISTS)


def our_phrases(number: int) -> tuple[str, ...]:
    """Every phrase of one of our lists."""
    return tuple(phrase for phrases in LISTS[number].values() for phrase in phrases)


def phrases_to_avoid(policy: Policy) -> tuple[str, ...]:
    """Every phrase that the policy warns of: its own list of a language where it has one, else ours."""
    lists = {**LISTS.get(policy.our_wording, {}), **policy.wording}
    return tuple(phrase for phrases in lists.values() for phrase in phrases)
