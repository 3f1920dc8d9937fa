"""Plots as SVG made here: bars, columns by month, and changes with their intervals. No script and no style needed.

Lengths are percentages and letters keep their size, so a plot is as readable at 320 pixels as on a wall. Colours are
of the Okabe-Ito set, told apart by people who do not see all colours; every bar carries its figure as well. Where
there is more than one colour each has its own hatching, so that a board paper can be printed in black and white.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

BLUE, ORANGE, GREEN = "#0072b2", "#b86e00", "#00795a"  # the last two darkened until they stand out on white
COLOURS = (BLUE, ORANGE, GREEN)
INK, SOFT, TRACK = "#1c2b2d", "#45585a", "#e7eeed"
_ROW = 46
_BAR = 68  # per cent of the width; the figure stands right of the bar, so that the longest name above it meets nothing


@dataclass(frozen=True)
class Plot:
    """`svg` is the whole picture, with its title and a description in words; `caption` says what is drawn and in what unit."""

    svg: str
    caption: str = ""


def _picture(name: str, title: str, told: str, height: int, inside: list[str], caption: str) -> Plot:
    head = (
        f'<svg class="plot" xmlns="http://www.w3.org/2000/svg" role="img" width="100%" height="{height}" '
        f'aria-labelledby="{name}-title {name}-told" font-family="Arial, sans-serif" font-size="15">'
        f'<title id="{name}-title">{escape(title)}</title><desc id="{name}-told">{escape(told)}</desc>'
    )
    return Plot(head + "".join(inside) + "</svg>", caption)


def _text(x: float | str, y: float, words: str, *, anchor: str = "start", fill: str = INK, bold: bool = False) -> str:
    weight = ' font-weight="bold"' if bold else ""
    return f'<text x="{x}" y="{y}" text-anchor="{anchor}" fill="{fill}"{weight}>{escape(words)}</text>'


def bars(name: str, title: str, values: Sequence[tuple[str, float | None, str]], colour: str = BLUE, caption: str = "") -> Plot:
    """A bar a row: (label, value, the value in words). None is a value that is held back: its row keeps no bar."""
    most = max((value for _, value, _ in values if value), default=0) or 1
    inside = []
    for place, (label, value, words) in enumerate(values):
        top = place * _ROW
        inside.append(_text(0, top + 16, label) + _text("100%", top + 35, words, anchor="end", bold=True))
        inside.append(f'<rect x="0" y="{top + 23}" width="{_BAR}%" height="14" fill="{TRACK}"/>')
        if value:
            inside.append(f'<rect x="0" y="{top + 23}" width="{max(_BAR * value / most, 0.5):.1f}%" height="14" fill="{colour}"/>')
    told = "; ".join(f"{label}: {words}" for label, _, words in values)
    return _picture(name, title, told, len(values) * _ROW, inside, caption)


def _hatching(name: str) -> str:
    """Full, striped and dotted: fills that stay apart without their colours."""
    head = 'patternUnits="userSpaceOnUse" width="8" height="8"'
    return (
        f'<defs><pattern id="{name}-fill-0" {head}><rect width="8" height="8" fill="{BLUE}"/></pattern>'
        f'<pattern id="{name}-fill-1" {head}><rect width="8" height="8" fill="#fff"/>'
        f'<path d="M-2 2 L2 -2 M0 8 L8 0 M6 10 L10 6" stroke="{ORANGE}" stroke-width="2.5"/></pattern>'
        f'<pattern id="{name}-fill-2" {head}><rect width="8" height="8" fill="#fff"/><circle cx="4" cy="4" r="2.4" fill="{GREEN}"/></pattern></defs>'
    )


def columns(name: str, title: str, months: Sequence[str], series: Sequence[tuple[str, Sequence[int]]], caption: str = "") -> Plot:
    """Columns side by side for each month ('Nov 2026'), a colour with its hatching and a place in the key for each series."""
    most = max((value for _, values in series for value in values), default=0) or 1
    base = 24 * len(series) + 14 + 160
    fills = [f'fill="url(#{name}-fill-{place % len(COLOURS)})" stroke="{COLOURS[place % len(COLOURS)]}"' for place in range(len(series))]
    inside = [_hatching(name)]
    for place, (label, values) in enumerate(series):
        y = 24 * place
        inside.append(f'<rect x="1" y="{y + 1}" width="16" height="16" {fills[place]}/>' + _text(26, y + 14, f"{label}: {sum(values):,}"))
    step = 100 / max(len(months), 1)
    wide = step * 0.8 / max(len(series), 1)
    every = -(-len(months) // 6)  # six months' names at most fit on a telephone
    for m, month in enumerate(months):
        for s, (_, values) in enumerate(series):
            tall = 130 * values[m] / most
            x = m * step + step * 0.1 + s * wide
            if values[m]:
                inside.append(f'<rect x="{x:.2f}%" y="{base - tall:.1f}" width="{wide * 0.92:.2f}%" height="{tall:.1f}" {fills[s]}/>')
            if values[m] and len(months) <= 6:
                inside.append(_text(f"{x + wide * 0.46:.2f}%", base - tall - 5, f"{values[m]:,}", anchor="middle"))
        if m % every == 0:
            for line, words in enumerate(month.split()):  # the year under the month: six fit on a telephone
                inside.append(_text(f"{m * step + step / 2:.2f}%", base + 20 + 18 * line, words, anchor="middle", fill=SOFT))
    inside.append(f'<line x1="0" x2="100%" y1="{base}" y2="{base}" stroke="{SOFT}"/>')
    told = "; ".join(f"{label}: " + ", ".join(f"{month} {value}" for month, value in zip(months, values)) for label, values in series)
    return _picture(name, title, told, base + 46, inside, caption)


def changes(name: str, title: str, values: Sequence[tuple[str, float, float, float]], caption: str = "") -> Plot:
    """A dot for each mean change and a line for its interval: (label, mean, low, high), around a line at no change."""
    reach = max((abs(bound) for _, mean, low, high in values for bound in (mean, low, high)), default=1) or 1

    def at(value: float) -> str:
        return f"{50 + 46 * value / reach:.2f}%"

    height, inside = len(values) * 56 + 26, []
    inside.append(f'<line x1="50%" x2="50%" y1="0" y2="{height - 22}" stroke="{SOFT}" stroke-dasharray="4 4"/>')
    for place, (label, mean, low, high) in enumerate(values):
        y = place * 56 + 38
        inside.append(_text(0, y - 20, label) + _text("100%", y - 20, _signed(mean), anchor="end", bold=True))
        inside.append(f'<line x1="{at(low)}" x2="{at(high)}" y1="{y}" y2="{y}" stroke="{BLUE}" stroke-width="3"/>')
        inside += [f'<line x1="{at(end)}" x2="{at(end)}" y1="{y - 7}" y2="{y + 7}" stroke="{BLUE}" stroke-width="3"/>' for end in (low, high)]
        inside.append(f'<circle cx="{at(mean)}" cy="{y}" r="7" fill="{BLUE}"/>')
    inside.append(_text(0, height - 4, f"\u2212{reach:.1f}", fill=SOFT) + _text("50%", height - 4, "no change", anchor="middle", fill=SOFT))
    inside.append(_text("100%", height - 4, f"+{reach:.1f}", anchor="end", fill=SOFT))
    told = "; ".join(f"{label}: {mean:+.1f}, from {low:+.1f} to {high:+.1f}" for label, mean, low, high in values)
    return _picture(name, title, told, height, inside, caption)


def _signed(value: float) -> str:
    """'+1.1', and a true minus."""
    return f"{value:+.1f}".replace("-", "\u2212")
