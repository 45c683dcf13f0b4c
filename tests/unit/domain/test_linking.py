"""Linked cases: told once by their incident, and quiet towards the overseer about what the incident explains."""

from dataclasses import replace
from datetime import timedelta

import pytest

from escalation.case.commands import (
    AddNote,
    LinkIncident,
    MakePromise,
    ProposeResolution,
    RecordDeliveryFailed,
    RelayBulletin,
    Reopen,
    TellCustomer,
    UnlinkIncident,
    WithdrawProposal,
)
from escalation.lifecycle.viewing import view_of
from escalation.messages import facts, notices
from escalation.vocabulary import ClockName, Stage
from tests.unit.domain.case import Case, nobody, own_words, said
from tests.unit.domain.durations import DAYS, HOURS
from tests.unit.domain.stages import IN_STAGE, REOPEN, RESOLVE

LINK = LinkIncident(incident="mail", by="desk")
UNLINK = UnlinkIncident(incident="mail", by="desk")
MENDED = ProposeResolution(incident="mail", number=2, solution="The queue was restarted.", by="zoe")

WITHDRAWN = WithdrawProposal(incident="mail", number=3, why="Mail is late again.", by="zoe")


def bulletin(
    number: int = 1, *, page: bool = False, in_: timedelta | None = None, case: Case | None = None
) -> RelayBulletin:
    next_by = case.now + in_ if case and in_ else None
    return RelayBulletin(
        incident="mail",
        number=number,
        text="Mail is late.",
        next_step="We restart it",
        next_by=next_by,
        page=page,
        by="zoe",
    )


def linked() -> Case:
    case = Case.working()
    case.do(LINK)
    return case


def kinds_after(case: Case, count: int) -> list[str]:
    return case.kinds()[count:]


def test_a_bulletin_is_an_update_to_the_customer_under_a_key_of_its_own() -> None:
    case = linked()
    before = len(case.events)
    case.do(bulletin())
    assert kinds_after(case, before) == ["bulletin_relayed", "customer_told", "clock_stopped", "message_queued"]
    message = case.messages[-1]
    assert (message.key, message.to) == ("bulletin/mail/1/customer", "customer")
    assert own_words(message) == facts.Update(text="Mail is late.", next_step="We restart it")


def test_a_bulletin_is_the_answer_the_customer_waits_for() -> None:
    case = linked()
    assert ClockName.FIRST_RESPONSE in case.state.runs
    case.do(bulletin())
    assert ClockName.FIRST_RESPONSE not in case.state.runs


def test_the_same_bulletin_again_says_nothing_even_after_others() -> None:
    case = linked()
    case.do(bulletin(1))
    case.do(bulletin(2))
    told = len(case.told_customer())
    assert case.do(bulletin(1)).events == ()
    assert case.do(bulletin(2)).events == ()
    assert len(case.told_customer()) == told


def test_a_bulletin_taken_before_an_unlinking_is_not_taken_again_after_linking_again() -> None:
    case = linked()
    case.do(bulletin(1))
    case.do(UNLINK)
    assert case.do(bulletin(1)).events == ()
    case.do(LINK)
    assert case.do(bulletin(1)).events == ()
    assert case.told_customer().count("update") == 1


def test_a_time_in_a_bulletin_becomes_a_promise() -> None:
    case = linked()
    case.do(bulletin(in_=2 * HOURS, case=case))
    assert case.due(ClockName.PROMISE)
    assert case.state.promise == "We restart it"


def test_a_time_that_passed_on_the_way_is_not_promised_any_more() -> None:
    case = linked()
    late = bulletin(in_=2 * HOURS, case=case)
    case.wait(3 * HOURS)
    case.do(late)
    assert ClockName.PROMISE not in case.state.runs
    assert case.messages[-1].facts.next_by is None


def test_a_time_without_a_zone_is_refused() -> None:
    case = linked()
    naive = RelayBulletin(incident="mail", number=1, text="x", next_by=case.now.replace(tzinfo=None), by="zoe")
    assert "no time zone" in str(case.refused(naive))


