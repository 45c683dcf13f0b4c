"""Texts of up to 400,000 characters: the case has the beginning, the store the whole, once; nothing is lost on the way."""

import asyncio
from datetime import timedelta
from random import Random

import pytest
from temporalio.api.common.v1 import Payload
from temporalio.api.history.v1 import HistoryEvent

from activities.errors import DatabaseUnavailable
from escalation.bounds import excerpt_of, reference_in
from escalation.case.commands import AddNote, Escalate, Packet, RecordCustomerReply, Resolve, TellCustomer
from escalation.case.events import CustomerReplied
from escalation.vocabulary import Outcome
from starter.errors import CommandRefused
from tests.workflow.lives import owned
from tests.workflow.test_continue_as_new import noted_until_it_continues, run_of
from tests.workflow.world import Life, World, kind_of
from workflows.contract import Answer

CHINESE = "客户说系统又坏了。三个星期没有任何人回答我。\n" * 15_000
_chance = Random(7)  # noqa: S311 (the same text each time, no secret)
DENSE = "".join(map(chr, _chance.choices(range(0x10000, 0x110000), k=300_000)))
"""Any characters of four bytes, which compression makes least of."""
LONGEST = DENSE[:200_000] * 2
SHORT_RUN = 40
MIB = 2**20


def _replies(life: Life) -> list[str]:
    return [one.text for one in life.timeline() if isinstance(one, CustomerReplied)]


def _whole(world: World, life: Life, excerpt: str) -> str:
    return world.long_texts.texts[life.handle.id, reference_in(excerpt)]


def _payloads(event: HistoryEvent) -> list[Payload]:
    """Every payload within an event of a history."""
    found: list[Payload] = []
    waiting = [event]
    while waiting:
        for field, value in waiting.pop().ListFields():
            if field.message_type is None:
                continue
            values = list(value.values()) if hasattr(value, "values") else value if field.is_repeated else [value]
            for one in values:
                if isinstance(one, Payload):
                    found.append(one)
                elif hasattr(one, "ListFields"):
                    waiting.append(one)
    return found


def _is_the_text_itself(event: HistoryEvent) -> bool:
    """Whether the event is where a long text comes in, or is handed to the store that does not answer at once."""
    scheduled = event.activity_task_scheduled_event_attributes.activity_type.name
    return kind_of(event) == "workflow_execution_update_accepted" or scheduled == "keep_text"


async def _longest_payload(life: Life, *runs: str) -> int:
    events = [event for run in runs for event in await life.history(run) if not _is_the_text_itself(event)]
    return max(len(payload.data) for event in events for payload in _payloads(event))


async def _database_stops(world: World) -> None:
    world.records.unavailable = world.long_texts.unavailable = DatabaseUnavailable("no answer", after=0.1)


async def _database_answers(world: World) -> None:
    world.records.unavailable = world.long_texts.unavailable = None


@pytest.mark.parametrize("text", [CHINESE, DENSE, LONGEST], ids=["chinese", "dense", "longest"])
async def test_a_long_reply_is_kept_whole_and_carried_as_its_beginning(world: World, text: str) -> None:
    async with world.worker():
        life = await owned(world, f"LONG-TEXT-{len(text)}", history_limit=SHORT_RUN)
        first = await run_of(life)
        await life.do(RecordCustomerReply(text=text))
        await noted_until_it_continues(life)
        await life.settled()
        longest = await _longest_payload(life, first, await run_of(life))
    (excerpt,) = _replies(life)
    assert excerpt.startswith(text[:1_900])
    assert len(excerpt) < 2_300
    assert f"of {len(text):,} characters" in excerpt
    assert _whole(world, life, excerpt) == text
    assert longest < MIB


async def test_while_the_database_does_not_answer_the_case_goes_on_and_the_text_waits(world: World) -> None:
    async with world.worker():
        life = await owned(world, "LONG-TEXT-WAITS", history_limit=SHORT_RUN)
        first = await run_of(life)
        await _database_stops(world)
        answer = await life.do(RecordCustomerReply(text=DENSE))
        assert answer.seq == (await life.status()).view.last_seq
        with pytest.raises(
            CommandRefused, match="a long text of this case waits for the database; send this one again"
        ):
            await _send(life, RecordCustomerReply(text=LONGEST))
        for number in range(12):
            await life.do(AddNote(by="ana", text=f"short {number}"))
        assert await run_of(life) == first, "a run has the text that waits, so it must not end"
        await _database_answers(world)
        await life.settled()
        await noted_until_it_continues(life)
        await _send(life, RecordCustomerReply(text=LONGEST))
        await life.settled()
        longest = await _longest_payload(life, first, await run_of(life))
    assert [_whole(world, life, excerpt) for excerpt in _replies(life)] == [DENSE, LONGEST]
    assert longest < MIB


