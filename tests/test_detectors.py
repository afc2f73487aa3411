"""Detectors: each seen to honour, to fall short, and to stay silent where its conduct was not put to the test."""

from __future__ import annotations

from typing import Any, get_args

import pytest
from storyline import FIVE, Story, decision, given, occasion

from exercise.catalogue import load_reference
from exercise.core.detectors import BASIS_ROWS, CONSULTED, REASONED, SAFEGUARDED
from exercise.core.occasions import OCCASION_DETECTORS, OCCASION_TITLES
from exercise.core.script import Occasion

REASON = "The losses go on while we wait."


def watching(detector: str, *commitments: str, **more: Any) -> Story:
    """A story in which the alarm has opened one occasion."""
    return given(occasions=(occasion(detector, *commitments, **more),)).alarm()


def test_every_detector_an_author_may_name_exists_and_has_a_title() -> None:
    """Protects authors: the scenario format offers no detector that the assessment does not know."""
    offered = set(get_args(Occasion.model_fields["detector"].annotation))

    assert offered == set(OCCASION_DETECTORS) == set(OCCASION_TITLES)


def test_tables_name_commitments_of_the_catalogue() -> None:
    """Protects the tables from a misspelt id, which would silently mark nothing."""
    named = {*SAFEGUARDED, *CONSULTED, *REASONED, *(row.commitment for row in BASIS_ROWS), "ba-b3c"}
    texts = {row.instrument for row in BASIS_ROWS if row.instrument}

    assert named <= set(load_reference().commitments)
    assert texts <= set(load_reference().instruments)


# --- answered-in-time


def test_answer_by_the_deadline_is_in_time() -> None:
    """Protects timeliness by the story's clock: the very minute of the deadline still counts."""
    story = given(decision(timely=["se-pre4"], deadline="T+4:00")).chose("a", 4)

    assert story.grade("se-pre4", source="answered-in-time") == "honoured"


def test_answer_after_the_deadline_is_partly() -> None:
    """Protects the difference between a late answer and none."""
    story = given(decision(timely=["se-pre4"], deadline="T+4:00")).chose("a", 4.5)

    assert story.grade("se-pre4") == "partly"


def test_lapse_is_neglected_with_or_without_a_deadline() -> None:
    """Protects timeliness where nobody answers."""
    assert given(decision(timely=["se-pre4"], deadline="T+9:00")).lapsed(4).grade("se-pre4") == "neglected"
    assert given(decision(timely=["se-pre4"])).lapsed(4).grade("se-pre4") == "neglected"


def test_answer_within_the_window_is_in_time_where_there_is_no_deadline() -> None:
    """Protects teams from a deadline that they were never shown."""
    assert given(decision(timely=["se-pre4"])).chose("a", 30).grade("se-pre4") == "honoured"


def test_decision_that_was_never_put_is_not_tested_for_time() -> None:
    """Protects from marking what the run did not put."""
    assert given(decision(timely=["se-pre4"])).ended(40).grade("se-pre4") is None


# --- safeguards-stated


@pytest.mark.parametrize(
    ("stated", "grade"), [(5, "honoured"), (4, "partly"), (3, "partly"), (2, "neglected"), (0, "neglected")]
)
def test_coercive_measure_is_judged_by_its_five_safeguards(stated: int, grade: str) -> None:
    """Protects the five-point test, under both texts that hedge a power."""
    story = given(decision(a={"coercive": True})).chose("a", safeguards=dict(list(FIVE.items())[:stated]))

    assert story.grade("se-p2", source="safeguards-stated") == grade
    assert story.grade("bc-15", source="safeguards-stated") == grade


def test_word_in_a_box_is_no_safeguard() -> None:
    """Protects from gaming: fewer than three words state nothing."""
    story = given(decision(a={"coercive": True})).chose("a", safeguards={point: "yes, done" for point in FIVE})

    assert story.grade("bc-15") == "neglected"


