"""Exploring a scenario: exact where it says so, the same for any number of processes, and each answer is tried."""

from __future__ import annotations

import json
from collections import Counter
from itertools import product
from typing import Any

import given as small
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from exercise.analysis import things
from exercise.analysis.aiming import Aim
from exercise.analysis.counting import add
from exercise.analysis.course import Course, start
from exercise.analysis.exhaustive import Exhaustive, TooMany, infeasible
from exercise.analysis.explore import explore
from exercise.analysis.explored import Explored, Figures
from exercise.analysis.plan import Plan, assignments
from exercise.analysis.story import Reader
from exercise.authoring.library import load_scenario
from exercise.catalogue import load_reference
from exercise.core.commands import ChooseResponse
from exercise.core.decide import available_options
from exercise.core.scenario import Scenario
from exercise.session.autoplay import play_on

REFERENCE = load_reference()
TAGS = ("se-p7", "se-p9a", "ba-b1b")
PROFILE = [{"instrument": "seecp-chisinau-2008"}]

# --- small made scenarios ---

flags = st.sampled_from(["told", "alarm"])
facts = st.sampled_from([{"fact": "source", "is": "crew"}, {"fact": "source", "is": "insider"}])


def conditions(earlier: list[str], *, hidden: bool = True) -> st.SearchStrategy[dict[str, Any]]:
    """Conditions on flags, numbers, times, facts and what was decided before."""
    simple = [
        st.builds(lambda flag: {"flag": flag}, flags),
        st.builds(lambda flag: {"not": {"flag": flag}}, flags),
        st.sampled_from([{"indicator": "trust", "at_least": 55}, {"indicator": "trust", "below": 50}]),
        st.just({"time": {"from": "T+1:00"}}),
    ]
    if hidden:
        simple.append(facts)
    if earlier:
        decided = st.sampled_from(earlier)
        simple += [
            st.builds(lambda d: {"chose": d, "option": "a"}, decided),
            st.builds(lambda d: {"lapsed": d}, decided),
            st.builds(lambda d: {"did": "warn", "by": "averne"}, decided),
        ]
    one = st.one_of(simple)
    return st.one_of(one, st.builds(lambda a, b: {"all": [a, b]}, one, one), st.builds(lambda a: {"any": [a]}, one))


effects = st.lists(
    st.one_of(
        st.builds(lambda by: {"indicator": "trust", "by": by}, st.sampled_from([-30, -10, 10, 60])),
        st.builds(lambda flag: {"flag": flag}, flags),
        st.builds(lambda flag: {"clear": flag}, flags),
        st.just({"learn": "sample", "team": "belmark"}),
    ),
    max_size=2,
)


@st.composite
def answers(draw: st.DrawFn, earlier: list[str]) -> dict[str, Any]:
    """What an option or a lapse brings about."""
    row: dict[str, Any] = {"effects": draw(effects)}
    if draw(st.booleans()):
        row["conduct"] = [
            {
                "commitment": draw(st.sampled_from(TAGS)),
                "grade": draw(st.sampled_from(["honoured", "partly", "neglected"])),
                "because": "Said so in the test.",
                "when": draw(st.none() | conditions(earlier, hidden=False)),
            }
        ]
    if draw(st.integers(0, 2)) == 2:
        row["acts"] = [{"act": draw(st.sampled_from(["warn", "share", "warn", "escalate"])), "toward": ["belmark"]}]
    if draw(st.booleans()):
        row["consequences"] = [
            {
                "after": draw(st.sampled_from(["0m", "30m", "5h", "9h"])),
                "when": draw(st.none() | conditions(earlier)),
                "text": draw(st.sampled_from(["", "It came to this."])),
                "effects": draw(effects),
            }
        ]
    return row


