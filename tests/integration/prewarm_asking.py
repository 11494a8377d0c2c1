"""A prewarm API client on the embedded cloud, made so that its tests wait for nothing."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Self

import httpx
import pytest

from bot.adapters.prewarm.api import PrewarmApi
from bot.demo.cloud.server import DEMO_API_KEY, CloudServer
from bot.domain.errors import ListError
from bot.domain.sweep import Collector, Page, Sweep

SOON = httpx.Timeout(0.3)
DATE = 1_757_600_000  # Unix seconds on the cloud's clock
PROXIES = [name for each in ("http_proxy", "https_proxy", "all_proxy", "no_proxy") for name in (each, each.upper())]


@dataclass
class Asking:
    """An API under test, and the status of each request it made."""

    url: str
    key: str = DEMO_API_KEY
    page_within: float = 30.0
    stop: threading.Event = field(default_factory=threading.Event)
    statuses: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Make the client; proxies are read from the environment now."""
        self.api = PrewarmApi(
            self.url,
            self.key,
            stop=self.stop,
            count=self.statuses.append,
            timeout=SOON,
            page_within=self.page_within,
        )

    def __enter__(self) -> Self:
        """Use it and close its connections afterwards."""
        return self

    def __exit__(self, *_: object) -> None:
        self.api.close()

    def page(self) -> Page:
        return self.api.page(1, 100)

    def fails(self) -> ListError:
        """Ask once and return the error."""
        self.stop.set()  # no second try
        with pytest.raises(ListError) as caught:
            self.page()
        return caught.value

    def sweep(self, size: int = 100) -> Sweep:
        """Read all pages as the watcher does."""
        collector = Collector(size)
        try:
            while collector.add(self.api.page(collector.page, collector.size)):
                pass
        except ListError as error:
            return collector.sweep(str(error))
        return collector.sweep()


@contextmanager
def cloud() -> Iterator[CloudServer]:
    """Run an embedded cloud with 25 tasks, t24 the newest."""
    with CloudServer(seed=1, clock=lambda: DATE) as server:
        for number in range(25):
            server.cloud.add(task_id=f"t{number}", created=1000 + number, state="Succeeded", completed=2000)
        yield server


def without_proxies(monkeypatch: pytest.MonkeyPatch) -> None:
    """Forget the proxies of whoever runs the tests."""
    for name in PROXIES:
        monkeypatch.delenv(name, raising=False)
