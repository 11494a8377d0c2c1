"""All that can go wrong on both sides of the bot, as switches: for schedules that mix them at random.

The tables name every fault of the two embedded servers; a test compares them with the servers' own lists. Values stay
within what the rules assume (P6: carried out and shown within 8 s plus PREWARM_SETTLE_SECONDS), and a form is refused
less often than there are rungs, since the last one gives it up (P12).
"""

import random
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from bot.demo.cloud.faults import FAULTS
from bot.demo.cloud.faults import Fault as ListFault
from bot.demo.slack.faults import Fault, SlackFaults
from tests.acceptance.stage import ADA, CHANNEL, Stage

POST, HISTORY, OPEN, EVERY = "chat.postMessage", "conversations.history", "conversations.open", "*"
SETTLE = "3"  # seconds
HISTORY_DELAY = 0.8  # seconds, from the first to the last moment of a schedule
OFTEN = 1000
BRIEF, LONG = (0.3, 2.0), (1.0, 5.0)  # seconds, from … to


@dataclass(frozen=True)
class Trouble:
    """A switch. `times`: how often a schedule may use it; `lasts`: seconds, from … to.

    `blinds`: the bot reads no list for long after it, so it comes last, and a new process follows.
    """

    name: str
    start: Callable[[Stage], object]
    end: Callable[[Stage], object] = lambda _: None
    times: int = OFTEN
    lasts: tuple[float, float] = LONG
    blinds: bool = False


# ---- the list -------------------------------------------------------------------------------------------------------

VALUES: Mapping[ListFault, float] = {
    ListFault.CLAMPED_PAGES: 3.0,
    ListFault.SLOW: 0.5,
    ListFault.RATE_LIMITED_WITH_DELAY: 1.0,
}
KEY_REFUSED = (ListFault.UNAUTHORIZED, ListFault.FORBIDDEN, ListFault.INVALID_API_KEY)  # not tried for a minute
WAITED_OUT = (ListFault.STALL, ListFault.TRICKLE, ListFault.TRICKLE_HEADERS, ListFault.ENDLESS)  # up to 30 s a page


def _of_list(fault: ListFault) -> Trouble:
    return Trouble(
        f"list: {fault}",
        lambda stage: stage.server.faults.on(fault, VALUES.get(fault)),
        lambda stage: stage.server.faults.off(fault),
        times=1 if fault in (*KEY_REFUSED, *WAITED_OUT) else OFTEN,
        lasts=BRIEF,
        blinds=fault in (*KEY_REFUSED, *WAITED_OUT),
    )


LIST = tuple(map(_of_list, FAULTS))

# ---- requests to Slack ----------------------------------------------------------------------------------------------

DONE: dict[str, Fault] = {  # the request is carried out, whatever becomes of its answer
    "502 though done": Fault.http(502, accepts=True),
    "internal_error though done": Fault.code("internal_error", accepts=True),
    "connection lost though done": Fault.drop_after(),
    "answer past the timeout": Fault.slow(9.0),
    "done only after the timeout": Fault.late(8.5),
    "done late": Fault.late(2.5),
    "never answered though done": Fault.stall(),
    "headers without end though done": Fault.trickled(),
    "no JSON though done": Fault.not_json(),
    "half of the answer": Fault.truncated(),
}
NOT_DONE: dict[str, Fault] = {
    "429 with Retry-After": Fault.ratelimited(1),
    "500, nothing done": Fault.http(500),
    "service_unavailable": Fault.code("service_unavailable"),
    "fatal_error": Fault.code("fatal_error"),
    "connection lost before": Fault.drop_before(),
    "never answered, nothing done": Fault.stall(accepts=False),
    "headers without end, nothing done": Fault.trickled(accepts=False),
    "no JSON, nothing done": Fault.not_json(accepts=False),
    "half of the answer, nothing done": Fault.truncated(accepts=False),
}
NO_METADATA = Fault.without_metadata()


def _standing(method: str, name: str, fault: Fault, times: int = OFTEN) -> Trouble:
    return Trouble(
        f"{method}: {name}",
        lambda stage: stage.workspace.faults.always(method, fault),
        lambda stage: stage.workspace.faults.stop_always(method),
        times,
    )


