"""One cause, many escalations, on a real server: told once, proposed to each, whatever comes in between."""

import asyncio
from dataclasses import replace
from datetime import timedelta

from activities.errors import CaseUnanswered, DatabaseUnavailable, RecordConflict
from escalation.case.commands import Acknowledge, SupportCommand
from escalation.compiler.snapshot import checksum
from escalation.incident.commands import ResolveIncident, TellLinked
from escalation.incident.events import RecordGivenUp
from escalation.incident.vocabulary import IncidentStage, Result
from escalation.vocabulary import Stage
from starter.cases import Cases
from starter.client import EscalationClient
from tests import fakes
from tests.example_policy import EXAMPLE
from tests.workflow.lives import solve
from tests.workflow.outage import Outage
from tests.workflow.world import Life, World, eventually, member

DAY = timedelta(days=1)


async def three(world: World, prefix: str) -> list[Life]:
    """Three escalations, each taken by the person with the offer."""
    return [await taken(world, f"{prefix}-{letter}") for letter in "abc"]


async def taken(world: World, ticket: str) -> Life:
    life = await world.open(ticket)
    await life.do(Acknowledge(by=(await life.settled()).view.offered_to))
    await life.settled()
    return life


def tickets(lives: list[Life]) -> list[str]:
    return [life.handle.id.removeprefix("escalation-") for life in lives]


def bulletins_to(world: World, name: str) -> list[str]:
    """Keys of the incident's messages to a person, with the escalation."""
    return [sent.key for sent in world.email.sent if sent.name == name and "/bulletin/" in sent.key]


async def test_each_linked_customer_is_notified_once_and_the_overseer_is_paged_once(world: World) -> None:
    async with world.worker():
        lives = await three(world, "TOLD")
        outage = await Outage.begins(world, "told")
        await outage.link(*tickets(lives))
        await outage.tell()
        status = await outage.settled()
        for life in lives:
            await life.settled()
        assert [(one.is_linked, one.told, one.result) for one in status.view.links] == [(True, 1, Result.TOLD)] * 3
        assert sorted(bulletins_to(world, "Ann")) == [f"{life.handle.id}/bulletin/told/1/customer" for life in lives]
        assert bulletins_to(world, "Overseer") == [f"{lives[0].handle.id}/bulletin/told/1/overseer"]
        for life in lives:
            assert [life.kinds().count(kind) for kind in ("incident_linked", "bulletin_relayed")] == [1, 1]
            view = (await life.status()).view
            assert (view.incident, view.bulletin) == ("told", 1)


async def test_the_same_command_again_is_answered_the_same_and_notifies_no_one_again(world: World) -> None:
    async with world.worker():
        lives = await three(world, "AGAIN")
        outage = await Outage.begins(world, "again")
        await outage.link(*tickets(lives))
        first = await outage.client.send("again", TellLinked(text="We found it.", by="zoe"), command_id="one")
        await outage.settled()
        assert await outage.client.send("again", TellLinked(text="We found it.", by="zoe"), command_id="one") == first
        status = await outage.settled()
        for life in lives:
            await life.settled()
    assert len(status.view.bulletins) == 1
    assert len(bulletins_to(world, "Ann")) == 3


async def test_resolving_proposes_the_solution_to_each_owner_who_then_resolves(world: World) -> None:
    async with world.worker():
        lives = await three(world, "SOLVED")
        outage = await Outage.begins(world, "solved")
        await outage.link(*tickets(lives))
        await outage.resolve()
        status = await outage.settled()
        for life in lives:
            await life.settled()
        assert status.view.stage is IncidentStage.RESOLVED
        owners = [(await life.status()).view.owner.title() for life in lives]
        assert sorted(key for name in set(owners) for key in bulletins_to(world, name)) == [
            f"{life.handle.id}/bulletin/solved/1/{owner.lower()}" for life, owner in zip(lives, owners, strict=True)
        ]
        assert bulletins_to(world, "Ann") == []
        view = (await lives[0].status()).view
        assert (view.stage, view.proposal) == (Stage.WORKING, "The queue was restarted.")
        await solve(lives[0], owners[0].lower())
        assert (await lives[0].status()).view.proposal == ""


