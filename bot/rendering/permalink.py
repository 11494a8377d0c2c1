"""The address under which people open a message, made without asking Slack.

An answer that cites ten messages would cost ten requests of chat.getPermalink, and none while Slack is down.
"""


def permalink(url: str, conversation: str, ts: str) -> str:
    """Return the address of a message that is no reply, or "" when any part is unknown.

    `url` is the workspace's, as auth.test tells it: https://docs.slack.dev/reference/methods/auth.test
    """
    if not (url and conversation and ts):
        return ""
    return f"{url.rstrip('/')}/archives/{conversation}/p{ts.replace('.', '')}"
