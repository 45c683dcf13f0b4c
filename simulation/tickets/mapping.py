"""How an export of tickets spells what triage needs: a small YAML file, as `examples/triage/mapping.yaml` shows."""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

from pydantic import Field, model_validator

from escalation.triage import TicketFacts
from escalation.vocabulary import Category, Severity
from simulation.mapping_file import ExportMapping, Spelled, read_mapping

OWN_NAMES = ("ticket", "customer", "opened_at")
"""What a row may say besides the facts: its number, whose it is, and since when, in place of `days_open`."""

NEVER_IN_A_FILE = frozenset({"tone", "earlier_escalations", "earlier_reopened", "earlier_breached"})
"""Facts that are looked up rather than told."""

NAMES = (*OWN_NAMES, *(name for name in TicketFacts.__dataclass_fields__ if name not in NEVER_IN_A_FILE))
"""Everything that a column may be."""


class TicketMapping(ExportMapping):
    """One export's spelling, besides what every export has.

    Attributes:
        columns: Our names (`NAMES`) and the file's columns. Without any, columns that carry our names are read.
        severities: The file's severities and ours; our own words are known.
        categories: The file's categories and ours; our own words are known.
        yes: Values that mean true.
        between_tags: What separates tags.
        usual_language: For rows without one; empty if unknown.
    """

    columns: Mapping[str, Spelled] = {}
    severities: Mapping[Spelled, Severity] = {}
    categories: Mapping[Spelled, Category] = {}
    yes: tuple[str, ...] = ("yes", "true", "1", "x")
    between_tags: Annotated[str, Field(min_length=1)] = ";"
    usual_language: str = ""

    @model_validator(mode="after")
    def _names_are_ours(self) -> "TicketMapping":
        if unknown := sorted(self.columns.keys() - set(NAMES)):
            raise ValueError(f"columns: {', '.join(unknown)} unknown; allowed are {', '.join(NAMES)}")
        if self.columns and "ticket" not in self.columns:
            raise ValueError("columns: ticket is missing; name the column of the ticket's number")
        return self

    def column(self, name: str) -> str:
        """The file's column for one of our names; empty where it has none."""
        return self.columns.get(name, "") if self.columns else name


def load_ticket_mapping(file: Path) -> TicketMapping:
    """The mapping in a file.

    Raises:
        InvalidMapping: It cannot be read, or something in it is wrong; names every problem.
    """
    return read_mapping(file, TicketMapping)
