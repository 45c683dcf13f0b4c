"""What a running workflow remembers of its own story."""

from collections import deque

from workflows.memory import REMEMBERED_ANSWERS, Memory


def test_what_happened_is_unrecorded_until_the_record_confirms_it() -> None:
    memory: Memory[str, int] = Memory()
    memory.remember(["opened", "offered", "acknowledged"])
    memory.confirm_recorded(2)
    memory.remember(["resolved"])
    assert (memory.unrecorded, memory.recorded) == (["acknowledged", "resolved"], 2)


def test_the_latest_events_stay_also_when_they_are_recorded() -> None:
    memory: Memory[str, int] = Memory(recent=deque(maxlen=2))
    memory.remember(iter(["opened", "offered", "acknowledged"]))
    memory.confirm_recorded(3)
    assert (list(memory.recent), memory.unrecorded) == (["offered", "acknowledged"], [])


def test_a_bounded_number_of_answers_is_remembered_and_the_oldest_is_forgotten_first() -> None:
    memory: Memory[str, int] = Memory()
    for number in range(REMEMBERED_ANSWERS + 2):
        assert memory.remember_answer(f"id-{number}", number) == number
    assert len(memory.answers) == REMEMBERED_ANSWERS
    assert "id-1" not in memory.answers
    assert memory.answers["id-2"] == 2


def test_two_workflows_share_no_memory() -> None:
    first: Memory[str, int] = Memory()
    second: Memory[str, int] = Memory()
    first.remember(["opened"])
    first.remember_answer("id", 1)
    assert (second.unrecorded, second.answers, list(second.recent)) == ([], {}, [])
