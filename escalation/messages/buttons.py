"""The buttons below an offer in a chat, and the values that they send back.

A chat shows a button's `name` and `value` to no one and returns both when it is pressed. Neither proves who pressed it:
that is the chat's signature, and the directory's person at that address.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from escalation.messages.effects import Message
from escalation.messages.facts import Offer

_PREFIX = "escalations."

_NOT_COUNTED: Mapping[str, Mapping[bool, str]] = {
    "en": {
        True: "Case {ticket}: this came too late, or the case was offered to another person. Nothing has changed.",
        False: "Case {ticket}: the roster has no one with your Slack id yet, so nothing has changed. "
        "Ask your team's lead to add it.",
    },
    "de": {
        True: "Fall {ticket}: Das kam zu spät, oder der Fall war jemand anderem angeboten. Es hat sich nichts geändert.",
        False: "Fall {ticket}: Zu dieser Slack-ID gibt es im Dienstplan noch niemanden, deshalb hat sich nichts geändert. "
        "Bitte bei der Teamleitung eintragen lassen.",
    },
}

Answer = Literal["acknowledge", "decline"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Button:
    """An answer to an offer."""

    answer: Answer
    escalation: str
    offer: int  # number of the offer; one that is over answers nothing
    to: str  # the person the offer went to; no one else may answer it
    reads_packet: bool = False  # whether pressing it confirms that the hand-off packet was read

    @property
    def name(self) -> str:
        """Slack's `action_id`."""
        return f"{_PREFIX}{self.answer}"

    @property
    def value(self) -> str:
        """Slack's `value`: JSON with what the button is about."""
        about = {"escalation": self.escalation, "offer": self.offer, "to": self.to, "reads_packet": self.reads_packet}
        return json.dumps(about, separators=(",", ":"))


def buttons_of(escalation: str, message: Message) -> tuple[Button, ...]:
    """Those of an offer; none for any other message."""
    if not isinstance(message.facts, Offer):
        return ()
    offer = offer_in(message.key)
    read = message.facts.must_confirm
    return (
        Button(answer="acknowledge", escalation=escalation, offer=offer, to=message.to, reads_packet=read),
        Button(answer="decline", escalation=escalation, offer=offer, to=message.to),
    )


def offer_in(key: str) -> int:
    """The number of the offer in the key of its message; 0 where the key is of another kind."""
    kind, _, rest = key.partition("/")
    number = rest.partition("/")[0]
    return int(number) if kind == "offer" and number.isascii() and number.isdigit() else 0


def not_counted(ticket: str, language: str, *, is_known: bool) -> str:
    """The answer to a person who pressed a button that did nothing.

    Args:
        language: Tag of their language; English where there are no words in it.
        is_known: Whether the roster knows them at this address.
    """
    words = _NOT_COUNTED["de" if language.lower().replace("_", "-").partition("-")[0] == "de" else "en"]
    return words[is_known].format(ticket=ticket)


def pressed(name: str, value: str) -> Button | None:
    """The button that came back; None if it is not one of ours."""
    answer = name.removeprefix(_PREFIX)
    if answer not in ("acknowledge", "decline") or answer == name:
        return None
    try:
        match json.loads(value):
            case {"escalation": str(escalation), "offer": int(offer), "to": str(to), "reads_packet": bool(read)}:
                kind: Answer = "acknowledge" if answer == "acknowledge" else "decline"
                return Button(answer=kind, escalation=escalation, offer=offer, to=to, reads_packet=read)
            case _:
                return None
    except (ValueError, RecursionError):
        return None
