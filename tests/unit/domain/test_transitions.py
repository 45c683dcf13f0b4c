"""What is not in the table is refused, loudly and without a trace."""

from typing import get_args

import pytest

from escalation.case.commands import SUPPORT_COMMANDS, Command, WorkflowReport, wire_name
from escalation.errors import InvalidTransition
from escalation.lifecycle.decide import decide
from escalation.lifecycle.evolution import fold
from escalation.lifecycle.table import POSSIBLE_IN, allowed
from escalation.vocabulary import Stage
from tests.example_policy import EXAMPLE, REF
from tests.unit.domain.case import MONDAY, opening
from tests.unit.domain.random_commands import BUILDERS
from tests.unit.domain.stages import IN_STAGE, PROPER

REFUSED = [
    (stage, kind) for stage in Stage for kind, one in PROPER.items() if stage not in POSSIBLE_IN.get(type(one), ())
]
COMMAND_TYPES: tuple[type[Command], ...] = get_args(Command)


@pytest.mark.parametrize(("stage", "kind"), REFUSED)
def test_what_is_not_in_the_table_is_refused_and_changes_nothing(stage: Stage, kind: str) -> None:
    case = IN_STAGE[stage]()
    before = case.state
    assert before.stage is stage

    with pytest.raises(InvalidTransition) as refusal:
        decide(before, PROPER[kind], policy=case.policy, now=case.now, ref=REF)

    possible = sorted(name for name, one in SUPPORT_COMMANDS.items() if stage in POSSIBLE_IN[one])
    error = refusal.value
    assert (error.command, error.stage, list(error.allowed)) == (kind, stage, possible)
    assert str(error).startswith(f"`{kind}` is not possible while {stage}; possible now: {', '.join(possible)}")
    assert case.state is before
    assert before == fold(case.events)


def test_a_cancelled_case_takes_nothing_but_what_the_customer_writes_and_says_so() -> None:
    case = IN_STAGE[Stage.CANCELLED]()
    assert (
        str(case.refused(PROPER["note"]))
        == "`note` is not possible while cancelled; possible now: choose, customer_replied"
    )


def test_a_resolved_case_lists_what_is_left_to_do() -> None:
    left = (
        "agree_action, answer_survey, apply_policy, cancel, change_frustration, choose, complete_action, correct, customer_replied, "
        "delivery_bounced, hand_on, link_incident, note, record_update, reopen, set_due, submit_review, tell_customer, ticket_news, "
        "unlink_incident, withdraw_proposal"
    )
    assert ", ".join(sorted(allowed(Stage.RESOLVED))) == left


@pytest.mark.parametrize("kind", sorted(set(PROPER) - {"open"}))
def test_before_the_opening_only_opening_is_possible(kind: str) -> None:
    with pytest.raises(InvalidTransition) as refusal:
        decide(None, PROPER[kind], policy=EXAMPLE, now=MONDAY, ref=REF)
    assert str(refusal.value) == f"`{kind}` is not possible while not opened; possible now: open"


def test_an_opening_that_does_not_name_its_policy_is_a_fault_of_the_caller() -> None:
    with pytest.raises(ValueError, match="needs `ref`"):
        decide(None, opening(), policy=EXAMPLE, now=MONDAY)


def test_every_command_but_the_opening_is_in_the_table_and_has_a_sample() -> None:
    kinds = {wire_name(one) for one in COMMAND_TYPES}
    assert set(PROPER) == kinds, "give each command a row in tests/unit/domain/stages.py"
    missing = kinds - {"open"} - set(map(wire_name, POSSIBLE_IN))
    assert set(BUILDERS) == set(SUPPORT_COMMANDS), "draw it in BUILDERS of tests/unit/domain/random_commands.py"
    assert missing == set(), "say in POSSIBLE_IN of escalation/lifecycle/table.py in which stages it is possible"


def test_what_the_workflow_reports_is_possible_in_every_stage() -> None:
    for command_type in get_args(WorkflowReport):
        assert POSSIBLE_IN[command_type] == set(Stage)
