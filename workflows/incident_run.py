"""One incident while its workflow runs: its state, and what of it the record has not."""

from collections import deque
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from temporalio.common import SearchAttributeUpdate, TypedSearchAttributes

from escalation.bounds import accepted
from escalation.errors import NoRoom
from escalation.incident.commands import AnyIncidentCommand, IncidentCommand, LinkTickets, OpenIncident, TellLinked
from escalation.incident.errands import owed
from escalation.incident.events import IncidentEvent
from escalation.incident.lifecycle import decide
from escalation.incident.state import Incident
from escalation.plain import markdown
from workflows.carried import IncidentCarried
from workflows.incident_contract import IncidentAnswer
from workflows.memory import RECENT_BYTES, Memory, size_of
from workflows.options import INCIDENT_LINKED, INCIDENT_OPENED_AT, INCIDENT_STAGE, updates_of

RECENT_EVENTS = 100  # how many of the latest events the `timeline` query can answer with; the record has them all
CARRIED_EVENTS = 10  # how many of them are kept at continue-as-new; each may name hundreds of tickets
MOST_HELD = 1_000_000
"""Bytes of texts, tickets and unrecorded events from which an incident takes no more tickets and updates."""
MOST_TO_END = 1_200_000
"""The same for the commands that end it, or make it smaller: all of it goes to the next run, in 2 MiB at most."""


@dataclass(slots=True, kw_only=True)
class IncidentRun(Memory[IncidentEvent, IncidentAnswer]):
    """State, and what is under way."""

    state: Incident
    recent: deque[IncidentEvent] = field(default_factory=lambda: deque(maxlen=RECENT_EVENTS))

    @classmethod
    def opened(cls, request: OpenIncident, now: datetime) -> "IncidentRun":
        """A new incident."""
        decision = decide(None, accepted(request), now=now)
        live = cls(state=decision.state)
        live.remember(decision.events)
        return live

    @classmethod
    def resumed(cls, carried: IncidentCarried) -> "IncidentRun":
        """The incident as the run before left it."""
        return cls(
            state=carried.state,
            unrecorded=list(carried.unrecorded),
            recorded=carried.recorded,
            answers=dict(carried.answers),
            recent=deque(carried.recent, maxlen=RECENT_EVENTS),
        )

    def must_have_room(self, command: IncidentCommand) -> None:
        """Refuse what the next run could not be handed."""
        grows = isinstance(command, LinkTickets | TellLinked)
        held = _text_bytes(self.state) + size_of(self.unrecorded)
        if held > (MOST_HELD if grows else MOST_TO_END):
            raise NoRoom(
                f"this incident holds {held:,} bytes of tickets, updates and events that wait for the database, which "
                "is all that it can; open a second incident"
            )

    def check(self, command: AnyIncidentCommand, now: datetime) -> None:
        """Refuse a command that would not be accepted; nothing changes."""
        decide(self.state, command, now=now)

    def apply(self, command: AnyIncidentCommand, now: datetime) -> None:
        """Decide, fold, and remember what has to be recorded; a refused command changes nothing."""
        decision = decide(self.state, command, now=now)
        self.state = decision.state
        self.remember(decision.events)

    def answer(self, command_id: str) -> IncidentAnswer:
        """The answer to a command just applied, remembered under its id."""
        state = self.state
        answer = IncidentAnswer(
            stage=state.stage, seq=state.seq, linked=len(state.linked), bulletin=len(state.bulletins)
        )
        return self.remember_answer(command_id, answer)

    def carried(self) -> IncidentCarried:
        """All that the next run needs."""
        return IncidentCarried(
            state=self.state,
            unrecorded=tuple(self.unrecorded),
            recorded=self.recorded,
            answers=self.latest_answers(),
            recent=self.latest(CARRIED_EVENTS, RECENT_BYTES),
        )

    def attribute_updates(self, shown: TypedSearchAttributes) -> list[SearchAttributeUpdate[Any]]:
        """The search attributes that differ from the state; empty if all are up to date."""
        state = self.state
        return updates_of(
            shown,
            (INCIDENT_OPENED_AT, shown.get(INCIDENT_OPENED_AT) or state.opened_at, None),  # it never changes
            (INCIDENT_STAGE, state.stage.value, None),
            (INCIDENT_LINKED, len(state.linked), 0),
        )

    @property
    def details(self) -> str:
        """The incident in markdown: what was said, and how far it got."""
        state = self.state
        lines = [
            f"**{markdown(state.title)}** · {state.stage} · {len(state.linked)} linked escalations",
            "",
            f"Bulletins: {len(state.bulletins)} · still to hear something: **{owed(state)}**",
        ]
        if state.reopened:
            lines += ["", f"Solutions that did not hold: **{state.reopened}**"]
        if state.is_unrecorded:
            lines += ["", "**The database refuses this incident**; see `record refused` in the worker's log"]
        if state.resolved_at is not None:
            lines += ["", f"Solution proposed at {state.resolved_at:%Y-%m-%d %H:%M:%S} UTC"]
        return "\n".join(lines)


def _text_bytes(state: Incident) -> int:
    # What came from outside; the rest of a link is short, and packs well.
    texts = [state.title, state.cause, *{link.by for link in state.links.values()}]
    for ticket, link in state.links.items():
        texts += (ticket, link.why, link.overseer)
    return size_of(state.bulletins) + sum(len(text.encode()) for text in texts)
