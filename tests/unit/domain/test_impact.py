"""What a case means for the customer's business, and what came before it, stay in the case and reach its owner."""

from dataclasses import replace
from datetime import datetime

import pytest

from escalation.case.commands import Impact, OpenByTriage
from escalation.errors import InvalidCommand
from escalation.lifecycle.decisions.opening_by_triage import opened_by
from escalation.lifecycle.viewing import view_of
from escalation.messages import facts
from escalation.triage.facts import TicketFacts
from escalation.triage.keeping import History
from escalation.vocabulary import Category, Severity
from tests.example_policy import EXAMPLE
from tests.unit.domain.case import CUSTOMER_ANN, Case
from tests.unit.triage.ruling import verdict

HIT = Impact(users_affected=40, money_at_stake=12_000.0, industry="Health")
PAST = History(total=2, reopened=1, breached=1, related=("escalation-T-0", "escalation-T-9"))


def offer(case: Case) -> facts.Offer:
    return next(one.facts for one in case.messages if isinstance(one.facts, facts.Offer))


def test_the_owner_sees_the_impact() -> None:
    case = Case.opened(impact=HIT)
    assert offer(case).impact == view_of(case.state, EXAMPLE).impact == HIT


def test_lines_of_business_under_compliance_duties_are_flagged() -> None:
    policy = replace(EXAMPLE, compliance=("health",))
    assert offer(Case.opened(policy=policy, impact=HIT)).impact.compliance
    assert not offer(Case.opened(policy=policy, impact=replace(HIT, industry="retail"))).impact.compliance
    assert not offer(Case.opened(policy=policy)).impact.compliance


def test_a_person_may_flag_any_case() -> None:
    assert offer(Case.opened(impact=Impact(compliance=True))).impact.compliance


def test_triage_hands_on_what_it_judged_by_and_what_it_looked_up() -> None:
    request = OpenByTriage(
        ticket="T-1",
        summary="Printers",
        customer=CUSTOMER_ANN,
        by="desk",
        severity=Severity.SEV3,
        category=Category.TECHNICAL,
        facts=TicketFacts(users_affected=40, industry="Health", hours_spent=9),
        impact=Impact(money_at_stake=12_000.0),
    )
    said = verdict("a: {when: {fact: hours_spent, at_least: 8}, reason: unresolved, score: 20}", hours_spent=9)
    case = Case()
    case.do(opened_by(request, said, rules="0" * 64, earlier=2, history=PAST))
    assert case.state.impact == HIT
    assert offer(case).history == view_of(case.state, EXAMPLE).history == PAST


def test_a_deadline_of_the_customers_without_a_time_zone_is_refused() -> None:
    with pytest.raises(InvalidCommand, match=r"`impact\.deadline` has no time zone"):
        Case.opened(impact=Impact(deadline=datetime(2026, 3, 9, 12)))  # noqa: DTZ001
