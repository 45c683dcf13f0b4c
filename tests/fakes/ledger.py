"""The delivery ledger in memory."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from activities.errors import ClaimedElsewhere
from activities.ports import Claim
from escalation.vocabulary import Channel
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
            return Claim()
        if known.status == "sent":
            return Claim(sent=True)
        if known.status == "claimed":
            if known.claimed_until > now:
                after = (known.claimed_until - now).total_seconds()
                raise ClaimedElsewhere(f"another attempt is sending {key} of {escalation}", after=after)
            known.possibly_repeated += 1
        known.status, known.gave_up, known.claimed_until = "claimed", False, now + self._lease
        known.attempts += 1
        return Claim(maybe_sent=known.possibly_repeated > 0)

    async def sent(self, escalation: str, key: str, *, channel: Channel, receipt: str) -> None:
        known = self.deliveries.get((escalation, key, channel))
        if known is not None and known.status != "sent":
            known.status, known.receipt, known.error, known.gave_up = "sent", receipt, "", False

    async def failed(self, escalation: str, key: str, *, channel: Channel, error: str, final: bool) -> None:
        known = self.deliveries.get((escalation, key, channel))
        if known is not None and known.status != "sent":
            known.status, known.error, known.gave_up = "failed", error, final
