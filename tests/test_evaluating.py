"""An evaluator's desk over a log file and over a kept session: blindness, the record, keeping, merging and commands."""

from __future__ import annotations

import asyncio
import io
import json
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from evaluated import desk_of, ended, ended_file, ended_session, give, lines_of, marks
from pydantic import TypeAdapter
from support import new_session
from typer.testing import CliRunner

import exercise.cli.commands  # noqa: F401 - it declares the commands
from exercise.cli.arguments import app
from exercise.core.commands import VoidMark
from exercise.core.evaluation import commands as ec
from exercise.core.evaluation.standing import standing_of
from exercise.core.evaluation.views import Dossier, EvaluationView, Standing
from exercise.core.script import Grade
from exercise.errors import ExerciseError, LogError, UsageError
from exercise.language import speaking
from exercise.plain.evaluation import evaluate as by_lines
from exercise.plain.play import play
from exercise.session.appending import open_writable
from exercise.session.database import open_store
from exercise.session.evaluating import LocalDesk, seat_for, sit_down
from exercise.session.logfile import open_log
from exercise.session.merging import merge
from exercise.session.session import Session
from exercise.session.store import import_log
from exercise.session.table import LocalTable
from exercise.session.verify import verify

WHY = "It came a day too late."


def ask(desk: LocalDesk, *commands: ec.EvaluationCommand) -> None:
    """What an evaluator asks at a desk."""
    for command in commands:
        asyncio.run(desk.submit(command))


def judge_all(desk: LocalDesk, *, lower: int = 0) -> None:
    """Confirms every mark, but changes the first so many to partly, or to neglected where they are partly."""
    for number, one in enumerate(desk.view().unjudged()):
        grade = one.mark.grade
        if number < lower:
            grade = Grade.PARTLY if grade is not Grade.PARTLY else Grade.NEGLECTED
        ask(desk, ec.JudgeMark(mark=one.id, grade=grade, reason=WHY))


@pytest.fixture
def session() -> Session:
    """An exercise after ENDEX."""
    return ended_session()


# What an evaluator sees


def test_a_dossier_holds_every_mark_with_its_clause_and_decision(session: Session) -> None:
    """Protects the look at each mark: what is proposed, what the text asks, what was offered and chosen."""
    dossier = desk_of(session, "averne").view().dossier
    assert {one.id for one in dossier.marks} == {mark.id for mark in marks()}
    told = next(one for one in dossier.marks if one.mark.commitment == "se-p7" and one.mark.occasion == "tell")
    assert told.decision is not None
    assert [option.chosen for option in told.decision.options] == [True, False, False]
    assert told.decision.reason.startswith("A partner should hear")
    assert dossier.clauses["se-p7"].honours
    assert {one.id for occasion in dossier.occasions() for one in occasion.marks} == {one.id for one in dossier.marks}


def test_the_record_stops_at_the_conduct(session: Session) -> None:
    """Protects blindness to outcomes: what an act led to, and all that came later, is not shown with it."""
    dossier = desk_of(session, "averne").view().dossier
    by_seq = {entry.seq: entry for entry in session.entries}
    for one in dossier.marks:
        batch = by_seq[one.mark.at].batch
        for line in dossier.record(one):
            late = line.seq >= batch and line.seq not in one.mark.entries
            assert not late or line.kind in ("answer", "act", "request"), line
            assert line.seq <= max(one.mark.entries), line
    assert any(line.kind == "message" for one in dossier.marks for line in dossier.record(one))


def test_a_teams_record_holds_nothing_of_others_or_behind_the_scenes(session: Session) -> None:
    """Protects the question "what did it know": another team's mail, hidden facts and flags are in no record."""
    dossier = desk_of(session, "averne").view().dossier
    belmark = {line.line for line in dossier.whole_record("belmark")}
    assert any("Thank you" in line.line for line in dossier.whole_record("averne"))
    assert not any("Thank you" in line for line in belmark)
    assert not any("Behind the scenes" in line.line for line in dossier.lines.values())
    crew = "A crew of criminals."
    assert crew not in TypeAdapter(Dossier).dump_json(dossier).decode()