@st.composite
def scenarios(draw: st.DrawFn) -> Scenario:
    """Two teams, two to four decisions, and injects that wait for something."""
    rows: list[dict[str, Any]] = []
    names: list[str] = []
    for number in range(draw(st.integers(2, 4))):
        name = f"d{number}"
        options = []
        for letter in "abc"[: draw(st.sampled_from([2, 2, 2, 3]))]:
            option = small.option(letter, **draw(answers(names)))
            if draw(st.integers(0, 3)) == 3:
                option["available"] = draw(conditions(names))
            if draw(st.integers(0, 9)) == 9:
                option["repairs"] = [TAGS[0]]
            if draw(st.integers(0, 14)) == 14:
                option["coercive"] = True
            options.append(option)
        when: dict[str, Any] = {"at": draw(st.sampled_from(["T+0:00", "T+1:00", "T+10:30"]))}
        if bool(names) and draw(st.booleans()):
            when = {"when": draw(conditions(names))}
        row = small.decision(name, *options, lapse=draw(answers(names)), **when)
        row |= {
            "window": draw(st.sampled_from(["4m", "10m", "30m"])),
            "team": draw(st.sampled_from(["averne", "belmark"])),
        }
        rows.append(row)
        names.append(name)
    waiting = [
        small.inject(f"i{number}", when=draw(conditions(names)), effects=draw(effects))
        for number in range(draw(st.integers(0, 2)))
    ]
    occasions = [
        {
            "id": "watch",
            "detector": "warned-partners",
            "team": "averne",
            "opens": draw(conditions(names, hidden=False)),
            "until": "T+3:00",
            "toward": ["belmark"],
            "commitments": [TAGS[1]],
        }
    ]
    more: dict[str, Any] = {"occasions": occasions if draw(st.integers(0, 3)) == 3 else []}
    scenario = small.scenario(small.inject("call"), *waiting, *rows, **more)
    teams = [team.model_dump() | {"profile": PROFILE} for team in scenario.teams]
    return Scenario.model_validate(scenario.model_dump(by_alias=True) | {"teams": teams})


# --- the same by brute force ---


class BruteForce:
    """Each course of a scenario walked by itself, from the start, with nothing shared but the rules."""

    def __init__(self, scenario: Scenario) -> None:
        self.scenario = scenario
        self.figures = Figures()
        self.distinct = 0
        self.worded = True
        self.reader = Reader(scenario, REFERENCE)
        self.walk = Exhaustive(scenario, REFERENCE, 0)

    def explore(self) -> BruteForce:
        """Walks all courses."""
        coercive = any(o.coercive or o.outward for d in self.scenario.decisions for o in d.options)
        for self.worded in (True, False) if coercive else (True,):
            for row in product(*([value.value for value in fact.values] for fact in self.scenario.facts)):
                facts_are = dict(zip((fact.id for fact in self.scenario.facts), row, strict=True))
                self._from(start(self.scenario, facts_are), frozenset())
        return self

    def _from(self, course: Course, passed: frozenset[things.Thing]) -> None:
        while True:
            for id, put in course.state.decisions.items():
                decision = self.scenario.decisions_by_id[id]
                if put.status != "open" or course.state.clock.phase != "move":
                    continue
                new = [
                    o.id for o in available_options(decision, course.state) if things.offered(id, o.id) not in passed
                ]
                if new:
                    for option in new:
                        branch = course.copy()
                        branch.submit(self._answer(branch, id, option))
                        self._from(branch, passed)
                    passed |= {things.offered(id, option) for option in new}
                    return self._from(course, passed)
            if not play_on(self.scenario, lambda: course.state, course.submit):
                self.distinct += self.worded
                return add(self.figures, self.reader.read(course), ())

    def _answer(self, course: Course, id: str, option: str) -> ChooseResponse:
        self.walk._worded = self.worded
        return self.walk._answer(self.scenario.decisions_by_id[id], option, course)


def nonzero(counters: dict[Any, Counter[Any]]) -> dict[Any, dict[Any, int]]:
    """Counters without what was counted nowhere."""
    return {key: dict(+counter) for key, counter in counters.items() if +counter}


