"""One cause, many escalations, on a real server: told once, proposed to each, whatever comes in between."""

import asyncio
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from temporalio.client import WorkflowFailureError
from temporalio.exceptions import ApplicationError
from temporalio.worker import Replayer

from activities.errors import CaseUnanswered, DatabaseUnavailable, RecordConflict
from escalation.case.commands import Acknowledge, SupportCommand
from escalation.compiler.snapshot import checksum
from escalation.incident.commands import OpenIncident, ResolveIncident, TellLinked
from escalation.incident.events import RecordGivenUp
from escalation.incident.vocabulary import IncidentStage, Result
from escalation.vocabulary import Stage
from starter.cases import Cases
from starter.client import EscalationClient
from starter.errors import CommandRefused, IncidentEnded, UnknownIncident
from starter.incident_listing import ListedIncident
from tests import fakes
from tests.example_policy import EXAMPLE
from tests.integration.client.people import until
from tests.workflow.lives import solve
from tests.workflow.outage import Outage
from tests.workflow.world import Life, World, eventually, kind_of, member
from workflows.contract import IncidentStart
from workflows.converter import DATA_CONVERTER
from workflows.incident import LINGERS, IncidentWorkflow
from workflows.options import INCIDENT_LINKED, INCIDENT_OPENED_AT, INCIDENT_STAGE, incident_id

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


async def test_it_continues_as_new_and_no_one_notices(world: World) -> None:
    world.cases = cases = fakes.Cases()
    async with world.worker():
        outage = await Outage.begins(world, "long", history_limit=40)
        first = await outage.run_id()
        await outage.link("a", "b")
        answer = await outage.client.send("long", TellLinked(text="one", by="zoe"), command_id="one")
        for number in range(2, 12):
            await outage.tell(str(number))
            await outage.settled()
        assert await outage.run_id() != first
        assert await outage.events() < 60
        assert await outage.client.send("long", TellLinked(text="one", by="zoe"), command_id="one") == answer
        status = await outage.settled()
    assert [one.told for one in status.view.links] == [11, 11]
    for ticket in "ab":
        told = [command.number for command in cases.done[ticket] if command.kind == "relay_bulletin"]
        assert told == list(range(1, 12))


async def test_signals_do_nothing_and_still_let_it_continue(world: World) -> None:
    world.cases = fakes.Cases()
    async with world.worker():
        outage = await Outage.begins(world, "poked", history_limit=40)
        first, before = await outage.run_id(), (await outage.settled()).view
        for _ in range(41):
            await outage.handle.signal("poke", args=["once", "twice"])
        await until(outage.run_id, lambda run: run != first)
        assert (await outage.settled()).view == before


async def test_its_history_replays_to_the_same_commands(world: World) -> None:
    world.cases = cases = fakes.Cases(errors={"b": CaseUnanswered("no worker answered")})
    async with world.worker():
        # Up to 38 events come before the clock jumps; a run that continued as new just then would take the jump with it.
        outage = await Outage.begins(world, "replayed", history_limit=60)
        runs = {await outage.run_id()}
        await outage.link("a", "b")
        await outage.tell()
        await outage.until(lambda status: status.view.owed == 1, "the other is told")
        cases.errors.clear()
        await outage.jump(DAY)
        for _ in range(6):
            await outage.tell()
            await outage.settled()
            runs.add(await outage.run_id())
    assert len(runs) > 1
    replayer = Replayer(workflows=[IncidentWorkflow], data_converter=DATA_CONVERTER)
    for run_id in runs:
        history = await world.client.get_workflow_handle(outage.handle.id, run_id=run_id).fetch_history()
        await replayer.replay_workflow(history)


async def test_it_ends_when_it_has_long_been_resolved_and_takes_late_tickets_until_then(world: World) -> None:
    world.cases = cases = fakes.Cases()
    async with world.worker():
        outage = await Outage.begins(world, "over")
        await outage.link("a")
        await outage.resolve()
        await outage.settled()
        await outage.link("late")
        await outage.settled()
        assert [command.kind for command in cases.done["late"]] == ["link_incident", "propose_resolution"]
        await outage.jump(LINGERS + DAY)
        ended = await asyncio.wait_for(outage.handle.result(), 20)
        assert (ended.linked, ended.bulletins) == (2, 1)
        with pytest.raises(IncidentEnded, match="the incident `over` has ended"):
            await outage.link("too-late")
        assert (await outage.status()).view.stage is IncidentStage.RESOLVED
        again = await outage.client.open("over", title="Mail is late again", by="zoe")
        assert not again.started


async def test_operators_read_how_far_it_is(world: World) -> None:
    world.cases = fakes.Cases()
    async with world.worker():
        outage = await Outage.begins(world, "shown")
        await outage.link("a", "b")
        await outage.tell()
        await outage.resolve()
        await outage.settled()
        solved = await outage.handle.query("__temporal_workflow_metadata")
        await outage.reopen()
        await outage.settled()
        metadata = await outage.handle.query("__temporal_workflow_metadata")
    assert "**Mail is late** · open · 2 linked escalations" in metadata.current_details
    assert "Bulletins: 3 · still to hear something: **0**" in metadata.current_details
    assert "Solutions that did not hold: **1**" in metadata.current_details
    assert "Solution proposed at" in solved.current_details
    assert "Solution proposed at" not in metadata.current_details


