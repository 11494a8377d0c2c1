"""The embedded prewarm API and the embedded Slack workspace of `prewarm-bot demo`, which are the tests' servers too.

They are written from the vendors' documents alone and import nothing of the bot, so that fake and client cannot share a
mistake.
"""
