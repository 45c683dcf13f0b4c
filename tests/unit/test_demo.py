"""The demo's verdict where its time was over before all escalations closed."""

from dataclasses import replace

from activities.adapters.postgres.reports import Summary
from escalation.vocabulary import Stage
from examples.demo.__main__ import _unfinished
from examples.demo.verdict import Verdict
from tests.unit.activities.builders import VIEW

NOTHING = Summary(
    stages={},
    outcomes={},
    sent={},
    breaches={},
    climbs=0,
    reopenings=0,
    reopened=0,
    promises_kept=0,
    promises_broken=0,
    possibly_repeated=0,
    undelivered=0,
    superseded=0,
)


def test_what_is_on_its_way_in_an_open_case_does_not_fail_a_demo_that_ran_out_of_time() -> None:
    problems = (
        "escalation-1: lost_message: receipt/1/customer",
        "escalation-1/receipt/1/customer: never arrived",
        "escalation-10/receipt/1/customer: never arrived",
    )
    verdict = Verdict(summary=NOTHING, cases=2, problems=problems, received=0, posted=0, repeated=0)
    cases = [
        ("escalation-1", replace(VIEW, stage=Stage.WORKING)),
        ("escalation-10", replace(VIEW, stage=Stage.CLOSED)),
    ]

    slow, *others = _unfinished(verdict, cases, 60)

    assert slow.startswith("1 of 60 escalations closed within 900 s")
    assert "--tickets 10" in slow
    assert others == ["escalation-10/receipt/1/customer: never arrived"]
