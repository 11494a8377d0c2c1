"""The manifest is one that Slack accepts, and it asks for what the bot uses and for nothing else."""

import json
from pathlib import Path
from typing import Any

import yaml
from jsonschema import Draft7Validator

from bot.adapters.slack.scopes import OPTIONAL, SCOPES
from bot.demo.slack import state as slack_state
from bot.demo.slack.workspace import SlackWorkspace

ROOT = Path(__file__).parents[2]
SCHEMA = ROOT / "tests/data/manifest.schema.json"
"""Slack's own: github.com/slackapi/manifest-schema, schemas/manifest.schema.2.0.0.json (MIT)."""

EVENTS = {
    "app_home_opened",
    "app_mention",
    "message.im",
    "member_joined_channel",
    *(f"{kind}_{what}" for kind in ("channel", "group") for what in ("left", "rename", "archive", "unarchive")),
}
NEEDS = {  # https://docs.slack.dev/reference/events; channel_* and group_* need channels:read and groups:read
    "app_home_opened": None,
    "app_mention": "app_mentions:read",
    "message.im": "im:history",
    "member_joined_channel": "channels:read",
}


def manifest() -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load((ROOT / "manifest.yml").read_text(encoding="utf-8"))
    return loaded


def bot_events() -> list[str]:
    events: list[str] = manifest()["settings"]["event_subscriptions"]["bot_events"]
    return events


def test_slacks_own_schema_accepts_the_manifest() -> None:
    faults = Draft7Validator(json.loads(SCHEMA.read_text(encoding="utf-8"))).iter_errors(manifest())
    assert [f"{fault.json_path}: {fault.message}" for fault in faults] == []


def test_the_schema_refuses_an_unknown_key() -> None:
    schema = Draft7Validator(json.loads(SCHEMA.read_text(encoding="utf-8")))
    assert not schema.is_valid(manifest() | {"surprise": True})


def test_the_bot_asks_for_these_scopes_and_no_more() -> None:
    scopes = manifest()["oauth_config"]["scopes"]
    assert sorted(scopes["bot"]) == sorted(SCOPES | OPTIONAL)
    assert scopes.keys() == {"bot"}


def test_every_scope_and_event_has_its_reason_beside_it() -> None:
    lines = (ROOT / "manifest.yml").read_text(encoding="utf-8").splitlines()
    assert [line for line in lines if line.strip().removeprefix("- ") in {*SCOPES, *OPTIONAL, *EVENTS}] == []


def test_the_bot_hears_these_events_and_no_others() -> None:
    assert sorted(bot_events()) == sorted(EVENTS)


def test_each_event_comes_with_a_scope_that_is_asked_for() -> None:
    # Slack's schema does not know which event needs which scope.
    scopes = {NEEDS.get(event, f"{event.split('_')[0]}s:read") for event in bot_events()} - {None}
    assert scopes <= set(SCOPES)


def test_the_embedded_workspace_is_one_where_this_app_is_installed() -> None:
    assert sorted(slack_state.SCOPES) == sorted(manifest()["oauth_config"]["scopes"]["bot"])
    assert sorted(slack_state.EVENTS) == sorted(bot_events())
    assert SlackWorkspace().home_tab == manifest()["features"]["app_home"]["home_tab_enabled"]


def test_people_can_write_to_the_bot_and_press_buttons_over_socket_mode() -> None:
    home, settings = manifest()["features"]["app_home"], manifest()["settings"]
    assert home["home_tab_enabled"]
    assert home["messages_tab_enabled"]
    assert not home["messages_tab_read_only_enabled"]
    assert settings["socket_mode_enabled"]
    assert settings["interactivity"]["is_enabled"]


def test_the_command_receives_an_image_address_as_it_was_typed() -> None:
    (command,) = manifest()["features"]["slash_commands"]
    assert command["command"] == "/prewarm"
    assert command["should_escape"] is False
