"""What counts as an answer in the check-in, what changes one, and the few words read before the model."""

from __future__ import annotations

from collections.abc import Iterator
from types import SimpleNamespace

import pytest
from told import told

from actions.about_the_questions import plainly_meant
from actions.changing import leaves_it, step_to_change, tells_new_answer
from actions.step_answers import read_wish, with_odd_words
from actions.surroundings import current
from actions.told_needs import condole, named_in, needs_in, new_needs, nobody_died, tells_loss
from actions.wellbeing import read_lonely, read_score
from assistant.conversations.choices import chosen_payload, for_rasa


@pytest.fixture(autouse=True)
def _third_turn() -> Iterator[None]:
    """Two messages were answered before."""
    token = current.set(SimpleNamespace(turn=2))  # type: ignore[arg-type]
    yield
    current.reset(token)


@pytest.mark.parametrize(
    ("step", "text", "value"),
    [
        ("where", "LU1, i cant drive", "LU1"), ("where", "Joan", None), ("where", "walk with my dog", None), ("where", "anywhere", "skipped"),
        ("when", "9", None), ("when", "07700900777", None), ("when", "after school", "after school"), ("when", "anything", "any"),
        ("cost", "both", None), ("cost", "7", None), ("cost", "not much", "low"), ("cost", "dont mind", "any"),
        ("travel", "99", None), ("travel", "walk with my dog", "walk"), ("travel", "taxi", "taxi"), ("travel", "anything", "skipped"),
        ("access_needs", "purple", None), ("access_needs", "12", None), ("access_needs", "somewhere to sit down", "somewhere to sit down"),
        ("company", "alone, i'm shy and anxious", "alone"), ("company", "my wife", "with_someone"), ("company", "both", "any"),
        ("company", "not on my own", "with_someone"), ("company", "5", None),
    ],
)  # fmt: skip
def test_what_is_an_answer(step: str, text: str, value: str | None) -> None:
    """Only what is understood; the rest is asked for again."""
    assert read_wish(step, told(text), {}, asked=True) == value


@pytest.mark.parametrize(
    ("text", "step", "new"),
    [
        ("can i change my postcode", "where", False), ("change my postcode to LU2", "where", True), ("when should be weekends", "when", True),
        ("go back to cost", "cost", False), ("my postcode is wrong", "where", False), ("I want to change what matters please", "what_matters", False),
        ("what is the cost", None, False), ("when can I start", None, False), ("I need to change my life", None, False),
    ],
)  # fmt: skip
def test_which_answer_is_changed(text: str, step: str | None, new: bool) -> None:
    """Said with the new answer or without; a question is no change."""
    assert step_to_change(text) == step and tells_new_answer(text) is new


@pytest.mark.parametrize("text", ["no", "nothing", "never mind", "No, it's fine", "leave it", "that's all right thanks"])
def test_nothing_to_change(text: str) -> None:
    """The question what to change can be left."""
    assert leaves_it(text)


@pytest.mark.parametrize("text", ["no evenings", "LU4", "not Mondays", "the place"])
def test_something_to_change(text: str) -> None:
    """A wish is a change."""
    assert not leaves_it(text)


def test_words_that_mean_one_thing_where_they_are_said() -> None:
    """'Continue' only goes on with questions that wait."""
    waiting = {"check_in_paused": True, "what_matters": "company"}
    for words in ("continue", "go on", "Carry on please", "where were we?", "back to the questions"):
        assert plainly_meant(words, waiting, None) == "/start_check_in"
    assert plainly_meant("continue", {}, None) == "continue"
    assert plainly_meant("where were we", waiting, "check_in_form") == "/repeat"
    assert plainly_meant("...", {}, None) == "/nlu_fallback" and plainly_meant("?", {}, None) == "?"
    assert plainly_meant("I said leave me alone", {}, None) == "/decline_programme"
    assert plainly_meant("go away", {}, None) == "go away"
    assert plainly_meant("change my postcode", waiting, None) == '/go_back{"step":"where"}'
    assert plainly_meant("change the time", waiting, None) == "change the time"  # of a call, it may be
    assert plainly_meant('/skip{"step":"where"}', waiting, None).startswith("/skip")


