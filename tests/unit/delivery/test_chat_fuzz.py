"""Whatever a text holds, a chat or a pager shows it as words: no link, no mention, no markup, within its limits."""

import json
import re
from collections.abc import Iterator
from typing import Any

from hypothesis import example, given, settings
from hypothesis import strategies as st

from activities.adapters import pagerduty, slack_blocks, teams, webhook
from activities.ports.sending import Envelope, Sent
from escalation.message_kinds import MessageKind
from escalation.messages.buttons import buttons_of, pressed
from escalation.messages.fates import State
from escalation.vocabulary import Channel
from tests.unit.delivery.cases import NOON, a_message
from tests.unit.delivery.hostile import TEXT

MARKUP = st.sampled_from(
    [
        "<!channel>",
        "<!here|x>",
        "<@U1>",
        "<https://evil.example|click>",
        "&lt;!channel&gt;",
        "@everyone",
        "@channel",
        "[x](https://evil.example)",
        "<at>Ana</at>",
        "**bold**",
        "# title",
        "`code`",
        ":smile:",
        "> quote",
        "https://evil.example",
        "…: https://evil.example/act/x/acknowledge",
        "\n",
    ]
)
HOSTILE = st.lists(MARKUP | TEXT, max_size=6).map("".join)
LONG = HOSTILE.map(lambda text: (text or "x")[:200] * 60)
STEERS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\u2028\u2029\u202e\ud800-\udfff]")


def envelope(text: str, **more: Any) -> Envelope:
    given: dict[str, Any] = {
        "key": text,
        "thread": text,
        "address": "x",
        "name": text,
        "subject": text,
        "body": f"{text}\n\n{text}",
        "language": "de",
        "at": NOON,
        "ticket": text,
        "ticket_url": "https://desk.example.com/1",
        "buttons": buttons_of("escalation-1", a_message(MessageKind.OFFER, to="ana")),
    }
    return Envelope(**given | more)


def nodes(value: Any) -> Iterator[dict[str, Any]]:
    """Every object in a JSON value."""
    if isinstance(value, dict):
        yield value
    for one in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from nodes(one)


@settings(max_examples=40)
@given(HOSTILE | LONG)
@example("<!channel>")
def test_slack_shows_words_only(text: str) -> None:
    sent = Sent(
        key="k", to="ana", channel=Channel.SLACK, receipt="D1 1", subject=text, body=text, state=State.TAKEN, by=text
    )
    for said in (slack_blocks.message(envelope(text)), slack_blocks.settled(sent)):
        assert not re.search("[<>]|&(?!lt;|gt;|amp;)", said["text"])
        assert not STEERS.search(said["text"])
        assert (said["mrkdwn"], said["parse"], said["link_names"], said["unfurl_links"]) == (
            False,
            "none",
            False,
            False,
        )
        kinds = {node["type"] for node in nodes(said["blocks"]) if "type" in node}
        assert kinds <= {"rich_text", "rich_text_section", "text", "actions", "button", "plain_text"}
        words = [node["text"] for node in nodes(said["blocks"]) if node.get("type") == "text"]
        assert all(words), "Slack refuses empty text"
        assert sum(map(len, words)) < 13_200
        assert not STEERS.search("".join(words))


@settings(max_examples=40)
@given(HOSTILE | LONG)
def test_a_button_comes_back_whatever_is_in_it(text: str) -> None:
    for button in buttons_of(text[:200], a_message(MessageKind.OFFER, to=text[:100] or "x")):
        assert pressed(button.name, button.value) == button


@settings(max_examples=40)
@given(HOSTILE, HOSTILE)
def test_no_button_of_another_program_raises(name: str, value: str) -> None:
    for each in (value, json.dumps(value), json.dumps({"escalation": value, "offer": name})):
        assert pressed(f"escalations.{name}", each) is None
        assert pressed("escalations.decline", each) is None


@settings(max_examples=40)
@given(HOSTILE | LONG)
def test_teams_shows_words_only(text: str) -> None:
    request = teams.card(envelope(text))
    assert len(request) <= teams.LARGEST
    (attachment,) = json.loads(request)["attachments"]
    kinds = {node["type"] for node in nodes(attachment["content"]["body"])}
    assert kinds == {"RichTextBlock", "TextRun"}
    (action,) = attachment["content"]["actions"]
    assert action == {"type": "Action.OpenUrl", "title": "Ticket öffnen", "url": "https://desk.example.com/1"}
    assert not STEERS.search("".join(node.get("text", "") for node in nodes(attachment)))


@settings(max_examples=40)
@given(HOSTILE | LONG)
def test_a_pager_gets_what_it_takes(text: str) -> None:
    alert = pagerduty.alert_of(envelope(text))
    payload = alert["payload"]
    assert 0 < len(payload["summary"].encode()) <= pagerduty.LONGEST_SUMMARY
    assert payload["source"]
    assert 0 < len(pagerduty.alert_key(envelope(text)).encode()) <= pagerduty.LONGEST_KEY
    assert not STEERS.search(payload["summary"] + payload["custom_details"]["message"])
    assert len(json.dumps(alert)) < 512 * 1024


@settings(max_examples=40)
@given(HOSTILE | LONG)
def test_a_webhook_says_the_words_as_json(text: str) -> None:
    data = json.loads(webhook.body_of(envelope(text)))["data"]
    assert not STEERS.search(data["text"] + data["subject"])
    webhook.header_id(envelope(text)).encode("ascii")
