"""Alerts in a pager that behaves as PagerDuty does."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from escalation.case.events import Acknowledged, Event, Offered, OfferLapsed, Resolved
from escalation.notice_kinds import NoticeKind
from escalation.vocabulary import Outcome, Severity
from tests.integration.channels.team import Team, notice, offer, reaching
from tests.peers.http_peer import Answer
from tests.peers.pagerduty_like import PagerDutyLike
from tests.unit.delivery.cases import NOON


@pytest.fixture
async def pager() -> AsyncIterator[PagerDutyLike]:
    async with PagerDutyLike() as api:
        yield api


@pytest.fixture
def team(pager: PagerDutyLike) -> Team:
    return Team(reaching(pagerduty_url=pager.endpoint), ["mail:ana@example.com"], urgent=["pagerduty:payments"])


def offered(number: int, person: str) -> Event:
    return Offered(at=NOON, offer=number, tier=2, person=person)


RESOLVED = Resolved(at=NOON, outcome=Outcome.SOLVED, solution="done", root_cause="", by="ana")


async def test_an_urgent_offer_pages_and_another_one_is_mailed(team: Team, pager: PagerDutyLike) -> None:
    await team.deliver(offer())
    (alert,) = pager.alerts
    assert alert.key == "escalation-T-1/c1/t2"
    (trigger,) = alert.triggers
    assert trigger["severity"] == "critical"
    assert trigger["summary"].startswith("SEV1 case for you: please accept or decline [T-1]")
    team.case(severity=Severity.SEV3)
    await team.deliver(offer(number=2))
    assert len(team.mail.sent) == len(pager.alerts) == 1


async def test_no_one_is_paged_for_an_offer_that_was_answered_meanwhile(team: Team, pager: PagerDutyLike) -> None:
    team.happened(offered(1, "ana"), Acknowledged(at=NOON, person="ana"))
    assert (await team.fails(offer())).type == "RecipientRefused"
    assert not pager.alerts


async def test_a_pager_takes_no_news(pager: PagerDutyLike) -> None:
    everywhere = Team(reaching(pagerduty_url=pager.endpoint), ["pagerduty:payments", "mail:ana@example.com"])
    error = await everywhere.fails(notice())
    assert (error.type, "urgent messages only" in error.message) == ("RecipientRefused", True)
    assert not pager.requests


async def test_alarms_of_a_case_on_one_rung_are_one_alert_until_it_climbs(team: Team, pager: PagerDutyLike) -> None:
    await team.deliver(offer())
    await team.deliver(notice(kind=NoticeKind.BREACH))
    assert [len(alert.triggers) for alert in pager.alerts] == [2]
    team.case(tier=3)
    await team.deliver(offer(number=2))
    team.case(cycle=2)
    await team.deliver(offer(number=3))
    assert [alert.key[-6:] for alert in pager.alerts] == ["/c1/t2", "/c1/t3", "/c2/t3"]


async def test_the_alert_follows_the_case(team: Team, pager: PagerDutyLike) -> None:
    await team.deliver(offer())
    team.happened(offered(1, "ana"))
    await team.settle()
    (alert,) = pager.alerts
    assert alert.status == "triggered"
    team.happened(Acknowledged(at=NOON, person="ana"))
    await team.settle()
    assert alert.status == "acknowledged"
    team.happened(RESOLVED)
    await team.settle()
    assert alert.status == "resolved"


async def test_an_alert_goes_on_while_another_colleague_on_it_is_still_asked(team: Team, pager: PagerDutyLike) -> None:
    await team.deliver(offer())
    team.happened(offered(1, "ana"), OfferLapsed(at=NOON, person="ana"), offered(2, "ben"))
    await team.deliver(offer(to="ben", number=2))
    await team.settle()
    (alert,) = pager.alerts
    assert alert.status == "triggered"
    team.happened(OfferLapsed(at=NOON, person="ben"))
    await team.settle()
    assert alert.status == "resolved"


async def test_a_repeat_after_a_lost_answer_is_the_same_alert(team: Team, pager: PagerDutyLike) -> None:
    pager.faults.append(Answer(500))
    await team.fails(offer())
    await team.deliver(offer())
    assert len(pager.alerts) == 1


async def test_a_busy_pager_is_tried_again_after_a_minute_and_a_wrong_key_never(
    team: Team, pager: PagerDutyLike
) -> None:
    pager.faults.append(Answer(500))
    assert (await team.fails(offer())).next_retry_delay == timedelta(minutes=1)
    pager.keys.clear()
    error = await team.fails(offer())
    assert (error.type, "check the integration key `payments`" in error.message) == ("RecipientRefused", True)


async def test_a_key_that_is_not_set_is_refused_by_name(pager: PagerDutyLike) -> None:
    team = Team(reaching(pagerduty_url=pager.endpoint), ["mail:ana@example.com"], urgent=["pagerduty:nights"])
    assert "no integration key `nights`; add it to ESCALATIONS_PAGERDUTY_KEYS" in (await team.fails(offer())).message


async def test_long_words_are_cut_to_what_the_pager_takes(team: Team, pager: PagerDutyLike) -> None:
    team.case(summary="Ü" * 5000, ticket="ß" * 100)
    await team.deliver(offer())
    assert len(pager.alerts) == 1
