"""Imports a feed: all of its pages first, then one transaction. A feed that was not read whole removes nothing."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from sqlalchemy.engine import Engine

from directory.importing import Error, ImportReport, Progress, Way
from directory.openreferral.feed import PAGE_SIZE, FeedReader
from directory.openreferral.fetch import FeedError, Fetcher
from directory.openreferral.imports import import_records
from directory.places import Places


def import_feed(
    engine: Engine,
    url: str,
    folder: Path,
    way: Way,
    places: Places | None = None,
    progress: Progress | None = None,
    fetcher: Fetcher | None = None,
    page_size: int = PAGE_SIZE,
) -> ImportReport:
    """As `import_csv`, from the feed at `url`; `folder` keeps its pages, to go on after a break and to ask only for changes.

    A feed cannot vouch for itself, nor change a listing of another source.
    """
    way = replace(way, own_ids_alone=True)
    report = way.report()
    own = fetcher or Fetcher()
    try:
        feed = FeedReader(url, folder, own, page_size).read(progress)
    except FeedError as error:
        report.errors.append(Error(0, "", "", str(error), path="the feed"))
        return report
    finally:
        if fetcher is None:
            own.close()
    report.warnings += [Error(0, "", "", problem, path="the feed") for problem in feed.problems]
    report.errors += [Error(0, "", "", why, path=path) for path, why in feed.missing]
    if way.replace_source and (not feed.complete or feed.missing):
        message = "It was not read whole, so nothing was removed."
        report.warnings.append(Error(0, "", "", message, path="the feed"))
        way = replace(way, source=way.replace_source, replace_source=None)
    gone = {path for path, _ in feed.missing}
    records = [record for record in feed.records if record.path not in gone]
    return import_records(engine, records, way, feed.digest, places, progress, report)
