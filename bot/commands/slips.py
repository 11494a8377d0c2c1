"""Slips of the keyboard: which known word somebody nearly typed.

Words are also names of images, so the guess is a cautious one: nothing under four letters, and the first letter counts.
"""

from collections.abc import Iterable
from typing import Final

_LETTERS_AT_LEAST: Final = 4  # shorter words are too often near something
_TWO_SLIPS_FROM: Final = 8  # letters of a word in which people slip twice


def nearest(typed: str, known: Iterable[str]) -> str | None:
    """Return the English word that `typed` (case-folded) misses by a slip, a long one by two; the nearest wins."""
    if len(typed) < _LETTERS_AT_LEAST or not typed.isalpha():
        return None
    words = [word for word in known if word.isascii() and typed[0] in word[:2]]
    for slips in (1, 2):
        if found := next((word for word in words if slips <= _allowed(word) and _within(typed, word, slips)), None):
            return found
    return None


def _allowed(word: str) -> int:
    return 2 if len(word) >= _TWO_SLIPS_FROM else 1


def _within(typed: str, meant: str, slips: int) -> bool:
    """Say whether at most so many letters are missing, too many, wrong or swapped with their neighbour."""
    while typed and meant and typed[0] == meant[0]:
        typed, meant = typed[1:], meant[1:]
    if not typed and not meant:
        return True
    if slips == 0 or abs(len(typed) - len(meant)) > slips:
        return False
    return (
        _within(typed[1:], meant, slips - 1)
        or _within(typed, meant[1:], slips - 1)
        or _within(typed[1:], meant[1:], slips - 1)
        or (typed[:2] == meant[1::-1] and _within(typed[2:], meant[2:], slips - 1))
    )
