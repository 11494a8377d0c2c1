"""The panel's HTTP side: what a visitor sees of the embedded cloud and of Slack's faults, and what they do to both.

The page runs on a loop of its own that must never wait: switches may take seconds (a closed port, a cut socket), so
they are turned in a thread. Every refusal is a sentence, because the panel shows it as it stands.
"""

import asyncio
import json
from collections.abc import Awaitable, Callable, Collection, Mapping
from contextlib import suppress
from typing import Any, Final

from aiohttp import web
from aiohttp.typedefs import Handler

from bot.demo.cloud.catalogue import CLUSTERS, PRODUCTS
from bot.demo.cloud.runner import ScenarioRunner
from bot.demo.cloud.server import CloudServer
from bot.demo.cloud.siblings import NOTE_LENGTH
from bot.demo.page.cloud_faults import every_switch
from bot.demo.page.cloud_switches import Levers, Switchboard
from bot.demo.page.cloud_tasks import BURST_SECONDS, REASONS, TaskActs, TaskError
from bot.demo.page.cloud_view import View
from bot.demo.slack.records import Json
from bot.demo.slack.server import SlackServer

EVENT_PAUSE: Final = 0.25  # seconds between two looks for an event
EVERYTHING: Final = "all"  # stands for every switch, in `off` only
_QUIET_LOOKS: Final = 60  # looks without an event, after which a comment keeps the connection alive
_IMAGE_LENGTH: Final = 500
_MOST_IN_A_BURST: Final = 100

Act = Callable[[web.Request, Json], Awaitable[Json]]


def routes(cloud: CloudServer, slack: SlackServer, runner: ScenarioRunner | None) -> list[web.RouteDef]:
    """Everything under `/cloud/`. Refusals are JSON `{"error": sentence}` with 400, 404 or 409."""
    panel = _Panel(cloud, slack, runner)
    acts: Mapping[str, Act] = {
        "/cloud/tasks": panel.add,
        "/cloud/tasks/{id}/end": panel.end,
        "/cloud/tasks/{id}/hang": panel.hang,
        "/cloud/tasks/{id}/delete": panel.delete,
        "/cloud/burst": panel.burst,
        "/cloud/scenario": panel.scenario,
        "/cloud/faults": panel.fault,
    }
    return [
        web.get("/cloud/state", panel.state),
        web.get("/cloud/catalogue", panel.catalogue),
        web.get("/cloud/events", panel.events),
        *(web.post(path, _answering(act)) for path, act in acts.items()),
    ]


