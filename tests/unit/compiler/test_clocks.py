import pytest

from escalation.business_time import BusinessDays, OpenTime
from escalation.clock_rules import Action, Basis, ClockRule, OnReopen, OnRetarget, Target, Threshold
from escalation.clocks.definition import CLOCKS
from escalation.vocabulary import Channel, ClockName, Severity
from tests.unit.compiler.test_thresholds import with_thresholds
from tests.unit.compiler.texts import SOUND, assert_refused, compiled, edited, problems, with_clock

REVIEWED = SOUND + "reviews: {severities: [SEV1]}\n"


def test_every_clock_whose_actions_are_written_has_some_to_choose_from() -> None:
    written_by_the_compiler = {ClockName.FOLLOW_UP, ClockName.CONTACT_LIMIT}
    assert {clock for clock, of in CLOCKS.items() if of.actions is None} == written_by_the_compiler


@pytest.mark.parametrize(
    ("clock", "lines", "allowed"),
    [
        ("acknowledge", ["50%: climb # here", "due: offer_on"], "`remind_owner`"),
        ("acknowledge", ["due: [offer_on, breach] # here"], "`offer_on`"),
        ("acknowledge", ["due: offer_on", "150%: remind_owner # here"], "no action is possible here"),
        ("resolution", ["50%: remind_owner # here", "due: breach"], "`warn_owner`"),
        ("resolution", ["50%: breach # here", "due: breach"], "`warn_owner`"),
        ("resolution", ["due: breach", "150%: breach # here"], "`climb`, `tell_overseer`"),
        ("resolution", ["2h: climb # here", "due: breach"], "`warn_owner`"),
        ("resolution", ["due: breach", "20h: warn_owner # here"], "`climb`, `tell_overseer`"),
        ("customer_update", ["due: [holding_update, breach] # here"], "`holding_update`, `tell_overseer`"),
        ("customer_update", ["due: holding_update", "+1h: tell_overseer # here"], "no action is possible here"),
        ("check_in", ["50%: warn_owner # here", "due: offer_on"], "`offer_on`, `remind_owner`"),
        ("customer_reply", ["50%: remind_owner # here", "due: resolve_no_reply"], "`remind_customer`"),
        ("reopen_window", ["50%: remind_customer # here", "due: end_reopen_window"], "no action is possible here"),
    ],
)
def test_an_action_that_makes_no_sense_there_is_refused_with_those_that_do(
    clock: str, lines: list[str], allowed: str
) -> None:
    assert_refused(with_thresholds(*lines, clock=clock), f"makes no sense on `{clock}`", allowed)


def test_a_moment_on_the_dot_of_the_target_counts_as_due() -> None:
    assert_refused(
        with_thresholds("due: breach", "16h: warn_owner # here"), "`warn_owner` makes no sense on `resolution` when it"
    )


@pytest.mark.parametrize(
    ("clock", "needed", "instead"),
    [
        ("acknowledge", "offer_on", "50%: remind_owner"),
        ("customer_update", "holding_update", "75%: remind_owner"),
        ("customer_reply", "resolve_no_reply", "33%: remind_customer"),
        ("resolution", "breach", "90%: warn_owner"),
    ],
)
def test_a_clock_that_would_end_in_nothing_is_refused(clock: str, needed: str, instead: str) -> None:
    before, mark, after = with_thresholds(instead, clock=clock).partition(f"  {clock}:\n")
    text = before + mark + after.replace("thresholds:", "thresholds: # here", 1)
    assert_refused(text, f"`{clock}` does not `{needed}` when it is due", f"write `due: {needed}`")


def test_a_target_without_its_action_is_refused_where_the_others_are() -> None:
    assert_refused(with_thresholds("due: climb # here"), "`resolution` does not `breach` when it is due")
    text = with_thresholds("due: tell_overseer # here", clock="customer_update")
    assert_refused(text, "`customer_update` does not `holding_update` when it is due")


def test_a_check_in_whose_last_threshold_does_not_offer_on_is_refused() -> None:
    text = with_thresholds("50%: remind_owner", "due: remind_owner # here", clock="check_in")
    assert_refused(text, "the last threshold of `check_in` does not `offer_on`", "write `due: offer_on`")


