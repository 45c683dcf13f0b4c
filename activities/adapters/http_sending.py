"""Sending by HTTP to addresses that people configure: one request, within limits, to public hosts only.

The host's name is resolved here, and the address that was checked is the one that is connected to, so a name that
resolves differently the next time leads nowhere else. No answer of a receiver, and no URL, is in an error: URLs of
chats and pagers hold secrets.
"""

import asyncio
import socket
import ssl
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from email.utils import parsedate_to_datetime
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from pathlib import Path

import httpx2

from activities.errors import ChannelUnavailable, EndpointGone, RecipientRefused, SentWithoutAnswer

CONNECT_SECONDS = 4.0
READ_SECONDS = 8.0
TOTAL_SECONDS = 10.0  # of one request, name look-up included; a delivery has 25 seconds in all
LONGEST_ANSWER = 1_000_000  # bytes that are read of an answer, unless a sender is made for longer ones
LONGEST_WAIT = 3600.0  # seconds a receiver may ask us to wait; what it asks beyond that is cut
BUSY_SECONDS = 30.0  # wait after a 429 that does not say how long

_MOST_ADDRESSES = 3
_LATER = frozenset({408, 425, 429})
_UNSENT = (httpx2.ConnectError, httpx2.ConnectTimeout, httpx2.PoolTimeout)
_CAUSES: Mapping[int, str] = {
    400: "it does not understand the request",
    401: "authentication failed; check the secret in the settings",
    403: "it does not allow us to send there; check the rights of the account",
    404: "there is nothing at this address; check the URL in the settings",
    405: "it takes no messages at this address; check the URL in the settings",
    410: "it wants no more messages at this address",
    413: "the message is too large",
}


