"""The reports page: who may open it, filters, empty dates, CSV, the newsletter; figures checked against rows put there."""

from __future__ import annotations

import csv
import io
import re
import uuid
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from assistant.clock import clock
from assistant.conversations import people
from assistant.conversations.events import record_event
from assistant.pathway import objections, patients
from assistant.reports import board
from assistant.reports.outcomes import paired
from assistant.reports.scope import scope_of
from assistant.store.database import reading, transaction
from assistant.store.pathway_tables import referrals, signposts
from assistant.store.staff_tables import audit
from assistant.store.tables import callbacks, events, outbox, wellbeing

PRACTICE = "wardown-park"
TEMPLATES = Path(board.__file__).parents[1] / "desk" / "templates"


def table(house, section, id_, practice=PRACTICE, first="", last=""):
    with reading(house.engine) as connection:
        return board.one_table(connection, house, scope_of(first, last, practice), section, id_)


@pytest.fixture
def person(house, begin):
    """`person(call="done", sessions=2)`: a conversation, its patient, and how far they came; (conversation, patient)."""

    def make(call=None, sessions=None, ended=None, practice=PRACTICE, provider="Kettle Club", answered=2, **about):
        conversation = begin(practice=practice)
        now = clock.now()
        with transaction(house.engine) as connection:
            patient = patients.create(connection, practice, "self", **about)
            patients.link(connection, conversation, patient)
            if call:
                connection.execute(callbacks.insert().values(
                    id=str(uuid.uuid4()), conversation_id=conversation, practice=practice, navigator=str(uuid.uuid4()), starts_at=now - timedelta(hours=1),
                    purpose="x", status=call, created_at=now - timedelta(days=3), patient_id=patient,
                ))  # fmt: skip
            if sessions is not None:
                connection.execute(referrals.insert().values(
                    id=str(uuid.uuid4()), patient_id=patient, conversation_id=conversation, practice=practice, listing_id="l1", service="Tuesday Kettle",
                    provider=provider, consent_at=now, consent_how="phone", made_by="x", made_at=now - timedelta(days=8), need="loneliness",
                    status="closed" if ended else "attending", answer_by=now - timedelta(days=3), answered_at=now - timedelta(days=8 - answered) if answered else None,
                    sessions_attended=sessions, ended=ended, closed_at=now if ended else None, stop_reason="travel" if ended == "disengaged" else None, link_version=1,
                ))  # fmt: skip
        return conversation, patient

    return make


def test_words_for_the_ear_begin_with_a_word():
    """They stand apart from what is seen, and are read with a pause between: 'Download as CSV : The table' is no name."""
    unseen = re.compile(r'class="unseen">(?P<words>[^<]*)')
    found = [(path.name, words) for path in TEMPLATES.rglob("*.html") for words in unseen.findall(path.read_text(encoding="utf-8"))]
    assert len(found) > 30 and [one for one in found if one[1].lstrip()[:1] in {",", ":", ".", ";"}] == []


def test_only_managers_open_reports_and_they_are_in_the_menu(at_desk, house):
    grace = at_desk("grace")
    assert ">Reports</a>" in grace.look("/reports").text
    for username in ("amina", "rita", "edith"):
        desk = at_desk(username)
        for address in ("/reports", "/reports/newsletter", "/reports/funnel/funnel.csv"):
            assert desk.look(address).status_code == 403
        assert ">Reports</a>" not in desk.look("/help").text
    with reading(house.engine) as connection:
        assert "reports.read" in connection.execute(sa.select(audit.c.action)).scalars().all()


def test_empty_dates_say_so_and_draw_nothing(at_desk):
    page = at_desk("grace").look("/reports", **{"from": "2020-01-01", "to": "2020-02-01"}).text
    assert page.count("Nothing in these dates yet.") >= 15 and "<svg" not in page and "Traceback" not in page


def test_the_funnel_counts_who_came_how_far(house, at_desk, begin, person):
    begin()  # only wrote
    for _ in range(6):
        person(call="done", sessions=2)
    person(call="missed")
    person(call="done", sessions=1, ended="completed")
    person(call="done", sessions=3, practice="stopsley-green")
    counts = {row[0]: row[1] for row in table(house, "funnel", "funnel").rows}
    assert counts == {"Offered": 9, "Agreed": 8, "First talk": 7, "Referred": 7, "First session": 7, "Continued": 7, "Completed": 1}
    page = at_desk("grace").look("/reports").text
    assert "<figcaption" in page and "Number of people, and their share" in page and '<th scope="col" class="figure">People</th>' in page
    assert "9 (100%)" in page and 'role="img"' in page and "Signposting is not counted here" in page


