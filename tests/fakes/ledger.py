"""The delivery ledger in memory."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from activities.errors import ClaimedElsewhere
from activities.ports.sending import Claim, Envelope, Sent
from escalation.vocabulary import CUSTOMER, Channel
from tests.fakes.clock import Clock


@dataclass(slots=True, kw_only=True)
class Delivery:
    """One row of the ledger."""

    kind: str
    to: str
    claimed_until: datetime
    status: str = "claimed"
    attempts: int = 1
    possibly_repeated: int = 0
    gave_up: bool = False
    receipt: str = ""
    error: str = ""
    sent_as: int = 0
    shown: str = ""
    letter: Envelope | None = None


class Ledger:
    """The delivery ledger in memory."""

    def __init__(self, clock: Clock, *, lease: timedelta = timedelta(seconds=60)) -> None:
        self.deliveries: dict[tuple[str, str, Channel], Delivery] = {}
        self._clock = clock
        self._lease = lease

    async def claim(self, escalation: str, key: str, *, channel: Channel, kind: str, to: str) -> Claim:
        now = self._clock()
        place = (escalation, key, channel)
        known = self.deliveries.get(place)
        if known is None:
            self.deliveries[place] = Delivery(kind=kind, to=to, claimed_until=now + self._lease)
            return self._claim(place)
        if known.status == "sent":
            return Claim(sent=True)
        if known.status == "claimed":
            if known.claimed_until > now:
                after = (known.claimed_until - now).total_seconds()
                raise ClaimedElsewhere(f"another attempt is sending {key} of {escalation}", after=after)
            known.possibly_repeated += 1
        known.status, known.gave_up, known.claimed_until = "claimed", False, now + self._lease
        known.attempts += 1
        return self._claim(place)

    def _claim(self, place: tuple[str, str, Channel]) -> Claim:
        first = self._first(place)
        maybe_sent = self.deliveries[place].possibly_repeated > 0
        if not first:
            return Claim(maybe_sent=maybe_sent)
        began = self.deliveries[place[0], first, place[2]]
        subject = began.letter.subject if began.letter else ""
        return Claim(maybe_sent=maybe_sent, first=first, receipt=began.receipt, subject=subject)

    def _first(self, place: tuple[str, str, Channel]) -> str:
        """The first message of the same conversation that was sent, else one in flight that was claimed before."""
        to, places = self.deliveries[place].to, list(self.deliveries)
        others = [
            each for each in places if (each[0], each[2]) == (place[0], place[2]) and self.deliveries[each].to == to
        ]
        sent = [each for each in others if self.deliveries[each].status == "sent" and each != place]
        if sent:
            return min(sent, key=lambda each: self.deliveries[each].sent_as)[1]
        now = self._clock()
        for each in others[: others.index(place)]:
            if self.deliveries[each].status == "claimed" and self.deliveries[each].claimed_until > now:
                return each[1]
        return ""

    async def is_behind(self, escalation: str, key: str, *, channel: Channel) -> bool:
        places, to = list(self.deliveries), self.deliveries[escalation, key, channel].to
        before = places[: places.index((escalation, key, channel))]
        return any(
            (each[0], each[2], self.deliveries[each].to) == (escalation, channel, to)
            and self.deliveries[each].status != "sent"
            and not self.deliveries[each].gave_up
            for each in before
        )

    async def sent_on(self, escalation: str, channels: Collection[Channel]) -> tuple[Sent, ...]:
        return tuple(
            Sent(
                key=key,
                to=row.to,
                channel=channel,
                receipt=row.receipt,
                subject=row.letter.subject if row.letter else "",
                body=row.letter.body if row.letter else "",
                shown=row.shown,
            )
            for (of, key, channel), row in self.deliveries.items()
            if of == escalation and channel in channels and row.status == "sent" and row.to != CUSTOMER
        )

    async def showed(self, escalation: str, sent: Sent) -> bool:
        row = self.deliveries[escalation, sent.key, sent.channel]
        row.shown = sent.state.value if row.shown in {sent.shown, sent.state.value} else "unknown"
        return row.shown == sent.state.value

    async def sent(self, escalation: str, key: str, *, channel: Channel, receipt: str, letter: Envelope) -> None:
        known = self.deliveries.get((escalation, key, channel))
        if known is not None and known.status != "sent":
            known.status, known.receipt, known.error, known.gave_up = "sent", receipt, "", False
            known.letter = letter
            known.sent_as = 1 + sum(delivery.status == "sent" for delivery in self.deliveries.values())

    async def failed(self, escalation: str, key: str, *, channel: Channel, error: str, final: bool) -> None:
        known = self.deliveries.get((escalation, key, channel))
        if known is not None and known.status != "sent":
            known.status, known.error, known.gave_up = "failed", error, final
