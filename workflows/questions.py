"""The queries of a running escalation, which change nothing and are not in its history."""

from datetime import datetime

from temporalio import workflow
from temporalio.common import RawValue
from temporalio.exceptions import ApplicationError

with workflow.unsafe.imports_passed_through():
    from escalation.bounds import shortened
    from escalation.case.commands import SUPPORT_COMMANDS
    from escalation.case.events import Event
    from escalation.clocks.explain import ClockExplanation, explain
    from escalation.lifecycle.rehearsing import Rehearsal
    from escalation.lifecycle.viewing import situation_of
    from escalation.messages.facts import SaysWhenNext
    from escalation.messages.letters import outlook_of
    from escalation.people import must_be_allowed_to_write, must_name_known
    from escalation.vocabulary import ClockName
    from workflows import temporal_ui
    from workflows.contract import Status
    from workflows.escalation_run import RECENT_EVENTS, EscalationRun
    from workflows.known_people import KNOWN
    from workflows.memory import SHOWN_BYTES
    from workflows.updates import parsed, refusing


class Questions:
    """The queries of the workflow."""

    def _opened(self) -> EscalationRun:
        raise NotImplementedError

    @workflow.query
    def status(self) -> Status:
        """The escalation as it is now."""
        case = self._opened()
        return Status(
            escalation=case.state.escalation,
            view=case.view,
            clocks=temporal_ui.clock_statuses(case),
            unrecorded=len(case.unrecorded),
            sending=case.sending,
            situation=situation_of(case.state, case.policy),
        )

    @workflow.query
    def outlook(self) -> SaysWhenNext:
        """The outlook for the customer, as a letter would say it now."""
        case = self._opened()
        return outlook_of(case.state, case.policy)

    @workflow.query
    def rehearse(self, name: str, command: RawValue, at: datetime) -> Rehearsal:
        """The letters the customer would get for a command that came at an instant; nothing is done."""
        case = self._opened()
        try:
            short = shortened(parsed(name, command, SUPPORT_COMMANDS)).command
            with refusing(name):
                must_name_known(short, KNOWN.besides(case.policy.ladder.overseer))
                must_be_allowed_to_write(short, KNOWN.silent)
                return case.rehearse(short, max(at, workflow.now()))
        except ApplicationError as refusal:
            return Rehearsal(refusal=refusal.message, type=refusal.type or "")

    @workflow.query
    def strangers(self, names: list[str]) -> list[str]:
        """Those of these people who are not in the roster, as far as the worker that answers knows it."""
        known = KNOWN.besides(self._opened().policy.ladder.overseer)
        return [name for name in names if known and name not in known]

    @workflow.query
    def names(self) -> dict[str, str]:
        """Name of each person by id, also of those who left, as far as the worker that answers knows the roster."""
        return dict(KNOWN.names)

    @workflow.query
    def timeline(self) -> list[Event]:
        """The latest events; the record has them all."""
        return list(self._opened().latest(RECENT_EVENTS, SHOWN_BYTES))

    @workflow.query
    def explain(self, clock: str, at: datetime | None = None) -> list[ClockExplanation]:
        """The account of one running clock, or of all where the name is empty, up to when the caller asks."""
        case = self._opened()
        # A query sees the time of the latest event, which may be days ago. The caller's clock may be behind that.
        now = workflow.now() if at is None else max(at, workflow.now())
        wanted = [ClockName(clock)] if clock else list(case.state.runs)
        accounts = (explain(case.state, case.policy, one, at=now) for one in wanted)
        return [account for account in accounts if account is not None]
