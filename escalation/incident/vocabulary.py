"""The enums of incidents."""

from enum import StrEnum


class IncidentStage(StrEnum):
    """The stage of an incident."""

    OPEN = "open"
    RESOLVED = "resolved"


class ErrandKind(StrEnum):
    """The message that an escalation is still to get from its incident. Declared in the order in which errands are run."""

    LINK = "link"
    UNLINK = "unlink"
    BULLETIN = "bulletin"


class Result(StrEnum):
    """The result of an errand to one escalation.

    `told`: it took it, now or before. `over`: it is resolved or has ended, so there is no one to notify. `refused`: it did not
    take it. `unknown`: there is no such escalation. `unanswered`: no answer; it is retried.
    """

    TOLD = "told"
    OVER = "over"
    REFUSED = "refused"
    UNKNOWN = "unknown"
    UNANSWERED = "unanswered"
