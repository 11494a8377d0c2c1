"""docs/proof.md names for each break the test that failed; a name that is gone would prove nothing."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ROW = re.compile(r"^\| ([DPRS]\d*) \| .+ \| `([a-z]+/\w+\.py)` `(\w+)`.* \|$", re.MULTILINE)
BREAKS = ROW.findall((ROOT / "docs" / "proof.md").read_text(encoding="utf-8"))
RULES = {
    *(f"D{number}" for number in range(1, 12)),
    *(f"P{number}" for number in range(1, 19)),
    *(f"R{number}" for number in range(1, 8)),
    "S",
}


def test_each_rule_was_broken() -> None:
    assert {rule for rule, _, _ in BREAKS} >= RULES


@pytest.mark.parametrize(("file", "name"), sorted({(file, name) for _, file, name in BREAKS}))
def test_the_test_that_failed_is_there(file: str, name: str) -> None:
    assert f"def {name}(" in (ROOT / "tests" / file).read_text(encoding="utf-8")