def test_a_check_in_that_goes_on_after_offering_on_is_refused() -> None:
    text = with_thresholds("due: offer_on # here", "150%: offer_on", clock="check_in")
    assert_refused(text, "`offer_on` ends `check_in`, and `150%` comes after it", "last threshold")


def test_a_check_in_may_offer_on_later_than_its_target() -> None:
    text = with_thresholds("due: remind_owner", "150%: offer_on", clock="check_in")
    assert [each.name for each in compiled(text).policy.clocks[ClockName.CHECK_IN].thresholds] == ["due", "150%"]


def test_an_action_that_is_listed_twice_is_refused() -> None:
    assert_refused(with_thresholds("due: [breach, breach] # here"), "`breach` is listed twice at `due`", "once")


def test_what_a_change_of_severity_does_is_the_clocks_choice() -> None:
    assert compiled(SOUND).policy.clocks[ClockName.RESOLUTION].on_retarget is OnRetarget.KEEP
    text = edited("    targets: 16h", "    targets: 16h\n    on_retarget: restart")
    assert compiled(text).policy.clocks[ClockName.RESOLUTION].on_retarget is OnRetarget.RESTART


def test_what_a_reopening_does_is_the_choice_of_the_clocks_that_begin_with_one() -> None:
    assert compiled(SOUND).policy.clocks[ClockName.RESOLUTION].on_reopen is OnReopen.NEW_CYCLE
    text = edited("    targets: 16h", "    targets: 16h\n    on_reopen: extend")
    assert compiled(text).policy.clocks[ClockName.RESOLUTION].on_reopen is OnReopen.EXTEND
    refused = with_clock("first_response: {targets: 1h, thresholds: {due: breach}, on_reopen: resume} # here")
    assert_refused(refused, "`first_response` does not begin with a reopening", "`resolution`, `ageing` can have it")


def test_a_promise_is_measured_from_the_moment_promised() -> None:
    text = with_clock("promise: {thresholds: {-30m: remind_owner, due: lapse_promise}}")
    assert compiled(text).policy.clocks[ClockName.PROMISE] == ClockRule(
        targets=(Target(within=OpenTime(0), calendar="24x7"),),
        thresholds=(
            Threshold(name="-30m", basis=Basis.BEFORE, by=OpenTime(1800), actions=(Action.REMIND_OWNER,)),
            Threshold(name="due", basis=Basis.PERCENT, actions=(Action.LAPSE_PROMISE,)),
        ),
    )


def test_a_target_for_promises_is_refused() -> None:
    text = with_clock("promise:\n  targets: 1h # here\n  thresholds: {due: lapse_promise}")
    assert_refused(text, "unknown key `targets`", "`thresholds`")


@pytest.mark.parametrize("text", ["75%", "200%", "1h"])
def test_a_share_of_a_promise_is_refused(text: str) -> None:
    found = problems(with_clock(f"promise: {{thresholds: {{due: lapse_promise, {text}: remind_owner}}}}"))
    assert any("makes no sense on `promise`, whose target is the moment promised" in each for each in found)


def test_reminders_of_a_promise_are_in_order_too() -> None:
    text = with_clock(
        "promise:\n  thresholds:\n    -10m: remind_owner\n    -30m: remind_owner # here\n    due: lapse_promise"
    )
    assert_refused(text, "`-30m` fires before `-10m`", "for a promise")


def test_a_promise_that_never_lapses_is_refused() -> None:
    text = with_clock("promise:\n  thresholds: # here\n    -10m: remind_owner")
    assert_refused(text, "`promise` does not `lapse_promise` when it is due", "write `due: lapse_promise`")


def test_follow_ups_are_numbered_and_the_last_one_is_the_target() -> None:
    text = with_clock("follow_up: {calendar: office, after: [2bd, 10bd], survey: 2bd}")
    assert compiled(text).policy.clocks[ClockName.FOLLOW_UP] == ClockRule(
        targets=(Target(within=BusinessDays(10), calendar="office"),),
        thresholds=(
            Threshold(name="1", basis=Basis.ELAPSED, by=BusinessDays(2), actions=(Action.FOLLOW_UP_SURVEY,)),
            Threshold(name="2", basis=Basis.ELAPSED, by=BusinessDays(10), actions=(Action.FOLLOW_UP,)),
        ),
    )


