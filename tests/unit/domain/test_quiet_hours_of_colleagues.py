"""Quiet hours of colleagues: what waits for them, and what of it is no longer of use in the morning."""

from dataclasses import replace

from escalation.case.commands import Consult
from escalation.lifecycle.held_messages import hold, release
from escalation.message_kinds import MessageKind
from escalation.messages import facts, notices
from escalation.messages.effects import Deliver, Message
from escalation.messages.obsolete import still_of_use
from escalation.notice_kinds import NoticeKind
from escalation.vocabulary import CUSTOMER, ClockName, Severity
from tests.unit.delivery.cases import notice_of
from tests.unit.domain.case import Case
from tests.unit.domain.quiet import MORNING, NIGHT, QUIET


def test_messages_to_colleagues_carry_the_hours_in_which_they_wait() -> None:
    case = Case.working(policy=QUIET)
    assert {message.quiet_week == NIGHT for message in case.messages if message.to != CUSTOMER} == {True}
    urgent = Case.working(policy=QUIET, severity=Severity.SEV1)
    assert {message.quiet_week for message in urgent.messages} == {()}
    exempt = replace(QUIET, quiet_hours=replace(QUIET.quiet_hours, staff_at_once=(NoticeKind.CONSULTED,)))
    case = Case.working(policy=exempt)
    case.do(Consult(by="ana", to="dev", question="Why?"))
    assert [message.quiet_week for message in case.messages if message.to == "dev"] == [()]


def test_notices_held_for_a_colleague_are_one_message_without_what_is_over() -> None:
    case = Case.working(policy=QUIET)
    reminder = notice_of(NoticeKind.REMINDER, clock=ClockName.RESOLUTION)
    over = notice_of(NoticeKind.WARNING, clock=ClockName.REVIEW)
    replied = notice_of(NoticeKind.CUSTOMER_REPLIED, text="Any news?")
    waited = []
    for number, told in enumerate(((reminder, over), (reminder, replied))):
        message = Message(key=f"notice/{number}/ana", to="ana", facts=facts.Notices(notices=told))
        held = hold(message, MORNING, case.state, case.policy, case.now)
        case.current = held.state
        ((effect),) = held.effects
        assert isinstance(effect, Deliver)
        waited.append(effect.message)
    assert [one.until for one in case.state.held] == [MORNING, MORNING]
    decision = release(waited, case.state, case.policy, MORNING)
    (sent,) = (one.message for one in decision.effects if isinstance(one, Deliver))
    assert sent.notices == (reminder, replied)
    assert (sent.key, sent.not_before, decision.state.held) == ("notice/0/ana", None, ())
    nothing = [replace(one, facts=facts.Notices(notices=(over,))) for one in waited]
    assert release(nothing, case.state, case.policy, MORNING).effects == ()


def test_an_offer_that_others_took_meanwhile_is_not_made() -> None:
    case = Case.opened(policy=QUIET)
    offer = Message(key="offer/1/ana", to="ana", facts=facts.Offer(tier_name="front line"), not_before=MORNING)
    decision = release([offer], case.state, case.policy, MORNING)
    assert [one.message.kind for one in decision.effects if isinstance(one, Deliver)] == [MessageKind.OFFER]
    case.acknowledge()
    assert release([offer], case.state, case.policy, MORNING).effects == ()


def test_a_notice_that_asks_for_what_is_done_is_of_no_use() -> None:
    case = Case.working()
    asked = notices.Words(kind=NoticeKind.CONSULTED, text="Why?")
    approval = notice_of(NoticeKind.APPROVAL_ASKED)
    holds = notices.OverseerHolds()
    assert still_of_use([asked, approval, holds], "dev", case.state, "overseer") == ()
    case.do(Consult(by="ana", to="dev", question="Why?"))
    assert still_of_use([asked, asked], "dev", case.state, "overseer") == (asked,)


def test_a_colleague_whose_case_went_on_overnight_reads_only_that() -> None:
    case = Case.working()
    due = [notice_of(kind, clock=ClockName.RESOLUTION) for kind in (NoticeKind.WARNING, NoticeKind.BREACH)]
    moved = notices.Words(kind=NoticeKind.CLIMBED, text="specialist")
    assert still_of_use([*due, moved], "ben", case.state, "overseer") == (moved,)
    assert still_of_use([*due, moved], "ana", case.state, "overseer") == (due[1], moved)
    assert still_of_use(due, "overseer", case.state, "overseer") == (due[1],)