def test_nobody_sees_anothers_marks_before_all_have_finished(session: Session) -> None:
    """Protects the two looks from one another: judgments, added marks, ratings and what is drawn from them are hidden.

    Only that the other is there, and whether the other has done, may show.
    """
    ana, ben = desk_of(session, "averne", "Ana"), desk_of(session, "University", "Ben")
    before = ana.view().standing
    judge_all(ben, lower=len(marks()))
    ask(ben, ec.Rate(objective="early", rating="U", strengths="SECRET words"))
    row: dict[str, Any] = {"team": "averne", "commitment": "se-p9a", "grade": "neglected", "entries": (2,)}
    ask(ben, ec.AddMark(**row, reason="SECRET reason of Ben"))
    assert ana.view().standing == before
    ask(ben, ec.FinishEvaluation())
    give(session, ec.AnswerMark(seat="averne", mark=_of("averne"), text="SECRET answer"))
    seen = TypeAdapter(Standing).dump_json(ana.view().standing).decode()
    assert "SECRET" not in seen and '"finished":true' in seen
    ask(ana, ec.FinishEvaluation())
    standing = ana.view().standing
    assert standing.others is not None and len(standing.others) == len(marks())
    assert standing.added and standing.answers == {_of("averne"): "SECRET answer"}


def _of(team: str) -> str:
    return next(mark.id for mark in marks() if mark.team == team)


def test_answers_are_read_after_ones_own_finish(session: Session) -> None:
    """Protects the judgment from being argued with while it is made."""
    ana = desk_of(session, "averne")
    desk_of(session, "University")
    give(session, ec.AnswerMark(seat="averne", mark=_of("averne"), text="We rang twice."))
    assert ana.view().standing.answers is None
    ask(ana, ec.FinishEvaluation())
    assert ana.view().standing.answers == {_of("averne"): "We rang twice."}


def test_whoever_has_not_sat_down_sees_nobodys_marks(session: Session) -> None:
    """Protects a third look: who comes later is shown nothing that was judged before."""
    ana, ben = desk_of(session, "averne"), desk_of(session, "University")
    judge_all(ana)
    ask(ana, ec.FinishEvaluation())
    ask(ben, ec.FinishEvaluation())
    seen = standing_of(session.scenario, session.reference, session.entries, "evaluator/later", ())
    assert seen.others is None and seen.settled is None and seen.answers is None and not seen.mine


def test_a_desk_tells_only_of_what_it_may_see(session: Session) -> None:
    """Protects blindness at a side door: not even that something changed shows while the other judges."""
    ana, ben = desk_of(session, "averne"), desk_of(session, "University")
    heard: list[str] = []
    stop = ana.subscribe(lambda: heard.append("changed"))
    ask(ben, ec.JudgeMark(mark=marks()[0].id, grade=marks()[0].grade))
    assert not heard
    ask(ana, ec.JudgeMark(mark=marks()[0].id, grade=marks()[0].grade))
    ask(ben, ec.FinishEvaluation())
    assert heard == ["changed", "changed"]
    stop()


def test_what_is_sent_to_a_door_comes_back_the_same(session: Session) -> None:
    """Protects remote desks: dossier and standing survive JSON."""
    desk = desk_of(session, "averne")
    judge_all(desk, lower=2)
    view: EvaluationView = desk.view()
    for value, kind in ((view.dossier, Dossier), (view.standing, Standing)):
        adapter: TypeAdapter[Any] = TypeAdapter(kind)
        assert adapter.validate_json(adapter.dump_json(value)) == value


# Sitting down


def test_a_seat_is_made_of_the_delegation_and_never_of_the_name(session: Session) -> None:
    """Protects people: a seat stays in the log for ever, also when names are taken out."""
    desk = desk_of(session, "Réseau de l'Université", "Ana Tarn")
    assert desk.seat == "evaluator/reseau-de-l-universite"
    assert "ana" not in desk.seat
    scenario, known = session.scenario, session.state.evaluation
    assert seat_for(scenario, known, "réseau DE l'université") == desk.seat
    assert seat_for(scenario, known, "Kingdom of Belmark") == "evaluator/belmark"
    assert seat_for(scenario, known, "大学").startswith("evaluator/")
    assert seat_for(scenario, known, "Reseau de l Universite") not in known.evaluators


def test_whoever_comes_back_goes_on(session: Session) -> None:
    """Protects the work of a first sitting: the same delegation finds its own judgments, nobody else's."""
    judge_all(desk_of(session, "averne", "Ana"))
    number = len(session.entries)
    assert not desk_of(session, "Averne").view().unjudged()
    assert len(session.entries) == number
    with pytest.raises(UsageError, match="Ana evaluates for that delegation"):
        desk_of(session, "averne", "Somebody else")