def test_who_objects_to_reports_is_not_counted(house, person):
    for _ in range(6):
        person(call="done", sessions=2)
    _, patient = person(call="done", sessions=1)
    with transaction(house.engine) as connection:
        objections.note(connection, patients.load(connection, patient), "reports", "phone", "s-1")
    counts = {row[0]: row[1] for row in table(house, "funnel", "funnel").rows}
    assert counts["Offered"] == counts["First session"] == 6


def test_a_conversation_in_which_nobody_wrote_is_no_offer(house):
    from assistant.conversations import records

    with transaction(house.engine) as connection:
        records.begin(connection, channel="web", practice=PRACTICE)
    assert table(house, "funnel", "funnel").rows == []


def test_another_practice_is_not_there(at_desk):
    grace, olive = at_desk("grace"), at_desk("olive")
    assert grace.look("/reports", practice="stopsley-green").status_code == 404
    assert grace.look("/reports/funnel/funnel.csv", practice="stopsley-green").status_code == 404
    assert grace.look("/reports", practice="no-such").status_code == 404
    assert olive.look("/reports", practice="no-such").status_code == 404
    assert "Stopsley Green" in olive.look("/reports", practice="stopsley-green").text and "All practices" in olive.look("/reports").text


@pytest.mark.parametrize("query", [{"from": "tomorrow"}, {"from": "2026-11-20", "to": "2026-11-01"}, {"from": "1066-10-14"}])
def test_dates_that_cannot_be_are_said_and_the_page_stands(at_desk, query):
    answer = at_desk("grace").look("/reports", **query)
    assert answer.status_code == 422 and "The last 90 days are shown" in answer.text and "<h2" in answer.text


def test_csv_of_each_table(at_desk, person):
    for _ in range(5):
        person(call="done", sessions=1, provider="=HYPERLINK(1)")
    grace = at_desk("grace")
    page = grace.look("/reports").text
    links = [part.split('"')[0] for part in page.split('href="/navigator/reports/')[1:] if ".csv" in part.split('"')[0]]
    assert len(links) >= 6
    for link in links:
        answer = grace.get(f"/navigator/reports/{link.replace('&amp;', '&')}")
        assert answer.status_code == 200 and answer.headers["content-type"].startswith("text/csv") and "attachment" in answer.headers["content-disposition"]
        rows = list(csv.reader(io.StringIO(answer.text.lstrip("\ufeff"))))
        assert rows[0][0] == "Table" and not any(cell.startswith(("=", "+", "@")) for row in rows for cell in row)
    assert grace.look("/reports/funnel/nothing.csv").status_code == grace.look("/reports/nothing/funnel.csv").status_code == 404


def test_declines_of_few_cannot_be_told_by_group(house, begin):
    for n in range(6):
        conversation = begin()
        with transaction(house.engine) as connection:
            people.record_decline(connection, conversation, PRACTICE, stage="offer", reason="not_now" if n else "travel", sex="female" if n else "male")
    rows = table(house, "endings", "declines-sex").rows
    assert "Male" not in str([row for row in rows if 1 in row]) and all(not isinstance(cell, int) or cell == 0 or cell >= 5 for row in rows for cell in row)


def test_as_many_reasons_as_people_hide_how_many_they_are(house, begin):
    for reason in ("not_now", "travel", "too_busy", "language", "cost_afterwards"):
        conversation = begin()
        with transaction(house.engine) as connection:
            people.record_decline(connection, conversation, PRACTICE, stage="offer", reason=reason, sex="female")
    for id_ in ("declines-reason", "declines-stage", "declines-sex"):
        assert [[str(cell) for cell in row] for row in table(house, "endings", id_).rows] == [["All", "hidden"]]


def test_a_stop_is_no_decline(house, begin, person):
    for _ in range(5):
        person(sessions=1, ended="disengaged")
    conversation = begin()
    with transaction(house.engine) as connection:
        people.record_decline(connection, conversation, PRACTICE, stage="taking_part", reason="travel")
    assert table(house, "endings", "stops-reason").rows[-1] == ("All", 6) and table(house, "endings", "declines-reason").rows == []


