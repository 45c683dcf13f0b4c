"""What every Directory must do, whatever it is made of; run against the fake and against PostgreSQL."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from activities.contracts import ApproverInput
from activities.errors import UnknownPerson
from activities.ports.directory import Directory, Person
from escalation.messages.effects import FindApprover
from escalation.reach import parse_reach
from escalation.roster.members import Member
from escalation.vocabulary import Category
from tests.unit.activities.builders import CASE, MONDAY, Clock, member, request

Staff = Callable[..., Awaitable[Directory]]
"""Makes a directory with these members."""


def approver_request(*besides: str, tier: int = 2) -> ApproverInput:
    wanted = FindApprover(approval=1, tier=tier, authority=500, besides=besides)
    return ApproverInput(escalation=CASE, request=wanted)


class DirectoryContract:
    """Fixtures needed: `staff`, `clock`."""

    async def test_it_says_who_left_and_who_may_write_to_customers(self, staff: Staff) -> None:
        silent = replace(member("cleo"), writes_to_customers=False)
        directory = await staff(member("ana"), replace(member("ben"), active=False), silent)
        known = {one.id: (one.active, one.writes_to_customers) for one in await directory.colleagues()}
        assert known == {"ana": (True, True), "ben": (False, True), "cleo": (True, False)}

    async def test_a_tier_gets_only_people_who_may_write_to_customers_where_it_requires_that(
        self, staff: Staff
    ) -> None:
        directory = await staff(replace(member("ana"), writes_to_customers=False), member("ben"))
        wanted = request()
        required = replace(wanted, request=replace(wanted.request, skills=("writes_to_customers",)))
        assert await directory.assign(required) == "ben"

    async def test_no_one_works_here_so_no_one_is_booked(self, staff: Staff) -> None:
        directory = await staff()
        assert await directory.assign(request()) is None

    async def test_a_person_is_found_at_each_of_their_addresses_unless_two_share_it(self, staff: Staff) -> None:
        directory = await staff(
            member("ana", addresses=("slack:U1", "slack:C1"), urgent=("pagerduty:ana",)),
            member("ben", addresses=("slack:C1",)),
            member("eva", addresses=("slack:U3",), active=False),
        )
        ana = await directory.person("ana")
        assert (ana.addresses, ana.urgent) == (("slack:U1", "slack:C1"), ("pagerduty:ana",))
        for at in ("slack:U1", "pagerduty:ana", f"mail:{ana.address}"):
            assert await directory.person_at(parse_reach(at)) == "ana"
        for at in ("slack:C1", "slack:U3", "slack:u1", "pagerduty:U1"):
            assert await directory.person_at(parse_reach(at)) is None

    async def test_the_same_offer_gives_the_same_person_again(self, staff: Staff) -> None:
        directory = await staff(member("ana"), member("ben"))
        first = await directory.assign(request())
        assert await directory.assign(request()) == first

    async def test_a_repeat_after_the_release_answers_the_same_and_books_no_one(self, staff: Staff) -> None:
        directory = await staff(member("ana", max_open=1))
        assert await directory.assign(request()) == "ana"
        await directory.release(CASE, 1)
        assert await directory.assign(request()) == "ana"
        assert await directory.assign(request(escalation="escalation-2")) == "ana"

    async def test_the_one_who_has_the_fewest_open_cases_comes_first(self, staff: Staff) -> None:
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

    async def test_a_person_never_booked_comes_before_a_person_who_was(self, staff: Staff) -> None:
        directory = await staff(member("ana"), member("ben"))
        await directory.assign(request(escalation="escalation-1"))
        await directory.release("escalation-1", 1)
        assert await directory.assign(request()) == "ben"

    async def test_no_one_is_booked_beyond_their_limit(self, staff: Staff) -> None:
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
    async def test_who_does_not_fit_is_not_booked(self, staff: Staff, unfit: dict[str, Any]) -> None:
        wanted = request(skills=("printers",), authority=50)
        fit = member("ana", skills=("printers", "technical"), authority=50)
        assert await (await staff(fit)).assign(wanted) == "ana"
        other = replace(wanted, escalation="escalation-2")
        unfit_one = replace(fit, **unfit)
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

    async def test_the_one_who_speaks_the_customers_language_comes_first(self, staff: Staff) -> None:
        directory = await staff(member("ana"), member("ben"), member("cem", languages=("fr", "de-AT")))
        asked = [request(escalation=f"escalation-{n}", language="de-CH") for n in range(5)]
        assert [await directory.assign(each) for each in asked] == ["cem", "cem", "cem", "ana", "ben"]

    async def test_a_language_no_one_speaks_and_none_at_all_change_nothing(self, staff: Staff) -> None:
        directory = await staff(member("ana", language="de"), member("ben"))
        nobody_speaks_it = request(escalation="escalation-1", language="fi")
        assert [await directory.assign(nobody_speaks_it), await directory.assign(request())] == ["ana", "ben"]

    async def test_the_language_of_ones_own_messages_counts_where_no_others_are_named(self, staff: Staff) -> None:
        directory = await staff(
            member("ana"), member("ben", language="de"), member("cem", language="de", languages=("en",))
        )
        assert await directory.assign(request(language="de")) == "ben"

    async def test_a_person_who_is_scheduled_but_has_no_shift_is_never_asked(self, staff: Staff) -> None:
        directory = await staff(member("ana", scheduled=True))
        assert await directory.assign(request()) is None
        assert await directory.assign(request(2, person="ana")) is None

    async def test_an_absence_takes_a_person_out_who_is_always_there(self, staff: Staff, clock: Clock) -> None:
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

    async def test_nothing_ends_the_time_of_a_person_without_shifts(self, staff: Staff) -> None:
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

    async def test_a_person_who_is_not_on_shift_yet_is_off_as_of_now(self, staff: Staff) -> None:
        later = (MONDAY + timedelta(hours=1), MONDAY + timedelta(hours=2))
        directory = await staff(member("ana", shifts=(later,)), member("ben", scheduled=True))
        assert [await directory.on_shift_until(name) for name in ("ana", "ben")] == [MONDAY, MONDAY]

    async def test_an_absence_ends_the_time_of_a_person_without_shifts(self, staff: Staff, clock: Clock) -> None:
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

    async def test_without_any_shifts_a_person_is_always_on_shift(self, staff: Staff, clock: Clock) -> None:
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

    async def test_an_offer_given_back_before_it_was_booked_books_no_one(self, staff: Staff) -> None:
        directory = await staff(member("ana", max_open=1))
        await directory.release(CASE, 1)
        assert await directory.assign(request(1)) is None
        assert await directory.assign(request(escalation="escalation-2")) == "ana"

    async def test_an_offer_that_arrives_after_a_newer_one_books_no_one(self, staff: Staff) -> None:
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

    async def test_who_left_is_still_known_by_name(self, staff: Staff) -> None:
        directory = await staff(member("ana", active=False))
        found = await directory.person("ana")
        assert (found.name, found.active) == ("Ana", False)

    async def test_people_are_found_together_and_who_is_unknown_is_left_out(self, staff: Staff) -> None:
        directory = await staff(member("ana"), member("ben", active=False), member("cem"))
        found = await directory.people({"ana", "ben", "zoe", ""})
        assert {one.id: (one.name, one.active) for one in found.values()} == {
            "ana": ("Ana", True),
            "ben": ("Ben", False),
        }
        assert found["ana"] == await directory.person("ana")

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
