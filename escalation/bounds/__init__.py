"""Limits on input: lengths, counts, instants and characters. Every text, number and instant from outside has a bound.

Commands name the kind of each field (`by: ActorId`, `text: Text`); `accepted` applies the kinds, once, where a command
comes in: in the client, in the command line's files, and in the validator of each update.
"""

from escalation.bounds.kinds import *
from escalation.bounds.long_texts import *
from escalation.bounds.reading import *
