"""The host's wall clock may step, so nothing that decides may read it (P4, D11)."""

import ast
from pathlib import Path

import pytest

BOT = Path(__file__).parents[2] / "bot"
DECIDING = sorted(path for room in ("domain", "services", "messages") for path in (BOT / room).glob("*.py"))
WALL_CLOCK = {"time.time", "time.time_ns", "datetime.now", "datetime.utcnow", "datetime.today", "date.today"}


def wall_clock_reads(source: str) -> set[str]:
    """Return what the source names of the wall clock, however it imports it."""
    tree = ast.parse(source)
    named = {ast.unparse(node) for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    imports = [node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
    named |= {f"{node.module}.{alias.name}" for node in imports for alias in node.names}
    return {clock for clock in WALL_CLOCK if any(name == clock or name.endswith(f".{clock}") for name in named)}


@pytest.mark.parametrize("path", DECIDING, ids=[f"{path.parent.name}/{path.name}" for path in DECIDING])
def test_what_decides_never_reads_the_wall_clock(path: Path) -> None:
    assert wall_clock_reads(path.read_text()) == set()


@pytest.mark.parametrize(
    "source", ["import time\ntime.time()", "from time import time", "import datetime\ndatetime.datetime.now()"]
)
def test_a_wall_clock_would_be_found(source: str) -> None:
    assert wall_clock_reads(source)
