import asyncio
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest

from escalation.case.commands import Acknowledge, AddNote, AnswerSurvey, Decline, Open, Resolve, SupportCommand
from escalation.vocabulary import Stage
from simulation.exports import OWNER, Life, Pace, Step
from starter.errors import CommandRefused, TemporalUnreachable, WorkersBusy
from starter.play import CaseClient, Played, Player, Playing, Progress
from tests.unit.importing.desk import Desk, Opening
from tests.unit.importing.logs import life, planned, row
from tests.unit.importing.virtual_time import at_once
from workflows.contract import Answer, Status

DEMO = Playing(policy="demo")


def play(
    desk: CaseClient, *plans: Life, playing: Playing = DEMO, progress: list[Progress] | None = None
) -> tuple[Played, ...]:
    """Play on virtual time, and go on until every clock that is left has had its say."""

    async def story() -> tuple[Played, ...]:
        heard = progress if progress is not None else []
        player = Player(desk, playing, clock=asyncio.get_running_loop().time, progress=heard.append)
        return await player.play_all(plans)

    return at_once(story())


def calm(made: Life) -> Life:
    """Without chance: the first offer is answered and the survey is not."""
    steps = tuple(step for step in made.steps if not isinstance(step.command, AnswerSurvey))
    return replace(made, steps=steps, ignores_first_offer=False)


def quick(*rows: str) -> Life:
    return calm(planned(*rows))


def numbered(count: int) -> Iterator[Life]:
    for number in range(count):
        yield quick(*(row(state, 9 + n, number=f"INC{number}") for n, state in enumerate(("Active", "Resolved"))))


def test_a_step_by_the_owner_is_done_by_whom_our_ladder_asked() -> None:
    desk = Desk()
    (played,) = play(desk, quick(*life("New", "Active", "Active", "Resolved")))
    assert (played.started, played.done, played.skipped) == (True, 4, ())
    people = {command.by for command in desk.accepted("INC1")}
    assert len(people) == 1
    assert people <= {person.id for person in desk.people}
    assert desk.cases["INC1"].state.stage is Stage.RESOLVED


def test_steps_keep_their_order_and_the_pace_of_the_log() -> None:
    desk = Desk()
    play(desk, quick(*life("Active", "Active", "Resolved")), playing=Playing(policy="demo", pace=Pace(compress=1800)))
    times = [at for at, _, _ in desk.sent]
    assert [command.kind for _, _, command in desk.sent] == ["acknowledge", "tell_customer", "note", "resolve"]
    # Opened at eight, taken at nine, answered in the same minute, and an hour between the others: two seconds each.
    assert times == pytest.approx([2.0, 2.3, 4.3, 6.3])


def test_a_first_offer_that_is_ignored_goes_to_the_next_person() -> None:
    desk = Desk()
    made = replace(quick(*life("Active", "Resolved")), ignores_first_offer=True)
    (played,) = play(desk, made)
    assert played.skipped == ()
    assert desk.happened("INC1").count("offer_lapsed") == 1
    lapsed, taken = (
        next(event for event in desk.cases["INC1"].events if event.kind == kind)
        for kind in ("offer_lapsed", "acknowledged")
    )
    assert lapsed.person != taken.person


def test_a_declined_offer_is_taken_by_the_next_person() -> None:
    desk = Desk()
    made = quick(
        row("New", 9), row("New", 10, assignment_group="Group 2"), row("Active", 11, assignment_group="Group 2")
    )
    play(desk, made)
    declined, taken = desk.accepted("INC1")[:2]
    assert isinstance(declined, Decline)
    assert isinstance(taken, Acknowledge)
    assert declined.by != taken.by


def test_an_escalated_case_is_taken_by_a_person_of_the_next_tier() -> None:
    desk = Desk()
    rows = (row("Active", 9), row("Active", 10, assignment_group="Group 2"), row("Resolved", 11))
    (played,) = play(desk, quick(*rows))
    assert played.skipped == ()
    owner = desk.cases["INC1"].state.owner
    assert next(person for person in desk.people if person.id == owner).tiers[0] == 2


