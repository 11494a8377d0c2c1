"""The rooms that touch the world: the prewarm API, the store, Slack's Web API and its socket.

Each satisfies a Protocol that a service or a library declares, and keeps the library's habits from everybody else.
"""
