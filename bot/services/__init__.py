"""What the bot does: watch the list, carry messages, answer people. Each service declares the Protocol it needs."""
