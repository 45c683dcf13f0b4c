"""Opening: a ticket becomes an escalation."""

from dataclasses import replace
from datetime import UTC, datetime

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
        InvalidCommand: A reason, the ticket or the summary is missing, frustration is out of range, or `since` is
            still to come.
    """
    check_opening(command)
    if command.since is not None and not command.since <= now:
        raise InvalidCommand(f"`since` is {command.since.isoformat()}, which is still to come; leave it out")
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
        since=None if command.since is None else command.since.astimezone(UTC),
        waiting_on=command.waiting_on,
        question=command.question,
        evidence=command.evidence,
    )
    draft = Draft.on(evolve(None, opened), policy, now)
    # The receipt begins that clock anew, however long the customer has waited before.
    from_now = evolve(None, replace(opened, since=None))
    update_by = target_instant(from_now, policy, ClockName.CUSTOMER_UPDATE)
    draft.tell_customer(MessageKind.RECEIPT, next_update_at=instant_text(update_by))
    seek_owner(draft, draft.state.tier)
    rest = draft.finish()
    return replace(rest, events=(opened, *rest.events))


def check_opening(command: Open) -> None:
    """Whether the request makes sense, whatever the policy.

    Raises:
        InvalidCommand: A reason, the ticket or the summary is missing, frustration is out of range, or `since` has no
            time zone.
    """
    some_text(command.ticket, "ticket")
    some_text(command.summary, "summary")
    frustration_level(command.frustration)
    if command.since is not None and command.since.tzinfo is None:
        raise InvalidCommand("`since` has no time zone; write it with an offset, such as +00:00")
    if not command.reasons:
        raise InvalidCommand("`reasons` is empty; say why the ticket is escalated, at least one reason")


def starting_tier(command: Open, ladder: Ladder) -> int:
    """The highest tier that a lane of the ladder names for this category or one of these reasons; else 1."""
    lanes: tuple[Reason | Category, ...] = (command.category, *command.reasons)
    return max(ladder.lanes.get(lane, 1) for lane in lanes)
