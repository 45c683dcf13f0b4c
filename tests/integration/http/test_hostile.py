"""What a hostile caller sends is refused in its terms: never a 500, and no one else waits for it."""

import asyncio
import json
from contextlib import suppress

import httpx2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from starter.http.app import create_app
from starter.http.backend import Backend
from starter.http.bodies import MOST_BYTES, InvalidBody, parsed_json
from starter.http.serving import address_of, listening, serve
from tests.event_loop import watched_loop

NOTE = "/v1/escalations/none-such/note"

BODIES = {
    "empty": b"",
    "cut off": b'{"text": "hel',
    "no object": b'["text"]',
    "a number": b"1",
    "null": b"null",
    "not a number": b'{"text": NaN}',
    "infinity": b'{"text": -Infinity}',
    "a name twice": b'{"text": "a", "text": "b"}',
    "half an emoji": b'{"text": "\\ud83d"}',
    "no UTF-8": b'{"text": "\xff"}',
    "a byte order mark": b'\xef\xbb\xbf{"text": "a"}',
    "UTF-16": '{"text": "a"}'.encode("utf-16"),
    "a huge number": b'{"text": ' + b"9" * 5_000 + b"}",
    "a number beyond all bounds": b'{"text": 1e999}',
    "deep lists": b"[" * 100_000,
    "deep objects": b'{"a":' * 50_000 + b"1" + b"}" * 50_000,
    "quite deep": b'{"text": ' + b"[" * 50 + b"]" * 50 + b"}",
    "many names": json.dumps({f"n{number}": number for number in range(50_000)}).encode(),
    "U+0000 in a name": b'{"te\\u0000xt": "a"}',
    "a long text": json.dumps({"text": "x" * 1_500_000}).encode(),
}


@pytest.mark.parametrize("name", BODIES)
async def test_a_hostile_body_is_refused(admin: httpx2.AsyncClient, name: str) -> None:
    async with watched_loop(0.5):
        answer = await admin.post(NOTE, content=BODIES[name], headers={"content-type": "application/json"})

    assert answer.status_code in (400, 404, 422)
    assert answer.headers["content-type"] == "application/problem+json"
    assert len(answer.content) < 5_000


async def test_another_media_type_is_refused(admin: httpx2.AsyncClient) -> None:
    answer = await admin.post(NOTE, content=b"text=hello", headers={"content-type": "text/plain"})

    assert answer.status_code == 415


@pytest.mark.parametrize(
    "path",
    [
        "/v1/escalations/%00",
        "/v1/escalations/a%20b",
        "/v1/escalations/~",
        "/v1/escalations/%F0%9F%98%80",
        "/v1/escalations/escalation-x~99999999",
        "/v1/escalations/" + "x" * 5_000,
        "/v1/escalations?owner=%00",
        "/v1/escalations?owner=%5C%22%27%3B--",
        "/v1/escalations?cursor=%00",
        "/v1/escalations?cursor=WyI5OTk5LTAxLTAxVDAwOjAwOjAwKzAwOjAwIiwgIlx1MDAwMCJd",
        "/v1/escalations?limit=99999999999999999999999999",
        "/v1/roster?from=9999-12-31T23:59:59%2B00:00&days=31",
        "/v1/roster?from=0001-01-01T00:00:00%2B00:00",
        "/v1/roster?from=253402300800",
        "/v1/people/%00/tasks",
        "/v1/policies/%00",
        "/v1/policies/default/explain?severity=SEV1&category=billing&at=2099-12-31T00:00:00Z",
        "/v1/incidents/%00",
    ],
)
async def test_hostile_parameters_are_refused(admin: httpx2.AsyncClient, path: str) -> None:
    answer = await admin.get(path)

    assert answer.status_code < 500, answer.text


@pytest.mark.parametrize(
    ("path", "advice"),
    [
        ("/v1/escalations?sverity=SEV1", "sverity: this route has no such parameter; did you mean `severity`?"),
        ("/v1/escalations/4711?verbose=1", "verbose: this route has no such parameter; it has none"),
    ],
)
async def test_a_misspelled_filter_is_refused_rather_than_left_out(
    admin: httpx2.AsyncClient, path: str, advice: str
) -> None:
    answer = await admin.get(path)

    assert (answer.status_code, answer.json()["errors"]) == (422, [advice])


