"""Renders the customer's page."""

import secrets
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from types import ModuleType
from typing import Any

from starlette.responses import HTMLResponse

from activities.adapters.templates import locale_of, say_instant, say_money
from escalation.customer_page import Doing, Page
from starter.http.customer.acting import FILES, LONGEST, LONGEST_NAME, LONGEST_PART, LONGEST_URL, File, Form
from starter.http.pages.page import LANGUAGES, Pages

_PAGES = Pages(Path(__file__).parent / "templates")
FIRST = (Doing.ANSWER, Doing.CHOOSE, Doing.CONFIRM, Doing.OBJECT, Doing.RATE)
"""What is shown open; the rest is behind a heading that opens."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A page, and how the reader came to it."""

    page: Page
    here: str
    language: str  # one of `LANGUAGES`
    done: Doing | None = None
    problem: str = ""  # why what they sent was not done; empty for nothing
    sent: Doing | None = None
    form: Form = field(default_factory=Form)
    rate: int = 0  # the score that is chosen already; 0 for none


def case_page(shown: Shown, status: int = 200) -> HTMLResponse:
    """The page of a link that works."""
    page, sent = shown.page, shown.sent
    locale = (
        locale_of(page.language, shown.language)
        if page.language[:2] == shown.language
        else locale_of("", shown.language)
    )

    def instant(at: datetime) -> str:
        return say_instant(at, page.zone, locale)

    def money(amount: str | int, currency: str = "") -> str:
        return say_money(amount, currency or page.currency, locale)

    can = tuple(one for one in Doing if one in page.can or one is sent)
    first = tuple(one for one in can if one in FIRST)
    empty = File(name="", url="")
    return _PAGES.page(
        "page.html",
        status,
        language=shown.language,
        switch=False,
        languages=LANGUAGES if Doing.LANGUAGE in page.can else {},
        page=page,
        instant=instant,
        money=money,
        can=can,
        opened={one for one in can if one is sent} | set(first or (Doing.WRITE,)),
        done=shown.done,
        problem=shown.problem,
        sent=sent,
        form=shown.form,
        files=(*shown.form.files, *([empty] * FILES))[:FILES],
        rate=shown.form.score or shown.rate,
        form_id=secrets.token_urlsafe(12),
        here=shown.here,
        longest={"text": LONGEST, "part": LONGEST_PART, "name": LONGEST_NAME, "url": LONGEST_URL},
    )


def plain_page(problem: str, status: int, language: str) -> HTMLResponse:
    """A page that shows no case, and does not say whether there is one."""
    return _PAGES.page("plain.html", status, language=language, problem=problem)


def words_in(language: str) -> Any:
    """Return the words that the customer says by pressing a button."""
    module: ModuleType | Any = _PAGES.environment.get_template(f"{language}.html").module
    return module.spoken
