"""A workflow's id says which ticket it holds; anyone can set its search attributes."""

from dataclasses import dataclass
from typing import Any, cast

import pytest
from temporalio.client import WorkflowExecution
from temporalio.common import SearchAttributePair, TypedSearchAttributes

from escalation.case.naming import CaseName
from starter.addressing import named
from workflows.options import LIFE, TICKET


@dataclass
class Seen:
    id: str
    typed_search_attributes: TypedSearchAttributes


def seen(workflow: str, *, ticket: str, life: int = 1) -> WorkflowExecution:
    said: list[SearchAttributePair[Any]] = [SearchAttributePair(TICKET, ticket), SearchAttributePair(LIFE, life)]
    return cast(WorkflowExecution, Seen(workflow, TypedSearchAttributes(said)))


@pytest.mark.parametrize(
    ("workflow", "life", "name"),
    [
        ("escalation-4711", 3, CaseName(ticket="4711", life=3)),
        ("escalation-4711~2", 2, CaseName(ticket="4711", life=2)),
        ("escalation-4711~2", 9, CaseName(ticket="4711", life=2)),
    ],
)
def test_a_ticket_that_only_a_search_attribute_names_is_not_believed(workflow: str, life: int, name: CaseName) -> None:
    assert named(seen(workflow, ticket="4712", life=life)) == name
