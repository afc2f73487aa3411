"""What a reader of the report finds who was not there: figures that agree, names that say something, nothing twice."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from itertools import pairwise

import pytest
from reported import interrupted, reported, unevaluated

from exercise.catalogue import load_reference
from exercise.core.commands import VoidMark
from exercise.core.evaluation.outcome import Evaluated, evaluated
from exercise.core.events import ConsequenceCame
from exercise.core.script import Grade
from exercise.language import speaking
from exercise.report import conduct, gather, pages_cards, pages_conduct, pages_course, pages_desk
from exercise.report.blocks import Block, Facts, Figure, Paragraph, Table, shown
from exercise.report.editions import report_of
from exercise.report.model import AfterAction
from exercise.report.naming import Names
from exercise.report.parts import Request
from exercise.report.summary import summary
from exercise.report.summary_told import summary_told
from exercise.session.retell import Retelling
from exercise.session.session import Session
from exercise.session.store import MemoryStore, stored


@cache
def told() -> AfterAction:
    """The evaluated exercise, whole."""
    return report_of(reported())


def request(number: int, **more: object) -> Request:
    """A request that nobody answered."""
    plain: dict[str, object] = dict.fromkeys(Request.model_fields, "") | dict.fromkeys(
        ("basis", "missing", "steps"), ()
    )
    plain |= {"number": number, "source": "averne", "target": "belmark", "outcome": "unanswered", "urgent": False}
    plain |= {"source_name": "Averne", "target_name": "Belmark", "wants_answer": True, "status": "lapsed"}
    plain |= dict.fromkeys(("seq", "sent", "sent_play"), 0) | dict.fromkeys(("deadline", "answered", "done"))
    return Request.model_validate(plain | more)


def cells(blocks: Iterator[Block]) -> dict[str, list[tuple[str, ...]]]:
    """Rows of tables, of facts and of tables beside figures, by caption; facts have none."""
    found: dict[str, list[tuple[str, ...]]] = {}
    for block in blocks:
        table = block.table if isinstance(block, Figure) else block
        if isinstance(table, Table):
            rows = [tuple(map(shown, row)) for row in table.rows]
            found.setdefault(block.caption if isinstance(block, Figure | Table) else "", []).extend(rows)
        elif isinstance(block, Facts):
            found.setdefault("", []).extend((label, shown(cell)) for label, cell in block.rows)
    return found


def test_the_picture_of_requests_and_their_table_end_them_alike() -> None:
    """What is still open is not counted as unanswered, and what never got through or was not done is said to be so."""
    rows = (
        request(1, outcome="open", status="conditions-accepted", answered=1200),
        request(2),
        request(3, outcome="failed", status="failed"),
        request(4, outcome="refused", status="refused", wants_answer=False, answered=600),
        request(5, outcome="met", status="fulfilled", wants_answer=False, answered=0, done=0),
    )
    report = told().model_copy(update={"requests": rows})
    tables = cells(pages_course.requests(report, Names(report)))
    drawn = tables["Who asked whom, and how it ended (requests that asked for something)"]
    assert {row[2]: row[3] for row in drawn} == {"still open": "1", "no answer": "1", "did not get through": "1"}
    ended = [row[7] for row in tables["Cooperation requests"]]
    assert ended[:2] == ["still open\nagreed, not done", "no answer"]
    assert ended[2:] == ["did not get through", "refused", "received"]
    # A call that was refused was answered, and when is told; what only informs is received as it arrives.
    assert [row[5] for row in tables["Cooperation requests"]][3:] == ["T+0:10\nafter 10 minutes", "–"]


def test_a_rules_reason_cites_clauses_as_people_do() -> None:
    """An id of the catalogue says nothing to who reads a report; a word that only looks like one stays."""
    reason = "The request to Cadria of T+1:00 rests on se-p7, cbm-6; it is up-to-date."
    cited = "The request to Cadria of T+1:00 rests on SEECP Chisinau 2008, point 7, OSCE measures, measure 6; "
    assert conduct.with_clauses(load_reference(), reason) == cited + "it is up-to-date."


def test_marks_are_numbered_by_their_time() -> None:
    """Protects the tables of marks: who reads down the column of times finds them in order."""
    assert all(one.exercise <= two.exercise for one, two in pairwise(told().marks))


def test_a_reason_for_a_grade_that_was_changed_is_not_read_as_one_for_what_stands() -> None:
    """In the analysis the program's reason for its grade stands with that grade, beside what evaluators say."""
    report = told()
    settled = next(mark for mark in report.marks if mark.status == "settled")
    tables = cells(pages_conduct.objectives(report, Names(report))).values()
    analysis = "\n".join(row[2] for rows in tables for row in rows if len(row) == 4)
    assert settled.proposed is Grade.PARTLY and settled.grade is Grade.NEGLECTED
    assert f"{settled.reason} Proposed as partly; evaluators: “{settled.settled}”" in analysis


