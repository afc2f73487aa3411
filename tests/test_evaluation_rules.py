"""The rules of the time after ENDEX: who may judge, add, rate, finish, settle, answer, plan, close and seal."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from evaluated import OBJECTIVE
from given import FACTS, Given, given, happened, scenario

from exercise.core import commands as cmd
from exercise.core.decide import decide
from exercise.core.evaluation import commands as ec
from exercise.core.evaluation import events as ev
from exercise.core.evaluation.survey import STANDARD
from exercise.core.events import EVENTS, MarksProposed
from exercise.core.evolve import replay
from exercise.core.script import Grade
from exercise.core.state import State
from exercise.errors import CommandRejected

SMALL = scenario(objectives=[OBJECTIVE])
MARK, OTHER = "averne:se-p7:tell:tag1", "belmark:bc-15:seize:tag1"
ANA, BEN = "evaluator/averne", "evaluator/university"
WHY = "It came a day too late."


def proposed(*rows: tuple[str, str, str]) -> MarksProposed:
    """Marks as ENDEX leaves them: id, team, grade."""
    return MarksProposed(rules="2", marks=tuple({"id": id, "team": team, "grade": grade} for id, team, grade in rows))


def ended(*commands: Any) -> Given:
    """The exercise after ENDEX with two proposed marks, and after these commands."""
    base = given(SMALL, cmd.StartExercise(facts=FACTS), cmd.EndExercise())
    marks = proposed((MARK, "averne", "honoured"), (OTHER, "belmark", "breached"))
    outcome = Given(SMALL, replay([marks], base.state)).when(*commands)
    assert outcome.rejected is None, outcome.rejected
    return Given(SMALL, outcome.state)


def enrol(seat: str = ANA, delegation: str = "averne", name: str = "Ana") -> cmd.Command:
    """Somebody sits down to evaluate."""
    return ec.EnrolEvaluator(seat=seat, delegation=delegation, name=name)


def judge(grade: Grade | None = Grade.HONOURED, reason: str = "", mark: str = MARK, seat: str = ANA) -> cmd.Command:
    """A judgment."""
    return ec.JudgeMark(seat=seat, mark=mark, grade=grade, reason=reason)


def add(seat: str = ANA, **more: Any) -> cmd.Command:
    """An added mark."""
    row: dict[str, Any] = {"team": "averne", "commitment": "se-p8", "grade": "neglected", "reason": WHY, "entries": [3]}
    return ec.AddMark.model_validate({"seat": seat, **row, **more})


def rate(rating: Any = "S", seat: str = ANA, objective: str = "early", **more: Any) -> cmd.Command:
    """A rating."""
    return ec.Rate(seat=seat, objective=objective, rating=rating, **more)


def finish(seat: str = ANA, *, done: bool = True) -> cmd.Command:
    """An evaluator has done, or goes on."""
    return ec.FinishEvaluation(seat=seat, done=done)


def settle(grade: Grade | None = Grade.PARTLY, reason: str = WHY, mark: str = MARK, seat: str = ANA) -> cmd.Command:
    """A mark settled together."""
    return ec.SettleMark(seat=seat, mark=mark, grade=grade, reason=reason)


TWO = (enrol(), enrol(BEN, "The University", "Ben"))
DONE = (*TWO, finish(), finish(BEN))
SEAL: dict[str, Any] = {"upto": 2, "head": "a" * 64, "key": "b" * 64, "signature": "c" * 128}


EARLY = (enrol(), judge(), add(), rate(), finish(), settle(), ec.AnswerMark(seat="averne", mark=MARK, text="No."))
BY_CONTROL = (ec.CloseSurvey(answers={}), ec.WriteAction(area="Contacts"), ec.SealLog(**SEAL))


@pytest.mark.parametrize("command", [*EARLY, *BY_CONTROL], ids=lambda command: command.ask)
def test_nothing_of_it_before_endex(command: Any) -> None:
    """Protects play from its own assessment: nobody judges, answers or seals while it goes on."""
    playing = given(SMALL, cmd.StartExercise(facts=FACTS))
    playing.when(command).refused("not-ended")


# Sitting down


def test_an_evaluator_sits_down_and_is_named() -> None:
    """Protects the first step: name and delegation stand in the log, a team by its id however it was written."""
    ended().when(enrol(delegation=" republic of AVERNE ", name="  Ana \x1b[2J Tarn ")).then(
        happened(ev.EvaluatorEnrolled, by=ANA, delegation="averne", name="Ana [2J Tarn")
    )


def test_sitting_down_again_writes_nothing() -> None:
    """Protects those whose line was lost: coming back is no new evaluator; a new name is noted."""
    ended(enrol()).when(enrol()).then()
    ended(enrol()).when(enrol(name="Anna")).then(happened(ev.EvaluatorEnrolled, name="Anna"))
    ended(enrol(), finish()).when(enrol(name="Anna")).then()


def test_two_evaluators_come_from_different_delegations() -> None:
    """Protects the second look: two of one delegation would be one view twice."""
    ended(enrol()).when(enrol("evaluator/two", "Averne")).refused("delegation", "different")


def test_only_an_evaluators_seat_evaluates() -> None:
    """Protects the marks from the teams they are on, and from a seat without a name."""
    ended().when(enrol("averne")).refused("no-seat")
    ended().when(enrol("evaluator")).refused("no-seat")
    ended().when(enrol(delegation="\u200e \u202e")).refused("delegation")


def test_there_are_not_endless_evaluators() -> None:
    """Protects a log from being filled with evaluators."""
    seats = [enrol(f"evaluator/e{n}", f"Body {n}") for n in range(ec.MOST_EVALUATORS)]
    ended(*seats).when(enrol("evaluator/more", "One more")).refused("evaluators")


# Judging


def test_a_mark_is_confirmed_without_a_reason() -> None:
    """Protects the most frequent step from needless words."""
    ended(enrol()).when(judge()).then(happened(ev.MarkJudged, by=ANA, mark=MARK, grade=Grade.HONOURED))


@pytest.mark.parametrize("grade", [Grade.NEGLECTED, None])
def test_a_change_needs_a_reason(grade: Grade | None) -> None:
    """Protects a team from a grade nobody explains; that a clause does not apply is a change too."""
    ended(enrol()).when(judge(grade)).refused("reason")
    ended(enrol()).when(judge(grade, "too short")).refused("reason")
    ended(enrol()).when(judge(grade, WHY)).then(happened(ev.MarkJudged, grade=grade, reason=WHY))


def test_the_last_judgment_counts_and_the_same_writes_nothing() -> None:
    """Protects an evaluator's right to think again, and the log from repeats."""
    ended(enrol(), judge()).when(judge()).then()
    ended(enrol(), judge()).when(judge(Grade.PARTLY, WHY)).leads_to(
        lambda state: state.evaluation.judged[ANA, MARK].grade is Grade.PARTLY
    )


