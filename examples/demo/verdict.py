"""The verdict on the demo, read from PostgreSQL and the mail sink."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from rich.console import Console
from rich.table import Table

from activities.adapters.postgres.reports import Reports, Summary
from activities.ports.rules import Policies
from escalation.lifecycle.evolution import fold
from escalation.lifecycle.held_messages import keys_sent
from escalation.lifecycle.invariants import doubled_thresholds, violations
from escalation.lifecycle.view import CaseView
from escalation.lifecycle.viewing import view_of
from escalation.messages.keys import message_id
from escalation.vocabulary import Stage
from runtime.embedded.smtp_sink import ReceivedMessage

KEY_HEADER = "X-Escalation-Key"


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """Whether all is well."""

    summary: Summary
    cases: int
    problems: tuple[str, ...]
    received: int
    posted: int
    repeated: int  # how many of both came more than once


async def judge(
    reports: Reports, policies: Policies, mail: list[ReceivedMessage], posted: Sequence[str] = ()
) -> Verdict:
    """Read the whole record, compute every case again from its timeline, and compare with what arrived."""
    cases = await reports.list_cases(open_only=False, limit=10_000)
    problems = [f"{found.escalation}: {found.problem}: {found.detail}" for found in await reports.audit()]
    wanted: Counter[str] = Counter()
    for escalation, view in cases:
        timeline = [event for _, event in await reports.timeline(escalation)]
        policy = (await policies.load(view.policy.name, view.policy.version)).policy
        state = fold(timeline)
        problems += [f"{escalation}: {text}" for text in violations(state, policy)]
        problems += [f"{escalation}: fired twice: {what}" for what in doubled_thresholds(timeline)]
        if view_of(state, policy) != view:
            problems.append(f"{escalation}: the view is not what its timeline says")
        if view.stage is not Stage.CLOSED:
            problems.append(f"{escalation}: ended {view.stage}, not closed")
        wanted.update(message_id(escalation, key) for key in keys_sent(timeline))
    came = Counter([*(str(one.message[KEY_HEADER]) for one in mail), *posted])
    problems += [f"{key}: never arrived" for key in wanted.keys() - came.keys()]
    return Verdict(
        summary=await reports.summary(),
        cases=len(cases),
        problems=tuple(problems),
        received=len(mail),
        posted=len(posted),
        repeated=sum(number - 1 for number in came.values()),
    )


def unfinished(
    problems: Sequence[str], cases: Sequence[tuple[str, CaseView]], total: int, *, seconds: float
) -> tuple[str, ...]:
    """What is wrong where the time was over before all escalations closed; messages of open ones are on their way.

    Args:
        problems: Of a verdict.
        cases: Every escalation with its view.
        total: How many were to close.
        seconds: How long that was waited for.
    """
    still_open = [escalation for escalation, view in cases if view.stage is not Stage.CLOSED]
    theirs = tuple(f"{one}{end}" for one in still_open for end in ":/")
    slow = (
        f"{len(cases) - len(still_open)} of {total} escalations closed within {seconds:.0f} s: this machine is too slow "
        "for that many; play fewer with make demo ARGS='--tickets 10'"
    )
    return (slow, *(one for one in problems if not one.startswith(theirs)))


def show(verdict: Verdict, cases: list[CaseView], console: Console) -> None:
    """Print the summary."""
    summary = verdict.summary
    columns = Table.grid(padding=(0, 4))
    columns.add_row(
        _counts("outcomes", summary.outcomes),
        _counts("broken promises", summary.breaches),
        _counts("messages sent", summary.sent),
    )
    console.print(columns)
    promises = f"{summary.promises_kept} kept, {summary.promises_broken} broken"
    console.print(f"climbs {summary.climbs} · reopened {summary.reopened} · promises {promises}")
    scores = [view.score for view in cases if view.score is not None]
    average = f"{sum(scores) / len(scores):.1f} of 5 from {len(scores)} answers" if scores else "no answers"
    console.print(f"satisfaction {average}")
    repeated = f", {verdict.repeated} of them more than once" if verdict.repeated else ", none twice"
    console.print(f"{verdict.received} messages arrived by mail, {verdict.posted} in the chat{repeated}")


def _counts(title: str, counts: Mapping[str, int]) -> Table:
    table = Table(title=title, show_header=False)
    for name, number in sorted(counts.items(), key=lambda one: -one[1]):
        table.add_row(name.replace("_", " "), str(number))
    return table
