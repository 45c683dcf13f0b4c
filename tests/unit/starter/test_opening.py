"""`escalations open`."""

import json
from datetime import timedelta
from pathlib import Path

import pytest

from escalation.vocabulary import Category, PauseCause, Reason, Severity
from starter.cli.open_tables import opening_page
from starter.opening import Opening
from tests.unit.starter.desk import MONDAY, OPEN, Desk

FILE = {
    "ticket": "T-7",
    "summary": "Invoices are sent twice",
    "customer": {"id": "c-1", "name": "Ann", "address": "ann@example.com", "language": "de"},
    "severity": "SEV3",
    "category": "billing",
    "reasons": ["silence", "legal"],
    "by": "desk",
}


def written(folder: Path, value: object) -> str:
    path = folder / "ticket.json"
    path.write_text(json.dumps(value))
    return str(path)


async def test_options_become_the_request(desk: Desk) -> None:
    ended = await desk(*OPEN, "--reason", "legal", "--frustration", "3", "--our-fault", "--policy", "strict", "--json")

    request, policy = desk.cases.requests[0]
    assert ended.code == 0
    assert ended.json == {"escalation": "escalation-T-1", "started": True, "judging": False, "life": 1, "stage": ""}
    assert (request.ticket, request.severity, request.category) == ("T-1", Severity.SEV2, Category.BILLING)
    assert request.reasons == (Reason.SILENCE, Reason.LEGAL)
    assert (request.frustration, request.our_fault, request.by, policy) == (3, True, "ana", "strict")
    assert (request.customer.name, request.customer.language) == ("Ann", "en")


async def test_opening_twice_says_that_nothing_changed(desk: Desk) -> None:
    await desk(*OPEN)
    again = await desk(*OPEN)

    assert again.code == 0
    assert "escalation-T-1 is open already; nothing changed" in again.out


@pytest.mark.parametrize(
    ("opening", "line"),
    [
        (Opening(escalation="escalation-7", started=True, life=1), "escalation-7 is open now"),
        (
            Opening(escalation="escalation-7~2", started=True, life=2),
            "escalation-7~2 is open now: escalated again, second escalation of this ticket",
        ),
        (
            Opening(escalation="escalation-7", started=False, life=1, stage="resolved"),
            "escalation-7 is resolved, so it was not opened again; `escalations reopen` starts it again, with the same owner",
        ),
        (
            Opening(escalation="escalation-7~2", started=False, life=2),
            "escalation-7~2 is open already (second escalation of this ticket); nothing changed",
        ),
    ],
)
def test_opening_says_which_escalation_of_the_ticket_it_is(opening: Opening, line: str) -> None:
    assert str(opening_page(opening)) == line


async def test_an_id_means_its_ticket_and_one_escalation_of_it_cannot_be_opened(desk: Desk) -> None:
    first = await desk("open", "escalation-T-1", *OPEN[2:])
    again = await desk(*OPEN)
    particular = await desk("open", "T-1~2", *OPEN[2:])
    looks_like_an_id = await desk("open", "escalation-escalation-T-1", *OPEN[2:])

    assert first.code == 0
    assert desk.cases.requests[0][0].ticket == "T-1"
    assert "nothing changed" in again.out
    assert (particular.code, "open the ticket itself" in particular.err) == (2, True)
    assert (looks_like_an_id.code, "cannot begin with `escalation-`" in looks_like_an_id.err) == (2, True)


async def test_a_file_becomes_the_request(desk: Desk, tmp_path: Path) -> None:
    ended = await desk("open", "--file", written(tmp_path, FILE))

    request, policy = desk.cases.requests[0]
    assert ended.code == 0
    assert (request.ticket, request.reasons) == ("T-7", (Reason.SILENCE, Reason.LEGAL))
    assert (request.customer.language, policy) == ("de", "default")


async def test_options_win_over_the_file(desk: Desk, tmp_path: Path) -> None:
    options = ("--severity", "SEV1", "--customer-name", "Anna")
    await desk("open", "T-8", "--file", written(tmp_path, FILE), *options)

    request, _ = desk.cases.requests[0]
    assert (request.ticket, request.severity) == ("T-8", Severity.SEV1)
    assert (request.customer.name, request.customer.address) == ("Anna", "ann@example.com")


async def test_a_dash_reads_standard_input(desk: Desk) -> None:
    desk.stdin = json.dumps(FILE)

    assert (await desk("open", "--file", "-")).code == 0
    assert desk.cases.requests[0][0].ticket == "T-7"


async def test_the_environment_can_say_who_asks(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ESCALATIONS_BY", "ben")
    without_by = [word for word in OPEN if word not in {"--by", "ana"}]

    assert (await desk(*without_by)).code == 0
    assert desk.cases.requests[0][0].by == "ben"


async def test_what_is_missing_is_shown_in_one_line_with_the_options_names(desk: Desk) -> None:
    ended = await desk(
        "open", "T-1", "--severity", "SEV2", "--by", "ana", "--summary", "Twice", "--category", "billing"
    )

    assert ended.code == 2
    assert ended.err.count("\n") == 1
    for option in ("--reason", "--customer-id", "--customer-name", "--customer-address"):
        assert option in ended.err


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"severity": "SEV9"}, "severity: must be 'SEV1', 'SEV2', 'SEV3' or 'SEV4', not 'SEV9'"),
        ({"sevrity": "SEV1"}, "sevrity: unknown; allowed are"),
        ({"customer": {"id": "c-1", "name": "Ann", "mail": "x"}}, "customer.mail: unknown"),
        ({"customer": "Ann"}, "customer: is not a JSON object"),
        ({"reasons": []}, "`reasons` is empty"),
        ({"ticket": "T 7"}, "ticket: must be 1 to 200 visible characters"),
        ({"frustration": 9}, "frustration"),
        ({"by": " "}, "by: is empty"),
    ],
)
async def test_a_wrong_file_is_refused_with_its_name_and_what_is_allowed(
    desk: Desk, tmp_path: Path, changes: dict[str, object], told: str
) -> None:
    path = written(tmp_path, FILE | changes)
    ended = await desk("open", "--file", path)

    assert ended.code == 2
    assert told in ended.err
    assert path in ended.err
    assert "Traceback" not in ended.err
    assert desk.cases.requests == []


