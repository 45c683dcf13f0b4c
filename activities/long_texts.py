"""The activity that stores long texts outside the histories."""

import structlog
from temporalio import activity

from activities.contracts import KeepTextInput
from activities.ports.record import LongTexts
from activities.temporal_errors import translated

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
