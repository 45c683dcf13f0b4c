import pytest

from escalation.business_time import OpenTime
from escalation.clock_rules import Action, Basis, Threshold
from escalation.vocabulary import ClockName
from tests.unit.compiler.texts import SOUND, assert_refused, compiled, edited, problems


def with_thresholds(*lines: str, clock: str = "resolution") -> str:
    """The sound policy with other thresholds for a clock; its target is that of the sound policy."""
    before, mark, after = SOUND.partition(f"  {clock}:\n")
    target, head, _, *rest = after.splitlines(keepends=True)
    written = "".join(f"      {line}\n" for line in lines)
    return before + mark + target + head + written + "".join(rest)


def thresholds(*lines: str, clock: str = "resolution") -> tuple[Threshold, ...]:
    return compiled(with_thresholds(*lines, clock=clock)).policy.clocks[ClockName(clock)].thresholds


def test_a_threshold_is_named_as_it_is_written() -> None:
    read = thresholds(
        "2h: warn_owner", "50%: warn_owner", "-1h30m: warn_owner", "due: breach", "+1h: climb", "200%: climb"
    )
    assert [each.name for each in read] == ["2h", "50%", "-1h30m", "due", "+1h", "200%"]
    assert [each.basis for each in read] == [
        Basis.ELAPSED,
        Basis.PERCENT,
        Basis.BEFORE,
        Basis.PERCENT,
        Basis.AFTER,
        Basis.PERCENT,
    ]
    assert [each.by for each in read] == [OpenTime(7200), None, OpenTime(5400), None, OpenTime(3600), None]
    assert [each.percent for each in read] == [100, 50, 100, 100, 100, 200]


def test_the_target_itself_is_called_due_however_it_is_written() -> None:
    assert thresholds("100%: breach")[0].name == "due"


def test_actions_keep_their_order() -> None:
    assert thresholds("due: [climb, breach, tell_overseer]")[0].actions == (
        Action.CLIMB,
        Action.BREACH,
        Action.TELL_OVERSEER,
    )


@pytest.mark.parametrize("text", ["half", "50 %", "@2h", "50", "due:", "+", "- 1h", "DUE"])
def test_what_is_not_a_threshold_is_refused_with_how_to_write_one(text: str) -> None:
    found = problems(with_thresholds(f'"{text}": warn_owner', "due: breach"))
    assert len(found) == 1
    assert found[0].startswith("policy.yaml:36: ")
    assert "`75%`" in found[0] or "90s, 15m, 4h" in found[0]


@pytest.mark.parametrize("text", ["0%", "-5%", "00%"])
def test_a_share_of_nothing_is_refused(text: str) -> None:
    assert_refused(with_thresholds(f"{text}: warn_owner # here", "due: breach"), f"`{text}` is zero", "above 0")


def test_a_share_too_far_away_is_refused() -> None:
    assert_refused(with_thresholds("due: breach", "1001%: climb # here"), "write at most `1000%`")


def test_an_offset_of_nothing_is_refused() -> None:
    assert_refused(with_thresholds("due: breach", "+0m: climb # here"), "`0m` is zero")


def test_a_bare_day_is_refused_where_a_target_counts_in_a_calendar_that_closes() -> None:
    text = with_thresholds("due: breach", "+1d: climb # here")
    assert_refused(text, "'1d' can be read in two ways on calendar 'office'", "'1bd'", "'24h'")


def test_thresholds_out_of_order_are_refused() -> None:
    text = with_thresholds("75%: warn_owner", "50%: warn_owner # here", "due: breach").replace("office", "24x7")
    text = text.replace("calendars:\n  24x7:", "calendars:\n  office:")
    assert_refused(text, "`50%` fires before `75%`", "in the order in which they fire")


def test_the_order_is_checked_for_each_target_alone() -> None:
    text = with_thresholds("1h: warn_owner", "50%: warn_owner # here", "due: breach")
    text = edited("    targets: 16h", "    targets: {SEV1: 90m, SEV2: 16h, SEV3: 16h, SEV4: 16h}", text)
    assert_refused(text, "`50%` fires before `1h`, which is above it, for SEV1 (1h30m)")


@pytest.mark.parametrize(
    ("first", "second"),
    [("due: breach", "100%: climb # here"), ("-60m: warn_owner", "-1h: warn_owner # here")],
)
def test_the_same_moment_twice_is_refused(first: str, second: str) -> None:
    rest = () if "breach" in first else ("due: breach",)
    assert_refused(
        with_thresholds(first, second, *rest), f"`{second.split(':', maxsplit=1)[0]}` is the same as", "into one"
    )


def test_a_time_before_the_start_of_the_clock_is_refused() -> None:
    text = with_thresholds("-2h: warn_owner # here", "due: breach")
    text = edited("    targets: 16h", "    targets: {SEV1: 1h, SEV2: 16h, SEV3: 16h, SEV4: 16h}", text)
    assert_refused(text, "`-2h` lies before the start of the clock for SEV1 (1h)", "shorter")


def test_thresholds_at_the_same_moment_for_one_target_only_are_fine() -> None:
    assert problems(with_thresholds("50%: warn_owner", "-8h: warn_owner", "due: breach")) == ()