def test_a_person_who_is_asked_when_clocks_moved_the_case_takes_it_and_the_story_goes_on() -> None:
    desk = Desk()
    # Eighteen seconds until the solution: the target is breached, and the case has climbed to another person by then.
    slow = Playing(policy="demo", pace=Pace(longest=18))
    made = quick(row("Active", 9), row("Active", 9), row("Resolved", 9, sys_updated_at="4/3/2016 09:00"))
    (played,) = play(desk, made, playing=slow)
    assert "climbed" in desk.happened("INC1")
    assert played.skipped == ()
    assert [command.kind for command in desk.accepted("INC1")][-2:] == ["acknowledge", "resolve"]
    assert desk.cases["INC1"].state.stage is Stage.RESOLVED


def test_what_the_domain_refuses_is_reported_with_its_reason_and_the_rest_is_played() -> None:
    desk = Desk()
    made = quick(*life("Active", "Resolved"))
    senseless = Step(at=made.steps[0].at, command=AddNote(by="ana", text=" "))
    (played,) = play(desk, replace(made, steps=(senseless, *made.steps)))
    assert [(one.index, one.step) for one in played.skipped] == [(0, senseless)]
    assert "`text` is empty" in played.skipped[0].reason
    assert played.done == 3


class LateTimer(Desk):
    """A clock is due and its timer has not fired yet: who has the case is refused until it has."""

    fires_at: float | None = None

    async def send(self, ticket: str, command: SupportCommand, *, command_id: str) -> Answer:
        now = asyncio.get_running_loop().time()
        if isinstance(command, Resolve):
            self.fires_at = now + 0.6 if self.fires_at is None else self.fires_at
            if now < self.fires_at:
                raise CommandRefused("NotAllowed", "the case is offered to `zoe`, not to `ana`; `reassign` it first")
        return await super().send(ticket, command, command_id=command_id)


def test_a_step_waits_out_a_timer_that_is_a_moment_late() -> None:
    desk = LateTimer()
    (played,) = play(desk, quick(*life("Active", "Resolved")))
    assert played.skipped == ()
    assert desk.accepted("INC1")[-1].kind == "resolve"


def test_the_survey_is_answered_once_it_is_out() -> None:
    desk = Desk()
    made = quick(*life("Active", "Resolved"))
    survey = Step(at=made.steps[-1].at, command=AnswerSurvey(score=5))
    (played,) = play(desk, replace(made, steps=(*made.steps, survey)))
    assert played.skipped == ()
    assert desk.cases["INC1"].state.score == 5
    assert desk.cases["INC1"].state.stage is Stage.CLOSED


def test_playing_twice_does_nothing_twice() -> None:
    desk, plans = Desk(), tuple(numbered(5))
    play(desk, *plans)
    before = {ticket: desk.happened(ticket) for ticket in desk.cases}
    again = play_again(desk, *plans)
    assert {ticket: desk.happened(ticket) for ticket in desk.cases} == before
    assert [(one.started, one.done, one.skipped) for one in again] == [(False, 3, ())] * 5


def play_again(desk: Desk, *plans: Life) -> tuple[Played, ...]:
    """Play on the same cases at the moment at which the first play ended."""
    frozen = max(case.events[-1].at for case in desk.cases.values())
    desk.now = lambda: frozen  # type: ignore[method-assign]  # the clock is frozen for the repeat
    return play(desk, *plans)


def test_a_play_that_was_cut_off_goes_on_where_it_was() -> None:
    desk, whole = Desk(), quick(*life("Active", "Active", "Resolved"))
    play(desk, replace(whole, steps=whole.steps[:2]))
    (played,) = play_again(desk, whole)
    assert (played.started, played.done, played.skipped) == (False, 4, ())
    assert [command.kind for command in desk.accepted("INC1")] == ["acknowledge", "tell_customer", "note", "resolve"]


def test_no_more_plans_run_at_once_than_there_is_room_for_and_plans_are_taken_one_by_one() -> None:
    desk, running, most, taken = Desk(), set[str](), list[int](), list[int]()

    def plans() -> Iterator[Life]:
        for number, made in enumerate(numbered(12)):
            taken.append(number)
            most.append(len(running))
            running.add(made.open.ticket)
            yield made

    def heard(progress: Progress) -> None:
        if progress.done == progress.steps:
            running.discard(progress.ticket)

    async def story() -> tuple[Played, ...]:
        playing = Playing(policy="demo", concurrency=3)
        player = Player(desk, playing, clock=asyncio.get_running_loop().time, progress=heard)
        return await player.play_all(plans())

    played = at_once(story())
    assert [one.ticket for one in played] == [f"INC{n}" for n in range(12)]
    assert max(most) == 2
    assert len(taken) == 12


