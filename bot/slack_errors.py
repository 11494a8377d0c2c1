"""Slack's error codes in one table: what each asks of us (rule P9) and what it means to a person.

Every code that Slack documents for a method we call has its row, exactly as it is written (tests/data/slack_errors.txt
keeps that list and its source). A code without a row gets UNKNOWN, which never gives anything up. The table has no
imports and sits below every room: adapters judge by it, messages explain by it, services ask it who was shut out.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Final


class Verdict(StrEnum):
    """What a refusal asks of us."""

    WAIT = "wait"  # not carried out; it passes by itself
    PLAIN = "plain"  # this form is refused: the next rung, and on the last one the post is given up (P12)
    FAULT = "fault"  # a fault of our request: the next rung, and on the last one the channel parks (P12)
    PARK = "park"  # this place or person cannot be written to (P14)
    STOP = "stop"  # nothing can be sent with this token (P15)
    DOUBT = "doubt"  # it may have been carried out
    ODD = "odd"  # a definite "no" for a reason we do not know: a doubt, and in the end like FAULT (P9)
    UNREADABLE = "unreadable"  # the history may not be read at all


class Meaning(StrEnum):
    """What a person has to know about it."""

    LIMITED = "limited"
    MIGRATING = "migrating"
    NOT_MEMBER = "not_member"
    ARCHIVED = "archived"
    PERSON_GONE = "person_gone"
    NO_DIRECT = "no_direct"
    RESTRICTED = "restricted"
    TOKEN = "token"  # noqa: S105 - not a password
    SCOPE = "scope"
    FORM = "form"
    OURS = "ours"
    SLACKS = "slacks"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Row:
    """What a code means for each kind of request: about a conversation or a person, a message, its history."""

    meaning: Meaning
    opening: Verdict
    posting: Verdict
    looking: Verdict


WAIT, PLAIN, FAULT, PARK, STOP, DOUBT, ODD, UNREADABLE = Verdict

LIMITED: Final = Row(Meaning.LIMITED, WAIT, WAIT, WAIT)  # also HTTP 429
NOT_SENT: Final = Row(Meaning.LIMITED, WAIT, WAIT, WAIT)  # the request never left
UNCLEAR: Final = Row(Meaning.SLACKS, WAIT, DOUBT, DOUBT)  # "some aspect of the operation succeeded", 5xx, no answer
UNKNOWN: Final = Row(Meaning.UNKNOWN, PARK, ODD, DOUBT)
OURS: Final = Row(Meaning.OURS, PARK, FAULT, DOUBT)

# https://docs.slack.dev/reference/methods: the page of each method ends with its errors.
_ROWS: Final = (
    # Too much at once, or Slack asks for patience. https://docs.slack.dev/apis/web-api/rate-limits
    (LIMITED, "ratelimited rate_limited message_limit_exceeded service_unavailable request_timeout"),
    # The workspace moves into an organization, or the channel to another workspace.
    (Row(Meaning.MIGRATING, WAIT, WAIT, WAIT), "team_added_to_org org_login_required external_channel_migrating"),
    # The place or the person cannot be written to.
    (Row(Meaning.NOT_MEMBER, PARK, PARK, PARK), "not_in_channel channel_not_found"),
    (Row(Meaning.ARCHIVED, PARK, PARK, PARK), "is_archived is_inactive"),
    (Row(Meaning.PERSON_GONE, PARK, PARK, PARK), "user_disabled user_not_found user_not_visible"),
    (
        Row(Meaning.NO_DIRECT, PARK, PARK, PARK),
        "cannot_dm_bot messages_tab_disabled invalid_user_combination method_not_supported_for_channel_type",
    ),
    (
        Row(Meaning.RESTRICTED, PARK, PARK, PARK),
        """
        restricted_action restricted_action_read_only_channel restricted_action_thread_only_channel
        restricted_action_non_threadable_channel restricted_action_thread_locked no_permission access_denied
        ekm_access_denied team_access_not_granted team_not_found channel_is_limited_access cannot_reply_to_message
        posting_to_channel_denied user_not_in_channel
        """,
    ),
    # The token is no good, or not from here. https://docs.slack.dev/reference/methods/auth.test#errors
    (
        Row(Meaning.TOKEN, STOP, STOP, STOP),
        """
        invalid_auth not_authed account_inactive token_revoked token_expired two_factor_setup_required accesslimited
        enterprise_is_restricted deprecated_endpoint method_deprecated forbidden_team team_disabled
        user_removed_from_team not_a_bot_token
        """,
    ),
    # The token may not do this one thing. https://docs.slack.dev/reference/scopes
    (Row(Meaning.SCOPE, PARK, STOP, UNREADABLE), "missing_scope not_allowed_token_type"),
    # The form is refused, nothing was posted. https://docs.slack.dev/reference/block-kit/blocks
    (
        Row(Meaning.FORM, PARK, PLAIN, DOUBT),
        """
        invalid_blocks invalid_blocks_format msg_blocks_too_long msg_too_long no_text markdown_text_conflict
        invalid_attachments too_many_attachments attachment_payload_limit_exceeded too_many_contact_cards
        slack_connect_canvas_sharing_blocked slack_connect_file_link_sharing_blocked
        slack_connect_lists_sharing_blocked view_too_large
        """,
    ),
    # Our call itself is refused, whatever its words are. Metadata goes along on every rung, so it is among these.
    (
        OURS,
        """
        metadata_too_large invalid_metadata_format invalid_metadata_schema metadata_must_be_sent_from_app
        invalid_arg_name invalid_arguments invalid_array_arg invalid_charset invalid_form_data invalid_post_type
        missing_post_type missing_args insecure_request as_user_not_supported missing_file_data
        users_list_not_supplied not_enough_users too_many_users invalid_cursor invalid_ts_latest invalid_ts_oldest
        invalid_metadata_filter_keys not_worded
        """,
    ),
    # What only an edit, a view or a draft can meet: none of them promises anything (P1).
    (
        OURS,
        """
        message_not_found cant_update_message cant_delete_message cant_broadcast_message block_mismatch
        edit_window_closed update_failed streaming_state_conflict no_dual_broadcast_content_update
        blocked_file_type file_deleted file_is_deleted file_not_found file_share_limit_reached
        max_file_sharing_exceeded unable_to_share_files slack_connect_blocked_file_type
        slack_connect_clip_sharing_blocked slack_connect_file_upload_sharing_blocked duplicate_external_id
        hash_conflict missing_profile_id not_enabled not_implemented not_found expired_trigger_id
        exchanged_trigger_id invalid_trigger_id
        """,
    ),
    # Slack names these for posts that carry a draft or a client_msg_id, as ours never do: look, whatever they mean.
    (
        UNKNOWN,
        """
        draft_already_deleted draft_already_sent draft_has_conflict draft_not_found duplicate_channel_not_found
        duplicate_message_not_found
        """,
    ),
    (UNCLEAR, "internal_error fatal_error"),
)


def _by_code() -> Iterator[tuple[str, Row]]:
    for row, codes in _ROWS:
        for code in codes.split():
            yield code, row


TABLE: Final[Mapping[str, Row]] = MappingProxyType(dict(_by_code()))


def row_for(code: str) -> Row:
    """Return what a code of `ok: false` means; UNKNOWN for one without a row."""
    return TABLE.get(code, UNKNOWN)


def shuts_out(code: str) -> bool:
    """Whether an invitation, or unarchiving, ends it."""
    return row_for(code).meaning in (Meaning.NOT_MEMBER, Meaning.ARCHIVED)
