"""Renders a timeline as a table, one line per event."""

from collections.abc import Mapping, Sequence
from dataclasses import fields
from datetime import UTC, datetime

from rich.table import Table

from escalation.bounds import in_other_words
from escalation.case.events import ClockStopped, DueChanged, DueSet, Event, PolicyApplied, Triaged
from escalation.case.values import PolicyRef
from escalation.phrasing import words
from escalation.sentences import story_of
from escalation.triage.keeping import KeptVerdict, verdict_lines
from escalation.vocabulary import PauseCause
from starter.cli.output import cell
from starter.cli.tables import NOTHING, absolute, hours, table_of

# Characters of a checksum that tell one from another.
_CHECKSUM = 12
# Characters of a reference to a long text that are shown.
_REFERENCE = 12
_SHOWN_ELSEWHERE = frozenset({"kind", "at", "by", "person"})


def timeline_table(events: Sequence[Event], ticket: str) -> Table:
    """Everything that happened, in order, with all facts; for the story alone see `story_table`."""
    table = table_of("when (UTC)", "what, who: details")
    for event in events:
        who = getattr(event, "by", "") or getattr(event, "person", "")
        when = f"{event.at.astimezone(UTC):%Y-%m-%d %H:%M:%S}"
        heading = ", ".join(filter(None, (words(event.kind), who)))
        table.add_row(when, cell(readable(": ".join(filter(None, (heading, details_of(event)))), ticket)))
    return table


def story_table(happened: Sequence[Event], ticket: str, names: Mapping[str, str]) -> Table:
    """Render the story, a line for each event.

    Args:
        names: Name of each person by id.
    """
    table = table_of("when (UTC)", "what happened")
    for event, line in story_of(happened, names):
        table.add_row(f"{event.at.astimezone(UTC):%Y-%m-%d %H:%M}", cell(readable(line, ticket)))
    return table


def readable(text: str, ticket: str) -> str:
    """The text, which says how to read the whole of a text that is cut."""

    def how(shown: int, characters: int, reference: str) -> str:
        command = f"escalations history {ticket} --text {reference[:_REFERENCE]}"
        return f"[{shown:,} of {characters:,} characters; the whole text: {command}]"

    return in_other_words(text, how)


def details_of(event: Event) -> str:
    """The facts of an event, without when and by whom."""
    match event:
        case ClockStopped():
            took = f"{hours(event.business_seconds)} counted of {hours(event.wall_seconds)} on the wall"
            return f"{_run(event)}: {_kept(event)}; {took}; ended by: {words(event.cause)}"
        case DueChanged():
            moved = f"due: {_due(event.new)}, before: {_due(event.old)}"
            return f"{_run(event)}: {moved}; because of: {words(event.cause)}"
        case DueSet(due=due):
            by_hand = None if due is None else f"due {absolute(due)}, whatever else happens"
            return f"{_run(event)}: {by_hand or 'the policy says again when it is due'}{_why(event.why)}"
        case PolicyApplied():
            restarted = ", ".join(words(clock) for clock in event.restarted)
            rules = f"; rules {event.rules}" if event.rules > 1 else ""
            return f"{_policy(event.policy)}{rules}{f'; restarted: {restarted}' if restarted else ''}{_why(event.why)}"
        case Triaged():
            return _verdict(event.verdict)
        case _:
            return "; ".join(_facts(event))


# What ends a clock without that for which it ran.
_UNANSWERED = frozenset({"cancelled", "consulted", "approval_requested", "offer_lapsed", "declined", "owner_sought"})


def _kept(stopped: ClockStopped) -> str:
    if stopped.breached:
        return "broken"
    return "not broken" if stopped.cause in _UNANSWERED else "kept"


def _facts(event: Event) -> list[str]:
    return [
        f"{words(field.name)}: {_short(value)}"
        for field in fields(event)
        if field.name not in _SHOWN_ELSEWHERE and (value := getattr(event, field.name)) not in ("", None, (), False)
    ]


def _run(event: ClockStopped | DueChanged | DueSet) -> str:
    return f"{words(event.clock)}, run {event.cycle}"


def _verdict(verdict: KeptVerdict) -> str:
    tone = "not judged" if verdict.tone is None else f"{verdict.tone:+.2f}"
    earlier = "not asked" if verdict.earlier is None else str(verdict.earlier)
    exactly = f"subcategory: {verdict.subcategory}" if verdict.subcategory else ""
    facts = (f"tier: {verdict.tier}", exactly, f"tone: {tone}", f"earlier escalations: {earlier}")
    rules = f"rules: {verdict.rules[:_CHECKSUM]}"
    return "; ".join(filter(None, (*verdict_lines(verdict), *facts, rules)))


def _due(at: datetime | None) -> str:
    return "open (paused)" if at is None else absolute(at)


def _why(why: str) -> str:
    return f"; why: {why}" if why else ""


def _policy(ref: PolicyRef) -> str:
    return f"{ref.name} version {ref.version}"


def _short(value: object) -> str:
    match value:
        case datetime():
            return absolute(value)
        case tuple():
            return ", ".join(_short(part) for part in value)
        case PolicyRef():
            return _policy(value)
        case _ if hasattr(value, "__dataclass_fields__"):
            named = (str(getattr(value, name, "")) for name in ("id", "name", "title", "concern"))
            return " ".join(part for part in named if part) or NOTHING
        case True:
            return "yes"
        case _:
            return words(value) if isinstance(value, PauseCause) else str(value)
