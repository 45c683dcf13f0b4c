"""The activity that updates sent messages: the new owner, or the end of the offer."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import groupby

import structlog
from temporalio import activity

from activities.errors import ChannelUnavailable, RecipientRefused, UnknownPerson
from activities.ports.directory import Directory
from activities.ports.record import Records
from activities.ports.sending import Channel, Ledger, Sent, SettlingChannel
from activities.temporal_errors import translated
from escalation.messages.fates import READ, State, fates_of, together
from escalation.vocabulary import Channel as ChannelName

_log = structlog.stdlib.get_logger(__name__)

_AS_SENT = frozenset({State.OPEN, State.NEWS})


class SettlingActivities:
    """Changes messages in chats and pagers."""

    def __init__(
        self, ledger: Ledger, records: Records, directory: Directory, channels: Mapping[ChannelName, Channel]
    ) -> None:
        self._ledger = ledger
        self._records = records
        self._directory = directory
        self._channels = settling(channels)

    @activity.defn(name="settle")
    @translated
    async def settle(self, escalation: str) -> None:
        """Show what became of each message of the escalation, where that is not what was shown last.

        Raises:
            ApplicationError: Its type is `ChannelUnavailable`, to be retried: not all of them could be changed.
        """
        rows = await self._ledger.sent_on(escalation, list(self._channels))
        fates = fates_of([row.key for row in rows], await self._records.events(escalation, READ)) if rows else {}
        failure: ChannelUnavailable | None = None
        # Several messages with one receipt are one alert.
        for _, found in groupby(sorted(rows, key=_alert), key=_alert):
            group = list(found)
            fate = together(fates[row.key] for row in group)
            stale = [row for row in group if row.shown != fate.state]
            if stale and fate.state not in _AS_SENT:
                try:
                    await self._show(escalation, stale, fate.state, fate.by)
                except ChannelUnavailable as error:
                    failure = error
        if failure is not None:
            raise failure

    async def _show(self, escalation: str, rows: Sequence[Sent], state: State, by: str) -> None:
        name = await self._name_of(by)
        shown = [replace(row, state=state, by=name, language=await self._language_of(row.to)) for row in rows]
        try:
            await self._channels[rows[0].channel].settle(shown[0])
        except RecipientRefused as error:
            _log.warning("message was not changed", escalation=escalation, key=rows[0].key, reason=str(error))
        # In any case: what can't be changed is not tried with each event.
        known = [await self._ledger.showed(escalation, row) for row in shown]
        if not all(known):
            raise ChannelUnavailable(f"{rows[0].key} was changed twice at once; it is shown once more", after=1.0)

    async def _name_of(self, person: str) -> str:
        try:
            return (await self._directory.person(person)).name if person else ""
        except UnknownPerson:
            return person

    async def _language_of(self, person: str) -> str:
        try:
            return (await self._directory.person(person)).language
        except UnknownPerson:
            return "en"


def settling(channels: Mapping[ChannelName, Channel]) -> dict[ChannelName, SettlingChannel]:
    """Those on which a message can be changed after it was sent."""
    return {name: channel for name, channel in channels.items() if isinstance(channel, SettlingChannel)}


def _alert(sent: Sent) -> tuple[str, str]:
    return sent.channel, sent.receipt
