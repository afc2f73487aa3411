"""Signs that word processors and other keyboards bring: each is told with its place and what to type instead."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from support import SMALL
from typer.testing import CliRunner

from exercise.authoring.library import find, library, named_otherwise, read_scenario
from exercise.authoring.lookalikes import curly_around, time_meant, unseen
from exercise.authoring.yaml_source import as_model, parse
from exercise.cli import commands as _commands  # noqa: F401, its commands are declared as it loads
from exercise.cli.arguments import app
from exercise.core.scenario import Scenario

WRITTEN = """\
id: small
title: Small Leak
moves:
  - id: morning
    starts: T+0:00
    to: [averne]
    text: |
      Good morning,

      “Good night,” he said.
"""


def said(written: str) -> list[tuple[int, int, str]]:
    """What is said of a text, with line and column."""
    return [(one.line, one.column, one.text) for one in parse(written, "a.yaml").problems]


@pytest.mark.parametrize(
    ("before", "after", "place", "words"),
    [
        ("title: Small Leak", "title: “Small Leak”", (2, 8), "curly quotation marks belong to the text"),
        ("title: Small Leak", "title: „Small Leak“", (2, 8), "curly quotation marks belong to the text"),
        ("title: Small Leak", "title: ‘Small Leak’", (2, 8), "curly quotation marks belong to the text"),
        ("title: Small Leak", 'title: “Small Leak"', (2, 8), "curly quotation marks belong to the text"),
        ("[averne]", "[“averne”]", (6, 10), "curly quotation marks belong to the text"),
        ("title: Small", "“title”: Small", (2, 1), "without curly quotation marks; type it anew: title"),
        (
            "title: Small",
            "title\u00a0: Small",
            (2, 1),
            "cannot be seen (U+00A0) stands in this key; type it anew: title",
        ),
        ("    to:", "    t\u200bo:", (6, 5), "cannot be seen (U+200B) stands in this key; type it anew: to"),
        ("title: Small", "title:\u00a0Small", (2, 7), "only looks like a blank"),
        ("title: Small", "title:\u3000Small", (2, 7), "only looks like a blank"),
        ("    to: [", "\u00a0   to: [", (6, 1), "only looks like a blank"),
        ("      Good morning", "\u00a0     Good morning", (8, 1), "only looks like a blank"),
        ("    to: [", "\tto: [", (6, 1), "a tab stands in the indent"),
        ("title: Small", "title：Small", (2, 6), "only looks like a colon"),
        ("title: Small", "title： Small", (2, 6), "only looks like a colon"),
        ("to: [averne]", "when: { flag： told }", (6, 13), "only looks like a colon"),
        ("title: Small", "title:Small", (2, 7), "a space is missing after the colon"),
        ("  - id: morning", "  -id: morning", (4, 4), "a space is missing after the dash"),
        ("title: Small Leak", "title: Leak #4 of today", (2, 13), "what follows # is a note"),
        ("title: Small Leak", "title: Line # 4 leaks", (2, 13), "what follows # is a note"),
    ],
)
def test_a_sign_that_is_not_what_it_seems_is_told(before: str, after: str, place: tuple[int, int], words: str) -> None:
    """Protects authors with a word processor: one message for one slip, at its place, with what to type."""
    assert before in WRITTEN
    (found,) = said(WRITTEN.replace(before, after))
    assert found[:2] == place and words in found[2]


def test_a_dash_or_a_dot_of_a_word_processor_begins_no_item() -> None:
    """Protects lists from Word: its dash and its bullet are named, with the sign to type."""
    for sign in "–•":
        for item in ("two", "id: two"):
            (found,) = said(f"roles:\n  - one\n  {sign} {item}\n  - three\n")
            assert found[:2] == (3, 3) and f"{sign} begins no item of a list" in found[2]


@pytest.mark.parametrize(
    "value",
    [
        "“The queues,” he says, “have reached us.”",
        "He said “no”",
        "“No” is what they say",
        "'“No”'",
        '"“No”"',
        "’twas late",
        "|\n  “No”",
        "Room  # a note of the author's",
        "C# is a language",
        "'Leak #4'",
    ],
)
def test_what_is_meant_so_is_left_alone(value: str) -> None:
    """Protects prose: speech in it, marks inside the file's own, and notes behind a value are as they should be."""
    assert said(f"title: {value}\n") == []


