"""Renders the board, with the filters that its address has: which cases, and how many weeks."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import TypeVar
from urllib.parse import urlencode

from babel.dates import format_skeleton
from babel.numbers import format_decimal
from starlette.responses import HTMLResponse

from activities.adapters.postgres.board import Choices, Chosen, Tables, Week
from activities.adapters.templates import locale_of
from escalation.case.naming import escalation_id, page_address
from escalation.vocabulary import CUSTOMER, Category, Severity
from starter.http.agent.pages import Reader
from starter.http.agent.showing import Labels
from starter.http.board.charts import HEIGHT, WIDTH, Chart
from starter.http.pages.page import LIVE, Pages, Words, words_in

WEEKS, MOST_WEEKS = 8, 52
LONGEST = 200  # characters of a name

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A board."""

    chosen: Chosen
    weeks: int = WEEKS  # how many weeks back, the present one included

    @classmethod
    def by(cls, values: Mapping[str, str]) -> "Asked":
        """Parse the filters of an address; an invalid value counts as not given."""
        return cls(
            chosen=Chosen(
                severity=_read(values, "severity", Severity),
                category=_read(values, "category", Category),
                tier=_read(values, "tier", _number),
                person=_read(values, "person", _name),
                customers=_read(values, "customers", _name),
            ),
            weeks=min(max(_read(values, "weeks", _number) or WEEKS, 1), MOST_WEEKS),
        )

    @property
    def values(self) -> Mapping[str, str]:
        """As the address has it; what does not matter is left out."""
        named = {one.name: getattr(self.chosen, one.name) for one in fields(Chosen)}
        values = {name: str(value) for name, value in named.items() if value is not None}
        return values | ({"weeks": str(self.weeks)} if self.weeks != WEEKS else {})

    def address(self, path: str) -> str:
        """The same choice at another address."""
        return f"{path}?{urlencode(self.values)}" if self.values else path


def _read(values: Mapping[str, str], name: str, read: Callable[[str], T]) -> T | None:
    try:
        return read(values[name])
    except (KeyError, ValueError):
        return None


def _number(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and len(text) <= 4):
        raise ValueError(text)
    return int(text)


def _name(text: str) -> str:
    if not text or len(text) > LONGEST or not text.isprintable():
        raise ValueError(text)
    return text


_HERE = Path(__file__).parent
_PAGES = Pages(_HERE / "templates", script=LIVE, wide=True)
WORDS: Mapping[str, Words] = words_in(_HERE / "words")
# Weeks that can be chosen; an address may have another number.
_SPANS = (4, WEEKS, 13, 26, MOST_WEEKS)


def board_page(
    reader: Reader, asked: Asked, tables: Tables, choices: Choices, names: Mapping[str, str], *, most: int
) -> HTMLResponse:
    """The board.

    Args:
        names: Names of people, by id.
        most: How many rows a table shows; where it has as many, the page says that there may be more.
    """
    b = WORDS[reader.language]

    def name(person: str) -> str:
        return b["the_customer"] if person == CUSTOMER else names.get(person) or person

    return reader.page(
        "board.html",
        pages=_PAGES,
        b=b,
        asked=asked,
        tables=tables,
        filters=_filters(reader, asked, choices, name),
        labels=Labels(reader.language, reader.t),
        name=name,
        counted=lambda number: format_decimal(number, locale=reader.language),
        page_of_life=lambda row: page_address(escalation_id(row.ticket, row.life)),
        page_of=page_address,
        charts=[(chart, asked.address(f"/board/charts/{chart.value}.svg")) for chart in Chart],
        size=(WIDTH, HEIGHT),
        weeks=list(zip(tables.trend, week_names(reader, tables.trend), strict=True)),
        most=most,
        place="/board",
    )


def week_names(reader: Reader, weeks: Sequence[Week]) -> list[str]:
    """The Monday of each week: `24 Nov`."""
    locale = locale_of(reader.language, reader.language)
    return [format_skeleton("MMMd", week.week, locale=locale) for week in weeks]


def _filters(reader: Reader, asked: Asked, choices: Choices, name: Callable[[str], str]) -> list[dict[str, object]]:
    """The fields of the form, each with what is chosen."""
    labels, now = Labels(reader.language, reader.t), asked.values
    weeks = sorted({*_SPANS, asked.weeks})
    offered: dict[str, list[tuple[str, str]]] = {
        "severity": [(one.value, labels.value(one.value)) for one in Severity],
        "category": [(one.value, labels.value(one)) for one in Category],
        "tier": [(str(one), str(one)) for one in choices.tiers],
        "person": [(one, name(one)) for one in choices.owners],
        "customers": [(one, one) for one in choices.customer_tiers],
    }
    fields = [
        {"name": field, "options": _with(options, now.get(field, "")), "value": now.get(field, ""), "all": True}
        for field, options in offered.items()
    ]
    return [
        *fields,
        {"name": "weeks", "options": [(str(one), str(one)) for one in weeks], "value": str(asked.weeks), "all": False},
    ]


def _with(options: list[tuple[str, str]], chosen: str) -> list[tuple[str, str]]:
    # What is chosen stays in its list, also when no open case has it any more.
    return options if not chosen or chosen in dict(options) else [*options, (chosen, chosen)]
