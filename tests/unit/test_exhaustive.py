"""What is added to a closed set and handled nowhere is a type error: mypy is asked, on a copy of the product."""

import re
import shutil

import pytest

from tests.unit.type_checking import ROOT, mypy

pytestmark = pytest.mark.slow  # mypy runs

_RECORD = (
    "@dataclass(frozen=True, slots=True, kw_only=True)\n"
    "class {name}{base}:\n"
    '    """Hung on the wall."""\n\n'
    '    kind: Literal["framed"] = "framed"\n'
    '    by: str = ""\n\n\n'
)


def _one_more(union: str, name: str, base: str = "") -> tuple[str, str]:
    """Defines one more class before a union, and adds it."""
    return rf"^{union} = (Annotated\[\n|\(\n)?", _RECORD.format(name=name, base=base) + rf"{union} = \g<1>{name} | "


ADDED = {
    "escalation/clock_rules.py": (r"^    BREACH = ", '    SING = "sing"\n    BREACH = '),
    "escalation/message_kinds.py": (r"^    RECEIPT = ", '    POSTCARD = "postcard", "Postkarte"\n    RECEIPT = '),
    "escalation/case/commands/closing.py": _one_more("ClosingCommand", "Frame"),
    "escalation/case/events/closing.py": _one_more("ClosingEvent", "Framed", "(Happened)"),
    "escalation/incident/commands.py": _one_more("IncidentCommand", "FrameIncident"),
    "escalation/incident/events.py": _one_more("IncidentEvent", "IncidentFramed", "(Happened)"),
}
"""File: what is found there, and what takes its place: one more member of a closed set."""

FORGOTTEN = {
    "SING": "escalation/lifecycle/decisions/firing.py",
    "POSTCARD": "escalation/message_kinds.py",
    "Frame": "escalation/lifecycle/handlers.py",
    "Framed": "escalation/lifecycle/folding/closing.py",
    "FrameIncident": "escalation/incident/lifecycle.py",
    "IncidentFramed": "escalation/incident/state.py",
}
"""The new member: where mypy must say that it is not handled."""


@pytest.fixture(scope="module")
def complaints(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """What mypy says of the domain with one member more in each set."""
    copy = tmp_path_factory.mktemp("copy")
    shutil.copytree(ROOT / "escalation", copy / "escalation", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", copy)
    for file, (found, replacement) in ADDED.items():
        text, count = re.subn(
            found, replacement, (copy / file).read_text(encoding="utf-8"), count=1, flags=re.MULTILINE
        )
        assert count == 1, f"{file}: `{found}` is not there"
        (copy / file).write_text(text, encoding="utf-8")
    ran = mypy(tmp_path_factory.mktemp("cache"), "-p", "escalation", product=copy)
    assert ran.returncode == 1, ran.stdout + ran.stderr
    return ran.stdout.splitlines()


@pytest.mark.timeout(300)
@pytest.mark.parametrize(("member", "file"), FORGOTTEN.items())
def test_a_new_member_that_nothing_handles_is_a_type_error(complaints: list[str], member: str, file: str) -> None:
    assert any(line.startswith(f"{file}:") and re.search(rf"\b{member}\b", line) for line in complaints), "\n".join(
        complaints
    )