def test_only_those_who_sit_there_judge_and_only_what_was_proposed() -> None:
    """Protects the marks from whoever has not said who sends them, and the log from marks that are none."""
    ended().when(judge()).refused("not-evaluator")
    ended(enrol()).when(judge(mark="averne:se-p7:other:tag1")).refused("no-mark")


@pytest.mark.parametrize("command", [judge(), add(), rate()], ids=lambda command: command.ask)
def test_who_has_finished_judges_no_more(command: Any) -> None:
    """Protects blindness: what comes after finishing may have been read from others."""
    ended(enrol(), finish()).when(command).refused("finished")


# Adding


def test_an_added_mark_has_an_id_of_its_own() -> None:
    """Protects added marks: each is named by its evaluator and its number, so that two never clash."""
    ended(enrol()).when(add(), add(decision="none")).refused("no-decision")
    ended(enrol()).when(add(), add(commitment="se-p9")).then(
        happened(ev.MarkAdded, mark="added:averne:1", entries=(3,)), happened(ev.MarkAdded, mark="added:averne:2")
    )


def test_what_is_wrong_with_an_added_mark_is_said() -> None:
    """Protects the log from marks on nobody, under nothing, or without a reason."""
    ended(enrol()).when(add(team="nobody")).refused("no-team")
    ended(enrol()).when(add(commitment="../x")).refused("no-commitment")
    ended(enrol()).when(add(reason="no")).refused("reason")
    ended().when(add()).refused("not-evaluator")


def test_only_its_author_changes_or_takes_back_an_added_mark() -> None:
    """Protects an evaluator from a slip of their own, and from others' hands."""
    at_work = ended(*TWO, add())
    at_work.when(judge(None, "I had the wrong team.", "added:averne:1")).then(happened(ev.MarkJudged, grade=None))
    at_work.when(judge(Grade.PARTLY, WHY, "added:averne:1", BEN)).refused("no-mark")


