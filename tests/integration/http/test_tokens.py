"""Tokens of an identity provider, checked against keys that a real one on this machine publishes."""

import base64
import hmac
import json
from collections.abc import AsyncIterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from pydantic import SecretStr

from runtime.settings import Settings, SettingsError
from starter.http.access import published
from starter.http.access.callers import Caller, CannotTell, Forbidden, Refusal, Unauthenticated
from starter.http.access.opening import open_identities
from starter.http.access.provider import provider_of
from starter.http.access.published import FRESH, REFETCH, STALE
from starter.http.access.roles import Role
from starter.http.app import create_app
from starter.http.backend import Backend
from tests.integration.http.conftest import in_process
from tests.peers.identity_provider import IdentityProvider, identity_provider

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


class Desk:
    """A server that takes tokens, and a clock that is set by hand."""

    def __init__(self, provider: IdentityProvider) -> None:
        self.provider, self.now = provider, NOON
        self.team = {"ana", "ben"}
        self.check: Any = None

    def clock(self) -> datetime:
        return self.now

    async def is_active(self, person: str) -> bool:
        return person in self.team

    def settings(self, **more: Any) -> Settings:
        return Settings(
            dsn=SecretStr("postgresql://x/y"), oidc_issuer=self.provider.issuer, oidc_audience="escalations", **more
        )

    async def caller(self, token: str) -> Caller:
        found: Caller = await self.check(token)
        return found

    async def refuses(self, token: str, kind: type[Refusal] = Unauthenticated) -> str:
        with pytest.raises(kind) as refused:
            await self.caller(token)
        if isinstance(refused.value, Unauthenticated):
            assert 'error="invalid_token"' in refused.value.challenge
        assert token not in str(refused.value) or not token
        return str(refused.value)

    def token(self, **claims: Any) -> str:
        return self.provider.token(self.now, **claims)


@pytest.fixture
async def desk() -> AsyncIterator[Desk]:
    async with identity_provider() as provider:
        desk = Desk(provider)
        async with open_identities(desk.settings(), desk.clock, desk.is_active) as identities:
            assert identities is not None
            desk.check = identities.tokens.caller
            yield desk


async def test_a_token_of_the_provider_says_who_calls(desk: Desk) -> None:
    assert await desk.caller(desk.token()) == Caller(credential="oidc:ana", actor="ana", role=Role.AGENT)
    desk.provider.add_key("k2", "EC")
    desk.now += REFETCH
    signed = desk.token(key_id="k2", algorithm="ES256", roles=["x", "lead", "viewer"], aud=["other", "escalations"])
    assert (await desk.caller(signed)).role is Role.LEAD
    assert [path.rpartition("/")[2] for path in desk.provider.asked] == ["openid-configuration", "certs", "certs"]


@pytest.mark.parametrize(
    ("claims", "why"),
    [
        ({"iss": "https://elsewhere.example.com"}, "another issuer"),
        ({"iss": None}, "a claim is missing"),
        ({"aud": "other"}, "another audience"),
        ({"aud": None}, "a claim is missing"),
        ({"exp": None}, "a claim is missing"),
        ({"exp": int(NOON.timestamp()) - 61}, "it has expired"),
        ({"nbf": int(NOON.timestamp()) + 61}, "not valid yet"),
        ({"iat": int(NOON.timestamp()) + 3_600}, "not valid yet"),
        ({"exp": 1e400}, ""),
        ({"exp": True}, "times cannot be read"),
        ({"sub": None}, "names no person"),
        ({"sub": "system"}, "names no person"),
        ({"sub": "customer"}, "names no person"),
        ({"sub": "a" * 201}, "names no person"),
        ({"sub": "ana\nroot"}, "names no person"),
    ],
)
async def test_a_claim_that_is_wrong_or_missing_is_named(desk: Desk, claims: Mapping[str, Any], why: str) -> None:
    assert why in await desk.refuses(desk.token(**claims))


