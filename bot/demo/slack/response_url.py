"""Answers through a `response_url`, and messages that come with an acknowledgement.

They need no scope and no membership, carry no `ts` back to the app, and are seen by one person unless the app says
`in_channel` (docs.slack.dev, interactivity/handling-user-interaction).
"""

from bot.demo.slack.call import ApiError, SlackCall
from bot.demo.slack.chat import checked_blocks
from bot.demo.slack.faults import NO_FAULT, Fault
from bot.demo.slack.interaction import Interaction
from bot.demo.slack.records import Json, Message
from bot.demo.slack.text import blocks_as_text
from bot.demo.slack.workspace import SlackWorkspace

RESPONSE_URL = "response_url"  # its name in `calls` and faults


def respond(workspace: SlackWorkspace, url_id: str, arguments: Json, fault: Fault = NO_FAULT) -> Json:
    """Use a `response_url` once; raises ApiError with the status Slack's web server gives."""
    interaction = next((i for i in list(workspace.interactions.values()) if i.url_id == url_id), None)
    if interaction is None or interaction.refusal():
        raise ApiError(interaction.refusal() if interaction else "invalid_url", status=404)
    with workspace.changing():
        apply_response(SlackCall(workspace, arguments, fault), interaction)
        interaction.uses += 1
    return {}


def apply_response(call: SlackCall, interaction: Interaction) -> None:
    """Show what the app answered: a new message, or its original replaced or deleted.

    A command has no original: what would replace it is a new message (slackapi/bolt-python#1268).
    """
    clicked = interaction.message
    original = call.workspace.message(clicked.channel, clicked.ts) if clicked else None
    if call.flag("delete_original"):
        if original is not None:
            call.workspace.remove(original)
        return
    content = response_content(call)
    if call.flag("replace_original") and clicked is not None:
        if original is None:  # deleted meanwhile; which code real Slack gives here is not documented
            raise ApiError("message_not_found", status=404)
        answer = call.workspace.edit(original, **content)
    else:
        answer = post_response(call, interaction, content)
    interaction.responses.append(answer)


def response_content(call: SlackCall) -> Json:
    """Text and blocks; raises ApiError with status 400. The sum of block text is not limited here."""
    try:
        blocks = checked_blocks(call, most=None)
    except ApiError as refused:
        raise ApiError(refused.code, status=400) from None
    if not call.text("text") and not blocks:
        raise ApiError("no_text", status=400)
    return {"text": call.text("text") or blocks_as_text(blocks), "blocks": tuple(blocks)}


def post_response(call: SlackCall, interaction: Interaction, content: Json) -> Message:
    in_channel = call.text("response_type") == "in_channel"
    return call.workspace.store(
        interaction.channel,
        call.workspace.identity.bot_user,
        content["text"],
        blocks=content["blocks"],
        thread_ts=call.text("thread_ts"),
        by_bot=True,
        only_for="" if in_channel else interaction.user,
    )


def show_ack_payload(workspace: SlackWorkspace, interaction: Interaction, payload: Json | None) -> None:
    """An acknowledgement of a command may carry its answer; one that Slack refuses is shown to nobody."""
    if not payload or not (payload.get("text") or payload.get("blocks")):
        return
    try:
        with workspace.changing():
            apply_response(SlackCall(workspace, payload), interaction)
    except ApiError as refused:
        workspace.interaction_failed(interaction, refused.code)
