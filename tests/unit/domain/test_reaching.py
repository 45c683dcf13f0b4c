"""Where colleagues are reached: addresses on channels, their order, what is urgent, and what became of a message."""

import json
from dataclasses import replace
from typing import Any

import pytest

from escalation.case.events import (
    Acknowledged,
    Cancelled,
    Declined,
    Event,
    Offered,
    OfferLapsed,
    Reassigned,
    Reopened,
    Resolved,
)
from escalation.message_kinds import MessageKind
from escalation.messages.buttons import buttons_of, not_counted, offer_in, pressed
from escalation.messages.fates import Fate, State, fates_of, together
from escalation.messages.urgency import is_urgent
from escalation.notice_kinds import NoticeKind
from escalation.plain import cut, cut_bytes, slack
from escalation.reach import InvalidReach, Reach, parse_reach, ways
from escalation.vocabulary import CancelCause, Channel, Outcome, Severity
from tests.unit.delivery.cases import NOON, a_message, notice_of


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("slack:U0123", "slack:U0123"),
        ("mail:ana@Example.com", "email:ana@Example.com"),
        (" Email : ana@example.com ", "email:ana@example.com"),
        ("pagerduty:payments", "pagerduty:payments"),
    ],
)
def test_an_address_names_its_channel(text: str, meant: str) -> None:
    assert str(parse_reach(text)) == meant
    assert str(parse_reach(meant)) == meant


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("ana@example.com", "names no channel"),
        ("slak:U1", "there is no channel `slak`, only: `email`, `slack`"),
        ("slack:", "write an id or a name"),
        ("slack:<!channel>", "write an id or a name"),
        ("webhook:https://example.com/secret", "write an id or a name"),
        ("mail:nowhere", "has no @"),
    ],
)
def test_what_names_no_address_is_refused_in_words(text: str, says: str) -> None:
    with pytest.raises(InvalidReach, match=says):
        parse_reach(text)


@pytest.mark.parametrize(
    ("text", "personal"),
    [
        ("mail:ana@example.com", True),
        ("slack:U1", True),
        ("slack:C1", False),
        ("teams:ana", True),
        ("pagerduty:night", False),
        ("webhook:desk", False),
    ],
)
def test_a_channel_of_several_people_is_not_personal(text: str, personal: bool) -> None:
    assert parse_reach(text).is_personal is personal


def test_the_order_is_the_persons_each_channel_is_tried_once_and_mail_comes_last() -> None:
    found = ways(("slack:U1", "pagerduty:a"), ("pagerduty:b",), mail="ana@example.com")
    assert [str(way) for way in found] == ["slack:U1", "pagerduty:a", "email:ana@example.com"]


def test_urgent_messages_have_an_order_of_their_own() -> None:
    urgent = ways(("slack:U1",), ("pagerduty:b",), mail="ana@example.com", is_urgent=True)
    assert [way.channel for way in urgent] == [Channel.PAGERDUTY, Channel.SLACK, Channel.EMAIL]
    listed = ways(("mail:other@example.com", "slack:U1"), mail="ana@example.com")
    assert listed == (Reach(Channel.EMAIL, "other@example.com"), Reach(Channel.SLACK, "U1"))
    assert ways(()) == ()


@pytest.mark.parametrize(
    ("kind", "notices", "severity", "urgent"),
    [
        (MessageKind.OFFER, (), Severity.SEV2, True),
        (MessageKind.OFFER, (), Severity.SEV3, False),
        (MessageKind.NOTICE, (NoticeKind.CUSTOMER_THANKED, NoticeKind.BREACH), Severity.SEV1, True),
        (MessageKind.NOTICE, (NoticeKind.CLOSED,), Severity.SEV1, False),
    ],
)
def test_an_offer_or_an_alarm_of_a_severe_case_is_urgent(
    kind: MessageKind, notices: tuple[NoticeKind, ...], severity: Severity, urgent: bool
) -> None:
    said: dict[str, Any] = {"notices": tuple(map(notice_of, notices))} if notices else {}
    assert is_urgent(a_message(kind, to="ana", **said), severity) is urgent


OFFER = replace(a_message(MessageKind.OFFER, to="ana", must_confirm=True), key="offer/3/ana")


