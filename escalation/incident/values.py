"""Values in an incident's commands and events: a bulletin, an errand, its result."""

from dataclasses import dataclass
from datetime import datetime

from escalation.case.values import InLanguage
from escalation.incident.vocabulary import ErrandKind, Result


@dataclass(frozen=True, slots=True, kw_only=True)
class Bulletin:
    """One update to all linked customers, or to their owners.

    Attributes:
        number: From 1, without a gap; the key under which each escalation takes it once.
        text: For the customer; where it solves or reopens, for the owner: the solution, or why it did not hold.
        next_step: What happens next.
        next_by: When, aware UTC; becomes a promise to each customer.
        root_cause: Where it solves, what was wrong.
        solves: Whether it proposes a resolution to the owner instead of writing to the customer.
        reopens: Whether it notifies the owner that the proposed solution did not hold.
        languages: The update by language of the customer; those of other languages get `text`.
        overridden: Phrases in it that may read as blame or insult, and that a person sent anyway.
    """

    number: int
    text: str
    next_step: str = ""
    next_by: datetime | None = None
    root_cause: str = ""
    solves: bool = False
    reopens: bool = False
    languages: tuple[InLanguage, ...] = ()
    overridden: tuple[str, ...] = ()
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Errand:
    """The same thing to be done at several escalations.

    Attributes:
        number: Of the bulletin; of a link or unlink, the number of the event that asked for it.
        tickets: Whose escalations, in the order in which they were linked.
        bulletin: The bulletin; None if they are only linked or unlinked.
        overseer: Who oversees all of them, as far as is known; empty before an escalation has said who.
        page: Whether the first that takes it is to page its overseer.
        heard: Overseers who have heard of the bulletin; they are not paged again.
        by: Who asked for it.
    """

    incident: str
    kind: ErrandKind
    number: int
    tickets: tuple[str, ...]
    bulletin: Bulletin | None = None
    overseer: str = ""
    page: bool = False
    heard: tuple[str, ...] = ()
    by: str

    @property
    def command_id(self) -> str:
        """The same for each repeat: under it an escalation does it once."""
        what = self.number if self.kind is ErrandKind.BULLETIN else f"{self.kind}/{self.number}"
        return f"incident/{self.incident}/{what}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """The result of an errand to one escalation.

    Attributes:
        why: Where it was not told, the reason in words; no personal data.
        overseer: Who oversees it; empty where the errand knew that already, or it did not answer.
    """

    ticket: str
    result: Result = Result.TOLD
    why: str = ""
    overseer: str = ""