def test_before_endex_there_is_nothing_to_evaluate() -> None:
    """Protects play: one clear line, and no seat is taken."""
    with pytest.raises(UsageError, match="ENDEX"):
        sit_down(new_session(), "Ana", "averne")


# Keeping


def test_each_judgment_is_in_the_file_at_once(tmp_path: Path) -> None:
    """Protects an evaluator's work from a crash, and the file's own rights: whole or as it was, never between."""
    path = ended_file(tmp_path)
    path.chmod(0o640)
    before = lines_of(path)
    desk = desk_of(path, "averne", "Ana")
    judge_all(desk, lower=1)
    after = lines_of(path)
    assert after[: len(before)] == before and len(after) == len(before) + 1 + len(marks())
    assert stat.S_IMODE(path.stat().st_mode) == 0o640
    assert [file.name for file in tmp_path.iterdir()] == [path.name]
    account = verify(path, rules=True)
    assert account.ok, account


def test_two_at_one_file_lose_nothing(tmp_path: Path) -> None:
    """Protects both evaluators of one file: what the other wrote meanwhile is read before anything is decided."""
    path = ended_file(tmp_path)
    one, two = open_writable(path), open_writable(path)
    ana, ben = desk_of(one, "averne"), desk_of(two, "University")
    for number, mark in enumerate(marks()[:4]):
        ask(ana if number % 2 else ben, ec.JudgeMark(mark=mark.id, grade=mark.grade))
    ask(ana, ec.FinishEvaluation())
    ask(ben, ec.FinishEvaluation())
    state = open_log(path).state.evaluation
    assert len(state.judged) == 4 and state.all_finished
    assert verify(path, rules=True).ok


def test_a_file_that_was_exchanged_is_not_written_over(tmp_path: Path) -> None:
    """Protects another's log: an older copy put in the place of the open one is refused, and stays as it is."""
    path = ended_file(tmp_path)
    old = path.read_bytes()
    desk = desk_of(path, "averne")
    path.write_bytes(old)
    with pytest.raises(LogError, match="open it anew"):
        ask(desk, ec.FinishEvaluation())
    assert path.read_bytes() == old


def test_a_file_that_cannot_be_written_is_said_so(tmp_path: Path) -> None:
    """Protects from believing that something was kept: the refusal names the file, and the desk still shows the old."""
    folder = tmp_path / "log"
    folder.mkdir()
    path = ended_file(folder)
    desk = desk_of(path, "averne")
    path.unlink()
    with pytest.raises(LogError, match="cannot be read"):
        ask(desk, ec.JudgeMark(mark=marks()[0].id, grade=marks()[0].grade))
    assert not desk.view().standing.mine


