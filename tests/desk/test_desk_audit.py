"""The audit: every read and write leaves a line, and a line that was changed, removed or slipped in is found."""

from __future__ import annotations

import sqlalchemy as sa

from assistant.clock import clock
from assistant.desk import audit
from assistant.store.database import reading, transaction
from assistant.store.staff_tables import audit as table


def actions(house, subject=None):
    with reading(house.engine) as connection:
        rows = connection.execute(sa.select(table).order_by(table.c.id)).all()
    return [row.action for row in rows if subject is None or row.subject == subject]


def write(house, count=6):
    with transaction(house.engine) as connection:
        for number in range(count):
            audit.record(connection, "s1", "conversation.read", f"c{number}")
            clock.shift(seconds=1)


def broken(house):
    with reading(house.engine) as connection:
        return audit.verify(connection)


def test_a_whole_chain_is_whole(house):
    assert broken(house) is None
    write(house)
    assert broken(house) is None
    with reading(house.engine) as connection:
        assert audit.seal(connection)[0] == 6


def test_a_changed_line_is_found(house):
    write(house)
    with transaction(house.engine) as connection:
        connection.execute(table.update().where(table.c.id == 3).values(subject="c9"))
    assert broken(house) == 3


def test_a_changed_line_with_a_mended_hash_is_found_at_the_next(house):
    write(house)
    with transaction(house.engine) as connection:
        row = connection.execute(sa.select(table).where(table.c.id == 3)).one()
        mended = audit._hash(3, row.at, "s2", row.action, row.subject, row.previous)
        connection.execute(table.update().where(table.c.id == 3).values(staff_id="s2", hash=mended))
    assert broken(house) == 4


def test_a_removed_line_is_found(house):
    write(house)
    with transaction(house.engine) as connection:
        connection.execute(table.delete().where(table.c.id == 4))
    assert broken(house) == 4


def test_a_line_slipped_in_is_found(house):
    write(house)
    with transaction(house.engine) as connection:
        connection.execute(
            table.insert().values(id=9, at=clock.now(), action="x", previous=audit.FIRST, hash=audit.FIRST)
        )
    assert broken(house) == 7


def test_the_newest_lines_cut_off_change_the_seal(house):
    write(house)
    with reading(house.engine) as connection:
        before = audit.seal(connection)
    with transaction(house.engine) as connection:
        connection.execute(table.delete().where(table.c.id > 4))
        audit.record(connection, "s1", "conversation.read", "other")
        audit.record(connection, "s1", "conversation.read", "other")
    assert broken(house) is None
    with reading(house.engine) as connection:
        after = audit.seal(connection)
    assert after[0] == before[0] and after[1] != before[1]


def test_every_read_and_write_of_a_conversation_leaves_a_line(house, at_desk, begin):
    desk, conversation = at_desk("amina"), begin(state="waiting", person_name="Dorothy Hale")
    address = f"/conversations/{conversation}"
    desk.look(address)
    desk.press(f"{address}/claim")
    desk.press(f"{address}/reply", text="Hello")
    desk.press(f"{address}/note", note="Kind")
    desk.look(f"{address}/parts", after=1)
    desk.look(f"{address}/parts", after=99)  # nothing new was read
    desk.look(f"{address}/transcript")
    desk.look("/people", q="dorothy")
    desk.press(f"{address}/hand-back")
    assert actions(house, conversation) == [
        "conversation.read", "conversation.claimed", "conversation.replied", "conversation.noted",
        "conversation.read", "transcript.read", "person.found", "conversation.handed_back",
    ]  # fmt: skip
    assert {"sign_in", "people.searched"} <= set(actions(house))
    assert broken(house) is None


def test_failed_sign_ins_are_kept_without_what_was_typed(house, app, staff):
    from desk_browser import browser, fill_in

    fill_in(browser(app), "amina", "my-secret-password", "123456")
    with reading(house.engine) as connection:
        lines = repr(connection.execute(sa.select(table)).all())
    assert "sign_in.failed" in lines and "my-secret-password" not in lines and "123456" not in lines


def test_a_manager_reads_the_practices_lines_and_others_only_their_own(at_desk, begin):
    begin()
    amina, grace, joanne = at_desk("amina"), at_desk("grace"), at_desk("joanne")
    amina.look("/")
    joanne.look("/")
    managers, own = grace.look("/activity").text, amina.look("/activity").text
    assert "The record is whole" in managers and "Amina Yusuf" in managers and "Joanne Castle" not in managers
    assert "The record is whole" not in own and "Grace Obi" not in own and "What I did" in own
    assert "Nothing in these days" in amina.look("/activity", first="2020-01-01", last="2020-01-02").text
    assert amina.look("/activity", first="soon").status_code == 422


def test_the_page_says_so_when_the_record_was_altered(house, at_desk):
    grace = at_desk("grace")
    with transaction(house.engine) as connection:
        connection.execute(table.update().where(table.c.id == 2).values(action="nothing"))
    assert "The record has been altered at line 2" in grace.look("/activity").text
