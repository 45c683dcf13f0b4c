"""Opening: a ticket becomes an escalation."""

from datetime import datetime

from escalation.commands import Open
from escalation.deadlines import target_instant
from escalation.decisions.checks import frustration_level, instant_text, some_text
from escalation.decisions.ownership import seek_owner
from escalation.draft import Decision, Draft
from escalation.errors import InvalidCommand
from escalation.events import Opened
from escalation.evolution import evolve
from escalation.policy import Ladder, Policy, PolicyRef
from escalation.vocabulary import Category, ClockName, MessageKind, Reason


def open_escalation(command: Open, *, policy: Policy, ref: PolicyRef, now: datetime) -> Decision:
    """Escalate a ticket: the customer gets a receipt, and an owner is sought.

    Raises:
        InvalidCommand: A reason, the ticket or the summary is missing, or frustration is out of range.
    """
    check_opening(command)
    opened = Opened(
        at=now,
        ticket=command.ticket,
        summary=command.summary,
        customer=command.customer,
        contact=command.contact or policy.ladder.contact,
        severity=command.severity,
        category=command.category,
        reasons=command.reasons,
        tier=starting_tier(command, policy.ladder),
        policy=ref,
        frustration=command.frustration,
        our_fault=command.our_fault,
        by=command.by,
    )
    draft = Draft(state=evolve(None, opened), policy=policy, now=now)
    update_by = target_instant(draft.state, policy, ClockName.CUSTOMER_UPDATE)
    draft.tell_customer(MessageKind.RECEIPT, next_update_at=instant_text(update_by))
    seek_owner(draft, draft.state.tier)
    rest = draft.finish()
    return Decision(events=(opened, *rest.events), effects=rest.effects)


def check_opening(command: Open) -> None:
    """Whether the request makes sense, whatever the policy.

    Raises:
        InvalidCommand: A reason, the ticket or the summary is missing, or frustration is out of range.
    """
    some_text(command.ticket, "ticket")
    some_text(command.summary, "summary")
    frustration_level(command.frustration)
    if not command.reasons:
        raise InvalidCommand("`reasons` is empty; say why the ticket is escalated, at least one reason")


def starting_tier(command: Open, ladder: Ladder) -> int:
    """The highest tier that a lane of the ladder names for this category or one of these reasons; else 1."""
    lanes: tuple[Reason | Category, ...] = (command.category, *command.reasons)
    return max(ladder.lanes.get(lane, 1) for lane in lanes)
