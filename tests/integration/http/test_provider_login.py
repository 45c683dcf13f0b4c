"""Login by an identity provider that is as strict as real ones: the whole way, what goes wrong, and what attackers try."""

import itertools
import re
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import replace
from datetime import timedelta
from html import unescape
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlsplit

import httpx2
import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from playwright.async_api import Browser, expect
from pydantic import SecretStr
from structlog.testing import capture_logs

from runtime.settings import Settings, SettingsError
from starter.http.access import published
from starter.http.access.opening import Identities
from starter.http.access.provider import redirect_uri_of
from starter.http.access.published import Discovery
from starter.http.app import create_app
from starter.http.backend import Backend
from starter.http.login import openid
from starter.http.login.openid import ProviderLogin
from starter.http.login.pending import LASTS
from tests.browser import findings, fits_each_width, needs_chromium
from tests.integration.http.teams import store_team
from tests.integration.http.test_login import TEAM, is_in
from tests.peers.identity_provider import Answer, Client, IdentityProvider, identity_provider
from tests.peers.serving import served

HOME = "http://escalations.example.com"
CALLBACK = f"{HOME}/login/callback"
Claims = dict[str, Any]


class Site:
    """Our server with an identity provider, a clock that is set by hand, and browsers on it. It is built once."""

    def __init__(self, settings: Settings, backend: Backend, provider: IdentityProvider) -> None:
        oidc = {"oidc_issuer": provider.issuer, "oidc_client_id": "pages", "public_url": HOME}
        self.settings, self.later = settings.model_copy(update=oidc), timedelta()
        self.backend = replace(backend, settings=self.settings, now=lambda: backend.now() + self.later)
        self.app = create_app(self.settings, backend=self.backend)
        self.identities: Identities | None = None
        self._visitors = itertools.count(1)

    def browser(self, home: str = HOME) -> httpx2.AsyncClient:
        # Of an address of its own, or the failures of one test would slow down another.
        address = f"192.0.2.{next(self._visitors)}"
        return httpx2.AsyncClient(transport=httpx2.ASGITransport(app=self.app, client=(address, 1)), base_url=home)

    def begin(self, secret: str | None = None, redirect_uri: str = CALLBACK) -> None:
        """As after a start, with this secret; the provider's documents are not known."""
        assert self.identities is not None
        provider = replace(self.identities.provider, client_secret=SecretStr(secret) if secret else None)
        discovery = Discovery(provider, self.backend.now, self.identities.http)
        fresh = replace(self.identities, provider=provider, discovery=discovery)
        self.later = timedelta()
        self.app.state.provider_login = ProviderLogin(fresh, redirect_uri, self.backend.now)


@pytest.fixture(scope="module")
async def shared(settings: Settings, backend: Backend) -> AsyncIterator[tuple[Site, IdentityProvider]]:
    await store_team(backend, TEAM)
    async with identity_provider() as provider:
        site = Site(settings, backend, provider)
        async with site.app.router.lifespan_context(site.app):
            site.identities = site.app.state.provider_login._identities
            yield site, provider


@pytest.fixture
def provider(shared: tuple[Site, IdentityProvider]) -> IdentityProvider:
    """Honest again, with our client."""
    _, provider = shared
    fresh = IdentityProvider(keys=provider.keys, port=provider.port, client=Client(redirect_uri=CALLBACK))
    vars(provider).update(vars(fresh))
    return provider


@pytest.fixture
def site(shared: tuple[Site, IdentityProvider], provider: IdentityProvider) -> Site:
    site, _ = shared
    assert provider.client.secret is None
    site.begin()
    return site


async def sent_there(browser: httpx2.AsyncClient, wanted: str = "", **headers: str) -> str:
    """Where the browser is sent for a login."""
    answer = await browser.get("/login/provider", params={"next": wanted}, headers=headers)
    assert answer.status_code == 303, answer.text
    return answer.headers["location"]


async def sent_back(address: str) -> str:
    """Where the provider sends the browser then."""
    async with httpx2.AsyncClient() as http:
        answer = await http.get(address)
    assert answer.status_code == 302, answer.text
    return answer.headers["location"]


