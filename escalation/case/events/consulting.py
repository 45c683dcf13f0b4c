"""Events of requests to colleagues and their answers."""

from dataclasses import dataclass
from typing import Literal

from escalation.case.events.base import Happened, said
from escalation.vocabulary import ApprovalKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Consulted(Happened):
    """A colleague was asked for advice."""

    sentences = said('{by} asked {to}: "{question}"', "{by} hat {to} gefragt: „{question}“")
    kind: Literal["consulted"] = "consulted"
    by: str
    to: str
    question: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsultAnswered(Happened):
    """The advice came.

    Attributes:
        to: Who had been asked; `by` wrote it down.
    """

    sentences = said('{by} advised: "{answer}"', "{by} rät: „{answer}“")
    kind: Literal["consult_answered"] = "consult_answered"
    by: str
    to: str
    answer: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ApprovalRequested(Happened):
    """The owner asked for what they may not decide alone.

    Attributes:
        number: Counts the requests of this escalation, from 1.
        tier: The tier whose authority is asked for; 0 where only the overseer can decide.
    """

    sentences = said(
        "{by} asked for approval: {what} of {amount}[ {currency}][: {why}]",
        "{by} bittet um Genehmigung: {what} über {amount}[ {currency}][: {why}]",
        no_amount=("{by} asked for approval: {what}[: {why}]", "{by} bittet um Genehmigung: {what}[: {why}]"),
    )
    kind: Literal["approval_requested"] = "approval_requested"
    number: int
    what: ApprovalKind
    amount: int
    tier: int
    why: str
    by: str
    currency: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ApproverAsked(Happened):
    """A particular person was asked to decide on the request."""

    sentences = said("{person} was asked to decide", "{person} soll entscheiden")
    kind: Literal["approver_asked"] = "approver_asked"
    number: int
    person: str


@dataclass(frozen=True, slots=True, kw_only=True)
class GrantedWithinAuthority(Happened):
    """The owner granted what their tier may decide alone; no approver was asked."""

    sentences = said(
        "{by} granted: {what} of {amount}[ {currency}][: {why}]",
        "{by} hat genehmigt: {what} über {amount}[ {currency}][: {why}]",
        no_amount=("{by} granted: {what}[: {why}]", "{by} hat genehmigt: {what}[: {why}]"),
    )
    kind: Literal["granted_within_authority"] = "granted_within_authority"
    what: ApprovalKind
    amount: int
    why: str
    by: str
    currency: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ApprovalGranted(Happened):
    """A request for approval was granted."""

    sentences = said(
        "{by} granted: {what} of {amount}[ {currency}]",
        "{by} hat genehmigt: {what} über {amount}[ {currency}]",
        no_amount=("{by} granted: {what}", "{by} hat genehmigt: {what}"),
    )
    kind: Literal["approval_granted"] = "approval_granted"
    number: int
    what: ApprovalKind
    amount: int
    by: str
    currency: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ApprovalRefused(Happened):
    """A request for approval was refused.

    Attributes:
        explanation: The reason, as sent to the customer.
    """

    sentences = said(
        '{by} refused: {what} of {amount}[ {currency}]; "{explanation}"',
        "{by} hat nicht genehmigt: {what} über {amount}[ {currency}]; „{explanation}“",
        no_amount=('{by} refused: {what}; "{explanation}"', "{by} hat nicht genehmigt: {what}; „{explanation}“"),
    )
    kind: Literal["approval_refused"] = "approval_refused"
    number: int
    what: ApprovalKind
    amount: int
    explanation: str
    by: str
    currency: str = ""


ConsultingEvent = (
    Consulted
    | ConsultAnswered
    | GrantedWithinAuthority
    | ApprovalRequested
    | ApproverAsked
    | ApprovalGranted
    | ApprovalRefused
)
"""What colleagues are asked."""
