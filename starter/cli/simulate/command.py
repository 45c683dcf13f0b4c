"""The command that tries a policy on a log of the past."""

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import islice
from pathlib import Path
from typing import Annotated, Any

from cyclopts import Parameter, Token, validators
from rich.console import Console
from rich.progress import Progress

from escalation.case.values import PolicyRef
from escalation.compiler.compile import Compiled, compile_policy, years_frozen
from escalation.documents.text_file import beside, read_text_file
from escalation.errors import InvalidPolicy
from escalation.phrasing import amount_of
from escalation.roster.files import InvalidRoster
from escalation.roster.files.week import read_date
from simulation import (
    ExportMapping,
    Fit,
    Life,
    PlacedRoster,
    Replay,
    Report,
    Rostered,
    RosterTime,
    Trial,
    fit_targets,
    load_mapping,
    place,
    processors,
    read_lives,
    span_of,
    tallied,
    with_targets,
)
from simulation.exports import SERVICENOW, InvalidMapping, Rejected, UnreadableLog
from simulation.exports.instants import KNOWN_YEARS
from simulation.exports.log_file import is_json_lines, log_lines
from starter.cli.context import InContext
from starter.cli.exits import BadInput, Findings
from starter.cli.log_size import hint_of_mapping, why_empty
from starter.cli.simulate.interrupting import interruptible
from starter.cli.simulate.tables import simulated_page

MOST_REJECTED = 0.1  # the share of rows that may make no sense before the figures are doubtful


def _to_day(type_: Any, tokens: Sequence[Token]) -> date:  # noqa: ARG001 (what a converter gets)

    text = tokens[0].value
    day = read_date(text)
    if day is None:
        raise ValueError(f'"{text}" is not a day; write it like 2026-01-05')
    return day


Number = Annotated[int, Parameter(validator=validators.Number(gte=1))]
Day = Annotated[date, Parameter(converter=_to_day)]


@Parameter(name="*")
@dataclass(frozen=True, slots=True, kw_only=True)
class Team:
    """The roster of the replay, and the week it starts in."""

    roster: Annotated[
        Path | None, Parameter(help="The people, shifts and limits; without it each tier has as many people as needed.")
    ] = None
    roster_from: Annotated[
        Day | None,
        Parameter(
            help="A day of the roster, such as 2026-01-05: replay the log in the roster's weeks from that day on, keeping "
            "weekdays and times of day."
        ),
    ] = None


@Parameter(name="*")
@dataclass(frozen=True, slots=True, kw_only=True)
class Effort:
    """How much of the log is replayed, and by how many processes."""

    limit: Annotated[Number | None, Parameter(help="Replay at most N tickets.")] = None
    processes: Annotated[
        Number | None,
        Parameter(
            help="Replay in N processes; the default is one per processor, and one with a roster. The result is the same."
        ),
    ] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Simulated:
    """The result of a simulation, for programs."""

    log: str
    report: Report
    compared: Report | None = None
    fit: Fit | None = None  # with `--fit`, the targets the log seems to have been judged by
    # with `--roster`, when the log was played on it, and what of it does not fit that time
    roster: RosterTime | None = None
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Log:
    """A log and how to read it."""

    file: Path
    mapping: ExportMapping
    limit: int | None

    @contextmanager
    def lives(self, rejected: list[Rejected], tell: Callable[[int], None]) -> Iterator[Iterator[Life]]:
        with log_lines(self.file, tell, self.mapping.encoding) as lines:
            found = read_lives(lines, self.mapping, rejected, as_json=is_json_lines(self.file))
            yield islice(found, self.limit)


def simulate(
    *,
    policy: Path,
    log: Path,
    mapping: Path | None = None,
    compare: Path | None = None,
    fit: bool = False,
    team: Team | None = None,
    effort: Effort | None = None,
    context: InContext,
) -> None:
    """Try a policy on past tickets: replay an incident log in virtual time and report the result.

    Args:
        policy: A policy file.
        log: A ServiceNow incident export (CSV), or any log with --mapping, CSV or JSON lines; it may be gzipped.
        mapping: The mapping of the log, a YAML file; examples/events/mapping.yaml explains it.
        compare: A second policy file to compare with.
        fit: Find the targets behind the log's own verdicts first, and use them for resolutions.
        team: Who is asked to take cases, and from which week of theirs on.
        effort: How much of the log is replayed, and by how many processes.
    """
    effort = effort or Effort()
    try:
        source = _Log(file=log, mapping=SERVICENOW if mapping is None else load_mapping(mapping), limit=effort.limit)
        with interruptible():
            answer = _simulated(
                source,
                [one for one in (policy, compare) if one is not None],
                team or Team(),
                fit=fit,
                processes=effort.processes,
                now=context.now(),
            )
    except UnreadableLog as error:
        raise BadInput(f"{error.of(log)}{hint_of_mapping(mapping, error)}") from error
    except (InvalidMapping, InvalidRoster) as error:
        raise BadInput(str(error)) from error
    reports = [answer.report, *([answer.compared] if answer.compared else [])]
    context.out.document(answer, simulated_page(reports, answer.fit, answer.roster, answer.warnings))
    if any(report.invariants.violated or report.invariants.doubled for report in reports):
        raise Findings("audit", "an invariant did not hold; `invariants` in the answer with --json names the tickets")


