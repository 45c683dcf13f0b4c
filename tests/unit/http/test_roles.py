"""Which role each request needs, and what a credential lets its caller do."""

import pytest

from escalation.case.commands import SUPPORT_COMMANDS
from escalation.incident import commands as incident
from starter.http.access.callers import Caller, Forbidden
from starter.http.access.roles import CASE_COMMANDS, INCIDENT_COMMANDS, Role

ANA = Caller(credential="key:k1", actor="ana", role=Role.AGENT)
DESK = Caller(
    credential="key:k2",
    actor="zendesk",
    role=Role.AGENT,
    names_actors=True,
    tickets=("ACME-*", "7"),
    sources=("zendesk",),
)


def test_a_command_that_is_not_listed_is_an_agents() -> None:
    assert set(CASE_COMMANDS) == {*SUPPORT_COMMANDS, "open", "open_by_triage", "undo_cancel"}
    assert {name: role for name, role in CASE_COMMANDS.items() if role is not Role.AGENT} == {
        **dict.fromkeys(("reassign", "hand_on", "set_due", "cancel", "undo_cancel"), Role.LEAD),
        **dict.fromkeys(("link_incident", "unlink_incident", "relay_bulletin"), Role.ADMIN),
        **dict.fromkeys(("propose_resolution", "withdraw_proposal", "apply_policy"), Role.ADMIN),
    }


def test_every_command_of_an_incident_has_a_role_and_nothing_else_has() -> None:
    assert set(INCIDENT_COMMANDS) == {*incident.INCIDENT_COMMANDS, "open_incident"}


def test_a_role_may_do_what_the_roles_before_it_may() -> None:
    assert [[one.includes(other) for other in Role] for one in Role] == [
        [True, False, False, False],
        [True, True, False, False],
        [True, True, True, False],
        [True, True, True, True],
    ]


def test_a_role_that_is_too_low_is_refused_with_both_roles() -> None:
    with pytest.raises(Forbidden, match="`cancel` needs the role `lead`; this credential has `agent`"):
        ANA.must_have(CASE_COMMANDS["cancel"], "cancel")


def test_a_person_acts_as_themselves_whatever_the_request_names() -> None:
    assert [ANA.acting(), ANA.acting("ana")] == ["ana", "ana"]
    with pytest.raises(Forbidden, match="acts as `ana`"):
        ANA.acting("ben")
    with pytest.raises(Forbidden):
        ANA.acting("customer")


def test_an_integration_names_an_actor_only_where_its_scope_says_so() -> None:
    assert [DESK.acting(), DESK.acting("ben"), DESK.acting("customer")] == ["zendesk", "ben", "customer"]
    for role in ("system", "System", "customer ", "\u0455ystem"):
        with pytest.raises(Forbidden):
            DESK.acting(role)


@pytest.mark.parametrize(("ticket", "is_reached"), [("ACME-12", True), ("7", True), ("77", False), ("acme-12", False)])
def test_a_credential_of_some_tickets_reaches_no_other(ticket: str, is_reached: bool) -> None:
    if is_reached:
        DESK.must_reach(ticket)
    else:
        with pytest.raises(Forbidden, match="other tickets"):
            DESK.must_reach(ticket)
    ANA.must_reach(ticket)


def test_a_credential_of_some_sources_sends_for_no_other() -> None:
    DESK.must_send_for("zendesk")
    for other in ("jira", "Zendesk", ""):
        with pytest.raises(Forbidden, match="only sends for the sources zendesk"):
            DESK.must_send_for(other)
    ANA.must_send_for()
