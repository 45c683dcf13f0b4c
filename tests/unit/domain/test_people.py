"""Roles and people are different things: nothing that is written for colleagues can be addressed to the customer."""

from contextlib import suppress
from dataclasses import replace

import pytest

from escalation.case import commands
from escalation.errors import InvalidCommand, NotAllowed, Refused
from escalation.incident.commands import INCIDENT_COMMANDS, TellLinked
from escalation.lifecycle.decisions.opening import check_opening
from escalation.lifecycle.viewing import view_of
from escalation.people import (
    CUSTOMER_MAY,
    FOR_STAFF,
    SENDS_WORDS,
    colleague,
    must_be_allowed_to_write,
    must_name_known,
    role_in,
    shown_name,
    with_name_first,
    with_names,
)
from escalation.policy import Policy
from escalation.vocabulary import ApprovalKind, CancelCause
from tests.example_policy import EXAMPLE
from tests.unit.domain.case import MONDAY, Case, opening
from tests.unit.domain.stages import IN_STAGE, PROPER

FULLWIDTH = "\uff43\uff55\uff53\uff54\uff4f\uff4d\uff45\uff52"
CYRILLIC = "\u0441ust\u043em\u0435r"
DISGUISES = (
    "customer",
    "Customer",
    "CUSTOMER",
    " customer ",
    "customer\n",
    "\u00a0customer",
    "cust\u200bomer",
    "cust\u00f6mer",
    "cu\u017ftomer",
    FULLWIDTH,
    CYRILLIC,
    "system",
    "SyStem",
    "\u0455ystem",
)


@pytest.mark.parametrize("name", DISGUISES)
def test_a_name_that_reads_as_a_role_is_not_a_person(name: str) -> None:
    assert role_in(name) in ("customer", "system")
    assert colleague(name) is None


@pytest.mark.parametrize(
    "name", ["ana", "customer-care", "customers", "mr-customer", "systems", "", "\u00e4nne", "\u674e"]
)
def test_other_names_are_names(name: str) -> None:
    assert role_in(name) == ""


@pytest.mark.parametrize("name", DISGUISES)
def test_a_case_is_not_handed_to_the_customer(name: str) -> None:
    case = Case.working()
    refusal = case.refused(commands.Reassign(to=name, by="desk", why="they keep calling"))
    assert "`to` is" in str(refusal)
    assert "looks like the role" in str(refusal)


@pytest.mark.parametrize(
    "command",
    [
        commands.Reassign(to="bem", by="ana", why="knows it"),
        commands.Consult(to="bem", by="ana", question="Seen before?"),
        commands.Correct(contact="bem", by="ana"),
        commands.AgreeAction(owner="bem", what="compare mandates", due_by=MONDAY, by="ana"),
    ],
    ids=lambda one: one.kind,
)
def test_a_slip_in_the_id_of_a_colleague_is_refused_with_the_id_that_was_meant(command: commands.Command) -> None:
    with pytest.raises(InvalidCommand, match="`bem`, who is not in the roster; did you mean `ben`"):
        must_name_known(command, {"ana", "ben"})
    must_name_known(command, ())
    must_name_known(command, {"ana", "bem"})


def test_who_asked_learns_that_their_colleague_does_not_exist_where_that_comes_out_later() -> None:
    case = Case.working()
    case.do(commands.Consult(to="bem", by="ana", question="Seen before?"))
    case.do(commands.RecordDeliveryFailed(key=case.messages[-1].key, to="bem", error="UnknownPerson"))
    assert case.told("ana")[-1] == "delivery_failed"
    case.do(commands.Reassign(to="bam", by="ana", why="knows it"))
    case.do(commands.RecordDeliveryFailed(key="offer/2/bam", to="bam", error="UnknownPerson"))
    assert case.told("ana")[-2:] == ["delivery_failed", "delivery_failed"]


@pytest.mark.parametrize("name", DISGUISES)
def test_the_customer_is_not_asked_for_advice(name: str) -> None:
    refusal = Case.working().refused(commands.Consult(by="ana", to=name, question="Is he always like that?"))
    assert "looks like the role" in str(refusal)


@pytest.mark.parametrize("field", ["by", "contact"])
@pytest.mark.parametrize("name", DISGUISES)
def test_an_opening_names_people(field: str, name: str) -> None:
    with pytest.raises(Refused, match=f"`{field}` is"):
        check_opening(opening(**{field: name}))


def _that_take_by() -> list[commands.Command]:
    return [one for one in PROPER.values() if one.kind in commands.SUPPORT_COMMANDS and hasattr(one, "by")]


@pytest.mark.slow
@pytest.mark.parametrize("command", _that_take_by(), ids=lambda command: command.kind)
def test_only_what_a_customer_does_can_be_by_the_customer(command: commands.Command) -> None:
    for stage in IN_STAGE.values():
        case = stage()
        for name in DISGUISES:
            if name == "customer" and command.kind in CUSTOMER_MAY:
                continue
            case.refused(replace(command, by=name))


def test_who_writes_the_customer_in_another_way_reads_how_to() -> None:
    refusal = Case.working().refused(commands.Cancel(by="Customer", cause=CancelCause.WITHDRAWN))
    assert "or exactly `customer`" in str(refusal)


