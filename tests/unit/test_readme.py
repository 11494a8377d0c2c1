"""The README says what the code does: each table is compared with the place that decides it."""

import re
import shlex
import subprocess
from itertools import takewhile
from pathlib import Path

import pytest

import bot.cli
from bot import settings
from bot.commands.table import COMMANDS
from bot.domain.memory import Memory, Meta
from bot.operations.metrics import MetricsObserver

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
DECISIONS = sorted((ROOT / "docs/decisions").glob("*.md"))
DOCUMENTS = [ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").rglob("*.md"))]


def table(head: str, text: str = README) -> list[list[str]]:
    """Return the rows of the table whose first column is called so, as cells."""
    lines = iter(text[text.index(f"\n| {head} |") + 1 :].splitlines()[2:])
    rows = takewhile(lambda line: line.startswith("|"), lines)
    return [[cell.strip() for cell in re.split(r"(?<!\\)\|", row)[1:-1]] for row in rows]


def section(title: str) -> str:
    return README.partition(f"\n## {title}\n")[2].partition("\n## ")[0]


def quoted(text: str) -> list[str]:
    return re.findall(r"`([^`]+)`", text)


def invocations() -> list[str]:
    """Return every `prewarm-bot …` of the README, optional parts included, placeholders filled in."""
    found = re.findall(r"(?:^ +|`)(?:\.venv/bin/)?prewarm-bot ([a-z][^`\n]*)", README, re.MULTILINE)
    filled = [re.sub(r"[\[\]]", "", line) for line in found]
    return sorted({re.sub(r"--duration S\b", "--duration 1", line) for line in filled})


def test_the_table_of_settings_is_the_one_that_the_settings_draw() -> None:
    assert f"\n{settings.markdown_table()}\n\n" in README


def test_the_settings_that_are_said_not_to_be_built_are_those_that_are_refused() -> None:
    (sentence,) = re.findall(r"^Not built yet, and refused.*?\.$", README, re.MULTILINE | re.DOTALL)
    assert {name.lower() for name in quoted(sentence)} == settings.NOT_YET.keys()


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_no_link_within_the_repository_is_dead(document: Path) -> None:
    links = re.findall(r"\]\((?!https?:)([^)#]+)", document.read_text(encoding="utf-8"))
    assert [link for link in links if not (document.parent / link).exists()] == []


def test_every_make_target_that_is_named_exists() -> None:
    said = subprocess.run(["make", "help"], cwd=ROOT, capture_output=True, text=True, check=True).stdout  # noqa: S607 - make of the PATH
    targets = set(re.findall(r"^  make ([a-z]+) ", said, re.MULTILINE))
    named = set(re.findall(r"(?:^ +|`)make ([a-z]+)", README, re.MULTILINE))
    assert {"demo", "test", "check"} <= named <= targets | {"help"}


def test_the_two_commands_lead() -> None:
    first = re.findall(r"^    (make [a-z]+)", README, re.MULTILINE)
    assert first == ["make demo", "make test"]
    assert README.index("make demo") < README.index("xoxb-")


@pytest.mark.parametrize("line", invocations())
def test_every_command_line_that_is_named_is_understood(line: str) -> None:
    assert bot.cli._parser().parse_args(shlex.split(line)).command


def test_every_command_and_option_of_the_command_line_is_named() -> None:
    parser = bot.cli._parser()
    (commands,) = (action.choices for action in parser._actions if isinstance(action.choices, dict))
    named = " ".join(command for command, _ in table("command", section("Commands")))
    missing = [
        f"{name} {option}"
        for name, command in commands.items()
        for option in ("", *(text for action in command._actions for text in action.option_strings))
        if option not in ("-h", "--help") and not re.search(rf"prewarm-bot {name}[^`]*{re.escape(option)}\b", named)
    ]
    assert missing == []


def test_the_exit_codes_are_those_of_the_command_line() -> None:
    said = re.findall(r"^(\d) +(\S.*)$", bot.cli.__doc__ or "", re.MULTILINE)
    assert [tuple(row) for row in table("exit code")] == said
    assert [int(code) for code, _ in said] == [bot.cli.FINE, bot.cli.FAILED, bot.cli.WRONG]


def test_what_can_be_typed_in_slack_is_what_is_built() -> None:
    built = {f"/prewarm {command.usage}" for command in COMMANDS if command.built}
    typed = [quoted(cell)[0].replace("\\|", "|") for cell, _ in table("command", section("In Slack"))]
    assert set(typed) == {"/prewarm", *built}


def test_what_is_said_to_be_planned_in_slack_is_what_is_not_built() -> None:
    (sentence,) = re.findall(r"`quota`, .*?planned", section("In Slack"), re.DOTALL)
    assert quoted(sentence) == [command.name for command in COMMANDS if not command.built]


def test_the_table_of_metrics_is_what_a_scrape_shows() -> None:
    memory = Memory(Meta(store="TEST"))
    observer = MetricsObserver()
    observer.show(memory=lambda: memory, last_poll=lambda: None, connected=lambda: False, now=float, channels=[])
    said = {}
    for cell, _ in table("metric"):
        name, _, labels = quoted(cell)[0].rstrip("}").partition("{")
        said[name] = set(filter(None, labels.split(",")))
    assert said == scraped(observer.render().decode())


def scraped(page: str) -> dict[str, set[str]]:
    """Return our metrics with the names of their labels, those of a histogram's buckets apart."""
    found: dict[str, set[str]] = {name: set() for name in re.findall(r"^# TYPE (prewarm_\w+)", page, re.MULTILINE)}
    for sample, labels in re.findall(r"^(prewarm_\w+)\{(.*)\} ", page, re.MULTILINE):
        name = sample if sample in found else re.sub(r"_(bucket|count|sum)$", "", sample)
        found[name] |= set(re.findall(r'(\w+)="', labels)) - {"le"}
    return found


def test_the_endpoints_are_those_that_are_promised() -> None:
    assert [quoted(cell)[0] for cell, _ in table("endpoint")] == ["/healthz", "/readyz", "/metrics"]


def test_the_figures_are_those_of_the_proof_and_stand_nowhere_else() -> None:
    """Each is what a command printed, kept in docs/proof.md."""
    proof = (ROOT / "docs/proof.md").read_text(encoding="utf-8")
    rounds, lost, repeated = max(
        re.findall(r"rounds (\d+), lost (\d+), repeated (\d+)", proof), key=lambda row: int(row[0])
    )
    ((tasks, seconds, messages),) = re.findall(r"(\d+) transitions in one channel: ([\d.]+) s, (\d+) messages", proof)
    rows = dict(table("when"))
    said = {
        "the process is killed at any moment": f"goes on where it was: {int(rounds):,} random SIGKILLs in the midst of "
        f"bursts, {lost} lost, {repeated} repeated",
        f"{int(tasks):,} tasks end at once": f"tells all of them in {messages} messages in about {float(seconds):.0f} "
        "s: failures first, grouped by cause, every ID in sight",
    }
    assert {when: rows[when] for when in said} == said
    assert not [told for when, told in rows.items() if when not in said and re.search(r"\d", told)]


@pytest.mark.parametrize("page", DECISIONS, ids=lambda path: path.stem)
def test_a_decision_says_what_it_costs_and_what_would_change_it(page: Path) -> None:
    said = re.findall(r"^\*\*(.+?)\.\*\*", page.read_text(encoding="utf-8"), re.MULTILINE)
    assert said == ["Situation", "Choice", "Price", "What would change our mind"]
    assert f"docs/decisions/{page.name}" in README
