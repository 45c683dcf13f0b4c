"""Any life at all: whatever people, the directory, the mail and time do, the promises hold.

`HYPOTHESIS_PROFILE=ci` or `=deep` looks further; the default is made for every run.
"""

import os
from datetime import timedelta

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule

from escalation.case.commands import (
    AdoptPolicy,
    Open,
    RecordApprover,
    RecordAssignment,
    RecordAssignmentDelayed,
    RecordCustomerReply,
    RecordNobodyAvailable,
)
from escalation.case.values import PolicyRef
from escalation.messages.effects import AssignOwner
from escalation.vocabulary import Stage
from tests.unit.domain import policies
from tests.unit.domain.case import MONDAY, STAFF
from tests.unit.domain.random_commands import openings, support_commands
from tests.unit.domain.watched_life import WatchedLife

LIVES_AND_STEPS = {"ci": (300, 50), "deep": (3000, 80)}
QUICK = (40, 25)

A_YEAR = timedelta(days=365)
A_QUARTER = A_YEAR / 4

SMALL_STEPS = st.sampled_from([0, 1, 60, 450, 900, 3600]) | st.integers(1, 6 * 3600)
HUGE_STEPS = st.sampled_from([86400, 7 * 86400, 45 * 86400]) | st.integers(3600, 100 * 86400)


class AnyLife(RuleBasedStateMachine):
    """One escalation, to which anything may happen in any order."""

    @initialize(policy=st.sampled_from(sorted(policies.ALL)), command=openings())
    def open(self, policy: str, command: Open) -> None:
        self.life = WatchedLife(policy=policies.ALL[policy], now=MONDAY)
        self.life.open(command)

    @precondition(lambda self: self.life.approver_searches)
    @rule(which=st.integers(0, 3), person=st.sampled_from(["eli", "fay", "overseer", "", "customer"]))
    def the_directory_names_an_approver(self, which: int, person: str) -> None:
        search = self.life.approver_searches.pop(which % len(self.life.approver_searches))
        self.life.do(RecordApprover(approval=search.approval, person=person))

    @rule(data=st.data())
    def somebody_asks_for_something(self, data: st.DataObject) -> None:
        self.life.do(data.draw(support_commands(self.life.state, self.life.now), label="command"))

    @rule(text=st.sampled_from(["text", "Grüße", ""]))
    def the_customer_writes(self, text: str) -> None:
        self.life.do(RecordCustomerReply(text=text))

    @rule(policy=st.sampled_from(sorted(policies.ALL)))
    def another_policy_is_applied(self, policy: str) -> None:
        ref = PolicyRef(name=policy, version=len(self.life.events), checksum="1" * 64)
        self.life.do(AdoptPolicy(policy=policies.ALL[policy], ref=ref, by="ana", why="it is better"))

    @precondition(lambda self: self.life.searches)
    @rule(
        which=st.integers(0, 3),
        answer=st.sampled_from(["a person", "a person", "no one", "delayed", "never", "a role"]),
        shift=st.sampled_from([None, None, -60, 0, 600, 4 * 3600, 9 * 3600]),
    )
    def the_directory_answers(self, which: int, answer: str, shift: int | None) -> None:
        """In any order: an early search may be answered after a later one, or when the case has gone on."""
        search = self.life.searches.pop(which % len(self.life.searches))
        if answer == "delayed":
            self.life.do(RecordAssignmentDelayed(offer=search.offer, error="unreachable"))
        elif answer == "never":
            self.life.do(RecordAssignmentDelayed(offer=search.offer, error="refused", is_final=True))
        elif answer == "a role":
            self.life.do(RecordAssignment(offer=search.offer, person="customer"))
        elif answer == "no one" or (person := _somebody(search)) is None:
            self.life.do(RecordNobodyAvailable(offer=search.offer))
        else:
            until = None if shift is None else self.life.now + timedelta(seconds=shift)
            self.life.do(RecordAssignment(offer=search.offer, person=person, until=until))

    @rule(offer=st.integers(0, 9))
    def the_directory_answers_what_was_not_asked(self, offer: int) -> None:
        if all(search.offer != offer for search in self.life.searches) and offer != self.life.state.offer:
            stage = self.life.state.stage
            self.life.do(RecordAssignment(offer=offer, person="zoe"))
            self.life.do(RecordNobodyAvailable(offer=offer))
            self.life.do(RecordAssignmentDelayed(offer=offer, error="unreachable"))
            assert self.life.state.stage is stage

    @precondition(lambda self: self.life.in_flight)
    @rule(which=st.integers(0, 20))
    def a_message_reaches_nobody(self, which: int) -> None:
        self.life.fail_delivery(self.life.in_flight[which % len(self.life.in_flight)])

    @rule(seconds=SMALL_STEPS)
    def time_passes(self, seconds: int) -> None:
        self.life.wait(timedelta(seconds=seconds), most=20)

    @rule(seconds=HUGE_STEPS)
    def much_time_passes(self, seconds: int) -> None:
        self.life.wait(timedelta(seconds=seconds), most=10)

    @rule(seconds=SMALL_STEPS | HUGE_STEPS)
    def time_passes_unseen(self, seconds: int) -> None:
        self.life.now += timedelta(seconds=seconds)
        self.life.fire_due()

    @rule(seconds=SMALL_STEPS | HUGE_STEPS)
    def time_passes_before_a_due_clock_is_noticed(self, seconds: int) -> None:
        """A command may reach the case before the timer that was due earlier."""
        self.life.now += timedelta(seconds=seconds)

    def teardown(self) -> None:
        if not hasattr(self, "life"):
            return
        self._nobody_acts_for_a_year()
        state = self.life.state
        assert not state.is_open or self.life.armed, "it fell asleep"
        self.life.check_story()

    def _nobody_acts_for_a_year(self) -> None:
        until = self.life.now + A_YEAR
        while self.life.now < until:
            for search in tuple(self.life.searches):
                self.life.searches.remove(search)
                self.life.do(RecordNobodyAvailable(offer=search.offer))
            self.life.wait(A_QUARTER, most=3)
        assert self.life.state.stage is not Stage.RESOLVED, "a resolved case closes by itself"
        assert self.life.state.stage is not Stage.WAITING_ON_CUSTOMER, "a silent customer does not hold a case"


def _somebody(search: AssignOwner) -> str | None:
    if search.person:
        return search.person
    return next((one for one in STAFF[search.tier] if one not in search.tried), None)


_LIVES, _STEPS = LIVES_AND_STEPS.get(os.environ.get("HYPOTHESIS_PROFILE", ""), QUICK)

TestAnyLife = AnyLife.TestCase
TestAnyLife.settings = settings(
    max_examples=_LIVES,
    stateful_step_count=_STEPS,
    deadline=None,
    phases=(Phase.explicit, Phase.reuse, Phase.generate, Phase.shrink),  # not `explain`: it takes minutes
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)
