"""What a ticket's facts say in our words: severity, category, reasons, customer. Rules, not guesses.

Every choice is a function of the log alone, so that the same file gives the same escalations everywhere. Where
the log leaves something open (who speaks which language, who answers a survey), a stable hash decides.
"""

import hashlib
import re

from escalation.case.commands import Customer
from escalation.vocabulary import Category, Outcome, Reason, Severity
from simulation.exports.incidents import Incident

GERMAN_SHARE = 0.25
"""Share of callers who are written to in German."""

SURVEY_SHARE = 0.6
"""Share of resolved tickets whose customer answers the survey."""

IGNORED_SHARE = 0.15
"""Share of tickets whose first offer is not answered."""

CATEGORY_BY_LAST_DIGIT = (
    *(Category.TECHNICAL, Category.TECHNICAL, Category.TECHNICAL, Category.TECHNICAL),
    *(Category.SERVICE, Category.SERVICE),
    *(Category.PRODUCT, Category.BILLING, Category.POLICY, Category.BEHAVIOUR),
)
"""Our category by the last digit of the log's category code, whose meaning is not published."""


def share(*words: str) -> float:
    """A number from 0 up to 1 that depends on the words alone; the same on every machine, on every run."""
    digest = hashlib.sha256("\x1f".join(words).encode()).digest()
    return int.from_bytes(digest[:8]) / 2**64


def severity_of(incident: Incident) -> Severity:
    """The first severity known; SEV3 where the log never says one."""
    return next((update.severity for update in incident.updates if update.severity), Severity.SEV3)


def category_of(incident: Incident) -> Category:
    """By the last digit of the category code, `CATEGORY_BY_LAST_DIGIT`; technical where there is none."""
    digits = re.findall(r"[0-9]", incident.category)
    return CATEGORY_BY_LAST_DIGIT[int(digits[-1])] if digits else Category.TECHNICAL


def reasons_of(incident: Incident) -> tuple[Reason, ...]:
    """Why it is worth escalating, seen from its whole log; `unresolved` without another reason."""
    found = (
        (Reason.PASSED_AROUND, incident.reassignments > 1),
        (Reason.RECURRENCE, incident.reopens > 0),
        (Reason.UNMET_EXPECTATION, not incident.made_sla),
    )
    return tuple(reason for reason, holds in found if holds) or (Reason.UNRESOLVED,)


def frustration_of(incident: Incident) -> int:
    """One level for each thing that went wrong: passed around, reopened, late; 0 to 3."""
    return sum(reason is not Reason.UNRESOLVED for reason in reasons_of(incident))


def customer_of(incident: Incident) -> Customer:
    """The caller, under an address of the domain reserved for examples."""
    caller = incident.caller or "Caller unknown"
    slug = re.sub(r"[^a-z0-9]+", "-", caller.lower()).strip("-") or "caller-unknown"
    german = share("language", slug) < GERMAN_SHARE
    return Customer(
        id=slug,
        name=caller,
        address=f"{slug}@example.com",
        language="de" if german else "en",
        zone="Europe/Berlin" if german else "Europe/London",
    )


def outcome_of(incident: Incident) -> Outcome:
    """A workaround where a problem record stays behind, solved otherwise."""
    return Outcome.WORKAROUND if incident.problem else Outcome.SOLVED


def score_of(incident: Incident) -> int:
    """What the customer answers to the survey: 5, less 1 for a missed target, less 2 for a reopening."""
    return 5 - (not incident.made_sla) - 2 * (incident.reopens > 0)


def answers_survey(incident: Incident) -> bool:
    """Whether the customer answers the survey at all."""
    return share("survey", incident.number) < SURVEY_SHARE


def ignores_offer(incident: Incident) -> bool:
    """Whether the first person asked stays silent."""
    return share("offer", incident.number) < IGNORED_SHARE
