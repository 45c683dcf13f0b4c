"""The events of an escalation. Past-tense names; folding them gives exactly the state.

Each event is plain frozen data with its wire name in `kind` and its instant in `at` (aware UTC). Names and
fields that were ever written are never reused for something else; new fields get defaults.
"""

from collections.abc import Mapping
from typing import Annotated, get_args

from pydantic import Discriminator

from escalation.case.events.base import *
from escalation.case.events.clockwork import *
from escalation.case.events.closing import *
from escalation.case.events.consulting import *
from escalation.case.events.conversation import *
from escalation.case.events.correcting import *
from escalation.case.events.desk import *
from escalation.case.events.linking import *
from escalation.case.events.opening import *
from escalation.case.events.ownership import *
from escalation.case.events.promises import *

Event = Annotated[
    ClockworkEvent
    | OwnershipEvent
    | ConsultingEvent
    | ConversationEvent
    | PromiseEvent
    | CorrectingEvent
    | ClosingEvent
    | LinkingEvent
    | DeskEvent,
    Discriminator("kind"),
]
"""Anything that can be in a timeline."""

EVENTS: Mapping[str, type[Happened]] = {
    str(one.__dataclass_fields__["kind"].default): one for one in get_args(get_args(Event)[0])
}
"""Event types by wire name."""
