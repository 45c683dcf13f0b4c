"""`escalations connect`: a product connected in one go, against peers that answer as the products do."""

from pathlib import Path

import pytest

from starter.webhooks.file import load_connections
from tests.peers.help_desks import BOT, PeerDesk
from tests.peers.serving import served
from tests.unit.starter.desk import Desk


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("ESCALATIONS_ALLOWED_NETWORKS", "127.0.0.0/8")
    monkeypatch.setenv("ESCALATIONS_PUBLIC_URL", "https://escalations.example.com")
    monkeypatch.chdir(tmp_path)
    return tmp_path


async def test_zendesk_is_connected_by_four_answers(folder: Path, desk: Desk) -> None:
    async with served(PeerDesk().app()) as url:
        desk.stdin = f"{url}\nbot@example.com\nan API token\na signing secret\n"
        done = await desk("connect", "zendesk")

    assert done.code == 0, done.err
    assert f"our user there is {BOT}" in done.out
    assert "https://escalations.example.com/webhooks/zendesk" in done.out
    assert "an API token" not in done.out + done.err
    assert "WARNING" not in done.out + done.err
    secrets = folder / "escalations.env"
    assert secrets.read_text() == (
        "ZENDESK_SECRET='a signing secret'\nZENDESK_API_TOKEN='an API token'\n"
        f"ESCALATIONS_WEBHOOKS={folder / 'webhooks.yaml'}\n"
    )
    assert secrets.stat().st_mode & 0o077 == 0
    (connection,) = load_connections(folder / "webhooks.yaml", {"ZENDESK_SECRET": "a signing secret"}).values()
    assert connection.secrets == ("a signing secret",)
    assert (connection.api is not None, connection.source.own_actors) == (True, frozenset({BOT}))


async def test_a_product_that_takes_a_secret_gets_one_and_what_was_in_the_file_stays(folder: Path, desk: Desk) -> None:
    (folder / "webhooks.yaml").write_text("# ours\nsources:\n  jira: {secrets: [JIRA_SECRET]}\n", encoding="utf-8")
    done = await desk("connect", "zammad", "--name", "zammad-eu", "--without-api")

    assert done.code == 0, done.err
    written = (folder / "webhooks.yaml").read_text()
    assert written.startswith("# ours\n")
    name, _, secret = (folder / "escalations.env").read_text().splitlines()[0].partition("=")
    assert name == "ZAMMAD_EU_SECRET"
    assert f"give it the secret {secret}" in done.out
    found = load_connections(folder / "webhooks.yaml", {name: secret, "JIRA_SECRET": "x"})
    assert sorted(found) == ["jira", "zammad-eu"]

    again = await desk("connect", "zammad", "--name", "zammad-eu", "--without-api")
    assert again.code == 2
    assert "already" in again.err
    assert (folder / "webhooks.yaml").read_text() == written


async def test_a_refused_token_writes_nothing(folder: Path, desk: Desk) -> None:
    peer = PeerDesk()
    peer.refuse(401)
    async with served(peer.app()) as url:
        desk.stdin = "wrong\n"
        done = await desk("connect", "freshdesk", "--url", url)

    assert (done.code, "API key" in done.err) == (3, True)
    assert not (folder / "webhooks.yaml").exists()
    assert not (folder / "escalations.env").exists()


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize("url", [None, "http://localhost:8088", "https://10.1.2.3"])
async def test_an_address_that_no_product_elsewhere_reaches_is_warned_of(
    url: str | None, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    if url is None:
        monkeypatch.delenv("ESCALATIONS_PUBLIC_URL")
    else:
        monkeypatch.setenv("ESCALATIONS_PUBLIC_URL", url)

    done = await desk("connect", "Zammad", "--without-api")

    assert (done.code, "set ESCALATIONS_PUBLIC_URL" in " ".join(done.out.split())) == (0, True)


@pytest.mark.usefixtures("folder")
async def test_what_is_missing_is_named(desk: Desk) -> None:
    unknown = await desk("connect", "zamad")
    assert (unknown.code, "did you mean `zammad`?" in unknown.err) == (2, True)
    nothing = await desk("connect", "zammad")
    assert (nothing.code, "give it by --url" in nothing.err) == (2, True)
