"""What a run hands on, records at once and shows is bounded in bytes, whatever the texts."""

from collections import deque
from dataclasses import replace
from random import Random

import pytest

from escalation.case.commands import AddNote, Cancel, Option, Packet
from escalation.case.events import Noted
from escalation.case.state_parts import OpenConsult, PauseInterval
from escalation.errors import NoRoom
from escalation.vocabulary import CancelCause, PauseCause
from tests.unit.domain.case import MONDAY, Case
from workflows.converter import DATA_CONVERTER
from workflows.escalation_run import MOST_WAITING, MOST_WAITING_OF_ALL, EscalationRun
from workflows.memory import ANSWERS_BYTES, BATCH_BYTES, RECENT_BYTES, Memory, size_of

LONG = "\N{GRINNING FACE}" * 20_000
"""As long as a text may be, in the characters that take most bytes."""


LONG_NOTE = AddNote(by="ana", text=LONG)
SHORT_NOTE = AddNote(by="ana", text="looking")


def _noted(number: int) -> Noted:
    return Noted(at=MONDAY, text=f"{number} {LONG}", tried="", by="ana")


def _memory(count: int) -> Memory[Noted, tuple[str, ...]]:
    memory: Memory[Noted, tuple[str, ...]] = Memory(recent=deque(maxlen=200))
    memory.remember(_noted(number) for number in range(count))
    for number in range(count):
        memory.remember_answer(f"command-{number}", (LONG[:2_000],) * 5)
    return memory


def test_a_batch_has_as_many_of_the_oldest_events_as_fit() -> None:
    memory = _memory(40)
    batch = memory.next_batch(50)
    assert batch == tuple(memory.unrecorded[: len(batch)])
    assert 1 < len(batch) < 40
    assert size_of(batch) <= BATCH_BYTES


def test_a_batch_has_at_least_one_event() -> None:
    memory: Memory[str, str] = Memory(unrecorded=["x" * 2 * BATCH_BYTES, "y"])
    assert memory.next_batch(50) == (memory.unrecorded[0],)


def test_the_latest_events_and_answers_are_handed_on_as_far_as_they_fit() -> None:
    memory = _memory(40)
    recent, answers = memory.latest(30, RECENT_BYTES), memory.latest_answers()
    assert recent == tuple(memory.recent)[-len(recent) :]
    assert size_of(recent) <= RECENT_BYTES
    assert list(answers) == list(memory.answers)[-len(answers) :]
    assert len(answers) > 1
    assert size_of(answers.items()) <= ANSWERS_BYTES


def _live() -> EscalationRun:
    case = Case.working()
    return EscalationRun(state=case.state, policy=case.policy)


def test_a_case_with_much_on_its_way_takes_no_more_until_it_has_arrived() -> None:
    live = _live()
    live.must_have_room(LONG_NOTE)
    live.remember(_noted(number) for number in range(6))
    with pytest.raises(NoRoom, match="send it again once they do"):
        live.must_have_room(LONG_NOTE)
    live.must_have_room(SHORT_NOTE)
    live.remember(_noted(number) for number in range(2))
    with pytest.raises(NoRoom, match="send it again once they do"):
        live.must_have_room(SHORT_NOTE)
    live.confirm_recorded(5)
    live.must_have_room(LONG_NOTE)


def test_a_second_long_text_waits_until_the_first_is_stored() -> None:
    live = _live()
    first, second = LONG * 12, LONG * 11
    live.must_have_room(SHORT_NOTE, [first])
    live.keep_apart([first])
    live.keep_apart([first])
    assert live.unkept == [first]
    with pytest.raises(NoRoom, match="a long text of this case waits for the database"):
        live.must_have_room(SHORT_NOTE, [second])
    live.must_have_room(SHORT_NOTE, ["short " * 5_000])
    live.must_have_room(LONG_NOTE)
    live.unkept.clear()
    live.must_have_room(SHORT_NOTE, [second])


def test_a_long_text_counts_as_much_while_much_is_on_its_way() -> None:
    live = _live()
    live.remember(_noted(number) for number in range(6))
    live.must_have_room(SHORT_NOTE)
    with pytest.raises(NoRoom, match="send it again once they do"):
        live.must_have_room(SHORT_NOTE, [LONG])


def test_a_case_of_thousands_of_pauses_can_only_be_ended() -> None:
    live = _live()
    pause = PauseInterval(cause=PauseCause.WAITING_ON_THIRD_PARTY, start=MONDAY, end=MONDAY, by="ana")
    live.state = replace(live.state, pauses=(pause,) * 10_000)
    with pytest.raises(NoRoom, match="open the ticket again"):
        live.must_have_room(SHORT_NOTE)
    live.must_have_room(Cancel(by="ana", cause=CancelCause.WITHDRAWN))


def _dense(chance: Random, length: int = 20_000) -> str:
    """A text that compression makes least of: any character beyond the basic plane, four bytes each."""
    return "".join(chr(chance.randrange(0x10000, 0x110000)) for _ in range(length))


async def test_what_is_handed_to_the_next_run_stays_below_1_mib_with_every_text_at_its_limit() -> None:
    chance = Random(11)  # noqa: S311 (the same texts each time, no secret)
    live = _live()
    live.state = replace(
        live.state,
        question=_dense(chance),
        owed_time=_dense(chance),
        solution=_dense(chance),
        proposal=_dense(chance),
        customer_words=_dense(chance, 1_000),
        options=(Option(id="a", title="A", pros=_dense(chance, 10_000), cons=_dense(chance, 9_000)),),
        packet=Packet(concern=_dense(chance, 10_000), tried=tuple(_dense(chance, 2_000) for _ in range(5))),
        consult=OpenConsult(to="zoe", question=_dense(chance), by="ana"),
    )
    while size_of(live.unrecorded) <= MOST_WAITING:
        live.remember([Noted(at=MONDAY, text=_dense(chance), tried="", by="ana")])
    live.remember(Noted(at=MONDAY, text=_dense(chance, 900), tried="", by="ana") for _ in range(25))
    assert size_of(live.unrecorded) <= MOST_WAITING_OF_ALL

    (payload,) = await DATA_CONVERTER.encode([live.carried()])

    assert len(payload.data) < 2**20
