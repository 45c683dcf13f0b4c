"""Who is paged, and what happens where an escalation cannot be reached."""

from datetime import timedelta

import pytest

from escalation.incident.errands import owed, wakes_at
from escalation.incident.state import FIRST_PAUSE, LONGEST_PAUSE, MOST_TRIES
from escalation.incident.values import Outcome
from escalation.incident.view import view_of
from escalation.incident.vocabulary import Result
from tests.unit.incident.story import MONDAY, RESOLVE, TELL, Story, pages, summary


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
