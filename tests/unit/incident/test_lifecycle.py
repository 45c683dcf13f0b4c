"""What may be asked of an incident, and what each escalation is still to hear."""

from collections.abc import Sequence
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
from escalation.incident.errands import command_of, next_errand, owed, wakes_at
from escalation.incident.events import IncidentEvent, TicketsLinked
from escalation.incident.lifecycle import MOST_LINKS, MOST_SAID, POSSIBLE_IN, check_start, decide
from escalation.incident.state import FIRST_PAUSE, LONGEST_PAUSE, MOST_TRIES, Incident, evolve, fold
from escalation.incident.values import Errand, Outcome
from escalation.incident.view import summary_of, view_of
from escalation.incident.vocabulary import ErrandKind, IncidentStage, Result

MONDAY = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
OPEN = OpenIncident(name="mail", title="Mail is late", cause="a full queue", by="zoe")
TELL = TellLinked(text="We found it", by="zoe")
RESOLVE = ResolveIncident(solution="Restarted", root_cause="A full disk", by="zoe")
REOPEN = ReopenIncident(why="Mail is late again", by="zoe")


class Story:
    """An incident in a test: commands, and errands that come out as the test says."""

    def __init__(self) -> None:
        self.now = MONDAY
        self.events: list[IncidentEvent] = []
        self.overseers: dict[str, str] = {}
        self.state: Incident = self._decided(None, OPEN)

    def do(self, *commands: AnyIncidentCommand) -> None:
        for command in commands:
            self.state = self._decided(self.state, command)

    def link(self, *tickets: str) -> None:
        self.do(LinkTickets(tickets=tickets, by="desk"))

    def errand(self, most: int = 100) -> Errand:
        found = next_errand(self.state, self.now, most=most)
        assert found is not None
        return found

    def run(self, errand: Errand, *outcomes: Outcome, pages: tuple[str, ...] = ()) -> None:
        """It came out so; tickets that are not named took it and said who oversees them."""
        known = {one.ticket: one for one in outcomes}
        every = tuple(known.get(ticket, self.taken(ticket)) for ticket in errand.tickets)
        self.do(RecordErrand(errand=errand, outcomes=every, pages=pages))

    def taken(self, ticket: str) -> Outcome:
        return Outcome(ticket=ticket, overseer=self.overseers.get(ticket, "overseer"))

    def settle(self) -> list[Errand]:
        """Run all there is to do, accepted by every case; the first of an errand that is to page does so."""
        done = []
        while (errand := next_errand(self.state, self.now, most=100)) is not None:
            lead = self.taken(errand.tickets[0]).overseer
            self.run(errand, pages=(lead,) if errand.page and lead not in errand.heard else ())
            done.append(errand)
        return done

    def refused(self, command: AnyIncidentCommand) -> str:
        before = self.state
        with pytest.raises((InvalidCommand, InvalidTransition)) as refusal:
            decide(before, command, now=self.now)
        assert self.state is before
        return str(refusal.value)

    def _decided(self, state: Incident | None, command: AnyIncidentCommand) -> Incident:
        decision = decide(state, command, now=self.now)
        self.events.extend(decision.events)
        assert fold(self.events) == decision.state
        return decision.state


@pytest.fixture
def story() -> Story:
    return Story()


def summary(errands: Sequence[Errand]) -> list[tuple[str, int, tuple[str, ...]]]:
    return [(one.kind.value, one.number, one.tickets) for one in errands]


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


def test_a_linked_escalation_hears_that_it_is_linked_and_then_each_bulletin_in_order(story: Story) -> None:
    story.link("a", "b")
    story.do(TELL, TELL)
    assert summary(story.settle()) == [
        ("link", 2, ("a", "b")),
        ("bulletin", 1, ("a", "b")),
        ("bulletin", 2, ("a", "b")),
    ]


def test_each_errand_has_a_command_id_of_business_facts(story: Story) -> None:
    story.link("a")
    story.do(TELL)
    errands = story.settle()
    story.do(UnlinkTickets(tickets=("a",), by="desk"))
    errands += story.settle()
    assert [one.command_id for one in errands] == ["incident/mail/link/2", "incident/mail/1", "incident/mail/unlink/6"]


def test_who_is_linked_later_is_notified_the_current_state_and_not_what_was_so_before(story: Story) -> None:
    story.link("a")
    story.do(TELL, TELL)
    story.settle()
    story.link("b")
    assert summary(story.settle()) == [("link", 8, ("b",)), ("bulletin", 2, ("b",))]


def test_who_is_unlinked_and_linked_again_is_not_told_the_same_twice(story: Story) -> None:
    story.link("a")
    story.do(TELL)
    story.settle()
    story.do(UnlinkTickets(tickets=("a",), by="desk"))
    story.link("a")
    assert summary(story.settle()) == []  # the escalation never heard of the unlinking
    story.do(UnlinkTickets(tickets=("a",), by="desk"))
    story.settle()
    story.link("a")
    assert [one.kind for one in story.settle()] == [ErrandKind.LINK]


