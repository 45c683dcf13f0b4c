"""A channel that sends nothing anywhere."""

import asyncio
from dataclasses import dataclass, field, replace

from activities.errors import ActivityError
from activities.ports.sending import Envelope


@dataclass(slots=True)
class Channel:
    """A channel that keeps what it was given.

    Attributes:
        sent: Every envelope it took, in order.
        refusing: For addresses that take nothing, the error.
        errors: Raised by the next sends, one each, before it takes anything again.
        gate: While set to an unset event, sending waits for it.
    """

    sent: list[Envelope] = field(default_factory=list)
    refusing: dict[str, ActivityError] = field(default_factory=dict)
    errors: list[ActivityError] = field(default_factory=list)
    gate: asyncio.Event | None = None

    async def send(self, envelope: Envelope) -> str:
        if self.gate is not None:
            await self.gate.wait()
        if envelope.address in self.refusing:
            raise self.refusing[envelope.address]
        if self.errors:
            raise self.errors.pop(0)
        self.sent.append(replace(envelope))
        return f"accepted {len(self.sent)}"
