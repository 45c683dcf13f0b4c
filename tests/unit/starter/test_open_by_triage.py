"""`escalations open --triage`: what may be left out, what is asked, and how the answer is shown."""

import json
from pathlib import Path

import pytest

from escalation.case.commands import Open, OpenByTriage
from escalation.compiler.compile import compile_policy
from escalation.triage.facts import TicketFacts
from escalation.vocabulary import Category, Reason, Severity, Stage
from tests.unit.starter.desk import OPEN, Desk

DEFAULT = Path(__file__).parents[3] / "policies" / "default.yaml"
WHO = ("--by", "desk", "--customer-id", "c-1", "--customer-name", "Ann", "--customer-address", "ann@example.com")
TRIAGE = ("open", "T-1", "--triage", "--summary", "Charged twice", *WHO)
LAWYER = ("--text", "My lawyer will write.", "--language", "en")
FILE = {
    "ticket": "T-7",
    "summary": "Charged twice",
    "customer": {"id": "c-1", "name": "Ann", "address": "ann@example.com", "tier": "gold"},
    "by": "desk",
    "facts": {"text": "My lawyer will write.", "hours_spent": 9},
}


@pytest.fixture
def desk(desk: Desk) -> Desk:
    compiled = compile_policy(DEFAULT.read_text(encoding="utf-8"), source="default.yaml", years=range(2026, 2028))
    desk.cases.rules = compiled.triage
    return desk


def asked(desk: Desk) -> OpenByTriage:
    ((request, _),) = desk.cases.requests
    assert isinstance(request, OpenByTriage)
    return request


async def test_severity_category_and_reasons_may_be_left_out(desk: Desk) -> None:
    ended = await desk(*TRIAGE, *LAWYER)
    assert (ended.code, ended.err) == (0, "")
    state = desk.cases.lives["T-1"].state
    assert (state.severity, state.category, state.reasons) == (Severity.SEV2, Category.BILLING, (Reason.LEGAL,))
    assert (state.tier, state.stage) == (3, Stage.OFFERED)
    request = asked(desk)
    assert (request.severity, request.category, request.reasons, request.frustration) == (None, None, (), None)


async def test_the_answer_says_as_what_it_opened_and_which_rules_said_so(desk: Desk) -> None:
    ended = await desk(*TRIAGE, *LAWYER, "--hours-spent", "9")
    assert ended.out.splitlines() == [
        "escalation-T-1 is open now",
        "SEV2 billing (charge), tier 3, frustration 1: legal, unresolved",
        "why: a hard trigger, score 5 of 10",
        "- priority: impact: low; urgency: low",
        "- legal: text: lawyer",
        "- many-hours +5: hours spent: 9 (at least 8)",
        "- charge: subject: Charged twice",
    ]


@pytest.mark.parametrize(
    ("said", "language"),
    [
        ((), ""),
        (("--customer-language", "en-GB"), "en-GB"),
        (("--customer-language", "en", "--language", "de"), "de"),
    ],
)
async def test_the_language_said_for_the_customer_is_what_they_wrote_in(
    desk: Desk, said: tuple[str, ...], language: str
) -> None:
    await desk(*TRIAGE, "--text", "My lawyer will write.", *said)
    assert asked(desk).facts.language == language


async def test_programs_get_the_verdict_in_one_document(desk: Desk) -> None:
    said = (await desk(*TRIAGE, *LAWYER, "--json")).json
    assert (said["escalation"], said["started"], said["judging"]) == ("escalation-T-1", True, False)
    assert (said["severity"], said["category"], said["reasons"], said["tier"]) == ("SEV2", "billing", ["legal"], 3)
    verdict = said["verdict"]
    assert (verdict["rules"], verdict["hard"], verdict["earlier"]) == ("7" * 64, True, 2)
    assert {"rule": "legal", "hard": True, "score": 0, "evidence": ["text: lawyer"]} in verdict["findings"]


async def test_the_timeline_shows_the_verdict_in_a_line(desk: Desk) -> None:
    await desk(*TRIAGE, *LAWYER)
    told = " ".join((await desk("timeline", "T-1", "--everything")).out.split())
    for part in ("triaged", "why: a hard trigger", "legal: text: lawyer", "tone: -0.10", "earlier escalations: 2"):
        assert part in told
    assert "rules: 777777777777" in told
    items = (await desk("timeline", "T-1", "--json")).items
    assert [event["kind"] for event in items[:2]] == ["opened", "triaged"]
    assert items[1]["verdict"]["findings"][1]["evidence"] == ["text: lawyer"]


async def test_every_fact_that_triage_takes_can_be_given(desk: Desk) -> None:
    ended = await desk(
        *(*TRIAGE, "--subject", "Re: invoice", "--text", "x", "--language", "en", "--industry", "health"),
        *("--tag", "vip", "--tag", "abuse", "--users-affected", "500", "--money-at-stake", "20000.5"),
        *("--deadline", "2026-03-02T14:00Z", "--hours-spent", "25.5", "--owners-tried", "6", "--days-open", "30"),
        *("--reopen-count", "2", "--times-contacted", "3", "--agent-says-unable", "--customer-asked-for-superior"),
        *("--severity", "SEV4", "--category", "product", "--frustration", "4", "--customer-tier", "gold"),
    )
    assert ended.code == 0, ended.err
    request = asked(desk)
    assert (request.severity, request.category, request.frustration) == (Severity.SEV4, Category.PRODUCT, 4)
    assert request.customer.tier == "gold"
    facts = request.facts
    unsaid = {"customer_tier", "severity", "category", "frustration", "tone"} | {
        name for name in TicketFacts.__dataclass_fields__ if name.startswith("earlier")
    }
    left_out = {name for name in TicketFacts.__dataclass_fields__ if getattr(facts, name) in (None, "", (), False)}
    assert left_out == unsaid
    assert (facts.subject, facts.tags, facts.money_at_stake) == ("Re: invoice", ("vip", "abuse"), 20000.5)


