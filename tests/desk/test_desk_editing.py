"""The editors' page: what was not read well, masked and grouped; examples, new answers, and what is put aside."""

from __future__ import annotations

import html

import pytest
import sqlalchemy as sa
import yaml
from desk_browser import browser, section, seen

from assistant.clock import clock
from assistant.conversations import erasing, messages, people
from assistant.desk import editing
from assistant.desk.training_labels import words_of_labels
from assistant.dialogue.editor_examples import as_training_data, examples_file, export_examples
from assistant.dialogue.training import fingerprint, training_files
from assistant.settings import ROOT
from assistant.store.database import reading, transaction
from assistant.store.staff_tables import audit, editor_answers, editor_examples, editor_ignored

HERE = "/not-understood"
CLOSEST = [["faq/cost", 0.41], ["faq/activities_free", 0.22], ["talk_to_human", 0.1]]
ANSWER = {
    "question": "Can I bring my dog?",
    "first": "Some groups welcome dogs, others cannot. Ask us, or ring {practice_phone}.",
    "second": "It depends on the group. We can ask for you. Our number is {practice_phone}.",
    "sms": "Some groups welcome dogs. Ask us, or ring {practice_phone}.",
    "file": "activities",
}


@pytest.fixture
def missed(house, begin):
    """`missed("do you take dogs")`: a conversation whose message was not read well; the message's id."""

    def make(text, closest=None, risks=(), confidence=0.3, intent="faq", needs=(), **conversation):
        here = begin(text, **conversation)
        understood = {"intent": intent, "confidence": confidence, "needs": list(needs), "risks": list(risks)}
        with transaction(house.engine) as connection:
            [message] = (m for m in messages.since(connection, here) if m.seq == 1)
            messages.mark_answered(connection, message, understood=understood, closest=closest or CLOSEST)
        make.conversation[message.id] = here
        return message.id

    make.conversation = {}
    return make


def rows(house, table):
    with reading(house.engine) as connection:
        return connection.execute(sa.select(table).order_by(table.c.id)).all()


def text_of(answer):
    return html.unescape(answer.text)


def open_list(desk):
    return section(text_of(desk.look(HERE)), "missed")


def test_what_was_not_read_well_stands_there_with_the_closest_topics(at_desk, missed, begin):
    missed("how much is the yogurt class")
    missed("is my nan allowed", intent="out_of_scope", confidence=0.7)
    begin("What does it cost?")  # read well: nothing kept of it
    page = open_list(at_desk("amina"))
    assert "how much is the yogurt class" in page and "Not followed" in page
    assert "Do I have to pay? (41%)" in page and "Wants to talk to a person" in page
    assert "is my nan allowed" in page and "Taken as none of our business" in page
    assert "What does it cost?" not in page


def test_the_closest_topics_are_for_staff_alone(house, missed):
    number = missed("do you take dogs")
    with reading(house.engine) as connection:
        (row,) = messages.since(connection, missed.conversation[number])
    assert row.extra["closest"] == CLOSEST and "faq/activities_free" not in repr(messages.as_message(row))


def test_messages_that_say_the_same_are_one(at_desk, missed):
    missed("do you take dogs")
    missed("Do you take dogs??")
    missed("do you take big dogs")
    missed("what about parking")
    page = open_list(at_desk("amina"))
    assert page.count('<li class="card">') == 2 and "3 times like this, from 3 people" in page
    assert page.index("take big dogs") < page.index("what about parking")


def test_nothing_to_look_at_is_said(at_desk):
    assert "Nothing to look at" in open_list(at_desk("amina"))


def test_risks_flagged_conversations_old_words_and_other_practices_are_left_out(house, at_desk, missed):
    missed("something frightening", risks=["psychosis"])
    flagged = missed("tonight then")
    with transaction(house.engine) as connection:
        people.flag_risk(connection, missed.conversation[flagged], "wardown-park", 1, ["self_harm"])
    missed("elsewhere entirely", practice="stopsley-green")
    missed("a month ago")
    assert "a month ago" in open_list(at_desk("amina"))
    clock.shift(days=31)
    missed("said today")
    page = open_list(at_desk("colin"))
    assert "said today" in page
    for words in ("frightening", "tonight", "elsewhere", "a month ago"):
        assert words not in page
    assert "said today" in open_list(at_desk("olive"))


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("ring me on 07700 900123 pls", "ring me on [number] pls"),
        ("my NHS number is 943 476 5919 ok", "my NHS number is [number] ok"),
        ("born 12/03/1961", "born [number]"),
        ("I live at LU3 2AB near the park", "I live at LU3 [postcode] near the park"),
        ("lu32ab", "lu3 [postcode]"),
        ("can i come b4 2pm", "can i come b4 2pm"),
        ("mail dot@example.org thanks", "mail [email] thanks"),
        ("i am at 14 acacia road today", "i am at [address] today"),
        ("dorothy here, HALE is my surname", "[name] here, [name] is my surname"),
        ("my name is dot and I want dance", "my name is [name] and I want dance"),
        ("I'm Dorothy Hale, is it free", "I'm [name], is it free"),
        ("can my son Jack come too", "can my son [name] come too"),
        ("Dr Patel said to ask", "Dr [name] said to ask"),
        ("is there anything on at 10 or 11 for 2 people", "is there anything on at 10 or 11 for 2 people"),
    ],
)
def test_what_leads_to_a_person_is_masked(at_desk, missed, said, shown):
    missed(said, person_name="Dorothy Hale")
    assert f"<q>{shown}</q>" in open_list(at_desk("amina"))


