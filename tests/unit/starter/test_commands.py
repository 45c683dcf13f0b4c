"""Every command that changes an escalation."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from escalation.case.commands import (
    SUPPORT_COMMANDS,
    Acknowledge,
    AddNote,
    AgreeAction,
    AnswerConsult,
    AnswerSurvey,
    ApplyPolicy,
    Approve,
    Cancel,
    ChangeFrustration,
    ChangeSeverity,
    Choose,
    CompleteAction,
    Consult,
    Correct,
    Decline,
    Escalate,
    GiveBack,
    HandOn,
    HoldUpdates,
    MakePromise,
    OfferOptions,
    Option,
    OutcomeItem,
    Packet,
    Pause,
    Reassign,
    RecordBounce,
    RecordCustomerReply,
    RecordTicketNews,
    RecordUpdate,
    RefuseApproval,
    Reopen,
    RequestApproval,
    RequestInformation,
    Resolve,
    Resume,
    SetDue,
    SubmitReview,
    SupportCommand,
    TellCustomer,
    Withdraw,
)
from escalation.vocabulary import (
    ApprovalKind,
    CancelCause,
    Category,
    ClockName,
    Judgement,
    Outcome,
    Reading,
    Reason,
    Severity,
    TicketNews,
    Withdrawable,
)
from tests.unit.starter.desk import MONDAY, Desk

AT = datetime(2026, 3, 27, 15, 0, tzinfo=UTC)
BY = ("--by", "ana")

OF_AN_INCIDENT = {"link_incident", "unlink_incident", "relay_bulletin", "propose_resolution", "withdraw_proposal"}
"""What only an incident asks for."""

LINES: list[tuple[tuple[str, ...], SupportCommand]] = [
    (("acknowledge", *BY), Acknowledge(by="ana")),
    (("acknowledge", "--packet-read", *BY), Acknowledge(by="ana", packet_read=True)),
    (("decline", "--why", "on leave", *BY), Decline(by="ana", why="on leave")),
    (("note", "found it", "--tried", "restart", *BY), AddNote(by="ana", text="found it", tried="restart")),
    (
        ("tell-customer", "soon", "--next-step", "a fix", "--next-by", "2026-03-27T16:00+01:00", *BY),
        TellCustomer(by="ana", text="soon", next_step="a fix", next_by=AT),
    ),
    (("tell-customer", "soon", "--anyway", *BY), TellCustomer(by="ana", text="soon", anyway=True)),
    (
        ("tell-customer", "soon", "--next-in", "1h30m", "--fulfils-promise", *BY),
        TellCustomer(by="ana", text="soon", next_by=MONDAY + timedelta(minutes=90), fulfils_promise=True),
    ),
    (("request-information", "which?", *BY), RequestInformation(by="ana", question="which?")),
    (
        ("request-information", "--set", "billing", *BY),
        RequestInformation(by="ana", question="", question_set="billing"),
    ),
    (
        ("note", "booked", "--checked", "a", "--checked", "b", *BY),
        AddNote(by="ana", text="booked", checked=("a", "b")),
    ),
    (("customer-replied", "this one"), RecordCustomerReply(text="this one")),
    (("record-update", "It ships today", *BY), RecordUpdate(by="ana", text="It ships today")),
    (("ticket-news", "deleted", *BY), RecordTicketNews(by="ana", news=TicketNews.DELETED)),
    (
        ("ticket-news", "merged", "--other-ticket", "4712", *BY),
        RecordTicketNews(by="ana", news=TicketNews.MERGED, other_ticket="4712"),
    ),
    (("customer-replied", "I am away", "--automatic"), RecordCustomerReply(text="I am away", automatic=True)),
    (
        ("customer-replied", "ta!", "--as", "thanks"),
        RecordCustomerReply(text="ta!", as_=Reading.THANKS),
    ),
    (("delivery-bounced", *BY), RecordBounce(by="ana")),
    (("delivery-bounced", "--key", "update/1/customer", *BY), RecordBounce(key="update/1/customer", by="ana")),
    (("customer-replied", "this one", *BY), RecordCustomerReply(text="this one", by="ana")),
    (
        ("change-severity", "SEV1", "--why", "all are down", *BY),
        ChangeSeverity(severity=Severity.SEV1, by="ana", why="all are down"),
    ),
    (
        ("set-due", "resolution", "--at", "2026-03-27T16:00+01:00", "--why", "agreed", *BY),
        SetDue(clock=ClockName.RESOLUTION, at=AT, by="ana", why="agreed"),
    ),
    (
        ("set-due", "first-response", "--policy", "--why", "a mistake", *BY),
        SetDue(clock=ClockName.FIRST_RESPONSE, at=None, by="ana", why="a mistake"),
    ),
    (("apply-policy", "gold", "--why", "new contract", *BY), ApplyPolicy(policy="gold", by="ana", why="new contract")),
    (
        ("apply-policy", "gold", "--version", "3", "--why", "new contract", *BY),
        ApplyPolicy(policy="gold", version=3, by="ana", why="new contract"),
    ),
    (("change-frustration", "4", *BY), ChangeFrustration(level=4, by="ana")),
    (("promise", "a fix", "--at", "2026-03-27T15:00Z", *BY), MakePromise(what="a fix", at=AT, by="ana")),
    (("promise", "a fix", "--in", "2h", *BY), MakePromise(what="a fix", at=MONDAY + timedelta(hours=2), by="ana")),
    (
        (
            *("offer-options", "--option", "a=Refund", "--option", "b=Repair"),
            *("--pro", "a=fast", "--con", "b=slow", "--default", "a", *BY),
        ),
        OfferOptions(
            options=(Option(id="a", title="Refund", pros="fast"), Option(id="b", title="Repair", cons="slow")),
            by="ana",
            default="a",
        ),
    ),
    (("choose", "a"), Choose(option="a")),
    (
        ("escalate", "--why", "too hard", "--concern", "c", "--tried", "t1", "--tried", "t2", "--evidence", "e", *BY),
        Escalate(by="ana", why="too hard", packet=Packet(concern="c", tried=("t1", "t2"), evidence=("e",))),
    ),
    (
        (
            *("escalate", "--trigger", "customer_asked", "--concern", "c", "--nothing-tried"),
            *("--no-evidence", "by phone", "--proposed", "p", *BY),
        ),
        Escalate(
            by="ana",
            why="",
            packet=Packet(concern="c", nothing_tried=True, no_evidence="by phone", proposed=("p",)),
            trigger=Reason.CUSTOMER_ASKED,
        ),
    ),
    (("consult", "cat", "seen before?", *BY), Consult(by="ana", to="cat", question="seen before?")),
    (("answer-consult", "last May", "--by", "cat"), AnswerConsult(by="cat", answer="last May")),
    (
        ("request-approval", "refund", "--amount", "120", "--why", "charged twice", *BY),
        RequestApproval(what=ApprovalKind.REFUND, amount=120, by="ana", why="charged twice"),
    ),
    (("approve", "--tell-customer", "--by", "dev"), Approve(by="dev", tell_customer=True)),
    (("refuse-approval", "too late", "--by", "dev"), RefuseApproval(by="dev", explanation="too late")),
    (("reassign", "ben", "--why", "knows it", *BY), Reassign(to="ben", by="ana", why="knows it")),
    (
        ("correct", "--category", "billing", "--language", "de", "--our-fault", "--why", "misread", *BY),
        Correct(by="ana", category=Category.BILLING, language="de", our_fault=True, why="misread"),
    ),
    (
        ("correct", "--customer-language", "de", "--customer-zone", "Europe/Berlin", *BY),
        Correct(by="ana", language="de", zone="Europe/Berlin"),
    ),
    (
        ("correct", "--customer-name", "Ann", "--customer-address", "ann@example.com", "--not-our-fault", *BY),
        Correct(by="ana", customer_name="Ann", customer_address="ann@example.com", our_fault=False),
    ),
    (
        ("withdraw", "promise", "The part is not in stock", *BY),
        Withdraw(by="ana", what=Withdrawable.PROMISE, explanation="The part is not in stock"),
    ),
    (("hand-on", "ben", "cleo", "--why", "moved", *BY), HandOn(person="ben", to="cleo", by="ana", why="moved")),
    (("give-back", "--why", "on leave", *BY), GiveBack(by="ana", why="on leave")),
    (
        ("hold-updates", "--for", "2d", "--why", "on holiday", *BY),
        HoldUpdates(until=MONDAY + timedelta(days=2), by="ana", why="on holiday"),
    ),
    (("pause", "--why", "vendor", *BY), Pause(by="ana", why="vendor")),
    (("resume", *BY), Resume(by="ana")),
    (
        ("resolve", "--outcome", "solved", "--solution", "patched", "--root-cause", "a race", *BY),
        Resolve(by="ana", outcome=Outcome.SOLVED, solution="patched", root_cause="a race"),
    ),
    (
        ("resolve", "--outcome", "solved", "--solution", "x", "--item", "Refund=49.90 EUR", "--item", "Fee=-5", *BY),
        Resolve(
            by="ana",
            outcome=Outcome.SOLVED,
            solution="x",
            items=(
                OutcomeItem(what="Refund", amount="49.90", currency="EUR"),
                OutcomeItem(what="Fee", amount="-5"),
            ),
        ),
    ),
    (("reopen", "--why", "not solved", *BY), Reopen(by="ana", why="not solved")),
    (("answer-survey", "5", "--comment", "good"), AnswerSurvey(score=5, comment="good")),
    (("cancel", "--cause", "withdrawn", *BY), Cancel(by="ana", cause=CancelCause.WITHDRAWN)),
    (
        ("submit-review", "--root-cause", "a race", "--prevention", "a lock", *BY),
        SubmitReview(by="ana", root_cause="a race", prevention="a lock"),
    ),
    (
        ("submit-review", "--root-cause", "x", "--prevention", "y", "--understood", "partly", "--calmed", "no", *BY),
        SubmitReview(by="ana", root_cause="x", prevention="y", understood=Judgement.PARTLY, calmed=Judgement.NO),
    ),
    (
        ("agree-action", "bo", "Check addresses", "--due-by", "2026-04-01T09:00Z", *BY),
        AgreeAction(by="ana", owner="bo", what="Check addresses", due_by=datetime(2026, 4, 1, 9, tzinfo=UTC)),
    ),
    (("complete-action", "1", *BY), CompleteAction(by="ana", number=1)),
]


@pytest.mark.parametrize(("words", "command"), LINES, ids=[" ".join(words[:2]) for words, _ in LINES])
async def test_a_line_becomes_its_command(desk: Desk, words: tuple[str, ...], command: SupportCommand) -> None:
    desk.cases.opened()
    name, *rest = words
    await desk(name, "T-1", *rest, "--command-id", "web-17")

    assert desk.cases.sent == [("T-1", command, "web-17")]


def test_every_support_command_has_a_line_above() -> None:
    written = {command.kind for _, command in LINES}
    assert written == set(SUPPORT_COMMANDS) - OF_AN_INCIDENT, "add a line for each command to LINES"


async def test_an_accepted_command_says_what_it_did_and_the_stage(desk: Desk) -> None:
    desk.cases.opened()
    for_people = await desk("acknowledge", "T-1", *BY)
    for_programs = await desk("note", "T-1", "found it", *BY, "--json")

    assert for_people.code == 0
    assert for_people.out == (
        "escalation-T-1: ana has the case now; answer Ann by 2026-03-02 11:00 UTC; solve it by 2026-03-04 09:00 UTC "
        "(the case is working)\n"
    )
    assert for_programs.json == {
        "escalation": "escalation-T-1",
        "command": "note",
        "stage": "working",
        "seq": desk.cases.lives["T-1"].state.seq,
        "done": "noted",
    }


ANSWERS = [
    (("promise", "a fix", "--in", "2h"), 'the update goes to Ann; promised "a fix" by 2026-03-02 11:00 UTC'),
    (("tell-customer", "soon", "--next-step", "a fix", "--next-in", "2h"), "the update goes to Ann; promised"),
    (("consult", "cat", "seen before?"), "asked cat, due 2026-03-02"),
    (("request-approval", "refund", "--amount", "120", "--why", "x"), "asked dev for a refund of 120, due 2026-03-02"),
    (("request-information", "which?"), "the question goes to Ann; the case waits for the answer"),
    (("customer-replied", "this one"), "recorded; ana is notified, answer due 2026-03-02"),
    (
        ("offer-options", "--option", "a=Refund", "--option", "b=Repair", "--default", "a"),
        "2 solutions go to Ann, to be",
    ),
    (("change-severity", "SEV1", "--why", "all are down"), "SEV2 is SEV1 now; solution due"),
    (("reassign", "ben", "--why", "knows it"), "offered to ben, to accept by 2026-03-02"),
    (("escalate", "--why", "x", "--concern", "c", "--nothing-tried"), "moved up to specialist, and Ann hears of it"),
    (("resolve", "--outcome", "solved", "--solution", "patched"), "resolved (solved); the solution goes to Ann"),
    (("cancel", "--cause", "withdrawn"), "cancelled, and Ann hears of it"),
    (
        ("set-due", "resolution", "--at", "2026-03-27T16:00Z", "--why", "x"),
        "the resolution is due 2026-03-27 16:00 UTC",
    ),
]


@pytest.mark.parametrize(("line", "answer"), ANSWERS, ids=[" ".join(line[:2]) for line, _ in ANSWERS])
async def test_the_answer_says_what_the_command_did(desk: Desk, line: tuple[str, ...], answer: str) -> None:
    desk.cases.opened()
    await desk("acknowledge", "T-1", *BY)
    name, *rest = line
    by = () if name == "customer-replied" else BY
    ended = await desk(name, "T-1", *rest, *by, "--json")

    assert ended.code == 0, ended.err
    assert ended.json["done"].startswith(answer)


async def test_what_the_domain_warns_of_is_shown(desk: Desk) -> None:
    desk.cases.opened()
    await desk("note", "T-1", "no change", "--tried", "Restarted it", *BY)
    for_people = await desk("note", "T-1", "no change", "--tried", "restarted it", *BY)
    for_programs = await desk("note", "T-1", "no change", "--tried", "restarted it", *BY, "--json")

    assert for_people.out == (
        'escalation-T-1: noted, and "restarted it" counts as tried (the case is offered)\n'
        "note: `Restarted it` was tried already\n"
    )
    assert for_programs.json["warnings"] == ["`Restarted it` was tried already"]


async def test_a_packet_that_lacks_something_is_refused_with_the_list_of_it(desk: Desk) -> None:
    desk.cases.opened()
    ended = await desk("escalate", "T-1", "--concern", "c", *BY)

    assert ended.code == 3
    assert "missing: `--why`, what the next tier is needed for; `--tried`" in ended.err


async def test_the_full_id_names_the_escalation_too(desk: Desk) -> None:
    desk.cases.opened()

    assert (await desk("acknowledge", "escalation-T-1", *BY)).out.startswith("escalation-T-1: ana has the case now")


async def test_a_refused_command_exits_3_and_says_what_is_possible(desk: Desk) -> None:
    desk.cases.opened()
    ended = await desk("reopen", "T-1", "--why", "x", *BY)

    assert (ended.code, ended.out) == (3, "")
    assert ended.err.startswith("refused: `reopen` is not possible while offered; possible now: acknowledge")


async def test_what_is_possible_now_is_shown_in_the_words_that_are_typed(desk: Desk) -> None:
    desk.cases.opened()
    told = (await desk("submit-review", "T-1", "--root-cause", "x", "--prevention", "y", *BY)).err
    refused, _, possible = told.strip().partition("; possible now: ")
    help_page = (await desk("--help")).out

    assert refused == "refused: `submit-review` is not possible while offered"
    assert "customer-replied" in possible
    assert [name for name in possible.split(", ") if f" {name} " not in help_page] == []


async def test_a_refusal_names_other_commands_and_their_options_as_they_are_typed(desk: Desk) -> None:
    desk.cases.opened()
    promise = ("promise", "T-1", "a fix", "--in", "2h", *BY)

    assert (await desk(*promise)).code == 0
    assert (
        "(`tell-customer` with `--fulfils-promise`), take it back (`withdraw`), or set `--replaces`"
        in (await desk(*promise)).err
    )


async def test_a_refusal_in_json_names_its_type(desk: Desk) -> None:
    desk.cases.opened()
    ended = await desk("reopen", "T-1", "--why", "x", *BY, "--json")
    told = json.loads(ended.err)

    assert (told["error"], told["type"], told["exit"], ended.out) == ("refused", "InvalidTransition", 3, "")


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("decline T-1 --by ana", "--why requires an argument"),
        ("decline T-1 --why x", "--by requires an argument"),
        ("decline T-1 --why x", "Write --by ID, or set ESCALATIONS_BY"),
        ("acknowledge --by ana", 'Command "acknowledge" needs TICKET; see --help.'),
        ("note T-1 two words --by ana", '"words": more than the command takes; put a text of several words in quotes'),
        ("change-severity T-1 SEV0 --why x --by ana", 'Choose from: "sev1", "sev2", "sev3", "sev4"'),
        ("change-frustration T-1 5 --by ana", "Must be <= 4"),
        ("answer-survey T-1 0", "Must be >= 1"),
        ("answer-survey T-1 many", 'unable to convert "many" into int'),
        ("resolve T-1 --outcome maybe --solution x --by ana", '"solved", "workaround"'),
        ("cancel T-1 --cause no --by ana", '"withdrawn", "duplicate"'),
        ("promise T-1 fix --by ana", "a promise needs a time; write --at 2026-03-27T16:00+01:00 or --in 2h"),
        ("promise T-1 fix --by ana --at 2026-03-27T16:00", "add an offset, like 2026-03-27T16:00+01:00, or Z for UTC"),
        ("promise T-1 fix --by ana --at tomorrow", '"tomorrow" is not an instant'),
        ("promise T-1 fix --by ana --in 2x", '"2x" is not a duration; write 90s, 15m, 2h, 1h30m or 1d'),
        ("promise T-1 fix --by ana --in 2bd", "is not a duration"),
        ("promise T-1 fix --by ana --in 0s", "is not a duration"),
        ("promise T-1 fix --by ana --in 2h --at 2026-03-27T16:00Z", "--at and --in both say when"),
        ("set-due T-1 resolution --why x --by ana", "write --at 2026-03-27T16:00+01:00, or --policy"),
        (
            "set-due T-1 resolution --why x --by ana --policy --at 2026-03-27T16:00Z",
            "or --policy to give the clock back",
        ),
        ("set-due T-1 resolution --why x --by ana --at 2026-03-27T16:00", "add an offset"),
        ("set-due T-1 lunch --why x --by ana --policy", '"first-response"'),
        ("apply-policy T-1 gold --by ana", "--why requires an argument"),
        ("apply-policy T-1 gold --by ana --why x --version -1", "Must be >= 0"),
        ("tell-customer T-1 soon --by ana --next-in 2h --next-by 2026-03-27T16:00Z", "--next-by and --next-in both"),
        ("offer-options T-1 --by ana", "there is nothing to choose from"),
        ("offer-options T-1 --by ana --option Refund", "write it as ID=TEXT"),
        ("offer-options T-1 --by ana --option a=x --option a=y", "a: is there twice"),
        ("offer-options T-1 --by ana --option a=x --con b=y", "b: has a --pro or --con, but there is no such --option"),
        ("offer-options T-1 --by ana --option a=x --default b", "is none of the options; write one of a"),
        ("escalate T-1 --by ana --why x", "write --concern"),
        ("aknowledge T-1 --by ana", 'Did you mean "acknowledge"'),
        ("open T-1 --zone UTC", "Unknown option: --zone. Did you mean --customer-zone?"),
        ("acknowledge T-1 --by ana --force", "Unknown option: --force"),
        ("status T\u00a01", "A ticket is 1 to 200 visible characters"),
    ],
)
async def test_a_mistake_exits_2_with_one_line_and_nothing_is_sent(desk: Desk, line: str, told: str) -> None:
    desk.cases.opened()
    ended = await desk(*line.split(" "))

    assert (ended.code, ended.out, desk.cases.sent) == (2, "", [])
    assert told in ended.err
    assert ended.err.count("\n") == 1


async def test_a_blank_text_is_refused(desk: Desk) -> None:
    ended = await desk("note", "T-1", "  ", *BY)

    assert (ended.code, "It is empty; write something" in ended.err) == (2, True)


async def test_a_packet_comes_from_a_file_and_keeps_the_steps_of_both(desk: Desk, tmp_path: Path) -> None:
    desk.cases.opened()
    (tmp_path / "packet.json").write_text(json.dumps({"concern": "c", "tried": ["t1"], "proposed": ["p"]}))
    await desk("escalate", "T-1", "--why", "x", "--file", str(tmp_path / "packet.json"), "--tried", "t2", *BY)

    packet = Packet(concern="c", tried=("t1", "t2"), proposed=("p",))
    assert desk.cases.sent[0][1] == Escalate(by="ana", why="x", packet=packet)


async def test_a_packet_with_an_unknown_part_is_refused(desk: Desk, tmp_path: Path) -> None:
    (tmp_path / "packet.json").write_text('{"concerns": "c"}')
    ended = await desk("escalate", "T-1", "--why", "x", "--file", str(tmp_path / "packet.json"), *BY)

    assert (
        ended.code,
        "concerns: unknown; allowed are concern, contact, evidence, no_evidence, nothing_tried, proposed, tried"
        in ended.err,
    ) == (2, True)


async def test_options_come_from_standard_input(desk: Desk) -> None:
    desk.cases.opened()
    desk.stdin = '[{"id": "a", "title": "Refund", "cons": "slow"}]'
    await desk("offer-options", "T-1", "--file", "-", *BY)

    assert desk.cases.sent[0][1] == OfferOptions(options=(Option(id="a", title="Refund", cons="slow"),), by="ana")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('[{"id": "a"}]', "missing: 0.title"),
        ('[{"id": "a", "title": "x"}, {"id": "a", "title": "y"}]', "two options have the same id"),
        ("[]", "there is nothing to choose from"),
    ],
)
async def test_options_that_make_no_sense_are_refused(desk: Desk, text: str, told: str) -> None:
    desk.stdin = text
    ended = await desk("offer-options", "T-1", "--file", "-", *BY)

    assert (ended.code, told in ended.err) == (2, True)


async def test_a_slip_in_by_is_refused_before_anything_is_sent(desk: Desk) -> None:
    desk.cases.opened()
    desk.cases.roster = frozenset({"ana"})
    ended = await desk("note", "T-1", "found it", "--by", "anna")
    assert (ended.code, "--by anna: is not in the roster; `escalations roster show`" in ended.err) == (2, True)
    assert desk.cases.sent == []


async def test_a_slip_in_by_is_refused_with_the_id_that_was_probably_meant(desk: Desk) -> None:
    desk.cases.opened()
    desk.cases.roster, desk.cases.people = frozenset({"ana", "deniz"}), {"ana": "Ana", "deniz": "Deniz"}
    for slip, meant in (("anna", "ana"), ("denizz", "deniz")):
        ended = await desk("note", "T-1", "found it", "--by", slip)
        assert f"--by {slip}: is not in the roster; did you mean `{meant}`?" in ended.err


async def test_a_duplicate_of_no_case_is_refused_by_the_option_as_typed(desk: Desk) -> None:
    desk.cases.opened()
    ended = await desk("cancel", "T-1", "--cause", "duplicate", "--duplicate-of", "NOPE-1", *BY)
    assert "`--duplicate-of` is `NOPE-1`, which is not escalated; check the number" in ended.err
    assert desk.cases.sent == []
