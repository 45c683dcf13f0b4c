"""Nine ways to sign, three ways to write it, and the secret alone: what is accepted, and what is not."""

import base64
import hmac
from collections.abc import Callable, Mapping
from contextlib import nullcontext
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from escalation.intake.delivery import MOST_BYTES, Request, SignatureRefused
from escalation.intake.files import load_source
from escalation.intake.signatures import verify
from tests.unit.intake.bodies import ADDRESS

NOW = datetime(2026, 3, 1, 9, 0, tzinfo=UTC)
SECONDS = str(int(NOW.timestamp()))
BODY = '{"id":"notif-1","text":"Grüße ☃"}\n'.encode()
SECRET = "Fjord-17 xyz"  # noqa: S105 (of a test)
B64 = base64.b64encode(SECRET.encode()).decode()


def mac(over: bytes, *, digest: str = "sha256", b64: bool = False, key: str = SECRET) -> str:
    made = hmac.new(key.encode(), over, digest).digest()
    return base64.b64encode(made).decode() if b64 else made.hex()


def basic(text: str) -> str:
    return f"Basic {base64.b64encode(text.encode()).decode()}"


Signed = tuple[str, str, Mapping[str, str]]
SIGNED: dict[str, Signed] = {
    "zendesk": ("zendesk", SECRET, {"x-zendesk-webhook-signature": mac(b"2026-03-01T09:00:00Z" + BODY, b64=True), "x-zendesk-webhook-signature-timestamp": "2026-03-01T09:00:00Z"}),
    "jira": ("jira", SECRET, {"x-hub-signature": f"sha256={mac(BODY)}"}),
    "jira, in capitals": ("jira", SECRET, {"x-hub-signature": f"SHA256={mac(BODY).upper()}"}),
    "zammad": ("zammad", SECRET, {"x-hub-signature": f"sha1={mac(BODY, digest='sha1')}"}),
    "zammad, by password": ("zammad", SECRET, {"authorization": basic(f"hook:{SECRET}")}),
    "intercom": ("intercom", SECRET, {"x-hub-signature": f"sha1={mac(BODY, digest='sha1')}"}),
    "hubspot": ("hubspot", SECRET, {"x-hubspot-signature-v3": mac(b"POST" + ADDRESS.encode() + BODY + f"{SECONDS}000".encode(), b64=True), "x-hubspot-request-timestamp": f"{SECONDS}000"}),
    "pagerduty, rotating": ("pagerduty", SECRET, {"x-pagerduty-signature": f"v1={mac(BODY, key='other')},v1={mac(BODY)}"}),
    "slack": ("slack", SECRET, {"x-slack-signature": f"v0={mac(f'v0:{SECONDS}:'.encode() + BODY)}", "x-slack-request-timestamp": SECONDS}),
    "teams": ("teams", B64, {"authorization": f"HMAC {mac(BODY, b64=True)}"}),
    "chatwoot": ("chatwoot", SECRET, {"x-chatwoot-signature": f"sha256={mac(f'{SECONDS}.'.encode() + BODY)}", "x-chatwoot-timestamp": SECONDS}),
    "frappe": ("frappe", SECRET, {"x-frappe-webhook-signature": mac(BODY, b64=True)}),
    "glpi, hours later": ("glpi", SECRET, {"x-glpi-signature": mac(BODY + b"1700000000"), "x-glpi-timestamp": "1700000000"}),
    "front": ("front", SECRET, {"x-front-signature": mac(BODY, digest="sha1", b64=True)}),
    "front, an app": ("front", SECRET, {"x-front-signature": mac(f"{SECONDS}000:".encode() + BODY, b64=True), "x-front-request-timestamp": f"{SECONDS}000"}),
    "freshdesk": ("freshdesk", SECRET, {"x-escalations-secret": SECRET}),
    "servicenow": ("servicenow", SECRET, {"authorization": f"Bearer {SECRET}"}),
    "generic": ("generic", f"whsec_{B64}", {"webhook-id": "m1", "webhook-timestamp": SECONDS, "webhook-signature": f"v1,AAAA v1,{mac(f'm1.{SECONDS}.'.encode() + BODY, b64=True)}"}),
}  # fmt: skip


def ask(mapping: str, secrets: tuple[str, ...], headers: Mapping[str, str], *, body: bytes = BODY, **more: Any) -> None:
    sent = Request(method="post", url=more.pop("url", ADDRESS), headers=headers, body=body)
    verify(load_source(mapping), sent, secrets, more.pop("now", NOW))


@pytest.mark.parametrize(("mapping", "secret", "headers"), SIGNED.values(), ids=SIGNED)
def test_a_signed_request_is_accepted_with_any_of_the_secrets(
    mapping: str, secret: str, headers: Mapping[str, str]
) -> None:
    ask(mapping, ("an older one", secret), headers)


@pytest.mark.parametrize(("mapping", "secret", "headers"), SIGNED.values(), ids=SIGNED)
def test_another_secret_an_empty_one_and_none_are_refused(
    mapping: str, secret: str, headers: Mapping[str, str]
) -> None:
    for secrets in (("another one",), ("", "  "), ()):
        with pytest.raises(SignatureRefused) as refusal:
            ask(mapping, secrets, headers)
        assert secret not in str(refusal.value)


@pytest.mark.parametrize(
    "name",
    sorted(
        name
        for name, one in SIGNED.items()
        if "secret" not in str(one[2]) and one[0] != "servicenow" and "password" not in name
    ),
)
def test_another_body_is_refused(name: str) -> None:
    mapping, secret, headers = SIGNED[name]
    with pytest.raises(SignatureRefused, match="was not made with a secret that we know"):
        ask(mapping, (secret,), headers, body=BODY + b" ")