def test_a_press_makes_it_an_example_and_it_leaves_the_list(house, at_desk, missed):
    desk, number = at_desk("amina"), missed("what do i pay, ring 07700 900123")
    missed("What do I pay? Ring 07700 900456")
    before = seen(desk.look(HERE).text)
    answer = desk.press(f"{HERE}/{number}/example", label="faq/cost")
    assert answer.status_code == 200 and "Do I have to pay?" in answer.text
    (row,) = rows(house, editor_examples)
    assert (row.text, row.label, row.practice) == ("what do i pay, ring", "faq/cost", "wardown-park")
    update = text_of(desk.look(f"{HERE}/parts", **before))
    assert "Nothing to look at" in update and "what do i pay, ring" in update and "Waits for training" in update
    assert desk.press(f"{HERE}/{number}/example", label="faq/cost").status_code == 404  # a colleague's second press
    assert desk.press(f"{HERE}/examples/{row.id}/undo").status_code == 200
    assert not rows(house, editor_examples) and "2 times like this" in open_list(desk)
    assert desk.press(f"{HERE}/examples/{row.id}/undo").status_code == 404


def test_another_topic_and_other_words(house, at_desk, missed):
    desk, number = at_desk("grace"), missed("me and the missus, long story, bread is dear")
    page = text_of(desk.look(f"{HERE}/{number}"))
    assert "long story" in page and '<option value="describe_need/money"' in page
    answer = desk.press(f"{HERE}/{number}/example", label="describe_need/money", text=" bread  is dear ", away="1")
    assert answer.headers["hx-redirect"] == f"/navigator{HERE}"
    assert [(row.text, row.label) for row in rows(house, editor_examples)] == [("bread is dear", "describe_need/money")]
    assert desk.look(f"{HERE}/{number}").status_code == 404


def test_a_need_told_is_offered_with_the_need_that_was_read(at_desk, missed):
    missed("skint again", closest=[["describe_need", 0.4], ["chitchat", 0.2]], intent="describe_need", needs=["money"])
    missed("no idea", closest=[["describe_need", 0.4], ["chitchat", 0.2]], intent="describe_need")
    page = open_list(at_desk("amina"))
    assert 'value="describe_need/money"' in page and 'value="describe_need"' not in page


@pytest.mark.parametrize(
    ("label", "text", "says"),
    [
        ("", "", "Choose what it is"),
        ("describe_need", "", "Choose what it is"),
        ("faq/nothing", "", "Choose what it is"),
        ("faq/cost", "ring 07700 900123", "a long number"),
        ("faq/cost", "at LU3 2AB", "a postcode"),
        ("faq/cost", "!!!", "1 to 300"),
        ("faq/cost", "word " * 80, "1 to 300"),
    ],
)
def test_a_line_that_cannot_be_kept_is_said_plainly(house, at_desk, missed, label, text, says):
    answer = at_desk("amina").press(f"{HERE}/{missed('what about dogs')}/example", label=label, text=text)
    assert answer.status_code == 422 and says in answer.text and not rows(house, editor_examples)


def test_put_aside_and_brought_back(house, at_desk, missed):
    desk, number = at_desk("amina"), missed("asdf jkl")
    desk.press(f"{HERE}/{number}/ignore")
    page = text_of(desk.look(HERE))
    assert "asdf jkl" not in section(page, "missed") and "asdf jkl" in section(page, "kept")
    missed("ASDF jkl!")  # said again: still nothing to learn
    assert "sdf" not in open_list(desk)
    (row,) = rows(house, editor_ignored)
    assert "asdf" not in repr(row)
    desk.press(f"{HERE}/ignored/{row.id}/undo")
    assert "2 times like this" in open_list(desk)


