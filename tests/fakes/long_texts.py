"""Long texts in memory."""

from activities.contracts import KeepTextInput
from activities.errors import ActivityError, NotYetKept
from escalation.bounds import reference_to


class LongTexts:
    """Texts by escalation and reference. `unavailable` is raised while it is set.

    Attributes:
        kept: How often a text was handed over, also one that was there already.
    """

    def __init__(self) -> None:
        self.texts: dict[tuple[str, str], str] = {}
        self.kept = 0
        self.unavailable: ActivityError | None = None

    async def keep(self, text: KeepTextInput) -> None:
        self._answer()
        self.kept += 1
        self.texts.setdefault((text.escalation, reference_to(text.text)), text.text)

    async def whole(self, escalation: str, reference: str) -> str:
        self._answer()
        if (escalation, reference) not in self.texts:
            raise NotYetKept(f"{escalation} has no text that is kept as {reference}")
        return self.texts[escalation, reference]

    def _answer(self) -> None:
        if self.unavailable is not None:
            raise self.unavailable
