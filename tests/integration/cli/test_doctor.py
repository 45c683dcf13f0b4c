"""What `escalations doctor` finds, and what it says to do."""

import os
import re
from pathlib import Path

import pytest

from activities.adapters.postgres.database import Database
from runtime.embedded.record import PostgresRecord, SmtpRecord, StackRecord, write_record
from tests.peers.help_desks import BOT, PeerDesk
from tests.peers.identity_provider import Client, identity_provider
from tests.peers.serving import served
from tests.unit.starter.desk import Desk

WEBHOOKS = """
sources:
  zendesk:
    secrets: [DESK_SECRET]
    own_actors: {own}
    api: {{product: zendesk, url: "{url}", user: bot@example.com, token: DESK_TOKEN}}
"""


@pytest.fixture(autouse=True)
def environment(dsn: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A database; no Temporal, and no mail relay."""
    for name in [each for each in os.environ if each.startswith("ESCALATIONS_MAIL_IN_")]:
        monkeypatch.delenv(name)  # the servers of other tests take mail
    monkeypatch.setenv("ESCALATIONS_DSN", dsn)
    monkeypatch.setenv("TEMPORAL_ADDRESS", "127.0.0.1:1")
    monkeypatch.setenv("ESCALATIONS_SMTP_PORT", "1")
    monkeypatch.setenv("ESCALATIONS_ALLOWED_NETWORKS", "127.0.0.0/8")
    monkeypatch.setenv("DESK_SECRET", "shared")
    monkeypatch.setenv("DESK_TOKEN", "token")


async def found(desk: Desk) -> dict[str, tuple[str, str]]:
    ended = await desk("--json", "doctor")
    return {one["what"]: (one["health"], one["says"]) for one in ended.items}


@pytest.mark.usefixtures("database")
async def test_each_part_that_is_not_well_comes_with_what_to_do(desk: Desk) -> None:
    by_part = await found(desk)

    assert {what: health for what, (health, _) in by_part.items()} == {
        "Temporal": "bad",
        "workers": "bad",
        "PostgreSQL": "well",
        "mail relay": "bad",
        "roster": "bad",
        "zone data": "well",
        "policies": "well",
        "addresses": "well",
        "help desks": "unused",
        "identity provider": "unused",
        "mail in": "unused",
    }
    assert by_part["roster"][1] == "has no one; load one with `escalations roster load FILE`"
    assert "ESCALATIONS_SMTP_HOST" in by_part["mail relay"][1]
    ended = await desk("doctor")
    assert (ended.code, ended.err.strip()) == (1, "doctor: not well: Temporal, workers, mail relay, roster")


async def test_without_a_relay_the_mail_sink_of_the_worker_is_named(
    desk: Desk, dsn: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pid, sink = os.getpid(), SmtpRecord(host="127.0.0.1", port=1)
    write_record(tmp_path, StackRecord(pid=pid, postgres=PostgresRecord(pid=pid, dsn=dsn), smtp=sink))
    monkeypatch.setenv("ESCALATIONS_DATA_DIR", str(tmp_path))
    assert (await found(desk))["mail relay"][0] == "bad"  # a database is set: no worker of ours has the mail

    monkeypatch.delenv("ESCALATIONS_DSN")
    health, says = (await found(desk))["mail relay"]
    assert (health, str(tmp_path / "mail") in says) == ("unused", True)
    monkeypatch.setenv("ESCALATIONS_SMTP_HOST", "localhost")
    assert (await found(desk))["mail relay"][0] == "bad"


async def test_a_help_desk_is_asked_who_we_are_there(
    desk: Desk, database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    peer, file = PeerDesk(), tmp_path / "webhooks.yaml"
    monkeypatch.setenv("ESCALATIONS_WEBHOOKS", str(file))
    async with served(peer.app()) as url:
        for own, health in (("[]", "bad"), (f'["{BOT}"]', "well")):
            file.write_text(WEBHOOKS.format(own=own, url=url), encoding="utf-8")
            assert (await found(desk))["zendesk"][0] == health, database.where
        peer.refuse(401)
        assert "check it in the settings" in (await found(desk))["zendesk"][1]
        monkeypatch.delenv("DESK_TOKEN")
        assert re.search("set DESK_TOKEN to its API token", (await found(desk))["zendesk"][1])
    file.write_text("sources: {}", encoding="utf-8")
    assert (await found(desk))["webhook file"][0] == "bad"


async def test_the_identity_provider_is_asked_whether_it_knows_us(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    async def says() -> tuple[str, str]:
        return (await found(desk))["identity provider"]

    home = "https://escalations.example.com"
    monkeypatch.setenv("ESCALATIONS_OIDC_CLIENT_ID", "pages")
    assert (await says())[1].startswith("ESCALATIONS_OIDC_ISSUER: is not set")
    async with identity_provider() as provider:
        monkeypatch.setenv("ESCALATIONS_OIDC_ISSUER", provider.issuer)
        assert (await says())[1].startswith("ESCALATIONS_PUBLIC_URL: is not set")
        monkeypatch.setenv("ESCALATIONS_PUBLIC_URL", home)
        health, advice = await says()
        assert (health, f"does not know the client `pages` with the redirect URI {home}/login/callback" in advice) == (
            "bad",
            True,
        )
        provider.client = Client(redirect_uri=f"{home}/login/callback")
        assert (await says())[0] == "well"
        monkeypatch.setenv("ESCALATIONS_PUBLIC_URL", "http://escalations.example.com")
        provider.client = Client(redirect_uri="http://escalations.example.com/login/callback")
        health, advice = await says()
        assert (health, "escalations.example.com is reached without TLS" in advice) == ("soon", True)
        provider.broken = b"<html>"
        health, advice = await says()
        assert (health, "check ESCALATIONS_OIDC_ISSUER" in advice) == ("bad", True)
        provider.broken = None
        monkeypatch.delenv("ESCALATIONS_OIDC_CLIENT_ID")
        monkeypatch.setenv("ESCALATIONS_OIDC_AUDIENCE", "escalations")
        assert "ESCALATIONS_OIDC_CLIENT_ID would let people log in" in (await says())[1]
