"""What `check` finds beyond the form: every kind of wrong name, times outside the story, and weak craft."""

from __future__ import annotations

import copy
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from support import SMALL

from exercise.authoring.check import counts
from exercise.authoring.library import library, load_scenario, read_scenario
from exercise.authoring.problems import Problem

Change = Callable[[dict[str, Any]], object]


def sound() -> dict[str, Any]:
    """The small exercise with nothing wrong in it that is an error."""
    data = copy.deepcopy(SMALL)
    data["threats"] = ["T-se2"]
    # The shared exercise writes to a role that is not there, which the rules bear and `check` does not.
    for inject in data["injects"]:
        inject["to"] = ["belmark" if address == "belmark/lead" else address for address in inject["to"]]
    return data


def found(tmp_path: Path, change: Change) -> list[Problem]:
    """The problems of the small exercise after a change."""
    data = sound()
    change(data)
    file = tmp_path / "scenario.yaml"
    file.write_text(yaml.safe_dump(data, sort_keys=False, allow_unicode=True), encoding="utf-8")
    return read_scenario(file)[1]


def first_tag(data: dict[str, Any]) -> dict[str, Any]:
    """A tag on the first option, for conditions of marks."""
    tag: dict[str, Any] = {"commitment": "se-p7", "grade": "honoured", "because": "It sent what it had."}
    data["decisions"][0]["options"][0].setdefault("conduct", []).append(tag)
    return tag


def test_the_small_exercise_has_no_error(tmp_path: Path) -> None:
    """Protects what follows: each error below comes from its own change."""
    assert [p for p in found(tmp_path, lambda data: None) if p.severity == "error"] == []


ERRORS: list[tuple[str, Change, str, str]] = [
    ("threat", lambda d: d.update(threats=["T-se22"]), "threats", "no threat of the catalogue 'T-se22'; did you mean"),
    ("profile", lambda d: d["teams"][0].update(profile=[{"instrument": "seecp"}]), "profile", "no instrument"),
    ("audience", lambda d: d["injects"][0].update(to=["avern"]), "to", "no team 'avern'; did you mean 'averne'?"),
    ("role", lambda d: d["injects"][0].update(to=["averne/polce"]), "to", "no role 'polce'; did you mean 'police'?"),
    ("follows", lambda d: d["decisions"][0].update(follows="nothing", at=None), "follows", "no inject 'nothing'"),
    ("late", lambda d: d["injects"][0].update(at="T+900:00"), "at", "after the end of the last move"),
    ("flag", lambda d: d["injects"][0].update(effects=[{"flag": "tolt"}]), "flag", "did you mean 'told'?"),
    ("indicator", lambda d: d["injects"][0].update(effects=[{"indicator": "x", "by": 1}]), "indicator", "no indicator"),
    ("evidence", lambda d: d["injects"][0].update(effects=[{"learn": "x", "team": "averne"}]), "learn", "evidence 'x'"),
    ("condition", lambda d: d["injects"][1].update(when={"chose": "x"}), "when", "no decision 'x'"),
    ("fact value", lambda d: d["injects"][1].update(when={"fact": "source", "is": "x"}), "when", "has no value 'x'"),
    (
        "tag",
        lambda d: first_tag(d).update(commitment="se-p77"),
        "commitment",
        "catalogue 'se-p77'",
    ),
    ("luck", lambda d: first_tag(d).update(when={"fact": "source", "is": "crew"}), "when", "never depends on a hidden"),
    ("twice", lambda d: d["injects"].append(dict(d["injects"][0])), "id", "is used twice"),
    ("team id", lambda d: d["actors"].append({"id": "averne", "name": "X"}), "id", "is the id of a team too"),
    ("all", lambda d: d["teams"][1].update(id="all"), "id", "means something else already"),
    ("moves", lambda d: d["moves"][1].update(starts="T+0:10"), "starts", "starts before the one before it ends"),
    ("pen", lambda d: d["decisions"][0].update(role="x"), "role", "has no role 'x'"),
    ("window", lambda d: d["decisions"][0].update(window="0m"), "window", "can never be answered"),
    (
        "contact",
        lambda d: d["teams"][0].update(directory=[{"name": "A", "party": "x", "channel": "c"}]),
        "party",
        "'x'",
    ),
]


@pytest.mark.parametrize(("change", "key", "said"), [e[1:] for e in ERRORS], ids=[e[0] for e in ERRORS])
def test_error_is_found_at_its_place(tmp_path: Path, change: Change, key: str, said: str) -> None:
    """Protects an author: a wrong name or time is an error at its own line, with the nearest right name."""
    data = sound()
    data.setdefault("actors", [])

    def both(into: dict[str, Any]) -> None:
        into.setdefault("actors", [])
        change(into)

    problems = [p for p in found(tmp_path, both) if p.severity == "error"]

    assert any(said in p.text and key in p.path for p in problems), [str(p) for p in problems]
    lines = (tmp_path / "scenario.yaml").read_text(encoding="utf-8").splitlines()
    assert all(1 <= p.line <= len(lines) for p in problems)


