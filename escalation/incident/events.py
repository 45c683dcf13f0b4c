"""Events of an incident. Names and fields that were ever written are never reused; new fields get defaults."""

from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import Discriminator

from escalation.case.events.base import Happened
from escalation.incident.values import Bulletin, Outcome
from escalation.incident.vocabulary import ErrandKind


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentOpened(Happened):
    """An incident began."""

    kind: Literal["incident_opened"] = "incident_opened"
    name: str
    title: str
    cause: str
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketsLinked(Happened):
    """These escalations are about it."""

    kind: Literal["tickets_linked"] = "tickets_linked"
    tickets: tuple[str, ...]
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketsUnlinked(Happened):
    """These are not any more."""

    kind: Literal["tickets_unlinked"] = "tickets_unlinked"
    tickets: tuple[str, ...]
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BulletinIssued(Happened):
    """A bulletin to all linked escalations; `bulletin.solves` resolves the incident, `bulletin.reopens` reopens it."""

    kind: Literal["bulletin_issued"] = "bulletin_issued"
    bulletin: Bulletin


@dataclass(frozen=True, slots=True, kw_only=True)
class ErrandRun(Happened):
    """Some escalations heard of it, or could not.

    Attributes:
        pages: Overseers who heard of the bulletin from it.
        rules: Version of our own rules that the incident follows from now on.
    """

    kind: Literal["errand_run"] = "errand_run"
    errand: ErrandKind
    number: int
    outcomes: tuple[Outcome, ...]
    pages: tuple[str, ...] = ()
    rules: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordGivenUp(Happened):
    """The record has refused the incident for so long that only people can change it.

    Attributes:
        error: The kind of error; no values in it.
    """

    kind: Literal["record_given_up"] = "record_given_up"
    error: str


IncidentEvent = Annotated[
    IncidentOpened | TicketsLinked | TicketsUnlinked | BulletinIssued | ErrandRun | RecordGivenUp, Discriminator("kind")
]
"""Anything that can be in the timeline of an incident."""
