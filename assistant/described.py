"""The OpenAPI document: FastAPI's own, with the one shape of errors and the answers that every call may give."""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from assistant.channels.web_models import PROBLEMS, Fault, Problem

SCHEMAS = "#/components/schemas/"
# Any call with a body may be refused by its size alone; see app.LimitSize.
BY_SIZE = {"411": "Send a Content-Length header", "413": "The request is too large"}


def describe(app: FastAPI) -> None:
    """Let `/openapi.json` of `app` be `document(app)`, made once."""

    def openapi() -> dict[str, Any]:
        if not app.openapi_schema:
            app.openapi_schema = document(app)
        return app.openapi_schema

    app.openapi = openapi  # type: ignore[method-assign]


def document(app: FastAPI) -> dict[str, Any]:
    """The whole description."""
    made: dict[str, Any] = get_openapi(
        title=app.title, version=app.version, description=app.description, routes=app.routes
    )
    schemas = made.setdefault("components", {}).setdefault("schemas", {})
    for model in (Problem, Fault):
        schemas[model.__name__] = model.schema(ref_template=SCHEMAS + "{model}")
        schemas[model.__name__].pop("definitions", None)
    for operations in made["paths"].values():
        for operation in operations.values():
            _errors(operation)
    schemas.pop("HTTPValidationError", None)
    schemas.pop("ValidationError", None)
    return made


def _errors(operation: dict[str, Any]) -> None:
    """Every error of one call is a problem."""
    answers = operation["responses"]
    if "422" in answers:
        answers["422"] = PROBLEMS[422]
    if "requestBody" in operation:
        for status, words in BY_SIZE.items():
            answers.setdefault(status, {"description": words, "content": PROBLEMS[413]["content"]})
