"""The states that a rehearsal keeps: they spare an assessment folding the log again, and change nothing in it."""

from __future__ import annotations

from exercise.authoring.library import load_scenario
from exercise.catalogue import load_reference
from exercise.cli.seating import bots_of, roster
from exercise.core.assess import assess
from exercise.core.course import follow
from exercise.session.autoplay import Rehearsal, run
from exercise.session.facts import draw_facts


def _played() -> Rehearsal:
    scenario = load_scenario("first-light")
    bots = bots_of(scenario, load_reference(), roster(scenario, (), ("cooperative",), "cooperative"), 1, {})
    return run(scenario, draw_facts(scenario, 1), bots)


def test_kept_states_give_the_assessment_that_the_log_gives() -> None:
    """Protects the figures of `simulate`: marks, findings and cards are those of whoever has only the log."""
    played, reference = _played(), load_reference()
    quick = assess(played.scenario, reference, played.entries, played.states)
    slow = assess(played.scenario, reference, played.entries)
    assert quick.marks
    assert (quick.marks, quick.findings, quick.repairs) == (slow.marks, slow.findings, slow.repairs)
    assert quick.scorecards == slow.scorecards
    assert played.states[-1] == played.state


def test_no_hidden_fact_is_in_a_state_that_an_assessment_reads() -> None:
    """Protects the rule that marks never read facts: also states that were kept with facts are read without them."""
    played = _played()
    assert played.state.facts
    course = follow(played.entries, played.states)
    assert not any(course.state(index).facts for index in range(len(played.states)))
