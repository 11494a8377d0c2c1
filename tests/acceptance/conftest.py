"""What acceptance tests share: a stage that is cleared whatever happens."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.acceptance.stage import Stage


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    """Yield both servers running, the vendor's two examples in the list, and no bot yet."""
    with Stage(tmp_path) as stage:
        yield stage
