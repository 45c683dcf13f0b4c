"""The role that each request needs: `agent` for a command to an escalation that is not listed here.

A role may do what the ones before it may. Whether a person may do it in this case, such as acknowledge an offer that was
made to another one, the case itself decides.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import get_args

from escalation.case.commands import SUPPORT_COMMANDS, LinkingCommand, Open, OpenByTriage, wire_name


class Role(StrEnum):
    """The roles of callers, in ascending order of rights."""

    VIEWER = "viewer"
    AGENT = "agent"
    LEAD = "lead"
    ADMIN = "admin"

    def includes(self, other: "Role") -> bool:
        """Whether who has this role may do what the other may."""
        return _ORDER[self] >= _ORDER[other]


_ORDER: Mapping[Role, int] = {role: place for place, role in enumerate(Role)}

_MORE_THAN_AN_AGENT: Mapping[str, Role] = {
    # What moves a case against its owner, or its clocks against the policy.
    "reassign": Role.LEAD,
    "hand_on": Role.LEAD,
    "set_due": Role.LEAD,
    "cancel": Role.LEAD,
    "undo_cancel": Role.LEAD,
    "apply_policy": Role.ADMIN,
    # What only incidents send to their escalations.
    **{wire_name(command): Role.ADMIN for command in get_args(LinkingCommand)},
}
CASE_COMMANDS: Mapping[str, Role] = {
    name: _MORE_THAN_AN_AGENT.get(name, Role.AGENT)
    for name in (*map(wire_name, (Open, OpenByTriage)), *SUPPORT_COMMANDS, "undo_cancel")
}
"""Wire name of a command to an escalation, or of an opening, and the role that it needs."""

INCIDENT_COMMANDS: Mapping[str, Role] = {
    "open_incident": Role.LEAD,
    "link": Role.AGENT,
    "unlink": Role.AGENT,
    # One of these writes to every linked customer.
    "tell": Role.LEAD,
    "resolve": Role.LEAD,
    "reopen": Role.LEAD,
}
"""Wire name of a command to an incident, and the role that it needs."""

QUESTIONS = Role.VIEWER  # what every question needs
