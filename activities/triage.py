"""The activity that judges whether a ticket should escalate."""

from dataclasses import replace

from temporalio import activity

from activities.contracts import CustomerHistory, TriageAnswer, TriageInput
from activities.ports import Records, Rulebook, Sentiment
from activities.translate import translated
from escalation.triage import TicketFacts, judge

TRIAGE = "triage"
"""The activity's wire name."""


class TriageActivities:
    """Judges tickets; opens nothing.

    Args:
        rules: Where the rules are.
        records: Where customers' histories are.
        sentiment: Judges the wording.
    """

    def __init__(self, rules: Rulebook, records: Records, sentiment: Sentiment) -> None:
        self._rules = rules
        self._records = records
        self._sentiment = sentiment

    @activity.defn(name=TRIAGE)
    @translated
    async def triage(self, asked: TriageInput) -> TriageAnswer:
        """The verdict, with the tone and the history that it was made from."""
        loaded = await self._rules.load(asked.policy)
        history = None
        if asked.customer:
            history = await self._records.customer_history(asked.escalation, asked.customer)
        facts = with_history(with_tone(asked.facts, self._sentiment), history)
        return TriageAnswer(
            verdict=judge(facts, loaded.rules, now=asked.at), rules=loaded.checksum, tone=facts.tone, history=history
        )


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
        facts,
        earlier_escalations=history.total,
        earlier_reopened=history.reopened,
        earlier_breached=history.breached,
    )
