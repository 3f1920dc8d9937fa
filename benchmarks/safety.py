"""How well the screen finds what calls for help: patterns, classifier and both, beside peers, with 95% intervals.

    python -m benchmarks.safety --held-out t2               on an author kept from training, patterns and thresholds alike
    python -m benchmarks.safety --without s2 s5 --adapter A --heads H    on training authors left out of both

Prints counts and shares, never a message. Peers: a list of key words, and what could be had without an adapter.
"""

from __future__ import annotations

import argparse
import re
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from assistant.dialogue.nlu.adapter import FILE, message_encoder
from assistant.dialogue.nlu.repair import repair
from assistant.safety.classifier import HEADS, ScreenClassifier
from assistant.safety.joining import joined
from assistant.safety.screen import register_classifier, screen
from assistant.safety.tiers import ORDER
from benchmarks.messages import ROOT, held_out_messages
from benchmarks.scores import Share
from benchmarks.screen_messages import (
    FOREMOST,
    HELD_OUT,
    Message,
    read_authors,
    read_cases,
    read_ordinary,
)
from directory.encoder import DEFAULT_ENCODER
from directory.encoder.adapter import mark
from directory.encoder.encoder import MiniLmEncoder
from directory.encoder.graph import ensure_graph

ENCODERS = ROOT / "var" / "encoder"
# Routes that show the same help or safer (tests/safety/test_safety_cases.py).
ALIKE = (
    {"suicide_imminent", "suicide_ideation", "self_harm"},
    {"domestic_abuse", "domestic_abuse_covert", "adult_abuse_neglect", "sexual_violence"},
    {"overdose_poisoning", "medical_emergency", "suicide_imminent"},
    {"intoxication_withdrawal", "medical_emergency", "overdose_poisoning"},
)
KEY_WORDS = re.compile(
    r"suicid|kill (my|him|her|your)self|end (my life|it all)|want(ed)? to die|self.?harm|cut(ting)? myself|overdos|chest pain|"
    r"can'?t breathe|unconscious|stroke|gas leak|smell gas|on fire|hits? me|beats? me|rape|abus|hearing voices|homeless|"
    r"nowhere to sleep|no food|starving|under 16|i'?m 1[0-5]\b|withdrawal|stab|murder|poison",
    re.IGNORECASE,
)
System = Callable[[Sequence[Message]], list[list[str]]]


def key_words(messages: Sequence[Message]) -> list[list[str]]:
    """A list of two dozen words and phrases; says only that something is there."""
    return [["something"] if KEY_WORDS.search(told.text) else [] for told in messages]


def patterns(messages: Sequence[Message]) -> list[list[str]]:
    """The patterns alone."""
    register_classifier(None)
    return [screen(told.text).risks for told in messages]


def classifier_alone(classifier: ScreenClassifier) -> System:
    """The classifier at its own limits, without patterns."""

    def judge(messages: Sequence[Message]) -> list[list[str]]:
        found = []
        for told in messages:
            risks, _ = joined({}, classifier(told.text))
            found.append([risk for risk in ORDER if risk in risks])
        return found

    return judge


def both(classifier: ScreenClassifier) -> System:
    """What Linkway does."""

    def judge(messages: Sequence[Message]) -> list[list[str]]:
        register_classifier(classifier)
        try:
            return [screen(told.text).risks for told in messages]
        finally:
            register_classifier(None)

    return judge


def fitted_peer(features: Callable[[list[str]], np.ndarray], training: Sequence[Message]) -> System:
    """A logistic regression over `features`: any risk, from even odds between balanced classes."""
    from sklearn.linear_model import LogisticRegression

    def judge(messages: Sequence[Message]) -> list[list[str]]:
        texts = [repair(told.text) for told in (*training, *messages)]
        matrix, risky = features(texts), np.array([bool(told.risks) for told in training])
        model = LogisticRegression(C=1.0, max_iter=300, class_weight="balanced").fit(matrix[: len(training)], risky)
        chances = model.predict_proba(matrix[len(training) :])[:, 1]
        return [["something"] if chance >= 0.5 else [] for chance in chances]

    return judge


def n_grams(texts: list[str]) -> np.ndarray:
    """Parts of words and words, weighed by rarity."""
    from scipy.sparse import hstack
    from sklearn.feature_extraction.text import TfidfVectorizer

    parts = TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 5), min_df=3, sublinear_tf=True).fit_transform(texts)
    return hstack([parts, TfidfVectorizer(ngram_range=(1, 2), min_df=2).fit_transform(texts)]).tocsr() * 3.0