# Rating


def test_objectives_and_tasks_are_rated() -> None:
    """Protects the ratings: of an objective and of its tasks apart, the last counts, none takes it back."""
    ended(enrol()).when(rate("S"), rate("P", task="word", strengths=" Quick. ")).then(
        happened(ev.Rated, objective="early", task="", rating="S"),
        happened(ev.Rated, task="word", rating="P", strengths="Quick."),
    )
    ended(enrol(), rate("S")).when(rate("S")).then()
    ended(enrol()).when(rate(None)).then()
    ended(enrol(), rate("S")).when(rate(None)).leads_to(lambda state: not state.evaluation.rated)


def test_only_what_the_scenario_has_is_rated() -> None:
    """Protects the report from ratings of nothing."""
    ended(enrol()).when(rate(objective="late")).refused("no-objective")
    ended(enrol()).when(rate(task="sleep")).refused("no-task")
    ended().when(rate()).refused("not-evaluator")


# Finishing and settling


def test_finishing_and_going_on() -> None:
    """Protects second thoughts: until all have finished an evaluator may go on, afterwards nobody."""
    ended(*TWO).when(finish(), finish(), finish(done=False)).then(
        happened(ev.EvaluationFinished, by=ANA, done=True), happened(ev.EvaluationFinished, by=ANA, done=False)
    )
    ended(*DONE).when(finish(done=False)).refused("seen", "settle")
    third = enrol("evaluator/third", "A third body")
    ended(*DONE, third).when(finish(done=False)).refused("seen")
    ended(*TWO, finish()).when(third, finish(done=False)).includes(happened(ev.EvaluationFinished, done=False))
    ended(enrol(), finish()).when(finish(done=False)).then(happened(ev.EvaluationFinished, done=False))
    ended().when(finish()).refused("not-evaluator")


def test_marks_are_settled_once_all_have_finished() -> None:
    """Protects blindness and dissent: nothing is settled by one alone, or before everybody has judged."""
    ended(*TWO, finish()).when(settle()).refused("not-finished")
    ended(enrol(), finish()).when(settle()).refused("not-finished", "two")
    ended(*DONE).when(settle()).then(happened(ev.MarkSettled, by=ANA, mark=MARK, grade=Grade.PARTLY, reason=WHY))
    ended(*DONE).when(settle(reason="so")).refused("reason")
    ended(*DONE).when(settle(mark="none")).refused("no-mark")
    ended(*DONE).when(settle(seat="evaluator/third")).refused("not-evaluator")


def test_an_added_mark_can_be_settled_too() -> None:
    """Protects a team from a mark that only one evaluator wanted."""
    ended(*TWO, add(), finish(), finish(BEN)).when(settle(None, WHY, "added:averne:1", BEN)).then(
        happened(ev.MarkSettled, mark="added:averne:1", grade=None)
    )


# Teams answer


def test_a_team_answers_marks_on_its_own_conduct() -> None:
    """Protects a team's word: any seat of it may answer, take the answer back, and no other team's marks."""
    answer = ec.AnswerMark(seat="averne/police", mark=MARK, text="We rang twice.")
    ended().when(answer, answer, ec.AnswerMark(seat="averne", mark=MARK, text="")).then(
        happened(ev.MarkAnswered, by="averne/police", text="We rang twice."), happened(ev.MarkAnswered, text="")
    )
    ended().when(ec.AnswerMark(seat="averne", mark=OTHER, text="No.")).refused("no-mark")
    ended().when(ec.AnswerMark(seat="averne", mark="unknown", text="No.")).refused("no-mark")
    ended(answer).when(ec.AnswerMark(seat="averne", mark=MARK, text="")).leads_to(lambda s: not s.evaluation.answered)


def test_an_added_mark_is_answered_once_it_may_be_known() -> None:
    """Protects blindness: that a mark was added must not show by a team's answer being taken."""
    answer = ec.AnswerMark(seat="averne", mark="added:averne:1", text="Not so.")
    ended(*TWO, add()).when(answer).refused("no-mark")
    ended(*TWO, add(), finish(), finish(BEN)).when(answer).then(happened(ev.MarkAnswered, mark="added:averne:1"))


