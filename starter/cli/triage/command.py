"""The command that says whether tickets should escalate. It opens nothing."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

from cyclopts import Group, Parameter, validators

from activities.adapters.new_part import NewPart
from activities.adapters.postgres.records import Records
from activities.adapters.sentiment import Sentiment as Vader
from activities.ports.rules import Sentiment
from activities.triage import Messages, with_history, with_tone
from escalation.triage.facts import InvalidFacts, TicketFacts
from escalation.triage.judging import judge
from escalation.triage.rules import TriageRules
from simulation.exports import InvalidMapping, Rejected, UnreadableLog, load_mapping
from simulation.tickets import Tally, read_tickets
from starter.cli.context import Context, InContext
from starter.cli.exits import BadInput
from starter.cli.log_size import why_empty
from starter.cli.parameters import Instant, Ticket
from starter.cli.policy.files import compile_file
from starter.cli.record.database import open_record
from starter.cli.texts import Word
from starter.cli.triage.history import AskedOnce
from starter.cli.triage.parameters import FactOptions, given
from starter.cli.triage.tables import Judged, Overview, RejectedRow, overview_page, verdict_page, worst

Number = Annotated[int, Parameter(validator=validators.Number(gte=1))]


@Parameter(name="*", group=Group("A whole export"))
@dataclass(frozen=True, slots=True, kw_only=True)
class ExportOptions:
    """Where many tickets come from.

    Attributes:
        file: CSV with our names as columns, JSON lines (.jsonl), or a ServiceNow incident export; it may be gzipped.
        mapping: The mapping of the file, a YAML file; examples/triage/mapping.yaml explains it.
        top: Show at most N tickets in the table; the totals count all.
    """

    file: Path | None = None
    mapping: Path | None = None
    top: Number = 30


async def triage(
    *,
    policy: Path,
    history: bool = False,
    customer: Word | None = None,
    ticket: Ticket | None = None,
    at: Instant | None = None,
    known: FactOptions | None = None,
    export: ExportOptions | None = None,
    context: InContext,
) -> None:
    """Show whether a ticket, or each ticket of an export, should escalate, and why; nothing is opened.

    Args:
        policy: A policy file with a `triage:` section.
        history: Read the customers' earlier escalations from the record.
        customer: The customer's id in the help desk, for --history.
        ticket: The ticket's number; its own escalation does not count as history.
        at: The instant to judge at, with offset; now if not given.
        known: What is known of the ticket.
        export: Many tickets.
    """
    rules = _rules_of(policy, context.now())
    facts, exported = given(known), export or ExportOptions()
    _check_asked(facts, exported, [customer, ticket], history=history)
    judging = _Judging(rules=rules, at=at or context.now())
    async with _histories(rules.history_from(judging.at), asked=history) as histories:
        judging.histories = histories
        if exported.file is not None:
            await _export(context, exported.file, exported, judging)
        else:
            await _one(context, facts, ticket or "", customer or "", judging)


async def _one(context: Context, facts: dict[str, Any], ticket: str, customer: str, judging: "_Judging") -> None:
    try:
        read = TicketFacts(**facts)
    except InvalidFacts as error:
        raise BadInput(str(error)) from error
    judged = await judging.judged(ticket, customer, read)
    context.out.document(judged, verdict_page(judged))


async def _export(context: Context, file: Path, options: ExportOptions, judging: "_Judging") -> None:
    rejected: list[Rejected] = []
    unread: list[str] = []
    tally = Tally()
    shown: list[Judged] = []
    try:
        mapping = None if options.mapping is None else load_mapping(options.mapping, of_log=False)
        with read_tickets(file, mapping, now=judging.at, rejected=rejected, unread=unread) as tickets:
            for each in tickets:
                judged = await judging.judged(each.ticket, each.customer, each.facts)
                tally.add(judged.verdict, judged.tone)
                if context.out.as_json:
                    context.out.lines([judged])
                elif judged.verdict.escalate:
                    shown = worst([*shown, judged], options.top)
    except UnreadableLog as error:
        raise BadInput(error.of(file)) from error
    except InvalidMapping as error:
        raise BadInput(str(error)) from error
    totals = tally.totals()
    if not totals.tickets:
        raise BadInput(f"{file}: holds no ticket{why_empty(rejected)}")
    rows = tuple(RejectedRow(line=each.line, reason=each.reason) for each in rejected)
    overview = Overview(
        file=str(file), totals=totals, rejected=len(rows), unread=tuple(unread), history=judging.histories is not None
    )
    context.out.items([*rows, overview], overview_page(overview, shown, rows))


@dataclass(slots=True, kw_only=True)
class _Judging:
    """Judges one ticket after the other by the same rules, at the same instant."""

    rules: TriageRules
    at: datetime
    histories: AskedOnce | None = None
    _sentiment: Sentiment = field(init=False)
    _messages: Messages = field(init=False)

    def __post_init__(self) -> None:
        self._sentiment = Vader()
        self._messages = NewPart()

    async def judged(self, ticket: str, customer: str, facts: TicketFacts) -> Judged:
        """The verdict, with what it was made from."""
        history = None if self.histories is None else await self.histories.of(customer, ticket)
        new = self._messages.excerpt(facts.text)
        whole = with_history(with_tone(replace(facts, text=new.text), self._sentiment), history)
        verdict = judge(whole, self.rules, now=self.at, left_out=new.evidence)
        return Judged(ticket=ticket, verdict=verdict, tone=whole.tone, history=history)


def _rules_of(file: Path, now: datetime) -> TriageRules:
    rules = compile_file(file, now).triage
    if rules is None:
        raise BadInput(
            f"{file}: has no `triage:` section; add one, as in policies/default.yaml, or name another policy"
        )
    return rules


def _check_asked(facts: dict[str, Any], export: ExportOptions, whose: list[str | None], *, history: bool) -> None:
    if export.file is None:
        if export.mapping is not None:
            raise BadInput("--mapping says how a file spells things; name the file with --file")
        if not facts:
            raise BadInput(
                "there is nothing to judge; write what is known, such as --subject and --text, or name --file"
            )
        if history and whose[0] is None:
            raise BadInput("--history asks for a customer's earlier escalations; name the customer with --customer")
    elif facts or any(each is not None for each in whose):
        raise BadInput("--file judges the tickets of a file; leave out what is known of a single one")


@asynccontextmanager
async def _histories(since: datetime, *, asked: bool) -> "AsyncIterator[AskedOnce | None]":
    if not asked:
        yield None
        return

    async with open_record() as database:
        yield AskedOnce(Records(database), since)