def test_a_kept_session_is_evaluated_in_its_store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Protects sessions that were never exported: they are judged where they are kept, and verify after it."""
    monkeypatch.setenv("EXERCISE_DATA_DIR", str(tmp_path / "data"))
    name = import_log(open_store(), ended_file(tmp_path))
    judge_all(desk_of(open_writable(name), "averne", "Ana"))
    assert not desk_of(open_writable(name), "averne").view().unjudged()
    assert verify(open_store().load(name).file_lines(), rules=True).ok


# Two copies


@pytest.fixture
def copies(tmp_path: Path) -> tuple[Path, Path]:
    """A log and its copy, judged by one evaluator each, who differ on two marks."""
    mine, theirs = ended_file(tmp_path, "mine.jsonl"), ended_file(tmp_path, "theirs.jsonl")
    ana, ben = desk_of(mine, "averne", "Ana"), desk_of(theirs, "University", "Ben")
    judge_all(ana)
    judge_all(ben, lower=2)
    row: dict[str, Any] = {"team": "belmark", "commitment": "se-p9a", "grade": "partly", "entries": (4,)}
    ask(ben, ec.AddMark(**row, reason=WHY), ec.WriteAction(area="Contacts"), ec.Rate(objective="early", rating="M"))
    ask(ana, ec.WriteAction(area="Training"), ec.FinishEvaluation())
    ask(ben, ec.FinishEvaluation())
    return mine, theirs


def test_a_copys_marks_are_taken_in_and_twice_changes_nothing(copies: tuple[Path, Path]) -> None:
    """Protects two evaluators who never meet: one log holds both at the end, however often they are merged."""
    mine, theirs = copies
    done = merge(open_writable(mine), open_log(theirs))
    assert (done.known, done.refused) == (0, ()) and done.taken == len(marks()) + 5
    again = lines_of(mine)
    assert merge(open_writable(mine), open_log(theirs)).taken == 0
    back = merge(open_writable(theirs), open_log(mine))
    assert (back.known, back.refused) == (done.taken, ())
    assert lines_of(mine) == again
    for path in copies:
        state = open_log(path).state.evaluation
        assert state.all_finished and len(state.judged) == 2 * len(marks())
        assert {row.area for row in state.plan.values()} == {"Contacts", "Training"}
        assert verify(path, rules=True).ok


def test_second_thoughts_in_a_copy_are_merged_too(tmp_path: Path) -> None:
    """Protects an evaluator who finished, went on and finished again: the last word counts, as in their own copy."""
    mine, theirs = ended_file(tmp_path, "mine.jsonl"), ended_file(tmp_path, "theirs.jsonl")
    ana, ben = desk_of(mine, "averne", "Ana"), desk_of(theirs, "University", "Ben")
    ask(ana, ec.FinishEvaluation())
    mark = marks()[0]
    ask(ben, ec.FinishEvaluation(), ec.FinishEvaluation(done=False), ec.JudgeMark(mark=mark.id, grade=mark.grade))
    ask(ben, ec.FinishEvaluation())
    assert merge(open_writable(mine), open_log(theirs)).refused == ()
    state = open_log(mine).state.evaluation
    assert state.all_finished and (ben.seat, mark.id) in state.judged
    assert merge(open_writable(mine), open_log(theirs)).taken == 0


def test_only_copies_of_the_same_log_are_merged(copies: tuple[Path, Path], tmp_path: Path) -> None:
    """Protects the marks: those of another exercise, or of another person of one's own delegation, stay out."""
    mine, _ = copies
    other = new_session(pace="stepped")
    other.start()
    with pytest.raises(UsageError, match="no copy of the same log"):
        merge(open_writable(mine), other.log())
    same = ended_file(tmp_path, "same.jsonl")
    desk_of(same, "Averne", "Clara")
    with pytest.raises(UsageError, match="different delegations"):
        merge(open_writable(mine), open_log(same))


# The command line


def cli(*words: str, typed: str = "") -> tuple[int, str]:
    """What a command prints and its exit code, with lines typed into it."""
    result = CliRunner().invoke(app, [*words], input=typed)
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        assert isinstance(result.exception, ExerciseError), result.exception
        return result.exception.exit_code, str(result.exception)
    return result.exit_code, result.output


def test_the_command_takes_an_evaluator_through_by_lines(tmp_path: Path) -> None:
    """Protects those who cannot use a screen: everything can be done by lines, and is kept."""
    path = ended_file(tmp_path)
    # Each word or words between bars is a line that a person types.
    typed = (
        f"Averne|Ana|help|list|list low|next|show 1|record 1|entry 1|change 1 neglected|{WHY}|confirm|go 1|"
        "change 1 none|cancel|ratings|rate 1 S|Quick.|Contacts.|"
        "action|Contacts|Test them.|drills|exercises|CERT||May|June|plan|"
        f"add|1|se-p9a||1 2|partly|{WHY}|differences|frobnicate|finish|yes|finish|yes|quit"
    ).split("|")
    code, output = cli("evaluate", str(path), "--plain", typed="\n".join(typed) + "\n")
    assert code == 0, output
    assert "Averne" in output and "is shown once every evaluator has finished" in " ".join(output.split())
    assert "What the text asks" in output and "no command" in output
    evaluation = open_log(path).state.evaluation
    first = next(iter(evaluation.judged.values()))
    assert (first.grade, first.reason) == (Grade.NEGLECTED, WHY)
    assert evaluation.rated["evaluator/averne", "early", ""].strengths == "Quick."
    assert [(row.area, row.element, row.end) for row in evaluation.plan.values()] == [("Contacts", "exercises", "June")]
    assert [row.commitment for row in evaluation.added.values()] == ["se-p9a"]
    assert not evaluation.all_finished, "the second finish was to go on after all"


