"""`make mutants` makes these changes, and its list names mutants that there are."""

from pathlib import Path
from typing import Any

import pytest

from tests.mutants import ROOT, listed
from tests.mutation import Mutant, mutants_of

MADE = [
    ("return a < b", ["nothing", "a <= b", "a >= b"]),
    ("return a and not b", ["nothing", "a or not b", "not b", "a", "b"]),
    ("if ready():\n        a = 5", ["not ready()", "nothing", "6", "4"]),
    ("a.append(min(a.lower, True))", ["nothing", "max(a.lower, True)", "a.upper", "False"]),
    ("a += b - 0", ["nothing", "b + 0", "1"]),
    ("return replace(a, b=b, c=c)", ["nothing", "replace(a, c=c)", "replace(a, b=b)"]),
    ("c = b\n    log.info('words', b)\n    'words'", []),
]


@pytest.mark.parametrize(("body", "instead"), MADE, ids=[body for body, _ in MADE])
def test_what_is_changed(tmp_path: Path, body: str, instead: list[str]) -> None:
    module = tmp_path / "some.py"
    module.write_text(f"def told(a: int, b: int) -> bool:\n    {body}\n", "utf-8")
    made = mutants_of(module)
    assert [each.name.rpartition(" → ")[2] for each in made] == instead
    assert all(each.name.startswith("some.told: ") for each in made)
    assert all(each.within for each in made)


def test_a_constant_of_a_module_is_changed_for_all_who_import_it(tmp_path: Path) -> None:
    module = tmp_path / "some.py"
    module.write_text("LONGEST: Final = 10\n\n\ndef told(a: int = 0) -> int:\n    return a\n", "utf-8")
    constant, _, default, returned = mutants_of(module)
    assert [constant.name, default.name] == ["some: 10 → 11", "some.told: 0 → 1"]
    assert [each.within for each in (constant, default, returned)] == [False, False, True]


def test_a_changed_module_does_what_its_name_says(tmp_path: Path) -> None:
    module = tmp_path / "some.py"
    module.write_text("def told(a: int, b: int) -> bool:\n    return a < b\n", "utf-8")
    told = {each.name: told_by(each) for each in mutants_of(module)}
    assert list(told.values()) == [None, True, True]


def told_by(mutant: Mutant) -> object:
    space: dict[str, Any] = {}
    exec(compile(mutant.tree(), str(mutant.path), "exec"), space)  # noqa: S102 - ours
    return space["told"](1, 1)


def test_each_mutant_on_the_list_is_one_and_has_its_reason() -> None:
    there = {each.name for path in (ROOT / "bot/domain").glob("*.py") for each in mutants_of(path)}
    assert sorted(listed().keys() - there) == []
    assert all(listed().values())
