"""A text on the command line is a text, whatever it begins with, holds, or comes from."""

import json
from pathlib import Path
from typing import Any

import pytest

from escalation.case.commands import AddNote, Pause, RecordCustomerReply
from runtime.exit_codes import BAD_INPUT, OK
from starter.cli.texts import MOST_BYTES, whole
from tests.unit.starter.desk import OPEN, Desk


async def opened(desk: Desk) -> Desk:
    assert (await desk(*OPEN)).code == OK
    return desk


def sent(desk: Desk) -> Any:
    return desk.cases.sent[-1][1]


@pytest.mark.parametrize("text", ["- first point", "-", "-5", "-- so it goes", "--by the way, it works", "—"])
@pytest.mark.parametrize("way", [("--text",), ("--",), ()])
async def test_a_text_may_begin_with_a_dash(desk: Desk, text: str, way: tuple[str, ...]) -> None:
    await opened(desk)
    desk.stdin = "-"
    assert (await desk("customer-replied", "T-1", *way, text)).code == OK
    assert sent(desk) == RecordCustomerReply(text=text, by="customer")


async def test_what_is_the_name_of_an_option_needs_dashes_before_it_to_be_a_text(desk: Desk) -> None:
    await opened(desk)
    for text in ("--by=overseer", "--json", "--txet"):
        ended = await desk("customer-replied", "T-1", text)
        assert ended.code == BAD_INPUT
        assert "write -- before it" in ended.err
        assert (await desk("customer-replied", "T-1", "--", text)).code == OK
        assert sent(desk).text == text


async def test_text_after_two_dashes_switches_nothing_on(desk: Desk) -> None:
    await opened(desk)
    for text in ("--help", "-h", "--version"):
        assert (await desk("customer-replied", "T-1", "--", text)).code == OK
        assert sent(desk).text == text
    assert (await desk("customer-replied", "--help", "--", "x")).out.startswith("Usage:")
    ended = await desk("customer-replied", "T-1", "--", "--json")
    assert ended.code == OK
    assert not ended.out.startswith("{")


async def test_a_dash_reads_the_text_from_standard_input(desk: Desk) -> None:
    await opened(desk)
    long = "Zeile ü\n" * 40_000
    desk.stdin = long.encode()
    assert (await desk("note", "T-1", "-", "--by", "ana")).code == OK
    assert sent(desk) == AddNote(by="ana", text=long.rstrip("\n"))


async def test_any_text_option_reads_standard_input(desk: Desk) -> None:
    await opened(desk)
    desk.stdin = b"because\n"
    await desk("pause", "T-1", "--why", "-", "--by", "ana")
    assert sent(desk) == Pause(why="because", by="ana")


@pytest.mark.parametrize(
    ("held", "text"),
    [
        (b"caf\xe9", "caf\N{REPLACEMENT CHARACTER}"),
        (b"\xef\xbb\xbfmarked", "marked"),
        ("Grüße".encode("utf-16"), "Grüße"),
        (b"half \xed\xa0\xbd", "half \N{REPLACEMENT CHARACTER}\N{REPLACEMENT CHARACTER}\N{REPLACEMENT CHARACTER}"),
    ],
)
async def test_standard_input_that_is_not_utf_8_is_read(desk: Desk, held: bytes, text: str) -> None:
    await opened(desk)
    desk.stdin = held
    assert (await desk("customer-replied", "T-1", "-")).code == OK
    assert sent(desk).text == text


async def test_a_mail_of_300_000_characters_is_read_from_standard_input(desk: Desk) -> None:
    await opened(desk)
    mail = "系统又坏了。\n" * 50_000
    desk.stdin = mail.encode()
    ended = await desk("customer-replied", "T-1", "-")
    assert ended.code == 0, ended.err
    assert getattr(desk.cases.sent[-1][1], "text", "") == mail.rstrip("\n")


async def test_standard_input_is_read_once_and_not_without_end(desk: Desk) -> None:
    await opened(desk)
    desk.stdin = b"x"
    ended = await desk("note", "T-1", "-", "--tried", "-", "--by", "ana")
    assert ended.code == BAD_INPUT
    assert "is read once" in ended.err
    desk.stdin = b"x" * (MOST_BYTES + 1)
    ended = await desk("note", "T-1", "-", "--by", "ana")
    assert ended.code == BAD_INPUT
    assert "longer than 2,000,000 bytes" in ended.err


async def test_an_empty_standard_input_is_not_text(desk: Desk) -> None:
    await opened(desk)
    desk.stdin = b"\n"
    assert (await desk("note", "T-1", "-", "--by", "ana")).code == BAD_INPUT


async def test_bytes_in_an_argument_that_are_not_text_become_a_replacement_character(desk: Desk) -> None:
    await opened(desk)
    assert (await desk("customer-replied", "T-1", "caf\udce9")).code == OK
    assert sent(desk).text == "caf\N{REPLACEMENT CHARACTER}"


async def test_half_a_character_in_a_file_becomes_a_replacement_character(desk: Desk, tmp_path: Path) -> None:
    request = {
        "ticket": "T-2",
        "summary": "cut \ud83d",
        "severity": "SEV2",
        "category": "billing",
        "reasons": ["silence"],
        "by": "ana",
        "customer": {"id": "c", "name": "Ann \ud83d\ude00", "address": "ann@example.com"},
    }
    file = tmp_path / "ticket.json"
    file.write_text(json.dumps(request))
    assert (await desk("open", "--file", str(file))).code == OK
    opening = desk.cases.requests[-1][0]
    assert (opening.summary, opening.customer.name) == ("cut \N{REPLACEMENT CHARACTER}", "Ann 😀")


def test_two_halves_that_are_together_are_one_character() -> None:
    assert whole("a\ud83d\ude00b\ude00") == "a😀b\N{REPLACEMENT CHARACTER}"