def test_what_is_not_linked_takes_no_bulletin_and_no_proposal() -> None:
    case = Case.working()
    assert str(case.refused(bulletin())) == "it is not linked to the incident `mail`"
    assert str(case.refused(MENDED)) == "it is not linked to the incident `mail`"


def test_a_case_is_linked_to_one_incident_at_a_time() -> None:
    case = linked()
    assert "linked to the incident `mail`; unlink it there first" in str(
        case.refused(LinkIncident(incident="disk", by="desk"))
    )
    case.do(UNLINK)
    case.do(LinkIncident(incident="disk", by="desk"))
    assert case.state.incident == "disk"


def test_linking_and_unlinking_again_changes_nothing() -> None:
    case = linked()
    assert case.do(LINK).events == ()
    case.do(UNLINK)
    assert case.do(UNLINK).events == ()
    assert case.kinds().count("incident_linked") == case.kinds().count("incident_unlinked") == 1


def test_the_view_shows_incident_bulletin_and_proposal() -> None:
    case = linked()
    case.do(bulletin(1))
    case.do(MENDED)
    view = view_of(case.state, case.policy)
    assert (view.incident, view.bulletin, view.proposal) == ("mail", 2, "The queue was restarted.")


def test_a_proposal_goes_to_the_owner_and_the_customer_hears_nothing() -> None:
    case = linked()
    told = case.told_customer()
    case.do(MENDED)
    assert case.told("ana")[-1] == "resolution_proposed"
    assert case.messages[-1].notices[0].text == "The queue was restarted."
    assert case.told_customer() == told
    assert case.state.stage is Stage.WORKING
    assert case.do(MENDED).events == ()


def test_the_one_who_takes_the_case_later_learns_of_the_proposal_too() -> None:
    case = Case.opened()
    case.do(LINK)
    case.do(MENDED)
    case.acknowledge()
    assert case.told("ana")[-2:] == ["resolution_proposed", "resolution_proposed"]  # when asked, and as owner


def test_a_withdrawn_proposal_counts_no_more_and_the_owner_hears_why() -> None:
    case = linked()
    case.do(MENDED)
    told = case.told_customer()
    case.do(WITHDRAWN)
    view = view_of(case.state, case.policy)
    assert (view.stage, view.proposal, view.bulletin) == (Stage.WORKING, "", 3)
    assert case.told("ana")[-1] == "proposal_withdrawn"
    assert (case.messages[-1].key, case.messages[-1].notices[0].text) == ("bulletin/mail/3/ana", "Mail is late again.")
    assert case.told_customer() == told
    assert case.do(WITHDRAWN).events == ()


def test_the_one_who_takes_the_case_after_the_withdrawal_hears_nothing_of_the_proposal() -> None:
    case = Case.opened()
    case.do(LINK)
    case.do(MENDED)
    case.do(WITHDRAWN)
    case.acknowledge()
    assert case.told("ana")[-2:] == ["resolution_proposed", "proposal_withdrawn"]


def test_the_one_who_resolved_the_case_with_the_proposal_hears_that_it_did_not_hold() -> None:
    case = linked()
    case.do(MENDED)
    case.do(RESOLVE)
    case.do(WITHDRAWN)
    assert case.state.stage is Stage.RESOLVED
    assert case.told("ana")[-1] == "proposal_withdrawn"
    case.do(REOPEN)
    case.acknowledge()
    assert case.state.incident == "mail"


def test_who_never_got_the_proposal_hears_the_current_state_too() -> None:
    case = linked()
    case.do(WITHDRAWN)
    assert case.told("ana")[-1] == "proposal_withdrawn"


def test_a_new_proposal_after_a_withdrawal_is_proposed_again() -> None:
    case = linked()
    case.do(MENDED)
    case.do(WITHDRAWN)
    case.do(ProposeResolution(incident="mail", number=4, solution="A new disk.", by="zoe"))
    assert case.state.proposal == "A new disk."
    assert case.told("ana")[-1] == "resolution_proposed"


