"""The pages in `docs/connect`: one for each mapping, with a table that is what the mapping says.

python -m tests.unit.intake.test_pages
"""

import re
from pathlib import Path

import pytest

from escalation.intake.files import load_source, shipped_mappings
from escalation.pages.connect import BEGIN, END, connect_table

PAGES = Path(__file__).parents[3] / "docs" / "connect"
_TABLE = re.compile(f"{re.escape(BEGIN)}.*?{re.escape(END)}", re.DOTALL)


@pytest.mark.parametrize("name", shipped_mappings())
def test_the_page_says_what_the_mapping_does(name: str) -> None:
    page = (PAGES / f"{name}.md").read_text(encoding="utf-8")
    assert connect_table(load_source(name)) in page, "regenerate it: python -m tests.unit.intake.test_pages"
    assert f"/webhooks/{name}" in page


def test_there_is_no_page_without_a_mapping() -> None:
    assert {page.stem for page in PAGES.glob("*.md")} == set(shipped_mappings())


if __name__ == "__main__":
    for each in shipped_mappings():
        file = PAGES / f"{each}.md"
        table = connect_table(load_source(each))
        file.write_text(_TABLE.sub(lambda _, table=table: table, file.read_text(encoding="utf-8")), encoding="utf-8")
