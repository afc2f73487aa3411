"""Files that commands write: none takes the place of another unasked, and each command says so alike."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.testing import CliRunner

from exercise.cli import commands as _commands  # noqa: F401, its commands are declared as it loads
from exercise.cli.arguments import app
from exercise.errors import UsageError

WRITING = {"out", "log", "file", "cast", "page", "write_templates"}
"""Options that name what is written; `file` and `log` may also be what is read, then as an argument."""
LOG = Path(__file__).parent / "logs" / "rules-2-redacted.jsonl"

COMMANDS: list[tuple[str, str]] = [
    ("analyse first-light --page", "x.html"),
    ("compare log.jsonl log.jsonl --out", "x.html"),
    ("export first-light --to cexf --out", "x.json"),
    ("log export log.jsonl", "x.csv"),
    ("log redact log.jsonl", "x.jsonl"),
    ("msel export first-light --out", "x.csv"),
    ("print first-light --what sitman --form md --out .", "sitman.md"),
    ("record log.jsonl --out", "x.md"),
    ("replay log.jsonl --cast", "x.cast"),
    ("report log.jsonl --out", "x.json"),
    ("simulate first-light --log", "x.jsonl"),
    ("translate first-light de --out", "x.po"),
    ("whatif log.jsonl --at x --out", "x.html"),
]
"""Every command that writes, with the name of what it writes behind it."""

QUICK = {"log", "print", "report"}
"""Those that are tried with --force too; the others take their time."""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder with a log, and a data folder of its own."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("EXERCISE_DATA_DIR", str(tmp_path / "data"))
    shutil.copy(LOG, tmp_path / "log.jsonl")
    return tmp_path


def run(words: str) -> Any:
    """What becomes of a command line."""
    return CliRunner().invoke(app, words.split())


@pytest.mark.parametrize(("command", "name"), COMMANDS)
def test_a_file_that_is_there_is_written_over_only_with_force(folder: Path, command: str, name: str) -> None:
    """Protects people's work: whatever writes refuses a file that is there, in one line that says what to do."""
    there = folder / name
    there.write_text("somebody's work", encoding="utf-8")
    words = command if name in command or command.endswith(".") else f"{command} {name}"
    done = run(words)
    assert isinstance(done.exception, UsageError), done.output
    said = str(done.exception)
    assert said.startswith(name) and "there is a file already" in said and "--force" in said and "\n" not in said
    assert there.read_text(encoding="utf-8") == "somebody's work"
    if command.split()[0] in QUICK:
        done = run(f"{words} --force")
        assert done.exit_code == 0, done.output
        assert there.read_text(encoding="utf-8-sig") != "somebody's work"


def test_every_command_that_writes_takes_force() -> None:
    """Protects a new command from being otherwise: who can name a file to write can say --force."""
    found = {}

    def look(command: Any, typed: str) -> None:
        for name, one in getattr(command, "commands", {}).items():
            look(one, f"{typed} {name}".strip())
        names = {param.name for param in command.params if param.param_type_name == "option"}
        writes = names & WRITING or typed in ("new", "import", "log export", "log redact", "msel import")
        if writes and not hasattr(command, "commands"):
            found[typed] = "force" in names

    look(typer.main.get_command(app), "")
    # The log of `schema` is what it prints.
    assert {typed for typed, takes in found.items() if not takes} == {"schema"}
    # Those that write folders have tests of their own.
    tried = {"schema", "new", "import", "msel import"}
    tried |= {typed for typed in found for command, _ in COMMANDS if command.startswith(typed)}
    assert found.keys() == tried


@pytest.mark.parametrize(
    "words",
    [
        "log redact log.jsonl log.jsonl",
        "replay log.jsonl --cast log.jsonl",
        "export mine --to cexf --out mine/scenario.yaml",
    ],
)
def test_what_is_read_is_not_written_over_even_with_force(folder: Path, words: str) -> None:
    """Protects the only copy of a log or a scenario from a slip of the hand."""
    (folder / "mine").mkdir()
    (folder / "mine" / "scenario.yaml").write_text("id: mine\n", encoding="utf-8")
    before = (folder / "log.jsonl").read_bytes()
    done = run(f"{words} --force")
    assert isinstance(done.exception, UsageError) and "this is what it would be made of" in str(done.exception)
    assert (folder / "log.jsonl").read_bytes() == before
    assert (folder / "mine" / "scenario.yaml").read_text(encoding="utf-8") == "id: mine\n"
