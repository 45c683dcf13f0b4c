"""The commands that words of a log mean, with their texts: as the log has it, or made up for people who read them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from escalation.case.commands import (
    Acknowledge,
    AddNote,
    Cancel,
    Decline,
    Escalate,
    Packet,
    Pause,
    RecordCustomerReply,
    Reopen,
    RequestInformation,
    Resolve,
    Resume,
    SupportCommand,
    TellCustomer,
)
from escalation.vocabulary import CUSTOMER, CancelCause
from simulation.exports.facts import outcome_of
from simulation.exports.ticket_log import TicketLog

OWNER = "@owner"  # in `by`, means the owner, or the person who has the offer, when the step is done
FRONT_DESK = "front-desk"  # who opens tickets of a log and corrects their priority
SAID = "As the log has it."  # in place of texts that the log does not have


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """Sentences in one language; `{topic}` is what the ticket is about."""

    progress: str
    next_step: str
    question: str
    answer: str
    solution: str
    not_solved: str
    called_back: str


class Phrases:
    """The commands for one ticket.

    Args:
        in_words: Whether texts are made up for people who read them; otherwise each is `SAID`.
    """

    def __init__(self, log: TicketLog, language: str, *, in_words: bool) -> None:
        self._log = log
        self._in_words = in_words
        self._words = wording(language)

    def text(self, text: str) -> str:
        """A text of ours; `{topic}` is what the ticket is about."""
        return text.replace("{topic}", topic_of(self._log)) if self._in_words else SAID

    def command(self, meaning: str, waits_for: str = "") -> SupportCommand:
        """Return the command for a word of `mapping.Meaning`.

        Args:
            meaning: The word; one that means a command.
            waits_for: For whom the ticket waits, with `pause`.

        Raises:
            KeyError: The word means no command.
        """
        if meaning == "pause":
            return Pause(by=OWNER, why=self.text(f"Waiting for {waits_for or 'another party'}."))
        return _FIXED[meaning] if meaning in _FIXED else _SPOKEN[meaning](self, self._words)

    def tell(self, words: Wording) -> SupportCommand:
        """Progress, for the customer."""
        next_step = words.next_step if self._in_words else ""
        return TellCustomer(by=OWNER, text=self.text(words.progress), next_step=next_step)

    def resolve(self, words: Wording) -> SupportCommand:
        """The solution, with the log's own codes."""
        solution = words.solution.replace("{code}", self._log.closed_code or "no code")
        cause = self._log.caused_by or self._log.problem
        return Resolve(by=OWNER, outcome=outcome_of(self._log), solution=self.text(solution), root_cause=cause)


_FIXED: Mapping[str, SupportCommand] = {
    "acknowledge": Acknowledge(by=OWNER, packet_read=True),
    "decline": Decline(by=OWNER, why=SAID),
    "note": AddNote(by=OWNER, text=SAID),
    "resume": Resume(by=OWNER),
    "escalate": Escalate(by=OWNER, why=SAID, packet=Packet(concern=SAID, nothing_tried=True)),
    "cancel": Cancel(by=FRONT_DESK, cause=CancelCause.WITHDRAWN, why=SAID),
}
_SPOKEN: Mapping[str, Callable[[Phrases, Wording], SupportCommand]] = {
    "tell_customer": Phrases.tell,
    "request_information": lambda own, words: RequestInformation(by=OWNER, question=own.text(words.question)),
    "customer_replied": lambda own, words: RecordCustomerReply(text=own.text(words.answer)),
    "reopen": lambda own, words: Reopen(by=CUSTOMER, why=own.text(words.not_solved)),
    "resolve": Phrases.resolve,
}


_WORDINGS = {
    "en": Wording(
        progress="We are working on {topic}.",
        next_step="We will write to you as soon as there is a result.",
        question="When did {topic} last happen, and what did you see?",
        answer="Here is what I saw of {topic}.",
        solution="{topic} is solved ({code}).",
        not_solved="{topic} has come back.",
        called_back="Thank you for your honest answer about {topic}. We have talked it over and will do better next time.",
    ),
    "de": Wording(
        progress="Wir arbeiten an {topic}.",
        next_step="Wir schreiben Ihnen, sobald ein Ergebnis vorliegt.",
        question="Wann trat {topic} zuletzt auf, und was haben Sie gesehen?",
        answer="Das habe ich bei {topic} gesehen.",
        solution="{topic} ist behoben ({code}).",
        not_solved="{topic} ist wieder aufgetreten.",
        called_back="Danke für Ihre offene Rückmeldung zu {topic}. Wir haben darüber gesprochen und machen es beim nächsten Mal besser.",
    ),
}


def wording(language: str) -> Wording:
    """The sentences in that language; English where there are none."""
    return _WORDINGS.get(language, _WORDINGS["en"])


def summary_of(log: TicketLog) -> str:
    """A summary from the log's codes: `Category 55 / Symptom 72`."""
    return " / ".join(code for code in (log.category_code, log.symptom) if code) or log.number


def topic_of(log: TicketLog) -> str:
    """The same for use within a sentence: the symptom if known, else the category."""
    return log.symptom or log.category_code or log.number
