"""Judges a ticket by the triage rules. The same facts, rules and instant give the same verdict.

Precedence, from the strongest:

1. Hard triggers. One that matches escalates the ticket, whatever the score; its reason comes first, and its category
   counts before that of other rules. Two are in every policy: the customer asks for a superior, and the agent
   feels unable. Saying so is enough.
2. The score. The scores of all rules that match add up; from the threshold on the ticket escalates.
3. Severity: the worst of what the help desk, the priority matrix and the rules say, where the usual one stands in for
   help desk and matrix; then every rule that raises it does, step by step up to SEV1. So a rule that matches never makes
   a ticket milder.
4. Category: the one whose rules have the highest score together, a rule without a score counting 1; of two alike, the
   first rule wins. Without a rule, it is the help desk's. Content comes before tone: a rule that finds bad behaviour in
   the customer's words alone gives the category only where nothing else does.
5. Tier: the highest of the lanes of category and reasons, and of the lanes and tiers that rules name. Where content decided,
   the lane of a rule about tone is only proposed, and its reason is not claimed.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from escalation.policy import Ladder
from escalation.triage.facts import TicketFacts
from escalation.triage.matching import TEXTS, Evidence, ReadTicket
from escalation.triage.rules import HELP_DESK, NEW_PART, PRIORITY, Conclusion, Level, Scale, TriageRules, built_in_rules
from escalation.triage.verdict import Finding, Verdict
from escalation.vocabulary import Category, Reason, Severity

_FROM_WORST = tuple(sorted(Severity))


def judge(facts: TicketFacts, rules: TriageRules, *, now: datetime, left_out: Sequence[Evidence] = ()) -> Verdict:
    """Say whether a ticket should escalate, and as what.

    Args:
        rules: Of the policy that it would follow.
        now: The present instant, aware; only the time to a deadline depends on it.
        left_out: Names the parts of the message that are not in the facts, such as quotes.
    """
    ticket = ReadTicket(facts, now)
    impact, urgency, by_matrix = _priority(ticket, rules)
    matched = tuple(_matched(ticket, rules))
    read = (Finding(rule=NEW_PART, concluded=Conclusion(), evidence=tuple(left_out)),) if left_out else ()
    findings = (*read, *_of_the_help_desk(facts), *by_matrix, *matched)
    about = _about(matched, facts)
    category = _category(about) or facts.category
    reasons = _reasons(about)
    tier, lane = _start(rules.ladder, about, category, reasons)
    score = sum(each.concluded.score for each in matched)
    hard = any(each.hard for each in matched)
    return Verdict(
        escalate=hard or score >= rules.threshold,
        hard=hard,
        score=score,
        threshold=rules.threshold,
        reasons=reasons,
        category=category,
        subcategory=_subcategory(about, category),
        severity=_severity(findings, len(findings) - len(matched), rules.usual_severity),
        tier=tier,
        tier_name=rules.ladder.tier(tier).name,
        lane=lane,
        proposed_lane=None if len(about) == len(matched) else Category.BEHAVIOUR,
        frustration=_frustration(facts, matched),
        impact=impact,
        urgency=urgency,
        findings=findings,
    )


def _matched(ticket: ReadTicket, rules: TriageRules) -> Iterator[Finding]:
    for rule in (*built_in_rules(), *rules.rules):
        evidence = ticket.evidence(rule.when)
        if evidence is not None:
            yield Finding(rule=rule.id, hard=rule.hard, concluded=rule.concludes, evidence=evidence)


def _of_the_help_desk(facts: TicketFacts) -> Iterator[Finding]:
    evidence = []
    if facts.severity is not None:
        evidence.append(Evidence(where="severity", found=facts.severity.value))
    if facts.category is not None:
        evidence.append(Evidence(where="category", found=facts.category.value))
    if evidence:
        concluded = Conclusion(severity=facts.severity, category=facts.category)
        yield Finding(rule=HELP_DESK, concluded=concluded, evidence=tuple(evidence))


def _priority(ticket: ReadTicket, rules: TriageRules) -> tuple[Level | None, Level | None, tuple[Finding, ...]]:
    matrix = rules.priority
    if matrix is None:
        return None, None, ()
    impact, its_evidence = _level(ticket, matrix.impact)
    urgency, more_evidence = _level(ticket, matrix.urgency)
    # Evidence of both may name the same fact, and then it counts once.
    levels = (Evidence(where="impact", found=impact.value), Evidence(where="urgency", found=urgency.value))
    evidence = tuple(dict.fromkeys((*levels, *its_evidence, *more_evidence)))
    finding = Finding(rule=PRIORITY, concluded=Conclusion(severity=matrix.cells[impact][urgency]), evidence=evidence)
    return impact, urgency, (finding,)


def _level(ticket: ReadTicket, scale: Scale) -> tuple[Level, tuple[Evidence, ...]]:
    for level, condition in ((Level.HIGH, scale.high), (Level.MEDIUM, scale.medium)):
        evidence = None if condition is None else ticket.evidence(condition)
        if evidence is not None:
            return level, evidence
    return Level.LOW, ()


def _about(matched: Sequence[Finding], facts: TicketFacts) -> Sequence[Finding]:
    # The findings that say what the case is about: without those on tone, where anything else gives a category.
    content = [each for each in matched if not _is_tone(each)]
    known = facts.category is not None or any(each.concluded.category for each in content)
    return content if known else matched


def _is_tone(finding: Finding) -> bool:
    # Whether only the customer's choice of words says that it is about their behaviour.
    return (
        finding.concluded.category is Category.BEHAVIOUR
        and not finding.hard
        and all(each.where in TEXTS for each in finding.evidence)
    )


def _reasons(matched: Sequence[Finding]) -> tuple[Reason, ...]:
    in_order = sorted(matched, key=lambda finding: not finding.hard)
    return tuple(dict.fromkeys(each.concluded.reason for each in in_order if each.concluded.reason is not None))


def _category(matched: Sequence[Finding]) -> Category | None:
    speaking = [each for each in matched if each.concluded.category is not None]
    speaking = [each for each in speaking if each.hard] or speaking
    totals: dict[Category | None, int] = {}
    for each in speaking:
        totals[each.concluded.category] = totals.get(each.concluded.category, 0) + _weight(each)
    # Of two alike, max takes the first, which is that of the first rule.
    return max(totals, key=lambda category: totals[category]) if totals else None


def _subcategory(matched: Iterable[Finding], category: Category | None) -> str:
    speaking = [each for each in matched if each.concluded.category == category and each.concluded.subcategory]
    return max(speaking, key=lambda each: (each.hard, _weight(each))).concluded.subcategory if speaking else ""


def _weight(finding: Finding) -> int:
    return finding.concluded.score or 1


def _severity(findings: Sequence[Finding], given: int, usual: Severity) -> Severity:
    """The worst severity found, raised. The first `given` findings are not rules; without them the usual severity applies."""
    said = [each.concluded.severity for each in findings if each.concluded.severity is not None]
    if all(each.concluded.severity is None for each in findings[:given]):
        said.append(usual)
    worst = min(_FROM_WORST.index(severity) for severity in said)
    return _FROM_WORST[max(0, worst - sum(each.concluded.raise_severity for each in findings))]


def _start(
    ladder: Ladder, matched: Iterable[Finding], category: Category | None, reasons: Iterable[Reason]
) -> tuple[int, Reason | Category | None]:
    """The tier and the lane that leads there; of several that do, the first reason's."""
    concluded = [each.concluded for each in matched]
    lanes = [*reasons, *([] if category is None else [category]), *(each.lane for each in concluded if each.lane)]
    best: tuple[int, Reason | Category | None] = (1, None)
    for lane in lanes:
        if ladder.lanes.get(lane, 1) > best[0]:
            best = (ladder.lanes[lane], lane)
    named = max((each.tier for each in concluded), default=0)
    return (named, None) if named > best[0] else best


def _frustration(facts: TicketFacts, matched: Iterable[Finding]) -> int | None:
    if facts.frustration is not None:
        return facts.frustration
    by_rules = max((each.concluded.frustration for each in matched), default=0)
    return max(by_rules, facts.felt or 0) if by_rules else facts.felt