async def callback(browser: httpx2.AsyncClient, wanted: str = "") -> str:
    return await sent_back(await sent_there(browser, wanted))


def with_parameter(address: str, **changed: str | None) -> str:
    said = {**dict(parse_qsl(urlsplit(address).query)), **changed}
    return str(httpx2.URL(address, params={name: value for name, value in said.items() if value is not None}))


def heading(answer: httpx2.Response) -> str:
    found = re.search("<h1>(.*?)</h1>", answer.text)
    assert found
    return unescape(found.group(1))


async def refused(browser: httpx2.AsyncClient, address: str, status: int, title: str) -> httpx2.Response:
    """The answer, which logs no one in."""
    answer = await browser.get(address)
    assert (answer.status_code, heading(answer)) == (status, title)
    assert not await is_in(browser)
    assert "/login?next=" in answer.text
    return answer


async def test_a_person_logs_in_by_the_provider_and_comes_to_what_they_wanted(
    site: Site,
) -> None:
    async with site.browser() as browser:
        page = await browser.get("/login?next=/agent/cases/4711%3Fall%3D1")
        assert 'href="/login/provider?next=/agent/cases/4711%3Fall%3D1"' in page.text
        with capture_logs() as logs:
            address = await sent_there(browser, "/agent/cases/4711?all=1")
            back = await sent_back(address)
            kept = browser.cookies["escalations-login"]
            answer = await browser.get(back)
        assert (answer.status_code, heading(answer)) == (200, "You are logged in")
        assert 'content="0; url=/agent/cases/4711?all=1"' in answer.text
        assert await is_in(browser)
        assert "escalations-login" not in browser.cookies
        assert "Ana Ruiz" in (await browser.get("/agent")).text
    asked = parse_qs(urlsplit(address).query)
    assert asked["redirect_uri"] == [CALLBACK]
    assert asked["code_challenge_method"] == ["S256"]
    assert (answer.headers["cache-control"], answer.headers["referrer-policy"]) == ("no-store", "no-referrer")
    for secret in (kept, kept.partition(".")[0], asked["state"][0], parse_qs(urlsplit(back).query)["code"][0]):
        assert secret not in str(logs)
    assert {"event": "logged in", "role": "agent", "by": "identity provider", "log_level": "info"} in logs


async def test_people_who_are_logged_in_are_led_on(site: Site) -> None:
    async with site.browser() as browser:
        await browser.get(await callback(browser))
        again = await browser.get("/login/provider?next=/board")
        assert (again.status_code, again.headers["location"]) == (303, "/board")


@pytest.mark.parametrize(
    ("secret", "auth"),
    [(None, "none"), ("s3cr:t/+ é&=", "client_secret_basic"), ("s3cr:t/+ é&=", "client_secret_post")],
)
async def test_the_server_proves_who_it_is_as_the_provider_asks(
    site: Site, provider: IdentityProvider, secret: str | None, auth: str
) -> None:
    provider.client = Client(secret=secret, redirect_uri=CALLBACK, auth=auth)
    site.begin(secret)
    async with site.browser() as browser:
        await browser.get(await callback(browser))
        assert await is_in(browser)
        provider.client.secret = "another"  # noqa: S105 (a peer's)
        browser.cookies.clear()
        with capture_logs() as logs:
            await refused(browser, await callback(browser), 502, "This login is not set up correctly")
        assert "invalid_client" in str(logs)
        assert secret is None or secret not in str(logs)


@pytest.mark.parametrize(
    "wanted",
    ["https://evil.example/", "//evil.example", "/\\evil.example", "/agent\r\nx: y", "/login", "/agent/" + "x" * 1_900],
)
async def test_a_login_by_the_provider_leads_nowhere_else(site: Site, wanted: str) -> None:
    async with site.browser() as browser:
        answer = await browser.get(await callback(browser, wanted))
        assert 'content="0; url=/agent"' in answer.text


async def test_addresses_come_from_the_public_url_whatever_a_request_says(site: Site) -> None:
    async with site.browser() as browser:
        forged = {"host": "evil.example", "x-forwarded-host": "evil.example", "forwarded": "host=evil.example"}
        address = await sent_there(browser, **forged)
        left = await browser.get("/login?left=1", headers=forged)
    assert "evil" not in address + left.text


