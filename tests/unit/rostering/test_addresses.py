"""Addresses on several channels in a roster."""

import pytest

from escalation.roster.files import InvalidRoster
from tests.unit.rostering.people import load_roster

PERSON = "people:\n  - {{id: ana, name: Ana, {}, skills: [technical], tiers: [1], max_open: 3}}\n"


def test_a_person_has_addresses_in_an_order_and_another_one_for_what_is_urgent() -> None:
    roster = load_roster(
        PERSON.format('addresses: [slack:U1, "mail:ana@example.com"], urgent: ["pagerduty:night"]'), "team.yaml"
    )
    (ana,) = roster
    assert ana.addresses == ("slack:U1", "email:ana@example.com")
    assert ana.urgent == ("pagerduty:night",)
    assert ana.address == "ana@example.com"


def test_a_person_without_mail_can_be_reached_by_chat_alone() -> None:
    two = PERSON.format("addresses: [slack:C1]") + PERSON.format("addresses: [slack:C1]").partition("\n")[2].replace(
        "ana", "ben"
    )
    assert [member.address for member in load_roster(two, "team.yaml")] == ["", ""]


@pytest.mark.parametrize(
    ("said", "refusal"),
    [
        ("zone: UTC", "address: is missing; write a mail address, or `addresses:` with another channel"),
        ("addresses: [slak:U1]", "there is no channel `slak`"),
        ("addresses: [slack:U1, slack:U2]", "`slack:U2` is the second address on `slack`"),
        ("urgent: ['mail:a@example.com', 'email:b@example.com']", "is the second address on `email`"),
        ("address: nowhere", "`nowhere` has no @"),
    ],
)
def test_what_reaches_no_one_is_refused_in_words(said: str, refusal: str) -> None:
    with pytest.raises(InvalidRoster) as caught:
        load_roster(PERSON.format(said), "team.yaml")
    assert refusal in caught.value.problems[0]
