"""Small numbers are held back, and no sum gives them back: checked by asking a solver for what could still be true."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from assistant.reports.suppress import FEWEST, HIDDEN, Hidden, grid, line, shown, told_by_totals


def span(published, spot, least=1):
    """The least and the most the hidden cell at `spot` could be, for somebody who has the published table."""
    height, width = len(published), len(published[0])
    equations, totals = [], []
    for i in range(height):
        row = np.zeros((height, width))
        row[i, :-1], row[i, -1] = 1, -1
        equations.append(row.ravel())
    for j in range(width):
        column = np.zeros((height, width))
        column[:-1, j], column[-1, j] = 1, -1
        equations.append(column.ravel())
    bounds = [(least, None) if isinstance(cell, Hidden) else (cell, cell) for row in published for cell in row]
    wanted = np.zeros(height * width)
    wanted[spot[0] * width + spot[1]] = 1
    totals = np.zeros(len(equations))
    low = linprog(wanted, A_eq=np.array(equations), b_eq=totals, bounds=bounds, method="highs")
    high = linprog(-wanted, A_eq=np.array(equations), b_eq=totals, bounds=bounds, method="highs")
    return low.fun if low.status == 0 else None, -high.fun if high.status == 0 else float("inf")


def test_one_number_alone():
    assert [str(shown(n)) for n in (0, 1, 4, 5)] == ["0", "hidden", "hidden", "5"]


def test_a_single_small_number_takes_the_next_smallest_with_it():
    assert line([12, 3, 7, 0]) == ([12, HIDDEN, HIDDEN, 0], 22)
    assert line([2, 3]) == ([HIDDEN, HIDDEN], 5)
    assert line([1, 1, 9, 8]) == ([HIDDEN, HIDDEN, 9, HIDDEN], 19)  # 1 and 1 of 2 would be told by their sum


def test_a_line_of_one_small_number_hides_its_total():
    assert line([3]) == ([HIDDEN], HIDDEN) and line([]) == ([], 0) and line([4, 0]) == ([HIDDEN, 0], HIDDEN)


def test_hidden_ones_are_not_told_by_how_many_they_are():
    """Five hidden numbers that make five are five ones, since a nought would be shown."""
    assert line([1, 1, 1, 1, 1]) == ([HIDDEN] * 5, HIDDEN)
    assert line([1, 1, 1, 1, 1, 9]) == ([HIDDEN] * 6, 14) and line([1, 1, 1, 2, 8, 9]) == ([HIDDEN] * 5 + [9], 22)
    assert line([2, 2, 1, 1]) == ([HIDDEN] * 4, 6)  # each may be 1, 2 or 3
    apart = grid([[1, 1, 1, 1, 1], [9, 9, 9, 9, 9]], [5, 45])
    assert told_by_totals([[1, 1, 1, 1, 1], [9, 9, 9, 9, 9]], apart), "the total stands elsewhere: such a table is not shown"
    free = grid([[1, 1, 1, 1, 1], [9, 9, 9, 9, 9]])
    assert not told_by_totals([[1, 1, 1, 1, 1], [9, 9, 9, 9, 9]], free) and isinstance(free[0][-1], Hidden)


def test_ones_are_not_told_round_the_corner_either():
    """1 and 5, 1: with the 5 shown, the grand total of 7 would say that both others are 1."""
    counts = [[0, 0], [1, 0], [5, 1]]
    table = grid(counts, line([sum(row) for row in counts])[0])
    assert not told_by_totals(counts, table) and isinstance(table[2][0], Hidden)


def test_nothing_small_hides_nothing():
    assert grid([[5, 6], [0, 9]]) == [[5, 6, 11], [0, 9, 9], [5, 15, 20]]


def test_a_small_cell_cannot_be_had_back_from_its_totals():
    table = grid([[20, 3, 9], [8, 11, 7], [6, 5, 30]])
    assert sum(isinstance(cell, Hidden) for row in table for cell in row) >= 4


@settings(max_examples=60, deadline=None, derandomize=True)
@given(st.integers(1, 5).flatmap(lambda w: st.lists(st.lists(st.one_of(st.integers(0, 1), st.integers(0, 4), st.integers(0, 25)), min_size=w, max_size=w), min_size=1, max_size=5)))
@pytest.mark.parametrize("also_apart", [False, True])
def test_no_sum_gives_a_hidden_number_back(also_apart, counts):
    totals = line([sum(row) for row in counts])[0] if also_apart else None
    published = grid(counts, totals)
    assert totals is None or [row[-1] for row in published[:-1]] == totals
    noughts = any(isinstance(cell, Hidden) and not count for row, real in zip(published, counts) for cell, count in zip(row, real))
    for i, row in enumerate(published):
        for j, cell in enumerate(row):
            whole = (*counts[i], sum(counts[i])) if i < len(counts) else (*map(sum, zip(*counts)), sum(map(sum, counts)))
            if isinstance(cell, Hidden) and 0 < whole[j] < FEWEST:
                low, high = span(published, (i, j), 0 if noughts else 1)
                assert low is None or high - low >= 1 or told_by_totals(counts, published), (published, i, j)
                assert also_apart or not told_by_totals(counts, published)
            elif not isinstance(cell, Hidden):
                assert cell == whole[j]


@given(st.lists(st.integers(0, 30), max_size=8))
def test_a_line_keeps_what_it_shows_true(counts):
    cells, total = line(counts)
    assert all(isinstance(cell, Hidden) or cell == count for cell, count in zip(cells, counts))
    hidden = [count for cell, count in zip(cells, counts) if isinstance(cell, Hidden)]
    assert isinstance(total, Hidden) or not hidden or (len(hidden) >= 2 and sum(hidden) >= FEWEST and sum(hidden) > len(hidden))


@pytest.mark.parametrize("count", range(1, FEWEST))
def test_no_small_number_is_ever_shown(count):
    assert all(isinstance(cell, Hidden) or cell == 0 or cell >= FEWEST for row in grid([[count, 40], [40, count]]) for cell in row)