def test_follow_ups_count_in_the_calendar_of_the_severity_where_none_is_named() -> None:
    targets = compiled(with_clock("follow_up: {after: [2bd]}")).policy.clocks[ClockName.FOLLOW_UP].targets
    assert [(each.calendar, each.severity) for each in targets] == [
        ("24x7", (Severity.SEV1, Severity.SEV2)),
        ("office", (Severity.SEV3, Severity.SEV4)),
    ]


@pytest.mark.parametrize(
    ("lines", "what", "advice"),
    [
        (["  after: [2bd, 10bd]", "  survey: 3bd # here"], "no follow-up comes after `3bd`", "such as `2bd`"),
        (["  after:", "    - 10bd", "    - 2bd # here"], "does not come after the one before it", "shortest first"),
        (["  after:", "    - 2bd", "    - 2bd # here"], "does not come after the one before it", "shortest first"),
        (["  after:", "    - 2bd", "    - 9d # here"], "'9d' can be read in two ways", "'9bd'"),
        (["  after: [] # here"], "`after` is empty", "at least one"),
    ],
)
def test_a_mistake_in_the_follow_ups_is_refused_in_its_line(lines: list[str], what: str, advice: str) -> None:
    assert_refused(with_clock("\n".join(["follow_up:", *lines])), what, advice)


def test_waiting_for_the_answer_to_a_survey_that_is_never_sent_is_refused() -> None:
    text = with_clock("satisfaction: # here\n  targets: 5bd\n  thresholds: {due: expire_survey}")
    assert_refused(text, "`satisfaction` never starts", "`survey:` under `follow_up`")
    assert_refused(f"{text}  follow_up: {{after: [2bd]}}\n", "`satisfaction` never starts")
    assert problems(f"{text}  follow_up: {{after: [2bd], survey: 2bd}}\n") == ()


def test_reviews_that_no_one_is_reminded_of_are_refused() -> None:
    text = REVIEWED.replace("reviews:", "reviews: # here\n ").replace("{severities: [SEV1]}", "severities: [SEV1]")
    assert_refused(text, "there is no clock `review`", "add `review:` under `clocks`")


def test_a_clock_for_reviews_that_no_one_asks_for_is_refused() -> None:
    text = with_clock("review: # here\n  targets: 5bd\n  thresholds: {50%: remind_reviewer, due: skip_review}")
    assert_refused(text, "`review` never starts", "name some")
    reviewed = compiled(f"{text}reviews: {{severities: [SEV2, SEV1, SEV2]}}\n").policy
    assert reviewed.review_severities == (Severity.SEV1, Severity.SEV2)


def test_what_is_not_written_has_its_defaults() -> None:
    policy = compiled(SOUND).policy
    assert policy.name == "small"
    assert policy.customer_channels == policy.staff_channels == (Channel.EMAIL,)
    assert (policy.close_when_satisfied, policy.satisfied_from, policy.thanks) == (True, 4, True)
    assert (policy.on_objection, policy.on_answer, policy.on_unsatisfied) == ("reopen", "reopen", "call_back")
    assert policy.review_severities == ()
    assert policy.late_after == 5


def test_what_is_written_about_messages_and_closing_is_taken_over() -> None:
    policy = compiled(
        SOUND
        + "channels: {customer: email, staff: [email]}\n"
        + "closing: {close_when_satisfied: false, satisfied_from: 3, thanks: false,\n"
        + "  answer: thank, unsatisfied: overseer}\n"
        + "late_after: 2m\n"
    ).policy
    assert policy.customer_channels == policy.staff_channels == (Channel.EMAIL,)
    assert (policy.close_when_satisfied, policy.satisfied_from, policy.thanks) == (False, 3, False)
    assert (policy.on_objection, policy.on_answer, policy.on_unsatisfied) == ("reopen", "thank", "overseer")
    assert policy.late_after == 120


def test_lateness_in_business_days_is_refused() -> None:
    assert_refused(f"{SOUND}late_after: 1bd # here\n", "`1bd` is not a time on the wall", "such as `5s`")


def test_an_owner_who_has_to_answer_after_the_solution_needs_a_clock_for_it() -> None:
    text = SOUND + "closing: {objection: ask_owner} # here\n"
    assert_refused(text, "`objection: ask_owner` needs the clock `next_response`", "write `reopen`")


def test_an_objection_is_never_only_thanked_for() -> None:
    assert_refused(SOUND + "closing: {objection: thank} # here\n", "`thank` is not known here", "`ask_owner`, `reopen`")
