"""Executes a form of a case, and reports what the case did or why it refused."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from activities.adapters.postgres.records import Records
from activities.errors import UnrenderableMessage
from escalation.bounds import accepted
from escalation.case.commands import SupportCommand
from escalation.errors import InvalidCommand, InvalidTransition
from escalation.screen import Form, NotFilled, Sent, command_from
from escalation.vocabulary import Stage
from starter.errors import CommandRefused, EscalationEnded, NoSuchCase, TemporalUnreachable, WorkersBusy
from starter.http.agent.facts import CaseFacts
from starter.http.agent.showing import Attempt
from starter.http.backend import Backend
from starter.http.idempotency import command_id_of
from starter.http.letter_previews import Preview, letters_of
from starter.http.login.sessions import Session
from starter.http.recorded import until_recorded
from starter.undoing import UndoCancel, undo_cancel
from workflows.contract import Answer

_ID = re.compile(r"[A-Za-z0-9_-]{10,64}")
_QUOTED = re.compile("“[^”]*”")
# How a warning about the wording is known; other commands may be sent `anyway` for other reasons.
_WORDING = "say it in other words"
# Forms in which a value that was left as it was says nothing.
_SENT_WHERE_CHANGED = frozenset({"correct"})


class Refused(Exception):
    """The form was refused."""

    def __init__(self, attempt: Attempt, status: int) -> None:
        self.attempt, self.status = attempt, status
        super().__init__()


async def act(backend: Backend, session: Session, case: CaseFacts, form: Form, sent: Sent) -> Answer:
    """Send what a form means; the same form again does nothing twice.

    Raises:
        Refused: It cannot be read, or the case did not take it; says why.
    """
    attempt = attempt_of(form, sent)
    command = _command(session, form, attempt)
    with _refusing(attempt):
        if isinstance(command, UndoCancel):
            return await _undo(backend, case, command)
        answer = await backend.client.send(case.escalation, command, command_id=_command_id(session, attempt))
    await until_recorded(Records(backend.database), case.escalation, answer.seq)
    return answer


def attempt_of(form: Form, sent: Sent) -> Attempt:
    """Return the form's input, as the form shows it again."""
    return Attempt(kind=form.kind, sent=sent, id=sent.get("id", [""])[0])


async def previewed(backend: Backend, session: Session, case: CaseFacts, form: Form, sent: Sent) -> tuple[Preview, ...]:
    """The letters that the customer would get for a form; nothing is done.

    Raises:
        Refused: As `act`.
    """
    attempt = attempt_of(form, sent)
    command = _command(session, form, attempt)
    if isinstance(command, UndoCancel):
        return ()
    with _refusing(attempt):
        return await letters_of(backend, case.escalation, command)


@contextmanager
def _refusing(attempt: Attempt) -> Iterator[None]:
    """Say why the form within was not carried out."""
    try:
        yield
    except CommandRefused as refusal:
        raise _refused(attempt, refusal) from None
    except UnrenderableMessage as unwritable:
        raise Refused(attempt=replace(attempt, message=str(unwritable)), status=422) from None
    except (EscalationEnded, NoSuchCase):
        raise Refused(attempt=replace(attempt, problem="over"), status=409) from None
    except (TemporalUnreachable, WorkersBusy):
        raise Refused(attempt=replace(attempt, problem="later"), status=503) from None


async def _undo(backend: Backend, case: CaseFacts, command: UndoCancel) -> Answer:
    opening = await undo_cancel(backend.client, case.escalation, by=command.by, why=command.why, now=backend.now())
    await until_recorded(Records(backend.database), opening.escalation, 1)
    return Answer(stage=Stage.UNASSIGNED, seq=1, escalation=opening.escalation)


def _command(session: Session, form: Form, attempt: Attempt) -> SupportCommand | UndoCancel:
    before = form.filled if form.kind in _SENT_WHERE_CHANGED else {}
    try:
        command: SupportCommand | UndoCancel = command_from(
            form.type, attempt.sent, by=session.caller.actor, zone=session.person.zone, unchanged=before
        )
        return accepted(command)
    except NotFilled as unread:
        raise Refused(attempt=replace(attempt, unfit=unread.problems), status=422) from None
    except InvalidCommand as refusal:
        raise Refused(attempt=replace(attempt, message=str(refusal)), status=422) from None


def _refused(attempt: Attempt, refusal: CommandRefused) -> Refused:
    if refusal.type == InvalidTransition.__name__:
        return Refused(attempt=replace(attempt, problem="changed"), status=409)
    if refusal.type == InvalidCommand.__name__ and _WORDING in refusal.message:
        marked = ", ".join(_QUOTED.findall(refusal.message))
        return Refused(attempt=replace(attempt, problem="wording", marked=marked), status=422)
    return Refused(attempt=replace(attempt, message=refusal.message), status=409)


def _command_id(session: Session, attempt: Attempt) -> str | None:
    # The same form with the same words is the same command; with other words it is another one.
    if not _ID.fullmatch(attempt.id):
        return None
    said = "\n".join(f"{name}={value}" for name, values in sorted(attempt.sent.items()) for value in values)
    return command_id_of(session.caller.actor, said)
