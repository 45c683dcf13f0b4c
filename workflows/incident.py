"""The workflow of an incident: one cause, many escalations.

It decides nothing itself. Commands come as updates and go to `escalation.incident.lifecycle`; what each linked escalation
is still to hear follows from the state, and is run as errands: one activity asks many escalations, so that an incident of
a thousand has a history of a few hundred events. One errand runs at a time.
"""

import asyncio
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta

from temporalio import workflow
from temporalio.common import RawValue
from temporalio.exceptions import ApplicationError

from workflows.options import INCIDENT_TYPE, incident_id, incident_of
from workflows.starting import started_with

with workflow.unsafe.imports_passed_through():
    from activities.contracts import ErrandReport, IncidentRecordInput
    from activities.incidents import IncidentActivities
    from escalation.bounds import accepted
    from escalation.incident.commands import INCIDENT_COMMANDS, GiveUpRecord, IncidentCommand, RecordErrand
    from escalation.incident.errands import next_errand, wakes_at
    from escalation.incident.events import IncidentEvent
    from escalation.incident.lifecycle import check_start
    from escalation.incident.values import Errand
    from escalation.incident.view import summary_of, view_of
    from escalation.lifecycle.rules_version import require_known
    from escalation.people import must_be_allowed_to_write
    from workflows.activity_calls import STEADY
    from workflows.carried import IncidentEnded, IncidentStart
    from workflows.converter import NO_INPUT
    from workflows.history_length import HistoryLength
    from workflows.incident_contract import IncidentAnswer, IncidentStatus
    from workflows.incident_run import RECENT_EVENTS, IncidentRun
    from workflows.known_people import KNOWN
    from workflows.memory import SHOWN_BYTES
    from workflows.named_updates import IncidentUpdates
    from workflows.recorder import keep_recording, recording, write_down
    from workflows.updates import parsed, refusing

ERRAND_SIZE = 200
"""Most escalations that one errand asks: what a history shows as one step, and what a command waits for at most."""
ERRAND_ATTEMPT = timedelta(minutes=15)
"""Longest attempt of an errand: if all of its escalations are silent, asking them takes a third of it."""
HEARTBEAT = timedelta(seconds=10)
"""After so long without a sign of life, an errand goes to another worker; a busy worker beats every few seconds."""
RECORD_BATCH = 20  # most events recorded at once; while an errand runs, fewer wait for it
LINGERS = timedelta(days=30)  # how long a resolved incident still takes tickets that turn up late, and can be reopened


