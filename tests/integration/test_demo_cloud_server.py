"""The embedded prewarm API starts, goes down and up, and stops without leaving anything behind."""

import socket
import threading
import time
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest

from bot.demo.cloud.api import LIST_PATH
from bot.demo.cloud.faults import Fault
from bot.demo.cloud.server import DEMO_API_KEY, CloudServer

HEADERS = {"Authorization": f"Bearer {DEMO_API_KEY}", "Content-Type": "application/json"}


def status(server: CloudServer) -> int:
    return httpx.get(server.url + LIST_PATH, headers=HEADERS, timeout=5, trust_env=False).status_code


def open_files() -> int:
    return len(list(Path("/dev/fd").iterdir()))


def test_it_takes_a_free_port_or_the_one_it_is_given() -> None:
    with CloudServer() as first:
        port = int(first.url.rsplit(":", 1)[1])
        assert status(first) == 200
        with pytest.raises(OSError, match="in use"):
            CloudServer(port).start()
    with CloudServer(port) as second:
        assert second.url == f"http://127.0.0.1:{port}"
        assert status(second) == 200


def test_stop_may_come_before_start_and_twice_and_a_stopped_server_starts_again() -> None:
    server = CloudServer()
    server.stop()
    server.start()
    server.start()
    url = server.url
    server.cloud.add()
    server.stop()
    server.stop()
    with pytest.raises(httpx.ConnectError):
        status(server)
    server.start()
    assert (server.url, status(server), len(server.cloud.rows())) == (url, 200, 1)
    server.stop()


def test_nothing_is_left_after_a_stop() -> None:
    with CloudServer() as warm_up:
        status(warm_up)
    threads, files = threading.active_count(), open_files()
    for _ in range(5):
        with CloudServer() as server:
            status(server)
            server.faults.on(Fault.API_DOWN)
            server.faults.off(Fault.API_DOWN)
    assert threading.active_count() <= threads  # fewer: one of an earlier test has ended
    assert open_files() <= files


@pytest.mark.parametrize("fault", [Fault.STALL, Fault.SLOW, Fault.TRICKLE, Fault.TRICKLE_HEADERS, Fault.ENDLESS])
def test_stop_does_not_wait_for_an_answer_that_never_ends(fault: Fault) -> None:
    server = CloudServer()
    server.start()
    server.faults.on(fault, 30)
    reader = threading.Thread(target=_read_to_the_end, args=(server.url,))
    reader.start()
    assert server.cloud.wait_for(lambda: server.cloud.log.count > 0, 5)
    stopping = time.monotonic()
    server.stop()
    assert time.monotonic() - stopping < 3
    reader.join(5)
    assert not reader.is_alive()


def _read_to_the_end(url: str) -> None:
    try:
        with httpx.stream("GET", url + LIST_PATH, headers=HEADERS, timeout=20, trust_env=False) as answer:
            for _ in answer.iter_raw():
                pass
    except httpx.TransportError:
        return


def test_while_down_connections_are_refused_and_open_ones_end() -> None:
    with CloudServer() as server, httpx.Client(headers=HEADERS, timeout=5, trust_env=False) as client:
        assert client.get(server.url + LIST_PATH).status_code == 200
        server.faults.on(Fault.API_DOWN)
        for _ in range(2):
            with pytest.raises(httpx.ConnectError):
                client.get(server.url + LIST_PATH)
        assert server.cloud.log.count == 1
        server.faults.off(Fault.API_DOWN)
        assert client.get(server.url + LIST_PATH).status_code == 200


def test_the_port_stays_reserved_while_down() -> None:
    with CloudServer() as server:
        server.faults.on(Fault.API_DOWN)
        port = int(server.url.rsplit(":", 1)[1])
        with socket.socket() as other, pytest.raises(OSError, match="in use"):
            other.bind(("127.0.0.1", port))


def test_a_request_under_way_ends_when_the_api_goes_down() -> None:
    with CloudServer() as server:
        server.faults.on(Fault.STALL)
        reader = threading.Thread(target=_read_to_the_end, args=(server.url,))
        reader.start()
        assert server.cloud.wait_for(lambda: server.cloud.log.count > 0, 5)
        server.faults.on(Fault.API_DOWN)
        reader.join(5)
        assert not reader.is_alive()


def test_a_server_that_is_down_from_the_start_comes_up_when_the_fault_is_off() -> None:
    server = CloudServer()
    server.faults.on(Fault.API_DOWN)
    with server:
        with pytest.raises(httpx.ConnectError):
            status(server)
        server.faults.clear()
        assert status(server) == 200


def test_tasks_change_from_many_threads_while_the_list_is_read() -> None:
    def work(server: CloudServer) -> Callable[[], None]:
        def change() -> None:
            for _ in range(100):
                task_id = server.cloud.add()
                server.cloud.run(task_id)
                server.cloud.succeed(task_id)

        return change

    with CloudServer() as server:
        threads = [threading.Thread(target=work(server)) for _ in range(4)]
        for thread in threads:
            thread.start()
        assert [status(server) for _ in range(10)] == [200] * 10
        for thread in threads:
            thread.join(10)
        assert len(server.cloud.rows()) == 400
        assert server.cloud.version == 1200