def test_who_is_unlinked_before_its_turn_hears_nothing_more(story: Story) -> None:
    story.link("a", "b")
    story.settle()
    story.do(TELL, UnlinkTickets(tickets=("b",), by="desk"))
    assert summary(story.settle()) == [("unlink", 5, ("b",)), ("bulletin", 1, ("a",))]


def test_an_unlinking_while_the_linking_is_under_way_is_carried_out_after_it(story: Story) -> None:
    story.link("a")
    under_way = story.errand()
    story.do(UnlinkTickets(tickets=("a",), by="desk"))
    assert next_errand(story.state, story.now, most=10) is None
    story.run(under_way)
    assert summary(story.settle()) == [("unlink", 3, ("a",))]


def test_a_linking_that_was_refused_while_it_was_asked_for_again_is_tried_again(story: Story) -> None:
    story.link("a")
    under_way = story.errand()
    story.do(UnlinkTickets(tickets=("a",), by="desk"))
    story.link("a")
    story.run(under_way, Outcome(ticket="a", result=Result.REFUSED, why="linked to `disk`"))
    assert summary(story.settle()) == [("link", 4, ("a",))]


def test_linking_what_is_linked_changes_nothing_and_a_ticket_named_twice_counts_once(story: Story) -> None:
    story.link("a", "a")
    assert story.events[-1] == TicketsLinked(at=MONDAY, tickets=("a",), by="desk")
    before = story.state
    story.link("a")
    assert story.state is before


@pytest.mark.parametrize("ticket", ["", "a b", "a\n", "x" * 201])
def test_what_cannot_be_a_ticket_is_refused(story: Story, ticket: str) -> None:
    assert "is not a ticket" in story.refused(LinkTickets(tickets=("ok", ticket), by="desk"))


def test_an_empty_list_of_tickets_is_refused(story: Story) -> None:
    assert "`tickets` is empty" in story.refused(LinkTickets(tickets=(), by="desk"))
    assert "`tickets` is empty" in story.refused(UnlinkTickets(tickets=(), by="desk"))


def test_unlinking_what_is_not_linked_names_it(story: Story) -> None:
    story.link("a")
    assert story.refused(UnlinkTickets(tickets=("a", "b", "c"), by="desk")) == "not linked to `mail`: b, c"


def test_an_incident_takes_a_limited_number(story: Story) -> None:
    story.link(*(str(number) for number in range(MOST_LINKS)))
    assert f"{MOST_LINKS} tickets at most" in story.refused(LinkTickets(tickets=("more",), by="desk"))


