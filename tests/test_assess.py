"""The assessment: from tags, self-proposals and corrections to marks, with ceilings and the conflict rule."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest
from hypothesis import given as any_of
from hypothesis import strategies as st
from pydantic import TypeAdapter
from storyline import PROFILE, Story, decision, given, occasion, tag

from exercise.catalogue import load_reference
from exercise.core.assess import Assessment, assess
from exercise.core.cast import Team
from exercise.core.commitments import Area, Commitment, Force, Instrument, Profile
from exercise.core.conditions import Condition, holds
from exercise.core.course import follow
from exercise.core.marks import CapacityFinding, Mark
from exercise.core.reference import Reference
from exercise.errors import LogError, ScenarioError

LIMITED = [{"commitment": "se-p9a", "why": "a court must look first", "limits": "twelve hours, card ranges only"}]
TOLD = "We told Belcora and the banks."
BACK = "We lifted it and sent the rest."


def chosen(*tags: dict[str, Any], **more: Any) -> Story:
    """A story in which Averne chose the option with these tags."""
    return given(decision(a={"conduct": tags}), **more).chose("a")


def everything(assessed: Assessment) -> list[Mark | CapacityFinding]:
    """Marks and findings in one row."""
    return [*assessed.marks, *assessed.findings]


# --- tags


def test_tag_of_the_chosen_option_becomes_a_mark() -> None:
    """Protects the least thing: commitment, clause, reason, entry and time are those of the choice."""
    mark = chosen(tag("se-p9a", "honoured")).mark("se-p9a")

    assert mark.id == "averne:se-p9a:cards:tag1"
    assert (mark.instrument, mark.clause) == ("seecp-chisinau-2008", "point 9")
    assert (mark.grade.value, mark.source, mark.occasion) == ("honoured", "tag", "cards")
    assert mark.title == "The cards question: The first way"
    assert (mark.reason, mark.exercise) == ("It leaves se-p9a honoured.", 2 * 3600)


def test_tags_of_options_not_chosen_leave_no_mark() -> None:
    """Protects a team from what it did not do."""
    assert given(decision(a={"conduct": [tag("se-p9a", "breached")]})).chose("b").assessed().marks == ()


def test_tags_of_a_lapse_count() -> None:
    """Protects from silence as a way out."""
    mark = given(decision(lapse={"conduct": [tag("se-p9a", "neglected")]})).lapsed().mark("se-p9a")

    assert (mark.id, mark.grade.value) == ("averne:se-p9a:cards:lapse1", "neglected")


@pytest.mark.parametrize(("known", "grade"), [(True, "neglected"), (False, None)])
def test_tag_counts_only_where_its_condition_held_before_the_choice(known: bool, grade: str | None) -> None:
    """Protects from hindsight: what counts is what the team knew when it chose."""
    story = given(decision(a={"conduct": [tag("se-p9a", "neglected", when={"knows": "list", "team": "averne"})]}))
    if known:
        story.learned(1)
    story.chose("a", 2).learned(3)

    assert story.grade("se-p9a") == grade


def test_tag_cannot_be_met_by_what_the_option_itself_does() -> None:
    """Protects the moment of a condition: just before the choice, not after its acts."""
    tags = [tag("se-p9a", "neglected", when={"did": "warn", "by": "averne"})]

    assert given(decision(a={"conduct": tags, "acts": [{"act": "warn"}]})).chose("a").grade("se-p9a") is None


# --- hidden facts


@pytest.mark.parametrize("condition", [{"fact": "who", "is": "crew"}, {"not": {"fact": "who", "is": "crew"}}])
def test_tag_that_asks_for_a_fact_never_counts(condition: dict[str, Any]) -> None:
    """Protects the first rule of the assessment: marks do not read what was hidden."""
    assert chosen(tag("se-p9a", "neglected", when=condition)).assessed().marks == ()


FACT = {"fact": "who", "is": "crew"}
FACTUAL = (
    decision(
        a={
            "conduct": [
                tag("se-p2", "honoured"),
                tag("se-p9a", "neglected", when={"any": [FACT, {"released": "alarm"}]}),
                tag("se-p9b", "neglected", told=FACT, returned=FACT),
                tag("se-p7", "partly", when={"not": FACT}),
            ]
        },
        b={"conduct": [tag("bc-26", "breached", when=FACT)]},
        lapse={"conduct": [tag("bc-26", "neglected", when={"all": [FACT]})]},
    ),
)
WATCHED = (
    occasion("warned-partners", "se-p9a", opens=FACT),
    occasion("help-sought", "os-o3a", id="second", unable=FACT),
)


@any_of(steps=st.lists(st.sampled_from(["alarm", "a", "b", "free", "lapsed", "warn", "told", "returned"]), max_size=12))
def test_same_log_with_other_facts_gives_the_same_marks(steps: list[str]) -> None:
    """Protects the assessment from luck: whatever was true behind the crisis, the same conduct has the same marks."""
    results = []
    for fact in ("crew", "state"):
        story = given(*FACTUAL, occasions=WATCHED, fact=fact)
        open_ = True
        for hour, step in enumerate(steps, start=1):
            if step == "alarm":
                story.alarm(hour)
            elif step == "warn":
                story.did("warn", hour, toward=("belcora",))
            elif step in ("told", "returned"):
                story.followed_up(step, hour)
            elif open_:
                open_ = False
                aside = [{"commitment": "se-p9b", "why": "for a good reason", "limits": "for two hours only"}]
                if step == "lapsed":
                    story.lapsed(hour)
                elif step == "free":
                    story.chose(None, hour, nearest="a", basis=("se-p9a",), set_aside=aside)
                else:
                    story.chose(step, hour, set_aside=aside)
        results.append([item.as_data() for item in everything(story.ended(30).assessed())])

    assert results[0] == results[1]


CONDITIONS: list[dict[str, Any]] = [
    {"flag": "line-down"},
    {"not": {"flag": "line-down"}},
    {"released": "alarm"},
    {"chose": "cards"},
    {"lapsed": "cards"},
    {"did": "warn", "by": "averne"},
    {"knows": "list", "team": "averne"},
    {"time": {"from": "T+3:00", "until": "T+6:00"}},
    {"indicator": "trust", "at_least": 40},
    {"not": {"time": {"until": "T+5:00"}}},
    FACT,
]


@any_of(
    steps=st.lists(
        st.sampled_from(["alarm", "flag", "cleared", "learned", "warn", "a", "lapsed", "trust"]), max_size=9
    ),
    parts=st.lists(st.sampled_from(CONDITIONS), min_size=1, max_size=3),
    join=st.sampled_from(["all", "any"]),
)
def test_moment_of_a_condition_is_found_as_by_looking_at_every_state(
    steps: list[str], parts: list[dict[str, Any]], join: str
) -> None:
    """Protects the short way of finding when a condition came to hold: it agrees with the long way."""
    condition = TypeAdapter[Condition](Condition).validate_python({join: parts})
    story = given(decision())
    for hour, step in enumerate(steps, start=1):
        tell(story, step, hour)
    agrees(story, condition, facts=FACT in parts)


@pytest.mark.parametrize("condition", CONDITIONS, ids=str)
def test_moment_of_each_condition_is_found(condition: dict[str, Any]) -> None:
    """Protects each kind of condition by itself, in a story where it comes to hold, ends and holds again."""
    for first in ("a", "lapsed"):
        story = given(decision())
        for hour, step in enumerate((first, "trust", "flag", "alarm", "learned", "warn", "cleared"), start=1):
            tell(story, step, hour)
        story.flag(8).indicator(9, 0).indicator(10, 60)
        agrees(story, TypeAdapter[Condition](Condition).validate_python(condition), facts=condition == FACT)


def agrees(story: Story, condition: Condition, *, facts: bool) -> None:
    """Hold the short way against a look at every state."""
    course = follow(story.entries)
    states = course.states[1:]
    answer = next((answer for answer in course.answers), None)

    wanted = next((e for e, s in zip(course.entries, states, strict=True) if holds(condition, s)), None)
    assert course.first_entry(condition) is (None if facts else wanted)
    if answer is not None:
        held, later = False, None
        for entry, state in zip(course.entries[answer.index :], states[answer.index :], strict=True):
            now = holds(condition, state)
            if now and not held and entry.batch != answer.batch:
                later = entry
                break
            held = now
        assert course.became_true_after(condition, answer) is (None if facts else later)


def tell(story: Story, step: str, hour: int) -> None:
    """One step of a story made up at random."""
    if step == "warn":
        story.did("warn", hour)
    elif step == "trust":
        story.indicator(hour, 50)
    elif step in ("a", "lapsed"):
        if not any(answer for answer in follow(story.entries).answers):
            story.chose("a", hour) if step == "a" else story.lapsed(hour)
    else:
        getattr(story, step)(hour)


# --- profile and period


def test_text_outside_the_profile_is_never_marked() -> None:
    """Protects States from texts they have not accepted."""
    assert chosen(tag("se-p9a", "breached", knowing=True), profile=("budapest-convention",)).assessed().marks == ()


@pytest.mark.parametrize(
    ("entry", "on", "marked"),
    [
        ({"instrument": "budapest-convention"}, "2004-06-30T06:00", False),
        ({"instrument": "budapest-convention"}, "2004-07-01T06:00", True),
        ({"instrument": "budapest-convention", "accepted": "2010-05-01"}, "2010-04-30T06:00", False),
        ({"instrument": "budapest-convention", "accepted": "2003-01-01"}, "2003-02-01T06:00", True),
        ({"instrument": "budapest-convention", "withdrawn": "2015-12-31"}, "2015-12-31T06:00", True),
        ({"instrument": "budapest-convention", "withdrawn": "2015-12-31"}, "2016-01-01T06:00", False),
        ({"instrument": "baltic-assembly-res-cybercrime"}, "1999-01-01T06:00", True),
    ],
)
def test_text_counts_only_in_its_period(entry: dict[str, str], on: str, marked: bool) -> None:
    """Protects the dates: the profile's go before the text's, and an empty one bounds nothing."""
    story = chosen(tag("bc-26", "neglected"), tag("ba-b5", "neglected"), profile=(entry,), date=on)

    assert bool(story.assessed().marks) is marked


def test_commitment_with_a_period_of_its_own_keeps_it() -> None:
    """Protects those who accepted the measures of 2013 from those of 2016."""
    accepted = {"instrument": "osce-cbm", "accepted": "2013-12-03"}
    tags = [tag("cbm-3", "neglected"), tag("cbm-16", "neglected")]

    before = chosen(*tags, profile=(accepted,), date="2015-06-01T06:00").assessed().marks
    after = chosen(*tags, profile=(accepted,), date="2016-06-01T06:00").assessed().marks

    assert [mark.commitment for mark in before] == ["cbm-3"]
    assert [mark.commitment for mark in after] == ["cbm-16", "cbm-3"]


def test_standing_says_why_a_commitment_does_not_count() -> None:
    """Protects the words *not applicable*: a text not accepted, a period that has passed, context, an observation."""
    reference, on = load_reference(), date(2025, 1, 14)
    seecp = (Profile(instrument="seecp-chisinau-2008"),)
    lv = (Profile(instrument="lv-unidir-resilience-2024"),)
    watched = (Profile(instrument="osce-cbm", observed_only=True),)

    assert reference.standing(seecp, "se-p7", on) == "applies"
    assert reference.standing(seecp, "bc-15", on) == "outside-profile"
    assert reference.standing(seecp, "se-p8", on) == "outside-period"
    assert reference.standing(seecp, "se-p8", date(2010, 1, 1)) == "context"
    assert reference.standing(lv, "lv-3.1", on) == "observed"
    assert reference.standing(watched, "cbm-3", on) == "observed"


def test_text_left_and_accepted_again_counts_in_both_periods() -> None:
    """Protects a team that came back to a text."""
    twice = (
        Profile(instrument="budapest-convention", accepted=date(2005, 1, 1), withdrawn=date(2009, 1, 1)),
        Profile(instrument="budapest-convention", accepted=date(2015, 1, 1)),
    )

    standings = [load_reference().standing(twice, "bc-26", date(year, 6, 1)) for year in (2006, 2012, 2020)]

    assert standings == ["applies", "outside-period", "applies"]


def test_reference_lists_what_applies_to_a_team() -> None:
    """Protects the profile that a team can look up: what may be marked, observations included, context left out."""
    held = (Profile(instrument="seecp-chisinau-2008"), Profile(instrument="lv-unidir-resilience-2024"))
    team = Team(id="averne", name="Averne", short="Averne", about="", profile=held)

    ids = load_reference().applicable(team, date(2025, 1, 14))

    assert {"se-p7", "lv-3.1"} <= set(ids)
    assert not {"se-p8", "se-pre9", "lv-6.1", "bc-15"} & set(ids)
    assert load_reference().area("se-p7") is Area.COOPERATION


def test_unknown_commitment_is_one_line_for_a_person() -> None:
    """Protects whoever writes a scenario from a traceback."""
    with pytest.raises(ScenarioError, match="commitment 'se-p99' is not in the catalogue"):
        load_reference().force("se-p99")


def one_text(**more: Any) -> Reference:
    """A reference of one instrument with one commitment."""
    written = {"id": "x-1", "instrument": "x", "clause": "1", "title": "X", "says": "X", "test": "T"}
    return Reference(
        {"x": Instrument.model_validate({"id": "x", "title": "X", "short": "X", **more})},
        {"x-1": Commitment.model_validate({**written, "kind": "confidence-building"})},
    )


def test_text_of_unknown_force_is_not_scored() -> None:
    """Protects from scoring what nobody has said to bind."""
    assert one_text().force("x-1") is Force.PRINCIPLE


def test_profile_dates_go_before_the_end_of_a_text() -> None:
    """Protects a team that is deemed to keep a text longer than others did, or leaves it sooner."""
    reference = one_text(in_force_until="2010-12-31", force="treaty")
    longer = (Profile(instrument="x", withdrawn=date(2012, 12, 31)),)
    plain = (Profile(instrument="x"),)

    assert [reference.standing(held, "x-1", date(2011, 6, 1)) for held in (longer, plain)] == [
        "applies",
        "outside-period",
    ]


def test_text_accepted_after_a_time_of_watching_applies() -> None:
    """Protects the step from observing a text to being bound by it."""
    held = (Profile(instrument="x", observed_only=True), Profile(instrument="x", accepted=date(2015, 1, 1)))

    standings = [one_text(force="treaty").standing(held, "x-1", date(year, 6, 1)) for year in (2014, 2016)]

    assert standings == ["observed", "applies"]


# --- ceilings by force

CLAUSES = {
    "treaty": "bc-26",
    "politically-binding": "se-p9a",
    "recommendation": "ba-b1b",
    "internal-act": "in-o2",
    "voluntary": "cbm-8",
}


@pytest.mark.parametrize(
    ("force", "how", "grade"),
    [
        ("treaty", {}, "breached"),
        ("treaty", {"knowing": True}, "breached"),
        ("politically-binding", {}, "neglected"),
        ("politically-binding", {"knowing": True}, "breached"),
        ("politically-binding", {"bad_faith": True}, "breached"),
        ("recommendation", {}, "neglected"),
        ("recommendation", {"knowing": True}, "breached"),
        ("internal-act", {}, "neglected"),
        ("internal-act", {"knowing": True}, "breached"),
        ("voluntary", {}, "neglected"),
        ("voluntary", {"knowing": True}, "neglected"),
        ("voluntary", {"bad_faith": True}, "breached"),
    ],
)
def test_breach_is_bounded_by_force(force: str, how: dict[str, bool], grade: str) -> None:
    """Protects the ceilings: the same act is not the same wrong under every kind of text, and the mark says why."""
    mark = chosen(tag(CLAUSES[force], "breached", **how)).mark(CLAUSES[force])

    assert (mark.grade.value, mark.proposed.value) == (grade, "breached")
    assert bool(mark.adjustments) is (grade != "breached")
    assert all(note.startswith("ceiling: ") for note in mark.adjustments)


@pytest.mark.parametrize("grade", ["honoured", "partly", "neglected"])
@pytest.mark.parametrize("force", CLAUSES)
def test_lower_grades_stand_under_every_force(force: str, grade: str) -> None:
    """Protects grades that no ceiling concerns."""
    mark = chosen(tag(CLAUSES[force], grade)).mark(CLAUSES[force])

    assert (mark.grade.value, mark.adjustments) == (grade, ())


@pytest.mark.parametrize("grade", ["honoured", "partly", "neglected", "breached"])
def test_principle_is_observed_and_never_counts(grade: str) -> None:
    """Protects the texts that hold principles from being taken for undertakings."""
    mark = chosen(tag("lv-3.1", grade, bad_faith=True)).mark("lv-3.1")

    assert (mark.grade.value, mark.observation, mark.counts) == (grade, True, False)
    assert mark.adjustments[0].startswith("observation: ")


def test_text_held_for_observation_is_observed() -> None:
    """Protects a profile that takes a treaty in for observation only."""
    story = chosen(tag("bc-26", "breached"), profile=({"instrument": "budapest-convention", "observed_only": True},))

    assert story.mark("bc-26").observation


# --- two axes


@pytest.mark.parametrize("grade", ["neglected", "breached"])
def test_low_tag_of_a_team_without_means_is_a_capacity_finding(grade: str) -> None:
    """Protects the second axis: unable is a finding about means and no breach."""
    assessed = chosen(tag("bc-26", grade, lacking="people")).assessed()

    assert assessed.marks == ()
    assert [(f.commitment, f.lacking, f.clause) for f in assessed.findings] == [("bc-26", "people", "Article 26")]


def test_conduct_and_means_stand_side_by_side() -> None:
    """Protects merit without means, and a knowing act from hiding behind them."""
    story = chosen(tag("bc-26", "partly", lacking="time"), tag("bc-15", "breached", lacking="law", knowing=True))

    assert [(m.commitment, m.grade.value, m.lacking) for m in story.assessed().marks] == [
        ("bc-15", "breached", "law"),
        ("bc-26", "partly", "time"),
    ]


# --- the conflict rule


def conflict(
    grade: str = "neglected",
    *,
    commitment: str = "se-p9a",
    served: str = "honoured",
    aside: list[dict[str, str]] | None = None,
    told: str | None = TOLD,
    returned: str | None = BACK,
    **more: Any,
) -> Story:
    """Averne serves a treaty article and sets another commitment aside, with all five conditions met by default."""
    tags = [tag("bc-16", served), tag(commitment, grade, **more)]
    named = [{**LIMITED[0], "commitment": commitment}] if aside is None else aside
    story = given(decision(a={"conduct": tags})).chose("a", set_aside=named)
    if told is not None:
        story.followed_up("told", 3, told)
    if returned is not None:
        story.followed_up("returned", 6, returned)
    return story


def test_commitment_set_aside_with_care_rises_one_step() -> None:
    """Protects the honest way through a dilemma, and shows the later entries that earned it."""
    story = conflict()

    mark = story.mark("se-p9a")

    assert (mark.grade.value, mark.proposed.value) == ("partly", "neglected")
    last, told = story.last, story.last - 2
    assert mark.adjustments == (f"raised one step: named, limited, told, came back (entries {told}, {last})",)
    assert {told, last} < set(mark.entries)


@pytest.mark.parametrize(
    ("grade", "risen"), [("partly", "honoured"), ("neglected", "partly"), ("breached", "neglected")]
)
def test_rise_is_one_step(grade: str, risen: str) -> None:
    """Protects the size of the step, at each height."""
    assert conflict(grade, commitment="bc-26").grade("bc-26") == risen


@pytest.mark.parametrize(
    "missing",
    [
        {"aside": []},
        {"aside": [{**LIMITED[0], "commitment": "se-p7"}]},
        {"aside": [{**LIMITED[0], "why": "it was"}]},
        {"aside": [{**LIMITED[0], "limits": "small enough"}]},
        {"told": None},
        {"told": "We told them all."},
        {"returned": None},
        {"returned": "Done."},
        {"served": "partly"},
    ],
    ids=[
        "not named",
        "other named",
        "no why",
        "no limits",
        "not told",
        "told in a word",
        "never back",
        "tick",
        "nothing served",
    ],
)
def test_each_condition_of_the_rise_is_needed(missing: dict[str, Any]) -> None:
    """Protects the rule from gaming: with one condition missing nothing rises."""
    story = conflict(**missing)

    assert story.grade("se-p9a") == "neglected"
    assert story.mark("se-p9a").adjustments == ()


def test_return_in_the_minute_of_the_choice_is_a_tick() -> None:
    """Protects from coming back before having gone."""
    story = given(decision(a={"conduct": [tag("bc-16", "honoured"), tag("se-p9a", "neglected")]}))
    story.chose("a", 2, set_aside=LIMITED).followed_up("told", 2).followed_up("returned", 2)

    assert story.grade("se-p9a") == "neglected"
    assert story.followed_up("returned", 2.1).grade("se-p9a") == "partly"


def test_honoured_commitment_that_does_not_apply_serves_nothing() -> None:
    """Protects the conflict rule: a text outside the profile cannot be what the other gave way to."""
    tags = [tag("bc-16", "honoured"), tag("se-p9a", "neglected")]
    story = given(decision(a={"conduct": tags}), profile=("seecp-chisinau-2008",)).chose("a", set_aside=LIMITED)

    assert story.followed_up("told", 3).followed_up("returned", 6).grade("se-p9a") == "neglected"


def test_observation_is_neither_served_nor_raised() -> None:
    """Protects the rule from principles, which bind nobody."""
    tags = [tag("lv-4.4", "honoured"), tag("se-p9a", "neglected")]
    story = given(decision(a={"conduct": tags})).chose("a", set_aside=LIMITED)

    assert story.followed_up("told", 3).followed_up("returned", 6).grade("se-p9a") == "neglected"


def test_observation_set_aside_stays_what_it_was() -> None:
    """Protects principles from the arithmetic of duties."""
    assert conflict("neglected", commitment="lv-3.1").grade("lv-3.1") == "neglected"


def test_follow_up_to_an_answer_taken_back_does_not_serve_the_next() -> None:
    """Protects the words *later entries*: later than the answer that stands."""
    story = conflict().reopened(7).chose("a", 8, set_aside=LIMITED)

    assert story.followed_up("returned", 9).grade("se-p9a") == "neglected"
    assert story.followed_up("told", 10).grade("se-p9a") == "partly"


def test_later_conduct_can_tell_and_return() -> None:
    """Protects those who act instead of writing: a later act and a later choice meet the two conditions."""
    conditions = {
        "told": {"did": "tell-public", "by": "averne"},
        "returned": {"chose": "review", "option": "a"},
    }
    tags = [tag("bc-16", "honoured"), tag("se-p9a", "neglected", **conditions)]
    story = given(decision(a={"conduct": tags}), decision("review")).chose("a", set_aside=LIMITED)

    assert story.grade("se-p9a") == "neglected"
    assert story.did("tell-public", 3).grade("se-p9a") == "neglected"
    assert story.chose("a", 5, decision="review").grade("se-p9a") == "partly"


def test_what_the_option_itself_does_is_no_later_conduct() -> None:
    """Protects the words *later entries*: what came in the same batch, or held before, does not tell or return."""
    done = {"did": "tell-public", "by": "averne"}
    tags = [tag("bc-16", "honoured"), tag("se-p9a", "neglected", told=done, returned=done)]
    story = given(decision(a={"conduct": tags, "acts": [{"act": "tell-public"}]})).chose("a", set_aside=LIMITED)

    assert story.at(9).did("tell-public", 10).grade("se-p9a") == "neglected"


@pytest.mark.parametrize(
    ("grade", "knowing", "risen"),
    [
        ("partly", False, "partly"),
        ("neglected", False, "partly"),
        ("breached", True, "neglected"),
        ("breached", False, "neglected"),
    ],
)
@pytest.mark.parametrize("commitment", ["bc-15", "se-p2"])
def test_breach_of_rights_never_becomes_honoured(commitment: str, grade: str, knowing: bool, risen: str) -> None:
    """Protects rights: reasons lift neglected to partly, a breach to neglected, and nothing to honoured."""
    assert conflict(grade, commitment=commitment, knowing=knowing).grade(commitment) == risen


# --- free options


def test_own_proposal_is_marked_by_its_own_mapping_only() -> None:
    """Protects the free option: tags of the nearest option are not the team's, and its own mapping says so."""
    story = given(decision(a={"conduct": [tag("se-p7", "breached", knowing=True)]}))
    story.chose(
        None, nearest="a", free_text="We do it otherwise.", basis=("se-p2", "nonsense", "poc-un"), set_aside=LIMITED
    )

    marks = {mark.commitment: mark for mark in story.assessed().marks}

    assert {id: mark.grade.value for id, mark in marks.items()} == {"se-p2": "honoured", "se-p9a": "neglected"}
    assert all(mark.self_proposed and mark.source == "self-proposed" for mark in marks.values())
    assert marks["se-p2"].title == "The cards question: the team's own proposal"


