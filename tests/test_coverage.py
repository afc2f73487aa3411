"""What the library tests and draws on: both tables, their gaps, and what a scenario of one's own adds."""

from __future__ import annotations

import json
import shutil
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from exercise.authoring.coverage import ENOUGH, Coverage, coverage
from exercise.authoring.library import library, library_folder, load_scenario
from exercise.cli import covering
from exercise.errors import UsageError
from exercise.language import SOURCE, speaking


@cache
def found() -> Coverage:
    """What the library covers."""
    return coverage({name: load_scenario(name) for name in library()})


def shown(*arguments: str) -> Any:
    """What `exercise commitments --coverage` came to."""
    from exercise.cli.commands import app

    return CliRunner().invoke(app, ["commitments", "--coverage", *arguments])


def test_each_threat_that_may_be_played_is_drawn_on() -> None:
    """Protects the library's promise, and the one threat that is never played as content."""
    assert found().undrawn == ()
    assert [row.threat.id for row in found().drawn if not row.threat.playable] == ["T-se6"]


def test_what_one_scenario_alone_tests_is_a_gap() -> None:
    """Protects the reckoning: what few scenarios test is named, and each way of testing stands beside its scenario."""
    small = coverage({"first-light": load_scenario("first-light")})

    assert len(small.tested) == len(found().tested) == len(small.thin) and set(small.undrawn) < {
        row.threat.id for row in small.drawn
    }
    ways = {row.commitment.id: row.scenarios for row in small.tested}
    assert ways["bc-29"] == {"first-light": "rat"} or "r" in ways["bc-29"]["first-light"]
    assert all(set(letters) <= set("rat") for row in found().tested for letters in row.scenarios.values())
    assert set(found().thin) == {row.commitment.id for row in found().tested if len(row.scenarios) < ENOUGH}


def test_the_tables_fit_a_terminal_and_say_the_gaps_last(monkeypatch: pytest.MonkeyPatch) -> None:
    """Protects authors at a plain terminal: 80 columns, no failure, and the sum in the last line."""
    monkeypatch.setattr(covering, "library", lambda: ("first-light", "joint-sweep"))
    some = coverage({name: load_scenario(name) for name in covering.library()})
    done = shown()
    lines = done.output.splitlines()

    assert done.exit_code == 0 and max(map(len, lines)) <= 80
    assert lines[-1].endswith(f"{some.undrawn[-1]}.") and some.thin[-1] in done.output.split("Of 71 commitments")[1]
    assert (
        [line for line in lines if line.startswith("! ")]
        == [line for line in lines for id in (*some.thin, *some.undrawn) if line.startswith(f"! {id} ")]
        != []
    )


@pytest.mark.parametrize(("language", "title"), [("lv", "Kiberuzbrukumu nosodīšana"), ("ro", "Condamnarea")])
def test_the_tables_are_told_in_the_language_asked_for(
    language: str, title: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Protects an author who reads Latvian or Romanian: titles and threats stand in these tables as in every other."""
    monkeypatch.setattr(covering, "library", lambda: ("first-light",))
    with speaking(SOURCE):  # What the command goes on to speak is not to be heard by other tests.
        told, data, untold = (
            shown(*asked).output
            for asked in (("--language", language), ("--json", "--language", language), ("--json",))
        )

    assert f"ba-b2a  {title}" in told and max(map(len, told.splitlines())) <= 80
    assert "Condemning cyber attacks" not in told and title in data
    assert json.loads(data)["gaps"] == json.loads(untold)["gaps"] and "Condemning cyber attacks" in untold
    assert isinstance(shown("--language", "tlh").exception, UsageError)


def test_ones_own_scenario_is_counted_along(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Protects an author's question: what does mine add, and how does it stand in both tables?"""
    monkeypatch.setattr(covering, "library", lambda: ("first-light", "joint-sweep"))
    mine = tmp_path / "mine"
    shutil.copytree(library_folder() / "first-light", mine)
    file = mine / "scenario.yaml"
    file.write_text(file.read_text(encoding="utf-8").replace("id: first-light", "id: mine", 1), encoding="utf-8")

    done = shown("--scenario", str(mine))
    data = json.loads(shown("--scenario", str(mine), "--json").output)

    assert "What was counted along (+) tests" in done.output and "+mine (" in done.output
    drawn = next(row for row in data["threats"] if row["id"] == "T-ba8")
    assert {"+mine", "first-light"} <= set(drawn["scenarios"])
    tested = {row["id"]: row["scenarios"] for row in data["commitments"]}
    assert tested["bc-29"]["+mine"] == tested["bc-29"]["first-light"] != []
    assert "bc-29" not in data["gaps"]["commitments"] and "T-ba8" not in data["gaps"]["threats"]


@pytest.mark.parametrize("arguments", [("se-p7", "--coverage"), ("--coverage", "--threats"), ("--scenario", "x")])
def test_what_does_not_go_together_is_one_line(arguments: tuple[str, ...]) -> None:
    """Protects who mixes the look-up with the tables."""
    from exercise.cli.commands import app

    refused = CliRunner().invoke(app, ["commitments", *arguments])
    assert isinstance(refused.exception, UsageError) and "--coverage" in str(refused.exception)
