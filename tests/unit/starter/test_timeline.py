"""What `timeline` shows of an escalation: the story, or everything."""

import re
from datetime import timedelta

import pytest

from escalation.bounds import reference_to, shortened
from escalation.case.commands import (
    Acknowledge,
    AddNote,
    AdoptPolicy,
    Cancel,
    Choose,
    Consult,
    MakePromise,
    OfferOptions,
    Option,
    Pause,
    RecordCustomerReply,
    RequestInformation,
    Resolve,
    SetDue,
)
from escalation.case.values import PolicyRef
from escalation.vocabulary import CancelCause, ClockName, Outcome
from tests.unit.domain.policies import RESTARTING
from tests.unit.starter.desk import MONDAY, Desk


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
        "ana offered a choice: Refund; Repair",
        'the customer chose "Refund"',
        'ana promised "a refund" by 2026-03-02 10:00 UTC',
        'MISSED: the promise "a refund" was not kept',
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


async def test_the_timeline_answers_yes_in_words(desk: Desk) -> None:
    case = desk.cases.opened()
    case.wait(timedelta(days=3))
    out = (await desk("timeline", "T-1", "--everything")).out

    assert "breach: yes" in out
    assert "True" not in out


async def test_the_story_names_people(desk: Desk) -> None:
    case = desk.cases.opened()
    case.do(Acknowledge(by="ana"))
    case.do(Consult(by="ana", to="zoe", question="Is it the queue?"))
    desk.cases.people = {"ana": "Ana Silva"}
    story = " ".join((await desk("timeline", "T-1")).out.split())
    assert "Ana Silva took it" in story
    assert 'Ana Silva asked zoe: "Is it the queue?"' in story
