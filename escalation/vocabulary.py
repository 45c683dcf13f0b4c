"""The enums of the domain. `docs/glossary.md` explains each member."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Self


class Worded(StrEnum):
    """A word of ours that people read in their language."""

    words: Mapping[str, str]

    def __new__(cls, value: str, *words: str) -> Self:
        """A member without its English and its German words cannot be imported."""
        en, de = words
        member = str.__new__(cls, value)
        member._value_ = value
        member.words = {"en": en, "de": de}
        return member


class Stage(Worded):
    """The phase of an escalation."""

    UNASSIGNED = "unassigned", "looking for an owner", "Zuständigkeit wird gesucht"
    OFFERED = "offered", "offered, not accepted yet", "angeboten, noch nicht angenommen"
    WORKING = "working", "being worked on", "in Arbeit"
    WAITING_ON_CUSTOMER = "waiting_on_customer", "waiting for the customer", "wartet auf Kundenantwort"
    RESOLVED = "resolved", "resolved", "gelöst"
    CLOSED = "closed", "closed", "geschlossen"
    CANCELLED = "cancelled", "cancelled", "nicht weiterverfolgt"


ACTIVE = frozenset({Stage.UNASSIGNED, Stage.OFFERED, Stage.WORKING, Stage.WAITING_ON_CUSTOMER})
"""Stages in which work towards a solution continues."""

OVER = frozenset({Stage.CLOSED, Stage.CANCELLED})  # stages without an owner's responsibility


class Severity(StrEnum):
    """The impact on the customer, SEV1 worst."""

    SEV1 = "SEV1"
    SEV2 = "SEV2"
    SEV3 = "SEV3"
    SEV4 = "SEV4"


class Category(Worded):
    """The kind of concern."""

    TECHNICAL = "technical", "technical", "Technik"
    SERVICE = "service", "service", "Service"
    BILLING = "billing", "billing", "Abrechnung"
    PRODUCT = "product", "product", "Produkt"
    POLICY = "policy", "terms and policies", "Vertrag und Regeln"
    BEHAVIOUR = "behaviour", "behaviour", "Verhalten"


class Reason(Worded):
    """Why a ticket was escalated."""

    UNRESOLVED = "unresolved", "still unsolved after several attempts", "nach mehreren Versuchen noch ungelöst"
    PASSED_AROUND = "passed_around", "passed around too often", "zu oft weitergereicht"
    SILENCE = "silence", "the customer heard nothing for too long", "zu lange ohne Nachricht"
    UNMET_EXPECTATION = (
        "unmet_expectation",
        "not what the customer was led to expect",
        "eine Erwartung wurde nicht erfüllt",
    )
    TOO_COMPLEX = "too_complex", "too complex for the first team", "zu komplex für das erste Team"
    FINANCIAL_IMPACT = (
        "financial_impact",
        "it costs the customer money",
        "finanzielle Folgen für die Kundin oder den Kunden",
    )
    POLICY_VIOLATION = "policy_violation", "a rule was broken", "eine Regel wurde verletzt"
    LEGAL = "legal", "legal steps or obligations", "rechtliche Schritte oder Pflichten"
    CUSTOMER_ASKED = "customer_asked", "the customer asked for someone more senior", "auf Kundenwunsch"
    AGENT_UNABLE = "agent_unable", "the colleague needed more skill or authority", "Fachwissen oder Entscheidung nötig"
    RECURRENCE = "recurrence", "it is not the first time", "kommt nicht zum ersten Mal vor"


class ClockName(StrEnum):
    """One promise about time. Declared in the order in which clocks due at the same instant fire."""

    ACKNOWLEDGE = "acknowledge"
    FIRST_RESPONSE = "first_response"
    NEXT_RESPONSE = "next_response"
    PROMISE = "promise"
    CUSTOMER_UPDATE = "customer_update"
    CHECK_IN = "check_in"
    CONSULT = "consult"
    APPROVAL = "approval"
    RESOLUTION = "resolution"
    AGEING = "ageing"
    SHIFT_END = "shift_end"
    CHOICE = "choice"
    CUSTOMER_REPLY = "customer_reply"
    CONTACT_LIMIT = "contact_limit"
    FOLLOW_UP = "follow_up"
    SATISFACTION = "satisfaction"
    REOPEN_WINDOW = "reopen_window"
    REVIEW = "review"
    REVIEW_ACTION = "review_action"


class PauseCause(StrEnum):
    """Why a clock may be paused."""

    WAITING_ON_CUSTOMER = "waiting_on_customer"
    WAITING_ON_THIRD_PARTY = "waiting_on_third_party"


class PacketPart(StrEnum):
    """A part of the hand-off packet that a policy may insist on."""

    CONCERN = "concern"
    TRIED = "tried"
    EVIDENCE = "evidence"
    PROPOSED = "proposed"


class ApprovalKind(StrEnum):
    """The kinds of requests that may need an approval."""

    REFUND = "refund"
    EXCEPTION = "exception"


class Channel(StrEnum):
    """A way to reach a person."""

    EMAIL = "email"
    SLACK = "slack"
    TEAMS = "teams"
    PAGERDUTY = "pagerduty"
    WEBHOOK = "webhook"
    APPRISE = "apprise"


class Proficiency(StrEnum):
    """Which words letters to a customer use."""

    PLAIN = "plain"
    TECHNICAL = "technical"


class Outcome(Worded):
    """The outcome of a resolution cycle."""

    SOLVED = "solved", "solved", "gelöst"
    WORKAROUND = "workaround", "workaround", "Übergangslösung"
    NO_FAULT_FOUND = "no_fault_found", "no fault found", "kein Fehler gefunden"
    NOT_POSSIBLE = "not_possible", "not possible", "nicht möglich"
    NO_REPLY = "no_reply", "no reply from the customer", "ohne Kundenantwort"


class CancelCause(StrEnum):
    """Why an escalation was called off."""

    WITHDRAWN = "withdrawn"
    DUPLICATE = "duplicate"


class CloseCause(Worded):
    """The cause of a closing."""

    SATISFIED = "satisfied", "satisfied customer", "zufriedene Rückmeldung"
    WINDOW_ENDED = "window_ended", "time to reopen is over", "Frist zum Wiederöffnen abgelaufen"


class Reading(StrEnum):
    """The meaning of a customer's message."""

    THANKS = "thanks"
    CONFIRMATION = "confirmation"
    OBJECTION = "objection"
    CHOICE = "choice"
    ANSWER = "answer"


