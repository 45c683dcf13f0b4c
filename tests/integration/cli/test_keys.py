"""API keys, from the command line that makes them to the gate that reads them."""

import asyncio
import re
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from activities.adapters.postgres.api_keys import ApiKey, ApiKeys
from activities.adapters.postgres.database import Database
from activities.adapters.postgres.roster import store_roster
from starter.http.access.callers import Caller, TooManyFailures, Unauthenticated
from starter.http.access.guard import FAILURES, Guard
from starter.http.access.keys import Keys
from starter.http.access.roles import Role
from tests.unit.delivery.cases import ANA
from tests.unit.starter.desk import MONDAY, Desk


class Door:
    """A gate, and a clock that is set by hand."""

    def __init__(self, database: Database) -> None:
        self.now = MONDAY
        self.keys = Keys(ApiKeys(database), lambda: self.now)
        self.guard = Guard(self.keys, lambda: self.now)

    async def opens(self, authorization: str | None, address: str = "192.0.2.7") -> Caller:
        return await self.guard.caller(authorization, address=address, path="/v1/escalations")

    async def refuses(self, authorization: str | None, address: str = "192.0.2.7") -> str:
        with pytest.raises(Unauthenticated) as refused:
            await self.opens(authorization, address)
        return str(refused.value)


@pytest.fixture
def door(database: Database) -> Door:
    return Door(database)


async def made(desk: Desk, *options: str) -> Mapping[str, str]:
    ended = await desk("--json", "keys", "create", *options)
    assert ended.code == 0, ended.err
    return {"secret": ended.json["secret"], "id": ended.json["key"]["id"]}


async def test_a_key_is_shown_once_and_nothing_in_the_database_opens_the_door(
    desk: Desk, door: Door, database: Database
) -> None:
    key = await made(desk, "helpdesk", "--role", "agent", "--names-actors", "--ticket", "ACME-*")
    caller = await door.opens(f"Bearer {key['secret']}")
    assert caller == Caller(
        credential=f"key:{key['id']}", actor="helpdesk", role=Role.AGENT, names_actors=True, tickets=("ACME-*",)
    )
    secret = key["secret"].split("_", 2)[2]
    assert len(secret) == 43
    async with database.connection() as connection:
        rows = await connection.fetch("select k::text as shown from api_keys k")
    assert secret not in str(rows)
    listed = await desk("keys", "list")
    assert key["id"] in listed.out
    assert secret not in listed.out


async def test_a_persons_key_acts_as_that_person_and_only_for_people_of_the_roster(
    desk: Desk, door: Door, database: Database
) -> None:
    await store_roster(database, [ANA])
    key = await made(desk, "ana on her phone", "--person", "ana", "--expires-in", "90d")
    assert (await door.opens(f"bearer  {key['secret']}")).actor == "ana"
    unknown = await desk("keys", "create", "x", "--person", "anna")
    assert unknown.code == 2
    assert "not in the roster" in unknown.err


@pytest.mark.parametrize(
    "options", [("customer",), ("x", "--person", "ana", "--names-actors"), ("x", "--expires-in", "soon")]
)
async def test_a_key_that_makes_no_sense_is_refused_with_what_to_write(desk: Desk, options: tuple[str, ...]) -> None:
    ended = await desk("keys", "create", *options)
    assert ended.code == 2
    assert "write" in ended.err or "leave out" in ended.err


async def test_a_key_ends_when_it_expires_and_when_it_is_revoked(desk: Desk, door: Door) -> None:
    short, long = await made(desk, "a", "--expires-in", "1h"), await made(desk, "b", "--expires-in", "never")
    await door.opens(f"Bearer {short['secret']}")
    door.now += timedelta(hours=1)
    assert await door.refuses(f"Bearer {short['secret']}") == "the API key is unknown, expired or revoked"
    await door.opens(f"Bearer {long['secret']}")
    assert (await desk("keys", "revoke", long["id"])).code == 0
    await door.refuses(f"Bearer {long['secret']}")
    assert (await desk("keys", "revoke", "nonesuch")).code == 2


