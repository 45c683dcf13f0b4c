"""The files of named queries."""

from pathlib import Path

import pytest

from activities.adapters.postgres.statements import SQL, BadQueryFile, parse, queries


def test_a_query_goes_to_the_next_name_and_keeps_its_comments() -> None:
    text = "-- About the file.\n\n-- name: one\n-- Why.\nselect 1;\n\n-- name: two\nselect 2;\n"
    assert parse(text, "x.sql") == {"one": "-- Why.\nselect 1;", "two": "select 2;"}


def test_a_name_that_is_taken_is_refused_with_its_line() -> None:
    with pytest.raises(BadQueryFile, match=r"x\.sql:3: a query named `one`"):
        parse("-- name: one\nselect 1;\n-- name: one\nselect 2;\n", "x.sql")


def test_a_file_without_queries_is_refused() -> None:
    with pytest.raises(BadQueryFile, match="no query"):
        parse("select 1;", "x.sql")


@pytest.mark.parametrize("path", sorted(SQL.glob("*.sql")), ids=lambda path: path.stem)
def test_every_query_is_one_statement(path: Path) -> None:
    found = queries(path.stem)
    assert found
    for name, query in found.items():
        code = [line for line in query.splitlines() if not line.lstrip().startswith("--")]
        ends = [line for line in code if line.endswith(";")]
        assert ends == code[-1:], name