def test_a_wrong_word_does_not_hide_wrong_names(tmp_path: Path) -> None:
    """Protects an author's evening: an unknown key and a wrong choice are told together with every wrong name."""

    def spoil(data: dict[str, Any]) -> None:
        data["injects"][0]["channel"] = "sitrap"
        data["injects"][0]["subject"] = "Unknown key"
        data["injects"][1]["to"] = ["avern"]

    texts = " ".join(str(problem) for problem in found(tmp_path, spoil))

    assert "did you mean 'sitrep'?" in texts
    assert "subject" in texts
    assert "no team 'avern'" in texts


def test_an_unreadable_length_or_time_does_not_hide_wrong_names(tmp_path: Path) -> None:
    """Protects the same evening where what cannot be read may not be missing: YAML's own 1:30, or a time in words."""

    def spoil(data: dict[str, Any]) -> None:
        data["decisions"][0]["window"] = "1:30"
        data["moves"][-1]["ends"] = "noon"
        data["injects"][1]["to"] = ["avern"]

    told = [str(problem) for problem in found(tmp_path, spoil) if problem.severity == "error"]

    assert len(told) == 3
    for said in ("not '1:30'", "'noon'", "no team 'avern'"):
        assert any(said in line for line in told), told


FIRST_LIGHT = (Path(__file__).parent.parent / "scenarios" / "first-light" / "scenario.yaml").read_text(encoding="utf-8")

KEYSTROKES = ["", "x", ":", "[", "-", '"', "\t", "{}", "9", "\n", "&a "]


@settings(max_examples=60)
@given(st.integers(0, len(FIRST_LIGHT) - 1), st.sampled_from(KEYSTROKES))
def test_a_slip_of_the_keyboard_never_ends_in_a_fault(place: int, typed: str) -> None:
    """Protects whoever edits by hand: whatever one keystroke does to a scenario, what comes back is problems."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "scenario.yaml"
        file.write_text(FIRST_LIGHT[:place] + typed + FIRST_LIGHT[place + 1 :], encoding="utf-8")
        scenario, problems, _ = read_scenario(file)

    assert scenario is not None or any(problem.severity == "error" for problem in problems)


def honoured(commitment: str) -> dict[str, str]:
    """A tag that serves a commitment."""
    return {"commitment": commitment, "grade": "honoured", "because": "It did what was asked."}


def _obviously_right(data: dict[str, Any]) -> None:
    option = data["decisions"][0]["options"][0]
    data["decisions"][0]["kind"] = "dilemma"
    option["conduct"] = [honoured("se-p7")]


def _serves_nothing(data: dict[str, Any]) -> None:
    option = data["decisions"][0]["options"][0]
    data["decisions"][0]["kind"] = "dilemma"
    option["conduct"] = [{**honoured("se-p7"), "grade": "neglected"}]


def _marks_luck(data: dict[str, Any]) -> None:
    data["flags"]["lucky"] = "It came out well."
    option = data["decisions"][0]["options"][0]
    option["consequences"] = [{"when": {"fact": "source", "is": "crew"}, "effects": [{"flag": "lucky"}]}]
    first_tag(data)["when"] = {"flag": "lucky"}


def _subject_of_nobody(data: dict[str, Any]) -> None:
    data["occasions"] = [
        {
            "id": "warning",
            "detector": "warned-partners",
            "team": "averne",
            "opens": {"released": data["injects"][0]["id"]},
            "until": data["moves"][0]["ends"],
            "about": "unheard-of",
            "commitments": ["se-p9a"],
        }
    ]


WARNINGS: list[tuple[str, Change, str]] = [
    ("unset flag", lambda d: d["flags"].update(idle="Nothing."), "nothing ever sets flag 'idle'"),
    ("obviously right", _obviously_right, "strains nothing that the team has accepted"),
    ("serves nothing", _serves_nothing, "serves nothing that the team has accepted"),
    ("few dilemmas", lambda d: None, "dilemmas of its own"),
    ("long quick", lambda d: d["decisions"][0].update(kind="quick", window="9m"), "5 minutes at most"),
    ("idle", lambda d: d["moves"][0].update(minutes="90m"), "may sit idle for"),
    ("luck", _marks_luck, "raised by a hidden fact unseen"),
    ("subject", _subject_of_nobody, "is about 'unheard-of', so this can only be failed"),
]


@pytest.mark.parametrize(("change", "said"), [w[1:] for w in WARNINGS], ids=[w[0] for w in WARNINGS])
def test_weak_craft_is_a_warning(tmp_path: Path, change: Change, said: str) -> None:
    """Protects the table: what would play badly is said before anybody plays it, and is no error."""
    problems = found(tmp_path, change)

    assert [p for p in problems if p.severity == "error"] == []
    assert any(said in p.text for p in problems), [str(p) for p in problems]


@pytest.mark.parametrize("name", library())
def test_the_library_is_without_a_warning(name: str) -> None:
    """Protects the library: what comes with the program is sound, and long enough to be worth a room."""
    file = Path(__file__).parent.parent / "scenarios" / name / "scenario.yaml"

    assert [str(p) for p in read_scenario(file)[1]] == []
    held = dict(counts(load_scenario(name)))
    assert held["dilemmas"] >= 2 * held["teams"]
    assert held["minutes of play"] >= (20 if name == "first-light" else 60)
