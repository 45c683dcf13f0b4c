"""The transcripts in docs/triage.md are what the commands answer."""

import re
import shlex
from pathlib import Path

import pytest

from escalation.compiler.compile import compile_policy
from tests.unit.starter.desk import Desk

TOP = Path(__file__).parents[3]
DOCUMENT = (TOP / "docs" / "triage.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```text\n\$ ((?:[^\n]*\\\n)*[^\n]*)\n(.*?)^```$", DOCUMENT, re.MULTILINE | re.DOTALL)
"""Each command, and what it answered."""
CODES = {"one": 0, "calm": 0, "export": 0, "opened": 0, "refused": 3}
"""Their exit codes."""


def test_the_document_has_transcripts() -> None:
    assert len(BLOCKS) == len(CODES)


@pytest.mark.parametrize(
    ("command", "answer", "code"),
    [(*block, code) for block, code in zip(BLOCKS, CODES.values(), strict=True)],
    ids=CODES,
)
async def test_a_transcript_is_what_the_command_answers(
    desk: Desk, command: str, answer: str, code: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(TOP)
    text = (TOP / "policies" / "default.yaml").read_text(encoding="utf-8")
    desk.cases.rules = compile_policy(text, source="default.yaml", years=range(2026, 2028)).triage
    monkeypatch.setenv("COLUMNS", "120")
    program, *words = shlex.split(command.replace("\\\n", " "))
    assert program == "escalations"
    ended = await desk(*words)
    assert ended.code == code
    assert (ended.out == "") == (code != 0)
    assert [line.rstrip() for line in (ended.out + ended.err).splitlines()] == answer.splitlines()