async def shown(outage: Outage) -> tuple[str | None, int | None, datetime | None]:
    """Stage, number of linked escalations and opening, as the server's search knows them."""
    attributes = (await outage.handle.describe()).typed_search_attributes
    return attributes.get(INCIDENT_STAGE), attributes.get(INCIDENT_LINKED), attributes.get(INCIDENT_OPENED_AT)


async def test_operators_find_it_by_stage_and_by_how_many_are_linked(world: World) -> None:
    world.cases = fakes.Cases()
    async with world.worker():
        outage = await Outage.begins(world, "found", history_limit=40)
        opened_at = (await outage.settled()).view.opened_at
        assert await shown(outage) == ("open", None, opened_at)
        await outage.link("a", "b")
        assert await shown(outage) == ("open", 2, opened_at)
        await outage.resolve()
        assert await shown(outage) == ("resolved", 2, opened_at)
        await outage.client.unlink("found", ["a"], by="desk")
        first = await outage.run_id()
        await outage.reopen()
        await outage.settled()
        for _ in range(9):
            await outage.tell()
            await outage.settled()
        assert await outage.run_id() != first
        assert await shown(outage) == ("open", 1, opened_at)
        history = await outage.handle.fetch_history()
    upserts = [one for one in history.events if kind_of(one) == "upsert_workflow_search_attributes"]
    assert upserts == []  # the run that goes on knows what the one before has said


async def test_the_list_names_what_there_is_in_each_stage_and_each_incident_once(world: World) -> None:
    world.cases = fakes.Cases()
    client = EscalationClient(world.client, world.task_queue).incidents
    async with world.worker():
        for name in ("list-1", "list-2"):
            await client.open(name, title=f"The {name} is broken", by="zoe")
            await client.link(name, ["a", "b", "c"], by="desk")
        await client.send("list-1", ResolveIncident(solution="A new one", by="zoe"))
        outage = await Outage.begins(world, "list-3", history_limit=20)
        first = await outage.run_id()
        for _ in range(5):
            await outage.tell()
            await outage.settled()
        assert await outage.run_id() != first
        await (second := Outage(world, "list-2")).settled()

        async def listed(stage: IncidentStage | None) -> dict[str, ListedIncident]:
            every = await client.list(stage, limit=1000)
            assert len({one.name for one in every}) == len(every)
            assert [one.opened_at for one in every] == sorted((one.opened_at for one in every), reverse=True)
            return {one.name: one for one in every if one.name.startswith("list-")}

        def is_complete(found: dict[str, ListedIncident]) -> bool:
            stages = {name: (one.stage, one.linked) for name, one in found.items()}
            return stages == {"list-1": ("resolved", 3), "list-2": ("open", 3), "list-3": ("open", 0)}

        everything = await until(lambda: listed(None), is_complete)  # the search may lag behind a little
        assert (await listed(IncidentStage.OPEN)).keys() == {"list-2", "list-3"}
        assert (await listed(IncidentStage.RESOLVED)).keys() == {"list-1"}
        opened_at = (await second.status()).view.opened_at
    assert everything["list-2"] == ListedIncident(
        name="list-2", title="The list-2 is broken", stage="open", opened_at=opened_at, linked=3, running=True
    )


# What is refused.


async def test_an_incident_is_opened_once_under_its_name(world: World) -> None:
    world.cases = fakes.Cases()
    client = EscalationClient(world.client, world.task_queue).incidents
    async with world.worker():
        assert (await client.open("once", title="Mail is late", by="zoe")).started
        assert not (await client.open("once", title="Something else", by="zoe")).started
        assert (await client.status("once")).view.title == "Mail is late"
        described = await world.client.get_workflow_handle(incident_id("once")).describe()
        assert described.raw_description.workflow_execution_info.priority.priority_key == 1
        assert await described.static_summary() == "incident: Mail is late"
        assert await described.static_details() == "Incident **once**: Mail is late"
        with pytest.raises(CommandRefused, match="letters, digits"):
            await client.open("no name", title="x", by="zoe")


async def test_what_makes_no_sense_is_refused_and_leaves_no_trace(world: World) -> None:
    world.cases = fakes.Cases()
    async with world.worker():
        outage = await Outage.begins(world, "nonsense")
        await outage.settled()
        before = await outage.events()
        with pytest.raises(CommandRefused, match="`text` is empty"):
            await outage.tell(" ")
        with pytest.raises(CommandRefused, match="not linked to `nonsense`: a"):
            await outage.client.unlink("nonsense", ["a"], by="desk")
        with pytest.raises(CommandRefused, match="`tickets` is empty"):
            await outage.link()
        with pytest.raises(CommandRefused, match="`reopen` is not possible while open"):
            await outage.reopen()
        assert await outage.events() == before
        with pytest.raises(UnknownIncident, match="there is no incident `nothing`; check the name, or open it"):
            await outage.client.status("nothing")
        with pytest.raises(UnknownIncident):
            await outage.client.send("nothing", TellLinked(text="x", by="zoe"))


async def test_an_opening_that_makes_no_sense_fails_and_says_why(world: World) -> None:
    async with world.worker():
        handle = await world.client.start_workflow(
            IncidentWorkflow.run,
            args=[IncidentStart(request=OpenIncident(name="no name", title="x", by="zoe"))],
            id=incident_id("no name"),
            task_queue=world.task_queue,
        )
        with pytest.raises(WorkflowFailureError) as failure:
            await asyncio.wait_for(handle.result(), 20)
    assert isinstance(failure.value.cause, ApplicationError)
    assert failure.value.cause.type == "InvalidCommand"
