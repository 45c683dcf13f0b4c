"""What a person can press below an offer in a chat, and what it comes back as.

A chat shows a button's `name` and `value` to no one and returns both when it is pressed. Neither proves who pressed it:
that is the chat's signature, and the directory's person at that address.
"""

import json
from dataclasses import dataclass
from typing import Literal

from escalation.messages.effects import Message
from escalation.messages.facts import Offer

_PREFIX = "escalations."

Answer = Literal["acknowledge", "decline"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Button:
    """An answer to an offer.

    Attributes:
        escalation: The escalation's id.
        offer: Number of the offer; one that is over answers nothing.
        to: The person the offer went to; no one else may answer it.
        reads_packet: Whether pressing it confirms that the hand-off packet was read.
    """

    answer: Answer
    escalation: str
    offer: int
    to: str
    reads_packet: bool = False

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


def pressed(name: str, value: str) -> Button | None:
    """The button that came back; None where it is none of ours."""
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
