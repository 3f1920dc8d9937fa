"""Topics and needs by their wording: linear models over character and word n-grams. No encoder, no Rasa.

The encoder reads meaning; which of 109 neighbouring topics is meant, and which needs, hangs on the very
words ('sessions', 'twelve', 'bailiff') and on words that it reads badly when they are misspelt
('altzimers'), which n-grams keep. Together they beat either (docs/decisions, understanding).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from itertools import repeat

import numpy as np

SHORTEST, LONGEST = 2, 5
# A part of a word seen in fewer lines than this says more about its author than about its topic.
SEEN_IN_PARTS, SEEN_IN_WORDS = 3, 2
INVERSE_REGULARISATION = 8.0
# What a need's own lines count for beside all the others.
NEED_WEIGHT = 2.0

Counts = tuple["Counter[str]", "Counter[str]"]


def parts_of(word: str) -> Iterator[str]:
    """The parts of a word with its edges marked, as often as they are in it."""
    edged = f" {word} "
    for length in range(SHORTEST, LONGEST + 1):
        for i in range(max(1, len(edged) - length + 1)):
            yield edged[i : i + length]


def grams(text: str) -> Counts:
    """Of a repaired text, counts of the parts of words (edges marked) and of the words and pairs of words."""
    words = text.split()
    parts: Counter[str] = Counter()
    for word in words:
        parts.update(parts_of(word))
    wholes = Counter(f"={word}" for word in words)
    wholes.update(f"={a} {b}" for a, b in zip(words, words[1:]))
    return parts, wholes


def _kept(counted: Iterable[Counter[str]], least: int) -> dict[str, int]:
    """N-grams seen in at least so many texts, and in how many."""
    seen: Counter[str] = Counter()
    for counts in counted:
        seen.update(counts.keys())
    return {gram: seen[gram] for gram in sorted(seen) if seen[gram] >= least}


class Wordings:
    """Linear scores of labels from n-grams. `weights` (grams, labels) float32, `bias` (labels,)."""

    def __init__(
        self,
        labels: list[str],
        vocabulary: list[str],
        rarity: np.ndarray,
        weights: np.ndarray,
        bias: np.ndarray,
    ) -> None:
        """Take trained arrays; `rarity` is the inverse document frequency of each n-gram of `vocabulary`."""
        self.labels, self.vocabulary = labels, vocabulary
        self.rarity, self.bias = rarity.astype(np.float32), bias.astype(np.float32)
        self.weights = weights.astype(np.float32)

    @cached_property
    def _index(self) -> dict[str, int]:
        """For training and for a model asked alone; several together look up in one (joint.py)."""
        return {gram: i for i, gram in enumerate(self.vocabulary)}

    @classmethod
    def one_of(cls, texts: Sequence[str], labels: Sequence[str], seed: int = 7) -> Wordings:
        """For labels of which each repaired text has exactly one; 15 s for 3,000 texts and 109 labels."""
        from sklearn.linear_model import LogisticRegression

        names = sorted(set(labels))
        made, matrix = cls._prepared(texts, names)
        if len(names) > 1:
            model = LogisticRegression(
                C=INVERSE_REGULARISATION, class_weight="balanced", max_iter=60, tol=1e-3, random_state=seed
            ).fit(matrix, np.array(labels))
            weights, bias = model.coef_.T, model.intercept_
            if len(names) == 2:  # scikit-learn keeps one column for two classes
                weights, bias = np.hstack([-weights, weights]) / 2, np.append(-bias, bias) / 2
            made.weights, made.bias = weights.astype(np.float32), bias.astype(np.float32)
        return made

    @classmethod
    def any_of(cls, texts: Sequence[str], sets: Sequence[Sequence[str]], seed: int = 7) -> Wordings:
        """For labels of which a repaired text may have several; the scores are log-odds."""
        from sklearn.linear_model import LogisticRegression

        names = sorted({label for told in sets for label in told})
        made, matrix = cls._prepared(texts, names)
        for column, name in enumerate(names):
            marks = np.array([name in told for told in sets])
            if marks.all():
                made.bias[column] = 10.0
                continue
            model = LogisticRegression(
                C=INVERSE_REGULARISATION, solver="liblinear", class_weight={False: 1.0, True: NEED_WEIGHT},
                random_state=seed,
            ).fit(matrix, marks)  # fmt: skip
            made.weights[:, column], made.bias[column] = model.coef_[0], model.intercept_[0]
        return made

    @classmethod
    def _prepared(cls, texts: Sequence[str], names: list[str]) -> tuple[Wordings, object]:
        """The vocabulary with weights of nothing, and the texts as a sparse matrix over it."""
        from scipy.sparse import csr_matrix

        counted = [grams(text) for text in texts]
        seen = _kept((c[0] for c in counted), SEEN_IN_PARTS) | _kept((c[1] for c in counted), SEEN_IN_WORDS)
        rarity = np.log((1 + len(texts)) / (1 + np.array(list(seen.values()), np.float32))) + 1
        made = cls(names, list(seen), rarity, np.zeros((len(seen), len(names))), np.zeros(len(names)))
        found = [made._weighed(c) for c in counted]
        ends = np.cumsum([0, *(len(columns) for columns, _ in found)])
        values, columns = np.concatenate([v for _, v in found]), np.concatenate([c for c, _ in found])
        return made, csr_matrix((values, columns, ends), shape=(len(texts), len(seen)))

    def _weighed(self, counted: Counts) -> tuple[np.ndarray, np.ndarray]:
        """Columns and values of one text; the parts and the whole words are each brought to length 1."""
        columns, values = [], []
        for counts in counted:
            at = np.fromiter(map(self._index.get, counts, repeat(-1)), np.int64, len(counts))
            times = np.fromiter(counts.values(), np.float32, len(counts))[at >= 0]
            at = at[at >= 0]
            value = (1 + np.log(times)) * self.rarity[at]
            columns.append(at)
            values.append(value / max(np.linalg.norm(value), 1e-12))
        return np.concatenate(columns), np.concatenate(values).astype(np.float32)

    def scores(self, counted: Counts) -> np.ndarray:
        """The score of every label for the n-grams of one repaired text, shape (labels,)."""
        columns, values = self._weighed(counted)
        return self.bias + values @ self.weights[columns]

    def arrays(self, prefix: str) -> dict[str, np.ndarray]:
        """Plain arrays to store, weights in half precision."""
        return {
            f"{prefix}_labels": np.array(self.labels),
            f"{prefix}_grams": np.array(self.vocabulary),
            f"{prefix}_rarity": self.rarity,
            f"{prefix}_weights": self.weights.astype(np.float16),
            f"{prefix}_bias": self.bias,
        }

    @classmethod
    def from_arrays(cls, stored: dict[str, np.ndarray], prefix: str) -> Wordings | None:
        """Undo `arrays`; None when none were stored."""
        if f"{prefix}_labels" not in stored:
            return None
        labels, vocabulary = ([str(x) for x in stored[f"{prefix}_{part}"]] for part in ("labels", "grams"))
        return cls(
            labels, vocabulary, *(stored[f"{prefix}_{part}"] for part in ("rarity", "weights", "bias"))
        )


def log_softmax(scores: np.ndarray) -> np.ndarray:
    """Log-probabilities of scores (labels,)."""
    shifted = scores - scores.max()
    return shifted - np.log(np.exp(shifted).sum())