@workflow.defn(name=INCIDENT_TYPE)
class IncidentWorkflow(IncidentUpdates):
    """The whole life of one incident."""

    @workflow.init
    def __init__(self, start: RawValue = NO_INPUT) -> None:
        self._start = started_with(start, IncidentStart)
        self._is_running_errand = False
        self._refusal: ApplicationError | None = None
        self._opened: IncidentRun | None = None
        try:
            self._opened = self._live_incident()
        except ApplicationError as refusal:
            self._refusal = refusal
        self.history = HistoryLength(limit=0 if self._refusal else self._valid_start().history_limit)

    @workflow.run
    async def run(self, start: RawValue = NO_INPUT) -> IncidentEnded:  # noqa: ARG002 (`__init__` has read it)
        """Live the incident that an `IncidentStart` asks for; ends when it has long been resolved and all is delivered."""
        if self._refusal is not None:
            await workflow.wait_condition(workflow.all_handlers_finished)
            raise self._refusal
        require_known(self._live.state.rules)
        self._show()
        recording = asyncio.create_task(self._keep_record())
        while not self._is_over(workflow.now()):
            if recording.done():
                # Fails the task until the code is fixed, instead of ending the incident.
                raise RuntimeError("recording failed unexpectedly") from recording.exception()
            await self._step()
            if self._should_continue_as_new():
                workflow.continue_as_new(replace(self._valid_start(), carried=self._live.carried()))
        state = self._live.state
        return IncidentEnded(linked=len(state.linked), bulletins=len(state.bulletins), events=state.seq)

    async def take(self, name: str, command: RawValue) -> IncidentAnswer:
        """See base class."""
        asked: IncidentCommand = parsed(name, command, INCIDENT_COMMANDS)
        info = workflow.current_update_info()
        command_id = info.id if info else ""
        if command_id in self._live.answers:
            return self._live.answers[command_id]
        with refusing(name):
            self._live.must_have_room(asked)
            self._live.apply(asked, workflow.now())
        self.history.look()
        self._show()
        return self._live.answer(command_id)

    def check(self, name: str, command: RawValue) -> None:
        """See base class."""
        asked: IncidentCommand = parsed(name, command, INCIDENT_COMMANDS)
        info = workflow.current_update_info()
        if info and info.id in self._live.answers:
            return
        with refusing(name):
            must_be_allowed_to_write(asked, KNOWN.silent)
            self._live.must_have_room(asked)
            self._live.check(asked, workflow.now())

    @workflow.query
    def status(self) -> IncidentStatus:
        """The incident as it is now."""
        return IncidentStatus(view=view_of(self._live.state), unrecorded=len(self._live.unrecorded))

    @workflow.query
    def timeline(self) -> list[IncidentEvent]:
        """The latest events; the record has them all."""
        return list(self._live.latest(RECENT_EVENTS, SHOWN_BYTES))

    def _live_incident(self) -> IncidentRun:
        start = self._valid_start()
        if start.carried:
            return IncidentRun.resumed(start.carried)
        info = workflow.info()
        with refusing("open"):
            asked = accepted(start.request)
            check_start(asked, info.workflow_id, incident_id(asked.name))
            return IncidentRun.opened(asked, info.workflow_start_time)

    def _valid_start(self) -> IncidentStart:
        if isinstance(self._start, ApplicationError):
            raise self._start
        return self._start

    @property
    def _live(self) -> IncidentRun:
        if self._opened is None:
            raise ApplicationError("the incident could not be opened; its workflow says why", type="NeverOpened")
        return self._opened

    async def _step(self) -> None:
        """Run what is owed now; otherwise wait for what comes first."""
        errand = next_errand(self._live.state, workflow.now(), most=ERRAND_SIZE)
        if errand is not None:
            report = await self._run_errand(errand)
            self.history.look()
            require_known(report.rules)
            done = RecordErrand(errand=errand, outcomes=report.outcomes, pages=report.pages, rules=report.rules)
            self._live.apply(done, workflow.now())
            self._show()
            return
        # A condition must not read the clock: `workflows.history_length` says why.
        seq, now = self._live.state.seq, workflow.now()
        with suppress(TimeoutError):
            await workflow.wait_condition(
                lambda: self._live.state.seq != seq or self._should_leave(now),
                timeout=self._timeout(),
                timeout_summary="until it is tried again, or ends",
            )
        self.history.look()

    async def _run_errand(self, errand: Errand) -> ErrandReport:
        what = f"{errand.kind} {errand.number}" if errand.bulletin else str(errand.kind)
        self._is_running_errand = True
        try:
            return await workflow.execute_activity_method(
                IncidentActivities.run_errand,
                errand,
                start_to_close_timeout=ERRAND_ATTEMPT,
                heartbeat_timeout=HEARTBEAT,
                retry_policy=STEADY,
                summary=f"{what}: {len(errand.tickets)} escalations",
            )
        finally:
            self._is_running_errand = False

    async def _keep_record(self) -> None:
        """Write events to the record after an errand, or when many have piled up."""
        live = self._live
        await keep_recording(
            live,
            self._record,
            most=RECORD_BATCH,
            is_time=lambda: (
                len(live.unrecorded) >= RECORD_BATCH or (bool(live.unrecorded) and not self._is_running_errand)
            ),
            after=self.history.look,
        )

    async def _record(self, events: tuple[IncidentEvent, ...]) -> None:
        batch = IncidentRecordInput(
            incident=incident_of(workflow.info().workflow_id),
            first_seq=self._live.recorded + 1,
            events=events,
            summary=summary_of(self._live.state),
        )
        what = recording(events, batch.first_seq)
        await write_down(IncidentActivities.record_incident, batch, what, self._record_refused)

    def _record_refused(self, error: str) -> None:
        self._live.apply(GiveUpRecord(error=error), workflow.now())
        self._show()

    def _timeout(self) -> timedelta | None:
        state = self._live.state
        ends = None if state.resolved_at is None else state.resolved_at + LINGERS
        instants = [at for at in (wakes_at(state), ends) if at is not None and at > workflow.now()]
        return min(instants) - workflow.now() if instants else None

    def _show(self) -> None:
        updates = self._live.attribute_updates(workflow.info().typed_search_attributes)
        if updates:
            workflow.upsert_search_attributes(updates)
        workflow.set_current_details(self._live.details)

    def _should_leave(self, now: datetime) -> bool:
        return self._is_over(now) or self._should_continue_as_new()

    def _is_over(self, now: datetime) -> bool:
        live = self._live
        resolved_at = live.state.resolved_at
        if resolved_at is None or now < resolved_at + LINGERS or live.unrecorded:
            return False
        is_told = wakes_at(live.state) is None and next_errand(live.state, now, most=1) is None
        return is_told and workflow.all_handlers_finished()

    def _should_continue_as_new(self) -> bool:
        return self.history.is_long and workflow.all_handlers_finished()
