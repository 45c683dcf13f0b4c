"""`import` asks the record for its policy before it opens anything."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from activities.adapters.postgres.database import Database
from activities.adapters.postgres.policies import Policies
from starter.cli.importing.command import must_be_known
from starter.errors import CommandRefused
from tests.example_policy import EXAMPLE
from tests.unit.starter.desk import Desk

LOG = Path(__file__).parents[3] / "examples" / "incidents.csv"
NOBODY = "there is no policy `nosuch`; a worker stores the files of its policies folder at its start"


def now() -> datetime:
    return datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


async def stored(database: Database) -> str:
    """Store a policy as a worker does at its start; its name."""
    return (await Policies(database, now).store(EXAMPLE, "c" * 64)).name


async def test_an_unknown_policy_is_refused_and_no_one_is_called(desk: Desk, database: Database) -> None:
    await stored(database)
    ended = await desk("import", str(LOG), "--policy", "nosuch")

    assert (ended.code, ended.out, ended.err) == (3, "", f"refused: {NOBODY}\n")
    assert desk.cases.requests == []


async def test_programs_get_the_type_that_apply_policy_gives_too(desk: Desk) -> None:
    ended = await desk("import", str(LOG), "--policy", "nosuch", "--json")

    assert ended.out == ""
    assert json.loads(ended.err) == {"error": "refused", "message": NOBODY, "exit": 3, "type": "UnknownPolicy"}


async def test_a_file_that_cannot_be_read_is_shown_first(desk: Desk) -> None:
    assert (await desk("import", "nowhere.csv", "--policy", "nosuch")).code == 2


async def test_a_policy_that_a_worker_stored_passes(desk: Desk, database: Database) -> None:
    await must_be_known(await stored(database), now)
    with pytest.raises(CommandRefused):
        await must_be_known("nosuch", now)
    assert desk.cases.requests == []


async def test_before_migrate_the_command_says_to_run_it(fresh_desk: Desk) -> None:
    ended = await fresh_desk("import", str(LOG))

    assert (ended.code, ended.out) == (5, "")
    assert "run `escalations migrate`" in ended.err
