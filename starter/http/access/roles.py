"""Which role each request needs. One table for all of them; a test fails when a command is missing.

A role may do what the ones before it may. Whether a person may do it in this case, such as acknowledge an offer that was
made to another one, the case itself decides.
"""

from collections.abc import Mapping
from enum import StrEnum


class Role(StrEnum):
    """What a caller may do, from least to most."""

    VIEWER = "viewer"
    AGENT = "agent"
    LEAD = "lead"
    ADMIN = "admin"

    def includes(self, other: "Role") -> bool:
        """Whether who has this role may do what the other may."""
        return _ORDER[self] >= _ORDER[other]


_ORDER: Mapping[Role, int] = {role: place for place, role in enumerate(Role)}

CASE_COMMANDS: Mapping[str, Role] = {
    "open": Role.AGENT,
    "open_by_triage": Role.AGENT,
    "acknowledge": Role.AGENT,
    "decline": Role.AGENT,
    "escalate": Role.AGENT,
    "give_back": Role.AGENT,
    "note": Role.AGENT,
    "tell_customer": Role.AGENT,
    "request_information": Role.AGENT,
    "customer_replied": Role.AGENT,
    "delivery_bounced": Role.AGENT,
    "change_frustration": Role.AGENT,
    "change_severity": Role.AGENT,
    "promise": Role.AGENT,
    "offer_options": Role.AGENT,
    "choose": Role.AGENT,
    "hold_updates": Role.AGENT,
    "pause": Role.AGENT,
    "resume": Role.AGENT,
    "correct": Role.AGENT,
    "withdraw": Role.AGENT,
    "consult": Role.AGENT,
    "answer_consult": Role.AGENT,
    "request_approval": Role.AGENT,
    "approve": Role.AGENT,
    "refuse_approval": Role.AGENT,
    "resolve": Role.AGENT,
    "reopen": Role.AGENT,
    "answer_survey": Role.AGENT,
    "submit_review": Role.AGENT,
    "agree_action": Role.AGENT,
    "complete_action": Role.AGENT,
    "record_update": Role.AGENT,
    "ticket_news": Role.AGENT,
    # What moves a case against its owner, or its clocks against the policy.
    "reassign": Role.LEAD,
    "hand_on": Role.LEAD,
    "set_due": Role.LEAD,
    "cancel": Role.LEAD,
    "undo_cancel": Role.LEAD,
    "apply_policy": Role.ADMIN,
    # What only incidents send to their escalations.
    "link_incident": Role.ADMIN,
    "unlink_incident": Role.ADMIN,
    "relay_bulletin": Role.ADMIN,
    "propose_resolution": Role.ADMIN,
    "withdraw_proposal": Role.ADMIN,
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

QUESTIONS = Role.VIEWER
"""What every question needs."""
