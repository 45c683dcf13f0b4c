"""Resolves cases whose log step no longer applied because a clock had moved the case."""

import asyncio
from contextlib import suppress
from itertools import count

from escalation.case.commands import Acknowledge, Resolve, SupportCommand
from escalation.lifecycle.view import CaseView
from escalation.vocabulary import Outcome, Stage
from runtime.unreachable import TemporalUnreachable
from starter.errors import CommandRefused, NoSuchCase, WorkersBusy
from starter.play import CaseClient

LOOK_SECONDS = 0.5
PATIENCE = 90.0


async def see_through(desk: CaseClient, ticket: str, *, patience: float = PATIENCE) -> None:
    """Solve a case that is still unsolved; an unsolved case would live on, as it should.

    A clock may move a case at the very moment its last step is played; then the step no longer fits.

    Args:
        desk: Who sends the commands.
        ticket: Of the case; it was played.
        patience: Seconds after which it is left as it is.
    """
    with suppress(TimeoutError):
        async with asyncio.timeout(patience):
            for attempt in count():
                try:
                    command = _next((await desk.status(ticket)).view)
                    if command is None:
                        return
                    await desk.send(ticket, command, command_id=f"see-through/{ticket}/{attempt}")
                except NoSuchCase:
                    return
                except (CommandRefused, TemporalUnreachable, WorkersBusy):
                    await asyncio.sleep(LOOK_SECONDS)


def _next(view: CaseView) -> SupportCommand | None:
    """The command that brings the case nearer to its solution; None when it has one. Without an owner it is refused."""
    match view.stage:
        case Stage.RESOLVED | Stage.CLOSED | Stage.CANCELLED:
            return None
        case Stage.OFFERED:
            return Acknowledge(by=view.offered_to)
        case Stage.WORKING | Stage.WAITING_ON_CUSTOMER | Stage.UNASSIGNED:
            return Resolve(by=view.owner, outcome=Outcome.SOLVED, solution="Seen through to its end.")
