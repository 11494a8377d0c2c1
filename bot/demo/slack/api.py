"""The Web API as a table from method name to handler, and the checks that every call passes first.

Slack's order: the method must exist, then the token, its scopes, the required arguments, then what the method
itself says.
"""

from collections.abc import Callable
from dataclasses import dataclass

from bot.demo.slack import chat as slack_chat
from bot.demo.slack import conversations as slack_conversations
from bot.demo.slack import views as slack_views
from bot.demo.slack.call import ApiError, SlackCall
from bot.demo.slack.faults import Fault
from bot.demo.slack.records import Json
from bot.demo.slack.workspace import SlackWorkspace

Handler = Callable[[SlackCall], Json]


@dataclass(frozen=True)
class Method:
    """`scopes` are alternatives; scopes that depend on the kind of conversation are the handler's business."""

    handler: Handler
    required: tuple[str, ...] = ()
    scopes: tuple[str, ...] = ()


METHODS: dict[str, Method] = {
    "auth.test": Method(slack_views.auth_test),
    "chat.delete": Method(slack_chat.delete, ("channel", "ts"), ("chat:write",)),
    "chat.getPermalink": Method(slack_chat.get_permalink, ("channel", "message_ts")),
    "chat.postEphemeral": Method(slack_chat.post_ephemeral, ("channel", "user"), ("chat:write",)),
    "chat.postMessage": Method(slack_chat.post_message, ("channel",), ("chat:write",)),
    "chat.update": Method(slack_chat.update, ("channel", "ts"), ("chat:write",)),
    "conversations.history": Method(slack_conversations.history, ("channel",)),
    "conversations.info": Method(slack_conversations.info, ("channel",)),
    "conversations.open": Method(slack_conversations.open_conversation, ("users",)),
    "users.info": Method(slack_views.user_info, ("user",), ("users:read",)),
    "views.open": Method(slack_views.open_view, ("trigger_id", "view")),
    "views.publish": Method(slack_views.publish, ("user_id", "view")),
}
APP_METHODS = {"auth.test": Method(slack_views.auth_test_of_app)}
SOCKET_METHOD = "apps.connections.open"


def answer(workspace: SlackWorkspace, name: str, token: str, arguments: Json, fault: Fault) -> Json:
    """What Slack answers to one call, without `ok`; raises ApiError."""
    if name not in METHODS:
        raise ApiError("unknown_method", req_method=name)
    method = method_for(workspace, name, token)
    call = SlackCall(workspace, arguments, fault)
    if method.scopes:
        call.need_scope(*method.scopes)
    slack_chat.required(call, method.required)
    with workspace.changing():  # one call at a time: its checks and its effect belong together
        return method.handler(call)


def method_for(workspace: SlackWorkspace, name: str, token: str) -> Method:
    """The method as this token may call it; raises ApiError for a bad token or the wrong kind of it."""
    if check_token(workspace, token) == "bot":
        return METHODS[name]
    if name in APP_METHODS:
        return APP_METHODS[name]
    raise ApiError("not_allowed_token_type")


def check_token(workspace: SlackWorkspace, token: str) -> str:
    """Which of the two tokens this is, "bot" or "app"; raises not_authed, invalid_auth or what the faults say."""
    identity, faults = workspace.identity, workspace.faults
    known = {identity.token: ("bot", faults.token_error), identity.app_token: ("app", faults.app_token_error)}
    if not token:
        raise ApiError("not_authed")
    if token not in known:
        raise ApiError("invalid_auth")
    kind, error = known[token]
    if error:
        raise ApiError(error)
    return kind
