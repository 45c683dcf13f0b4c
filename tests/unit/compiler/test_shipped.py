"""The policies, the schema and the documentation that come with the project."""

import json
import re
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import pytest
from pydantic import TypeAdapter

from escalation.business_time import BusinessDays, OpenTime, elapsed
from escalation.case.codec import to_json
from escalation.clock_rules import Action
from escalation.compiler.compile import Compiled, compile_policy
from escalation.compiler.model import PolicyFile, schema_text
from escalation.compiler.targets import OTHER, kinds_of, matches
from escalation.documents.yaml import read_document
from escalation.policy import Policy
from escalation.vocabulary import Category, ClockName, Reason, Severity
from tests.unit.compiler.texts import SOUND, compiled
from workflows.converter import DATA_CONVERTER

ROOT = Path(__file__).parents[3]
OPTIONAL = (ClockName.AGEING, ClockName.REVIEW, ClockName.REVIEW_ACTION, ClockName.SHIFT_END, ClockName.CONTACT_LIMIT)
"""Clocks that not every case has, or that depend on how a team works: whether it looks back, works in shifts, and limits how often it is reached."""
YEARS = range(2026, 2030)
DOCUMENTATION = (ROOT / "docs/policy.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"```yaml\n(.*?)```", DOCUMENTATION, flags=re.DOTALL)


@cache
def shipped(name: str) -> Compiled:
    return compiled_anew(name)


def compiled_anew(name: str) -> Compiled:
    path = ROOT / "policies" / f"{name}.yaml"
    return compile_policy(path.read_text(encoding="utf-8"), source=path.name, years=YEARS)


@pytest.mark.parametrize("name", ["default", "demo"])
def test_a_shipped_policy_compiles_and_is_called_as_its_file(name: str) -> None:
    assert shipped(name).policy.name == name


@pytest.mark.parametrize("name", ["default", "demo"])
def test_compiling_again_gives_the_same_checksum(name: str) -> None:
    assert compiled_anew(name) == shipped(name)


def test_another_policy_or_other_years_have_another_checksum() -> None:
    text = (ROOT / "policies/default.yaml").read_text(encoding="utf-8")
    later = compile_policy(text, source="default.yaml", years=range(2027, 2031))
    assert len({shipped("default").checksum, shipped("demo").checksum, later.checksum}) == 3
    assert re.fullmatch("[0-9a-f]{64}", later.checksum)


def test_comments_and_the_order_of_keys_do_not_change_the_checksum() -> None:
    first, _, rest = SOUND.partition("calendars:\n")
    assert compiled(f"# a comment\ncalendars:\n{rest}{first}").checksum == compiled(SOUND).checksum


@pytest.mark.parametrize("name", ["default", "demo"])
@pytest.mark.parametrize("clock", [clock for clock in ClockName if clock not in OPTIONAL])
def test_shipped_policies_promise_something_on_every_clock_for_everyone(name: str, clock: ClockName) -> None:
    clocks = shipped(name).policy.clocks
    assert clock in clocks, f"give `{clock}` a section under `clocks` in policies/{name}.yaml"
    targets = clocks[clock].targets
    kinds = [kind for kind in kinds_of(()) if kind.customer_tier == OTHER]
    assert all(any(matches(target, kind) for target in targets) for kind in kinds)


def test_the_demo_plays_what_the_default_policy_does() -> None:
    default, demo = shipped("default").policy, shipped("demo").policy
    assert demo.ladder == default.ladder
    for clock in demo.clocks:
        actions = [threshold.actions for threshold in default.clocks[clock].thresholds]
        assert [threshold.actions for threshold in demo.clocks[clock].thresholds] == actions
        assert demo.clocks[clock].paused_by == default.clocks[clock].paused_by


def test_a_whole_demo_life_with_a_breach_fits_into_ninety_seconds() -> None:
    demo = shipped("demo").policy

    def longest(clock: ClockName) -> int:
        within = [target.within for target in demo.clocks[clock].targets]
        return max(each.seconds for each in within if isinstance(each, OpenTime))

    afterwards = max(
        longest(ClockName.FOLLOW_UP), longest(ClockName.REOPEN_WINDOW), 3 + longest(ClockName.SATISFACTION)
    )
    assert longest(ClockName.RESOLUTION) + afterwards <= 90
    assert not demo.review_severities


def test_the_default_policy_checks_back_with_a_survey_after_two_business_days_and_again_after_eight() -> None:
    first, second = shipped("default").policy.clocks[ClockName.FOLLOW_UP].thresholds
    assert (first.by, first.actions) == (BusinessDays(2), (Action.FOLLOW_UP_SURVEY,))
    assert (second.by, second.actions) == (BusinessDays(8), (Action.FOLLOW_UP,)), "within the reopen window of 14 days"


def test_the_default_policy_sends_delicate_cases_past_the_front_line() -> None:
    ladder = shipped("default").policy.ladder
    assert ladder.tier(ladder.lanes[Category.BEHAVIOUR]).name == "management"
    assert ladder.tier(ladder.lanes[Reason.LEGAL]).name == "management"
    assert ladder.tier(ladder.lanes[Reason.FINANCIAL_IMPACT]).name == "specialist"


def test_the_office_of_the_default_policy_is_closed_on_german_holidays() -> None:
    office = shipped("default").policy.calendars["office"]
    unity_day = datetime(2028, 10, 3, tzinfo=UTC)
    assert elapsed(office, unity_day, unity_day.replace(day=4)) == 0
    assert elapsed(office, unity_day.replace(day=4), unity_day.replace(day=5)) == 8.5 * 3600


def test_the_default_snapshot_is_small_enough_to_carry_around() -> None:
    assert len(DATA_CONVERTER.payload_converter.to_payload(shipped("default").policy).data) < 2_000


def test_the_default_policy_reviews_what_was_worst() -> None:
    assert shipped("default").policy.review_severities == (Severity.SEV1, Severity.SEV2)


def test_the_schema_file_is_what_the_models_say() -> None:
    command = 'python -c "from escalation.compiler.model import schema_text; print(schema_text(), end=str())" > policy.schema.json'
    stored = (ROOT / "policy.schema.json").read_text(encoding="utf-8")
    assert stored == schema_text(), f"policy.schema.json is stale; run: {command}"


def test_the_schema_names_every_key_of_a_policy() -> None:
    schema = json.loads(schema_text())
    assert set(schema["properties"]) == set(PolicyFile.model_fields)
    assert schema["additionalProperties"] is False
    written = set(ClockName) - {ClockName.CONTACT_LIMIT}
    assert set(schema["$defs"]["ClocksSection"]["properties"]) == {clock.value for clock in written}


def test_the_documentation_has_examples() -> None:
    assert len(EXAMPLES) > 5


@pytest.mark.parametrize("example", EXAMPLES, ids=[f"example {number}" for number in range(1, len(EXAMPLES) + 1)])
def test_an_example_of_the_documentation_compiles(example: str) -> None:
    """An example is a whole policy, or sections that replace those of the sound one."""
    written = read_document(example).data
    assert isinstance(written, dict)
    whole = read_document(SOUND).data
    assert isinstance(whole, dict)
    for section, content in written.items():
        base = whole.get(section)
        merged = {**base, **content} if isinstance(base, dict) and isinstance(content, dict) else content
        whole[section] = merged
    policy = compiled(json.dumps(whole)).policy
    assert TypeAdapter(Policy).validate_json(to_json(policy)) == policy


def test_the_documentation_names_every_key_action_and_clock() -> None:
    schema = json.loads(schema_text())
    keys = {key for part in (schema, *schema["$defs"].values()) for key in part.get("properties", {})}
    words = {action.value for action in Action} | {clock.value for clock in ClockName} | keys
    missing = {word for word in words if f"`{word}`" not in DOCUMENTATION}
    assert missing == set(), "explain them in docs/policy.md"
