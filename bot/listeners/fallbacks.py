"""What nobody else takes: acknowledged, unless a listener raised. Slack then sends an event again."""

import logging
import re
from typing import Any, Final

from slack_bolt import Ack, App

_ANY: Final = re.compile(r".*", re.DOTALL)
_log: Final = logging.getLogger(__name__)


def register(app: App) -> None:
    """Acknowledge everything else; log what a listener raised, which is not acknowledged."""

    def ignored() -> None:
        """Bolt acknowledges an event after its listener; those we have no use for end here."""

    def pressed(ack: Ack) -> None:
        ack()

    def unknown(ack: Ack, command: dict[str, Any]) -> None:
        ack(f"{command.get('command')} is not a command of this bot. Try /prewarm help")

    def failed(error: Exception) -> None:
        _log.error("A listener failed. Slack sends an event again; else the person sees an error.", exc_info=error)

    app.event(_ANY)(ignored)
    app.action(_ANY)(pressed)
    app.command(_ANY)(unknown)
    app.error(failed)
