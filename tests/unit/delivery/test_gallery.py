"""The letters as customers read them, kept as texts so that a change of wording is seen in review, and as pages."""

import re
from functools import cache
from itertools import groupby
from pathlib import Path

import lxml.html
import pytest

from starter import gallery
from starter.gallery import LANGUAGES, write_pages
from starter.sample_letters import SAMPLES, Sample
from tests.unit.delivery.cases import CUSTOMER_KINDS
from tests.unit.starter.desk import Desk

FOLDER = Path(__file__).parent / "gallery"
REGENERATE = "python -m tests.unit.delivery.test_gallery"


@cache
def letters(language: str) -> tuple[tuple[Sample, str, str], ...]:
    """All of a language, rendered once for every test."""
    return tuple(gallery.letters(language))


def snapshot(language: str) -> str:
    """Every letter; of one that differs by frustration or proficiency, what is not in the first wording."""
    parts = []
    for sample, wordings in groupby(letters(language), key=lambda one: one[0]):
        (_, readers, first), *others = wordings
        parts.append(f"=== {sample.said.kind}: {sample.when}\n({readers})\n\n{first}")
        known = set(first.splitlines())
        for _, readers, text in others:
            parts.append(f"({readers})\n" + "".join(f"  {line}\n" for line in text.splitlines() if line not in known))
    return "\n".join(parts)


@pytest.mark.slow
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_letters_say_what_was_read_and_approved(language: str) -> None:
    stored = (FOLDER / f"{language}.txt").read_text(encoding="utf-8")
    assert snapshot(language) == stored, f"letters have changed; run `{REGENERATE}` and read the difference aloud"


def test_every_letter_to_the_customer_is_in_the_gallery() -> None:
    assert {sample.said.kind for sample in SAMPLES} == set(CUSTOMER_KINDS)
    assert LANGUAGES == ("de", "en")


SORRY = re.compile(r"[^.!?:\n]*(?:sorry|apologi[sz]e|leid\b|ntschuldig)[^.!?\n]*")
ENDS_WITH = {
    "en": re.compile(r"\breply|\bPlease answer"),
    "de": re.compile(r"\bantworten Sie|\bAntworten Sie"),
}


def sentences(text: str) -> list[str]:
    """Its sentences, without the quoted words of others and the lines of a list."""
    lines = [line for line in text.splitlines() if not line.startswith(("> ", "- ", "  "))]
    return [
        one.strip() for one in re.split(r"(?<=[a-zäöüß)”“])[.!?](?: |$)", "\n".join(lines), flags=re.M) if one.strip()
    ]


@pytest.mark.slow
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_letter_says_each_thing_once_apologises_at_most_once_and_ends_with_what_to_do(language: str) -> None:
    for sample, readers, text in letters(language):
        where = f"{language} {sample.said.kind}: {sample.when} ({readers})"
        said = sentences(text.casefold())
        assert sorted(said) == sorted(set(said)), where
        assert len(SORRY.findall(text)) <= 1, where
        *_, can_do, greeting = re.split(r"\n\n", text.strip())
        assert ENDS_WITH[language].search(can_do), where
        assert greeting.startswith(("Kind regards", "Mit freundlichen")), where


@pytest.mark.slow
def test_the_pages_show_every_letter_in_every_wording(tmp_path: Path) -> None:
    count = write_pages(tmp_path / "gallery")
    pages = {path.stem: lxml.html.parse(path).getroot() for path in (tmp_path / "gallery").glob("*.html")}
    assert pages.keys() == {"index"} | {f"{language}-{kind}" for language in LANGUAGES for kind in CUSTOMER_KINDS}
    assert sum(len(page.findall(".//section")) for page in pages.values()) == count
    for language in LANGUAGES:
        for sample, _, text in letters(language):
            page = pages[f"{language}-{sample.said.kind}"].text_content().replace("\xa0", " ")
            assert text.splitlines()[0] in page


@pytest.mark.slow
async def test_the_command_writes_the_pages_and_says_where(tmp_path: Path) -> None:
    ended = await Desk()("messages", "gallery", "--html", str(tmp_path), "--json")
    assert ended.code == 0
    assert ended.json["folder"] == str(tmp_path)
    assert (tmp_path / "index.html").is_file()


async def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.touch()
    ended = await Desk()("messages", "gallery", "--html", str(file))
    assert ended.code == 2
    assert f"{file}: File exists; name a folder that can be written" in " ".join(ended.err.split())


if __name__ == "__main__":
    for each in LANGUAGES:
        (FOLDER / f"{each}.txt").write_text(snapshot(each), encoding="utf-8")