def test_an_offer_has_buttons_that_come_back_as_they_went_out() -> None:
    accept, decline = buttons_of("escalation-1", OFFER)
    assert (accept.offer, accept.reads_packet, decline.reads_packet) == (3, True, False)
    assert [pressed(each.name, each.value) for each in (accept, decline)] == [accept, decline]
    assert buttons_of("escalation-1", a_message()) == ()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("escalations.link", "{}"),
        ("acknowledge", "{}"),
        ("escalations.acknowledge", ""),
        ("escalations.acknowledge", "[" * 100_000),
        ("escalations.acknowledge", "{}"),
        ("escalations.acknowledge", json.dumps({"escalation": 1, "offer": "2", "to": None, "reads_packet": 0})),
    ],
)
def test_a_button_of_another_program_is_not_one_of_ours(name: str, value: str) -> None:
    assert pressed(name, value) is None


@pytest.mark.parametrize(("key", "number"), [("offer/12/ana", 12), ("offer/x/ana", 0), ("notice/1/ana", 0), ("", 0)])
def test_the_key_of_an_offer_names_its_number(key: str, number: int) -> None:
    assert offer_in(key) == number


def offered(number: int, person: str) -> Event:
    return Offered(at=NOON, offer=number, tier=1, person=person)


ACCEPTED = Acknowledged(at=NOON, person="ana")
LAPSED = OfferLapsed(at=NOON, person="ana")
RESOLVED = Resolved(at=NOON, outcome=Outcome.SOLVED, solution="done", root_cause="", by="ana")
REOPENED = Reopened(at=NOON, cycle=2, why="again", by="ana")


@pytest.mark.parametrize(
    ("events", "first", "news"),
    [
        ([], Fate(State.OPEN), State.NEWS),
        ([offered(1, "ana")], Fate(State.OPEN), State.NEWS),
        ([offered(1, "ana"), ACCEPTED], Fate(State.ACCEPTED, "ana"), State.NEWS),
        ([offered(1, "ana"), Declined(at=NOON, person="ana", why="busy")], Fate(State.DECLINED, "ana"), State.NEWS),
        ([offered(1, "ana"), LAPSED, offered(2, "ben")], Fate(State.LAPSED), State.NEWS),
        (
            [offered(1, "ana"), LAPSED, offered(2, "ben"), Acknowledged(at=NOON, person="ben")],
            Fate(State.TAKEN, "ben"),
            State.NEWS,
        ),
        ([offered(1, "ana"), ACCEPTED, Reassigned(at=NOON, to="ben", why="", by="x")], Fate(State.LAPSED), State.NEWS),
        ([offered(1, "ana"), ACCEPTED, RESOLVED], Fate(State.OVER), State.OVER),
        ([Cancelled(at=NOON, cause=CancelCause.WITHDRAWN, why="", by="x")], Fate(State.OPEN), State.OVER),
        ([offered(1, "ana"), ACCEPTED, RESOLVED, REOPENED, offered(2, "ben")], Fate(State.OVER), State.NEWS),
    ],
)
def test_what_became_of_an_offer_and_of_other_news(events: list[Event], first: Fate, news: State) -> None:
    fates = fates_of(["offer/1/ana", "note/1/ana"], events)
    assert fates == {"offer/1/ana": first, "note/1/ana": Fate(news)}


def test_of_several_messages_in_one_alert_the_most_pressing_counts() -> None:
    assert together([Fate(State.LAPSED), Fate(State.ACCEPTED, "ana"), Fate(State.NEWS)]) == Fate(State.ACCEPTED, "ana")


def test_slack_sees_no_markup_and_long_texts_are_cut() -> None:
    assert slack("<!channel> & <https://evil.example|x>\x00") == "&lt;!channel&gt; &amp; &lt;https://evil.example|x&gt;"
    assert (cut("abc", 3), cut("abcd", 3)) == ("abc", "ab…")
    assert (cut_bytes("äöü", 6), cut_bytes("äöüß", 7), cut_bytes("äöü", 2)) == ("äöü", "äö…", "")


def test_a_press_that_did_not_count_says_so_in_the_persons_language() -> None:
    assert not_counted("T-1", "fr", is_known=True).startswith("Case T-1: this came too late")
    assert not_counted("T-1", "de-AT", is_known=True).startswith("Fall T-1: Das kam zu spät")
    assert "Slack" in not_counted("T-1", "DE", is_known=False)
