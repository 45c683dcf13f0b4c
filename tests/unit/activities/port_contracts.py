"""What every Directory, Records, Ledger and Policies must do, whatever they are made of.

The classes here are not collected by themselves: `test_fakes.py` runs them against the fakes,
`tests/integration/postgres/test_ports.py` against PostgreSQL. What Records do about lost workflow tasks stands in
`superseding_contract.py`.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from activities.adapters.postgres.roster import Member
from activities.contracts import ApproverInput, CustomerHistory
from activities.errors import ClaimedElsewhere, NotYetRecorded, RecordConflict, UnknownPerson, UnknownPolicy
from activities.ports import Claim, Directory, Ledger, Person, Policies, Records
from escalation.effects import FindApprover
from escalation.policy import PolicyRef
from escalation.vocabulary import Category, Channel, ClockName, Stage
from tests.example_policy import EXAMPLE
from tests.unit.activities.builders import CASE, CUSTOMER, MONDAY, OPENED, VIEW, Clock, batch, member, note, request

Staff = Callable[..., Awaitable[Directory]]
"""Makes a directory with these members."""


def approver_request(*besides: str, tier: int = 2) -> ApproverInput:
    wanted = FindApprover(approval=1, tier=tier, authority=500, besides=besides)
    return ApproverInput(escalation=CASE, request=wanted)


class DirectoryContract:
    """Fixtures needed: `staff`, `clock`."""

    async def test_nobody_works_here_so_nobody_is_booked(self, staff: Staff) -> None:
        directory = await staff()
        assert await directory.assign(request()) is None

    async def test_the_same_offer_gives_the_same_person_again(self, staff: Staff) -> None:
        directory = await staff(member("ana"), member("ben"))
        first = await directory.assign(request())
        assert await directory.assign(request()) == first

    async def test_a_repeat_after_the_release_answers_the_same_and_books_nobody(self, staff: Staff) -> None:
        directory = await staff(member("ana", max_open=1))
        assert await directory.assign(request()) == "ana"
        await directory.release(CASE, 1)
        assert await directory.assign(request()) == "ana"
        assert await directory.assign(request(escalation="escalation-2")) == "ana"

    async def test_whoever_has_the_fewest_open_cases_comes_first(self, staff: Staff) -> None:
        directory = await staff(member("ana"), member("ben"))
        booked = [await directory.assign(request(escalation=f"escalation-{n}")) for n in range(4)]
        assert booked == ["ana", "ben", "ana", "ben"]

    async def test_of_equally_loaded_people_the_one_idle_for_longest_comes_first(
        self, staff: Staff, clock: Clock
    ) -> None:
        directory = await staff(member("ana"), member("ben"), member("cem"))
        for number in range(3):
            clock.move(minutes=1)
            await directory.assign(request(escalation=f"escalation-{number}"))
        for number in (1, 2, 0):
            clock.move(minutes=1)
            await directory.release(f"escalation-{number}", 1)
        assert await directory.assign(request()) == "ben"

    async def test_somebody_never_booked_comes_before_somebody_who_was(self, staff: Staff) -> None:
        directory = await staff(member("ana"), member("ben"))
        await directory.assign(request(escalation="escalation-1"))
        await directory.release("escalation-1", 1)
        assert await directory.assign(request()) == "ben"

    async def test_nobody_is_booked_beyond_their_limit(self, staff: Staff) -> None:
        directory = await staff(member("ana", max_open=2))
        booked = [await directory.assign(request(escalation=f"escalation-{n}")) for n in range(3)]
        assert booked == ["ana", "ana", None]

    async def test_a_released_booking_makes_room(self, staff: Staff) -> None:
        directory = await staff(member("ana", max_open=1))
        await directory.assign(request(escalation="escalation-1"))
        await directory.release("escalation-1", 1)
        assert await directory.assign(request()) == "ana"

    @pytest.mark.parametrize(
        "unfit",
        [
            {"active": False},
            {"tiers": (2, 3)},
            {"skills": (Category.BILLING,)},
            {"skills": (Category.TECHNICAL,)},
            {"authority": 49},
            {"max_open": 0},
        ],
        ids=lambda unfit: next(iter(unfit)),
    )
    async def test_who_does_not_fit_is_not_booked(self, staff: Staff, unfit: dict[str, object]) -> None:
        wanted = request(skills=("printers",), authority=50)
        fit = member("ana", skills=("printers", "technical"), authority=50)
        assert await (await staff(fit)).assign(wanted) == "ana"
        other = replace(wanted, escalation="escalation-2")
        unfit_one = replace(fit, **unfit)  # type: ignore[arg-type]  # the rows above name fields of Member
        assert await (await staff(unfit_one)).assign(other) is None

    async def test_who_was_tried_is_not_asked_again(self, staff: Staff) -> None:
        directory = await staff(member("ana"), member("ben"))
        assert await directory.assign(request(tried=("ana",))) == "ben"
        assert await directory.assign(request(2, tried=("ana", "ben"))) is None

    async def test_a_shift_begins_at_its_start_and_is_over_at_its_end(self, staff: Staff, clock: Clock) -> None:
        shift = (MONDAY, MONDAY + timedelta(hours=8))
        directory = await staff(member("ana", shifts=(shift,), max_open=9))
        answers = {}
        for hours in (-0.001, 0, 7.999, 8):
            clock.now = MONDAY + timedelta(hours=hours)
            answers[hours] = await directory.assign(request(escalation=f"escalation-{hours}"))
        assert answers == {-0.001: None, 0: "ana", 7.999: "ana", 8: None}

    async def test_whoever_speaks_the_customers_language_comes_first(self, staff: Staff) -> None:
        directory = await staff(member("ana"), member("ben"), member("cem", languages=("fr", "de-AT")))
        asked = [request(escalation=f"escalation-{n}", language="de-CH") for n in range(5)]
        assert [await directory.assign(each) for each in asked] == ["cem", "cem", "cem", "ana", "ben"]

    async def test_a_language_nobody_speaks_and_none_at_all_change_nothing(self, staff: Staff) -> None:
        directory = await staff(member("ana", language="de"), member("ben"))
        nobody_speaks_it = request(escalation="escalation-1", language="fi")
        assert [await directory.assign(nobody_speaks_it), await directory.assign(request())] == ["ana", "ben"]

    async def test_the_language_of_ones_own_messages_counts_where_no_others_are_named(self, staff: Staff) -> None:
        directory = await staff(
            member("ana"), member("ben", language="de"), member("cem", language="de", languages=("en",))
        )
        assert await directory.assign(request(language="de")) == "ben"

    async def test_whoever_is_scheduled_but_has_no_shift_is_never_asked(self, staff: Staff) -> None:
        directory = await staff(member("ana", scheduled=True))
        assert await directory.assign(request()) is None
        assert await directory.assign(request(2, person="ana")) is None

    async def test_an_absence_takes_somebody_out_who_is_always_there(self, staff: Staff, clock: Clock) -> None:
        away = (MONDAY, MONDAY + timedelta(hours=8))
        directory = await staff(member("ana", absences=(away,), max_open=9))
        answers = {}
        for hours in (-0.001, 0, 7.999, 8):
            clock.now = MONDAY + timedelta(hours=hours)
            answers[hours] = await directory.assign(request(escalation=f"escalation-{hours}"))
        assert answers == {-0.001: "ana", 0: None, 7.999: None, 8: "ana"}

    async def test_an_approver_is_on_shift_at_the_tier_has_the_authority_and_did_not_ask(self, staff: Staff) -> None:
        past = (MONDAY - timedelta(days=2), MONDAY - timedelta(days=1))
        directory = await staff(
            member("ana", tiers=(2,), authority=500),
            member("ben", tiers=(1,), authority=500),
            member("cem", tiers=(2,), authority=499),
            member("dee", tiers=(2,), authority=500, shifts=(past,)),
            member("eve", tiers=(2,), authority=500, active=False),
            member("fay", tiers=(2, 3), authority=500, skills=(), max_open=0),
        )
        assert await directory.approver(approver_request("ana")) == "fay", "to decide takes no skill and no room"
        assert await directory.approver(approver_request("ana", "fay")) is None

    async def test_of_several_approvers_the_one_with_the_fewest_open_cases_is_named_and_not_booked(
        self, staff: Staff
    ) -> None:
        directory = await staff(member("ana", authority=500), member("ben", authority=500))
        wanted = approver_request(tier=1)
        assert [await directory.approver(wanted) for _ in range(2)] == ["ana", "ana"]
        assert await directory.assign(request()) == "ana"
        assert await directory.approver(wanted) == "ben"

    async def test_nothing_ends_the_time_of_somebody_without_shifts(self, staff: Staff) -> None:
        directory = await staff(member("ana"))
        assert await directory.on_shift_until("ana") is None

    async def test_a_shift_ends_when_no_other_follows_on(self, staff: Staff, clock: Clock) -> None:
        hour = timedelta(hours=1)
        shifts = (
            (MONDAY, MONDAY + 4 * hour),
            (MONDAY + 4 * hour, MONDAY + 8 * hour),
            (MONDAY + 9 * hour, MONDAY + 10 * hour),
        )
        directory = await staff(member("ana", shifts=shifts))
        answers = []
        for hours in (0, 4, 7.999, 8, 9):
            clock.now = MONDAY + hours * hour
            answers.append(await directory.on_shift_until("ana"))
        over, last = MONDAY + 8 * hour, MONDAY + 10 * hour
        assert answers == [over, over, over, over, last]

    async def test_shifts_that_overlap_end_with_the_last_of_them(self, staff: Staff) -> None:
        hour = timedelta(hours=1)
        shifts = ((MONDAY - hour, MONDAY + 6 * hour), (MONDAY, MONDAY + hour), (MONDAY + 2 * hour, MONDAY + 3 * hour))
        directory = await staff(member("ana", shifts=shifts))
        assert await directory.on_shift_until("ana") == MONDAY + 6 * hour

    async def test_whoever_is_not_on_shift_yet_is_off_as_of_now(self, staff: Staff) -> None:
        later = (MONDAY + timedelta(hours=1), MONDAY + timedelta(hours=2))
        directory = await staff(member("ana", shifts=(later,)), member("ben", scheduled=True))
        assert [await directory.on_shift_until(name) for name in ("ana", "ben")] == [MONDAY, MONDAY]

    async def test_an_absence_ends_the_time_of_somebody_without_shifts(self, staff: Staff, clock: Clock) -> None:
        away = (MONDAY + timedelta(hours=1), MONDAY + timedelta(hours=2))
        directory = await staff(member("ana", absences=(away,)))
        assert await directory.on_shift_until("ana") == away[0]
        clock.now = MONDAY + timedelta(hours=1.5)
        assert await directory.on_shift_until("ana") == clock.now
        clock.now = away[1]
        assert await directory.on_shift_until("ana") is None

    async def test_the_shift_of_an_unknown_person_is_named_in_the_error(self, staff: Staff) -> None:
        directory = await staff(member("ana"))
        with pytest.raises(UnknownPerson, match="`zoe`"):
            await directory.on_shift_until("zoe")

    async def test_without_any_shifts_somebody_is_always_on_shift(self, staff: Staff, clock: Clock) -> None:
        directory = await staff(member("ana"))
        clock.move(days=400)
        assert await directory.assign(request()) == "ana"

    async def test_a_person_asked_for_by_name_is_booked_whatever_their_tier_and_load(self, staff: Staff) -> None:
        olga = member("olga", tiers=(), skills=(), authority=0, max_open=0)
        directory = await staff(member("ana"), olga)
        assert await directory.assign(request(person="olga", tried=("olga",))) == "olga"

    async def test_a_person_asked_for_by_name_must_be_there(self, staff: Staff) -> None:
        past = (MONDAY - timedelta(days=2), MONDAY - timedelta(days=1))
        directory = await staff(member("ana"), member("ben", active=False), member("cem", shifts=(past,)))
        answers = [await directory.assign(request(person=name)) for name in ("ben", "cem", "nobody")]
        assert answers == [None, None, None]

    async def test_a_new_offer_gives_the_earlier_booking_of_the_escalation_back(self, staff: Staff) -> None:
        directory = await staff(member("ana", max_open=1), member("ben", max_open=1))
        assert await directory.assign(request(1)) == "ana"
        assert await directory.assign(request(2, tried=("ana",))) == "ben"
        assert await directory.assign(request(escalation="escalation-2")) == "ana"
        assert await directory.assign(request(escalation="escalation-3")) is None

    async def test_ones_own_booking_for_the_same_escalation_does_not_count(self, staff: Staff) -> None:
        directory = await staff(member("ana", max_open=1))
        assert await directory.assign(request(1)) == "ana"
        assert await directory.assign(request(2)) == "ana"
        assert await directory.assign(request(3, tried=("ana",))) is None
        assert await directory.assign(request(escalation="escalation-2")) is None

    async def test_an_offer_given_back_before_it_was_booked_books_nobody(self, staff: Staff) -> None:
        directory = await staff(member("ana", max_open=1))
        await directory.release(CASE, 1)
        assert await directory.assign(request(1)) is None
        assert await directory.assign(request(escalation="escalation-2")) == "ana"

    async def test_an_offer_that_arrives_after_a_newer_one_books_nobody(self, staff: Staff) -> None:
        directory = await staff(member("ana"), member("ben"))
        assert await directory.assign(request(2)) == "ana"
        assert await directory.assign(request(1)) is None
        assert await directory.assign(request(2)) == "ana"

    async def test_releasing_twice_is_releasing_once(self, staff: Staff) -> None:
        directory = await staff(member("ana", max_open=1))
        await directory.assign(request())
        await directory.release(CASE, 1)
        await directory.release(CASE, 1)
        assert await directory.assign(request(2)) == "ana"

    async def test_a_person_is_found_by_id(self, staff: Staff) -> None:
        directory = await staff(member("ana", language="de", zone="Europe/Berlin"))
        assert await directory.person("ana") == Person(
            id="ana", name="Ana", address="ana@example.com", language="de", zone="Europe/Berlin"
        )

    async def test_an_unknown_person_is_named_in_the_error(self, staff: Staff) -> None:
        directory = await staff(member("ana"))
        with pytest.raises(UnknownPerson, match="`zoe`"):
            await directory.person("zoe")

    async def test_many_bookings_at_once_respect_every_limit(self, staff: Staff) -> None:
        team: list[Member] = [member(name, max_open=2) for name in ("ana", "ben", "cem")]
        directory = await staff(*team)
        asked = (directory.assign(request(escalation=f"escalation-{n}")) for n in range(12))
        booked = await asyncio.gather(*asked)
        counts = {name: booked.count(name) for name in ("ana", "ben", "cem", None)}
        assert counts == {"ana": 2, "ben": 2, "cem": 2, None: 6}


class RecordsContract:
    """Fixtures needed: `records`."""

    async def test_an_escalation_nobody_recorded_has_no_view_yet(self, records: Records) -> None:
        with pytest.raises(NotYetRecorded, match=CASE):
            await records.view(CASE)

    async def test_the_view_comes_back_as_it_was_written(self, records: Records) -> None:
        rich = replace(VIEW, breaches={ClockName.RESOLUTION: 2}, score=4, closed_at=MONDAY, stage=Stage.CLOSED)
        await records.append(batch([OPENED], view=rich))
        assert await records.view(CASE) == rich

    async def test_the_view_follows_the_latest_batch(self, records: Records) -> None:
        await records.append(batch([OPENED]))
        await records.append(batch([note("a"), note("b")], first=2, view=replace(VIEW, owner="ben", next_due=None)))
        view = await records.view(CASE)
        assert (view.last_seq, view.owner, view.next_due) == (3, "ben", None)

    async def test_the_same_batch_twice_is_written_once(self, records: Records) -> None:
        await records.append(batch([OPENED, note("a")]))
        await records.append(batch([OPENED, note("a")]))
        await records.append(batch([note("b")], first=3))
        assert (await records.view(CASE)).last_seq == 3

    async def test_a_batch_that_overlaps_adds_what_is_new(self, records: Records) -> None:
        await records.append(batch([OPENED, note("a")]))
        await records.append(batch([note("a"), note("b")], first=2, view=replace(VIEW, owner="ben")))
        await records.append(batch([note("c")], first=4))
        with pytest.raises(RecordConflict):
            await records.append(batch([note("not b")], first=3))

    async def test_an_old_batch_that_comes_late_does_not_turn_the_view_back(self, records: Records) -> None:
        await records.append(batch([OPENED], view=replace(VIEW, owner="")))
        await records.append(batch([note("a")], first=2))
        await records.append(batch([OPENED], view=replace(VIEW, owner="")))
        view = await records.view(CASE)
        assert (view.last_seq, view.owner) == (2, "ana")

    async def test_another_event_at_the_same_place_is_refused_and_nothing_of_it_is_kept(self, records: Records) -> None:
        await records.append(batch([OPENED, note("a")]))
        changed = batch([note("not a"), note("b")], first=2, view=replace(VIEW, owner="eve"))
        with pytest.raises(RecordConflict, match="another event 2"):
            await records.append(changed)
        assert (await records.view(CASE)).owner == "ana"
        await records.append(batch([note("the third")], first=3))

    async def test_a_gap_is_refused(self, records: Records) -> None:
        await records.append(batch([OPENED]))
        with pytest.raises(RecordConflict, match="gap"):
            await records.append(batch([note("c")], first=3))
        assert (await records.view(CASE)).last_seq == 1

    async def test_a_timeline_cannot_begin_in_the_middle(self, records: Records) -> None:
        with pytest.raises(RecordConflict, match="gap"):
            await records.append(batch([note("b")], first=2))
        with pytest.raises(NotYetRecorded):
            await records.view(CASE)

    async def test_escalations_do_not_get_in_each_others_way(self, records: Records) -> None:
        await records.append(batch([OPENED]))
        other = batch([OPENED, note("mine")], escalation="escalation-2", view=replace(VIEW, owner="ben"))
        await records.append(other)
        assert ((await records.view(CASE)).owner, (await records.view("escalation-2")).owner) == ("ana", "ben")

    async def test_a_customer_without_a_past_has_an_empty_history(self, records: Records) -> None:
        await records.append(batch([OPENED]))
        assert await records.customer_history(CASE, CUSTOMER.id) == CustomerHistory()

    async def test_the_history_counts_what_came_back_and_what_broke(self, records: Records) -> None:
        for number, changes in enumerate(
            [{"cycle": 2}, {"breaches": {ClockName.RESOLUTION: 1}}, {"breaches": {ClockName.PROMISE: 0}}], start=1
        ):
            view = replace(VIEW, opened_at=MONDAY - timedelta(days=number), **changes)  # type: ignore[arg-type]
            await records.append(batch([OPENED], escalation=f"escalation-{number}", view=view))
        stranger = replace(VIEW, customer=replace(CUSTOMER, id="c-2"))
        await records.append(batch([OPENED], escalation="escalation-9", view=stranger))
        assert await records.customer_history(CASE, CUSTOMER.id) == CustomerHistory(
            escalations=("escalation-1", "escalation-2", "escalation-3"), total=3, reopened=1, breached=1
        )

    async def test_the_history_names_the_newest_ten_and_counts_all(self, records: Records) -> None:
        for number in range(12):
            view = replace(VIEW, opened_at=MONDAY + timedelta(days=number))
            await records.append(batch([OPENED], escalation=f"escalation-{number}", view=view))
        history = await records.customer_history(CASE, CUSTOMER.id)
        assert history.total == 12
        assert history.escalations == tuple(f"escalation-{number}" for number in range(11, 1, -1))

    async def test_what_was_opened_later_is_no_history(self, records: Records) -> None:
        await records.append(batch([OPENED]))
        later = replace(VIEW, opened_at=MONDAY + timedelta(days=1))
        await records.append(batch([OPENED], escalation="escalation-2", view=later))
        assert (await records.customer_history(CASE, CUSTOMER.id)).total == 0

    async def test_customers_without_an_id_share_no_history(self, records: Records) -> None:
        nameless = replace(VIEW, customer=replace(CUSTOMER, id=""))
        await records.append(batch([OPENED], escalation="escalation-1", view=nameless))
        assert (await records.customer_history(CASE, "")).total == 0


class LedgerContract:
    """Fixtures needed: `ledger` (with a lease of a minute), `clock`."""

    async def claim(self, ledger: Ledger, channel: Channel = Channel.EMAIL) -> Claim:
        return await ledger.claim(CASE, "receipt", channel=channel, kind="receipt", to="customer")

    async def fail(self, ledger: Ledger, *, final: bool = False) -> None:
        await ledger.failed(CASE, "receipt", channel=Channel.EMAIL, error="451 later", final=final)

    async def send(self, ledger: Ledger) -> None:
        await ledger.sent(CASE, "receipt", channel=Channel.EMAIL, receipt="250 ok")

    async def test_a_new_message_may_be_sent(self, ledger: Ledger) -> None:
        assert await self.claim(ledger) == Claim()

    async def test_what_was_sent_is_not_sent_again(self, ledger: Ledger) -> None:
        await self.claim(ledger)
        await self.send(ledger)
        assert await self.claim(ledger) == Claim(sent=True)

    async def test_two_attempts_cannot_hold_the_same_message(self, ledger: Ledger, clock: Clock) -> None:
        await self.claim(ledger)
        clock.move(seconds=20)
        with pytest.raises(ClaimedElsewhere) as refused:
            await self.claim(ledger)
        assert refused.value.after == 40

    async def test_a_failed_attempt_gives_the_claim_back_at_once(self, ledger: Ledger) -> None:
        await self.claim(ledger)
        await self.fail(ledger)
        assert await self.claim(ledger) == Claim()

    async def test_a_final_failure_may_be_tried_again_by_hand(self, ledger: Ledger) -> None:
        await self.claim(ledger)
        await self.fail(ledger, final=True)
        assert await self.claim(ledger) == Claim()

    async def test_a_claim_that_ran_out_is_taken_over_with_a_warning(self, ledger: Ledger, clock: Clock) -> None:
        await self.claim(ledger)
        clock.move(seconds=60)
        assert await self.claim(ledger) == Claim(maybe_sent=True)

    async def test_the_warning_stays_after_a_failure(self, ledger: Ledger, clock: Clock) -> None:
        await self.claim(ledger)
        clock.move(seconds=60)
        await self.claim(ledger)
        await self.fail(ledger)
        assert await self.claim(ledger) == Claim(maybe_sent=True)

    async def test_a_failure_reported_late_does_not_undo_what_was_sent(self, ledger: Ledger) -> None:
        await self.claim(ledger)
        await self.send(ledger)
        await self.fail(ledger)
        assert await self.claim(ledger) == Claim(sent=True)

    async def test_a_success_reported_after_a_failure_counts(self, ledger: Ledger) -> None:
        await self.claim(ledger)
        await self.fail(ledger)
        await self.send(ledger)
        assert await self.claim(ledger) == Claim(sent=True)

    async def test_each_channel_has_its_own_claim(self, ledger: Ledger) -> None:
        await self.claim(ledger, Channel.EMAIL)
        assert await self.claim(ledger, Channel.WEBHOOK) == Claim()

    async def test_of_many_attempts_at_once_one_gets_the_claim(self, ledger: Ledger) -> None:
        answers = await asyncio.gather(*(self.claim(ledger) for _ in range(8)), return_exceptions=True)
        refused = [answer for answer in answers if isinstance(answer, ClaimedElsewhere)]
        assert (len(refused), [answer for answer in answers if answer not in refused]) == (7, [Claim()])


class PoliciesContract:
    """Fixtures needed: `policies`."""

    async def test_an_unknown_policy_is_named_in_the_error(self, policies: Policies) -> None:
        with pytest.raises(UnknownPolicy, match="`default`"):
            await policies.load("default")

    async def test_an_unknown_version_is_named_in_the_error(self, policies: Policies) -> None:
        await policies.store(EXAMPLE, "a")
        with pytest.raises(UnknownPolicy, match="version 2"):
            await policies.load(EXAMPLE.name, 2)

    async def test_a_policy_comes_back_as_it_was_stored(self, policies: Policies) -> None:
        ref = await policies.store(EXAMPLE, "a")
        loaded = await policies.load(EXAMPLE.name)
        assert (loaded.ref, loaded.policy) == (ref, EXAMPLE)
        assert ref == PolicyRef(name=EXAMPLE.name, version=1, checksum="a")

    async def test_the_same_checksum_is_kept_once(self, policies: Policies) -> None:
        assert await policies.store(EXAMPLE, "a") == await policies.store(EXAMPLE, "a")
        with pytest.raises(UnknownPolicy):
            await policies.load(EXAMPLE.name, 2)

    async def test_a_changed_policy_becomes_the_next_version_and_the_old_one_stays(self, policies: Policies) -> None:
        changed = replace(EXAMPLE, satisfied_from=5)
        await policies.store(EXAMPLE, "a")
        assert (await policies.store(changed, "b")).version == 2
        assert (await policies.load(EXAMPLE.name)).policy == changed
        assert (await policies.load(EXAMPLE.name, 1)).policy == EXAMPLE

    async def test_undoing_an_edit_puts_the_earlier_version_back_in_force(self, policies: Policies) -> None:
        await policies.store(EXAMPLE, "a")
        await policies.store(replace(EXAMPLE, satisfied_from=5), "b")
        assert (await policies.store(EXAMPLE, "a")).version == 1
        assert (await policies.load(EXAMPLE.name)).ref.version == 1
        assert (await policies.store(replace(EXAMPLE, satisfied_from=3), "c")).version == 3

    async def test_policies_are_numbered_by_name(self, policies: Policies) -> None:
        await policies.store(EXAMPLE, "a")
        other = await policies.store(replace(EXAMPLE, name="other"), "a")
        assert (other.version, (await policies.load("other")).policy.name) == (1, "other")

    async def test_many_that_store_at_once_agree_on_the_versions(self, policies: Policies) -> None:
        refs = await asyncio.gather(*(policies.store(EXAMPLE, f"checksum-{n % 4}") for n in range(12)))
        assert {ref.version for ref in refs} == {1, 2, 3, 4}
        assert len({(ref.version, ref.checksum) for ref in refs}) == 4