def test_a_withdrawal_needs_a_reason_and_a_case_that_is_linked() -> None:
    silent = WithdrawProposal(incident="mail", number=3, why=" ", by="zoe")
    assert "`why` is empty" in str(linked().refused(silent))
    assert str(Case.working().refused(WITHDRAWN)) == "it is not linked to the incident `mail`"


@pytest.mark.parametrize("stage", [Stage.CLOSED, Stage.CANCELLED])
def test_a_case_that_is_over_for_good_hears_of_no_withdrawal(stage: Stage) -> None:
    assert f"not possible while {stage}" in str(IN_STAGE[stage]().refused(WITHDRAWN))


def test_a_proposal_is_over_once_the_case_is_resolved() -> None:
    case = linked()
    case.do(MENDED)
    case.do(RESOLVE)
    assert case.state.proposal == ""
    case.do(REOPEN)
    case.acknowledge()
    assert "resolution_proposed" not in case.told("ana")[-1:]
    assert case.state.incident == "mail"


@pytest.mark.parametrize("stage", [Stage.RESOLVED, Stage.CLOSED, Stage.CANCELLED])
def test_a_case_that_is_over_takes_no_bulletin(stage: Stage) -> None:
    assert f"not possible while {stage}" in str(IN_STAGE[stage]().refused(bulletin()))


def test_a_resolved_case_can_be_linked_and_is_notified_once_it_is_reopened() -> None:
    case = IN_STAGE[Stage.RESOLVED]()
    case.do(LINK)
    case.do(Reopen(by="customer", why="It is back"))
    case.do(bulletin())
    assert case.told_customer()[-1] == "update"


# What the overseer hears.


@pytest.mark.parametrize("pages", [True, False])
def test_of_a_bulletin_that_keeps_no_promise_its_author_hears_once_and_no_owner_is_asked_for_a_new_time(
    *, pages: bool
) -> None:
    case = linked()
    case.do(bulletin(page=pages, in_=timedelta(hours=1), case=case))
    case.wait(timedelta(hours=2))
    missed = [
        (message.to, one.incident, one.is_author)
        for message in case.messages
        for one in message.notices
        if one.kind == "promise_lapsed"
    ]
    assert missed == [("ana", "mail", False), *([("zoe", "mail", True)] if pages else [])]


def overseers(case: Case) -> list[str]:
    return case.told("overseer")


def test_who_is_asked_to_page_notifies_the_overseer_which_bulletin_it_is() -> None:
    case = linked()
    case.do(bulletin(page=True))
    assert overseers(case) == ["bulletin"]
    page = next(message for message in case.messages if message.to == "overseer")
    assert (page.key, page.notices[0]) == (
        "bulletin/mail/1/overseer",
        notices.Bulletin(incident="mail", number=1),
    )


def test_an_overseer_who_has_heard_from_another_case_is_not_paged() -> None:
    case = linked()
    case.do(replace(bulletin(page=True), heard=("eve", "overseer")))
    assert overseers(case) == []
    case.do(replace(bulletin(2, page=True), heard=("eve",)))
    assert overseers(case) == ["bulletin"]


def test_an_overseer_who_holds_the_case_gets_page_and_proposal_in_one_message() -> None:
    case = Case.opened(staffing=nobody)
    assert case.state.owner == "overseer"
    case.do(LINK)
    before = len(case.messages)
    case.do(ProposeResolution(incident="mail", number=1, solution="Done", page=True, by="zoe"))
    assert [message.to for message in case.messages[before:]] == ["overseer"]
    assert overseers(case)[-1] == "resolution_proposed, bulletin"


def alone_and_linked(duration: timedelta) -> tuple[Case, Case]:
    """The same case twice, in which the owner writes notes and the customer hears nothing: one alone, one linked."""
    alone, together = Case.working(), linked()
    for case in (alone, together):
        work(case, duration)
    return alone, together


