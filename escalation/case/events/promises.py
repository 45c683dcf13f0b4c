"""Events of promises to the customer: made, kept, broken, replaced."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from escalation.case.events.base import Happened, said


@dataclass(frozen=True, slots=True, kw_only=True)
class Promised(Happened):
    """The customer was given an ETA.

    Attributes:
        incident: Name of the incident whose bulletin promised it; empty where it is about this case alone.
        pages: Whether it is the case from which the bulletin's author learns what becomes of it.
    """

    sentences = said('{by} promised "{what}" by {eta}', "{by} hat zugesagt: „{what}“ bis {eta}")
    kind: Literal["promised"] = "promised"
    what: str
    eta: datetime
    by: str
    incident: str = ""
    pages: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PromiseKept(Happened):
    """A promise was kept in time.

    Attributes:
        by: Who says so.
        at_solution: Whether they said so when they resolved the case.
    """

    sentences = said(
        '{by} said that the promise ["{what}" ]was kept',
        "{by} sagt, dass die Zusage[ „{what}“] eingehalten wurde",
        no_by=('a person said that the promise ["{what}" ]was kept', "Die Zusage[ „{what}“] wurde eingehalten"),
    )
    kind: Literal["promise_kept"] = "promise_kept"
    what: str = ""
    by: str = ""
    at_solution: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PromiseLapsed(Happened):
    """The ETA passed without the promised thing.

    Attributes:
        settled: Whether the same decision writes to the customer about it, so that no new time is owed.
    """

    sentences = said(
        'MISSED: the promise ["{what}" ]was not kept', "VERPASST: Die Zusage[ „{what}“] wurde nicht eingehalten"
    )
    kind: Literal["promise_lapsed"] = "promise_lapsed"
    what: str = ""
    settled: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PromiseReplaced(Happened):
    """A person gives the customer another promise in place of the open one, and says so."""

    sentences = said(
        '{by} replaced the promise ["{what}" ]by {eta} with another one',
        "{by} hat die Zusage[ „{what}“] bis {eta} durch eine neue ersetzt",
    )
    kind: Literal["promise_replaced"] = "promise_replaced"
    what: str
    eta: datetime
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PromiseDropped(Happened):
    """The case ends with the promise open; the customer reads that it no longer holds.

    Attributes:
        by: Who ended the case.
    """

    sentences = said(
        'the promise ["{what}" ]by {eta} ended with the case', "Die Zusage[ „{what}“] bis {eta} gilt nicht mehr"
    )
    kind: Literal["promise_dropped"] = "promise_dropped"
    what: str
    eta: datetime
    by: str


PromiseEvent = Promised | PromiseKept | PromiseLapsed | PromiseReplaced | PromiseDropped
"""What the customer was given a time for, and how that ended."""
