"""The scorecard: lowest mark, repair, counts without netting, and what was not tested or does not apply."""

from __future__ import annotations

import json
from typing import Any

import pytest
from storyline import Story, decision, given, occasion, tag

from exercise.core.scorecard import ClauseResult, Counts, Scorecard


def card(story: Story, team: str = "averne") -> Scorecard:
    """A team's card."""
    return story.assessed().scorecards[team]


def clause(story: Story, commitment: str) -> ClauseResult:
    """One clause of Averne's card."""
    (only,) = [result for result in card(story).clauses if result.commitment == commitment]
    return only


def two(first: str, second: str, *, commitment: str = "bc-26", **more: Any) -> Story:
    """Two decisions that put the same commitment, the first answered with one grade and the second with another."""
    return (
        given(
            decision("one", a={"conduct": [tag(commitment, first, knowing=True)]}),
            decision("two", a={"conduct": [tag(commitment, second, knowing=True)], **more}),
        )
        .chose("a", 2, decision="one")
        .chose("a", 4, decision="two")
    )


@pytest.mark.parametrize(
    ("first", "second", "result"),
    [
        ("honoured", "honoured", "honoured"),
        ("honoured", "partly", "partly"),
        ("breached", "honoured", "breached"),
        ("neglected", "partly", "neglected"),
    ],
)
def test_clause_takes_the_lowest_of_its_marks(first: str, second: str, result: str) -> None:
    """Protects from netting within a clause: a good act does not pay for a bad one."""
    found = clause(two(first, second), "bc-26")

    assert (found.grade, found.status, len(found.marks)) == (result, "tested", 2)


def test_clause_is_lifted_one_step_where_the_low_act_was_repaired_later() -> None:
    """Protects those who make good what they did, and says by which entry."""
    story = two("breached", "honoured", repairs=["bc-26"])
    (repair,) = [entry.seq for entry in story.entries if getattr(entry.event, "decision", "") == "two"][1:]

    found = clause(story, "bc-26")

    assert found.grade == "neglected"
    assert found.note == f"lifted one step from breached: repaired later (entry {repair})"


def test_repair_before_the_act_or_of_another_commitment_lifts_nothing() -> None:
    """Protects the order of wrong and repair, and the commitment it is for."""
    other = two("breached", "honoured", repairs=["bc-28"])
    early = given(decision("one", a={"repairs": ["bc-26"]}), decision("two", a={"conduct": [tag("bc-26", "breached")]}))
    early.chose("a", 2, decision="one").chose("a", 4, decision="two")

    assert [clause(story, "bc-26").grade for story in (other, early)] == ["breached", "breached"]


def test_option_does_not_repair_what_it_does_itself() -> None:
    """Protects from wrong and repair in one breath."""
    act = {"act": "repair", "about": "bc-26"}
    story = given(decision(a={"conduct": [tag("bc-26", "breached")], "repairs": ["bc-26"], "acts": [act]})).chose("a")

    assert clause(story, "bc-26").grade == "breached"


def test_act_of_repair_lifts_too_and_only_its_own_team() -> None:
    """Protects repair by an act outside any listed option."""
    story = given(decision(a={"conduct": [tag("bc-26", "neglected")]})).chose("a")

    assert clause(story.did("repair", 5, team="belcora", about="bc-26"), "bc-26").grade == "neglected"
    assert clause(story.did("repair", 6, about="bc-26"), "bc-26").grade == "partly"


def test_one_low_act_repaired_leaves_the_other_low() -> None:
    """Protects the words *that act*: a repair does not reach what came after it."""
    story = two("neglected", "neglected")
    between = given(
        decision("one", a={"conduct": [tag("bc-26", "neglected")]}),
        decision("mend", a={"repairs": ["bc-26"]}),
        decision("two", a={"conduct": [tag("bc-26", "neglected")]}),
    )
    between.chose("a", 2, decision="one").chose("a", 3, decision="mend").chose("a", 4, decision="two")

    assert clause(between, "bc-26").grade == "neglected"
    assert clause(story.did("repair", 6, about="bc-26"), "bc-26").grade == "partly"


def test_note_names_the_repair_of_the_lowest_act() -> None:
    """Protects the trace: of several repairs the card names the one that lifted the result."""
    story = two("neglected", "partly").did("repair", 6, about="bc-26")
    once = given(
        decision("one", a={"conduct": [tag("bc-26", "partly")]}),
        decision("two", a={"conduct": [tag("bc-26", "neglected")]}),
    )
    once.chose("a", 2, decision="one").did("repair", 3, about="bc-26")
    once.chose("a", 4, decision="two").did("repair", 6, about="bc-26")

    assert clause(story, "bc-26").note == f"lifted one step from neglected: repaired later (entry {story.last})"
    assert clause(once, "bc-26").note == f"lifted one step from neglected: repaired later (entry {once.last})"


def test_missed_occasion_can_be_repaired_after_its_time() -> None:
    """Protects those who come late with more than the late act."""
    story = given(occasions=(occasion("public-told", "ba-b5"),)).alarm().did("repair", 5, about="ba-b5").at(11)

    assert clause(story, "ba-b5").grade == "neglected"
    assert clause(story.did("repair", 12, about="ba-b5"), "ba-b5").grade == "partly"


@pytest.mark.parametrize(
    ("grade", "result"), [("breached", "neglected"), ("neglected", "partly"), ("partly", "partly")]
)
def test_repair_never_makes_rights_honoured(grade: str, result: str) -> None:
    """Protects rights on the card as on the mark."""
    story = two(grade, "honoured", commitment="bc-15", repairs=["bc-15"])

    assert clause(story, "bc-15").grade == result


