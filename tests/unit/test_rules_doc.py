"""docs/rules.md names the code that keeps each rule; a name that is gone would mislead."""

import importlib
import pkgutil
import re
from pathlib import Path
from types import ModuleType

import pytest

import bot

ROOT = Path(__file__).parents[2]
RULES = (ROOT / "docs" / "rules.md").read_text(encoding="utf-8")
NAMED = sorted(set(re.findall(r"`([a-z_]+(?:\.[A-Za-z_]+)+)`", RULES)))


def modules(name: str) -> list[ModuleType]:
    """Return every module of the bot that is called so."""
    found = (each.name for each in pkgutil.walk_packages(bot.__path__, "bot."))
    return [importlib.import_module(each) for each in found if each.rpartition(".")[2] == name]


def is_there(named: str) -> bool:
    first, *rest = named.split(".")
    if rest == ["py"]:
        return any((ROOT / "bot").rglob(named))
    for owner in modules(first):
        found: object = owner
        for part in rest:
            found = getattr(found, part, None)
        if found is not None:
            return True
        if any(hasattr(each, rest[0]) for each in vars(owner).values() if isinstance(each, type)):
            return True
    return False


@pytest.mark.parametrize("named", NAMED)
def test_what_the_rules_name_is_there(named: str) -> None:
    assert is_there(named)


def test_files_that_the_rules_name_are_there() -> None:
    paths = set(re.findall(r"`(bot/[\w/*]+\.py)`", RULES))
    assert paths
    assert [path for path in sorted(paths) if not [*ROOT.glob(path)]] == []
