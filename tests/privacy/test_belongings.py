"""Every table that names a person is erased, unlinked or kept for a reason, and is exported: none can be forgotten."""

from __future__ import annotations

import json
import re
import zipfile
from io import BytesIO

import pytest
import sqlalchemy as sa
from filled import Somebody, fill, holding

from assistant.pathway.privacy import erase, export
from assistant.pathway.privacy import person as people
from assistant.pathway.privacy.files import FILE, HOLDS_NONE, HOLDS_WORDS
from assistant.store import pathway_tables, staff_tables  # noqa: F401 - their tables join the metadata
from assistant.store.belongings import BELONGINGS, BY_TABLE, NOBODYS, PERSONAL
from assistant.store.database import reading, transaction
from assistant.store.demo_tables import demo_metadata
from assistant.store.tables import metadata
from directory.tables import directory_metadata

# A column of another name that leads to a person must not slip by either.
LEADS = re.compile(r"(^|_)(patient|conversation|referral|person|phone|mobile|number)(_|$)")
HARMLESS = {"person_name", "reach_number"}  # of conversations and of referrals, which are covered


@pytest.mark.parametrize("table", [*metadata.sorted_tables, *demo_metadata.sorted_tables, *directory_metadata.sorted_tables], ids=lambda table: table.name)
def test_a_table_with_a_personal_column_says_what_becomes_of_it(table: sa.Table) -> None:
    """Fails for a new table: add a line for it to BELONGINGS in assistant/store/belongings.py."""
    personal = PERSONAL & set(table.c.keys()) or {name for name in table.c.keys() if LEADS.search(name)} - HARMLESS
    if personal:
        assert table.name in BY_TABLE or table.name in NOBODYS, f"{table.name} has {sorted(personal)}: add it to BELONGINGS"
        unknown = {name for name in table.c.keys() if LEADS.search(name)} - PERSONAL - HARMLESS
        assert not unknown or table.name in NOBODYS, f"{table.name}.{sorted(unknown)}: name it as the others do, or add it to PERSONAL"


def test_what_is_not_deleted_says_why() -> None:
    for belonging in BELONGINGS:
        assert (belonging.fate == "delete") or belonging.why, belonging.table.name
        assert set(belonging.hidden) <= set(belonging.table.c.keys()), belonging.table.name


@pytest.fixture
def two_people(house, staff_id):
    """One to erase and one who must not be touched, with a row in every table."""
    her, him = Somebody("Xanthippe", "+447700900111"), Somebody("Bartholomew", "+447700900222")
    with transaction(house.engine) as connection:
        filled = fill(connection, her, staff_id=staff_id)
        assert fill(connection, him, staff_id=staff_id) == filled
    return her, him, filled


def test_erasing_leaves_nothing_in_any_table_and_nobody_else_is_touched(house, two_people):
    her, him, filled = two_people
    assert filled == set(BY_TABLE)
    with reading(house.engine) as connection:
        his = holding(connection, *him.needles)
    with transaction(house.engine) as connection:
        told = erase.erase_person(connection, her.patient)
    with reading(house.engine) as connection:
        left = holding(connection, *her.needles)
        assert holding(connection, *him.needles) == his == filled
        counts = {table.name: connection.execute(sa.select(sa.func.count()).select_from(table)).scalar() for table in metadata.sorted_tables}
    # STOP is the number's; the stage of a refusal is a word of ours, filled here by the test.
    assert left <= {"opt_outs", "declines", "events"}
    assert counts["declines"] == counts["events"] == 2, "the counts stay, without the person"
    assert all(counts[name] == 1 for name in filled - {"opt_outs", "declines", "events"})
    assert told.deleted["messages"] == 1 and told.unlinked == {"declines": 1, "events": 1}
    assert any("STOP" in line for line in told.kept)


def test_after_erasing_no_id_and_no_number_is_left_but_the_stop(house, two_people):
    her, _, _ = two_people
    with transaction(house.engine) as connection:
        erase.erase_person(connection, her.conversation)
    with reading(house.engine) as connection:
        assert holding(connection, her.patient, her.conversation, her.referral) == set()
        assert holding(connection, her.number) == {"opt_outs"}


def test_the_export_has_every_table_and_nothing_of_anybody_else(house, two_people):
    her, him, filled = two_people
    with reading(house.engine) as connection:
        archive = zipfile.ZipFile(BytesIO(export.export_zip(connection, people.by_id(connection, her.patient))))
    data = json.loads(archive.read("data.json"))
    page = archive.read("index.html").decode()
    for belonging in BELONGINGS:
        assert len(data["sections"][belonging.title]) == 1, belonging.title
        assert belonging.title in page
    text = json.dumps(data)
    assert her.word in text and her.word in page
    assert not any(needle in text + page for needle in him.needles)
    assert "Navigator Amina Yusuf" in text and "token_hash" not in text
    assert "<script" not in page and "http" not in page


def test_every_file_of_the_home_folder_that_can_hold_words_is_named() -> None:
    """What the program writes there: a new file must say whether it holds what somebody said."""
    named = {*HOLDS_WORDS, *HOLDS_NONE}
    assert {FILE, "models/", "linkway.db", "secret_key", "index/", "encoder/"} <= named
