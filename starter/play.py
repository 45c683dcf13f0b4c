"""Plays lives against running escalations, at compressed time.

Every life starts at its own opening; openings follow each other at a small spacing, whatever dates the log has.
Each command carries an id made of its ticket and its place in the life, so that playing the same file again, or
going on after a crash, does nothing twice. Clocks of our own may move a case while it is played: what is then
refused is reported and left out, and the next step uses the case as it is.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Protocol, TypeVar

from escalation.case.commands import Acknowledge, AnswerSurvey, Decline, Open, SupportCommand
from escalation.vocabulary import ClockName, Stage
from simulation.exports import OWNER, Life, Pace, Step
from starter.errors import CommandRefused, NoSuchCase, TemporalUnreachable, WorkersBusy
from workflows.contract import Status

_FIRST_LOOK, _LAST_LOOK = 0.2, 2.0
_TRIES = 5

_Found = TypeVar("_Found")


class Opening(Protocol):
    """The result of an opening."""

    @property
    def started(self) -> bool:
        """Whether it is new; False where the ticket was escalated before."""


class CaseClient(Protocol):
    """The part of the client that the player uses."""

    async def open(self, request: Open, *, policy: str, again: bool) -> Opening:
        """Open an escalation, or find the one that is there; `again` false finds one that is over too."""

    async def send(self, ticket: str, command: SupportCommand, *, command_id: str) -> object:
        """Send a command, and return once it was accepted; the same id again does nothing."""

    async def status(self, ticket: str) -> Status:
        """The status of the escalation."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Skipped:
    """A step that was not done."""

    ticket: str
    index: int  # its place in the life, from 0; -1 is the opening
    step: Step | None  # the step; None for the opening
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Played:
    """The result of one life."""

    ticket: str
    started: bool  # whether its escalation is new
    done: int  # how many steps were accepted; a step accepted in an earlier play counts
    skipped: tuple[Skipped, ...]  # the others, in order


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """Progress of one life: `done` of `steps`, accepted or skipped."""

    ticket: str
    done: int
    steps: int


