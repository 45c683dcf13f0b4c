"""Names, ids, the task queue and the search attributes of the workflows."""

from typing import Any

from temporalio.common import SearchAttributeKey, SearchAttributeUpdate, TypedSearchAttributes

TASK_QUEUE = "escalations"  # the task queue workers listen on unless configured otherwise

WORKFLOW_TYPE = "Escalation"

STAGE = SearchAttributeKey.for_keyword("EscalationStage")
SEVERITY = SearchAttributeKey.for_keyword("EscalationSeverity")
CATEGORY = SearchAttributeKey.for_keyword("EscalationCategory")
OWNER = SearchAttributeKey.for_keyword("EscalationOwner")
TICKET = SearchAttributeKey.for_keyword("EscalationTicket")
TIER = SearchAttributeKey.for_int("EscalationTier")
LIFE = SearchAttributeKey.for_int("EscalationLife")  # number of the ticket's escalation; absent for the first
BREACHED = SearchAttributeKey.for_bool("EscalationBreached")

INCIDENT_STAGE = SearchAttributeKey.for_keyword("IncidentStage")
INCIDENT_LINKED = SearchAttributeKey.for_int("IncidentLinked")
INCIDENT_OPENED_AT = SearchAttributeKey.for_datetime("IncidentOpenedAt")

SEARCH_ATTRIBUTES: dict[str, str] = {
    STAGE.name: "Keyword",
    SEVERITY.name: "Keyword",
    CATEGORY.name: "Keyword",
    OWNER.name: "Keyword",
    TICKET.name: "Keyword",
    TIER.name: "Int",
    LIFE.name: "Int",
    BREACHED.name: "Bool",
    INCIDENT_STAGE.name: "Keyword",
    INCIDENT_LINKED.name: "Int",
    INCIDENT_OPENED_AT.name: "Datetime",
}
"""Name to type, as the server must know them before the first escalation."""


def updates_of(
    shown: TypedSearchAttributes, *wanted: tuple[SearchAttributeKey[Any], Any, Any]
) -> list[SearchAttributeUpdate[Any]]:
    """The updates for attributes with other values than wanted; each comes with what its absence stands for."""
    return [
        key.value_unset() if value is None else key.value_set(value)
        for key, value, absent in wanted
        if (shown.get(key) or absent) != value
    ]


OPENED_BY = "opened_by_request"  # name of the memo that says which request opened the escalation

INCIDENT_TYPE = "Incident"
INCIDENT_TITLE = "title"  # name of the memo that lists show; what is wrong, in words, is nothing to search for

_INCIDENT_PREFIX = "incident/"


def incident_id(name: str) -> str:
    """The workflow id of an incident."""
    return f"{_INCIDENT_PREFIX}{name}"


def incident_of(workflow_id: str) -> str:
    """The name of an incident; the inverse of `incident_id`."""
    return workflow_id.removeprefix(_INCIDENT_PREFIX)


INTAKE_TYPE = "Intake"
DELIVERED = "delivered"  # name of the signal that there is something new in the inbox


def intake_id(source: str, ticket: str) -> str:
    """The workflow id of what applies a source's events about a ticket."""
    return f"intake/{source}/{ticket}"


DESK_TYPE = "Desk"


def desk_id(ticket: str) -> str:
    """The workflow id of what keeps a ticket of a help desk in step."""
    return f"desk/{ticket}"
