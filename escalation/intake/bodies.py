"""Raw bodies as plain data: JSON, or a form with or without JSON in one of its fields."""

import json
import re
from typing import Any
from urllib.parse import parse_qsl

from escalation.intake.delivery import MOST_BYTES, Request, Unreadable

_FORM = "application/x-www-form-urlencoded"
_MOST_FIELDS = 200
# Digits; a longer number stays text, since Python refuses to count that far.
_LONGEST_NUMBER = 100
_SPARE_COMMA = re.compile(r'"(?:[^"\\]|\\.)*+"?|,(?=\s*[}\]])', re.DOTALL)
_ENCODINGS = frozenset({"utf-8", "iso-8859-1", "windows-1252", "us-ascii", "utf-16"})


def parsed(request: Request, form_field: str = "") -> Any:
    """The parsed body.

    Args:
        form_field: Where the body is a form, the field that has JSON in it.

    Raises:
        Unreadable: It is empty, too long, nested too deeply, or neither JSON nor a form.
    """
    body = request.body
    if len(body) > MOST_BYTES:
        raise Unreadable(f"the body has {len(body):,} bytes; at most {MOST_BYTES:,} are read")
    kind, _, parameters = request.headers.get("content-type", "").lower().partition(";")
    text = _decoded(body, parameters)
    if not text.strip():
        raise Unreadable("the body is empty")
    if kind.strip().startswith("multipart/"):
        raise Unreadable(
            "the body is a form in several parts, which is not read; let it be sent as JSON or as a simple form"
        )
    if kind.strip() != _FORM:
        return _json(text)
    fields = _form(text)
    return _json(fields[form_field]) if form_field and form_field in fields else fields


def _decoded(body: bytes, parameters: str) -> str:
    charset = parameters.partition("charset=")[2].strip(" \"'").partition(";")[0]
    try:
        return body.decode(charset if charset in _ENCODINGS else "utf-8").removeprefix("\ufeff")
    except UnicodeDecodeError:
        # A wrong letter in a name is better than a lost message.
        return body.decode("utf-8", errors="replace").removeprefix("\ufeff")


def _json(text: str) -> Any:
    try:
        return _loaded(text)
    except ValueError as error:
        reason = error
    except RecursionError:
        raise Unreadable("the body is nested too deeply") from None
    try:
        # Admins write bodies by hand, and Freshdesk's own one ends in a comma.
        return _loaded(_SPARE_COMMA.sub(lambda found: "" if found[0] == "," else found[0], text))
    except (ValueError, RecursionError):
        xml = "; it looks like XML, which is not read" if text.lstrip().startswith("<") else ""
        raise Unreadable(f"the body is not JSON: {reason}"[:300] + xml) from None


def _loaded(text: str) -> Any:
    # Placeholders put line breaks into texts as they are.
    return json.loads(text, parse_int=_whole, parse_constant=lambda _: None, strict=False)


def _whole(digits: str) -> int | str:
    return int(digits) if len(digits) <= _LONGEST_NUMBER else digits


def _form(text: str) -> dict[str, str]:
    try:
        return dict(parse_qsl(text, keep_blank_values=True, max_num_fields=_MOST_FIELDS))
    except ValueError:
        raise Unreadable(f"the form has more than {_MOST_FIELDS} fields") from None
