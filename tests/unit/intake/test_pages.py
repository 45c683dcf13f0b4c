"""The pages in `docs/connect`: one for each mapping, with a table that is what the mapping says.

python -m tests.unit.intake.test_pages
"""

from pathlib import Path

import pytest

from escalation.intake.files import load_source, shipped_mappings
from tests.unit.connect_page import BEGIN, END, connect_table

PAGES = Path(__file__).parents[3] / "docs" / "connect"


@pytest.mark.parametrize("name", shipped_mappings())
def test_the_page_says_what_the_mapping_does(name: str) -> None:
    file = PAGES / f"{name}.md"
    assert file.exists(), f"write docs/connect/{name}.md like the pages beside it"
    page = file.read_text(encoding="utf-8")
    assert connect_table(load_source(name)) in page, "regenerate it: python -m tests.unit.intake.test_pages"
    assert f"/webhooks/{name}" in page


def test_there_is_no_page_without_a_mapping() -> None:
    assert {page.stem for page in PAGES.glob("*.md")} == set(shipped_mappings())


def test_the_mapping_that_the_page_shows_can_be_used(tmp_path: Path) -> None:
    page = (PAGES / "generic.md").read_text(encoding="utf-8")
    file = tmp_path / "ours.yaml"
    file.write_text(page.partition("```yaml\n")[2].partition("```")[0], encoding="utf-8")
    assert [rule.name for rule in load_source("ours", str(file)).rules] == ["created", "said", "changed"]


def regenerate(name: str) -> None:
    file, table = PAGES / f"{name}.md", connect_table(load_source(name))
    page = file.read_text(encoding="utf-8")
    begins, ends = page.index(BEGIN), page.index(END) + len(END)
    file.write_text(page[:begins] + table + page[ends:], encoding="utf-8")


if __name__ == "__main__":
    for each in shipped_mappings():
        regenerate(each)
