"""The few sentences of an imported ticket that a customer reads, in their language. Codes only, no free text."""

from dataclasses import dataclass

from simulation.exports.ticket_log import TicketLog


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
