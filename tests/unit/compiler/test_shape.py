from datetime import UTC, datetime

import pytest

from escalation.compiler.compile import years_frozen
from tests.unit.compiler.texts import SOUND, assert_refused, compiled, edited, problems, with_clock


def test_the_sound_policy_has_no_problems() -> None:
    assert problems(SOUND) == ()


def test_an_unknown_key_is_refused_with_the_closest_known_one() -> None:
    assert_refused(edited("  contact: desk", "  contact: desk\n  round: 2 # here"), "unknown key `round`", "`rounds`?")


def test_an_unknown_key_like_no_other_is_refused_with_all_known_ones() -> None:
    assert_refused(
        edited("    - name: back", "    - name: back\n      zzz: 1 # here"),
        "unknown key `zzz`",
        "`acknowledge`, `authority`, `name`, `people_to_try`, `skills`",
    )


def test_an_unknown_key_in_a_rule_of_a_list_is_refused_in_its_own_line() -> None:
    text = edited("targets: 16h", "targets:\n      - within: 16h\n        severty: SEV1 # here")
    assert_refused(text, "unknown key `severty`", "`severity`?")


def test_an_unknown_clock_is_refused_with_the_closest_known_one() -> None:
    assert_refused(
        with_clock("next_reponse: # here\n  targets: 1h\n  thresholds: {due: breach}"),
        "unknown key `next_reponse`",
        "`next_response`?",
    )


@pytest.mark.parametrize(
    ("old", "new", "word", "hint"),
    [
        ("due: breach", "due: breech # here", "breech", "`breach`?"),
        ("due: breach", "due: [breach, clmb] # here", "clmb", "`climb`?"),
        ("targets: 16h", "targets: {SEV1: 1h, SEV2: 1h, SEV3: 1h, SEV4: 1h, SEV5: 1h} # here", "SEV5", "`SEV4`?"),
        ("  SEV3: office", "  SEV33: office # here", "SEV33", "`SEV3`?"),
        (
            "    - name: back",
            "    - name: back\n  lanes:\n    behavior: back # here",
            "behavior",
            "`behaviour`?",
        ),
        ("targets: 16h", "targets: 16h\n    paused_by: [waiting] # here", "waiting", "`waiting_on_customer`?"),
        ("targets: 16h", "targets: 16h\n    on_retarget: restrt # here", "restrt", "`restart`?"),
        ("policy: small", "policy: small\nchannels:\n  customer: [mail] # here", "mail", "`email`?"),
        ("policy: small", "policy: small\nreviews:\n  severities: [SEV9] # here", "SEV9", "did you mean `SEV4`?"),
        ("zone: Europe/Berlin", "zone: Europe/Berlin\n    boundary: closed # here", "closed", "`close`?"),
        ("targets: 16h", "targets: [{within: 16h, category: bills}] # here", "bills", "`billing`?"),
    ],
)
def test_an_unknown_word_is_refused_with_the_closest_known_one(old: str, new: str, word: str, hint: str) -> None:
    assert_refused(edited(old, new), f"`{word}` is not known here", hint)


def test_a_word_like_no_other_is_refused_with_all_known_ones() -> None:
    assert_refused(
        edited("zone: Europe/Berlin", "zone: Europe/Berlin\n    boundary: xyz # here"), "`close`, `next_open`"
    )


@pytest.mark.parametrize(
    ("key", "clue"),
    [("overseer: boss", "`ladder` has no `overseer`"), ("contact: desk", "`ladder` has no `contact`")],
)
def test_a_ladder_without_its_people_is_refused(key: str, clue: str) -> None:
    text = edited("ladder:", "ladder: # here").replace(f"  {key}\n", "")
    assert_refused(text, clue, f"add `{key.split(':', maxsplit=1)[0]}:`", "person" if "overseer" in key else "contact")


def test_an_empty_overseer_is_refused() -> None:
    assert_refused(edited("overseer: boss", 'overseer: "" # here'), "`overseer` is empty")


