"""The addresses of a person of the team, in order: `slack:U123`, `mail:ana@example.com`, `pagerduty:payments`.

What follows the channel is an id or the name of a setting, never a secret: it is in the roster and in the database.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from escalation.addresses import InvalidAddress, parse_address
from escalation.vocabulary import Channel

# Further names of channels.
_WORDS = {"mail": Channel.EMAIL}
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
_WRITE = "such as `slack:U0123ABCD`, `mail:ana@example.com` or `pagerduty:payments`"


class InvalidReach(ValueError):
    """It is not an address on a channel. The message says why and what to write."""


@dataclass(frozen=True, slots=True)
class Reach:
    """One address on one channel."""

    channel: Channel
    at: str  # a mail address, a Slack id, or the name under which the settings have the rest

    @property
    def is_personal(self) -> bool:
        """Whether such an address can be one that only its owner reads; a Slack channel or a pager's service is not."""
        one_reader = self.channel in {Channel.EMAIL, Channel.TEAMS}
        return one_reader or (self.channel is Channel.SLACK and self.at[:1] in {"U", "W"})

    def __str__(self) -> str:
        """As the roster and the database have it."""
        return f"{self.channel}:{self.at}"


def parse_reach(text: str) -> Reach:
    """Read one address.

    Raises:
        InvalidReach: It is none.
    """
    word, colon, at = (part.strip() for part in text.partition(":"))
    name = word.lower()
    if not colon:
        raise InvalidReach(f"`{text}` names no channel; write one, {_WRITE}")
    if name not in _WORDS and name not in set(Channel):
        known = ", ".join(f"`{each}`" for each in Channel)
        raise InvalidReach(f"`{text}`: there is no channel `{word}`, only: {known}")
    channel = _WORDS.get(name) or Channel(name)
    if channel is Channel.EMAIL:
        try:
            return Reach(channel, str(parse_address(at)))
        except InvalidAddress as error:
            raise InvalidReach(f"`{text}` {error}") from None
    if not _NAME.fullmatch(at):
        raise InvalidReach(f"`{text}`: write an id or a name of letters, digits, dots and dashes, {_WRITE}")
    return Reach(channel, at)


def ways(
    addresses: Iterable[str], urgent: Iterable[str] = (), *, mail: str = "", is_urgent: bool = False
) -> tuple[Reach, ...]:
    """The addresses to try, in this order; each channel once.

    Args:
        addresses: The person's order.
        urgent: The order for urgent messages; the others follow.
        mail: A mail address that comes last where neither names one.
        is_urgent: Whether the message is.
    """
    listed = [*(urgent if is_urgent else ()), *addresses]
    by_channel: dict[Channel, Reach] = {}
    for reach in map(parse_reach, listed):
        by_channel.setdefault(reach.channel, reach)
    if mail:
        by_channel.setdefault(Channel.EMAIL, Reach(Channel.EMAIL, mail))
    return tuple(by_channel.values())
