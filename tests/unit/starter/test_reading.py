"""`status`, `timeline`, `explain` and `list`."""

import re
from datetime import timedelta

import pytest

from escalation.bounds import reference_to, shortened
from escalation.case.commands import (
    Acknowledge,
    AddNote,
    AdoptPolicy,
    AnswerConsult,
    AnswerSurvey,
    Approve,
    Cancel,
    Choose,
    Consult,
    Decline,
    MakePromise,
    OfferOptions,
    Option,
    Pause,
    RecordApprover,
    RecordCustomerReply,
    Reopen,
    RequestApproval,
    RequestInformation,
    Resolve,
    SetDue,
)
from escalation.policy import PolicyRef
from escalation.vocabulary import ApprovalKind, CancelCause, Category, ClockName, Outcome, Severity, Stage
from starter.errors import TemporalUnreachable, WorkersBusy
from starter.listing import Filter, search_query
from tests.unit.domain.policies import RESTARTING
from tests.unit.starter.desk import MONDAY, Desk


def line_of(text: str, start: str) -> str:
    return next(line for line in text.splitlines() if line.startswith(start))


async def test_status_shows_who_has_it_and_what_is_due_when(desk: Desk) -> None:
    desk.cases.opened().do(Acknowledge(by="ana"))
    ended = await desk("status", "T-1")

    assert ended.code == 0
    assert line_of(ended.out, "stage").split() == ["stage", "working"]
    assert line_of(ended.out, "owner").split() == ["owner", "ana"]
    assert line_of(ended.out, "contact").split() == ["contact", "front-desk"]
    clock = line_of(ended.out, "first response")
    assert "2026-03-02 11:00" in clock
    assert "in 2 h" in clock
    assert "\x1b" not in ended.out


async def test_status_says_whom_an_unowned_case_is_offered_to(desk: Desk) -> None:
    desk.cases.opened()

    assert "offered to ana" in line_of((await desk("status", "T-1")).out, "owner")


async def test_status_shows_paused_clocks_and_breaches(desk: Desk) -> None:
    case = desk.cases.opened()
    case.do(Acknowledge(by="ana"))
    case.wait(timedelta(hours=3))
    case.do(Pause(by="ana", why="vendor"))
    out = (await desk("status", "T-1")).out

    assert "paused" in line_of(out, "resolution")
    assert "first response 1" in line_of(out, "breaches")


