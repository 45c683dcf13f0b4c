import pytest

from escalation.business_time import BusinessDays, OpenTime
from escalation.clock_rules import Target
from escalation.vocabulary import Category, ClockName, Severity
from tests.unit.compiler.texts import assert_refused, compiled, edited, problems

HOUR = 3600


def resolution(written: str) -> tuple[Target, ...]:
    return compiled(with_targets(written)).policy.clocks[ClockName.RESOLUTION].targets


def with_targets(written: str, *more: str) -> str:
    """The sound policy with other resolution targets."""
    return edited("    targets: 16h", "\n".join([f"    targets:{written}", *(f"    {line}" for line in more)]))


def test_one_duration_for_all_is_counted_in_each_severitys_calendar() -> None:
    assert resolution(" 16h") == (
        Target(within=OpenTime(16 * HOUR), calendar="24x7", severity=(Severity.SEV1, Severity.SEV2)),
        Target(within=OpenTime(16 * HOUR), calendar="office", severity=(Severity.SEV3, Severity.SEV4)),
    )


def test_a_calendar_named_for_the_clock_counts_for_all_of_them() -> None:
    text = with_targets(" 14d", "calendar: 24x7")
    targets = compiled(text).policy.clocks[ClockName.RESOLUTION].targets
    assert targets == (Target(within=OpenTime(14 * 24 * HOUR), calendar="24x7"),)


def test_a_duration_by_severity() -> None:
    assert resolution(" {SEV1: 4h, SEV2: 8h, SEV3: 2bd, SEV4: 2bd}") == (
        Target(within=OpenTime(4 * HOUR), calendar="24x7", severity=(Severity.SEV1,)),
        Target(within=OpenTime(8 * HOUR), calendar="24x7", severity=(Severity.SEV2,)),
        Target(within=BusinessDays(2), calendar="office", severity=(Severity.SEV3, Severity.SEV4)),
    )


def test_rules_keep_their_order_and_their_conditions() -> None:
    rules = """
      - {within: 2h, severity: SEV1, customer_tier: [gold, silver]}
      - {within: 4h, severity: [SEV1, SEV2], category: billing, calendar: office}
      - within: 9h
"""
    first, second, *rest = resolution(rules.rstrip())
    assert first == Target(
        within=OpenTime(2 * HOUR), calendar="24x7", severity=(Severity.SEV1,), customer_tier=("gold", "silver")
    )
    assert second == Target(
        within=OpenTime(4 * HOUR),
        calendar="office",
        severity=(Severity.SEV1, Severity.SEV2),
        category=(Category.BILLING,),
    )
    assert [(each.calendar, each.severity) for each in rest] == [
        ("24x7", (Severity.SEV1, Severity.SEV2)),
        ("office", (Severity.SEV3, Severity.SEV4)),
    ]


def test_a_rule_may_name_subcategories_in_the_teams_own_words() -> None:
    rules = "\n      - {within: 2h, category: service, subcategory: [Unmet  SLA, outage]}\n      - within: 9h"
    first, *_ = resolution(rules)
    assert (first.category, first.subcategory) == ((Category.SERVICE,), ("unmet sla", "outage"))


def test_a_subcategory_in_a_target_needs_its_category() -> None:
    rules = "\n      - {within: 2h, subcategory: refund} # here\n      - within: 9h"
    assert_refused(with_targets(rules), "a `subcategory` needs the category", "add `category:`")


def test_the_first_rule_that_matches_stays_first_when_neighbours_are_joined() -> None:
    rules = " [{within: 1h, severity: SEV1}, {within: 2h, severity: SEV2}, {within: 1h, severity: [SEV1, SEV3, SEV4]}]"
    assert [each.severity for each in resolution(rules)] == [
        (Severity.SEV1,),
        (Severity.SEV2,),
        (Severity.SEV1,),
        (Severity.SEV3, Severity.SEV4),
    ]


def test_a_bare_day_on_a_calendar_that_closes_is_refused_with_the_two_ways_to_say_it() -> None:
    text = with_targets("\n      SEV1: 1d\n      SEV2: 1d\n      SEV3: 1d # here\n      SEV4: 2bd")
    assert_refused(text, "'1d' can be read in two ways on calendar 'office'", "'1bd'", "'24h'")


@pytest.mark.parametrize("text", ["soon", "4 hours", "4", "1h 5", "-4h", "", "h"])
def test_what_is_not_a_duration_is_refused_with_how_to_write_one(text: str) -> None:
    assert_refused(with_targets(f' "{text}" # here'), "is not a duration", "90s, 15m, 4h")


@pytest.mark.parametrize("text", ["0m", "0bd", "0h0m"])
def test_a_target_of_no_time_at_all_is_refused(text: str) -> None:
    assert_refused(with_targets(f" {text} # here"), f"`{text}` is zero")


def test_a_missing_severity_is_refused_where_the_clock_is_needed() -> None:
    text = edited("    targets: 16h", "    targets: # here\n      SEV1: 1h\n      SEV2: 2h\n      SEV3: 3h")
    assert_refused(text, "`resolution` has no target for SEV4", "such as `SEV4: 4h`")


@pytest.mark.parametrize(
    "clock", ["acknowledge", "check_in", "customer_update", "customer_reply", "resolution", "reopen_window"]
)
def test_every_clock_that_keeps_cases_awake_needs_all_severities(clock: str) -> None:
    found = problems(_with_only_sev1(clock))
    assert len(found) == 3
    assert all(f"`{clock}` has no target for SEV" in each for each in found)