@pytest.mark.parametrize("name", ["zendesk", "hubspot", "slack", "chatwoot", "generic"])
def test_a_sender_that_stamps_is_held_to_five_minutes(name: str) -> None:
    mapping, secret, headers = SIGNED[name]
    ask(mapping, (secret,), headers, now=NOW + timedelta(seconds=299))
    for off in (timedelta(seconds=301), timedelta(seconds=-301)):
        with pytest.raises(SignatureRefused, match="more than 300 seconds from now"):
            ask(mapping, (secret,), headers, now=NOW + off)
    stamp = next(each for each in headers if "timestamp" in each)
    with pytest.raises(SignatureRefused, match="has no time in it"):
        ask(mapping, (secret,), {**headers, stamp: "soon"})


def test_another_address_is_refused_where_it_is_signed() -> None:
    mapping, secret, headers = SIGNED["hubspot"]
    with pytest.raises(SignatureRefused):
        ask(mapping, (secret,), headers, url="http://localhost/webhooks/zendesk")


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"x-hub-signature": ""},
        {"x-hub-signature": "sha256="},
        {"x-hub-signature": mac(BODY)},
        {"x-hub-signature": "sha256=\udcff\u00e4"},
        {"x-hub-signature": f"sha1={mac(BODY, digest='sha1')}"},
    ],
)
def test_a_signature_in_another_form_is_refused(headers: Mapping[str, str]) -> None:
    with pytest.raises(SignatureRefused):
        ask("jira", (SECRET,), headers)


@pytest.mark.parametrize(
    "headers", [{"authorization": "Basic ???"}, {"authorization": "Basic"}, {"authorization": "Digest x"}]
)
def test_a_password_in_another_form_is_refused(headers: Mapping[str, str]) -> None:
    with pytest.raises(SignatureRefused, match=r"Zammad sends it in|that we know"):
        ask("zammad", (SECRET,), headers)


def test_a_sender_that_can_set_no_header_has_its_secret_in_the_address() -> None:
    ask("jira", (SECRET,), {}, url=f"{ADDRESS}?token=Fjord-17%20xyz")
    with pytest.raises(SignatureRefused):
        ask("jira", (SECRET,), {}, url=f"{ADDRESS}?token=b")
    with pytest.raises(SignatureRefused):
        ask("zammad", (SECRET,), {}, url=f"{ADDRESS}?token=Fjord-17%20xyz")


def test_a_secret_that_is_not_in_the_vendors_form_signs_nothing() -> None:
    refused: Callable[..., None] = partial(ask, "generic", ("whsec_?", "whsec_"), SIGNED["generic"][2])
    with pytest.raises(SignatureRefused, match="was not made with"):
        refused()


def test_a_body_without_end_is_refused_before_it_is_hashed() -> None:
    with pytest.raises(SignatureRefused, match="at most 5,000,000"):
        ask("jira", (SECRET,), {"x-hub-signature": "sha256=00"}, body=b"x" * (MOST_BYTES + 1))


def test_an_empty_body_can_be_signed() -> None:
    ask("jira", (SECRET,), {"x-hub-signature": f"sha256={mac(b'')}"}, body=b"")


def test_the_published_example_of_standard_webhooks() -> None:
    headers = {
        "webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
        "webhook-timestamp": "1614265330",
        "webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
    }
    signed_at = datetime.fromtimestamp(1614265330, UTC)
    ask("generic", ("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",), headers, body=b'{"test": 2432232314}', now=signed_at)


IN_ONE_HEADER = 'over: "{timestamp}.{body}", header: x-sig, separator: ",", prefix: "v1=", timestamp: "@header.x-sig | after t= | until ,"'
IN_THE_BODY = 'header: x-sig, timestamp: "@body.sent"'
STAMPED = f'{{"sent": {SECONDS}000}}'.encode()


@pytest.mark.parametrize(
    ("scheme", "signature", "body", "why"),
    [
        (IN_ONE_HEADER, f"t={SECONDS},v1={mac(f'{SECONDS}.'.encode() + BODY)}", BODY, ""),
        (IN_ONE_HEADER, f"t=1,v1={mac(b'1.' + BODY)}", BODY, "has no time in it"),
        (IN_ONE_HEADER, f"t=1700000000,v1={mac(b'1700000000.' + BODY)}", BODY, "more than 60 seconds from now"),
        (IN_THE_BODY, mac(STAMPED), STAMPED, ""),
        (IN_THE_BODY, mac(b'{"sent": 1700000000}'), b'{"sent": 1700000000}', "more than 60 seconds from now"),
        (IN_THE_BODY, mac(BODY), BODY, "`sent` has no time in it"),
        (IN_THE_BODY, mac(b"no JSON"), b"no JSON", "`sent` has no time in it"),
    ],
)
def test_the_time_may_be_beside_the_signature_or_in_the_body(
    tmp_path: Path, scheme: str, signature: str, body: bytes, why: str
) -> None:
    mapping = tmp_path / "ours.yaml"
    mapping.write_text(f"extends: generic\nsignature: [{{scheme: hmac, window: 60, {scheme}}}]\n", encoding="utf-8")
    with pytest.raises(SignatureRefused, match=why) if why else nullcontext():
        ask(str(mapping), (SECRET,), {"x-sig": signature}, body=body)