def test_breach_of_rights_lifted_by_reasons_is_not_lifted_again_by_repair() -> None:
    """Protects rights from two lifts that add up: what began as a breach stays at neglected."""
    tags = [tag("bc-16", "honoured"), tag("bc-15", "breached")]
    aside = [{"commitment": "bc-15", "why": "lives were at stake", "limits": "two hours, one server"}]
    story = given(decision(a={"conduct": tags})).chose("a", set_aside=aside)
    story.followed_up("told", 3).followed_up("returned", 4).did("repair", 5, about="bc-15")

    assert (story.grade("bc-15"), clause(story, "bc-15").grade) == ("neglected", "neglected")


def test_voided_mark_leaves_the_figures() -> None:
    """Protects a correction: the clause takes the lowest of what stands, and is not tested where nothing does."""
    story = two("breached", "honoured").voided("averne:bc-26:one:tag1")

    assert (clause(story, "bc-26").grade, len(clause(story, "bc-26").marks)) == ("honoured", 2)
    assert clause(story.voided("averne:bc-26:two:tag1"), "bc-26").status == "not-tested"


def test_what_the_scenario_can_put_and_did_not_is_not_tested() -> None:
    """Protects coverage: tags, lapses, deadlines, occasions and detectors all count as testable here."""
    story = given(
        decision(
            a={"conduct": [tag("se-p9a", "honoured")], "acts": [{"act": "escalate"}, {"act": "refuse"}]},
            b={"coercive": True, "outward": True},
            lapse={"conduct": [tag("se-p7", "neglected")]},
            timely=["se-pre4"],
        ),
        occasions=(occasion("public-told", "ba-b5"),),
    )

    found = card(story)

    assert set(found.untested) == {
        *("se-p9a", "se-p7", "se-pre4", "ba-b5"),
        *("os-o1", "bc-27", "se-p2", "bc-15"),
        *("os-pp3", "os-pp8", "ba-pre3", "se-p1"),
    }
    assert "bc-26" in found.beyond and not set(found.beyond) & set(found.untested)
    assert card(story, "belcora").untested == ()


def test_status_says_why_a_clause_is_not_counted() -> None:
    """Protects the words on the card: not applicable, context, observed, unable."""
    watched = occasion("help-sought", "os-o3a", unable={"released": "alarm"}, lacking="channel")
    tags = [tag(id, "neglected") for id in ("se-p8", "se-pre9", "lv-3.1", "poc-un", "bc-26")]
    story = given(decision(a={"conduct": tags}), occasions=(watched,)).alarm().chose("a").ended(20)

    found = {result.commitment: (result.status, result.grade) for result in card(story).clauses}

    assert found == {
        "se-p8": ("not-applicable", None),
        "se-pre9": ("context", None),
        "lv-3.1": ("observed", "neglected"),
        "poc-un": ("not-applicable", None),
        "bc-26": ("tested", "neglected"),
        "os-o3a": ("unable", None),
    }
    assert clause(story, "os-o3a").note == "unable: it lacked channel"
    assert card(story).counts == Counts(neglected=1)


def test_rows_count_clauses_by_area_and_by_instrument() -> None:
    """Protects the figures: clauses are counted, each once, in its area and in its instrument."""
    tags = [
        tag("se-p9a", "honoured"),
        tag("se-p9b", "partly"),
        tag("bc-15", "breached"),
        tag("bc-29", "neglected"),
        tag("lv-3.1", "breached"),
        tag("poc-un", "honoured"),
        tag("se-pre9", "honoured"),
    ]
    found = card(given(decision(a={"conduct": tags}, b={"conduct": [tag("se-p7", "honoured")]})).chose("a"))

    assert found.counts.text == "1 kept, 1 partly, 1 neglected, 1 breached, of 4 tested"
    assert {row.title: (row.counts.text, row.not_tested, row.observed) for row in found.areas} == {
        "cooperation": ("1 kept, 1 partly, 0 neglected, 0 breached, of 2 tested", 1, 0),
        "mutual legal assistance": ("0 kept, 0 partly, 1 neglected, 0 breached, of 1 tested", 0, 0),
        "rights and safeguards": ("0 kept, 0 partly, 0 neglected, 1 breached, of 1 tested", 0, 0),
        "public–private": ("nothing tested", 0, 1),
    }
    assert sum(row.counts.tested for row in found.instruments) == found.counts.tested
    assert [row.key for row in found.instruments] == [
        "seecp-chisinau-2008",
        "lv-unidir-resilience-2024",
        "budapest-convention",
    ]


def test_own_mapping_is_shown_in_the_figures() -> None:
    """Protects from taking a team's word for an assessment."""
    found = card(given(decision()).chose(None, nearest="a", basis=("se-p9a", "bc-26")))

    assert found.counts.text == "2 kept, 0 partly, 0 neglected, 0 breached, of 2 tested (2 self-proposed)"


def test_teams_have_cards_of_their_own() -> None:
    """Protects one team from another's marks."""
    story = given(
        decision("one", a={"conduct": [tag("bc-26", "honoured")]}),
        decision("two", team="belcora", a={"conduct": [tag("bc-26", "breached")]}),
    )
    story.chose("a", 2, decision="one").chose("a", 3, decision="two")

    assert (card(story).counts, card(story, "belcora").counts) == (Counts(kept=1), Counts(breached=1))


def test_card_has_no_total_and_turns_into_plain_data() -> None:
    """Protects from a league table: the data holds counts, and nothing that adds them up into a score."""
    data = json.loads(json.dumps(card(two("breached", "honoured")).as_data()))

    assert set(data) == {"team", "counts", "areas", "instruments", "clauses", "not_tested", "not_testable_here"}
    assert set(data["counts"]) == {"kept", "partly", "neglected", "breached", "tested", "self_proposed", "text"}
