"""One request to a receiver that does what receivers do: redirects, hangs, resets, answers without end."""

import ssl
import time
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from email.utils import format_datetime
from ipaddress import ip_network

import pytest
import trustme

from activities.adapters.http_sending import LONGEST_ANSWER, HttpAnswer, HttpSender
from activities.errors import ActivityError, ChannelUnavailable, EndpointGone, RecipientRefused, SentWithoutAnswer
from tests.peers.http_peer import Answer, Endless, Hang, HttpPeer, Request, Reset

NOON = datetime(2026, 3, 27, 12, 0, tzinfo=UTC)
SECRET = "very-secret"  # noqa: S105
LOOPBACK = ip_network("127.0.0.0/8")


class Echo(HttpPeer):
    def answer(self, request: Request) -> Answer:
        return Answer(200, request.body, {"X-Path": request.path})


@pytest.fixture
async def peer() -> AsyncIterator[Echo]:
    async with Echo() as echo:
        yield echo


def noon() -> datetime:
    return NOON


sender = HttpSender(noon, allowed=[LOOPBACK])


async def post(url: str, by: HttpSender = sender, *, seconds: float = 5.0) -> HttpAnswer:
    return await by.post(f"{url}/hook?sig={SECRET}", b"{}", who="webhook `desk`", headers={}, seconds=seconds)


async def test_the_answer_comes_back(peer: Echo) -> None:
    answer = await post(peer.url)
    assert (answer.status, answer.body, answer.headers["x-path"]) == (200, b"{}", "/hook")
    (request,) = peer.requests
    assert request.headers["host"] == f"localhost:{peer.port}"


async def test_a_redirect_is_not_followed_and_final(peer: Echo) -> None:
    peer.faults.append(Answer(302, headers={"Location": f"{peer.url}/elsewhere"}))
    with pytest.raises(RecipientRefused, match="it redirects, which is not followed"):
        sender.require_accepted(await post(peer.url), "webhook `desk`")
    assert len(peer.requests) == 1


async def test_an_answer_without_end_is_read_up_to_the_limit(peer: Echo) -> None:
    peer.faults.append(Endless())
    answer = await post(peer.url)
    assert len(answer.body) == LONGEST_ANSWER


@pytest.mark.parametrize("fault", [Reset(), Reset(after=True)])
async def test_a_reset_says_that_the_request_may_have_arrived(peer: Echo, fault: Reset) -> None:
    peer.faults.append(fault)
    with pytest.raises(SentWithoutAnswer, match="webhook `desk` gave no clear answer") as failed:
        await post(peer.url)
    assert failed.value.__cause__ is None


async def test_a_receiver_that_is_silent_is_left_in_time(peer: Echo) -> None:
    peer.faults.append(Hang())
    began = time.monotonic()
    with pytest.raises(SentWithoutAnswer, match="did not answer within 0 s"):
        await post(peer.url, seconds=0.3)
    assert time.monotonic() - began < 3


async def test_a_port_that_no_one_listens_on_is_unavailable() -> None:
    async with Echo() as echo:
        url = echo.url
    with pytest.raises(ChannelUnavailable, match="nothing listens there") as failed:
        await post(url)
    assert not isinstance(failed.value, SentWithoutAnswer)


async def test_a_name_without_an_address_is_unavailable() -> None:
    with pytest.raises(ChannelUnavailable, match="its name has no address"):
        await post("https://no-such-host.invalid")


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1",
        "localhost",
        "0.0.0.0",  # noqa: S104
        "10.1.2.3",
        "192.168.0.1",
        "172.16.0.1",
        "169.254.169.254",
        "100.64.0.1",
        "224.0.0.1",
        "240.0.0.1",
        "2130706433",
        "0x7f.1",
        "[::1]",
        "[::]",
        "[::ffff:127.0.0.1]",
        "[::ffff:7f00:1]",
        "[::127.0.0.1]",
        "[64:ff9b::7f00:1]",
        "[2002:7f00:1::]",
        "[fe80::1]",
        "[fd00::1]",
    ],
)
async def test_an_address_that_is_not_public_is_refused(host: str) -> None:
    with pytest.raises((RecipientRefused, ChannelUnavailable)) as failed:
        await post(f"https://{host}", HttpSender(noon))
    assert isinstance(failed.value, RecipientRefused) or "has no address" in str(failed.value)


