"""Reading the programme's YAML and CSV files, and collecting what is wrong in them for one plain report."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml  # type: ignore[import-untyped]
from pydantic import BaseModel, ValidationError

from assistant.errors import LinkwayError

PLACEHOLDER = re.compile(r"\{([a-z0-9_]+)\}")


@dataclass(frozen=True)
class Problem:
    """One fault: the file it is in, the key to look for, and what to do about it."""

    file: str
    key: str
    fix: str

    def __str__(self) -> str:
        """'programme.yml: practices.wardown-park.phone: missing ...'"""
        return f"{self.file}: {self.key}: {self.fix}"


class ProgrammeError(LinkwayError):
    """The programme folder cannot be used as it is; `problems` holds every fault, not only the first."""

    title = "The programme folder needs attention"

    def __init__(self, problems: list[Problem]) -> None:
        """Join the faults into one message, a line each."""
        self.problems = list(dict.fromkeys(problems))
        count = len(self.problems)
        heading = f"{count} {'thing needs' if count == 1 else 'things need'} mending in the programme folder:"
        super().__init__("\n".join([heading, *(f"  {problem}" for problem in self.problems)]))


class _Text(yaml.BaseLoader):
    """YAML with every value as text, so that 09:00, no and 01632 stay as typed; repeated keys fail."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        """As PyYAML, but a key given twice is a fault: the second would silently win."""
        seen: set[str] = set()
        for key, _ in node.value:
            if key.value in seen:
                raise yaml.constructor.ConstructorError(
                    None, None, f"the key '{key.value}' stands here twice", key.start_mark
                )
            seen.add(key.value)
        return super().construct_mapping(node, deep)


def read_yaml(path: Path, problems: list[Problem]) -> dict[str, Any]:
    """The mapping in `path` with all values as text; {} and a problem when it cannot be read."""
    try:
        found = yaml.load(path.read_text(encoding="utf-8"), Loader=_Text)
    except FileNotFoundError:
        problems.append(Problem(path.name, "file", "missing: put it back from the version you had"))
        return {}
    except UnicodeDecodeError:
        problems.append(Problem(path.name, "file", "save it as UTF-8 text"))
        return {}
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f"line {mark.line + 1}" if mark else "file"
        what = getattr(error, "problem", None) or "not valid YAML"
        problems.append(Problem(path.name, where, f"{what}; check quotes, colons and indents"))
        return {}
    if not isinstance(found, dict):
        problems.append(Problem(path.name, "file", "must hold keys and values"))
        return {}
    return found


def read_csv(path: Path, columns: list[str], problems: list[Problem]) -> list[tuple[int, dict[str, str]]]:
    """Rows of `path` with their line numbers, cells trimmed; a problem for a missing file, column or cell."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file)
            missing = [name for name in columns if name not in (reader.fieldnames or [])]
            if missing:
                problems.append(Problem(path.name, "line 1", f"add the column {', '.join(missing)}"))
                return []
            rows = []
            for row in reader:
                if None in row or None in row.values():
                    fix = (
                        f"has the wrong number of cells; a row needs {len(columns)}, with quotes round commas"
                    )
                    problems.append(Problem(path.name, f"line {reader.line_num}", fix))
                    continue
                rows.append((reader.line_num, {name: (row[name] or "").strip() for name in columns}))
            return rows
    except FileNotFoundError:
        problems.append(Problem(path.name, "file", "missing: put it back from the version you had"))
    except UnicodeDecodeError:
        problems.append(Problem(path.name, "file", "save it as UTF-8 text"))
    return []


def purposes(model: type[BaseModel]) -> dict[str, str]:
    """What each field of `model` is for, by name, to say beside a fault."""
    return {name: field.field_info.description or "" for name, field in model.__fields__.items()}


def from_validation(
    error: ValidationError, file: str, under: str | Callable[[str], str], helps: dict[str, str]
) -> list[Problem]:
    """Problems for pydantic's faults.

    `under` is where the fields stand ('cost', 'line 4, shout'), or gives it for a field's name.
    `helps` says what a field is for. Positions in lists are counted from 1, as people do.
    """
    found = []
    for fault in error.errors():
        place = [
            str(part + 1) if isinstance(part, int) else part for part in fault["loc"] if part != "__root__"
        ]
        purpose = helps.get(place[0], "")
        if fault["type"] in {"value_error.missing", "value_error.any_str.min_length"}:
            fix = f"missing or empty: fill it in. {purpose}"
        elif fault["type"] == "value_error.extra":
            fix = "not a key we know: check the spelling, or take it out"
        else:
            fix = f"{fault['msg']}. {purpose}"
        start = under if isinstance(under, str) else under(place[0])
        found.append(Problem(file, ".".join([start, *place]), fix.strip()))
    return found


def fill(text: str, facts: dict[str, str]) -> str:
    """`text` with each {name} replaced from `facts`. Raises KeyError naming one it does not know."""
    return PLACEHOLDER.sub(lambda match: facts[match.group(1)], text)
