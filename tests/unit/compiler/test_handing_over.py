"""What a policy says of handing over: the packet, advice, approval, the end of a shift."""

import pytest

from escalation.clock_rules import Action, Basis
from escalation.compiler.diff import diff_policies
from escalation.vocabulary import ClockName, PacketPart
from tests.unit.compiler.texts import SOUND, compiled, edited, problems, with_clock


def with_ladder(lines: str) -> str:
    return edited("ladder:\n", f"ladder:\n  {lines}\n")


def test_without_a_word_a_packet_needs_the_concern_and_what_was_tried_and_no_one_confirms_it() -> None:
    ladder = compiled(SOUND).policy.ladder
    assert ladder.packet == (PacketPart.CONCERN, PacketPart.TRIED)
    assert not ladder.confirm_packet


def test_a_policy_names_the_parts_in_any_order_and_has_them_confirmed() -> None:
    ladder = compiled(with_ladder("packet: [proposed, tried, concern]\n  confirm_packet: true")).policy.ladder
    assert ladder.packet == (PacketPart.CONCERN, PacketPart.TRIED, PacketPart.PROPOSED)
    assert ladder.confirm_packet


def test_a_part_that_does_not_exist_is_refused() -> None:
    found = problems(with_ladder("packet: [concern, evidense]"))
    assert any("evidense" in one and "evidence" in one for one in found)


@pytest.mark.parametrize(
    "clock",
    [
        "consult: {targets: 2h, thresholds: {50%: remind_asked, due: remind_owner, +1h: remind_asked}}",
        "approval: {targets: 4h, thresholds: {50%: remind_asked, due: [tell_overseer, remind_owner], +1h: tell_overseer}}",
        "shift_end: {thresholds: {-1h: remind_owner, -10m: remind_owner, due: offer_on}}",
    ],
)
def test_a_clock_about_handing_over_compiles(clock: str) -> None:
    assert ClockName(clock.partition(":")[0]) in compiled(with_clock(clock)).policy.clocks


@pytest.mark.parametrize(
    ("clock", "told"),
    [
        ("consult: {targets: 2h, thresholds: {due: remind_asked}}", "`consult` does not `remind_owner`"),
        ("approval: {targets: 2h, thresholds: {due: remind_owner}}", "`approval` does not `tell_overseer`"),
        ("consult: {targets: 2h, thresholds: {due: [remind_owner, climb]}}", "`climb` makes no sense on `consult`"),
        ("shift_end: {thresholds: {-1h: remind_owner}}", "`shift_end` does not `offer_on`"),
        ("shift_end: {thresholds: {50%: remind_owner, due: offer_on}}", "whose target is the end of the shift"),
        ("shift_end: {targets: 8h, thresholds: {due: offer_on}}", "targets"),
        (
            "consult: {targets: 2h, thresholds: {due: remind_owner}, paused_by: waiting_on_customer}",
            "`consult` must run",
        ),
    ],
)
def test_a_clock_about_handing_over_that_would_end_in_nothing_is_refused(clock: str, told: str) -> None:
    assert any(told in one for one in problems(with_clock(clock)))


def test_the_end_of_a_shift_has_no_target_but_the_roster() -> None:
    rule = compiled(with_clock("shift_end: {thresholds: {-30m: remind_owner, due: offer_on}}")).policy.clocks[
        ClockName.SHIFT_END
    ]
    assert [(one.basis, one.actions) for one in rule.thresholds] == [
        (Basis.BEFORE, (Action.REMIND_OWNER,)),
        (Basis.PERCENT, (Action.OFFER_ON,)),
    ]


def test_what_is_asked_of_a_packet_is_a_difference_between_policies() -> None:
    old, new = compiled(SOUND).policy, compiled(with_ladder("packet: concern\n  confirm_packet: true")).policy
    assert [(one.path, one.old, one.new) for one in diff_policies(old, new)] == [
        ("ladder.packet", "concern, tried", "concern"),
        ("ladder.confirm_packet", False, True),
    ]


def test_the_end_of_a_shift_in_one_policy_only_is_a_difference() -> None:
    old, new = compiled(SOUND).policy, compiled(with_clock("shift_end: {thresholds: {due: offer_on}}")).policy
    assert {change.where[:2] for change in diff_policies(old, new)} == {("clocks", "shift_end")}