async def test_over_tls_the_cookie_of_a_login_under_way_is_for_this_host_alone(site: Site) -> None:
    async with site.browser(HOME.replace("http:", "https:")) as browser:
        cookie = (await browser.get("/login/provider")).headers["set-cookie"]
    assert cookie.startswith("__Host-escalations-login=")
    assert all(part in cookie for part in ("HttpOnly", "Secure", "Path=/", "SameSite=lax", "Max-Age=600"))


# --- What attackers try ---------------------------------------------------------------------------------------------


async def test_the_answer_to_a_strangers_login_logs_no_one_in(site: Site, provider: IdentityProvider) -> None:
    async with site.browser() as attacker, site.browser() as victim:
        theirs = await callback(attacker)
        await refused(victim, theirs, 400, "Please log in again")
        own = await callback(victim)
        await refused(victim, theirs, 400, "Please log in again")
        for state in ("", "é", "x" * 5_000, None):
            await refused(victim, with_parameter(own, state=state), 400, "Please log in again")
        await refused(victim, f"{own}&code=another", 400, "Please log in again")
        assert not [path for path in provider.asked if path.endswith("/token")], "no code of theirs is redeemed"
        await victim.get(own)
        assert await is_in(victim), "the person's own login still works"


async def test_a_stolen_code_does_not_fit_another_login(site: Site) -> None:
    async with site.browser() as victim, site.browser() as attacker:
        code = dict(parse_qsl(urlsplit(await callback(victim)).query))["code"]
        await refused(attacker, with_parameter(await callback(attacker), code=code), 400, "Please log in again")


async def test_an_id_token_of_another_login_logs_no_one_in(site: Site, provider: IdentityProvider) -> None:
    seen: list[Claims] = []

    def watched(claims: Claims) -> str:
        seen.append(claims)
        return provider.token(site.backend.now(), **claims)

    provider.forged = watched
    async with site.browser() as browser:
        await browser.get(await callback(browser))
    provider.forged = lambda _: provider.token(site.backend.now(), **seen[0])
    async with site.browser() as browser:
        await refused(browser, await callback(browser), 400, "Please log in again")


def unsigned(_: IdentityProvider, claims: Claims) -> str:
    return jwt.encode(claims, "", algorithm="none", headers={"kid": "k1"})


def by_own_key(_: IdentityProvider, claims: Claims) -> str:
    own = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    return jwt.encode(claims, own, algorithm="RS256", headers={"kid": "k1"})


def saying(**changed: Any) -> Callable[[IdentityProvider, Claims], str]:
    return lambda provider, claims: provider.token(provider.now(), **{**claims, **changed})


@pytest.mark.parametrize(
    ("forged", "status", "title"),
    [
        (unsigned, 502, "This login is not set up correctly"),
        (by_own_key, 502, "This login is not set up correctly"),
        (saying(aud="other"), 502, "This login is not set up correctly"),
        (saying(aud="escalations"), 502, "This login is not set up correctly"),
        (saying(iss="https://elsewhere.example.com"), 502, "This login is not set up correctly"),
        (saying(exp=1_000_000_000), 502, "This login is not set up correctly"),
        (saying(azp="other"), 502, "This login is not set up correctly"),
        (saying(aud=["pages", "other"]), 502, "This login is not set up correctly"),
        (saying(sub="system"), 502, "This login is not set up correctly"),
        (saying(nonce=None), 400, "Please log in again"),
        (saying(nonce="x"), 400, "Please log in again"),
        (saying(nonce=7), 400, "Please log in again"),
    ],
)
async def test_an_id_token_that_is_not_for_this_login_and_client_is_refused(
    site: Site,
    provider: IdentityProvider,
    forged: Callable[[IdentityProvider, Claims], str],
    status: int,
    title: str,
) -> None:
    provider.forged = lambda claims: forged(provider, claims)
    async with site.browser() as browser:
        await refused(browser, await callback(browser), status, title)
        provider.forged = lambda claims: saying(aud=["pages", "other"], azp="pages")(provider, claims)
        await browser.get(await callback(browser))
        assert await is_in(browser)


