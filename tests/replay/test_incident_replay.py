"""Incidents that began with older code must run on with today's: the same promise as in `test_replay`."""

import pytest

from escalation.incident.state import fold
from escalation.incident.view import summary_of
from tests.replay.changed_incident import AsksOthers, RecordsFirst
from tests.replay.incident_lives import INCIDENT_LIVES
from tests.replay.replaying import IncidentIntentions, listen
from tests.replay.store import INCIDENTS
from tests.replay.test_replay import HOW_MEANING_CHANGED, must_replay
from workflows.carried import IncidentEnded
from workflows.incident import IncidentWorkflow


@pytest.mark.parametrize("name", INCIDENTS.names())
async def test_a_recorded_incident_replays_with_todays_code(name: str) -> None:
    for run in INCIDENTS.load(name).runs:
        await must_replay(name, run, IncidentWorkflow)


@pytest.mark.parametrize("name", INCIDENTS.names())
async def test_a_recorded_incident_means_the_same_with_todays_code(name: str) -> None:
    recorded, meant = INCIDENTS.load(name), IncidentIntentions()
    await listen(recorded.runs, IncidentWorkflow, meant)
    outcome = recorded.outcome
    assert meant.timeline == outcome.timeline, HOW_MEANING_CHANGED.format(name=name, what="the timeline")
    assert meant.summary == outcome.summary, HOW_MEANING_CHANGED.format(name=name, what="the incident in the end")
    assert meant.ended == outcome.ended, HOW_MEANING_CHANGED.format(name=name, what="the result")
    asked = HOW_MEANING_CHANGED.format(name=name, what="who is asked what")
    assert tuple(meant.errands) == outcome.errands, asked
    state = fold(outcome.timeline)
    assert summary_of(state) == outcome.summary
    assert outcome.ended == IncidentEnded(linked=len(state.linked), bulletins=len(state.bulletins), events=state.seq)


def test_every_incident_is_recorded_and_every_record_has_its_life() -> None:
    assert set(INCIDENTS.names()) == set(INCIDENT_LIVES)


def test_the_outage_is_a_life_with_everything_in_it() -> None:
    recorded = INCIDENTS.load("outage")
    bulletins = [event.bulletin for event in recorded.outcome.timeline if event.kind == "bulletin_issued"]
    assert [(one.solves, one.reopens) for one in bulletins] == [
        *[(False, False)] * 2,
        *[(True, False), (False, True)],
        *[(False, False), (True, False)],
    ]
    assert len(recorded.runs) > 1
    assert {errand.kind.value for errand in recorded.outcome.errands} == {"link", "unlink", "bulletin"}
    assert {errand.overseer for errand in recorded.outcome.errands} == {"", "overseer", "olga"}
    assert any(
        link.result.value == "unanswered"
        for event in recorded.outcome.timeline
        if event.kind == "errand_run"
        for link in event.outcomes
    )


@pytest.mark.parametrize("name", INCIDENTS.names())
def test_no_record_of_an_incident_names_a_machine_or_a_person_of_ours(name: str) -> None:
    for path in INCIDENTS.folder.glob(f"{name}.*.json"):
        text = path.read_text(encoding="utf-8")
        assert "site-packages" not in text
        assert ".py" not in text
    for run in INCIDENTS.load(name).runs:
        for event in run.events:
            said = str(event)
            ours = said.count('identity: "tests"') + said.count('identity: "history-service"')
            assert said.count('identity: "') == ours


async def test_a_careless_change_of_order_fails_and_says_how_to_change_safely() -> None:
    with pytest.raises(AssertionError, match=r"workflow\.patched") as caught:
        await must_replay("outage", INCIDENTS.load("outage").runs[0], RecordsFirst)
    assert "nondeterminism" in str(caught.value).lower()


async def test_a_change_of_meaning_that_replay_does_not_see_is_seen_here() -> None:
    recorded, meant = INCIDENTS.load("outage"), IncidentIntentions()
    for run in recorded.runs:
        await must_replay("outage", run, AsksOthers)
    await listen(recorded.runs, AsksOthers, meant)
    assert len(meant.errands) == len(recorded.outcome.errands)
    assert tuple(meant.errands) != recorded.outcome.errands