def test_a_packet_names_a_person_as_contact() -> None:
    packet = commands.Packet(
        concern="the bill", nothing_tried=True, no_evidence="none", proposed=("x",), contact="Customer"
    )
    refusal = Case.working().refused(commands.Escalate(by="ana", why="needs a specialist", packet=packet))
    assert "`packet.contact` is" in str(refusal)


def test_a_directory_with_such_a_person_is_passed_over() -> None:
    case = Case(directory_is_slow=True)
    case.do(opening())
    search = case.searches.pop()
    case.do(commands.RecordAssignment(offer=search.offer, person="customer"))
    assert case.releases == [search.offer]
    assert case.state.offered_to == ""
    assert not any(message.to == "customer" and message.kind in FOR_STAFF for message in case.messages)


@pytest.mark.parametrize("name", ["customer", "system"])
def test_a_stored_policy_with_such_an_overseer_sends_them_nothing_internal(name: str) -> None:
    """Such a policy is refused today; one that was stored earlier must not leak either."""
    policy: Policy = replace(EXAMPLE, ladder=replace(EXAMPLE.ladder, overseer=name))
    case = Case.working(policy=policy)
    case.do(commands.RequestApproval(what=ApprovalKind.REFUND, amount=10_000_000, by="ana", why="they may sue us"))
    case.do(commands.RecordDeliveryFailed(key="offer/1/ana", to="ana", error="refused"))
    assert all(message.to != name or message.kind not in FOR_STAFF for message in case.messages)


def test_a_directory_that_names_a_role_makes_no_offer_to_the_customer() -> None:
    case = Case(directory_is_slow=True)
    case.do(opening())
    with suppress(Refused):
        case.do(commands.RecordAssignment(offer=1, person="customer"))
    assert not any(message.kind == "offer" for message in case.messages)


def test_every_command_whose_wording_is_checked_sends_words_to_a_customer() -> None:
    checked = {kind for kind, one in commands.SUPPORT_COMMANDS.items() if "anyway" in one.__dataclass_fields__}
    checked -= {"cancel"}  # its `anyway` is about which case a duplicate may name
    assert checked == SENDS_WORDS & commands.SUPPORT_COMMANDS.keys()
    assert commands.SUPPORT_COMMANDS.keys() | INCIDENT_COMMANDS.keys() >= SENDS_WORDS


@pytest.mark.parametrize(
    ("command", "instead"),
    [
        (commands.TellCustomer(by="ana", text="We found it."), "ask a colleague who may to send it"),
        (commands.Approve(by="ana", tell_customer=True), "approve without a letter"),
        (TellLinked(by="ana", text="We found it."), "ask a colleague who may to send it"),
    ],
)
def test_who_may_not_write_to_customers_is_refused_and_learns_what_to_do(
    command: commands.SupportCommand | TellLinked, instead: str
) -> None:
    with pytest.raises(NotAllowed, match=f"`ana` may not write to customers .*{instead}"):
        must_be_allowed_to_write(command, {"ana"})
    must_be_allowed_to_write(command, {"ben"})


@pytest.mark.parametrize("command", [commands.AddNote(by="ana", text="Found it."), commands.Approve(by="ana")])
def test_what_no_customer_reads_is_open_to_everyone(command: commands.SupportCommand) -> None:
    must_be_allowed_to_write(command, {"ana"})


def test_a_view_shows_names_in_place_of_ids_wherever_it_names_a_person() -> None:
    case = Case.working()
    case.do(commands.Consult(by="ana", to="zoe", question="Ask zoe?"))
    view = with_names(view_of(case.state, case.policy), {"ana": "Ana Silva", "zoe": "Zoe Orr"}, and_ids=True)
    assert (view.owner, view.contact) == ("Ana Silva (ana)", "front-desk")
    assert view.consult is not None
    assert (view.consult.to, view.consult.question) == ("Zoe Orr (zoe)", "Ask zoe?"), "words stay as they were written"


def test_what_is_inside_lists_is_named_too_and_without_names_nothing_changes() -> None:
    case = Case.working()
    case.do(PROPER["resolve"])
    case.do(PROPER["agree_action"])
    view = view_of(case.state, case.policy)
    assert [one.owner for one in with_names(view, {"ben": "Ben"}).actions] == ["Ben"]
    assert with_names(view, {}) is view
    assert with_names(view, {"kim": "Kim"}) == view


def test_an_id_of_another_product_is_shown_as_the_product() -> None:
    assert shown_name("zendesk:77", {}, and_ids=False) == "Zendesk"
    assert shown_name("zendesk:77", {"zendesk:77": "Sam"}, and_ids=False) == "Sam"
    assert shown_name("hubspot-eu:77", {}, and_ids=False) == "HubSpot (eu)"
    assert shown_name("our-shop:77", {}, and_ids=False) == "Our-shop"
    assert shown_name("ana", {}, and_ids=False) == "ana"


def test_what_a_person_said_begins_with_their_name_and_what_only_looks_so_stays() -> None:
    assert with_name_first("ana: No. It bounced", {"ana": "Ana Ruiz"}) == "Ana Ruiz: No. It bounced"
    assert with_name_first("today: nothing new", {"ana": "Ana Ruiz"}) == "today: nothing new"


def test_an_id_follows_a_name_only_where_it_says_more() -> None:
    assert [shown_name(one, {"ana": "Ana", "bo": "bo"}) for one in ("ana", "bo", "cy", "")] == [
        "Ana (ana)",
        "bo",
        "cy",
        "",
    ]