async def test_clocks_may_be_a_minute_apart(desk: Desk) -> None:
    at = int(NOON.timestamp())
    assert (await desk.caller(desk.token(exp=at - 59))).actor == "ana"
    assert (await desk.caller(desk.token(nbf=at + 59, iat=at + 59))).actor == "ana"


def unsigned(claims: Mapping[str, Any], header: Mapping[str, Any], signature: bytes = b"") -> str:
    parts = (json.dumps(header).encode(), json.dumps(claims).encode(), signature)
    return ".".join(base64.urlsafe_b64encode(part).rstrip(b"=").decode() for part in parts)


async def test_only_signatures_with_a_key_pair_of_the_provider_count(desk: Desk) -> None:
    good = desk.token()
    claims = jwt.decode(good, options={"verify_signature": False})
    public = desk.provider.keys["k1"].public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    own = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    head, _, signature = good.split(".")
    forged = {
        "none": unsigned(claims, {"alg": "none", "kid": "k1"}),
        "None": unsigned(claims, {"alg": "None", "kid": "k1"}),
        # The public key as a shared secret: the old confusion of algorithms.
        "HS256": hs256(claims, public),
        "their own key": jwt.encode(claims, own, algorithm="RS256", headers={"kid": "k1"}),
        "an embedded key": jwt.encode(
            claims, own, algorithm="RS256", headers={"kid": "k1", "jwk": {"kty": "RSA"}, "jku": "http://127.0.0.1:9/"}
        ),
        "an unknown key": jwt.encode(claims, own, algorithm="RS256", headers={"kid": "k9"}),
        "a cut signature": good[:-4],
        "other claims": f"{head}.{unsigned({**claims, 'sub': 'ben'}, {}).split('.')[1]}.{signature}",
        "an array": unsigned(claims, {"alg": ["RS256"], "kid": "k1"}),
        "a number as key": unsigned(claims, {"alg": "RS256", "kid": 7}),
        "no token": "a.b",
        "nothing": "..",
        "binary": "\udce4.\x00.é",
    }
    for name, token in forged.items():
        assert "not accepted" in await desk.refuses(token) or name == "an unknown key"


def hs256(claims: Mapping[str, Any], secret: bytes) -> str:
    text = unsigned(claims, {"alg": "HS256", "kid": "k1"}).rpartition(".")[0]
    return f"{text}.{base64.urlsafe_b64encode(hmac.digest(secret, text.encode(), 'sha256')).rstrip(b'=').decode()}"


async def test_a_person_without_a_role_or_outside_the_roster_is_known_and_refused(desk: Desk) -> None:
    assert "has no role here" in await desk.refuses(desk.token(roles=["staff"]), Forbidden)
    assert "has no role here" in await desk.refuses(desk.token(roles=None), Forbidden)
    assert "not in the roster" in await desk.refuses(desk.token(sub="leo"), Forbidden)
    assert (await desk.caller(desk.token(sub="leo", roles="viewer"))).role is Role.VIEWER


async def test_claims_and_roles_are_read_as_the_settings_say(desk: Desk) -> None:
    settings = desk.settings(
        oidc_person_claim="preferred_username",
        oidc_role_claim="realm_access.roles",
        oidc_roles="support=agent, support-leads=lead",
    )
    async with open_identities(settings, desk.clock, desk.is_active) as identities:
        assert identities is not None
        token = desk.token(sub="7f3", preferred_username="ben", realm_access={"roles": ["support-leads"]})
        caller = await identities.tokens.caller(token)
    assert (caller.actor, caller.role) == ("ben", Role.LEAD)


async def test_keys_are_fetched_once_and_a_new_one_is_found(desk: Desk) -> None:
    for _ in range(5):
        await desk.caller(desk.token())
    assert len(desk.provider.asked) == 2
    desk.provider.add_key("k2")
    desk.now += REFETCH
    await desk.caller(desk.token(key_id="k2"))
    assert len(desk.provider.asked) == 3


