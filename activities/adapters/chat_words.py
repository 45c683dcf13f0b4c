"""Splits a message for a chat: the text, and its links as buttons."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeVar

from activities.ports.sending import Envelope
from escalation.lifecycle.asking import Act

T = TypeVar("T")

# A link as the ledger keeps it, without what opens it.
_KEPT_LINK = re.compile(r"^.*: https?://\S*/…/\S*$\n?", re.MULTILINE)
_TICKET: Mapping[str, str] = {"en": "Open the ticket", "de": "Ticket öffnen"}


@dataclass(frozen=True, slots=True, kw_only=True)
class ChatWords:
    """A message as a chat shows it."""

    headline: str
    text: str
    acts: Mapping[Act, tuple[str, str]]
    ticket: str


def words_of(envelope: Envelope) -> ChatWords:
    """The parts of a message."""
    headline, _, body = envelope.body.partition("\n")
    urls = {} if envelope.link is None else {envelope.link.url(act): act for act in envelope.link.ask.acts}
    lines, acts = list[str](), dict[Act, tuple[str, str]]()
    for line in body.split("\n"):
        label, _, address = line.rpartition(": ")
        if address in urls:
            acts[urls[address]] = (label, address)
        else:
            lines.append(line)
    return ChatWords(
        headline=headline, text="\n".join(lines).strip(), acts=acts, ticket=in_language(_TICKET, envelope.language)
    )


def without_links(body: str) -> str:
    """A body that the ledger kept, without its links."""
    return _KEPT_LINK.sub("", body)


def in_language(of: Mapping[str, T], language: str) -> T:
    """Return a mapping's entry for a language tag, or the English one."""
    return of.get(language.replace("_", "-").partition("-")[0].lower(), of["en"])
