"""Whatever a text holds, the format that shows it holds only what the program wrote."""

import io
import json
import logging
import re
import unicodedata
from datetime import UTC, datetime

import pytest
import structlog
from hypothesis import example, given
from hypothesis import strategies as st
from rich.table import Table

from escalation.plain import ascii_json, escaped_in_json, markdown, one_line, only_shown, without_controls
from runtime.log_setup import configure_logging
from runtime.settings import LogFormat, Settings
from starter.cli.output import Output, cell

ESC = "\x1b"
NASTY = (
    f"{ESC}[2J{ESC}[H",
    f"{ESC}]0;title\x07",
    "\x9b31m",
    "ok\rbad input: none",
    "a\u202egnp.exe",
    "[red]x[/red]",
    "[link=https://evil.example]click[/link]",
    ":smile:",
    "a\nb",
    "a\u2028b",
    "\udc80",
    "\x00",
    "\U000e0041",
)
TEXTS = st.one_of(st.text(), st.sampled_from(NASTY), st.lists(st.sampled_from(NASTY)).map("".join))
JOINERS = {"\u200c", "\u200d"}


def controls(text: str) -> set[str]:
    hidden = {character for character in text if unicodedata.category(character) in {"Cc", "Cf", "Cs", "Zl", "Zp"}}
    return hidden - JOINERS


@pytest.mark.fuzz
@given(TEXTS)
def test_one_line_holds_no_control_character_and_no_line_break(text: str) -> None:
    assert not controls(one_line(text))


@pytest.mark.fuzz
@given(TEXTS)
def test_what_stands_in_for_a_control_character_takes_one_place(text: str) -> None:
    assert len(without_controls(text)) == len(text)
    assert not controls(without_controls(text))


def test_what_people_write_stays_as_it_is() -> None:
    for text in ("Grüße", "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645", "👩\u200d💻", "Ελλάς", "我的律师"):
        assert one_line(text) == text


@pytest.mark.parametrize("text", ["\x7f", "rub out\x7f\x7f", "Grüße\x7f"])
def test_a_delete_character_is_escaped_in_json_too(text: str) -> None:
    for write in (escaped_in_json, ascii_json):
        document = write(json.dumps({"text": text}, ensure_ascii=False, indent=1))
        assert json.loads(document) == {"text": text}
        assert not controls(document) - {"\n"}


@pytest.mark.fuzz
@given(TEXTS.filter(lambda text: not any("\ud800" <= each <= "\udfff" for each in text)))
def test_json_means_the_same_and_holds_no_control_character(text: str) -> None:
    document = escaped_in_json(json.dumps({"text": text}, ensure_ascii=False))
    assert json.loads(document) == {"text": text}
    assert not controls(document)


@pytest.mark.parametrize(
    "text",
    [
        "[click](https://evil.example)",
        "![x](https://evil.example/x.png)",
        "https://evil.example",
        "www.evil.example",
        "ann@evil.example",
        "<img src=x onerror=alert(1)>",
        "**bold**",
        "_soft_",
        "# title",
        "1. first",
        "- item",
        "> quote",
        "`code`",
        "``",
        "a|b",
        "~~x~~",
        "&lt;b&gt;",
        "a\n\n# title",
        "\\",
    ],
)
def test_markup_is_shown_in_markdown_as_it_was_written(text: str) -> None:
    assert code_of(markdown(text)) == one_line(text)


@pytest.mark.fuzz
@given(TEXTS)
@example("`")
@example("a `` b ` c")
def test_no_text_leaves_its_place_in_a_line_of_markdown(text: str) -> None:
    shown = markdown(text, 10_000)
    assert not controls(shown)
    assert shown == "" or re.fullmatch(r"[\w ,;:'%-]+", shown) or code_of(shown) == one_line(text)


def test_plain_words_need_no_code_span_in_markdown() -> None:
    for text in ("ana", "SUP-1", "team_lead", "resolution 75%", "Müller, Ann"):
        assert markdown(text) == text


def test_a_long_text_is_cut_in_markdown_before_it_is_made_harmless() -> None:
    assert len(markdown("[x]" * 100, 60)) <= 62
    assert markdown("[x]" * 100, 60).endswith("…`")


def code_of(shown: str) -> str:
    """What a renderer shows of a line that is one code span and nothing else."""
    found = re.match("`+", shown)
    assert found is not None
    fence = found[0]
    inside = shown[len(fence) : -len(fence)]
    assert shown.endswith(fence)
    assert fence not in re.findall("`+", inside)
    return inside[1:-1] if inside.startswith(" ") and inside.endswith(" ") else inside


