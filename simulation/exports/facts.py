"""Maps a ticket's facts to our terms: severity, category, reasons, customer. Rules, not guesses.

Every choice is a function of the log alone, so that the same file gives the same escalations everywhere. Where
the log leaves something open (who speaks which language, who answers a survey), a stable hash decides.
"""

import hashlib
import re
import unicodedata

from escalation.case.commands import Customer
from escalation.vocabulary import CUSTOMER, SYSTEM, Category, Outcome, Reason, Severity
from simulation.exports.mapping import ENDS, ExportMapping
from simulation.exports.ticket_log import TicketLog

GERMAN_SHARE = 0.25  # share of callers who are written to in German

SURVEY_SHARE = 0.6  # share of resolved tickets whose customer answers the survey

IGNORED_SHARE = 0.15  # share of tickets whose first offer is not answered

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


def severity_of(log: TicketLog, mapping: ExportMapping) -> Severity:
    """The first one known. Where the log says it late it was so before, unless it is known only with the solution."""
    counts = (row.severity for row in log.rows if mapping.rows == "snapshots" or row.meaning not in ENDS)
    return next((severity for severity in counts if severity), mapping.usual_severity)


def category_of(log: TicketLog, mapping: ExportMapping) -> Category:
    """The first one the log says, else by the last digit of its category code (`CATEGORY_BY_LAST_DIGIT`), else the usual."""
    said = next((row.category for row in log.rows if row.category), None)
    digits = re.findall(r"[0-9]", log.category_code)
    return said or (CATEGORY_BY_LAST_DIGIT[int(digits[-1])] if digits else mapping.usual_category)


def reasons_of(log: TicketLog) -> tuple[Reason, ...]:
    """The reasons to escalate, judged by the whole log; `unresolved` if there is no other."""
    found = (
        (Reason.PASSED_AROUND, log.reassignments > 1),
        (Reason.RECURRENCE, log.reopens > 0),
        (Reason.UNMET_EXPECTATION, log.made_sla is False),
    )
    return tuple(reason for reason, holds in found if holds) or (Reason.UNRESOLVED,)


def frustration_of(log: TicketLog) -> int:
    """One level for each thing that went wrong: passed around, reopened, late; 0 to 3."""
    return sum(reason is not Reason.UNRESOLVED for reason in reasons_of(log))


def customer_of(log: TicketLog) -> Customer:
    """The caller, under an address of the domain reserved for examples."""
    caller = log.customer or "Caller unknown"
    slug = re.sub(r"[^a-z0-9]+", "-", caller.lower()).strip("-") or "caller-unknown"
    german = share("language", slug) < GERMAN_SHARE
    return Customer(
        id=slug,
        name=caller,
        address=f"{slug}@example.com",
        language="de" if german else "en",
        zone="Europe/Berlin" if german else "Europe/London",
    )


def outcome_of(log: TicketLog) -> Outcome:
    """A workaround where a problem record stays behind, solved otherwise."""
    return Outcome.WORKAROUND if log.problem else Outcome.SOLVED


def score_of(log: TicketLog) -> int:
    """The customer's survey score: 5, less 1 for a missed target, less 2 for a reopening."""
    return 5 - (log.made_sla is False) - 2 * (log.reopens > 0)


def answers_survey(log: TicketLog) -> bool:
    """Whether the customer answers the survey at all."""
    return share("survey", log.number) < SURVEY_SHARE


def ignores_offer(log: TicketLog) -> bool:
    """Whether the first person asked stays silent."""
    return share("offer", log.number) < IGNORED_SHARE


def id_of(name: str) -> str:
    """An id for a person in the log: lower-case letters without accents, and dashes."""
    plain = "".join(each for each in unicodedata.normalize("NFKD", name) if not unicodedata.combining(each))
    id_ = re.sub(r"[\W_]+", "-", plain.lower()).strip("-")
    return f"person-{id_}" if id_ in (CUSTOMER, SYSTEM) else id_
