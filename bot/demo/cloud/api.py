"""The HTTP face of the embedded cloud: checks, calls and the answers that look like the vendor's.

The key is looked at first, then the parameters, then the call is carried out. Faults that refuse come before all of
that, faults that damage an answer come after it, as they do in life.
"""

import json
from collections.abc import Awaitable, Callable, Mapping
from email.utils import formatdate
from typing import Any, Final

from aiohttp import web
from aiohttp.typedefs import Handler

from bot.demo.cloud.board import FaultBoard
from bot.demo.cloud.damage import deliver, is_whole, lose
from bot.demo.cloud.distort import Distorter
from bot.demo.cloud.faults import Call, Fault, Strike
from bot.demo.cloud.list import BadParameterError, ListQuery
from bot.demo.cloud.siblings import SIBLINGS, RefusedError, Sibling
from bot.demo.cloud.state import CloudState

PREFIX: Final = "/gpu-instance/openapi/v1"
LIST_PATH: Final = f"{PREFIX}/image/prewarm"

_STRIKE = web.RequestKey("strike", dict[Fault, float])
_REFUSALS: Final[Mapping[Fault, tuple[int, str, str]]] = {
    Fault.UNAUTHORIZED: (401, "UNAUTHORIZED", "unauthorized"),
    Fault.FORBIDDEN: (403, "FORBIDDEN", "access denied"),
    Fault.INVALID_API_KEY: (403, "INVALID_API_KEY", "invalid api-key"),
    Fault.ACCOUNT_TROUBLE: (400, "BALANCE_NOT_ENOUGH", "balance not enough"),
    Fault.RATE_LIMITED: (429, "RATE_LIMIT_EXCEEDED", "too many requests"),
    Fault.RATE_LIMITED_WITH_DELAY: (429, "RATE_LIMIT_EXCEEDED", "too many requests"),
    Fault.SERVER_ERROR: (500, "UNKNOWN", "internal server error"),
}


class CloudApi:
    """The aiohttp application over one cloud; a key it does not know is refused as `wrong_key` would be."""

    def __init__(self, cloud: CloudState, faults: FaultBoard, *, wrong_key: Fault) -> None:
        self._cloud = cloud
        self._faults = faults
        self._wrong_key = wrong_key
        self._distorter = Distorter(seed=0)

    def application(self) -> web.Application:
        app = web.Application(middlewares=[self._handle])
        app.on_response_prepare.append(self._set_date)
        app.router.add_route("GET", LIST_PATH, self._list, name=Call.LIST)
        for sibling in SIBLINGS:
            app.router.add_route(sibling.method, PREFIX + sibling.path, self._carry_out(sibling), name=sibling.call)
        return app

    @web.middleware
    async def _handle(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        name = request.match_info.route.name
        strike = self._faults.draw(Call(name)) if name else {}
        request[_STRIKE] = dict(strike)
        serial = await self._record(request, strike)
        if await lose(request, strike):
            return web.Response(status=503)
        refusal = _refused_by_fault(strike) or self._refused(request)
        answer = await deliver(request, refusal or await _answer(request, handler), strike)
        if is_whole(strike):
            self._cloud.log.answered(serial, answer.status)
        return answer

    async def _record(self, request: web.Request, strike: Strike) -> int:
        return self._cloud.log.arrived(
            request.method,
            request.path,
            query=request.query,
            headers=request.headers,
            body=await request.text(),
            faults=tuple(strike),
        )

    def _refused(self, request: web.Request) -> web.Response | None:
        scheme, _, key = request.headers.get("Authorization", "").partition(" ")
        if scheme != "Bearer" or not key:
            return _error(*_REFUSALS[Fault.UNAUTHORIZED])
        if key not in self._cloud.keys:
            return _error(*_REFUSALS[self._wrong_key])
        # The vendor's page asks for it on GET, too, but novita-sdk's list() sends none and has to be served.
        if request.method == "POST" and request.content_type != "application/json":
            return _error(400, "VALIDATOR_PARAM", "Content-Type must be application/json")
        return None

    async def _list(self, request: web.Request) -> web.Response:
        query = ListQuery.parse(request.query)
        strike = request[_STRIKE]
        return web.json_response(self._distorter.page(self._cloud.rows(), query, strike))

    def _carry_out(self, sibling: Sibling) -> Callable[[web.Request], Awaitable[web.Response]]:
        async def carry_out(request: web.Request) -> web.Response:
            body = _json_object(await request.text()) if request.method == "POST" else {}
            return web.json_response(sibling.act(self._cloud, request.query, body))

        return carry_out

    async def _set_date(self, request: web.Request, response: web.StreamResponse) -> None:
        strike: Strike = request.get(_STRIKE, {})
        response.headers["Date"] = formatdate(self._cloud.clock() + strike.get(Fault.DATE_SKEWED, 0), usegmt=True)
        if Fault.NO_DATE in strike:
            del response.headers["Date"]


async def _answer(request: web.Request, handler: Handler) -> web.StreamResponse:
    try:
        return await handler(request)
    except BadParameterError as problem:
        return _error(400, "VALIDATOR_PARAM", str(problem))
    except RefusedError as refusal:
        return _error(400, refusal.reason, str(refusal))
    except web.HTTPException as problem:
        return _error(problem.status, "NOT_FOUND", problem.reason)


def _refused_by_fault(strike: Strike) -> web.Response | None:
    for fault in [fault for fault in _REFUSALS if fault in strike]:
        status, reason, message = _REFUSALS[fault]
        if fault is Fault.SERVER_ERROR:
            return _error(int(strike[fault]), reason, message)
        answer = _error(status, reason, message)
        if fault is Fault.RATE_LIMITED_WITH_DELAY:
            answer.headers["Retry-After"] = f"{strike[fault]:g}"
        return answer
    return None


def _error(status: int, reason: str, message: str) -> web.Response:
    return web.json_response({"code": status, "reason": reason, "message": message}, status=status)


def _json_object(text: str) -> dict[str, Any]:
    try:
        body = json.loads(text)
    except ValueError:
        body = None
    if not isinstance(body, dict):
        raise RefusedError("VALIDATOR_PARAM", "the body must be a JSON object")
    return body