def test_what_is_set_aside_is_not_served_as_well() -> None:
    """Protects from claiming both."""
    story = given(decision()).chose(None, nearest="a", basis=("se-p9a", "se-p7"), set_aside=LIMITED)

    assert story.grade("se-p9a") == "neglected"
    assert story.followed_up("told", 3).followed_up("returned", 6).grade("se-p9a") == "partly"


def test_power_used_by_an_own_proposal_is_still_judged_by_its_safeguards() -> None:
    """Protects rights from a way round: the nearest option's power is what the team uses."""
    story = given(decision(a={"coercive": True})).chose(None, nearest="a")

    assert story.grade("bc-15", source="safeguards-stated") == "neglected"


# --- corrections


def test_reopened_decision_drops_the_marks_of_the_earlier_answer() -> None:
    """Protects a correction: only the last answer counts, under ids of its own."""
    escalate = [{"act": "escalate", "toward": ["belcora"]}, {"act": "tell-public"}]
    story = given(
        decision(
            a={"conduct": [tag("bc-26", "breached")], "acts": escalate}, b={"conduct": [tag("bc-26", "honoured")]}
        ),
        occasions=(occasion("public-told", "ba-b5"),),
    )
    story.alarm().chose("a").reopened(3)

    assert story.assessed().marks == ()
    mark = story.chose("b", 4).mark("bc-26")
    assert (mark.id, mark.grade.value) == ("averne:bc-26:cards#2:tag1", "honoured")
    assert (story.grade("os-o1"), story.ended(12).grade("ba-b5")) == (None, "neglected")


