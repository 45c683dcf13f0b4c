"""Commands that correct facts of the case, withdraw a promise, question or options, or return the case to its pool."""

from dataclasses import dataclass
from typing import Literal

from escalation.bounds import ActorId, Address, Line, LongText, Name, Person, Remark, Tag
from escalation.phrasing import called
from escalation.vocabulary import Category, Proficiency, Withdrawable


@dataclass(frozen=True, slots=True, kw_only=True)
class Correct:
    """Correct facts of the case; deadlines, tier and skills change as if it had been opened with them.

    Attributes:
        category: What kind of concern it is.
        subcategory: A finer category, in the team's own words; changing only the category clears it.
        summary: What the case is about, in a sentence, for the team; messages to colleagues have it as their subject.
        customer_name: How to address the customer.
        customer_address: The address for letters from now on.
        language: Language tag of the customer's letters, such as `de`.
        zone: IANA time zone of the times in the customer's letters, such as `Europe/Berlin`.
        proficiency: How technical the customer's letters may be.
        contact: Id of the colleague who is the customer's contact.
        our_fault: Whether we are at fault; if so, the next letter apologises.
        why: How you found out, for the team.
    """

    labels = called("Correct facts", "Angaben berichtigen")
    kind: Literal["correct"] = "correct"
    by: ActorId
    category: Category | None = None
    subcategory: Tag = ""
    summary: Line = ""
    customer_name: Name = ""
    customer_address: Address = ""
    language: Tag = ""
    zone: Tag = ""
    proficiency: Proficiency | None = None
    contact: Person = ""
    our_fault: bool | None = None
    why: Remark = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Withdraw:
    """Take back a promise, a question or options; the customer is informed.

    Attributes:
        what: What is taken back.
        explanation: The reason; the customer gets it word for word.
        anyway: Send it despite the warning about its wording; the timeline records that.
    """

    labels = called(
        "Take back a promise, question or choice",
        "Zusage, Frage oder Wahl zurücknehmen",
        what=("What is taken back", "Was zurückgenommen wird"),
    )
    kind: Literal["withdraw"] = "withdraw"
    what: Withdrawable
    by: ActorId
    explanation: LongText
    anyway: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class GiveBack:
    """Return the case to the pool of its tier; another person is asked.

    Attributes:
        why: Why its owner returns it.
    """

    labels = called("Give the case back", "Den Fall zurückgeben")
    kind: Literal["give_back"] = "give_back"
    by: ActorId
    why: Remark


CorrectingCommand = Correct | Withdraw | GiveBack  # what was wrong and is put right
