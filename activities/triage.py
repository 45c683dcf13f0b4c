"""The activity that judges whether a ticket should escalate."""

import asyncio
from dataclasses import replace
from typing import Protocol

from temporalio import activity

from activities.ports.record import Records
from activities.ports.rules import Rulebook, Sentiment
from activities.temporal_errors import translated
from activities.triage_contracts import CustomerHistory, Tone, ToneInput, TriageAnswer, TriageInput
from escalation.triage.excerpt import Excerpt
from escalation.triage.facts import TicketFacts
from escalation.triage.judging import judge

TRIAGE = "triage"  # the activity's wire name


class Messages(Protocol):
    """Reads messages."""

    def excerpt(self, text: str) -> Excerpt:
        """Return what its sender wrote now, without quotes and signatures; the same for the same text."""


class TriageActivities:
    """Judges tickets; opens nothing."""

    def __init__(self, rules: Rulebook, records: Records, sentiment: Sentiment, messages: Messages) -> None:
        self._rules = rules
        self._records = records
        self._sentiment = sentiment
        self._messages = messages

    @activity.defn(name=TRIAGE)
    @translated
    async def triage(self, asked: TriageInput) -> TriageAnswer:
        """The verdict, with the tone and the history that it was made from."""
        loaded = await self._rules.load(asked.policy)
        history = None
        if asked.customer:
            since = loaded.rules.history_from(asked.at)
            history = await self._records.customer_history(asked.escalation, asked.customer, since)
        # In a thread, since a long message takes a moment that other activities should not wait for.
        new = await asyncio.to_thread(self._messages.excerpt, asked.facts.text)
        facts = with_history(with_tone(replace(asked.facts, text=new.text), self._sentiment), history)
        verdict = judge(facts, loaded.rules, now=asked.at, left_out=new.evidence)
        return TriageAnswer(verdict=verdict, rules=loaded.checksum, tone=facts.tone, history=history)

    @activity.defn(name="tone")
    @translated
    async def tone(self, asked: ToneInput) -> Tone:
        """Judge the tone of the new part of a customer's message."""
        new = await asyncio.to_thread(self._messages.excerpt, asked.text)
        return Tone(tone=await asyncio.to_thread(self._sentiment.tone, new.text, asked.language))


def with_tone(facts: TicketFacts, sentiment: Sentiment) -> TicketFacts:
    """The facts with the tone of their wording, where it is not known and can be judged."""
    if facts.tone is not None:
        return facts
    return replace(facts, tone=sentiment.tone(f"{facts.subject}\n{facts.text}", facts.language))


def with_history(facts: TicketFacts, history: CustomerHistory | None) -> TicketFacts:
    """The facts with what the record knows of the customer; as they are when it was not asked."""
    if history is None:
        return facts
    return replace(
        facts, earlier_escalations=history.total, earlier_reopened=history.reopened, earlier_breached=history.breached
    )