def test_windows_line_ends_are_as_good_as_any() -> None:
    """Protects users of Notepad: the same file with CR and LF is the same data, and nothing is said of it."""
    plain, windows = parse(WRITTEN, "a"), parse(WRITTEN.replace("\n", "\r\n"), "a")
    assert windows.data == plain.data and not windows.problems


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("T+1：30", "T+1:30"),
        ("T＋1:30", "T+1:30"),
        ("t+1:30", "T+1:30"),
        ("T + 1:30", "T+1:30"),
        ("T+1.30", "T+1:30"),
        ("“T+1:30”", "T+1:30"),
        ("9:30", ""),
        ("noon", ""),
    ],
)
def test_a_time_that_cannot_be_read_is_quoted_with_what_was_meant(written: str, meant: str) -> None:
    """Protects from a message that shows the very thing that was typed: a wide colon looks like another one."""
    data = yaml.safe_dump(SMALL, sort_keys=False, allow_unicode=True)
    assert data.count("starts: T+0:00\n") == 1
    source = parse(data.replace("starts: T+0:00\n", f"starts: {written}\n"), "a.yaml")
    _, problems = as_model(source, Scenario)
    (found,) = [problem.text for problem in problems if problem.path.endswith("starts") and problem.severity == "error"]
    assert f"not '{written}'" in found
    assert found.endswith(f"; did you mean {meant}?") if meant else "did you mean" not in found


def test_a_span_where_one_time_belongs_is_told() -> None:
    """Protects from a span with a long dash: it is not the sign that is wrong, but that there are two times."""
    data = yaml.safe_dump(SMALL, sort_keys=False, allow_unicode=True)
    for span in ("T+0:00–2:00", "T+0:00 - T+2:00"):
        source = parse(data.replace("starts: T+0:00\n", f"starts: {span}\n"), "a.yaml")
        (found,) = [problem.text for problem in as_model(source, Scenario)[1] if problem.path.endswith("starts")]
        assert found == f"one time of the story stands here, such as T+1:30, not a span such as '{span}'"


def test_lengths_are_guessed_where_the_unit_is_plain() -> None:
    """Protects `2 minutes` and a bare 2 from a riddle."""
    guesses = {"2": "2m", "15\u00a0m": "15m", "2 minutes": "2m", "1 hour": "1h", "1 hour 30 min": "1h30m", "soon": ""}
    assert {written: time_meant(written, of_story=False) for written in guesses} == guesses


def test_a_word_that_looks_right_says_what_cannot_be_seen() -> None:
    """Protects from 'e-mail' is not one of the choices: e-mail."""
    data = yaml.safe_dump(SMALL | {"id": "small\u00adleak"}, sort_keys=False, allow_unicode=True)
    _, problems = as_model(parse(data, "a.yaml"), Scenario)
    (found,) = [problem.text for problem in problems if problem.path == "id"]
    assert "such as 'smallleak'" in found and "cannot be seen (U+00AD)" in found
    assert not unseen("Ļoti labi – 5 €…") and not curly_around("“")


def test_a_texts_file_named_without_saying_so_is_told(tmp_path: Path) -> None:
    """Protects a briefing that would read 'texts/briefing.md' and nothing else."""
    (tmp_path / "brief.md").write_text("Good morning.", encoding="utf-8")
    (found,) = parse("briefing: brief.md\ntitle: other.md\n", "a.yaml", tmp_path).problems
    assert (found.line, found.severity) == (1, "warning") and "write { file: brief.md }" in found.text
    assert not parse("briefing: { file: brief.md }\n", "a.yaml", tmp_path).problems


def test_check_says_where_folder_and_id_differ(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Protects whoever copies a folder to begin anew and then looks for its sessions; the library itself is clean."""
    monkeypatch.chdir(tmp_path)
    run = CliRunner().invoke
    assert run(app, ["new", "river", "--yes"]).exit_code == 0
    assert "sound\n" in run(app, ["check", "river", "--strict"]).output
    Path("river").rename("harbour")
    done = run(app, ["check", "harbour", "--strict"])
    assert done.exit_code == 1
    assert "scenario.yaml:8:5: warning: id: the folder is called 'harbour'" in done.output
    for name in library():
        assert find(name).parent.name == name
    found, _, source = read_scenario(find("first-light"))
    assert found is not None and not named_otherwise(found, find("first-light"), source)
