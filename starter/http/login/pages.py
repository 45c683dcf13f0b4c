"""The pages of the login, and those that say why there is no page."""

from pathlib import Path

from fastapi import Request
from starlette.responses import HTMLResponse

from starter.http.pages.page import Pages, language_for
from starter.http.pages.words import words_in

_HERE = Path(__file__).parent
_PAGES = Pages(_HERE / "templates")
_WORDS = words_in(_HERE / "words")


def login_page(request: Request, status: int = 200, *, wanted: str, problem: str = "") -> HTMLResponse:
    """The form for a key.

    Args:
        request: The request it answers.
        status: Of the answer.
        wanted: Where the login leads.
        problem: Why the last attempt failed; empty for none.
    """
    language = language_for(request)
    return _PAGES.page("login.html", status, language=language, t=_WORDS[language], wanted=wanted, problem=problem)


def link_page(request: Request, name: str) -> HTMLResponse:
    """Asks whether to log in by a link; mail scanners open links before people do."""
    language = language_for(request)
    return _PAGES.page("link.html", language=language, t=_WORDS[language], name=name)


def plain_page(request: Request, said: str, status: int, *, again: bool = False) -> HTMLResponse:
    """A page that says one thing.

    Args:
        request: The request it answers.
        status: Of the answer.
        said: Name of its words.
        again: Whether it loads the same address once more, now from here.
    """
    language, here = language_for(request), request.url.path + (f"?{request.url.query}" if request.url.query else "")
    words = _WORDS[language]
    return _PAGES.page(
        "plain.html",
        status,
        language=language,
        switch=False,
        t=words,
        said=words["said"][said],
        again=here if again else "",
    )
