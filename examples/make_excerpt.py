"""Cuts `incidents.csv` out of the full incident log; the same log always gives the same excerpt.

    python examples/make_excerpt.py SAMPLE.csv.gz examples/incidents.csv

The rule. The log is read once, in its order. Incidents of more than 25 rows are passed over. For each kind of life
in `LIVES`, in the order given there, the first incidents that show it, and were not chosen for a kind above, are
chosen until the kind has its number. The chosen incidents stay in the order of the log, with all their rows, which
are copied as they are (only line ends become plain newlines). Cutting the excerpt out of itself changes nothing.
"""

import csv
import gzip
import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby, islice, pairwise
from pathlib import Path

MOST_ROWS = 25


@dataclass(frozen=True, slots=True)
class Story:
    """All rows of one incident: as written in the file, and by column."""

    lines: tuple[str, ...]
    rows: tuple[dict[str, str], ...]

    def was(self, state: str) -> bool:
        """Whether it was ever in that state."""
        return any(row["incident_state"] == state for row in self.rows)

    def took(self) -> timedelta:
        """From the opening to the first row that says Resolved; to the last row where none does."""
        resolved = next((row for row in self.rows if row["incident_state"] == "Resolved"), self.rows[-1])
        return _instant(resolved["sys_updated_at"]) - _instant(self.rows[0]["opened_at"])

    def came_back(self) -> bool:
        """Whether it went on after it was resolved."""
        states = [row["incident_state"] for row in self.rows]
        return any(
            before in ("Resolved", "Closed") and after not in ("Resolved", "Closed")
            for before, after in pairwise(states)
        )

    def began_with(self, column: str, value: str) -> bool:
        """Return what its first row says."""
        return self.rows[0][column] == value

    def ended_with(self, column: str, value: str) -> bool:
        """Return what its last row says."""
        return self.rows[-1][column] == value


LIVES: tuple[tuple[str, int, Callable[[Story], bool]], ...] = (
    ("waits for evidence", 3, lambda story: story.was("Awaiting Evidence")),
    ("waits for a vendor", 4, lambda story: story.was("Awaiting Vendor")),
    ("waits for a problem record", 4, lambda story: story.was("Awaiting Problem")),
    ("reopened", 6, Story.came_back),
    ("handed on three times or more", 6, lambda story: int(story.rows[-1]["reassignment_count"]) >= 3),
    ("critical from the start", 4, lambda story: story.began_with("priority", "1 - Critical")),
    ("high from the start", 4, lambda story: story.began_with("priority", "2 - High")),
    ("priority changes", 3, lambda story: len({row["priority"] for row in story.rows}) > 1),
    ("low from the start", 4, lambda story: story.began_with("priority", "4 - Low")),
    ("waits for the customer", 8, lambda story: story.was("Awaiting User Info")),
    ("slow: two weeks or more", 3, lambda story: story.took() >= timedelta(days=14)),
    ("quick: two hours at most", 5, lambda story: story.took() <= timedelta(hours=2)),
    ("missed its target", 3, lambda story: story.ended_with("made_sla", "false")),
    ("met its target", 3, lambda story: story.ended_with("made_sla", "true")),
)
"""Kind of life, how many incidents are chosen for it, and how it is recognised. Rare kinds come first."""


def choose(stories: Sequence[Story]) -> dict[int, str]:
    """Place in the log of each chosen incident, and the kind it was chosen for."""
    chosen: dict[int, str] = {}
    for kind, wanted, shows in LIVES:
        showing = (
            place
            for place, story in enumerate(stories)
            if place not in chosen and len(story.rows) <= MOST_ROWS and shows(story)
        )
        chosen |= dict.fromkeys(tuple(islice(showing, wanted)), kind)
    return dict(sorted(chosen.items()))


def excerpt(lines: Iterable[str]) -> str:
    """The excerpt of a log whose rows are one line each, header included."""
    header, stories = _stories(lines)
    return "".join(
        f"{line}\n" for line in (header, *(text for place in choose(stories) for text in stories[place].lines))
    )


def _stories(lines: Iterable[str]) -> tuple[str, tuple[Story, ...]]:
    header, *texts = (line.rstrip("\r\n") for line in lines)
    rows = zip(texts, csv.DictReader((header, *texts)), strict=True)
    grouped = (tuple(group) for _, group in groupby(rows, key=lambda row: row[1]["number"]))
    return header, tuple(
        Story(lines=tuple(text for text, _ in group), rows=tuple(row for _, row in group)) for group in grouped
    )


def _instant(text: str) -> datetime:
    # Only differences are taken, so the zone, which the log does not name, does not matter.
    return datetime.strptime(text, "%d/%m/%Y %H:%M")  # noqa: DTZ007 - see above


def main(arguments: Sequence[str]) -> int:
    """Cut the excerpt; the exit code."""
    if len(arguments) != 2:
        sys.stderr.write("usage: python examples/make_excerpt.py LOG.csv[.gz] EXCERPT.csv\n")
        return 2
    source, target = Path(arguments[0]), Path(arguments[1])
    opener = gzip.open if source.suffix == ".gz" else open
    try:
        with opener(source, "rt", encoding="utf-8", newline="") as log:
            text = excerpt(log)
    except (OSError, KeyError, ValueError) as error:
        sys.stderr.write(f"{source}: cannot be read as the incident log: {error}\n")
        return 2
    target.write_text(text, encoding="utf-8", newline="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