def _scripted(method: str, fault: Fault, times: int) -> Trouble:
    return Trouble(
        f"{method}: {fault.name} once", lambda stage: stage.workspace.faults.next(method, fault), times=times
    )


POSTED = (
    *(_standing(POST, name, fault) for name, fault in DONE.items()),
    _standing(POST, "posted without its metadata", NO_METADATA),
)
NOT_POSTED = (
    *(_standing(POST, name, fault) for name, fault in NOT_DONE.items()),
    _standing(POST, "message_limit_exceeded", Fault.code("message_limit_exceeded")),
    _standing(POST, "restricted_action", Fault.code("restricted_action"), times=1),
    _standing(POST, "missing_scope", Fault.code("missing_scope"), times=1),
    *(_standing(OPEN, name, NOT_DONE[name]) for name in ("500, nothing done", "never answered, nothing done")),
    _scripted(POST, Fault.code("invalid_blocks"), times=2),
    _standing(POST, "a code that nobody knows", Fault.code("brand_new_error")),
    _standing(POST, "a request that is at fault", Fault.code("metadata_must_be_sent_from_app")),
)
LOOKING = (
    *(_standing(HISTORY, name, fault) for name, fault in (DONE | NOT_DONE).items()),
    _standing(HISTORY, "missing_scope", Fault.code("missing_scope"), times=2),
    _scripted(HISTORY, Fault.code("brand_new_error"), times=3),
)

# ---- all of Slack ---------------------------------------------------------------------------------------------------

STATES: Mapping[str, str | float] = {
    "history_page": 5,
    "token_error": "token_revoked",
    "app_token_error": "invalid_auth",
    "refuses_data_table": True,
}
SEEDED = ("clock_skew", "history_delay")  # the same from the first to the last moment of a schedule


def _state(name: str, value: str | float) -> Trouble:
    return Trouble(
        f"slack: {name}",
        lambda stage: setattr(stage.workspace.faults, name, value),
        lambda stage: setattr(stage.workspace.faults, name, getattr(SlackFaults(), name)),
        times=1 if name == "token_error" else OFTEN,
    )


SLACK = (
    *(_state(name, value) for name, value in STATES.items()),
    *(_standing(EVERY, name, NOT_DONE[name]) for name in ("429 with Retry-After", "500, nothing done")),
    Trouble("slack: down", lambda stage: stage.slack.go_down(), lambda stage: stage.slack.come_up(), times=2),
    Trouble(
        "slack: the bot is removed from the channel",
        lambda stage: stage.workspace.remove_bot(CHANNEL),
        lambda stage: stage.workspace.invite_bot(CHANNEL, ADA),
        times=1,
    ),
    Trouble("socket: cut", lambda stage: stage.slack.socket.cut()),
    Trouble("socket: closed", lambda stage: stage.slack.socket.close()),
    Trouble("socket: refreshed", lambda stage: stage.slack.socket.refresh()),
    Trouble("socket: frozen", lambda stage: stage.slack.socket.freeze()),
    Trouble("socket: answers nothing", lambda stage: setattr(stage.slack.socket, "blackholes", 1)),
    Trouble(
        "socket: refused",
        lambda stage: setattr(stage.slack.socket, "refusing", True),
        lambda stage: setattr(stage.slack.socket, "refusing", False),
    ),
)
KINDS = (  # how many of each a spell has at least and at most
    (LIST, 1, 2),
    (POSTED, 2, 3),
    (NOT_POSTED, 0, 1),
    (LOOKING, 0, 1),
    (SLACK, 0, 2),
)
ALL = tuple(trouble for kind, _, _ in KINDS for trouble in kind)


def choose(chance: random.Random, used: Iterable[str]) -> list[Trouble]:
    """Choose what goes wrong in one spell."""
    before = list(used)
    chosen: list[Trouble] = []
    for kind, least, most in KINDS:
        left = [trouble for trouble in kind if before.count(trouble.name) < trouble.times]
        chosen += chance.sample(left, min(chance.randint(least, most), len(left)))
    return chosen
