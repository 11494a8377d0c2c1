"""A bench for the page's renderer: its folder served under its policy, and windows that hear every complaint.

The bench page imports `blocks.js` as the chat page does and shows one message; the gallery is served as it is.
"""

import json
import shutil
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from mimetypes import guess_type
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from playwright.sync_api import Browser, ConsoleMessage, Page, sync_playwright

PAGE = Path(__file__).parents[2] / "bot" / "demo" / "page" / "static"
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'none'"
)
BENCH = """<!doctype html><html lang="en"><meta charset="utf-8"><title>bench</title>
<link rel="icon" href="icon.svg"><link rel="stylesheet" href="blocks.css">
<script type="module" src="bench.js"></script><h1>Bench</h1><h2>Room</h2><main></main></html>"""
BENCH_SCRIPT = """
import { renderMessage } from "./blocks.js";
const people = { U0ADA: { name: "ada" }, U0LIN: { name: "lin" } }, channels = { C0GPU: { name: "gpu" } };
window.acts = [];
window.show = (message, now) => {
  const act = (action, element) => acts.push({ ...action, on: element.tagName });
  const context = { people, channels, me: "U0ADA", act, ...(now && { now: () => new Date(now * 1000) }) };
  document.querySelector("main").replaceChildren(renderMessage(message, context));
};
window.ready = true;
"""
WATCH = "window.violations = []; addEventListener('securitypolicyviolation', e => violations.push(e.violatedDirective))"
SWITCHES = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
AT = 1756361371  # the vendor's second example ended: 28 August 2025, 06:09:31 UTC
Json = dict[str, Any]


class Bench:
    """A browser and a site, for as long as it is entered."""

    def __init__(self) -> None:
        self._stack = ExitStack()
        self._windows: dict[str, Page] = {}
        self._complaints: list[str] = []

    def __enter__(self) -> Self:
        self._site = self._stack.enter_context(Site())
        threading.Thread(target=self._site.serve_forever, kwargs={"poll_interval": 0.02}).start()
        self._stack.callback(self._site.shutdown)
        chromium = self._stack.enter_context(sync_playwright()).chromium
        self._browser: Browser = chromium.launch(executable_path=shutil.which("chromium"), args=SWITCHES)
        self._stack.callback(self._browser.close)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stack.close()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._site.server_port}"

    @contextmanager
    def quietly(self) -> Iterator[Self]:
        """Lend it for one test; at the end neither the console nor the policy may have complained in any window."""
        self._complaints.clear()
        yield self
        violations = [told for page in self._windows.values() for told in page.evaluate("window.violations")]
        assert self._complaints + violations == []

    def show(self, message: list[Json] | str, now: float = AT, **options: Any) -> Page:
        """Render blocks, or a text, as the body of a message at `now`."""
        page = self._open("/bench.html", options)
        page.wait_for_function("window.ready")
        given = {"text": message} if isinstance(message, str) else {"blocks": message}
        page.evaluate("([message, now]) => show(message, now)", [given, now])
        return page

    def gallery(self, messages: Json | str, **options: Any) -> Page:
        """Open the gallery of these messages, or of what is no JSON."""
        self._site.own["/gallery.json"] = messages if isinstance(messages, str) else json.dumps(messages)
        return self._open("/gallery", options)

    def _open(self, path: str, options: Json) -> Page:
        """Open it in the window for these options: time zone, colour scheme, size."""
        page = self._windows.get(repr(options)) or self._new(options)
        page.goto(self.url + path)
        return page

    def _new(self, options: Json) -> Page:
        page = self._browser.new_page(**{"locale": "en-US", "timezone_id": "UTC", **options})
        page.add_init_script(WATCH)
        page.on("console", self._hear)
        page.on("pageerror", lambda error: self._complaints.append(str(error)))
        self._windows[repr(options)] = page
        return page

    def _hear(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self._complaints.append(message.text)


class Site(ThreadingHTTPServer):
    """The page's folder and a few pages of the tests' own, served under the policy."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Answering)
        self.own: dict[str, str] = {"/bench.html": BENCH, "/bench.js": BENCH_SCRIPT}

    def body(self, path: str) -> bytes | None:
        if path in self.own:
            return self.own[path].encode()
        file = PAGE / ("gallery.html" if path == "/gallery" else path.removeprefix("/"))
        return file.read_bytes() if file.is_file() else None


class Answering(BaseHTTPRequestHandler):
    server: Site

    def do_GET(self) -> None:
        body = self.server.body(self.path)
        self.send_response(404 if body is None else 200)
        self.send_header("Content-Type", guess_type(self.path)[0] or "text/html")
        self.send_header("Content-Security-Policy", POLICY)
        self.end_headers()
        self.wfile.write(body or b"")

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's name for it
        pass


# ---- pieces of messages ---------------------------------------------------------------------------------------------


def plain(text: str) -> Json:
    return {"type": "plain_text", "text": text, "emoji": False}


def marked(text: str) -> Json:
    return {"type": "mrkdwn", "text": text}


def rich(*elements: Json, kind: str = "rich_text_section", **more: Any) -> Json:
    return {"type": "rich_text", "elements": [{"type": kind, "elements": [*elements], **more}]}


def said(text: str, **style: bool) -> Json:
    return {"type": "text", "text": text, **({"style": style} if style else {})}


def raw(text: str) -> Json:
    return {"type": "raw_text", "text": text}


def item(*elements: Json) -> Json:
    return {"type": "rich_text_section", "elements": [*elements]}


def actions(*elements: Json) -> list[Json]:
    return [{"type": "actions", "block_id": "B1", "elements": [*elements]}]


def button(**more: Any) -> Json:
    return {"type": "button", "action_id": "a", "text": plain("Press"), **more}


CONFIRM = {"title": plain("Sure?"), "text": marked("It *goes*."), "confirm": plain("Delete"), "deny": plain("Keep")}
