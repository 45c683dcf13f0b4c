"""What a sender gets with the 200, and the proof that some ask for first."""

import hmac
import json

import pytest

from escalation.intake.answering import proof_for, reply_to
from escalation.intake.delivery import Request, SignatureRefused
from escalation.intake.files import load_source

SECRET = "Fjord-17 xyz"  # noqa: S105 (of a test)


def signed(text: str, secret: str = SECRET) -> str:
    return hmac.new(secret.encode(), text.encode(), "sha256").hexdigest()


def asked(query: str) -> Request:
    return Request(method="GET", url=f"https://example.com/webhooks/glpi?{query}", headers={}, body=b"")


def posted(body: object) -> Request:
    return Request(method="POST", url="https://example.com/webhooks/x", headers={}, body=json.dumps(body).encode())


def test_slack_gets_its_challenge_back_and_nothing_else() -> None:
    slack = load_source("slack")
    assert json.loads(reply_to(slack, posted({"type": "url_verification", "challenge": "3eZb<b>"}))) == {
        "challenge": "3eZb<b>"
    }
    assert reply_to(slack, posted({"type": "block_actions", "challenge": "x"})) == ""
    odd = json.loads(reply_to(slack, posted({"type": "url_verification", "challenge": "x" * 5_000})))
    assert len(odd["challenge"]) == 1_000
    assert json.loads(reply_to(slack, posted({"type": "url_verification"}))) == {"challenge": ""}


def test_front_gets_the_challenge_of_its_header_back() -> None:
    body = {"type": "sync", "authorization": {"id": "cmp_1"}}
    asked_by_app = Request(
        method="POST", url="https://example.com", headers={"x-front-challenge": "a1b2"}, body=json.dumps(body).encode()
    )

    assert json.loads(reply_to(load_source("front"), asked_by_app)) == {"challenge": "a1b2"}
    assert reply_to(load_source("front"), posted(body)) == ""


def test_a_body_that_cannot_be_read_or_is_long_gets_no_reply() -> None:
    slack = load_source("slack")
    garbage = Request(method="POST", url="https://example.com", headers={}, body=b"\xff{")
    assert reply_to(slack, garbage) == ""
    assert reply_to(slack, posted({"type": "url_verification", "challenge": "x" * 30_000})) == ""


def test_a_mention_in_teams_is_answered_in_words() -> None:
    reply = json.loads(reply_to(load_source("teams"), posted({"type": "message", "text": "<at>e</at> acknowledge 1"})))
    assert (reply["type"], reply["text"]) == ("message", "Got it. The case shows the result.")
    assert reply_to(load_source("zendesk"), posted({"type": "message"})) == ""


def test_glpi_gets_our_proof_for_its_own() -> None:
    glpi, theirs = load_source("glpi"), signed("validate_cra_challenge")
    assert proof_for(glpi, asked(f"crc_token={theirs}"), ("", "an older one", SECRET)) == signed(theirs)


@pytest.mark.parametrize(
    "token", ["", "x", '{"event":"new"}1700000000', signed("validate_cra_challenge", "another"), "%FF"]
)
def test_no_text_of_a_stranger_is_signed(token: str) -> None:
    with pytest.raises(SignatureRefused, match="not made with a secret that we know"):
        proof_for(load_source("glpi"), asked(f"crc_token={token}"), (SECRET,))
    with pytest.raises(SignatureRefused):
        proof_for(load_source("glpi"), asked(""), ())


def test_a_product_that_asks_nothing_gets_nothing() -> None:
    assert proof_for(load_source("zendesk"), asked("crc_token=x"), (SECRET,)) == ""