async def test_the_answer_of_another_provider_is_refused(site: Site) -> None:
    async with site.browser() as browser:
        for issuer in ("https://evil.example", "", None):
            own = await callback(browser)
            await refused(browser, with_parameter(own, iss=issuer), 400, "Please log in again")


@pytest.mark.parametrize(
    "document",
    [
        {"issuer": "https://evil.example"},
        {"issuer": 7},
        {"authorization_endpoint": "javascript:alert(1)"},
        {"token_endpoint": "file:///etc/passwd"},
        {"token_endpoint": "https://"},
    ],
)
async def test_a_discovery_document_that_leads_elsewhere_is_not_used(
    site: Site, provider: IdentityProvider, document: Mapping[str, Any]
) -> None:
    provider.document = dict(document)
    async with site.browser() as browser:
        answer = await browser.get("/login/provider")
    assert (answer.status_code, heading(answer)) == (503, "Your organization's login does not answer")


async def test_the_answer_to_a_login_counts_once_and_for_ten_minutes(site: Site, provider: IdentityProvider) -> None:
    async with site.browser() as browser:
        back = await callback(browser)
        await browser.get(back)
        session = browser.cookies.pop("escalations")
        await refused(browser, back, 400, "Please log in again")
        browser.cookies.set("escalations", session)
        assert await is_in(browser), "the session is not touched"
        assert len([path for path in provider.asked if path.endswith("/token")]) == 1
    async with site.browser() as browser:
        back = await callback(browser)
        site.later = LASTS + timedelta(seconds=2)
        await refused(browser, back, 400, "Please log in again")


# --- What goes wrong ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("error", "status", "title"),
    [
        ("access_denied", 403, "You were not logged in"),
        ("temporarily_unavailable", 503, "Your organization's login does not answer"),
        ("invalid_scope", 502, "This login is not set up correctly"),
        ("<script>alert(1)</script>", 502, "This login is not set up correctly"),
    ],
)
async def test_what_the_provider_says_instead_of_a_code_becomes_a_page(
    site: Site, provider: IdentityProvider, error: str, status: int, title: str
) -> None:
    provider.error = error
    async with site.browser() as browser:
        with capture_logs() as logs:
            answer = await refused(browser, await callback(browser), status, title)
    assert "<script>" not in answer.text + str(logs)


@pytest.mark.parametrize(
    ("answered", "status"),
    [
        ((503, {}, b"busy"), 503),
        ((429, {}, b"{}"), 503),
        ((200, {}, b"<html>"), 503),
        ((200, {}, b"[]"), 503),
        ((200, {}, b'{"access_token": "x"}'), 502),
        ((200, {}, b'{"id_token": 7}'), 502),
        ((302, {"Location": "/elsewhere"}, b"{}"), 502),
        ((400, {}, b'{"error": "invalid_grant"}'), 400),
        ((400, {}, b'{"error": ["x"]}'), 502),
        ((200, {}, b" " * 600_000), 503),
    ],
)
async def test_a_provider_that_gives_no_token_becomes_a_page(
    site: Site, provider: IdentityProvider, answered: Answer, status: int
) -> None:
    provider.token_answer = answered
    async with site.browser() as browser:
        answer = await browser.get(await callback(browser))
        assert answer.status_code == status
        assert not await is_in(browser)


