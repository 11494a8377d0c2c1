"""What nobody else takes. A listener that raises, or an unknown command, would send no acknowledgement at all."""

import logging
import re
from typing import Any, Final

from slack_bolt import Ack, App, BoltResponse

_ANY: Final = re.compile(r".*", re.DOTALL)
_log: Final = logging.getLogger(__name__)


def register(app: App) -> None:
    """Acknowledge everything else, and log what a listener raised."""

    def ignored() -> None:
        """Bolt acknowledges events by itself; those we have no use for end here."""

    def pressed(ack: Ack) -> None:
        ack()

    def unknown(ack: Ack, command: dict[str, Any]) -> None:
        ack(f"{command.get('command')} is not a command of this bot. Try /prewarm help")

    def failed(error: Exception) -> BoltResponse:
        _log.error("A listener failed; what it was about is not answered.", exc_info=error)
        return BoltResponse(status=200)

    app.event(_ANY)(ignored)
    app.action(_ANY)(pressed)
    app.command(_ANY)(unknown)
    app.error(failed)
