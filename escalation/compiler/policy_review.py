"""The review date of a policy. It does not change deadlines, so the snapshot leaves it out."""

from dataclasses import dataclass
from datetime import date, timedelta

from escalation.compiler.sections import Sections
from escalation.documents.problems import Problems

LEAD = timedelta(days=30)  # how long before the date people get a warning
_KEY = ("review_by",)


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyReview:
    """The date by which a policy should be reviewed."""

    by: date  # the last day
    file: str  # name of the file that says so
    line: int  # its line, from 1

    def warning(self, today: date) -> str:
        """When it is due and what to do, in one sentence; empty while that is more than 30 days off."""
        left = (self.by - today).days
        if left > LEAD.days:
            return ""
        due = f"was due {_days(-left)} ago" if left < 0 else f"is due in {_days(left)}" if left else "is due today"
        return f"the review of this policy {due} ({self.by}); check that it still fits, then write the next date here"


def compile_policy_review(sections: Sections, problems: Problems) -> PolicyReview | None:
    """Read `review_by`; None where the policy has none, or it is not a date."""
    text = sections.section(_KEY, str)
    if text is None:
        return None
    try:
        by = date.fromisoformat(text)
    except ValueError:
        by = date.min
    if by.isoformat() != text:
        problems.add(_KEY, f"`{text}` is not a date", "write year, month and day, such as `2027-03-01`")
        return None
    return PolicyReview(by=by, file=problems.source, line=problems.line(_KEY))


def _days(number: int) -> str:
    return "1 day" if number == 1 else f"{number} days"
