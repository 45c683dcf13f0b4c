"""The pages of the login, and those that say why there is no page."""

from collections.abc import Sequence
from pathlib import Path
from urllib.parse import quote, urlencode

from fastapi import Request
from starlette.responses import HTMLResponse

from starter.http.pages.page import Pages, language_for, words_in

_HERE = Path(__file__).parent
_PAGES = Pages(_HERE / "templates")
_WORDS = words_in(_HERE / "words")
# Pages for people who are logged in, so that their queue is the way on.
_OF_THE_TEAM = frozenset({"missing", "forbidden", "foreign"})


def login_page(
    request: Request, status: int = 200, *, wanted: str, problem: str = "", left: bool = False, farewell: str = ""
) -> HTMLResponse:
    """The ways to log in: by the identity provider where there is one, and the form for a key.

    Args:
        problem: Why the last attempt failed; empty for none.
        left: Whether the reader has just logged out.
        farewell: Where they log out of the identity provider; empty for nowhere.
    """
    language = language_for(request)
    return _PAGES.page(
        "login.html",
        status,
        language=language,
        keeps=urlencode({"next": wanted}, safe="/"),
        t=_WORDS[language],
        wanted=wanted,
        problem=problem,
        left=left,
        farewell=farewell,
        provider=request.app.state.provider_login is not None,
    )


def failed_page(request: Request, said: str, status: int, *, wanted: str, person: str) -> HTMLResponse:
    """Render why a login by the identity provider failed, perhaps with the person it named, with a way to try again."""
    language = language_for(request)
    return _PAGES.page(
        "failed.html",
        status,
        language=language,
        switch=False,
        t=_WORDS[language],
        said=said,
        wanted=wanted,
        person=person,
    )


def welcome_page(request: Request, wanted: str) -> HTMLResponse:
    """Leads on who has just logged in."""
    language = language_for(request)
    words = _WORDS[language]
    return _PAGES.page(
        "plain.html",
        language=language,
        switch=False,
        t=words,
        said=words["said"]["welcome"],
        to_queue=False,
        again=wanted,
    )


def link_page(request: Request, name: str) -> HTMLResponse:
    """Asks whether to log in by a link; mail scanners open links before people do."""
    language = language_for(request)
    return _PAGES.page("link.html", language=language, t=_WORDS[language], name=name)


def logged_out_page(request: Request, *, written: Sequence[str]) -> HTMLResponse:
    """Says that a form did nothing because its sender is no longer logged in, and keeps what they wrote."""
    language = language_for(request)
    wanted = quote(request.url.path, safe="/")
    words = _WORDS[language]
    # No switch: another address would lose what they wrote.
    return _PAGES.page("logged_out.html", 401, language=language, switch=False, t=words, written=written, wanted=wanted)


def plain_page(request: Request, said: str, status: int, *, again: bool = False) -> HTMLResponse:
    """A page that says one thing, and with `again` loads the same address once more, now from here."""
    language, here = language_for(request), request.url.path + (f"?{request.url.query}" if request.url.query else "")
    words = _WORDS[language]
    return _PAGES.page(
        "plain.html",
        status,
        language=language,
        switch=False,
        t=words,
        said=words["said"][said],
        to_queue=said in _OF_THE_TEAM,
        again=here if again else "",
    )
