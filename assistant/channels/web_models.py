"""What the web API takes and gives, as pydantic models: strict, limited, and described in OpenAPI."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, Field, StrictStr, root_validator, validator

MAX_TEXT = 2000
SENDERS = Literal["patient", "bot", "navigator", "system"]
STATES = Literal["bot", "waiting", "live", "closed"]


class Strict(BaseModel):
    """pydantic 1 coerces: without strict types `{"text": false}` is accepted (facts/channels.md, 0.5)."""

    class Config:
        """Unknown fields are faults, not silence."""

        extra = "forbid"


class NewConversation(Strict):
    """Body of POST /api/v1/conversations."""

    channel: Literal["web"]
    practice: StrictStr | None = Field(None, max_length=64, description="Slug of the practice; the first if left out.")


class NewMessage(Strict):
    """Body of POST .../messages: `text`, or a `choice` that was offered."""

    text: StrictStr | None = Field(None, description="1 to 2,000 characters after trimming.")
    choice: StrictStr | None = Field(None, min_length=1, max_length=500, description="The value of an offered choice.")
    client_message_id: StrictStr | None = Field(
        None, min_length=1, max_length=64, description="Yours: the same again gives the same answer, done once."
    )

    @validator("text")
    def trimmed(cls, value: str | None) -> str | None:  # noqa: N805 - pydantic 1 passes the class
        """Measured after trimming. NUL cannot be stored in PostgreSQL and means nothing in a message."""
        if value is None:
            return None
        value = value.replace("\x00", "").encode("utf-16", "surrogatepass").decode("utf-16", "replace").strip()
        if not value:
            raise ValueError("write something: 1 to 2,000 characters")
        if len(value) > MAX_TEXT:
            raise ValueError(f"too long by {len(value) - MAX_TEXT} characters: send at most 2,000, in several messages")
        return value

    @root_validator(skip_on_failure=True)
    def one_of_them(cls, values: dict[str, Any]) -> dict[str, Any]:  # noqa: N805
        """Exactly one of text and choice."""
        if (values.get("text") is None) == (values.get("choice") is None):
            raise ValueError("send either text or choice")
        return values


class Described(BaseModel):
    """What we answer with: where a value may be null the description says so, which pydantic 1 leaves out."""

    class Config:
        """Applied to every model below."""

        @staticmethod
        def schema_extra(schema: dict[str, Any], model: type[BaseModel]) -> None:
            """Add the null type in OpenAPI 3.1's way."""
            for field in model.__fields__.values():
                if field.allow_none:
                    told = schema["properties"][field.alias]
                    schema["properties"][field.alias] = {"anyOf": [told, {"type": "null"}]}


class Choice(Described):
    """A way to answer, offered beside the text."""

    label: str
    value: str


class Cost(Described):
    """In the provider's words; null is not known."""

    now: str | None
    free_sessions: int | None
    afterwards: str | None


class Service(Described):
    """A listing as patients see it. What is not known is null: ask the service."""

    id: str
    name: str
    provider: str | None
    summary: str | None
    needs: list[str]
    why: list[str] = Field(description="Short reasons it matched.")
    score: float | None
    distance_km: float | None
    where: str | None
    when: list[str] | None
    cost: Cost
    access: list[str] | None
    languages: list[str] | None
    audience: list[str] | None
    age_range: str | None
    who_meets_you: str | None
    can_bring_someone: str | None
    how_to_join: str | None
    contact: str | None
    accredited_until: str | None
    checked_on: str | None
    capacity: str | None
    wait_weeks: int | None
    url: str | None
    for_whom: str | None = Field(None, description="In a conversation: 'For women'; null when it is for everybody.")
    choices: list[Choice] | None = Field(None, description="In a conversation: to save it, to hear more.")


class Found(Described):
    """What a search found."""

    total: int = Field(description="How many match, of which `results` is a page.")
    results: list[Service]
    relaxed: list[str] = Field(description="Filters loosened because nothing matched all of them.")
    found: bool = Field(description="False: nothing suitable; `results` are the nearest there is.")


class Message(Described):
    """One message of a conversation."""

    seq: int = Field(description="Numbered from 1 without gaps.")
    at: str = Field(description="ISO 8601 with zone.")
    from_: SENDERS = Field(alias="from")
    text: str
    choices: list[Choice] = []
    services: list[Service] = []
    beside_cards: str | None = Field(None, description="The text without what the services, shown as cards, say again.")
    topic: str | None = None
    risks: list[str] | None = None
    contacts: list[dict[str, str]] | None = None
    understood: dict[str, Any] | None = None
    navigator: str | None = None
    client_message_id: str | None = None

    class Config:
        """`from` is a Python word."""

        allow_population_by_field_name = True


class Begun(Described):
    """A new conversation; the token is shown this once."""

    id: str
    token: str
    state: STATES
    messages: list[Message]


class Answered(Described):
    """What was said in answer, and who is at the other end. A `state` event holds the same without messages."""

    messages: list[Message]
    state: STATES
    navigator: str | None = Field(None, description="Who has the conversation, when live.")
    navigator_role: str | None = Field(None, description="What they are, as patients say it.")
    queue_place: int | None = Field(None, description="1 is next, when waiting.")
    typing: str | None = Field(None, description="First name of the navigator who is writing just now.")


class Erased(Described):
    """Whether it is erased, and in words what happens."""

    erased: bool
    detail: str


class Fault(Described):
    """One field, and how to mend it."""

    field: str
    fix: str


class Problem(Described):
    """RFC 9457 problem details."""

    type: str
    title: str
    status: int
    detail: str
    field: str | None = Field(None, description="The field that could not be used, like body.text.")
    errors: list[Fault] | None = Field(None, description="Every fault, where there are several.")


PROBLEMS: dict[int | str, dict[str, Any]] = {
    status: {
        "description": words,
        "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}},
    }
    for status, words in {
        400: "The request could not be read",
        401: "The token is missing or wrong",
        404: "No such conversation",
        409: "Not possible as things stand",
        413: "The request is too large",
        422: "A field could not be used; says which and how to mend it",
        429: "Too often; wait and try again",
        503: "A part is down; nothing was lost, try again",
    }.items()
}