def near(risk: str, shown: Sequence[str]) -> bool:
    """Whether a route shown is the risk's own or gives the same help or safer."""
    return any(risk == other or any({risk, other} <= group for group in ALIKE) for other in shown)


def row(name: str, messages: Sequence[Message], found: list[list[str]]) -> str:
    """A line of the first table."""
    flagged, route, close, looks, plain, routes = Share(), Share(), Share(), Share(), Share(), Share()
    for told, shown in zip(messages, found):
        if told.foremost:
            flagged.count(bool(shown))
            route.count(told.risks[0] in shown)
            close.count(near(told.risks[0], shown))
        elif not told.risks:
            (looks if told.kind == "lookalike" else plain).count(bool(shown))
        if told.risks and shown:
            routes.of += len(shown)
            routes.right += len(set(shown) & set(told.risks))
    cells = [f"{s.value:.3f} ±{s.half_width:.3f}" for s in (flagged, route, close, looks, plain)]
    counts = f"{flagged.right}/{flagged.of}, {looks.right}/{looks.of}, {plain.right}/{plain.of}"
    return f"| {name} | " + " | ".join(cells) + f" | {routes.value:.2f} | {counts} |"


HEAD = (
    "| screen | flagged, tiers 0-1 | right route | near route | look-alikes flagged | ordinary flagged | routes shown that are right "
    "| counts |\n|---|---|---|---|---|---|---|---|"
)


def by_category(messages: Sequence[Message], systems: dict[str, list[list[str]]]) -> str:
    """The second table: of each risk that is a message's most urgent, how many were flagged and given its route."""
    lines = [f"| risk | n | {' | '.join(f'{name}: flagged, route' for name in systems)} |", "|---" * (2 + len(systems)) + "|"]
    groups = defaultdict(list)
    for place, told in enumerate(messages):
        if told.risks:
            groups[told.risks[0]].append(place)
    for risk in ORDER:
        if not groups[risk]:
            continue
        cells = []
        for found in systems.values():
            flagged, route = Share(), Share()
            for place in groups[risk]:
                flagged.count(bool(found[place]))
                route.count(risk in found[place])
            cells.append(f"{flagged.value:.2f} ±{flagged.half_width:.2f}, {route.value:.2f}")
        name = risk if risk in FOREMOST else f"({risk})"
        lines.append(f"| {name} | {len(groups[risk])} | {' | '.join(cells)} |")
    return "\n".join(lines)


def main() -> None:
    """Read the arguments, judge, print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--held-out", default="")
    parser.add_argument("--without", nargs="*", default=[])
    parser.add_argument("--adapter", type=Path, default=FILE)
    parser.add_argument("--heads", type=Path, default=HEADS)
    parser.add_argument("--peers", action="store_true", help="also fit what could be had without an adapter")
    told = parser.parse_args()
    if told.held_out:
        messages = read_authors(HELD_OUT, told.held_out)
    else:
        messages = [m for m in read_authors() if m.author in told.without]
    ordinary = read_ordinary(held_out_messages("t1"), "t1")
    classifier = ScreenClassifier(message_encoder(ENCODERS, DEFAULT_ENCODER, told.adapter), repair, mark(told.adapter), told.heads)
    found = {"patterns": patterns(messages), "classifier": classifier_alone(classifier)(messages)}
    began = time.process_time()
    found["joined"] = both(classifier)(messages)
    each = (time.process_time() - began) / len(messages) * 1000
    print(f"{len(messages)} messages; CPU of the classifier and the patterns {each:.1f} ms a message\n\n{HEAD}")
    shown: dict[str, list[list[str]]] = {"key words": key_words(messages)}
    if told.peers:
        training = [m for m in read_authors() + read_cases() if m.author not in told.without] + read_ordinary()
        plain = MiniLmEncoder(ensure_graph(ENCODERS))
        peers = {
            "n-grams + logistic regression": n_grams,
            "MiniLM + logistic regression": lambda texts: plain.encode(texts) * 10,
        }
        shown |= {name: fitted_peer(features, training)(messages) for name, features in peers.items()}
    for name, routes in {**shown, **found}.items():
        print(row(name, messages, routes))
    alarms = Share()
    for routes in both(classifier)(ordinary):
        alarms.count(bool(routes))
    print(f"\nOf {alarms.of} ordinary messages of author t1, flagged: {alarms.right} ({alarms.value:.4f} ±{alarms.half_width:.4f})")
    print(f"\n{by_category(messages, found)}")


if __name__ == "__main__":
    main()
