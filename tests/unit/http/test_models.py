"""Bodies made from commands: each has its route, its fields and an example that is accepted."""

import json
import re
from dataclasses import fields
from typing import Any, get_args

import pytest
from pydantic import ValidationError

from escalation.bounds import accepted
from escalation.case.commands import SUPPORT_COMMANDS, LinkingCommand, Open, OpenByTriage
from escalation.incident.commands import INCIDENT_COMMANDS, OpenIncident
from runtime.settings import Settings
from starter.http.app import create_app
from starter.http.rest.examples import example_of
from starter.http.rest.models import attributes_of, body_of, command_of

COMMANDS: list[type[Any]] = [*SUPPORT_COMMANDS.values(), *INCIDENT_COMMANDS.values(), Open, OpenByTriage, OpenIncident]


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    return create_app(Settings()).openapi()


def test_every_command_has_its_route_with_an_example(document: dict[str, Any]) -> None:
    schemas = document["components"]["schemas"]
    wanted = {
        f"/v1/escalations/{{ticket}}/{kind.replace('_', '-')}": type_
        for kind, type_ in SUPPORT_COMMANDS.items()
        if type_ not in get_args(LinkingCommand)
    } | {f"/v1/incidents/{{incident}}/{kind}": type_ for kind, type_ in INCIDENT_COMMANDS.items()}

    assert wanted.keys() <= document["paths"].keys()
    for path, type_ in wanted.items():
        body = document["paths"][path]["post"]["requestBody"]["content"]["application/json"]["schema"]
        schema = schemas[body["$ref"].rpartition("/")[2]]
        assert schema["examples"] == [example_of(type_)]
        assert schema["additionalProperties"] is False
        assert {"by", "kind"}.isdisjoint(schema.get("properties", {}))
    assert document["openapi"].startswith("3.1")


@pytest.mark.parametrize("type_", COMMANDS, ids=lambda type_: type_.__name__)
def test_the_example_of_a_command_becomes_the_command(type_: type[Any]) -> None:
    body = body_of(type_).model_validate_json(json.dumps(example_of(type_)))

    command = command_of(type_, body, by="ana")

    assert (type(accepted(command)), command.by) == (type_, "ana")


@pytest.mark.parametrize("type_", COMMANDS, ids=lambda type_: type_.__name__)
def test_every_field_that_a_docstring_explains_is_explained_in_the_document(type_: type[Any]) -> None:
    said, properties = attributes_of(type_), body_of(type_).model_fields

    assert {name for name, field in properties.items() if field.description} == said.keys() & properties.keys()
    assert properties.keys() <= {field.name for field in fields(type_)}


def test_the_document_names_the_bounds_of_numbers(document: dict[str, Any]) -> None:
    score = document["components"]["schemas"]["AnswerSurveyBody"]["properties"]["score"]

    assert (score["minimum"], score["maximum"]) == (1, 5)
    assert not re.findall(r'"(?:ge|le|gt|lt)":', json.dumps(document["components"]))


@pytest.mark.parametrize(
    "change",
    [
        {"severity": "sev1"},
        {"our_fault": "true"},
        {"our_fault": 1},
        {"since": "2026-03-02T09:00:00"},
        {"since": 1},
        {"ticket": ""},
        {"ticket": "x" * 201},
        {"reasons": ["silence"] * 21},
        {"impact": {"users_affected": "3"}},
        {"impact": None},
        {"by": "zoe"},
        {"triage": None},
        {"customer": {"id": "c-1", "name": "Ann", "address": "ann@example.com", "vip": True}},
    ],
    ids=str,
)
def test_a_value_of_another_type_or_beyond_its_bound_is_refused(change: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        body_of(Open).model_validate_json(json.dumps(example_of(Open) | change))


def test_a_whole_number_may_be_written_with_a_zero_fraction_and_no_other_one() -> None:
    body = body_of(SUPPORT_COMMANDS["change_frustration"])
    assert body.model_validate_json('{"level": 2.0}').model_dump()["level"] == 2
    for wrong in ("2.5", '"2"', "true", "1e300"):
        with pytest.raises(ValidationError):
            body.model_validate_json(f'{{"level": {wrong}}}')
