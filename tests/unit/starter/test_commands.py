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
from tests.unit.starter.desk import BY, MONDAY, Desk

AT = datetime(2026, 3, 27, 15, 0, tzinfo=UTC)


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


async def test_the_full_id_names_the_escalation_too(desk: Desk) -> None:
    desk.cases.opened()

    assert (await desk("acknowledge", "escalation-T-1", *BY)).out.startswith("escalation-T-1: ana has the case now")


async def test_a_packet_comes_from_a_file_and_keeps_the_steps_of_both(desk: Desk, tmp_path: Path) -> None:
    desk.cases.opened()
    (tmp_path / "packet.json").write_text(json.dumps({"concern": "c", "tried": ["t1"], "proposed": ["p"]}))
    await desk("escalate", "T-1", "--why", "x", "--file", str(tmp_path / "packet.json"), "--tried", "t2", *BY)

    packet = Packet(concern="c", tried=("t1", "t2"), proposed=("p",))
    assert desk.cases.sent[0][1] == Escalate(by="ana", why="x", packet=packet)


async def test_options_come_from_standard_input(desk: Desk) -> None:
    desk.cases.opened()
    desk.stdin = '[{"id": "a", "title": "Refund", "cons": "slow"}]'
    await desk("offer-options", "T-1", "--file", "-", *BY)

    assert desk.cases.sent[0][1] == OfferOptions(options=(Option(id="a", title="Refund", cons="slow"),), by="ana")
