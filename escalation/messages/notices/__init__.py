"""The content of a notice to a person in the team: one type for all kinds with the same facts, distinguished by `kind`."""

from typing import Annotated, TypeAlias

from pydantic import Discriminator

from escalation.messages.notices.asked import *
from escalation.messages.notices.clockwork import *
from escalation.messages.notices.course import *
from escalation.messages.notices.customer import *
from escalation.messages.notices.failing import *

Notice: TypeAlias = Annotated[
    Clock
    | UpdatesSlowed
    | Words
    | CalledOff
    | Corrected
    | Advice
    | Decision
    | HandedOn
    | NoLongerNeeded
    | OverseerHolds
    | Failure
    | Undelivered
    | NotSatisfied
    | SurveyAnswered
    | Bulletin
    | ContactLimited
    | PutForward
    | ReviewAction
    | SeverityRaised
    | Ended,
    Discriminator("kind"),
]
"""One thing a person of the team learns."""
