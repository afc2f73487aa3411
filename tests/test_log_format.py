"""The format of a log as it is documented: schema, table of events, snippets, and the table for spreadsheets."""

from __future__ import annotations

import csv
import json
import re
import stat
from dataclasses import replace
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from support import new_session, play_through
from test_log_corpus import CORPUS, LOGS, lines_of, opened
from typer.testing import CliRunner

import exercise.cli.after_action
import exercise.cli.commands  # noqa: F401  # Its commands put themselves into the app.
from exercise.cli.arguments import app
from exercise.core.commands import WriteNote
from exercise.core.events import SENSITIVE
from exercise.session.events_csv import COLUMNS, MOST, write_events
from exercise.session.log import Header, LoadedLog
from exercise.session.log_schema import log_schema
from exercise.session.logfile import open_log
from exercise.session.redact import redact

DOCUMENT = Path(__file__).parent.parent / "docs" / "log-format.md"


def table(path: Path) -> list[dict[str, str]]:
    """A table of events as somebody's own script reads it."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def written(log: LoadedLog, folder: Path) -> list[dict[str, str]]:
    """The table of a log."""
    write_events(folder / "events.csv", log)
    return table(folder / "events.csv")


@pytest.fixture(scope="module")
def schema() -> Draft202012Validator:
    """The printed schema, itself sound."""
    found = json.loads(CliRunner().invoke(app, ["schema", "--log"]).output)
    assert found == log_schema()
    Draft202012Validator.check_schema(found)
    return Draft202012Validator(found)


def test_the_document_lists_every_event_as_it_is() -> None:
    """Protects readers: names, fields and what is concealed are the program's; `docs/log_events.py` writes it."""
    path = DOCUMENT.parent / "log_events.py"
    spec = spec_from_file_location("log_events", path)
    assert spec is not None and spec.loader is not None
    script = module_from_spec(spec)
    spec.loader.exec_module(script)

    assert DOCUMENT.read_text(encoding="utf-8") == script.document()


def test_the_document_names_every_field_of_header_entry_and_table() -> None:
    """Protects whoever writes a reader from the document alone."""
    text = DOCUMENT.read_text(encoding="utf-8")
    header = [field.alias or name for name, field in Header.model_fields.items()]

    for name in (*header, "seq", "batch", "seat", "wall", "play", "exercise", "event", "prev", *COLUMNS):
        assert re.search(rf"^\|.*`{name}`.* \|", text, re.MULTILINE), name


