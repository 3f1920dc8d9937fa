"""Tables as CSV that no spreadsheet runs, plots that say in words what they show, and the days a report is of."""

from __future__ import annotations

import csv
import io
from datetime import date, datetime, timezone
from xml.etree import ElementTree

import pytest

from assistant.clock import clock
from assistant.errors import BadInput
from assistant.reports.outcomes import mean_and_interval, value_of
from assistant.reports.plots import bars, changes, columns
from assistant.reports.scope import month_scope, scope_of, shortcuts
from assistant.reports.spread import median, ninetieth
from assistant.reports.suppress import HIDDEN
from assistant.reports.table import Table, as_csv, in_words
from assistant.reports.words import group, month, outcode_in, reason

SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(autouse=True)
def monday():
    clock.set(datetime(2026, 11, 23, 10, 0, tzinfo=timezone.utc))
    yield
    clock.run()


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", " ="])
def test_words_that_begin_like_a_formula_are_made_harmless(start):
    nasty = f"{start}HYPERLINK(1)"
    rows = list(csv.reader(io.StringIO(as_csv(Table("t", nasty, nasty, (nasty,), [(nasty, 3)], (nasty,)), [("Practice", nasty)]))))
    cells = [cell for row in rows for cell in row if "HYPERLINK" in cell]
    assert len(cells) == 6 and all(cell.startswith("'") for cell in cells)


def test_figures_stay_figures_and_hidden_ones_say_so():
    text = as_csv(Table("t", "T", "About", ("A", "B", "C"), [("x", -0.5, HIDDEN), ("y", 3, None), ("z", 200 / 3, 0.0)]))
    assert "z,66.6667,0.0\r\n" in text
    assert text.startswith("\ufeffTable,T\r\n") and "x,-0.5,hidden\r\n" in text and "y,3,\r\n" in text


def test_an_empty_table_says_that_nothing_is_there():
    assert "Nothing in these dates yet." in as_csv(Table("t", "T", "About", ("A",), []))


def test_cells_in_words():
    assert [in_words(c) for c in (None, 1234, -0.55, HIDDEN, "a")] == ["-", "1,234", "\u22120.6", "hidden", "a"]


@pytest.mark.parametrize(
    "plot",
    [
        bars("a", "Bars & <more>", [("One <b>", 3, "3"), ("Two", None, "hidden"), ("Three", 0, "0")]),
        columns("b", "Months", ["Oct 26", "Nov 26"], [("Lists", [3, 0]), ("Referrals", [0, 9])]),
        changes("c", "Change", [("Happy", 0.8, 0.2, 1.4), ("Anxious", -1.0, -1.8, -0.2)]),
        bars("d", "None", []),
    ],
)
def test_a_plot_is_a_picture_with_a_title_and_its_content_in_words(plot):
    root = ElementTree.fromstring(plot.svg)
    told = {child.attrib["id"]: child.text for child in root if child.tag in (f"{SVG}title", f"{SVG}desc")}
    assert root.attrib["role"] == "img" and set(root.attrib["aria-labelledby"].split()) == set(told)
    assert "style" not in plot.svg and "script" not in plot.svg


def test_columns_are_told_apart_without_their_colours():
    """Board papers are printed in black and white: full, striped and dotted."""
    plot = columns("b", "Months", ["Oct 2026"], [("Lists", [3]), ("Taken", [4]), ("Referrals", [9])], "Number of each.")
    root = ElementTree.fromstring(plot.svg)
    inside = {pattern.attrib["id"]: [child.tag.removeprefix(SVG) for child in pattern] for pattern in root.iter(f"{SVG}pattern")}
    used = {rect.attrib["fill"] for rect in root.iter(f"{SVG}rect") if "url" in rect.attrib["fill"]}
    assert used == {f"url(#{name})" for name in inside} and len({tuple(parts) for parts in inside.values()}) == 3
    assert [text.text for text in root.iter(f"{SVG}text")][-2:] == ["Oct", "2026"] and plot.caption == "Number of each."


def test_a_change_says_how_much_it_is():
    assert "+0.8<" in changes("c", "Change", [("Happy", 0.8, 0.2, 1.4)]).svg and "\u22121.0<" in changes("c", "C", [("Anxious", -1.0, -1.8, -0.2)]).svg


def test_months_that_these_days_only_touch_are_known():
    assert scope_of("2026-08-24", "2026-11-21", None).whole_months() == [False, True, True, False]
    assert scope_of("2025-12-01", "2025-12-31", None).whole_months() == [True] and month((2026, 8)) == "Aug 2026"


def test_days_are_days_in_england_both_included():
    clock.set(datetime(2026, 6, 30, 23, 30, tzinfo=timezone.utc))  # half past midnight of July, summer time
    scope = scope_of("", "", None)
    assert scope.last == date(2026, 7, 1) and (scope.last - scope.first).days == 89
    assert scope.holds(clock.now()) and not scope_of("2026-06-01", "2026-06-30", None).holds(clock.now())


@pytest.mark.parametrize(("first", "last"), [("2026-11-31", ""), ("yesterday", ""), ("2026-11-20", "2026-11-19"), ("1999-01-01", ""), ("2015-01-01", "2026-11-01")])
def test_dates_that_cannot_be_say_what_to_change(first, last):
    with pytest.raises(BadInput):
        scope_of(first, last, None)


def test_months():
    assert (month_scope("", None).first, month_scope("2026-02", None).last) == (date(2026, 10, 1), date(2026, 2, 28))
    assert scope_of("2025-12-30", "2026-02-01", None).months() == [(2025, 12), (2026, 1), (2026, 2)]
    assert [words for words, _ in shortcuts()] == ["This month", "Last month", "Last 90 days", "Since April"]
    with pytest.raises(BadInput):
        month_scope("2026-13", None)


def test_mean_and_interval_agree_with_a_hand_worked_case():
    mean, low, high = mean_and_interval([1.0, 2.0, 3.0, 4.0, 5.0])
    assert (round(mean, 3), round(low, 3), round(high, 3)) == (3.0, 1.037, 4.963)  # t of 4 degrees is 2.776
    assert mean_and_interval([2.0]) == (2.0, None, None)
    with pytest.raises(ValueError):
        mean_and_interval([])


def test_answers_are_places_on_their_own_scale_and_nothing_else_counts():
    assert value_of("ons_happy", 7) == value_of("ons_happy", "7") == 7.0
    assert value_of("ons_happy", "lots") is value_of("lonely_often", "Often") is value_of("lonely_isolated", None) is None
    assert value_of("lonely_often", "Often or always") == 5.0 and value_of("lonely_left_out", "Often") == 3.0


def test_medians():
    assert median([]) is None and median([3, 1, 2]) == 2 and ninetieth(list(range(11))) == 9


def test_words():
    assert outcode_in(None, ["near lu3 please"]) == "LU3" and outcode_in("LU1 2BG") == "LU1" and outcode_in("Marsh Farm") is None
    assert group("45-64") == "45-64" and group(None) == "Not told" and group("female") == "Female"
    assert reason("not_now") == "Not the right time" and reason(None) == "Not told" and reason("moon_phase") == "Moon phase"