@pytest.mark.parametrize("where", ["earlier", "in the choice", "later"])
def test_check_sought_before_gives_the_authority(where: str) -> None:
    """Protects the independent check: sought before or with the measure it counts, afterwards it does not."""
    without = {point: text for point, text in FIVE.items() if point != "authority"}
    acts = [{"act": "seek-check"}] if where == "in the choice" else []
    story = given(decision(a={"coercive": True, "acts": acts}))
    if where == "earlier":
        story.did("seek-check", 1.5)
    story.chose("a", safeguards=without)
    if where == "later":
        story.did("seek-check", 3)

    mark = story.mark("bc-15", source="safeguards-stated")

    assert mark.grade == ("partly" if where == "later" else "honoured")
    assert len(mark.entries) == (1 if where == "later" else 2)
    assert ("missing: authority" in mark.reason) is (where == "later")


def test_check_sought_by_another_team_gives_no_authority() -> None:
    """Protects the borders between teams."""
    without = {point: text for point, text in FIVE.items() if point != "authority"}
    story = given(decision(a={"coercive": True})).did("seek-check", 1.5, team="belcora").chose("a", safeguards=without)

    assert story.grade("bc-15") == "partly"


def test_measure_without_force_is_not_tested_for_safeguards() -> None:
    """Protects ordinary choices from a test meant for powers."""
    assert given(decision(a={"coercive": True})).chose("b").grade("bc-15") is None


# --- basis-stated


def test_stated_basis_is_honoured_where_a_clause_asks_for_one() -> None:
    """Protects the table: a norm named serves the clauses on law and on norms, and leaves the Convention's alone."""
    story = given(decision(a={"outward": True})).chose("a", basis=("un-g",), reason=REASON)

    assert {m.commitment: m.grade.value for m in story.assessed().marks} == {
        "os-pp3": "honoured",
        "os-pp8": "honoured",
        "se-p1": "honoured",
        "lv-4.1": "honoured",
    }


def test_article_named_serves_the_convention_as_base() -> None:
    """Protects the row on the Convention: an article is named, not the treaty as a whole."""
    article = given(decision(a={"outward": True})).chose("a", basis=("bc-29",), reason=REASON)
    whole = given(decision(a={"outward": True})).chose("a", basis=("budapest-convention",), reason=REASON)

    assert (article.grade("ba-pre3"), article.grade("os-pp8")) == ("honoured", None)
    assert (whole.grade("ba-pre3"), whole.grade("os-pp3")) == (None, "honoured")


@pytest.mark.parametrize(
    ("basis", "reason"),
    [((), REASON), (("un-g",), "We must act"), (("lv-4.2",), REASON), (("no-such",), REASON), (("poc-un",), REASON)],
)
def test_basis_unsaid_is_neglected(basis: tuple[str, ...], reason: str) -> None:
    """Protects from a basis without a reason, a principle taken for law, and texts outside the profile."""
    story = given(decision(a={"outward": True})).chose("a", basis=basis, reason=reason)

    grades = {m.commitment: m.grade.value for m in story.assessed().marks}

    assert grades == dict.fromkeys(("os-pp3", "ba-pre3", "se-p1", "lv-4.1", "lv-4.2"), "neglected")


def test_legal_advice_before_the_measure_serves_the_principle() -> None:
    """Protects the one row that asks for advice and not for a text."""
    story = given(decision(a={"outward": True})).did("seek-check", 1.5).chose("a", basis=("un-g",), reason=REASON)

    assert story.grade("lv-4.2") == "honoured"


def test_measure_at_home_is_not_tested_for_its_basis() -> None:
    """Protects ordinary choices from a test meant for measures with effects abroad."""
    assert given(decision(a={"outward": True})).chose("b", basis=(), reason="").assessed().marks == ()


# --- consulted-first

ESCALATE = {"act": "escalate", "toward": ["belcora"]}


