from simulation.exports.table import Table


def read(*lines: str, delimiter: str = ",") -> tuple[list[tuple[int, list[str]]], list[tuple[int, str]]]:
    rejected: list[tuple[int, str]] = []
    table = Table(lines, lambda line, reason: rejected.append((line, reason)), delimiter=delimiter)
    return list(table.rows()), rejected


def test_each_row_comes_with_the_line_it_begins_in() -> None:
    rows, rejected = read("a,b\n", '1,"x\n', 'y"\n', "\n", "2,z\n")

    assert rows == [(2, ["1", "x\ny"]), (5, ["2", "z"])]
    assert rejected == []


def test_rows_of_another_width_are_rejected() -> None:
    rows, rejected = read("a;b\n", "1\n", "1;2;3\n", "1;2\n", delimiter=";")

    assert [line for line, _ in rows] == [4]
    assert rejected == [(2, "1 column where the header has 2"), (3, "3 columns where the header has 2")]


def test_a_quote_that_is_never_closed_rejects_every_line_that_it_swallows() -> None:
    rows, rejected = read("a,b\n", "1,x\n", '2,"y\n', "3,z\n", "4,z\n")

    assert [line for line, _ in rows] == [2]
    assert [line for line, _ in rejected] == [3, 4, 5]
    assert {reason for _, reason in rejected} == {
        "unexpected end of data; lines 3 to 5 are one row, so look for a quote that is not closed"
    }


def test_after_a_quote_that_closes_elsewhere_reading_goes_on() -> None:
    rows, rejected = read("a,b\n", '1,"x\n', '2,"y"\n', "3,z\n")

    assert [line for line, _ in rows] == [4]
    assert [line for line, _ in rejected] == [2, 3]


def test_a_byte_order_mark_is_not_part_of_the_first_name() -> None:
    assert Table(["\ufeffa, b \n"], lambda *_: None).header == ["a", "b"]
