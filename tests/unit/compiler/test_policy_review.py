"""When a policy itself is due for a review."""

from datetime import date

import pytest

from escalation.compiler.compile import Compiled
from escalation.compiler.policy_review import PolicyReview
from tests.unit.compiler.texts import HERE, SOUND, assert_refused, compiled, edited

DUE = date(2027, 3, 1)


def dated(written: str = "2027-03-01") -> str:
    return edited("policy: small\n", f"policy: small\nreview_by: {written}\n")


def test_the_date_and_its_line_are_known_beside_the_snapshot_which_stays_the_same() -> None:
    without, with_date = compiled(SOUND), compiled(dated())
    assert with_date == Compiled(
        policy=without.policy, checksum=without.checksum, review=PolicyReview(by=DUE, file="policy.yaml", line=2)
    )
    assert without.review is None


@pytest.mark.parametrize(
    ("today", "said"),
    [
        (date(2027, 1, 29), ""),
        (date(2027, 1, 30), "is due in 30 days (2027-03-01)"),
        (date(2027, 2, 28), "is due in 1 day (2027-03-01)"),
        (DUE, "is due today (2027-03-01)"),
        (date(2027, 3, 2), "was due 1 day ago (2027-03-01)"),
        (date(2028, 3, 1), "was due 366 days ago (2027-03-01)"),
    ],
)
def test_the_warning_begins_thirty_days_before_and_says_what_to_do(today: date, said: str) -> None:
    whole = f"the review of this policy {said}; check that it still fits, then write the next date here"
    assert PolicyReview(by=DUE, file="policy.yaml", line=2).warning(today) == (whole if said else "")


@pytest.mark.parametrize("written", ["2027-02-30", "soon", '"20270301"', "2027-W09-1", "01.03.2027", "2027-3-1"])
def test_what_is_not_a_date_is_refused_with_its_line(written: str) -> None:
    refused = written.strip('"')
    assert_refused(dated(f"{written}  {HERE}"), f"`{refused}` is not a date", "write year, month and day")


def test_a_number_is_refused_too() -> None:
    assert_refused(dated(f"2027  {HERE}"), "put it in quotes if it is meant as text")
