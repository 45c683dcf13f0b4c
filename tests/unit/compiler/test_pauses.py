"""What pauses a clock, and what counts as the answer a response clock waits for."""

import pytest

from escalation.clock_rules import ANSWERS, PauseRule, StopCause
from escalation.vocabulary import Category, ClockName, PauseCause, Severity
from tests.unit.compiler.texts import assert_refused, compiled, edited, problems, with_clock

CUSTOMER, THIRD_PARTY = PauseCause.WAITING_ON_CUSTOMER, PauseCause.WAITING_ON_THIRD_PARTY


def resolution(*lines: str) -> str:
    """The sound policy with more lines in its resolution clock."""
    return edited("    targets: 16h", "\n".join(["    targets: 16h", *(f"    {line}" for line in lines)]))


def pauses(written: str) -> tuple[PauseRule, ...]:
    return compiled(resolution(f"paused_by: {written}")).policy.clocks[ClockName.RESOLUTION].paused_by


def responding(clock: str, *lines: str) -> str:
    """The sound policy with a response clock."""
    return with_clock("\n".join([f"{clock}:", "  targets: 1h", "  thresholds: {due: breach}", *lines]))


def test_a_cause_alone_holds_for_every_escalation() -> None:
    assert pauses("waiting_on_customer") == (PauseRule(cause=CUSTOMER),)
    assert pauses("[waiting_on_third_party, waiting_on_customer]") == (
        PauseRule(cause=CUSTOMER),
        PauseRule(cause=THIRD_PARTY),
    )


def test_a_cause_with_conditions_holds_for_the_escalations_they_match() -> None:
    written = "{cause: waiting_on_customer, severity: [SEV4, SEV3], category: billing, customer_tier: [silver, gold]}"
    assert pauses(written) == (
        PauseRule(
            cause=CUSTOMER,
            severity=(Severity.SEV3, Severity.SEV4),
            category=(Category.BILLING,),
            customer_tier=("gold", "silver"),
        ),
    )


def test_words_and_mappings_may_be_in_one_list() -> None:
    assert pauses("[waiting_on_third_party, {cause: waiting_on_customer, severity: SEV4}]") == (
        PauseRule(cause=CUSTOMER, severity=(Severity.SEV4,)),
        PauseRule(cause=THIRD_PARTY),
    )


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("waiting_on_customer", "[{cause: waiting_on_customer}]"),
        ("[waiting_on_customer, waiting_on_third_party]", "[waiting_on_third_party, waiting_on_customer]"),
        (
            "[{cause: waiting_on_customer, severity: SEV3}, {cause: waiting_on_customer, category: billing}]",
            "[{cause: waiting_on_customer, category: billing}, {cause: waiting_on_customer, severity: SEV3}]",
        ),
        (
            "{cause: waiting_on_customer, severity: [SEV3, SEV4]}",
            "{cause: waiting_on_customer, severity: [SEV4, SEV3, SEV3]}",
        ),
    ],
)
def test_the_way_a_pause_is_written_does_not_change_the_checksum(one: str, other: str) -> None:
    texts = [resolution(f"paused_by: {written}") for written in (one, other)]
    assert compiled(texts[0]).checksum == compiled(texts[1]).checksum


def test_other_conditions_have_another_checksum() -> None:
    texts = [
        resolution(f"paused_by: {{cause: waiting_on_customer, severity: {severity}}}") for severity in ("SEV3", "SEV4")
    ]
    assert compiled(texts[0]).checksum != compiled(texts[1]).checksum


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("[waiting] # here", ("`waiting` is not known here", "`waiting_on_customer`?")),
        ("{cause: waiting} # here", ("`waiting` is not known here", "`waiting_on_customer`?")),
        ("{severity: SEV3} # here", ("`paused_by` has no `cause`", "add `cause:`", "what is waited for")),
        ("[{cause: waiting_on_customer, severty: SEV3}] # here", ("unknown key `severty`", "`severity`?")),
        ("{cause: waiting_on_customer, severity: SEV9} # here", ("`SEV9` is not known here",)),
        ("{cause: waiting_on_customer, severity: []} # here", ("`severity` is empty", "at least one")),
        ("{cause: waiting_on_customer, customer_tier: ' '} # here", ("`customer_tier` is empty",)),
        ("5 # here", ("`5` is not known here",)),
    ],
)
def test_a_slip_in_a_pause_is_refused_in_its_line(written: str, said: tuple[str, ...]) -> None:
    assert_refused(resolution(f"paused_by: {written}"), *said)


def test_a_slip_in_one_of_several_pauses_is_refused_in_its_own_line() -> None:
    lines = ["paused_by:", "  - waiting_on_third_party", "  - cause: waiting_on_customer", "    severity: SEV0 # here"]
    assert_refused(resolution(*lines), "`SEV0` is not known here")


@pytest.mark.parametrize(
    ("clock", "cause"),
    [
        ("customer_reply", "waiting_on_customer"),
        ("customer_reply", "waiting_on_third_party"),
        ("check_in", "waiting_on_third_party"),
        ("acknowledge", "waiting_on_customer"),
        ("reopen_window", "waiting_on_customer"),
    ],
)
@pytest.mark.parametrize("form", ["[{}] # here", "{{cause: {}, severity: SEV4}} # here"])
def test_a_pause_of_a_clock_that_must_run_then_is_refused(clock: str, cause: str, form: str) -> None:
    text = edited(f"  {clock}:\n", f"  {clock}:\n    paused_by: {form.format(cause)}\n")
    assert_refused(text, f"`{clock}` must run while {cause.replace('_', ' ')}", "leave it out")


