"""Public holidays of one country, without importing the others."""

import json
import subprocess
import sys
from typing import Any

import pytest

BY_THE_PACKAGE = """
import holidays.countries
codes = holidays.list_supported_countries(include_aliases=False)
said = {code: sorted(day.isoformat() for day in holidays.country_holidays(code, years=2026)) for code in codes}
"""
BY_US = """
from escalation.compiler.holidays import country_holidays as of
import holidays
codes = holidays.registry.EntityLoader.get_country_codes(include_aliases=False)
said = {code: list(of(code, None, range(2026, 2027)).dates) for code in codes}
"""
OF_ONE = """
import sys
from escalation.compiler.holidays import country_holidays as of
assert of("%s", None, range(2026, 2027)).dates
said = sorted(name.rpartition(".")[2] for name in sys.modules if name.startswith("holidays.countries."))
"""
MISTAKEN = """
from escalation.compiler.holidays import country_holidays as of
said = [len(of("DE", None, range(2026, 2027)).dates) > 0, of("XX", None, range(0)).unknown, of("FR", "XX", range(0)).unknown]
"""


def said_by(script: str) -> Any:
    """What a script says in a process of its own, which has imported no country."""
    line = [sys.executable, "-c", f"{script}\nimport json; print(json.dumps(said))"]
    return json.loads(subprocess.run(line, capture_output=True, text=True, check=True).stdout)


def test_every_country_has_the_dates_that_the_package_says() -> None:
    dates = said_by(BY_US)
    assert len(dates) > 200
    assert dates == said_by(BY_THE_PACKAGE)


@pytest.mark.parametrize(("code", "modules"), [("DE", ["germany"]), ("GP", ["france", "guadeloupe"])])
def test_a_country_is_read_with_those_that_it_builds_on_and_no_others(code: str, modules: list[str]) -> None:
    assert said_by(OF_ONE % code) == modules


def test_a_country_that_is_not_known_is_refused_after_another_was_read() -> None:
    assert said_by(MISTAKEN) == [True, "country", "subdivision"]