async def test_a_text_that_waits_outlives_the_worker(world: World) -> None:
    async with world.worker():
        life = await owned(world, "LONG-TEXT-WORKER")
        await _database_stops(world)
        await life.do(RecordCustomerReply(text=CHINESE))
        world.lives.clear()  # the record is behind for now
    await _database_answers(world)
    async with world.worker():
        await life.settled()
        await life.agrees_with_its_record()
    (excerpt,) = _replies(life)
    assert _whole(world, life, excerpt) == CHINESE


async def test_the_same_text_again_is_stored_once(world: World) -> None:
    async with world.worker():
        life = await owned(world, "LONG-TEXT-TWICE")
        await life.do(RecordCustomerReply(text=CHINESE), command_id="first")
        await life.do(RecordCustomerReply(text=CHINESE), command_id="first")
        await life.settled()
        await life.do(AddNote(by="ana", text=CHINESE))
        await life.settled()
    assert len(_replies(life)) == 1
    assert list(world.long_texts.texts.values()) == [CHINESE]


async def test_two_long_texts_at_once_both_arrive(world: World) -> None:
    texts = ["first " * 10_000, "second " * 10_000]
    async with world.worker():
        life = await owned(world, "LONG-TEXT-AT-ONCE")
        await asyncio.gather(*(life.do(RecordCustomerReply(text=text)) for text in texts))
        await life.settled()
    assert sorted(_whole(world, life, excerpt) for excerpt in _replies(life)) == sorted(texts)


async def test_a_letter_to_the_customer_goes_out_whole_now_and_later(world: World) -> None:
    log = "2026-03-02 09:00:00 ERROR the queue is full\n" * 7_000
    async with world.worker():
        life = await owned(world, "LONG-TEXT-LETTER")
        await life.do(TellCustomer(by="ana", text=log))
        await life.do(Resolve(by="ana", outcome=Outcome.SOLVED, solution=log.upper()))
        await life.wait(timedelta(days=4))
    bodies = {sent.key.split("/", 1)[1]: sent.body for sent in world.email.sent if sent.name == "Ann"}
    assert log.strip() in bodies["update/1/customer"]
    assert log.upper().strip() in bodies["resolved/1/customer"]
    follow_ups = [body for key, body in bodies.items() if key.startswith("follow_up")]
    assert follow_ups
    assert all("whole text" not in body for body in bodies.values())


async def test_a_log_in_the_hand_off_packet_reaches_the_next_owner_as_its_beginning(world: World) -> None:
    log = "2026-03-02 09:00:00 ERROR the queue is full\n" * 7_000
    async with world.worker():
        life = await owned(world, "LONG-TEXT-PACKET")
        packet = Packet(concern="Mail is late.", nothing_tried=True, evidence=(log, "a link"))
        await life.do(Escalate(by="ana", why="beyond me", packet=packet))
        await life.settled()
    offers = [sent.body for sent in world.email.sent if "a link" in sent.body]
    assert offers
    assert all(len(body) < 10_000 for body in offers)
    assert list(world.long_texts.texts.values()) == [log]


async def test_an_excerpt_that_is_copied_into_a_letter_goes_out_as_it_is(world: World) -> None:
    async with world.worker():
        life = await owned(world, "LONG-TEXT-COPIED")
        await life.do(TellCustomer(by="ana", text=excerpt_of(CHINESE)))
        await life.settled()
    (letter,) = [sent.body for sent in world.email.sent if sent.key.endswith("update/1/customer")]
    assert "Cut after" in letter
    assert len(letter) < 4_000


async def test_what_is_too_long_for_one_command_is_refused_before_it_is_sent(world: World) -> None:
    async with world.worker():
        life = await owned(world, "LONG-TEXT-REFUSED")
        with pytest.raises(CommandRefused, match="`text` has 400,001 characters; write at most 400,000"):
            await _send(life, RecordCustomerReply(text="x" * 400_001))
        with pytest.raises(CommandRefused, match="send at most 1,800,000, with fewer long texts in one command"):
            await _send(life, Resolve(by="ana", outcome=Outcome.SOLVED, solution=LONGEST, root_cause=DENSE))
        await life.settled()
    assert world.long_texts.texts == {}


async def _send(life: Life, command: RecordCustomerReply | Resolve) -> Answer:
    return await life.world.support.send(life.handle.id, command)
