"""Incidents from the command line."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from escalation.case.commands import LinkIncident, ProposeResolution
from escalation.case.values import InLanguage
from escalation.incident.commands import (
    INCIDENT_COMMANDS,
    IncidentCommand,
    LinkTickets,
    ReopenIncident,
    ResolveIncident,
    TellLinked,
    UnlinkTickets,
)
from tests.unit.starter.desk import MONDAY, Desk

BY = ("--by", "zoe")
AT = datetime(2026, 3, 27, 15, 0, tzinfo=UTC)


@pytest.fixture
async def desk() -> Desk:
    """An incident `mail` with the tickets T-1 and T-2."""
    desk = Desk()
    assert (await desk("incident", "open", "mail", "--title", "Mail is late", *BY)).code == 0
    assert (await desk("incident", "link", "mail", "T-1", "T-2", *BY)).code == 0
    return desk


LINES: list[tuple[tuple[str, ...], IncidentCommand]] = [
    (("link", "mail", "4711", "escalation-4712"), LinkTickets(tickets=("4711", "4712"), by="zoe")),
    (("unlink", "mail", "T-1"), UnlinkTickets(tickets=("T-1",), by="zoe")),
    (
        ("tell", "mail", "soon", "--next-step", "a fix", "--next-by", "2026-03-27T16:00+01:00"),
        TellLinked(text="soon", next_step="a fix", next_by=AT, by="zoe"),
    ),
    (
        ("tell", "incident/mail", "soon", "--next-step", "a fix", "--next-in", "2h"),
        TellLinked(text="soon", next_step="a fix", next_by=MONDAY + timedelta(hours=2), by="zoe"),
    ),
    (
        ("tell", "mail", "--text", "en=We found it", "--text", "de=Wir haben es gefunden", "--anyway"),
        TellLinked(
            languages=(
                InLanguage(language="en", text="We found it"),
                InLanguage(language="de", text="Wir haben es gefunden"),
            ),
            anyway=True,
            by="zoe",
        ),
    ),
    (
        ("resolve", "mail", "--solution", "Restarted", "--root-cause", "a full disk"),
        ResolveIncident(solution="Restarted", root_cause="a full disk", by="zoe"),
    ),
    (("reopen", "mail", "--why", "It is late again"), ReopenIncident(why="It is late again", by="zoe")),
]


@pytest.mark.parametrize(("line", "command"), LINES, ids=lambda part: " ".join(part) if isinstance(part, tuple) else "")
async def test_a_line_sends_its_command(desk: Desk, line: tuple[str, ...], command: IncidentCommand) -> None:
    if line[0] == "reopen":
        assert (await desk("incident", "resolve", "mail", "--solution", "Restarted", *BY)).code == 0
    ended = await desk("incident", *line, *BY, "--command-id", "one")
    assert (ended.code, ended.err) == (0, "")
    assert desk.cases.incidents.sent[-1] == ("mail", command, "one")


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        (("--text", "de=Eins", "--text", "DE=Zwei"), "--text: there are two in de"),
        (("one", "--text", "two"), "--text: there are two without a language"),
        (("--text", "de=Eins", "--next-step", "en=Then"), "--next-step for en: there is no text for it"),
        (("--text", "de=Eins", "--next-step", "Then"), "--next-step for no language"),
        ((), "`--text` is empty"),
        (("--text", "de="), "`--text` is empty"),
        (("It is your fault",), "add `--anyway`"),
    ],
)
async def test_an_update_that_cannot_be_sent_says_why(desk: Desk, typed: tuple[str, ...], said: str) -> None:
    ended = await desk("incident", "tell", "mail", *typed, *BY)
    assert ended.code != 0
    assert said in " ".join(ended.err.split())


async def test_the_status_shows_an_update_in_each_language(desk: Desk) -> None:
    texts = ("--text", "en=We found it", "--text", "de=Wir haben es gefunden")
    shown = await desk("incident", "tell", "mail", *texts, "--wait", "5s", *BY)
    assert "en: We found it" in shown.out
    assert "de: Wir haben es gefunden" in shown.out


async def test_the_status_shows_that_the_next_update_is_overdue_and_whose(desk: Desk) -> None:
    await desk("incident", "tell", "mail", "We found it", "--next-step", "We write again", "--next-in", "1h", *BY)
    assert "overdue" not in (await desk("incident", "status", "mail")).out
    desk.now += timedelta(hours=2)
    page = " ".join((await desk("incident", "status", "mail")).out.split())
    assert "overdue the next bulletin was promised for" in page
    assert "by zoe; send one with a new time" in page
    await desk("incident", "tell", "mail", "Still working on it", *BY)
    assert "overdue" not in (await desk("incident", "status", "mail")).out


def test_every_command_of_an_incident_has_a_line() -> None:
    assert {command.kind for _, command in LINES} == set(INCIDENT_COMMANDS)


async def test_an_incident_is_opened_once(desk: Desk) -> None:
    again = await desk("incident", "open", "mail", "--title", "Something else", *BY)
    assert (again.code, again.out) == (0, "incident/mail was there already; it stays as it is\n")
    new = await desk("incident", "open", "disk", "--title", "A full disk", *BY, "--json")
    assert new.json == {"incident": "incident/disk", "started": True}


async def test_an_answer_says_how_many_tickets_it_has_and_which_bulletin_it_is(desk: Desk) -> None:
    told = await desk("incident", "tell", "mail", "We found it", *BY)
    assert told.out == "mail is open: 2 tickets, bulletin 1; `incident status` shows which cases it reached\n"
    solved = await desk("incident", "resolve", "mail", "--solution", "Restarted", *BY, "--json")
    told_to_programs = {"incident": "mail", "command": "resolve", "stage": "resolved", "seq": 4}
    assert solved.json == {**told_to_programs, "linked": 2, "bulletin": 2}


async def test_tickets_come_from_a_file_too(desk: Desk, tmp_path: Path) -> None:
    file = tmp_path / "tickets.txt"
    file.write_text("T-3\n\n  escalation-T-4 \n", encoding="utf-8")
    assert (await desk("incident", "link", "mail", "T-5", "--file", str(file), *BY)).code == 0
    assert desk.cases.incidents.sent[-1][1] == LinkTickets(tickets=("T-5", "T-3", "T-4"), by="zoe")
    desk.stdin = "T-6\n"
    assert (await desk("incident", "link", "mail", "--file", "-", *BY)).code == 0
    assert desk.cases.incidents.sent[-1][1] == LinkTickets(tickets=("T-6",), by="zoe")


async def test_waiting_ends_when_everyone_has_heard_and_shows_the_status(desk: Desk) -> None:
    ended = await desk("incident", "tell", "mail", "We found it", "--wait", "30s", *BY)
    assert ended.code == 0
    assert "still to reach  0" in ended.out
    assert "reached 2" in ended.out


async def test_waiting_ends_when_its_time_is_over_too(desk: Desk) -> None:
    desk.cases.incidents.silent = {"T-9"}
    ended = await desk("incident", "link", "mail", "T-9", "--wait", "1s", *BY, "--json")
    assert (ended.code, ended.json["view"]["owed"]) == (0, 1)
    assert [link["result"] for link in ended.json["view"]["links"] if link["ticket"] == "T-9"] == ["unanswered"]


async def test_the_status_names_those_who_were_not_told_and_all_of_them_when_asked(desk: Desk) -> None:
    desk.cases.incidents.strange = {"T-9"}
    await desk("incident", "link", "mail", "T-9", "--wait", "5s", *BY)
    await desk("incident", "tell", "mail", "We found it", "--next-step", "a fix", "--wait", "5s", *BY)
    brief = await desk("incident", "status", "mail")
    assert brief.code == 0
    assert "there is no escalation `escalation-T-9`" in brief.out
    assert "T-1" not in brief.out
    assert "We found it" in brief.out
    assert "T-1" in (await desk("incident", "status", "mail", "--all")).out
    assert (await desk("incident", "status", "mail", "--json")).json["view"]["title"] == "Mail is late"


async def test_a_solution_that_did_not_hold_is_shown_with_its_reason(desk: Desk) -> None:
    await desk("incident", "resolve", "mail", "--solution", "Restarted", *BY)
    again = await desk("incident", "reopen", "mail", "--why", "It is late again", *BY)
    assert again.out == "mail is open: 2 tickets, bulletin 2; `incident status` shows which cases it reached\n"
    page = (await desk("incident", "status", "mail")).out
    assert "proposed: Restarted" in page
    assert "did not hold: It is late again" in page
    assert "reopened        1 time " in page
    await desk("incident", "resolve", "mail", "--solution", "A new disk", *BY)
    await desk("incident", "reopen", "mail", "--why", "And again", *BY)
    assert "reopened        2 times " in (await desk("incident", "status", "mail")).out


# The list.


@pytest.fixture
async def three(desk: Desk) -> Desk:
    """Beside the open `mail`, a resolved `disk`, and `vpn`, which was ended in Temporal while it was open."""
    for name in ("disk", "vpn"):
        await desk("incident", "open", name, "--title", f"[b]The {name} is broken", *BY)
    await desk("incident", "resolve", "disk", "--solution", "A new one", *BY)
    desk.cases.incidents.ended = {"vpn"}
    return desk


async def test_the_list_names_every_incident_with_stage_and_number_linked(three: Desk) -> None:
    ended = await three("incident", "list")
    assert (ended.code, ended.err) == (0, "")
    rows = [line.split() for line in ended.out.splitlines()]
    assert rows[0] == ["incident", "stage", "linked", "opened", "about"]
    assert rows[1] == ["mail", "open", "2", "2026-03-02", "09:00:00", "UTC", "Mail", "is", "late"]
    assert rows[2] == ["disk", "resolved", "0", "2026-03-02", "09:00:00", "UTC", "[b]The", "disk", "is", "broken"]
    assert rows[3][:3] == ["vpn", "open,", "ended"]


@pytest.mark.parametrize(
    ("words", "names"),
    [
        ((), ["mail", "disk", "vpn"]),
        (("--open",), ["mail", "vpn"]),
        (("--resolved",), ["disk"]),
        (("--limit", "1"), ["mail"]),
    ],
)
async def test_the_list_shows_what_is_asked_for_also_to_programs(
    three: Desk, words: tuple[str, ...], names: list[str]
) -> None:
    ended = await three("incident", "list", *words, "--json")
    assert [one["name"] for one in ended.items] == names
    assert ended.items[0].keys() == {"name", "title", "stage", "opened_at", "linked", "running"}


async def test_an_empty_list_says_so(desk: Desk) -> None:
    assert (await desk("incident", "list", "--resolved")).out == "no such incidents\n"
    assert (await desk("incident", "list", "--resolved", "--json")).out == ""


async def test_a_text_that_looks_like_markup_is_shown_as_it_is(desk: Desk) -> None:
    await desk("incident", "tell", "mail", "[bold]soon[/bold]", *BY)
    assert "[bold]soon[/bold]" in (await desk("incident", "status", "mail")).out


@pytest.mark.parametrize(
    ("line", "code", "message"),
    [
        (("status", "nothing"), 4, "there is no incident `nothing`; check the name, or open it"),
        (("tell", "nothing", "soon", *BY), 4, "there is no incident `nothing`"),
        (("link", "mail", *BY), 2, "no tickets; name some, or a file"),
        (("link", "mail", "--file", "nowhere.txt", *BY), 2, "nowhere.txt: cannot be read"),
        (("link", "mail", "a b", *BY), 2, "A ticket is 1 to 200 visible characters"),
        (("unlink", "mail", "T-7", *BY), 3, "not linked to `mail`: T-7"),
        (("tell", "mail", "soon", "--next-in", "2h", "--next-by", "2026-03-27T15:00Z", *BY), 2, "give one of them"),
        (("tell", "mail", "soon", "--next-step", "news", "--next-by", "2020-01-01T00:00Z", *BY), 3, "has passed"),
        (("reopen", "mail", "--why", "late again", *BY), 3, "`reopen` is not possible while open"),
        (("list", "--open", "--resolved"), 2, "--open and --resolved leave nothing; give one of them"),
        (("list", "--limit", "0"), 2, "Must be >= 1"),
        (("open", "no name", "--title", "x", *BY), 3, "letters, digits"),
        (("tell", "mail", " ", *BY), 2, "It is empty"),
    ],
)
async def test_what_cannot_be_done_is_shown_in_a_line(
    desk: Desk, line: tuple[str, ...], code: int, message: str
) -> None:
    ended = await desk("incident", *line)
    assert (ended.code, ended.out) == (code, "")
    assert message in ended.err


async def test_the_status_of_a_case_names_its_incident_and_what_it_proposed(desk: Desk) -> None:
    case = desk.cases.opened()
    case.do(LinkIncident(incident="mail", by="zoe"))
    assert "mail, bulletin -" in (await desk("status", "T-1")).out
    case.do(ProposeResolution(incident="mail", number=4, solution="Restarted", by="zoe"))
    page = (await desk("status", "T-1")).out
    assert "mail, bulletin 4" in page
    assert "Restarted" in page