async def test_a_file_that_is_not_json_is_refused_with_its_line(desk: Desk, tmp_path: Path) -> None:
    path = tmp_path / "ticket.json"
    path.write_text('{\n"ticket": T-1}')
    ended = await desk("open", "--file", str(path))

    assert (ended.code, f"{path}:2: is not JSON" in ended.err) == (2, True)


@pytest.mark.parametrize("name", ["missing.json", "."])
async def test_a_file_that_cannot_be_read_is_refused(desk: Desk, tmp_path: Path, name: str) -> None:
    ended = await desk("open", "--file", str(tmp_path / name))

    assert (ended.code, "cannot be read" in ended.err) == (2, True)


async def test_a_file_that_is_not_text_is_refused(desk: Desk, tmp_path: Path) -> None:
    (tmp_path / "x").write_bytes(b"\xff\xff")
    ended = await desk("open", "--file", str(tmp_path / "x"))

    assert (ended.code, "it is not UTF-8 text" in ended.err) == (2, True)


async def test_a_list_is_not_a_request(desk: Desk, tmp_path: Path) -> None:
    ended = await desk("open", "--file", written(tmp_path, [1]))

    assert (ended.code, "is not a JSON object" in ended.err) == (2, True)


async def test_a_ticket_can_be_late_already_and_wait_already(desk: Desk) -> None:
    waits = ("--waiting-on", "customer", "--question", "Which invoice?")
    ended = await desk(*OPEN, "--since", "2026-03-02T09:00+01:00", *waits)

    request, _ = desk.cases.requests[0]
    assert ended.code == 0
    assert request.since == MONDAY - timedelta(hours=1)
    assert (request.waiting_on, request.question) == (PauseCause.WAITING_ON_CUSTOMER, "Which invoice?")
    assert desk.cases.lives["T-1"].state.is_paused_by(PauseCause.WAITING_ON_CUSTOMER)


async def test_a_ticket_can_wait_for_a_third_party_already(desk: Desk) -> None:
    await desk(*OPEN, "--waiting-on", "third_party")

    assert desk.cases.requests[0][0].waiting_on is PauseCause.WAITING_ON_THIRD_PARTY


async def test_a_file_says_since_when_and_what_for_it_waits(desk: Desk, tmp_path: Path) -> None:
    waits = {"since": "2026-03-02T08:00:00Z", "waiting_on": "waiting_on_customer", "question": "Which invoice?"}
    ended = await desk("open", "--file", written(tmp_path, FILE | waits))

    request, _ = desk.cases.requests[0]
    assert ended.code == 0
    assert (request.since, request.question) == (MONDAY - timedelta(hours=1), "Which invoice?")


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--since", "2026-03-02T10:00Z"), "2026-03-02T10:00:00+00:00: is still to come; leave it out"),
        (("--since", "2026-03-02T08:00"), "add an offset"),
        (("--waiting-on", "godot"), '"customer", "third_party"'),
        (("--question", "Which?"), "write --waiting-on customer too"),
        (("--question", "Which?", "--waiting-on", "third_party"), "write --waiting-on customer too"),
    ],
)
async def test_a_wait_that_makes_no_sense_is_refused(desk: Desk, words: tuple[str, ...], told: str) -> None:
    ended = await desk(*OPEN, *words)

    assert (ended.code, told in ended.err, desk.cases.requests) == (2, True, [])


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--severity", "SEV9"), '"sev1", "sev2", "sev3", "sev4"'),
        (("--category", "misc"), '"technical", "service", "billing", "product", "policy", "behaviour"'),
        (("--reason", "because"), "customer-asked"),
        (("--frustration", "7"), "Must be <= 4"),
        (("--summary", " "), "It is empty"),
    ],
)
async def test_a_wrong_option_is_refused_with_what_is_allowed(desk: Desk, words: tuple[str, str], told: str) -> None:
    ended = await desk("open", "T-1", *words)

    assert (ended.code, told in ended.err) == (2, True)
    assert ended.err.count("\n") == 1


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (
            ("--customer-address", "ann"),
            '--customer-address: "ann" has no @; write one address, such as ann@example.com',
        ),
        (("--customer-address", "Ann <ann@example.com>"), "write the address alone"),
        (("--customer-zone", "Mars/Base"), "--customer-zone: unknown time zone 'Mars/Base'"),
    ],
)
async def test_a_customer_who_could_not_be_written_to_is_refused(desk: Desk, words: tuple[str, str], told: str) -> None:
    at = OPEN.index(words[0]) if words[0] in OPEN else len(OPEN)
    ended = await desk(*OPEN[:at], *words, *OPEN[at + 2 :])

    assert (ended.code, desk.cases.requests) == (2, [])
    assert told in ended.err


async def test_what_is_wrong_on_standard_input_is_shown_by_that_name(desk: Desk) -> None:
    desk.stdin = '{"ticket": 77'
    ended = await desk("open", "--file", "-")

    assert (ended.code, "standard input:1: is not JSON" in ended.err) == (2, True)


async def test_a_customer_who_waits_since_a_few_minutes_ahead_waits_since_now(desk: Desk) -> None:
    assert (await desk(*OPEN, "--since", (MONDAY + timedelta(minutes=4)).isoformat())).code == 0
