"""The reading's arithmetic, on small made-up vectors; and the committed adapter and held-out messages."""

from __future__ import annotations

import numpy as np
import pytest

from assistant.dialogue.nlu.adapter import FILE
from assistant.dialogue.nlu.joint import Joint
from assistant.dialogue.nlu.reading import Example, Reader
from assistant.dialogue.nlu.wordings import Wordings, grams, log_softmax
from benchmarks.messages import held_out_messages, roughen, training_messages
from directory.encoder.adapter import deltas

LINES = [
    ("hello there", "greet", ()),
    ("good morning to you", "greet", ()),
    ("what does it cost", "faq/cost", ()),
    ("do i pay for it", "faq/cost", ()),
    ("how many sessions do i get", "faq/how_many_sessions", ()),
    ("is it twelve sessions", "faq/how_many_sessions", ()),
    ("i am lonely", "describe_need", ("loneliness",)),
    ("nobody comes to see me", "describe_need", ("loneliness",)),
    ("my rent is late and i am lonely", "describe_need", ("housing", "loneliness", "money")),
    ("landlord wants me out", "describe_need", ("housing",)),
    ("food bank near me", "find_service", ("food",)),
    ("too far for me so no", "decline_programme/travel", ()),
    ("no thanks it is miles away", "decline_programme/travel", ()),
    ("no thanks", "decline_programme", ()),
    ("fifty", "answer", ()),
    ("weather in Peru", "out_of_scope", ()),
]


@pytest.fixture(scope="module")
def taught() -> tuple[Reader, np.ndarray]:
    """A reader of the lines above; each label has a direction of its own, with some noise."""
    chance = np.random.default_rng(7)
    labels = sorted({label for _, label, _ in LINES})
    vectors = np.array([np.eye(len(labels))[labels.index(label)] for _, label, _ in LINES])
    vectors = 10 * (vectors + chance.normal(0, 0.05, vectors.shape)).astype(np.float32)
    return Reader.train([Example(*line) for line in LINES], vectors), vectors


def test_each_line_is_read_as_labelled(taught: tuple[Reader, np.ndarray]) -> None:
    reader, vectors = taught
    for (text, label, _), vector in zip(LINES, vectors):
        intent, _, detail = label.partition("/")
        read = reader.read(vector, text)
        assert read.intent == intent
        assert read.topic == (detail if intent == "faq" else None)
        assert read.reason == (detail or None if intent == "decline_programme" else None)
        assert 0 < read.confidence <= 1 + 1e-6
        assert len(read.ranking) == 5 and read.ranking[0][1] >= read.ranking[-1][1]


def test_as_dict_has_what_the_dialogue_needs(taught: tuple[Reader, np.ndarray]) -> None:
    reader, vectors = taught
    assert set(reader.read(vectors[0], LINES[0][0]).as_dict()) == {
        "intent",
        "topic",
        "reason",
        "needs",
        "ranking",
    }


def test_chances_sum_to_one(taught: tuple[Reader, np.ndarray]) -> None:
    reader, vectors = taught
    assert reader.chances(vectors[3], reader.worded("do i pay")).sum() == pytest.approx(1, abs=1e-5)


def test_wording_turns_the_topic(taught: tuple[Reader, np.ndarray]) -> None:
    reader, vectors = taught
    between = (vectors[2] + vectors[4]) / 2
    assert reader.read(between, "what does it cost, do i pay").topic == "cost"
    assert reader.read(between, "how many sessions").topic == "how_many_sessions"


def test_a_told_need_has_at_least_one_need(taught: tuple[Reader, np.ndarray]) -> None:
    reader, vectors = taught
    assert reader.read(vectors[6], "zzz").needs
    assert "housing" in reader.read(vectors[9], "landlord wants me out").needs


def test_a_bare_reply_is_an_answer_whatever_the_vector(taught: tuple[Reader, np.ndarray]) -> None:
    reader, vectors = taught
    read = reader.read(vectors[2], "LU3")
    assert read.intent == "answer" and read.confidence > 0.9


def test_stored_and_loaded_it_reads_the_same(taught: tuple[Reader, np.ndarray]) -> None:
    reader, vectors = taught
    again = Reader.from_bytes(reader.to_bytes())
    for (text, _, _), vector in zip(LINES, vectors):
        one, two = reader.read(vector, text), again.read(vector, text)
        assert (one.intent, one.topic, one.reason, one.needs) == (
            two.intent,
            two.topic,
            two.reason,
            two.needs,
        )
        assert one.confidence == pytest.approx(two.confidence, abs=1e-3)


def test_nothing_known_of_the_words_leaves_the_bias() -> None:
    words = Wordings.one_of(["red apple", "red plum", "red cherry", "green pear"], ["a", "a", "a", "b"])
    assert words.scores(grams("")) == pytest.approx(words.bias)
    assert np.exp(log_softmax(words.scores(grams("quince")))).sum() == pytest.approx(1)


@pytest.mark.parametrize("text", ["", "red", "red red plum pudding", "the the green pear is a pear", "quince"])
def test_models_asked_together_say_what_each_says_alone(text: str) -> None:
    lines = ["red apple", "red plum", "red cherry", "green pear", "a pear is green", "the red plum is red"]
    one = Wordings.one_of(lines, ["a", "a", "a", "b", "b", "a"])
    any_of = Wordings.any_of(lines[2:], [("x",), ("y",), ("x", "y"), ()])
    together = Joint([one, any_of]).scores(text)
    for scores, model in zip(together, (one, any_of)):
        assert scores == pytest.approx(model.scores(grams(text)), abs=1e-6)


def test_the_adapter_fits_the_model_and_is_small() -> None:
    assert FILE.stat().st_size < 3_000_000
    found = deltas(FILE)
    assert len(found) == 36  # six matrices in each of six layers
    assert found["encoder.layer.0.attention.self.query.weight"].shape == (384, 384)
    assert found["encoder.layer.5.intermediate.dense.weight"].shape == (1536, 384)
    assert all(np.isfinite(delta).all() for delta in found.values())


def test_no_held_out_message_is_in_the_training_data() -> None:
    taught = {(m.text.casefold(), m.finest) for m in training_messages()}
    held = held_out_messages()
    assert len(held) > 1000
    assert not {m.author for m in training_messages()} & {m.author for m in held}
    # Two people do write 'hello' alike, and now and then a sentence; more than that would be a leak.
    same = [m.text for m in held if (m.text.casefold(), m.finest) in taught and len(m.text.split()) > 3]
    assert len(same) <= 0.01 * len(held), same


def test_roughening_keeps_most_of_a_message() -> None:
    import random

    chance = random.Random(1)
    rough = [roughen("Could you please tell me about the walking group", chance) for _ in range(50)]
    assert len(set(rough)) > 20
    assert all(4 <= len(text.split()) <= 12 for text in rough)
