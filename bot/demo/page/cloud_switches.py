"""The page's switchboard: every fault of both embedded servers under one name, to be switched on, off and all off.

The two servers keep their faults in different ways (a board, fields, acts of people, a closed port). A visitor sees
switches, so here each becomes one: a name, a sentence, a way to turn it and a way to see how it stands.
"""

import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from bot.demo.cloud.faults import Fault as ApiFault
from bot.demo.cloud.server import CloudServer
from bot.demo.slack.faults import Fault as SlackFault
from bot.demo.slack.server import SlackServer


@dataclass(frozen=True)
class Lever:
    """What a switch moves; `turn` may block for seconds."""

    turn: Callable[[bool], None]
    is_on: Callable[[], bool]


@dataclass(frozen=True)
class Switch:
    """One fault as the page shows it: `says` is what it does and what to look for, `group` its heading."""

    name: str
    title: str
    lever: Lever
    group: str
    says: str = ""
    headline: bool = False


@dataclass
class Levers:
    """Makes levers for both servers."""

    cloud: CloudServer
    slack: SlackServer
    _standing: dict[str, SlackFault] = field(default_factory=dict)  # by method, as set from here
    _slack_down: bool = False

    def api(self, *faults: ApiFault, **values: float) -> Lever:
        """Faults of the prewarm API that act together; values by the fault's name, else its usual one."""
        board = self.cloud.faults

        def turn(on: bool) -> None:
            for fault in faults:
                if on:
                    board.on(fault, values.get(fault.value))
                else:
                    board.off(fault)

        return Lever(turn, lambda: all(board.is_on(fault) for fault in faults))

    def call(self, method: str, fault: SlackFault) -> Lever:
        """A fault that strikes every call of a method; a method has one at a time, so another one takes its place."""

        def turn(on: bool) -> None:
            if on:
                self.slack.workspace.faults.always(method, fault)
                self._standing[method] = fault
            elif self._standing.get(method) == fault:
                self.slack.workspace.faults.stop_always(method)
                del self._standing[method]

        return Lever(turn, lambda: self._standing.get(method) == fault)

    def value(self, owner: object, name: str, value: Any) -> Lever:
        """A field that holds `value` while on and the empty value of its type while off."""
        return Lever(
            lambda on: setattr(owner, name, value if on else type(value)()),
            lambda: bool(getattr(owner, name) == value),
        )

    def slack_down(self) -> Lever:
        def turn(on: bool) -> None:
            (self.slack.go_down if on else self.slack.come_up)()
            self._slack_down = on

        return Lever(turn, lambda: self._slack_down)

    def socket_refused(self) -> Lever:
        """Cut the present connections and refuse new ones."""
        socket = self.slack.socket

        def turn(on: bool) -> None:
            socket.refusing = on
            if on:
                socket.cut()

        return Lever(turn, lambda: socket.refusing)

    def membership(self, channel: str, by: str) -> Lever:
        """Somebody removes the bot from a channel, and invites it back."""
        workspace = self.slack.workspace

        def turn(on: bool) -> None:
            if on == workspace.is_bot_in(workspace.channels[channel]):
                (workspace.remove_bot if on else workspace.invite_bot)(channel, by)

        return Lever(turn, lambda: not workspace.is_bot_in(workspace.channels[channel]))

    def archive(self, channel: str) -> Lever:
        workspace = self.slack.workspace

        def turn(on: bool) -> None:
            if on != workspace.channels[channel].archived:
                (workspace.archive if on else workspace.unarchive)(channel)

        return Lever(turn, lambda: workspace.channels[channel].archived)


class Switchboard:
    """All switches by name; one is turned at a time, from any thread."""

    def __init__(self, switches: Iterable[Switch]) -> None:
        self.switches = {switch.name: switch for switch in switches}
        self._turning = threading.Lock()

    def turn(self, name: str, on: bool) -> list[Switch]:
        """Turn one and return what else went off for it. KeyError: no such switch. May block for seconds."""
        switch = self.switches[name]
        with self._turning:
            before = self.on()
            switch.lever.turn(on)
            after = self.on()
        return [other for other in before if other not in after and other is not switch]

    def all_off(self) -> list[Switch]:
        """Turn off what is on and return it."""
        with self._turning:
            found = self.on()
            for switch in found:
                switch.lever.turn(False)
        return found

    def on(self) -> list[Switch]:
        """What is on now, in the order of the page."""
        return [switch for switch in self.switches.values() if switch.lever.is_on()]
