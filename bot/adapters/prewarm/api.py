"""Reads the vendor's list of prewarm tasks over HTTP: one page per call, or a ListError that says what was wrong.

Source: the vendor's list document and the facts beside it; rule D7 for odd input. What is undocumented (sort order,
largest page, error bodies) is not relied upon.
"""

import math
import random
import threading
from collections.abc import Callable
from typing import Any, Final

import httpx
import msgspec

from bot.adapters.clock import HostClock, ServerClock, tick
from bot.adapters.http import NeverSent, Transport
from bot.adapters.prewarm.page import parse
from bot.adapters.redaction import AT_MOST, Redact, hide_tokens, redaction
from bot.domain.errors import KeyRefused, Limited, ListError, Unreachable, Unreadable
from bot.domain.sweep import Page

PATH: Final = "/gpu-instance/openapi/v1/image/prewarm"
TIMEOUT: Final = httpx.Timeout(6.0, connect=5.0)  # seconds, per socket operation; a stop has 10 for all
PAGE_WITHIN: Final = 30.0  # seconds for one whole page, from the name lookup to the last byte
PAGE_BYTES_AT_MOST: Final = 64 * 2**20
TRIES: Final = 3  # of one page on connection errors and 5xx
BACK_OFF: Final = 0.5  # seconds before the second try, doubled each time
RETRY_AFTER_AT_MOST: Final = 3600.0  # seconds
DETAIL_AT_MOST: Final = 200  # characters of a body shown in an error


class PrewarmApi:
    """The prewarm API of one account. `stop` ends every wait; `count` is told the status of each request, or "error".

    `timeout` bounds each socket operation, `page_within` a whole page, in seconds.
    """

    def __init__(
        self,
        url: str,
        key: str,
        *,
        stop: threading.Event | None = None,
        count: Callable[[str], None] = lambda _: None,
        timeout: httpx.Timeout = TIMEOUT,
        page_within: float = PAGE_WITHIN,
        clock: HostClock | None = None,
    ) -> None:
        self._url = url.rstrip("/")
        self._stop = stop or threading.Event()
        self._count, self._page_within = count, page_within
        self._redact = redaction([key])
        self._host = clock or HostClock()
        self._clock = ServerClock(self._host.tick)
        headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}
        transport = Transport(page_within, keep_alive=True)
        self._client = httpx.Client(base_url=self._url, headers=headers, timeout=timeout, transport=transport)

    def now(self) -> float:
        """Return the API's time (D11), in Unix seconds; the host's until the API has answered once."""
        now = self._clock.now()
        return self._host.time() if now is None else (now.lower + now.upper) / 2

    def page(self, number: int, size: int) -> Page:
        """Read one page. Raises ListError; connection errors, and 5xx without Retry-After, were tried three times."""
        params = {"page": str(number), "pageSize": str(size)}
        for attempt in range(1, TRIES + 1):
            try:
                return parse(self._get(params), self._url, self._redact)
            except Unreachable as error:
                pause = BACK_OFF * 2 ** (attempt - 1) * (0.5 + random.random() / 2)
                if attempt == TRIES or error.retry_after or self._stop.wait(pause):
                    raise
        raise AssertionError("the last try returns or raises")

    def close(self) -> None:
        """Close the connections."""
        self._client.close()

    def _get(self, params: dict[str, str]) -> bytes:
        began, asked = tick(), self._clock.tick()
        try:
            with self._client.stream("GET", PATH, params=params) as response:
                self._clock.heard(response.headers.get("Date"), asked, self._clock.tick())
                body = _body(response)
        except (httpx.TransportError, httpx.DecodingError) as error:
            self._count("error")
            late = f"one page took more than {self._page_within:.0f} s" if tick() - began >= self._page_within else ""
            raise Unreachable(url=self._url, detail=late or self._redact(_cause(error))) from error
        except ListError:
            self._count("error")
            raise
        self._count(str(response.status_code))
        if response.status_code != httpx.codes.OK:
            raise self._refusal(response, body)
        return body

    def _refusal(self, response: httpx.Response, body: bytes) -> ListError:
        status = response.status_code
        detail = f"HTTP {status}{said(body, status, self._redact)}"
        if status in (httpx.codes.UNAUTHORIZED, httpx.codes.FORBIDDEN):
            return KeyRefused(detail=detail, url=self._url)
        if status == httpx.codes.TOO_MANY_REQUESTS:
            return Limited(detail=detail, retry_after=_seconds(response.headers.get("Retry-After")))
        if status >= httpx.codes.INTERNAL_SERVER_ERROR:
            error = Unreachable(url=self._url, detail=detail)
            error.retry_after = _seconds(response.headers.get("Retry-After"))
            return error
        return Unreadable(detail=detail)


def said(body: bytes, status: int = 0, redact: Redact = hide_tokens) -> str:
    """Return what an error body says: its code, reason and message if it has them, else its beginning.

    A code that is the HTTP status and a message that is the reason once more (`UNAUTHORIZED unauthorized`) say nothing.
    """
    try:
        answer: Any = msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        answer = None
    fields = [answer.get(name) for name in ("code", "reason", "message")] if isinstance(answer, dict) else []
    words = [str(field) for field in fields if field and isinstance(field, str | int) and str(field) != str(status)]
    if len(words) > 1 and _letters(words[-1]) == _letters(words[-2]):
        words.pop()
    text = redact((" ".join(words) or body.decode("utf-8", "replace"))[:AT_MOST])
    text = " ".join("".join(char if char.isprintable() else " " for char in text).split())
    return f": {text[:DETAIL_AT_MOST]}" if text else ""


def _letters(word: str) -> str:
    return "".join(filter(str.isalnum, word.casefold()))


def _body(response: httpx.Response) -> bytes:
    chunks: list[bytes] = []
    size = 0
    for chunk in response.iter_bytes():
        size += len(chunk)
        if size > PAGE_BYTES_AT_MOST:
            raise Unreadable(detail=f"a page of more than {PAGE_BYTES_AT_MOST >> 20} MiB; lower PREWARM_PAGE_SIZE")
        chunks.append(chunk)
    return b"".join(chunks)


def _cause(error: BaseException) -> str:
    if isinstance(error, NeverSent) and error.__cause__ is not None:
        error = error.__cause__
    return f"{type(error).__name__}: {error}".rstrip(": ")


def _seconds(value: str | None) -> float | None:
    """Read Retry-After in seconds; a date or nonsense reads as unset."""
    try:
        seconds = float(value or "")
    except ValueError:
        return None
    return min(max(seconds, 0.0), RETRY_AFTER_AT_MOST) if math.isfinite(seconds) else None
