"""The customer's page as it is rendered: whole in both languages, and without anything of the team's."""

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

import lxml.html
import pytest

from escalation.case.commands import AnswerSurvey, Choose, Correct, RecordCustomerReply, Reopen
from escalation.customer_page import Became, Doing, Now, Told
from escalation.vocabulary import CUSTOMER, ApprovalKind, CancelCause, Outcome, Reading, Withdrawable
from starter.http.customer.acting import File, Form, command_of, form_in, problem_in
from starter.http.customer.pages import _PAGES, Shown, case_page, plain_page, words_in
from starter.http.pages.page import LANGUAGES
from tests.unit.domain.planted import INTERNAL, Planted, Seen

WORDS = {"confirm": "It works.", "in_charge": "A person in charge, please."}


def html(seen: Seen, language: str, **more: Any) -> str:
    shown = Shown(page=seen.page, here="t/", language=language, **more)
    return bytes(case_page(shown).body).decode()


def texts(language: str) -> Mapping[str, Any]:
    module = _PAGES.environment.get_template(f"{language}.html").module
    return {name: getattr(module, name) for name in dir(module) if not name.startswith("_")}


@pytest.fixture(scope="module", params=sorted(LANGUAGES))
def language(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def moments(language: str) -> list[Seen]:
    return [*Planted(language).moments(), Planted(language).cancelled()]


def test_no_page_has_anything_of_the_teams_in_any_state(moments: list[Seen], language: str) -> None:
    for seen in moments:
        for sent in (None, *Doing):
            page = html(seen, language, sent=sent, problem="refused" if sent else "")
            read = re.sub(r"<style>.*?</style>|class=\"[^\"]*\"|name=\"[^\"]*\"", "", page, flags=re.DOTALL)
            assert [secret for secret in INTERNAL if secret in read] == [], (seen.name, sent)


def test_every_page_has_one_heading_labels_and_its_own_ids(moments: list[Seen], language: str) -> None:
    for seen in moments:
        page = lxml.html.fromstring(html(seen, language))
        assert page.get("lang") == language
        assert len(page.findall(".//h1")) == 1
        ids = [one.get("id") for one in page.iterfind(".//*[@id]")]
        assert len(ids) == len(set(ids)), seen.name
        labelled = {one.get("for") for one in page.iterfind(".//label[@for]")}
        fields = page.xpath(".//textarea|.//input[not(@type='hidden') and not(@type='radio')]")
        assert {one.get("id") for one in fields} == labelled, seen.name
        forms = [f"t/{doing}" for doing in seen.page.can if doing is not Doing.LANGUAGE]
        switch = ["t/language"] if Doing.LANGUAGE in seen.page.can else []
        assert [one.get("action") for one in page.iterfind(".//form")] == [*switch, *forms]
        assert [one.get("formaction") for one in page.iterfind(".//button[@formaction]")] == switch * len(forms)


def test_both_languages_have_a_text_for_everything(language: str) -> None:
    said = texts(language)
    assert set(said["headings"]) == set(said["explained"]) == set(Now)
    for name in ("titles", "asks", "buttons", "done"):
        assert set(said[name]) == set(Doing), name
    assert set(said["became"]) == set(Became)
    assert set(said["withdrawn"]) == set(Withdrawable)
    assert set(said["causes"]) == set(CancelCause)
    assert set(said["approvals"]) == set(ApprovalKind)
    assert set(said["outcomes"]) == set(Outcome) - {Outcome.NO_REPLY}
    other = texts("en")
    assert {name: set(value) for name, value in said.items() if isinstance(value, dict)} == {
        name: set(value) for name, value in other.items() if isinstance(value, dict)
    }


def test_every_kind_of_entry_is_a_sentence(moments: list[Seen], language: str) -> None:
    sample = next(one for one in moments[-2].page.story if one.told is Told.PROMISED)
    for told in Told:
        entry = replace(
            sample, told=told, approval=ApprovalKind.REFUND, outcome=Outcome.SOLVED, score=4, text="text",
            withdrawn=Withdrawable.PROMISE, cause=CancelCause.WITHDRAWN,
        )  # fmt: skip
        line = str(texts(language)["line"](entry, str, str)).strip()
        assert re.search(r"[.:]$|: text$", line), told


def test_what_was_typed_is_kept_and_what_is_wrong_is_said_at_the_field(moments: list[Seen]) -> None:
    asked = next(one for one in moments if one.name == "asked")
    files = (File(name="a photo", url="ftp://x"),)
    page = html(
        asked,
        "en",
        sent=Doing.ANSWER,
        problem="file",
        form=Form(text="My <answer>", parts=("12", ""), files=files),
    )
    assert "My &lt;answer&gt;" in page
    assert ">\n12</textarea>" in page
    assert 'value="ftp://x"' in page
    assert 'role="alert" id="problem"' in page


def test_a_star_of_the_mail_is_chosen_already_and_only_the_button_sends_it(moments: list[Seen]) -> None:
    surveyed = next(one for one in moments if one.name == "surveyed")
    page = html(surveyed, "en", rate=4)
    assert page.count(" checked") == 1
    assert 'value="4" required checked' in page


@pytest.mark.parametrize("problem", ["gone", "slow", "later", "long", "foreign"])
def test_a_page_without_a_case_says_so_kindly(problem: str, language: str) -> None:
    page = bytes(plain_page(problem, 404, language).body).decode()
    assert f'lang="{language}"' in page
    assert "<form" not in page


def test_each_form_is_one_command_of_the_customer() -> None:
    def sent(doing: Doing, **fields: Any) -> Any:
        return command_of(doing, Form(**fields), ("Which number?", "Which day?"), WORDS)

    answer = sent(Doing.ANSWER, text="More", parts=("12", ""), files=(File(name="", url="https://example.com/a"),))
    text = "Which number?\n12\n\nMore\n\nFile: https://example.com/a"
    assert answer == RecordCustomerReply(text=text, as_=Reading.ANSWER)
    assert sent(Doing.CHOOSE, option="b") == Choose(option="b")
    assert sent(Doing.CONFIRM) == RecordCustomerReply(text="It works.", as_=Reading.CONFIRMATION)
    assert sent(Doing.CONFIRM, text="It is still broken") == RecordCustomerReply(text="It is still broken")
    assert sent(Doing.OBJECT, text="Broken") == Reopen(by=CUSTOMER, why="Broken")
    assert sent(Doing.RATE, score=2, text="Slow") == AnswerSurvey(score=2, comment="Slow")
    assert sent(Doing.WRITE, text="Hello") == RecordCustomerReply(text="Hello")
    assert sent(Doing.IN_CHARGE) == RecordCustomerReply(text=WORDS["in_charge"], for_superior=True)
    assert sent(Doing.LANGUAGE, language="de") == Correct(by=CUSTOMER, language="de")
    assert set(words_in("de")) == set(WORDS)


@pytest.mark.parametrize(
    ("doing", "fields", "problem"),
    [
        (Doing.ANSWER, {"text": " \r\n "}, "empty"),
        (Doing.ANSWER, {"part": "12"}, ""),
        (Doing.WRITE, {"text": "x" * 20_001}, "long"),
        (Doing.OBJECT, {}, "empty"),
        (Doing.CHOOSE, {}, "no_option"),
        (Doing.RATE, {"score": "6"}, "no_score"),
        (Doing.RATE, {"score": "12"}, "no_score"),
        (Doing.RATE, {"score": "5"}, ""),
        (Doing.CONFIRM, {}, ""),
        (Doing.WRITE, {"text": "x", "url-0": "javascript:alert(1)"}, "file"),
        (Doing.WRITE, {"text": "x", "name-0": "a photo"}, "file"),
        (Doing.WRITE, {"text": "x", "url-0": "https://[bad"}, "file"),
        (Doing.WRITE, {"text": "x", "name-2": "a", "url-2": "https://example.com/a?b=c"}, ""),
    ],
)
def test_what_is_wrong_with_a_form_is_found_before_it_is_sent(
    doing: Doing, fields: dict[str, str], problem: str
) -> None:
    assert problem_in(doing, form_in(urlencode(fields).encode())) == problem


def test_the_same_form_has_the_same_id_and_a_made_up_one_is_read_without_harm() -> None:
    assert form_in(b"form=abcdefgh&text=x").id == "abcdefgh"
    assert form_in(b"form=../../x&text=x").id == form_in(b"form=../../x&text=x").id
    assert form_in(b"form=..&text=x").id != form_in(b"form=..&text=y").id
    for raw in (b"\xff\x00%ff%00", b"&".join(b"a=1" for _ in range(100)), b"score=%C2%B2"):
        assert form_in(raw).text == ""
