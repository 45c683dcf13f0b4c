"""The facts of each message beyond the case itself: one type per kind of message, told apart by `kind`.

Values stay what they are, instants and enums and whole options, until a template puts them into words.
"""

from typing import Annotated, TypeAlias

from pydantic import Discriminator

from escalation.messages.facts.conversation import *
from escalation.messages.facts.course import *
from escalation.messages.facts.ending import *
from escalation.messages.facts.for_staff import *
from escalation.messages.facts.whats_next import *

CustomerFacts: TypeAlias = CourseFacts | ConversationFacts | EndingFacts  # what the customer may read

StaffFacts: TypeAlias = Offer | Notices  # what only people of the team may read

Facts: TypeAlias = Annotated[CustomerFacts | StaffFacts, Discriminator("kind")]
