"""What holds of every policy, sound or broken."""

import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from escalation.case.codec import from_json, to_json
from escalation.compiler.snapshot import checksum
from escalation.compiler.targets import Kind, matches
from escalation.policy import Policy
from escalation.vocabulary import Category, ClockName, Severity
from tests.unit.compiler.texts import compiled, problems

pytestmark = pytest.mark.slow  # many policies are compiled

DEFAULT = (Path(__file__).parents[3] / "policies/default.yaml").read_text(encoding="utf-8")
MARKER = re.compile(r"policy\.yaml:([0-9]+): .+")

durations = st.sampled_from(["45m", "2h", "8h", "1h30m", "1bd", "3bd"])
by_severity = st.fixed_dictionaries({severity.value: durations for severity in Severity})
percentages = st.lists(st.integers(1, 99), min_size=1, max_size=4, unique=True).map(sorted)
lanes = st.dictionaries(st.sampled_from(list(Category)), st.sampled_from(["front", "back"]), max_size=3)


@st.composite
def policies(draw: st.DrawFn) -> str:
    """The text of a sound policy."""
    resolution = draw(by_severity)
    warnings = "".join(f"      {percent}%: warn_owner\n" for percent in draw(percentages))
    always = "".join(
        f"  {clock}:\n    targets: {{{_mapping(draw(by_severity))}}}\n    thresholds: {{due: {action}}}\n"
        for clock, action in (
            ("acknowledge", "offer_on"),
            ("check_in", "offer_on"),
            ("customer_update", "[holding_update, tell_overseer]"),
            ("customer_reply", "resolve_no_reply"),
            ("reopen_window", "end_reopen_window"),
        )
    )
    calendars = {severity.value: draw(st.sampled_from(["24x7", "day", "night"])) for severity in Severity}
    return f"""\
policy: any
calendars:
  day: {{zone: Europe/London, hours: {{mon-fri: [09:00-12:00, 13:00-18:00]}}, holidays: {{country: GB}}}}
  night: {{zone: Australia/Lord_Howe, hours: {{mon-sun: 22:00-06:00}}, holidays: {{dates: [12-24]}}}}
calendar_by_severity: {{{_mapping(calendars)}}}
ladder:
  overseer: boss
  contact: desk
  rounds: {draw(st.integers(1, 5))}
  tiers: [{{name: front, people_to_try: {draw(st.integers(1, 9))}}}, {{name: back, authority: 100}}]
  lanes: {{{_mapping(draw(lanes))}}}
clocks:
{always}  resolution:
    targets: {{{_mapping(resolution)}}}
    thresholds:
{warnings}      due: [breach, climb]
"""


def _mapping(entries: dict[str, str] | dict[Category, str]) -> str:
    return ", ".join(f"{key}: {value}" for key, value in entries.items())


@given(policies())
@settings(max_examples=60, deadline=None)
def test_a_compiled_policy_reads_back_from_json_as_the_same_policy(text: str) -> None:
    policy = compiled(text).policy
    assert from_json(Policy, to_json(policy)) == policy
    assert checksum(from_json(Policy, to_json(policy))) == compiled(text).checksum


@given(policies())
@settings(max_examples=15, deadline=None)
def test_every_severity_has_its_own_target_however_targets_were_joined(text: str) -> None:
    policy = compiled(text).policy
    written = {
        clock: dict(re.findall(r"(SEV[1-4]): (\w+)", line))
        for clock, line in re.findall(r"  (\w+):\n    targets: (.*)\n", text)
    }
    for clock, durations_of in written.items():
        for severity, duration in durations_of.items():
            kind = Kind(Severity(severity), Category.BILLING)
            target = next(each for each in policy.clocks[ClockName(clock)].targets if matches(each, kind))
            alone = compiled(re.sub(rf"(  {clock}:\n    targets: ).*", rf"\g<1>{duration}", text)).policy
            same = next(each for each in alone.clocks[ClockName(clock)].targets if matches(each, kind))
            assert (target.within, target.calendar) == (same.within, same.calendar)


def _edits(draw: st.DrawFn, lines: list[str]) -> list[str]:
    number = draw(st.integers(0, len(lines) - 1))
    match draw(st.sampled_from(["drop", "repeat", "change", "indent"])):
        case "drop":
            return lines[:number] + lines[number + 1 :]
        case "repeat":
            return [*lines[:number], lines[number], *lines[number:]]
        case "indent":
            return [*lines[:number], f"  {lines[number]}", *lines[number + 1 :]]
        case _:
            word = draw(st.sampled_from(["5", "~", "[]", "{}", "due", "1d", "SEV1", "[[x]]", "office", "-1", "é", '"']))
            found = re.findall(r"[^\s:,\[\]{}]+", lines[number]) or [""]
            return [*lines[:number], lines[number].replace(draw(st.sampled_from(found)), word, 1), *lines[number + 1 :]]


@st.composite
def broken_policies(draw: st.DrawFn) -> str:
    """The default policy after some slips of the keyboard."""
    lines = DEFAULT.splitlines()
    for _ in range(draw(st.integers(1, 3))):
        lines = _edits(draw, lines)
    return "\n".join(lines)


@given(broken_policies())
@settings(max_examples=80, deadline=None)
def test_slips_of_the_keyboard_are_refused_with_a_line_of_the_file_or_make_no_difference(text: str) -> None:
    found = problems(text)
    lines = [int(match[1]) for each in found if (match := MARKER.fullmatch(each))]
    assert len(lines) == len(found), found
    assert all(1 <= line <= text.count("\n") + 2 for line in lines)
    assert lines == sorted(lines)
    if not found:
        assert compiled(text).policy.ladder.overseer


@given(st.text(max_size=200))
@settings(max_examples=100, deadline=None)
def test_no_text_at_all_ends_in_anything_but_a_refusal(text: str) -> None:
    assert problems(text)
