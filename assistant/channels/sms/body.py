"""Reading a gateway's request: at most 64 KiB, JSON or a form, and a plain fault for anything else."""

from __future__ import annotations

import json
from typing import Any, TypeVar
from urllib.parse import parse_qsl

from fastapi import Request
from pydantic import BaseModel, ValidationError
from starlette.datastructures import FormData

from assistant.errors import BadInput, TooLarge

MOST_BYTES = 64 * 1024
MOST_FIELDS = 200  # Twilio sends about twenty
Model = TypeVar("Model", bound=BaseModel)


async def limited_body(request: Request) -> bytes:
    """The raw body, as it was signed. Raises TooLarge over 64 KiB, without reading on."""
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > MOST_BYTES:
            raise TooLarge(f"Send at most {MOST_BYTES // 1024} KiB.", field="body")
    return body


def read_form(body: bytes) -> FormData:
    """A urlencoded form as Starlette's form object: the signature is checked over every value of every field.

    Raises:
        BadInput: more fields than any gateway sends.
    """
    try:
        pairs = parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True, max_num_fields=MOST_FIELDS)
    except ValueError as error:
        raise BadInput(f"Send at most {MOST_FIELDS} form fields.", field="body") from error
    return FormData([(name, value) for name, value in pairs])


def read_json(body: bytes, model: type[Model]) -> Model:
    """The body as `model`.

    Raises:
        BadInput: no JSON, or a field that cannot be used; names the first one and the fix.
    """
    try:
        content: Any = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise BadInput("The body must be JSON in UTF-8.", field="body") from error
    if not isinstance(content, dict):
        raise BadInput("The body must be a JSON object.", field="body")
    try:
        return model.parse_obj(content)
    except ValidationError as error:
        first = error.errors()[0]
        field = ".".join(str(part) for part in first["loc"]) or "body"
        raise BadInput(f"{field}: {first['msg']}", field=field) from error
