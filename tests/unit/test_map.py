"""docs/map.md shows every room, and every file that it sends people to is there."""

import re
from itertools import takewhile
from pathlib import Path

ROOT = Path(__file__).parents[2]
MAP = (ROOT / "docs" / "map.md").read_text(encoding="utf-8")


def quoted(text: str) -> list[str]:
    return re.findall(r"`([^`]+)`", text)


def table(first: str) -> list[list[str]]:
    """Return the cells of each row of the table whose first column is called so."""
    lines = MAP.partition(f"| {first} |")[2].splitlines()[2:]
    rows = [line.strip("| ").split(" | ") for line in lines]
    return list(takewhile(lambda row: row != [""], rows))


def test_every_room_is_in_the_map_and_every_room_of_the_map_exists() -> None:
    folders = {f"{path.parent.name}/" for path in (ROOT / "bot").glob("*/__init__.py")}
    files = {path.name for path in (ROOT / "bot").glob("*.py")} - {"__init__.py"}
    rows = [quoted(room)[0] for room, _ in table("room in `bot/`")]
    assert sorted(rows) == sorted(files | folders)


def test_every_file_that_the_map_sends_people_to_exists() -> None:
    named = [name for _, places in table("to change …") for name in quoted(places)]
    assert [name for name in named if not (ROOT / name).exists()] == []


def test_there_are_ten_words() -> None:
    assert len(table("word")) == 10
