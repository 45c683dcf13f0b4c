"""Identifies the person who pressed a button in a chat, and informs them if the press did not count."""

from contextlib import suppress
from dataclasses import dataclass

from activities.errors import ActivityError, UnknownPerson
from activities.ports.directory import Directory
from activities.ports.inbox import Entry, EntryState
from activities.ports.sending import SpeakingChannel
from activities.ports.tickets import Tickets
from escalation.case.codec import from_json
from escalation.intake.delivery import DeskEvent
from escalation.messages.buttons import not_counted, pressed
from escalation.reach import Reach
from escalation.vocabulary import Channel


@dataclass(frozen=True, slots=True)
class Presses:
    """Presses on our buttons; what one did is shown in the message itself, and one that did nothing is answered."""

    directory: Directory
    tickets: Tickets
    chat: SpeakingChannel | None = None  # where answers are said; None where none are

    async def person(self, presser: str) -> str | None:
        """The person of the roster with this id in the chat; None where there is none."""
        return await self.directory.person_at(Reach(Channel.SLACK, presser))

    async def answer(self, entry: Entry, state: EntryState) -> None:
        """Notify them, if this was a press on a button of ours that did not count; best effort."""
        if self.chat is None or state not in (EntryState.IGNORED, EntryState.DEAD) or not entry.event:
            return
        # The press is settled: what goes wrong from here on must not hold up the ticket.
        with suppress(ActivityError, ValueError):
            event = from_json(DeskEvent, entry.event)
            button = pressed(event.action, event.value)
            if button is not None and event.author.id:
                await self._answer(self.chat, entry.ticket, event.author.id)

    async def _answer(self, chat: SpeakingChannel, ticket: str, presser: str) -> None:
        person = await self.person(presser)
        newest = await self.tickets.newest(ticket)
        if person and newest is not None and newest.owner == person:
            return  # pressed twice; it is theirs
        language = "en"
        if person:
            with suppress(UnknownPerson):
                language = (await self.directory.person(person)).language
        await chat.tell(presser, not_counted(ticket, language, is_known=bool(person)))
