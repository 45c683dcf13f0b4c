"""The activities that write the record, and store long texts outside the histories."""

from collections.abc import Collection

import structlog
from temporalio import activity

from activities.contracts import (
    ClaimedLife,
    ClaimLifeInput,
    KeepTextInput,
    Recalled,
    RecallInput,
    Recorded,
    RecordInput,
)
from activities.ports.record import LongTexts, Records
from activities.ports.sending import Ledger
from activities.temporal_errors import translated
from escalation.lifecycle.evolution import fold
from escalation.messages.fates import CHANGING
from escalation.vocabulary import Channel as ChannelName

# Events that come with an escalation, for those who ask for its timeline.
_RECENT = 50


class RecordingActivities:
    """Keeps what happened after the workflow has ended; on the channels `settling`, sent messages can be changed."""

    def __init__(self, records: Records, ledger: Ledger | None = None, settling: Collection[ChannelName] = ()) -> None:
        self._records = records
        self._ledger = ledger
        self._settling = settling

    @activity.defn(name="record")
    @translated
    async def record(self, batch: RecordInput) -> Recorded | None:
        """Append events and replace the view; asked again with the same batch, nothing happens.

        Returns:
            What is to be done because of them; None for nothing.
        """
        await self._records.append(batch)
        if self._ledger is None or not self._settling or not any(event.kind in CHANGING for event in batch.events):
            return None
        return Recorded(settle=True) if await self._ledger.sent_on(batch.escalation, self._settling) else None

    @activity.defn(name="recall")
    @translated
    async def recall(self, wanted: RecallInput) -> Recalled:
        """An escalation whose workflow has ended, as it was then."""
        timeline = await self._records.timeline(wanted.ticket, wanted.life)
        return Recalled(state=fold(timeline), recent=timeline[-_RECENT:]) if timeline else Recalled()

    @activity.defn(name="claim_life")
    @translated
    async def claim_life(self, claim: ClaimLifeInput) -> ClaimedLife:
        """Number the escalation; asked again for the same run, the number is the same."""
        return ClaimedLife(life=await self._records.claim_life(claim))


_log = structlog.stdlib.get_logger(__name__)


class LongTextActivities:
    """Stores texts that are too long to travel."""

    def __init__(self, long_texts: LongTexts) -> None:
        self._long_texts = long_texts

    @activity.defn(name="keep_text")
    @translated
    async def keep_text(self, text: KeepTextInput) -> None:
        """Store it whole; asked again for the same text, nothing happens."""
        await self._long_texts.keep(text)
        _log.info("long text kept", escalation=text.escalation, characters=len(text.text))
