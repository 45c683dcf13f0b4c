"""Reads text that is almost JSON: `{status:{from:4,to:6}}`, as Freshdesk writes what triggered a rule."""

import re
from typing import Any

_TOKEN = re.compile(r"""[{}:,]|"[^"]{0,200}"|'[^']{0,200}'|[^{}:,"'\s]+(?: +[^{}:,"'\s]+)*""")
# Tokens that are read.
_MOST = 500
_DEEPEST = 8


def loose(text: str) -> dict[str, Any]:
    """The keys and words of a text in braces; empty for any other text. A word may have blanks in it."""
    tokens = [found[0] for found, _ in zip(_TOKEN.finditer(text[:10_000]), range(_MOST), strict=False)]
    whole: dict[str, Any] = {}
    if tokens[:1] != ["{"]:
        return whole
    within, key = [whole], ""
    for token, following in zip(tokens[1:], [*tokens[2:], ""], strict=True):
        match token:
            case "{" if key and len(within) < _DEEPEST:
                within.append(within[-1].setdefault(key, {}) if not isinstance(within[-1].get(key), str) else {})
                key = ""
            case "}" if len(within) > 1:
                within.pop()
                key = ""
            case ",":
                key = ""
            case "{" | "}" | ":":
                pass
            case _ if following == ":" and not key:
                key = token.strip("\"'")
            case "null":
                pass
            case _:
                if key:
                    within[-1].setdefault(key, token.strip("\"'"))
    return whole
