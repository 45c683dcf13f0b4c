"""What a worker that starts says about the policies it found."""

from datetime import UTC, datetime
from pathlib import Path

from structlog.testing import capture_logs

from runtime.first_load import compiled_policies, remind_of_reviews

DEFAULT = Path(__file__).parents[2] / "policies" / "default.yaml"
COMMENTED = "# review_by: 2027-03-01"


def test_a_worker_warns_at_its_start_of_a_policy_due_for_a_review(tmp_path: Path) -> None:
    text = DEFAULT.read_text(encoding="utf-8")
    for name, key in (("due", "review_by: 2027-03-01"), ("later", "review_by: 2027-06-01"), ("never", COMMENTED)):
        (tmp_path / f"{name}.yaml").write_text(text.replace(COMMENTED, key), encoding="utf-8")
    now = datetime(2027, 2, 28, 23, tzinfo=UTC)
    with capture_logs() as logged:
        remind_of_reviews(compiled_policies(tmp_path, now), now)
    line = text[: text.index(COMMENTED)].count("\n") + 1
    advice = "the review of this policy is due in 1 day (2027-03-01); check that it still fits, then write the next date here"
    assert logged == [
        {
            "event": "policy review due",
            "log_level": "warning",
            "policy": "default",
            "place": f"{tmp_path / 'due.yaml'}:{line}",
            "advice": advice,
        }
    ]