@given(st.binary(max_size=200) | st.text(max_size=200).map(str.encode))
def test_any_bytes_are_read_as_they_are_or_refused(raw: bytes) -> None:
    refused: InvalidBody | None = None
    value = None
    try:
        value = parsed_json(raw)
    except InvalidBody as error:
        refused = error
    assert refused.status == 400 if refused else json.loads(raw) == value


async def test_no_redirect_goes_where_the_request_says_that_its_host_is(anyone: httpx2.AsyncClient) -> None:
    forged = {"host": "evil.example", "x-forwarded-host": "evil.example", "x-forwarded-proto": "https"}
    for path, leads_to in {
        "/login/?next=/board": "/login?next=/board",
        "/agent/cases/7/": "/agent/cases/7",
        "/v1/escalations//": "/v1/escalations",
        "//evil.example/": None,
        "//evil.example/login/": None,
        "/none/": None,
    }.items():
        address = httpx2.URL("http://escalations.example.com").copy_with(raw_path=path.encode())
        answer = await anyone.get(address, headers=forged)
        assert (answer.status_code, answer.headers.get("location")) == (307 if leads_to else 404, leads_to)


async def raw(port: int, request: bytes, *, then: bytes = b"") -> bytes:
    """What a server answers to these bytes; `then` is sent after its answer begins."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(request)
    begun = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), 10)
    writer.write(then)
    writer.close()
    return begun


async def test_a_connection_that_sends_a_byte_now_and_then_is_closed(
    backend: Backend, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("starter.http.serving.HEAD_SECONDS", 0.5)
    settings = backend.settings.model_copy(update={"http_port": 0})
    stop, listener = asyncio.Event(), listening(settings)
    serving = asyncio.create_task(serve(create_app(settings, backend=backend), listener, settings, stop))
    port = int(address_of(listener).rpartition(":")[2])

    async def trickled(head: bytes, piece: bytes) -> bytes:
        """What comes back until the server closes the connection."""
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(head)
        answered = asyncio.create_task(reader.read())
        while not (await asyncio.wait([answered], timeout=0.05))[0]:
            writer.write(piece)
        writer.close()
        with suppress(ConnectionError):
            return await answered
        return b""

    answered = b"POST /none HTTP/1.1\r\nHost: a.example.com\r\nContent-Length: 1000\r\n\r\n"
    try:
        async with asyncio.timeout(20):
            silent, head, body = await asyncio.gather(
                trickled(b"", b""),
                trickled(b"GET /health/live HTTP/1.1\r\nHost: a.example.com\r\n", b"X: a\r\n"),
                trickled(answered, b"x"),
            )
    finally:
        stop.set()
        await serving
    assert (silent, head) == (b"", b"")
    assert body.startswith(b"HTTP/1.1 404") or not body, "a reset may take the answer along"


async def test_a_body_that_is_too_long_is_refused_before_its_first_byte(backend: Backend) -> None:
    settings = backend.settings.model_copy(update={"http_port": 0})
    stop, listener = asyncio.Event(), listening(settings)
    app = create_app(settings, backend=backend)
    serving = asyncio.create_task(serve(app, listener, settings, stop))
    number = int(address_of(listener).rpartition(":")[2])
    head = "POST /v1/escalations HTTP/1.1\r\nHost: a.example.com\r\nContent-Type: application/json\r\n"
    try:
        declared = await raw(number, f"{head}Content-Length: {MOST_BYTES + 1}\r\n\r\n".encode())
        unauthenticated = await raw(number, f"{head}Content-Length: 100\r\n\r\n".encode(), then=b"x" * 100)
    finally:
        stop.set()
        await serving

    assert declared.startswith(b"HTTP/1.1 413")
    assert unauthenticated.startswith(b"HTTP/1.1 401")


async def test_a_body_that_turns_out_too_long_is_refused(admin: httpx2.AsyncClient) -> None:
    answer = await admin.post(
        NOTE, content=b'{"text": "' + b"x" * MOST_BYTES + b'"}', headers={"content-type": "application/json"}
    )

    assert answer.status_code == 413
    assert answer.headers["content-type"] == "application/problem+json"
