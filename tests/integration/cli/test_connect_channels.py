"""`escalations connect slack|teams|pagerduty|webhook`, and what `escalations doctor` says of channels afterwards."""

import subprocess
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from standardwebhooks import Webhook

from activities.adapters.postgres.database import Database
from starter.connecting.files import keep, kept
from starter.webhooks.file import load_connections
from tests.peers.http_peer import Answer
from tests.peers.pagerduty_like import KEY, PagerDutyLike
from tests.peers.slack_like import SIGNING_SECRET, TOKEN, SlackLike
from tests.peers.teams_like import TeamsLike
from tests.peers.webhook_receiver import SECRET, WebhookReceiver
from tests.unit.starter.desk import Desk, Ended


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("ESCALATIONS_ALLOWED_NETWORKS", "127.0.0.0/8 ::1/128")
    monkeypatch.setenv("ESCALATIONS_PUBLIC_URL", "https://escalations.example.com")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
async def slack(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[SlackLike]:
    async with SlackLike() as peer:
        monkeypatch.setenv("ESCALATIONS_SLACK_API", peer.api)
        yield peer


@pytest.fixture
async def pager(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[PagerDutyLike]:
    async with PagerDutyLike() as peer:
        monkeypatch.setenv("ESCALATIONS_PAGERDUTY_URL", peer.endpoint)
        yield peer


def source(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Set what is in the file with the secrets, as a shell reads it."""
    script = "set -a; . ./escalations.env; env -0"
    shell = subprocess.run(["/bin/sh", "-c", script], cwd=folder, capture_output=True, text=True, check=True)
    for entry in shell.stdout.split("\0"):
        name, _, value = entry.partition("=")
        if name in kept(folder / "escalations.env"):
            monkeypatch.setenv(name, value)


async def channels(desk: Desk) -> dict[str, tuple[str, str]]:
    ended = await desk("--json", "doctor")
    about = ("channel", "addresses", "webhook file")
    return {one["what"]: (one["health"], one["says"]) for one in ended.items if one["what"].startswith(about)}


async def test_slack_is_connected_by_a_token_and_the_secret_for_its_buttons(
    folder: Path, desk: Desk, slack: SlackLike, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.stdin = f"{TOKEN}\n{SIGNING_SECRET}\n"
    done = await desk("connect", "slack")

    assert done.code == 0, done.err
    assert "we are escalations in Example" in done.out
    assert "https://escalations.example.com/webhooks/slack" in done.out
    assert TOKEN not in done.out + done.err
    assert slack.posts == []
    variables = kept(folder / "escalations.env")
    assert variables["ESCALATIONS_SLACK_TOKEN"] == TOKEN
    assert [one.secrets for one in load_connections(folder / "webhooks.yaml", variables).values()] == [
        (SIGNING_SECRET,)
    ]
    source(folder, monkeypatch)
    assert (await channels(desk))["channel slack"] == ("well", "we are escalations in Example")
    slack.scopes.remove("im:write")
    health, says = (await channels(desk))["channel slack"]
    assert (health, "lacks the scopes im:write" in says) == ("bad", True)


async def test_without_a_signing_secret_slack_gets_messages_only_and_doctor_says_that_buttons_do_nothing(
    folder: Path, desk: Desk, slack: SlackLike, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.stdin = f"{TOKEN}\n\n"
    done = await desk("connect", "slack")

    assert (done.code, slack.requests != []) == (0, True), done.err
    assert "webhooks" not in done.out
    assert not (folder / "webhooks.yaml").exists()
    source(folder, monkeypatch)
    health, says = (await channels(desk))["channel slack"]
    assert (health, "escalations connect slack --without-messages" in says) == ("soon", True)


async def test_pagerduty_gets_a_test_alert_that_is_resolved_at_once(
    folder: Path, desk: Desk, pager: PagerDutyLike, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.stdin = f"{KEY}\n\n"
    done = await desk("connect", "pagerduty", "--name", "payments")

    assert done.code == 0, done.err
    assert "`pagerduty:payments`" in done.out
    assert [(alert.status, alert.triggers[0]["severity"]) for alert in pager.alerts] == [("resolved", "info")]
    assert kept(folder / "escalations.env") == {"ESCALATIONS_PAGERDUTY_KEYS": f"payments={KEY}"}
    source(folder, monkeypatch)
    assert (await channels(desk))["channel pagerduty:payments"][0] == "well"
    assert len(pager.alerts) == 1
    pager.keys.clear()
    assert (await channels(desk))["channel pagerduty:payments"][0] == "bad"


async def test_teams_shows_a_test_card_and_a_second_workflow_is_added_to_the_first(
    folder: Path, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with TeamsLike() as teams:
        for name in ("support", "leads"):
            desk.stdin = f"{teams.workflow}&sp=a%20b\n\n"
            done = await desk("connect", "teams", "--name", name)
            assert done.code == 0, done.err
        assert [card["type"] for card in teams.cards] == ["AdaptiveCard", "AdaptiveCard"]
        assert "sig=secret" not in done.out + done.err
        source(folder, monkeypatch)
        found = await channels(desk)
        assert {found["channel teams:support"][0], found["channel teams:leads"][0]} == {"well"}
        again = await desk("connect", "teams", "--name", "leads", "--without-webhooks")
        assert (again.code, "another --name" in again.err, len(teams.cards)) == (2, True, 2)
    assert (await channels(desk))["channel teams:support"] == (
        "bad",
        "Teams workflow `support` cannot be reached: nothing listens there",
    )


@pytest.mark.parametrize("own", ["", SECRET])
async def test_a_webhook_of_our_own_learns_the_secret_and_gets_a_signed_test_message(
    folder: Path, desk: Desk, own: str
) -> None:
    desk.now = datetime.now(UTC)  # noqa: TID251 (the receiver checks the age of a signature)
    async with WebhookReceiver() as receiver:
        if not own:
            receiver.faults.append(Answer(204))
        url = f"{receiver.url}/hook"
        desk.stdin = f"{url}\n{own}\n"
        done = await desk("connect", "webhook", "--name", "desk")

    assert done.code == 0, done.err
    variables = kept(folder / "escalations.env")
    secret = variables["ESCALATIONS_WEBHOOK_SECRETS"].removeprefix("desk=")
    assert (secret in done.err, own or secret) == (not own, secret)
    assert variables["ESCALATIONS_WEBHOOK_URLS"] == f"desk={url}"
    (request,) = receiver.requests
    Webhook(secret).verify(request.body, dict(request.headers), json_parse=False)


@pytest.mark.parametrize(
    ("product", "answers", "code", "said"),
    [
        ("slack", "xoxb-wrong\n\n", 3, "invalid_auth"),
        ("pagerduty", "0" * 32 + "\n\n", 3, "check the integration key"),
        ("teams", "not a URL\n\n", 2, "copy it again"),
        ("webhook", "https://localhost:1/hook\n\n", 3, "nothing listens there"),
        ("webhook", "\n", 2, "URL of your webhook: is needed"),
    ],
)
@pytest.mark.usefixtures("slack", "pager")
async def test_what_does_not_take_the_test_leaves_no_settings(
    folder: Path, desk: Desk, product: str, answers: str, code: int, said: str
) -> None:
    desk.stdin = answers
    done: Ended = await desk("connect", product)
    assert (done.code, said in done.err) == (code, True), done.err
    assert not (folder / "escalations.env").exists()
    assert not (folder / "webhooks.yaml").exists()


@pytest.mark.usefixtures("folder")
async def test_an_address_of_the_roster_on_a_channel_that_is_not_set_up_is_named(
    desk: Desk, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with database.connection() as connection:
        await connection.execute(
            "insert into people (id, name, address, addresses, urgent) values ($1, $1, $2, $3, $4)",
            *("ana", "ana@example.com", ["slack:U1", "email:ana@example.com"], ["pagerduty:payments"]),
        )
    monkeypatch.setenv("ESCALATIONS_PAGERDUTY_KEYS", f"support={KEY}")
    health, says = (await channels(desk))["addresses"]
    assert health == "bad"
    assert says.startswith("not set up: pagerduty:payments of ana, slack:U1 of ana; ")


def test_other_lines_of_the_file_with_the_secrets_stay(tmp_path: Path) -> None:
    file = tmp_path / "escalations.env"
    file.write_text("# ours\nexport OTHER='a b'\nKEY=old\nit's odd\n", encoding="utf-8")
    keep(file, {"KEY": "new & more"})
    assert file.read_text() == "# ours\nexport OTHER='a b'\nit's odd\nKEY='new & more'\n"
    assert kept(file) == {"OTHER": "a b", "KEY": "new & more"}
    assert file.stat().st_mode & 0o077 == 0
