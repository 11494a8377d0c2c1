"""From an envelope of Socket Mode through Bolt to its acknowledgement.

Bolt acknowledges an event before its listener runs, and Slack never sends an acknowledged one again: a kill in between
would cost the question (R5). So the app runs with `process_before_response`, and a listener whose work goes on
elsewhere returns `Later`.
"""

import time
from concurrent.futures import Future

from slack_bolt import App, BoltResponse
from slack_bolt.adapter.socket_mode.base_handler import BaseSocketModeHandler
from slack_bolt.adapter.socket_mode.internals import run_bolt_app, send_response
from slack_sdk.socket_mode.client import BaseSocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest


class Later(BoltResponse):
    """Acknowledge once `due` has ended, and never if it failed: Slack sends an event again, and shows an error else."""

    def __init__(self, due: Future[None]) -> None:
        super().__init__(status=200)
        self.due = due


class SocketListener(BaseSocketModeHandler):
    """Let a Bolt app answer the envelopes of `client`."""

    def __init__(self, app: App, client: BaseSocketModeClient) -> None:
        self.app = app
        self.client = client
        client.socket_mode_request_listeners.append(self.handle)

    def handle(self, client: BaseSocketModeClient, req: SocketModeRequest) -> None:
        started = time.time()
        response = run_bolt_app(self.app, req)

        def send(due: Future[None]) -> None:
            if not due.cancelled() and due.exception() is None:
                send_response(client, req, response, started)

        if isinstance(response, Later):
            response.due.add_done_callback(send)
        else:
            send_response(client, req, response, started)
