"""What an assessment keeps with a scenario for the next run: it spares work, and never stands in for another text."""

from __future__ import annotations

import pytest
from storyline import Story, decision, given, occasion, tag

from exercise.catalogue import load_reference
from exercise.core.acts import ActKind
from exercise.core.assess import Assessment, assess
from exercise.core.commitments import Force
from exercise.core.course import follow
from exercise.core.detectors import says, words
from exercise.core.reference import Reference

BREACHED = {"conduct": [tag("bc-26", "breached"), tag("un-c", "neglected")]}


def told() -> Story:
    """One choice against a treaty, and an occasion left alone."""
    watched = occasion("warned-partners", "bc-26", toward=["belcora"])
    return given(decision(a=BREACHED), occasions=(watched,)).alarm().chose("a", 2).ended(48)


def milder() -> Reference:
    """The catalogue, had the Budapest Convention been voluntary and said its Article 26 elsewhere."""
    known = load_reference()
    text = known.instruments["budapest-convention"].model_copy(update={"force": Force.VOLUNTARY})
    moved = known.commitments["bc-26"].model_copy(update={"clause": "Article 99", "title": "Moved"})
    return Reference({**known.instruments, "budapest-convention": text}, {**known.commitments, "bc-26": moved})


def seen(found: Assessment) -> list[tuple[str, str, str]]:
    """Grade and clause of each mark, and the title on the card."""
    titles = {clause.commitment: clause.title for clause in found.scorecards["averne"].clauses}
    return [(mark.grade, mark.clause, titles[mark.commitment]) for mark in found.marks]


def test_two_catalogues_in_turn_are_never_taken_for_each_other() -> None:
    """Protects the clauses of a log's own copy of the catalogue from those of the program that assesses it."""
    story, other = told(), milder()
    apart = [seen(assess(told().scenario, reference, story.entries)) for reference in (load_reference(), other)]

    turns = [
        seen(assess(story.scenario, reference, story.entries))
        for reference in (load_reference(), other, load_reference(), other)
    ]

    assert turns == [*apart, *apart]
    assert apart[0] != apart[1]
    assert ("neglected", "Article 99", "Moved") in apart[1]


def test_a_scenario_with_another_profile_is_assessed_by_that() -> None:
    """Protects a changed scenario from what was worked out for the one it was copied from."""
    story = told()
    assert {mark.commitment for mark in story.assessed().marks} >= {"bc-26", "un-c"}
    teams = tuple(
        team.model_copy(
            update={"profile": tuple(row for row in team.profile if row.instrument != "budapest-convention")}
        )
        for team in story.scenario.teams
    )
    changed = story.scenario.model_copy(update={"teams": teams})

    found = assess(changed, load_reference(), story.entries)

    assert {mark.commitment for mark in found.marks} == {"un-c"}
    (clause,) = [row for row in found.scorecards["averne"].clauses if row.commitment == "bc-26"]
    assert clause.status == "not-applicable"


def test_a_clause_that_one_run_was_marked_under_is_not_on_the_next_runs_card() -> None:
    """Protects the count of what was not tested from what some other run brought up."""
    story = told()
    before = assess(story.scenario, load_reference(), ()).scorecards["averne"]
    own = given(decision(a=BREACHED)).chose(None, 2, nearest="a", basis=("se-p7",))
    brought = assess(story.scenario, load_reference(), own.entries).scorecards["averne"]

    after = assess(story.scenario, load_reference(), ()).scorecards["averne"]

    assert "se-p7" in {clause.commitment for clause in brought.clauses}
    assert after == before and "se-p7" in after.beyond and "se-p7" not in brought.beyond


def test_acts_of_some_kinds_come_in_the_order_of_the_log() -> None:
    """Protects detectors that ask who did what first, of two kinds of act or of one."""
    story = given().did("consult", 1).did("warn", 2).did("contact", 3).did("consult", 4)
    course = follow(story.entries)

    both = course.acts_of("averne", ActKind.CONTACT, ActKind.CONSULT)

    assert [done.act.act for done in both] == ["consult", "contact", "consult"]
    assert [done.act.act for done in course.acts_of("averne", ActKind.WARN)] == ["warn"]
    assert not course.acts_of("averne", ActKind.MISLEAD) and len(course.acts_of("averne")) == 4


@pytest.mark.parametrize("text", ["", "  ", "one", " one two ", "one  two\nthree", "one two three ", "a b c d e f"])
def test_enough_words_are_as_many_as_the_count_says(text: str) -> None:
    """Protects those who wrote enough, and the rule that a tick in a box is none."""
    assert [says(text, least) for least in (1, 3, 5)] == [words(text) >= least for least in (1, 3, 5)]
