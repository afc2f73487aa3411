"""What the writer of scenarios promises: the reader takes it back, and people can read it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from exercise.authoring.folders import write_folder
from exercise.authoring.library import find, read_scenario
from exercise.authoring.yaml_source import parse
from exercise.authoring.yaml_writer import to_yaml
from exercise.core.text import clean_text
from exercise.errors import UsageError

_TEXT = st.one_of(
    st.text(st.characters(codec="utf-8"), max_size=40).map(clean_text),
    st.sampled_from(
        (
            "no",
            "Yes",
            "on",
            "~",
            "",
            "null",
            "1:30",
            "0x1f",
            "1_000",
            "-",
            "- a",
            "? b",
            "# c",
            "a: b",
            "a #b",
            "*x",
            "&y",
        )
    ),
    st.sampled_from(
        ("{a}", "a, b", "!x", "%y", "@z", "`w", "'", '"', "T+1:30", "2019-03-12", "end:", "a\n\n  b\nc", ">")
    ),
    st.text("ab :#-\n\t", min_size=80, max_size=200),
)
_NUMBER = st.one_of(
    st.booleans(), st.none(), st.integers(-(10**17), 10**17), st.integers(-4000, 4000).map(lambda n: n / 8)
)
_KEY = st.one_of(
    st.sampled_from(("id", "title", "injects", "teams", "notes", "when", "to")), st.text("abc-", min_size=1)
)
_DATA: st.SearchStrategy[Any] = st.recursive(
    st.one_of(_TEXT, _NUMBER),
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(_KEY, inner, max_size=4)),
    max_leaves=12,
)


def _bare(value: Any) -> Any:
    """Data without blanks around its texts, as the models take it."""
    if isinstance(value, dict):
        return {key: _bare(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_bare(inner) for inner in value]
    return value.strip() if isinstance(value, str) else value


@settings(max_examples=100, deadline=None)
@given(st.dictionaries(_KEY, _DATA, min_size=1, max_size=4))
def test_what_is_written_is_read_back(data: dict[str, Any]) -> None:
    """An importer's or an editor's data survives the file, whatever texts it holds, also for other readers of YAML."""
    written = to_yaml(data)
    source = parse(written, "x.yaml")
    assert not source.problems
    assert _bare(source.data) == _bare(data)
    yaml.safe_load(written)


@pytest.mark.parametrize("name", ["first-light", "card-storm"])
def test_a_whole_scenario_is_read_back(name: str) -> None:
    """What people wrote by hand comes out as the same scenario, and pleasant: no long rows, keys in the usual order."""
    scenario, _, source = read_scenario(find(name))
    written = to_yaml(source.data)
    again = parse(written, "x.yaml")
    assert scenario is not None and _bare(again.data) == _bare(source.data)
    assert type(scenario).model_validate(again.data).title == scenario.title
    assert "\n\n  - id: " in written and "\ninjects:\n  - id: " in written
    flows = [line for line in written.splitlines() if line.lstrip().startswith("- {")]
    assert flows and max(map(len, flows)) <= 120


def test_comments_stand_right_above_their_place() -> None:
    """An author finds what to decide where it has to be decided, and a note for a missing key is not lost."""
    data = {
        "id": "x",
        "teams": [{"id": "a", "name": "A"}, {"id": "b", "name": "B", "profile": []}],
        "flags": {"f": "F"},
    }
    notes = {
        (): "made from a sheet",
        ("teams", 1): "TO DECIDE: who they are",
        ("teams", 0, "profile"): "TO DECIDE: its texts",
        ("teams", 1, "profile"): "two\nlines, with \x1b[31mcolour",
        ("flags", "f"): "raised once",
    }
    assert to_yaml(data, notes).splitlines() == [
        "# yaml-language-server: $schema=scenario.schema.json",
        "# made from a sheet",
        "id: x",
        "",
        "teams:",
        "  # TO DECIDE: its texts",
        "  - id: a",
        "    name: A",
        "",
        "  # TO DECIDE: who they are",
        "  - id: b",
        "    name: B",
        "    # two",
        "    # lines, with [31mcolour",
        "    profile: []",
        "",
        "flags:",
        "  # raised once",
        "  f: F",
    ]


def test_times_stay_bare_and_traps_are_quoted() -> None:
    """Quotes stand only where a reader of YAML would take the text for something else."""
    written = to_yaml(
        {"id": "x", "licence": "no", "date": "2019-03-12T06:00", "moves": [{"starts": "T+0:00", "minutes": "25m"}]}
    )
    assert 'licence: "no"' in written
    assert "date: 2019-03-12T06:00" in written and "starts: T+0:00" in written and "minutes: 25m" in written
    assert '"1:30"' in to_yaml({"title": "1:30"})


def test_a_folder_that_is_there_is_not_written_over(tmp_path: Path) -> None:
    """Nobody loses a scenario by giving another one its name; `force` replaces the files and leaves the rest."""
    folder = tmp_path / "crisis"
    file = write_folder(folder, "id: x\n", {"texts/a.md": "A\n"})
    assert file.read_bytes() == b"id: x\n" and (folder / "texts" / "a.md").is_file()
    assert '"$schema"' in (folder / "scenario.schema.json").read_text(encoding="utf-8")
    with pytest.raises(UsageError, match="--force"):
        write_folder(folder, "id: y\n")
    (folder / "mine.txt").write_text("mine", encoding="utf-8")
    assert write_folder(folder, "id: y\n", force=True).read_text(encoding="utf-8") == "id: y\n"
    assert (folder / "mine.txt").is_file()
    with pytest.raises(UsageError, match="this is a file"):
        write_folder(folder / "mine.txt", "id: y\n")
