"""The port that turns a message into words."""

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True, kw_only=True)
class TemplateFacts:
    """The facts that a template may use; see `activities/templates/`."""

    kind: str
    languages: tuple[str, ...]  # tags of the reader's languages, the one they like best first
    frustration: int  # 0 to 4; chooses the tone
    zone: str  # IANA zone for instants
    values: dict[str, object]
    # templates, and what they may use besides, whose messages are further paragraphs of the letter
    also: tuple[tuple[str, dict[str, object]], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Rendered:
    """A message in words."""

    headline: str  # one line that says what it is about; it goes above the body
    body: str
    language: str  # tag of the language it is written in
    about: str = ""  # what the subject says where the customer wrote nothing; empty for none


class Templates(Protocol):
    """Turns a message into words."""

    def render(self, template: TemplateFacts) -> Rendered:
        """The message in the first of the languages that has words for it; in English where none has.

        Raises:
            UnrenderableMessage: The template is missing or asks for a fact that is not there.
        """
