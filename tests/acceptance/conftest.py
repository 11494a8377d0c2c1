"""What acceptance tests share: a stage, and a bench for the page's files, each cleared whatever happens."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.acceptance.page_bench import Bench
from tests.acceptance.stage import Stage


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    """Yield both servers running, the vendor's two examples in the list, and no bot yet."""
    with Stage(tmp_path) as stage:
        yield stage


@pytest.fixture(scope="module")
def served() -> Iterator[Bench]:
    """Yield the page's files served under their policy, and a browser, for all tests of a module."""
    with Bench() as bench:
        yield bench


@pytest.fixture
def bench(served: Bench) -> Iterator[Bench]:
    """Yield them for a test in which the browser's console has nothing to say."""
    with served.quietly():
        yield served