def raised(message: str) -> ValueError:
    try:
        fail(message)
    except ValueError as error:
        return error
    raise AssertionError


def fail(message: str) -> None:
    raise ValueError(message)


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def shown_in_every_way(text: str, *, terminal: bool) -> str:
    stdout = Terminal() if terminal else io.StringIO()
    stderr = io.StringIO()
    out = Output(stdout=stdout, stderr=stderr)
    table = Table(text, title=text, caption=text)
    table.add_row(text, cell(text))
    table.add_row(cell(text, "bold red"))
    for shown in (text, cell(text), table):
        out.document({}, shown)
    out.error(2, "bad input", text)
    out.traceback(raised(text))
    return stdout.getvalue() + stderr.getvalue()


@pytest.mark.fuzz
@given(TEXTS)
def test_no_text_steers_a_file_that_the_command_line_writes(text: str) -> None:
    assert not controls(shown_in_every_way(text, terminal=False)) - {"\n"}


@pytest.mark.fuzz
@given(TEXTS)
def test_on_a_terminal_only_styles_of_our_own_are_escape_codes(text: str) -> None:
    shown = re.sub(rf"{ESC}\[[0-9;]*m", "", shown_in_every_way(text, terminal=True))
    assert not controls(shown) - {"\n"}


def test_square_brackets_and_colons_are_not_markup() -> None:
    shown = shown_in_every_way("[red]x[/red] [link=https://evil.example]y[/link] :smile:", terminal=False)
    assert shown.count("[red]x[/red]") >= 5
    assert "[link=https://evil.example]y" in shown
    assert "😄" not in shown


@pytest.mark.fuzz
@given(TEXTS)
def test_json_answers_keep_the_text_and_cannot_steer_a_terminal(text: str) -> None:
    stdout, stderr = io.StringIO(), io.StringIO()
    out = Output(stdout=stdout, stderr=stderr)
    out.as_json = True
    out.error(2, "bad input", text)
    assert json.loads(stderr.getvalue())["message"] == text.encode("utf-8", "replace").decode()
    assert not controls(stderr.getvalue()) - {"\n"}


def test_json_keeps_the_text_where_the_terminal_has_few_characters() -> None:
    stdout = io.TextIOWrapper(io.BytesIO(), encoding="ascii")
    out = Output(stdout=stdout, stderr=io.StringIO())
    out.as_json = True
    out.document({"owner": "Grüße 👩"}, "")
    stdout.seek(0)
    assert json.loads(stdout.read()) == {"owner": "Grüße 👩"}


@pytest.mark.usefixtures("logging_as_it_was")
@pytest.mark.parametrize("log_format", [LogFormat.CONSOLE, LogFormat.JSON])
@pytest.mark.parametrize("text", NASTY)
def test_a_log_line_is_one_line_whatever_is_logged(log_format: LogFormat, text: str) -> None:
    stream = io.StringIO()
    configure_logging(Settings(log_format=log_format), stream)
    structlog.get_logger("ours").info("answered", ticket=text, several=[text], of={"them": text})
    logging.getLogger("theirs").warning("two of %s", text, extra={"ticket": text})
    assert stream.getvalue().count("\n") == 2
    assert not controls(stream.getvalue()) - {"\n"}


@pytest.mark.usefixtures("logging_as_it_was")
def test_a_traceback_in_a_log_cannot_look_like_a_log_line() -> None:
    stream = io.StringIO()
    configure_logging(Settings(log_format=LogFormat.CONSOLE), stream)
    forged = f"{datetime(2026, 1, 1, tzinfo=UTC):%Y-%m-%d} [info] all is well"
    structlog.get_logger("ours").error("failed", exc_info=raised(f"x\n{forged}\x1b[2J"))
    lines = stream.getvalue().splitlines()
    assert [line for line in lines if line.startswith(forged)] == []
    assert "\x1b" not in stream.getvalue()


def test_a_letter_shows_line_breaks_and_marks_and_nothing_that_steers() -> None:
    assert only_shown("plain") == "plain"
    assert only_shown("a\r\nb\tc\x07d\u202e") == "a\nb\tcd"
    assert only_shown("Z" + "\u0301" * 60 + "o\u0308") == "Z" + "\u0301" * 8 + "o\u0308"


def test_nothing_is_nothing_in_markdown() -> None:
    assert markdown("") == ""
