"""Previews a letter: the code that sends letters decides and writes it, but it is neither recorded nor delivered."""

from dataclasses import dataclass
from datetime import datetime

from activities.adapters.postgres.database import Database
from activities.adapters.postgres.directory import Directory
from activities.adapters.postgres.long_texts import LongTexts
from activities.adapters.postgres.records import Records
from activities.adapters.templates import Templates
from activities.ports.sending import Envelope
from activities.writing import Writer
from escalation.bounds import accepted, reference_to, shortened
from escalation.case.commands import SupportCommand
from escalation.lifecycle.view import CaseView
from starter.http.backend import Backend

_TEMPLATES = Templates()


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """A letter as it would go out."""

    letter: Envelope
    held_until: datetime | None  # when, aware UTC, because of quiet hours; None for at once


class _After(Records):
    """The record, with the case as the command would leave it."""

    def __init__(self, database: Database, view: CaseView) -> None:
        super().__init__(database)
        self._view = view

    async def view(self, escalation: str) -> CaseView:  # noqa: ARG002 (of the port)
        return self._view


class _Typed(LongTexts):
    """The long texts that are kept, and those that were just typed."""

    def __init__(self, database: Database, command: SupportCommand) -> None:
        super().__init__(database)
        self._typed = {reference_to(text): text for text in shortened(accepted(command)).long_texts}

    async def whole(self, escalation: str, reference: str) -> str:
        return self._typed.get(reference) or await super().whole(escalation, reference)


async def letters_of(backend: Backend, escalation: str, command: SupportCommand) -> tuple[Preview, ...]:
    """The letters that the customer would get for a command.

    Raises:
        CommandRefused: The case would not take it.
        StarterError: As `EscalationClient.rehearse`.
        DatabaseUnavailable: PostgreSQL does not answer.
        UnrenderableMessage: A letter cannot be written.
    """
    view, messages = await backend.client.rehearse(escalation, command, at=backend.now())
    writer = Writer(
        records=_After(backend.database, view),
        directory=Directory(backend.database, backend.now),
        long_texts=_Typed(backend.database, command),
        templates=_TEMPLATES,
        clock=backend.now,
        public_url=backend.settings.public_url or "",
    )
    return tuple(
        [
            Preview(letter=await writer.envelope(escalation, one, channel=one.channels[0]), held_until=one.not_before)
            for one in messages
            if one.channels
        ]
    )
