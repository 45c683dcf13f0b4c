"""Renders escalations: one with its clocks, or a list."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from escalation.case.naming import escalation_id, ordinal
from escalation.case.state_parts import OpenApproval
from escalation.guidance import CheckItem
from escalation.lifecycle.situation import Situation
from escalation.lifecycle.view import CaseView
from escalation.people import shown_name, with_name_first, with_names
from escalation.phrasing import amount_of, minute, words
from escalation.vocabulary import CUSTOMER, PauseCause
from starter.awaited_clocks import awaited
from starter.cli.output import cell, plain
from starter.cli.tables import NOTHING, absolute, facts_table, relative, severity_cell, table_of, threshold_words, when
from starter.listing import Listed
from workflows.contract import ClockStatus, Status


def status_page(status: Status, now: datetime, names: Mapping[str, str]) -> RenderableType:
    """One escalation: the case, and its clocks with what comes next; people by name, with their id for commands."""
    if status.situation is not None:
        notes, refusals = (
            tuple(with_name_first(one, names) for one in several)
            for several in (status.situation.notes, status.situation.refusals)
        )
        status = replace(status, situation=replace(status.situation, notes=notes, refusals=refusals))
    status = with_names(status, names, and_ids=True)
    return Group(_case(status, now), Text(), _clocks(status.clocks, now))


def list_table(listed: Sequence[Listed], names: Mapping[str, str]) -> RenderableType:
    """Escalations as the server's search knows them; owners by name, with their id for commands."""
    if not listed:
        return Text("no such escalations")
    table = table_of("ticket", "severity", "category", "stage", "tier", "owner", "breached")
    for row in listed:
        table.add_row(
            cell(row.ticket, "bold"),
            severity_cell(row.severity),
            cell(row.category),
            cell(words(row.stage)),
            str(row.tier),
            cell(shown_name(row.owner, names) or NOTHING),
            Text("yes", "bold red") if row.breached else Text("no"),
        )
    return table


def _case(status: Status, now: datetime) -> Table:
    view = status.view
    situation = status.situation
    rows = [
        *_facts(view, now, situation.currency if situation else ""),
        *(_situation(situation, now) if situation else ()),
    ]
    if status.unrecorded or status.sending:
        under_way = f"{status.unrecorded} to record, {amount_of(status.sending, 'effect')}"
        rows.append(("under way", cell(under_way)))
    return facts_table(*rows)


def _stakes(view: CaseView, currency: str) -> Iterable[tuple[str, Text]]:
    """Yield what the case means for the customer, and what came before it."""
    impact = view.impact
    parts = (
        f"{amount_of(impact.users_affected, 'person', 'people')} cannot work"
        if impact.users_affected is not None
        else "",
        f"{impact.money_at_stake:g} {currency}".strip() + " at stake" if impact.money_at_stake is not None else "",
        f"their deadline: {absolute(impact.deadline)}" if impact.deadline else "",
        f"industry: {impact.industry}" if impact.industry else "",
        "under compliance duties" if impact.compliance else "",
    )
    if any(parts):
        yield "impact", cell("; ".join(filter(None, parts)), "yellow" if impact.compliance else "")
    if past := view.history:
        related = f": {', '.join(past.related)}" if past.related else ""
        counts = f"{past.total} earlier, {past.reopened} reopened, {past.breached} with a breach{related}"
        yield "history", cell(counts if past.total else "no earlier escalations")


def _reported(view: CaseView) -> Iterable[tuple[str, Text]]:
    if view.opening_words:
        yield "reported", cell(f'"{view.opening_words}"')


def _guidance(view: CaseView) -> Iterable[tuple[str, Text]]:
    if view.outcome is not None:
        return
    if view.question_sets:
        yield "to ask", cell(f"question sets: {', '.join(view.question_sets)}")
    if view.checklist:
        yield "to do", cell("; ".join(map(_item, view.checklist)))


def _item(item: CheckItem) -> str:
    state = "done" if item.done else "open again" if item.was_done else "open"
    return f"{state}: {item.id}, {item.text}"


def _facts(view: CaseView, now: datetime, currency: str) -> Iterable[tuple[str, Text]]:
    yield "ticket", cell(view.ticket, "bold")
    yield "about", cell(view.summary)
    yield "stage", cell(words(view.stage), "bold")
    yield "severity", severity_cell(view.severity)
    reasons = f" ({', '.join(map(words, view.reasons))})" if view.reasons else ""
    exactly = f", {view.subcategory}" if view.subcategory else ""
    yield "category", cell(f"{view.category}{exactly}{reasons}")
    yield "owner", cell(view.owner or (f"{NOTHING}, offered to {view.offered_to}" if view.offered_to else NOTHING))
    yield "contact", cell(view.contact)
    yield "overseer", cell(view.overseer)
    yield "tier", cell(view.tier)
    if view.consult is not None:
        yield "advice", cell(f"asked of {view.consult.to} by {view.consult.by}: {view.consult.question}", "yellow")
    if view.approval is not None:
        yield "approval", cell(_approval(view.approval), "yellow")
    yield "customer", cell(_customer(view))
    yield from _reported(view)
    if view.updates_hold and view.updates_hold.until > now:
        hold = view.updates_hold
        yield "updates", cell(f"none by itself until {when(hold.until, now)}, by {hold.by}: {hold.why}", "yellow")
    yield from _held(view, now)
    yield from _stakes(view, currency)
    yield from _guidance(view)
    yield from _lives(view)
    yield "opened", cell(when(view.opened_at, now))
    if view.cycle > 1:
        yield "cycle", cell(view.cycle)
    if view.outcome is not None:
        yield "outcome", cell(words(view.outcome))
    if view.score is not None:
        yield "score", cell(f"{view.score} of 5")
    if broken := [f"{words(clock)} {count}" for clock, count in view.breaches.items() if count]:
        yield "breaches", cell(", ".join(broken), "red")
    if view.incident:
        yield "incident", cell(f"{view.incident}, bulletin {view.bulletin or NOTHING}")
    if view.proposal:
        yield "proposed", cell(view.proposal)
    yield "policy", cell(f"{view.policy.name} version {view.policy.version}")


