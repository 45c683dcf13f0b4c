"""The section `quiet_hours:`, as a policy file writes it, and as `policy explain` and `policy diff` show it."""

import pytest

from escalation.business_time import Hours
from escalation.compiler.diff import diff_policies
from escalation.compiler.quiet_hours import explain_quiet_hours, week_text
from escalation.message_kinds import MessageKind
from escalation.notice_kinds import NoticeKind
from escalation.quiet_hours import QuietHours
from escalation.vocabulary import Severity
from tests.unit.compiler.texts import SOUND, assert_refused, compiled

NIGHTS = """\
quiet_hours:
  customer: {mon-sun: 21:00-07:00}
  staff:
    mon-fri: 20:00-07:00
    sat-sun: 00:00-24:00
  severities_at_once: [SEV1, SEV2]
  customer_at_once: [receipt, update]
  staff_at_once: overseer_holds
"""


def test_hours_of_the_week_and_what_never_waits_are_part_of_the_policy() -> None:
    assert compiled(SOUND).policy.quiet_hours == QuietHours()
    quiet = compiled(SOUND + NIGHTS).policy.quiet_hours
    assert quiet.customer == ((Hours(opens=21 * 60, closes=31 * 60),),) * 7
    assert quiet.staff[4:6] == ((Hours(opens=20 * 60, closes=31 * 60),), (Hours(opens=0, closes=1440),))
    assert quiet.severities_at_once == (Severity.SEV1, Severity.SEV2)
    assert quiet.customer_at_once == (MessageKind.RECEIPT, MessageKind.UPDATE)
    assert quiet.staff_at_once == (NoticeKind.OVERSEER_HOLDS,)


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("customer: {mun: 21:00-07:00} # here", ("`mun` is not a weekday", "did you mean")),
        ("customer: {mon: late} # here", ("`late` are not hours",)),
        ("staff: {mon-sun: 00:00-24:00} # here", ("no hour of the week is left",)),
        ("customer_at_once: [offer] # here", ("`offer` does not go to the customer",)),
        ("customer_at_once: [receit] # here", ("`receit`", "`receipt`")),
        ("nights: {} # here", ("unknown key `nights`",)),
    ],
)
def test_quiet_hours_that_make_no_sense_are_refused_in_their_line(written: str, said: tuple[str, ...]) -> None:
    assert_refused(f"{SOUND}quiet_hours:\n  {written}\n", *said)


def test_explain_says_what_waits_in_a_case() -> None:
    policy = compiled(SOUND + NIGHTS).policy
    assert list(explain_quiet_hours(policy, Severity.SEV1)) == ["quiet hours: messages of SEV1 wait for nothing"]
    assert list(explain_quiet_hours(policy, Severity.SEV3)) == [
        "quiet hours: letters to the customer wait, in the reader's zone: mon-sun 21:00-07:00",
        "quiet hours: messages to colleagues off shift wait, in the reader's zone: mon-fri 20:00-07:00; sat-sun 00:00-24:00",
    ]
    none = compiled(SOUND).policy
    assert [*explain_quiet_hours(none, Severity.SEV1), *explain_quiet_hours(none, Severity.SEV3)] == []
    assert week_text(((), *(((Hours(opens=0, closes=60),),) + ((),) * 5))) == "tue 00:00-01:00"


def test_a_difference_is_shown() -> None:
    changes = diff_policies(compiled(SOUND).policy, compiled(SOUND + NIGHTS).policy)
    assert [(change.path, change.old, change.new) for change in changes] == [
        ("quiet_hours.customer", None, "mon-sun 21:00-07:00"),
        ("quiet_hours.staff", None, "mon-fri 20:00-07:00; sat-sun 00:00-24:00"),
        ("quiet_hours.severities_at_once", None, "SEV1, SEV2"),
        ("quiet_hours.customer_at_once", None, "receipt, update"),
        ("quiet_hours.staff_at_once", None, "overseer_holds"),
    ]
