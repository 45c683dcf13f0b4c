"""Opening by triage: the facts that the rules judge, and the `Open` that follows from their verdict.

What the opener gave stays: category, frustration, and the reasons, which come first. Only the severity
may get worse. The verdict gives the rest.
"""

from collections.abc import Iterable
from dataclasses import replace

from escalation.bounds.kinds import FEW
from escalation.case.commands import Impact, NewCase, Open, OpenByTriage
from escalation.copies import shared
from escalation.errors import InvalidCommand, ShouldNotEscalate
from escalation.program_texts import ProgramText
from escalation.triage.facts import LONGEST_TEXT, TicketFacts
from escalation.triage.keeping import History, KeptFinding, kept, kept_findings
from escalation.triage.rules import NO_RULES
from escalation.triage.verdict import Verdict
from escalation.vocabulary import Category, Reason


def facts_of(request: OpenByTriage) -> TicketFacts:
    """The facts of the ticket; what the request says of it counts as the help desk's word.

    Texts are cut to what the rules read. The two reasons that need no justification count as said.
    """
    facts = request.facts
    return replace(
        facts,
        subject=(facts.subject or request.summary)[:LONGEST_TEXT],
        text=(facts.text or request.customer_words)[:LONGEST_TEXT],
        customer_tier=facts.customer_tier or request.customer.tier,
        severity=request.severity or facts.severity,
        category=request.category or facts.category,
        frustration=facts.frustration if request.frustration is None else request.frustration,
        agent_says_unable=facts.agent_says_unable or Reason.AGENT_UNABLE in request.reasons,
        customer_asked_for_superior=facts.customer_asked_for_superior or Reason.CUSTOMER_ASKED in request.reasons,
    )


def opened_by(
    request: OpenByTriage,
    verdict: Verdict,
    *,
    rules: str,
    tone: float | None = None,
    earlier: int | None = None,
    history: History | None = None,
) -> Open:
    """The request with what triage says of `facts_of` it.

    Args:
        rules: Checksum of the rules that said it.
        tone: How the wording sounds; None when it was not judged.
        earlier: How many escalations the customer had before; None when the record was not asked.
        history: Those escalations.
    """
    if not (verdict.escalate or request.or_overseer or request.regardless):
        raise ShouldNotEscalate(_why_not(request, verdict))
    given = facts_of(request)
    same = shared(request, NewCase)
    same["impact"] = _impact(request)
    said = given.category or verdict.category
    category = _category(request, said)
    if said is None:
        same["evidence"] = (ProgramText.USUAL_CATEGORY.say(), *request.evidence)[: FEW.most]
    if not same["subcategory"] and category is verdict.category:
        same["subcategory"] = verdict.subcategory
    return Open(
        **same,
        severity=verdict.severity if given.severity is None else min(verdict.severity, given.severity),
        category=category,
        reasons=tuple(dict.fromkeys((*request.reasons, *verdict.reasons))),
        frustration=verdict.frustration or 0,
        triage=kept(verdict, rules=rules, tone=tone, earlier=earlier, history=history),
        for_overseer=not (verdict.escalate or request.regardless),
    )


def unjudged(request: OpenByTriage) -> Open:
    """The request where there are no rules that could judge it; the overseer gets it, unless a person asked for it."""
    if request.severity is None:
        raise InvalidCommand("`severity` is missing; without rules of triage nothing else says it")
    same = shared(request, NewCase)
    return Open(
        **same,
        severity=request.severity,
        category=_category(request, request.category),
        # Who asks for an escalation and gives no reason could not solve it where it was.
        reasons=request.reasons or ((Reason.AGENT_UNABLE,) if request.regardless else ()),
        frustration=request.frustration or 0,
        for_overseer=not request.regardless,
    )


def _impact(request: OpenByTriage) -> Impact:
    """The impact that was given; what it leaves open is what the facts say."""
    given, facts = request.impact, request.facts
    return replace(
        given,
        users_affected=facts.users_affected if given.users_affected is None else given.users_affected,
        money_at_stake=facts.money_at_stake if given.money_at_stake is None else given.money_at_stake,
        deadline=given.deadline or facts.deadline,
        industry=given.industry or facts.industry,
    )


def _category(request: OpenByTriage, said: Category | None) -> Category:
    said = said or request.or_category
    if said is None:
        raise InvalidCommand(
            f"`category` is missing: triage says that {request.ticket} should escalate, but no rule says what kind of "
            f"concern it is; name one of {', '.join(Category)}"
        )
    return said


def _why_not(request: OpenByTriage, verdict: Verdict) -> str:
    matched = kept_findings([each for each in verdict.findings if each.rule not in NO_RULES])
    return (
        f"triage says that {request.ticket} should not escalate: score {verdict.score} of {verdict.threshold}; "
        f"found: {_told(matched) or 'nothing'}; give further facts, or open it without triage if you know better"
    )


def _told(findings: Iterable[KeptFinding]) -> str:
    return ", ".join(f"{each.rule} ({'; '.join((*_score(each), *each.evidence))})" for each in findings)


def _score(finding: KeptFinding) -> Iterable[str]:
    return (f"+{finding.score}",) if finding.score else ()
