"""What may come in: how long, how many, when, and in which characters. Every text, number and instant from outside has a bound.

Commands name the kind of each field (`by: ActorId`, `text: Text`); `accepted` applies the kinds, once, where a command
comes in: in the client, in the command line's files, and in the validator of each update.
"""

from escalation.bounds.kinds import (
    CLOCKS_APART,
    FEW,
    HORIZON,
    MANY,
    PACKET,
    TAGS,
    TICKETS,
    ActorId,
    Address,
    Amount,
    Id,
    InAll,
    Items,
    Line,
    Measure,
    Name,
    Number,
    Person,
    ReadText,
    Remark,
    Tag,
    Text,
    TicketId,
)
from escalation.bounds.reading import MOST_PROBLEMS, Problem, accepted, accepted_as, examined, kept

__all__ = [
    "CLOCKS_APART",
    "FEW",
    "HORIZON",
    "MANY",
    "MOST_PROBLEMS",
    "PACKET",
    "TAGS",
    "TICKETS",
    "ActorId",
    "Address",
    "Amount",
    "Id",
    "InAll",
    "Items",
    "Line",
    "Measure",
    "Name",
    "Number",
    "Person",
    "Problem",
    "ReadText",
    "Remark",
    "Tag",
    "Text",
    "TicketId",
    "accepted",
    "accepted_as",
    "examined",
    "kept",
]
