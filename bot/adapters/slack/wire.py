"""Requests to Slack that end when they must, teach the clock, and come back as a plain record instead of an exception.

slack_sdk's WebClient knows what each method asks for; the request itself is ours, because its own repeats posts,
follows redirects with the token in hand and has no limit over a whole request.
"""

import json as jsons
import math
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode

import httpx
from slack_sdk import WebClient
from slack_sdk.web import SlackResponse

from bot.adapters.clock import ServerClock
from bot.adapters.http import NeverSent, Transport, fault


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of one request. `status` 0: no answer, and `fault` is a word for why."""

    status: int = 0
    headers: Mapping[str, str] = field(default_factory=dict)  # names in lower case
    data: Mapping[str, Any] = field(default_factory=dict)
    fault: str = ""
    left: bool = True  # False: proven that the request never left

    @property
    def ok(self) -> bool:
        return self.status == HTTPStatus.OK and self.data.get("ok") is True


class Web(WebClient):
    """slack_sdk's client over our transport. Safe for many threads.

    Once a request has returned or raised, it has ended: its socket is closed (P6's "end of the request").
    """

    def __init__(self, token: str, base_url: str, transport: Transport, clock: ServerClock) -> None:
        super().__init__(token, base_url, timeout=math.ceil(transport.within))
        self._transport, self._clock = transport, clock

    def send(self, request: httpx.Request) -> httpx.Response:
        """Return the whole answer, whatever its status, and tell the clock what its `Date` says (P4).

        Raises NeverSent; another httpx error once the request may have left.
        """
        asked = self._clock.tick()
        with closing(self._transport.handle_request(request)) as response:
            self._clock.heard(response.headers.get("Date"), asked, self._clock.tick())
            response.read()
        return response

    def api_call(
        self,
        api_method: str,
        *,
        http_verb: str = "POST",
        files: Mapping[str, Any] | None = None,
        data: Mapping[str, Any] | None = None,
        params: Mapping[str, Any] | None = None,
        json: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
        auth: Mapping[str, str] | None = None,
    ) -> SlackResponse:
        """Make one request, always a POST: Slack takes it for every method. A body that is not JSON is no data."""
        if files or data or headers or auth:
            raise NotImplementedError(api_method)  # none of the methods that the bot calls
        said = {name: value for name, value in (json or params or {}).items() if value is not None}
        token = said.pop("token", self.token)
        form = {name: int(value) if isinstance(value, bool) else value for name, value in said.items()}
        body = urlencode(form) if json is None else jsons.dumps(said)
        kind = "application/x-www-form-urlencoded" if json is None else "application/json;charset=utf-8"
        more = {"Authorization": f"Bearer {token}", "Content-Type": kind, "User-Agent": self.headers["User-Agent"]}
        url = f"{self.base_url}{api_method}"
        response = self.send(httpx.Request("POST", url, headers=more, content=body.encode()))
        return SlackResponse(
            client=self,
            http_verb=http_verb,
            api_url=url,
            req_args={},
            data=_object(response.content),
            headers=dict(response.headers),
            status_code=response.status_code,
        )


def ask(call: Callable[..., SlackResponse], **arguments: Any) -> Answer:
    """Make one Web API call of `Web`. Raises nothing: a failure is an Answer too."""
    try:
        response = call(**{name: value for name, value in arguments.items() if value is not None})
    except NeverSent as error:
        return Answer(fault=str(error), left=False)
    except Exception as error:  # noqa: BLE001 - whatever it is, the request may have been carried out (P5)
        return Answer(fault=fault(error))
    data = response.data if isinstance(response.data, dict) else {}
    return Answer(response.status_code, response.headers, data)


def _object(body: bytes) -> dict[str, Any]:
    try:
        data = jsons.loads(body.decode("utf-8", "replace"))
    except (ValueError, RecursionError):
        return {}
    return data if isinstance(data, dict) else {}
