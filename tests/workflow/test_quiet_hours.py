"""Messages that wait, on a real server: over another run and another worker, and out as one."""

from dataclasses import replace
from datetime import datetime, timedelta

from escalation.business_time import Hours
from escalation.case.commands import Acknowledge, AddNote, Consult, Escalate, Packet
from escalation.message_kinds import MessageKind
from escalation.policy import Policy
from escalation.quiet_hours import QuietHours, Week
from escalation.vocabulary import Severity
from tests import fakes
from tests.example_policy import EXAMPLE
from tests.workflow.lives import owned
from tests.workflow.test_continue_as_new import SHORT_RUN, noted_until_it_continues
from tests.workflow.world import World, member, real_now

HOUR = timedelta(hours=1)
AWAKE = 9
"""Tier of people who are never asked."""


def night_until(end: datetime) -> Week:
    """Hours that began an hour ago, each day, and end then."""
    begin = real_now() - HOUR
    opens = begin.hour * 60 + begin.minute
    return ((Hours(opens=opens, closes=opens + int((end - begin).total_seconds() // 60)),),) * 7


def quiet(*, customer: Week = (), staff: Week = ()) -> Policy:
    return replace(EXAMPLE, quiet_hours=QuietHours(customer=customer, staff=staff))


async def test_a_held_letter_survives_another_run_and_another_worker_and_goes_out_once(world: World) -> None:
    world.policy = quiet(customer=night_until(real_now() + 2 * HOUR))
    async with world.worker():
        life = await owned(world, "QUIET-1", history_limit=SHORT_RUN)
        (held,) = (await life.settled()).view.held
        assert (held.to, held.message) == ("customer", MessageKind.OWNER_CHANGED)
        await noted_until_it_continues(life)
    async with world.worker():
        assert (await life.settled()).view.held == (held,)
        assert world.keys_to("Ann") == ["receipt/1/customer"]
        await life.do(AddNote(by="ana", text="still on it"))
        status = await life.wait(3 * HOUR)
        assert status.view.held == ()
        assert world.keys_to("Ann") == ["receipt/1/customer", held.key]
        assert life.kinds().count("messages_released") == 1


class Sleepers(fakes.Directory):
    """Whose shift has ended, until `are_awake`."""

    are_awake = False

    async def on_shift_until(self, _person: str) -> datetime | None:
        return real_now() + (HOUR if self.are_awake else -HOUR)


async def test_notices_wait_for_a_colleague_who_is_not_on_shift_until_their_night_ends(world: World) -> None:
    world.directory = sleepers = Sleepers(world.directory.members.values(), real_now)
    world.policy = quiet(staff=night_until(real_now() + HOUR / 2))
    async with world.worker():
        life = await owned(world, "QUIET-2")
        await life.do(Consult(by="ana", to="dev", question="Why?"))
        status = await life.settled()
        assert {held.to for held in status.view.held} >= {"dev"}
        assert world.keys_to("Dev") == []
        sleepers.are_awake = True
        await life.wait(HOUR * 3 / 4)
        await life.until(lambda _: bool(world.keys_to("Dev")), "the night has ended, and Dev has the notice")
        assert world.keys_to("Dev") == ["notice/1/dev"]
        await life.do(Consult(by="ana", to="eli", question="And now?"))
        await life.settled()
        assert len(world.keys_to("Eli")) == 1


async def test_nothing_of_the_worst_case_waits(world: World) -> None:
    world.policy = quiet(customer=night_until(real_now() + 2 * HOUR))
    async with world.worker():
        life = await world.open("QUIET-3", severity=Severity.SEV1)
        await life.settled()
        await life.do(Acknowledge(by="ana"))
        assert (await life.settled()).view.held == ()
        assert len(world.keys_to("Ann")) == 2


async def test_a_climb_past_an_empty_tier_is_one_letter(world: World) -> None:
    for name in ("dev", "eli"):
        world.directory.members[name] = member(name, AWAKE)
    async with world.worker():
        life = await owned(world, "CLIMB-1")
        before = len(world.keys_to("Ann"))
        await life.do(Escalate(by="ana", why="it needs a specialist", packet=Packet(concern="twice", tried=("once",))))
        status = await life.settled()
        assert status.view.tier == 3
        assert len(world.keys_to("Ann")) == before + 1
        assert "messages_released" in life.kinds()


async def test_a_climb_that_ends_with_the_overseer_is_one_letter(world: World) -> None:
    for name in ("dev", "eli", "fay", "ben"):
        world.directory.members[name] = member(name, AWAKE)
    world.policy = replace(EXAMPLE, ladder=replace(EXAMPLE.ladder, rounds=1))
    async with world.worker():
        life = await owned(world, "CLIMB-2")
        await life.do(Escalate(by="ana", why="it needs a specialist", packet=Packet(concern="twice", tried=("once",))))
        status = await life.settled()
        assert status.view.owner == "overseer"
        letters = [sent.body for sent in world.email.sent if sent.name == "Ann"]
        assert len(letters) == 3
        assert "Overseer" in letters[-1]
