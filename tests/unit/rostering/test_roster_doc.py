"""docs/roster.md: its examples are sound."""

import re
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

from escalation.roster.files import read_roster
from escalation.roster.files.model import (
    AbsenceEntry,
    OverrideEntry,
    RosterEntries,
    RosterPerson,
    RotationEntry,
    ShiftEntry,
)

TOP = Path(__file__).parents[3]
DOCUMENT = (TOP / "docs" / "roster.md").read_text(encoding="utf-8")
YAML = re.compile(r"^```yaml\n(.*?)^```$", re.MULTILINE | re.DOTALL)
NOW = datetime(2026, 11, 22, tzinfo=UTC)


def test_its_examples_together_are_a_sound_roster_with_every_section(tmp_path: Path) -> None:
    file = tmp_path / "roster.yaml"
    file.write_text("\n".join(YAML.findall(DOCUMENT)), encoding="utf-8")
    shutil.copy(TOP / "examples" / "nights.ics", tmp_path)
    roster = read_roster(file, NOW, NOW + timedelta(days=400))
    assert [shift.name for shift in roster.plan.shifts] == ["front-line", "on-call", "nights"]
    assert (len(roster.plan.overrides), len(roster.plan.absences)) == (2, 1)
    assert roster.scheduled == {person.id for person in roster.people}


def test_every_field_is_explained() -> None:
    for model in (RosterEntries, RosterPerson, ShiftEntry, RotationEntry, OverrideEntry, AbsenceEntry):
        for name, field in model.model_fields.items():
            spelled = field.alias or name
            assert f"`{spelled}`" in DOCUMENT or f"{spelled}:" in DOCUMENT, spelled