class TicketNews(StrEnum):
    """The latest change of the ticket in the help desk."""

    SOLVED = "solved"
    MERGED = "merged"
    DELETED = "deleted"
    SPAM = "spam"
    REOPENED = "reopened"
    RESTORED = "restored"
    UNKNOWN_AUTHOR = "unknown_author"
    NEW_REQUESTER = "new_requester"
    UNWRITABLE = "unwritable"
    FLOODED = "flooded"


class Withdrawable(StrEnum):
    """The things said to the customer that can be taken back."""

    PROMISE = "promise"
    QUESTION = "question"
    OPTIONS = "options"


class PromiseEnd(StrEnum):
    """The end of an open promise, as the person says who resolves the case."""

    KEPT = "kept"
    WITHDRAWN = "withdrawn"


class PromiseFate(StrEnum):
    """The fate of a promise to the customer."""

    OPEN = "open"
    KEPT = "kept"
    DISPUTED = "disputed"
    BROKEN = "broken"
    REPLACED = "replaced"
    WITHDRAWN = "withdrawn"
    ENDED = "ended"


class ClimbCause(StrEnum):
    """The cause of a move to another tier."""

    COMMAND = "command"
    BREACH = "breach"
    NOT_ACKNOWLEDGED = "not_acknowledged"
    NOBODY_AVAILABLE = "nobody_available"
    CORRECTED = "corrected"


class Judgement(StrEnum):
    """The answer of a review to how the case was handled."""

    YES = "yes"
    PARTLY = "partly"
    NO = "no"


class Errand(StrEnum):
    """The work of the program beside the case, which it may have to give up."""

    RECORD = "record"
    RELEASE = "release"


class LeftBehind(StrEnum):
    """The work that a person who leaves the team may have in a case that is not theirs."""

    ADVICE = "advice"  # answer a request for advice
    APPROVAL = "approval"  # decide on a request for approval
    ACTIONS = "actions"  # do what was agreed to prevent the problem next time
    AFTERCARE = "aftercare"  # follow up on a case they solved, write its review, take it back when it is reopened
    CONTACT = "contact"  # be the customer's contact


CUSTOMER = "customer"  # the recipient name that stands for the customer; every other recipient is a person's id

SYSTEM = "system"  # the actor of everything no person did: clocks and lifecycle rules