@pytest.mark.parametrize(
    ("act", "more", "grade"),
    [
        ("consult", {"toward": ["belcora"]}, "honoured"),
        ("contact", {"toward": ["belcora"], "level": "political"}, "honoured"),
        ("contact", {"toward": ["belcora"], "level": "technical"}, "neglected"),
        ("consult", {"toward": ["cadria"]}, "neglected"),
        ("consult", {}, "neglected"),
    ],
)
def test_escalating_step_asks_for_a_consultation_with_the_same_party(
    act: str, more: dict[str, Any], grade: str
) -> None:
    """Protects the core of de-escalation: to have talked to somebody else does not count."""
    story = given(decision(a={"acts": [ESCALATE]})).did(act, 1.5, **more).chose("a")

    assert story.grade("os-o1", source="consulted-first") == grade


def test_consultation_in_the_same_choice_counts_and_a_later_one_does_not() -> None:
    """Protects the order of the two acts, with no order inside one choice."""
    both = given(decision(a={"acts": [ESCALATE, {"act": "consult", "toward": ["belcora"]}]})).chose("a")
    later = given(decision(a={"acts": [ESCALATE]})).chose("a").did("consult", 3, toward=("belcora",))

    assert (both.grade("os-o1"), later.grade("os-o1")) == ("honoured", "neglected")


def test_step_against_nobody_in_particular_takes_any_consultation() -> None:
    """Protects alerts and the like, which name no party."""
    story = given(decision(a={"acts": [{"act": "escalate"}]})).did("consult", 1.5, toward=("cadria",)).chose("a")

    assert story.grade("os-o1") == "honoured"


def test_each_escalating_step_has_a_mark_of_its_own() -> None:
    """Protects mark ids: two steps in one choice do not share one."""
    story = given(decision(a={"acts": [ESCALATE, {"act": "escalate", "toward": ["cadria"]}]}))
    story.did("consult", 1.5, toward=("belcora",)).chose("a")

    assert {mark.id: mark.grade.value for mark in story.marks("os-o1")} == {
        "averne:os-o1:cards:consulted-first": "honoured",
        "averne:os-o1:cards:consulted-first2": "neglected",
    }


def test_no_escalation_no_mark_on_consultation() -> None:
    """Protects teams that never escalated."""
    assert given(decision()).did("consult", 1.5, toward=("belcora",)).chose("a").grade("os-o1") is None


# --- reasons-given


@pytest.mark.parametrize(
    ("partial", "reason", "grade"),
    [
        (True, "Our law forbids to give it.", "honoured"),
        (False, "Our law forbids to give it.", "partly"),
        (True, "No.", "neglected"),
        (False, "", "neglected"),
    ],
)
def test_refusal_asks_for_reasons_and_a_part(partial: bool, reason: str, grade: str) -> None:
    """Protects the rule on refusals: reasons, and partial help weighed before."""
    acts = [{"act": "refuse", "toward": ["belcora"], "partial": partial}]
    story = given(decision(a={"acts": acts})).chose("a", reason=reason)

    assert story.grade("bc-27", source="reasons-given") == grade
    assert story.grade("bc-25") is None


def test_refusal_by_silence_has_no_reasons() -> None:
    """Protects the partner who never hears why."""
    story = given(decision(lapse={"acts": [{"act": "refuse", "toward": ["belcora"]}]})).lapsed()

    assert story.grade("bc-27") == "neglected"


def test_request_that_is_answered_is_not_tested_for_reasons() -> None:
    """Protects those who say yes from having to explain it."""
    story = given(decision(a={"acts": [{"act": "answer", "toward": ["belcora"]}]})).chose("a")

    assert story.grade("bc-27") is None


# --- warned-partners

PARTNERS = ("belcora", "cadria")


