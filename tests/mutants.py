"""Are the tests able to fail? Each small wrong change to the code (`mutation.py`) has to be noticed by one of them.

    make mutants                                      every mutant of bot/domain, against the unit tests
    make mutants ARGS="bot/services bot/adapters --sample 500 --tests tests/unit tests/integration --at-least 92"

pytest collects and runs the tests once, and coverage says which of them run a line. For each mutant the process forks;
the fork swaps the code of the functions where they stand and lets those tests run again until one fails. What runs at
import (a constant, a default, a field) cannot be swapped: there the fork imports everything anew.

Mutants that change nothing anybody could notice are listed in tests/data/equivalent_mutants.txt, with a reason each.
They are left out, unless with --listed, which tries them alone.
"""

import argparse
import gc
import os
import random
import resource
import signal
import sys
import time
import traceback
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import _lru_cache_wrapper, partial
from importlib.machinery import ModuleSpec, SourceFileLoader
from importlib.util import spec_from_file_location
from itertools import pairwise
from pathlib import Path
from types import CodeType, FunctionType
from typing import Any, Final

import pytest
from _pytest.runner import runtestprotocol
from coverage import Coverage

from tests.mutation import Mutant, mutants_of

ROOT: Final = Path(__file__).parents[1]
LISTED: Final = ROOT / "tests/data/equivalent_mutants.txt"
QUICK: Final = "not slow and not browser and not soak"
AT_IMPORT: Final = ""  # the context in which coverage sees what runs while the tests are collected
UNNOTICED, NOTICED, BROKEN = 0, 1, 2  # exit codes
LONGEST: Final = 10  # seconds a test may take on top of ten times what it took; what hangs is noticed
MEMORY: Final = 6 * 2**30  # bytes of address space


@dataclass
class Trial:
    """Runs in pytest: the tests once, and what is to be known of them."""

    mutants: Sequence[Mutant]
    coverage: Coverage
    survivors: list[Mutant] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)
    seconds: dict[str, float] = field(default_factory=lambda: defaultdict(float))

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        self.seconds[report.nodeid] += report.duration
        if report.failed:
            self.failed.append(f"{report.nodeid}\n{report.longreprtext}")

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        for item, following in pairwise([*session.items, None]):
            assert item is not None
            self.coverage.switch_context(item.nodeid)
            item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
        self.coverage.stop()
        if self.failed:
            raise pytest.UsageError("The tests fail as they are:\n" + "\n".join(self.failed))
        self.survivors = list(self._tried(_Tests(session.items, self.coverage, self.seconds)))
        return True

    def _tried(self, tests: "_Tests") -> Iterator[Mutant]:
        """Yield the mutants that no test notices; as many run at once as there are processors."""
        everything = list(tests.items)
        gc.collect()
        standing = [each for each in gc.get_objects() if isinstance(each, FunctionType | _lru_cache_wrapper)]
        gc.freeze()  # else each fork copies what its collector looks at
        as_it_is = [_forked(lambda: tests.fail(everything)), _forked(lambda: _fail_anew(None, everything))]
        if [os.waitpid(process, 0)[1] for process in as_it_is] != [0, 0]:
            raise pytest.UsageError("The tests pass, and fail when they run again in a fork.")
        running: dict[int, Mutant] = {}
        began = time.monotonic()
        for number, mutant in enumerate(self.mutants, 1):
            if len(running) >= (os.cpu_count() or 1):
                yield from _ended(running)
            running[_forked(partial(_is_noticed, mutant, tests, standing))] = mutant
            if not number % 100:
                print(f"{number} of {len(self.mutants)}, {time.monotonic() - began:.0f} s", flush=True)
        while running:
            yield from _ended(running)


