"""A finished Slack message, ready for chat.postMessage, a response_url or a terminal."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Payload:
    """`text` says the whole message in a sentence or two (mobile, screen readers); `blocks` are Slack's own."""

    text: str
    blocks: tuple[dict[str, Any], ...]


Wording = Callable[[bool], Payload]  # an answer; True asks for the form without `data_table`
