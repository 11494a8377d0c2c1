"""Tells Slack when image prewarm tasks of a GPU cloud succeed or fail: nothing lost, nothing said twice.

The package is a set of rooms that import downwards only; the contract stands in pyproject.toml, `tool.importlinter`.
`__version__` is the one place that holds the version: pyproject, `User-Agent` and `--version` read it from here.
"""

__version__ = "0.1.0"
