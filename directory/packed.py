"""The listings of a large directory, kept small: a search shows ten of them, so the others wait packed."""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterable, Iterator, Sequence
from typing import overload

import numpy as np

from directory.records import Listing

# Below this the listings are kept as they are (about 4 kB each).
FEW = 20_000


class Packed(Sequence[Listing]):
    """A sequence of listings as compressed documents, about 0.5 kB each; one is unpacked in 0.1 ms when it is asked for."""

    def __init__(self, listings: Sequence[Listing]) -> None:
        """Packs them."""
        pieces = [zlib.compress(json.dumps(x.to_document(), ensure_ascii=False).encode(), 3) for x in listings]
        self._ends = np.cumsum([len(piece) for piece in pieces], dtype=np.int64)
        self._body = b"".join(pieces)

    @classmethod
    def joined(cls, old: Packed, fresh: Packed, runs: Iterable[tuple[int, int, int]]) -> Packed:
        """Stretches of two, one after the other: (new row, row, how many), rows of `fresh` counting on from those of `old`."""
        lengths, pieces = [], []
        for _, row, many in runs:
            of, first = (old, row) if row < len(old) else (fresh, row - len(old))
            begin = int(of._ends[first - 1]) if first else 0
            ends = of._ends[first : first + many]
            lengths.append(np.diff(ends, prepend=begin))
            pieces.append(of._body[begin : int(ends[-1])])
        made = cls(())
        made._ends, made._body = np.cumsum(np.concatenate(lengths), dtype=np.int64), b"".join(pieces)
        return made

    def __len__(self) -> int:
        return len(self._ends)

    @overload
    def __getitem__(self, row: int) -> Listing: ...
    @overload
    def __getitem__(self, row: slice) -> Sequence[Listing]: ...
    def __getitem__(self, row: int | slice) -> Listing | Sequence[Listing]:
        """One listing, or several."""
        if isinstance(row, slice):
            return [self[one] for one in range(*row.indices(len(self)))]
        at = int(row) + (len(self) if row < 0 else 0)
        if not 0 <= at < len(self):
            raise IndexError(row)
        first = int(self._ends[at - 1]) if at else 0
        return Listing.from_document(json.loads(zlib.decompress(self._body[first : int(self._ends[at])])))

    def __iter__(self) -> Iterator[Listing]:
        return (self[row] for row in range(len(self)))


def kept(listings: Sequence[Listing]) -> Sequence[Listing]:
    """The listings as a snapshot keeps them."""
    return tuple(listings) if len(listings) < FEW else Packed(listings)
