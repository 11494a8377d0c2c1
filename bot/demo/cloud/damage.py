"""What can go wrong with an answer on its way: late, broken, endless or never.

These faults act on the connection itself. They wait without a limit of their own: a handler is cancelled when its
client goes away or the server stops.
"""

import asyncio
import json
from collections.abc import Callable, Mapping
from typing import Any, NoReturn

from aiohttp import web

from bot.demo.cloud.faults import Fault, Strike

_PAGE = "<!doctype html><html><head><title>Sign in</title></head><body><h1>Sign in to continue</h1></body></html>"
_CHUNK = json.dumps([{"id": "endless", "state": "Pending", "note": "x" * 900}] * 64)[1:-1].encode() + b", "
_ERROR_OBJECT = {"code": 500, "reason": "UNKNOWN", "message": "internal server error"}
_UNFINISHED = (Fault.DROPPED, Fault.DROPPED_IN_BODY, Fault.TRICKLE_HEADERS, Fault.ENDLESS, Fault.API_DOWN, Fault.STALL)


async def lose(request: web.Request, strike: Strike) -> bool:
    """Act before the call is carried out; True if the request never reaches it."""
    if Fault.API_DOWN in strike:
        _hang_up(request)
        return True
    if Fault.STALL in strike:
        await asyncio.Event().wait()
    return False


async def deliver(request: web.Request, answer: web.StreamResponse, strike: Strike) -> web.StreamResponse:
    """Send the answer as its faults will have it."""
    if Fault.SLOW in strike:
        await asyncio.sleep(strike[Fault.SLOW])
    answer = _rewritten(answer, strike)
    if Fault.DROPPED in strike:
        _hang_up(request)
    elif Fault.DROPPED_IN_BODY in strike:
        return await _half(request, answer)
    elif Fault.TRICKLE in strike:
        return await _trickle(request, answer, strike[Fault.TRICKLE])
    elif Fault.TRICKLE_HEADERS in strike:
        await _trickle_headers(request, strike[Fault.TRICKLE_HEADERS])
    elif Fault.ENDLESS in strike:
        return await _endless(request)
    return answer


async def _half(request: web.Request, answer: web.StreamResponse) -> web.StreamResponse:
    body = _body(answer)
    sent = await _begin(request, answer, len(body))
    await sent.write(body[: len(body) // 2])
    _hang_up(request)
    return sent


async def _trickle(request: web.Request, answer: web.StreamResponse, seconds: float) -> web.StreamResponse:
    body = _body(answer)
    sent = await _begin(request, answer, len(body))
    for place in range(len(body)):
        await sent.write(body[place : place + 1])
        await asyncio.sleep(seconds)
    return sent


async def _trickle_headers(request: web.Request, seconds: float) -> None:
    if request.transport is not None:
        request.transport.write(b"HTTP/1.1 200 OK\r\nX-Trickle: ")  # below aiohttp, which writes headers whole
    while request.transport is not None and not request.transport.is_closing():
        request.transport.write(b".")
        await asyncio.sleep(seconds)
    _hang_up(request)


async def _endless(request: web.Request) -> NoReturn:
    sent = web.StreamResponse(headers={"Content-Type": "application/json"})
    await sent.prepare(request)
    await sent.write(b'{"total": 1000000, "data": [')
    while True:
        await sent.write(_CHUNK)
        await asyncio.sleep(0)  # a write that need not wait would never let the others run


def is_whole(strike: Strike) -> bool:
    """Whether the client gets a whole answer, be it right or wrong."""
    return not any(fault in strike for fault in _UNFINISHED)


def _rewritten(answer: web.StreamResponse, strike: Strike) -> web.StreamResponse:
    for fault in [fault for fault in _REWRITES if fault in strike]:
        return _REWRITES[fault](_body(answer))
    return answer


def _without_data(body: bytes) -> web.Response:
    return web.json_response({name: value for name, value in _fields(body).items() if name != "data"})


def _null_data(body: bytes) -> web.Response:
    return web.json_response({**_fields(body), "data": None})


def _truncated(body: bytes) -> web.Response:
    return web.Response(body=body[: len(body) * 2 // 3], content_type="application/json")


def _fields(body: bytes) -> dict[str, Any]:
    fields = json.loads(body)
    return fields if isinstance(fields, dict) else {}


def _body(answer: web.StreamResponse) -> bytes:
    return answer.body if isinstance(answer, web.Response) and isinstance(answer.body, bytes) else b""


async def _begin(request: web.Request, answer: web.StreamResponse, length: int) -> web.StreamResponse:
    sent = web.StreamResponse(status=answer.status, headers={"Content-Type": "application/json"})
    sent.content_length = length
    await sent.prepare(request)
    return sent


def _hang_up(request: web.Request) -> None:
    if request.transport is not None:
        request.transport.close()


_REWRITES: Mapping[Fault, Callable[[bytes], web.Response]] = {
    Fault.HTML: lambda _body: web.Response(text=_PAGE, content_type="text/html"),
    Fault.TRUNCATED: _truncated,
    Fault.NO_DATA: _without_data,
    Fault.NULL_DATA: _null_data,
    Fault.ERROR_OBJECT: lambda _body: web.json_response(_ERROR_OBJECT),
}
