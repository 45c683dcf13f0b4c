"""The OpenAPI document: FastAPI's, with the bodies that our own reader takes, and the errors that each route may answer."""

from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from pydantic.json_schema import models_json_schema

from starter.http.rest.answering import BODIES

_TEMPLATE = "#/components/schemas/{model}"


def describe(app: FastAPI) -> None:
    """Let the application serve the whole document at `/openapi.json`."""

    def openapi() -> dict[str, Any]:
        if not app.openapi_schema:
            app.openapi_schema = _document(app)
        return app.openapi_schema

    vars(app)["openapi"] = openapi


def _document(app: FastAPI) -> dict[str, Any]:
    found = get_openapi(
        title=app.title,
        version=app.version,
        openapi_version=app.openapi_version,
        summary=app.summary,
        routes=app.routes,
        separate_input_output_schemas=False,
    )
    _, bodies = models_json_schema([(body, "validation") for body in BODIES.values()], ref_template=_TEMPLATE)
    found["components"]["schemas"] = bodies["$defs"] | found["components"]["schemas"]
    return found
