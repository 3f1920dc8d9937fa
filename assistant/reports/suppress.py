"""Small numbers held back, so that nobody can be told from a table, and others with them, so that no sum gives them away.

A number of 1 to 4 is hidden. That is not enough: a total less the numbers beside it would give it back. So further
numbers are hidden until no small one follows from the rest (`_given_away` says exactly which do).
Nought is shown: it points at nobody. But then whoever reads a hidden number knows that it is one at least: five hidden
numbers that make five are five ones. So what is hidden in a line makes enough for each to be anything from 1 to 4.
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
Point = tuple[str, int]  # where the numbers of a table meet: a row, a column, the totals or the corner


def shown(count: int) -> Count:
    """One number that stands alone."""
    return HIDDEN if 0 < count < FEWEST else count


def _too_few(hidden: Sequence[int]) -> bool:
    """Whether hidden numbers of one line, none of them nought, say too much by their sum."""
    return len(hidden) < 2 or sum(hidden) < len(hidden) + FEWEST - 2


def line(counts: Sequence[int]) -> tuple[list[Count], Count]:
    """Numbers that add up to a total that is shown too: (the numbers, the total), some of them hidden.

    The total is hidden when nothing else keeps a small number back: then no other table may show it either.
    """
    hidden = {place for place, count in enumerate(counts) if 0 < count < FEWEST}
    total: Count = shown(sum(counts))
    while hidden and not isinstance(total, Hidden) and _too_few([counts[i] for i in hidden]):
        left = [place for place, count in enumerate(counts) if place not in hidden and count]
        if not left:
            total = HIDDEN if len(hidden) in (1, sum(counts)) else total  # all of them one: the sum would say so
            break
        hidden.add(min(left, key=lambda place: counts[place]))
    return [HIDDEN if place in hidden else count for place, count in enumerate(counts)], total


def grid(counts: Sequence[Sequence[int]], row_totals: Sequence[Count] | None = None) -> list[list[Count]]:
    """A table of counts with its totals: a last column and a last row are added. What must be is hidden.

    `row_totals`: the totals of the rows as another table shows them already. They stay as they are there: to hide one
    here alone would hide nothing.
    """
    whole = _with_totals(counts)
    hidden = {(i, j) for i, row in enumerate(whole) for j, count in enumerate(row) if 0 < count < FEWEST}
    fixed: set[Spot] = set()
    for place, total in enumerate(row_totals or ()):
        fixed.add((place, len(whole[0]) - 1))
        (hidden.add if isinstance(total, Hidden) else hidden.discard)((place, len(whole[0]) - 1))
    while (spot := _needs_another(whole, hidden, fixed)) is not None:
        hidden.add(spot)
    return [[HIDDEN if (i, j) in hidden else count for j, count in enumerate(row)] for i, row in enumerate(whole)]


def told_by_totals(counts: Sequence[Sequence[int]], cells: Sequence[Sequence[Count]]) -> bool:
    """Whether the `cells` that `grid` made of `counts` still give a small number away, since a total had to stay."""
    whole = _with_totals(counts)
    hidden = {(i, j) for i, row in enumerate(cells) for j, cell in enumerate(row) if isinstance(cell, Hidden)}
    return any(True for _ in _given_away(whole, hidden))


def _with_totals(counts: Sequence[Sequence[int]]) -> list[list[int]]:
    whole = [[*row, sum(row)] for row in counts]
    return [*whole, [sum(column) for column in zip(*whole)] if whole else []]


def _needs_another(whole: list[list[int]], hidden: set[Spot], fixed: set[Spot]) -> Spot | None:
    """A cell that has to be hidden beside those that are, or None when all is well."""
    for spots in _lines(whole):
        here = [spot for spot in spots if spot in hidden]
        inner = [spot for spot in here if spot != spots[-1]]
        too_few = spots[-1] not in hidden and inner and _too_few([whole[i][j] for i, j in inner])
        if (len(here) == 1 or too_few) and (another := _smallest(whole, spots, hidden | fixed)):
            return another
    for told in _given_away(whole, hidden):
        along = [spot for spots in _lines(whole) if told in spots for spot in spots]
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


def _given_away(whole: list[list[int]], hidden: set[Spot]) -> Iterator[Spot]:
    """Small hidden cells that can be but one number.

    Rows lead to columns, columns to the row of totals, that to the corner and from there back to the rows: each cell is a
    pipe, and what is published says that as much flows into every point as out. A hidden cell can be more when more can
    flow round a circle through it, and less when less can. A pipe that is shown cannot be turned at all, and one in which
    1 flows cannot be turned down, unless a nought is hidden somewhere: then nobody can know that it is not this one.
    """
    least = min((whole[i][j] for i, j in hidden), default=1) and 1
    pipes = {spot: _ends(whole, spot) for spot in hidden}
    for spot in sorted(hidden):
        count, (begin, end) = whole[spot[0]][spot[1]], pipes[spot]
        if not 0 < count < FEWEST:
            continue
        others = {other: ends for other, ends in pipes.items() if other != spot}
        flows = {other: whole[other[0]][other[1]] > least for other in others}
        if not _leads(others, flows, end, begin) and not (count > least and _leads(others, flows, begin, end)):
            yield spot


def _ends(whole: list[list[int]], spot: Spot) -> tuple[Point, Point]:
    """The points a cell leads from and to; the last row and the last column are the totals."""
    row, column = spot
    height, width = len(whole) - 1, len(whole[0]) - 1
    if row == height:
        return (("totals", 0), ("corner", 0)) if column == width else (("column", column), ("totals", 0))
    return (("corner", 0), ("row", row)) if column == width else (("row", row), ("column", column))


def _leads(pipes: dict[Spot, tuple[Point, Point]], flows: dict[Spot, bool], begin: Point, end: Point) -> bool:
    """Whether something more can flow from `begin` to `end`: along a pipe, or against one that can be turned down."""
    reached, edge = {begin}, [begin]
    while edge:
        here = edge.pop()
        for spot, (first, last) in pipes.items():
            there = last if here == first else first if here == last and flows[spot] else None
            if there is not None and there not in reached:
                reached.add(there)
                edge.append(there)
    return end in reached
