import pytest

from escalation.business_time import BusinessDays, OpenTime
from escalation.policy import Tier
from escalation.vocabulary import Category, Reason
from tests.unit.compiler.texts import SOUND, assert_refused, compiled, edited, problems

TIERS = "    - name: front\n    - name: back\n"


def test_tiers_keep_their_order_and_what_they_ask_for() -> None:
    text = edited(
        "    - name: back",
        "    - {name: back, people_to_try: 3, skills: [linux], authority: 500, acknowledge: 45m}",
    )
    assert compiled(text).policy.ladder.tiers == (
        Tier(name="front"),
        Tier(name="back", people_to_try=3, skills=("linux",), authority=500, acknowledge=OpenTime(2700)),
    )


def test_lanes_turn_names_of_tiers_into_their_numbers() -> None:
    text = edited(TIERS, f"{TIERS}  lanes: {{legal: back, behaviour: back, billing: front}}\n")
    assert compiled(text).policy.ladder.lanes == {Category.BEHAVIOUR: 2, Category.BILLING: 1, Reason.LEGAL: 2}


def test_rounds_and_the_people_who_answer_for_the_ladder() -> None:
    ladder = compiled(edited("contact: desk", "contact: desk\n  rounds: 3")).policy.ladder
    assert (ladder.overseer, ladder.contact, ladder.rounds) == ("boss", "desk", 3)


def test_an_empty_ladder_is_refused() -> None:
    assert_refused(edited(f"  tiers:\n{TIERS}", "  tiers: [] # here\n"), "`tiers` is empty", "at least one")


def test_a_lane_to_a_tier_that_does_not_exist_is_refused() -> None:
    text = edited(TIERS, f"{TIERS}  lanes:\n    legal: bach # here\n")
    assert_refused(text, "there is no tier `bach`", "did you mean `back`?")


def test_a_lane_by_number_is_refused() -> None:
    assert_refused(edited(TIERS, f"{TIERS}  lanes: {{legal: 2}} # here\n"), "`legal` is `2` where text is expected")


def test_two_tiers_of_the_same_name_are_refused() -> None:
    assert_refused(edited("    - name: back", "    - name: front # here"), "two tiers are called `front`")


@pytest.mark.parametrize("role", ["overseer: boss", "contact: desk"])
@pytest.mark.parametrize("nobody", ['" "', "customer", "system", "Customer", "\uff53\uff59\uff53\uff54\uff45\uff4d"])
def test_people_of_the_ladder_who_cannot_be_there_are_refused(role: str, nobody: str) -> None:
    key = role.partition(":")[0]
    said = f"it cannot be the {key}" if nobody.isalpha() else f"`{key}` is empty"
    assert_refused(edited(role, f"{key}: {nobody} # here"), said)


def test_climbing_is_refused_where_the_ladder_has_one_tier() -> None:
    climbing = edited("      due: breach", "      due: [breach, tell_overseer, climb] # here")
    assert problems(climbing) == ()
    assert_refused(edited("    - name: back\n", "", climbing), "`climb` leads nowhere", "add a tier")


def test_every_climb_that_leads_nowhere_is_shown_in_its_line() -> None:
    climbing = edited("      due: breach", "      due:\n        - breach\n        - climb\n      150%: climb")
    found = problems(edited("    - name: back\n", "", climbing))
    assert [each.split(":")[1] for each in found] == ["37", "38"]


def test_a_tier_that_tries_no_one_is_refused() -> None:
    text = edited("    - name: back", "    - name: back\n      people_to_try: 0 # here")
    assert_refused(text, "`people_to_try` is 0; write at least 1")


def test_the_acknowledge_time_of_a_tier_must_mean_something_in_every_calendar_offers_are_counted_in() -> None:
    text = edited("    - name: back", "    - name: back\n      acknowledge: 1d # here")
    assert_refused(text, "two ways on calendar 'office'", "'1bd'", "'24h'")
    always = edited("acknowledge:\n    targets: 1h", "acknowledge:\n    calendar: 24x7\n    targets: 1h", text)
    assert problems(always) == ()
    assert compiled(always).policy.ladder.tier(2).acknowledge == OpenTime(86_400)
    days = text.replace("1d # here", "1bd")
    assert compiled(days).policy.ladder.tier(2).acknowledge == BusinessDays(1)


def test_a_reminder_before_a_tiers_short_offer_even_began_is_refused() -> None:
    text = edited("    - name: back", "    - name: back\n      acknowledge: 10m")
    text = edited(
        "      due: offer_on\n  check_in", "      -15m: remind_owner # here\n      due: offer_on\n  check_in", text
    )
    assert_refused(text, "`-15m` lies before the start of the clock for tier `back`", "shorter")


def test_a_subcategory_may_ask_for_skills_of_its_own_and_is_listed_once() -> None:
    text = edited("  tiers:\n", "  skills: {Gift Cards: [cards, cards]}\n  tiers:\n")
    assert compiled(text).policy.ladder.skills == {"gift cards": ("cards",)}
    twice = edited("  tiers:\n", "  skills:\n    Gift Cards: [cards]\n    gift cards: [cards] # here\n  tiers:\n")
    assert_refused(twice, "`gift cards` is listed twice", "write it once")


def test_updates_may_not_end_before_they_slow_down_or_slow_down_by_business_days() -> None:
    assert_refused(f"{SOUND}fatigue:\n  ends_after: 2 # here\n", "end after 2, and slow down only after 3")
    assert_refused(f"{SOUND}fatigue:\n  then: 5x # here\n", "'5x' is not a duration")