def test_providers_answer_or_are_silent(house, person):
    person(sessions=1, answered=2)
    person(sessions=0, answered=None)
    rows = {row[0]: row[1:] for row in table(house, "providers", "provider-answers").rows}
    assert rows["Kettle Club"] == (2, 1, 2.0, 0, 1, 50.0)


def test_waits_and_texts_and_their_cost(house, person, begin):
    person(call="done")
    conversation = begin(channel="sms", phone="+447700900123")
    with transaction(house.engine) as connection:
        record_event(connection, "handoff_accepted", conversation, PRACTICE, waited_seconds=120)
        connection.execute(outbox.insert().values(
            id="o1", idempotency_key="o1", conversation_id=conversation, to="+447700900123", body="x", segments=3, reply=False,
            status="delivered", created_at=clock.now(), due_at=clock.now(), attempts=1,
        ))  # fmt: skip
    days, minutes = table(house, "waits", "waits").rows
    assert round(days[3], 2) == 2.96 and minutes[3] == 2.0
    assert table(house, "messages", "texts").rows[-1] == ("All", 1, 3, None)
    house.settings = house.settings.copy(update={"sms_pence_per_segment": 3.0})
    assert table(house, "messages", "texts").rows[-1] == ("All", 1, 3, 0.09)


def test_a_later_call_is_no_wait(house, person):
    """What was agreed on in the first call is weeks off on purpose; nobody waits for it."""
    conversation, patient = person(call="done")
    with transaction(house.engine) as connection:
        record_event(connection, "callback_requested", conversation, PRACTICE)
        connection.execute(events.update().where(events.c.kind == "callback_requested").values(at=clock.now() - timedelta(days=95)))
        connection.execute(callbacks.update().values(starts_at=clock.now() - timedelta(days=93), created_at=clock.now() - timedelta(days=95)))
        connection.execute(callbacks.insert().values(
            id="later", conversation_id=conversation, practice=PRACTICE, navigator="Amina", starts_at=clock.now() - timedelta(days=1),
            purpose="x", status="done", created_at=clock.now() - timedelta(days=93), patient_id=patient,
        ))  # fmt: skip
    assert table(house, "waits", "waits").rows == []
    (wait,) = table(house, "waits", "waits", first=(clock.today() - timedelta(days=100)).isoformat()).rows
    assert wait[1] == 1 and round(wait[3]) == 2


def test_texts_to_no_patient_cost_too(house, staff):
    with transaction(house.engine) as connection:
        for practice in (PRACTICE, "stopsley-green"):
            given = connection.execute(signposts.insert().values(practice=practice, at=clock.now(), how="text", listings=[], needs=[])).inserted_primary_key[0]
            for key in (f"signpost:{given}", f"duty:{practice}:900:1"):
                connection.execute(outbox.insert().values(
                    id=key, idempotency_key=key, to="+447700900123", body="x", segments=2, reply=True, status="sent",
                    created_at=clock.now(), due_at=clock.now(), attempts=1,
                ))  # fmt: skip
    for practice, texts in ((PRACTICE, 2), ("stopsley-green", 2), (None, 4)):
        rows = {row[0]: row[1:3] for row in table(house, "messages", "texts", practice).rows}
        assert rows["All"] == rows["Signposts, services and the duty number"] == (texts, 2 * texts)


def test_flags_signposts_and_unmet_needs(house, begin):
    conversation = begin(picture={"wishes": {"place": "LU3"}})
    with transaction(house.engine) as connection:
        for _ in range(5):
            people.flag_risk(connection, conversation, PRACTICE, 1, ["self_harm"])
            record_event(connection, "unmet_need", conversation, PRACTICE, needs=["arts"], place=True)
        connection.execute(signposts.insert().values(practice=PRACTICE, at=clock.now(), how="print", listings=[], needs=[]))
    assert dict(r[:2] for r in table(house, "safety", "flag-times").rows)["Not acknowledged yet"] == 5
    assert table(house, "safety", "flag-kinds").rows == [("Hurting themselves", 5)]
    assert [str(cell) for cell in table(house, "needs", "unmet").rows[0]] == ["Arts and crafts", "hidden", "hidden"]  # one conversation, asked five times
    assert table(house, "signposts", "signposts-practice").rows == [("Wardown Park Surgery", 1, 0, 0)]


