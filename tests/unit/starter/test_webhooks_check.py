"""`webhooks check`: a body in, how it is read and what would follow out; no server."""

import json
from pathlib import Path

import pytest

from tests.unit.starter.desk import Desk

BODY = {
    "event": "customer_replied",
    "ticket": "7",
    "text": "Still broken.",
    "author_role": "customer",
    "customer": {"id": "acme", "email": "ada@example.com"},
}


@pytest.fixture
def body(tmp_path: Path) -> Path:
    file = tmp_path / "body.json"
    file.write_text(json.dumps(BODY), encoding="utf-8")
    return file


@pytest.fixture
def broken(tmp_path: Path) -> Path:
    file = tmp_path / "broken.json"
    file.write_text("[", encoding="utf-8")
    return file


async def test_it_shows_how_a_body_is_read_and_what_follows(desk: Desk, body: Path) -> None:
    ended = await desk("webhooks", "check", "generic", "--body", str(body))
    assert (ended.code, ended.err) == (0, "")
    assert "message (customer_replied)" in ended.out
    assert "customer_replied by customer" in ended.out
    assert "nothing: the mapping ignores `customer_elsewhere`" in ended.out
    assert "signature" not in ended.out


async def test_with_a_secret_the_signature_is_checked(desk: Desk, body: Path) -> None:
    command = ("webhooks", "check", "generic", "--body", str(body), "--secret", "s3cret", "--json")
    right = await desk(*command, "--header", "X-Escalations-Secret: s3cret")
    wrong = await desk(*command, "--header", "X-Escalations-Secret: other")
    assert json.loads(right.out)["signature"] == "right"
    assert json.loads(wrong.out)["signature"].startswith("refused: ")
    assert "s3cret" not in wrong.out


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("nowhere", "--body", "BODY"), "nowhere: there is no such mapping"),
        (("generic", "--body", "missing.json"), "missing.json: there is no such file"),
        (("generic", "--body", "BODY", "--header", "no colon"), 'write it as "Name: value"'),
    ],
)
async def test_a_mistake_is_named_in_a_line(desk: Desk, body: Path, arguments: tuple[str, ...], said: str) -> None:
    ended = await desk("webhooks", "check", *(str(body) if one == "BODY" else one for one in arguments))
    assert ended.code == 2
    assert said in ended.err


async def test_a_body_that_cannot_be_read_would_be_a_dead_letter(desk: Desk, broken: Path) -> None:
    ended = await desk("webhooks", "check", "generic", "--body", str(broken))
    assert ended.code == 2
    assert "it would be a dead letter" in ended.err
