"""What is different between two policies: of what they mean, not of how they are written."""

from dataclasses import replace
from typing import cast

import pytest

from escalation.compiler.diff import diff_policies
from escalation.compiler.diff_values import Change, Fact
from escalation.guidance import Checklist, Guidance
from escalation.vocabulary import Channel
from tests.unit.compiler.texts import SOUND, compiled, edited, with_clock

pytestmark = [pytest.mark.slow, pytest.mark.core]  # many policies are compiled

OTHER = cast(Channel, "chat")
"""A channel that is still to come."""

Told = tuple[str, Fact, Fact]


def told(changes: tuple[Change, ...]) -> list[Told]:
    return [(change.path, change.old, change.new) for change in changes]


def diff(old: str, new: str) -> list[Told]:
    """Path, before and after of everything that is different between two texts."""
    return told(diff_policies(compiled(old).policy, compiled(new).policy))


def changed(*replacements: tuple[str, str], base: str = SOUND) -> list[Told]:
    """What is different once these passages of a text are replaced."""
    text = base
    for old, new in replacements:
        text = edited(old, new, text)
    return diff(base, text)


def resolving(targets: str) -> tuple[str, str]:
    return ("    targets: 16h", f"    targets: {targets}")


# What is the same.


@pytest.mark.parametrize(
    "replacement",
    [
        resolving("{SEV1: 16h, SEV2: 16h, SEV3: 16h, SEV4: 16h}"),
        resolving("[{within: 960m, severity: [SEV2, SEV1, SEV3]}, {within: 16h}]"),
        resolving("[{within: 16h, category: billing}, {within: 16h, customer_tier: gold}, {within: 16h}]"),
        ("      mon-fri: 09:00-17:00", "      mon: 09:00-17:00\n      tue-fri: [09:00-17:00]"),
        ("policy: small", "# a comment\npolicy: small\nlate_after: 5s\nchannels: {staff: email}"),
        ("    - name: back", "    - {name: back, people_to_try: 1, authority: 0, skills: []}"),
    ],
)
def test_another_way_to_write_the_same_is_not_a_difference(replacement: tuple[str, str]) -> None:
    assert changed(replacement) == []


def test_pauses_that_hold_for_the_same_escalations_are_not_a_difference() -> None:
    one = "[{cause: waiting_on_customer, severity: SEV3}, {cause: waiting_on_customer, severity: SEV4}]"
    other = "{cause: waiting_on_customer, severity: [SEV4, SEV3]}"
    texts = [edited("    targets: 16h", f"    targets: 16h\n    paused_by: {written}") for written in (one, other)]
    assert compiled(texts[0]).checksum != compiled(texts[1]).checksum
    assert diff(*texts) == []


# Targets.


def test_a_target_that_changes_for_all_is_one_change() -> None:
    text = edited("targets: 14bd", "calendar: 24x7\n    targets: 14d")
    assert diff(text, edited("targets: 14d", "targets: 10d", text)) == [
        ("clocks.reopen_window.targets", "14d on 24x7", "10d on 24x7")
    ]


def test_a_target_that_changes_for_a_severity_is_shown_for_that_one() -> None:
    assert changed(resolving("{SEV1: 16h, SEV2: 8h, SEV3: 16h, SEV4: 2bd}")) == [
        ("clocks.resolution.targets.SEV2", "16h on 24x7", "8h on 24x7"),
        ("clocks.resolution.targets.SEV4", "16h on office", "2bd on office"),
    ]


def test_a_target_that_changes_for_a_category_is_shown_for_that_one() -> None:
    assert changed(resolving("[{within: 8h, severity: SEV1, category: [billing, product]}, {within: 16h}]")) == [
        ("clocks.resolution.targets.SEV1.billing", "16h on 24x7", "8h on 24x7"),
        ("clocks.resolution.targets.SEV1.product", "16h on 24x7", "8h on 24x7"),
    ]


def test_a_target_that_changes_for_a_customer_tier_is_shown_for_that_one() -> None:
    assert changed(resolving("[{within: 8h, severity: SEV1, customer_tier: gold}, {within: 16h}]")) == [
        ("clocks.resolution.targets.SEV1.customer_tier=gold", "16h on 24x7", "8h on 24x7")
    ]


def test_a_target_that_changes_for_customers_of_no_named_tier_says_so() -> None:
    old = edited(*resolving("[{within: 8h, severity: SEV1, customer_tier: gold}, {within: 16h}]"))
    new = edited("{within: 16h}", "{within: 17h, severity: SEV1}, {within: 16h}", old)
    assert diff(old, new) == [("clocks.resolution.targets.SEV1.other customer tiers", "16h on 24x7", "17h on 24x7")]


def test_a_target_for_a_category_and_a_customer_tier_is_shown_for_both() -> None:
    rules = "[{within: 8h, severity: SEV1, category: billing, customer_tier: v1.gold}, {within: 16h}]"
    assert changed(resolving(rules)) == [
        ('clocks.resolution.targets.SEV1.billing."customer_tier=v1.gold"', "16h on 24x7", "8h on 24x7")
    ]


