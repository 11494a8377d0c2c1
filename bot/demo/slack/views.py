"""The methods around people and the app itself: identity, people, App Home, modals and the socket's address.

Shapes follow docs.slack.dev/reference/methods for each of them.
"""

import json

from bot.demo.slack import blocks as slack_blocks
from bot.demo.slack.call import ApiError, SlackCall, invalid_arguments
from bot.demo.slack.events import new_id
from bot.demo.slack.records import Json

VIEW_BYTES = 250_000


def auth_test(call: SlackCall) -> Json:
    identity = call.workspace.identity
    return {
        "url": f"https://{identity.domain}.slack.com/",
        "team": identity.team,
        "user": identity.bot_name,
        "team_id": identity.team_id,
        "user_id": identity.bot_user,
        "bot_id": identity.bot_id,
        "is_enterprise_install": False,
    }


def auth_test_of_app(call: SlackCall) -> Json:
    """The same method with the app-level token."""
    return {"app_name": call.workspace.identity.bot_name, "app_id": call.workspace.identity.app_id}


def user_info(call: SlackCall) -> Json:
    person = call.person()
    user = {
        "id": person.id,
        "team_id": call.workspace.identity.team_id,
        "name": person.name,
        "real_name": person.name,
        "deleted": person.deleted,
        "tz": person.timezone,
        "is_bot": False,
        "is_app_user": False,
        "profile": {"real_name": person.name, "display_name": person.name},
    }
    return {"user": user | ({"locale": person.locale} if call.flag("include_locale") else {})}


def publish(call: SlackCall) -> Json:
    """views.publish: the person's Home tab."""
    if not call.workspace.home_tab:
        raise ApiError("not_enabled")
    person = call.person("user_id")
    view = checked_view(call, "home")
    before = call.workspace.homes.get(person.id)
    if call.text("hash") and before is not None and call.text("hash") != before["hash"]:
        raise ApiError("hash_conflict")
    stored = stored_view(call, view) | ({"id": before["id"]} if before else {})
    with call.workspace.changing():
        call.workspace.homes[person.id] = stored
    return {"view": stored}


def open_view(call: SlackCall) -> Json:
    """views.open: a modal for the person whose trigger this is."""
    interaction = call.workspace.interactions.get(call.text("trigger_id"))
    if interaction is None:
        raise ApiError("invalid_trigger_id")
    if interaction.trigger_refusal():
        raise ApiError(interaction.trigger_refusal())
    stored = stored_view(call, checked_view(call, "modal"))
    with call.workspace.changing():
        interaction.trigger_used = True
        call.workspace.modals[interaction.user] = stored
    return {"view": stored}


def checked_view(call: SlackCall, kind: str) -> Json:
    """The view, if it is valid and of this kind; raises ApiError."""
    view = call.structure("view", "invalid_arguments")
    if not isinstance(view, dict) or view.get("type") != kind:
        raise invalid_arguments(f"must be a view of type {kind} [json-pointer:/view/type]")
    if len(json.dumps(view)) > VIEW_BYTES:
        raise ApiError("view_too_large")
    problems = slack_blocks.view_problems(view)
    if problems:
        raise invalid_arguments(*problems)
    return view


def stored_view(call: SlackCall, view: Json) -> Json:
    identity = call.workspace.identity
    blocks = [{"block_id": new_id("b")} | block for block in view["blocks"]]
    defaults = {"callback_id": "", "private_metadata": "", "external_id": "", "state": {"values": {}}}
    fixed = {"id": new_id("V"), "hash": new_id("h"), "team_id": identity.team_id, "app_id": identity.app_id}
    return defaults | view | fixed | {"bot_id": identity.bot_id, "blocks": blocks}
