"""Renders a message for Slack.

The words are in `rich_text` blocks, whose text elements Slack shows as they are: nothing in them becomes a link, a mention
or markup. Only `text`, which notifications show, is read as markup, and escaped.
"""

from collections.abc import Mapping
from typing import Any

from activities.adapters.chat_words import ChatWords, in_language, without_links, words_of
from activities.ports.sending import Envelope, Sent
from escalation.messages.buttons import Button
from escalation.messages.fates import State
from escalation.plain import cut, one_line, only_shown, slack

LONGEST_TEXT = 9_000  # characters of a message; Slack refuses blocks with more than 13,200
_LONGEST_FALLBACK = 300
_LONGEST_LABEL = 75
_LONGEST_URL = 3_000

Block = Mapping[str, Any]

_LABELS: Mapping[str, Mapping[str, str]] = {
    "en": {"acknowledge": "Accept", "read": "I have read it, accept", "decline": "Decline"},
    "de": {"acknowledge": "Annehmen", "read": "Gelesen, annehmen", "decline": "Ablehnen"},
}
_STATES: Mapping[str, Mapping[State, str]] = {
    "en": {
        State.ACCEPTED: "{who} has accepted the case.",
        State.TAKEN: "{who} has taken the case meanwhile.",
        State.DECLINED: "{who} has declined.",
        State.LAPSED: "This offer has ended.",
        State.OVER: "The case is over.",
    },
    "de": {
        State.ACCEPTED: "{who} hat den Fall angenommen.",
        State.TAKEN: "{who} hat den Fall inzwischen übernommen.",
        State.DECLINED: "{who} hat abgelehnt.",
        State.LAPSED: "Dieses Angebot gilt nicht mehr.",
        State.OVER: "Der Fall ist abgeschlossen.",
    },
}


def message(envelope: Envelope) -> dict[str, Any]:
    """The parts of `chat.postMessage` that say something."""
    said = words_of(envelope)
    blocks = [*_text(envelope.subject, said.headline, said.text), *_actions(envelope, said)]
    return _said(f"{said.headline} {envelope.subject}", blocks)


def settled(sent: Sent) -> dict[str, Any]:
    """The parts of `chat.update`: what was sent, without buttons, and what became of it."""
    headline, _, body = without_links(sent.body).partition("\n")
    status = in_language(_STATES, sent.language)[sent.state].format(who=cut(one_line(sent.by), _LONGEST_LABEL) or "?")
    blocks = [_section(status, bold=True), *_text(sent.subject, headline, body)]
    return _said(f"{status} {sent.subject}", blocks)


def line(text: str) -> dict[str, Any]:
    """The parts of `chat.postMessage` for one line."""
    return _said(text, [_section(cut(one_line(text), LONGEST_TEXT))])


def _said(fallback: str, blocks: list[Block]) -> dict[str, Any]:
    return {
        "text": slack(cut(one_line(fallback), _LONGEST_FALLBACK)),
        "blocks": blocks,
        "mrkdwn": False,
        "parse": "none",
        "link_names": False,
        "unfurl_links": False,
        "unfurl_media": False,
    }


def _text(subject: str, headline: str, body: str) -> list[Block]:
    said = cut(only_shown(body).strip(), LONGEST_TEXT)
    titles = [cut(one_line(each), _LONGEST_FALLBACK) for each in (headline, subject)]
    shown = [_section("\n".join(titles), bold=True)]
    return [*shown, _section(said)] if said else shown


def _section(text: str, *, bold: bool = False) -> Block:
    element: dict[str, Any] = {"type": "text", "text": text}
    if bold:
        element["style"] = {"bold": True}
    return {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": [element]}]}


def _actions(envelope: Envelope, said: ChatWords) -> list[Block]:
    labels = in_language(_LABELS, envelope.language)
    buttons = [_button(each, labels) for each in envelope.buttons]
    pressed = {each.answer for each in envelope.buttons}
    links = {act.value: link for act, link in said.acts.items() if act.value not in pressed}
    if envelope.ticket_url:
        links["ticket"] = (said.ticket, envelope.ticket_url)
    buttons += [
        {"type": "button", "action_id": f"escalations.link.{name}", "text": _plain(label), "url": url}
        for name, (label, url) in links.items()
        if len(url) <= _LONGEST_URL
    ]
    return [{"type": "actions", "block_id": "escalations", "elements": buttons}] if buttons else []


def _button(button: Button, labels: Mapping[str, str]) -> Block:
    label = labels["read" if button.reads_packet else button.answer]
    shown: dict[str, Any] = {"type": "button", "action_id": button.name, "text": _plain(label), "value": button.value}
    if button.answer == "acknowledge":
        shown["style"] = "primary"
    return shown


def _plain(text: str) -> Block:
    return {"type": "plain_text", "text": cut(text, _LONGEST_LABEL), "emoji": False}
