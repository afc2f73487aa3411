"""All errors of a file at once: what does not fit in one place hides no wrong name in another, and invents none."""

from __future__ import annotations

import copy
import tempfile
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from exercise.authoring.library import find, read_scenario
from exercise.authoring.misfits import mended
from exercise.authoring.problems import errors_in
from exercise.authoring.yaml_source import load_model, parse
from exercise.core.scenario import Scenario
from tests.test_author_slips import WARD

Way = tuple[str | int, ...]

MISFITS: dict[str, Any] = {"list": ["a b"], "mapping": {"q": 1}, "words": "two words", "number": 5, "nothing": None}
PLANTED = {"teams": "zzyx", "flags": "wxyz"}
"""A team and a flag that are nowhere, by the list in which they would stand."""


@cache
def with_wrong_names(name: str) -> dict[str, Any]:
    """A scenario's data with a team and a flag that are nowhere, in its first inject and its last decision."""
    text = WARD if name == "ward" else find(name).read_text(encoding="utf-8")
    data: dict[str, Any] = parse(text, "scenario.yaml", None if name == "ward" else find(name).parent).data
    data["injects"][0]["to"] = [PLANTED["teams"]]
    data["decisions"][-1]["options"][0].setdefault("effects", []).append({"flag": PLANTED["flags"]})
    return data


def ways(value: Any, so_far: Way = ()) -> Iterator[Way]:
    """Every place of the data, outer before inner."""
    below = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, part in below:
        yield (*so_far, key)
        yield from ways(part, (*so_far, key))


@cache
def places(name: str) -> list[Way]:
    """Where something can be spoilt without the wrong names going with it."""
    data = with_wrong_names(name)
    kept = (("injects", 0), ("decisions", len(data["decisions"]) - 1))
    return [way for way in ways(data) if way[:2] not in kept and way not in (("injects",), ("decisions",))]


def spoilt(name: str, way: Way, how: str) -> dict[str, Any]:
    """The data with one place taken out, misspelt, or holding what does not belong there."""
    data = copy.deepcopy(with_wrong_names(name))
    around: Any = data
    for step in way[:-1]:
        around = around[step]
    if how == "missing":
        del around[way[-1]]
    elif how == "misspelt" and isinstance(way[-1], str):
        around[f"{way[-1]}x"] = around.pop(way[-1])
    elif how in MISFITS:
        around[way[-1]] = copy.deepcopy(MISFITS[how])
    return data


def nameless(way: Way) -> bool:
    """Whether a list loses a name by what is done there, so that an unknown one could be it."""
    return way[0] in PLANTED and (len(way) < 3 or way[2:] == ("id",))


def held(name: str, way: Way, how: str) -> None:
    """Asserts that a file whose form is wrong is told that and the two wrong names, and nothing else."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "scenario.yaml"
        written = yaml.safe_dump(spoilt(name, way, how), sort_keys=False, allow_unicode=True, width=200)
        file.write_text(written, encoding="utf-8")
        made, problems, _ = load_model(file, Scenario)
        found = errors_in(read_scenario(file)[1])
    # Other flags in place of the scenario's own are well-formed, and those named elsewhere are truly not there.
    if made is None and not (way == ("flags",) and how == "mapping"):
        names = {of: [one for one in found if f"'{name}'" in one.text] for of, name in PLANTED.items()}
        for of, told in names.items():
            assert len(told) == 1 or (of == way[0] and nameless(way)), [str(one) for one in found]
        assert sorted({*found}.difference(*names.values())) == sorted(set(errors_in(problems)))


HOW = st.sampled_from(("missing", "misspelt", *MISFITS))


@settings(max_examples=60)
@given(way=st.sampled_from(places("ward")), how=HOW)
def test_what_does_not_fit_hides_no_wrong_name(way: Way, how: str) -> None:
    """Protects an author's evening: whatever is missing or misshapen, every wrong name is told in the same round."""
    held("ward", way, how)


@settings(max_examples=10)
@given(way=st.sampled_from(places("first-light")), how=HOW)
def test_what_does_not_fit_hides_no_wrong_name_in_a_real_scenario(way: Way, how: str) -> None:
    """Protects the same in a file with requests, desks, matters and occasions."""
    held("first-light", way, how)


RULES_OF_TWO = [
    (("moves", 0, "ends"), "T+0:00"),
    (("facts", 0, "values"), [{"value": "clean", "weight": 0, "says": "It is."}]),
    (("indicators", 0, "start"), 400),
    (("decisions", 0, "options", 0, "effects", 1), {"indicator": "wards"}),
    (("injects", 1, "when"), {"indicator": "wards"}),
    (("injects", 1, "follows"), "note"),
    (("date",), None),
    (("teams", 0, "id"), None),
    (("flags",), None),
]


@pytest.mark.parametrize(("way", "value"), RULES_OF_TWO, ids=["-".join(map(str, way)) for way, _ in RULES_OF_TWO])
def test_what_does_not_go_together_hides_no_wrong_name(way: Way, value: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Protects the same where each key is right and two of them are not, and where a whole list has lost its names."""
    monkeypatch.setitem(MISFITS, "this", value)
    held("ward", way, "this")


def test_a_file_of_something_else_is_not_guessed_at() -> None:
    """Protects whoever gives the wrong file, or a hostile one: with a thousand misfits nothing is tried again."""
    scenario, guessed = mended(parse("format: 1\ninjects:\n" + "  - 5\n" * 1_000, "scenario.yaml"), Scenario)

    assert scenario is None and not guessed.paths
