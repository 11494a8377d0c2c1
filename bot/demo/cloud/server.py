"""The embedded prewarm API as a server on the loopback interface, with a switch for being down."""

import time
from collections.abc import Callable

from aiohttp import web

from bot.demo.cloud.api import CloudApi
from bot.demo.cloud.board import FaultBoard
from bot.demo.cloud.faults import Fault
from bot.demo.cloud.state import CloudState
from bot.demo.server import LoopbackServer

DEMO_API_KEY = "demo-api-key"


class CloudServer(LoopbackServer):
    """The embedded prewarm API. `cloud` holds its tasks, `faults` its switches; both may be used from any thread.

    `port` 0 takes a free one. `seed` fixes the IDs of new tasks and the random faults; None makes other IDs each time.
    A wrong key is refused as `wrong_key` would be: UNAUTHORIZED (401), FORBIDDEN or INVALID_API_KEY (403).
    """

    def __init__(
        self,
        port: int = 0,
        *,
        api_key: str = DEMO_API_KEY,
        wrong_key: Fault = Fault.UNAUTHORIZED,
        seed: int | None = None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        super().__init__("demo-cloud", port)
        self.api_key = api_key
        self.cloud = CloudState(keys=[api_key], seed=seed, clock=clock)
        self.faults = FaultBoard(seed or 0)
        self.faults.listen(self.follow)
        self._wrong_key = wrong_key

    def application(self) -> web.Application:
        """Return the API."""
        return CloudApi(self.cloud, self.faults, wrong_key=self._wrong_key).application()

    def is_up(self) -> bool:
        """Whether connections are accepted."""
        return not self.faults.is_on(Fault.API_DOWN)
