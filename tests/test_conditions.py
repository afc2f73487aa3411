"""Conditions as data: what each says of a state, and that they mean the same however they are written."""

from __future__ import annotations

import dataclasses
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError
from strategies import DECISIONS, FLAGS, INDICATORS, INJECTS, TEAMS, condition_rows

from exercise.core import conditions
from exercise.core.acts import Act
from exercise.core.conditions import AllOf, AnyOf, Condition, FactIs, Not, holds, parts_of, references
from exercise.core.requests.folds import BRINGS
from exercise.core.requests.kinds import Step
from exercise.core.requests.state import Holding
from exercise.core.state import ActRecord, Choice, Clock, DecisionState, State

CONDITIONS: TypeAdapter[Condition] = TypeAdapter(Condition)


def condition(row: Any) -> Condition:
    """A condition as an author writes it."""
    return CONDITIONS.validate_python(row)


def answered(option: str | None) -> DecisionState:
    """A decision that was answered, with an option or in the team's own words."""
    return DecisionState("averne", "chosen", 1, 0, 0, 60, Choice(option, "averne", 5, 5, nearest="a"))


PROPOSAL = ActRecord(Act.model_validate({"act": "warn", "toward": ["belmark"], "about": "sample"}), 0, 0, None)
STATE = State(
    clock=Clock(exercise=3600),
    facts={"source": "crew"},
    flags=frozenset({"told"}),
    indicators={"trust": 50.0},
    released={"i1": 0},
    decisions={
        "d0": answered("a"),
        "d1": answered(None),
        "d2": DecisionState("averne", "lapsed", 1, 0, 0, 60),
        "d3": DecisionState("averne", "open", 1, 0, 0, 60),
    },
    acts={"averne": (PROPOSAL,)},
    knowledge={"averne": {"sample": Holding(0, 0)}},
)

states = st.builds(
    State,
    clock=st.builds(Clock, exercise=st.integers(-600, 30_000)),
    facts=st.fixed_dictionaries({"source": st.sampled_from(["crew", "insider"])}),
    flags=st.frozensets(st.sampled_from(FLAGS)),
    indicators=st.dictionaries(st.sampled_from(INDICATORS), st.integers(0, 100).map(float)),
    released=st.dictionaries(st.sampled_from(INJECTS), st.just(0)),
    decisions=st.dictionaries(
        st.sampled_from(DECISIONS), st.sampled_from([answered("a"), answered(None), *STATE.decisions.values()])
    ),
    acts=st.dictionaries(st.sampled_from(TEAMS), st.just((PROPOSAL,))),
    knowledge=st.dictionaries(st.sampled_from(TEAMS), st.just({"sample": Holding(0, 0)})),
)


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ({"flag": "told"}, True),
        ({"flag": "alarm"}, False),
        ({"fact": "source", "is": "crew"}, True),
        ({"fact": "source", "is": ["insider", "crew"]}, True),
        ({"fact": "source", "is": "insider"}, False),
        ({"fact": "mood", "is": "crew"}, False),
        ({"indicator": "trust", "at_least": 50}, True),
        ({"indicator": "trust", "below": 50}, False),
        ({"indicator": "trust", "at_least": 40, "below": 51}, True),
        ({"chose": "d0"}, True),
        ({"chose": "d0", "option": "a"}, True),
        ({"chose": "d0", "option": ["b", "a"]}, True),
        ({"chose": "d0", "option": "b"}, False),
        ({"chose": "d1", "option": "free"}, True),
        ({"chose": "d1", "option": "a"}, False),
        ({"chose": "d2"}, False),
        ({"lapsed": "d2"}, True),
        ({"lapsed": "d3"}, False),
        ({"lapsed": "ghost"}, False),
        ({"released": "i1"}, True),
        ({"released": "i2"}, False),
        ({"time": {"from": "T+1:00"}}, True),
        ({"time": {"from": "T+1:00:01"}}, False),
        ({"time": {"until": "T+1:00"}}, False),
        ({"time": {"from": "T+0:30", "until": "T+1:30"}}, True),
        ({"did": "warn", "by": "averne"}, True),
        ({"did": "warn", "by": "averne", "toward": "belmark", "about": "sample"}, True),
        ({"did": "warn", "by": "averne", "toward": "averne"}, False),
        ({"did": "warn", "by": "averne", "about": "other"}, False),
        ({"did": "warn", "by": "averne", "level": "political"}, False),
        ({"did": "warn", "by": "belmark"}, False),
        ({"did": "share", "by": "averne"}, False),
        ({"knows": "sample", "team": "averne"}, True),
        ({"knows": "sample", "team": "belmark"}, False),
        ({"all": [{"flag": "told"}, {"released": "i1"}]}, True),
        ({"all": [{"flag": "told"}, {"released": "i2"}]}, False),
        ({"any": [{"flag": "alarm"}, {"released": "i1"}]}, True),
        ({"not": {"flag": "alarm"}}, True),
    ],
)
def test_each_kind_says_what_its_name_says(row: dict[str, Any], expected: bool) -> None:
    """Protects every leaf of the union, its bounds included."""
    assert holds(condition(row), STATE) is expected


