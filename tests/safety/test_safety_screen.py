"""The rules between routes: order, people, negation, the past, sayings, the question just asked, faults."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

import assistant.safety.screen as module
from assistant.safety.joining import ANY, LIMITS
from assistant.safety.screen import ScreenContext, register_classifier, screen
from assistant.safety.tiers import ORDER


def test_most_urgent_first() -> None:
    risks = screen("I have taken forty paracetamol because my husband hits me and we have no food in the house").risks
    assert risks == sorted(risks, key=ORDER.index)
    assert risks[0] == "overdose_poisoning"
    assert "domestic_abuse" in risks and "no_food_today" in risks


@pytest.mark.parametrize("text", [
    "he checks my phone so please do not text me", "help", "ask for ani", "I can't talk, he is in the next room",
])
def test_covert_abuse_comes_with_abuse_and_before_it(text: str) -> None:
    risks = screen(text).risks
    assert risks[:2] == ["domestic_abuse_covert", "domestic_abuse"]


@pytest.mark.parametrize(("text", "first"), [
    ("My brother says he is going to kill himself", "suicide_ideation"),
    ("My friend took an overdose last night", "overdose_poisoning"),
    ("My mum has collapsed and is not breathing", "medical_emergency"),
    ("My son is hearing voices telling him things", "psychosis"),
    ("My sister keeps cutting her arms", "self_harm"),
])
def test_somebody_else_adds_concern_after_the_route(text: str, first: str) -> None:
    risks = screen(text).risks
    assert first in risks or risks[0] in ("suicide_imminent",)
    assert risks[-1] == "concern_for_other"


@pytest.mark.parametrize("text", [
    "I want to kill myself", "I have taken an overdose", "I can't stop cutting myself",
    "I feel suicidal and my husband does not know",
])
def test_about_oneself_adds_no_concern(text: str) -> None:
    assert "concern_for_other" not in screen(text).risks


def test_fear_of_hurting_a_child_brings_both_routes() -> None:
    risks = screen("I'm scared I'm going to hurt my baby").risks
    assert risks[0] == "harm_to_others"
    assert "child_safeguarding" in risks


@pytest.mark.parametrize("text", [
    "I don't want to kill myself", "I am not suicidal", "I'm not going to kill myself, don't worry",
    "I would never end my life",
])
def test_denied_is_not_flagged_but_asks(text: str) -> None:
    screening = screen(text)
    assert screening.risks == []
    assert screening.unsure


@pytest.mark.parametrize("text", [
    "I don't want to kill myself but I don't want to be here any more",
    "I don't know if I want to die", "No, I want to die", "not good. I want to die",
])
def test_denial_does_not_hide_what_follows(text: str) -> None:
    assert "suicide_ideation" in screen(text).risks


@pytest.mark.parametrize("text", [
    "I tried to kill myself years ago, I'm fine now",
    "I used to self harm in my twenties but I'm in recovery and doing well now",
    "My ex-husband used to hit me, that was years ago and I'm safe now",
])
def test_past_with_the_person_safe_now_is_left(text: str) -> None:
    assert screen(text).risks == []


@pytest.mark.parametrize("text", [
    "I tried to kill myself years ago and the thoughts are coming back",
    "My uncle raped me when I was a child, I have never told anyone",
    "I used to cut myself and I have started again",
])
def test_past_that_is_still_here_is_flagged(text: str) -> None:
    assert screen(text).risks


@pytest.mark.parametrize("text", [
    "my feet are killing me", "I'm dying to see the new hall", "we murdered them at bingo", "my gas bill is due",
    "I nearly had a heart attack when I saw the bill", "starving, what time is lunch club?", "dead easy to find",
    "I could murder a cup of tea", "get on like a house on fire", "scared to death of singing in public",
    "shoot me an email", "career suicide", "he kicked the bucket list off with a skydive", "to die for cake",
    "stroke of luck", "I'm drowning in paperwork", "hang on a minute", "bored to death",
])
def test_sayings(text: str) -> None:
    assert screen(text).risks == []


@pytest.mark.parametrize("text", [
    "my feet are killing me and I want to die", "I nearly died laughing but then he hit me again",
    "starving, no food in the house and no money",
])
def test_a_saying_does_not_hide_the_rest(text: str) -> None:
    assert screen(text).risks


@pytest.mark.parametrize("text", ["10", "I'm 10", "im a 7", "8 out of 10", "probably 3", "I am 12"])
def test_a_number_answers_a_number_question(text: str) -> None:
    assert screen(text, ScreenContext("scale")).risks == []


def test_an_age_outside_a_scale_is_an_age() -> None:
    assert screen("I'm 12").risks == ["under_16"]
    assert screen("I'm 10 out of 10 happy").risks == []


def test_a_long_answer_to_a_scale_is_still_screened() -> None:
    assert screen("0, I want to die", ScreenContext("scale")).risks


@pytest.mark.parametrize("text", ["yes", "Yes I am", "not sure", "sometimes", "I don't know", "y", "maybe"])
def test_yes_or_unsure_to_the_direct_question(text: str) -> None:
    assert screen(text, ScreenContext("suicide")).risks == ["suicide_ideation"]


@pytest.mark.parametrize("text", ["no", "No, not at all", "I am fine", "I have not", "never"])
def test_no_to_the_direct_question(text: str) -> None:
    assert screen(text, ScreenContext("suicide")).risks == []


@pytest.mark.parametrize("text", ["yes", "no", "7", "LU2", "thanks", "STOP", "more", "Tuesday at 10", "", "   ", "?"])
def test_small_answers_are_left(text: str) -> None:
    assert screen(text).risks == []


def test_spans_point_at_the_words() -> None:
    text = "Hello there. \u201cI\u2019m gonna k1ll myself\u201d tonight"
    span = screen(text).spans[0]
    assert "k1ll myself" in text[span.start:span.end]


class _Opinion:
    """Says the same of every message: this likely that anything is called for, and these risks far ahead of the rest."""

    def __init__(self, likely: float, *risks: str) -> None:
        self._odds = {**dict.fromkeys(ORDER, -9.0), **dict.fromkeys(risks, 3.0), ANY: likely}

    def __call__(self, text: str) -> Mapping[str, float]:
        return self._odds


class _Broken:
    def __call__(self, text: str) -> Mapping[str, float]:
        raise RuntimeError("no model")


def test_a_sure_classifier_adds_what_no_pattern_found() -> None:
    register_classifier(_Opinion(LIMITS[ANY] + 0.1, "psychosis"))
    assert screen("Hello, what is on this week?").risks == ["psychosis"]
    assert screen("I want to die").risks == ["suicide_ideation", "psychosis"]


def test_an_unsure_classifier_adds_nothing_and_leaves_the_patterns() -> None:
    register_classifier(_Opinion(LIMITS[ANY] - 0.1, "psychosis"))
    assert screen("Hello, what is on this week?").risks == []
    assert screen("I want to die").risks == ["suicide_ideation"]


def test_covert_abuse_from_the_classifier_comes_with_abuse() -> None:
    register_classifier(_Opinion(LIMITS[ANY] + 1, "domestic_abuse_covert"))
    assert screen("Hello, what is on this week?").risks == ["domestic_abuse_covert", "domestic_abuse"]


def test_a_pattern_is_taken_back_only_by_a_classifier_that_is_sure_it_is_ordinary() -> None:
    register_classifier(_Opinion(LIMITS["doubt"] - 0.1))
    assert screen("we have no food in the house").risks == []
    assert "overdose_poisoning" in screen("I have taken an overdose").risks
    register_classifier(_Opinion(LIMITS["doubt"] + 0.1))
    assert "no_food_today" in screen("we have no food in the house").risks


def test_beside_an_emergency_the_other_routes_stand_too() -> None:
    register_classifier(_Opinion(LIMITS["doubt"] - 0.1))
    assert "no_food_today" in screen("I have taken an overdose and we have no food in the house").risks


def test_an_emergency_is_taken_back_only_when_all_but_certain() -> None:
    register_classifier(_Opinion(LIMITS["tier 0"] - 0.1))
    assert screen("I have taken an overdose").risks == []


def test_thoughts_of_suicide_that_are_likely_but_not_sure_are_asked_about() -> None:
    register_classifier(_Opinion(LIMITS[ANY] - 0.1, "suicide_ideation"))
    screening = screen("Hello, what is on this week?")
    assert screening.risks == [] and screening.unsure


@pytest.mark.parametrize(("question", "text"), [
    ("scale", "3"), ("number", "2"), ("suicide", "no"), ("suicide", "No, not at all"),
])
def test_a_plain_answer_is_no_matter_for_the_classifier(question: str, text: str) -> None:
    register_classifier(_Opinion(LIMITS[ANY] + 9, "psychosis"))
    assert screen(text, ScreenContext(question)).risks == []


def test_yes_to_the_direct_question_stands_whatever_the_classifier_thinks() -> None:
    register_classifier(_Opinion(LIMITS["tier 0"] - 9))
    assert screen("yes", ScreenContext("suicide")).risks == ["suicide_ideation"]


def test_a_broken_second_opinion_keeps_what_patterns_found() -> None:
    register_classifier(_Broken())
    screening = screen("I want to die")
    assert screening.failed and "suicide_ideation" in screening.risks


def test_a_broken_screen_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken() -> None:
        raise OSError("patterns gone")

    monkeypatch.setattr(module, "book", broken)
    screening = screen("hello")
    assert screening.failed and screening.risks == []
