"""What may be asked of an incident, and what each escalation is still to hear."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from typing import get_args

import pytest

from escalation.case.commands import WithdrawProposal
from escalation.errors import InvalidCommand, InvalidTransition
from escalation.incident.commands import (
    AnyIncidentCommand,
    GiveUpRecord,
    LinkTickets,
    OpenIncident,
    RecordErrand,
    ReopenIncident,
    ResolveIncident,
    TellLinked,
    UnlinkTickets,
)
from escalation.incident.errands import command_of, next_errand, owed
from escalation.incident.events import TicketsLinked
from escalation.incident.lifecycle import POSSIBLE_IN, check_start, decide
from escalation.incident.state import evolve, fold
from escalation.incident.values import Outcome
from escalation.incident.view import summary_of, view_of
from escalation.incident.vocabulary import IncidentStage
from tests.unit.incident.story import MONDAY, OPEN, REOPEN, RESOLVE, TELL, Story, summary


def test_an_incident_comes_under_the_rules_in_force_with_an_errand_and_never_goes_back() -> None:
    begun = decide(None, OpenIncident(name="mail", title="Mail is late", by="zoe"), now=MONDAY).state
    linked = decide(begun, LinkTickets(tickets=("a",), by="zoe"), now=MONDAY).state
    errand = next_errand(linked, MONDAY, most=9)
    assert errand is not None
    newer = decide(linked, RecordErrand(errand=errand, outcomes=(Outcome(ticket="a"),), rules=2), now=MONDAY).state
    older = decide(newer, RecordErrand(errand=errand, outcomes=(Outcome(ticket="a"),), rules=1), now=MONDAY).state
    assert (linked.rules, newer.rules, older.rules) == (1, 2, 2)


def test_that_the_record_refuses_an_incident_is_said_once(story: Story) -> None:
    before = story.state
    story.do(GiveUpRecord(error="RecordConflict"))
    story.do(GiveUpRecord(error="RecordConflict"))
    assert story.state == replace(before, seq=before.seq + 1, is_unrecorded=True)


def test_a_new_incident_is_open_and_owes_no_one_anything(story: Story) -> None:
    assert (story.state.stage, story.state.linked, owed(story.state)) == (IncidentStage.OPEN, (), 0)
    assert next_errand(story.state, story.now, most=10) is None


@pytest.mark.parametrize("name", ["", " ", "mail queue", "a/b", "-mail", "ü", "x" * 81])
def test_a_name_that_cannot_be_in_an_id_is_refused(name: str) -> None:
    with pytest.raises(InvalidCommand, match="letters, digits"):
        decide(None, OpenIncident(name=name, title="t", by="zoe"), now=MONDAY)


def test_an_incident_without_a_title_is_refused() -> None:
    with pytest.raises(InvalidCommand, match="`title` is empty"):
        decide(None, OpenIncident(name="mail", title=" ", by="zoe"), now=MONDAY)


def test_before_the_opening_only_opening_is_possible(story: Story) -> None:
    with pytest.raises(InvalidTransition, match="possible now: open_incident"):
        decide(None, TELL, now=MONDAY)
    assert "possible now: link, resolve, tell, unlink" in story.refused(OPEN)


def test_only_a_limited_number_are_done_at_a_time(story: Story) -> None:
    story.link(*"abcde")
    assert story.errand(most=2).tickets == ("a", "b")


def test_a_bulletin_must_say_something_and_promise_a_time_to_come(story: Story) -> None:
    assert "`text` is empty" in story.refused(TellLinked(text=" ", by="zoe"))
    assert "has passed" in story.refused(TellLinked(text="x", next_step="y", next_by=MONDAY, by="zoe"))
    assert "no time zone" in story.refused(TellLinked(text="x", next_step="y", next_by=datetime(2027, 1, 1), by="zoe"))  # noqa: DTZ001
    assert "`next_step` is empty" in story.refused(TellLinked(text="x", next_by=MONDAY + timedelta(days=1), by="zoe"))
    assert "`solution` is empty" in story.refused(ResolveIncident(solution="", by="zoe"))


def test_resolving_proposes_to_each_and_then_there_is_nothing_more_to_tell(story: Story) -> None:
    story.link("a")
    story.do(TELL, RESOLVE)
    last = story.settle()[-1]
    assert last.bulletin is not None
    assert (last.number, last.bulletin.solves, last.bulletin.text) == (2, True, "Restarted")
    assert story.state.stage is IncidentStage.RESOLVED
    assert story.refused(TELL) == "`tell` is not possible while resolved; possible now: link, reopen, unlink"
    assert "not possible while resolved" in story.refused(RESOLVE)


# A solution that did not hold.


@pytest.fixture
def reopened(story: Story) -> Story:
    """Two are linked and took the proposal, number 2; it did not hold, which no one has heard yet."""
    story.link("a", "b")
    story.do(TELL, RESOLVE)
    story.settle()
    story.now += timedelta(hours=3)
    story.do(REOPEN)
    return story


def test_reopening_makes_it_open_again_and_notifies_everyone_once(reopened: Story) -> None:
    assert (reopened.state.stage, reopened.state.resolved_at) == (IncidentStage.OPEN, None)
    assert summary(reopened.settle()) == [("bulletin", 3, ("a", "b"))]
    assert next_errand(reopened.state, reopened.now, most=100) is None
    last = reopened.state.bulletins[-1]
    assert (last.number, last.reopens, last.solves, last.text, last.by) == (3, True, False, "Mail is late again", "zoe")


def test_what_each_is_asked_after_a_reopening_withdraws_the_proposal(reopened: Story) -> None:
    asked = command_of(reopened.errand(), page=True, heard=("eve",))
    assert asked == WithdrawProposal(
        incident="mail", number=3, why="Mail is late again", page=True, heard=("eve",), by="zoe"
    )


def test_who_is_linked_after_a_reopening_gets_it_and_not_the_proposal(reopened: Story) -> None:
    reopened.settle()
    reopened.link("late")
    assert [(one.kind.value, one.tickets) for one in reopened.settle()] == [
        ("link", ("late",)),
        ("bulletin", ("late",)),
    ]
    assert reopened.state.links["late"].told == 3


def test_a_reopened_incident_shows_and_is_resolved_again(reopened: Story) -> None:
    reopened.do(TELL, ResolveIncident(solution="A new disk", by="zoe"))
    assert reopened.state.stage is IncidentStage.RESOLVED
    assert reopened.state.resolved_at == reopened.now
    solving = reopened.settle()[-1].bulletin
    assert solving is not None
    assert (solving.number, solving.solves, solving.text) == (5, True, "A new disk")


def test_how_often_it_was_reopened_is_counted(reopened: Story) -> None:
    assert (view_of(reopened.state).reopened, summary_of(reopened.state).reopened) == (1, 1)
    reopened.do(RESOLVE, REOPEN)
    assert (view_of(reopened.state).reopened, summary_of(reopened.state).reopened) == (2, 2)
    assert summary_of(reopened.state).resolved_at is None


def test_what_is_open_cannot_be_reopened_and_a_reopening_needs_a_reason(story: Story) -> None:
    assert story.refused(REOPEN) == "`reopen` is not possible while open; possible now: link, resolve, tell, unlink"
    story.do(RESOLVE)
    assert "`why` is empty" in story.refused(ReopenIncident(why=" ", by="zoe"))


@pytest.mark.parametrize("stage", IncidentStage)
@pytest.mark.parametrize("command", POSSIBLE_IN)
def test_a_command_is_possible_where_the_table_says_or_is_refused(
    story: Story, command: type[AnyIncidentCommand], stage: IncidentStage
) -> None:
    story.link("a")
    errand = story.errand()
    if stage is IncidentStage.RESOLVED:
        story.do(RESOLVE)
    proper: dict[type[AnyIncidentCommand], AnyIncidentCommand] = {
        type(one): one
        for one in (
            LinkTickets(tickets=("b",), by="desk"),
            UnlinkTickets(tickets=("a",), by="desk"),
            TELL,
            RESOLVE,
            REOPEN,
            RecordErrand(errand=errand, outcomes=(Outcome(ticket="a"),)),
            GiveUpRecord(error="RecordConflict"),
        )
    }
    asked = proper[command]
    if stage in POSSIBLE_IN[command]:
        story.do(asked)
        leads_to = {ResolveIncident: IncidentStage.RESOLVED, ReopenIncident: IncidentStage.OPEN}
        assert story.state.stage is leads_to.get(command, stage)
    else:
        assert f"`{asked.kind}` is not possible while {stage}" in story.refused(asked)


def test_every_command_but_the_opening_is_in_the_table() -> None:
    assert {*POSSIBLE_IN, OpenIncident} == set(get_args(AnyIncidentCommand))


def test_who_is_linked_after_it_is_resolved_gets_the_proposal(story: Story) -> None:
    story.do(TELL, RESOLVE)
    story.link("late")
    assert summary(story.settle()) == [("link", 4, ("late",)), ("bulletin", 2, ("late",))]


def test_an_incident_begins_with_its_opening() -> None:
    linked = TicketsLinked(at=MONDAY, tickets=("a",), by="desk")
    with pytest.raises(LookupError, match="begins with `incident_opened`, not with `tickets_linked`"):
        evolve(None, linked)
    with pytest.raises(LookupError, match="empty"):
        fold(())


def test_an_incident_is_opened_once(story: Story) -> None:
    with pytest.raises(LookupError, match="`mail` was opened before; its timeline holds two openings"):
        fold((*story.events, *story.events))


def test_the_view_shows_what_was_said_and_how_far_it_got(story: Story) -> None:
    story.link("a", "b")
    story.do(TELL)
    view = view_of(story.state)
    assert (view.name, view.title, view.cause, view.stage) == ("mail", "Mail is late", "a full queue", "open")
    assert (view.owed, [one.text for one in view.bulletins]) == (2, ["We found it"])
    story.settle()
    assert (view_of(story.state).owed, [one.told for one in view_of(story.state).links]) == (0, [1, 1])


def test_an_incident_is_opened_in_the_workflow_of_its_own_name() -> None:
    check_start(OPEN, "incident-mail", "incident-mail")
    with pytest.raises(InvalidCommand, match="the workflow is called `incident-post`; start it as `incident-mail`"):
        check_start(OPEN, "incident-post", "incident-mail")


def test_the_next_news_is_promised_in_utc(story: Story) -> None:
    summer = timezone(timedelta(hours=2))
    story.do(replace(TELL, next_step="a fix", next_by=datetime(2026, 3, 2, 14, tzinfo=summer)))
    assert story.state.bulletins[-1].next_by == datetime(2026, 3, 2, 12, tzinfo=UTC)
