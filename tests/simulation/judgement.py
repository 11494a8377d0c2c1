"""What months must come to: the promises, and the bounds on what they may cost. Every bound is stated here."""

from collections import Counter, defaultdict
from typing import Any, Final

from tests.simulation.simulation import DAY, Simulation
from tests.simulation.story import EVERYBODY, GONE, STANDING_EVER

PROBES: Final = 110  # of a recipient that cannot be told, a day (P14: pauses up to 15 minutes)
AGAIN: Final = 3  # requests that one message may take on average: some are limited, lost, looked for
QUIET_REQUESTS: Final = 24 * (len(EVERYBODY) + 1)  # languages are asked for hourly, the token after each start
PER_START: Final = 20  # requests that a start may take
ROW: Final = 4096  # bytes of the file for a row, with what SQLite keeps free
WAL: Final = 5 << 20  # bytes of SQLite's write-ahead log, which it begins anew at 1,000 pages
NOTICES: Final = 60  # deliveries within PREWARM_KEEP_DAYS that tell of no ending
THREADS: Final = 8 + len(EVERYBODY)  # both servers, store and keeper; a lane each at the most
DESCRIPTORS: Final = 48
RESIDENT: Final = 1.15  # times what it was after half of the time, both servers included


def judge(simulation: Simulation) -> None:
    """Assert all of it."""
    assert simulation.ready != "down"
    _everybody_was_told_once(simulation)
    _nothing_is_said_again_and_again(simulation)
    _nothing_grows(simulation)
    _nobody_is_asked_too_often(simulation)


def _everybody_was_told_once(simulation: Simulation) -> None:
    truth, keep = simulation.truth, simulation.keep_days * DAY
    wrong: dict[str, list[Any]] = {
        "lost": truth.lost(simulation.now, keep),
        "repeated": truth.repeated(),
        "uncalled for": truth.uncalled_for(),
        "called stuck twice": [each for each, times in truth.stuck.items() if times > 1],
    }
    assert not any(wrong.values()), {what: each[:5] for what, each in wrong.items()}
    asked_for = {number: wish.to for number, wish in truth.made.items() if wish.to not in GONE}
    assert simulation.kept == asked_for, "what people asked for ends when they say so, or for good with them"


def _nothing_is_said_again_and_again(simulation: Simulation) -> None:
    """A notice is said once for each thing that happened, to each who is to hear of it."""
    happened, said = simulation.happened, simulation.truth.notices
    most = {
        "hello": 1,
        "blind": happened["the vendor is away"],
        "sighted": happened["the vendor is away"],
        "away": happened["the bot does not run for four days"],
        "muted": 1,
        "unmuted": 1,
    }
    for (to, kind, about), times in said.items():
        cuts = len(simulation.truth.cuts[about if kind == "parked" else to])
        assert times <= most.get(kind, max(cuts, 1)), f"{kind} ({about}) was said {times} times to {to}"
    greeted = {to for to, kind, _ in said if kind == "hello"}
    assert greeted == set(STANDING_EVER), f"greeted were {greeted}"


def _nothing_grows(simulation: Simulation) -> None:
    due, keep = simulation.truth.due, (simulation.keep_days + 1.1) * DAY  # the archive is emptied by whole days
    given_up = len(due.keys() - simulation.truth.told.keys())
    few = {"posts": len(EVERYBODY), "channels": len(EVERYBODY) + 1, "mutes": 1, "languages": 0, "handled": 100}
    for day in simulation.days:
        waiting = sum(since <= day.at < since + keep for since in due.values()) + NOTICES
        archived = sum(at <= day.at < at + keep for at, _, _ in simulation.told) + given_up + NOTICES
        most = few | {"tasks": simulation.happened["tasks"]}
        most |= {"deliveries": waiting, "told": archived, "settled": archived}
        assert not {kind for kind, count in most.items() if day.rows[kind] > count}, (day, most)
        assert day.stored <= ROW * (day.rows.total() + 50) + WAL, day
        assert day.threads <= THREADS, day
        assert day.descriptors <= DESCRIPTORS, day
    early, late = simulation.days[len(simulation.days) // 2], simulation.days[-1]
    assert late.resident <= RESIDENT * early.resident, f"resident {early.resident >> 20}, {late.resident >> 20} MiB"


def _nobody_is_asked_too_often(simulation: Simulation) -> None:
    polls = DAY / simulation.poll_every
    for day in simulation.days:
        assert day.list_requests <= 3 * (polls + day.starts) + day.commands, day
        wanted = AGAIN * day.messages + QUIET_REQUESTS + PER_START * day.starts + 3 * day.commands
        assert sum(day.slack_requests.values()) <= wanted + 3 * PROBES * day.cut, (day, wanted)


def figures(simulation: Simulation) -> str:
    """Return the table that a run prints."""
    days, truth, happened = simulation.days, simulation.truth, simulation.happened
    asked = [sum(day.slack_requests.values()) for day in days]
    said: defaultdict[str, int] = defaultdict(int)
    for (_, kind, _), times in truth.notices.items():
        said[kind] += times
    last = days[-1]
    told = Counter(to for to, _ in truth.told)
    given_up = len(truth.due.keys() - truth.told.keys())
    lost, repeated = truth.lost(simulation.now, simulation.keep_days * DAY), truth.repeated()
    half = days[len(days) // 2].resident >> 20
    tasks = ", ".join(f"{what} {happened[what]}" for what in ("tasks", "run again", "vanished"))
    processes = ", ".join(f"{what} {happened[what]}" for what in ("starts", "kills", "commands"))
    lines = [
        f"{len(days)} days; {processes}; {tasks}",
        f"endings to be told {len(truth.due)}, told {truth.told.total()} in {happened['messages']} messages",
        f"lost {len(lost)}, repeated {len(repeated)}; given up since nobody could be told for too long: {given_up}",
        "told: " + ", ".join(f"{to} {count}" for to, count in sorted(told.items())),
        "notices: " + ", ".join(f"{kind} {count}" for kind, count in sorted(said.items())),
        f"requests for the list a day: at most {max(day.list_requests for day in days)}",
        f"requests to Slack a day: at most {max(asked)}, on average {sum(asked) / len(days):.0f}, last {asked[-1]}",
        f"at the end: rows {dict(last.rows)}, {last.stored >> 10} KiB stored",
        f"at most: threads {max(day.threads for day in days)}, descriptors {max(day.descriptors for day in days)}",
        f"resident: {half} MiB after half of it, {last.resident >> 20} MiB at the end",
    ]
    return "\n".join(lines)
