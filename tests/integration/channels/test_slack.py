"""Messages in a chat that behaves as Slack does, sent by the activity."""

import json
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from escalation.case.events import Acknowledged, Declined, Offered, OfferLapsed
from escalation.notice_kinds import NoticeKind
from escalation.reach import Reach
from escalation.vocabulary import Channel
from tests.integration.channels.team import LEASE, Team, notice, offer, reaching
from tests.peers.http_peer import Answer, Reset, as_json
from tests.peers.slack_like import SlackLike
from tests.unit.delivery.cases import ANA, ESCALATION

ADDRESSES = ["slack:U1", "mail:ana@example.com"]


@pytest.fixture
async def slack() -> AsyncIterator[SlackLike]:
    async with SlackLike() as workspace:
        yield workspace


@pytest.fixture
def team(slack: SlackLike) -> Team:
    return Team(reaching(slack_api=slack.api), ADDRESSES)


async def test_an_offer_comes_with_its_words_and_buttons(team: Team, slack: SlackLike) -> None:
    await team.deliver(offer(concern="The printer smokes."))
    (post,) = slack.posts
    assert post.channel == "DU1"
    assert "SEV1 case for you: please accept or decline" in post.shown
    assert "The printer smokes." in post.shown
    assert "Accept or decline with the buttons below" in post.shown
    assert list(post.buttons) == ["escalations.acknowledge", "escalations.decline", "escalations.link.ticket"]
    assert json.loads(post.buttons["escalations.decline"]) == {
        "escalation": ESCALATION,
        "offer": 1,
        "to": "ana",
        "reads_packet": False,
    }
    assert not team.mail.sent


async def test_what_else_is_asked_is_a_button_that_opens_a_page_unless_others_read_it_too(slack: SlackLike) -> None:
    alarm = notice(kind=NoticeKind.BREACH)
    for at, buttons in (("U1", ["reply", "note", "ticket"]), ("C1", ["ticket"])):
        team = Team(reaching(slack_api=slack.api), [f"slack:{at}"], people=[ANA])
        await team.deliver(alarm)
        post = slack.posts[-1]
        assert [name.removeprefix("escalations.link.") for name in post.buttons] == buttons
        assert "/act/" not in post.shown


async def test_a_case_is_one_thread_and_an_offer_shows_outside_it_too(team: Team, slack: SlackLike) -> None:
    for message in (notice(), notice("note/2"), offer()):
        await team.deliver(message)
    first, second, third = slack.posts
    assert (first.thread, second.thread, third.thread) == ("", first.ts, first.ts)
    assert (second.broadcast, third.broadcast) == (False, True)


async def test_an_offer_that_was_answered_while_it_waited_has_no_buttons(team: Team, slack: SlackLike) -> None:
    team.happened(Offered(at=team.now, offer=1, tier=1, person="ana"), Acknowledged(at=team.now, person="ana"))
    await team.deliver(offer())
    assert list(slack.posts[0].buttons) == ["escalations.link.ticket"]


async def test_an_id_that_two_people_have_means_neither(team: Team) -> None:
    assert await team.directory.person_at(Reach(Channel.SLACK, "U1")) is None
    assert await team.directory.person_at(Reach(Channel.SLACK, "U9")) is None


async def test_an_offer_that_is_answered_says_so_and_has_no_buttons_any_more(team: Team, slack: SlackLike) -> None:
    await team.deliver(offer())
    team.happened(
        Offered(at=team.now, offer=1, tier=1, person="ana"), Acknowledged(at=team.now, person="ana", packet_read=True)
    )
    await team.settle()
    await team.settle()
    (post,) = slack.posts
    assert post.shown.startswith("Ana has accepted the case.")
    assert "please accept or decline" in post.shown
    assert not post.buttons
    assert post.edits == 1


async def test_a_missed_offer_names_who_took_the_case_as_plain_words(team: Team, slack: SlackLike) -> None:
    await team.deliver(offer())
    team.happened(Offered(at=team.now, offer=1, tier=1, person="ana"), OfferLapsed(at=team.now, person="ana"))
    await team.settle()
    (post,) = slack.posts
    assert post.shown.startswith("This offer has ended.")
    team.happened(Offered(at=team.now, offer=2, tier=1, person="ben"), Acknowledged(at=team.now, person="ben"))
    await team.settle()
    assert post.shown.startswith("Ben <!channel> has taken the case meanwhile.")
    assert "<" not in post.text
    assert post.edits == 2