# The survey, the plan, the seal


def test_the_survey_is_closed_once_by_control() -> None:
    """Protects the anonymous answers: they come in once, by the host, cleaned, and only to known questions."""
    close = ec.CloseSurvey(answers={STANDARD[0].id: ("4", " 5 ", "  "), STANDARD[-1].id: ("More\x1b[2J time.",)})
    ended().when(close).then(
        happened(ev.SurveyClosed, answers={STANDARD[0].id: ("4", "5"), STANDARD[-1].id: ("More[2J time.",)})
    )
    ended(close).when(close).refused("survey-closed")
    ended().when(ec.CloseSurvey(answers={"salary": ("1",)})).refused("no-question", "salary")
    ended(enrol()).when(ec.CloseSurvey(seat=ANA, answers={})).refused("not-facilitator")


def test_the_plan_is_written_by_evaluators_and_control() -> None:
    """Protects the improvement plan: rows get numbers, are written anew and taken out, and keep their numbers."""
    row = ec.WriteAction(seat=ANA, area="Contacts", action="Test them each month.", element="exercises")
    ended(enrol()).when(row, ec.WriteAction(action="Write it down.")).then(
        happened(ev.ActionWritten, by=ANA, number=1, area="Contacts", element="exercises"),
        happened(ev.ActionWritten, by="facilitator", number=2),
    )
    kept = ended(enrol(), row)
    again = ec.WriteAction(seat=ANA, number=1, area="Contacts", action="Test them each month.", element="exercises")
    kept.when(again).then()
    kept.when(ec.WriteAction(number=1, drop=True), ec.WriteAction(area="New")).then(
        happened(ev.ActionWritten, number=1, drop=True), happened(ev.ActionWritten, number=2, area="New")
    )
    kept.when(ec.WriteAction(number=7, area="None")).refused("no-action", "7")
    kept.when(ec.WriteAction(owner="Somebody")).refused("empty")
    kept.when(ec.WriteAction(seat="averne", area="Ours")).refused("not-facilitator")
    kept.when(ec.WriteAction(seat=BEN, area="Mine")).refused("not-facilitator")


def test_only_the_host_seals() -> None:
    """Protects the seal: it is the host's word, kept with key and signature as they were given."""
    ended().when(ec.SealLog(host=" The  host ", **SEAL)).then(happened(ev.LogSealed, upto=2, host="The host"))
    ended(enrol()).when(ec.SealLog(seat=ANA, **SEAL)).refused("not-facilitator")


# What holds of all of it

ALL = (
    *TWO,
    judge(),
    judge(Grade.NEGLECTED, WHY, seat=BEN),
    judge(None, WHY, OTHER, BEN),
    add(),
    rate("M", strengths="Quick.", improvements="Contacts."),
    rate("P", BEN, task="word"),
    ec.AnswerMark(seat="belmark", mark=OTHER, text="There was no time."),
    ec.WriteAction(area="Contacts", owner="CERT"),
    finish(),
    finish(BEN),
    settle(),
    ec.CloseSurvey(answers={STANDARD[0].id: ("4",)}),
    ec.SealLog(**SEAL),
)


def test_evaluation_changes_nothing_of_the_exercise() -> None:
    """Protects the record: whatever is said after ENDEX, what was played stays as it was."""
    state = ended().state
    for command in ALL:
        events = decide(SMALL, state, command)
        after = replay(events, state)
        assert events and replace(after, evaluation=state.evaluation) == state, command
        state = after


def test_a_refusal_changes_nothing() -> None:
    """Protects the state from half a command: every command is refused or taken whole."""
    state = ended().state
    for command in (judge(), add(), rate(), finish(), settle()):
        with pytest.raises(CommandRejected):
            decide(SMALL, state, command)
    assert state == ended().state


def test_every_event_survives_json() -> None:
    """Protects logs: what was said after ENDEX is read back as it was written, and folds to the same state."""
    events = list(ended().when(*ALL).events)
    kinds = {type(event) for event in events}
    assert kinds == set(ev.EvaluationEvent.__args__), "each kind of event of this time is looked at"
    again = [EVENTS.validate_json(EVENTS.dump_json(event)) for event in events]
    assert again == events
    base = ended().state
    assert replay(again, base) == replay(events, base) != State()