async def test_status_answers_what_an_agent_asks_within_80_columns(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    case = desk.cases.opened(evidence=("invoices 17 and 18 are the same",))
    case.do(Decline(by="ana", why="on leave"))
    case.acknowledge()
    case.do(AddNote(by="ben", text="the job ran twice", tried="Restarted the job"))
    case.do(MakePromise(what="a corrected invoice", at=MONDAY + timedelta(hours=2), by="ben"))
    case.do(RecordCustomerReply(text="I have been waiting for a week, and my accountant needs the right one today"))
    refund, repair = Option(id="a", title="Refund"), Option(id="b", title="A new invoice")
    case.do(OfferOptions(options=(refund, repair), by="ben", default="b"))
    offered = (await desk("status", "T-1")).out
    case.do(Choose(option="a"))
    case.do(RequestInformation(by="ben", question="Which account gets the money?"))
    asked = (await desk("status", "T-1")).out
    case.do(RecordCustomerReply(text="The usual one"))
    case.do(Pause(by="ben", why="the bank"))
    paused = (await desk("status", "T-1")).out

    assert "Ann (c-1), ann@example.com, en, UTC; frustration 0" in " ".join(line_of(offered, "customer").split())
    assert '"I have been waiting for a week' in line_of(offered, "they wrote")
    assert line_of(offered, "promised").split("promised")[1].strip().startswith('"a corrected invoice", by 2026-03-02')
    assert "a: Refund; b: A new invoice (if they do not choose)" in line_of(offered, "offered")
    assert line_of(offered, "tried").split() == ["tried", "Restarted", "the", "job"]
    assert line_of(offered, "known").split() == ["known", "invoices", "17", "and", "18", "are", "the", "same"]
    assert line_of(offered, "not taken").split() == ["not", "taken", "ana:", "on", "leave"]
    assert line_of(asked, "chosen").split() == ["chosen", "Refund"]
    assert '"Which account gets the money?"' in line_of(asked, "we asked")
    assert "the bank, since 2026-03-02 09:00 UTC" in line_of(paused, "waits for")
    for line in (*offered.splitlines(), *asked.splitlines(), *paused.splitlines()):
        assert len(line.rstrip()) <= 80


async def test_status_shows_what_colleagues_are_asked(desk: Desk) -> None:
    case = desk.cases.opened()
    case.do(Acknowledge(by="ana"))
    assert not [line for line in (await desk("status", "T-1")).out.splitlines() if line.startswith(("advice", "appro"))]
    case.directory_is_slow = True
    case.do(Consult(by="ana", to="cat", question="Seen [bold]this[/bold] before?"))
    case.do(RequestApproval(what=ApprovalKind.REFUND, amount=120, by="ana", why="charged twice"))
    out = " ".join((await desk("status", "T-1")).out.split())
    assert "advice asked of cat by ana: Seen [bold]this[/bold] before?" in out
    assert "approval refund of 120, asked of a person still to be found for ana: charged twice" in out

    case.do(RecordApprover(approval=1, person="dev"))
    assert "approval refund of 120, asked of dev for ana" in " ".join((await desk("status", "T-1")).out.split())
    view = (await desk("status", "T-1", "--json")).json["view"]
    assert view["consult"] == {"to": "cat", "question": "Seen [bold]this[/bold] before?", "by": "ana"}
    assert (view["approval"]["approver"], view["approval"]["amount"]) == ("dev", 120)
    case.do(AnswerConsult(by="cat", answer="Last May"))
    case.do(Approve(by="dev"))
    after = (await desk("status", "T-1", "--json")).json["view"]
    assert (after["consult"], after["approval"]) == (None, None)


async def test_an_exception_without_an_amount_is_shown_without_one(desk: Desk) -> None:
    case = desk.cases.opened()
    case.do(Acknowledge(by="ana"))
    case.do(RequestApproval(what=ApprovalKind.EXCEPTION, by="ana", why="loyal for years"))
    assert "exception, asked of dev for ana: loyal for years" in " ".join((await desk("status", "T-1")).out.split())


async def test_status_in_json_is_one_document(desk: Desk) -> None:
    desk.cases.opened()
    told = (await desk("status", "T-1", "--json")).json

    assert (told["escalation"], told["view"]["stage"], told["view"]["offered_to"]) == (
        "escalation-T-1",
        "offered",
        "ana",
    )
    assert {clock["clock"] for clock in told["clocks"]} >= {"acknowledge", "first_response", "resolution"}


async def test_an_unknown_escalation_exits_4(desk: Desk) -> None:
    ended = await desk("status", "T-404")

    assert (ended.code, ended.err.startswith("no such case: there is no escalation `escalation-T-404`")) == (4, True)


async def test_no_worker_and_no_server_exit_5(desk: Desk) -> None:
    desk.cases.failure = WorkersBusy("escalation-T-1", seconds=15, command_id="web-17")
    no_worker = await desk("acknowledge", "T-1", "--by", "ana", "--json")
    desk.cases.failure = TemporalUnreachable("nobody there")
    no_server = await desk("status", "T-1")

    assert (no_worker.code, '"command_id":"web-17"' in no_worker.err) == (5, True)
    assert (no_server.code, no_server.err) == (5, "no answer: nobody there\n")


async def test_the_unexpected_exits_70_with_one_line_and_a_hint(desk: Desk) -> None:
    desk.cases.failure = RuntimeError("it\nbroke")
    ended = await desk("status", "T-1")
    debugged = await desk("status", "T-1", "--debug")

    assert (ended.code, "Traceback" in ended.err) == (70, False)
    assert "run it again with --debug" in ended.err
    assert (debugged.code, "Traceback" in debugged.err) == (70, True)


async def test_a_mistake_shows_a_traceback_only_when_asked(desk: Desk) -> None:
    assert "Traceback" not in (await desk("status")).err
    assert "Traceback" in (await desk("status", "--debug")).err


async def test_the_timeline_shows_what_happened_in_order(desk: Desk) -> None:
    case = desk.cases.opened()
    case.do(Acknowledge(by="ana"))
    case.do(AddNote(by="ana", text="found the [bold]double[/bold] job"))
    out = (await desk("timeline", "T-1", "--everything")).out

    assert out.index("opened") < out.index("acknowledged") < out.index("noted")
    assert "text: found the [bold]double[/bold] job" in out
    assert "ana noted: found the [bold]double[/bold] job" in (await desk("timeline", "T-1")).out


async def test_the_timeline_is_a_story_within_80_columns_that_names_no_key(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    case = desk.cases.opened()
    case.do(Acknowledge(by="ana"))
    case.do(RecordCustomerReply(text="It is the last invoice, and I want my money back"))
    case.do(OfferOptions(options=(Option(id="a", title="Refund"), Option(id="b", title="Repair")), by="ana"))
    case.do(Choose(option="a"))
    case.do(MakePromise(what="a refund", at=MONDAY + timedelta(hours=1), by="ana"))
    case.wait(timedelta(days=3))
    shown = (await desk("timeline", "T-1")).out
    story = " ".join(shown.split())

    for line in (
        'desk escalated it for Ann as SEV2 billing, because of unresolved: "Invoices are sent twice"',
        "ana took it",
        'the customer wrote: "It is the last invoice, and I want my money back"',
        'ana offered a choice: "Refund"; "Repair"',
        'the customer chose "Refund"',
        'ana promised "a refund" by 2026-03-02 10:00 UTC',
        "MISSED: the promise was not kept",
        "letter to the customer: delay notice",
    ):
        assert line in story
    assert not re.search(r"/customer|_|clock stopped|owner sought", story)
    assert all(len(line.rstrip()) <= 80 for line in shown.splitlines())


async def test_a_text_that_is_cut_says_how_to_read_it_whole(desk: Desk) -> None:
    case = desk.cases.opened()
    case.do(Acknowledge(by="ana"))
    whole = "All of it. " * 3_000
    case.do(shortened(RecordCustomerReply(text=whole)).command)
    for level in ((), ("--everything",)):
        story = " ".join((await desk("timeline", "T-1", *level)).out.split())
        assert f"the whole text: escalations history T-1 --text {reference_to(whole)[:12]}]" in story


async def test_the_timeline_in_json_is_one_event_a_line(desk: Desk) -> None:
    desk.cases.opened()
    ended = await desk("timeline", "T-1", "--json")

    assert [event["kind"] for event in ended.items] == desk.cases.lives["T-1"].kinds()
    assert ended.items[0]["at"] == "2026-03-02T09:00:00Z"


async def test_a_text_cannot_play_tricks_with_the_terminal(desk: Desk) -> None:
    desk.cases.opened(summary="calm\x1b[2J\u202efdp")
    out = (await desk("status", "T-1")).out

    assert "calm\N{REPLACEMENT CHARACTER}[2J\N{REPLACEMENT CHARACTER}fdp" in out


async def test_explain_says_what_counted_and_what_did_not(desk: Desk) -> None:
    case = desk.cases.opened()
    case.do(Acknowledge(by="ana"))
    case.wait(timedelta(hours=1))
    case.do(RequestInformation(by="ana", question="which?"))
    case.wait(timedelta(hours=1))
    ended = await desk("explain", "T-1", "resolution")

    assert ended.code == 0
    assert "resolution, run 1" in ended.out
    assert "1 h of 2 h on the wall" in line_of(ended.out, "counted")
    assert "waiting on customer, by ana" in line_of(ended.out, "pause")
    assert "open (paused)" in line_of(ended.out, "50%")


async def test_explain_counts_up_to_now_though_nothing_has_happened_since(desk: Desk) -> None:
    desk.cases.opened()
    desk.now += timedelta(hours=3)
    ended = await desk("explain", "T-1", "resolution")

    assert "3 h of 3 h on the wall" in line_of(ended.out, "counted")
    assert "45 h" in line_of(ended.out, "left")


async def test_explain_without_a_clock_explains_all(desk: Desk) -> None:
    desk.cases.opened()
    told = (await desk("explain", "T-1", "--json")).items

    runs = set(desk.cases.lives["T-1"].state.runs)
    assert {one["clock"] for one in told} == runs - {ClockName.AGEING}, "which is never due for this severity"


async def test_explain_of_a_clock_that_does_not_run_says_so(desk: Desk) -> None:
    desk.cases.opened()

    assert (await desk("explain", "T-1", "review")).out == ("review is not running; `timeline` shows earlier runs\n")


async def test_explain_refuses_a_clock_that_does_not_exist(desk: Desk) -> None:
    ended = await desk("explain", "T-1", "lunch")

    assert (ended.code, '"customer-update"' in ended.err) == (2, True)


async def test_list_shows_the_worst_first(desk: Desk) -> None:
    desk.cases.opened("T-1", severity=Severity.SEV3)
    desk.cases.opened("T-2", severity=Severity.SEV1)
    out = (await desk("list")).out
    items = (await desk("list", "--json")).items

    assert out.index("T-2") < out.index("T-1")
    assert [item["ticket"] for item in items] == ["T-2", "T-1"]


async def test_an_empty_list_says_so_to_people_and_nothing_to_programs(desk: Desk) -> None:
    assert (await desk("list")).out == "no such escalations\n"
    assert (await desk("list", "--json")).out == ""


async def test_list_passes_on_what_is_wanted(desk: Desk) -> None:
    await desk("list", "--stage", "waiting-on-customer", "--severity", "SEV1", "--owner", "ana", "--breached")

    assert desk.cases.wanted == Filter(
        stage=Stage.WAITING_ON_CUSTOMER, severity=Severity.SEV1, owner="ana", breached=True
    )


@pytest.mark.parametrize("words", [("--stage", "lost"), ("--limit", "0")])
async def test_list_refuses_what_does_not_exist(desk: Desk, words: tuple[str, str]) -> None:
    assert (await desk("list", *words)).code == 2


def test_a_search_asks_for_open_escalations_only() -> None:
    query = search_query(Filter())

    assert "ExecutionStatus = 'Running'" in query
    assert "EscalationStage NOT IN ('closed', 'cancelled')" in query


def test_a_search_for_a_stage_finds_that_stage_whether_over_or_not() -> None:
    latest = "WorkflowType = 'Escalation' AND ExecutionStatus != 'ContinuedAsNew'"
    assert search_query(Filter(stage=Stage.CLOSED)) == f"{latest} AND EscalationStage = 'closed'"


def test_a_search_joins_all_that_is_wanted() -> None:
    wanted = Filter(include_over=True, category=Category.POLICY, owner="ana", breached=False)
    conditions = search_query(wanted).split(" AND ")

    assert conditions[2:] == [
        "EscalationCategory = 'policy'",
        "EscalationOwner = 'ana'",
        "(EscalationBreached = false OR EscalationBreached IS NULL)",
    ]


def test_a_name_cannot_break_out_of_a_search() -> None:
    assert search_query(Filter(include_over=True, owner="x' OR 'a")).endswith(r"EscalationOwner = 'x\' OR \'a'")


async def test_status_shows_the_whole_life_of_a_case(desk: Desk) -> None:
    case = desk.cases.opened()
    case.do(Acknowledge(by="ana"))
    case.do(Resolve(by="ana", outcome=Outcome.WORKAROUND, solution="by hand"))
    case.wait(timedelta(days=3))
    case.do(AnswerSurvey(score=2))
    answered = (await desk("status", "T-1")).out
    case.do(Reopen(by="customer", why="it is back"))
    reopened = (await desk("status", "T-1")).out

    assert line_of(answered, "outcome").split() == ["outcome", "workaround"]
    assert line_of(answered, "score").split() == ["score", "2", "of", "5"]
    assert line_of(reopened, "cycle").split() == ["cycle", "2"]


async def test_status_of_a_case_that_is_over_shows_no_clock(desk: Desk) -> None:
    desk.cases.opened().do(Cancel(by="ana", cause=CancelCause.DUPLICATE, duplicate_of="T-2"))
    out = (await desk("status", "T-1")).out

    assert line_of(out, "stage").split() == ["stage", "cancelled"]
    assert "no clock runs" in out


async def test_the_timeline_shows_how_long_a_clock_took_and_whether_it_was_kept(desk: Desk) -> None:
    case = desk.cases.opened()
    case.do(Acknowledge(by="ana"))
    case.wait(timedelta(hours=3))
    case.do(RequestInformation(by="ana", question="which?"))
    case.wait(timedelta(days=1))
    case.do(RecordCustomerReply(text="this one"))
    case.do(Resolve(by="ana", outcome=Outcome.SOLVED, solution="done"))
    out = (await desk("timeline", "T-1", "--everything")).out

    assert "first response, run 1: broken; 3 h counted of 3 h on the wall; ended by: information requested" in out
    assert "resolution, run 1: kept; 3 h counted of 27 h on the wall; ended by: resolved" in out


async def test_a_clock_that_no_one_answered_is_not_called_kept(desk: Desk) -> None:
    desk.cases.opened().do(Cancel(by="ana", cause=CancelCause.DUPLICATE, duplicate_of="T-2"))
    out = (await desk("timeline", "T-1", "--everything")).out

    assert re.search(r"resolution, run 1: not broken; .* ended by: cancelled", out)
    assert "kept" not in out


async def test_the_timeline_shows_what_moved_a_due_date_and_who_named_one(desk: Desk) -> None:
    case = desk.cases.opened()
    case.do(Acknowledge(by="ana"))
    resolution = ClockName.RESOLUTION
    case.do(SetDue(clock=resolution, at=MONDAY + timedelta(hours=6), by="ana", why="agreed"))
    case.do(SetDue(clock=resolution, at=None, by="ana", why="a mistake"))
    case.do(Pause(by="ana", why="vendor"))
    out = (await desk("timeline", "T-1", "--everything")).out

    assert "resolution, run 1: due 2026-03-02 15:00:00 UTC, whatever else happens; why: agreed" in out
    assert "due: 2026-03-02 15:00:00 UTC, before: 2026-03-04 09:00:00 UTC; because of: due set" in out
    assert "resolution, run 1: the policy says again when it is due; why: a mistake" in out
    assert "due: open (paused), before: 2026-03-04 09:00:00 UTC; because of: paused" in out


async def test_the_timeline_shows_which_policy_holds_from_when(desk: Desk) -> None:
    case = desk.cases.opened()
    case.do(Acknowledge(by="ana"))
    gold = PolicyRef(name="gold", version=3, checksum="3" * 64)
    case.do(AdoptPolicy(policy=RESTARTING, ref=gold, by="ana", why="a new contract"))
    out = " ".join((await desk("timeline", "T-1", "--everything")).out.split())

    assert "policy applied, ana: gold version 3; restarted: first response, customer update" in out
    assert "why: a new contract" in out
    assert "policy: example version 1" in out, "the opening's"


async def test_the_timeline_shows_instants_and_people_readably(desk: Desk) -> None:
    case = desk.cases.opened()
    case.do(Acknowledge(by="ana"))
    case.do(MakePromise(what="a fix", at=case.now + timedelta(hours=2), by="ana"))
    out = (await desk("timeline", "T-1", "--everything")).out

    assert "eta: 2026-03-02 11:00:00 UTC" in out
    assert "customer: c-1 Ann" in out


async def test_status_says_how_many_messages_the_customer_was_sent(desk: Desk) -> None:
    case = desk.cases.opened()
    first = (await desk("status", "T-1")).out
    case.do(Acknowledge(by="ana"))
    case.do(RequestInformation(by="ana", question="which?"))
    later = (await desk("status", "T-1")).out

    assert line_of(first, "customer").rstrip().endswith("1 message sent to them")
    assert line_of(later, "customer").rstrip().endswith(f"{case.state.messages} messages sent to them")


async def test_the_timeline_answers_yes_in_words(desk: Desk) -> None:
    case = desk.cases.opened()
    case.wait(timedelta(days=3))
    out = (await desk("timeline", "T-1", "--everything")).out

    assert "breach: yes" in out
    assert "True" not in out