def test_the_document_s_scripts_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Protects those who copy them: each runs as printed, and finds the head, the seals and the rows there are."""
    monkeypatch.chdir(tmp_path)
    source = CORPUS / "rules-2-evaluated.jsonl"
    Path("game.jsonl").write_bytes(source.read_bytes())
    write_events(Path("events.csv"), open_log(source))
    scripts = re.findall(r"^```python\n(.*?)^```$", DOCUMENT.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)

    for script in scripts:
        exec(compile(script, str(DOCUMENT), "exec"), {})

    said = capsys.readouterr().out
    assert f"head {LOGS[source.name][3]}" in said and said.count("sealed to entry") == 2 and "('averne'," in said


@pytest.mark.parametrize("name", LOGS)
def test_every_line_fits_the_schema(name: str, schema: Draft202012Validator) -> None:
    """Protects readers in other languages: what old and new programs wrote, redacted or not, is as the schema says."""
    seen: set[str] = set()
    for line in lines_of(name):
        data = json.loads(line)
        kind = str(data.get("event", {}).get("type", sorted(data)))
        if kind in seen and "-bots" in name:
            continue  # Of a long log one line of each kind.
        seen.add(kind)
        found = [error.message[:200] for error in schema.iter_errors(data)]
        assert not found, (line[:200], found)
    assert len(seen) > 10


def test_the_schema_refuses_what_is_no_line(schema: Draft202012Validator) -> None:
    """Protects the schema from saying yes to everything, and from letting what must stay open be concealed."""
    entry = json.loads(next(line for line in lines_of("rules-2.jsonl") if '"response-chosen"' in line))
    assert schema.is_valid(entry)
    wrong: list[dict[str, Any]] = [
        {},
        entry | {"more": 1},
        {key: value for key, value in entry.items() if key != "prev"},
        entry | {"event": entry["event"] | {"type": "nothing-known"}},
        entry | {"event": entry["event"] | {"option": {"#": "a" * 43}}},
        entry | {"event": entry["event"] | {"reason": {"#": "short"}}},
    ]
    assert [schema.is_valid(line) for line in wrong] == [False] * len(wrong)
    assert schema.is_valid(entry | {"event": entry["event"] | {"reason": {"#": "a" * 43}}})
    text = json.dumps(log_schema())
    assert text.count("#/$defs/Concealed") <= sum(map(len, SENSITIVE.values()))


@pytest.mark.parametrize("name", ["rules-2-hosted.jsonl", "rules-2-bots-requests.jsonl.gz", "rules-2-evaluated.jsonl"])
def test_a_table_has_a_row_for_each_entry(name: str, tmp_path: Path) -> None:
    """Protects counting: nothing of an event is lost, numbers are numbers, one line is one row, and it is private."""
    log = opened(name)
    rows = written(log, tmp_path)
    path = tmp_path / "events.csv"

    assert [int(row["seq"]) for row in rows] == [entry.seq for entry in log.entries]
    assert path.read_bytes().startswith(b"\xef\xbb\xbf" + ",".join(COLUMNS).encode())
    assert len(path.read_text(encoding="utf-8").splitlines()) == len(rows) + 1
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    for row, entry in zip(rows, log.entries, strict=True):
        event = entry.event.as_data()
        assert (int(row["play_s"]), int(row["exercise_s"]), row["type"]) == (entry.play, entry.exercise, event["type"])
        rest = json.loads(row["rest"])
        moved = [value for key, value in event.items() if key not in rest and value not in (None, "", [], {})]
        kept = {key: value for key, value in rest.items() if "too long for a cell" not in str(value)}
        assert row["text"] and len(moved) <= 4 and kept.items() <= event.items()
        # Excel cuts a longer cell off, and Python's csv refuses one of 131,072 letters.
        assert all(len(cell) <= MOST for cell in row.values())
        assert rest.keys() == kept.keys() or entry.event.type == "marks-proposed"


def test_the_columns_say_who_did_what_to_what(tmp_path: Path) -> None:
    """Protects the analyst's first question, answered without looking into `rest`."""
    rows = written(opened("rules-2-hosted.jsonl"), tmp_path)

    chosen = next(row for row in rows if row["type"] == "response-chosen")
    assert (chosen["team"], chosen["subject"], chosen["value"]) == ("averne", "tell", "now")
    moved = next(row for row in rows if row["type"] == "indicator-changed")
    assert (moved["subject"], float(moved["value"])) == ("trust", 40.0)
    assert next(row for row in rows if row["type"] == "inject-released")["team"] == ""
    assert {row["value"] for row in rows if row["type"] == "message-spoken"} >= {"belmark", "averne", "facilitator"}


def test_no_cell_is_a_formula(tmp_path: Path) -> None:
    """Protects whoever opens the table: what a participant typed is shown by a spreadsheet and never run by it."""
    session = new_session(pace="stepped")
    session.submit(WriteNote(seat="averne", text='=HYPERLINK("http://example.invalid")'))
    play_through(session)
    log = session.log()
    entries = tuple(
        replace(entry, seat="=cmd", wall="+1", exercise=-60, event=replace(entry.event, indicator="@sum"))
        if entry.event.type == "indicator-changed"
        else entry
        for entry in log.entries
    )
    rows = written(replace(log, entries=entries), tmp_path)

    cells = [cell for row in rows for name, cell in row.items() if name not in ("exercise_s", "value")]
    assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@"))]
    odd = next(row for row in rows if row["type"] == "indicator-changed")
    assert (odd["seat"], odd["wall"], odd["subject"], odd["exercise_s"]) == ("'=cmd", "'+1", "'@sum", "-60")


def test_a_log_without_words_or_scenario_is_a_table_too(tmp_path: Path) -> None:
    """Protects analysts who get redacted logs only."""
    redact(opened("rules-2-hosted.jsonl"), tmp_path / "bare.jsonl", secrets=True)

    rows = written(open_log(tmp_path / "bare.jsonl"), tmp_path)

    assert len(rows) == 59 and "Kestrel" not in (tmp_path / "events.csv").read_text()
    assert all(row["text"] == "" for row in rows)


def test_export_chooses_by_the_file_s_ending(tmp_path: Path) -> None:
    """Protects the command line: a table from a log file or a session, and never over a file that is there."""
    run, out = CliRunner().invoke, tmp_path / "events.CSV"

    said = run(app, ["log", "export", str(CORPUS / "rules-2.jsonl"), str(out)])

    assert said.exit_code == 0 and "48 entries" in said.output and len(table(out)) == 48
    assert run(app, ["log", "export", str(CORPUS / "rules-2.jsonl"), str(out)]).exit_code != 0
    other = run(app, ["log", "export", str(CORPUS / "rules-2.jsonl"), str(tmp_path / "events.xlsx")])
    assert other.exit_code != 0 and "this is a log file already" in str(other.exception)
