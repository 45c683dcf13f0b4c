"""A chat that behaves as Slack does: its Web API for bots, threads, and buttons that call back with a signature.

It refuses what Slack refuses (unknown ids, long blocks, malformed buttons), and
drops no repeats: the same post twice is two messages.
"""

import hashlib
import hmac
import json
import re
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import urlencode

from tests.peers.http_peer import Answer, HttpPeer, Request, as_json

TOKEN = "xoxb-test-token"  # noqa: S105
SIGNING_SECRET = "8f742231b10e8888abcd99yyyzzz85a5"  # noqa: S105
_MOST_BLOCKS = 50
_LONGEST_BLOCKS = 13_200
_MARKUP = re.compile(r"<[^>]*>")


@dataclass(slots=True)
class Post:
    """A message in a channel.

    Attributes:
        thread: `ts` of the message that began its thread; empty for one that did.
        edits: How often it was changed.
    """

    channel: str
    ts: str
    text: str
    blocks: list[dict[str, Any]]
    metadata: dict[str, Any]
    thread: str = ""
    broadcast: bool = False
    edits: int = 0

    @property
    def shown(self) -> str:
        """The words that a person reads."""
        return "\n".join(_texts(self.blocks))

    @property
    def key(self) -> str:
        """What the sender put into its metadata to know it by; empty for none."""
        return str(self.metadata.get("event_payload", {}).get("key", ""))

    @property
    def buttons(self) -> dict[str, str]:
        """What can be pressed: `action_id` to `value`."""
        elements = [one for block in self.blocks if block["type"] == "actions" for one in block["elements"]]
        return {one["action_id"]: one.get("value", "") for one in elements}


@dataclass(slots=True)
class Pressed:
    """The request that a press makes: its id, form body and headers."""

    trigger: str
    body: bytes
    headers: dict[str, str] = field(default_factory=dict)


