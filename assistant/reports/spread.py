"""Medians and ninetieth percentiles of times, in words that fit them."""

from __future__ import annotations

from collections.abc import Sequence


def quantile(values: Sequence[float], share: float) -> float | None:
    """The value that `share` of them do not go beyond, between two where it falls between; None for none."""
    if not values:
        return None
    ordered = sorted(values)
    place = share * (len(ordered) - 1)
    low = int(place)
    high = min(low + 1, len(ordered) - 1)
    return float(ordered[low] + (ordered[high] - ordered[low]) * (place - low))


def median(values: Sequence[float]) -> float | None:
    """Half take no longer."""
    return quantile(values, 0.5)


def ninetieth(values: Sequence[float]) -> float | None:
    """Nine in ten take no longer."""
    return quantile(values, 0.9)
