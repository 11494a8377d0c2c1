"""Requests to Slack that end when they must, teach the clock, and come back as a plain record instead of an exception.

slack_sdk's WebClient builds the requests; the transport under it is ours, because its own repeats posts, follows
redirects with the token in hand and has no limit over a whole request.
"""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any
from urllib.request import OpenerDirector, ProxyHandler, Request, UnknownHandler

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.web import SlackResponse

from bot.adapters.clock import ServerClock
from bot.adapters.slack_connection import NeverSent, Plain, Secure, fault


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


class Wire:
    """Send requests within `timeout` seconds each, from connecting to the last byte. Safe for many threads.

    The name lookup alone has limits of its own, the resolver's; a request whose time is over when its connection
    stands is not sent. Once `send` returns or raises, the request has ended: its socket is closed (P6's "end of the
    request"). No redirect is followed and no status raises. HTTPS_PROXY and NO_PROXY count.
    """

    def __init__(self, timeout: float, clock: ServerClock) -> None:
        self._timeout = timeout
        self._clock = clock
        self._opener = OpenerDirector()
        for handler in (ProxyHandler(), UnknownHandler(), Plain(), Secure()):
            self._opener.add_handler(handler)

    def send(self, request: Request) -> tuple[int, Mapping[str, str], str]:
        """Return status, headers (names in lower case) and body, and tell the clock what `Date` says (P4).

        Raises NeverSent; OSError or HTTPException once the request may have left.
        """
        asked = self._clock.tick()
        with self._opener.open(request, timeout=self._timeout) as response:
            headers = {name.lower(): value for name, value in response.headers.items()}
            self._clock.heard(headers.get("date"), asked, self._clock.tick())
            return response.status, headers, response.read().decode("utf-8", "replace")


class Web(WebClient):
    """slack_sdk's client over our wire. It repeats nothing: the SDK's default handlers post twice."""

    def __init__(self, token: str, base_url: str, timeout: float, wire: Wire) -> None:
        silent = logging.getLogger(f"{__name__}.sdk")  # a failure is reported once by the courier, not at each try
        silent.setLevel(logging.CRITICAL)
        super().__init__(token, base_url, retry_handlers=[], logger=silent)
        self.timeout = timeout  # type: ignore[assignment]  # any number does
        self._wire = wire

    def _perform_urllib_http_request_internal(self, url: str, req: Request) -> dict[str, Any]:  # noqa: ARG002 - the SDK's
        # A private hook that fails safely: should the SDK rename it, nothing is NeverSent any more, all is in doubt.
        status, headers, body = self._wire.send(req)
        return {"status": status, "headers": headers, "body": body}


def ask(call: Callable[..., SlackResponse], **arguments: Any) -> Answer:
    """Make one Web API call; arguments that are None are left out. Raises nothing: a failure is an Answer too."""
    try:
        response = call(**{name: value for name, value in arguments.items() if value is not None})
    except SlackApiError as error:
        response = error.response
    except NeverSent as error:
        return Answer(fault=str(error), left=False)
    except Exception as error:  # noqa: BLE001 - whatever it is, the request may have been carried out (P5)
        return Answer(fault=fault(error))
    data = response.data if isinstance(response.data, dict) else {}
    return Answer(response.status_code, response.headers, data)