def test_needs_add_up_unless_what_was_read_back_is_put_right() -> None:
    """'No stairs' is no correction, and a correction is to the message before only."""
    held = {"needs": ["bereavement", "loneliness"], "read_back": {"turn": 0, "needs": ["bereavement", "loneliness"]}}
    stairs = told("no stairs, i'm hard of hearing", "describe_need", needs=["sensory"])
    assert new_needs(stairs, "access_needs", held) == ["bereavement", "loneliness", "sensory"]
    money = told("no, it's about money", "describe_need", needs=["money"])
    assert new_needs(money, "when", held) == ["bereavement", "loneliness", "money"]
    assert new_needs(money, "when", {**held, "read_back": {"turn": 1, "needs": held["needs"]}}) == ["money"]
    assert new_needs(money, "when", {**held, "read_back": {"turn": 1, "needs": ["loneliness"]}}) == ["bereavement", "money"]
    assert new_needs(told("my bills too", "describe_need", needs=["money"]), "summary_ok", held) == [*held["needs"], "money"]


def test_a_list_of_bare_words() -> None:
    """Each word of it counts."""
    assert named_in("company and gardening") == ["loneliness", "nature"]
    assert named_in("my wife is poorly") == []


def test_somebody_died() -> None:
    """A battery is nobody."""
    assert tells_loss(told("my son died in june")) and tells_loss(told("I lost my husband last year"))
    assert not tells_loss(told("my phone died")) and not tells_loss(told("I lost my job"))


@pytest.mark.parametrize("text", ["mum and dad both died", "since Brian passed away", "Joan died in March", "my mum's died", "my other half died", "my dog died",
                                  "he died on the 3rd", "I almost died when my mum died", "my phone died and my dad died", "it feels as if he died yesterday",
                                  "my husband not long passed away", "my sister\u2019s husband died", "when my dad died I stopped going out", "my mum has passed"])  # fmt: skip
def test_a_loss_however_it_is_told(text: str) -> None:
    """A person or a pet, whatever else is said with it."""
    assert tells_loss(told(text)) and not nobody_died(told(text))


@pytest.mark.parametrize("text", ["my mum nearly died last month", "my husband almost died", "what happens when she dies", "what if my mum dies",
                                  "before he dies I want to see him", "she could have died", "I nearly lost my husband", "I'm scared of losing my mum",
                                  "my plants died", "my husband's phone died", "my mum says my plants died", "nobody died", "he has not died"])  # fmt: skip
def test_no_condolence_for_the_living(text: str) -> None:
    """It came near to it, it is feared, or it was a thing: no sorrow for a loss, and no need that the model made of it."""
    message = told(text, "describe_need", needs=["bereavement"])
    assert nobody_died(message) and not tells_loss(message)
    assert needs_in(message, "what_matters") == []
    assert not condole(None, message, None)  # type: ignore[arg-type]


def test_what_was_passed_is_no_loss() -> None:
    """Exams, time, a cold."""
    assert not any(tells_loss(told(text)) for text in ("my daughter passed her exams", "my son passed GCSE maths", "time has passed", "dad passed on his cold"))


@pytest.mark.parametrize(("text", "score"), [("6 out of 10", 6), ("6/10", 6), ("six", 6), ("ten out of ten", 10), ("11", None), ("7 or 8", None),
                                             ("Not at all", 0), ("completely", 10), ("um not at all really", 0), ("not completely", None)])  # fmt: skip
def test_scores(text: str, score: int | None) -> None:
    """The scale's own ten is not the answer; its two ends may be said in the question's words."""
    assert read_score(told(text)) == score


@pytest.mark.parametrize(("step", "text", "answer"), [("lonely_often", "all the time", "Often or always"), ("lonely_often", "rarely", "Hardly ever"),
                                                      ("lonely_isolated", "always tbh", "Often"), ("lonely_left_out", "dunno", None)])  # fmt: skip
def test_how_often_in_other_words(step: str, text: str, answer: str | None) -> None:
    """Each is one of the question's own answers, or none."""
    assert read_lonely(step, told(text)) == answer


def test_odd_words_are_kept_for_the_navigator() -> None:
    """Each once; a lone figure says nothing."""
    kept = with_odd_words(with_odd_words({"cost": "free"}, "near the hospital"), "near the hospital")
    assert kept == {"cost": "free", "in_own_words": ["near the hospital"]} == with_odd_words(kept, "9")


def test_a_thumb_is_a_word() -> None:
    """Up is yes, down is no, and a word beside it counts itself."""
    choices = [{"label": "Yes", "value": "/yes"}, {"label": "No thank you", "value": "/no"}]
    assert chosen_payload(choices, "\U0001f44d\U0001f3fd") == "/yes" and chosen_payload(choices, "\U0001f44e") == "/no"
    assert for_rasa("\U0001f44d", None) == "yes" and for_rasa("\U0001f44e", None) == "no"
    assert for_rasa("\U0001f44d thanks", None) == "\U0001f44d thanks" and for_rasa("/", None) == "..."