def test_the_calendar_a_severity_counts_in_shows_in_each_of_its_targets() -> None:
    found = changed(("  SEV4: office", "  SEV4: 24x7"))
    assert {path.rsplit(".", maxsplit=1)[1] for path, _, _ in found} == {"SEV4"}
    assert ("clocks.resolution.targets.SEV4", "16h on office", "16h on 24x7") in found
    assert len(found) == 6


def test_a_severity_that_loses_its_target_has_none_afterwards() -> None:
    old = with_clock("first_response: {targets: 1h, thresholds: {due: breach}, paused_by: waiting_on_customer}")
    new = edited("first_response: {targets: 1h", "first_response: {targets: {SEV1: 1h, SEV3: 1h, SEV4: 1h}", old)
    assert diff(old, new) == [
        ("clocks.first_response.targets.SEV2", "1h on 24x7", None),
        ("clocks.first_response.paused_by.SEV2", "waiting_on_customer", None),
    ]


# Thresholds, pauses, stops.


def test_thresholds_that_come_go_and_change_are_shown_by_their_names() -> None:
    old = edited("      due: breach", "      50%: warn_owner\n      due: breach")
    new = edited("      50%: warn_owner\n      due: breach", "      -1h: warn_owner\n      due: [breach, climb]", old)
    assert diff(old, new) == [
        ("clocks.resolution.thresholds.50%", "warn_owner", None),
        ("clocks.resolution.thresholds.due", "breach", "breach, climb"),
        ("clocks.resolution.thresholds.-1h", None, "warn_owner"),
    ]


def test_the_order_of_actions_is_a_difference() -> None:
    old = edited("due: breach", "due: [breach, climb]")
    assert diff(old, edited("[breach, climb]", "[climb, breach]", old)) == [
        ("clocks.resolution.thresholds.due", "breach, climb", "climb, breach")
    ]


def test_follow_ups_say_when_they_are() -> None:
    old = with_clock("follow_up: {calendar: office, after: [2bd, 10bd], survey: 2bd}")
    assert diff(old, edited("[2bd, 10bd], survey: 2bd", "[2bd, 8bd], survey: 8bd", old)) == [
        ("clocks.follow_up.targets", "10bd on office", "8bd on office"),
        ("clocks.follow_up.thresholds.1", "follow_up_survey after 2bd", "follow_up after 2bd"),
        ("clocks.follow_up.thresholds.2", "follow_up after 10bd", "follow_up_survey after 8bd"),
    ]


def test_a_pause_is_shown_for_the_escalations_it_newly_holds_for() -> None:
    old = edited("    targets: 16h", "    targets: 16h\n    paused_by: [waiting_on_customer]")
    conditions = "{cause: waiting_on_third_party, severity: SEV4}"
    assert diff(old, edited("[waiting_on_customer]", f"[waiting_on_customer, {conditions}]", old)) == [
        ("clocks.resolution.paused_by.SEV4", "waiting_on_customer", "waiting_on_customer, waiting_on_third_party")
    ]
    assert diff(SOUND, old) == [("clocks.resolution.paused_by", None, "waiting_on_customer")]


def test_what_stops_a_clock_and_what_a_change_of_severity_does_to_it() -> None:
    old = with_clock("first_response: {targets: 1h, thresholds: {due: breach}}")
    new = edited("{targets: 1h,", "{targets: 1h, stopped_by: acknowledged, on_retarget: restart,", old)
    assert diff(old, new) == [
        ("clocks.first_response.on_retarget", "keep", "restart"),
        ("clocks.first_response.stopped_by", "told, asked, options_offered", "acknowledged"),
    ]


def test_what_a_reopening_does_to_a_clock() -> None:
    new = edited("    targets: 16h", "    targets: 16h\n    on_reopen: resume")
    assert diff(SOUND, new) == [("clocks.resolution.on_reopen", "new_cycle", "resume")]


def test_a_clock_that_is_new_is_shown_in_full_and_a_removed_one_too() -> None:
    new = with_clock("promise: {thresholds: {-30m: remind_owner, due: lapse_promise}}")
    facts = [
        ("clocks.promise.thresholds.-30m", "remind_owner"),
        ("clocks.promise.thresholds.due", "lapse_promise"),
        ("clocks.promise.on_retarget", "keep"),
    ]
    assert diff(SOUND, new) == [(path, None, fact) for path, fact in facts]
    assert diff(new, SOUND) == [(path, fact, None) for path, fact in facts]


# Calendars.


def test_hours_are_shown_by_weekday() -> None:
    assert changed(("mon-fri: 09:00-17:00", "mon-thu: 09:00-17:00\n      fri: [08:00-12:00, 22:00-06:00]")) == [
        ("calendars.office.hours.fri", "09:00-17:00", "08:00-12:00, 22:00-06:00")
    ]
    assert changed(("mon-fri: 09:00-17:00", "mon-fri: 09:00-24:00"))[0] == (
        "calendars.office.hours.mon",
        "09:00-17:00",
        "09:00-24:00",
    )


