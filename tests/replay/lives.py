"""The lives whose histories are kept: different enough that each way through the workflow is among them.

Each lasts until its workflow has ended, so that a replay has a result to compare.
"""

from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta

from temporalio.client import WorkflowUpdateFailedError

from activities.errors import DatabaseUnavailable, RecipientRefused
from escalation.case.commands import (
    Acknowledge,
    AddNote,
    ApplyPolicy,
    ChangeSeverity,
    Choose,
    Decline,
    MakePromise,
    OfferOptions,
    Option,
    Pause,
    RecordCustomerReply,
    Reopen,
    RequestInformation,
    Resume,
    SetDue,
    TellCustomer,
)
from escalation.clock_rules import Action
from escalation.compiler.snapshot import checksum
from escalation.vocabulary import ClockName, PauseCause, Severity
from tests.example_policy import EXAMPLE, rule, share, with_rule
from tests.replay.endings import close, withdraw
from tests.replay.team_lives import TEAM_LIVES
from tests.workflow.lives import offered, owned, solve
from tests.workflow.world import Life, World, real_now

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
SHORT_RUN = 40
RERUN, MANUAL = Option(id="rerun", title="Run it again"), Option(id="manual", title="Correct it by hand")


async def typical(world: World) -> Life:
    life = await owned(world, "R-1")
    await life.do(TellCustomer(by="ana", text="We found the duplicate run."))
    await close(life)
    return life


async def breach_and_climb(world: World) -> Life:
    thresholds = (share(75, Action.WARN_OWNER), share(100, Action.BREACH, Action.TELL_OVERSEER, Action.CLIMB))
    world.policy = with_rule(EXAMPLE, ClockName.RESOLUTION, rule(90 * 60, *thresholds))
    life = await owned(world, "R-2")
    await life.do(AddNote(by="ana", text="looking", tried="a restart"))
    await life.wait(91 * MINUTE)
    await life.do(Acknowledge(by="dev"))
    await withdraw(life)
    return life


async def not_acknowledged(world: World) -> Life:
    life = await offered(world, "R-3")
    await life.wait(16 * MINUTE)
    await life.wait(15 * MINUTE)
    await life.do(Decline(by="dev", why="on leave from noon"))
    await life.settled()
    await life.do(Acknowledge(by="eli"))
    await withdraw(life)
    return life


async def overseer_holds(world: World) -> Life:
    world.policy = replace(EXAMPLE, ladder=replace(EXAMPLE.ladder, rounds=1, tiers=EXAMPLE.ladder.tiers[:1]))
    life = await offered(world, "R-4")
    await life.wait(31 * MINUTE)
    await withdraw(life)
    return life


async def no_reply(world: World) -> Life:
    life = await owned(world, "R-5")
    await life.do(RequestInformation(by="ana", question="Which invoice was it?"))
    await life.wait(DAY)
    await life.do(RecordCustomerReply(text="Number 4711."))
    await life.settled()
    await life.do(RequestInformation(by="ana", question="And which month?"))
    await life.wait(5 * DAY)
    await life.wait(20 * DAY)
    return life


async def paused_and_resumed(world: World) -> Life:
    life = await owned(world, "R-6")
    await life.do(TellCustomer(by="ana", text="The bank has to look."))
    await life.do(Pause(by="ana", why="the bank has to look"))
    await life.wait(5 * HOUR)
    await life.do(Resume(by="ana"))
    await life.settled()
    await close(life)
    return life


async def promises(world: World) -> Life:
    life = await owned(world, "R-7")
    opened = (await life.status()).view.opened_at
    await life.do(MakePromise(what="A corrected invoice", at=opened + 3 * HOUR, by="ana"))
    await life.wait(3 * HOUR)
    await life.do(MakePromise(what="A corrected invoice", at=opened + 6 * HOUR, by="ana"))
    await life.settled()
    await life.do(TellCustomer(by="ana", text="Here it is.", fulfils_promise=True))
    await withdraw(life)
    return life


async def options(world: World) -> Life:
    life = await owned(world, "R-8")
    await life.do(OfferOptions(options=(RERUN, MANUAL), by="ana"))
    await life.settled()
    await life.do(Choose(option="manual"))
    await life.settled()
    await life.do(OfferOptions(options=(RERUN, MANUAL), by="ana", default="rerun"))
    for _ in range(3):
        await life.wait(8 * HOUR)
        await life.do(AddNote(by="ana", text="we wait for the choice"))
    await withdraw(life)
    return life


