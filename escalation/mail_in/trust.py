"""Whether our mail server has confirmed the sender of a mail (RFC 8601)."""

import re
from collections.abc import Sequence

_RESULT = re.compile(r"\b(dmarc|spf|dkim)\s*=\s*([a-z]+)", re.IGNORECASE)
_FAILED = frozenset({"fail", "softfail", "permerror", "none", "policy"})


def is_believed(authentication: Sequence[str], trusted: str) -> bool:
    """Whether nothing speaks against the sender.

    Args:
        authentication: Values of `Authentication-Results`, the latest first.
        trusted: The name under which our server writes it; empty for none: then nothing is known.
    """
    if not trusted:
        return True
    ours = next((one for one in authentication if _author_of(one) == trusted.lower()), "")
    results = {name.lower(): found.lower() for name, found in reversed(_RESULT.findall(ours))}
    if "dmarc" in results and results["dmarc"] not in ("none", "temperror"):
        return results["dmarc"] not in _FAILED
    if not {"spf", "dkim"} & results.keys():
        return True
    return any(results.get(name, "none") not in _FAILED for name in ("spf", "dkim"))


def _author_of(value: str) -> str:
    return value.partition(";")[0].strip().partition(" ")[0].lower()
