"""Runs a file of questions and writes a TREC run, as the scoring tools read it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from directory.query import Query
from directory.search import Directory


def read_queries(text: str) -> list[tuple[str, str]]:
    """(id, question) of a tab-separated text; a header line, blank lines and further columns are passed over.

    Raises ValueError naming the line that has no tab.
    """
    queries = []
    for number, line in enumerate(text.lstrip("\ufeff").splitlines(), start=1):
        if not line.strip():
            continue
        identifier, tab, rest = line.partition("\t")
        if not tab:
            raise ValueError(f"line {number}: write the id, a tab, then the question.")
        if number == 1 and identifier.strip().casefold() in ("qid", "id", "query_id"):
            continue
        queries.append((identifier.strip(), rest.split("\t")[0].strip()))
    return queries


def run_queries(
    directory: Directory, queries: Iterable[tuple[str, str]], depth: int = 100, template: Query | None = None
) -> Iterator[str]:
    """TREC lines `qid Q0 docid rank score linkway`, best first, up to `depth` a question.

    `template` carries filters for all questions; its text, limit and offset are replaced.
    """
    for identifier, text in queries:
        query = replace(template or Query(), text=text, limit=depth, offset=0)
        for place, match in enumerate(directory.search(query).matches, start=1):
            yield f"{identifier} Q0 {match.id} {place} {match.score:.6f} linkway"
