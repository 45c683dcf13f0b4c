from datetime import UTC, datetime

from escalation.clock_rules import ANSWERS, Action, StopCause
from escalation.compiler.explain import explain_policy
from escalation.vocabulary import Category, ClockName, PauseCause, Reason, Severity
from tests.unit.compiler.texts import SOUND, compiled, edited

FRIDAY = datetime(2026, 3, 27, 14, 0, tzinfo=UTC)
"""15:00 in Berlin, two hours before closing, on the last weekend of winter time."""

POLICY = compiled(SOUND).policy


def moments(severity: Severity) -> list[tuple[datetime, ClockName, str]]:
    return [(row.at, row.clock, row.threshold) for row in explain_policy(POLICY, severity, Category.BILLING, FRIDAY)]


def test_around_the_clock_the_table_counts_every_hour() -> None:
    assert moments(Severity.SEV1) == [
        (datetime(2026, 3, 27, 15, tzinfo=UTC), ClockName.ACKNOWLEDGE, "due"),
        (datetime(2026, 3, 27, 16, tzinfo=UTC), ClockName.CUSTOMER_UPDATE, "due"),
        (datetime(2026, 3, 28, 6, tzinfo=UTC), ClockName.RESOLUTION, "due"),
    ]


def test_in_office_hours_the_table_jumps_over_the_weekend_and_the_clock_change() -> None:
    assert moments(Severity.SEV3) == [
        (datetime(2026, 3, 27, 15, tzinfo=UTC), ClockName.ACKNOWLEDGE, "due"),
        (datetime(2026, 3, 27, 16, tzinfo=UTC), ClockName.CUSTOMER_UPDATE, "due"),
        (datetime(2026, 3, 31, 13, tzinfo=UTC), ClockName.RESOLUTION, "due"),
    ]


def test_a_row_says_what_happens() -> None:
    rows = explain_policy(POLICY, Severity.SEV1, Category.BILLING, FRIDAY)
    assert [row.actions for row in rows] == [(Action.OFFER_ON,), (Action.HOLDING_UPDATE,), (Action.BREACH,)]


def test_clocks_that_start_later_are_not_in_the_table() -> None:
    assert {clock for _, clock, _ in moments(Severity.SEV4)} == {
        ClockName.ACKNOWLEDGE,
        ClockName.CUSTOMER_UPDATE,
        ClockName.RESOLUTION,
    }


def test_the_tier_at_which_a_category_starts_has_its_own_time_to_acknowledge() -> None:
    text = edited("    - name: back", "    - {name: back, acknowledge: 5m}\n  lanes: {billing: back}")
    policy = compiled(text).policy
    in_lane = explain_policy(policy, Severity.SEV1, Category.BILLING, FRIDAY)[0]
    outside = explain_policy(policy, Severity.SEV1, Category.PRODUCT, FRIDAY)[0]
    assert in_lane.at == datetime(2026, 3, 27, 14, 5, tzinfo=UTC)
    assert outside.at == datetime(2026, 3, 27, 15, tzinfo=UTC)


def test_the_customers_tier_chooses_the_target() -> None:
    rules = "targets: [{within: 1h, customer_tier: gold}, {within: 16h}]"
    policy = compiled(edited("targets: 16h", rules)).policy
    gold = explain_policy(policy, Severity.SEV1, Category.BILLING, FRIDAY, customer_tier="gold")
    assert [row.at.hour for row in gold if row.clock is ClockName.RESOLUTION] == [15]


def test_a_reason_with_a_lane_of_its_own_decides_where_the_case_starts() -> None:
    text = edited("    - name: back", "    - {name: back, acknowledge: 5m}\n  lanes: {legal: back, billing: front}")
    policy = compiled(text).policy
    first = explain_policy(policy, Severity.SEV1, Category.BILLING, FRIDAY, reasons=(Reason.SILENCE, Reason.LEGAL))[0]
    assert first.at == datetime(2026, 3, 27, 14, 5, tzinfo=UTC)


def test_a_row_says_what_pauses_its_clock_for_this_escalation() -> None:
    pauses = "[waiting_on_customer, {cause: waiting_on_third_party, severity: SEV1, category: product}]"
    policy = compiled(edited("    targets: 16h", f"    targets: 16h\n    paused_by: {pauses}")).policy

    def paused_by(severity: Severity, category: Category) -> tuple[PauseCause, ...]:
        (row,) = (
            row for row in explain_policy(policy, severity, category, FRIDAY) if row.clock is ClockName.RESOLUTION
        )
        return row.paused_by

    assert paused_by(Severity.SEV1, Category.PRODUCT) == tuple(PauseCause)
    assert paused_by(Severity.SEV1, Category.BILLING) == (PauseCause.WAITING_ON_CUSTOMER,)
    assert paused_by(Severity.SEV2, Category.PRODUCT) == (PauseCause.WAITING_ON_CUSTOMER,)


def test_a_row_of_a_response_clock_says_what_counts_as_the_answer() -> None:
    def stopped_by(written: str) -> dict[ClockName, tuple[StopCause, ...]]:
        clock = f"clocks:\n  first_response: {{targets: 1h, thresholds: {{due: breach}}{written}}}\n"
        rows = explain_policy(compiled(edited("clocks:\n", clock)).policy, Severity.SEV1, Category.BILLING, FRIDAY)
        return {row.clock: row.stopped_by for row in rows if row.stopped_by}

    assert stopped_by("") == {ClockName.FIRST_RESPONSE: ANSWERS}
    assert stopped_by(", stopped_by: acknowledged") == {ClockName.FIRST_RESPONSE: (StopCause.ACKNOWLEDGED,)}
