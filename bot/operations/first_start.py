"""Whether API and Slack refuse our key and tokens: asked once at a first start, when that is a wrong setting (P15).

With anything remembered the bot stays and says so; a service that merely cannot be reached never ends the process.
"""

from concurrent.futures import ThreadPoolExecutor, wait
from typing import Final

from bot.adapters.prewarm.api import PrewarmApi
from bot.adapters.slack.socket_mode import SocketClient
from bot.adapters.slack.web_api import Slack
from bot.domain.errors import KeyRefused, ListError
from bot.domain.outbox import Action, Refused

PROVE_WITHIN: Final = 5.0  # seconds in which a refusal is waited for


class RefusedAtStart(Exception):  # noqa: N818 - it reads as what happened
    """A token or key is refused and nothing is remembered yet: a wrong setting (P15)."""


def refusals(api: PrewarmApi, slack: Slack, socket: SocketClient) -> list[str]:
    """Ask API and Slack once whether they refuse our key and tokens; whoever does not answer in time says nothing."""
    pool = ThreadPoolExecutor(3, thread_name_prefix="start")
    questions = [
        pool.submit(_refused_key, api),
        pool.submit(_refused_bot_token, slack),
        pool.submit(_refused_app_token, socket),
    ]
    wait(questions, timeout=PROVE_WITHIN)
    pool.shutdown(wait=False, cancel_futures=True)
    return [finding for question in questions if question.done() and (finding := question.result())]


def _refused_key(api: PrewarmApi) -> str:
    try:
        api.page(1, 1)
    except KeyRefused as refused:
        return f"PPIO_API_KEY: {refused}"
    except ListError:
        pass  # out of reach, or odd: the service starts and says so
    return ""


def _refused_bot_token(slack: Slack) -> str:
    identity = slack.identify()
    if isinstance(identity, Refused) and identity.action is Action.STOP:
        return (
            f"SLACK_BOT_TOKEN: Slack refused the token ({identity.code}). Copy the Bot User OAuth Token (xoxb-…) anew."
        )
    return ""


def _refused_app_token(socket: SocketClient) -> str:
    socket.connect()
    state = socket.first_outcome(PROVE_WITHIN)
    return f"SLACK_APP_TOKEN: {state.last_error}" if state.refused else ""