@cache
def voided() -> tuple[AfterAction, int]:
    """The exercise with a mark that control set aside, and the number of that mark."""
    store = MemoryStore()
    store.create(stored(unevaluated()))
    session = Session.resume(store, unevaluated().header.session)
    outcome = evaluated(session.scenario, session.reference, session.entries)
    several = next(
        mark
        for mark in outcome.proposed
        if sum((one.team, one.commitment) == (mark.team, mark.commitment) for one in outcome.proposed) > 1
    )
    session.submit(VoidMark(mark=several.id, why="It came of an inject of ours."))
    report = report_of(session.log())
    return report, next(mark.number for mark in report.marks if mark.voided)


def test_a_voided_mark_shows_nothing_and_says_that_it_does_not() -> None:
    """A mark that control set aside is no evidence for a clause, and control reads which of them it was."""
    report, number = voided()
    names = Names(report)
    mark = names.marks[number]
    card = next(team for team in report.teams if team.id == mark.team)
    row = next(row for row in card.clauses if row.reference == mark.reference)
    beside = next(each for each in row.marks if each != number)
    shown_on = [
        re.findall(r"\d+", row_of[-1])
        for row_of in cells(pages_cards.cards(report, names))[f"{card.short} by clause"]
        if row_of[0] == f"{row.reference.cited}\n{row.reference.title}"
    ]
    assert number in row.marks and [(str(number) in one, str(beside) in one) for one in shown_on] == [(False, True)]
    tables = cells(pages_conduct.marks(report, names)).values()
    own = next(row_of for rows in tables for row_of in rows if row_of[0] == str(number))
    assert "Set aside by exercise control; it does not count." in own[6] and "inject of ours" not in own[6]
    assert report.control is not None
    assert any(line.text.endswith(f" It is mark {number}.") for line in report.control.behind)


def test_one_act_that_left_two_clauses_is_told_once_in_the_summary() -> None:
    """Protects the summary in both of its makings: a sentence of the record stands in it once, and says on what."""
    report = told()
    one = next(row for row in report.objectives if len(row.improvements) > 1)
    first, second = one.improvements[:2]
    alike = one.model_copy(
        update={"improvements": (first, second.model_copy(update={"grade": first.grade, "marks": first.marks}))}
    )
    twice = report.model_copy(update={"objectives": (alike,)})
    mark = next(mark for mark in report.marks if mark.number == first.marks[0])
    text = " ".join(summary(twice))
    assert (
        text.count(mark.why.rstrip(".")) == 1 and f"on “{mark.title}”: “" in text and ", for the same reason." in text
    )
    named = mark.model_copy(update={"settled": "It came by “Hotline”, at last."})
    marks = tuple(named if row.number == mark.number else row for row in report.marks)
    assert "“It came by ‘Hotline’, at last.”" in " ".join(summary(twice.model_copy(update={"marks": marks})))
    with speaking("lv"):
        assert " ".join(summary_told(twice)).count(mark.why.rstrip(".")) == 1


