"""Stores values of the domain in `jsonb` columns."""

import re

from escalation.case.codec import to_json

REPLACEMENT = "\ufffd"  # stands for the one character that PostgreSQL cannot keep: U+0000

_ZERO = re.compile(r"(?<!\\)((?:\\\\)*)\\u0000")


def json_text(value: object) -> str:
    """The JSON of a value, in a form that PostgreSQL takes whatever a customer wrote."""
    return _ZERO.sub(lambda match: match[1] + REPLACEMENT, to_json(value))


def plain_text(text: str) -> str:
    """The text, in a form that PostgreSQL takes whatever a mail server answered."""
    return text.replace("\x00", REPLACEMENT)
