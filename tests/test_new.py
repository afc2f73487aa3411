"""What `exercise new` promises: what it writes is sound, plays, and can be read and changed by whoever asked for it."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from exercise.authoring.beginning import plan_of, slug, team_of, threats
from exercise.authoring.folders import write_folder
from exercise.authoring.library import read_scenario
from exercise.authoring.template import begin
from exercise.catalogue import load_reference
from exercise.cli import beginning
from exercise.errors import UsageError
from exercise.session.autoplay import run
from exercise.session.bots import Policy, make_bot

TODAY = datetime(2026, 3, 10, 15, 30)
_LATVIAN = "Ķēniņvalsts Ūdra: state: Ārlietu ministrija, CERT, Policija"


@pytest.mark.parametrize(
    ("teams", "moves", "minutes"),
    [
        ((), None, ""),
        (("Alone",), 1, "10"),
        (("Norrin Bank: company", "Shore Forum: organisation: One", _LATVIAN), 3, "100"),
        (tuple(f"Republic of Coast {number}" for number in range(6)), 2, "25"),
    ],
)
def test_what_is_written_passes_check_strictly(
    teams: tuple[str, ...], moves: int | None, minutes: str, tmp_path: Path
) -> None:
    """An author's first `check --strict` finds nothing, whatever teams, moves and length were asked for."""
    begun = begin(plan_of("Mana krīze", teams=teams, moves=moves, minutes=minutes, today=TODAY))
    file = write_folder(tmp_path / "crisis", begun.yaml, begun.texts)
    scenario, problems, _ = read_scenario(file)
    assert [str(problem) for problem in problems] == []
    assert scenario is not None and scenario.id == "mana-krize" and scenario.title == "Mana krīze"
    assert len(scenario.teams) == (len(teams) or 2)
    for team in scenario.teams:
        kinds = [decision.kind for decision in scenario.decisions if decision.team == team.id]
        assert kinds.count("dilemma") == 2 and kinds.count("quick") == 1
        assert any(entry.stale for entry in team.directory)
    assert scenario.facts and scenario.matters and scenario.objectives and scenario.hot_wash


def test_it_plays_to_the_end(tmp_path: Path) -> None:
    """A scenario that is to grow runs on the first evening, before anything was changed."""
    begun = begin(plan_of("river-mouth", today=TODAY))
    scenario, _, _ = read_scenario(write_folder(tmp_path / "river-mouth", begun.yaml, begun.texts))
    assert scenario is not None
    facts = {fact.id: fact.values[0].value for fact in scenario.facts}
    for policy in ("cooperative", "silent"):
        bots = {
            team.id: make_bot(Policy(policy), scenario, load_reference(), team.id, seed=1) for team in scenario.teams
        }
        state = run(scenario, facts, bots).state
        assert state.clock.phase == "ended"
        assert {inject.id for inject in scenario.injects if inject.when is None} <= set(state.released)


def test_the_file_explains_itself(tmp_path: Path) -> None:
    """Somebody who never saw YAML finds a line about each part, and an editor finds the schema."""
    begun = begin(plan_of("x", today=TODAY))
    lines = begun.yaml.splitlines()
    assert lines[0] == "# yaml-language-server: $schema=scenario.schema.json"
    for key in ("teams", "facts", "indicators", "matters", "moves", "injects", "decisions", "occasions", "hot_wash"):
        assert lines[lines.index(f"{key}:") - 1].startswith("# "), key
    assert max(map(len, lines)) <= 120
    file = write_folder(tmp_path / "x", begun.yaml, begun.texts)
    assert (file.parent / "scenario.schema.json").is_file()
    assert "\r" not in file.read_bytes().decode()


