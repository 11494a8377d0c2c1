"""The manifest is one that Slack accepts, and it asks for what the bot uses and for nothing else."""

import json
from pathlib import Path
from typing import Any

import yaml
from jsonschema import Draft7Validator

ROOT = Path(__file__).parents[2]
SCHEMA = ROOT / "tests/data/manifest.schema.json"
"""Slack's own: github.com/slackapi/manifest-schema, schemas/manifest.schema.2.0.0.json (MIT)."""

SCOPES = {  # each with what would break without it
    "chat:write": "posting",
    "commands": "/prewarm",
    "app_mentions:read": "mentions",
    "channels:history": "looking for a message in doubt (P6)",
    "groups:history": "P6 in private channels",
    "im:history": "P6 and questions in direct messages",
    "im:write": "conversations.open (P4)",
    "channels:read": "membership (P14)",
    "groups:read": "P14 in private channels",
}
EVENTS = {
    "app_mention",
    "message.im",
    "member_joined_channel",
    *(f"{kind}_{what}" for kind in ("channel", "group") for what in ("left", "rename", "archive", "unarchive")),
}


def manifest() -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load((ROOT / "manifest.yml").read_text(encoding="utf-8"))
    return loaded


def test_slacks_own_schema_accepts_the_manifest() -> None:
    faults = Draft7Validator(json.loads(SCHEMA.read_text(encoding="utf-8"))).iter_errors(manifest())
    assert [f"{fault.json_path}: {fault.message}" for fault in faults] == []


def test_the_schema_refuses_an_unknown_key() -> None:
    schema = Draft7Validator(json.loads(SCHEMA.read_text(encoding="utf-8")))
    assert not schema.is_valid(manifest() | {"surprise": True})


def test_the_bot_asks_for_these_scopes_and_no_more() -> None:
    # Never chat:write.public: it posts where the history cannot be read, so a doubt could not be settled (P6).
    scopes = manifest()["oauth_config"]["scopes"]
    assert sorted(scopes["bot"]) == sorted(SCOPES)
    assert scopes.keys() == {"bot"}


def test_every_scope_has_its_reason_beside_it() -> None:
    lines = (ROOT / "manifest.yml").read_text(encoding="utf-8").splitlines()
    assert [line for line in lines if line.strip().removeprefix("- ") in SCOPES] == []


def test_the_bot_hears_these_events_and_no_others() -> None:
    assert sorted(manifest()["settings"]["event_subscriptions"]["bot_events"]) == sorted(EVENTS)


def test_people_can_write_to_the_bot_and_press_buttons_over_socket_mode() -> None:
    home, settings = manifest()["features"]["app_home"], manifest()["settings"]
    assert home["messages_tab_enabled"]
    assert not home["messages_tab_read_only_enabled"]
    assert settings["socket_mode_enabled"]
    assert settings["interactivity"]["is_enabled"]


def test_the_command_receives_an_image_address_as_it_was_typed() -> None:
    (command,) = manifest()["features"]["slash_commands"]
    assert command["command"] == "/prewarm"
    assert command["should_escape"] is False
