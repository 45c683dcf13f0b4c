"""Slack, by its Web API and a bot token.

One thread for each case and recipient. Slack drops no repeats, so before a message is sent that may have arrived already,
the thread is searched for our key, which is in the message's metadata.
"""

import json
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from activities.adapters import slack_blocks
from activities.adapters.http_sending import HttpAnswer, HttpSender
from activities.errors import ActivityError, ChannelUnavailable, RecipientRefused, SentWithoutAnswer
from activities.ports.sending import Envelope, Sent
from escalation.messages.fates import State
from escalation.plain import one_line

_EVENT = "escalation_message"
_MOST_READ = 100
# Longer than a message is tried.
_LOOKS_BACK = timedelta(hours=5)
_READING = frozenset({"conversations.open", "conversations.replies", "conversations.history"})
_LOOKUP_SECONDS = 5.0
# What the bot must be allowed to do; channels need more, see docs/channels.md.
_SCOPES = ("chat:write", "im:write", "im:history")

_BUSY = frozenset(
    {"ratelimited", "rate_limited", "internal_error", "fatal_error", "service_unavailable", "request_timeout"}
)
_SETTINGS = frozenset(
    {
        "invalid_auth",
        "not_authed",
        "account_inactive",
        "token_revoked",
        "token_expired",
        "missing_scope",
        "no_permission",
    }
)
_WORDS = {
    "channel_not_found": "there is no such person or channel; check the id in the roster, and invite the bot",
    "not_in_channel": "the bot is not in the channel; invite it",
    "is_archived": "the channel is archived",
    "user_not_found": "there is no such person; check the id in the roster",
    "user_disabled": "the person's account is deactivated",
    "cannot_dm_bot": "the id is that of a bot",
    "msg_blocks_too_long": "the message is too long",
}


class _NotAllowed(ChannelUnavailable):
    """Our token does not let us read."""


