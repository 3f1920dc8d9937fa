"""Directories as large as anybody may have, made of the listings this project has: their sentences joined anew, with varied places,
days, prices and people. Their vectors are those of the real sentences, moved a little at random: each is new, none was encoded."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, time, timedelta

import numpy as np

from benchmarks.messages import NLU_DATA, ROOT
from directory.encoder import Encoder
from directory.needs import need_ids
from directory.records import DAYS, Listing
from directory.text import sentences

SEED, NOISE = 20261121, 0.35  # NOISE: length of the random step beside a vector of length 1
AUDIENCES = ((), (), (), (), (), (), ("women",), ("men",), ("carers",), ("older people",), ("parents",), ("Polish people",), ("anyone",))
ACCESS = ((), ("step-free",), ("step-free", "accessible toilet"), ("near bus stop",), ("hearing loop", "step-free"), ("home visits",))
LANGUAGES = ((), ("English",), ("English",), ("English", "Urdu"), ("English", "Polish", "Romanian"), ("Bengali",))
COSTS = ((None, None), ("free", 0.0), ("free", 0.0), ("£2 a visit", 2.0), ("£4.50", 4.5))
Base = tuple[str, str, tuple[str, ...]]  # name, description, needs


def base_listings() -> list[Base]:
    """Every listing written for this project that the search is not judged by."""
    with (ROOT / "programme" / "demo" / "listings.csv").open(encoding="utf-8-sig", newline="") as rows:
        found = [(row["name"], row["description"], tuple(row["needs"].split(";"))) for row in csv.DictReader(rows)]
    for file in sorted((NLU_DATA / "search").glob("d*.jsonl")):
        for line in file.read_text(encoding="utf-8").splitlines():
            one = json.loads(line)
            found.append((one["name"], one["description"], tuple(one["needs"])))
    known = set(need_ids())
    return [(name, text, kept) for name, text, needs in found if (kept := tuple(need for need in needs if need in known))]


def questions() -> list[str]:
    """What patients ask, of the same authors."""
    asked = []
    for file in sorted((NLU_DATA / "search").glob("d*.jsonl")):
        asked += [question for line in file.read_text(encoding="utf-8").splitlines() for question in json.loads(line)["questions"]]
    return asked


@dataclass(frozen=True)
class Mix:
    """A listing to be, and which sentences and names of the base it is made of."""

    listing: Listing
    name: int
    parts: tuple[int, ...]


class Maker:
    """`mixes` makes the listings, `vectors` their passages; the same ones for the same number."""

    def __init__(self) -> None:
        """Reads the base and the country's outcodes."""
        self.base = base_listings()
        self.sentences = [part for _, text, _ in self.base for part in sentences(text)]
        self._own: list[list[int]] = []
        at = 0
        for _, text, _ in self.base:
            count = len(sentences(text))
            self._own.append(list(range(at, at + count)))
            at += count
        self._kin: dict[str, list[int]] = {}
        for number, (_, _, needs) in enumerate(self.base):
            self._kin.setdefault(needs[0], []).append(number)
        with (ROOT / "directory" / "data" / "outcodes.csv").open(encoding="utf-8") as rows:
            self._outcodes = [(r["outcode"], float(r["latitude"]), float(r["longitude"])) for r in csv.DictReader(rows)]

    def mixes(self, count: int, today: date) -> Iterator[Mix]:
        """`count` listings."""
        chance = np.random.default_rng(SEED)
        for number in range(count):
            draw = chance.integers(0, 2**31, 20)
            one = int(draw[0] % len(self.base))
            kin = self._kin[self.base[one][2][0]]
            two = kin[int(draw[1] % len(kin))]
            pool = list(dict.fromkeys(self._own[one] + self._own[two]))
            size = 2 + int(draw[2] % 3)
            parts = tuple(pool[int(i)] for i in dict.fromkeys(int(d % len(pool)) for d in draw[3 : 3 + size]))
            code, latitude, longitude = self._outcodes[int(draw[8] % len(self._outcodes))]
            start = 8 + int(draw[9] % 12)
            cost, amount = COSTS[int(draw[10] % len(COSTS))]
            checked = today - timedelta(days=int(draw[11] % 500))
            old = int(draw[12] % 20)
            listing = Listing(
                id=f"s{number:07d}", name=f"{self.base[one][0]}, {code}", description=" ".join(self.sentences[p] for p in parts),
                provider=f"Example Trust {int(draw[13] % 5000)}", needs=self.base[one][2] if draw[14] % 3 else (),
                town=code, postcode=code, latitude=latitude + (int(draw[15] % 200) - 100) / 4000,
                longitude=longitude + (int(draw[16] % 200) - 100) / 2500,
                service_area=((), (code,), (code, "England"), ("Bedfordshire",))[int(draw[17] % 4)],
                online=("no", "no", "no", "both", "yes", None)[int(draw[18] % 6)], days=(DAYS[int(draw[19] % 7)],),
                start_time=time(start), end_time=time(min(23, start + 2)), cost=cost, cost_amount=amount,
                audience=AUDIENCES[int(draw[4] % len(AUDIENCES))], access=ACCESS[int(draw[5] % len(ACCESS))],
                languages=LANGUAGES[int(draw[6] % len(LANGUAGES))], min_age=(None, None, 18, 50, 16)[int(draw[7] % 5)],
                status="closed" if old == 1 else "open", accredited_by=None if old == 2 else "Example Panel",
                accredited_on=checked, accredited_until=today + timedelta(days=300), checked_on=checked, source="scale",
            )  # fmt: skip
            yield Mix(listing, one, parts)

    def encoded(self, encoder: Encoder) -> tuple[np.ndarray, np.ndarray]:
        """(sentence vectors, name vectors) of the base."""
        return encoder.encode(self.sentences), encoder.encode([name for name, _, _ in self.base])

    def vectors(self, mixes: list[Mix], base: tuple[np.ndarray, np.ndarray], seed: int) -> list[np.ndarray]:
        """float32 (passages, dimension) per listing: the whole, its sentences, its name."""
        chance = np.random.default_rng(seed)
        told, names = base
        rows = []
        for mix in mixes:
            own = told[list(mix.parts)]
            rows.append(np.vstack([own.mean(axis=0) + 0.5 * names[mix.name], own, names[mix.name]]))
        flat = np.concatenate(rows)
        flat /= np.linalg.norm(flat, axis=1, keepdims=True)
        step = chance.standard_normal(flat.shape, dtype=np.float32)
        flat += NOISE * step / np.sqrt(flat.shape[1])
        flat /= np.linalg.norm(flat, axis=1, keepdims=True)
        ends = np.cumsum([len(one) for one in rows])
        return np.split(flat.astype(np.float32), ends[:-1])
