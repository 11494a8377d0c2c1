"""A page for the panel alone: both embedded servers, the panel's addresses, and the client's files under its policy.

The real page brings the chat beside it; a test of the panel needs only what the panel itself promises.
"""

import asyncio
import threading
from collections.abc import Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
from aiohttp import web

import bot.demo
from bot.demo.cloud.runner import ScenarioRunner
from bot.demo.cloud.server import CloudServer
from bot.demo.page.cloud import routes
from bot.demo.slack.server import SlackServer

FILES = Path(bot.demo.__file__).parent / "page" / "static"
TYPES = {".js": "text/javascript", ".css": "text/css"}
POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'"
PATIENCE = 10.0


@dataclass(frozen=True)
class PanelPage:
    """The servers behind the panel; `http` asks the page itself."""

    cloud: CloudServer
    slack: SlackServer
    runner: ScenarioRunner | None
    url: str
    http: httpx.Client

    def post(self, path: str, **body: object) -> tuple[int, str]:
        """Post to /cloud/…; return the status and the sentence that came with it."""
        answer = self.http.post(f"/cloud/{path}", json=body)
        said = answer.json()
        return answer.status_code, str(said.get("said") or said["error"])


@contextmanager
def panel_page(runner: ScenarioRunner | None = None, page: str = "", script: str = "") -> Iterator[PanelPage]:
    """Serve the panel over fresh servers; `page` and `script` are what / and /fixture.js hold."""
    with CloudServer(seed=1) as cloud, SlackServer() as slack:
        slack.workspace.limiter.enabled = False
        app = web.Application()
        app.add_routes([*routes(cloud, slack, runner), *_files(page, script)])
        app.on_response_prepare.append(_set_policy)
        with _running(app) as url, httpx.Client(base_url=url, timeout=PATIENCE, trust_env=False) as http:
            yield PanelPage(cloud, slack, runner, url, http)


def _files(page: str, script: str) -> list[web.RouteDef]:
    async def index(_: web.Request) -> web.Response:
        return web.Response(text=page, content_type="text/html")

    async def fixture(_: web.Request) -> web.Response:
        return web.Response(text=script, content_type="text/javascript")

    async def file(request: web.Request) -> web.Response:
        found = FILES / request.match_info["name"]
        if not found.is_file():
            raise web.HTTPNotFound
        return web.Response(body=found.read_bytes(), content_type=TYPES[found.suffix])

    async def nothing(_: web.Request) -> web.Response:
        return web.Response()

    return [
        web.get("/", index),
        web.get("/favicon.ico", nothing),
        web.get("/fixture.js", fixture),
        web.get("/{name:[a-z-]+[.](?:js|css)}", file),
    ]


async def _set_policy(_: web.Request, response: web.StreamResponse) -> None:
    response.headers["Content-Security-Policy"] = POLICY


@contextmanager
def _running(app: web.Application) -> Iterator[str]:
    ready: Future[tuple[asyncio.AbstractEventLoop, str]] = Future()
    halt = asyncio.Event()

    async def serve() -> None:
        runner = web.AppRunner(app, access_log=None, handler_cancellation=True, shutdown_timeout=0.1)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        ready.set_result((asyncio.get_running_loop(), f"http://127.0.0.1:{runner.addresses[0][1]}"))
        await halt.wait()
        await runner.cleanup()

    thread = threading.Thread(target=lambda: asyncio.run(serve()), daemon=True)
    thread.start()
    loop, url = ready.result(PATIENCE)
    try:
        yield url
    finally:
        loop.call_soon_threadsafe(halt.set)
        thread.join(PATIENCE)
