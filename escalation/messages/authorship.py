"""Who wrote the words of a message. Receivers treat automatic messages differently from a person's own words."""

from escalation.message_kinds import Author, MessageKind
from escalation.messages.facts import Facts, OptionChosen, Reopened


def author_of(said: Facts) -> Author:
    """Who wrote the words of a message that says this."""
    match said:
        case OptionChosen(by_default=True) | Reopened(why="", score=0) | Reopened(in_answer=False):
            # The customer has not just written: a choice by default, a case that a colleague or a clock reopened.
            return Author.PROGRAM
        case _:
            return said.kind.author


BY_PEOPLE = frozenset(kind for kind in MessageKind if kind.author is Author.PERSON)
"""Letters whose words a person wrote; all others are automatic."""
