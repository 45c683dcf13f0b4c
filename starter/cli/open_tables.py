"""The result of a request to open, for people and for programs."""

from collections.abc import Sequence
from dataclasses import dataclass

from rich.console import Group, RenderableType
from rich.text import Text

from escalation.case.events import Event, Opened, Triaged
from escalation.case.naming import ordinal
from escalation.phrasing import words
from escalation.triage.keeping import KeptVerdict, verdict_lines
from escalation.vocabulary import Category, Reason, Severity, Stage
from starter.cli.output import cell
from starter.opening import Opening


@dataclass(frozen=True, slots=True, kw_only=True)
class TriagedOpening(Opening):
    """An escalation that triage let open, and as what."""

    severity: Severity
    category: Category
    reasons: tuple[Reason, ...]
    frustration: int
    tier: int
    verdict: KeptVerdict


def as_triaged(opening: Opening, timeline: Sequence[Event]) -> Opening:
    """The answer with what triage made of the ticket, as the first events tell; as it is where they tell nothing."""
    opened = next((event for event in timeline if isinstance(event, Opened)), None)
    triaged = next((event for event in timeline if isinstance(event, Triaged)), None)
    if opened is None or triaged is None:
        return opening
    return TriagedOpening(
        escalation=opening.escalation,
        started=opening.started,
        life=opening.life,
        severity=opened.severity,
        category=opened.category,
        reasons=opened.reasons,
        frustration=opened.frustration,
        tier=opened.tier,
        verdict=triaged.verdict,
    )


def opening_page(opening: Opening) -> RenderableType:
    """Render the result in a line; with triage, the findings too."""
    first = Text.assemble(cell(opening.escalation, "bold"), _happened(opening))
    if not isinstance(opening, TriagedOpening):
        return first
    subcategory = f" ({opening.verdict.subcategory})" if opening.verdict.subcategory else ""
    judged = (
        f"{opening.severity} {opening.category}{subcategory}, tier {opening.tier}, frustration {opening.frustration}: "
        f"{', '.join(map(words, opening.reasons)) or 'no reason claimed'}"
    )
    why, *findings = verdict_lines(opening.verdict)
    return Group(first, cell(judged), cell(why), *(cell(f"- {line}") for line in findings))


def _happened(opening: Opening) -> str:
    if opening.judging:
        return " is not judged yet; the request is accepted, and `escalations status` shows the result"
    if opening.started and not opening.life:
        return " is open now; no worker has taken it up yet"
    which = f"{ordinal(opening.life)} escalation of this ticket" if opening.life > 1 else ""
    if not opening.started and opening.stage == Stage.RESOLVED:
        return " is resolved, so it was not opened again; `escalations reopen` starts it again, with the same owner"
    if not opening.started:
        return f" is open already{f' ({which})' if which else ''}; nothing changed"
    return f" is open now: escalated again, {which}" if which else " is open now"
