"""What becomes of the proposed marks once people have looked at them: verdicts, cards, ratings and suggestions."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from evaluated import desk_of, ended_session, give, marks

from exercise.core.assess import Assessment, assess
from exercise.core.evaluation import commands as ec
from exercise.core.evaluation.outcome import Evaluated, Verdict, as_evaluated, evaluated
from exercise.core.marks import Mark
from exercise.core.script import Grade
from exercise.errors import CommandRejected
from exercise.report.agreement import Agreement, agreement
from exercise.session.player import LogPlayer
from exercise.session.session import Session
from exercise.session.table import LocalTable

ANA, BEN = "evaluator/averne", "evaluator/university"
WHY = "It came a day too late."


@pytest.fixture
def session() -> Session:
    """An exercise after ENDEX with two evaluators at work."""
    session = ended_session()
    desk_of(session, "Averne", "Ana")
    desk_of(session, "University", "Ben")
    return session


def outcome(session: Session) -> Evaluated:
    """What the log comes to now."""
    return evaluated(session.scenario, session.reference, session.entries)


def verdict(session: Session, mark: Mark) -> Verdict:
    """What became of one mark."""
    return next(row for row in outcome(session).verdicts if row.mark.id == mark.id)


def judge(seat: str, mark: Mark, grade: Grade | None, reason: str = WHY) -> ec.JudgeMark:
    """A judgment."""
    return ec.JudgeMark(seat=seat, mark=mark.id, grade=grade, reason=reason)


def with_grade(grade: Grade, source: str = "tag") -> Mark:
    """A proposed mark of this grade that counts."""
    return next(m for m in marks() if m.grade is grade and m.source == source and not m.observation)


def other(than: Grade) -> Grade:
    """Another grade."""
    return Grade.PARTLY if than is not Grade.PARTLY else Grade.NEGLECTED


def finish(session: Session) -> None:
    """Both have done."""
    give(session, ec.FinishEvaluation(seat=ANA), ec.FinishEvaluation(seat=BEN))


def test_before_anybody_looked_the_proposed_marks_stand(session: Session) -> None:
    """Protects the figures of a log nobody has evaluated: they are those of ENDEX."""
    found = outcome(session)
    assert found.proposed == marks() == found.marks
    assert {row.status for row in found.verdicts} == {"proposed"}
    assert not found.is_evaluated


def test_how_a_mark_stands_after_one_and_two_looked(session: Session) -> None:
    """Protects the words beside a mark: confirmed by one, by two, changed by both, disputed."""
    confirmed, changed, disputed, aside = marks()[:4]
    give(session, judge(ANA, confirmed, confirmed.grade, ""))
    assert verdict(session, confirmed).status == "single"
    give(session, judge(BEN, confirmed, confirmed.grade, ""))
    for seat in (ANA, BEN):
        give(session, judge(seat, changed, other(changed.grade)), judge(seat, aside, None))
    give(session, judge(ANA, disputed, other(disputed.grade)), judge(BEN, disputed, disputed.grade))
    rows = {row.mark.id: row for row in outcome(session).verdicts}
    assert (rows[confirmed.id].status, rows[confirmed.id].changed) == ("agreed", False)
    assert (rows[changed.id].status, rows[changed.id].final) == ("agreed", other(changed.grade))
    assert (rows[disputed.id].status, rows[disputed.id].final) == ("disputed", disputed.grade)
    assert rows[aside.id].final is None
    standing = {mark.id: mark for mark in outcome(session).marks}
    assert aside.id not in standing, "what does not apply stands on no card"
    assert "confirmed by 2 evaluators" in standing[confirmed.id].adjustments
    assert any("disputed" in note for note in standing[disputed.id].adjustments)


def test_settling_ends_a_dispute_and_keeps_the_dissent(session: Session) -> None:
    """Protects dissent: what was settled counts, and who thought otherwise still stands beside it."""
    mark = with_grade(Grade.HONOURED)
    give(session, judge(ANA, mark, Grade.PARTLY), judge(BEN, mark, Grade.NEGLECTED))
    finish(session)
    give(session, ec.SettleMark(seat=BEN, mark=mark.id, grade=Grade.NEGLECTED, reason=WHY))
    row = verdict(session, mark)
    assert (row.status, row.final, row.settled is not None) == ("settled", Grade.NEGLECTED, True)
    assert len(row.judgments) == 2 and row in outcome(session).disputed


def test_cards_count_the_marks_as_they_were_left(session: Session) -> None:
    """Protects the one set of figures: the cards of an evaluated log are made of its final marks."""
    mark = with_grade(Grade.HONOURED)
    before = outcome(session).scorecards[mark.team].counts
    give(session, judge(ANA, mark, Grade.NEGLECTED))
    after = outcome(session).scorecards[mark.team].counts
    assert (after.neglected, after.kept) == (before.neglected + 1, before.kept - 1)


def test_an_added_mark_counts_until_it_is_taken_back(session: Session) -> None:
    """Protects added marks: they stand under their clause with their entries, and leave when their author says so."""
    team = marks()[0].team
    add = ec.AddMark(seat=ANA, team=team, commitment="se-p9a", grade=Grade.NEGLECTED, reason=WHY, entries=(2, 5))
    give(session, add)
    added = outcome(session).verdicts[-1]
    assert (added.status, added.mark.entries, added.mark.source) == ("added", (2, 5), "evaluator")
    assert added.mark.id in {mark.id for mark in outcome(session).marks}
    give(session, ec.JudgeMark(seat=ANA, mark=added.mark.id, grade=None, reason="It was another team."))
    assert added.mark.id not in {mark.id for mark in outcome(session).marks}


def test_a_mark_under_a_text_the_log_has_not_is_left_out(session: Session) -> None:
    """Protects the report from a clause that nobody can look up."""
    give(session, ec.AddMark(seat=ANA, team="averne", commitment="zz-1", grade=Grade.PARTLY, reason=WHY, entries=(2,)))
    assert all(row.status != "added" for row in outcome(session).verdicts)


def test_an_observed_text_stays_unscored(session: Session) -> None:
    """Protects principles: whatever evaluators write under them, they stand in no figure."""
    mark = next(mark for mark in marks() if mark.observation)
    give(session, judge(ANA, mark, Grade.BREACHED))
    final = next(row for row in outcome(session).marks if row.id == mark.id)
    assert final.observation and not final.counts


def test_ratings_are_peoples_and_suggestions_the_marks(session: Session) -> None:
    """Protects the difference: a suggestion follows the marks as left, a rating only what somebody wrote."""
    give(
        session,
        ec.Rate(seat=ANA, objective="early", rating="U"),
        ec.Rate(seat=BEN, objective="early", rating="S", strengths="Quick."),
    )
    found = outcome(session)
    assert [row.rating for row in found.ratings("early")] == ["U", "S"]
    assert found.suggested("early", "check") == "U", "the only marks there are of the seized servers"
    for mark in marks():
        if mark.commitment in ("se-p7", "bc-15"):
            give(session, judge(ANA, mark, Grade.HONOURED))
    assert outcome(session).suggested("early") == "P"
    assert [row.rating for row in outcome(session).ratings("early")] == ["U", "S"]


@pytest.mark.parametrize(
    ("grades", "alpha"),
    [
        ((("honoured", "honoured"), ("neglected", "neglected"), ("partly", "partly")), 1.0),
        ((("honoured", "honoured"), ("neglected", "breached"), ("partly", "partly")), 0.95),
        ((("honoured", "honoured"), ("honoured", "breached"), ("partly", "partly")), 0.11),
        ((("honoured", "honoured"), ("honoured", "honoured")), None),
    ],
)
def test_agreement_is_ordinal_and_said_in_words(
    session: Session, grades: Sequence[tuple[str, str]], alpha: float | None
) -> None:
    """Protects the measure, worked out by hand here: near grades disagree less than far ones; where it says nothing,
    that is said.
    """
    for mark, (one, two) in zip(marks(), grades, strict=False):
        give(session, judge(ANA, mark, Grade(one)), judge(BEN, mark, Grade(two)))
    found = agreement(outcome(session))
    assert found.compared == len(grades)
    assert found.alpha == (alpha if alpha is None else pytest.approx(alpha, abs=0.01))
    assert len(found.disagreements) == found.compared - found.same
    assert ("cannot be given" in found.words) == (alpha is None)
    assert ("too few to tell" in found.words) == (alpha is not None)


@pytest.mark.parametrize(
    ("compared", "graded", "worth"),
    [
        (3, 3, "fewer than ten graded marks are too few to tell how far they agree"),
        (12, 9, "fewer than ten graded marks are too few to tell how far they agree"),
        (12, 10, "good agreement"),
    ],
)
def test_a_handful_of_marks_is_not_called_good_agreement(compared: int, graded: int, worth: str) -> None:
    """Protects from a verdict on three marks: alpha is given, and that it tells nothing yet."""
    found = Agreement(2, compared=compared, same=1, graded=graded, alpha=0.83, why_not="", disagreements=())
    assert found.words.endswith(f"is 0.83: {worth}.")


def test_scorecards_show_evaluated_marks_only_once_all_have_finished(session: Session) -> None:
    """Protects blindness at the hot wash: no card gives away what one evaluator marked while another is at work."""
    proposed = assess(session.scenario, session.reference, session.entries)
    mark = with_grade(Grade.HONOURED)
    give(session, judge(ANA, mark, Grade.NEGLECTED), ec.FinishEvaluation(seat=ANA))
    assert as_evaluated(proposed, session.entries) is proposed
    table = LocalTable(session, ("averne",), {})
    assert table.assessment() == table.client("averne").assessment()
    give(session, judge(BEN, mark, Grade.NEGLECTED), ec.FinishEvaluation(seat=BEN))
    for shown in (as_evaluated(proposed, session.entries), table.assessment(), _at_the_end(session)):
        assert shown is not None
        final = next(row for row in shown.marks if row.id == mark.id)
        assert (final.grade, final.adjustments[-1]) == (Grade.NEGLECTED, "changed by 2 evaluators")


def _at_the_end(session: Session) -> Assessment:
    player = LogPlayer(session.scenario, session.reference, session.entries)
    player.seek(player.length)
    return player.assessment()


async def test_a_team_answers_by_its_own_client_and_reads_its_answer(session: Session) -> None:
    """Protects a team's word: it goes by the seat's own client, stands in its own view, and in no other team's."""
    table = LocalTable(session, ("averne", "belmark"), {})
    mark = next(mark for mark in marks() if mark.team == "averne")
    await table.client("averne").submit(ec.AnswerMark(seat="averne", mark=mark.id, text="We rang twice."))
    assert table.client("averne").view().answered == ((mark.id, "We rang twice."),)
    assert table.client("belmark").view().answered == ()
    with pytest.raises(CommandRejected, match="your team"):
        await table.client("belmark").submit(ec.AnswerMark(seat="belmark", mark=mark.id, text="Not so."))
    assert verdict(session, mark).answer == "We rang twice."


def test_a_suggestion_counts_what_was_made_good_as_the_report_does() -> None:
    """Protects raters from two letters for one objective: screen, scorecard and report count later repairs alike."""
    session = ended_session(mended=True)
    found = evaluated(session.scenario, session.reference, session.entries)
    places = [("early", task) for task in ("", "word", "check")]
    shown = desk_of(session, "averne").view().standing
    assert [shown.suggestion(*place) for place in places] == [found.suggested(*place) for place in places]
    assert desk_of(ended_session(), "averne").view().standing.suggestion("early", "check") == "U"
    assert shown.suggestion("early", "check") == "M"
