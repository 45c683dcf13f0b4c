"""A life that is watched: after each step, everything that must always hold is checked."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from escalation.business_time import OpenTime
from escalation.case.codec import event_from_json, to_json
from escalation.case.commands import Command, FireDueClocks, Open, RecordDeliveryFailed
from escalation.case.events import (
    CustomerReplied,
    DeliveryFailed,
    DueChanged,
    Event,
    MessageQueued,
    ThresholdReached,
    Withdrawn,
)
from escalation.case.state import State
from escalation.case.state_parts import ClockRun
from escalation.clocks.cache import DeadlineCache
from escalation.clocks.deadlines import Due, deadlines, next_due, target_instant, upcoming
from escalation.clocks.explain import explain
from escalation.errors import Refused
from escalation.lifecycle.decide import decide
from escalation.lifecycle.draft import Decision
from escalation.lifecycle.evolution import evolve, fold
from escalation.lifecycle.invariants import doubled_thresholds, violations
from escalation.lifecycle.table import LEADS_TO
from escalation.lifecycle.viewing import view_of
from escalation.messages.effects import AssignOwner, Deliver, FindApprover, Message
from escalation.people import FOR_STAFF, role_in
from escalation.policy import Policy
from escalation.vocabulary import CUSTOMER, ClockName, PauseCause, Stage
from tests.example_policy import REF
from tests.unit.domain.outcomes import OUTCOMES

Instants = dict[tuple[ClockName, int, str], datetime]


PROMISED_BY = {
    "next_update_at": ClockName.CUSTOMER_UPDATE,
    "promise_by": ClockName.PROMISE,
    "remind_at": ClockName.CUSTOMER_REPLY,
    "closes_at": ClockName.CUSTOMER_REPLY,
    "choose_by": ClockName.CHOICE,
    "decided_by": ClockName.APPROVAL,
    "reopen_until_at": ClockName.REOPEN_WINDOW,
    "check_back_at": ClockName.FOLLOW_UP,
}
"""The instants that a letter may promise, and the clock that keeps each promise."""


@dataclass
class WatchedLife:
    """One escalation under watch.

    Attributes:
        reread: The same state, folded from events that went through JSON; shares nothing with `state`.
        searches: Bookings asked for and not answered yet.
        approver_searches: Approvers asked for and not named yet.
        in_flight: Messages whose delivery may still fail.
    """

    policy: Policy
    now: datetime
    state: State = field(init=False)
    reread: State = field(init=False)
    cache: DeadlineCache = field(default_factory=DeadlineCache)
    armed: Mapping[ClockName, Due] = field(default_factory=dict)
    events: list[Event] = field(default_factory=list)
    keys: set[str] = field(default_factory=set)
    searches: list[AssignOwner] = field(default_factory=list)
    approver_searches: list[FindApprover] = field(default_factory=list)
    in_flight: list[Message] = field(default_factory=list)

    def open(self, command: Open) -> None:
        decision = decide(None, command, policy=self.policy, now=self.now, ref=REF)
        self.state = fold(decision.events)
        self.reread = fold(event_from_json(to_json(event)) for event in decision.events)
        self._remember(decision)
        self._check_state()

    def do(self, command: Command) -> bool:
        """Ask for something; whether it was accepted."""
        before, instants = self.state, self._instants()
        assert deadlines(before, self.policy) == self.cache(before, self.policy), "the cache is stale"
        try:
            decision = decide(before, command, policy=self.policy, now=self.now, deadlines_of=self.cache)
        except Refused:
            assert self.reread == before, "a refused command changed the state"
            return False
        self._follow(decision.events)
        old, self.policy = self.policy, decision.policy
        self._remember(decision)
        self._check_state()
        self._check_step(before, old, command, decision)
        self._check_instants(instants, command)
        return True

    def fire_due(self) -> None:
        """What the shell's timer does: everything due now is carried out, then nothing is due any more."""
        assert self.do(FireDueClocks())
        due = next_due(self.state, self.policy)
        assert due is None or due.at > self.now, f"{due} is due and did not fire"

    def wait(self, duration: timedelta, most: int) -> None:
        """Let time pass; thresholds fire at their instants, after `most` of them all the rest at the end."""
        until = self.now + duration
        for _ in range(most):
            due = next_due(self.state, self.policy)
            if due is None or due.at > until:
                break
            self.now = max(self.now, due.at)
            self.fire_due()
        self.now = until
        self.fire_due()

    def fail_delivery(self, message: Message) -> None:
        """A message reached no one: the overseer is paged once, and never about their own messages.

        If it was meant for the customer, so is the owner; who asked a colleague learns that they were not reached.
        """
        self.in_flight.remove(message)
        people = {self.policy.ladder.overseer}
        if message.to == CUSTOMER:
            people.add(self.state.owner or self.state.offered_to)
        elif self.state.consult is not None and self.state.consult.to == message.to:
            people.add(self.state.consult.by)
        elif self.state.offered_to == message.to:
            people.add(self.state.previous_owner)
        told = people - {message.to, ""}
        sent, stage = len(self.keys), self.state.stage
        assert self.do(RecordDeliveryFailed(key=message.key, to=message.to, error="refused"))
        reopened = self.state.stage in (Stage.OFFERED, Stage.UNASSIGNED) and stage is Stage.RESOLVED
        offers = 1 if reopened and self.state.offered_to else 0
        assert len(self.keys) - sent == len(told) + offers

    def check_story(self) -> None:
        """What holds of the whole: the timeline folds to the state, and each clock can be accounted for."""
        assert fold(self.events) == self.state
        assert doubled_thresholds(self.events) == ()
        for clock in self.state.runs:
            account = explain(self.state, self.policy, clock, at=self.now)
            assert (account and account.due) == target_instant(self.state, self.policy, clock)
            assert next(iter(upcoming(self.state, self.policy, clock)), None) == self.armed.get(clock)
        view = view_of(self.state, self.policy)
        assert (view.last_seq, view.messages) == (len(self.events), self._messages_to_customer())

    def _follow(self, events: Iterable[Event]) -> None:
        for event in events:
            if isinstance(event, ThresholdReached):
                self._check_firing(event)
            self.state = evolve(self.state, event)
            again = event_from_json(to_json(event))
            assert again == event
            self.reread = evolve(self.reread, again)

    def _remember(self, decision: Decision) -> None:
        self.events.extend(decision.events)
        self.searches.extend(effect for effect in decision.effects if isinstance(effect, AssignOwner))
        self.approver_searches.extend(effect for effect in decision.effects if isinstance(effect, FindApprover))
        messages = [effect.message for effect in decision.effects if isinstance(effect, Deliver)]
        queued = [event for event in decision.events if isinstance(event, MessageQueued)]
        assert sorted(message.key for message in messages) == sorted(event.key for event in queued)
        assert sum(message.to == CUSTOMER for message in messages) <= 1, "one decision writes to the customer twice"
        for message in messages:
            assert message.key not in self.keys, f"{message.key} names two messages; the second would be lost"
            self.keys.add(message.key)
            assert (message.to == CUSTOMER) != (message.kind in FOR_STAFF), "customers and colleagues were mixed up"
            assert message.to == CUSTOMER or not role_in(message.to), "a role was written to as if it were a colleague"
        self.in_flight.extend(messages)
        self.armed = deadlines(self.state, self.policy)
        for message in messages:
            if message.to == CUSTOMER:
                self._check_promises(message)
        assert decision.state == self.state, "the decision and its events tell different stories"
        assert decision.armed == self.armed, "what was armed anew is not what is due"

    def _check_promises(self, message: Message) -> None:
        """A letter leaves an armed clock or a case that is over, and each instant that it promises has its clock."""
        assert self.armed or not self.state.is_open, f"`{message.kind}` went out and nothing will ever follow"
        for each in (message.facts, *message.also):
            for name, clock in PROMISED_BY.items():
                at = getattr(each, name, None)
                assert at is None or clock in self.state.runs, (
                    f"`{each.kind}` promises `{name}` and `{clock}` does not run"
                )
            by = getattr(each, "next_update_at", None)
            # What is overdue here fires before the command where a worker decides.
            is_overdue = any(due.at <= self.now for due in self.armed.values())
            runs = ClockName.CUSTOMER_UPDATE in self.armed
            assert by is None or (runs and (self.now <= by or is_overdue)), (
                f"`{each.kind}` promises news that no clock brings"
            )

    def _check_state(self) -> None:
        assert violations(self.state, self.policy) == ()
        assert self.reread == self.state, "the timeline, read from JSON, tells another story"

    def _check_step(self, before: State, old: Policy, command: Command, decision: Decision) -> None:
        after = self.state
        outcomes = OUTCOMES.get(command.kind, {}).get(before.stage, (before.stage,))
        assert after.stage in outcomes, f"{before.stage} {command.kind} {after.stage}"
        _check_stages(before, decision.events)
        if before.stage is Stage.CANCELLED or _is_closed_for_good(before):
            assert after.stage is before.stage
        paged = [message.to for message in _notices(decision)]
        assert len(paged) == len(set(paged)), "one decision pages somebody twice"
        fired = [event.due for event in decision.events if isinstance(event, ThresholdReached)]
        assert fired == sorted(fired), "thresholds fired out of order"
        self._check_due_changes(before, old, decision)
        self._check_contacts(before, decision)

    def _check_firing(self, event: ThresholdReached) -> None:
        """It is the first of its clock that had not fired: none before it was skipped."""
        first = upcoming(self.state, self.policy, event.clock)[0]
        assert (first.cycle, first.threshold.name, first.at) == (event.cycle, event.threshold, event.due)
        assert event.due <= event.at == self.now

    def _check_due_changes(self, before: State, before_policy: Policy, decision: Decision) -> None:
        """Each clock that runs on and falls due at another instant says so."""
        told = {event.clock: event for event in decision.events if isinstance(event, DueChanged)}
        for clock, run in before.runs.items():
            if clock in self.state.runs and self.state.runs[clock].cycle == run.cycle:
                old = target_instant(before, before_policy, clock)
                new = target_instant(self.state, self.policy, clock)
                if old != new:
                    assert clock in told, f"{clock} moved from {old} to {new} and the timeline does not say why"
                    assert told[clock].new == new

    def _check_contacts(self, before: State, decision: Decision) -> None:
        """No more messages reach the team than a limit allows, and one that was set aside leaves it in peace."""
        for event in decision.events:
            if isinstance(event, CustomerReplied) and event.set_aside_until is not None:
                assert not before.is_paused_by(PauseCause.WAITING_ON_CUSTOMER), "an answer was set aside"
                assert event.set_aside_until > self.now
                assert {message.to for message in _notices(decision)} <= {self.policy.ladder.overseer}
                assert _other_runs(self.state) == _other_runs(before), "it moved a clock"
                assert self.state.pauses == before.pauses
            elif isinstance(event, CustomerReplied) and event.limit:
                limit = self.policy.contact_limits[before.category]
                assert isinstance(limit.within, OpenTime)
                since = self.now - timedelta(seconds=limit.within.seconds)
                assert sum(each > since for each in self._contacts()) <= limit.at_most

    def _contacts(self) -> list[datetime]:
        """When the team was reached by messages that count, except what was released early."""
        return [event.at for event in self.events if isinstance(event, CustomerReplied) and event.limit]

    def _check_instants(self, before: Instants, command: Command) -> None:
        """Only another severity, policy or due date, or a letter that failed, may bring a threshold of a running clock forward."""
        if command.kind not in {
            "change_severity",
            "change_frustration",
            "adopt_policy",
            "set_due",
            "record_delivery_failed",
            "delivery_bounced",
        }:
            for name, at in self._instants().items():
                assert at >= before.get(name, at), f"{name} moved forward by {command.kind}"

    def _instants(self) -> Instants:
        return {
            (due.clock, due.cycle, due.threshold.name): due.at
            for clock in self.state.runs
            for due in upcoming(self.state, self.policy, clock)
        }

    def _messages_to_customer(self) -> int:
        """Those that did not come back."""
        queued = sum(isinstance(event, MessageQueued) and event.to == CUSTOMER for event in self.events)
        return queued - sum(isinstance(event, DeliveryFailed) and event.to == CUSTOMER for event in self.events)


def _is_closed_for_good(state: State) -> bool:
    return state.stage is Stage.CLOSED and ClockName.REOPEN_WINDOW not in state.runs


def _other_runs(state: State) -> dict[ClockName, ClockRun]:
    return {clock: run for clock, run in state.runs.items() if clock is not ClockName.CONTACT_LIMIT}


def _notices(decision: Decision) -> list[Message]:
    messages = [effect.message for effect in decision.effects if isinstance(effect, Deliver)]
    return [message for message in messages if message.notices]


def _check_stages(state: State, events: Iterable[Event]) -> None:
    """What moves a case happens only in the stages that the table has a row for."""
    for event in events:
        leaves_it = isinstance(event, CustomerReplied | DeliveryFailed | Withdrawn) or type(event) not in LEADS_TO
        assert leaves_it or state.stage in LEADS_TO[type(event)], f"`{event.kind}` while {state.stage}"
        state = evolve(state, event)