def work(case: Case, duration: timedelta) -> None:
    for _ in range(duration // HOURS):
        case.do(AddNote(by="ana", text="still at it"))
        case.wait(HOURS)


def test_a_linked_case_breaks_the_same_promises_but_does_not_page_what_the_incident_explains() -> None:
    alone, together = alone_and_linked(2 * DAYS)
    assert together.fired() == alone.fired()
    assert together.state.breaches == alone.state.breaches
    explained = [text for text in notices_to(alone, "overseer") if is_explained(text)]
    assert "breach resolution due " in explained
    assert "holding_update_sent customer_update due " in explained
    assert notices_to(together, "overseer") == [
        text for text in notices_to(alone, "overseer") if not is_explained(text)
    ]
    assert notices_to(together, "ana") == notices_to(alone, "ana")


def is_explained(text: str) -> bool:
    about, clock = text.split(" ")[:2]
    explained_clock = clock in (ClockName.RESOLUTION, ClockName.CUSTOMER_UPDATE)
    return about in ("warning", "holding_update_sent", "updates_slowed", "tier_skipped") or (
        about == "breach" and explained_clock
    )


def notices_to(case: Case, person: str) -> list[str]:
    return [
        f"{notice.kind} {said(notice)} "
        for message in case.messages
        if message.to == person
        for notice in message.notices
    ]


def test_an_overseer_who_holds_a_linked_case_hears_all_that_an_owner_hears() -> None:
    alone, together = (Case.opened(staffing=nobody) for _ in range(2))
    together.do(LINK)
    for case in (alone, together):
        case.wait(3 * DAYS)
    assert notices_to(together, "overseer") == notices_to(alone, "overseer")


def test_a_customer_no_one_answers_is_reported_to_the_overseer_as_usual() -> None:
    _, together = alone_and_linked(DAYS)
    assert "breach first_response due " in notices_to(together, "overseer")


@pytest.mark.parametrize("ends", [UNLINK, MENDED])
def test_the_silence_ends_with_the_proposal_or_the_unlinking(ends: UnlinkIncident | ProposeResolution) -> None:
    alone, together = Case.working(), linked()
    together.do(ends)
    for case in (alone, together):
        work(case, 3 * DAYS)
    assert notices_to(together, "overseer") == notices_to(alone, "overseer")


def test_the_silence_begins_again_where_the_solution_did_not_hold() -> None:
    alone, together = Case.working(), linked()
    together.do(MENDED)
    together.do(WITHDRAWN)
    for case in (alone, together):
        work(case, 2 * DAYS)
    explained = [text for text in notices_to(alone, "overseer") if is_explained(text)]
    assert explained
    assert notices_to(together, "overseer") == [
        text for text in notices_to(alone, "overseer") if not is_explained(text)
    ]


def test_an_empty_tier_is_in_the_timeline_and_not_a_page_for_each_linked_case() -> None:
    case = Case.opened()
    case.do(LINK)
    case.staffing = nobody
    case.wait(3 * HOURS)
    assert "tier_skipped" in case.kinds()
    assert not any("tier_skipped" in told for told in overseers(case))
    assert any("overseer_holds" in told for told in overseers(case))


def test_a_message_that_reaches_no_one_is_reported_to_the_overseer_as_usual() -> None:
    case = linked()
    case.do(RecordDeliveryFailed(key="bulletin/mail/1/customer", to="customer", error="refused"))
    assert overseers(case) == ["delivery_failed"]


def test_a_bulletin_leaves_the_promise_of_the_case_and_replaces_that_of_an_earlier_bulletin() -> None:
    case = linked()
    case.do(MakePromise(what="a refund", at=case.now + 3 * HOURS, by="ana"))
    case.do(bulletin(1, in_=HOURS, case=case))
    assert case.state.promise == "a refund"
    letter = case.messages[-1].facts
    assert (letter.next_step, letter.next_by, letter.promise) == ("We restart it", None, "a refund")
    case.do(TellCustomer(text="Here it is", by="ana", fulfils_promise=True))
    case.do(bulletin(2, in_=HOURS, case=case))
    case.do(replace(bulletin(3, in_=2 * HOURS, case=case), next_step="We replace it"))
    assert case.state.promise == "We replace it"
    assert own_words(case.messages[-1]).replaces == "We restart it"
