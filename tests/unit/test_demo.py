"""The demo's verdict where its time was over before all escalations closed."""

from dataclasses import replace

from escalation.vocabulary import Stage
from examples.demo.verdict import unfinished
from tests.unit.activities.builders import VIEW


def test_what_is_on_its_way_in_an_open_case_does_not_fail_a_demo_that_ran_out_of_time() -> None:
    problems = (
        "escalation-1: lost_message: receipt/1/customer",
        "escalation-1/receipt/1/customer: never arrived",
        "escalation-10/receipt/1/customer: never arrived",
    )
    cases = [
        ("escalation-1", replace(VIEW, stage=Stage.WORKING)),
        ("escalation-10", replace(VIEW, stage=Stage.CLOSED)),
    ]

    slow, *others = unfinished(problems, cases, 60, seconds=900)

    assert slow.startswith("1 of 60 escalations closed within 900 s")
    assert "--tickets 10" in slow
    assert others == ["escalation-10/receipt/1/customer: never arrived"]
