"""Whatever the list does: no false news while it misbehaves, and what ended is told once afterwards (D2 to D7)."""

from collections import Counter
from collections.abc import Iterator
from concurrent.futures import Future

import pytest

from bot.demo.cloud.faults import FAULTS, Fault
from tests.acceptance.rehearsal import side_by_side
from tests.acceptance.stage import Stage

PATIENT: tuple[
    Fault, ...
] = (  # the bot waits long for these on purpose: a minute with a refused key, 10 s and 30 s for a page
    *(Fault.UNAUTHORIZED, Fault.FORBIDDEN, Fault.INVALID_API_KEY),
    *(Fault.STALL, Fault.TRICKLE, Fault.TRICKLE_HEADERS, Fault.ENDLESS),
)
QUICK: list[Fault] = [
    fault for fault in FAULTS if fault not in (*PATIENT, Fault.API_DOWN)
]  # API_DOWN: see the last test
CALM = {
    "PREWARM_STUCK_AFTER": "0"
}  # ages are counted on the API's clock (D11): with an hour too much, all would be stuck
VALUES = {Fault.CLAMPED_PAGES: 2.0, Fault.SLOW: 1.0, Fault.RATE_LIMITED_WITH_DELAY: 1.0}


def play(stage: Stage, fault: Fault, patience: float = 30.0) -> None:
    """Let a task end while the fault lasts, end the fault, and count what people see."""
    board, before = stage.server.faults, stage.told()
    task, still = stage.cloud.add(), stage.cloud.add()
    stage.wait_polled(3)
    board.on(fault, VALUES.get(fault))
    stage.end(task, "manifest unknown")
    struck = 1 if fault in PATIENT else 4
    assert stage.cloud.wait_for(lambda: board.struck[fault] >= struck, patience), f"{fault} struck nothing"
    board.off(fault)
    stage.wait_told(task, within=patience)
    sentinel = stage.tell_sentinel(within=patience)
    assert stage.told() == before + Counter([task, sentinel])
    assert stage.told()[still] == 0


def play_patiently(stage: Stage, fault: Fault) -> None:
    play(stage, fault, patience=100.0)


@pytest.fixture(scope="module")
def quick(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[Fault, Future[None]]]:
    with side_by_side(QUICK, 6, tmp_path_factory.mktemp("cloud"), play, PREWARM_PAGE_SIZE="3", **CALM) as played:
        yield played


@pytest.fixture(scope="module")
def patient(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[Fault, Future[None]]]:
    with side_by_side(list(PATIENT), 6, tmp_path_factory.mktemp("cloud"), play_patiently, **CALM) as played:
        yield played


@pytest.mark.timeout(180)
@pytest.mark.parametrize("fault", QUICK)
def test_a_fault_of_the_list_makes_no_news_and_hides_none(quick: dict[Fault, Future[None]], fault: Fault) -> None:
    quick[fault].result(170)


@pytest.mark.slow
@pytest.mark.timeout(300)
@pytest.mark.parametrize("fault", PATIENT)
def test_a_fault_that_is_waited_out_hides_no_news(patient: dict[Fault, Future[None]], fault: Fault) -> None:
    patient[fault].result(290)


def test_each_fault_of_the_list_has_its_turn() -> None:
    in_turn = [*QUICK, *PATIENT, Fault.API_DOWN]
    assert sorted(in_turn) == sorted(Fault)


def test_an_outage_is_told_when_it_lasts_and_when_it_is_over(stage: Stage) -> None:
    stage.run_until_hello(PREWARM_BLIND_AFTER="1")
    task = stage.cloud.add()
    stage.wait_polled(2)
    stage.server.faults.on(Fault.API_DOWN)
    stage.end(task)
    stage.wait_said("I cannot see the prewarm tasks")
    stage.server.faults.off(Fault.API_DOWN)
    stage.wait_said("I see the prewarm tasks again")
    stage.wait_told(task)
    sentinel = stage.tell_sentinel()
    assert stage.told() == {task: 1, sentinel: 1}
    assert sum("prewarm tasks again" in text for text in stage.said()) == 1
