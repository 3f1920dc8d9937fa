"""The directory in memory with a few listings changed: made of what there was and of those few, never of everything again."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields

import faiss
import numpy as np

from directory.areas import Areas
from directory.index import Index, as_kept, floats, is_large
from directory.lexical import Lexicon
from directory.packed import Packed, kept
from directory.records import Listing
from directory.snapshot import Snapshot


@dataclass(frozen=True)
class Seam:
    """Which rows the new state is made of. The old ones count from 0, the fresh ones on from there."""

    old: int
    source: np.ndarray  # for each new row, the row it is taken from

    @property
    def now(self) -> np.ndarray:
        """For each row there was, where it is now; -1 for those that are gone."""
        where = np.full(max(self.old, int(self.source.max(initial=-1)) + 1), -1, np.int64)
        where[self.source] = np.arange(len(self.source))
        return where

    def runs(self) -> list[tuple[int, int, int]]:
        """(new row, row it is taken from, how many): stretches that lie together in both."""
        breaks = np.flatnonzero(np.diff(self.source) != 1) + 1
        # Old and fresh rows count on from each other but lie in two places.
        edge = np.flatnonzero((self.source[1:] == self.old) & (self.source[:-1] == self.old - 1)) + 1
        begins = np.union1d(np.union1d([0], breaks), edge).astype(int) if len(self.source) else np.zeros(0, int)
        ends = np.append(begins[1:], len(self.source))
        return [(int(a), int(self.source[a]), int(b - a)) for a, b in zip(begins, ends, strict=True)]


def seam_of(old: Snapshot, fresh: Snapshot, ids: Sequence[str]) -> Seam:
    """The seam when `ids` are all listings now, in order, and `fresh` those of them that are new or changed."""
    count = len(old.listings)
    rows = [count + fresh.row_of[i] if i in fresh.row_of else old.row_of[i] for i in ids]
    return Seam(count, np.array(rows, np.int64))


def spliced(old: Snapshot, fresh: Snapshot, ids: Sequence[str], version: str) -> Snapshot | None:
    """The snapshot of `ids`, equal to one built anew but for the lists of a large index, which are added to.

    None where a directory has just grown large, or small again: then it is to be built.
    """
    seam = seam_of(old, fresh, ids)
    index = _index(old.index, fresh.index, seam, version)
    if index is None:
        return None
    now = seam.now
    values: dict[str, object] = {}
    for each in fields(Snapshot):
        a, b = getattr(old, each.name), getattr(fresh, each.name)
        if isinstance(a, np.ndarray):
            values[each.name] = np.concatenate([a, b])[seam.source]
    limits = {one: number for number, one in enumerate(dict.fromkeys((*old.limits, *fresh.limits)))}
    renamed = np.array([limits[one] for one in fresh.limits] + [-1], np.int32)
    values["limit_of"] = np.concatenate([old.limit_of, renamed[fresh.limit_of]])[seam.source]
    values["needs_served"] = np.asfortranarray(values["needs_served"])
    return Snapshot(
        **{
            **values,
            "number": fresh.number,
            "listings": _listings(old.listings, fresh.listings, seam),
            "index": index,
            "row_of": {identifier: row for row, identifier in enumerate(ids)},
            "keys": {kind: _rows_by_key(old.keys[kind], fresh.keys[kind], seam.old, now) for kind in old.keys},
            "given": {kind: np.concatenate([old.given[kind], fresh.given[kind]])[seam.source] for kind in old.given},
            "areas": _areas(old.areas, fresh.areas, seam, now),
            "lexicon": Lexicon.of(len(ids), _rows_by_key(old.lexicon.holders, fresh.lexicon.holders, seam.old, now)),
            "limits": tuple(limits),
        }  # type: ignore[arg-type]
    )


def _rows_by_key(
    old: Mapping[str, np.ndarray], fresh: Mapping[str, np.ndarray], before: int, now: np.ndarray
) -> dict[str, np.ndarray]:
    """Which rows have each key. Old rows keep their order; only where fresh ones come in is there anything to sort."""
    made = {}
    for key in {**old, **fresh}:
        rows = now[old[key]] if key in old else np.zeros(0, np.int64)
        rows = rows[rows >= 0]
        if key in fresh:
            rows = np.sort(np.concatenate([rows, now[fresh[key] + before]]))
        if len(rows):
            made[key] = rows.astype(np.int32)
    return made


def _listings(old: Sequence[Listing], fresh: Sequence[Listing], seam: Seam) -> Sequence[Listing]:
    if isinstance(old, Packed):
        return Packed.joined(old, Packed(fresh), seam.runs())
    return kept([old[row] if row < seam.old else fresh[row - seam.old] for row in seam.source.tolist()])


def _areas(old: Areas, fresh: Areas, seam: Seam, now: np.ndarray) -> Areas:
    """Each circle beside each of its listings, those that are gone left out, put together again."""

    def flat(of: Callable[[Areas], np.ndarray]) -> np.ndarray:
        return np.concatenate([np.repeat(of(areas), np.diff(areas.bounds)) for areas in (old, fresh)])

    owners = now[np.concatenate([old.owners, fresh.owners + seam.old])]
    columns = [flat(lambda areas: areas.latitudes), flat(lambda areas: areas.longitudes), flat(lambda areas: areas.radii)]
    outcodes = flat(lambda areas: areas.outcodes)
    here = owners >= 0
    order = np.flatnonzero(here)[np.lexsort((owners[here], outcodes[here], *(column[here] for column in columns[::-1])))]
    columns, outcodes, owners = [column[order] for column in columns], outcodes[order], owners[order]
    first = np.ones(len(order), bool)
    if len(order):
        first[1:] = (outcodes[1:] != outcodes[:-1]) | np.logical_or.reduce([column[1:] != column[:-1] for column in columns])
    begins = np.flatnonzero(first)
    bounded = np.concatenate([old.bounded, fresh.bounded])[seam.source]
    bounds = np.append(begins, len(order)).astype(np.int64)
    latitudes, longitudes, radii = (column[begins] for column in columns)
    return Areas(bounded, owners, bounds, latitudes, longitudes, radii, outcodes[begins])


def _index(old: Index, fresh: Index, seam: Seam, version: str) -> Index | None:
    counts = np.concatenate([old.ends - old.starts, fresh.ends - fresh.starts])[seam.source]
    ends = np.cumsum(counts)
    total = int(ends[-1]) if len(ends) else 0
    if is_large(total) != old.large or not total:
        return None
    starts = (ends - counts).astype(np.int64)
    new = as_kept(fresh.passages, old.passages.dtype)
    passages = np.empty((total, old.passages.shape[1]), old.passages.dtype)
    for at, row, many in seam.runs():
        whole, first, last = (old.passages, old.starts, old.ends) if row < seam.old else (new, fresh.starts, fresh.ends)
        row -= 0 if row < seam.old else seam.old
        passages[starts[at] : ends[at + many - 1]] = whole[first[row] : last[row + many - 1]]
    lists = None if old.lists is None else _lists(old.lists, seam, passages, starts)
    return Index(passages, starts, version, lists)


def _lists(old: faiss.IndexIVF, seam: Seam, passages: np.ndarray, starts: np.ndarray) -> faiss.IndexIVF:
    """A copy of the inverted file: what is gone taken out, rows numbered anew, what is fresh put in. The old one may be in use."""
    lists = faiss.clone_index(old)
    now = seam.now
    gone = np.flatnonzero(now[: seam.old] < 0)
    if len(gone):
        lists.remove_ids(gone)
    for number in range(lists.nlist):
        size = lists.invlists.list_size(number)
        if size:
            ids = faiss.rev_swig_ptr(lists.invlists.get_ids(number), size)
            ids[:] = now[ids]
    rows = np.flatnonzero(seam.source >= seam.old)
    if len(rows):
        lists.add_with_ids(floats(passages[starts[rows]]), rows)
    return lists