@pytest.mark.parametrize(
    ("warned", "grade"),
    [
        ({"belcora": 2, "cadria": 10}, "honoured"),
        ({"belcora": 0.5, "cadria": 0.5}, "honoured"),
        ({"belcora": 2}, "partly"),
        ({"belcora": 2, "cadria": 11}, "partly"),
        ({"belcora": 11, "cadria": 12}, "partly"),
        ({"belcora": 11}, "neglected"),
        ({}, "neglected"),
    ],
)
def test_partners_are_owed_a_warning_in_time(warned: dict[str, float], grade: str) -> None:
    """Protects the warning to each: all, some, late, none; who warned before being bound to is in time."""
    story = given(occasions=(occasion("warned-partners", "se-p9a", toward=PARTNERS),))
    if min(warned.values(), default=9) >= 1:
        story.alarm()
    for partner, hours in warned.items():
        story.did("warn", hours, toward=(partner,))
    if min(warned.values(), default=9) < 1:
        story.alarm()

    assert story.ended(20).grade("se-p9a") == grade


def test_one_message_may_warn_several_and_sharing_warns_too() -> None:
    """Protects a team that does it in one step."""
    story = watching("warned-partners", "se-p9a", toward=PARTNERS).did("share", 3, toward=PARTNERS)

    assert story.grade("se-p9a") == "honoured"


def test_warning_about_something_else_is_none() -> None:
    """Protects the subject of an occasion."""
    story = watching("warned-partners", "se-p9a", toward=("belcora",), about="terminals")
    story.did("warn", 2, toward=("belcora",), about="cards").ended(20)

    assert story.grade("se-p9a") == "neglected"


def test_false_warning_is_a_breach_in_bad_faith() -> None:
    """Protects partners from data known to be false, also under a voluntary measure."""
    story = watching("warned-partners", "ba-b1b", "cbm-8", toward=("belcora",))
    story.did("warn", 2, toward=("belcora",)).did("mislead", 3, toward=("belcora",))

    assert (story.grade("ba-b1b"), story.grade("cbm-8")) == ("breached", "breached")


@pytest.mark.parametrize("end", [3, None])
def test_warning_is_not_tested_while_there_was_time(end: float | None) -> None:
    """Protects a team whose exercise ended, or whose replay stands, before the time was up."""
    story = watching("warned-partners", "se-p9a", toward=PARTNERS).did("warn", 2, toward=("belcora",))
    if end is not None:
        story.ended(end)

    assert story.grade("se-p9a") is None


def test_occasion_that_never_opened_is_not_tested() -> None:
    """Protects from marking what the story never called for."""
    story = given(occasions=(occasion("warned-partners", "se-p9a", toward=PARTNERS),)).ended(20)

    assert story.assessed().marks == ()


def test_occasion_that_opened_after_its_time_is_not_tested() -> None:
    """Protects a team that could not have been in time, because the facilitator held the inject back."""
    story = given(occasions=(occasion("warned-partners", "se-p9a", toward=PARTNERS),)).alarm(11).ended(20)

    assert story.assessed().marks == ()


def test_time_that_is_up_exactly_at_endex_is_up() -> None:
    """Protects the last minute of the last move, where the story's clock stops."""
    assert watching("warned-partners", "se-p9a", toward=PARTNERS).ended(10).grade("se-p9a") == "neglected"
    assert watching("warned-partners", "se-p9a", toward=PARTNERS).at(10).grade("se-p9a") is None


# --- two-levels


@pytest.mark.parametrize(
    ("levels", "grade"),
    [
        ({"technical": 2, "political": 3}, "honoured"),
        ({"operational": 2, "political": 3}, "honoured"),
        ({"technical": 2, "political": 11}, "partly"),
        ({"technical": 2, "operational": 3}, "neglected"),
        ({"political": 2}, "neglected"),
        ({}, "neglected"),
    ],
)
def test_contact_is_wanted_at_two_levels(levels: dict[str, float], grade: str) -> None:
    """Protects the clause on contact at all levels: one level while the other drifts is what it calls neglect."""
    story = watching("two-levels", "os-pp7", toward=("belcora",))
    for level, hours in levels.items():
        story.did("contact", hours, toward=("belcora",), level=level)

    assert story.ended(20).grade("os-pp7") == grade


