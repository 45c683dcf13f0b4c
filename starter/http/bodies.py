"""Reads JSON bodies: bounded in size, time and depth, and strictly, so that hostile input stops here."""

import asyncio
import json
from collections.abc import Sequence
from typing import Any, NoReturn, TypeVar

from pydantic import BaseModel, ValidationError
from starlette.requests import ClientDisconnect, Request

MOST_BYTES = 5_000_000
"""Bytes of a request body. More than the longest text has, each emoji escaped, so that a refusal names the field."""
LONG_BYTES = 100_000  # longer bodies are read beside the event loop
MOST_DEPTH = 32  # levels of objects and lists within each other; our own bodies have four
BODY_SECONDS = 20.0  # how long a caller may take to send a body
_LONGEST_NUMBER = 30
_MOST_PROBLEMS = 10

M = TypeVar("M", bound=BaseModel)


class InvalidBody(Exception):
    """The body cannot be read, or is not what the route takes."""

    def __init__(self, status: int, problems: Sequence[str]) -> None:
        self.status = status
        self.problems = tuple(problems)
        super().__init__("; ".join(problems))


async def raw_body(request: Request) -> bytes:
    """The whole body as it came; its size is bounded by the server's middleware.

    Raises:
        InvalidBody: It did not come in time.
    """
    try:
        async with asyncio.timeout(BODY_SECONDS):
            return await request.body()
    except TimeoutError as error:
        raise InvalidBody(408, [f"the body did not arrive within {BODY_SECONDS:.0f} s"]) from error
    except ClientDisconnect as error:
        raise InvalidBody(400, ["the connection was closed before the whole body arrived"]) from error


async def json_body(request: Request, type_: type[M]) -> M:
    """The body as a value of this model.

    Raises:
        InvalidBody: It is not JSON, or not such a value.
    """
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "application/json":
        raise InvalidBody(415, ["send the body as application/json"])
    raw = await raw_body(request)
    # A long one takes a while, and other callers must not wait for it.
    return await asyncio.to_thread(_read, raw, type_) if len(raw) > LONG_BYTES else _read(raw, type_)


def _read(raw: bytes, type_: type[M]) -> M:
    parsed_json(raw)
    try:
        return type_.model_validate_json(raw)
    except ValidationError as error:
        raise InvalidBody(422, _problems(error)) from None


def parsed_json(raw: bytes) -> Any:
    """The value of a JSON text, read strictly.

    Raises:
        InvalidBody: It is not UTF-8 or not JSON, is too deep, or has NaN, Infinity, a name twice, or a huge number.
    """
    try:
        value = json.loads(
            raw.decode(),
            object_pairs_hook=_names_once,
            parse_constant=_refuse_constant,
            parse_int=_bounded_int,
            parse_float=_bounded_float,
        )
    except UnicodeDecodeError:
        raise InvalidBody(400, ["the body is not UTF-8"]) from None
    except json.JSONDecodeError as error:
        raise InvalidBody(
            400, [f"the body is not JSON: {error.msg} (line {error.lineno}, column {error.colno})"]
        ) from None
    except RecursionError:
        raise _too_deep() from None
    _require_shallow(value)
    return value


def _problems(error: ValidationError) -> list[str]:
    found = error.errors(include_url=False, include_context=False, include_input=False)[:_MOST_PROBLEMS]
    return [f"{'.'.join(str(part)[:100] for part in one['loc']) or 'body'}: {one['msg'][:300]}" for one in found]


def _names_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise InvalidBody(400, ["an object in the body has the same name twice; write each name once"])
    return found


def _refuse_constant(name: str) -> NoReturn:
    raise InvalidBody(400, [f"the body is not JSON: {name} is not a number of JSON"])


def _bounded_int(text: str) -> int:
    _require_short(text)
    return int(text)


def _bounded_float(text: str) -> float:
    _require_short(text)
    found = float(text)
    if found in (float("inf"), float("-inf")):
        raise InvalidBody(400, ["a number is out of range"])
    return found


def _require_short(text: str) -> None:
    if len(text) > _LONGEST_NUMBER:
        raise InvalidBody(400, [f"a number has {len(text):,} characters; write at most {_LONGEST_NUMBER}"])


def _require_shallow(value: Any) -> None:
    level = [value]
    for _ in range(MOST_DEPTH):
        level = [inner for one in level for inner in _parts(one)]
        if not level:
            return
    raise _too_deep()


def _parts(value: Any) -> list[Any]:
    if isinstance(value, dict):
        return list(value.values())
    return value if isinstance(value, list) else []


def _too_deep() -> InvalidBody:
    return InvalidBody(400, [f"the body is nested more than {MOST_DEPTH} levels deep"])