class SlackChannel:
    """Sends to people and channels of one workspace, with a bot's token and the scopes that docs/channels.md lists."""

    def __init__(self, sender: HttpSender, token: str, api: str = "https://slack.com/api/") -> None:
        self._sender = sender
        self._token = token
        self._api = api if api.endswith("/") else f"{api}/"

    async def send(self, envelope: Envelope) -> str:
        """Post it, in the case's thread where there is one.

        Returns:
            The ids of channel and message.

        Raises:
            RecipientRefused: There is no such person or channel, or it takes nothing from us.
            ChannelUnavailable: Slack is busy or down, or a setting is at fault.
            SentWithoutAnswer: It may have been posted.
        """
        channel, _, thread = envelope.begun_by.partition(" ")
        if envelope.maybe_sent and (found := await self._posted(envelope, channel, thread)):
            return found
        asked = {
            "channel": channel or envelope.address,
            "metadata": {"event_type": _EVENT, "event_payload": {"key": envelope.key}},
            **slack_blocks.message(envelope),
        }
        if thread:
            # An offer in a thread that no one has open would be missed.
            asked |= {"thread_ts": thread, "reply_broadcast": bool(envelope.buttons)}
        answer = await self._call("chat.postMessage", asked)
        return f"{answer.get('channel', '')} {answer.get('ts', '')}"

    async def settle(self, sent: Sent) -> None:
        """Replace the buttons by what became of the offer."""
        channel, _, ts = sent.receipt.partition(" ")
        if ts and sent.state not in {State.OPEN, State.NEWS}:
            await self._call("chat.update", {"channel": channel, "ts": ts, **slack_blocks.settled(sent)})

    async def tell(self, address: str, text: str) -> None:
        """Say a line to a person; errors as of `send`."""
        await self._call("chat.postMessage", {"channel": address, **slack_blocks.line(text)})

    async def check(self, name: str) -> str:  # noqa: ARG002 (one token for the whole workspace)
        """Return the bot's user and workspace in Slack.

        Raises:
            ChannelUnavailable: Slack is busy or down, refuses the token, or did not grant what we need.
        """
        answer = await self._answer("auth.test", {})
        said = _said(answer, "auth.test")
        granted = {scope.strip() for scope in answer.headers.get("x-oauth-scopes", "").split(",")} - {""}
        if granted and (missing := [scope for scope in _SCOPES if scope not in granted]):
            advice = "add them to the app under OAuth & Permissions, and install it again"
            raise ChannelUnavailable(f"Slack: the bot lacks the scopes {', '.join(missing)}; {advice}")
        return f"we are {one_line(str(said.get('user', '')))} in {one_line(str(said.get('team', '')))}"

    async def _posted(self, envelope: Envelope, channel: str, thread: str) -> str:
        """The receipt of a message with our key that is there already; empty for none."""
        try:
            if not channel:
                channel = await self._conversation(envelope.address)
            oldest = f"{(envelope.at - _LOOKS_BACK).timestamp():.6f}"
            about = {"channel": channel, "limit": _MOST_READ, "include_all_metadata": "true", "oldest": oldest}
            method = "conversations.replies" if thread else "conversations.history"
            answer = await self._call(method, about | ({"ts": thread} if thread else {}), seconds=_LOOKUP_SECONDS)
        except (RecipientRefused, _NotAllowed):
            # The bot may not read there. A message that comes twice is better than none.
            return ""
        except ChannelUnavailable as error:
            # The claim stays, and the next attempt looks again.
            raise SentWithoutAnswer(str(error), after=error.after) from None
        for message in answer.get("messages") or ():
            if _key_of(message) == envelope.key:
                return f"{channel} {message.get('ts', '')}"
        return ""

    async def _conversation(self, address: str) -> str:
        """The id of the channel; a person's is that of the conversation with them."""
        if address[:1] not in {"U", "W"}:
            return address
        answer = await self._call("conversations.open", {"users": address}, seconds=_LOOKUP_SECONDS)
        channel = answer.get("channel")
        return str(channel.get("id", "")) if isinstance(channel, dict) else ""

    async def _call(self, method: str, arguments: dict[str, Any], *, seconds: float = 10.0) -> dict[str, Any]:
        return _said(await self._answer(method, arguments, seconds=seconds), method)

    async def _answer(self, method: str, arguments: dict[str, Any], *, seconds: float = 10.0) -> HttpAnswer:
        # Every method takes a form; blocks are shorter in JSON, which not every method takes.
        form = method in _READING
        content = urlencode(arguments) if form else json.dumps(arguments)
        kind = "application/x-www-form-urlencoded" if form else "application/json; charset=utf-8"
        answer = await self._sender.post(
            f"{self._api}{method}",
            content.encode(),
            who="Slack",
            headers={"Authorization": f"Bearer {self._token}", "Content-Type": kind},
            seconds=seconds,
        )
        if answer.status >= 500:
            raise SentWithoutAnswer(f"Slack answered {answer.status} to {method}, which may have been done")
        self._sender.require_accepted(answer, "Slack")
        return answer


def _said(answer: HttpAnswer, method: str) -> dict[str, Any]:
    try:
        said = json.loads(answer.body)
    except (ValueError, RecursionError):
        said = None
    if not isinstance(said, dict) or "ok" not in said:
        raise SentWithoutAnswer(f"Slack gave no clear answer to {method}")
    if said["ok"] is not True:
        raise _refusal(str(said.get("error", "")), method)
    return said


def _refusal(error: str, method: str) -> ActivityError:
    code = error if error.isascii() and error.replace("_", "").isalnum() and len(error) <= 60 else "unknown"
    if code in _BUSY:
        return ChannelUnavailable(f"Slack cannot take it for now: {code}")
    if code in _SETTINGS:
        kind = _NotAllowed if method in _READING else ChannelUnavailable
        return kind(f"Slack refuses us: {code}; check ESCALATIONS_SLACK_TOKEN and the bot's scopes")
    return RecipientRefused(f"Slack: {_WORDS.get(code, 'it refused the message')} ({code} to {method})")


def _key_of(message: object) -> str:
    match message:
        case {"metadata": {"event_payload": {"key": str(key)}}}:
            return key
        case _:
            return ""