@pytest.mark.parametrize(
    ("name", "folder"),
    [
        ("Mana krīze 1", "mana-krize-1"),
        ("ĶĒNIŅŠ", "kenins"),
        ("Øresund & Ærø", "oresund-aro"),
        ("危机", "scenario"),
        ("CON", "con-exercise"),
        ("../..", "scenario"),
        ("  a__b.c  ", "a-b-c"),
    ],
)
def test_odd_names_become_folders_that_every_system_takes(name: str, folder: str) -> None:
    """A name in Latvian, with blanks or reserved by Windows neither fails nor leads out of the folder."""
    assert slug(name) == folder


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"threat": "nothing like it"}, "there is no threat"),
        ({"threat": "a"}, "may be several"),
        ({"threat": "T-se6"}, "there is no threat"),
        ({"date": "tomorrow"}, "is no date"),
        ({"date": "1999-01-01"}, "before 2018"),
        ({"minutes": "5"}, "25 to 65 minutes"),
        ({"minutes": "soon"}, "is no length"),
        ({"moves": 9}, "1 to 3 moves"),
        ({"teams": ("A", "a")}, "is there twice"),
        ({"teams": ("A: navy",)}, "is no kind of team"),
        ({"teams": ("",)}, "a team is written"),
        ({"teams": tuple("ABCDEFG")}, "6 teams at most"),
    ],
)
def test_what_cannot_be_is_one_line_that_says_what_can(more: dict[str, object], said: str) -> None:
    """A wrong answer is told with what to write instead, and never with a traceback."""
    with pytest.raises(UsageError) as told:
        plan_of("x", today=TODAY, **more)  # type: ignore[arg-type]
    assert said in str(told.value).lower() and "\n" not in str(told.value)


def test_teams_get_ids_that_are_free() -> None:
    """A team called like an actor of the template, or like another team in other letters, still gets its own id."""
    first = team_of("Norvik")
    second = team_of("Kingdom of Krasta", [first])
    third = team_of("Krašta", [second])
    assert [first.id, second.id, third.id] == ["norvik-2", "krasta", "krasta-2"]
    long = team_of("The Very Long Federation of Nine Small Islands")
    assert len(long.short) <= 16 and team_of("The Very Long Federation", [long]).short != long.short


def test_threats_are_found_by_words() -> None:
    """The list that `new` shows can be narrowed, and leaves out what is never played."""
    every = [threat.id for threat in threats()]
    assert "T-se6" not in every and "T-ba4" in every
    assert [threat.id for threat in threats("SERVICES public")] == ["T-ba4"]


def _app() -> typer.Typer:
    app = typer.Typer()

    @app.command()
    def new(name: str = typer.Argument(""), yes: bool = False) -> None:
        beginning.new(name, "", "", "", (), "", None, yes=yes, force=False)

    return app


def test_questions_take_answers_and_ask_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever answers wrongly is told why and asked again; nothing that was answered is lost."""
    monkeypatch.chdir(tmp_path)
    typed = [
        "Upes grīva",
        "",
        "bank",
        "services public",
        "2026-13-01",
        "2026-03-10",
        "Alda",
        "Alda",
        "Borl: company",
        "",
    ]
    done = CliRunner().invoke(_app(), input="\n".join([*typed, "x", "3", "400", "75", ""]))
    assert done.exit_code == 0, done.output
    assert "is no date" in done.output and "is there twice" in done.output and "40 to 100 minutes" in done.output
    scenario, problems, _ = read_scenario(tmp_path / "upes-griva" / "scenario.yaml")
    assert scenario is not None and not problems
    assert (scenario.title, scenario.threats, len(scenario.moves)) == ("Upes grīva", ("T-ba4",), 3)
    assert [team.kind for team in scenario.teams] == ["state", "company"]


def test_questions_left_half_way_write_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever stops in the middle finds no half-made folder, and hears how to go without questions."""
    monkeypatch.chdir(tmp_path)
    done = CliRunner().invoke(_app(), input="My title\n")
    assert isinstance(done.exception, UsageError) and "--yes" in str(done.exception)
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_is_there_is_refused_before_any_question(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody answers six questions to hear that the name is taken, and nobody's work is written over."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "scenario.yaml").write_text("id: mine\n", encoding="utf-8")
    with pytest.raises(UsageError, match="--force"):
        beginning.new("mine", "", "", "", (), "", None, yes=False, force=False)
    assert (tmp_path / "mine" / "scenario.yaml").read_text(encoding="utf-8") == "id: mine\n"
