"""The table of practices is complete, and each test that it names is there."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "requirements.md").read_text(encoding="utf-8")
ROWS = re.findall(r"^\| ([A-Z]\d+) \|.*\| `(tests/[^`]+)` \|$", PAGE, re.MULTILINE)
AREAS = {"N": 11, "O": 11, "T": 10, "S": 6, "L": 7}


def test_every_practice_has_one_row() -> None:
    assert [id_ for id_, _ in ROWS] == [f"{area}{number + 1}" for area, most in AREAS.items() for number in range(most)]


@pytest.mark.parametrize(("id_", "test"), ROWS, ids=[id_ for id_, _ in ROWS])
def test_the_test_of_a_practice_is_there(id_: str, test: str) -> None:
    path, _, name = test.partition("::")
    source = (ROOT / path).read_text(encoding="utf-8")
    assert re.search(rf"^(async )?def {name}\(", source, re.MULTILINE), f"{id_}: {path} has no `{name}`"
