"""Small numbers held back, so that nobody can be told from a table, and others with them, so that no sum gives them away.

A number of 1 to 4 is hidden. That is not enough: a total less the numbers beside it would give it back. So further
numbers are hidden until no hidden one follows from the rest. In a table with totals a hidden number follows exactly
when, with rows and columns as points and hidden cells as lines between them, that line is on no circle (a bridge).
Nought is shown: it points at nobody.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

FEWEST = 5
NOTE = f"Hidden: a number from 1 to {FEWEST - 1}, or one that such a number could be worked out from."


class Hidden:
    """In place of a number that is held back."""

    def __str__(self) -> str:
        """As a cell reads."""
        return "hidden"

    __repr__ = __str__


HIDDEN = Hidden()
Count = int | Hidden
Spot = tuple[int, int]


def shown(count: int) -> Count:
    """One number that stands alone."""
    return HIDDEN if 0 < count < FEWEST else count


def line(counts: Sequence[int]) -> tuple[list[Count], Count]:
    """Numbers that add up to a total that is shown too: (the numbers, the total), some of them hidden."""
    hidden = {place for place, count in enumerate(counts) if 0 < count < FEWEST}
    total: Count = shown(sum(counts))
    while hidden and not isinstance(total, Hidden) and (len(hidden) < 2 or sum(counts[i] for i in hidden) < FEWEST):
        left = [place for place, count in enumerate(counts) if place not in hidden and count]
        if not left:
            total = HIDDEN
            break
        hidden.add(min(left, key=lambda place: counts[place]))
    return [HIDDEN if place in hidden else count for place, count in enumerate(counts)], total


def grid(counts: Sequence[Sequence[int]], row_totals: Sequence[Count] | None = None) -> list[list[Count]]:
    """A table of counts with its totals: a last column and a last row are added. What must be is hidden.

    `row_totals`: the totals of the rows as another table shows them already. They stay as they are there: to hide one
    here alone would hide nothing.
    """
    whole = [[*row, sum(row)] for row in counts]
    whole.append([sum(column) for column in zip(*whole)] if whole else [])
    hidden = {(i, j) for i, row in enumerate(whole) for j, count in enumerate(row) if 0 < count < FEWEST}
    fixed: set[Spot] = set()
    for place, total in enumerate(row_totals or ()):
        fixed.add((place, len(whole[0]) - 1))
        (hidden.add if isinstance(total, Hidden) else hidden.discard)((place, len(whole[0]) - 1))
    while (spot := _needs_another(whole, hidden, fixed)) is not None:
        hidden.add(spot)
    return [[HIDDEN if (i, j) in hidden else count for j, count in enumerate(row)] for i, row in enumerate(whole)]


def _needs_another(whole: list[list[int]], hidden: set[Spot], fixed: set[Spot]) -> Spot | None:
    """A cell that has to be hidden beside those that are, or None when all is well."""
    for spots in _lines(whole):
        here = [spot for spot in spots if spot in hidden]
        inner = [spot for spot in here if spot != spots[-1]]
        too_few = spots[-1] not in hidden and inner and sum(whole[i][j] for i, j in inner) < FEWEST
        if (len(here) == 1 or too_few) and (another := _smallest(whole, spots, hidden | fixed)):
            return another
    for bridge in _bridges(hidden):
        along = [spot for spots in _lines(whole) if bridge in spots for spot in spots]
        if another := _smallest(whole, along, hidden | fixed):
            return another
    return None


def _lines(whole: list[list[int]]) -> Iterator[list[Spot]]:
    """Every row and every column, its total last."""
    height, width = len(whole), len(whole[0]) if whole else 0
    yield from ([(i, j) for j in range(width)] for i in range(height))
    yield from ([(i, j) for i in range(height)] for j in range(width))


def _smallest(whole: list[list[int]], spots: list[Spot], but: set[Spot]) -> Spot | None:
    """Hiding it costs least: inner cells before totals, and a nought only when nothing else is left."""
    height, width = len(whole) - 1, len(whole[0]) - 1
    left = [spot for spot in spots if spot not in but]
    return min(left, key=lambda s: (not whole[s[0]][s[1]], s[0] == height or s[1] == width, whole[s[0]][s[1]], s), default=None)


def _bridges(hidden: set[Spot]) -> Iterator[Spot]:
    """Hidden cells on no circle of hidden cells: their value follows from the totals."""
    for spot in sorted(hidden):
        rest = hidden - {spot}
        reached, edge = {("row", spot[0])}, [("row", spot[0])]
        while edge:
            kind, place = edge.pop()
            for i, j in rest:
                if (i if kind == "row" else j) == place:
                    other = ("column", j) if kind == "row" else ("row", i)
                    if other not in reached:
                        reached.add(other)
                        edge.append(other)
        if ("column", spot[1]) not in reached:
            yield spot
