"""The embedded Slack as a running server: its port, its Socket Mode, and being down."""

import asyncio

from aiohttp import web

from bot.demo.server import LoopbackServer
from bot.demo.slack.delivery import SlackDelivery
from bot.demo.slack.http import SlackHttp
from bot.demo.slack.socket import SlackSocket
from bot.demo.slack.workspace import SlackWorkspace

BODY_BYTES = 16 * 1024 * 1024


class SlackServer(LoopbackServer):
    """An embedded Slack on 127.0.0.1; `with SlackServer() as slack:` starts and stops it.

    `workspace` holds people, messages, faults and limiter; `socket` the Socket Mode connections and what breaks them;
    `delivery` the times for acknowledgements and retries.
    """

    def __init__(self, port: int = 0, workspace: SlackWorkspace | None = None) -> None:
        super().__init__("embedded-slack", port, cancels=False)  # Slack carries out what it was asked, heard or not
        self.workspace = workspace or SlackWorkspace()
        self.delivery = SlackDelivery(self.workspace)
        self.socket = SlackSocket(self.workspace, self.delivery)
        self._down = False

    @property
    def api_url(self) -> str:
        """What the bot takes as SLACK_API_URL."""
        return f"{self.workspace.base_url}/api/"

    def go_down(self) -> None:
        """All of Slack is gone: connections are cut, new ones refused; the port stays ours."""
        self._down = True
        self.follow()

    def come_up(self) -> None:
        """Slack is back at the same address."""
        self._down = False
        self.follow()

    def is_up(self) -> bool:
        """Whether connections are accepted."""
        return not self._down

    def application(self) -> web.Application:
        """Return the Web API, the response_urls and Socket Mode."""
        self.workspace.base_url = self.url
        self.socket.bind(asyncio.get_running_loop(), self.halt)
        answers = SlackHttp(self.workspace, self.socket.open_ticket, self.halt)
        app = web.Application(client_max_size=BODY_BYTES)
        app.router.add_route("*", "/api/{method}", answers.api)
        app.router.add_post("/response/{id}", answers.response_url)
        app.router.add_get("/link/", self.socket.serve)
        return app

    def closing(self) -> None:
        """Send no more envelopes."""
        self.socket.unbind()
