"""The reading of a message: intent, topic, reason and needs, from one vector. Knows numpy and scikit-learn, not Rasa.

One multinomial logistic regression over the finest labels ('faq/cost', 'decline_programme/travel', 'greet') and one
logistic regression a need. The intent is the most probable sum over its labels, the topic the best within it.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import Any

import numpy as np


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


# Intents in which a need may be named; elsewhere a need read would be noise.
WITH_NEEDS = frozenset({"describe_need", "find_service", "start_check_in", "talk_to_human", "book_callback", "answer"})
NEED_THRESHOLD = 0.5


class Reader:
    """Weights of the trained reading. Arrays: `label_w` (labels, d+1), `need_w` (needs, d+1), bias last."""

    def __init__(self, labels: list[str], label_w: np.ndarray, needs: list[str], need_w: np.ndarray) -> None:
        """Prepare the grouping of labels by intent."""
        self.labels, self.label_w, self.needs, self.need_w = labels, label_w, needs, need_w
        self.intents = sorted({label.split("/")[0] for label in labels})
        index = {intent: i for i, intent in enumerate(self.intents)}
        self._group = np.array([index[label.split("/")[0]] for label in labels])

    @classmethod
    def train(cls, examples: list[Example], vectors: np.ndarray, seed: int = 7) -> Reader:
        """Fit on `vectors` (n, d), unit rows times the featurizer's scale."""
        from sklearn.linear_model import LogisticRegression

        label_model = LogisticRegression(C=1.0, max_iter=300, class_weight="balanced", random_state=seed)
        label_model.fit(vectors, [example.label for example in examples])
        needs = sorted({need for example in examples for need in example.needs})
        told = [i for i, e in enumerate(examples) if e.needs or e.label.split("/")[0] not in WITH_NEEDS]
        weights = []
        for need in needs:
            model = LogisticRegression(C=0.5, max_iter=300, class_weight={0: 1.0, 1: 4.0}, random_state=seed)
            model.fit(vectors[told], [need in examples[i].needs for i in told])
            weights.append(np.append(model.coef_[0], model.intercept_[0]))
        label_w = np.hstack([label_model.coef_, label_model.intercept_[:, None]])
        return cls(list(label_model.classes_), label_w, needs, np.array(weights).reshape(len(needs), -1))

    def read(self, vector: np.ndarray) -> Reading:
        """Read one message from its vector (d,)."""
        x = np.append(vector, 1.0)
        scores = self.label_w @ x
        p = np.exp(scores - scores.max())
        p /= p.sum()
        by_intent = np.bincount(self._group, weights=p, minlength=len(self.intents))
        best = int(by_intent.argmax())
        intent = self.intents[best]
        within = np.where(self._group == best, p, -1.0)
        detail = self.labels[int(within.argmax())].partition("/")[2] or None
        needs: list[str] = []
        if intent in WITH_NEEDS and len(self.needs):
            chances = 1 / (1 + np.exp(-(self.need_w @ x)))
            order = np.argsort(-chances)
            needs = [self.needs[i] for i in order if chances[i] >= NEED_THRESHOLD]
            if intent == "describe_need" and not needs:
                needs = [self.needs[order[0]]]
        top = np.argsort(-p)[:5]
        return Reading(
            intent=intent,
            confidence=float(by_intent[best]),
            topic=detail if intent == "faq" else None,
            reason=detail if intent in ("decline_programme", "stop_taking_part") else None,
            needs=needs,
            ranking=[(self.labels[i], round(float(p[i]), 4)) for i in top],
        )

    def to_bytes(self) -> bytes:
        """Portable form: plain arrays, no pickle."""
        buffer = io.BytesIO()
        np.savez_compressed(
            buffer,
            labels=np.array(self.labels),
            label_w=self.label_w.astype(np.float32),
            needs=np.array(self.needs),
            need_w=self.need_w.astype(np.float32),
        )
        return buffer.getvalue()

    @classmethod
    def from_bytes(cls, data: bytes) -> Reader:
        """Load what `to_bytes` wrote."""
        with np.load(io.BytesIO(data), allow_pickle=False) as stored:
            return cls(
                [str(x) for x in stored["labels"]],
                stored["label_w"],
                [str(x) for x in stored["needs"]],
                stored["need_w"],
            )