async def test_strangers_with_made_up_keys_cannot_have_the_provider_asked_for_each(desk: Desk) -> None:
    await desk.caller(desk.token())
    for number in range(20):
        await desk.refuses(unsigned({}, {"alg": "RS256", "kid": f"made-up-{number}"}))
    assert len(desk.provider.asked) == 2


async def test_a_key_that_was_withdrawn_works_no_longer_than_ten_minutes(desk: Desk) -> None:
    desk.provider.add_key("k2")
    old = desk.token(key_id="k1", exp=int(NOON.timestamp()) + 7_200)
    await desk.caller(old)
    del desk.provider.keys["k1"]
    desk.now += FRESH + timedelta(seconds=1)
    assert "does not publish" in await desk.refuses(old)


@pytest.mark.parametrize("trouble", ["silent", "garbage", "huge", "list"])
async def test_a_provider_that_does_not_answer_is_not_the_fault_of_the_caller(
    desk: Desk, trouble: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(published, "FETCH_SECONDS", 0.2)
    desk.provider.silent = trouble == "silent"
    desk.provider.broken = {"garbage": b"<html>", "huge": b"[" + b" " * 600_000, "list": b"[]"}.get(trouble)
    assert "does not answer" in await desk.refuses(desk.token(), CannotTell)
    desk.provider.silent, desk.provider.broken = False, None
    await desk.refuses(desk.token(), CannotTell)
    desk.now += REFETCH
    assert (await desk.caller(desk.token())).actor == "ana"


async def test_known_keys_are_used_while_the_provider_does_not_answer_for_some_hours(desk: Desk) -> None:
    await desk.caller(desk.token())
    desk.provider.broken = b"<html>"
    desk.now += FRESH + timedelta(minutes=1)
    assert (await desk.caller(desk.token())).actor == "ana"
    desk.now += STALE
    await desk.refuses(desk.token(), CannotTell)


@pytest.mark.parametrize(
    ("wrong", "named"),
    [
        ({"oidc_audience": None}, "OIDC_AUDIENCE"),
        ({"oidc_issuer": None, "oidc_client_id": "pages"}, "OIDC_ISSUER"),
        ({"oidc_algorithms": "RS256,HS256"}, "HS256 is not accepted"),
        ({"oidc_algorithms": "none"}, "none is not accepted"),
        ({"oidc_algorithms": ""}, "OIDC_ALGORITHMS"),
        ({"oidc_roles": "support"}, "OIDC_ROLES"),
        ({"oidc_roles": "support=boss"}, "OIDC_ROLES"),
    ],
)
async def test_settings_that_make_no_sense_are_named(desk: Desk, wrong: Mapping[str, Any], named: str) -> None:
    with pytest.raises(SettingsError, match=named):
        provider_of(desk.settings().model_copy(update=dict(wrong)))


async def test_the_server_takes_a_token_and_says_503_while_the_keys_cannot_be_fetched(
    settings: Settings, backend: Backend, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(published, "FETCH_SECONDS", 1.0)
    async with identity_provider() as provider:
        oidc = {"oidc_issuer": provider.issuer, "oidc_audience": "escalations"}
        app = create_app(settings.model_copy(update=oidc), backend=backend)
        async with in_process(app) as client:
            provider.broken = b"<html>"
            token = {"authorization": f"Bearer {provider.token(backend.now(), roles='viewer')}"}
            down = await client.get("/v1/escalations", headers=token)
            assert (down.status_code, down.headers["retry-after"]) == (503, "30")
            forged = await client.get("/v1/escalations", headers={"authorization": "Bearer a.b.c"})
            assert forged.status_code == 401
            assert 'error="invalid_token"' in forged.headers["www-authenticate"]
        provider.broken = None
        async with in_process(app) as client:
            assert (await client.get("/v1/escalations", headers=token)).status_code == 200
            refused = await client.post("/v1/escalations/7/note", headers=token, json={"text": "x"})
            assert (refused.status_code, "needs the role `agent`" in refused.text) == (403, True)
