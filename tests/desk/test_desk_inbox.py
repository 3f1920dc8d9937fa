"""The inbox: what stands where, flags, tasks, and parts that are sent again only when they have changed."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from desk_browser import section, seen

from assistant.clock import clock
from assistant.conversations import erasing, messages, people
from assistant.desk import wording
from assistant.desk.inbox import stamp
from assistant.desk.roles import Staff
from assistant.safety import tiers
from assistant.store.database import reading, transaction
from assistant.store.tables import conversations, events


def test_an_empty_desk_says_what_will_appear(at_desk):
    page = at_desk("amina").look("/").text
    for words in ("Nobody is waiting", "No live conversations", "No calls booked for today", "Nothing to do", "No conversations yet"):
        assert words in page
    assert "Safety flags to see to" not in page and "At a console now: Amina Yusuf" in page


def test_each_conversation_stands_where_it_belongs(house, at_desk, begin):
    amina = at_desk("amina")
    begin(state="waiting", person_name="Wanda", waiting_since=clock.now(), picture={"needs": ["money"]})
    live = begin(state="waiting", person_name="Liam")
    begin(person_name="Beth")
    begin(state="closed", person_name="Carl")
    with transaction(house.engine) as connection:  # a page that was opened and left
        connection.execute(conversations.update().where(conversations.c.person_name == "Carl").values(state="closed"))
    amina.press(f"/conversations/{live}/claim")
    page = amina.look("/").text
    assert "Wanda" in section(page, "waiting") and "help with money" in section(page, "waiting")
    assert "Liam" in section(page, "live") and "<b>You</b>" in section(page, "live")
    assert "Beth" in section(page, "recent") and "Carl" in section(page, "recent")
    assert "Wanda" not in section(page, "recent")


def test_the_longest_waiting_comes_first(at_desk, begin):
    begin(state="waiting", person_name="Second")
    begin(state="waiting", person_name="First", waiting_since=clock.now().replace(hour=9))
    waiting = section(at_desk("amina").look("/").text, "waiting")
    assert waiting.index("First") < waiting.index("Second") and "Waiting 1 hour" in waiting


def test_a_patient_without_an_answer_is_marked(house, at_desk, begin):
    amina, conversation = at_desk("amina"), begin(state="waiting", person_name="Liam")
    amina.press(f"/conversations/{conversation}/claim")
    assert "no answer yet" not in amina.look("/").text
    with transaction(house.engine) as connection:
        messages.append(connection, conversation, "patient", "Are you there?", answered=True)
    clock.shift(minutes=2)
    assert "Wrote 2 minutes ago, no answer yet" in amina.look("/").text
    with transaction(house.engine) as connection:  # what the safety screen shows by itself answers nobody
        messages.append(connection, conversation, "system", "If you might act on these thoughts now, call 999.", answered=True)
    assert "Wrote 2 minutes ago, no answer yet" in amina.look("/").text
    assert "<title>(1) Inbox" in amina.look("/inbox/parts").text
    assert "<title>(1) Liam" in amina.look(f"/conversations/{conversation}/parts", after=3).text
    amina.press(f"/conversations/{conversation}/reply", text="I am here")
    assert "no answer yet" not in amina.look("/").text


def test_the_inbox_shows_no_message_text(at_desk, begin):
    begin("I have a secret", state="waiting")
    assert "secret" not in at_desk("amina").look("/").text


def test_a_flag_stands_on_top_until_somebody_acknowledges_it(house, at_desk, begin):
    conversation = begin("I want to die", person_name="Dorothy")
    with transaction(house.engine) as connection:
        people.flag_risk(connection, conversation, "wardown-park", 1, ["suicide_ideation", "self_harm"])
    amina, colin = at_desk("amina"), at_desk("colin")
    page = amina.look("/").text
    assert "Thoughts of ending their life; Hurting themselves" in section(page, "flags")
    assert "(1) Inbox" in page
    thread = amina.look(f"/conversations/{conversation}").text
    assert 'class="message from-patient flagged"' in thread and "Safety flag" in thread
    clock.shift(minutes=5)
    assert amina.press("/flags/1/acknowledge").status_code == 200
    again = colin.press("/flags/1/acknowledge")
    assert again.status_code == 409 and "Amina Yusuf acknowledged this flag already" in again.text
    assert "Thoughts of ending" not in section(amina.look("/").text, "flags")
    assert "Acknowledged by Amina Yusuf" in amina.look(f"/conversations/{conversation}").text
    with reading(house.engine) as connection:
        event = connection.execute(sa.select(events).where(events.c.kind == "risk_acknowledged")).one()
    assert event.data["seconds"] == 300


@pytest.fixture
def flag(house):
    """`flag(conversation, 1, "self_harm")`: message 1 of it is put before the team."""

    def put(conversation, seq, *risks, practice="wardown-park"):
        with transaction(house.engine) as connection:
            people.flag_risk(connection, conversation, practice, seq, list(risks))

    return put


def test_flags_stand_by_person_the_most_urgent_and_the_newest_first(at_desk, begin, flag):
    worried, low, son, pills = (begin("One", "Two", "Three", person_name=name) for name in ("Wendy", "Laura", "Sonia", "Pavel"))
    flag(low, 1, "self_harm")
    flag(low, 3, "domestic_abuse", "suicide_ideation")
    clock.shift(minutes=4)
    flag(pills, 2, "overdose_poisoning")
    clock.shift(minutes=4)
    flag(son, 1, "child_safeguarding")
    flag(worried, 1, "concern_for_other")
    page = at_desk("amina").look("/").text
    flags = section(page, "flags")
    places = [flags.index(name) for name in ("Pavel", "Sonia", "Laura", "Wendy")]
    assert places == sorted(places) and flags.count("Laura") == 1
    assert "Thoughts of ending their life; Hurting themselves; Abuse at home" in flags and "2 messages, the newest 8 minutes ago" in flags
    assert f"/conversations/{low}#m-3" in flags  # to the most urgent of hers
    assert "Safety flags of 4 people" in page and "(4) Inbox" in page
    assert "Acknowledge" not in page  # not before it was read


def test_what_is_most_urgent_is_so_for_the_desk_as_for_the_screen():
    assert tuple(wording.RISKS) == tiers.ORDER
    assert [wording.tier([risk]) for risk in (tiers.TIERS[0][-1], tiers.TIERS[1][0], tiers.TIERS[1][-1], tiers.TIERS[2][0])] == [0, 1, 1, 2]
    assert wording.tier([]) == wording.tier(["something_new"]) == 2


def test_a_persons_flags_are_acknowledged_beside_their_words_one_or_all(at_desk, begin, flag):
    conversation = begin("I cut my arm", "He hits me", "I took them all", "What now", person_name="Eve")
    for seq, risk in ((1, "self_harm"), (2, "domestic_abuse"), (3, "overdose_poisoning")):
        flag(conversation, seq, risk)
    amina, joanne = at_desk("amina"), at_desk("joanne")
    panel = section(amina.look(f"/conversations/{conversation}").text, "panel")
    places = [panel.index(words) for words in ("I took them all", "I cut my arm", "He hits me", "Acknowledge all 3", "Contact")]
    assert places == sorted(places) and 'name="newest" value="3"' in panel
    flag(conversation, 4, "suicide_ideation")  # comes while she reads
    assert joanne.press(f"/conversations/{conversation}/acknowledge", newest=3).status_code == 404
    assert amina.press("/flags/2/acknowledge").status_code == 200
    assert "2 flags acknowledged" in amina.press(f"/conversations/{conversation}/acknowledge", newest=3).text
    assert amina.press(f"/conversations/{conversation}/acknowledge", newest=3).status_code == 409
    page = amina.look(f"/conversations/{conversation}").text
    assert "1 safety flag not acknowledged yet" in page and "Acknowledge all" not in page
    assert page.count("Acknowledged by Amina Yusuf") == 3


def test_closing_with_open_flags_is_warned_of(at_desk, begin, flag):
    amina, conversation = at_desk("amina"), begin("He hits me", state="waiting", person_name="Eve")
    amina.press(f"/conversations/{conversation}/claim")
    warning = 'hx-confirm="1 safety flag here not acknowledged yet. Close this conversation?'
    assert warning not in amina.look(f"/conversations/{conversation}").text
    flag(conversation, 1, "domestic_abuse")
    assert warning in amina.look(f"/conversations/{conversation}").text
    closed = amina.press(f"/conversations/{conversation}/close")
    assert "1 safety flag still waits to be acknowledged" in closed.text
    assert "Eve" in section(amina.look("/").text, "flags")


def test_a_task_is_done_once(house, at_desk, begin):
    conversation = begin(person_name="Mr Okafor")
    with transaction(house.engine) as connection:
        people.add_task(connection, conversation, "wardown-park", "no_contact", "Nobody rang me")
    amina = at_desk("amina")
    assert "Nobody rang me" in section(amina.look("/").text, "tasks")
    assert amina.press("/tasks/1/done").status_code == 200
    assert amina.press("/tasks/1/done").status_code == 409
    assert amina.press("/tasks/77/done").status_code == 404
    assert "Nobody rang me" not in amina.look("/").text


def test_an_erasure_asked_for_is_done_once_the_flag_is_seen_to(house, at_desk, begin):
    conversation = begin(person_name="Eve")
    with transaction(house.engine) as connection:
        people.flag_risk(connection, conversation, "wardown-park", 1, ["self_harm"])
        people.add_task(connection, conversation, "wardown-park", "feedback", "Thanks")
        row = connection.execute(sa.select(conversations)).one()
        erasing.defer(connection, row)
    amina = at_desk("amina")
    assert amina.press("/tasks/2/erase").status_code == 409
    amina.press("/flags/1/acknowledge")
    assert amina.press("/tasks/1/erase").status_code == 404  # nobody asked for it by a word of thanks
    assert amina.press("/tasks/2/erase").status_code == 200
    assert amina.look(f"/conversations/{conversation}").status_code == 404


def test_only_changed_parts_are_sent_again(house, at_desk, begin):
    desk = at_desk("amina")
    page = desk.look("/").text
    known = seen(page)
    assert set(known) == {f"seen-{p}" for p in ("summary", "flags", "waiting", "live", "calls", "tasks", "recent")}
    quiet = desk.look("/inbox/parts", **known).text
    assert "hx-swap-oob" in quiet and 'id="part-' not in quiet
    begin(state="waiting", person_name="Wanda")
    changed = desk.look("/inbox/parts", **known).text
    assert 'id="part-waiting" hx-swap-oob="true"' in changed and "Wanda" in changed
    assert 'id="part-summary" hx-swap-oob="true"' in changed and 'id="part-tasks"' not in changed
    assert "<title>(1) Inbox" in changed and seen(changed)["seen-waiting"] != known["seen-waiting"]


def test_a_conversations_parts_bring_new_messages_only(house, at_desk, begin):
    desk, conversation = at_desk("amina"), begin("One", "Two")
    known = seen(desk.look(f"/conversations/{conversation}").text)
    address = f"/conversations/{conversation}/parts"
    assert 'id="m-' not in desk.look(address, after=2, **known).text
    with transaction(house.engine) as connection:
        messages.append(connection, conversation, "patient", "Three", answered=True)
    fresh = desk.look(address, after=2, **known).text
    assert 'id="m-3"' in fresh and 'id="m-2"' not in fresh and 'name="after" value="3"' in fresh
    assert 'id="part-composer"' not in fresh  # a reply half written stays


def test_the_summary_shows_everything_as_given_and_adds_nothing_up(house, at_desk, begin):
    conversation = begin(
        person_name="Dorothy Hale", contact_number="+447700900123", safe_to_text=True, safe_to_leave_message=False,
        picture={"needs": ["loneliness"], "what_matters": "seeing my sister", "wishes": {"place": "LU2", "day": ["tue"]},
                 "company": "with a friend", "shown": ["L9"]},
    )  # fmt: skip
    with transaction(house.engine) as connection:
        people.save_service(connection, conversation, "L1")
        people.record_wellbeing(connection, conversation, {"ons_satisfied": 4, "ons_happy": 0, "lonely_often": "Occasionally"})
        services = [{"id": "L1", "name": "Tuesday Kettle"}]
        messages.append(connection, conversation, "bot", "Here is one.", services=services)
    page = section(at_desk("amina").look(f"/conversations/{conversation}").text, "panel")
    for words in ("Dorothy Hale", "07700 900123", "seeing my sister", "LU2", "Tuesday", "with a friend", "Tuesday Kettle", "L9",
                  "Overall, how satisfied are you with your life nowadays?", "<dd>4</dd>", "<dd>0</dd>", "Occasionally"):  # fmt: skip
        assert words in page
    assert '<dd class="no">No</dd>' in page and "total" not in page.lower() and "score" not in page.lower()


@pytest.mark.parametrize(
    ("words", "name"),
    [
        ("o'brien", "Maeve O\u2019Brien"), ("O\u2019BRIEN", "Maeve O'Brien"), ("w\u00f3jcik", "Agnieszka W\u00f3JCIK"),
        ("\u00d6zt\u00fcrk", "ay\u015fe \u00f6zt\u00fcrk"), ("\u0639\u0628\u062f", "\u0645\u062d\u0645\u062f \u0639\u0628\u062f"),
    ],
)  # fmt: skip
def test_a_name_is_found_as_it_is_typed_here(at_desk, begin, words, name):
    begin(person_name=name)
    begin(person_name="\u65e5\u672c Someone Else")
    amina = at_desk("amina")
    assert "1 conversation for" in amina.look("/people", q=words).text
    assert "Nobody found" in amina.look("/people", q="\u0646\u0648\u0631").text, "letters without capitals are no wildcards"
    assert "Write two letters or more." in amina.look("/people", q="a").text


def test_the_stamp_moves_with_what_another_process_does(house, begin):
    who = Staff("1", "u", "Una Day", "navigator", "wardown-park", "", "")

    def look():
        with reading(house.engine) as connection:
            return stamp(connection, who)

    empty = look()
    conversation = begin()
    begun = look()
    clock.shift(seconds=5)
    begin(practice="stopsley-green")
    assert look() == begun != empty
    with transaction(house.engine) as connection:
        people.flag_risk(connection, conversation, "wardown-park", 1, ["self_harm"])
    assert look() != begun
