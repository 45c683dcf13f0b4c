"""What browsers send with a form."""

from urllib.parse import parse_qs

from fastapi import Request

from starter.http.bodies import InvalidBody, raw_body

MOST_FIELDS = 200


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