def test_voided_mark_is_shown_and_does_not_count() -> None:
    """Protects a correction: nothing is deleted, and a voided good mark no longer lets another rise."""
    story = conflict().voided("averne:bc-16:cards:tag1")

    assert (story.mark("bc-16").voided, story.mark("bc-16").counts) == (True, False)
    assert story.grade("se-p9a") == "neglected"


# --- every mark


def long_story() -> Story:
    """A story with a mark of nearly every kind."""
    tags = [tag("bc-16", "honoured"), tag("se-p9a", "neglected"), tag("lv-3.1", "partly"), tag("cbm-8", "breached")]
    acts = [{"act": "escalate", "toward": ["belcora"]}, {"act": "refuse", "toward": ["belcora"]}]
    story = given(
        decision(a={"conduct": tags, "acts": acts, "coercive": True, "outward": True}, timely=["se-pre4"]),
        decision("own", timely=["se-pre4"]),
        decision("missed", lapse={"conduct": [tag("se-p7", "neglected", lacking="tools")]}),
        occasions=(
            occasion("warned-partners", "se-p9b", toward=("belcora",)),
            occasion("kept-condition", "bc-28", id="list", about="list"),
            occasion("help-sought", "os-o3a", id="help", unable={"released": "alarm"}, lacking="channel"),
        ),
    )
    story.alarm().learned(1.5).chose("a", set_aside=LIMITED).chose(
        None, 3, decision="own", nearest="b", basis=("un-g",)
    )
    return story.lapsed(4, decision="missed").followed_up("told", 5).followed_up("returned", 6).ended(20)