def test_one_level_alone_is_told_from_none() -> None:
    """Protects the reason of the mark: a team whose minister rang is not told that nothing was done."""
    rang = watching("two-levels", "os-pp7", toward=("belcora",))
    still = watching("two-levels", "os-pp7", toward=("belcora",))
    rang.did("contact", 2, toward=("belcora",), level="political")

    assert "at one of the two only (Belcora) by" in rang.ended(20).mark("os-pp7").reason
    assert "not done (Belcora) by" in still.ended(20).mark("os-pp7").reason


def test_contact_with_one_of_two_partners_is_partly() -> None:
    """Protects each partner's line: levels with different partners do not add up to one."""
    both = watching("two-levels", "os-pp7", toward=PARTNERS)
    mixed = watching("two-levels", "os-pp7", toward=PARTNERS)
    both.did("contact", 2, toward=("belcora",), level="technical").did(
        "consult", 3, toward=("belcora",), level="political"
    )
    mixed.did("contact", 2, toward=("belcora",), level="technical").did(
        "contact", 3, toward=("cadria",), level="political"
    )

    assert (both.ended(20).grade("os-pp7"), mixed.ended(20).grade("os-pp7")) == ("partly", "neglected")


def test_refused_contact_is_a_knowing_breach() -> None:
    """Protects the worst case of the clause, and the ceiling of a voluntary measure under the same act."""
    story = watching("two-levels", "os-pp7", "cbm-8", toward=("belcora",)).did("refuse-contact", 3, toward=("belcora",))

    mark = story.mark("os-pp7")
    assert (mark.grade.value, mark.knowing) == ("breached", True)
    assert story.grade("cbm-8") == "neglected"


def test_contact_is_not_tested_before_the_time_is_up() -> None:
    """Protects a team that still has hours."""
    assert watching("two-levels", "os-pp7", toward=("belcora",)).at(9).grade("os-pp7") is None


# --- standing-channel-first


@pytest.mark.parametrize(
    ("calls", "grade"),
    [
        ([(2, True), (3, False)], "honoured"),
        ([(2, False), (3, True)], "partly"),
        ([(11, True)], "partly"),
        ([(2, False)], "neglected"),
        ([(2, False), (11, True)], "neglected"),
        ([], "neglected"),
    ],
)
def test_first_call_goes_by_the_standing_channel(calls: list[tuple[float, bool]], grade: str) -> None:
    """Protects the order: the channel that stood before the crisis comes first."""
    story = watching("standing-channel-first", "se-pre5")
    for hours, standing in calls:
        story.did("contact", hours, toward=("selec",), standing=standing)

    assert story.ended(20).grade("se-pre5") == grade


def test_calls_of_one_choice_have_no_order() -> None:
    """Protects a team from the order in which an author wrote the acts."""
    acts = [{"act": "warn", "toward": ["belcora"]}, {"act": "contact", "toward": ["selec"], "standing": True}]
    story = (
        given(decision(a={"acts": acts}), occasions=(occasion("standing-channel-first", "se-pre5"),)).alarm().chose("a")
    )

    assert story.grade("se-pre5") == "honoured"


def test_call_before_the_opening_is_not_the_first() -> None:
    """Protects the meaning of first: the first once it was called for."""
    story = given(occasions=(occasion("standing-channel-first", "se-pre5"),))
    story.did("contact", 0.5).alarm().did("contact", 2, standing=True)

    assert story.grade("se-pre5") == "honoured"


def test_no_call_yet_is_not_tested() -> None:
    """Protects a team that still has hours, also after a first call elsewhere."""
    assert watching("standing-channel-first", "se-pre5").at(9).grade("se-pre5") is None
    assert watching("standing-channel-first", "se-pre5").did("warn", 2).at(9).grade("se-pre5") is None


# --- told once: parliament, operators, help, evidence