def test_holidays_shifts_and_breaks_are_shown_by_date() -> None:
    exceptions = "    holidays: {dates: [12-24, 2026-12-31]}\n    shifts: {2026-12-05: 10:00-14:00}\n"
    text = edited("    hours:\n", f"{exceptions}    hours:\n")
    assert diff(SOUND, text) == [
        ("calendars.office.holidays.12-24", None, "closed"),
        ("calendars.office.holidays.2026-12-31", None, "closed"),
        ("calendars.office.shifts.2026-12-05", None, "10:00-14:00"),
    ]
    breaks = edited("    shifts: {2026-12-05: 10:00-14:00}\n", "    breaks: {2026-12-07: 12:00-13:00}\n", text)
    assert diff(text, breaks) == [
        ("calendars.office.shifts.2026-12-05", "10:00-14:00", None),
        ("calendars.office.breaks.2026-12-07", None, "12:00-13:00"),
    ]


def test_zone_and_boundary_of_a_calendar() -> None:
    assert changed(("zone: Europe/Berlin", "zone: Europe/Paris\n    boundary: next_open")) == [
        ("calendars.office.zone", "Europe/Berlin", "Europe/Paris"),
        ("calendars.office.boundary", "close", "next_open"),
    ]


def test_a_new_calendar_is_shown_with_the_days_it_opens() -> None:
    nights = "calendars:\n  nights: {zone: UTC, hours: {mon: 22:00-06:00}}\n"
    assert changed(("calendars:\n", nights)) == [
        ("calendars.nights.zone", None, "UTC"),
        ("calendars.nights.boundary", None, "close"),
        ("calendars.nights.hours.mon", None, "22:00-06:00"),
    ]


# Everything else.


def test_tiers_are_shown_by_their_names_and_in_their_order() -> None:
    new = "    - {name: back, people_to_try: 2, skills: [linux], authority: 50, acknowledge: 30m}"
    assert changed(("    - name: back", new)) == [
        ("ladder.tiers.back.people_to_try", 1, 2),
        ("ladder.tiers.back.skills", None, "linux"),
        ("ladder.tiers.back.authority", 0, 50),
        ("ladder.tiers.back.acknowledge", None, "30m"),
    ]
    assert changed(("    - name: front\n    - name: back", "    - name: back\n    - name: front")) == [
        ("ladder.order", "front, back", "back, front")
    ]


def test_lanes_are_shown_by_the_name_of_their_tier() -> None:
    old = edited("    - name: back", "    - name: back\n  lanes: {legal: back, billing: front}")
    assert diff(old, edited("{legal: back, billing: front}", "{legal: front, policy: back}", old)) == [
        ("ladder.lanes.billing", "front", None),
        ("ladder.lanes.legal", "back", "front"),
        ("ladder.lanes.policy", None, "back"),
    ]


def test_the_top_of_the_file() -> None:
    assert changed(
        ("policy: small", "policy: other\nlate_after: 2m\nclosing: {thanks: false, satisfied_from: 3}"),
        ("overseer: boss", "overseer: other\n  rounds: 2"),
    ) == [
        ("policy", "small", "other"),
        ("ladder.overseer", "boss", "other"),
        ("ladder.rounds", 1, 2),
        ("closing.satisfied_from", 4, 3),
        ("closing.thanks", True, False),
        ("late_after", "5s", "120s"),
    ]


def test_which_closed_escalations_are_reviewed() -> None:
    review = "review:\n  targets: 5bd\n  thresholds: {due: skip_review}"
    old = f"{with_clock(review)}reviews: {{severities: [SEV1]}}\n"
    assert diff(old, edited("[SEV1]", "[SEV2, SEV1]", old)) == [("reviews.severities", "SEV1", "SEV1, SEV2")]


def test_every_field_of_a_policy_is_compared() -> None:
    old = compiled(SOUND).policy
    assert told(diff_policies(old, replace(old, currency="EUR", compliance=("cards",)))) == [
        ("currency", None, "EUR"),
        ("compliance", None, "cards"),
    ]
    guided = Guidance(checklists=(Checklist(name="refund", items={"paid": "It is paid"}),))
    new = told(diff_policies(old, replace(old, guidance=guided)))
    assert ("guidance.checklists.refund.items.paid", None, "It is paid") in new


def test_channels_and_zone_data_are_compared_too() -> None:
    old = compiled(SOUND).policy
    new = replace(old, staff_channels=(OTHER, Channel.EMAIL), zone_data="2031a")
    assert told(diff_policies(old, new)) == [
        ("zone_data", old.zone_data, "2031a"),
        ("channels.staff", "email", "chat, email"),
    ]


def test_skills_of_a_subcategory_and_phrases_to_avoid_are_shown_by_their_place() -> None:
    assert changed(("  tiers:\n", "  skills: {gift cards: [cards]}\n  tiers:\n")) == [
        ("ladder.skills.gift cards", None, "cards")
    ]
    assert diff(SOUND, f"{SOUND}wording: {{en: [silly me]}}\n") == [("wording.en", None, "silly me")]
