"""How a log of another tool spells what we need: its columns, its words, its dates."""

from collections.abc import Mapping
from dataclasses import dataclass

from escalation.vocabulary import Severity
from simulation.exports.incidents import TicketState


@dataclass(frozen=True, slots=True, kw_only=True)
class LogMapping:
    """One tool's way to write its log. The attributes up to `caused_by` are names of columns.

    Attributes:
        states: The tool's states and ours.
        priorities: The tool's priorities and our severities.
        date_format: As for `datetime.strptime`; times without a zone are in `zone`.
        missing: The text for an unknown value.
        zone: An IANA name.
    """

    number: str
    state: str
    updated_at: str
    opened_at: str
    caller: str
    priority: str
    category: str
    symptom: str
    group: str
    assignee: str
    made_sla: str
    reassignments: str
    reopens: str
    closed_code: str
    problem: str
    caused_by: str
    states: Mapping[str, TicketState]
    priorities: Mapping[str, Severity]
    date_format: str
    missing: str
    zone: str = "UTC"

    @property
    def columns(self) -> tuple[str, ...]:
        """Every column the log must have, in the order of the attributes."""
        return (
            *(self.number, self.state, self.updated_at, self.opened_at, self.caller, self.priority),
            *(self.category, self.symptom, self.group, self.assignee, self.made_sla, self.reassignments),
            *(self.reopens, self.closed_code, self.problem, self.caused_by),
        )


SERVICENOW = LogMapping(
    number="number",
    state="incident_state",
    updated_at="sys_updated_at",
    opened_at="opened_at",
    caller="caller_id",
    priority="priority",
    category="category",
    symptom="u_symptom",
    group="assignment_group",
    assignee="assigned_to",
    made_sla="made_sla",
    reassignments="reassignment_count",
    reopens="reopen_count",
    closed_code="closed_code",
    problem="problem_id",
    caused_by="caused_by",
    states={
        "New": TicketState.NEW,
        "Active": TicketState.ACTIVE,
        "Awaiting User Info": TicketState.AWAITING_CUSTOMER,
        "Awaiting Vendor": TicketState.AWAITING_VENDOR,
        "Awaiting Problem": TicketState.AWAITING_PROBLEM,
        "Awaiting Evidence": TicketState.AWAITING_EVIDENCE,
        "Resolved": TicketState.RESOLVED,
        "Closed": TicketState.CLOSED,
    },
    priorities={
        "1 - Critical": Severity.SEV1,
        "2 - High": Severity.SEV2,
        "3 - Moderate": Severity.SEV3,
        "4 - Low": Severity.SEV4,
    },
    date_format="%d/%m/%Y %H:%M",
    missing="?",
)
"""The incident audit log of ServiceNow, as in `examples/incidents.csv`."""
