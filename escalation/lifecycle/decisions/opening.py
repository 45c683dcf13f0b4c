"""Opening: a ticket becomes an escalation."""

from dataclasses import replace
from datetime import UTC, datetime

from escalation.addresses import InvalidAddress, parse_address
from escalation.bounds import CLOCKS_APART, HORIZON
from escalation.case.commands import Customer, Impact, Open, OpenByTriage
from escalation.case.events import Opened, OverseerHeld, Triaged
from escalation.case.naming import check_ticket, workflow_id
from escalation.case.values import PolicyRef
from escalation.clock_rules import subcategory_key
from escalation.clocks.answers import answer_by
from escalation.copies import shared
from escalation.errors import InvalidCommand
from escalation.lifecycle.decisions.checks import frustration_level, some_text
from escalation.lifecycle.decisions.seeking import offer_to_person, seek_owner
from escalation.lifecycle.draft import Decision, Draft
from escalation.lifecycle.evolution import evolve
from escalation.messages import facts, notices
from escalation.notice_kinds import NoticeKind
from escalation.people import must_name_people
from escalation.policy import Ladder, Policy

# Fields of an opening that do not repeat the request for it.
_WORKED_OUT = frozenset({"contact", "since", "impact", "customer_words"})


def check_since(since: datetime | None, now: datetime) -> None:
    """Refuse an instant since which no customer can wait; one of a clock that is a little ahead counts as now."""
    if since is None:
        return
    if since - now > CLOCKS_APART:
        raise InvalidCommand(f"`since` is {since.isoformat()}, which is still to come; leave it out")
    if now - since > HORIZON:
        years = HORIZON.days // 366
        raise InvalidCommand(f"`since` is {since.isoformat()}, more than {years} years ago; name a later instant")


def open_escalation(
    command: Open, *, policy: Policy, ref: PolicyRef, now: datetime, rules: int, life: int = 1
) -> Decision:
    """Escalate a ticket: the customer gets a receipt, and an owner is sought."""
    check_opening(command)
    check_since(command.since, now)
    opened = Opened(
        **shared(command, Opened, besides=_WORKED_OUT),
        at=now,
        contact=command.contact or policy.ladder.contact,
        tier=starting_tier(command, policy.ladder),
        policy=ref,
        since=None if command.since is None else min(command.since.astimezone(UTC), now),
        impact=_impact(command.impact, policy),
        rules=rules,
        life=life,
        customer_words=command.customer_words.strip(),
    )
    draft = Draft(evolve(None, opened), policy, now)
    if command.triage is not None:
        draft.record(Triaged(at=now, verdict=command.triage))
    asked = command.owner if command.undoes else ""
    draft.tell_customer(facts.Receipt(undoes_cancel=bool(command.undoes), asked_owner=asked))
    if command.for_overseer:
        draft.record(OverseerHeld(at=now, person=policy.ladder.overseer))
        due = answer_by(draft.state, policy, is_owed=True)
        notice = notices.Words(kind=NoticeKind.FOR_OVERSEER, text=command.summary, due=due)
        draft.notify(policy.ladder.overseer, notice)
    elif command.owner:
        offer_to_person(draft, command.owner, "")
    else:
        seek_owner(draft, draft.state.tier)
    rest = draft.finish()
    return replace(rest, events=(opened, *rest.events))


def _impact(impact: Impact, policy: Policy) -> Impact:
    """The impact, flagged for compliance where the policy says so of the line of business."""
    if impact.deadline is not None and impact.deadline.tzinfo is None:
        raise InvalidCommand("`impact.deadline` has no time zone; write it with an offset, such as +00:00")
    return replace(impact, compliance=impact.compliance or subcategory_key(impact.industry) in policy.compliance)


def check_opening(command: Open | OpenByTriage) -> None:
    """Refuse a request that makes no sense, whatever the policy."""
    check_request(command)
    check_address(command.customer)


def check_request(command: Open | OpenByTriage) -> None:
    """Refuse a request that makes no sense, but for the customer's address."""
    must_name_people(command, command.kind)
    some_text(command.ticket, "ticket")
    try:
        check_ticket(command.ticket)
    except ValueError as error:
        raise InvalidCommand(f"`ticket` cannot be `{command.ticket[:100]}`: {error}") from error
    some_text(command.summary, "summary")
    if command.frustration is not None:
        frustration_level(command.frustration)
    if command.since is not None and command.since.tzinfo is None:
        raise InvalidCommand("`since` has no time zone; write it with an offset, such as +00:00")
    if isinstance(command, Open) and not (command.reasons or command.triage or command.undoes):
        raise InvalidCommand("`reasons` is empty; say why the ticket is escalated, at least one reason")


def check_address(customer: Customer, field: str = "customer.address") -> None:
    """Refuse an address that mail cannot have, under the command's name for it, without repeating it."""
    try:
        parse_address(customer.address)
    except InvalidAddress as error:
        raise InvalidCommand(f"`{field}` {error}") from None


def check_start(command: Open | OpenByTriage, workflow: str) -> None:
    """Refuse to open a ticket under the workflow id of another one: commands to the ticket must reach it."""
    check_opening(command)
    if workflow != workflow_id(command.ticket):
        raise InvalidCommand(
            f"`ticket` is `{command.ticket}`, but the workflow is called `{workflow}`; "
            f"start it as `{workflow_id(command.ticket)}`"
        )


def starting_tier(command: Open, ladder: Ladder) -> int:
    """The highest tier that a lane of the ladder names for this category or one of these reasons, or triage; else 1."""
    # The rules may be of another version of the policy, with a longer ladder.
    advised = 1 if command.triage is None else min(command.triage.tier, len(ladder.tiers))
    return max(advised, ladder.lowest_tier(command.category, command.reasons))
