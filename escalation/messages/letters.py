"""Messages as decisions ask for them: written only when they are sent.

A simulation sends nothing, and writing costs more than deciding. What a letter says follows from the case as it was when
it was asked for, so it says the same whenever it is written.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import TypeAlias

from escalation.case.state import State
from escalation.clocks.deadlines import target_instant
from escalation.messages.effects import Message
from escalation.messages.facts import CustomerFacts, SaysWhenNext, StaffFacts
from escalation.people import PersonId
from escalation.policy import Policy
from escalation.vocabulary import CUSTOMER, ClockName

Letter: TypeAlias = Callable[[], Message]
"""Writes a message."""


def to_customer(key: str, facts: CustomerFacts, state: State, policy: Policy) -> Letter:
    """A message to the customer.

    Args:
        key: The business key.
        facts: What it says.
        state: The case once the message is on its way, which restarts the clock of updates.
        policy: The policy that holds.
    """

    def letter() -> Message:
        said = facts
        if isinstance(said, SaysWhenNext):
            said = replace(said, next_update_at=due_at(state, policy, ClockName.CUSTOMER_UPDATE))
        return Message(key=key, to=CUSTOMER, channels=policy.customer_channels, facts=said)

    return letter


def to_person(key: str, person: PersonId, facts: Callable[[], StaffFacts], policy: Policy) -> Letter:
    """A message to a person of the team.

    Args:
        key: The business key.
        person: Their id.
        facts: What it says, computed when the letter is written.
        policy: The policy that holds.
    """
    return lambda: Message(key=key, to=person, channels=policy.staff_channels, facts=facts())


def due_at(state: State, policy: Policy, clock: ClockName) -> datetime | None:
    """When the target of a running clock is due, aware UTC; None if there is no such instant."""
    return target_instant(state, policy, clock) if clock in state.runs else None
