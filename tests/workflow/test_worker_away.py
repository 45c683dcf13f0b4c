"""All workers are down for a while: what they missed is done on return, once, in order, and marked late.

In real time, with a policy of seconds: a virtual clock does not move while no worker runs.
"""

from collections import Counter
from dataclasses import replace
from datetime import datetime, timedelta

from escalation.case.commands import Acknowledge
from escalation.clock_rules import Action
from escalation.policy import Policy
from escalation.vocabulary import ClockName
from tests.example_policy import EXAMPLE, rule, share, since_start, with_rule
from tests.workflow.world import Life, World, eventually, real_now

TARGET = timedelta(seconds=5)
ALL_MISSED = timedelta(seconds=6)
"""From the opening; the last threshold lies at the target."""


def brisk() -> Policy:
    """A resolution target of seconds, warned of twice before the breach; nothing else happens in that time."""
    warnings = (since_start("3s", 3, Action.WARN_OWNER), since_start("4s", 4, Action.WARN_OWNER))
    resolution = rule(int(TARGET.total_seconds()), *warnings, share(100, Action.BREACH, Action.TELL_OVERSEER))
    return with_rule(EXAMPLE, ClockName.RESOLUTION, resolution)


def reached(life: Life) -> list[tuple[str, bool]]:
    return [(one.threshold, one.late) for one in life.timeline() if one.kind == "threshold_reached"]


def dues(life: Life) -> list[datetime]:
    return [one.due for one in life.timeline() if one.kind == "threshold_reached"]


async def passed(instant: datetime) -> None:
    await eventually(lambda: real_now() > instant, f"it is {instant}")


async def test_what_was_missed_happens_on_return_once_in_order_late_and_is_notified_once(world: World) -> None:
    world.policy = replace(brisk(), late_after=0)
    async with world.worker():
        life = await world.open("AWAY-1")
        await eventually(lambda: "offered" in life.kinds(), "it is offered")
        await life.do(Acknowledge(by="ana"))
        opened = (await life.settled()).view.opened_at
        assert reached(life) == []
    await passed(opened + ALL_MISSED)
    assert reached(life) == []
    async with world.worker():
        await life.until(lambda status: bool(status.view.breaches), "the breach")
        await life.settled()
    assert reached(life) == [("3s", True), ("4s", True), ("due", True)]
    # Instants are whole seconds.
    assert [due - opened.replace(microsecond=0) for due in dues(life)] == [timedelta(seconds=one) for one in (3, 4, 5)]
    told = Counter(sent.name for sent in world.email.sent)
    assert told == {"Ann": 2, "Ana": 2, "Overseer": 1}  # Ana: the offer, and one notice of all that was missed
    assert world.keys_to("Ana")[-1] == "resolution/1/3s/ana"


async def test_a_request_made_while_no_one_was_there_counts_from_when_it_was_made(world: World) -> None:
    life = await world.open("AWAY-2")
    async with world.worker():
        opened = (await life.settled()).view.opened_at
    assert opened == (await life.handle.describe()).start_time


async def test_thresholds_that_are_seen_in_time_are_not_late(world: World) -> None:
    world.policy = brisk()
    async with world.worker():
        life = await world.open("AWAY-3")
        await life.until(lambda status: bool(status.view.breaches), "the breach")
    assert reached(life) == [("3s", False), ("4s", False), ("due", False)]
