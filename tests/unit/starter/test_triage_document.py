"""The transcripts in docs/triage.md are what the commands answer."""

import re
import shlex
from pathlib import Path

import pytest

from tests.unit.starter.desk import Desk

TOP = Path(__file__).parents[3]
DOCUMENT = (TOP / "docs" / "triage.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```text\n\$ ((?:[^\n]*\\\n)*[^\n]*)\n(.*?)^```$", DOCUMENT, re.MULTILINE | re.DOTALL)
"""Each command, and what it answered."""


def test_the_document_has_transcripts() -> None:
    assert len(BLOCKS) == 3


@pytest.mark.parametrize(("command", "answer"), BLOCKS, ids=["one", "calm", "export"])
async def test_a_transcript_is_what_the_command_answers(
    desk: Desk, command: str, answer: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(TOP)
    monkeypatch.setenv("COLUMNS", "120")
    program, *words = shlex.split(command.replace("\\\n", " "))
    assert program == "escalations"
    ended = await desk(*words)
    assert (ended.code, ended.err) == (0, "")
    assert [line.rstrip() for line in ended.out.splitlines()] == answer.splitlines()