class _Hopeless(Exception):
    """No further step of this life can be done."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Playing:
    """Settings of a play."""

    policy: str = "default"
    pace: Pace = field(default_factory=Pace)
    concurrency: int = 64
    spacing: float = 0.1  # seconds between two openings
    patience: float = 20.0  # seconds to wait for an owner, a survey or a server before a step is given up

    def __post_init__(self) -> None:
        if self.concurrency < 1:
            raise ValueError(f"concurrency is {self.concurrency}; at least one life must be played at a time")


class Player:
    """Plays lives; one player may play many files one after the other."""

    def __init__(
        self,
        client: CaseClient,
        playing: Playing,
        *,
        clock: Callable[[], float],
        progress: Callable[[Progress], None] = lambda _: None,
    ) -> None:
        """Make a player.

        Args:
            clock: A steady clock in seconds, such as the event loop's `time`.
            progress: Called after each opening and each step.
        """
        self._client = client
        self._playing = playing
        self._clock = clock
        self._progress = progress

    async def play_all(self, lives: Iterable[Life]) -> tuple[Played, ...]:
        """Play all lives, a bounded number of them at a time; lives are taken only when there is room.

        Returns:
            The result of each, in the order given.
        """
        room = asyncio.Semaphore(self._playing.concurrency)
        tasks: list[asyncio.Task[Played]] = []

        async def play_one(life: Life) -> Played:
            try:
                return await self.play(life)
            finally:
                room.release()

        async with asyncio.TaskGroup() as group:
            waiting = iter(lives)
            while True:
                await room.acquire()
                if (life := next(waiting, None)) is None:
                    break
                tasks.append(group.create_task(play_one(life)))
                await asyncio.sleep(self._playing.spacing)
        return tuple(task.result() for task in tasks)

    async def play(self, life: Life) -> Played:
        """Play one life to its end. Refusals and unreachable servers are reported, not raised."""
        ticket, skipped = life.open.ticket, list[Skipped]()
        try:
            opening = await self._patiently(
                lambda: self._client.open(life.open, policy=self._playing.policy, again=False)
            )
        except (_Hopeless, CommandRefused) as error:
            self._report(life, len(life.steps))
            given_up = (Skipped(ticket=ticket, index=-1, step=None, reason=str(error)), *_rest(life, 0, str(error)))
            return Played(ticket=ticket, started=False, done=0, skipped=given_up)
        self._report(life, 0)
        due = self._clock()
        for index, (step, gap) in enumerate(zip(life.steps, self._playing.pace.gaps(life), strict=True)):
            due += gap
            # A step that had to wait makes the next ones hurry, but never more than the pace allows.
            await asyncio.sleep(max(due - self._clock(), self._playing.pace.shortest))
            try:
                await self._do(life, index, silent_first=index == 0 and opening.started and life.ignores_first_offer)
            except CommandRefused as error:
                skipped.append(Skipped(ticket=ticket, index=index, step=step, reason=str(error)))
            except _Hopeless as error:
                skipped.extend(_rest(life, index, str(error)))
                self._report(life, len(life.steps))
                break
            self._report(life, index + 1)
        done = len(life.steps) - len(skipped)
        return Played(ticket=ticket, started=opening.started, done=done, skipped=tuple(skipped))

    def _report(self, life: Life, done: int) -> None:
        self._progress(Progress(ticket=life.open.ticket, done=done, steps=len(life.steps)))

    async def _do(self, life: Life, index: int, *, silent_first: bool) -> None:
        ticket, command = life.open.ticket, life.steps[index].command
        command_id = f"import/{ticket}/{index}"
        if isinstance(command, AnswerSurvey):
            await self._look_until(ticket, _survey_is_out_or_never)
        for tries_left, pause in zip(reversed(range(_TRIES)), pauses(), strict=False):
            asked = command
            if command.by == OWNER:
                asked = await self._in_person(ticket, command, command_id, silent_first=silent_first)
            try:
                await self._send(ticket, asked, command_id)
            except CommandRefused:
                # Between the look and the command the case may have moved to another person, or is about to: a clock
                # is due, so who has the case is refused already, and its timer has not fired yet.
                if command.by != OWNER or not tries_left:
                    raise
                await asyncio.sleep(pause)
            else:
                return

    async def _in_person(
        self, ticket: str, command: SupportCommand, command_id: str, *, silent_first: bool
    ) -> SupportCommand:
        """The command with a person in place of `@owner`; if no one owns the case, that person takes it first."""
        status = await self._look_until(ticket, _somebody_has_it)
        if not _somebody_has_it(status):
            raise _Hopeless(
                f"no one got an offer within {self._playing.patience:g} s; play the file again to continue from here"
            )
        if silent_first and status.view.stage is Stage.OFFERED:
            status = await self._let_first_offer_lapse(ticket, status.view.offered_to)
        view = status.view
        takes = isinstance(command, Acknowledge | Decline)
        if view.stage is Stage.OFFERED and not takes:
            # It climbed or lapsed meanwhile: the person who has the offer now takes it, and the log continues with them.
            await self._send(ticket, Acknowledge(by=view.offered_to), f"{command_id}/taken-by/{view.offered_to}")
        person = view.offered_to or view.owner or view.contact
        return replace(command, by=person)

    async def _let_first_offer_lapse(self, ticket: str, first: str) -> Status:
        return await self._look_until(
            ticket, lambda status: _somebody_has_it(status) and status.view.offered_to != first
        )

    async def _send(self, ticket: str, command: SupportCommand, command_id: str) -> None:
        await self._patiently(lambda: self._client.send(ticket, command, command_id=command_id))

    async def _look_until(self, ticket: str, is_so: Callable[[Status], bool]) -> Status:
        """The status once it is so, or the last one when patience ends; ever longer between looks."""
        end = self._clock() + self._playing.patience
        for pause in pauses():
            status = await self._patiently(lambda: self._client.status(ticket))
            if is_so(status) or self._clock() + pause > end:
                return status
            await asyncio.sleep(pause)
        raise AssertionError("pauses never end")

    async def _patiently(self, call: Callable[[], Awaitable[_Found]]) -> _Found:
        # Call until a server answers; the same call again is safe, since commands carry ids.
        end = self._clock() + self._playing.patience
        for pause in pauses():
            try:
                return await call()
            except NoSuchCase as error:
                raise _Hopeless(str(error)) from error
            except (TemporalUnreachable, WorkersBusy) as error:
                if self._clock() + pause > end:
                    raise _Hopeless(f"{error}; play the file again to continue from here") from error
            await asyncio.sleep(pause)
        raise AssertionError("pauses never end")


def _rest(life: Life, start: int, reason: str) -> Iterator[Skipped]:
    for index in range(start, len(life.steps)):
        yield Skipped(ticket=life.open.ticket, index=index, step=life.steps[index], reason=reason)


def pauses() -> Iterator[float]:
    """Seconds between looks: short at first, then ever longer up to a bound. Never ends."""
    pause = _FIRST_LOOK
    while True:
        yield pause
        pause = min(pause * 1.5, _LAST_LOOK)


def _somebody_has_it(status: Status) -> bool:
    # Whether a person can act: with the offer, or as owner. A finished case has no one to wait for.
    return status.view.stage is not Stage.UNASSIGNED


def _survey_is_out_or_never(status: Status) -> bool:
    """Whether the customer holds the survey, or there is no use in waiting for it."""
    running = {clock.clock for clock in status.clocks}
    return ClockName.SATISFACTION in running or status.view.stage is not Stage.RESOLVED
