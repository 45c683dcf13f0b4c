"""Reads forms that browsers send."""

from collections.abc import Mapping
from urllib.parse import parse_qs

from fastapi import Request

from starter.http.bodies import InvalidBody, raw_body

MOST_FIELDS = 200
MOST_BYTES = 3_000_000
"""Bytes of a form: a long text of 400,000 characters of four bytes, as browsers write them, is about this much."""
# Fields that the page filled in, not a person.
_OURS = frozenset({"token", "id"})
# Characters of a value that may be the name of a choice.
_LONGEST_WORD = 20


async def form_of(request: Request, most_bytes: int) -> dict[str, list[str]]:
    """The fields of a form.

    Raises:
        InvalidBody: It is too long, has too many fields, or did not come in time.
    """
    raw = await raw_body(request)
    if len(raw) > most_bytes:
        raise InvalidBody(413, [f"a form has at most {most_bytes:,} bytes"])
    try:
        return parse_qs(raw.decode("utf-8", "replace"), keep_blank_values=True, max_num_fields=MOST_FIELDS)
    except ValueError:
        raise InvalidBody(413, ["the form has too many fields"]) from None


def written_in(sent: Mapping[str, list[str]]) -> list[str]:
    """Return the texts that a person wrote, without what they only chose."""
    texts = (text.strip() for name, values in sent.items() if name not in _OURS for text in values)
    return [text for text in texts if " " in text or len(text) > _LONGEST_WORD]
