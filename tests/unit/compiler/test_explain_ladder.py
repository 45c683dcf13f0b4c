"""Who is asked to take an escalation, tier by tier."""

from dataclasses import replace

from escalation.compiler.explain_ladder import LaneRow, TierRow, explain_lanes, explain_tiers
from escalation.compiler.targets import Kind
from escalation.policy import Policy
from escalation.roster.files import RosterPerson
from escalation.vocabulary import Category, Reason, Severity
from tests.unit.compiler.texts import SOUND, compiled, edited

BILLING = Kind(Severity.SEV1, Category.BILLING, "", "refund")
BACK = "    - name: back"
LADDER = compiled(
    edited(
        BACK,
        "    - {name: back, skills: contracts, authority: 100, acknowledge: 45m, people_to_try: 3}\n"
        "  lanes: {legal: back, billing: front, behaviour: back}\n"
        "  skills: {refund: [payments, contracts]}",
    )
).policy


def person(
    id_: str, *skills: str, authority: int = 0, tiers: tuple[int, ...] = (1, 2), active: bool = True
) -> RosterPerson:
    address = f"{id_}@example.com"
    return RosterPerson(
        id=id_, name=id_, address=address, skills=skills, authority=authority, tiers=tiers, active=active, max_open=5
    )


def test_a_tier_asks_for_the_skills_of_category_tier_and_subcategory_once_each() -> None:
    front, back = explain_tiers(LADDER, BILLING)
    assert front == TierRow(
        tier=1,
        name="front",
        starts_here=True,
        skills=("billing", "payments", "contracts"),
        authority=0,
        people_to_try=1,
        accept_within="1h on 24x7",
    )
    assert back == TierRow(
        tier=2,
        name="back",
        starts_here=False,
        skills=("billing", "contracts", "payments"),
        authority=100,
        people_to_try=3,
        accept_within="45m on 24x7",
    )


def test_a_reason_with_a_lane_starts_the_case_at_its_tier() -> None:
    assert [row.starts_here for row in explain_tiers(LADDER, BILLING, reasons=[Reason.LEGAL])] == [False, True]


def test_people_who_lack_a_skill_or_the_authority_are_listed_apart_and_inactive_ones_not_at_all() -> None:
    able = ("billing", "payments", "contracts")
    people = [
        person("zoe", *able, authority=100),
        person("ana", *able),
        person("ben", "billing", authority=100),
        person("eve", *able, authority=100, tiers=(2,)),
        person("kim", *able, authority=100, active=False),
    ]
    front, back = explain_tiers(LADDER, BILLING, people=people)
    assert (front.people, front.others) == (("ana", "zoe"), ("ben",))
    assert (back.people, back.others) == (("eve", "zoe"), ("ana", "ben"))


def accept_within(policy: Policy, severity: Severity) -> str:
    return explain_tiers(policy, Kind(severity, Category.PRODUCT, "", ""))[0].accept_within


def test_the_time_to_accept_is_the_one_of_the_severity_and_its_calendar() -> None:
    policy = compiled(edited("    targets: 1h\n", "    targets: {SEV1: 15m, SEV2: 30m, SEV3: 2bd, SEV4: 4bd}\n")).policy
    assert [accept_within(policy, each) for each in (Severity.SEV1, Severity.SEV2, Severity.SEV3)] == [
        "15m on 24x7",
        "30m on 24x7",
        "2bd on office",
    ]


def test_without_a_clock_an_offer_has_no_limit() -> None:
    assert accept_within(replace(compiled(SOUND).policy, clocks={}), Severity.SEV1) == ""


def test_lanes_are_in_the_order_of_their_tiers() -> None:
    assert explain_lanes(LADDER) == (
        LaneRow(lane=Category.BILLING, tier=1, name="front"),
        LaneRow(lane=Category.BEHAVIOUR, tier=2, name="back"),
        LaneRow(lane=Reason.LEGAL, tier=2, name="back"),
    )
    assert explain_lanes(compiled(SOUND).policy) == ()
