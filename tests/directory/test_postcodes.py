"""The whole country's postcodes: ONSPD as it is downloaded, taken in once, and what a listing and a patient gain by it."""

from __future__ import annotations

import gzip
import zipfile
from pathlib import Path
from types import SimpleNamespace

import pytest
from sqlalchemy.engine import Engine
from typer.testing import CliRunner

from assistant.commands.directory import app
from assistant.opening import open_directory
from assistant.settings import Settings, get_settings
from directory import store
from directory.encoder import Encoder
from directory.import_csv import import_csv
from directory.places import Places
from directory.postcodes import NAME, NoPostcodes, PostcodeTable, take_in

# The columns of an ONSPD that matter, in its order, and rows as it has them: ended, without a place, of Northern Ireland.
ONSPD = (
    '"pcd","pcd2","pcds","dointr","doterm","oscty","lat","long"\n'
    '"M14 5RX","M14  5RX","M14 5RX","198001","","E99999999",53.447123,-2.221456\n'
    '"LU1 1AA","LU1  1AA","LU1 1AA","198001","202001","E99999999",51.88123,-0.42987\n'
    '"GY1 1AA","GY1  1AA","GY1 1AA","199806","","L99999999",99.999999,0\n'
    '"BT1 1AA","BT1  1AA","BT1 1AA","198001","","N99999999",54.602,-5.92\n'
    '"M145RY","M14  5RY","M14 5RY","198001","","E99999999",x,-2.2\n'
)


def written(folder: Path, form: str) -> Path:
    file = folder / f"onspd.{form}"
    if form == "zip":
        with zipfile.ZipFile(file, "w") as packed:
            packed.writestr("Documents/names.csv", "a,b\n")
            packed.writestr("Data/ONSPD_MAY_2025_UK.csv", ONSPD)
    else:
        file.write_bytes(gzip.compress(ONSPD.encode()) if form == "csv.gz" else ONSPD.encode("utf-8-sig"))
    return file


@pytest.mark.parametrize("form", ["csv", "csv.gz", "zip"])
def test_the_file_is_taken_in_as_it_is_downloaded(tmp_path: Path, form: str) -> None:
    done = take_in(written(tmp_path, form), tmp_path / NAME)
    assert (done.kept, done.left_out) == (2, 3)
    places = Places.load(table=PostcodeTable(tmp_path / NAME))
    place = places.locate("near m145rx")
    assert place is not None and (place.name, place.precision, place.latitude, place.longitude) == ("M14 5RX", "postcode", 53.44712, -2.22146)
    luton = places.locate("LU1 1AA")
    assert luton is not None and luton.latitude == 51.88123, "before the file that comes with it"
    unknown = places.locate("M14 9ZZ")
    assert unknown is not None and unknown.precision == "outcode"
    assert [found.name for found in places.find_places("I live at M14 5RX, near LU1 1AA")] == ["M14 5RX", "LU1 1AA"]


def test_what_is_no_such_file_says_so_and_leaves_the_one_there_is(tmp_path: Path) -> None:
    take_in(written(tmp_path, "csv"), tmp_path / NAME)
    before = (tmp_path / NAME).read_bytes()
    for name, text, said in (("a.csv", "postcode,lat\n", "longitude"), ("b.csv", "postcode,lat,long\nBT1 1AA,54,-5\n", "no row"), ("c.zip", "no", "damaged")):
        (tmp_path / name).write_text(text, encoding="utf-8")
        with pytest.raises(NoPostcodes, match=said):
            take_in(tmp_path / name, tmp_path / NAME)
    assert (tmp_path / NAME).read_bytes() == before and not list(tmp_path.glob(".post*"))


def test_the_command_takes_it_in_and_the_directory_uses_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, engine: Engine, encoder: Encoder) -> None:
    monkeypatch.setenv("LINKWAY_HOME", str(tmp_path))
    get_settings.cache_clear()
    said = CliRunner().invoke(app, ["postcodes", str(written(tmp_path, "zip"))])
    assert said.exit_code == 0 and (tmp_path / NAME).is_file(), said.output
    places = open_directory(Settings(home=tmp_path), SimpleNamespace(engine=engine)).places  # type: ignore[arg-type]
    get_settings.cache_clear()
    import_csv(engine, b"id,name,description,postcode\none,One,Tea,M14 5RX\n", source="x", places=Places.load())
    assert store.get_listing(engine, "one").latitude != 53.44712  # type: ignore[union-attr]
    report = import_csv(engine, b"id,name,description,postcode\none,One,Tea,M14 5RX\n", source="x", places=places)
    assert report.updated == 1 and store.get_listing(engine, "one").latitude == 53.44712  # type: ignore[union-attr]
