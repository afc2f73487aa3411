"""Slips in an author's files that were once passed over or told for something else."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from support import SMALL
from test_author_slips import WARD
from test_translate import entry_of, filled, run, scenario_file, written

from exercise.authoring import library
from exercise.authoring.library import read_scenario
from exercise.authoring.msel.adopting import adopt
from exercise.authoring.msel.sheet import read_sheet
from exercise.authoring.msel.values import since_startex, story_time
from exercise.authoring.translations import read_language
from exercise.authoring.yaml_source import as_model, parse
from exercise.core.scenario import Scenario
from exercise.core.tongues import Words
from exercise.errors import ScenarioError, UsageError

__all__ = ["scenario_file"]

TITLE = (Words("title", ("title",), "Small Leak", usual=False, longest=200),)


@pytest.mark.parametrize(
    "said", ['"Maza noplūde', 'Maza noplūde"', "Maza noplūde", '"Maza noplūde\\"', "“Maza noplūde”"]
)
def test_a_translation_without_its_quotation_marks_is_told_and_never_rewritten(said: str, scenario_file: Path) -> None:
    """Protects the letters of a translation: with a mark missing, the reader of the file cuts the text short unseen."""
    file = filled()
    entry_of(file, "title").msgstr = "Maza noplūde"
    path = written(scenario_file.parent, file)
    folder = scenario_file.parent / "texts"
    folder.mkdir()
    path = path.rename(folder / "lv.po")
    text = path.read_text(encoding="utf-8").replace('"Maza noplūde"', said)
    path.write_text(text, encoding="utf-8")
    line = next(n for n, one in enumerate(text.split("\n"), 1) if one == f"msgstr {said}")
    read = read_language(path, "lv.po", TITLE)
    assert not read.texts
    (problem,) = map(str, read.problems)
    assert problem.startswith(f"lv.po:{line}:1: warning: a straight quotation mark is missing")
    for how in ({"check": True}, {"update": True}):
        with pytest.raises(ScenarioError, match=rf"lv\.po:{line}:1: a straight quotation mark is missing"):
            run(scenario_file, **how)
    assert path.read_text(encoding="utf-8") == text


def test_quotation_marks_with_backslashes_are_no_slip(tmp_path: Path) -> None:
    """Protects against false alarms: marks and backslashes inside a text are written with a backslash before them."""
    file = filled()
    entry_of(file, "title").msgstr = 'Viņš teica: "jā" \\'
    assert read_language(written(tmp_path, file), "lv.po", TITLE).texts == {"title": 'Viņš teica: "jā" \\'}


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("[“Who should have called first, and why?”]", 1),
        ("[Yes, „Kas zvanīja, un kāpēc?”]", 2),
        ("[‘Don’t go, and why?’]", 1),
        ("['“Who called, and why?”', and why]", None),
        ("[’tis, dogs’]", None),
        ("[“Yes”, “No”]", None),
    ],
)
def test_curly_quotation_marks_in_brackets_that_a_comma_parts_are_told(text: str, line: int | None) -> None:
    """Protects a question with a comma in it, of which two halves would be asked."""
    source = parse(f"questions: {text}\n", "scenario.yaml")
    found = [str(problem) for problem in source.problems if "first comma" in problem.text]
    assert [f"questions[{line}]" in one and "warning" in one for one in found] == ([True] if line else [])


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("2031-05-06T09:40", "; in this story that is T+"),
        ("06.05.2031 09:40", "; in this story that is T+"),
        ("2031-05-06", "not as a day of the calendar such as '2031-05-06'"),
    ],
)
def test_a_day_and_hour_where_a_time_of_the_story_belongs_is_no_span(written: str, told: str) -> None:
    """Protects from a hyphen taken for a span: the day is named as such, with the time of the story that it is."""
    data = yaml.safe_dump(SMALL, sort_keys=False, allow_unicode=True)
    _, problems = as_model(parse(data.replace("starts: T+0:00\n", f"starts: {written}\n"), "a.yaml"), Scenario)
    (found,) = [problem.text for problem in problems if problem.path.endswith("starts")]
    assert told in found and "span" not in found


def test_a_day_and_hour_is_counted_from_the_date_of_the_file() -> None:
    """Protects the arithmetic that the message spares its reader, with a zone and without."""
    for date in ("2026-02-03T06:00", "2026-02-03T06:00+02:00"):
        ward = WARD.replace("2026-02-03T06:00", date).replace("minute: 1m", "at: 2026-02-03T06:40", 1)
        ward = ward.replace("    move: morning\n    at:", "    at:")
        (found,) = [one.text for one in as_model(parse(ward, "a.yaml"), Scenario)[1] if one.path.endswith(".at")]
        assert found.endswith("such as '2026-02-03T06:40'; in this story that is T+0:40")


@pytest.mark.parametrize("text", ["2026-02-03 06:40", "2026-02-03T06:40", "03.02.2026 06:40", "03.02.2026. 06:40"])
def test_a_day_and_hour_written_into_a_sheet_is_a_time_of_the_story(text: str, tmp_path: Path) -> None:
    """Protects CSV files, where no program makes a date of what somebody typed; another day stays as it is."""
    (tmp_path / "scenario.yaml").write_text(WARD, encoding="utf-8")
    ward = read_scenario(tmp_path / "scenario.yaml")[0]
    assert ward is not None
    assert story_time(since_startex(ward, text)) == 40 * 60
    later = text.replace("2026", "2027")
    assert since_startex(ward, later) == later


def test_rows_above_the_first_heading_have_a_move_of_their_own(tmp_path: Path) -> None:
    """Protects the story's parts: what stands above `Phase 2` is no part of it, and the report names each row."""
    sheet = tmp_path / "own.csv"
    sheet.write_text(
        "Time,From,To,Method,Subject,Message\nT+0:00,A,Orvane,phone,Lights out,Dark.\nT+0:20,B,All,phone,Here,Dark.\n"
        "Phase 2: Response,,,,,\nT+1:05,C,All,media,Who?,The Post asks.\n",
        encoding="utf-8",
    )
    draft = adopt(read_sheet(sheet), {}).draft
    moves = [(move.title, move.starts, move.ends) for move in draft.moves]
    assert moves == [("The beginning", 0, 3900), ("Phase 2: Response", 3900, 4800)]
    own = [line.where for line in draft.report.lines if line.why.startswith("a row before the first move")]
    assert own == ["own.csv, row 2", "own.csv, row 3"]


