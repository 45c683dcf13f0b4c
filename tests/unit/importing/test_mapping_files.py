"""A mapping file is refused with file and line, whatever is in it, and never takes long."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from escalation.documents.yaml import LONGEST, read_document
from simulation.exports import InvalidMapping, load_mapping

FINE = "columns: {ticket: Key, text: Text}\n"


def written(folder: Path, held: str | bytes) -> Path:
    file = folder / "mapping.yaml"
    file.write_bytes(held.encode() if isinstance(held, str) else held)
    return file


@pytest.mark.parametrize(
    "held",
    [
        FINE.encode("utf-8-sig"),
        FINE.encode("utf-16"),
        FINE.replace("\n", "\r\n").encode(),
        FINE.encode() + b'delimiter: "\\t"\n',
    ],
)
def test_a_mapping_is_read_however_an_editor_wrote_it(tmp_path: Path, held: bytes) -> None:
    assert load_mapping(written(tmp_path, held), of_log=False).columns == {"ticket": "Key", "text": "Text"}


BOMB = "a: &a [x, x]\n" + "".join(
    f"{name}: &{name} [*{before}, *{before}]\n"
    for before, name in zip("abcdefghijklmnopqrstuvwxy", "bcdefghijklmnopqrstuvwxyz", strict=True)
)


@pytest.mark.parametrize(
    ("held", "complaint"),
    [
        (BOMB, "aliases"),
        ("columns: " + "[" * 1_000, "nested too deeply"),
        ("#" * (LONGEST + 1), "is longer than"),
        (f"{FINE}zone: UTC\nzone: UTC\n", ":3: `zone` is here twice"),
        (f"{FINE}zone: !secret x\n", ":2: unknown tag"),
        (b"columns: {ticket: \xff}", "is not UTF-8 text"),
        (f'{FINE}missing: "\\UFFFFFFFF"\n', "cannot be read"),
        (f"{FINE}delimiter: ';;'\n", ":2: delimiter"),
        (f"{FINE}zone: Europe/Berlim\n", ":2: zone"),
        (f"{FINE}encoding: klingon\n", ":2: encoding: is not an encoding"),
    ],
)
def test_a_mapping_that_cannot_be_used_is_refused_with_its_line(
    tmp_path: Path, held: str | bytes, complaint: str
) -> None:
    with pytest.raises(InvalidMapping) as refused:
        load_mapping(written(tmp_path, held), of_log=False)
    assert complaint in str(refused.value)
    assert "mapping.yaml:" in str(refused.value)


@pytest.mark.fuzz
@settings(deadline=None)
@given(
    st.one_of(st.binary(max_size=200), st.text(max_size=200).map(lambda text: text.encode("utf-8", "surrogatepass")))
)
def test_any_bytes_are_a_mapping_or_refused_in_words(tmp_path_factory: pytest.TempPathFactory, held: bytes) -> None:
    file = written(tmp_path_factory.mktemp("fuzz"), held)
    for of_log in (True, False):
        try:
            load_mapping(file, of_log=of_log)
        except InvalidMapping as refused:
            lines = str(refused).split("\n")
            assert all(str(file) in line for line in lines[:1])


YAML_PIECES = st.sampled_from(
    [
        "a",
        ": ",
        "\n",
        "  ",
        "- ",
        "[",
        "]",
        "{",
        "}",
        "&a ",
        "*a",
        "!!x ",
        "|",
        ">",
        '"',
        "'",
        "#",
        "?",
        "%",
        "@",
        "\t",
        "---\n",
    ]
)


@pytest.mark.fuzz
@settings(deadline=None)
@given(st.lists(YAML_PIECES, max_size=60).map("".join))
def test_any_yaml_is_read_or_refused_with_a_line(text: str) -> None:
    document = read_document(text)
    assert all(1 <= finding.line <= text.count("\n") + 2 and finding.text for finding in document.findings)
