"""Limits on contacts, as a policy file writes them, and as `policy explain` and `policy diff` tell them."""

import pytest

from escalation.business_time import BusinessDays, OpenTime
from escalation.clock_rules import CONTACT_LIMIT_RULE
from escalation.compiler.diff import diff_policies
from escalation.compiler.explain import LaneLimit, explain_limits
from escalation.policy import ContactLimit
from escalation.vocabulary import Category, ClockName, Reason
from tests.unit.compiler.texts import SOUND, assert_refused, compiled, edited, problems

LANES = edited("    - name: back\n", "    - name: back\n  lanes: {behaviour: back, legal: back}\n")


def with_limits(written: str, text: str = LANES) -> str:
    """The sound policy with two lanes and these limits, written without indentation."""
    return text + "contact_limits:\n" + "".join(f"  {line}\n" for line in written.splitlines())


def test_a_limit_is_a_number_of_messages_within_a_time_that_is_counted_around_the_clock_or_on_a_calendar() -> None:
    policy = compiled(
        with_limits("behaviour: {at_most: 3, within: 1bd, calendar: office}\nlegal: {at_most: 1, within: 2d}")
    ).policy
    assert policy.contact_limits == {
        Category.BEHAVIOUR: ContactLimit(at_most=3, within=BusinessDays(1), calendar="office"),
        Reason.LEGAL: ContactLimit(at_most=1, within=OpenTime(172_800), calendar="24x7"),
    }


def test_a_policy_with_a_limit_has_the_clock_that_ends_it_and_one_without_has_none() -> None:
    limited = compiled(with_limits("legal: {at_most: 1, within: 2h}")).policy
    assert limited.clocks[ClockName.CONTACT_LIMIT] == CONTACT_LIMIT_RULE
    for text in (SOUND, SOUND + "contact_limits: {}\n"):
        assert ClockName.CONTACT_LIMIT not in compiled(text).policy.clocks
        assert compiled(text).policy.contact_limits == {}


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("billing: {at_most: 1, within: 2h} # here", ("the ladder has no lane `billing`", "`behaviour`, `legal`")),
        ("lagal: {at_most: 1, within: 2h} # here", ("`lagal` is not known here", "did you mean `legal`?")),
        ("legal:\n  at_most: 0 # here\n  within: 2h", ("`at_most` is 0; write at least 1",)),
        ("legal:\n  at_most: 1001 # here\n  within: 2h", ("`at_most` is 1001; write at most 1000",)),
        ("legal:\n  at_most: 1.5 # here\n  within: 2h", ("`at_most` is `1.5` where a whole number is expected",)),
        ("legal: {within: 2h} # here", ("`legal` has no `at_most`", "how many within the window")),
        ("legal: {at_most: 1} # here", ("`legal` has no `within`",)),
        (
            "legal:\n  at_most: 1\n  within: 1d # here\n  calendar: office",
            ("'1d' can be read in two ways on calendar 'office'", "'1bd'"),
        ),
        ("legal:\n  at_most: 1\n  within: 0s # here", ("`0s` is zero",)),
        ("legal:\n  at_most: 1\n  within: soon # here", ("soon",)),
        ("legal:\n  at_most: 1\n  within: 2h\n  calendar: offce # here", ("no calendar `offce`", "`office`?")),
        ("legal:\n  at_most: 1\n  within: 2h\n  most: 2 # here", ("unknown key `most`",)),
        ("legal: 3 # here", ("`legal` is `3` where a mapping is expected",)),
    ],
)
def test_a_limit_that_makes_no_sense_is_refused_in_its_line(written: str, said: tuple[str, ...]) -> None:
    assert_refused(with_limits(written), *said)


def test_without_any_lane_the_advice_is_to_add_one() -> None:
    assert_refused(with_limits("legal: {at_most: 1, within: 2h} # here", SOUND), "no lane `legal`", "add `legal:`")


def test_limits_that_are_not_a_mapping_are_refused() -> None:
    assert_refused(LANES + "contact_limits: [legal] # here\n", "`contact_limits`", "a mapping is expected")


def test_all_that_is_wrong_with_limits_is_shown_at_once() -> None:
    found = problems(with_limits("billing: {at_most: 1, within: 2h}\nlegal: {at_most: 1, within: 2h, calendar: x}"))
    assert len(found) == 2


def test_the_clock_of_the_limit_cannot_be_written_by_hand() -> None:
    text = edited("clocks:\n", "clocks:\n  contact_limit: {targets: 1h, thresholds: {due: breach}} # here\n")
    assert_refused(text, "unknown key `contact_limit`")


def test_what_the_compiler_writes_cannot_be_asked_of_another_clock() -> None:
    text = edited("      due: breach", "      due: [breach, put_forward] # here")
    assert_refused(text, "`put_forward` makes no sense on `resolution`")


def test_the_limits_that_hold_for_an_escalation_are_shown() -> None:
    policy = compiled(
        with_limits("behaviour: {at_most: 3, within: 1bd, calendar: office}\nlegal: {at_most: 1, within: 2d}")
    ).policy
    behaviour = LaneLimit(contact_limit=Category.BEHAVIOUR, at_most=3, within="1bd on office")
    legal = LaneLimit(contact_limit=Reason.LEGAL, at_most=1, within="2d on 24x7")
    assert explain_limits(policy, Category.BEHAVIOUR) == (behaviour,)
    assert explain_limits(policy, Category.BEHAVIOUR, reasons=(Reason.SILENCE, Reason.LEGAL)) == (behaviour, legal)
    assert explain_limits(policy, Category.BILLING, reasons=(Reason.SILENCE,)) == ()


def test_a_limit_that_is_another_now_is_a_difference_and_its_clock_is_none() -> None:
    old = compiled(with_limits("behaviour: {at_most: 3, within: 1bd, calendar: office}")).policy
    new = compiled(with_limits("behaviour: {at_most: 2, within: 8h}\nlegal: {at_most: 1, within: 2d}")).policy
    none = compiled(LANES).policy
    assert [(change.path, change.old, change.new) for change in diff_policies(old, new)] == [
        ("contact_limits.behaviour.at_most", 3, 2),
        ("contact_limits.behaviour.within", "1bd on office", "8h on 24x7"),
        ("contact_limits.legal.at_most", None, 1),
        ("contact_limits.legal.within", None, "2d on 24x7"),
    ]
    assert {change.where[0] for change in diff_policies(none, new)} == {"contact_limits"}
    assert diff_policies(new, new) == ()