@pytest.mark.parametrize("language", ["en", "lv", "ro"])
def test_a_row_without_dates_says_nothing_of_them(session: Session, language: str) -> None:
    """Protects the plan by lines: a date that is not set leaves no "from … to" behind, in any language."""
    ana = desk_of(session, "averne", "Ana")
    ask(ana, ec.WriteAction(area="Contacts"), ec.WriteAction(area="Keys", start="May"))
    typed = iter(["plan", "quit"])
    lines: list[str] = []
    with speaking(language):
        by_lines(ana, lambda prompt: next(typed), lines.append)
    assert "1. Contacts" in lines and "2. Keys: May" in lines


def test_a_team_answers_by_lines(session: Session) -> None:
    """Protects the word of a team without a screen: it is asked for, shown again, and taken back by an empty line."""
    typed = iter(["answer 1 We rang twice.", "answer 1", "", "answer 1 Twice.", "quit"])
    lines: list[str] = []
    play(LocalTable(session, ("averne",), {}), lambda prompt: next(typed), lines.append)
    assert "Your team says to it: We rang twice." in lines and "Taken back." in lines
    assert list(session.state.evaluation.answered.values()) == ["Twice."]


def test_lines_settle_what_evaluators_differ_on(session: Session) -> None:
    """Protects settling for those without a screen."""
    ana, ben = desk_of(session, "averne", "Ana"), desk_of(session, "University", "Ben")
    judge_all(ana)
    judge_all(ben, lower=1)
    ask(ana, ec.FinishEvaluation())
    ask(ben, ec.FinishEvaluation())
    lines: list[str] = []
    typed: Iterator[str] = iter(["differences", "settle 1 partly", WHY, "settle 9 partly", "quit"])
    by_lines(ana, lambda prompt: next(typed), lines.append)
    assert any("University" in line for line in lines)
    assert any("Name the difference by its number" in line for line in lines)
    assert len(session.state.evaluation.settled) == 1


def test_a_number_reads_a_mark_and_judges_none(session: Session) -> None:
    """Protects from judging by a slip: marks are numbered as they stand, and a number alone never confirms them.

    A mark that control has set aside is said to be void, and is no part of what there is to do.
    """
    aside = marks()[0].id
    session.submit(VoidMark(mark=aside))
    ana = desk_of(session, "averne", "Ana")
    typed: Iterator[str] = iter(["1", "1", "2", "finish", "no", "quit"])
    lines: list[str] = []
    by_lines(ana, lambda prompt: next(typed), lines.append)
    assert not session.state.evaluation.judged
    text = " ".join(" ".join(lines).split())
    assert f"0 of {len(marks()) - 1} marks" in text and f"of {len(marks()) - 1} marks are not judged" in text
    assert "; void." in text and "What the text asks:" in text


def test_merge_and_agreement_on_the_command_line(copies: tuple[Path, Path]) -> None:
    """Protects the pass of two evaluators: one file in the end, the figures of their agreement, and each dissent."""
    mine, theirs = map(str, copies)
    code, output = cli("evaluate", mine, "--merge", theirs)
    assert code == 0 and f"Taken in: {len(marks()) + 5} entries" in output
    code, output = cli("evaluate", mine, "--agreement")
    assert code == 0 and "Krippendorff's alpha" in output and "Where they differ" in output and WHY in output
    code, output = cli("evaluate", mine, "--json")
    data = json.load(io.StringIO(output))
    assert (data["compared"], data["same"]) == (len(marks()), len(marks()) - 2)
    assert sum(row["status"] == "disputed" for row in data["marks"]) == 2


def test_what_cannot_be_evaluated_is_said_in_one_line(tmp_path: Path, copies: tuple[Path, Path]) -> None:
    """Protects whoever names the wrong thing: one clear line, exit code 2, no traceback."""
    unfinished = tmp_path / "going.jsonl"
    kept = ended()
    from exercise.session.logfile import write_log

    write_log(unfinished, kept.header, kept.lines[:5], kept.openings)
    for words in (
        [str(unfinished)],
        [str(unfinished), "--agreement"],
        [str(unfinished), "--delegation", "averne"],
        [str(tmp_path)],
        [str(copies[0]), "--merge", str(tmp_path / "none.jsonl")],
        [str(copies[0]), "--merge", str(unfinished)],
        [str(copies[0]), "--delegation", "x" * 99, "--plain"],
    ):
        code, output = cli("evaluate", *words)
        assert code == 2, (words, output)
        assert output.strip() and "Traceback" not in output