@pytest.mark.parametrize(
    "clock", ["acknowledge", "check_in", "customer_update", "customer_reply", "resolution", "reopen_window"]
)
def test_a_policy_without_a_clock_that_keeps_cases_awake_is_refused(clock: str) -> None:
    before, _, rest = SOUND.partition(f"  {clock}:\n")
    after = "".join(rest.splitlines(keepends=True)[3:])
    text = (before + after).replace("clocks:", "clocks: # here")
    assert_refused(text, f"`clocks` has no `{clock}`", f"add `{clock}:`")


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("zone: Europe/Berlin", "zone: 5 # here", "`zone` is `5` where text is expected"),
        ("contact: desk", "contact: desk\n  rounds: two # here", "`rounds` is `two` where a whole number is expected"),
        ("contact: desk", "contact: desk\n  rounds: true # here", "`rounds` is `true` where a whole number"),
        ("contact: desk", "contact: desk\n  rounds: 0 # here", "`rounds` is 0; write at least 1"),
        ("contact: desk", "contact: desk\n  rounds: 101 # here", "`rounds` is 101; write at most 100"),
        ("policy: small", "policy: small\nclosing:\n  thanks: yes # here", "`thanks` is `yes` where `true` or `false`"),
        (
            "policy: small",
            "policy: small\nclosing: {satisfied_from: 6} # here",
            "`satisfied_from` is 6; write at most 5",
        ),
        ("policy: small", "policy: small\nclosing: # here", "`closing` is empty where a mapping is expected"),
        ("policy: small", "policy: Not A Name # here", "`Not A Name` is not a name; use lower-case letters"),
        ("targets: 16h", "targets: 16 # here", "`targets` is `16` where a duration, a duration by severity"),
        (
            "  tiers:\n    - name: front\n    - name: back",
            "  tiers: front # here",
            "`tiers` is `front` where a list is expected",
        ),
    ],
)
def test_a_value_of_the_wrong_kind_is_refused_with_what_is_expected(old: str, new: str, said: str) -> None:
    assert_refused(edited(old, new), said)


def test_thresholds_that_are_not_a_mapping_are_refused() -> None:
    text = edited("    thresholds:\n      due: breach", "    thresholds: [due] # here")
    assert_refused(text, "`thresholds` is `[…]` where a mapping is expected")


def test_all_problems_are_shown_at_once_in_the_order_of_their_lines() -> None:
    text = edited("zone: Europe/Berlin", "zone: Europe/Berln")
    text = edited("overseer: boss", "oversear: boss", text)
    text = edited("due: breach", "due: breech", text)
    found = problems(edited("targets: 14bd", "targets: 1", text))
    assert [int(each.split(":")[1]) for each in found] == [4, 10, 11, 36, 38]
    assert "Berln" in found[0]
    assert "`overseer`" in found[1]
    assert "`oversear`" in found[2]
    assert "`breech`" in found[3]


def test_a_broken_calendar_does_not_hide_what_is_wrong_with_the_clocks_that_use_it() -> None:
    text = edited("mon-fri: 09:00-17:00", "mon-fri: 09:00-25:00")
    found = problems(edited("due: breach", "due: [breach, breach]", text))
    assert len(found) == 2
    assert "25:00" in found[0]
    assert "is listed twice" in found[1]


@pytest.mark.parametrize(
    ("many", "one"),
    [
        ("paused_by: [waiting_on_customer]", "paused_by: waiting_on_customer"),
        ("thresholds: {due: [breach]}", "thresholds: {due: breach}"),
        ("targets: [{within: 1h, severity: [SEV1]}]", "targets: [{within: 1h, severity: SEV1}]"),
    ],
)
def test_a_single_word_needs_no_brackets(many: str, one: str) -> None:
    clock = {"targets": "targets: 1h", "thresholds": "thresholds: {due: breach}"} | {one.split(":", maxsplit=1)[0]: one}
    short = with_clock("first_response:\n" + "\n".join(f"  {line}" for line in clock.values()))
    assert compiled(edited(one, many, short)) == compiled(short)


def test_holidays_are_frozen_for_this_year_and_those_that_deadlines_reach() -> None:
    assert years_frozen(datetime(2026, 12, 31, tzinfo=UTC)) == range(2026, 2030)


def test_a_file_longer_than_any_policy_is_not_read() -> None:
    assert problems("#" * 2_000_001)[0].startswith("policy.yaml:1: is longer than")