@settings(max_examples=8, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(scenarios())
def test_exhaustive_figures_are_those_of_every_course_walked_by_itself(scenario: Scenario) -> None:
    """Protects "exact": whatever is merged on the way, every figure is as if each course had been walked alone."""
    try:
        figures, distinct = Exhaustive(scenario, REFERENCE, 120).explore()
    except TooMany:
        return
    brute = BruteForce(scenario).explore()
    theirs = brute.figures
    assert (distinct, figures.courses) == (brute.distinct, theirs.courses)
    assert +figures.came == +theirs.came
    assert +figures.edges == +theirs.edges
    assert +figures.moves == +theirs.moves
    assert figures.ends.courses == theirs.ends.courses
    assert +figures.ends.counted == +theirs.ends.counted
    for mine, other in (
        (figures.lowest, theirs.lowest),
        (figures.highest, theirs.highest),
        (figures.load, theirs.load),
        (figures.waits, theirs.waits),
    ):
        assert nonzero(mine) == nonzero(other)
    assert figures.followed.keys() == theirs.followed.keys()
    for answer, followed in figures.followed.items():
        other_followed = theirs.followed[answer]
        assert +followed.at_once == +other_followed.at_once
        assert +followed.later == +other_followed.later
        assert followed.ends.courses == other_followed.ends.courses
        assert +followed.ends.counted == +other_followed.ends.counted


# --- made by hand ---


def kept(**more: Any) -> Scenario:
    """Two decisions: the first brings a flag or not, the second has an option for those who have it."""
    first = small.decision(
        "first",
        small.option("raise", effects=[{"flag": "alarm"}], consequences=[{"after": "30m", "text": "It rings."}]),
        small.option("wait"),
    )
    second = small.decision(
        "second",
        small.option("act", available={"flag": "alarm"}, effects=[{"indicator": "trust", "by": 10}]),
        small.option("look", effects=[{"indicator": "trust", "by": -70}]),
        small.option("rest"),
        team="belmark",
        at="T+1:00",
    )
    dead = small.inject("dead", when={"all": [{"flag": "told"}, {"flag": "alarm"}]})
    rings = small.inject("rings", when={"all": [{"flag": "alarm"}, {"fact": "source", "is": "insider"}]})
    return small.scenario(small.inject("call"), dead, rings, first, second, **more)


@pytest.fixture(scope="module")
def walked() -> Explored:
    """The two decisions, explored."""
    return explore(kept(), REFERENCE, runs=20)


def test_small_scenario_is_counted_by_hand(walked: Explored) -> None:
    """Protects what "distinct courses", "came" and the ranges mean, by figures that anyone can work out."""
    came = walked.figures.came
    # Two facts; after raising the alarm three options and the lapse, after waiting or letting it lapse one less.
    assert (walked.exact, walked.distinct, walked.courses) == (True, 20, 20)
    assert came[things.option("first", "raise")] == 8
    assert came[things.offered("second", "act")] == 8
    assert came[things.option("second", "act")] == 2
    assert came[things.inject("rings")] == 4
    assert walked.never == (things.inject("dead"), things.flag("told"))
    assert walked.range_of("trust") == (0, 60)
    assert walked.ends_at("trust").middle == 50
    assert walked.figures.edges[things.option("first", "raise"), things.inject("rings")] == 4
    assert walked.figures.followed["first", "wait"].later[things.option("second", "look")] == 2


def test_bounds_are_said_in_words(walked: Explored) -> None:
    """Protects the reader of an exhaustive exploration from taking it for more than it is."""
    said = " ".join((walked.bounds.why, *walked.bounds.varied, *walked.bounds.fixed))
    for word in ("facts", "lapse", "no team sends a request", "soon as it is offered"):
        assert word in said


def test_more_states_than_allowed_are_sampled_instead() -> None:
    """Protects against a walk without end: past the bound it is sampled, and says so."""
    explored = explore(kept(), REFERENCE, runs=12, most_states=3)
    assert not explored.exact
    assert "more than 3 states" in explored.bounds.why
    # Nobody can raise the flag, so nothing was aimed at what waits for it.
    assert explored.figures.hopeless == {things.inject("dead"), things.flag("told")}
    assert set(explored.never) == explored.figures.hopeless


def test_answers_beside_each_other_differ_by_the_answer_alone() -> None:
    """Protects the pairs: what differs comes from the answer, and two answers without effect differ in nothing."""
    beside = explore(kept(), REFERENCE, runs=12, most_states=3).figures.beside
    same = beside["second", "act", "rest"]
    assert (same.pairs, same.same) == (1, 1)
    assert set(same.indicators["trust"]) == {-10}
    parted = beside["first", "raise", "wait"]
    assert parted.same == 0
    assert parted.only_first[things.consequence("first", "raise", 0)] == 1


# --- the library ---


@pytest.fixture(scope="module")
def first_light() -> Explored:
    """First Light in a short form."""
    return explore(load_scenario("first-light"), REFERENCE, runs=24)


def test_every_answer_of_first_light_is_given(first_light: Explored) -> None:
    """Protects the plan: what a team can answer, it does answer, lapses included, in few playthroughs."""
    assert not first_light.exact
    assert [thing for thing in first_light.never if things.kind_of(thing) in ("option", "offered", "inject")] == []
    scenario = load_scenario("first-light")
    for decision in scenario.decisions:
        answers = [name for name, _ in things.answers_of(decision)]
        assert min(first_light.aimed(things.option(decision.id, answer)) for answer in answers) >= 4
    # No decision is left without two of its answers played on from one moment.
    assert {id for id, _, _ in first_light.figures.beside} == set(scenario.decisions_by_id)


def test_requests_come_to_outcomes_and_replies(first_light: Explored) -> None:
    """Protects the correspondence: matters are raised, desks reply, and what comes of it is seen."""
    seen = Counter(things.kind_of(thing) for thing in first_light.figures.came)
    assert min(seen[kind] for kind in ("request", "outcome", "reply", "evidence")) > 0


def test_load_and_policies_are_told(first_light: Explored) -> None:
    """Protects what facilitators plan by: load over time for each team, and how each policy fares."""
    words, received = first_light.load("elvast", "words"), first_light.load("elvast", "received")
    assert words[0].lowest > 50
    assert len(words) == len(received) == 5
    assert max(spread.highest for spread in received) > 0
    assert {policy for policy, _ in first_light.figures.policies} == {
        "cooperative",
        "self-interested",
        "random",
        "silent",
    }
    assert first_light.figures.companies["silent"].counts("elvast")["kept"] == 0


def test_exploration_is_plain_data(first_light: Explored) -> None:
    """Protects `--json`: all of it is plain JSON, and says how it was come by."""
    data = json.loads(json.dumps(first_light.as_data(["elvast", "dunmere"])))
    assert data["bounds"]["method"] == "sampled"
    assert data["things"]["inject:" + load_scenario("first-light").injects[0].id]["courses"] == data["courses"]


def test_any_number_of_processes_comes_to_the_same(first_light: Explored) -> None:
    """Protects the figures: they hang on scenario, seed and runs, not on who works out what, nor when."""
    again = explore(load_scenario("first-light"), REFERENCE, runs=24, jobs=2)
    assert again == first_light


def test_facts_are_laid_out_in_pairs_early() -> None:
    """Protects facts that matter only together: every pair of values comes before any row of values comes twice."""
    scenario = load_scenario("cold-line")
    rows = list(assignments(scenario, 1))
    assert len({tuple(row.values()) for row in rows}) == len(rows) == 48
    pairs = {(a, row[a], b, row[b]) for row in rows for a in row for b in row if a < b}
    early = {(a, row[a], b, row[b]) for row in rows[:12] for a in row for b in row if a < b}
    assert early == pairs


def test_plan_tells_each_answer_as_often() -> None:
    """Protects the steering: over a few playthroughs on end, each answer of a decision is told once."""
    plan = Plan(load_scenario("first-light"), 1)
    told = [run.told for run in plan.base(60)[20:]]
    for id, answers in plan._answers.items():
        counts = Counter(row[id] for row in told)
        assert set(counts) == set(answers)
        assert max(counts.values()) - min(counts.values()) <= 2


@pytest.mark.parametrize("name", ["first-light", "card-storm"])
def test_there_is_a_way_to_everything(name: str) -> None:
    """Protects the reading backwards: it finds some way to all that the library's scenarios say may come."""
    scenario = load_scenario(name)
    aim = Aim(scenario)
    assert [thing for thing in things.things_of(scenario) if not aim.ways(thing)] == []


def test_scenario_with_requests_is_never_called_exhausted() -> None:
    """Protects the word "exhaustive": what may be asked cannot be walked through."""
    assert "requests" in infeasible(load_scenario("first-light"))
    assert infeasible(kept()) == ""
