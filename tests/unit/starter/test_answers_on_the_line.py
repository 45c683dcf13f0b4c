"""What the command line answers to a command that was accepted or refused."""

import json

import pytest

from tests.unit.starter.desk import BY, Desk


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
    (("escalate", "--why", "x", "--concern", "c", "--nothing-tried"), "moved up to specialist, and Ann is notified"),
    (("resolve", "--outcome", "solved", "--solution", "patched"), "resolved (solved); the solution goes to Ann"),
    (("cancel", "--cause", "withdrawn"), "cancelled, and Ann is notified"),
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
