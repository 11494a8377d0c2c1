"""Cases that mostly wait, played side by side: a bot waits seconds for a doubt to settle, and there are many doubts.

A module's fixture starts them all at once on a few lanes; each test then asks for the outcome of its own case.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TypeVar

from tests.acceptance.stage import HELLO, Stage

Case = TypeVar("Case")
START = 60.0  # seconds in which all bots have started, side by side on a busy machine


@contextmanager
def side_by_side(
    cases: Sequence[Case], lanes: int, folder: Path, play: Callable[[Stage, Case], None], **settings: str
) -> Iterator[dict[Case, Future[None]]]:
    """Share the cases among `lanes`, each with a stage and a running bot of its own; yield their outcomes to come."""
    with ExitStack() as stack:
        outcomes: dict[Case, Future[None]] = {}
        for lane in range(min(lanes, len(cases))):
            stage = stack.enter_context(Stage(folder / f"lane-{lane}"))
            thread = ThreadPoolExecutor(1, thread_name_prefix=f"lane-{lane}")
            stack.callback(thread.shutdown, wait=True, cancel_futures=True)
            started = thread.submit(_start, stage, settings)
            outcomes |= {case: thread.submit(_after, started, play, stage, case) for case in cases[lane::lanes]}
        yield outcomes


def _start(stage: Stage, settings: Mapping[str, str]) -> None:
    stage.run(**settings)
    stage.wait_said(HELLO, within=START)


def _after(started: Future[None], play: Callable[[Stage, Case], None], stage: Stage, case: Case) -> None:
    """Play no case with a bot that never began: what ended before its baseline is rightly never told."""
    started.result()
    play(stage, case)