class _Panel:
    """One handler per address; each answers `{"said": what happened, as a sentence}` and more where it says so."""

    def __init__(self, cloud: CloudServer, slack: SlackServer, runner: ScenarioRunner | None) -> None:
        self._runner = runner
        self._switchboard = Switchboard(every_switch(Levers(cloud, slack)))
        self._tasks = TaskActs(cloud.cloud)
        self._view = View(cloud, slack, runner, self._switchboard)

    async def state(self, _request: web.Request) -> web.Response:
        return web.json_response(self._view.state())

    async def catalogue(self, _request: web.Request) -> web.Response:
        return web.json_response(self._view.catalogue())

    async def events(self, request: web.Request) -> web.StreamResponse:
        """The state at once and whenever it has changed, as server-sent events, at most four in a second."""
        stream = web.StreamResponse(headers={"Content-Type": "text/event-stream", "Cache-Control": "no-store"})
        await stream.prepare(request)
        mark, sent, quiet = None, "", 0
        with suppress(ConnectionError):
            while request.transport is not None and not request.transport.is_closing():
                quiet += 1
                if (now := self._view.mark()) != mark:
                    mark, state = now, self._view.state()
                    if (unaged := _unaged(state)) != sent:
                        sent, quiet = unaged, 0
                        await stream.write(f"data: {json.dumps(state)}\n\n".encode())
                if quiet == _QUIET_LOOKS:
                    quiet = 0
                    await stream.write(b": nothing new\n\n")
                await asyncio.sleep(EVENT_PAUSE)
        return stream

    async def add(self, _request: web.Request, body: Json) -> Json:
        """Add a task; answers its `id` too."""
        row = self._tasks.add(_task_fields(body))
        return {"id": row["id"], "said": f"Added {row['imageName']} on {row['clusterName']}."}

    async def end(self, request: web.Request, body: Json) -> Json:
        outcome = _one_of("outcome", body.get("outcome"), ("succeeded", "failed"))
        reason = _one_of("reason", body.get("reason", "rate_limit"), REASONS)
        row = self._tasks.end(request.match_info["id"], reason if outcome == "failed" else None)
        how = "succeeded" if outcome == "succeeded" else f"failed: {REASONS[reason].title.lower()}"
        return {"said": f"{row['imageName']} {how}. Watch the chat."}

    async def hang(self, request: web.Request, _body: Json) -> Json:
        row = self._tasks.hang(request.match_info["id"])
        return {"said": f"{row['imageName']} hangs until you end it."}

    async def delete(self, request: web.Request, _body: Json) -> Json:
        row = self._tasks.delete(request.match_info["id"])
        return {"said": f"{row['imageName']} is gone from the list."}

    async def burst(self, _request: web.Request, body: Json) -> Json:
        number = body.get("n")
        if type(number) is not int or not 1 <= number <= _MOST_IN_A_BURST:
            raise _wrong("n", f"a whole number from 1 to {_MOST_IN_A_BURST}")
        task_ids = self._tasks.burst(number)
        asyncio.get_running_loop().call_later(BURST_SECONDS, self._tasks.end_burst, task_ids)
        return {"said": f"{number} tasks run and end together in {BURST_SECONDS:g} seconds. Look for one digest."}

    async def scenario(self, _request: web.Request, body: Json) -> Json:
        running = body.get("running")
        if not isinstance(running, bool):
            raise _wrong("running", "true or false")
        if self._runner is None:
            raise TaskError(409, "No story is played here; tasks do what you do to them.")
        (self._runner.resume if running else self._runner.pause)()
        return {"said": "The story goes on." if running else "The story waits: tasks stay as they are until you act."}

    async def fault(self, _request: web.Request, body: Json) -> Json:
        """Turn one switch, or all of them off; answers once it has been turned."""
        name, on = body.get("name"), body.get("on")
        if not isinstance(name, str) or not isinstance(on, bool) or (name == EVERYTHING and on):
            raise _wrong("name and on", f"a fault's name with true or false, or {EVERYTHING} with false")
        if name == EVERYTHING:
            ended = await asyncio.to_thread(self._switchboard.all_off)
            return {"said": f"Off: {'; '.join(each.title for each in ended)}." if ended else "No fault was on."}
        if name not in self._switchboard.switches:
            raise TaskError(404, f"There is no fault {name}.")
        replaced = await asyncio.to_thread(self._switchboard.turn, name, on)
        said = f"{self._switchboard.switches[name].title}: {'on' if on else 'off'}."
        return {"said": " ".join([said, *(f"It takes the place of: {each.title}." for each in replaced if on)])}


def _answering(act: Act) -> Handler:
    async def answer(request: web.Request) -> web.StreamResponse:
        try:
            return web.json_response(await act(request, await _body(request)))
        except TaskError as refused:
            return web.json_response({"error": str(refused)}, status=refused.status)

    return answer


async def _body(request: web.Request) -> Json:
    """The JSON object sent along; an empty body stands for an empty object."""
    try:
        body = json.loads(await request.text() or "{}")
    except ValueError:
        body = None
    if not isinstance(body, dict):
        raise _wrong("body", "a JSON object")
    return body


def _task_fields(body: Json) -> Json:
    """What was given for a new task, without empty fields; raises TaskError with status 400."""
    given = {name: value for name, value in body.items() if value not in ("", None, [])}
    for name, longest in (("image", _IMAGE_LENGTH), ("note", NOTE_LENGTH)):
        if name in given and not (isinstance(given[name], str) and len(given[name]) <= longest):
            raise _wrong(name, f"a text of at most {longest} characters")
    if "cluster" in given:
        _one_of("cluster", given["cluster"], CLUSTERS)
    if not isinstance(given.get("products", []), list):
        raise _wrong("products", "a list")
    for product in given.get("products", []):
        _one_of("each of the products", product, PRODUCTS)
    return given


def _one_of(what: str, value: object, allowed: Collection[str]) -> str:
    if not isinstance(value, str) or value not in allowed:
        raise _wrong(what, f"one of {', '.join(allowed)}")
    return value


def _wrong(what: str, right: str) -> TaskError:
    return TaskError(400, f"Nothing was done: {what} must be {right}.")


def _unaged(state: Json) -> str:
    tasks: list[dict[str, Any]] = state["tasks"]
    return json.dumps({**state, "tasks": [{**task, "age": 0 if task["active"] else task["age"]} for task in tasks]})
