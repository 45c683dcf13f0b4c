"""Separates the sender's new text from quotes and everything else in a message."""

from dataclasses import dataclass

from escalation.triage.matching import Evidence

LEFT_OUT = "left out"  # where evidence comes from that names the parts of a message that were not judged


@dataclass(frozen=True, slots=True, kw_only=True)
class Excerpt:
    """The new part of a message."""

    text: str  # what its sender wrote now
    left_out: tuple[str, ...] = ()  # what else there was, such as `quote of 12 lines`; empty when all of it is new

    @property
    def evidence(self) -> tuple[Evidence, ...]:
        """The parts that were not judged, as evidence names them."""
        return tuple(Evidence(where=LEFT_OUT, found=part) for part in self.left_out)