def _with_only_sev1(clock: str) -> str:
    before, mark, after = edited("    - name: back", "    - name: back").partition(f"  {clock}:\n")
    lines = after.splitlines(keepends=True)
    return before + mark + "    targets: {SEV1: 9h}\n" + "".join(lines[1:])


def test_a_clock_that_is_not_needed_may_leave_severities_out() -> None:
    text = edited("clocks:\n", "clocks:\n  first_response: {targets: {SEV1: 1h}, thresholds: {due: breach}}\n")
    targets = compiled(text).policy.clocks[ClockName.FIRST_RESPONSE].targets
    assert [each.severity for each in targets] == [(Severity.SEV1,)]


def test_a_needed_clock_that_leaves_out_a_category_is_refused() -> None:
    others = ", ".join(each for each in Category if each is not Category.BEHAVIOUR)
    text = with_targets(f" # here\n      - {{within: 9h, category: [{others}]}}")
    found = problems(text)
    assert len(found) == 4
    assert "no target for SEV1 with `behaviour`; add a last rule without" in found[0]


def test_a_needed_clock_only_for_some_customer_tiers_is_refused() -> None:
    found = problems(with_targets("\n      - {within: 9h, customer_tier: gold}"))
    assert len(found) == 4


@pytest.mark.parametrize(
    "rules",
    [
        "\n      - within: 9h\n      - {within: 1h, severity: SEV1} # here",
        "\n      - {within: 1h, severity: [SEV1, SEV2]}\n      - {within: 2h, severity: SEV2, category: billing} # here"
        "\n      - within: 9h",
        "\n      - {within: 1h, severity: [SEV1, SEV2]}\n      - {within: 2h, severity: [SEV3, SEV4]}"
        "\n      - within: 9h # here",
        "\n      - {within: 1h, severity: SEV1}\n      - {within: 2h, severity: SEV1, customer_tier: gold} # here"
        "\n      - within: 9h",
    ],
)
def test_a_rule_that_can_never_match_is_refused(rules: str) -> None:
    assert_refused(with_targets(rules), "this target can never match", "move it before them")


def test_a_rule_that_matches_what_others_leave_is_fine() -> None:
    rules = "\n      - {within: 1h, severity: SEV1, category: billing}\n      - {within: 2h, severity: SEV1}"
    assert problems(with_targets(rules + "\n      - within: 9h")) == ()


def test_a_first_response_later_than_the_resolution_is_refused() -> None:
    clock = "clocks:\n  first_response:\n    targets:\n      SEV1: 1h\n      SEV2: 17h # here\n"
    text = edited("clocks:\n", clock + "    thresholds: {due: breach}\n")
    assert_refused(text, "the first response to SEV2 may come later than its resolution", "shorter")


def test_in_different_calendars_a_first_response_is_refused_that_is_later_from_every_hour_of_a_week() -> None:
    clock = "clocks:\n  first_response: {targets: {SEV2: %s}, calendar: office, thresholds: {due: breach}} # here\n"
    assert_refused(edited("clocks:\n", clock % "17h"), "the first response to SEV2 may come later than its resolution")
    assert_refused(edited("clocks:\n", clock % "2bd"), "the first response to SEV2 may come later")
    assert_refused(edited("clocks:\n", clock % "10h"), "the first response to SEV2 may come later")


def test_in_different_calendars_a_first_response_may_be_later_over_a_weekend() -> None:
    clock = "clocks:\n  first_response: {targets: {SEV2: 4h}, calendar: office, thresholds: {due: breach}}\n"
    assert problems(edited("clocks:\n", clock)) == ()


def test_a_response_around_the_clock_is_compared_with_a_resolution_in_office_hours() -> None:
    clock = "clocks:\n  first_response:\n    targets: {SEV3: %s} # here\n    calendar: 24x7\n"
    text = edited("clocks:\n", f"{clock}    thresholds: {{due: breach}}\n")
    assert problems(text % "24h") == ()
    assert_refused(text % "14d", "the first response to SEV3 may come later than its resolution")


def test_a_response_that_is_sometimes_earlier_than_the_resolution_is_fine() -> None:
    hours = "    hours:\n      mon-fri: 09:00-17:00\n"
    text = edited(hours, f"{hours}  fairs:\n    zone: UTC\n    hours: {{mon: 09:00-10:00}}\n")
    clock = "clocks:\n  first_response: {targets: {SEV1: 1h}, calendar: fairs, thresholds: {due: breach}}\n"
    assert problems(edited("clocks:\n", clock, text)) == ()


def test_customer_tiers_are_compared_one_by_one() -> None:
    clock = "clocks:\n  first_response:\n    targets:\n      - {within: 17h, customer_tier: gold} # here\n"
    text = edited("clocks:\n", f"{clock}      - within: 4h\n    thresholds: {{due: breach}}\n")
    found = problems(text)
    assert [each.split("; ")[0].split(": ", maxsplit=1)[1] for each in found] == [
        f"the first response to {severity} may come later than its resolution" for severity in Severity
    ]
    assert all(each.startswith("policy.yaml:19: ") for each in found)


def test_business_days_are_compared_by_the_hours_of_a_usual_day() -> None:
    clock = "clocks:\n  first_response:\n    targets: {SEV3: %s} # here\n    thresholds: {due: breach}\n"
    assert problems(edited("clocks:\n", clock % "2bd")) == ()
    assert_refused(edited("clocks:\n", clock % "3bd"), "the first response to SEV3 may come later")
