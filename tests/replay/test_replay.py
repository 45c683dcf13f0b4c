"""Escalations that began with older code must run on with today's: recorded histories replay, and mean the same."""

from dataclasses import replace

import pytest
from temporalio.client import WorkflowHistory

from escalation.case.events import CustomerReplied, MessagesPutForward
from escalation.lifecycle.evolution import fold
from tests.replay.changed_workflow import OtherOrder, OtherWords
from tests.replay.lives import LIVES
from tests.replay.replaying import intentions_in, replayer
from tests.replay.store import CASES, FOLDER
from workflows.carried import Ended
from workflows.escalation import EscalationWorkflow

HOW_TO_CHANGE_SAFELY = """\
The workflow no longer does what it did in the recorded life `{name}`: {error}

An escalation lives for weeks. Those that run now began with the old code, and would stop at their next step with this
very error: no one would be reminded, nothing would climb. So change the workflow in one of these ways:

- Give the change a version (`escalation/lifecycle/rules_version.py`) and keep the old way beside the new, in `escalation/` and
  in `workflows/` alike: `if state.rules >= 2: <new> else: <old>`. Old cases go on as they were, new ones follow the
  new rule once it is switched on, and the release can be taken back. docs/operations.md, "Changing a rule".
- Only what happens before a case is open has no version yet: there, `if workflow.patched("what-changed")`. A release
  with a patch cannot be taken back while cases run that have met it.
- A text or a policy may change freely, as long as the commands of a recorded life stay the same.

Recording again (`python -m tests.replay.record_histories {name}`) is right only when no run that began with the old
code can still exist: before the first release, or once the old branch is removed. It is wrong as a way to make
this test pass: it throws away what the test protects. To cover new behaviour, add a life of its own.
"""

HOW_MEANING_CHANGED = """\
The recorded life `{name}` replays, but today's code means something else by it: {what} differs.

Replay compares which commands a workflow gives, not what is in them. An escalation that runs now would fold to
another state than the one its record has. If the rules of `escalation/` changed on purpose, give the change a version
(docs/operations.md, "Changing a rule") and keep the old meaning for events that were written before: new fields with
defaults, new events beside old ones.
"""


async def must_replay(name: str, run: WorkflowHistory, changed: type = EscalationWorkflow) -> None:
    result = await replayer(changed).replay_workflow(run, raise_on_replay_failure=False)
    if result.replay_failure is not None:
        raise AssertionError(HOW_TO_CHANGE_SAFELY.format(name=name, error=result.replay_failure))


@pytest.mark.parametrize("name", CASES.names())
async def test_a_recorded_life_replays_with_todays_code(name: str) -> None:
    for run in CASES.load(name).runs:
        await must_replay(name, run)


@pytest.mark.parametrize("name", CASES.names())
async def test_a_recorded_life_means_the_same_with_todays_code(name: str) -> None:
    recorded = CASES.load(name)
    meant = await intentions_in(recorded.runs)
    outcome = recorded.outcome
    assert meant.timeline == outcome.timeline, HOW_MEANING_CHANGED.format(name=name, what="the timeline")
    assert meant.view == outcome.view, HOW_MEANING_CHANGED.format(name=name, what="the case in the end")
    assert meant.messages == set(outcome.messages), HOW_MEANING_CHANGED.format(name=name, what="who is told what")
    assert meant.ended == outcome.ended, HOW_MEANING_CHANGED.format(name=name, what="the result")
    state = fold(outcome.timeline)
    assert Ended(stage=state.stage, cycle=state.cycle, events=state.seq) == replace(outcome.ended, answers={})


def test_every_life_is_recorded_and_every_record_has_its_life() -> None:
    assert set(CASES.names()) == set(LIVES)


def test_a_life_that_continued_as_new_is_recorded_with_all_its_runs() -> None:
    assert len(CASES.load("continued_as_new").runs) > 1


@pytest.mark.parametrize(
    ("name", "kinds"),
    [
        ("opened_by_triage", {"opened", "triaged", "resolved", "closed"}),
        ("contact_limits", {"customer_replied", "messages_put_forward"}),
        ("consult_and_approval", {"consulted", "consult_answered", "approval_refused", "approval_granted"}),
        ("handed_over_at_shift_end", {"shift_noted", "shift_ended"}),
        ("linked_to_an_incident", {"incident_linked", "bulletin_relayed", "resolution_proposed", "proposal_withdrawn"}),
    ],
)
def test_a_life_of_a_team_holds_what_it_is_kept_for(name: str, kinds: set[str]) -> None:
    assert kinds <= {event.kind for event in CASES.load(name).outcome.timeline}


def test_a_verdict_is_passed_on_into_the_next_run_without_being_asked_for_again() -> None:
    first, *later = CASES.load("opened_by_triage").runs
    assert "triage" in asked_in(first)
    assert later
    assert not any("triage" in asked_in(run) for run in later)


def test_limits_on_contacts_are_recorded_with_messages_set_aside_and_released() -> None:
    timeline = CASES.load("contact_limits").outcome.timeline
    set_aside = [one for one in timeline if isinstance(one, CustomerReplied) and one.set_aside_until is not None]
    put_forward = [one.count for one in timeline if isinstance(one, MessagesPutForward)]
    assert len(set_aside) == sum(put_forward) > len(put_forward) > 1


def asked_in(run: WorkflowHistory) -> set[str]:
    """The activities that a run started; not the local ones."""
    return {
        event.activity_task_scheduled_event_attributes.activity_type.name
        for event in run.events
        if event.HasField("activity_task_scheduled_event_attributes")
    }


@pytest.mark.parametrize("name", CASES.names())
def test_no_record_names_a_machine_or_a_person_of_ours(name: str) -> None:
    for path in FOLDER.glob(f"{name}.*.json"):
        text = path.read_text(encoding="utf-8")
        assert "site-packages" not in text
        assert ".py" not in text
        for event in (event for run in CASES.load(name).runs for event in run.events):
            assert str(event).count('identity: "') == str(event).count('identity: "tests"') + str(event).count(
                'identity: "history-service"'
            )


async def test_a_careless_change_of_order_fails_and_says_how_to_change_safely() -> None:
    recorded = CASES.load("typical")
    with pytest.raises(AssertionError) as caught:
        await must_replay("typical", recorded.runs[0], OtherOrder)
    message = str(caught.value)
    assert "rules_version.py" in message
    assert "`typical`" in message
    assert "nondeterminism" in message.lower()


async def test_a_change_of_meaning_that_replay_does_not_see_is_seen_here() -> None:
    recorded = CASES.load("typical")
    await must_replay("typical", recorded.runs[0], OtherWords)
    meant = await intentions_in(recorded.runs, OtherWords)
    assert len(meant.timeline) == len(recorded.outcome.timeline)
    assert meant.timeline != recorded.outcome.timeline