async def test_a_provider_that_does_not_answer_is_waited_for_only_a_moment(
    site: Site, provider: IdentityProvider, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with site.browser() as browser:
        back = await callback(browser)
        monkeypatch.setattr(openid, "FETCH_SECONDS", 0.2)
        monkeypatch.setattr(published, "FETCH_SECONDS", 0.2)
        provider.silent = True
        await refused(browser, back, 503, "Your organization's login does not answer")
        site.later = timedelta(hours=13)
        answer = await browser.get("/login/provider", headers={"accept-language": "de"})
        assert (answer.status_code, heading(answer)) == (503, "Die Anmeldung Ihrer Firma antwortet nicht")
        assert (await browser.get("/login?left=1")).status_code == 200


@pytest.mark.parametrize(
    ("person", "title"),
    [
        ({"sub": "ana", "roles": []}, "Your account has no role here"),
        ({"sub": "ana", "roles": None}, "Your account has no role here"),
        ({"sub": "left", "roles": ["agent"]}, "You are not on the team yet"),
        ({"sub": "<b>leo</b>", "roles": ["agent"]}, "You are not on the team yet"),
    ],
)
async def test_who_may_not_in_reads_what_to_ask_for(
    site: Site, provider: IdentityProvider, person: Claims, title: str
) -> None:
    provider.person = person
    async with site.browser() as browser:
        answer = await refused(browser, await callback(browser, "/board"), 403, title)
    assert "<b>leo" not in answer.text
    assert "/login?next=/board" in answer.text


async def test_only_a_viewer_need_not_be_on_the_team(site: Site, provider: IdentityProvider) -> None:
    provider.person = {"sub": "leo", "roles": "viewer"}
    async with site.browser() as browser:
        await browser.get(await callback(browser))
        assert (await browser.get("/board")).status_code == 200


async def test_who_logs_out_can_log_out_of_the_provider_too(site: Site, provider: IdentityProvider) -> None:
    async with site.browser() as browser:
        await browser.get(await callback(browser))
        token = re.findall(r'name="token" value="(\w+)"', (await browser.get("/agent")).text)[0]
        answer = await browser.post("/logout", data={"token": token})
        page = await browser.get(answer.headers["location"])
        assert "You have logged out." in page.text
        address = unescape(re.findall(r'href="([^"]+/logout[^"]+)"', page.text)[0])
        asked = dict(parse_qsl(urlsplit(address).query))
        assert asked == {"client_id": "pages", "post_logout_redirect_uri": f"{HOME}/login"}
        provider.document = {"end_session_endpoint": None}
        site.begin()
        assert "Log out of your work account too" not in (await browser.get("/login?left=1")).text


async def test_without_a_client_there_is_no_such_login(site: Site) -> None:
    site.app.state.provider_login = None
    async with site.browser() as browser:
        assert "/login/provider" not in (await browser.get("/login")).text
        assert (await browser.get("/login/provider")).status_code == 404
        assert (await browser.get("/login/callback?code=x&state=y")).status_code == 404


def test_a_login_without_a_public_url_is_a_mistake_in_the_settings() -> None:
    with pytest.raises(SettingsError, match="PUBLIC_URL: is not set"):
        redirect_uri_of(Settings(oidc_issuer="https://login.example.com", oidc_client_id="pages"))


async def test_without_an_audience_the_providers_tokens_only_log_in(site: Site, provider: IdentityProvider) -> None:
    async with site.browser() as client:
        token = provider.token(site.backend.now(), aud="pages")
        answer = await client.get("/v1/escalations", headers={"authorization": f"Bearer {token}"})
    assert (answer.status_code, "use an API key" in answer.text) == (401, True)


@needs_chromium
async def test_a_browser_keeps_the_cookies_over_both_sites(
    site: Site, provider: IdentityProvider, chromium: Browser
) -> None:
    async with served(site.app) as url, await chromium.new_context() as context:
        # For a browser, `localhost` and 127.0.0.1 are two sites: ours and the provider's.
        home = url.replace("127.0.0.1", "localhost")
        provider.client.redirect_uri = f"{home}/login/callback"
        site.begin(redirect_uri=provider.client.redirect_uri)
        page = await context.new_page()
        page.set_default_timeout(20_000)
        await page.goto(f"{home}/board?weeks=2")
        await page.wait_for_url("**/login?next=**")
        assert await findings(page) == []
        await fits_each_width(page, "login")
        await page.get_by_role("link", name="Log in with your work account").click()
        await page.wait_for_url(f"{home}/board?weeks=2")
        await page.get_by_role("button", name="Log out").click()
        await expect(page.get_by_role("link", name="Log out of your work account too")).to_be_visible()
        assert await findings(page) == []
        await fits_each_width(page, "left")
        provider.person = {"sub": "leo", "roles": ["agent"]}
        await page.emulate_media(color_scheme="dark")
        await page.set_extra_http_headers({"accept-language": "de"})
        await page.goto(f"{home}/login/provider")
        await expect(page.get_by_role("heading")).to_have_text("Sie gehören noch nicht zum Team")
        assert await findings(page) == []
        await fits_each_width(page, "not-on-team")