def test_ticket_numbers_and_bulletins_have_room_for_the_next_run_only(story: Story) -> None:
    story.link(*(f"{number:04}{'x' * 190}" for number in range(515)))
    assert "ticket numbers of 100,000" in story.refused(LinkTickets(tickets=("y" * 150,), by="desk"))
    for _ in range(MOST_SAID // 20_000):
        story.do(TellLinked(text="x" * 20_000, by="zoe"))
    assert "take 100,000 characters together" in story.refused(TellLinked(text="one more", by="zoe"))
    story.do(ResolveIncident(solution="restarted", by="zoe"))
    assert story.state.bulletins[-1].solves


def test_only_a_limited_number_are_done_at_a_time(story: Story) -> None:
    story.link(*"abcde")
    assert story.errand(most=2).tickets == ("a", "b")


def test_a_bulletin_must_say_something_and_promise_a_time_to_come(story: Story) -> None:
    assert "`text` is empty" in story.refused(TellLinked(text=" ", by="zoe"))
    assert "has passed" in story.refused(TellLinked(text="x", next_by=MONDAY, by="zoe"))
    assert "no time zone" in story.refused(TellLinked(text="x", next_by=datetime(2027, 1, 1), by="zoe"))  # noqa: DTZ001
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


def test_the_overseer_is_paged_with_each_bulletin_once(story: Story) -> None:
    story.link("a", "b", "c")
    story.do(TELL)
    story.run(story.errand())
    first = story.errand(most=1)
    assert first.page
    story.run(first, Outcome(ticket="a", result=Result.OVER))
    second = story.errand(most=1)
    assert second.page
    story.run(second, pages=("overseer",))
    assert not story.errand(most=1).page
    story.settle()
    story.link("late")
    assert [one.page for one in story.settle()] == [False, False]
    story.do(TELL)
    assert story.errand().page


def two_overseers(story: Story) -> Story:
    """`a` and `c` are overseen by Olga, `b` and `d` by Pia; they have said so."""
    story.overseers = {"a": "olga", "b": "pia", "c": "olga", "d": "pia"}
    story.link(*"abcd")
    story.settle()
    return story


def pages(errands: Sequence[Errand]) -> list[tuple[str, tuple[str, ...]]]:
    return [(one.overseer, one.tickets) for one in errands if one.page]


def test_each_overseer_is_paged_by_the_first_of_theirs(story: Story) -> None:
    two_overseers(story).do(TELL)
    assert pages(story.settle()) == [("olga", ("a", "c")), ("pia", ("b", "d"))]
    story.do(RESOLVE)
    assert pages(story.settle()) == [("olga", ("a", "c")), ("pia", ("b", "d"))]


def test_no_one_is_paged_again_with_a_bulletin_they_have_heard_of(story: Story) -> None:
    two_overseers(story).do(TELL)
    story.settle()
    story.overseers["e"] = "pia"
    story.overseers["f"] = "quin"
    story.link("e", "f")
    assert pages(story.settle()) == [("quin", ("f",))]


def test_where_the_first_ask_paged_another_person_the_next_pages_the_one_expected(story: Story) -> None:
    two_overseers(story).do(TELL)
    first = story.errand(most=1)
    story.run(first, Outcome(ticket="a", overseer="quin"), pages=("quin",))
    assert story.errand().heard == ("quin",)
    assert pages(story.settle()) == [("pia", ("b", "d")), ("olga", ("c",))]
    story.overseers["a"] = "quin"
    story.do(TELL)
    assert ("quin", ("a",)) in pages(story.settle())


def test_an_escalation_that_does_not_say_who_oversees_it_is_still_told(story: Story) -> None:
    story.link("a")
    story.run(story.errand(), Outcome(ticket="a"))
    story.do(TELL)
    errand = story.errand()
    assert (errand.overseer, errand.page) == ("", True)
    story.run(errand, Outcome(ticket="a"), pages=("",))
    story.link("b")
    story.run(story.errand(), Outcome(ticket="b"))
    assert not story.errand().page


@pytest.mark.parametrize("result", [Result.OVER, Result.REFUSED, Result.UNKNOWN])
def test_who_cannot_be_linked_is_not_linked_and_the_view_says_why(story: Story, result: Result) -> None:
    story.link("a", "b")
    story.run(story.errand(), Outcome(ticket="b", result=result, why="it has ended"))
    view = view_of(story.state)
    assert [(one.ticket, one.is_linked, one.result, one.why) for one in view.links] == [
        ("a", True, Result.TOLD, ""),
        ("b", False, result, "it has ended"),
    ]
    story.do(TELL)
    assert summary(story.settle()) == [("bulletin", 1, ("a",))]


@pytest.mark.parametrize("result", [Result.OVER, Result.REFUSED, Result.UNKNOWN])
def test_who_could_not_be_reached_is_settled_and_is_notified_the_next(story: Story, result: Result) -> None:
    story.link("a")
    story.do(TELL)
    story.run(story.errand())
    story.run(story.errand(), Outcome(ticket="a", result=result, why="closed"))
    assert owed(story.state) == 0
    story.do(TELL)
    assert summary(story.settle()) == [("bulletin", 2, ("a",))]


def test_who_does_not_answer_is_tried_again_later_and_holds_no_one_up(story: Story) -> None:
    story.link("a", "b")
    story.do(TELL)
    story.run(story.errand(), Outcome(ticket="a", result=Result.UNANSWERED))
    assert summary([story.errand()]) == [("bulletin", 1, ("b",))]
    story.settle()
    assert wakes_at(story.state) == MONDAY + FIRST_PAUSE
    assert owed(story.state) == 1
    story.now += FIRST_PAUSE
    assert summary(story.settle()) == [("link", 2, ("a",)), ("bulletin", 1, ("a",))]
    assert wakes_at(story.state) is None


def test_pauses_grow_and_in_the_end_it_is_given_up(story: Story) -> None:
    story.link("a")
    story.do(TELL)
    story.run(story.errand())
    pauses: list[timedelta] = []
    while owed(story.state):
        wakes = wakes_at(story.state)
        if wakes is not None:
            pauses.append(wakes - story.now)
            story.now = wakes
        story.run(story.errand(), Outcome(ticket="a", result=Result.UNANSWERED, why="no worker"))
    assert len(pauses) == MOST_TRIES - 1
    assert pauses[:3] == [FIRST_PAUSE, 2 * FIRST_PAUSE, 4 * FIRST_PAUSE]
    assert max(pauses) == pauses[-1] == LONGEST_PAUSE
    link = view_of(story.state).links[0]
    assert (link.is_linked, link.told, link.result, link.why) == (True, 1, Result.UNANSWERED, "no worker")


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
    story.do(replace(TELL, next_by=datetime(2026, 3, 2, 14, tzinfo=summer)))
    assert story.state.bulletins[-1].next_by == datetime(2026, 3, 2, 12, tzinfo=UTC)
