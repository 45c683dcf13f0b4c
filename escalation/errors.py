"""The errors of the domain, by what the caller can do about them.

EscalationError
├── Refused             the command cannot be done; nothing changed; ask for something else
│   ├── InvalidTransition   not in this stage; says what is possible
│   ├── CaseOver            the case is over; the customer's words need the ticket's next escalation
│   ├── NotAllowed          not by this person
│   ├── ShouldNotEscalate   triage says no; says what was found
│   ├── NoRoom              not now: too much of the case waits for the world; send it again later
│   └── InvalidCommand      the command itself makes no sense; says which part
└── InvalidFile         a file that people write cannot be used; says where and how to fix it
    └── InvalidPolicy       a policy; rosters, mappings and iCalendar files have their own beside their readers
ValueError
└── InvalidTime         a calendar or a duration cannot be used; its kinds are in `escalation.business_time.errors`
"""

from collections.abc import Iterable


class EscalationError(Exception):
    """Base of everything the domain raises."""


class Refused(EscalationError):
    """The command cannot be done; the state is untouched."""


class InvalidTransition(Refused):
    """The command is not possible in this stage.

    Attributes:
        stage: The stage it met; empty before the opening.
        allowed: Wire names of the commands possible in this stage.
    """

    def __init__(self, command: str, stage: str, allowed: Iterable[str]) -> None:
        self.command = command
        self.stage = stage
        self.allowed = tuple(sorted(allowed))
        possible = ", ".join(self.allowed) or "nothing"
        super().__init__(f"`{command}` is not possible while {stage or 'not opened'}; possible now: {possible}")


class CaseOver(Refused):
    """The case is over for good, and what the customer wrote has to be answered in the ticket's next escalation."""

    def __init__(self) -> None:
        super().__init__(
            "the case is over, and its reopen window with it; send the message through the client or the command line, "
            "which open the ticket's next escalation with it"
        )


class NotAllowed(Refused):
    """The command is possible, but not by this person."""


class ShouldNotEscalate(Refused):
    """Triage was asked, and says that the ticket should not escalate; the message says what it found."""


class NoRoom(Refused):
    """Too much of the case has not reached the record or its recipients yet; the same command may be taken later."""


class InvalidCommand(Refused):
    """A part of the command makes no sense; the message names it."""


class InvalidFile(EscalationError):
    """A file that people write cannot be used.

    Attributes:
        problems: One line each: `file:line: what is wrong; what to do`.
    """

    def __init__(self, problems: Iterable[str]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(self.problems))


class InvalidPolicy(InvalidFile):
    """A policy cannot be used."""


class InvalidTime(ValueError):
    """A calendar or a duration cannot be used as it is written."""
