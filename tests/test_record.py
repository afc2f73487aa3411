"""The record of an earlier exercise: what stands in it, what never does, and the scenario that begins with it."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from reported import reported

from exercise.authoring.library import load_scenario
from exercise.cli import main
from exercise.cli.recording import PLACE
from exercise.core.requests.events import RequestSent
from exercise.report.record import record_of
from exercise.session.logfile import open_log

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """The program as a shell runs it, in this process."""

    def ran(*words: str) -> tuple[int, str, str]:
        monkeypatch.setattr("sys.argv", ["exercise", *words])
        with pytest.raises(SystemExit) as left:
            main()
        said = capsys.readouterr()
        return int(left.value.code or 0), said.out, said.err

    return ran


@pytest.fixture
def log(run: Run, tmp_path: Path) -> Path:
    """A session in which teams asked each other for things."""
    file = tmp_path / "first-light.jsonl"
    code, _, said = run("simulate", "first-light", "--seed", "5", "--bots", "cooperative", "--log", str(file))
    assert code == 0, said
    return file


def test_every_request_between_teams_is_told_once(log: Path) -> None:
    """Protects the second day: what a State remembers asking stands in the lines, and nothing else does."""
    read = open_log(log)
    teams = read.scenario.teams_by_id
    sent = [entry.event for entry in read.entries if isinstance(entry.event, RequestSent)]
    between = [event for event in sent if event.by in teams and event.to in teams]

    text = record_of(read)

    lines = text.split("## Line by line", 1)[1].split("## What was decided", 1)[0]
    told = [re.fullmatch(r"- \d\d:\d\d (.+?) to (.+?): .*", line) for line in lines.splitlines() if line[:2] == "- "]
    names = [name for line in told if line for name in re.split(", | and ", line[2])]
    assert between and len(names) == len(between)
    assert {line[1] for line in told if line} == {read.scenario.names[event.by] for event in between}


def test_the_record_holds_nothing_private_or_hidden() -> None:
    """Protects people and the secret: no name, no private word, no note of control and no mark gets into a record."""
    text = record_of(reported())

    assert "kanari" not in text.casefold() and "mark" not in text.replace("Belmark", "").replace(
        "marks are left out", ""
    )
    assert not re.search(r"honoured|neglected|breached", text)


def test_a_scenario_begins_with_the_record(run: Run, log: Path, tmp_path: Path) -> None:
    """Protects the second day: the copy is sound, called as its folder is, and its first message carries the lines."""
    folder = tmp_path / "day-two"
    code, said, _ = run("record", str(log), "--for", "after-the-storm", "--out", str(folder))
    assert code == 0 and str(folder / PLACE) in said

    scenario = load_scenario(str(folder))

    assert scenario.id == "day-two"
    carried = [text for inject in scenario.injects for text in inject.attachments if "the record" in text.text]
    assert [text.text.strip() for text in carried] == [record_of(open_log(log)).strip()]
    assert run("check", str(folder), "--strict")[0] == 0


def test_what_cannot_carry_a_record_says_so(run: Run, log: Path, tmp_path: Path) -> None:
    """Protects whoever tries another scenario, or writes where something stands: one line each, and nothing written."""
    there = tmp_path / "there.md"
    there.write_text("mine", encoding="utf-8")

    refused = [
        run("record", str(log), "--for", "card-storm", "--out", str(tmp_path / "new")),
        run("record", str(log), "--for", "after-the-storm"),
        run("record", str(log), "--out", str(there)),
    ]

    assert [code for code, _, _ in refused] == [2, 2, 2]
    assert all(error.count("\n") == 1 for _, _, error in refused)
    assert not (tmp_path / "new").exists() and there.read_text(encoding="utf-8") == "mine"
