"""Slack's pace for `chat.postMessage`: about one message per second in a channel.

Source: docs.slack.dev/apis/web-api/rate-limits. Real Slack tolerates short bursts without promising to show them,
so the default here tolerates none.
"""

import math
from dataclasses import dataclass, field


@dataclass
class Limiter:
    """Tells for each channel whether a message may be accepted now.

    `interval` is a little under the second, because the caller paces itself from its own end of the wire.
    """

    enabled: bool = True
    interval: float = 0.95
    burst: int = 1
    refused: int = 0
    _free_at: dict[str, float] = field(default_factory=dict)

    def wait(self, channel: str, now: float) -> int:
        """Whole seconds to wait before a message to `channel` is accepted (`Retry-After`); 0: accepted now."""
        due = self._free_at.get(channel, now) - (self.burst - 1) * self.interval
        if not self.enabled or now >= due:
            return 0
        self.refused += 1
        return max(1, math.ceil(due - now))

    def accepted(self, channel: str, now: float) -> None:
        """A message to `channel` was stored at `now` (monotonic seconds)."""
        self._free_at[channel] = max(now, self._free_at.get(channel, now)) + self.interval
