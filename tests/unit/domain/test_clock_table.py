"""The table of clocks is complete, and what names no event does not pass the type checker."""

from pathlib import Path

import pytest

from activities.adapters.templates import TEMPLATES
from escalation.case.events import Happened
from escalation.clock_rules import Action
from escalation.clocks.causes import When
from escalation.clocks.definition import CLOCKS, check_order
from escalation.clocks.targets import FromCase
from escalation.compiler.clock_model import ClocksSection, section_type
from escalation.vocabulary import ClockName
from tests.unit.type_checking import mypy

MISTAKES = """
from escalation.case.events import Happened, Offered
from escalation.clocks.causes import Cause, When
class Misplaced(Happened): ...
by_name: tuple[Cause, ...] = ("offered",)
not_among_the_events: tuple[Cause, ...] = (Misplaced,)
said_by_none = When(Offered, "hastily", lambda event: event.hastily)
"""


def test_a_clock_without_a_record_is_named_with_the_place_where_it_belongs() -> None:
    others = [clock for clock in ClockName if clock is not ClockName.REVIEW]
    with pytest.raises(LookupError, match=r"`review` needs a record in escalation/clocks/definition.py, as number \d+"):
        check_order(others)


def test_clocks_have_the_same_order_in_the_table_as_among_the_names() -> None:
    check_order(CLOCKS)
    with pytest.raises(LookupError, match="`acknowledge` needs a record"):
        check_order(reversed(ClockName))


@pytest.mark.slow
def test_a_start_that_names_no_event_is_a_type_error(tmp_path: Path) -> None:
    mistakes = tmp_path / "mistakes.py"
    mistakes.write_text(MISTAKES, encoding="utf-8")
    report = mypy(tmp_path, str(mistakes)).stdout
    wrong = [line for line in report.splitlines() if ": error: " in line]
    assert [line.split(":")[1] for line in wrong] == ["5", "6", "7"], report
    assert '"Offered" has no attribute "hastily"' in wrong[-1]


def test_every_clock_starts_with_an_event_and_has_stages_to_run_in() -> None:
    for clock, definition in CLOCKS.items():
        assert definition.starts(), f"`{clock}` never starts"
        assert definition.stages, f"`{clock}` can never run"
        for cause in (*definition.starts(), *definition.stops()):
            assert issubclass(cause.event if isinstance(cause, When) else cause, Happened)


def test_every_clock_has_words_in_each_language_that_has_notices() -> None:
    languages = {path.parent.name for path in TEMPLATES.glob("*/_notices.txt")}
    assert languages >= {"en", "de"}
    missing = [(clock, language) for clock in CLOCKS for language in languages if not CLOCKS[clock].words.get(language)]
    assert missing == []


def test_a_policy_has_a_section_for_each_clock_whose_rule_it_may_write() -> None:
    written = [clock.value for clock, of in CLOCKS.items() if section_type(of.target) is not None]
    assert list(ClocksSection.model_fields) == written
    required = [name for name, field in ClocksSection.model_fields.items() if field.is_required()]
    assert required == [clock.value for clock, of in CLOCKS.items() if of.required]


def test_every_action_is_one_that_some_clock_can_do_or_written_by_the_compiler() -> None:
    known: set[Action] = {Action.FOLLOW_UP, Action.FOLLOW_UP_SURVEY}
    for definition in CLOCKS.values():
        if definition.actions is not None:
            known |= definition.actions.before | definition.actions.due | definition.actions.after
        if isinstance(definition.target, FromCase) and definition.target.rule is not None:
            known |= {action for threshold in definition.target.rule.thresholds for action in threshold.actions}
    assert set(Action) - known == set(), "a policy can never write these"


def test_what_may_pause_a_clock_is_never_also_said_to_make_no_sense() -> None:
    for clock, definition in CLOCKS.items():
        assert definition.pausable.isdisjoint(definition.never_paused), clock
