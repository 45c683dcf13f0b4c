"""What came of a rule of the oracle."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """What came of one rule.

    Attributes:
        what: What was looked at.
        number: How many of them.
        wrong: What is wrong, a sentence each.
    """

    what: str
    number: int
    wrong: tuple[str, ...]