ONCE = [
    ("parliament-informed", "ba-pre4", "tell-parliament"),
    ("operator-involved", "lv-3.1", "involve-operator"),
    ("operator-involved", "ba-b4d", "involve-operator"),
    ("help-sought", "os-o3a", "seek-help"),
    ("evidence-kept", "se-p4", "preserve"),
    ("public-told", "ba-b5", "tell-public"),
    ("public-told", "ba-b3c", "advise-users"),
]


@pytest.mark.parametrize(("detector", "commitment", "act"), ONCE)
def test_what_is_owed_once_is_honoured_partly_or_neglected(detector: str, commitment: str, act: str) -> None:
    """Protects the simple detectors: in time, late, never."""
    assert watching(detector, commitment).did(act, 2).grade(commitment) == "honoured"
    assert watching(detector, commitment).did(act, 11).ended(20).grade(commitment) == "partly"
    assert watching(detector, commitment).ended(20).grade(commitment) == "neglected"


@pytest.mark.parametrize(("detector", "commitment", "act"), ONCE)
def test_what_is_owed_once_is_not_tested_in_its_time_or_by_others(detector: str, commitment: str, act: str) -> None:
    """Protects the simple detectors from judging early, and from taking another team's act for this one's."""
    assert watching(detector, commitment).at(9).grade(commitment) is None
    assert watching(detector, commitment).did(act, 2, team="belcora").at(9).grade(commitment) is None


def test_help_from_any_of_those_named_will_do() -> None:
    """Protects a choice among helpers: asking one is asking."""
    story = watching("help-sought", "os-o3a", toward=PARTNERS).did("seek-help", 2, toward=("cadria",))

    assert story.grade("os-o3a") == "honoured"


def test_each_operator_named_is_owed_a_part() -> None:
    """Protects the operator that was left out."""
    story = watching("operator-involved", "ba-b4d", toward=("sanda", "bank")).did(
        "involve-operator", 2, toward=("bank",)
    )

    assert story.ended(20).grade("ba-b4d") == "partly"


# --- public-told


def test_advice_to_users_and_news_for_the_public_are_two_things() -> None:
    """Protects the clause that wants something for users to do: a statement about the government is not that."""
    story = watching("public-told", "ba-b5", "ba-b3c").did("tell-public", 2).ended(20)

    assert (story.grade("ba-b5"), story.grade("ba-b3c")) == ("honoured", "neglected")


def test_advice_to_those_affected_tells_them_of_a_subject_that_is_named() -> None:
    """Protects a team that tells owners what to do with their devices: it is not marked as having told nobody."""
    named = watching("public-told", "un-e", about="owners")
    other = watching("public-told", "un-e", about="owners")

    assert named.did("advise-users", 2, about="owners").ended(20).grade("un-e") == "honoured"
    assert other.did("advise-users", 2, about="weather").ended(20).grade("un-e") == "neglected"


def test_misleading_the_public_is_a_knowing_breach_whatever_else_was_said() -> None:
    """Protects the public: a true word elsewhere does not outweigh a false one."""
    story = watching("public-told", "ba-b5").did("tell-public", 2).did("mislead", 3)

    mark = story.mark("ba-b5")
    assert (mark.grade.value, mark.knowing, mark.entries[-1]) == ("breached", True, story.last)


def test_misleading_somebody_else_is_not_misleading_the_public() -> None:
    """Protects from taking one false word for another."""
    story = watching("public-told", "ba-b5").did("tell-public", 2).did("mislead", 3, toward=("belcora",))

    assert story.grade("ba-b5") == "honoured"


def test_false_word_outside_the_occasion_is_not_its_breach() -> None:
    """Protects from linking a false word to an occasion that had not opened, or had closed and named no subject."""
    before = given(occasions=(occasion("public-told", "ba-b5"),)).did("mislead", 0.5).alarm().did("tell-public", 2)
    after = watching("public-told", "ba-b5").did("tell-public", 2).did("mislead", 12)
    named = watching("public-told", "ba-b5", about="cards").did("tell-public", 2, about="cards")

    assert (before.grade("ba-b5"), after.grade("ba-b5")) == ("honoured", "honoured")
    assert named.did("mislead", 12, about="cards").grade("ba-b5") == "breached"


