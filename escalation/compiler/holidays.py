"""Public holidays as plain dates. The only place that asks the `holidays` package, and only when a policy is compiled."""

import sys
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from types import ModuleType
from typing import Any

from escalation.documents.problems import advise

ReadBeside = Callable[[str], bytes]  # reads a file by its name beside the policy; raises `OSError` when it cannot


@dataclass(frozen=True, slots=True)
class PublicHolidays:
    """A country's holidays."""

    dates: tuple[str, ...] = ()  # ISO dates, sorted
    unknown: str = ""  # the key whose word is not known, `country`, `subdivision` or `kinds`; empty when all is well
    what: str = ""
    advice: str = ""


@lru_cache(maxsize=64)
def country_holidays(
    country: str, subdivision: str | None, years: range, kinds: tuple[str, ...] = ()
) -> PublicHolidays:
    """The holidays of a country, or of one of its subdivisions.

    Args:
        country: ISO 3166 code, two letters.
        subdivision: Code of a state or region; None for the holidays that all have.
        years: The years to list.
        kinds: Which kinds of holidays, such as `bank`; none: the public ones.
    """
    holidays = _package()
    # One country is one module of the package; only a mistake needs the list, which imports all of them.
    of_country: Any = getattr(holidays, country, None) if len(country) == 2 else None
    if getattr(of_country, "country", "") != country:
        known = holidays.list_supported_countries(include_aliases=False)
        close = advise(country.upper(), known) if len(country) == 2 and country.upper() in known else _codes(known)
        return PublicHolidays(unknown="country", what=f"no holidays are known for country `{country}`", advice=close)
    if subdivision is not None and subdivision not in of_country.subdivisions:
        what = f"`{country}` has no subdivision `{subdivision}`"
        return PublicHolidays(unknown="subdivision", what=what, advice=advise(subdivision, of_country.subdivisions))
    has = holidays.country_holidays(country, subdiv=subdivision).supported_categories
    for kind in kinds:
        if kind not in has:
            what = f"`{country}` has no holidays of the kind `{kind}`"
            return PublicHolidays(unknown="kinds", what=what, advice=advise(kind, has))
    found = holidays.country_holidays(country, subdiv=subdivision, years=years, categories=kinds or None)
    return PublicHolidays(dates=tuple(sorted(day.isoformat() for day in found)))


def _package() -> Any:
    """The package `holidays`, so that one of its countries can be imported without all the others."""
    # The package is large, and worker processes that never compile a policy must not pay for it.
    import holidays  # noqa: PLC0415

    countries = "holidays.countries"
    if countries not in sys.modules:
        # Python runs a package before a module in it, and this package does nothing but import every country.
        package = ModuleType(countries)
        package.__path__ = [f"{folder}/countries" for folder in holidays.__path__]
        sys.modules[countries] = package
    return holidays


def _codes(known: dict[str, list[str]]) -> str:
    return f"write one of the {len(known)} two-letter country codes, such as `DE`, `GB` or `US`"
