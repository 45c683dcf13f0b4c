"""A life to replay or to play: what a log says happened to one ticket, as commands with their instants; and how fast it is played."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import pairwise

from escalation.case.commands import AnswerSurvey, Customer, Open, Reassign, TellCustomer
from escalation.vocabulary import Severity
from simulation.exports import facts
from simulation.exports.mapping import CLOSE, ExportMapping
from simulation.exports.phrases import FRONT_DESK, OWNER, summary_of, topic_of, wording
from simulation.exports.rows import read_ticket_logs
from simulation.exports.story import Step, Story
from simulation.exports.ticket_log import Rejected, TicketLog

# The lowest score whose customer is not called back.
_SATISFIED = 4
_WAITS = frozenset({"request_information", "pause"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """The course of a ticket, for judging it without any rules of ours. Instants are aware UTC."""

    severity: Severity
    opened_at: datetime
    resolved_at: datetime | None  # when it was resolved for the last time; None if never
    closed_at: datetime | None  # when it was closed; None if never
    # intervals in which the log has it waiting for customer or third party, in order
    waits: tuple[tuple[datetime, datetime], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Life:
    """One ticket to replay or to play."""

    opened_at: datetime  # aware UTC; no step is earlier
    open: Open
    steps: tuple[Step, ...]  # in order; times never go back
    met: bool | None = None  # the log's own verdict: whether the ticket met its target; None where the log gives none
    course: Course | None = None  # what the verdict may have been made from; None where the log gives no verdict
    rows: int = 0
    moved: int = 0  # how many of them lie before the row above or the opening, and count as done then
    ignores_first_offer: bool = False  # whether the first person asked stays silent, so that the next one gets it


def read_lives(
    lines: Iterable[str], mapping: ExportMapping, rejected: list[Rejected], *, as_json: bool = False
) -> Iterator[Life]:
    """The lives in a log, in its order, each as soon as its last row was read; for a simulation.

    There are no answers to surveys: no log has them, and a simulation must not invent them.

    Args:
        lines: The file's lines, the header first.
        as_json: Whether each line is a JSON object, and there is no header.

    Raises:
        UnreadableLog: There is no header, or it lacks columns.
    """
    for log in read_ticket_logs(lines, mapping, rejected, as_json=as_json):
        yield life_of(log, mapping)


def read_plays(
    lines: Iterable[str], mapping: ExportMapping, rejected: list[Rejected], *, as_json: bool = False
) -> Iterator[Life]:
    """The same lives to be played against running workers; arguments and errors as those of `read_lives`.

    People read what is written, so texts and customers are made up, and a share of the customers answers the survey. The
    log's people do not work here: those whom our directory books do each step.
    """
    for log in read_ticket_logs(lines, mapping, rejected, as_json=as_json):
        yield play_of(log, mapping)


def life_of(log: TicketLog, mapping: ExportMapping) -> Life:
    """The life of a ticket, for a simulation; the same for the same ticket, always."""
    life, _ = _told(log, mapping, in_words=mapping.rows == "snapshots")
    return life


def play_of(log: TicketLog, mapping: ExportMapping) -> Life:
    """The life of a ticket, to be played; the same for the same ticket, always."""
    life, story = _told(log, mapping, in_words=True)
    steps = [step for step in life.steps if not isinstance(step.command, Reassign)]
    if story.is_solved and facts.answers_survey(log):
        at = max(log.opened_at, *(row.at for row in log.rows))
        score = facts.score_of(log)
        steps.append(Step(at=at, command=AnswerSurvey(score=score)))
        if score < _SATISFIED:
            said = wording(life.open.customer.language).called_back.replace("{topic}", topic_of(log))
            steps.append(Step(at=at, command=TellCustomer(by=OWNER, text=said)))
    return replace(life, steps=tuple(steps), ignores_first_offer=facts.ignores_offer(log) and not story.declined)


def _told(log: TicketLog, mapping: ExportMapping, *, in_words: bool) -> tuple[Life, Story]:
    name = log.customer or "unknown"
    customer = facts.customer_of(log) if in_words else Customer(id=name, name=name, address="customer@example.com")
    opening = Open(
        ticket=log.number,
        summary=summary_of(log),
        customer=customer,
        severity=facts.severity_of(log, mapping),
        category=facts.category_of(log, mapping),
        reasons=facts.reasons_of(log),
        by=FRONT_DESK,
        frustration=facts.frustration_of(log),
        our_fault=bool(log.caused_by),
        customer_words=log.customer_words,
    )
    story = Story(log, mapping, opening.severity, customer.language, in_words=in_words)
    life = Life(
        opened_at=log.opened_at,
        open=opening,
        steps=tuple(story.steps),
        met=log.made_sla,
        course=course_of(log, mapping) if "made_sla" in mapping.columns else None,
        rows=len(log.rows),
        moved=story.moved,
    )
    return life, story


def course_of(log: TicketLog, mapping: ExportMapping) -> Course:
    """Return the course of a ticket, from the rows of the log in their order."""
    resolved = closed = None
    waits: list[tuple[datetime, datetime]] = []
    before, since = "", log.opened_at
    for row in log.rows:
        at = max(row.at, since)
        if before in _WAITS:
            waits.append((since, at))
        if row.meaning == "resolve" and before != "resolve":
            resolved = at
        if row.meaning == CLOSE and before != CLOSE:
            closed = at
        before, since = row.meaning, at
    severities = [row.severity for row in log.rows if row.severity]
    return Course(
        severity=severities[-1] if severities else mapping.usual_severity,
        opened_at=log.opened_at,
        resolved_at=resolved or closed,
        closed_at=closed,
        waits=tuple(waits),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """The speed of the play. All but `compress` in real seconds."""

    compress: float = 3600.0  # seconds of the log per real second
    shortest: float = 0.3  # the least time between two steps, so that their order can be seen
    longest: float = 6.0  # the most time between two steps, whatever the log says
    whole: float = 60.0  # the most time all waits of one plan take together, unless even the shortest ones take longer

    def __post_init__(self) -> None:
        if self.compress <= 0:
            raise ValueError(f"compress is {self.compress}; write how many seconds of the log fit in one, above 0")
        if not 0 <= self.shortest <= self.longest:
            raise ValueError(f"shortest {self.shortest} and longest {self.longest}; need 0 <= shortest <= longest")

    def gaps(self, life: Life) -> tuple[float, ...]:
        """The wait before each step, in seconds; the first counts from the opening."""
        instants = (life.opened_at, *(step.at for step in life.steps))
        waits = tuple(
            min(max((after - before).total_seconds() / self.compress, self.shortest), self.longest)
            for before, after in pairwise(instants)
        )
        floor, total = self.shortest * len(waits), sum(waits)
        if total <= self.whole:
            return waits
        # Only what is above the shortest wait can give way; long and short waits keep their proportions.
        ease = max(self.whole - floor, 0.0) / (total - floor) if total > floor else 0.0
        return tuple(self.shortest + (wait - self.shortest) * ease for wait in waits)
