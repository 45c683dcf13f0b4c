"""The workflow: one escalation from its opening to its end.

`run` deals with the platform: opening, cancellation, continue-as-new, leaving nothing behind. `_live` is the story:
whatever comes next, a command or a due clock, goes to `decide`; its events are folded, recorded and shown; its
effects run as tasks of their own, so that no dead mail server ever holds up a deadline.
"""

import asyncio
from collections.abc import Coroutine
from dataclasses import replace

from temporalio import workflow
from temporalio.common import RawValue
from temporalio.exceptions import ApplicationError, FailureError

from workflows.options import WORKFLOW_TYPE
from workflows.starting import started_with

with workflow.unsafe.imports_passed_through():
    import escalation.case.events  # noqa: F401 (`escalation.deferred` finds it here, outside the sandbox)
    from escalation.bounds import shortened
    from escalation.case.commands import SUPPORT_COMMANDS, Cancel, Command, FireDueClocks, RecordGaveUp
    from escalation.lifecycle.draft import Decision
    from escalation.lifecycle.rules_version import require_known
    from escalation.lifecycle.table import allowed
    from escalation.messages.effects import Effect
    from escalation.people import must_be_allowed_to_write, must_name_known
    from escalation.program_texts import ProgramText
    from escalation.vocabulary import CancelCause, Errand
    from workflows import activity_calls, preparing, temporal_ui
    from workflows.carried import Ended, MakeWay, Recall, Start
    from workflows.carrying_out import carry_out
    from workflows.contract import ESCALATED_AGAIN, Answer
    from workflows.converter import NO_INPUT
    from workflows.escalation_record import keep_record
    from workflows.escalation_run import EscalationRun
    from workflows.history_length import HistoryLength
    from workflows.known_people import KNOWN
    from workflows.moving_out import moved_out
    from workflows.named_updates import CaseUpdates
    from workflows.opening import opened, recalled
    from workflows.questions import Questions
    from workflows.updates import parsed, refusing

OPERATOR = "operator"  # who cancelled, where the workflow was cancelled in Temporal rather than by a command
ANSWERS_LEFT = 1  # latest answers in the result, for a client that repeats a command it got no answer to