def _simulated(
    log: _Log, policies: list[Path], team: Team, *, fit: bool, processes: int | None, now: datetime
) -> Simulated:
    if team.roster is not None and processes is not None and processes > 1:
        raise BadInput("--processes: on a roster all lives share its people and are replayed together; leave it out")
    placed = _placed(log, team)
    start = _first_opening(log) if placed is None else placed.time.start
    years = range(start.year - 1, start.year + KNOWN_YEARS)
    compiled = _compiled(policies, years, now)
    fitted = None
    if fit:
        with _progress(log.file, "fitting") as tell, log.lives([], tell) as lives:
            fitted = fit_targets(lives)
        if not fitted.rows:
            raise BadInput(f"{log.file}: gives no verdict on its tickets; leave out --fit")
    reports = _replayed(log, compiled, fitted, placed, processes or processors())
    return Simulated(
        log=str(log.file),
        report=reports[0],
        compared=reports[1] if len(reports) > 1 else None,
        fit=fitted,
        roster=None if placed is None else placed.time,
        warnings=tuple(_warnings(reports[0], years)),
    )


def _placed(log: _Log, team: Team) -> PlacedRoster | None:
    """The roster, and by how much the log is moved; the log is read once for that."""
    if team.roster is None:
        if team.roster_from is not None:
            raise BadInput("--roster-from says from when on a roster is tried; name the roster with --roster")
        return None
    rejected: list[Rejected] = []
    with _progress(log.file, "measuring") as tell, log.lives(rejected, tell) as lives:
        span = span_of(lives)
    if span is None:
        raise _empty(log, rejected)
    return place(team.roster, span, team.roster_from)


def _first_opening(log: _Log) -> datetime:
    rejected: list[Rejected] = []
    with log.lives(rejected, lambda _: None) as lives:
        first = next(lives, None)
    if first is None:
        raise _empty(log, rejected)
    return first.opened_at


def _empty(log: _Log, rejected: list[Rejected]) -> BadInput:
    return BadInput(f"{log.file}: holds no ticket{why_empty(rejected)}")


def _warnings(report: Report, years: range) -> Iterator[str]:
    rejected, rows = len(report.rejected), report.rows_used + len(report.rejected)
    if rejected > MOST_REJECTED * rows:
        yield f"{rejected} of {amount_of(rows, 'row')} made no sense and were left out; the figures tell of the rest"
    if outside := sum(count for year, count in report.openings.items() if year not in years):
        yield (
            f"{amount_of(outside, 'ticket was', 'tickets were')} opened outside the years for which holidays are known, "
            f"{years.start} to {years.stop - 1}, which follow from the first ticket"
        )


def _compiled(files: list[Path], years: range, now: datetime) -> list[Compiled]:
    # The policies, with the holidays of the years in which the log is played, and the checksums of `policy check`.
    found = []
    for file in files:
        text = read_text_file(file, InvalidPolicy)
        played, today = (
            compile_policy(text, source=str(file), years=each, read=beside(file)) for each in (years, years_frozen(now))
        )
        found.append(replace(played, checksum=today.checksum))
    return found


def _replayed(
    log: _Log, compiled: list[Compiled], fit: Fit | None, placed: PlacedRoster | None, processes: int
) -> list[Report]:
    """Without a roster one pass over the log for all policies; with one the lives of each policy run beside each other."""
    trials = []
    for one in compiled:
        policy = one.policy if fit is None else with_targets(one.policy, fit)
        trials.append(Trial(policy=policy, ref=PolicyRef(name=policy.name, version=1, checksum=one.checksum)))
    rejected: list[Rejected] = []
    if placed is None:
        with _progress(log.file, "replaying") as tell, log.lives(rejected, tell) as lives:
            tallies = tallied(lives, trials, processes=processes)
        return [tally.report(rejected) for tally in tallies]
    return [_replayed_on_roster(log, trial, placed) for trial in trials]


def _replayed_on_roster(log: _Log, trial: Trial, placed: PlacedRoster) -> Report:
    rejected: list[Rejected] = []
    tally = trial.new_tally()
    replay = Replay(trial.policy, trial.ref, Rostered(placed.roster))
    with _progress(log.file, "replaying") as tell, log.lives(rejected, tell) as lives:
        for lived in replay.together(map(placed.move.life, lives)):
            tally.add(lived)
    return tally.report(rejected)


@contextmanager
def _progress(file: Path, what: str) -> Iterator[Callable[[int], None]]:
    """A bar of how much of the file was read, on a terminal's standard error; elsewhere nothing."""
    if not sys.stderr.isatty():
        yield lambda _: None
        return

    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(what, total=file.stat().st_size if file.exists() else None)
        yield lambda read: bar.update(task, completed=read)
