"""Postcodes, outcodes and names as patients write them, and the distances between them."""

from __future__ import annotations

import csv

import pytest

from directory.places import DATA, Places, distance_km


@pytest.mark.parametrize(
    ("said", "name", "precision"),
    [
        ("LU3 2AB", "LU3 2AB", "postcode"),
        ("lu32ab", "LU3 2AB", "postcode"),
        ("LU3", "LU3", "outcode"),
        ("my postcode is LU3 2", "LU3", "outcode"),
        ("SW1A 1AA", "SW1A", "outcode"),
        ("bury park", "Bury Park", "place"),
        ("near Dunstable.", "Dunstable", "place"),
        ("I live in Luton", "Luton", "place"),
        ("dunstabel", "Dunstable", "place"),
        ("M1", "M1", "outcode"),
    ],
)
def test_places_are_found_in_a_patients_words(places: Places, said: str, name: str, precision: str) -> None:
    place = places.locate(said)
    assert place is not None and (place.name, place.precision) == (name, precision)


@pytest.mark.parametrize("said", ["", "ZZ9 9ZZ", "the moon", "x" * 500, "LU", "12345"])
def test_what_is_no_place_is_none(places: Places, said: str) -> None:
    assert places.locate(said) is None


def test_places_in_a_sentence_come_in_order_and_vitamins_and_motorways_do_not(places: Places) -> None:
    text = "my B12 is low, I live near lu4 off the M1 and go to Bury Park or LU1 1AA"
    assert [place.name for place in places.find_places(text)] == ["LU4", "Bury Park", "LU1 1AA"]


def test_distances_are_right_to_a_percent() -> None:
    # London to Edinburgh, King's Cross to Waverley: 534 km in a straight line.
    assert distance_km(51.5308, -0.1238, 55.9520, -3.1890) == pytest.approx(534, rel=0.01)
    assert distance_km(51.9, -0.4, 51.9, -0.4) == 0


def test_the_outcodes_are_of_great_britain_only_and_their_source_is_named() -> None:
    with (DATA / "outcodes.csv").open(encoding="utf-8") as handle:
        codes = [row["outcode"] for row in csv.DictReader(handle)]
    assert len(codes) == len(set(codes)) > 2800
    assert not [code for code in codes if code.startswith(("BT", "JE", "GY", "IM"))]
    notice = (DATA / "NOTICE.md").read_text(encoding="utf-8")
    assert "Crown copyright" in notice and "Open Government Licence" in notice and "Royal Mail" in notice


def test_a_further_file_of_postcodes_can_be_given(tmp_path) -> None:  # type: ignore[no-untyped-def]
    extra = tmp_path / "postcodes.csv"
    extra.write_text("postcode,latitude,longitude\nMK40 1AA,52.1401,-0.4702\n", encoding="utf-8")
    place = Places.load(postcodes=extra).locate("mk40 1aa")
    assert place is not None and (place.precision, place.latitude) == ("postcode", 52.1401)


def test_a_bad_row_of_the_practices_places_is_named(tmp_path) -> None:  # type: ignore[no-untyped-def]
    names = tmp_path / "places.csv"
    names.write_text("name,latitude,longitude\nLuton,51.8,-0.4\nNowhere,,\n", encoding="utf-8")
    with pytest.raises(ValueError, match="places.csv row 3"):
        Places.load(names)
