"""Options without a use: what the comparison of siblings proves, what it leaves open, and that play bears it out."""

from __future__ import annotations

from typing import Any

import pytest
from given import Row, choose, close_move, decision, inject, option, scenario, started
from hypothesis import given, settings
from hypothesis import strategies as st

from exercise.analysis.dominance import Compared, compare_siblings, in_words
from exercise.catalogue import load_reference
from exercise.core.assess import assess
from exercise.core.decide import work_out
from exercise.core.events import LogEntry
from exercise.core.scenario import Scenario
from exercise.core.state import State

BOUND: Row = {
    "id": "averne",
    "name": "Republic of Averne",
    "short": "Averne",
    "about": "A coast.",
    "profile": [{"instrument": "budapest-convention"}, {"instrument": "un-norms-2015"}],
}
WATCHING: Row = {
    "id": "belmark",
    "name": "Kingdom of Belmark",
    "short": "Belmark",
    "about": "A plain.",
    "profile": [{"instrument": "budapest-convention", "observed_only": True}],
}
NUMBERS: list[Row] = [
    {"id": "market", "name": "Market", "start": 50},
    {"id": "loss", "name": "Loss", "start": 50, "better": "lower"},
]


def tag(commitment: str, grade: str, **more: Any) -> Row:
    """A mark by an option."""
    return {"commitment": commitment, "grade": grade, "because": "A reason of some words."} | more


def by(indicator: str, amount: float, **more: Any) -> Row:
    """A change of a number."""
    return {"indicator": indicator, "by": amount} | more


def made(*rows: Row, **more: Any) -> Scenario:
    """A scenario whose first team is bound by two texts, with two numbers."""
    return scenario(*rows, **({"teams": [BOUND, WATCHING], "indicators": NUMBERS} | more))


def beside(first: Row, second: Row, *rows: Row, **more: Any) -> Compared:
    """The first option beside the second, in a decision of their own."""
    put = decision("choice", first | {"id": "b", "title": "B"}, second | {"id": "a", "title": "A"}, **more)
    found = compare_siblings(made(put, *rows), load_reference())
    return next(pair for pair in found if (pair.decision, pair.option) == ("choice", "b"))


def test_an_option_that_is_worse_in_a_number_and_better_in_nothing_is_proved_to_be_without_a_use() -> None:
    """The plain case, and the sentence that an author reads of it; the other way round nothing is said."""
    worse, better = (
        {"conduct": [tag("bc-16", "honoured")], "effects": [by("market", -5)]},
        {"conduct": [tag("bc-16", "honoured")]},
    )
    pair = beside(worse, better)
    assert pair.verdict == "dominated"
    assert in_words(pair) == "option 'b' is never better than 'a': Market −5 instead of 0"
    assert beside(better, worse).verdict == "apart"


def test_two_options_that_come_to_the_same_are_named() -> None:
    """Different words over equal consequences are no choice."""
    same = {"conduct": [tag("bc-16", "partly")], "effects": [by("loss", 3)]}
    assert beside(same, same).verdict == "identical"


@pytest.mark.parametrize(
    ("mine", "other"),
    [
        ({"conduct": [tag("bc-16", "honoured")]}, {"conduct": [tag("bc-29", "honoured")]}),
        ({"conduct": [tag("bc-16", "neglected")]}, {"conduct": [tag("bc-29", "neglected")]}),
        ({"effects": [by("market", 6)]}, {"effects": [by("loss", -6)]}),
        ({"effects": [by("market", 6)]}, {"conduct": [tag("bc-16", "honoured")]}),
        ({"repairs": ["bc-16"]}, {"effects": [by("market", 6)]}),
        ({}, {"coercive": True, "effects": [by("market", 6)]}),
        ({"effects": [{"learn": "sample", "team": "averne"}]}, {"effects": [by("market", 6)]}),
    ],
)
def test_options_that_serve_different_things_are_both_of_use(mine: Row, other: Row) -> None:
    """A dilemma raises no alarm, whatever it is between."""
    assert beside(mine, other).verdict == beside(other, mine).verdict == "apart"