@pytest.fixture
def connected(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "webhooks.yaml"
    file.write_text("sources: {zendesk: {secrets: [DESK_SECRET]}}", encoding="utf-8")
    monkeypatch.setenv("ESCALATIONS_WEBHOOKS", str(file))


@pytest.mark.usefixtures("connected")
async def test_a_key_of_a_source_is_for_nothing_else(desk: Desk, door: Door) -> None:
    for also in (("--person", "ana"), ("--ticket", "ACME-*"), ("--names-actors",)):
        refused = await desk("keys", "create", "x", "--source", "zendesk", *also)
        assert (refused.code, "only sends webhooks" in refused.err) == (2, True)
    mail = await made(desk, "mail", "--source", "mail")
    assert (await door.opens(f"Bearer {mail['secret']}")).sources == ("mail",)


async def test_a_source_that_is_not_connected_is_refused(
    desk: Desk, door: Door, request: pytest.FixtureRequest
) -> None:
    refused = await desk("keys", "create", "helpdesk", "--source", "zendesc")
    assert (refused.code, "set ESCALATIONS_WEBHOOKS" in refused.err) == (2, True)
    request.getfixturevalue("connected")
    refused = await desk("keys", "create", "helpdesk", "--source", "zendesc")
    assert (refused.code, "did you mean `zendesk`?" in refused.err, door.now) == (2, True, MONDAY)


@pytest.mark.usefixtures("connected")
async def test_a_rotated_key_keeps_its_rights_and_the_old_one_works_for_the_overlap(desk: Desk, door: Door) -> None:
    old = await made(desk, "helpdesk", "--role", "lead", "--source", "zendesk")
    new = (await desk("--json", "keys", "rotate", old["id"], "--overlap", "2h")).json
    first, second = await door.opens(f"Bearer {old['secret']}"), await door.opens(f"Bearer {new['secret']}")
    assert (first.role, first.sources, first.actor) == (second.role, second.sources, second.actor)
    door.now += timedelta(hours=2)
    await door.refuses(f"Bearer {old['secret']}")
    await door.opens(f"Bearer {new['secret']}")


async def test_the_last_use_is_kept_to_the_hour(desk: Desk, door: Door, database: Database) -> None:
    key = await made(desk, "a")
    door.now = MONDAY + timedelta(minutes=75)
    await door.opens(f"Bearer {key['secret']}")
    (kept,) = await ApiKeys(database).all()
    assert kept.used_at == door.now.replace(minute=0, second=0, microsecond=0)


async def test_a_server_that_no_one_configured_has_a_key_of_its_own_and_another_one_has_not(
    desk: Desk, door: Door
) -> None:
    first = await door.keys.for_this_machine()
    assert (await door.opens(f"Bearer {first}")).role is Role.ADMIN
    assert await door.keys.for_this_machine() != first
    await door.opens(f"Bearer {first}")
    await made(desk, "helpdesk")
    assert await door.keys.for_this_machine() == ""


async def test_no_other_form_of_a_credential_opens_the_door(desk: Desk, door: Door) -> None:
    secret = (await made(desk, "a"))["secret"]
    wrong = [
        *(None, "", "Bearer", f"Basic {secret}", secret, f"Bearer {secret}x", f"Bearer {secret[:-1]}"),
        *("Bearer esc_", "Bearer esc__", "Bearer esc_\udce4_x", f"Bearer esc_{'a' * 50}_x", "Bearer " + "a" * 9_000),
        *("Bearer eyJhbGciOiJub25lIn0.e30.", f"Bearer {secret.upper()}", "Bearer esc_" + "é" * 8 + "_x"),
    ]
    for number, authorization in enumerate(wrong):
        await door.refuses(authorization, address=f"192.0.2.{number}")


async def test_an_address_that_guesses_has_to_wait_and_one_with_a_key_does_not(desk: Desk, door: Door) -> None:
    secret = (await made(desk, "a"))["secret"]
    for _ in range(FAILURES):
        await door.refuses("Bearer esc_guess234_guess")
    with pytest.raises(TooManyFailures) as slowed:
        await door.opens("Bearer esc_guess234_guess")
    assert 0 < slowed.value.after <= 60
    await door.opens(f"Bearer {secret}")
    await door.refuses("Bearer esc_guess234_guess", address="192.0.2.8")
    door.now += timedelta(minutes=2)
    await door.refuses("Bearer esc_guess234_guess")


async def test_guesses_are_looked_at_one_by_one_and_lock_no_neighbour_out(
    desk: Desk, door: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    secret = (await made(desk, "a"))["secret"]
    looked_at, most, find = 0, 0, door.keys._store.find

    async def watched(key_id: str) -> tuple[ApiKey, bytes] | None:
        nonlocal looked_at, most
        looked_at += 1
        most = max(most, looked_at)
        try:
            return await find(key_id)
        finally:
            looked_at -= 1

    monkeypatch.setattr(door.keys._store, "find", watched)
    for _ in range(FAILURES):
        await door.refuses("Bearer esc_guess234_guess")
    guesses = [door.opens("Bearer esc_guess234_guess") for _ in range(200)]
    *guessed, caller = await asyncio.gather(*guesses, door.opens(f"Bearer {secret}"), return_exceptions=True)
    assert isinstance(caller, Caller)
    assert all(isinstance(one, TooManyFailures) for one in guessed)
    assert most == 1


async def test_a_refusal_is_logged_without_the_secret(desk: Desk, door: Door) -> None:
    secret = (await made(desk, "a", "--expires-in", "1h"))["secret"]
    door.now += timedelta(days=1)
    with capture_logs() as lines:
        await door.refuses(f"Bearer {secret}")
    (line,) = lines
    assert line["event"] == "request refused"
    assert line["peer"] == "192.0.2.7"
    assert not re.search(secret.split("_", 2)[2], str(line))
