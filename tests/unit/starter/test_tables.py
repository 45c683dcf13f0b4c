"""Tables that people read in a narrow terminal."""

import io

from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from starter.cli.tables import table_of, threshold_words

WORDS = st.text("abcdefghij", min_size=1, max_size=12)
CELLS = st.lists(WORDS, min_size=1, max_size=8).map(" ".join)


def shown(rows: list[list[str]], width: int) -> list[str]:
    table = table_of("when", *[""] * (len(rows[0]) - 1))
    for row in rows:
        table.add_row(*row)
    out = io.StringIO()
    Console(file=out, width=width).print(table)
    return out.getvalue().splitlines()


@given(st.lists(st.lists(CELLS, min_size=5, max_size=5), min_size=1, max_size=4))
def test_no_word_is_broken_where_the_longest_ones_have_room_beside_each_other(rows: list[list[str]]) -> None:
    lines = shown(rows, 80)
    assert all(len(line.rstrip()) <= 80 for line in lines)
    there = sorted(word for line in lines[1:] for word in line.split())
    assert there == sorted(word for row in rows for cell in row for word in cell.split())


def test_a_word_that_is_too_long_is_broken_and_none_of_it_is_lost() -> None:
    lines = shown([["2026-03-02", "x" * 100, "acknowledge"]], 60)
    assert all(len(line.rstrip()) <= 60 for line in lines)
    assert sum(line.count("x") for line in lines) == 100
    assert any("acknowledge" in line for line in lines)


def test_a_threshold_is_said_in_words() -> None:
    assert [threshold_words(name) for name in ("75%", "due", "-30m", "+2h", "")] == [
        "75%",
        "due",
        "30m before",
        "2h after",
        "",
    ]
