"""The agent's screen of a case: which forms it has now, what is in them already, and what becomes of what is sent."""

from escalation.screen.fields import *
from escalation.screen.forms import *
from escalation.screen.reading import *
