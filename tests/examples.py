"""How many examples Hypothesis tries: a tenth in `make test`, the number that a test names in `make slow`."""

from collections.abc import Callable
from typing import Any, Final, TypeVar

import pytest
from hypothesis import settings

Test = TypeVar("Test", bound=Callable[..., Any])
MANY: Final = "many"  # the profile of `make slow`, registered in conftest.py, and the mark of the tests it is for


def examples(number: int) -> int:
    """Return how many of so many examples to try in this run."""
    return number if settings.get_current_profile_name() == MANY else max(10, number // 10)


def many(number: int) -> Callable[[Test], Test]:
    """Mark a test for `make slow`, which tries so many examples of it."""

    def marked(test: Test) -> Test:
        tried: Test = pytest.mark.many(settings(max_examples=examples(number), deadline=None)(test))
        return tried

    return marked
