"""Events of corrections and withdrawals."""

from dataclasses import asdict, dataclass
from typing import Literal

from escalation.case.events.base import Happened, said
from escalation.case.values import Packet, Particulars
from escalation.phrasing import words
from escalation.vocabulary import ClockName, Withdrawable


@dataclass(frozen=True, slots=True, kw_only=True)
class Corrected(Happened):
    """Facts of the case are others now.

    Attributes:
        was: All of them before.
        correct: All of them now.
        start_tier: Number of the tier at which such a case starts.
        restarted: Clocks that start a new cycle because the policy says so.
    """

    sentences = said("{by} corrected {changes}[: {why}]", "{by} hat Angaben berichtigt[: {why}]")
    kind: Literal["corrected"] = "corrected"
    was: Particulars
    correct: Particulars
    start_tier: int
    why: str
    by: str
    restarted: tuple[ClockName, ...] = ()

    @property
    def changes(self) -> tuple[str, ...]:
        """Each fact that is another one now, in English."""
        was, correct = asdict(self.was), asdict(self.correct)
        return tuple(f"{words(name)}: {was[name]} is {correct[name]} now" for name in was if was[name] != correct[name])


@dataclass(frozen=True, slots=True, kw_only=True)
class Withdrawn(Happened):
    """A promise, a question or options were taken back.

    Attributes:
        explanation: The reason, as sent to the customer.
        subject: What was promised or asked; empty for options.
    """

    sentences = said(
        '{by} took back the {what} ["{subject}" ]because: "{explanation}"',
        "{by} hat zurückgenommen: {what}[ „{subject}“]; „{explanation}“",
    )
    kind: Literal["withdrawn"] = "withdrawn"
    what: Withdrawable
    explanation: str
    by: str
    subject: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class GivenBack(Happened):
    """The case went back to the pool of its tier, with a packet for the next owner."""

    sentences = said(
        "{by} gave the case of {person} back to the tier[: {why}]",
        "{by} hat den Fall von {person} zurückgegeben[: {why}]",
    )
    kind: Literal["given_back"] = "given_back"
    person: str
    why: str
    by: str
    packet: Packet | None = None


CorrectingEvent = Corrected | Withdrawn | GivenBack  # what was wrong and is put right