def test_a_clause_that_the_team_never_accepted_speaks_for_no_option() -> None:
    """Marks are filtered by the profile, as the assessment does."""
    pair = beside({"conduct": [tag("cbm-8", "honoured")]}, {"effects": [by("market", 5)]})
    assert pair.verdict == "dominated"


def test_what_is_only_observed_and_what_is_small_hardly_counts() -> None:
    """An option whose only advantage is a principle that is never scored, or a point or two, is a warning."""
    watched = decision(
        "choice",
        option("b", conduct=[tag("bc-16", "honoured")]),
        option("a", effects=[by("market", 5)]),
        team="belmark",
    )
    scored = WATCHING | {"profile": [*WATCHING["profile"], {"instrument": "un-norms-2015"}]}
    assert compare_siblings(made(watched, teams=[BOUND, scored]), load_reference())[0].verdict == "nearly"
    # Where a team is only ever observed, observations are all that its card shows.
    assert compare_siblings(made(watched), load_reference())[0].verdict == "apart"
    pair = beside({"effects": [by("market", 2)]}, {"conduct": [tag("bc-16", "honoured")]})
    assert pair.verdict == "nearly"
    assert in_words(pair) == "option 'b' is hardly ever better than 'a': only Market +2 instead of 0"


def test_a_mark_on_a_condition_is_taken_both_ways() -> None:
    """A tag that may not hold is no sure drawback, and one that always holds is none of the other's advantages."""
    sometimes = {"conduct": [tag("bc-16", "neglected", when={"flag": "told"})]}
    always = {"conduct": [tag("bc-16", "neglected")]}
    assert beside(always, sometimes).verdict == "dominated"
    assert beside(sometimes, always).verdict == "apart"


def test_conditions_on_one_number_are_not_taken_to_hold_together() -> None:
    """Two tags that share out the range of a number leave no world in which neither holds."""
    shared = {
        "conduct": [
            tag("bc-16", "partly", when={"indicator": "market", "below": 40}),
            tag("bc-16", "partly", when={"indicator": "market", "at_least": 40}),
        ]
    }
    assert beside(shared, {"conduct": [tag("bc-16", "partly")]}).verdict == "identical"


def test_facts_are_gone_through_one_by_one() -> None:
    """What is better where an insider did it is of use; what is worse whoever did it is not."""
    crew, insider = {"fact": "source", "is": "crew"}, {"fact": "source", "is": "insider"}

    def bet(right: float, wrong: float) -> Row:
        return {
            "consequences": [
                {"when": insider, "effects": [by("market", right)]},
                {"when": crew, "effects": [by("market", wrong)]},
            ]
        }

    assert beside(bet(10, -10), {}).verdict == beside({}, bet(10, -10)).verdict == "apart"
    assert beside(bet(-3, -10), {}).verdict == "dominated"


def test_an_option_is_of_use_where_its_better_is_not_offered() -> None:
    """The fallback of a barred option is not dominated by it; one that is barred likewise is."""
    barred: Row = {"available": {"flag": "told"}}
    assert beside({"effects": [by("market", -5)]}, barred).verdict == "apart"
    assert beside({"effects": [by("market", -5)]} | barred, barred).verdict == "dominated"


def test_options_that_are_never_offered_together_are_not_compared() -> None:
    """Protects from a false error: two quite different options had been called equal, since no world offers both."""
    never: Row = {"available": {"all": [{"flag": "told"}, {"not": {"flag": "told"}}]}}
    pair = beside({"conduct": [tag("bc-16", "honoured")]} | never, {"conduct": [tag("un-d", "honoured")]})
    assert pair.verdict == "apart"
    assert in_words(pair) == "option 'b' beside 'a': never offered together with 'a'"