def test_notes_on_a_decision_that_never_came_name_it() -> None:
    """Control reads the title of a decision that was never put, and not its id."""
    report = report_of(interrupted())
    put = {row.id for row in report.decisions}
    assert report.control is not None and "servers" not in put
    rows = cells(pages_desk.control_pages(report, Names(report)))[""]
    assert "What about the servers? (never put)" in [label for label, _cell in rows]


def decided(report: AfterAction, number: int) -> list[tuple[str, str]]:
    """What is told of one decision."""
    one = report.model_copy(update={"decisions": tuple(row for row in report.decisions if row.number == number)})
    return [(label, cell) for label, cell in cells(pages_course.decisions(one, Names(report)))[""]]


def test_what_conduct_alone_made_good_is_not_left_out() -> None:
    """A team may tell and come back by what it does later, without a line of its own: the decision says so."""
    report = told()
    mark = next(mark for mark in report.marks if mark.decision)
    row = next(row for row in report.decisions if row.id == mark.decision).model_copy(update={"follow_ups": ()})
    marks = tuple(each.model_copy(update={"came_back": each.number == mark.number}) for each in report.marks)
    alone = report.model_copy(update={"decisions": (row,), "marks": marks})
    said = f"by what it did later: mark {mark.number}"
    assert ("Told those affected and Came back to it", said) in decided(alone, row.number)
    assert said not in dict(decided(report, row.number)).values()


def test_coming_back_is_read_from_the_log_in_its_own_words() -> None:
    """Marks keep their notes in English whatever the report is read in, and that is where it is looked for."""
    log = reported()
    outcome: Evaluated = evaluated(log.scenario, log.reference, log.entries)
    mark = replace(
        outcome.proposed[0], adjustments=("raised one step: named, limited, told, came back (entries 3, 4)",)
    )
    assert conduct.came_back(replace(outcome, proposed=(mark, *outcome.proposed[1:]))) == {mark.id}
    assert mark.id not in conduct.came_back(outcome)


@pytest.mark.parametrize("language", ["lv", "ro"])
def test_a_late_answer_is_late_in_every_language(language: str) -> None:
    """Protects a word that was left in English between translated ones."""
    report = told()
    row = next(row for row in report.decisions if row.answered is not None)
    late = report.model_copy(update={"decisions": (row.model_copy(update={"deadline": (row.answered or 0) - 60}),)})
    assert any("(late)" in cell for _label, cell in decided(late, row.number))
    with speaking(language):
        assert not any("(late)" in cell for _label, cell in decided(late, row.number))


@pytest.mark.parametrize("language", ["lv", "ro"])
def test_a_bot_is_called_by_no_id_in_another_language(language: str) -> None:
    """Protects the list of who took part: there the policy stood as it is typed on a command line."""
    with speaking(language):
        called = {gather._player(policy, 0) for policy in ("cooperative", "self-interested", "random", "silent")}
        assert len(called) == 4 and all(words.startswith("robot") for words in called)
        assert not any("self-interested" in words or "random" in words for words in called)


def test_what_lay_behind_is_not_said_to_have_been_hidden_where_control_told_it() -> None:
    """Protects a sentence that was untrue of every exercise in which control revealed a fact before the hot wash."""
    pages = pages_course.what_happened(told(), Names(told()))
    text = " ".join(block.text for block in pages if isinstance(block, Paragraph))
    assert "except where exercise control changed or told it" in text


def test_several_who_were_told_are_told_of_in_the_plural() -> None:
    """Protects the lines behind the scenes: “Averne, Belmark is told” is no English, and one form has to fit all."""
    log = reported()
    came = next(event for event in (entry.event for entry in log.entries) if isinstance(event, ConsequenceCame))
    entry = next(entry for entry in log.entries if entry.event is came)
    both = replace(entry, event=replace(came, to=("averne", "belmark")))
    assert Retelling(log.scenario).line(both).endswith("takes effect. Told: Averne, Belmark.")
