"""Commands that ask the record in PostgreSQL; they need no worker, and only the audit asks Temporal as well."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from rich.text import Text

from activities.adapters.postgres.drift import Comparison, Standing
from activities.adapters.postgres.long_texts import LongTexts
from activities.adapters.postgres.migrate import migrate as bring_up_to_date
from activities.adapters.postgres.reports import Reports
from activities.adapters.postgres.tasks import people_names
from escalation.bounds import reference_to
from escalation.case.events import Event
from escalation.case.naming import CaseName, case_name, escalation_id
from starter.auditing import compared, drifted, is_over
from starter.cli.cases import Supervisor
from starter.cli.context import InContext
from starter.cli.exits import BadInput, Findings
from starter.cli.output import cell
from starter.cli.parameters import Everything, Ticket, WallTime
from starter.cli.record.database import open_record, readable_dsn, record_dsn
from starter.cli.record.tables import findings_table, lives_page
from starter.cli.texts import Word
from starter.errors import NoSuchCase
from starter.supervision import Seen

USUAL_GRACE = timedelta(minutes=5)
SHORTEST_REFERENCE, LONGEST_REFERENCE = 8, 64
"""Characters of a reference to a long text that are enough, and that it has."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    """An event of the record, for programs."""

    seq: int  # its number in the timeline, from 1
    event: Event
    escalation: str
    life: int  # which escalation of the ticket that is, from 1


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptText:
    """A long text, for programs."""

    text: str
    characters: int
    reference: str  # SHA-256 of its UTF-8, hex


async def migrate(*, context: InContext) -> None:
    """Bring the record's database up to date; any number of runners may do so at once."""
    with readable_dsn():
        applied = await bring_up_to_date(record_dsn())
    shown = [f"applied {name}" for name in applied] or ["the schema is up to date; nothing to do"]
    context.out.document({"applied": applied}, Text("\n").join(map(cell, shown)))


async def audit(*, grace: WallTime | None = None, record_only: bool = False, context: InContext) -> None:
    """Compare Temporal, record, ledger and bookings, and list what disagrees; exit 1 on findings.

    Args:
        grace: How long a queued message, or a case, may take before it counts as lost; 5m if not given.
        record_only: Skip Temporal; stuck, missing and terminated cases are not found.
    """
    now = context.now()
    settled_before = now - (USUAL_GRACE if grace is None else grace)
    # Temporal first: a case that ends in between is recorded before its workflow ends.
    supervisor = None if record_only else (await context.cases()).supervisor
    seen = {} if supervisor is None else dict(await supervisor.survey())
    async with open_record() as database:
        findings = [*await Reports(database).audit(queued_before=settled_before, shifts_as_of=now)]
        standings = {one.escalation: one async for one in Comparison(database).standings()}
    if supervisor is None:
        findings += drifted(standings.values(), settled_before=settled_before)
    else:
        await _look_for_unlisted(supervisor, standings, seen)
        findings += compared(standings, seen, settled_before=settled_before)
    context.out.items(findings, findings_table(findings))
    if findings:
        raise Findings("audit", f"{len(findings)} found that should not be so; each line says where, or what to do")


async def history(
    ticket: Ticket, *, everything: Everything = False, text: Word | None = None, context: InContext
) -> None:
    """Show the whole history of a ticket, one escalation after the other, or of one escalation.

    It is read from the record, so it works even after Temporal has deleted the case.

    Args:
        ticket: Ticket number, for all its escalations; or the id of one, such as escalation-777~2.
        everything: Show every event with its facts: clocks, due dates, keys of messages.
        text: Print a whole text instead, of which the history shows only the beginning: its reference, or the first
            characters of it.
    """
    name = case_name(ticket)
    if text is not None:
        whole = await _long_text(name, text)
        kept = KeptText(text=whole, characters=len(whole), reference=reference_to(whole))
        context.out.whole(kept, whole)
        return
    async with open_record() as database:
        lives = await Reports(database).lives(name.ticket, name.life)
        names = await people_names(database)
    if not lives:
        raise NoSuchCase(
            str(name), f"the record knows no `{name}`; check the ticket number (a new one is recorded within moments)"
        )
    recorded = (
        Recorded(seq=seq, event=event, escalation=escalation_id(name.ticket, life.number), life=life.number)
        for life in lives
        for seq, event in life.timeline
    )
    context.out.items(recorded, lives_page(name.ticket, lives, names, everything=everything))


async def _long_text(name: CaseName, reference: str) -> str:
    """The text of a ticket that is kept under a reference that begins so."""
    begins = reference.lower()
    if not SHORTEST_REFERENCE <= len(begins) <= LONGEST_REFERENCE:
        raise BadInput(f"--text: write {SHORTEST_REFERENCE} to {LONGEST_REFERENCE} characters of the reference")
    async with open_record() as database:
        found = await LongTexts(database).of_ticket(name.ticket, name.life, begins)
    if not found:
        raise BadInput(f"--text: `{name}` has no text whose reference begins with `{begins}`; copy it from `history`")
    if len(found) > 1:
        raise BadInput(f"--text: `{name}` has several texts whose references begin with `{begins}`; write more of it")
    return found[0]


async def _look_for_unlisted(supervisor: Supervisor, standings: Mapping[str, Standing], seen: dict[str, Seen]) -> None:
    """Ask for each open case that the server did not list: its lists are a moment behind."""
    for escalation, standing in standings.items():
        if escalation not in seen and not is_over(standing):
            found = await supervisor.look(escalation)
            if found is not None:
                seen[escalation] = found
