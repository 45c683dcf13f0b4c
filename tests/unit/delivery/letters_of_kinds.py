"""A letter of each kind to the customer, as they read it."""

import re
from typing import Any

from activities.message_values import case_values, message_values
from activities.ports.wording import TemplateFacts
from escalation.message_kinds import MessageKind
from tests.letters import LETTERS
from tests.unit.delivery.cases import a_message, a_view, full

LANGUAGES = ("en", "de")


BERLIN = {"en": "Friday, 27 March 2026 at 16:00 CET", "de": "Freitag, 27. März 2026, 16:00 Uhr MEZ"}


NEXT = {"en": "What happens next: ", "de": "Wie es weitergeht: "}


# Words of the house: they say nothing to a customer, or too much.
INTERNAL = re.compile(r"\b(SLA|tier|SEV\d|breach\w*|escalat\w+|overseer|ladder|\w+_\w+)\b", re.IGNORECASE)


BLAME = re.compile(r"\b(your fault|your mistake|you failed|you forgot|Ihr Fehler|Ihre Schuld)\b", re.IGNORECASE)


def letter(kind: MessageKind, language: str = "en", facts: dict[str, Any] | None = None, **case: object) -> str:
    view = a_view(**case)
    message = a_message(kind, **(full(kind) if facts is None else facts))
    owner = "Ana" if view.owner else ""
    values = case_values(view, recipient="Zoë Müller", owner=owner, contact="Front Desk") | message_values(message)
    rendered = LETTERS.render(
        TemplateFacts(
            kind=kind, languages=(language,), frustration=view.frustration, zone=view.customer.zone, values=values
        )
    )
    assert rendered.language == language
    return f"{rendered.headline}\n{rendered.body}"