class SlackLike(HttpPeer):
    """A workspace.

    Args:
        people: User ids; each has a conversation with the bot.
        channels: Ids of channels that the bot is in.
    """

    def __init__(self, people: tuple[str, ...] = ("U1", "U2"), channels: tuple[str, ...] = ("C1",)) -> None:
        super().__init__()
        self.people = set(people)
        self.channels = set(channels)
        self.posts: list[Post] = []
        self.may_read = True
        self.scopes = ["chat:write", "im:write", "im:history"]
        self.deactivated: set[str] = set()

    @property
    def api(self) -> str:
        """For `ESCALATIONS_SLACK_API`."""
        return f"{self.url}/api/"

    def answer(self, request: Request) -> Answer:
        """Carry out a method of the Web API."""
        if request.headers.get("authorization") != f"Bearer {TOKEN}":
            return _refused("invalid_auth")
        method, said = request.path.rpartition("/")[2], request.arguments
        methods = {
            "auth.test": self._identity,
            "chat.postMessage": self._post,
            "chat.update": self._update,
            "conversations.history": self._read,
            "conversations.open": self._open,
            "conversations.replies": self._read,
        }
        return methods[method](said) if method in methods else _refused("unknown_method")

    def press(self, post: Post, action: str, user: str, *, at: int, secret: str = SIGNING_SECRET) -> Pressed:
        """What Slack sends when a person presses a button.

        Args:
            post: The message.
            action: Its `action_id`.
            user: Who presses it.
            at: Seconds since 1970, which are signed.
            secret: To sign with.
        """
        trigger = f"{at}.{post.ts}.{user}"
        payload = {
            "type": "block_actions",
            "user": {"id": user, "username": user.lower(), "team_id": "T1"},
            "container": {"type": "message", "message_ts": post.ts, "channel_id": post.channel},
            "channel": {"id": post.channel},
            "message": {"ts": post.ts, "text": post.text},
            "trigger_id": trigger,
            "response_url": f"{self.url}/actions/{post.channel}/{post.ts}",
            "actions": [
                {
                    "type": "button",
                    "block_id": "escalations",
                    "action_id": action,
                    "value": post.buttons[action],
                    "action_ts": f"{at}.000100",
                }
            ],
        }
        body = urlencode({"payload": json.dumps(payload)}).encode()
        signed = hmac.new(secret.encode(), f"v0:{at}:".encode() + body, hashlib.sha256).hexdigest()
        headers = {
            "Content-Type": "application/x-www-form-urlencoded",
            "X-Slack-Request-Timestamp": str(at),
            "X-Slack-Signature": f"v0={signed}",
        }
        return Pressed(trigger, body, headers)

    def _identity(self, _: dict[str, Any]) -> Answer:
        who = as_json({"ok": True, "team": "Example", "user": "escalations", "bot_id": "B1"})
        return replace(who, headers={**who.headers, "X-OAuth-Scopes": ",".join(self.scopes)})

    def _post(self, said: dict[str, Any]) -> Answer:
        channel = self._channel(str(said.get("channel", "")))
        if channel is None:
            return _refused("channel_not_found")
        if str(said["channel"]) in self.deactivated:
            return _refused("user_disabled")
        if wrong := _wrong_with(said):
            return _refused(wrong)
        thread = said.get("thread_ts", "")
        if thread and not any(post.ts == thread and post.channel == channel for post in self.posts):
            return _refused("thread_not_found")
        post = Post(
            channel=channel,
            ts=f"1700000000.{len(self.posts) + 1:06d}",
            text=said["text"],
            blocks=said["blocks"],
            metadata=said.get("metadata", {}),
            thread=thread,
            broadcast=bool(said.get("reply_broadcast")),
        )
        self.posts.append(post)
        return as_json({"ok": True, "channel": channel, "ts": post.ts})

    def _update(self, said: dict[str, Any]) -> Answer:
        found = [post for post in self.posts if (post.channel, post.ts) == (said.get("channel"), said.get("ts"))]
        if not found:
            return _refused("message_not_found")
        if wrong := _wrong_with(said):
            return _refused(wrong)
        found[0].text, found[0].blocks, found[0].edits = said["text"], said["blocks"], found[0].edits + 1
        return as_json({"ok": True, "channel": found[0].channel, "ts": found[0].ts})

    def _open(self, said: dict[str, Any]) -> Answer:
        channel = self._channel(str(said.get("users", "")))
        return as_json({"ok": True, "channel": {"id": channel}}) if channel else _refused("user_not_found")

    def _read(self, said: dict[str, Any]) -> Answer:
        if not self.may_read:
            return _refused("missing_scope")
        if said.get("include_all_metadata") != "true":
            return _refused("invalid_arguments")
        thread = said.get("ts", "")
        found = [
            {"ts": post.ts, "text": post.text, "metadata": post.metadata}
            for post in self.posts
            if post.channel == said.get("channel") and (thread in (post.ts, post.thread) if thread else True)
        ]
        return as_json({"ok": True, "messages": found[: int(said.get("limit", "100"))]})

    def _channel(self, name: str) -> str | None:
        if name in self.people:
            return f"D{name}"
        return name if name in self.channels or name.removeprefix("D") in self.people else None


def _refused(error: str) -> Answer:
    return as_json({"ok": False, "error": error})


def _wrong_with(said: dict[str, Any]) -> str:
    """The error that Slack gives for a message; empty for none."""
    blocks = said.get("blocks", [])
    if not said.get("text") or _MARKUP.search(said["text"]):
        return "no_text"
    if len(blocks) > _MOST_BLOCKS or any(not _is_block(block) for block in blocks):
        return "invalid_blocks"
    return "msg_blocks_too_long" if len("".join(_texts(blocks))) > _LONGEST_BLOCKS else ""


def _is_block(block: dict[str, Any]) -> bool:
    match block:
        case {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": list(elements)}]}:
            return all(
                set(one) <= {"type", "text", "style"} and one["type"] == "text" and one["text"] for one in elements
            )
        case {"type": "actions", "elements": list(elements)}:
            return 0 < len(elements) <= 25 and all(map(_is_button, elements))
        case _:
            return False


def _is_button(button: dict[str, Any]) -> bool:
    label = button["text"]
    return (
        button["type"] == "button"
        and label["type"] == "plain_text"
        and 0 < len(label["text"]) <= 75
        and len(button["action_id"]) <= 255
        and len(button.get("value", "")) <= 2000
        and len(button.get("url", "")) <= 3000
    )


def _texts(value: Any) -> list[str]:
    """Every text in blocks, in order."""
    if isinstance(value, list):
        return [text for one in value for text in _texts(one)]
    if not isinstance(value, dict):
        return []
    own = [value["text"]] if isinstance(value.get("text"), str) else []
    return own + [text for one in value.values() for text in _texts(one)]
