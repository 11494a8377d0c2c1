"""The README is true: its tables are compared with the code."""

from pathlib import Path

import pytest

from bot.settings import markdown_table

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text("utf-8")


def test_the_settings_table_is_the_generated_one() -> None:
    assert markdown_table() in README


@pytest.mark.parametrize(
    "room", sorted(path.name for path in (ROOT / "bot").iterdir() if path.suffix == ".py" or path.is_dir())
)
def test_every_room_is_on_the_map(room: str) -> None:
    if room not in {"__init__.py", "__pycache__"}:
        assert f"`bot/{room}`" in README


@pytest.mark.parametrize("target", ["demo", "test"])
def test_the_two_commands_lead(target: str) -> None:
    assert f"make {target}" in README.split("## A real workspace")[0]
