"""The reading of a message: intent, topic, reason and needs, from its vector and its wording. Knows no Rasa.

One multinomial logistic regression over the finest labels ('faq/cost', 'decline_programme/travel', 'greet')
and one logistic regression a need. The intent is the most probable sum over its labels. Intent, topic and
needs are weighed by the very words as well (wordings.py). The constants below were chosen with whole
authors left out (benchmarks/understanding.py).
"""

from __future__ import annotations

import io
import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from assistant.dialogue.nlu.bare import is_bare_answer
from assistant.dialogue.nlu.joint import Joint
from assistant.dialogue.nlu.repair import repair
from assistant.dialogue.nlu.wordings import Wordings, log_softmax


@dataclass
class Example:
    """One training line: its finest label, and the needs it carries."""

    text: str
    label: str
    needs: tuple[str, ...] = ()


@dataclass
class Reading:
    """What was read. `confidence` is of the intent; `ranking` the best finest labels with probabilities."""

    intent: str
    confidence: float
    topic: str | None
    reason: str | None
    needs: list[str]
    ranking: list[tuple[str, float]]

    def as_dict(self) -> dict[str, Any]:
        """For the parse data of Rasa."""
        return {"intent": self.intent, "topic": self.topic, "reason": self.reason, "needs": self.needs,
                "ranking": self.ranking}  # fmt: skip


# Intents whose business is needs, and those beside which a need is often named.
TELLING = ("describe_need", "find_service")
WITH_NEEDS = frozenset({*TELLING, "start_check_in", "talk_to_human", "book_callback", "answer"})
NEED_THRESHOLD = 0.2
# A line with the need counts twice: one passed over costs the patient more than one too many.
NEED_WEIGHTS = {False: 1.0, True: 2.0}
# Elsewhere a need is given only when telling a need was the other likely reading.
TOLD_NEED = 0.1
# The strange is endless and our examples of it are few: its score is lifted by this much (natural logarithm).
OUT_OF_SCOPE_LIFT = 1.6
# How much of a score comes from the wording, the rest from the encoder.
INTENT_WORDING, TOPIC_WORDING, NEED_WORDING = 0.3, 0.4, 0.5
# The two together are surer than their mean: with this the confidences are right with authors left out.
SHARPENED = 1.25
BARE_ANSWER_CONFIDENCE = 0.97


Worded = tuple["np.ndarray | None", "np.ndarray | None", "np.ndarray | None"]