@dataclass(frozen=True, slots=True)
class HttpAnswer:
    """The receiver's answer; header names are in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class HttpSender:
    """Sends requests.

    Args:
        allowed: Networks that are reached although they are not public; in these, also without TLS.
        ca_file: Certificates to trust besides the usual ones, in PEM.
        longest_answer: Bytes that are read of an answer; the rest is dropped.
    """

    def __init__(
        self,
        clock: Callable[[], datetime],
        *,
        allowed: Sequence[IPv4Network | IPv6Network] = (),
        ca_file: Path | None = None,
        longest_answer: int = LONGEST_ANSWER,
    ) -> None:
        self._clock = clock
        self._allowed = tuple(allowed)
        self._ca_file = ca_file
        self._longest_answer = longest_answer
        self._tls: ssl.SSLContext | None = None

    async def post(
        self, url: str, content: bytes, *, who: str, headers: Mapping[str, str], seconds: float = TOTAL_SECONDS
    ) -> HttpAnswer:
        """Post; see `request`."""
        return await self.request("POST", url, content, who=who, headers=headers, seconds=seconds)

    async def request(
        self,
        method: str,
        url: str,
        content: bytes,
        *,
        who: str,
        headers: Mapping[str, str],
        seconds: float = TOTAL_SECONDS,
    ) -> HttpAnswer:
        """Send one request; redirects are not followed.

        Args:
            method: Such as `GET`.
            who: The receiver, for errors, such as `Slack`.
            headers: Besides the usual ones.
            seconds: How long it may take in all.

        Raises:
            RecipientRefused: The address may not be reached from here.
            ChannelUnavailable: Nothing was sent.
            SentWithoutAnswer: It may have arrived; there is no answer.
        """
        parts = _parts(url, who)
        sending = False
        try:
            async with asyncio.timeout(seconds):
                addresses = await self._addresses(parts, who)
                sending = True
                return await self._first_that_connects(method, parts, addresses, content, headers)
        except _UNSENT as error:
            raise ChannelUnavailable(f"{who} cannot be reached: {_network(error)}") from None
        except TimeoutError:
            silent = SentWithoutAnswer if sending else ChannelUnavailable
            raise silent(f"{who} did not answer within {seconds:.0f} s") from None
        except (httpx2.HTTPError, OSError) as error:
            raise SentWithoutAnswer(f"{who} gave no clear answer ({type(error).__name__})") from None

    async def reach(self, url: str, who: str) -> int:
        """Whether something answers there, asked in a way that changes nothing; returns its status.

        Raises:
            RecipientRefused: The address may not be reached from here.
            ChannelUnavailable: It cannot be reached.
            SentWithoutAnswer: It does not answer.
        """
        return (await self.request("HEAD", url, b"", who=who, headers={})).status

    async def _addresses(self, url: httpx2.URL, who: str) -> list[str]:
        try:
            found = await asyncio.get_running_loop().getaddrinfo(
                url.raw_host.decode("ascii").strip("[]"), url.port, type=socket.SOCK_STREAM
            )
        except (OSError, UnicodeError):
            raise ChannelUnavailable(f"{who} cannot be reached: its name has no address; check the URL") from None
        addresses = list(dict.fromkeys(str(each[4][0]) for each in found))
        fit = [one for one in addresses if self._may_reach(one, encrypted=url.scheme == "https")]
        if not fit:
            raise RecipientRefused(
                f"{who} is refused: its address is not public, or its URL has no TLS; "
                "use https, or list its network in ESCALATIONS_ALLOWED_NETWORKS"
            )
        return fit[:_MOST_ADDRESSES]

    def _may_reach(self, address: str, *, encrypted: bool) -> bool:
        meant = unwrapped(ip_address(address))
        return (encrypted and is_public(meant)) or any(
            meant.version == network.version and meant in network for network in self._allowed
        )

    async def _first_that_connects(
        self, method: str, url: httpx2.URL, addresses: Sequence[str], content: bytes, headers: Mapping[str, str]
    ) -> HttpAnswer:
        for address in addresses[:-1]:
            try:
                return await self._request(method, url, address, content, headers)
            except _UNSENT:
                continue
        return await self._request(method, url, addresses[-1], content, headers)

    async def _request(
        self, method: str, url: httpx2.URL, address: str, content: bytes, headers: Mapping[str, str]
    ) -> HttpAnswer:
        request = httpx2.Request(
            method,
            url.copy_with(host=address),
            content=content,
            headers={
                "Accept-Encoding": "identity",
                "User-Agent": "escalations",
                **headers,
                "Host": url.netloc.decode("ascii").rpartition("@")[2],
            },
            extensions={
                "sni_hostname": url.raw_host.decode("ascii"),
                "timeout": httpx2.Timeout(READ_SECONDS, connect=CONNECT_SECONDS).as_dict(),
            },
        )
        transport = httpx2.AsyncHTTPTransport(verify=self._context(), trust_env=False, http2=False)
        async with transport, httpx2.AsyncClient(transport=transport, trust_env=False) as client:
            answer = await client.send(request, stream=True, follow_redirects=False)
            try:
                return HttpAnswer(
                    answer.status_code, dict(answer.headers.items()), await _beginning(answer, self._longest_answer)
                )
            finally:
                await answer.aclose()

    def _context(self) -> ssl.SSLContext:
        if self._tls is None:
            self._tls = ssl.create_default_context()
            if self._ca_file is not None:
                self._tls.load_verify_locations(self._ca_file)
        return self._tls

    def require_accepted(self, answer: HttpAnswer, who: str) -> None:
        """Nothing where the receiver took it.

        Raises:
            EndpointGone: It answered with 410.
            RecipientRefused: It answered with another 4xx, or a redirect.
            ChannelUnavailable: It is busy or down; says when to try again, where it said so.
        """
        status = answer.status
        if 200 <= status < 300:
            return
        if status in _LATER or status >= 500 or status < 200:
            after = self._wait(answer)
            if after is None and status == 429:
                after = BUSY_SECONDS
            raise ChannelUnavailable(f"{who} cannot take it for now: it answered {status}", after=after)
        if 300 <= status < 400:
            cause = "it redirects, which is not followed; write the URL that it leads to"
        else:
            cause = _CAUSES.get(status, "it refused the message")
        refusal = EndpointGone if status == 410 else RecipientRefused
        raise refusal(f"{who}: {cause} (it answered {status})")

    def _wait(self, answer: HttpAnswer) -> float | None:
        """Seconds to wait, from a `Retry-After` of seconds or of a date."""
        said = answer.headers.get("retry-after", "").strip()
        if said.isascii() and said.isdigit():
            return _bounded(float(said[:9]))
        try:
            at = parsedate_to_datetime(said)
            seconds = (at - self._clock()).total_seconds()
        except (TypeError, ValueError, OverflowError):
            return None
        return _bounded(seconds)


def _bounded(seconds: float) -> float:
    return min(max(seconds, 1.0), LONGEST_WAIT)


def _parts(url: str, who: str) -> httpx2.URL:
    try:
        parts = httpx2.URL(url)
    except httpx2.InvalidURL:
        parts = httpx2.URL("")
    if parts.scheme not in {"http", "https"} or not parts.host:
        raise RecipientRefused(f"{who} is refused: what is set for it is not a URL; write https://…")
    return parts


async def _beginning(answer: httpx2.Response, most: int) -> bytes:
    # The body, up to the limit; as it is on the wire, so that nothing small unpacks to something huge.
    body = bytearray()
    async for chunk in answer.aiter_raw():
        body += chunk
        if len(body) > most:
            break
    return bytes(body[:most])


def _network(error: BaseException) -> str:
    seen: BaseException | None = error
    while seen is not None:
        if isinstance(seen, ssl.SSLCertVerificationError):
            return "its certificate cannot be verified; check its name and date, or set ESCALATIONS_HTTP_CA_FILE"
        if isinstance(seen, ssl.SSLError):
            return "the TLS handshake failed"
        if isinstance(seen, ConnectionRefusedError):
            return "nothing listens there"
        seen = seen.__cause__ or seen.__context__
    return "it takes no connection in time" if isinstance(error, httpx2.TimeoutException) else "it takes no connection"


_NAT64 = IPv6Network("64:ff9b::/96")
_COMPATIBLE = IPv6Network("::/96")

Address = IPv4Address | IPv6Address


def unwrapped(address: Address) -> Address:
    """The IPv4 address that an IPv6 address leads to, where it does; else the address itself."""
    if isinstance(address, IPv4Address):
        return address
    if address.ipv4_mapped is not None:
        return address.ipv4_mapped
    if address.sixtofour is not None:
        return address.sixtofour
    if address.teredo is not None:
        return address.teredo[1]
    within = any(address in network for network in (_NAT64, _COMPATIBLE)) and int(address) > 1
    return IPv4Address(int(address) & 0xFFFF_FFFF) if within else address


def is_public(address: Address) -> bool:
    """Whether it is; not for loopback, private, link-local, shared, documentation, multicast and reserved ranges."""
    return address.is_global and not (
        address.is_multicast or address.is_reserved or address.is_unspecified or address.is_link_local
    )
