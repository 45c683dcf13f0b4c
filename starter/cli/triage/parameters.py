"""The facts of a ticket as options, shared by `triage` and `open --triage`."""

from dataclasses import dataclass
from typing import Annotated, Any

from cyclopts import Group, Parameter, validators

from escalation.vocabulary import Category, Severity
from starter.cli.fields import Typed
from starter.cli.parameters import Frustration, Instant
from starter.cli.texts import SomeText, Word

Count = Annotated[int, Parameter(validator=validators.Number(gte=0))]
Amount = Annotated[float, Parameter(validator=validators.Number(gte=0))]


@Parameter(name="*", group=Group("Facts for triage"))
@dataclass(frozen=True, slots=True, kw_only=True)
class TicketOptions:
    """What is known of a ticket beyond the case that is opened; names as in `escalation.triage.TicketFacts`.

    Attributes:
        subject: Its subject line.
        text: What the customer wrote.
        language: Tag of the language they wrote in, such as en; tone is judged in English and German only. With `open`,
            the customer's when it was given.
        industry: The customer's line of business.
        tags: A help-desk tag; repeat it for each.
        users_affected: Number of people who cannot work.
        money_at_stake: Money at stake, in the policy's currency units.
        deadline: The customer's own deadline, with offset.
        hours_spent: Hours of work so far.
        owners_tried: Number of people or groups who had the ticket.
        days_open: Days since the ticket was opened.
        reopen_count: Number of reopenings.
        times_contacted: Number of times the customer had to ask.
        agent_says_unable: The agent who has the ticket feels unable to solve it.
        customer_asked_for_superior: The customer asked for a superior.
    """

    subject: SomeText | None = None
    text: SomeText | None = None
    language: Word | None = None
    industry: Word | None = None
    tags: Annotated[tuple[str, ...] | None, Parameter(name="--tag")] = None
    users_affected: Count | None = None
    money_at_stake: Amount | None = None
    deadline: Instant | None = None
    hours_spent: Amount | None = None
    owners_tried: Count | None = None
    days_open: Amount | None = None
    reopen_count: Count | None = None
    times_contacted: Count | None = None
    agent_says_unable: bool | None = None
    customer_asked_for_superior: bool | None = None


@Parameter(name="*", group=Group("One ticket"))
@dataclass(frozen=True, slots=True, kw_only=True)
class FactOptions(TicketOptions):
    """What is known of one ticket; names as in `escalation.triage.TicketFacts`.

    Attributes:
        customer_tier: The customer's contract tier.
        severity: The help desk's severity; the verdict is never lower.
        category: The help desk's category; used if no rule gives one.
        frustration: 0 (calm) to 4 (furious), as a person judged it.
    """

    customer_tier: Word | None = None
    severity: Severity | None = None
    category: Category | None = None
    frustration: Frustration | None = None


def given(options: Typed | None) -> dict[str, Any]:
    """The options that were given, by name."""
    if options is None:
        return {}
    values = ((name, getattr(options, name)) for name in options.__dataclass_fields__)
    return {name: value for name, value in values if value is not None}
