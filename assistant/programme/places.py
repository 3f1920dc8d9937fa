"""Towns and neighbourhoods a patient may type (programme/places.csv), each with a point on the map."""

from __future__ import annotations

import re
from pathlib import Path

from pydantic import BaseModel, ValidationError, confloat, constr

from assistant.programme.reading import Problem, from_validation, read_csv

COLUMNS = ["name", "also_called", "outcode", "latitude", "longitude"]
_HELP = {
    "outcode": "The first half of a postcode, like LU4.",
    "latitude": "Degrees north, like 51.8795.",
    "longitude": "Degrees east, like -0.4175.",
}


class Place(BaseModel):
    """A place by name. `latitude` and `longitude` are WGS84 degrees, good to a few hundred metres."""

    name: constr(min_length=1)  # type: ignore[valid-type]
    also_called: tuple[str, ...]
    outcode: constr(regex=r"^[A-Z]{1,2}\d[A-Z\d]?$")  # type: ignore[valid-type]
    latitude: confloat(ge=49.8, le=60.9)  # type: ignore[valid-type]
    longitude: confloat(ge=-8.7, le=1.8)  # type: ignore[valid-type]

    class Config:
        """Rows never change after loading."""

        allow_mutation = False


def place_key(text: str) -> str:
    """How names are compared: small letters, no punctuation, single spaces ('St. Albans' is 'st albans')."""
    return " ".join(re.sub(r"[^a-z0-9& ]", " ", text.lower().replace("'", "")).split())


def load_places(folder: Path, problems: list[Problem]) -> list[Place]:
    """The places, in the file's order. A name used twice is a fault: nobody could say which was meant."""
    path = folder / "places.csv"
    found: list[Place] = []
    used: dict[str, str] = {}
    for line, row in read_csv(path, COLUMNS, problems):
        other_names = tuple(name.strip() for name in row["also_called"].split(";") if name.strip())
        where = f"line {line}, {row['name'] or 'no name'}"
        try:
            place = Place.parse_obj({**row, "also_called": other_names})
        except ValidationError as error:
            problems.extend(from_validation(error, path.name, where, _HELP))
            continue
        for key in dict.fromkeys(place_key(name) for name in (place.name, *other_names)):
            if key in used:
                problems.append(Problem(path.name, where, f"'{key}' already stands for {used[key]}"))
            used[key] = place.name
        found.append(place)
    return found