@workflow.defn(name=WORKFLOW_TYPE)
class EscalationWorkflow(CaseUpdates, Questions):
    """The whole life of one escalation."""

    @workflow.init
    def __init__(self, start: RawValue = NO_INPUT) -> None:
        self._start = started_with(start, Start)
        valid = self._start if isinstance(self._start, Start) else None
        self._case = EscalationRun.resumed(valid.carried) if valid and valid.carried else None
        self._tasks: set[asyncio.Task[None]] = set()
        self._failure: BaseException | None = None
        self._never_opened = valid is None
        self.history = HistoryLength(limit=valid.history_limit if valid else 0)
        self._makes_way = False

    @workflow.run
    async def run(self, start: RawValue = NO_INPUT) -> Ended:  # noqa: ARG002 (`__init__` has read it)
        """Live the escalation that a `Start` asks for; ends when nothing will happen by itself again."""
        case = self._case
        if case is None:
            case = await self._open_or_tell()
        else:
            require_known(case.state.rules)
            for effect in tuple(case.pending.values()):
                self._begin(effect)
            self._show(case)
        self.history.look()
        self._spawn(keep_record(case, given_up=self._record_refused, after=self.history.look))
        while not self._is_over(case):
            if self._failure is not None:
                # Not as it is: a failed activity would end the escalation. This fails the task until the code is fixed.
                raise RuntimeError("an effect failed unexpectedly") from self._failure
            try:
                await self._live(case)
            except asyncio.CancelledError:
                self.history.look()
                self._cancelled_from_outside(case)
            if self._should_make_way(case) and await self._move_out(case):
                break
            if self._should_continue_as_new(case):
                self._continue_as_new(case)
        answers = dict(list(case.answers.items())[-ANSWERS_LEFT:])
        return Ended(stage=case.state.stage, cycle=case.state.cycle, events=case.state.seq, answers=answers)

    async def take(self, name: str, command: RawValue) -> Answer:
        """See base class; the command waits until the escalation is open."""
        short = shortened(parsed(name, command, SUPPORT_COMMANDS))
        await workflow.wait_condition(lambda: self._case is not None or self._never_opened)
        self.history.look()
        case = self._opened()
        info = workflow.current_update_info()
        command_id = info.id if info else ""
        if command_id in case.answers:
            return case.answers[command_id]
        ready = await preparing.ready(short.command, case.state.customer.language)
        with refusing(name):
            case.must_have_room(short.command, short.long_texts)
            before = case.state
            decision = self._decided(case, ready)
            case.keep_apart(short.long_texts)
        self._follow(case, decision)
        return case.answer(command_id, decision, before)

    def check(self, name: str, command: RawValue) -> None:
        """See base class."""
        short = shortened(parsed(name, command, SUPPORT_COMMANDS))
        if self._makes_way:
            raise ApplicationError("the ticket is being escalated again; repeat the command", type=ESCALATED_AGAIN)
        info = workflow.current_update_info()
        if self._case is None or (info and info.id in self._case.answers):
            return
        with refusing(name):
            must_name_known(short.command, KNOWN.besides(self._case.policy.ladder.overseer))
            must_be_allowed_to_write(short.command, KNOWN.silent)
            self._case.must_have_room(short.command, short.long_texts)
            self._case.check(short.command, workflow.now())

    @workflow.update(name="make_way", description="For the next escalation of the ticket: leave it the workflow id.")
    async def make_way(self, _request: MakeWay) -> None:
        """Leave the ticket's workflow id to its next escalation; refused while this one is open."""
        self.history.look()
        self._makes_way = True

    @make_way.validator
    def _validate_make_way(self, _request: MakeWay) -> None:
        if self._opened().state.is_open:
            raise ApplicationError("the escalation is open; the ticket has one at a time", type="InvalidTransition")

    async def _open_or_tell(self) -> EscalationRun:
        # Open; where that fails, commands that already wait for it are answered before the workflow ends.
        try:
            return await self._open()
        except (FailureError, asyncio.CancelledError):
            self._never_opened = True
            await workflow.wait_condition(workflow.all_handlers_finished)
            raise

    async def _open(self) -> EscalationRun:
        start = self._valid_start()
        if isinstance(start.request, Recall):
            self._case = await recalled(start.request)
            self._show(self._case)
            return self._case
        case, decision, self._start = await opened(start, start.request)
        self._case = case
        self._follow(case, decision)
        return case

    async def _live(self, case: EscalationRun) -> None:
        """One step: what is due now is carried out; otherwise wait for what comes first."""
        now = workflow.now()
        if case.is_due(now):
            self._do(case, FireDueClocks())
            return
        armed, searching = case.due, case.is_searching
        try:
            await workflow.wait_condition(
                lambda: (
                    case.due != armed
                    or case.is_searching != searching
                    or self._failure is not None
                    or self._should_leave(case)
                ),
                timeout=case.longest_wait(now, activity_calls.SEARCH_LIMIT),
                timeout_summary=None if armed is None else f"{armed.clock} {armed.threshold.name}",
            )
        except TimeoutError:  # then it is due, and the next step carries it out
            self.history.look()

    def _do(self, case: EscalationRun, command: Command) -> None:
        self._follow(case, self._decided(case, command))

    def _decided(self, case: EscalationRun, command: Command) -> Decision:
        return case.apply(command, workflow.now())

    def _follow(self, case: EscalationRun, decision: Decision) -> None:
        self._show(case)
        for effect in decision.effects:
            self._begin(effect)

    def _show(self, case: EscalationRun) -> None:
        updates = temporal_ui.attribute_updates(case.state, workflow.info().typed_search_attributes)
        if updates:
            workflow.upsert_search_attributes(updates)
        workflow.set_current_details(temporal_ui.details(case))

    def _begin(self, effect: Effect) -> None:
        self._spawn(self._carry_out(self._opened(), effect))

    async def _carry_out(self, case: EscalationRun, effect: Effect) -> None:
        for decision in await carry_out(case, effect, self.history):
            self._follow(case, decision)

    def _record_refused(self, error: str) -> None:
        case = self._opened()
        if not case.state.is_unrecorded:
            self._do(case, RecordGaveUp(what=Errand.RECORD, error=error))

    def _should_leave(self, case: EscalationRun) -> bool:
        return self._is_over(case) or self._should_make_way(case) or self._should_continue_as_new(case)

    def _should_make_way(self, case: EscalationRun) -> bool:
        return self._makes_way and self._can_hand_over(case)

    async def _move_out(self, case: EscalationRun) -> bool:
        """Go on in a workflow named after this life, where that name is free."""
        moved = await moved_out(case, self._valid_start())
        if not moved:
            self._makes_way = False
            self.history.look()
        return moved

    def _is_over(self, case: EscalationRun) -> bool:
        return case.is_over and workflow.all_handlers_finished()

    def _should_continue_as_new(self, case: EscalationRun) -> bool:
        is_quiet = not (case.sending or case.unrecorded)
        is_time = self.history.is_overdue or (self.history.is_long and is_quiet)
        return is_time and self._can_hand_over(case)

    def _can_hand_over(self, case: EscalationRun) -> bool:
        """Whether nothing is under way that only this run has: a handler, or a long text that is not stored yet."""
        return not case.unkept and workflow.all_handlers_finished()

    def _continue_as_new(self, case: EscalationRun) -> None:
        workflow.continue_as_new(replace(self._valid_start(), carried=case.carried()))

    def _valid_start(self) -> Start:
        if isinstance(self._start, ApplicationError):
            raise self._start
        return self._start

    def _cancelled_from_outside(self, case: EscalationRun) -> None:
        if "cancel" in allowed(case.state.stage):
            why = ProgramText.WORKFLOW_CANCELLED.say()
            self._do(case, Cancel(by=OPERATOR, cause=CancelCause.WITHDRAWN, why=why))

    def _opened(self) -> EscalationRun:
        if self._never_opened:
            raise ApplicationError("the escalation could not be opened; its workflow says why", type="NeverOpened")
        if self._case is None:
            raise ApplicationError("the escalation is being opened; ask again", type="NotOpenedYet")
        return self._case

    def _spawn(self, work: Coroutine[None, None, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._finished)

    def _finished(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and task.exception() is not None:
            self._failure = task.exception()
