"""The pages behind links: server-rendered, without scripts, and with nothing in them that leads elsewhere."""

import base64
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.responses import HTMLResponse

from activities.ports.directory import Person
from escalation.lifecycle.asking import Act, Ask, Fate, Subject
from escalation.lifecycle.view import CaseView
from starter.http.actions.acting import LONGEST, NEEDS_TEXT, Form

LANGUAGES = ("en", "de")

STYLE = (
    "*{box-sizing:border-box}body{margin:0;font:1rem/1.5 system-ui,Arial,sans-serif;color:#1b1b1b;background:#fff}"
    "main{max-width:40rem;margin:0 auto;padding:1rem;overflow-wrap:anywhere}h1{font-size:1.3rem;line-height:1.3}"
    "h2{font-size:1.1rem}dl{margin:1rem 0;display:grid;grid-template-columns:minmax(7rem,auto) 1fr;gap:.3rem 1rem}"
    "dt{color:#4a4a4a}dd{margin:0;white-space:pre-line}fieldset{border:1px solid #767676;border-radius:.4rem;"
    "margin:0 0 1rem;padding:.5rem 1rem 1rem;min-width:0}legend{font-weight:bold;padding:0 .3rem}label{display:block;"
    "margin:.5rem 0 .2rem}textarea{width:100%;font:inherit;padding:.5rem;border:1px solid #767676;border-radius:.3rem}"
    ".tick{margin:.7rem 0}.tick input{width:1.2rem;height:1.2rem;vertical-align:middle}"
    "button{font:inherit;font-weight:bold;width:100%;min-height:3rem;margin-top:.7rem;border-radius:.3rem;"
    "border:2px solid #0b57d0}.first{background:#0b57d0;color:#fff}.other{background:#fff;color:#0b57d0}"
    "a:focus,button:focus,textarea:focus,input:focus{outline:3px solid #b35900;outline-offset:2px}"
    ".problem{border-left:.4rem solid #b3261e;padding:.5rem 1rem;background:#fdeceb}"
    ".done{border-left:.4rem solid #1e6b34;padding:.5rem 1rem;background:#eaf5ec}.who{color:#4a4a4a;font-size:.9rem}"
    "@media(max-width:24rem){dl{grid-template-columns:1fr;gap:0}dd{margin-bottom:.5rem}}"
)
_STYLE_HASH = base64.b64encode(sha256(STYLE.encode()).digest()).decode()

HEADERS: Mapping[str, str] = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": (
        f"default-src 'none'; style-src 'sha256-{_STYLE_HASH}'; form-action 'self'; base-uri 'none'; "
        "frame-ancestors 'none'"
    ),
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "X-Robots-Tag": "noindex, nofollow",
}
"""Of every answer: a link in an address bar must not travel, be indexed, cached or framed."""

_ENVIRONMENT = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """Why what was sent was not done.

    Attributes:
        name: Which text of the templates says it.
        marked: Words that it is about.
    """

    name: str
    marked: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """What a page shows of a case to the person whom its link is for.

    Attributes:
        names: Names of people, by id.
        here: What leads from this page's address to the one of an act.
        acts: What is possible, the one that was chosen first.
        used_for: What was done by the link; empty for nothing.
        form: What was sent, when it is shown again.
        sent: Which act that was for; None for none.
        asks_packet: Whether the hand-off packet has to be confirmed.
    """

    view: CaseView
    ask: Ask
    reader: Person
    names: Mapping[str, str]
    here: str
    fate: Fate
    acts: tuple[Act, ...] = ()
    used_for: str = ""
    problem: Problem = Problem(name="")
    form: Form = field(default_factory=Form)
    sent: Act | None = None
    asks_packet: bool = False


def case_page(shown: Shown, status: int = 200) -> HTMLResponse:
    """The page of a link that works."""
    language = language_of((shown.reader.language, *shown.reader.languages))
    case = {
        "ticket": shown.view.ticket,
        "summary": shown.view.summary or shown.view.ticket,
        "facts": [*_facts(shown)],
        "reader": shown.reader.name or shown.reader.id,
    }
    return _page(
        status,
        language=language,
        case=case,
        forms=[_form(act, shown) for act in shown.acts],
        fate=shown.fate.value,
        stage=shown.view.stage.value,
        used_for=shown.used_for,
        problem=shown.problem.name,
        marked=shown.problem.marked,
        here=shown.here,
    )


def plain_page(problem: str, status: int, accept_language: str) -> HTMLResponse:
    """A page that shows no case."""
    languages = [part.partition(";")[0].strip() for part in accept_language.split(",")]
    return _page(status, language=language_of(languages), case=None, problem=problem)


def language_of(tags: Iterable[str]) -> str:
    """The first of these languages that pages are written in."""
    found = (tag.replace("_", "-").partition("-")[0].lower() for tag in tags)
    return next((language for language in found if language in LANGUAGES), LANGUAGES[0])


def _page(status: int, **values: Any) -> HTMLResponse:
    html = _ENVIRONMENT.get_template("page.html").render(style=STYLE, **values)
    return HTMLResponse(html.encode("utf-8", "replace"), status, headers=dict(HEADERS))


def _form(act: Act, shown: Shown) -> dict[str, Any]:
    was_sent = act is shown.sent
    return {
        "act": act.value,
        "longest": LONGEST.get(act, 0),
        "needs_text": act in NEEDS_TEXT,
        "text": shown.form.text if was_sent else "",
        "tell_customer": was_sent and shown.form.tell_customer,
        "packet": act is Act.ACKNOWLEDGE and (shown.ask.confirms or shown.asks_packet),
        "anyway": was_sent and shown.problem.name == "wording",
    }


def _facts(shown: Shown) -> Iterable[tuple[str, Any]]:
    view, ask = shown.view, shown.ask

    def name(person: str) -> str:
        return shown.names.get(person, person)

    yield "ticket", view.ticket
    yield "severity", view.severity.value
    yield "customer", view.customer.name
    if shown.acts and ask.subject is Subject.CONSULT and view.consult is not None:
        yield "by", name(view.consult.by)
        yield "question", view.consult.question
    if shown.acts and ask.subject is Subject.APPROVAL and view.approval is not None:
        asked = view.approval
        yield "by", name(asked.by)
        yield "request", {"kind": asked.what.value, "amount": asked.amount}
        yield "why", asked.why
    for action in view.actions:
        if ask.subject is Subject.ACTION and action.number == ask.number:
            yield "action", action.what
    yield "stage", view.stage.value
    yield "owner", name(view.owner)
    if view.offered_to and not view.owner:
        yield "asked", name(view.offered_to)