def test_every_mark_traces_to_a_clause_a_reason_and_entries_of_the_log() -> None:
    """Protects the promise of the whole program, at the end and at every moment of a replay."""
    story = long_story()
    entries = story.entries
    reference = load_reference()

    for end in range(len(entries) + 1):
        assessed = assess(story.scenario, reference, entries[:end])
        ids = [item.id for item in everything(assessed)]
        assert len(set(ids)) == len(ids)
        for item in everything(assessed):
            assert item.clause and item.title and item.reason.endswith(".")
            assert item.entries and set(item.entries) <= {entry.seq for entry in entries[:end]}
            assert list(item.entries) == sorted(set(item.entries))
            assert reference.commitment(item.commitment).instrument == item.instrument
    assert {mark.source for mark in assessed.marks} >= {"tag", "self-proposed", "answered-in-time", "consulted-first"}
    assert assessed.findings


def test_same_log_gives_the_same_marks() -> None:
    """Protects determinism: ids, order and words do not depend on the run."""
    first, second = (long_story().assessed() for _ in range(2))

    assert [mark.as_data() for mark in first.marks] == [mark.as_data() for mark in second.marks]


def test_marks_survive_json() -> None:
    """Protects the marks proposed in a log: they come back equal from plain JSON."""
    assessed = long_story().assessed()

    for mark in assessed.marks:
        assert Mark.from_data(json.loads(json.dumps(mark.as_data()))) == mark
    for finding in assessed.findings:
        assert CapacityFinding.from_data(json.loads(json.dumps(finding.as_data()))) == finding


@pytest.mark.parametrize(
    ("change", "words"),
    [({"grade": "excellent"}, "look at grade"), ({"entries": []}, "names no entry"), ({"entries": ["x"]}, "entries.0")],
)
def test_mark_that_was_tampered_with_is_one_line_for_a_person(change: dict[str, Any], words: str) -> None:
    """Protects whoever opens a changed log from a traceback."""
    data = {**chosen(tag("bc-26", "honoured")).mark("bc-26").as_data(), **change}

    with pytest.raises(LogError, match=words):
        Mark.from_data(data)


def test_empty_log_has_no_marks() -> None:
    """Protects the first moment of a replay."""
    story = given(decision())

    assert assess(story.scenario, load_reference(), ()).marks == ()


def test_profile_of_the_tests_holds_every_force() -> None:
    """Protects these tests from testing less than they say."""
    reference = load_reference()

    assert {reference.instruments[id].force for id in PROFILE} == set(Force)
