"""What a person who typed a command or pressed a button gets to see: the acknowledgement and the answers.

Slack gives the app three seconds to acknowledge, and a `response_url` that works five times within thirty minutes
(docs.slack.dev, interactivity/handling-user-interaction).
"""

import time
from dataclasses import dataclass, field

from bot.demo.slack.records import Json, Message
from bot.demo.slack.state import SlackState

USES = 5
LIFETIME = 30 * 60.0
TRIGGER_LIFETIME = 3.0


@dataclass
class Interaction:
    """One command, click or submission on its way to the app and back.

    `acked_after` is seconds until the acknowledgement, None while there is none. `error` is what the person sees
    when there was none in time: operation_timeout, or dispatch_failed if the app had no open connection.
    `responses` are the messages that came by acknowledgement or `response_url`, in order. `message` is the message
    a button was in.
    """

    state: SlackState
    user: str
    channel: str
    trigger_id: str
    url_id: str = ""
    message: Message | None = None
    sent_at: float = field(default_factory=time.monotonic)
    acked_after: float | None = None
    ack_payload: Json | None = None
    error: str = ""
    responses: list[Message] = field(default_factory=list)
    uses: int = 0
    trigger_used: bool = False

    def wait_acked(self, timeout: float = 5.0) -> float:
        """Seconds until the app acknowledged; raises TimeoutError if it did not, or too late."""
        done = self.state.wait_for(
            lambda: self.error or self.acked_after is not None, timeout, f"the acknowledgement of {self.trigger_id}"
        )
        if self.acked_after is None:
            raise TimeoutError(f"The person saw {done!r}: the app did not acknowledge {self.trigger_id} in time.")
        return self.acked_after

    def wait_response(self, number: int = 1, timeout: float = 10.0) -> Message:
        """The `number`th answer, as it is now."""
        self.state.wait_for(
            lambda: len(self.responses) >= number,
            timeout,
            f"answer {number} to {self.trigger_id} ({self.error or 'no error'})",
        )
        answer = self.responses[number - 1]
        return self.state.message(answer.channel, answer.ts) or answer

    def acknowledge(self, payload: Json | None) -> None:
        """The app's acknowledgement arrived in time."""
        with self.state.changing():
            self.acked_after = time.monotonic() - self.sent_at
            self.ack_payload = payload

    def fail(self, error: str) -> None:
        """Nobody acknowledged: the person sees an error."""
        with self.state.changing():
            self.error = error

    def refusal(self) -> str:
        """Why the `response_url` cannot be used now; empty if it can."""
        if self.uses >= USES:
            return "used_url"
        return "expired_url" if time.monotonic() - self.sent_at > LIFETIME else ""

    def trigger_refusal(self) -> str:
        """Why the `trigger_id` cannot open a view now; empty if it can."""
        if self.trigger_used:
            return "exchanged_trigger_id"
        return "expired_trigger_id" if time.monotonic() - self.sent_at > TRIGGER_LIFETIME else ""