async def test_an_allowed_network_is_reached_in_every_form_of_its_addresses(peer: Echo) -> None:
    for host in ("localhost", "127.0.0.1", "[::ffff:127.0.0.1]"):
        assert (await post(f"http://{host}:{peer.port}")).status == 200
    with pytest.raises(RecipientRefused):
        await post(f"http://localhost:{peer.port}", HttpSender(noon, allowed=[ip_network("10.0.0.0/8")]))


@pytest.mark.parametrize(
    "url", ["", "ftp://example.com", "https://", "http:///x", "https://exa mple.com:x", "//example.com"]
)
async def test_what_cannot_be_read_as_a_url_is_refused(url: str) -> None:
    with pytest.raises((RecipientRefused, ChannelUnavailable)):
        await post(url)


async def test_plain_http_to_a_public_address_is_refused() -> None:
    with pytest.raises(RecipientRefused, match="or its URL has no TLS"):
        await post("http://8.8.8.8")


async def test_a_certificate_of_another_authority_is_refused_and_of_the_configured_one_taken(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    authority, context = trustme.CA(), ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("localhost").configure_cert(context)
    file = tmp_path_factory.mktemp("tls") / "authority.pem"
    authority.cert_pem.write_to_path(str(file))
    async with Echo(tls=context) as echo:
        with pytest.raises(ChannelUnavailable, match="its certificate cannot be verified"):
            await post(echo.url)
        trusting = HttpSender(noon, allowed=[LOOPBACK], ca_file=file)
        assert (await post(echo.url, trusting)).status == 200
        with pytest.raises(ChannelUnavailable, match="its certificate cannot be verified"):
            await post(echo.url.replace("localhost", "127.0.0.1"), trusting)


@pytest.mark.parametrize(
    ("status", "headers", "raised", "after"),
    [
        (429, {"retry-after": "7"}, ChannelUnavailable, 7.0),
        (429, {"retry-after": format_datetime(NOON.replace(minute=2), usegmt=True)}, ChannelUnavailable, 120.0),
        (429, {"retry-after": format_datetime(NOON.replace(hour=9), usegmt=True)}, ChannelUnavailable, 1.0),
        (429, {"retry-after": "99999999999999"}, ChannelUnavailable, 3600.0),
        (429, {"retry-after": "soon"}, ChannelUnavailable, 30.0),
        (429, {}, ChannelUnavailable, 30.0),
        (503, {"retry-after": "3"}, ChannelUnavailable, 3.0),
        (500, {}, ChannelUnavailable, None),
        (408, {}, ChannelUnavailable, None),
        (400, {}, RecipientRefused, None),
        (401, {}, RecipientRefused, None),
        (404, {}, RecipientRefused, None),
        (307, {}, RecipientRefused, None),
        (410, {}, EndpointGone, None),
        (418, {}, RecipientRefused, None),
    ],
)
def test_what_a_status_means(
    status: int, headers: dict[str, str], raised: type[ActivityError], after: float | None
) -> None:
    with pytest.raises(raised) as failed:
        sender.require_accepted(HttpAnswer(status, headers, SECRET.encode()), "webhook `desk`")
    assert type(failed.value) is raised
    assert getattr(failed.value, "after", None) == pytest.approx(after)
    assert "webhook `desk`" in str(failed.value)
    assert SECRET not in str(failed.value)


async def test_no_error_repeats_the_url(peer: Echo) -> None:
    peer.outage = Reset()
    for url in (peer.url, "https://127.0.0.1", f"https://user:{SECRET}@10.0.0.1", "nonsense"):
        with pytest.raises(ActivityError) as failed:
            await post(url)
        assert SECRET not in str(failed.value)