async def test_a_ticket_that_should_not_escalate_is_refused_by_name_and_nothing_opens(desk: Desk) -> None:
    ended = await desk(*TRIAGE, "--hours-spent", "9")
    assert (ended.code, ended.out) == (3, "")
    assert ended.err.startswith(
        "refused: triage says that T-1 should not escalate: score 5 of 10; found: many-hours (+5"
    )
    assert ended.err.count("\n") == 1
    assert desk.cases.lives == {}
    told = json.loads((await desk(*TRIAGE, "--hours-spent", "9", "--json")).err)
    assert (told["type"], told["exit"]) == ("ShouldNotEscalate", 3)


async def test_a_persons_word_opens_what_triage_refused(desk: Desk) -> None:
    assert (await desk(*TRIAGE)).code == 3
    assert (await desk(*OPEN)).code == 0
    assert isinstance(desk.cases.requests[-1][0], Open)


async def test_without_any_category_it_is_refused_with_what_to_do(desk: Desk) -> None:
    words = [word if word != "Charged twice" else "Hello" for word in TRIAGE]
    ended = await desk(*words, "--customer-asked-for-superior")
    assert ended.code == 3
    assert "name one of technical, service, billing" in ended.err


async def test_opening_twice_says_that_nothing_changed(desk: Desk) -> None:
    await desk(*TRIAGE, *LAWYER)
    again = await desk(*TRIAGE, *LAWYER)
    assert (again.code, again.out) == (0, "escalation-T-1 is open already; nothing changed\n")


async def test_what_no_worker_has_judged_yet_is_said_to_wait(desk: Desk) -> None:
    desk.cases.rules = None
    ended = await desk(*TRIAGE, *LAWYER)
    assert (ended.code, "is not judged yet" in ended.out) == (0, True)
    assert (await desk(*TRIAGE, *LAWYER, "--json")).json["judging"] is True


async def test_a_file_may_hold_the_facts_and_options_win(desk: Desk, tmp_path: Path) -> None:
    path = tmp_path / "ticket.json"
    path.write_text(json.dumps(FILE))
    ended = await desk("open", "--triage", "--file", str(path), "--hours-spent", "30", "--severity", "SEV3")
    assert ended.code == 0, ended.err
    request = asked(desk)
    assert (request.ticket, request.severity, request.customer.tier) == ("T-7", Severity.SEV3, "gold")
    assert (request.facts.text, request.facts.hours_spent) == ("My lawyer will write.", 30)


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"facts": {"txt": "x"}}, "facts.txt: unknown; allowed are"),
        ({"facts": []}, "facts: is not a JSON object"),
        ({"facts": {"hours_spent": -1}}, "hours_spent is -1"),
        ({"facts": {"deadline": "2026-03-02T14:00:00"}}, "deadline does not say in which zone it is"),
        ({"triage": {}}, "triage: unknown"),
        ({"frustration": 9}, "`frustration` is 9"),
        ({"summary": " "}, "`summary` is empty"),
    ],
)
async def test_a_wrong_file_is_refused_with_its_name_and_what_is_allowed(
    desk: Desk, tmp_path: Path, changes: dict[str, object], told: str
) -> None:
    path = tmp_path / "ticket.json"
    path.write_text(json.dumps(FILE | changes))
    ended = await desk("open", "--triage", "--file", str(path))
    assert (ended.code, ended.out) == (2, "")
    assert told in ended.err
    assert str(path) in ended.err
    assert "Traceback" not in ended.err
    assert desk.cases.requests == []


async def test_no_one_can_bring_a_verdict_of_their_own(desk: Desk, tmp_path: Path) -> None:
    path = tmp_path / "ticket.json"
    case = {key: value for key, value in FILE.items() if key != "facts"}
    path.write_text(json.dumps(case | {"severity": "SEV1", "category": "billing", "reasons": ["legal"], "triage": {}}))
    ended = await desk("open", "--file", str(path))
    assert (ended.code, "triage: unknown" in ended.err) == (2, True)


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (("--text", "x"), "--text: only triage judges by that; write --triage too"),
        (("--tag", "x", "--hours-spent", "3"), "--tag, --hours-spent: only triage judges by that"),
    ],
)
async def test_facts_without_triage_are_refused_rather_than_lost(
    desk: Desk, options: tuple[str, ...], told: str
) -> None:
    ended = await desk(*OPEN, *options)
    assert (ended.code, told in ended.err, desk.cases.requests) == (2, True, [])


async def test_who_the_customer_is_must_be_said_with_triage_too(desk: Desk) -> None:
    ended = await desk("open", "T-1", "--triage")
    assert ended.code == 2
    assert ended.err.count("\n") == 1
    for option in ("--summary", "--by", "--customer-id", "--customer-name", "--customer-address"):
        assert option in ended.err
    for option in ("--severity", "--category", "--reason"):
        assert option not in ended.err
