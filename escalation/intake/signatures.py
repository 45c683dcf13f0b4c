"""Whether a request was signed by someone who knows the secret."""

import base64
import binascii
import hmac
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from urllib.parse import parse_qsl, urlsplit

from escalation.intake.bodies import parsed
from escalation.intake.delivery import MOST_BYTES, Request, SignatureRefused, Unreadable
from escalation.intake.paths import Scope, value_at
from escalation.intake.source import Scheme, Source
from escalation.intake.values import instant_of, text_of

_MOST_SIGNATURES = 10
_LONGEST_HEADER = 4_000
_AUTHORIZATION = "authorization"


def verify(source: Source, request: Request, secrets: tuple[str, ...], now: datetime) -> None:
    """Check the signature over the raw body, in constant time.

    Args:
        source: Whose scheme it is.
        secrets: Any of them will do, while one is rotated; empty ones count as none.
        now: Aware UTC; held against the sender's time where the vendor stamps at sending.

    Raises:
        SignatureRefused: It is missing, wrong, or too old.
    """
    known = [secret for secret in secrets if secret.strip()]
    if not known:
        raise SignatureRefused(f"no secret is configured for {source.name}")
    if len(request.body) > MOST_BYTES:
        raise SignatureRefused(f"the body has {len(request.body):,} bytes; at most {MOST_BYTES:,} are read")
    used = [one for one in source.schemes if _is_used(one, request)]
    # A vendor may sign in two ways into one header; with a time beside it, it is the one that signs the time.
    scheme = next((one for one in used if one.timestamp is None or _time(one, request)), next(iter(used), None))
    if scheme is None:
        named = " or ".join(f"`{one.header}`" for one in source.schemes)
        raise SignatureRefused(f"there is no signature: {source.title} sends it in {named}")
    _check_time(scheme, request, now)
    if scheme.kind == "hmac":
        expected = [_signature(scheme, request, key) for secret in known if (key := _key(scheme, secret)) is not None]
        found = list(_signatures(scheme, request))
    else:
        expected = [secret.encode() for secret in known]
        found = list(_presented(scheme, request))
    if not _any_equal(expected, found):
        raise SignatureRefused(f"the signature in `{scheme.header}` was not made with a secret that we know")


def _any_equal(expected: Iterable[bytes], found: Iterable[bytes]) -> bool:
    # Whether one of these equals one of those; takes as long whichever does.
    given = list(found)
    return any([hmac.compare_digest(one, other) for one in expected for other in given])  # noqa: C419


def _is_used(scheme: Scheme, request: Request) -> bool:
    if scheme.kind == "secret":
        return any(True for _ in _presented(scheme, request))
    return bool(_header(request, scheme.header))


def _time(scheme: Scheme, request: Request) -> str:
    """The sender's time; empty also where it is in a body that cannot be read."""
    place = scheme.timestamp
    if place is None:
        return ""
    try:
        body = None if place.root == "header" else parsed(request)
    except Unreadable:
        return ""
    return text_of(value_at(place, Scope(body, request.headers)))[:_LONGEST_HEADER]


def _header(request: Request, name: str) -> str:
    return request.headers.get(name, "")[:_LONGEST_HEADER].strip()


def _signatures(scheme: Scheme, request: Request) -> Iterator[bytes]:
    """The signatures that were sent, in the form that we compute them in."""
    header = _header(request, scheme.header)
    for each in (header.split(scheme.separator) if scheme.separator else [header])[:_MOST_SIGNATURES]:
        text = each.strip()
        if text.lower().startswith(scheme.prefix.lower()):
            text = text[len(scheme.prefix) :].strip()
            yield (text.lower() if scheme.encoding == "hex" else text).encode("utf-8", "surrogateescape")


def _signature(scheme: Scheme, request: Request, key: bytes) -> bytes:
    pieces = {
        "{body}": request.body,
        "{timestamp}": _time(scheme, request).encode("utf-8", "surrogateescape"),
        "{id}": _header(request, scheme.id).encode("utf-8", "surrogateescape"),
        "{method}": request.method.upper().encode(),
        "{url}": request.url.encode("utf-8", "surrogateescape"),
    }
    signed = b"".join(pieces.get(piece, piece.encode()) for piece in scheme.over)
    mac = hmac.new(key, signed, scheme.digest)
    return mac.hexdigest().encode() if scheme.encoding == "hex" else base64.b64encode(mac.digest())


def _key(scheme: Scheme, secret: str) -> bytes | None:
    if scheme.key == "text":
        return secret.encode()
    try:
        return base64.b64decode(secret.removeprefix("whsec_"), validate=True) or None
    except (binascii.Error, ValueError):
        # A secret that is not in this form signs nothing; another one may.
        return None


def _presented(scheme: Scheme, request: Request) -> Iterator[bytes]:
    """The secrets that were sent: in the header, as bearer token or password, or in the query."""
    value = _header(request, scheme.header)
    if value and scheme.header != _AUTHORIZATION:
        yield value.encode("utf-8", "surrogateescape")
    how, _, token = _header(request, _AUTHORIZATION).partition(" ")
    if how.lower() in ("bearer", "token"):
        yield token.strip().encode("utf-8", "surrogateescape")
    elif how.lower() == "basic":
        try:
            pair = base64.b64decode(token.strip(), validate=True)
        except (binascii.Error, ValueError):
            return
        yield from (pair, pair.partition(b":")[2])
    if scheme.query:
        query = urlsplit(request.url[:_LONGEST_HEADER]).query
        yield from (
            value.encode("utf-8", "surrogateescape") for name, value in parse_qsl(query) if name == scheme.query
        )


def _check_time(scheme: Scheme, request: Request, now: datetime) -> None:
    if not scheme.window:
        return
    sent = instant_of(_time(scheme, request))
    if sent is None:
        where = ".".join(map(str, scheme.timestamp.steps)) if scheme.timestamp else ""
        raise SignatureRefused(f"`{where}` has no time in it, so the signature cannot be checked")
    if abs(now - sent) > timedelta(seconds=scheme.window):
        raise SignatureRefused(
            f"it was signed at {sent:%Y-%m-%d %H:%M:%S} UTC, more than {scheme.window} seconds from now; "
            "if that is wrong, check this machine's clock"
        )
