"""What the text message endpoints may answer, and the bodies they read themselves, for the OpenAPI document."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel

_WORDS = {
    401: "The signature is missing, wrong or too old",
    403: "Not signed by the gateway",
    413: "The request is over 64 KiB",
    422: "A field could not be used; says which and how to mend it",
    429: "More texts than a person sends; try again in a minute",
    503: "Not set up (says which setting), or the records cannot be reached; nothing was lost, try again",
}
PROBLEMS: dict[int | str, dict[str, Any]] = {
    status: {
        "description": words,
        "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}},
    }
    for status, words in _WORDS.items()
}


def json_body(model: type[BaseModel]) -> dict[str, Any]:
    """`openapi_extra` for a JSON body that is read raw, because its signature covers the bytes."""
    return {"requestBody": {"required": True, "content": {"application/json": {"schema": model.schema()}}}}


def form_body(fields: dict[str, str], required: tuple[str, ...]) -> dict[str, Any]:
    """`openapi_extra` for a form that is read raw; names with what they hold."""
    schema = {
        "type": "object",
        "properties": {name: {"type": "string", "description": words} for name, words in fields.items()},
        "required": list(required),
        "additionalProperties": {"type": "string"},
    }
    content = {"application/x-www-form-urlencoded": {"schema": schema}}
    return {"requestBody": {"required": True, "content": content}}


def header(name: str, words: str) -> dict[str, Any]:
    """A required header, described."""
    return {
        "name": name,
        "in": "header",
        "required": True,
        "schema": {"type": "string"},
        "description": words,
    }
