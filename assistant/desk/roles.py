"""Who may do what at the desk: four roles, six powers, and the practice a person belongs to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from assistant.conversations import records
from assistant.errors import NotAllowed, NotFound

ROLES = ("receptionist", "navigator", "manager", "editor")
# conversations: read and answer patients, safety flags and tasks with them. people: find a patient by name or number.
# listings: change what the directory says; the others look.
# Reception rings and books but does not read what was said; an editor looks after listings only.
POWERS: dict[str, frozenset[str]] = {
    "receptionist": frozenset({"calls", "directory"}),
    "navigator": frozenset({"conversations", "people", "calls", "directory"}),
    "manager": frozenset({"conversations", "people", "calls", "directory", "listings", "oversight"}),
    "editor": frozenset({"directory", "listings"}),
}


@dataclass(frozen=True)
class Staff:
    """A signed-in person. `practice` None: every practice. `session` is the hash of the session's token."""

    id: str
    username: str
    name: str
    role: str
    practice: str | None
    csrf: str
    session: str

    @property
    def first_name(self) -> str:
        """What patients call them."""
        return self.name.split()[0]

    def may(self, power: str) -> bool:
        """Whether the role holds `power`."""
        return power in POWERS.get(self.role, frozenset())

    def need(self, power: str) -> None:
        """Raises NotAllowed, naming who to ask, when the role does not hold `power`."""
        if not self.may(power):
            raise NotAllowed("Your sign-in does not open this page. Ask your manager if you need it.")

    def sees(self, practice_column: Any) -> Any:
        """The SQL condition that keeps rows to this person's practice."""
        return sa.true() if self.practice is None else practice_column == self.practice


def conversation_for(connection: Connection, staff: Staff, conversation_id: str, *, lock: bool = False) -> Row:
    """The conversation, if this person may open it.

    Raises:
        NotAllowed: the role reads no conversations.
        NotFound: erased, never was, or another practice's; the three cannot be told apart.
    """
    staff.need("conversations")
    row = None
    try:
        row = records.load(connection, conversation_id, lock=lock)
    except NotFound:
        pass
    if row is None or (staff.practice is not None and row.practice != staff.practice):
        raise NotFound("There is no such conversation here. It may have been deleted.")
    return row