def test_a_new_answer_is_kept_as_text_to_paste(house, at_desk, missed):
    desk, number = at_desk("amina"), missed("do you take dogs")
    assert desk.press(f"{HERE}/{number}/answer", **ANSWER).status_code == 200
    page = text_of(desk.look(HERE))
    entry = page.split('id="paste-1"', 1)[1].split(">", 1)[1].split("</textarea>")[0]
    assert yaml.safe_load(entry)["bring_dog"]["answer"] == [ANSWER["first"], ANSWER["second"]]
    assert 'value="bring_dog: activities"' in page and "do you take dogs" not in section(page, "missed")
    assert "Amina Yusuf" in page and desk.press(f"{HERE}/answers/1/example").status_code == 409
    desk.press(f"{HERE}/answers/1/undo")
    assert not rows(house, editor_answers) and "do you take dogs" in open_list(desk)


def test_an_answer_that_was_pasted_gets_the_message_as_its_example(house, at_desk, missed):
    desk, number = at_desk("amina"), missed("do you take dogs")
    desk.press(f"{HERE}/{number}/answer", **ANSWER)
    known = dict(house.programme.answers)
    try:
        house.programme.answers["bring_dog"] = known["cost"]
        assert "Add its example" in desk.look(HERE).text
        assert desk.press(f"{HERE}/answers/1/example").status_code == 200
    finally:
        house.programme.answers.clear()
        house.programme.answers.update(known)
    assert [(row.text, row.label) for row in rows(house, editor_examples)] == [("do you take dogs", "faq/bring_dog")]
    assert not rows(house, editor_answers) and "do you take dogs" not in open_list(desk)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"second": ""}, "Answer"),
        ({"first": "Ring 01582 000000."}, "is a number typed here"),
        ({"first": "Ring {nobody}."}, "not a known placeholder"),
        ({"sms": "Dogs are fine. " * 30}, "cut it to"),
        ({"first": "word " * 25 + "."}, "has 26 words; cut it to 20"),
        ({"sms": "Dogs\u2019 bowls are there."}, "straight quotes"),
        ({"file": "elsewhere"}, "Subject: choose one of"),
        ({"question": " "}, "Question"),
    ],
)
def test_an_answer_is_checked_as_the_programme_folder_is(house, at_desk, missed, change, says):
    answer = at_desk("amina").press(f"{HERE}/{missed('dogs')}/answer", **{**ANSWER, **change})
    assert answer.status_code == 422 and says in text_of(answer) and not rows(house, editor_answers)


def test_only_those_who_read_conversations_and_nobody_signed_out(app, at_desk, missed):
    number = missed("do you take dogs")
    desk = browser(app)
    for address in (HERE, f"{HERE}/{number}", f"{HERE}/parts"):
        assert desk.look(address).headers["location"].startswith("/navigator/sign-in")
    for username in ("rita", "edith"):
        desk = at_desk(username)
        assert {desk.look(address).status_code for address in (HERE, f"{HERE}/{number}", f"{HERE}/parts")} == {403}
        assert desk.press(f"{HERE}/{number}/ignore").status_code == 403 and "Not understood" not in desk.look("/help").text
    joanne = at_desk("joanne")
    writes = [f"{HERE}/{number}/{act}" for act in ("example", "answer", "ignore")]
    assert {joanne.press(address, label="faq/cost", **ANSWER).status_code for address in writes} == {404}
    at_desk("amina").press(f"{HERE}/{number}/example", label="faq/cost")
    assert joanne.press(f"{HERE}/examples/1/undo").status_code == 404 and "dogs" not in joanne.look(HERE).text


def test_a_forged_press_changes_nothing(house, at_desk, missed):
    desk, number = at_desk("amina"), missed("do you take dogs")
    desk.csrf = "wrong"
    for address in (f"{number}/example", f"{number}/answer", f"{number}/ignore", "examples/1/undo", "answers/1/example"):
        assert desk.press(f"{HERE}/{address}", label="faq/cost").status_code == 403
    assert not rows(house, editor_examples) and not rows(house, editor_ignored)


def test_it_works_without_javascript(house, at_desk, missed):
    desk, number = at_desk("amina"), missed("do you take dogs")
    answer = desk.press(f"{HERE}/{number}/answer", htmx=False, **ANSWER)
    assert (answer.status_code, answer.headers["location"]) == (303, f"/navigator{HERE}")
    assert len(rows(house, editor_answers)) == 1


def test_each_look_and_change_is_a_line_without_words(house, at_desk, missed):
    desk, number = at_desk("amina"), missed("do you take dogs")
    other = missed("what about parking")
    before = seen(desk.look(HERE).text)
    desk.look(f"{HERE}/parts", **before)  # nothing new: no look
    desk.look(f"{HERE}/{number}")
    desk.press(f"{HERE}/{number}/example", label="faq/cost")
    desk.press(f"{HERE}/{other}/ignore")
    desk.look(f"{HERE}/parts", **before)
    desk.press(f"{HERE}/examples/1/undo")
    lines = [row for row in rows(house, audit) if row.action.startswith(("missed.", "example."))]
    told = ["missed.read", "missed.read", "example.added", "missed.ignored", "missed.read", "example.removed"]
    assert [row.action for row in lines] == told
    assert "dogs" not in repr(lines) and "parking" not in repr(lines)
    assert "Made a message an example" in desk.look("/activity").text


