"""Cells of our own CSV files: what a spreadsheet would run as a formula is written so that it does not."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence

_RUNS = re.compile(r"[=@+\-\t\r]")
# Temperatures, positions and telephone numbers begin with a sign and are no formulas.
_NUMBER = re.compile(r"[+\-]?[\d ().]*")


def harmless(text: str) -> str:
    """The text without NULs, which no CSV holds; behind an apostrophe where a spreadsheet would run it (OWASP, CSV injection)."""
    text = text.replace("\x00", "")
    return f"'{text}" if _RUNS.match(text) and not _NUMBER.fullmatch(text) else text


def unmasked(text: str) -> str:
    """The text as it was before `harmless`: our own export comes back the same."""
    return text[1:] if text[:1] == "'" and _RUNS.match(text[1:]) else text


def csv_bytes(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """A file that Excel shows rightly and runs nothing of: UTF-8 with a byte order mark."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(columns)
    writer.writerows([harmless(cell) for cell in row] for row in rows)
    return out.getvalue().encode("utf-8-sig", errors="replace")
