"""A person who leaves the roster while policies or open cases still have them as overseer or contact."""

from dataclasses import replace
from pathlib import Path

import pytest

from activities.adapters.postgres.database import Database
from activities.adapters.postgres.policies import Policies
from tests.integration.cli.test_record import recorded
from tests.integration.cli.test_roster import TEAM, edit
from tests.unit.domain.case import Case
from tests.unit.starter.desk import MONDAY, Desk


@pytest.fixture
def team(tmp_path: Path) -> Path:
    file = tmp_path / "team.yaml"
    file.write_text(TEAM, encoding="utf-8")
    return file


async def test_a_person_who_leaves_as_overseer_or_contact_of_a_policy_is_named_until_they_are_back(
    desk: Desk, team: Path, database: Database
) -> None:
    policy = Case.opened().policy
    ladder = replace(policy.ladder, overseer="ana", contact="ben")
    await Policies(database, lambda: MONDAY).store(replace(policy, name="gold", ladder=ladder), "c" * 64)
    await desk("roster", "load", str(team))
    edit(team, "id: ana, name: Ana,", "id: ana, name: Ana, active: false,")
    edit(team, "id: ben, name: Ben,", "id: ben, name: Ben, active: false,")

    ended = await desk("roster", "load", str(team), "--json")

    assert ended.code == 0, ended.err
    told = {(one["line"], one["text"].partition(":")[0].partition(";")[0]) for one in ended.json["warnings"]}
    assert told >= {
        (2, "`ana` is not active, and is the overseer of policy `gold`"),
        (3, "`ben` is not active, and is the contact of policy `gold`"),
    }
    found = [one["detail"] for one in (await desk("audit", "--json")).items if one["problem"] == "overseer_left"]
    assert found == ["ana is not active in the roster, and is the overseer of policy gold and 0 open cases"]

    edit(team, "id: ana, name: Ana, active: false,", "id: ana, name: Ana,")
    assert "overseer" not in (await desk("roster", "load", str(team), "--json")).out
    assert "overseer_left" not in (await desk("audit", "--json")).out


async def test_the_overseer_of_open_cases_does_not_leave_unnoticed(desk: Desk, team: Path, database: Database) -> None:
    case = Case.opened()
    await recorded(database, case)
    of_ines = "name: Ines, address: ines@example.com, tiers: [], skills: [], max_open: 1"
    line = f"  - {{id: {case.policy.ladder.overseer}, {of_ines}}}\n"
    edit(team, "shifts:", f"{line}shifts:")
    assert (await desk("roster", "load", str(team))).code == 0
    edit(team, line, "")

    ended = await desk("roster", "load", str(team), "--json")

    texts = [one["text"] for one in ended.json["warnings"]]
    policy = case.state.policy.name
    said = f"`{case.policy.ladder.overseer}` is not active, and is the overseer of policy `{policy}` and of 1 open case: no one learns there"
    assert any(text.startswith(said) for text in texts), texts