def test_patients_words_are_shown_as_text(at_desk, missed):
    desk, number = at_desk("amina"), missed("<script>alert(1)</script> is it free")
    for address in (HERE, f"{HERE}/{number}"):
        assert "<script>alert" not in desk.look(address).text and "&lt;script&gt;" in desk.look(address).text


def test_erasing_the_conversation_takes_the_example_along(house, at_desk, missed):
    desk, number, other = at_desk("amina"), missed("do you take dogs"), missed("what of a cat in a box")
    desk.press(f"{HERE}/{number}/example", label="faq/cost")
    desk.press(f"{HERE}/{other}/answer", **ANSWER)
    with transaction(house.engine) as connection:
        erasing.erase(connection, missed.conversation[number])
        erasing.erase(connection, missed.conversation[other])
    assert not rows(house, editor_examples) and not rows(house, editor_answers)


def test_the_next_training_takes_the_lines_in(house, at_desk, missed, tmp_path):
    desk, models = at_desk("amina"), tmp_path / "models"
    empty = fingerprint(ROOT, "an-encoder", models)
    assert export_examples(house.engine, models) == 0 and training_files(ROOT, models) == [str(ROOT / "nlu_data")]
    assert empty == fingerprint(ROOT, "an-encoder")
    chosen = {
        "do you take [dogs](animal)": "faq/cost", "/skint {again}": "describe_need/money", "a bus would be needed": "decline_programme/travel",
        "what about parking": "surgery_admin",
    }  # fmt: skip
    for text, label in chosen.items():
        assert desk.press(f"{HERE}/{missed(text)}/example", label=label).status_code == 200
    assert export_examples(house.engine, models) == 4
    file = examples_file(models)
    assert training_files(ROOT, models) == [str(ROOT / "nlu_data"), str(file)] and ROOT not in file.parents
    assert fingerprint(ROOT, "an-encoder", models) != empty
    content = file.read_bytes()
    export_examples(house.engine, models)
    assert file.read_bytes() == content  # the same lines, the same model
    assert read_by_rasa(file) == {
        ("do you take dogs animal", "faq/cost", ()), ("skint again", "describe_need", ("money",)),
        ("a bus would be needed", "decline_programme/travel", ()), ("what about parking", "surgery_admin", ()),
    }  # fmt: skip
    for number in range(1, 5):
        desk.press(f"{HERE}/examples/{number}/undo")
    assert export_examples(house.engine, models) == 0 and fingerprint(ROOT, "an-encoder", models) == empty


def read_by_rasa(file):
    """(text, label, needs) as the reader is trained on."""
    from rasa.shared.nlu.training_data.loading import load_data

    from assistant.dialogue.nlu.reader import example_of

    data = load_data(str(file))
    assert not data.entity_examples
    return {(e.text, e.label, e.needs) for e in map(example_of, data.intent_examples)}


def test_a_training_before_the_first_start_makes_no_database(tmp_path):
    from assistant.store.database import open_engine

    assert export_examples(open_engine(f"sqlite:///{tmp_path}/none.db"), tmp_path / "models") == 0
    assert not list(tmp_path.glob("none.db*"))


def test_every_label_of_the_training_data_can_be_chosen(house):
    """But a need told without its need: that would teach that there is none."""
    known, found = words_of_labels(house.programme), set()
    for file in (ROOT / "nlu_data").glob("*.yml"):
        for entry in yaml.safe_load(file.read_text(encoding="utf-8")).get("nlu", []):
            reasons = {example["metadata"].get("reason") for example in entry["examples"]}
            found |= {f"{entry['intent']}/{reason}" if reason else entry["intent"] for reason in reasons}
    assert found - set(known) == {"describe_need"}
    assert {label.split("/")[0] for label in known} <= {label.split("/")[0] for label in found}


def test_odd_characters_survive_the_file():
    written = yaml.safe_load(as_training_data([("faq/cost", "caf\u00e9: \"how much\" # 'now' \u00a35 - yes")]))
    assert written["nlu"][0]["examples"][0]["text"] == "caf\u00e9: \"how much\" # 'now' \u00a35 - yes"


def test_the_line_of_the_fallback_is_configs():
    config = yaml.safe_load((ROOT / "config.yml").read_text(encoding="utf-8"))
    thresholds = [part["threshold"] for part in config["pipeline"] if part["name"] == "FallbackClassifier"]
    assert thresholds == [editing.FALLBACK]