def test_a_pause_that_begins_with_what_starts_its_clock_is_refused_with_that_reason() -> None:
    text = edited("  customer_reply:\n", "  customer_reply:\n    paused_by: waiting_on_customer # here\n")
    assert_refused(text, "the question that starts it begins that wait too, so it would never run")
    choice = "choice:\n  targets: 8h\n  paused_by: waiting_on_customer # here\n  thresholds: {due: choose_default}"
    assert_refused(with_clock(choice), "it times the customer's own decision, which is that wait")


def test_customer_updates_may_pause_for_both_causes_because_check_ins_run_on() -> None:
    text = edited(
        "  customer_update:\n", "  customer_update:\n    paused_by: [waiting_on_third_party, waiting_on_customer]\n"
    )
    text = edited("  check_in:\n", "  check_in:\n    paused_by: [waiting_on_customer]\n", text)
    clocks = compiled(text).policy.clocks
    assert clocks[ClockName.CUSTOMER_UPDATE].paused_by == tuple(PauseRule(cause=cause) for cause in PauseCause)
    assert clocks[ClockName.CHECK_IN].paused_by == (PauseRule(cause=CUSTOMER),)


@pytest.mark.parametrize(
    "entries",
    [
        ("waiting_on_customer", "waiting_on_customer # here"),
        ("waiting_on_customer", "{cause: waiting_on_customer, severity: SEV1} # here"),
        ("{cause: waiting_on_customer, severity: SEV1} # here", "waiting_on_customer"),
        (
            "{cause: waiting_on_customer, severity: [SEV1, SEV2]}",
            "{cause: waiting_on_customer, severity: [SEV3, SEV4]}",
            "{cause: waiting_on_customer, category: billing} # here",
        ),
        (
            "{cause: waiting_on_customer, category: [billing, product]}",
            "{cause: waiting_on_customer, category: billing, customer_tier: gold} # here",
        ),
    ],
)
def test_a_pause_that_says_only_what_others_say_is_refused(entries: tuple[str, ...]) -> None:
    text = resolution("paused_by:", *(f"  - {entry}" for entry in entries))
    assert_refused(text, "this pause changes nothing, because the others for `waiting_on_customer` cover", "leave it")


def test_pauses_that_overlap_or_wait_for_something_else_are_fine() -> None:
    assert len(pauses("[waiting_on_customer, {cause: waiting_on_third_party, severity: SEV1}]")) == 2
    crossing = "[{cause: waiting_on_customer, severity: SEV1}, {cause: waiting_on_customer, category: billing}]"
    assert len(pauses(crossing)) == 2


def test_a_pause_for_escalations_the_clock_promises_nothing_to_is_refused() -> None:
    text = with_clock(
        "first_response:\n  targets: {SEV1: 1h}\n  thresholds: {due: breach}\n"
        "  paused_by:\n    - {cause: waiting_on_third_party, severity: [SEV2, SEV3]} # here\n"
        "    - {cause: waiting_on_customer, severity: [SEV1, SEV2]}"
    )
    assert_refused(text, "this pause can never hold, because `first_response` has no target", "add a target")


def test_a_pause_for_a_customer_tier_that_targets_do_not_name_holds_where_a_target_is_for_all() -> None:
    assert problems(resolution("paused_by: {cause: waiting_on_customer, customer_tier: gold}")) == ()
    gold_only = with_clock(
        "first_response:\n  targets: [{within: 1h, customer_tier: gold}]\n  thresholds: {due: breach}\n"
        "  paused_by: {cause: waiting_on_customer, customer_tier: silver} # here"
    )
    assert_refused(gold_only, "this pause can never hold")


def test_any_message_of_a_person_stops_a_response_clock_unless_the_policy_says_otherwise() -> None:
    clocks = compiled(responding("first_response")).policy.clocks
    assert clocks[ClockName.FIRST_RESPONSE].stopped_by == ANSWERS


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("told", (StopCause.TOLD,)),
        ("[acknowledged]", (StopCause.ACKNOWLEDGED,)),
        ("[acknowledged, told]", (StopCause.TOLD, StopCause.ACKNOWLEDGED)),
        ("[options_offered, asked, told]", ANSWERS),
    ],
)
def test_what_stops_the_first_response_is_the_policys_choice(written: str, read: tuple[StopCause, ...]) -> None:
    policy = compiled(responding("first_response", f"  stopped_by: {written}")).policy
    assert policy.clocks[ClockName.FIRST_RESPONSE].stopped_by == read


@pytest.mark.parametrize(
    ("clock", "written", "said"),
    [
        ("first_response", "[]", ("`stopped_by` is empty", "at least one")),
        ("first_response", "[told, asked, told]", ("`told` is listed twice", "once")),
        ("first_response", "[tolled]", ("`tolled` is not known here", "did you mean `told`?")),
        (
            "next_response",
            "[told, acknowledged]",
            ("`acknowledged` does not answer the customer's message", "`asked`, `options_offered`, `told`"),
        ),
    ],
)
def test_what_cannot_stop_a_response_clock_is_refused(clock: str, written: str, said: tuple[str, ...]) -> None:
    assert_refused(responding(clock, f"  stopped_by: {written} # here"), *said)


@pytest.mark.parametrize(
    "clock", ["acknowledge", "check_in", "customer_update", "customer_reply", "resolution", "reopen_window"]
)
def test_other_clocks_cannot_choose_what_stops_them(clock: str) -> None:
    text = edited(f"  {clock}:\n", f"  {clock}:\n    stopped_by: [told] # here\n")
    assert_refused(text, f"`{clock}` ends with what it stands for", "`first_response`, `next_response` can have it")
