"""The guard over a whole conversation: what is said first, what is remembered, and when the dialogue may speak."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import assistant.safety.guard as module
from assistant.programme import load_programme
from assistant.safety.fallback import fallback_text
from assistant.safety.guard import Guard, SafetyAnswer, may_answer_topic

PROGRAMME = load_programme(Path(__file__).resolve().parents[2] / "programme")
PRACTICE = PROGRAMME.practice().slug
TOPIC_WORDS = ("abuse", "hurt", "domestic", "violence", "Refuge")


@pytest.fixture(scope="module")
def guard() -> Guard:
    practices = PROGRAMME.practices.values()
    return Guard(
        PROGRAMME.contacts,
        {practice.slug: PROGRAMME.facts(practice.slug) for practice in practices},
        {practice.slug: practice.nation for practice in practices},
    )


class Talk:
    """One conversation: the state goes from each message to the next, as the turn keeps it."""

    def __init__(self, guard: Guard, channel: str = "web") -> None:
        self._guard, self._channel = guard, channel
        self.state: dict[str, Any] = {}
        self.safe_to_text: bool | None = None

    def say(self, text: str, **told: Any) -> SafetyAnswer:
        answer = self._guard.answer(
            text, channel=self._channel, practice=PRACTICE, state=self.state, safe_to_text=self.safe_to_text, **told
        )
        self.state = answer.state
        if answer.safe_to_text is not None:
            self.safe_to_text = answer.safe_to_text
        return answer

    def press(self, choice: str, label: str = "Yes") -> SafetyAnswer:
        return self.say(label, chosen=f"{module.PREFIX}{choice}")


@pytest.fixture
def web(guard: Guard) -> Talk:
    return Talk(guard)


@pytest.fixture
def sms(guard: Guard) -> Talk:
    return Talk(guard, "sms")


def _labels(answer: SafetyAnswer) -> list[str]:
    return [choice["label"] for reply in answer.replies for choice in reply.get("choices", ())]


def _said(answer: SafetyAnswer) -> str:
    return "\n".join(reply["text"] for reply in answer.replies)


def test_ordinary_talk_passes_untouched(web: Talk) -> None:
    answer = web.say("Is there a walking group on Tuesdays?")
    assert not answer.stops and not answer.replies and not answer.footer and not answer.alert
    assert answer.risks == []


# The direct question.
def test_thoughts_of_suicide_bring_the_route_and_the_question(web: Talk) -> None:
    answer = web.say("I don't want to be alive any more")
    assert answer.stops and answer.alert and answer.risks == ["suicide_ideation"]
    assert {"Yes", "No", "Not sure"} <= set(_labels(answer))
    assert "Are you having thoughts of ending your life?" in _said(answer)


@pytest.mark.parametrize(("choice", "label"), [("yes", "Yes"), ("not_sure", "Not sure")])
def test_yes_and_not_sure_open_the_route(web: Talk, choice: str, label: str) -> None:
    assert not web.say("I am not suicidal").alert
    answer = web.press(choice, label)
    assert answer.stops and answer.alert
    assert answer.risks == ["suicide_ideation"]
    assert "option 2" in _said(answer)


def test_a_denial_is_asked_about_once_and_no_is_taken_kindly(web: Talk) -> None:
    asked = web.say("I am not suicidal")
    assert asked.stops and asked.risks == [] and not asked.alert
    answer = web.say("no")
    assert answer.stops and not answer.alert
    assert _said(answer).startswith("Thank you")
    again = web.say("I'm not suicidal, honestly")
    assert not again.stops
    assert again.footer


@pytest.mark.parametrize("text", ["yes", "Yeah", "I am", "not sure", "sometimes"])
def test_the_answer_may_be_typed(web: Talk, text: str) -> None:
    web.say("I am not suicidal")
    assert web.say(text).risks == ["suicide_ideation"]


def test_the_question_does_not_hang_over_later_answers(web: Talk) -> None:
    web.say("I don't want to be alive any more")
    assert not web.say("what time is bingo on thursday").stops
    later = web.say("yes")
    assert not later.stops and later.risks == []


def test_the_question_is_asked_once_in_a_conversation(web: Talk) -> None:
    web.say("I don't want to be alive any more")
    web.press("no", "No")
    again = web.say("I can't go on like this, I want to die")
    assert again.stops and again.alert
    assert "Are you having thoughts of ending" not in _said(again)
    assert "Ask for a navigator" in _labels(again)


def test_a_question_answered_late_still_counts(web: Talk) -> None:
    web.say("I don't want to be alive any more")
    web.say("what time is bingo on thursday")
    assert web.press("yes").risks == ["suicide_ideation"]


def test_a_changed_answer_counts(web: Talk) -> None:
    web.say("I don't want to be alive any more")
    web.press("no", "No")
    assert web.press("yes").risks == ["suicide_ideation"]


def test_something_more_urgent_instead_of_an_answer_comes_first(web: Talk) -> None:
    web.say("I don't want to be alive any more")
    answer = web.say("no but I have just taken 30 paracetamol")
    assert answer.risks[0] == "overdose_poisoning"


def test_tier_0_is_shown_in_full_each_time(web: Talk) -> None:
    first, second = (web.say("I've taken an overdose") for _ in range(2))
    assert _said(first) == _said(second)


# The footer, and safety mode.
def test_the_footer_stays_after_jk(web: Talk) -> None:
    web.say("I'm going to kill myself tonight")
    answer = web.say("jk lol, what clubs are there?")
    assert not answer.stops
    assert "999" in answer.footer


def test_the_footer_stays_under_a_choice_of_the_dialogue(web: Talk) -> None:
    web.say("I'm going to kill myself tonight")
    answer = web.say("Find a service", chosen="/find_service")
    assert not answer.stops and not answer.replies and not answer.risks
    assert "999" in answer.footer


def test_a_medicines_line_gives_way_to_the_dialogue_and_opens_nothing(web: Talk) -> None:
    answer = web.say("can I take ibuprofen with my blood pressure tablets?")
    assert answer.risks == ["medication_clinical"]
    assert not answer.stops and not answer.footer
    assert not web.say("thanks").footer


# Somebody may be watching.
def test_covert_abuse_on_the_web_is_neutral_until_it_is_safe(web: Talk) -> None:
    answer = web.say("he checks my phone so please do not text me")
    assert answer.stops and answer.alert
    assert not any(word.lower() in _said(answer).lower() for word in TOPIC_WORDS)
    assert {"I am safe to talk", "Show the helpline", "Exit this page"} <= set(_labels(answer))
    assert [card["id"] for card in answer.replies[0]["contacts"]] == ["emergency_999"]
    assert web.say("what is on this week").footer == "In danger now? Call 999."


@pytest.mark.parametrize("choice", ["safe_to_talk", "show_helpline"])
def test_safe_to_talk_opens_the_helpline(web: Talk, choice: str) -> None:
    web.say("he checks my phone so please do not text me")
    answer = web.press(choice, "I am safe to talk")
    assert "ndah" in [card["id"] for card in answer.replies[0]["contacts"]]
    assert web.say("thank you, I will ring them").footer != "In danger now? Call 999."


def test_leaving_says_that_history_stays(web: Talk) -> None:
    web.say("he checks my phone so please do not text me")
    assert "does not clear the history" in _said(web.press("leave_page", "Exit this page"))


def test_covert_abuse_by_text_asks_first(sms: Talk) -> None:
    answer = sms.say("he checks my phone so please do not text me")
    assert answer.stops and answer.alert
    assert "Is this a safe number" in _said(answer)
    assert not any(word.lower() in _said(answer).lower() for word in TOPIC_WORDS)
    assert sms.safe_to_text is None


@pytest.mark.parametrize("text", ["yes", "Yes it's safe", "Y"])
def test_a_safe_number_gets_the_helpline(sms: Talk, text: str) -> None:
    sms.say("he checks my phone so please do not text me")
    answer = sms.say(text)
    assert answer.safe_to_text is True
    assert "55" in _said(answer)


@pytest.mark.parametrize("text", ["no", "NO", "not safe", "nope"])
def test_an_unsafe_number_gets_no_more(sms: Talk, text: str) -> None:
    sms.say("he checks my phone so please do not text me")
    answer = sms.say(text)
    assert answer.safe_to_text is False
    assert "not text more" in _said(answer)
    assert sms.say("is there a craft group").footer == "In danger? Call 999."


@pytest.mark.parametrize("text", ["ok", "what time does the library close"])
def test_anything_else_leaves_the_number_unknown(sms: Talk, text: str) -> None:
    sms.say("he checks my phone so please do not text me")
    sms.say(text)
    assert sms.say("yes").safe_to_text is None
    assert sms.safe_to_text is None


def test_abuse_told_by_text_is_answered_neutrally_until_the_number_is_safe(sms: Talk) -> None:
    assert "Is this a safe number" in _said(sms.say("my husband hits me"))
    sms.say("yes")
    assert "Helpline" not in _said(sms.say("thanks")) and sms.safe_to_text is True
    assert "55" in _said(sms.say("he hit me again last night"))


def test_a_question_of_privacy_is_answered_beside_the_neutral_words() -> None:
    watched = SafetyAnswer(risks=["domestic_abuse_covert", "domestic_abuse"])
    assert may_answer_topic(watched, "tell_family")
    assert not may_answer_topic(watched, "cost")
    assert not may_answer_topic(SafetyAnswer(risks=["suicide_ideation"]), "tell_family")
    assert not may_answer_topic(SafetyAnswer(), "tell_family")


# Forms, young people, numbers.
def test_a_form_can_be_carried_on_after_a_route(web: Talk) -> None:
    answer = web.say("we have no food in the house and no money", in_form=True)
    carry_on = [c for c in answer.replies[0]["choices"] if c["value"] == module.TO_DIALOGUE["carry_on"]]
    assert answer.stops and len(carry_on) == 1


@pytest.mark.parametrize("text", ["I've taken an overdose", "I don't want to be alive any more"])
def test_carry_on_is_not_offered_beside_an_emergency_or_the_question(web: Talk, text: str) -> None:
    assert "Carry on" not in _labels(web.say(text, in_form=True))


def test_outside_a_form_there_is_nothing_to_carry_on(web: Talk) -> None:
    assert "Carry on" not in _labels(web.say("we have no food in the house and no money"))


def test_a_child_is_asked_for_no_details_from_then_on(web: Talk) -> None:
    answer = web.say("I'm 13 and I need someone to talk to")
    assert answer.risks[0] == "under_16" and "Childline" in _said(answer)
    assert web.say("ok thanks").state["no_capture"]


def test_a_score_is_no_age(web: Talk) -> None:
    assert not web.say("10", question="scale").stops
    assert web.say("I'm 10").risks == ["under_16"]


# Faults.
@pytest.mark.parametrize("channel", ["web", "sms"])
def test_a_broken_guard_says_the_fixed_words_and_goes_on(
    guard: Guard, channel: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: Any, **__: Any) -> None:
        raise RuntimeError("no routes")

    monkeypatch.setattr(module, "route", broken)
    answer = Talk(guard, channel).say("I want to die")
    assert answer.failed and not answer.stops
    assert _said(answer) == fallback_text(channel)


def test_a_broken_screen_says_the_fixed_words(web: Talk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "screen", lambda *_: module.Screening(failed=True))
    answer = web.say("hello")
    assert answer.failed and not answer.stops and "999" in _said(answer)


def test_an_unknown_practice_still_gets_help(guard: Guard) -> None:
    answer = guard.answer("I want to die", channel="web", practice="nowhere")
    assert answer.stops and answer.replies[0]["text"].strip()


def test_the_state_handed_in_is_not_changed(guard: Guard) -> None:
    state: dict[str, Any] = {}
    guard.answer("my husband hits me", channel="sms", practice=PRACTICE, state=state)
    assert state == {}
