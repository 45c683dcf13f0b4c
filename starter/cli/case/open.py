"""The command that escalates a ticket."""

from contextlib import nullcontext
from dataclasses import dataclass
from typing import Annotated, Any, Literal

from cyclopts import Group, Parameter

from escalation.bounds import CLOCKS_APART
from escalation.case.commands import Open, OpenByTriage
from escalation.vocabulary import Category, PauseCause, Proficiency, Reason, Severity
from starter.cli.cases import Cases
from starter.cli.context import Context, InContext
from starter.cli.exits import BadInput
from starter.cli.fields import option_of, refused_as_typed
from starter.cli.files import read_request
from starter.cli.open_tables import as_triaged, opening_page
from starter.cli.parameters import Frustration, Instant, JsonFile, Ticket
from starter.cli.texts import SomeText, Word, WrittenText, WrittenTexts
from starter.cli.triage.parameters import TicketOptions, given
from starter.opening import Opening


@Parameter(name="*")
@dataclass(frozen=True, slots=True, kw_only=True)
class CaseOptions:
    """What is known of the case; names as in `escalation.case.commands.Open`.

    Attributes:
        summary: What the case is about, in a sentence, for the team.
        customer_words: What the customer wrote, word for word; letters to them quote it. With --triage, --text does the same.
        severity: How bad it is for the customer, SEV1 is worst; triage may raise it.
        category: The kind of concern; without one, triage decides.
        subcategory: A finer category, in your team's own words, such as refund.
        reasons: Why it escalates; repeat it for each reason; triage adds to them.
        by: Id of the person who opens it.
        contact: Id of the customer's single point of contact; the default is the policy's.
        frustration: The customer's frustration, 0 (calm) to 4 (furious).
        our_fault: Admit our fault in the messages.
        since: When the customer started to wait, such as 2026-03-27T16:00+01:00; the clocks count from then.
        waiting_on: What the ticket is already waiting for, customer or third_party; clocks start paused.
        question: What the customer was asked.
        compliance: Mark the case as subject to legal or contractual duties.
        evidence: What led to severity, category and reasons; repeat it for each. The timeline shows it.
    """

    summary: WrittenText | None = None
    customer_words: SomeText | None = None
    severity: Severity | None = None
    category: Category | None = None
    subcategory: Word | None = None
    reasons: Annotated[tuple[Reason, ...] | None, Parameter(name="--reason")] = None
    by: Annotated[Word | None, Parameter(env_var="ESCALATIONS_BY")] = None
    contact: Word | None = None
    frustration: Frustration | None = None
    our_fault: bool | None = None
    since: Instant | None = None
    waiting_on: Literal["customer", "third_party"] | None = None
    question: WrittenText | None = None
    evidence: WrittenTexts | None = None
    compliance: Annotated[bool, Parameter(negative=())] = False


@Parameter(name="*", group=Group("Customer"))
@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerOptions:
    """Who it is for; names as in `escalation.case.commands.Customer`.

    Attributes:
        customer_id: Their id in the help desk.
        customer_name: How to address them.
        customer_address: Their mail address.
        customer_language: Language tag of their messages; en if not given.
        customer_zone: IANA time zone of the times in their messages; UTC if not given.
        customer_tier: Their contract tier.
        customer_proficiency: Whether letters to them use plain or technical words; plain if not given.
    """

    customer_id: Word | None = None
    customer_name: Word | None = None
    customer_address: Word | None = None
    customer_language: Word | None = None
    customer_zone: Word | None = None
    customer_tier: Word | None = None
    customer_proficiency: Proficiency | None = None


# Facts that a case keeps, also without triage.
_IMPACT = frozenset({"users_affected", "money_at_stake", "deadline", "industry"})


async def open_(
    ticket: Ticket | None = None,
    *,
    file: JsonFile | None = None,
    policy: Word = "default",
    triage: Annotated[bool, Parameter(negative=())] = False,
    case: CaseOptions | None = None,
    customer: CustomerOptions | None = None,
    facts: TicketOptions | None = None,
    context: InContext,
) -> None:
    """Escalate a ticket; a no-op while it has an open escalation, a new one after the last has ended.

    Args:
        ticket: Ticket number; `escalation-TICKET` means the same.
        file: The request as JSON; options take precedence; `-` reads standard input.
        policy: Name of the policy that the case follows.
        triage: Let the policy's triage rules decide whether to open it; exit 3 if not.
        case: What is known of the case.
        customer: Who it is for.
        facts: What else is known of the ticket, with --triage.
    """
    said = _said(ticket, case, customer)
    known = given(facts)
    request: Open | OpenByTriage
    if triage:
        # A language that was said for the customer is what they wrote in; the one assumed for letters says nothing.
        if file is None and customer is not None and customer.customer_language:
            known.setdefault("language", customer.customer_language)
        if known.get("text"):
            said.setdefault("customer_words", known["text"])
        request = read_request(said | ({"facts": known} if known else {}), file, context.stdin, OpenByTriage)
    elif others := [name for name in known if name not in _IMPACT]:
        meant = "; the language of their letters is --customer-language" if "language" in others else ""
        raise BadInput(f"{', '.join(map(_option, others))}: only triage judges by that; write --triage too{meant}")
    else:
        if known:
            said["impact"] = {**said.get("impact", {}), **known}
        request = read_request(said, file, context.stdin, Open)
    _must_fit(context, request)
    client = await context.cases()
    with nullcontext() if file else refused_as_typed(request):  # a file has the fields by their own names
        opening = await client.open(request, policy=policy)
    await _tell(context, client, opening, triaged=triage)


async def _tell(context: Context, client: Cases, opening: Opening, *, triaged: bool) -> None:
    if triaged and opening.started and not opening.judging:
        found = as_triaged(opening, await client.timeline(opening.escalation))
        context.out.document(found, opening_page(found))
    else:
        context.out.document(opening, opening_page(opening))


def _must_fit(context: Context, request: Open | OpenByTriage) -> None:
    if request.since is not None and request.since - context.now() > CLOCKS_APART:
        raise BadInput(f"--since {request.since.isoformat()}: is still to come; leave it out")
    if request.question and request.waiting_on is not PauseCause.WAITING_ON_CUSTOMER:
        raise BadInput("--question is what the customer was asked; write --waiting-on customer too")


def _said(ticket: str | None, case: CaseOptions | None, customer: CustomerOptions | None) -> dict[str, Any]:
    said = given(case) | ({} if ticket is None else {"ticket": ticket})
    if said.pop("compliance", False):
        said["impact"] = {"compliance": True}
    if "waiting_on" in said:
        said["waiting_on"] = PauseCause(f"waiting_on_{said['waiting_on']}")
    return said | {"customer": {name.removeprefix("customer_"): value for name, value in given(customer).items()}}


def _option(fact: str) -> str:
    return "--tag" if fact == "tags" else option_of(fact)
