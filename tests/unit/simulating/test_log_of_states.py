"""Logs whose rows say the ticket's state, its group or its person, and what follows when those change."""

import pytest

from escalation.case.commands import Escalate
from simulation import Life, read_lives
from simulation.exports import Rejected
from tests.unit.simulating.event_logs import COLUMNS, HEADER, WORDS, kinds, mapping, read, row


def test_a_log_of_states_says_by_leaving_a_state_what_happened() -> None:
    states = (row("new", 8), row("taken", 9), row("asked", 10), row("taken", 11), row("taken", 12), row("supplier", 13))
    (life,), _ = read(*states, row("solved", 14), row("solved", 15), row("taken", 16), rows="states")

    assert kinds(life) == [
        *("acknowledge", "request_information", "customer_replied", "note", "note"),
        *("pause", "resume", "resolve", "reopen", "acknowledge"),
    ]


MORE = {**WORDS, "queued": "queue", "passed": "hand_over", "back": "decline"}


GROUPS = {"columns": {**COLUMNS, "group": "group"}, "words": MORE}


def grouped_rows(*told: tuple[str, str], **changes: object) -> Life:
    """The life of a ticket, an hour for each word and the group that has it then."""
    rows = [f"{row(what, 8 + number)},{group}" for number, (what, group) in enumerate(told)]
    rejected: list[Rejected] = []
    (life,) = read_lives([f"{HEADER},group", *rows], mapping(**{**GROUPS, **changes}), rejected)
    assert rejected == []
    return life


@pytest.mark.parametrize("rows", ["events", "states"])
def test_a_hand_over_before_anyone_took_it_is_passed_on_and_after_that_climbs_once(rows: str) -> None:
    told = [("new", ""), ("passed", ""), ("passed", ""), ("taken", ""), ("passed", ""), ("taken", ""), ("passed", "")]
    life = grouped_rows(*told, rows=rows)

    assert [kind for kind in kinds(life) if kind != "acknowledge"] == ["decline", "escalate", "note"]
    assert kinds(life)[:3] == ["decline", "acknowledge", "escalate"]


@pytest.mark.parametrize("rows", ["events", "states"])
def test_a_group_that_changes_is_a_hand_over_named_by_both_groups(rows: str) -> None:
    life = grouped_rows(("taken", "Desk"), ("comment", "Desk"), ("comment", "Network"), ("comment", ""), rows=rows)

    ((at, escalate),) = [(step.at, step.command) for step in life.steps if isinstance(step.command, Escalate)]
    assert at.hour == 10
    assert escalate.why == "Passed on from Desk to Network."


def test_a_group_that_changes_after_the_solution_moves_nothing() -> None:
    life = grouped_rows(("taken", "Desk"), ("solved", "Desk"), ("comment", "Archive"))

    assert "escalate" not in kinds(life)


def test_a_ticket_that_waits_in_a_queue_ends_a_wait_and_does_nothing_else() -> None:
    told = [row("queued", 8), row("taken", 9), row("asked", 10), row("queued", 11), row("queued", 12), row("taken", 13)]
    (life,), _ = read(*told, rows="states", words=MORE)

    assert kinds(life) == ["acknowledge", "request_information", "customer_replied", "acknowledge"]


def test_a_log_of_states_may_name_the_end_of_a_wait_too() -> None:
    words = {**WORDS, "resumed": "resume", "again": "reopen"}
    told = [*(row("taken", 8), row("supplier", 9), row("resumed", 10), row("taken", 11)), row("solved", 12)]
    (life,), _ = read(*told, row("again", 13), rows="states", words=words)

    assert kinds(life) == ["acknowledge", "pause", "resume", "acknowledge", "resolve", "reopen"]


def test_a_wait_for_another_person_ends_the_one_before_where_the_mapping_says_for_whom() -> None:
    words = {**WORDS, "parts": "pause"}
    told = (row("supplier", 9), row("parts", 10), row("taken", 11))
    apart = {"supplier": "the supplier", "parts": "parts"}

    (same,), _ = read(*told, rows="states", words=words)
    (life,), _ = read(*told, rows="states", words=words, waiting_for=apart)
    assert kinds(same) == ["pause", "note", "resume", "note"]
    assert kinds(life) == ["pause", "resume", "pause", "resume", "note"]


def test_a_word_to_ignore_leaves_the_state_of_the_ticket_as_it_is() -> None:
    (life,), _ = read(
        *(row("taken", 8), row("supplier", 9), row("new", 10), row("taken", 11), row("solved", 12), row("new", 13)),
        rows="states",
    )

    assert kinds(life) == ["acknowledge", "pause", "resume", "note", "resolve"]


def test_in_a_log_of_states_each_new_person_is_named_also_where_the_state_is_the_same() -> None:
    told = [("taken", "mia"), ("taken", "noa"), ("asked", "noa"), ("taken", "oli"), ("taken", "oli")]
    (life,), _ = read(*(row(what, 9 + n, who=who) for n, (what, who) in enumerate(told)), rows="states")

    named = [step.command.to for step in life.steps if step.command.kind == "reassign"]
    assert named == ["mia", "noa", "oli"]
    assert kinds(life) == [
        *("reassign", "acknowledge", "reassign", "acknowledge", "request_information"),
        *("customer_replied", "reassign", "acknowledge", "note"),
    ]
