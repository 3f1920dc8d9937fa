"""What other people's data becomes: the official examples, the validator's mocks and Seattle's resource guide, imported and counted.

    python -m benchmarks.open_referral FOLDER

FOLDER holds hsds-uk-3.0, hsds-3.0, oruk-validator-mocks and seattle_ecrg. None of it is part of this repository.
Prints counts and the commonest reasons, by source.
"""

from __future__ import annotations

import argparse
import csv
import io
import json
from collections import Counter
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import sqlalchemy as sa

from directory import store
from directory.import_csv import import_csv
from directory.importing import ImportReport, Way
from directory.openreferral.imports import import_json, import_tables
from directory.openreferral.writing import service_of
from directory.places import Places
from directory.store import all_listings

SEATTLE = {"organization_name": "name", "phone_number": "phone", "org_address": "address", "org_description": "description", "website": "url"}


def seattle_csv(file: Path) -> bytes:
    """The guide's export with our names for its columns."""
    with file.open(encoding="utf-8-sig", newline="") as rows:
        records = list(csv.DictReader(rows))
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, [SEATTLE.get(name, name) for name in records[0]])
    writer.writeheader()
    writer.writerows({SEATTLE.get(name, name): value for name, value in record.items()} for record in records)
    return out.getvalue().encode()


def seattle_services(file: Path) -> bytes:
    """The guide's services in the standard's form."""
    made = []
    for number, one in enumerate(json.loads(file.read_text(encoding="utf-8"))):
        made.append(
            {
                "id": f"seattle-{number}", "name": one.get("name"), "description": one.get("description"), "status": "active",
                "url": one.get("website"), "phones": [{"number": one.get("phone")}], "schedules": [{"description": one.get("hours")}],
                "service_at_locations": [{"location": {"location_type": "physical", "addresses": [{"address_1": one.get("address")}]}}],
                "attributes": [{"taxonomy_term": {"name": name, "taxonomy": "Guide"}} for name in one.get("categories", [])],
            }
        )  # fmt: skip
    return json.dumps(made).encode()


def imported(folder: Path) -> Iterator[tuple[str, ImportReport, bool]]:
    """(name, report, whether all of it went out and came back the same) of each source that is there."""
    places, way = Places.load(), Way("benchmark", today=date(2026, 11, 21))
    files = sorted([*folder.glob("hsds*/examples/*.json"), *folder.glob("oruk-validator-mocks/*/*.json")])
    for name in [*files, folder / "hsds-uk-3.0" / "examples" / "csv", *sorted(folder.glob("seattle_ecrg/*.[cj]s*"))]:
        engine = sa.create_engine("sqlite://", poolclass=sa.pool.StaticPool)
        store.create_tables(engine)
        if name.is_dir():
            report = import_tables(engine, name, way, places)
        elif name.suffix == ".csv":
            report = import_csv(engine, seattle_csv(name), source="benchmark", places=places)
        else:
            report = import_json(engine, seattle_services(name) if "seattle" in name.parts[-2] else name.read_bytes(), way, places)
        if not report.rows:
            continue
        listings = all_listings(engine)[1]
        sent = json.dumps([service_of(listing, public=False) for listing in listings]).encode()
        back = import_json(engine, sent, way, places)
        yield str(name.relative_to(folder)), report, not listings or back.unchanged == len(listings)
        engine.dispose()


def main() -> None:
    """Read the argument, import, print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    print("| source | records | listings | left out | why, by field | cells set aside | by field | comes back the same |")
    print("|---|---|---|---|---|---|---|---|")
    for name, report, same in imported(parser.parse_args().folder):
        why = ", ".join(f"{field or 'no service'} {many}" for field, many in Counter(e.column for e in report.errors).most_common(5))
        aside = ", ".join(f"{field} {many}" for field, many in Counter(w.column for w in report.warnings).most_common(5))
        left_out = len({error.row for error in report.errors})
        print(f"| {name} | {report.rows} | {report.added} | {left_out} | {why} | {len(report.warnings)} | {aside} | {'yes' if same else 'no'} |")


if __name__ == "__main__":
    main()
