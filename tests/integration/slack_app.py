"""The smallest Slack app: it acknowledges all that an embedded workspace sends it, and keeps what it heard."""

import json
import threading
from typing import Any, Self

from slack_sdk import WebClient
from slack_sdk.webhook import WebhookClient
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect

from bot.demo.slack.server import SlackServer

Json = dict[str, Any]


class App:
    """An app that acknowledges everything and keeps what it heard."""

    def __init__(self, slack: SlackServer) -> None:
        self.slack = slack
        self.client = WebClient("xoxb-demo-not-a-real-token", base_url=slack.api_url, retry_handlers=[], timeout=5)
        self._frames: list[Json] = []
        self._heard = threading.Condition()
        opened = self.client.apps_connections_open(app_token="xapp-demo-not-a-real-token")
        self.socket: ClientConnection = connect(opened["url"], legacy=True)
        self._reader = threading.Thread(target=self._read)
        self._reader.start()
        slack.socket.wait_connected()

    def _read(self) -> None:
        try:
            for data in self.socket:
                self._take(json.loads(data))
        except ConnectionClosed:
            return

    def _take(self, frame: Json) -> None:
        if "envelope_id" in frame:
            self.socket.send(json.dumps({"envelope_id": frame["envelope_id"]}))
            with self._heard:
                self._frames.append(frame)
                self._heard.notify_all()

    def payload(self, number: int = 1) -> Json:
        """The payload of the `number`th envelope."""
        with self._heard:
            assert self._heard.wait_for(lambda: len(self._frames) >= number, 5)
            payload: Json = self._frames[number - 1]["payload"]
            return payload

    def event(self, number: int = 1) -> Json:
        event: Json = self.payload(number)["event"]
        return event

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.socket.close()
        self._reader.join(5)


def answering(payload: Json) -> WebhookClient:
    """Return a client for the payload's response_url."""
    return WebhookClient(payload["response_url"], retry_handlers=[])