async def test_a_solution_that_did_not_hold_is_withdrawn_at_each_case_once_and_proposed_again(world: World) -> None:
    async with world.worker():
        lives = await three(world, "AGAIN-LATE")
        outage = await Outage.begins(world, "again-late")
        await outage.link(*tickets(lives))
        await outage.resolve()
        await outage.settled()
        owner = (await lives[0].status()).view.owner
        await solve(lives[0], owner)
        await outage.reopen()
        status = await outage.settled()
        for life in lives:
            await life.settled()
            assert life.kinds().count("proposal_withdrawn") == 1
        assert (status.view.stage, status.view.resolved_at, status.view.reopened) == (IncidentStage.OPEN, None, 1)
        assert f"{lives[0].handle.id}/bulletin/again-late/2/{owner}" in bulletins_to(world, owner.title())
        assert [(await life.status()).view.proposal for life in lives] == ["", "", ""]
        assert bulletins_to(world, "Ann") == []
        late = await taken(world, "AGAIN-LATE-too")
        await outage.link("AGAIN-LATE-too")
        await outage.settled()
        await late.settled()
        assert [late.kinds().count(kind) for kind in ("resolution_proposed", "proposal_withdrawn")] == [0, 1]
        await outage.client.send("again-late", ResolveIncident(solution="A new disk.", by="zoe"))
        await outage.settled()
        views = [(await life.status()).view for life in [*lives, late]]
        await outage.handle.terminate()
    assert [(view.stage, view.proposal) for view in views] == [
        (Stage.RESOLVED, ""),
        *[(Stage.WORKING, "A new disk.")] * 3,
    ]


async def test_each_overseer_is_paged_once_with_each_bulletin(world: World) -> None:
    world.directory.members["olga"] = member("olga", 9)
    abroad = replace(EXAMPLE, name="abroad", ladder=replace(EXAMPLE.ladder, overseer="olga"))
    await world.policies.store(abroad, checksum(abroad))
    async with world.worker():
        lives = await three(world, "HERE")
        others = [await world.open(f"ABROAD-{letter}", policy="abroad", agrees=False) for letter in "ab"]
        outage = await Outage.begins(world, "both")
        await outage.link(*tickets([lives[0], others[0], others[1], lives[1], lives[2]]))
        await outage.tell()
        await outage.settled()
        await outage.tell()
        await outage.settled()
        for life in [*lives, *others]:
            await life.settled()
    for name, first in (("Overseer", lives[0]), ("Olga", others[0])):
        pages = [key for key in bulletins_to(world, name) if key.endswith(f"/{name.lower()}")]
        assert pages == [f"{first.handle.id}/bulletin/both/{number}/{name.lower()}" for number in (1, 2)]


async def test_who_cannot_be_reached_is_named_with_the_reason(world: World) -> None:
    async with world.worker():
        open_, solved = await taken(world, "SOME-open"), await taken(world, "SOME-solved")
        outage = await Outage.begins(world, "some")
        await outage.link("SOME-open", "SOME-solved", "SOME-nobody")
        await outage.until(lambda status: not status.view.owed, "all are linked")
        await solve(solved)
        await outage.tell()
        status = await outage.settled()
        await open_.settled()
    found = {one.ticket: (one.is_linked, one.result) for one in status.view.links}
    assert found == {
        "SOME-open": (True, Result.TOLD),
        "SOME-solved": (True, Result.OVER),
        "SOME-nobody": (False, Result.UNKNOWN),
    }
    whys = {one.ticket: one.why for one in status.view.links}
    assert "the case is resolved or has ended" in whys["SOME-solved"]
    assert "there is no escalation `escalation-SOME-nobody`" in whys["SOME-nobody"]


async def test_a_case_linked_elsewhere_stays_there(world: World) -> None:
    async with world.worker():
        await taken(world, "ELSE-a")
        first, second = await Outage.begins(world, "first"), await Outage.begins(world, "second")
        await first.link("ELSE-a")
        await first.settled()
        await second.link("ELSE-a")
        status = await second.settled()
    assert status.view.links[0].result is Result.REFUSED
    assert "linked to the incident `first`" in status.view.links[0].why
    assert not status.view.links[0].is_linked


async def test_who_comes_late_is_notified_the_latest_and_who_was_unlinked_nothing_more(world: World) -> None:
    async with world.worker():
        lives = await three(world, "LATE")
        a, b, c = tickets(lives)
        outage = await Outage.begins(world, "late")
        await outage.link(a, b)
        await outage.tell("one")
        await outage.tell("two")
        await outage.settled()
        await outage.link(c)
        await outage.client.unlink("late", [a], by="desk")
        await outage.settled()
        await outage.tell("three")
        await outage.settled()
        for life in lives:
            await life.settled()
        told = {
            life.handle.id[-1]: [one.text for one in life.timeline() if one.kind == "customer_told"] for life in lives
        }
    assert told == {"a": ["one", "two"], "b": ["one", "two", "three"], "c": ["two", "three"]}


