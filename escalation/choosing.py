"""Which of the offered solutions a customer's message chooses, read by rules, offline, in English and German.

A message chooses where it names one option and, apart from words of choosing and thanks, says nothing that the option's own
name does not say: "I'll take the refund, thanks" for *Refund to your account*. Whatever else it says, a person reads it.
"""

from collections.abc import Mapping

from escalation.customer_words import own_words, plain_words, without_names

_CHOOSING = """
    i we d ll will would like to take choose pick prefer go going with want rather have please the a an my mine your our us me it
    for on in into of option solution number nr let s that this is be fine good great perfect ok okay yes then just thanks
    thank you very much so sounds works best one
    ich wir nehme nehmen naehme moechte moechten waehle waehlen entscheide entscheiden haette haetten wollen wuensche
    wuenschen bevorzuge bevorzugen mich mir uns fuer gern gerne lieber liebsten bitte dann ja loesung variante moeglichkeit
    nummer wahl der die das den dem des ein eine einen einem einer eines mein meine meinen meinem meiner ihr ihre ihren ihrem
    ihrer unser unsere auf aufs zu zum zur im ins am mit von es soll sein machen sie ist waere passt gut prima super
    danke dank vielen herzlichen besten sehr"""
_OF_CHOOSING = frozenset(_CHOOSING.split())
_BY_PLACE = """
    first erste ersten erster erstes erstere ersteren eins
    second two zweite zweiten zweiter zweites zwei
    third three dritte dritten dritter drittes drei
    fourth four vierte vierten vierter viertes vier"""
_PLACES = tuple(frozenset(line.split()) for line in _BY_PLACE.strip().splitlines())
_DENYING = "no not never without nicht nie kein keine keinen keiner keinem keines ohne"
_DENIALS = frozenset(_DENYING.split())


def choice_in(text: str, titles: Mapping[str, str]) -> str:
    """The id of the option that a message chooses by its title or place; empty where a person has to read it."""
    own = own_words(text)
    said = plain_words(without_names(own))
    named = [option for option, title in titles.items() if said and said in (plain_words(option), plain_words(title))]
    if not named and "?" not in own:
        named = _in_own_words(frozenset(said.split()) - _OF_CHOOSING, titles)
    return named[0] if len(named) == 1 else ""


def _in_own_words(said: frozenset[str], titles: Mapping[str, str]) -> list[str]:
    """The options whose name, id or place says all of it."""
    of_titles = {option: frozenset(plain_words(title).split()) for option, title in titles.items()}
    in_any = {word for words in of_titles.values() for word in words}
    named = []
    for place, (option, title) in enumerate(of_titles.items()):
        places = _PLACES[place] - in_any if place < len(_PLACES) else frozenset()
        # What denies something denies another thing than the option does, unless it says the whole of its name.
        is_denied = said & _DENIALS and said != title - _OF_CHOOSING
        if said and not is_denied and said <= title | places | {*plain_words(option).split()}:
            named.append(option)
    return named