async def reopened(world: World) -> Life:
    life = await owned(world, "R-9")
    await solve(life)
    await life.wait(DAY)
    await life.do(Reopen(by="customer", why="It happened again."))
    await life.settled()
    await life.do(Acknowledge(by="ana"))
    await close(life)
    return life


async def cancelled(world: World) -> Life:
    life = await owned(world, "R-10")
    await life.handle.cancel()
    return life


async def continued_as_new(world: World) -> Life:
    life = await owned(world, "R-11", history_limit=SHORT_RUN)
    first = (await life.handle.describe()).run_id
    while (await life.handle.describe()).run_id == first:
        await life.do(AddNote(by="ana", text="still at it"))
    await withdraw(life)
    return life


async def postgresql_away(world: World) -> Life:
    life = await owned(world, "R-12")
    world.records.unavailable = DatabaseUnavailable("no answer")
    await life.do(TellCustomer(by="ana", text="We found it."))
    await life.do(AddNote(by="ana", text="tried a restart"))
    world.records.unavailable = None
    await withdraw(life)
    return life


async def delivery_failed(world: World) -> Life:
    life = await owned(world, "R-13")
    world.email.errors = [RecipientRefused("no such mailbox")]
    await life.do(TellCustomer(by="ana", text="We found it."))
    await withdraw(life)
    return life


async def severity_changed(world: World) -> Life:
    life = await owned(world, "R-14")
    await life.do(ChangeSeverity(by="ana", severity=Severity.SEV1, why="all customers"))
    await life.wait(MINUTE)
    await life.do(ChangeSeverity(by="ana", severity=Severity.SEV3, why="a workaround is known"))
    await close(life)
    return life


async def policy_applied(world: World) -> Life:
    gold = replace(with_rule(EXAMPLE, ClockName.RESOLUTION, rule(10 * 3600, share(100, Action.BREACH))), name="gold")
    await world.policies.store(gold, checksum(gold))
    life = await owned(world, "R-15", history_limit=SHORT_RUN)
    await life.do(ApplyPolicy(policy="gold", by="ana", why="a new contract"))
    await life.settled()
    with suppress(WorkflowUpdateFailedError):
        await life.do(ApplyPolicy(policy="silver", by="ana", why="misspelt"))
    await life.wait(11 * HOUR)
    await withdraw(life)
    return life


async def due_set_by_hand(world: World) -> Life:
    life = await owned(world, "R-16")
    opened = (await life.status()).view.opened_at
    await life.do(SetDue(clock=ClockName.RESOLUTION, at=opened + 6 * HOUR, by="ana", why="agreed"))
    await life.do(TellCustomer(by="ana", text="Until this evening."))
    await life.do(Pause(by="ana", why="the bank has to look"))
    await life.wait(4 * HOUR)
    await life.do(SetDue(clock=ClockName.RESOLUTION, at=None, by="ana", why="the bank is closed"))
    await life.settled()
    await life.do(Resume(by="ana"))
    await close(life)
    return life


async def opened_late(world: World) -> Life:
    life = await world.open("R-17", since=real_now() - 3 * HOUR)
    late = await life.until(lambda status: bool(status.view.breaches), "the breach")
    await life.settled()
    await life.do(Acknowledge(by=late.view.offered_to or "ana"))
    await withdraw(life)
    return life


async def opened_waiting(world: World) -> Life:
    life = await world.open("R-18", waiting_on=PauseCause.WAITING_ON_CUSTOMER, question="Which invoice was it?")
    await life.settled()
    await life.do(Acknowledge(by="ana"))
    await life.wait(2 * DAY + HOUR)
    await life.do(RecordCustomerReply(text="Number 4711."))
    await withdraw(life)
    return life


LIVES: Mapping[str, Callable[[World], Awaitable[Life]]] = {
    one.__name__: one
    for one in (
        typical,
        breach_and_climb,
        not_acknowledged,
        overseer_holds,
        no_reply,
        paused_and_resumed,
        promises,
        options,
        reopened,
        cancelled,
        continued_as_new,
        postgresql_away,
        delivery_failed,
        severity_changed,
        policy_applied,
        due_set_by_hand,
        opened_late,
        opened_waiting,
    )
} | dict(TEAM_LIVES)
"""Every recorded life by name."""
