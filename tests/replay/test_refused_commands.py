"""What is refused leaves no trace: neither in the history, nor in what the workflow does next."""

import pytest

from tests.replay.refused_commands import replayed_with_refusals
from tests.replay.store import CASES, INCIDENTS
from workflows.escalation import EscalationWorkflow
from workflows.incident import IncidentWorkflow

LESSON = """\
A command that was refused changed the order of what `{name}` does next: {error}

A condition was true at the beginning of a task that was not at the end of the one before, though nothing came that is
in the history: it reads the clock, or the length of the history. Let it read what changes with arrivals only.
"""


@pytest.mark.parametrize("name", CASES.names())
async def test_refused_commands_do_not_change_the_course_of_a_case(name: str) -> None:
    refusals = 0
    for run in CASES.load(name).runs:
        refused, error = await replayed_with_refusals(EscalationWorkflow, run)
        assert error is None, LESSON.format(name=name, error=error)
        refusals += refused
    assert refusals > 0


@pytest.mark.parametrize("name", INCIDENTS.names())
async def test_refused_commands_do_not_change_the_course_of_an_incident(name: str) -> None:
    refusals = 0
    for run in INCIDENTS.load(name).runs:
        refused, error = await replayed_with_refusals(IncidentWorkflow, run)
        assert error is None, LESSON.format(name=name, error=error)
        refusals += refused
    assert refusals > 0
