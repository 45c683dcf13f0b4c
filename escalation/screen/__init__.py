"""The agent's screen of a case: which forms it has now, what is in them already, and what becomes of what is sent."""

from escalation.screen.fields import ROWS, Entry, Field, fields_of
from escalation.screen.forms import Choice, Desk, Form, Rank, correctable, forms_now
from escalation.screen.reading import NotFilled, Sent, Unfit, command_from

__all__ = [
    "ROWS",
    "Choice",
    "Desk",
    "Entry",
    "Field",
    "Form",
    "NotFilled",
    "Rank",
    "Sent",
    "Unfit",
    "command_from",
    "correctable",
    "fields_of",
    "forms_now",
]
