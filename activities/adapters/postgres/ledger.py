"""The delivery ledger on PostgreSQL: `deliveries`."""

from collections.abc import Callable, Collection
from datetime import datetime, timedelta

from activities.adapters.postgres.database import Database
from activities.adapters.postgres.statements import Statements
from activities.adapters.postgres.wire import plain_text
from activities.errors import ClaimedElsewhere
from activities.ports.sending import Claim, Envelope, Sent
from escalation.messages.keys import mail_mark, message_id
from escalation.vocabulary import Channel

LEASE = timedelta(seconds=30)  # how long a claim holds: longer than the longest attempt at sending may take
TRIED_FOR = timedelta(hours=4, minutes=5)  # how long a message may be tried on a channel, and a little more


class Ledger:
    """The ledger of messages: recipients, attempts, receipts.

    Args:
        lease: How long a claim holds.
        marks_secret: What the mail channel makes Message-IDs with.
    """

    def __init__(
        self, database: Database, clock: Callable[[], datetime], *, lease: timedelta = LEASE, marks_secret: str = ""
    ) -> None:
        self._database = database
        self._clock = clock
        self._lease = lease
        self._marks_secret = marks_secret
        self._sql = Statements(database, "ledger")

    async def claim(self, escalation: str, key: str, *, channel: Channel, kind: str, to: str) -> Claim:
        """See the port."""
        now = self._clock()
        mark = mail_mark(message_id(escalation, key), self._marks_secret) if channel is Channel.EMAIL else None
        async with self._database.connection() as connection:
            repeated = await connection.fetchval(
                self._sql["claim"], escalation, key, channel.value, kind, to, now, now + self._lease, mark
            )
            if repeated is not None:
                first = await connection.fetchrow(self._sql["first"], escalation, key, channel.value, now)
                if first is None:
                    return Claim(maybe_sent=repeated > 0)
                return Claim(
                    maybe_sent=repeated > 0, first=first["key"], receipt=first["receipt"], subject=first["subject"]
                )
            standing = await connection.fetchrow(self._sql["standing"], escalation, key, channel.value)
        if standing is not None and standing["status"] == "sent":
            return Claim(sent=True)
        until = standing["claimed_until"] if standing is not None else None
        after = max(0.0, (until - now).total_seconds()) if until is not None else 0.0
        raise ClaimedElsewhere(f"another attempt is sending {key} of {escalation} by {channel}", after=after)

    async def is_behind(self, escalation: str, key: str, *, channel: Channel) -> bool:
        """See the port."""
        behind: bool = await self._sql.value("is_behind", escalation, key, channel.value, self._clock() - TRIED_FOR)
        return behind

    async def sent_on(self, escalation: str, channels: Collection[Channel]) -> tuple[Sent, ...]:
        """The messages to colleagues that were sent on these channels, in order."""
        return tuple(
            Sent(**{**row, "channel": Channel(row["channel"])})
            for row in await self._sql.rows("sent_on", escalation, [each.value for each in channels])
        )

    async def showed(self, escalation: str, sent: Sent) -> bool:
        """See the port."""
        known: bool | None = await self._sql.value(
            "showed", escalation, sent.key, sent.channel.value, sent.shown, sent.state.value
        )
        return known is not False

    async def sent(self, escalation: str, key: str, *, channel: Channel, receipt: str, letter: Envelope) -> None:
        """Record that it was handed over, and what it said; `receipt` is what the receiver answered."""
        said = (plain_text(letter.subject), plain_text(letter.body_to_keep))
        await self._sql.run("sent", escalation, key, channel.value, plain_text(receipt), self._clock(), *said)

    async def failed(self, escalation: str, key: str, *, channel: Channel, error: str, final: bool) -> None:
        """Record a failed attempt and give the claim back; `final` when it will not be tried again there."""
        await self._sql.run("failed", escalation, key, channel.value, plain_text(error), final, self._clock())
