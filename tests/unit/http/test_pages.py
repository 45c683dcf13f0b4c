"""Pages behind links: both languages have the same texts, for everything that can happen."""

import base64
import json
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from jinja2 import Environment, FileSystemLoader
from markupsafe import Markup
from starlette.requests import Request

from activities.ports.directory import Person
from escalation.case.commands import Command
from escalation.lifecycle.asking import READ, Act, Ask, Fate, Subject, found
from escalation.lifecycle.viewing import view_of
from escalation.program_texts import ProgramText
from escalation.vocabulary import ApprovalKind, Stage
from starter.http.actions import pages
from starter.http.actions.acting import LONGEST
from starter.http.actions.pages import Shown, case_page
from starter.http.pages.page import LANGUAGES, Pages, is_from_elsewhere, language_of
from tests.unit.domain.case import Case
from tests.unit.domain.stages import CANCEL, RESOLVE

TEMPLATES = Path(pages.__file__).parent / "templates"


def texts(language: str) -> Mapping[str, Any]:
    environment = Environment(loader=FileSystemLoader(TEMPLATES), autoescape=True)
    module = environment.get_template(f"{language}.html").module
    return {name: getattr(module, name) for name in dir(module) if not name.startswith("_")}


def test_what_a_page_shows_neither_turns_nor_hides_the_text_around_it() -> None:
    page = Pages(TEMPLATES).environment.from_string("{{ said }} {{ whole }} {{ count }}")
    said = "a\u202eb\x1b[2J\u200bc\r\nd<\N{ZERO WIDTH JOINER}"
    shown = page.render(language="en", said=said, whole=Markup("<b>{}</b>").format(said), count=3)
    assert shown == "ab[2Jc\nd&lt;\N{ZERO WIDTH JOINER} <b>ab[2Jc\nd&lt;\N{ZERO WIDTH JOINER}</b> 3"


@pytest.mark.parametrize("language", LANGUAGES)
def test_there_is_a_text_for_everything_that_can_happen(language: str) -> None:
    said = texts(language)
    for name in ("buttons", "asks", "did"):
        assert set(said[name]) == set(Act), name
    assert set(said["texts"]) == set(LONGEST)
    assert set(said["became"]) == set(Fate)
    assert set(said["stages"]) == set(Stage)
    assert set(said["words"]) >= {*ApprovalKind, *(f"{kind}s" for kind in ApprovalKind)}
    assert '""' not in json.dumps(said)


def test_both_languages_have_the_same_texts() -> None:
    english, german = texts("en"), texts("de")
    assert {name: set(value) for name, value in english.items()} == {name: set(value) for name, value in german.items()}


def test_a_reader_gets_the_first_language_that_there_is() -> None:
    assert [language_of(tags) for tags in (["fr", "de-AT"], ["en_US"], [], ["", "xx"])] == ["de", "en", "en", "en"]


def test_what_the_program_wrote_into_a_case_is_in_the_language_of_the_page(tmp_path: Path) -> None:
    (tmp_path / "p.html").write_text(
        "{% macro row(one) %}<p>{{ one }}</p>{% endmacro %}{{ row(text) }}{{ 1 }}{{ none }}"
    )
    text = f"<b>\n\n{ProgramText.ASIDE_ATTACHED.say(files='a.pdf')}"
    page = Pages(tmp_path).page("p.html", language="de", text=text).body
    assert bytes(page).decode() == "<p>&lt;b&gt;\n\n[Im Anhang: a.pdf]</p>1None"


@pytest.mark.parametrize(("end", "said"), [(RESOLVE, "Dieser Fall ist gelöst."), (CANCEL, "Dieser Fall ist beendet.")])
def test_the_page_of_a_case_that_needs_nothing_more_says_what_became_of_it(end: Command, said: str) -> None:
    case = Case.working()
    case.do(end)
    view = view_of(case.state, case.policy)
    owner = Ask(subject=Subject.CASE, acts=(Act.REPLY, Act.NOTE))
    fate = found(owner, "ana", view, [one for one in case.events if one.kind in READ]).fate
    reader = Person(id="ana", name="Ana", address="", language="de")
    page = bytes(case_page(Shown(view=view, ask=owner, reader=reader, names={}, here="./", fate=fate)).body).decode()
    assert f'role="status">{said} Auf dieser Seite ist nichts mehr zu tun.</p>' in page
    assert "abgeschlossen" not in page


def test_a_reader_changes_the_language_of_a_page_and_its_forms_keep_it() -> None:
    case = Case.working()
    view, ask = view_of(case.state, case.policy), Ask(subject=Subject.CASE, acts=(Act.NOTE,))
    shown = Shown(
        view=view,
        ask=ask,
        reader=Person(id="ana", name="Ana", address="", language="en"),
        names={},
        here="",
        fate=Fate.OPEN,
        acts=(Act.NOTE,),
        chosen_language="de",
    )
    page = bytes(case_page(shown).body).decode()
    assert '<html lang="de">' in page
    assert '<a href="?lang=en" hreflang="en" lang="en">English</a>' in page
    assert 'formnovalidate name="lang" value="en" lang="en">English</button>' in page, "with what was typed"
    assert 'action="note?lang=de"' in page


def test_a_page_runs_the_style_and_the_script_that_its_headers_allow_and_nothing_else(tmp_path: Path) -> None:
    (tmp_path / "one.html").write_text('{% extends "layout.html" %}{% block main %}{{ said }}{% endblock %}')
    script = "document.title = '<&>'"
    answer = Pages(tmp_path, script=script).page("one.html", language="en", said="<script>alert(1)</script>")
    page, policy = bytes(answer.body).decode(), answer.headers["content-security-policy"]
    for inline in (page.partition("<style>")[2].partition("</style>")[0], script):
        assert f"'sha256-{base64.b64encode(sha256(inline.encode()).digest()).decode()}'" in policy
    assert f"<script>{script}</script>" in page
    assert page.count("<script>") == 1
    assert "unsafe" not in policy


@pytest.mark.parametrize(
    ("headers", "is_so"),
    [
        ({}, False),
        ({"sec-fetch-site": "same-origin", "origin": "null"}, False),
        ({"sec-fetch-site": "none"}, False),
        ({"sec-fetch-site": "cross-site"}, True),
        ({"sec-fetch-site": "same-site"}, True),
        ({"origin": "https://cases.example.com", "host": "cases.example.com"}, False),
        ({"origin": "https://evil.example", "host": "cases.example.com"}, True),
        ({"origin": "null", "host": "cases.example.com"}, False),
    ],
)
def test_a_form_that_another_site_sent_is_known_by_its_headers(headers: dict[str, str], is_so: bool) -> None:
    scope = {"type": "http", "headers": [(name.encode(), value.encode()) for name, value in headers.items()]}
    assert is_from_elsewhere(Request(scope)) is is_so
