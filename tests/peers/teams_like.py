"""A workflow of Microsoft Teams that posts the cards it gets, and refuses what Teams refuses."""

from typing import Any

from tests.peers.http_peer import Answer, HttpPeer, Request

_LARGEST = 28 * 1024


class TeamsLike(HttpPeer):
    """One workflow; `cards` are those it posted."""

    def __init__(self) -> None:
        super().__init__()
        self.cards: list[dict[str, Any]] = []

    @property
    def workflow(self) -> str:
        """For `ESCALATIONS_TEAMS_URLS`."""
        return f"{self.url}/workflows/1/triggers/manual/paths/invoke?sig=secret"

    def answer(self, request: Request) -> Answer:
        """Post a card."""
        if len(request.body) > _LARGEST:
            return Answer(413)
        match request.arguments:
            case {
                "type": "message",
                "attachments": [{"contentType": "application/vnd.microsoft.card.adaptive", "content": dict(card)}],
            } if card.get("type") == "AdaptiveCard":
                self.cards.append(card)
                return Answer(202)
            case _:
                return Answer(400)
