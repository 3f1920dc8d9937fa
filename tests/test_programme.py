"""The programme folder as shipped, and what loading says when a practice breaks it."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path

import pytest

from assistant.errors import NotFound
from assistant.programme import Programme, ProgrammeError, load_programme
from assistant.programme.answers import SMS_SEPTETS, gsm_septets
from assistant.programme.hours import parse_week, week_words

FOLDER = Path(__file__).parent.parent / "programme"
CHECKED = date(2026, 11, 21)
PROMISES = re.compile(
    r"\b(cure[sd]?|fewer gp|diagnos\w*|guarantee\w*|we promise|you will get better|feel better soon|"
    r"safe here|no risk|not at risk|someone is reading|i am a person|don't worry)\b",
    re.IGNORECASE,
)
ANSWERS = [(t, v) for t in load_programme(FOLDER).answers for v in ("web", "sms")]


@pytest.fixture(scope="module")
def programme() -> Programme:
    return load_programme(FOLDER)


@pytest.fixture
def edit(tmp_path: Path) -> Callable[[str, str, str], ProgrammeError]:
    """Change one thing in a copy of the folder, load it, and hand back the complaint."""
    copy = tmp_path / "programme"
    shutil.copytree(FOLDER, copy)

    def change(file: str, old: str, new: str) -> ProgrammeError:
        path = copy / file
        text = path.read_text(encoding="utf-8")
        assert old in text, f"{old!r} is no longer in {file}"
        path.write_text(text.replace(old, new, 1), encoding="utf-8")
        with pytest.raises(ProgrammeError) as caught:
            load_programme(copy)
        return caught.value

    return change


def sentences(text: str) -> list[str]:
    return [part for part in re.split(r"(?<=[.?!])\s+", text) if part]


def grade(text: str) -> float:
    """Flesch-Kincaid grade with a plain vowel-group count of syllables; numbers and addresses left out."""
    words = re.findall(r"[a-z']+", re.sub(r"\S*\d\S*|https?://\S+", " ", text.lower()))

    def syllables(word: str) -> int:
        groups = len(re.findall(r"[aeiouy]+", word))
        silent = word.endswith("e") and not word.endswith("le") and groups > 1
        return max(groups - silent, 1)

    per_sentence = len(words) / len(sentences(text))
    return 0.39 * per_sentence + 11.8 * sum(map(syllables, words)) / len(words) - 15.59


def every_text(programme: Programme, topic: str, channel: str) -> list[str]:
    """All that can be said on a topic, at every practice."""
    count = len(programme.answers[topic].answer) if channel == "web" else 1
    return [
        programme.answer_text(topic, slug, channel, variant)  # type: ignore[arg-type]
        for slug in programme.practices
        for variant in range(count)
    ]


def test_all_topics_are_answered(programme: Programme) -> None:
    assert len(programme.answers) == 109
    assert len(programme.practices) == 2
    assert len({answer.group for answer in programme.answers.values()}) == 15


@pytest.mark.parametrize(("topic", "channel"), ANSWERS)
def test_a_text_is_filled_short_and_plain(programme: Programme, topic: str, channel: str) -> None:
    for text in every_text(programme, topic, channel):
        assert "{" not in text and "}" not in text
        assert 1 <= len(sentences(text)) <= 6, text
        for sentence in sentences(text):
            assert len(sentence.split()) <= 20, sentence
        assert not PROMISES.search(text), text
        assert grade(text) <= 7.5, (round(grade(text), 1), text)
        assert gsm_septets(text) is not None, f"not in the GSM alphabet: {text}"
        if channel == "sms":
            assert (gsm_septets(text) or 0) <= SMS_SEPTETS, text


def test_the_answers_as_a_whole_read_at_primary_school_level(programme: Programme) -> None:
    grades = [grade(text) for topic, channel in ANSWERS for text in every_text(programme, topic, channel)]
    assert sum(grades) / len(grades) < 4


def test_versions_of_an_answer_carry_the_same_local_facts_and_contacts(programme: Programme) -> None:
    for topic, answer in programme.answers.items():
        held = [sorted(set(re.findall(r"{(\w+)}", text))) for text in [*answer.answer, answer.sms]]
        assert all(names == held[0] for names in held), f"{topic}: {held}"


@pytest.mark.parametrize(
    ("topic", "risk", "must_say"),
    [
        ("under_16", "under_16", ["{childline}", "{emergency_999}", "gp", "16"]),
        (
            "nowhere_to_sleep",
            "homeless_tonight",
            ["{council_homeless}", "night", "{shelter}", "{emergency_999}"],
        ),
        ("no_food", "no_food_today", ["{help_hardship}", "9am to 5pm", "today", "diabetes", "{nhs_111}"]),
        (
            "gas",
            "home_emergency",
            ["{gas}", "switch", "light", "outside", "fire", "{emergency_999}", "send help"],
        ),
    ],
)
def test_risk_topics_say_what_the_safety_handling_asks(
    programme: Programme, topic: str, risk: str, must_say: list[str]
) -> None:
    assert programme.answers[topic].risk == risk
    for channel in ("web", "sms"):
        for text in every_text(programme, topic, channel):
            held = [programme.practice().fill(words).lower() for words in must_say]
            assert not [words for words in held if words not in text.lower()], text


def test_gas_sends_people_out_before_the_phone(programme: Programme) -> None:
    for channel in ("web", "sms"):
        for text in every_text(programme, "gas", channel):
            assert re.match(r"Go outside now|Get everyone out", text)


def test_every_fact_of_both_practices_is_filled(programme: Programme) -> None:
    for practice in programme.practices.values():
        facts = practice.facts()
        assert not [key for key, value in facts.items() if "{" in value or not value.strip()]
        assert set(programme.contacts) <= set(facts)
    assert programme.practice().facts()["session_limit"] == "12"
    assert programme.practice().facts()["chat_retention"] == "90 days"
    assert programme.practice().chat_retention_days == 90


def test_a_practice_can_say_something_else_than_the_programme(programme: Programme) -> None:
    first, second = programme.practice(), programme.practice("stopsley-green")
    assert first.slug == "wardown-park"
    assert (first.wait_time, second.wait_time) == ("10 working days", "two weeks")
    assert first.facts()["service_hours"] == "Monday to Friday, 9am to 5pm"
    assert second.facts()["service_hours"] == "Monday to Thursday, 9am to 5pm, and Friday, 9am to 1pm"
    assert "two weeks" in programme.answer_text("waiting_time", second)
    assert first.facts()["navigator_days"] == "Monday, Tuesday and Thursday"


def test_unknown_practice_topic_and_channel_are_refused(programme: Programme) -> None:
    with pytest.raises(NotFound, match="nowhere"):
        programme.practice("nowhere")
    with pytest.raises(NotFound, match="horoscope"):
        programme.answer_text("horoscope")
    with pytest.raises(ValueError, match="channel"):
        programme.answer_text("cost", channel="fax")  # type: ignore[arg-type]


def test_variants_go_round(programme: Programme) -> None:
    count = len(programme.answers["cost"].answer)
    assert programme.answer_text("cost", variant=0) == programme.answer_text("cost", variant=count)
    assert programme.answer_text("cost", variant=0) != programme.answer_text("cost", variant=1)


def test_the_team_is_here_in_its_hours_only(programme: Programme) -> None:
    friday_two = datetime(2026, 11, 20, 14, 0)
    assert programme.practice("wardown-park").team_here(friday_two)
    assert not programme.practice("stopsley-green").team_here(friday_two)
    assert not programme.practice().team_here(datetime(2026, 11, 22, 14, 0))
    assert programme.practice().texts_may_go(datetime(2026, 11, 22, 8, 0))
    assert not programme.practice().texts_may_go(datetime(2026, 11, 22, 20, 0))


def test_contacts_are_in_date_on_the_day_they_were_checked(programme: Programme) -> None:
    assert len(programme.contacts) >= 33
    assert programme.overdue_contacts(CHECKED) == []
    for contact in programme.contacts.values():
        assert contact.verified_on <= CHECKED
        assert 28 <= (contact.review_by - contact.verified_on).days <= 92


def test_an_overdue_contact_is_reported_from_the_day_after(programme: Programme) -> None:
    shout = programme.contacts["shout"]
    assert not shout.overdue(shout.review_by)
    late = programme.overdue_contacts(date(2026, 12, 22))
    assert shout in late and programme.contacts["gas"] not in late
    notices = programme.notices(date(2026, 12, 22), demo=True)
    assert any(n.key == "shout" and "2026-12-21" in n.fix for n in notices)


def test_demonstration_numbers_are_noticed_outside_the_demonstration(programme: Programme) -> None:
    assert any("wardown-park.phone" in notice.key for notice in programme.notices(CHECKED))
    assert programme.notices(CHECKED, demo=True) == []


def test_patients_in_england_see_no_line_of_another_nation_or_unconfirmed(programme: Programme) -> None:
    shown = {contact.id for contact in programme.practice().shown_contacts()}
    assert not shown & {"breathing_space", "lifeline_ni", "frank", "signhealth"}
    assert {"samaritans", "shout", "ndah", "rape_crisis", "gas", "council_homeless"} <= shown


def test_local_contacts_take_the_councils_numbers(programme: Programme) -> None:
    assert programme.practice().contact("adult_safeguarding").contact == (
        "01632 960142, or out of hours 01632 960144"
    )


def test_places_know_other_names(programme: Programme) -> None:
    names = {place.name: place for place in programme.places}
    assert len(names) >= 90
    assert {"Bury Park", "Stopsley", "Marsh Farm", "Leagrave", "Dunstable", "Houghton Regis"} <= set(names)
    assert "legrave" in names["Leagrave"].also_called
    assert names["Hockwell Ring"].outcode == "LU4"


# What is changed in which file, and what the complaint must name: the key, and words of the fix.
COMPLAINTS, RISK, SETTINGS = "answers/complaints.yml", "answers/who_its_for.yml", "programme.yml"
CONCERN, EMERGENCY = "navigator_concern.answer 1", "{emergency_999}"
BROKEN = [
    (SETTINGS, '    phone: "01632 960101"\n', "", "practices.wardown-park.phone", "missing"),
    (SETTINGS, '  age_limit: "You need to be 16 or over."\n', "", "programme.age_limit", "missing"),
    (SETTINGS, '"10 working days"', '""', "programme.wait_time", "missing or empty"),
    (SETTINGS, "  session_limit: 12", "  session_limit: a dozen", "programme.session_limit", "integer"),
    (SETTINGS, "  nation:", "  naton:", "programme.naton", "check the spelling"),
    (SETTINGS, 'monday: "09:00-17:00"', 'monday: "9 to 5"', "programme.team_hours", "monday"),
    (SETTINGS, "16 or over.", "{min_age} or over.", "age_limit", "{min_age}"),
    (SETTINGS, '"monday", "tuesday"', '"Mon", "tuesday"', "navigators.1.days.1", "'Mon'"),
    (SETTINGS, "  area:", "  nation: Wales\n  area:", "line", "stands here twice"),
    (SETTINGS, '"stopsley-green"', '"wardown-park"', "practices.wardown-park", "two practices"),
    (COMPLAINTS, "give_feedback:", "give_feedbak:", "give_feedback", "missing"),
    (COMPLAINTS, "give_feedback:", "give_feedbak:", "give_feedbak", "check the spelling"),
    (COMPLAINTS, EMERGENCY, "{emergency_998}", "navigator_concern.answer", "998"),
    (COMPLAINTS, EMERGENCY, "999", CONCERN, "contacts.csv"),
    (COMPLAINTS, EMERGENCY, "{frank}", CONCERN, "not for patients"),
    (COMPLAINTS, EMERGENCY, "{emergency_999", CONCERN, "bracket"),
    (COMPLAINTS, 'sms: "How', 'sms: "' + "Hello. " * 40 + "How", "give_feedback.sms", "cut it"),
    (COMPLAINTS, 'sms: "How', 'sms: "\u2018How', "give_feedback.sms", "straight quotes"),
    (COMPLAINTS, "[complain, talk_to_human]", "[grumble]", "give_feedback.next", "grumble"),
    (RISK, "  risk: under_16\n", "", "under_16.risk", "must be under_16"),
    ("topics.yml", "gas: emergency_and_urgent", "gas: worries", "gas", "move it to answers/worries.yml"),
    ("contacts.csv", "2027-02-21,yes", "next year,yes", "line 2, emergency_999.review_by", "2027-02-21"),
    ("contacts.csv", "2027-02-21,yes", "2026-11-01,yes", "emergency_999, review_by", "later"),
    ("contacts.csv", "{edt_phone}", "{duty_phone}", "duty_phone", "known placeholder"),
    ("contacts.csv", "nation,source", "country,source", "line 1", "nation"),
    ("places.csv", "51.8795", "5.18795", "line 2, Luton.latitude", "51.8795"),
    ("places.csv", "Bury Park,burypark", "Bury Park,dallow", "Dallow", "Bury Park"),
]  # fmt: skip


@pytest.mark.parametrize(("file", "old", "new", "key", "fix"), BROKEN)
def test_a_broken_folder_names_the_key_and_the_fix(
    edit: Callable[[str, str, str], ProgrammeError], file: str, old: str, new: str, key: str, fix: str
) -> None:
    problems = edit(file, old, new).problems
    assert any(key in problem.key and fix in problem.fix for problem in problems), problems


def test_all_faults_are_told_at_once(edit: Callable[[str, str, str], ProgrammeError], tmp_path: Path) -> None:
    (tmp_path / "programme" / "places.csv").unlink()
    error = edit("programme.yml", '    phone: "01632 960101"\n', "")
    assert {problem.file for problem in error.problems} == {"programme.yml", "places.csv"}
    assert "2 things need mending" in str(error)
    assert "The number patients ring" in str(error)


def test_a_shared_fault_is_told_once_not_for_each_practice(
    edit: Callable[[str, str, str], ProgrammeError],
) -> None:
    error = edit("programme.yml", '  area: "Luton"\n', "")
    assert [problem.key for problem in error.problems] == ["programme.area"]


def test_hours_in_words() -> None:
    days = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
    week = parse_week({day: "closed" if day == "wednesday" else "08:30-12:00" for day in days[:5]} | {
        "saturday": "closed", "sunday": "10:00-16:15"})  # fmt: skip
    assert week_words(week) == (
        "Monday and Tuesday, 8.30am to midday; Thursday and Friday, 8.30am to midday, "
        "and Sunday, 10am to 4.15pm"
    )