def _held(view: CaseView, now: datetime) -> Iterable[tuple[str, Text]]:
    """Yield the messages that wait for quiet hours to end."""
    for one in view.held:
        what = f"{words(one.message)} to {one.to}, until {when(one.until, now)}, because of quiet hours"
        yield "held", cell(what, "yellow")


def _lives(view: CaseView) -> Iterable[tuple[str, Text]]:
    """The ticket's escalations before this one, the latest of many."""
    earlier = [escalation_id(view.ticket, life) for life in range(max(1, view.life - 3), view.life)]
    if earlier:
        yield "escalated", cell(f"for the {ordinal(view.life)} time, after {', '.join(earlier)}")


def _customer(view: CaseView) -> str:
    who = view.customer
    known = (f"{who.name} ({who.id}), {who.address}", who.language, who.zone, f"tier {who.tier}" if who.tier else "")
    fault = ", our fault" if view.our_fault else ""
    held = sum(one.to == CUSTOMER for one in view.held)
    sent = f"{amount_of(view.messages - held, 'message')} sent to them"
    return f"{', '.join(filter(None, known))}; frustration {view.frustration} of 4{fault}; {sent}"


def _situation(situation: Situation, now: datetime) -> Iterable[tuple[str, Text]]:
    """Yield what was said and tried; a row for each thing there is."""
    only_that = [one.text for one in situation.unanswered] == [situation.customer_words]
    if situation.customer_words and situation.customer_wrote_at and not only_that:
        yield "they wrote", cell(f'{when(situation.customer_wrote_at, now)}: "{situation.customer_words}"')
    if situation.unanswered:
        said = [f'chose "{one.text}"' if one.is_choice else f'"{one.text}"' for one in situation.unanswered if one.text]
        at = f", {when(situation.customer_wrote_at, now)}" if only_that and situation.customer_wrote_at else ""
        yield "unanswered", cell(f"{amount_of(len(situation.unanswered), 'message')}{at}: {'; '.join(said)}", "yellow")
    if situation.set_aside:
        yield "held back", cell(f"{amount_of(situation.set_aside, 'message')} over the contact limit", "yellow")
    if situation.promise:
        yield "promised", cell(f'"{situation.promise}", by {when(situation.promise_by, now)}', "yellow")
    if situation.owed_time:
        yield "owed", cell(f'a new time for "{situation.owed_time}"', "yellow")
    if situation.question:
        until = f", waits until {when(situation.answer_by, now)}" if situation.answer_by else ""
        yield "we asked", cell(f'"{situation.question}"{until}')
    if situation.waits_for:
        since = next((one.start for one in situation.waits if one.cause is PauseCause.WAITING_ON_THIRD_PARTY), None)
        yield "waits for", cell(f"{situation.waits_for}{f', since {when(since, now)}' if since else ''}")
    yield from _choice(situation, now)
    for name, texts in (
        ("concern", (situation.concern,)),
        ("known", situation.evidence),
        ("tried", situation.steps_tried),
        ("suggested", situation.proposals),
        ("noted", situation.notes[-1:]),
        ("not taken", situation.refusals),
        ("before", (situation.previous_owner,)),
        ("solution", (situation.solution,)),
    ):
        if shown := [plain(text) for text in texts if text]:
            yield name, Text("\n".join(shown if len(shown) == 1 else [f"- {text}" for text in shown]))


def _choice(situation: Situation, now: datetime) -> Iterable[tuple[str, Text]]:
    if situation.options:
        titles = (
            f"{one.id}: {one.title}{' (if they do not choose)' if one.id == situation.default_option else ''}"
            for one in situation.options
        )
        yield "offered", cell(f"{'; '.join(titles)}; to choose by {when(situation.choose_by, now)}", "yellow")
    if situation.chosen:
        yield "chosen", cell(situation.chosen)


def _approval(asked: OpenApproval) -> str:
    return f"{asked.in_words}, asked of {asked.approver or 'a person still to be found'} for {asked.by}: {asked.why}"


def _clocks(clocks: Iterable[ClockStatus], now: datetime) -> RenderableType:
    running = sorted(awaited(clocks), key=lambda clock: (clock.next_at is None, clock.next_at or clock.started_at))
    if not running:
        return Text("no clock runs")
    table = table_of("clock", "due (UTC)", "", "next", "")
    for clock in running:
        table.add_row(
            words(clock.clock),
            "paused" if clock.paused else NOTHING if clock.due is None else minute(clock.due).removesuffix(" UTC"),
            relative(clock.due, now),
            cell(threshold_words(clock.next_threshold) or NOTHING),
            relative(clock.next_at, now),
        )
    return table