class _Tests:
    """Which tests run which lines, the most telling first."""

    def __init__(self, items: Sequence[pytest.Item], coverage: Coverage, seconds: Mapping[str, float]) -> None:
        self.items = {item.nodeid: item for item in items}
        self._seconds = seconds
        self._texts = {test.partition("::")[0]: item.path.read_text("utf-8") for test, item in self.items.items()}
        data = coverage.get_data()
        self._lines = {path: data.contexts_by_lineno(path) for path in data.measured_files()}

    def of(self, mutant: Mutant) -> tuple[list[str], bool]:
        """Return the tests for a mutant, and whether all has to be imported anew."""
        by_line = self._lines.get(str(ROOT / mutant.path), {})
        ran = {test for line in mutant.lines for test in by_line.get(line, ())}
        anew = not mutant.within or AT_IMPORT in ran
        if anew:  # a default runs no line: whoever imports the module may rely on it
            ran = {test for tests in by_line.values() for test in tests}
            ran |= {test for test in self.items if _module(mutant) in self._texts[test.partition("::")[0]]}
        own = f"test_{mutant.path.stem}"
        return sorted(ran - {AT_IMPORT}, key=lambda test: (own not in test, self._seconds[test])), anew

    def fail(self, chosen: Sequence[str]) -> bool:
        """Run these tests until one fails."""
        for test, following in pairwise([*chosen, None]):
            signal.alarm(LONGEST + int(10 * self._seconds[str(test)]))
            reports = runtestprotocol(
                self.items[str(test)], log=False, nextitem=self.items[following] if following else None
            )
            if any(report.failed for report in reports):
                return True
        return False


def _forked(fails: Callable[[], bool]) -> int:
    """Return the process that runs tests; its exit code says whether one failed."""
    if process := os.fork():
        return process
    code, loud = BROKEN, os.fdopen(os.dup(2), "w")
    try:
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
        signal.signal(signal.SIGALRM, signal.SIG_DFL)
        for stream in (1, 2):
            os.dup2(os.open(os.devnull, os.O_WRONLY), stream)
        code = NOTICED if fails() else UNNOTICED
    except BaseException:  # noqa: BLE001 - nothing may run on in a fork
        traceback.print_exc(file=loud)
    finally:
        loud.flush()
        os._exit(code)


def _ended(running: dict[int, Mutant]) -> Iterator[Mutant]:
    process, status = os.wait()
    mutant = running.pop(process)
    if os.waitstatus_to_exitcode(status) == BROKEN:
        raise pytest.UsageError(f"The test of a mutant broke: {mutant.name}")
    if status == UNNOTICED:
        print(f"survived: {mutant.name}", flush=True)
        yield mutant


# ---- how a mutant comes to be


def _is_noticed(mutant: Mutant, tests: _Tests, standing: Iterable[Any]) -> bool:
    chosen, anew = tests.of(mutant)
    return _fail_anew(mutant, chosen) if anew or not _swapped(mutant, standing) else tests.fail(chosen)


def _swapped(mutant: Mutant, standing: Iterable[Any]) -> bool:
    """Put the changed code into the functions that stand; False if one cannot take it."""
    path = str(ROOT / mutant.path)
    codes = {(code.co_qualname, code.co_firstlineno): code for code in _codes(compile(mutant.tree(), path, "exec"))}
    for each in standing:
        if isinstance(each, _lru_cache_wrapper):
            each.cache_clear()
        elif isinstance(each, FunctionType) and each.__code__.co_filename == path:
            try:
                each.__code__ = codes[each.__code__.co_qualname, each.__code__.co_firstlineno]
            except (KeyError, ValueError):
                return False
    return True


def _codes(code: CodeType) -> Iterator[CodeType]:
    yield code
    for each in code.co_consts:
        if isinstance(each, CodeType):
            yield from _codes(each)


class _Changed(SourceFileLoader):
    def __init__(self, name: str, mutant: Mutant) -> None:
        super().__init__(name, str(ROOT / mutant.path))
        self._mutant = mutant

    def get_code(self, _: str) -> CodeType:
        code: CodeType = compile(self._mutant.tree(), self.path, "exec")
        return code


def _module(mutant: Mutant) -> str:
    return ".".join(mutant.path.with_suffix("").parts)


@dataclass
class _Finder:
    mutant: Mutant

    def find_spec(self, name: str, *_: object) -> ModuleSpec | None:
        if name != _module(self.mutant):
            return None
        return spec_from_file_location(name, self.mutant.path, loader=_Changed(name, self.mutant))


