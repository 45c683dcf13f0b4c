"""Mistakes on the command line: one line that says what to type, and nothing is sent."""

from pathlib import Path

import pytest

from tests.unit.starter.desk import BY, Desk


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
        ("offer-options T-1 --by ana --option a=x --default b", "is not one of the options; write one of a"),
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


async def test_a_packet_with_an_unknown_part_is_refused(desk: Desk, tmp_path: Path) -> None:
    (tmp_path / "packet.json").write_text('{"concerns": "c"}')
    ended = await desk("escalate", "T-1", "--why", "x", "--file", str(tmp_path / "packet.json"), *BY)

    assert (
        ended.code,
        "concerns: unknown; allowed are concern, contact, evidence, no_evidence, nothing_tried, proposed, tried"
        in ended.err,
    ) == (2, True)


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


async def test_a_person_who_left_is_called_so_and_not_a_slip(desk: Desk) -> None:
    desk.cases.opened()
    desk.cases.roster, desk.cases.people = frozenset({"ana"}), {"ana": "Ana", "ben": "Ben"}
    ended = await desk("note", "T-1", "found it", "--by", "ben")
    assert "--by ben: is no longer active in the roster" in ended.err
    assert "did you mean" not in ended.err
    assert desk.cases.sent == []


async def test_a_duplicate_of_no_case_is_refused_by_the_option_as_typed(desk: Desk) -> None:
    desk.cases.opened()
    ended = await desk("cancel", "T-1", "--cause", "duplicate", "--duplicate-of", "NOPE-1", *BY)
    assert "`--duplicate-of` is `NOPE-1`, which is not escalated; check the number" in ended.err
    assert desk.cases.sent == []