async def test_a_message_that_was_deleted_is_not_tried_again(team: Team, slack: SlackLike) -> None:
    await team.deliver(offer())
    slack.posts.clear()
    team.happened(Offered(at=team.now, offer=1, tier=1, person="ana"), Declined(at=team.now, person="ana", why="busy"))
    await team.settle()
    before = len(slack.requests)
    await team.settle()
    assert len(slack.requests) == before


@pytest.mark.parametrize("fault", [Reset(after=True), Answer(500, b"oops"), Answer(200, b"not json")])
async def test_an_unclear_answer_is_looked_up_before_the_message_is_posted_again(
    team: Team, slack: SlackLike, fault: Reset | Answer
) -> None:
    slack.faults.append(fault)
    assert (await team.fails(offer())).type == "ChannelUnavailable"
    was_posted = len(slack.posts)
    team.now += LEASE
    await team.deliver(offer())
    (post,) = slack.posts
    assert was_posted == isinstance(fault, Reset)
    (row,) = team.ledger.deliveries.values()
    assert row.receipt == f"DU1 {post.ts}"


async def test_in_a_thread_the_lookup_reads_the_thread(team: Team, slack: SlackLike) -> None:
    await team.deliver(notice())
    slack.faults.append(Reset(after=True))
    await team.fails(offer())
    team.now += LEASE
    await team.deliver(offer())
    assert len(slack.posts) == 2
    assert slack.requests[-1].path == "/api/conversations.replies"


async def test_a_bot_that_may_not_read_posts_again_rather_than_never(team: Team, slack: SlackLike) -> None:
    slack.may_read = False
    slack.faults.append(Reset(after=True))
    await team.fails(offer())
    team.now += LEASE
    await team.deliver(offer())
    assert len(slack.posts) == 2


async def test_a_rate_limit_is_waited_out_as_long_as_slack_says(team: Team, slack: SlackLike) -> None:
    slack.faults.append(Answer(429, b"", {"Retry-After": "11"}))
    error = await team.fails(offer())
    assert (error.type, error.next_retry_delay) == ("ChannelUnavailable", timedelta(seconds=11))
    await team.deliver(offer())
    assert len(slack.posts) == 1


@pytest.mark.parametrize(
    ("said", "type_", "words"),
    [
        ("channel_not_found", "RecipientRefused", "check the id in the roster"),
        ("is_archived", "RecipientRefused", "the channel is archived"),
        ("restricted_action", "RecipientRefused", "it refused the message"),
        ("invalid_auth", "ChannelUnavailable", "check ESCALATIONS_SLACK_TOKEN"),
        ("ratelimited", "ChannelUnavailable", "for now"),
        ("<!channel> xoxb-test-token", "RecipientRefused", "unknown"),
    ],
)
async def test_an_error_says_whose_fault_it_is(team: Team, slack: SlackLike, said: str, type_: str, words: str) -> None:
    slack.faults.append(as_json({"ok": False, "error": said}))
    error = await team.fails(offer())
    assert error.type == type_
    assert words in error.message
    assert "xoxb" not in error.message


async def test_an_address_that_is_refused_is_followed_by_the_next_one_and_then_by_none(
    team: Team, slack: SlackLike
) -> None:
    slack.deactivated.add("U1")
    assert (await team.fails(offer())).type == "RecipientRefused"
    await team.deliver(offer(), turn=1)
    (mail,) = team.mail.sent
    assert mail.address == "ana@example.com"
    assert (await team.fails(offer(), turn=2)).type == "NoFurtherWay"
    assert [row.status for row in team.ledger.deliveries.values()] == ["failed", "sent"]


async def test_a_chat_that_is_down_is_left_for_the_next_address_after_two_minutes(team: Team, slack: SlackLike) -> None:
    slack.outage = Answer(503)
    assert (await team.fails(offer())).type == "ChannelUnavailable"
    team.now += timedelta(minutes=2, seconds=31)
    error = await team.fails(offer())
    assert (error.type, error.non_retryable) == ("RecipientRefused", True)


async def test_with_no_further_address_a_chat_that_is_down_is_tried_on(slack: SlackLike) -> None:
    team = Team(reaching(slack_api=slack.api), ["slack:U1"], mail="")
    slack.outage = Answer(503)
    team.now += timedelta(hours=3)
    assert (await team.fails(offer())).type == "ChannelUnavailable"