def _fail_anew(mutant: Mutant | None, chosen: Iterable[str]) -> bool:
    """Import all anew, with the mutant in it, and run the files of these tests; they run whole."""
    for name in [name for name in sys.modules if name.split(".")[0] in ("bot", "tests", "conftest")]:
        del sys.modules[name]
    if mutant is not None:
        sys.meta_path.insert(0, _Finder(mutant))
    signal.alarm(600)
    files = list(dict.fromkeys(test.partition("::")[0] for test in chosen))
    return pytest.main([*files, "-x", *OPTIONS]) != pytest.ExitCode.OK


OPTIONS: Final = (
    "-m",
    QUICK,
    "-q",
    "-s",
    "-p",
    "no:cacheprovider",
    "-p",
    "no:xdist",
    "--hypothesis-profile",
    "mutants",
    "-W",
    "ignore::pytest.PytestAssertRewriteWarning",
)


# ---- what it comes to


def listed() -> dict[str, str]:
    """Return the listed mutants and their reasons; a reason stands above the mutants it is for."""
    found, reason = dict[str, str](), ""
    for line in LISTED.read_text("utf-8").splitlines() if LISTED.exists() else ():
        if line.startswith("    "):
            found[line.strip()] = reason
        elif line.strip():
            reason = line.strip()
    return found


def main() -> int:
    options = _options()
    reasons = listed()
    everything = [each for folder in options.paths for path in _files(folder) for each in mutants_of(path)]
    asked = [each for each in everything if (each.name in reasons) is options.listed and options.only in each.name]
    if options.sample:
        asked = random.Random(options.seed).sample(asked, min(options.sample, len(asked)))
    print(f"{len(everything)} mutants, of which {len(asked)} are tried", flush=True)
    coverage = Coverage(include=sorted({str(ROOT / each.path) for each in asked}), data_file=None, config_file=False)
    coverage.start()
    trial = Trial(asked, coverage)
    if pytest.main([*options.tests, *OPTIONS], plugins=[trial]) != pytest.ExitCode.OK:
        return 2
    if options.listed:
        return _report_listed(asked, trial.survivors, reasons)
    skipped = [] if options.sample or options.only else [each for each in everything if each.name in reasons]
    return _report(asked, trial.survivors, skipped, options.at_least)


def _report(tried: Sequence[Mutant], survivors: Sequence[Mutant], skipped: Sequence[Mutant], least: float) -> int:
    """Print noticed ÷ all by file, and who survived; fail where too few of those that are not listed were noticed."""
    all_of, lost = Counter(each.path for each in tried), Counter(each.path for each in survivors)
    equal = Counter(each.path for each in skipped)
    print(f"\n{'':34}noticed     all    listed as equivalent")
    for path in sorted(all_of | equal):
        print(f"{path!s:34}{all_of[path] - lost[path]:7}{all_of[path] + equal[path]:8}{equal[path]:8}")
    noticed = len(tried) - len(survivors)
    share = 100 * noticed / max(1, len(tried))
    print(f"{'':34}{noticed:7}{len(tried) + len(skipped):8}{len(skipped):8}")
    print(f"\nof all {100 * noticed / (len(tried) + len(skipped)):.1f} %, of those not listed {share:.1f} %")
    print(*(f"survived: {each.name}" for each in survivors), sep="\n")
    return int(share < least)


def _report_listed(tried: Sequence[Mutant], survivors: Sequence[Mutant], reasons: Mapping[str, str]) -> int:
    """Print what of the list is wrong: a mutant that is noticed after all, or that there is no more."""
    wrong = sorted(reasons.keys() - {each.name for each in survivors})
    print(f"\n{len(tried)} listed, {len(survivors)} of them survived")
    print(*(f"take off the list: {name}" for name in wrong), sep="\n")
    return int(bool(wrong))


def _files(folder: str) -> list[Path]:
    return sorted(Path(folder).rglob("*.py")) if Path(folder).is_dir() else [Path(folder)]


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m tests.mutants", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("paths", nargs="*", default=["bot/domain"])
    parser.add_argument("--tests", nargs="+", default=["tests/unit"])
    parser.add_argument("--only", default="", help="mutants whose name has these words")
    parser.add_argument("--sample", type=int, default=0, help="so many mutants, chosen by --seed")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--listed", action="store_true", help="those that are listed as equivalent, and no others")
    parser.add_argument("--at-least", type=float, default=100.0, help="percent of those not listed; less fails")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