def test_no_condition_always_holds() -> None:
    """Protects rows, options and effects that are left unconditional."""
    assert holds(None, State())
    assert references(None) == ()
    assert list(parts_of(None)) == []


@pytest.mark.parametrize(
    "row",
    [
        {},
        {"flags": "told"},
        {"flag": "told", "fact": "source"},
        {"indicator": "trust"},
        {"all": []},
        {"any": []},
        {"not": None},
        {"fact": "source"},
        {"did": "dance", "by": "averne"},
        {"flag": "Told!"},
        {"time": {"from": 90}},
        "told",
        None,
        ["told"],
    ],
)
def test_what_is_no_condition_is_refused(row: object) -> None:
    """Protects authors: nothing that is misspelt holds silently, always or never."""
    with pytest.raises(ValidationError):
        condition(row)


@given(condition_rows, states)
def test_not_twice_is_not_at_all(row: dict[str, Any], state: State) -> None:
    """Protects `not`."""
    assert holds(condition({"not": {"not": row}}), state) is holds(condition(row), state)


@given(st.lists(condition_rows, min_size=1, max_size=3), states)
def test_de_morgan(rows: list[dict[str, Any]], state: State) -> None:
    """Protects `all` and `any` against each other: not all is any not, and not any is all not."""
    refused = [{"not": row} for row in rows]

    assert holds(condition({"not": {"all": rows}}), state) is holds(condition({"any": refused}), state)
    assert holds(condition({"not": {"any": rows}}), state) is holds(condition({"all": refused}), state)


@given(condition_rows, states)
def test_condition_survives_its_written_form(row: dict[str, Any], state: State) -> None:
    """Protects scenarios that are kept in a log's header: read, written and read again they are the same."""
    once = condition(row)
    again = CONDITIONS.validate_json(CONDITIONS.dump_json(once, exclude_none=True))

    assert again == once
    assert condition(CONDITIONS.dump_python(once)) == once
    assert holds(again, state) is holds(once, state)


_NAMED = {
    "flag": "flag",
    "fact": "fact",
    "indicator": "indicator",
    "chose": "decision",
    "lapsed": "decision",
    "released": "inject",
    "by": "team",
    "toward": "party",
    "knows": "evidence",
    "team": "team",
}
_NO_NAMES = {"is", "at_least", "below", "option", "time", "did", "level", "about"}


def named_in(row: Any) -> list[tuple[str, str]]:
    """What a written condition names, found by walking its text: another way than the program's."""
    if isinstance(row, list):
        return [pair for part in row for pair in named_in(part)]
    found = []
    for key, value in row.items():
        if key in ("all", "any", "not"):
            found += named_in(value)
        elif key in _NAMED:
            found.append((_NAMED[key], value))
        else:
            assert key in _NO_NAMES, f"{key} is new: say here whether it names something"
    return found


@given(condition_rows)
def test_references_name_everything(row: dict[str, Any]) -> None:
    """Protects `check`: a name that does not exist is found wherever it stands in a condition."""
    assert sorted(references(condition(row))) == sorted(named_in(row))


@given(condition_rows)
def test_parts_are_found_at_every_depth(row: dict[str, Any]) -> None:
    """Protects the rule that marks never read hidden facts: a fact is found wherever it hides."""

    def facts_in(part: Any) -> int:
        if isinstance(part, list):
            return sum(map(facts_in, part))
        inner = [part[key] for key in ("all", "any", "not") if key in part]
        return int("fact" in part) + sum(map(facts_in, inner))

    assert sum(isinstance(part, FactIs) for part in parts_of(condition(row))) == facts_in(row)


def test_every_kind_of_condition_is_decided_and_names_the_field_it_reads() -> None:
    """Protects the tables by which conditions are decided: a kind that one of them forgets would stop an exercise."""
    kinds = {get_args(tagged)[0] for tagged in get_args(get_args(conditions.Condition)[0])}
    assert kinds == set(conditions._HOLDS)
    assert kinds - {AllOf, AnyOf, Not} == set(conditions._READS)
    assert set(conditions._READS.values()) <= {field.name for field in dataclasses.fields(State)}
    assert set(BRINGS) == set(Step)
