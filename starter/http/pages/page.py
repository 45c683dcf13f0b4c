"""The shared parts of all pages: templates, the one stylesheet, headers, languages. They work without scripts."""

import base64
import tomllib
from collections.abc import Iterable, Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

from jinja2 import Environment, FileSystemLoader, StrictUndefined, pass_context
from jinja2.runtime import Context
from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from escalation.plain import only_shown
from escalation.program_texts import in_language
from starter.http.bodies import InvalidBody, raw_body

LANGUAGES: Mapping[str, str] = {"en": "English", "de": "Deutsch"}
"""What pages are written in, and what each is called in itself; the first is for readers of others."""

_SHARED = Path(__file__).parent
LIVE = (_SHARED / "live.js").read_text(encoding="utf-8")  # a script that keeps the time that is left up to date
_STYLE = (_SHARED / "style.css").read_text(encoding="utf-8")


def headers_with(script: str = "") -> Mapping[str, str]:
    """Headers of a page: an address with a secret must not travel, be indexed, cached or framed.

    Args:
        script: The one script that the page has inline; empty for none.
    """
    allowed = f"script-src {_hash_of(script)}; connect-src 'self'; " if script else ""
    return {
        "Cache-Control": "no-store",
        "Content-Security-Policy": (
            f"default-src 'none'; style-src {_hash_of(_STYLE)}; img-src 'self'; {allowed}form-action 'self'; "
            "base-uri 'none'; frame-ancestors 'none'"
        ),
        "Referrer-Policy": "no-referrer",
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
        "X-Robots-Tag": "noindex, nofollow",
    }


def _hash_of(text: str) -> str:
    return f"'sha256-{base64.b64encode(sha256(text.encode()).digest()).decode()}'"


HEADERS = headers_with()  # those of a page without a script, and of redirects


@pass_context
def _in_their_language(context: Context, value: Any) -> Any:
    # What a page shows: what the program wrote in the reader's words, and nothing that turns the text around it.
    if isinstance(value, Markup):
        return Markup(only_shown(value))  # noqa: S704 (it was escaped before)
    if not isinstance(value, str):
        return value
    return only_shown(in_language(value, context.get("language", "")))


class Pages:
    """Renders the pages of one package.

    Args:
        templates: Its folder; its templates begin with `{% extends "layout.html" %}`.
        script: Text of the script that its pages have inline, with nothing that they need to work; empty for none.
        wide: Whether its pages use the width of a desk.
    """

    def __init__(self, templates: Path, *, script: str = "", wide: bool = False) -> None:
        self.environment = Environment(
            loader=FileSystemLoader([templates, _SHARED / "templates"]),
            autoescape=True,
            undefined=StrictUndefined,
            finalize=_in_their_language,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        # The style and the script are files of ours; escaped, they would not be what their hashes allow.
        self.environment.globals |= {"style": Markup(_STYLE), "script": Markup(script), "wide": wide}  # noqa: S704
        self._headers = headers_with(script)

    def page(
        self, template: str, status: int = 200, *, language: str, switch: bool = True, keeps: str = "", **values: Any
    ) -> HTMLResponse:
        """A page.

        Args:
            language: One of `LANGUAGES`.
            switch: Whether the page leads to itself in the other languages, by `?lang=de`.
            keeps: What else that address has to have, such as `next=/agent`.
        """
        languages = tuple(LANGUAGES.items()) if switch else ()
        text = self.environment.get_template(template).render(
            language=language, switch=languages, keeps=keeps, **values
        )
        return HTMLResponse(text.encode("utf-8", "replace"), status, headers=dict(self._headers))


def to_repeat(answer: Response, seconds: float) -> Response:
    """The answer, with the seconds after which to try again; 0 names none."""
    if seconds:
        answer.headers["Retry-After"] = str(max(1, round(seconds)))
    return answer


def language_of(tags: Iterable[str]) -> str:
    """The first of these languages that pages are written in; English where there is none."""
    found = (tag.replace("_", "-").partition("-")[0].lower() for tag in tags)
    return next((language for language in found if language in LANGUAGES), next(iter(LANGUAGES)))


def language_for(request: Request, *known: str) -> str:
    """The language of a page: the one chosen by the switch, else what is known of the reader, else the browser's.

    Args:
        known: Languages the reader is known to read, the best first; empty ones are passed over.
    """
    accepted = request.headers.get("accept-language", "").split(",")
    wanted = (request.query_params.get("lang", ""), *known, *(part.partition(";")[0].strip() for part in accepted))
    return language_of(wanted)


def is_from_elsewhere(request: Request) -> bool:
    """Whether another site sent a form, as far as the browser says.

    Our pages send no referrer, so browsers that know no `Sec-Fetch-Site` write the origin `null` for our own forms: a page
    that a cookie opens needs another proof as well.
    """
    site = request.headers.get("sec-fetch-site", "")
    if site:
        return site not in ("same-origin", "none")
    origin = request.headers.get("origin", "")
    return origin not in ("", "null") and origin.partition("//")[2] != request.headers.get("host", "")


Words = Mapping[str, Any]


def words_in(folder: Path) -> Mapping[str, Words]:
    """The words of a folder's files, such as `de.toml`, by language."""
    return {tag: tomllib.loads((folder / f"{tag}.toml").read_text(encoding="utf-8")) for tag in LANGUAGES}


MOST_FIELDS = 200
MOST_FORM_BYTES = 3_000_000
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