class Gate:
    """Cases that stop answering after a number of requests, until they may continue."""

    def __init__(self, behind: Cases, *, after: int) -> None:
        self._behind = behind
        self._left = after
        self.open = asyncio.Event()
        self.is_shut = False

    async def send(self, ticket: str, command: SupportCommand, *, command_id: str) -> str:
        overseer = await self._behind.send(ticket, command, command_id=command_id)
        self._left -= 1
        if self._left <= 0 and not self.open.is_set():
            self.is_shut = True
            await self.open.wait()  # it was done, and the answer does not come
        return overseer


async def test_a_worker_that_goes_in_the_middle_leaves_no_one_out_and_notifies_no_one_twice(world: World) -> None:
    gate = Gate(Cases(EscalationClient(world.client, world.task_queue)), after=4)
    world.cases = gate
    async with world.worker():
        lives = await three(world, "GONE")
        outage = await Outage.begins(world, "gone")
        await outage.link(*tickets(lives))
        await outage.until(lambda status: not status.view.owed, "all are linked")
        await outage.tell()
        await eventually(lambda: gate.is_shut, "some are told, and their answers do not come")
        assert (await outage.status()).view.owed == 3
    gate.open.set()
    async with world.worker():
        status = await outage.settled()
        for life in lives:
            await life.settled()
    assert [one.result for one in status.view.links] == [Result.TOLD] * 3
    assert len(bulletins_to(world, "Ann")) == len(set(bulletins_to(world, "Ann"))) == 3
    assert len(bulletins_to(world, "Overseer")) == 1


async def test_who_does_not_answer_is_tried_again_and_the_others_do_not_wait(world: World) -> None:
    world.cases = cases = fakes.Cases(errors={"b": CaseUnanswered("no worker answered")})
    async with world.worker():
        outage = await Outage.begins(world, "silent")
        await outage.link("a", "b", "c")
        await outage.tell()
        await outage.until(lambda status: status.view.owed == 1, "the others are told")
        assert [len(cases.done.get(ticket, [])) for ticket in "abc"] == [2, 0, 2]
        assert (await outage.results())["b"] is Result.UNANSWERED
        cases.errors.clear()
        await outage.jump(DAY)
        await outage.settled()
    assert [command.kind for command in cases.done["b"]] == ["link_incident", "relay_bulletin"]


async def test_telling_does_not_wait_for_the_record(world: World) -> None:
    world.cases = cases = fakes.Cases()
    world.incidents.unavailable = DatabaseUnavailable("no answer")
    async with world.worker():
        outage = await Outage.begins(world, "unrecorded")
        await outage.link("a")
        await outage.tell()
        status = await outage.until(lambda status: not status.view.owed, "it is told")
        assert status.unrecorded == 5
        assert len(cases.done["a"]) == 2
        world.incidents.unavailable = None
        await outage.jump(DAY)
        await outage.settled()
    assert sorted(event.kind for event in outage.recorded()) == [
        *("bulletin_issued", "errand_run", "errand_run", "incident_opened", "tickets_linked")
    ]


async def test_after_an_hour_of_refusals_an_incident_says_so_once_and_is_recorded_in_the_end(world: World) -> None:
    world.cases = cases = fakes.Cases()
    world.incidents.unavailable = RecordConflict("another event is there")
    async with world.worker():
        outage = await Outage.begins(world, "contradicted")
        await outage.link("a")
        for _ in range(8):
            await outage.jump(timedelta(minutes=10))
        await outage.until(lambda status: status.unrecorded == 4, "it is given up")
        await outage.jump(timedelta(hours=7))
        metadata = await outage.handle.query("__temporal_workflow_metadata")
        await outage.tell()
        world.incidents.unavailable = None
        await outage.jump(timedelta(hours=7))
        await outage.settled()
    given_up = [event for event in outage.recorded() if isinstance(event, RecordGivenUp)]
    assert [event.error for event in given_up] == ["RecordConflict"]
    assert "The database refuses this incident" in metadata.current_details
    assert [command.kind for command in cases.done["a"]] == ["link_incident", "relay_bulletin"]