def _apart(weights: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Weights and bias of an array whose last column is the bias."""
    return np.ascontiguousarray(weights[:, :-1], np.float32), np.ascontiguousarray(weights[:, -1], np.float32)


class Reader:
    """Weights of the trained reading. Arrays: `label_w` (labels, d+1), `need_w` (needs, d+1), bias last."""

    def __init__(
        self,
        labels: list[str],
        label_w: np.ndarray,
        needs: list[str],
        need_w: np.ndarray,
        intent_words: Wordings | None = None,
        topic_words: Wordings | None = None,
        need_words: Wordings | None = None,
    ) -> None:
        """Prepare the grouping by intent; the labels of the wordings are `intents`, topics and `needs`."""
        self.labels, self.label_w, self.needs, self.need_w = labels, label_w, needs, need_w
        self.intent_words, self.topic_words, self.need_words = intent_words, topic_words, need_words
        self._joint = Joint([words for words in (intent_words, topic_words, need_words) if words is not None])
        # In the vector's own precision: given a number of double precision, numpy would copy all weights into it.
        self._label_w, self._label_b = _apart(label_w)
        self._need_w, self._need_b = _apart(need_w)
        self.intents = sorted({label.split("/")[0] for label in labels})
        index = {intent: i for i, intent in enumerate(self.intents)}
        self._group = np.array([index[label.split("/")[0]] for label in labels])
        self._telling = [index[intent] for intent in TELLING if intent in index]
        self._strange = np.array([label == "out_of_scope" for label in labels], np.float32)
        topics = {topic: i for i, topic in enumerate(topic_words.labels)} if topic_words else {}
        asked = [(i, topics.get(label[4:])) for i, label in enumerate(labels) if label.startswith("faq/")]
        told = [(row, column) for row, column in asked if column is not None]
        self._topic_rows, self._topic_columns = np.array(told, np.int64).reshape(-1, 2).T

    @classmethod
    def train(cls, examples: Sequence[Example], vectors: np.ndarray, seed: int = 7) -> Reader:
        """Fit on `vectors` (n, d), unit rows times the featurizer's scale."""
        with warnings.catch_warnings():
            # Stopped before the last decimal on purpose: with authors left out more steps gained nothing.
            warnings.filterwarnings("ignore", message="lbfgs failed to converge")
            return cls._fitted(examples, vectors, seed)

    @classmethod
    def _fitted(cls, examples: Sequence[Example], vectors: np.ndarray, seed: int) -> Reader:
        from sklearn.linear_model import LogisticRegression

        label_model = LogisticRegression(C=3.0, max_iter=80, class_weight="balanced", random_state=seed)
        label_model.fit(vectors, [example.label for example in examples])
        # Learned where needs are the business: elsewhere authors name them and leave them unlabelled.
        told = [i for i, e in enumerate(examples) if e.label in TELLING]
        needs = sorted({need for i in told for need in examples[i].needs})
        weights = []
        for need in needs:
            marks = [need in examples[i].needs for i in told]
            if all(marks):  # a model of one need only has nothing to tell it from
                weights.append(np.append(np.zeros(vectors.shape[1]), 10.0))
                continue
            model = LogisticRegression(C=1.0, max_iter=100, class_weight=NEED_WEIGHTS, random_state=seed)
            model.fit(vectors[told], marks)
            weights.append(np.append(model.coef_[0], model.intercept_[0]))
        texts = [repair(example.text) for example in examples]
        intents = [example.label.split("/")[0] for example in examples]
        asked = [i for i, intent in enumerate(intents) if intent == "faq"]
        topics = [examples[i].label.partition("/")[2] for i in asked]
        return cls(
            list(label_model.classes_),
            np.hstack([label_model.coef_, label_model.intercept_[:, None]]),
            needs,
            np.array(weights).reshape(len(needs), -1),
            Wordings.one_of(texts, intents, seed),
            Wordings.one_of([texts[i] for i in asked], topics, seed) if asked else None,
            Wordings.any_of([texts[i] for i in told], [examples[i].needs for i in told], seed)
            if needs
            else None,
        )

    def worded(self, text: str) -> Worded:
        """The scores of a text by its wording: of the intents, the topics and the needs, where there are models of them."""
        scores = iter(self._joint.scores(repair(text)))
        models = self.intent_words, self.topic_words, self.need_words
        by_intent, by_topic, by_need = (None if model is None else next(scores) for model in models)
        return by_intent, by_topic, by_need

    def chances(self, vector: np.ndarray, worded: Worded) -> np.ndarray:
        """Probability of each finest label, shape (labels,), from vector and `worded`."""
        by_intent_words, by_topic_words, _ = worded
        lifted = self._label_w @ vector.astype(np.float32) + self._label_b + np.float32(OUT_OF_SCOPE_LIFT) * self._strange
        p = np.exp(log_softmax(lifted.astype(np.float64)))
        if by_intent_words is not None:
            by_intent = np.bincount(self._group, weights=p, minlength=len(self.intents))
            blended = np.log(np.maximum(by_intent, 1e-12)) * (1 - INTENT_WORDING)
            blended += INTENT_WORDING * log_softmax(by_intent_words)
            p *= (np.exp(log_softmax(SHARPENED * blended)) / np.maximum(by_intent, 1e-12))[self._group]
        if by_topic_words is not None and len(self._topic_rows) > 1:
            within = np.log(np.maximum(p[self._topic_rows], 1e-12)) * (1 - TOPIC_WORDING)
            within += TOPIC_WORDING * log_softmax(by_topic_words)[self._topic_columns]
            p[self._topic_rows] = p[self._topic_rows].sum() * np.exp(log_softmax(within))
        return p

    def need_chances(self, vector: np.ndarray, worded: Worded) -> np.ndarray:
        """Probability of each need, shape (needs,), taking it that needs are the message's business."""
        scores = self._need_w @ vector.astype(np.float32) + self._need_b
        if worded[2] is not None:
            scores = (1 - NEED_WORDING) * scores + NEED_WORDING * worded[2]
        return 1 / (1 + np.exp(-scores))

    def read(self, vector: np.ndarray, text: str) -> Reading:
        """Read one message from its vector (d,) and its text."""
        worded = self.worded(text)
        p = self.chances(vector, worded)
        if "answer" in self.labels and is_bare_answer(text):
            p *= 1 - BARE_ANSWER_CONFIDENCE
            p[self.labels.index("answer")] += BARE_ANSWER_CONFIDENCE
        by_intent = np.bincount(self._group, weights=p, minlength=len(self.intents))
        best = int(by_intent.argmax())
        intent = self.intents[best]
        within = np.where(self._group == best, p, -1.0)
        detail = self.labels[int(within.argmax())].partition("/")[2] or None
        top = np.argsort(-p)[:5]
        return Reading(
            intent=intent,
            confidence=float(by_intent[best]),
            topic=detail if intent == "faq" else None,
            reason=detail if intent in ("decline_programme", "stop_taking_part") else None,
            needs=self._needs_of(
                self.need_chances(vector, worded), intent, float(by_intent[self._telling].sum())
            ),
            ranking=[(self.labels[i], round(float(p[i]), 4)) for i in top],
        )

    def _needs_of(self, chances: np.ndarray, intent: str, telling: float) -> list[str]:
        """Needs above the threshold, likeliest first; a need told has at least one."""
        order = [int(i) for i in np.argsort(-chances)]
        if intent not in WITH_NEEDS:
            plain = [i for i in order if chances[i] * telling >= TOLD_NEED]
            return [self.needs[i] for i in plain]
        named = [self.needs[i] for i in order if chances[i] >= NEED_THRESHOLD]
        return named or [self.needs[i] for i in order[:1] if intent == "describe_need"]

    def _words(self) -> dict[str, Wordings | None]:
        return {
            "words_of_intents": self.intent_words,
            "words_of_topics": self.topic_words,
            "words_of_needs": self.need_words,
        }

    def to_bytes(self) -> bytes:
        """Portable form: plain arrays, no pickle."""
        arrays = {
            "labels": np.array(self.labels),
            "label_w": self.label_w.astype(np.float32),
            "needs": np.array(self.needs),
            "need_w": self.need_w.astype(np.float32),
            **{k: v for name, words in self._words().items() if words for k, v in words.arrays(name).items()},
        }
        buffer = io.BytesIO()
        np.savez_compressed(buffer, **arrays)
        return buffer.getvalue()

    @classmethod
    def from_bytes(cls, data: bytes) -> Reader:
        """Load what `to_bytes` wrote."""
        with np.load(io.BytesIO(data), allow_pickle=False) as stored:
            arrays = dict(stored)
        labels, needs = ([str(x) for x in arrays[part]] for part in ("labels", "needs"))
        words = [
            Wordings.from_arrays(arrays, prefix)
            for prefix in ("words_of_intents", "words_of_topics", "words_of_needs")
        ]
        return cls(labels, arrays["label_w"], needs, arrays["need_w"], *words)
