"""Errors that a support tool meets, by what the caller can do about them.

    StarterError
    ├── CommandRefused          nothing changed; ask for something else
    ├── NoSuchCase              this escalation cannot take commands
    │   ├── UnknownEscalation       there never was one; open it, or correct the ticket number
    │   ├── UnknownIncident         there never was one of this name; open it
    │   ├── IncidentEnded           it is over for good; open another one
    │   └── EscalationEnded         it is over for good; read it, or open another ticket
    └── WorkersBusy             no answer came; repeat with the same command id
        └── CaseStuck               its workflow task fails; no worker can answer until the cause is fixed
    TemporalUnreachable         no server; start it, then repeat (from `runtime.unreachable`)
    └── NotPrepared                 the namespace or search attributes are missing; run `escalations setup`

`starter.transport` makes them out of Temporal's errors, in one place.
"""

from runtime.unreachable import NotPrepared, TemporalUnreachable

__all__ = [
    "CaseStuck",
    "CommandRefused",
    "EscalationEnded",
    "IncidentEnded",
    "NoSuchCase",
    "NotPrepared",
    "StarterError",
    "TemporalUnreachable",
    "UnknownEscalation",
    "UnknownIncident",
    "WorkersBusy",
]


class StarterError(Exception):
    """Base of the client's errors, except `TemporalUnreachable`."""


class CommandRefused(StarterError):
    """The domain refused the command; the escalation is untouched.

    Attributes:
        type: Name of the domain's error, such as `InvalidTransition`.
    """

    def __init__(self, type: str, message: str) -> None:  # noqa: A002 (the word Temporal uses for it)
        self.type = type
        self.message = message
        super().__init__(message)

    @property
    def allowed(self) -> tuple[str, ...]:
        """Wire names of the commands possible instead, where the refusal lists them."""
        _, possible, commands = self.message.partition("possible now: ")
        return tuple(commands.split(", ")) if possible and commands != "nothing" else ()


class NoSuchCase(StarterError):
    """This escalation cannot take commands."""

    def __init__(self, escalation: str, message: str) -> None:
        self.escalation = escalation
        super().__init__(message)


class UnknownEscalation(NoSuchCase):
    """There is no escalation with this id, and the server knows no ended one either."""

    def __init__(self, escalation: str) -> None:
        super().__init__(escalation, f"there is no escalation `{escalation}`; check the ticket number, or open it")


class EscalationEnded(NoSuchCase):
    """The escalation has ended, with its reopen window and its review, or it failed.

    Attributes:
        stage: The stage it ended in; empty when the server does not say.
        failure: Why it failed, such as a policy that does not exist; empty when it ended as it should. A ticket whose
            escalation failed can be opened again.
    """

    def __init__(self, escalation: str, stage: str = "", failure: str = "") -> None:
        self.stage = stage
        self.failure = failure
        if failure:
            super().__init__(escalation, f"`{escalation}` has failed: {failure}; fix that, then open the ticket again")
            return
        super().__init__(
            escalation,
            f"`{escalation}` has ended ({stage or 'stage unknown'}) and takes no more commands; "
            "open the ticket again if it needs another escalation",
        )


class UnknownIncident(NoSuchCase):
    """There is no incident of this name, and the server knows no ended one either."""

    def __init__(self, incident: str, name: str) -> None:
        super().__init__(incident, f"there is no incident `{name}`; check the name, or open it")


class IncidentEnded(NoSuchCase):
    """The incident was resolved more than 30 days ago, or it failed or was cancelled in Temporal."""

    def __init__(self, incident: str, name: str) -> None:
        super().__init__(incident, f"the incident `{name}` has ended and takes no more commands; open another one")


class WorkersBusy(StarterError):
    """The server is reachable, but no worker answered in time.

    Attributes:
        command_id: The command's id; a repeat with it is done once, however often it is sent. Empty for a question.
    """

    def __init__(self, escalation: str, *, seconds: float, command_id: str = "", said: str = "") -> None:
        """Report that no answer came.

        Args:
            seconds: How long we waited.
            command_id: The command's id; empty for a question.
            said: What a worker said instead of an answer.
        """
        self.escalation = escalation
        self.command_id = command_id
        message = f"no worker answered for `{escalation}` within {seconds:g} s; check that workers run"
        if said:
            message = f"`{escalation}` cannot answer now: {said}"
        elif command_id:
            message += (
                f", then repeat with command id {command_id} (it may be executed in the meantime, but never twice)"
            )
        super().__init__(message)


class CaseStuck(WorkersBusy):
    """A workflow task of the case, or an activity it waits for, keeps failing: the case answers no command and its clocks do not fire."""

    def __init__(self, escalation: str, cause: str, *, command_id: str = "") -> None:
        self.escalation = escalation
        self.command_id = command_id
        self.cause = cause
        message = f"`{escalation}` is stuck: {cause}; see docs/operations.md#stuck-cases"
        if command_id:
            message += (
                f", then repeat with command id {command_id} (it may be executed in the meantime, but never twice)"
            )
        Exception.__init__(self, message)
