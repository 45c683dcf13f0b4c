"""Who is linked to an incident, and what each linked escalation hears."""

import pytest

from escalation.incident.bulletins import MOST_SAID
from escalation.incident.commands import LinkTickets, ResolveIncident, TellLinked, UnlinkTickets
from escalation.incident.errands import next_errand
from escalation.incident.events import TicketsLinked
from escalation.incident.lifecycle import MOST_LINKS
from escalation.incident.values import Outcome
from escalation.incident.vocabulary import ErrandKind, Result
from tests.unit.incident.story import MONDAY, TELL, Story, summary


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