def test_practical_needs_are_counted_like_the_others(house, begin):
    for _ in range(5):
        begin(picture={"needs": ["money", "loneliness"]})
    begin(picture={"needs": ["housing"]})
    assert [(name, str(cell)) for name, cell in table(house, "needs", "asked-for").rows] == [
        ("Company", "5"), ("Help with money", "5"), ("Somewhere to live", "hidden"),
    ]  # fmt: skip


def test_few_flags_do_not_say_what_they_were_about(house, begin):
    conversation = begin()
    with transaction(house.engine) as connection:
        for risk in ("self_harm", "domestic_abuse"):
            people.flag_risk(connection, conversation, PRACTICE, 1, [risk])
    kinds = table(house, "safety", "flag-kinds")
    assert [row[0] for row in kinds.rows] == ["All kinds"] and "too few" in kinds.notes[0], "two messages and two kinds would be one each"


def answer(house, conversation, patient, stage, days, **answers):
    with transaction(house.engine) as connection:
        connection.execute(wellbeing.insert().values(
            conversation_id=conversation, patient_id=patient, stage=stage, at=clock.now() - timedelta(days=days), answers=answers
        ))  # fmt: skip


def test_the_first_start_is_paired_with_the_last_end(house, begin, person):
    for n in range(6):
        conversation, patient = person(sex="female" if n < 5 else "male")
        answer(house, conversation, patient, "start", 60, ons_happy=2, ons_anxious=8, lonely_often="Often or always")
        answer(house, conversation, patient, "start", 50, ons_happy=9)
        answer(house, conversation, patient, "end", 20, ons_happy=0)
        answer(house, conversation, patient, "end", 5, ons_happy=4 + n % 2, ons_anxious=5)
    lonely = begin()
    answer(house, lonely, None, "start", 9, ons_happy=1)
    answer(house, lonely, None, "end", 1, ons_happy=2)  # no patient: paired by the conversation
    answer(house, begin(practice="stopsley-green"), None, "end", 1, ons_happy=2)
    rows = {row[0]: row[1:] for row in table(house, "outcomes", "outcomes").rows}
    assert rows["Happy yesterday"][0] == 7 and round(rows["Happy yesterday"][3], 3) == round((2 * 3 + 3 * 3 + 1) / 7, 3)
    assert rows["Anxious yesterday"][3] == -3.0 and rows["Anxious yesterday"][-1] == "lower" and rows["Feels lonely"][0] == 0
    with reading(house.engine) as connection:
        found = paired(connection, scope_of("", "", PRACTICE))
    assert (len(found.pairs), found.no_start, found.no_end) == (7, 0, 0)
    by_sex = table(house, "outcomes", "outcomes-sex").rows
    assert not [row for row in by_sex if isinstance(row[2], int)], "a group of one is hidden, and the other with it"


def test_who_lacks_an_end_is_counted_as_missing(house, person):
    conversation, patient = person()
    answer(house, conversation, patient, "start", 9, ons_happy=1)
    with transaction(house.engine) as connection:
        patients.update(connection, patient, status="closed", closed_at=clock.now(), ended="completed")
    rows = dict(table(house, "outcomes", "outcomes-missing").rows)
    assert rows["Case closed, answered only at the start"] == 1


def test_the_newsletter_names_nobody_and_hides_small_numbers(at_desk, house, person):
    for _ in range(6):
        person(call="done", sessions=1, name="Dorothy Hale", needs=["loneliness"])
    grace = at_desk("grace")
    page = grace.look("/reports/newsletter", month="2026-11").text
    assert "November 2026" in page and "Dorothy" not in page and "Company <b>6</b>" in page and "Amina Yusuf" in page
    assert "6</dd>" in page and "It is no one person" in page
    assert "most people came" not in page and "What people most often asked for this month was company." in page
    assert "Ask in this chat" not in page and "come by themselves, without a referral" in page
    with transaction(house.engine) as connection:  # two services begun in one month are one person
        connection.execute(referrals.update().values(first_session_at=clock.now(), patient_id=connection.execute(sa.select(referrals.c.patient_id)).scalars().first()))
    assert "fewer than 5</dd><dt>people went to a first session" in grace.look("/reports/newsletter", month="2026-11").text
    old = grace.look("/reports/newsletter", month="2020-01").text
    assert "Too little happened" in old and grace.look("/reports/newsletter", month="soon").status_code == 422