def test_openings_follow_each_other_at_the_spacing() -> None:
    desk = Desk()
    play(desk, *numbered(4), playing=Playing(policy="demo", spacing=0.5))
    opened = [case.events[0].at for case in desk.cases.values()]
    assert [(after - opened[0]).total_seconds() for after in opened] == pytest.approx([0, 0.5, 1.0, 1.5])


def test_progress_is_shown_from_the_opening_to_the_last_step() -> None:
    progress: list[Progress] = []
    play(Desk(), quick(*life("Active", "Resolved")), progress=progress)
    assert [one.done for one in progress] == [0, 1, 2, 3]
    assert {(one.ticket, one.steps) for one in progress} == {("INC1", 3)}


def test_waiting_for_an_owner_asks_seldom_and_gives_up_in_time() -> None:
    class Empty(Desk):
        """No one is ever asked: assignments do not come back."""

        def _assign(self, ticket: str, effects: tuple[object, ...], at: object) -> None:
            pass

    desk = Empty()
    (played,) = play(desk, quick(*life("Active", "Resolved")), playing=Playing(policy="demo", patience=20))
    assert [one.index for one in played.skipped] == [0, 1, 2]
    assert {one.reason for one in played.skipped} == {
        "no one got an offer within 20 s; play the file again to continue from here"
    }
    assert 5 < desk.looks < 20


class Faulty(Desk):
    """Loses answers: every call fails a number of times before or after it is carried out."""

    def __init__(self, failures: int, error: Exception) -> None:
        super().__init__()
        self.failures = failures
        self.error = error
        self.opened = False

    def _fail(self) -> None:
        if self.failures > 0:
            self.failures -= 1
            raise self.error

    async def open(self, request: Open, *, policy: str, again: bool) -> Opening:
        if not self.opened:
            self._fail()
        answer = await super().open(request, policy=policy, again=again)
        self.opened = True
        return answer

    async def send(self, ticket: str, command: SupportCommand, *, command_id: str) -> Answer:
        answer = await super().send(ticket, command, command_id=command_id)
        self._fail()
        return answer

    async def status(self, ticket: str) -> Status:
        self._fail()
        return await super().status(ticket)


@pytest.mark.parametrize("error", [TemporalUnreachable("no server"), WorkersBusy("escalation-INC1", seconds=5)])
def test_a_server_that_is_unreachable_for_a_moment_costs_nothing_and_doubles_nothing(error: Exception) -> None:
    desk = Faulty(0, error)

    async def story() -> Played:
        player = Player(desk, DEMO, clock=asyncio.get_running_loop().time)
        playing = asyncio.create_task(player.play(quick(*life("Active", "Active", "Resolved"))))
        await asyncio.sleep(1.1)
        desk.failures = 3
        return await playing

    played = at_once(story())
    assert (played.done, played.skipped) == (4, ())
    assert [command.kind for command in desk.accepted("INC1")] == ["acknowledge", "tell_customer", "note", "resolve"]


def test_a_server_that_stays_away_ends_the_plan_and_says_how_to_go_on() -> None:
    (played,) = play(Faulty(10**6, TemporalUnreachable("no server at x")), quick(*life("Active", "Resolved")))
    assert not played.started
    assert [one.index for one in played.skipped] == [-1, 0, 1, 2]
    assert {one.reason for one in played.skipped} == {"no server at x; play the file again to continue from here"}


def test_an_escalation_that_has_ended_takes_none_of_the_rest() -> None:
    desk = Desk()
    made = quick(*life("Active", "Resolved"))
    end = made.steps[-1].at
    late = [Step(at=end + timedelta(days=day), command=AddNote(by=OWNER, text="x")) for day in (5, 6)]
    # The reopen window of the demo is ten seconds, and so the case is over long before the notes come.
    (played,) = play(
        desk, replace(made, steps=(*made.steps, *late)), playing=Playing(policy="demo", pace=Pace(longest=60))
    )
    assert [one.index for one in played.skipped] == [3, 4]
    assert {one.reason for one in played.skipped} == {
        "`escalation-INC1` has ended (closed) and takes no more commands; open the ticket again if it needs another escalation"
    }


def test_room_for_no_plan_is_refused() -> None:
    with pytest.raises(ValueError, match="at least one life"):
        Playing(concurrency=0)