def test_a_flag_counts_where_something_reads_it() -> None:
    """What an inject makes of a flag cannot be weighed, so nothing is proved; a flag that nothing reads is nothing."""
    flagged = {"effects": [{"flag": "told"}]}
    better = {"effects": [by("market", 5)]}
    assert beside(flagged, better).verdict == "dominated"
    assert beside(flagged, better, inject("later", when={"flag": "told"})).verdict == "open"
    opened = decision("next", option("yes"), option("more", available={"flag": "told"}), at="T+3:00")
    assert beside(flagged, better, opened).verdict == "apart"


def test_an_act_counts_where_an_occasion_looks_for_it() -> None:
    """What detectors will make of an act is part of what an option is worth."""
    warning = {"acts": [{"act": "warn", "toward": ["belmark"], "about": "leak"}]}
    better = {"effects": [by("market", 5)]}
    put = decision("choice", option("b", **warning), option("a", **better))
    watched: Row = {
        "id": "warned",
        "detector": "warned-partners",
        "team": "averne",
        "opens": {"time": {"from": "T+0:00"}},
        "until": "T+4:00",
        "toward": ["belmark"],
        "commitments": ["bc-26"],
    }
    reference = load_reference()
    assert compare_siblings(made(put), reference)[0].verdict == "dominated"
    assert compare_siblings(made(put, occasions=[watched]), reference)[0].verdict == "apart"


GRADES = st.sampled_from(["honoured", "partly", "neglected"])
WHEN = st.sampled_from([None, {"fact": "source", "is": "crew"}, {"fact": "source", "is": "insider"}])


@st.composite
def options(draw: st.DrawFn) -> Row:
    """An option with a mark or two, a number at once, and one that a hidden fact decides."""
    marks = draw(st.lists(st.tuples(st.sampled_from(["bc-16", "bc-29"]), GRADES), max_size=2))
    later = draw(st.integers(-1, 1))
    when = draw(WHEN)
    return {
        "conduct": [tag(commitment, grade) for commitment, grade in marks],
        "effects": [by("market", 5 * draw(st.integers(-1, 1)))],
        "consequences": [{"effects": [by("loss", 5 * later)]} | ({"when": when} if when else {})],
    }


@settings(max_examples=30, deadline=None)
@given(options(), options())
def test_play_bears_out_what_is_proved(first: Row, second: Row) -> None:
    """Whatever the facts, an option that is proved to be never better ends never better, in marks or numbers."""
    put = decision("choice", option("b", **first), option("a", **second))
    world = made(put)
    verdict = compare_siblings(world, load_reference())[0].verdict
    rank = {"breached": 0, "neglected": 1, "partly": 2, "untested": 2.5, "honoured": 3}

    def ends(taken: str, source: str) -> list[float]:
        state, entries = State(), []
        for command in (started(source=source), choose("choice", taken), close_move()):
            turn = work_out(world, state, command)
            batch = len(entries) + 1
            for event, (play, exercise) in zip(turn.events, turn.moments, strict=True):
                entries.append(LogEntry(len(entries) + 1, batch, command.seat, "", play, exercise, event))
            state = turn.state
        lowest: dict[str, float] = {}
        for mark in assess(world, load_reference(), entries).marks:
            lowest[mark.commitment] = min(lowest.get(mark.commitment, 3), rank[mark.grade.value])
        marks = [lowest.get(id, rank["untested"]) for id in ("bc-16", "bc-29")]
        return [*marks, state.indicators["market"], -state.indicators["loss"]]

    pairs = [(ends("b", source), ends("a", source)) for source in ("crew", "insider")]
    better = any(one > two for mine, theirs in pairs for one, two in zip(mine, theirs, strict=True))
    if verdict in ("dominated", "identical"):
        assert not better
    if verdict == "identical":
        assert all(mine == theirs for mine, theirs in pairs)
    if verdict == "apart":
        assert better