def test_the_library_of_a_checkout_is_written_only_where_its_place_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, scenario_file: Path
) -> None:
    """Protects the scenarios that come with the program from a translator who only wanted one of them as a start."""
    monkeypatch.setattr(library, "library_folder", lambda: tmp_path)
    away = tmp_path / "elsewhere"
    # A folder of that name without a scenario in it is no place that could have been meant.
    (away / "small-leak").mkdir(parents=True)
    monkeypatch.chdir(away)
    for said in ({}, {"force": True}):
        with pytest.raises(
            UsageError, match=r"--out FOLDER, an edition of your own, or name .*small-leak to translate"
        ):
            run("small-leak", **said)
    assert not (scenario_file.parent / "texts").exists()
    assert run(scenario_file.parent) == 0 and (scenario_file.parent / "texts" / "lv.po").is_file()
    assert run("small-leak", out="mine") == 0 and (away / "mine" / "texts" / "lv.po").is_file()


def test_a_deadline_that_has_passed_is_told_of_rows_that_follow_as_well(tmp_path: Path) -> None:
    """Protects a decision that would open with its time gone: it comes with its inject, whose time is known."""
    ward = WARD.replace("    move: morning\n    minute: 5m\n", "    follows: ROW\n    deadline: T+0:01\n")
    for follows in ("note", "second"):
        second = "  - { id: second, follows: note, to: [all], channel: phone, from: A, title: B, text: C }\n"
        file = tmp_path / "scenario.yaml"
        file.write_text(
            ward.replace("ROW", follows).replace("decisions:\n", f"{second}decisions:\n", 1), encoding="utf-8"
        )
        found = [one.text for one in read_scenario(file)[1] if one.path == "decisions[ring].deadline"]
        assert len(found) == 1 and found[0].startswith("this time has passed when the decision opens, at T+0:06")