def test_parliament_is_misled_only_where_it_is_spoken_to() -> None:
    """Protects from taking a false word to the press for one to parliament."""
    story = watching("parliament-informed", "ba-pre4", toward=("house",)).did("tell-parliament", 2).did("mislead", 3)

    assert story.grade("ba-pre4") == "honoured"
    assert story.did("mislead", 4, toward=("house",)).grade("ba-pre4") == "breached"


# --- kept-condition


@pytest.mark.parametrize("act", ["forward", "tell-public", "share"])
@pytest.mark.parametrize("hours", [5, 15])
def test_condition_set_aside_knowingly_is_breached(act: str, hours: float) -> None:
    """Protects the giver of information: conditions bind beyond the deadline of the occasion."""
    story = watching("kept-condition", "bc-26", about="list").learned(2)
    story.did(act, hours, about="list", against_conditions=True).ended(20)

    assert story.grade("bc-26") == "breached"


def test_condition_kept_to_the_end_is_honoured() -> None:
    """Protects the merit of not doing something, with the entry by which the evidence came."""
    story = watching("kept-condition", "bc-26", about="list").learned(2)
    learned = story.last
    story.did("share", 3, toward=("belcora",), about="list").did("forward", 4, about="else", against_conditions=True)

    assert story.grade("bc-26") is None
    mark = story.at(12).mark("bc-26")
    assert (mark.grade.value, mark.entries[0]) == ("honoured", learned)


def test_condition_of_evidence_never_held_is_not_tested() -> None:
    """Protects a team from credit for keeping what it never had."""
    assert watching("kept-condition", "bc-26", about="list").ended(20).grade("bc-26") is None


def test_condition_binds_only_who_holds_the_evidence() -> None:
    """Protects from conditions that another team accepted, or that had not been accepted yet."""
    other = watching("kept-condition", "bc-26", about="list").learned(2, team="belcora").ended(20)
    late = watching("kept-condition", "bc-26", about="list").learned(12).ended(20)
    before = watching("kept-condition", "bc-26", about="list").did("share", 2, about="list", against_conditions=True)

    assert (other.grade("bc-26"), late.grade("bc-26")) == (None, None)
    assert before.learned(3).ended(20).grade("bc-26") == "honoured"


# --- unable


def test_team_without_the_means_gets_a_capacity_finding() -> None:
    """Protects small States: unable is a finding about means, and no mark."""
    watched = occasion("warned-partners", "se-p9a", toward=PARTNERS, unable={"flag": "line-down"}, lacking="channel")
    story = given(occasions=(watched,)).alarm().flag(3).ended(20)

    (finding,) = story.assessed().findings
    assert (finding.commitment, finding.lacking, story.assessed().marks) == ("se-p9a", "channel", ())
    assert finding.entries and finding.reason


def test_means_are_judged_when_the_time_is_up() -> None:
    """Protects the finding from being an excuse: who had the line back in time could have called."""
    watched = occasion("warned-partners", "se-p9a", toward=PARTNERS, unable={"flag": "line-down"}, lacking="channel")
    story = given(occasions=(watched,)).alarm().flag(3).cleared(5).ended(20)

    assert (story.grade("se-p9a"), story.assessed().findings) == ("neglected", ())


def test_team_without_the_means_that_did_it_all_the_same_is_honoured() -> None:
    """Protects merit: the means excuse an omission, they take nothing from an act."""
    watched = occasion("warned-partners", "se-p9a", toward=("belcora",), unable={"flag": "line-down"})
    story = given(occasions=(watched,)).alarm().flag(1.5).did("warn", 2, toward=("belcora",)).ended(20)

    assert (story.grade("se-p9a"), story.assessed().findings) == ("honoured", ())
