"""The after-action report of a log: what it holds, where it traces to, and that any log worth a report gets one."""

from __future__ import annotations

import csv
import dataclasses
import io
import json
from collections.abc import Callable, Mapping
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from jsonschema import Draft202012Validator
from reported import interrupted, reported, unevaluated
from test_report_reader import request

from exercise.cli import main
from exercise.core.evaluation.commands import EnrolEvaluator, JudgeMark
from exercise.core.events import MarksProposed
from exercise.core.scorecard import Scorecard
from exercise.core.script import Grade
from exercise.errors import LogError
from exercise.report import conduct
from exercise.report.agreement import agreement
from exercise.report.blocks import Bullets, Document, Facts, Figure, Heading, Link, Paragraph, Place, Table
from exercise.report.compose import compose
from exercise.report.editions import report_of
from exercise.report.gather import STATEMENT
from exercise.report.pages_front import BLANK
from exercise.report.parts import Counts
from exercise.report.prose import blocks_of
from exercise.report.summary import by_bodies, summary
from exercise.report.tables import csv_files, safe
from exercise.session.fork import fork
from exercise.session.log import LoadedLog
from exercise.session.logfile import open_log, write_log
from exercise.session.redact import redact
from exercise.session.session import Session
from exercise.session.store import MemoryStore, stored


class Ran(NamedTuple):
    code: int
    out: str
    err: str


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Callable[..., Ran]:
    """The command as a shell runs it, in this process."""

    def ran(*words: str) -> Ran:
        monkeypatch.setattr("sys.argv", ["exercise", "report", *words])
        with pytest.raises(SystemExit) as left:
            main()
        said = capsys.readouterr()
        return Ran(int(left.value.code or 0), said.out, said.err)

    return ran


def written(log: LoadedLog, path: Path) -> Path:
    """The log as a file."""
    write_log(path, log.header_line, log.lines, log.openings.values())
    return path


def hot_wash_cards(log: LoadedLog) -> Mapping[str, Scorecard]:
    """The cards as the hot wash has them."""
    from exercise.core.evaluation.outcome import evaluated

    return evaluated(log.scenario, log.reference, log.entries).scorecards


@pytest.fixture(scope="module")
def document() -> Document:
    """The pages of the facilitator's edition, made once."""
    return compose(report_of(reported()))


def test_pages_have_every_part_of_the_form(document: Document) -> None:
    """Whoever knows an AAR/IP finds each of its parts, in its order, and the statement on the cover."""
    found = [block.text for block in document.blocks if isinstance(block, Heading) and block.level == 1]
    wanted = [
        "Exercise overview",
        "Executive summary",
        "What happened",
        "Analysis of objectives",
        "Conduct of the teams",
        "Cooperation requests",
        "Indicators over time",
        "Decisions",
        "Evaluators: agreement and dissent",
        "Survey of participants",
        "Improvement plan",
        "Participants",
        "Method",
        "Limits",
        "The record and its seal",
        "Timeline in full",
        "Marks and what shows them",
        "For exercise control only",
    ]
    assert found == wanted
    assert document.statement == STATEMENT and "no finding about any State" in STATEMENT


def test_headings_of_one_rank_have_one_level(document: Document) -> None:
    """A level left out would be lowered for the first heading alone, and the next would stand below it."""
    levels = [block.level for block in document.blocks if isinstance(block, Heading)]
    assert all(level <= before + 1 for before, level in pairwise(levels))


def test_every_link_leads_somewhere(document: Document) -> None:
    """A mark traces to its moment by following links, so none may lead nowhere."""
    cells = [cell for block in document.blocks if isinstance(block, Table) for row in block.rows for cell in row]
    cells += [cell for block in document.blocks if isinstance(block, Facts) for _, cell in block.rows]
    places = {cell.anchor for cell in cells if isinstance(cell, Place)}
    places |= {block.anchor for block in document.blocks if isinstance(block, Heading)}
    assert {cell.anchor for cell in cells if isinstance(cell, Link)} <= places


def test_a_brief_report_ends_before_the_appendices(run: Callable[..., Ran], tmp_path: Path) -> None:
    """Who reads the findings alone gets no hundred pages, and no link in them leads to what was left out."""
    log = str(written(reported(), tmp_path / "log.jsonl"))
    made = run(log, "--out", str(tmp_path), "--format", "md", "--brief")
    assert made.code == 0
    text = (tmp_path / "reported-1-report-brief.md").read_text(encoding="utf-8")
    assert "# The record and its seal" in text and "every mark in the whole report" in text
    assert "# Timeline in full" not in text and "exercise control only" not in text and "](#mark-" not in text


def test_the_first_page_says_nothing_twice(document: Document) -> None:
    """Two facts with one text would leave a reader looking for the difference."""
    rows = next(block.rows for block in document.blocks if isinstance(block, Facts))
    assert len({text for _, text in rows if text != BLANK}) == len([text for _, text in rows if text != BLANK])
    assert "Core capabilities tested" in dict(rows)


def test_the_authors_guide_reads_as_it_was_written() -> None:
    """Headings, lists and tables of the guide are such in the report, and no sign of Markdown stays in them."""
    guide = "# Guide\n\nTake **four** rooms.\n\n## Roles\n\n- one\n  - below\n- `two`\n\n"
    guide += "| A | B |\n|---|---|\n| 1 | *2* |\n"
    assert list(blocks_of(guide, 3)) == [
        Heading("Guide", 3),
        Paragraph("Take four rooms."),
        Heading("Roles", 4),
        Bullets(("one\n– below", "two")),
        Table(("A", "B"), (("1", "2"),)),
    ]
    assert list(blocks_of("1. a\n2. b\n\n<b>c</b>", 3)) == [Bullets(("a", "b"), numbered=True), Paragraph("<b>c</b>")]


def test_cards_count_what_was_seen() -> None:
    """A simulation, the hot wash and the report tell the same: an observed clause counts once something was seen."""
    log = reported()
    card = hot_wash_cards(log)["averne"]
    seen = next(clause for clause in card.clauses if clause.status == "observed")
    blind = dataclasses.replace(card, clauses=(*card.clauses, dataclasses.replace(seen, grade=None, marks=())))
    for rows in (conduct.areas(blind), conduct.instruments(blind)):
        assert sum(row.observed for row in rows) == 1
        assert sum(row.not_tested for row in rows) == sum(clause.status == "not-tested" for clause in card.clauses)
    unable = conduct.areas(hot_wash_cards(log)["belmark"])
    assert [(row.title, row.not_tested) for row in unable if row.unable] == [("mutual legal assistance", 0)]


def test_a_team_of_which_nothing_is_scored_has_no_table_of_noughts() -> None:
    """A page of noughts says nothing; the observed clauses below do."""
    report = report_of(reported())
    team = report.teams[0]
    observed = tuple(clause for clause in team.clauses if clause.status == "observed")
    areas = tuple(row for row in team.areas if row.observed)
    bare = team.model_copy(update={"counts": Counts(), "clauses": observed, "areas": areas, "instruments": areas})
    document = compose(report.model_copy(update={"teams": (bare, *report.teams[1:])}))
    captions = {block.caption for block in document.blocks if isinstance(block, Table)}
    assert "Averne by clause" in captions and not captions & {"Averne by area", "Averne by text"}


def test_requests_of_bodies_are_told_apart() -> None:
    """A comparison counts what teams sent, so the report says how many of its requests came from elsewhere."""
    report = report_of(reported())
    sent = request(1, source="europol", wants_answer=False)
    own = request(2, source="averne", wants_answer=False)
    assert by_bodies(report.model_copy(update={"requests": (own,)})) == ""
    other = report.model_copy(update={"requests": (own, sent)})
    assert by_bodies(other) == " (one by a body that exercise control played)"
    assert any(by_bodies(other) in text for text in summary(other))


def test_every_mark_traces_to_entries() -> None:
    """A mark without clause, reason or entry of the log would be an opinion."""
    report = report_of(reported())
    for mark in report.marks:
        assert mark.entries and mark.reason and mark.reference.clause and mark.exercise >= 0
        assert max(mark.entries) <= report.trust.entries


def test_what_evaluators_left_is_what_counts() -> None:
    """Settled, disputed, added and answered marks are told apart, and figures follow what stands."""
    report = report_of(reported())
    by_status = {mark.status: mark for mark in report.marks}
    assert by_status["settled"].grade is Grade.NEGLECTED and by_status["settled"].proposed is Grade.PARTLY
    assert by_status["disputed"].grade is by_status["disputed"].proposed
    assert by_status["added"].added_by == 1
    assert {row.status for row in report.marks} >= {"agreed", "settled", "disputed", "added"}
    assert [row.ratings[0].rating for row in report.objectives] == ["S"]
    assert report.agreement is not None and len(report.agreement.disagreements) == 2


def test_agreement_is_told_with_what_it_is_made_of(document: Document) -> None:
    """Alpha ignores a judgment that a mark does not apply, percent does not; identical grades give no alpha."""
    from exercise.core.evaluation.outcome import evaluated

    log = reported()
    found = agreement(evaluated(log.scenario, log.reference, log.entries))
    assert (found.compared, found.same) == (8, 6)
    assert found.percent == 75
    assert found.alpha is not None and 0.9 < found.alpha < 1
    drawn = next(b for b in document.blocks if isinstance(b, Figure) and b.caption.startswith("Marks that both"))
    assert drawn.table is not None
    counts = [[int(str(cell)) for cell in row[1:]] for row in drawn.table.rows]
    assert (sum(map(sum, counts)), sum(row[n] for n, row in enumerate(counts))) == (found.compared, found.same)
    none = agreement(evaluated(log.scenario, log.reference, unevaluated().entries))
    assert none.percent is None and none.alpha is None and "nothing can be said" in none.words


def test_survey_is_counted(document: Document) -> None:
    """A scale gives counts and a median; words are listed, and those for one team stay with exercise control."""
    report = report_of(reported())
    scale, words = report.survey
    assert (scale.counts, scale.median, scale.given) == ((0, 0, 0, 2, 1), 4, 3)
    assert len(words.words) == 2
    drawn = next(b for b in document.blocks if isinstance(b, Figure) and b.caption == "Answers by scale")
    assert drawn.table is not None and drawn.table.columns[-1] == "Median" and drawn.table.rows[0][-1] == "4"
    assert "mean" not in drawn.alt and "mean" not in drawn.svg
    assert report.control is not None and [row.team for row in report.control.team_survey] == ["averne"]


def test_plan_keeps_rows_and_offers_the_rest() -> None:
    """Rows kept in the log come first; each area for improvement that none takes up is a row to fill in."""
    report = report_of(reported())
    assert [row.number for row in report.plan][:2] == [1, 0]
    low = {
        clause.reference.title
        for team in report.teams
        for clause in team.clauses
        if clause.grade in ("neglected", "breached")
    }
    offered = " ".join(row.area for row in report.plan)
    assert all(title in offered for title in low)


def test_options_never_offered_stand_in_no_report() -> None:
    """What a team was not shown would tell what might have come."""
    report = report_of(reported())
    offered = {row.id: len(row.options) for row in report.decisions}
    assert offered["tell"] == 3 and offered["statement"] == 2
    assert next(row for row in report.decisions if row.id == "statement").times_put == 2


def test_summary_is_made_of_facts_of_the_record() -> None:
    """The executive summary says what was played, how each team did and what evaluators rated."""
    course, conduct, indicators, lessons, ratings = report_of(reported()).summary
    assert "three decisions" in course and "Averne and Belmark" in course
    assert "Averne kept two of the four clauses" in conduct and "breached one" in conduct
    assert "moved" in indicators and lessons.startswith("Among what went well, ")
    assert ratings.startswith("The evaluators rated “Tell early” S and M.")


def test_unevaluated_and_interrupted_logs_say_so() -> None:
    """Proposals are called proposals, and a report before ENDEX is an interim one."""
    assert "proposals of the program" in report_of(unevaluated()).notices[0]
    interim = report_of(interrupted())
    assert interim.notices[0].startswith("Interim report") and not interim.truth
    assert compose(interim).subtitle.startswith("Interim")


def test_an_interim_report_tells_no_move_further_than_it_was_played() -> None:
    """Protects the reader of half a game: table and picture end where the log does, and not where the plan would."""
    log = interrupted()
    played, planned = log.entries[-1].exercise, max(move.ends for move in log.scenario.moves)
    assert report_of(log).moves[-1].ends == played < planned


def test_a_report_is_no_way_to_look_at_the_other_evaluator() -> None:
    """While an evaluator is at work, judgments stay out of the report: they are blind to each other."""
    store = MemoryStore()
    store.create(stored(unevaluated()))
    session = Session.resume(store, "reported-1")
    proposed = next(e.event for e in session.entries if isinstance(e.event, MarksProposed))
    mark = str(proposed.marks[0]["id"])
    session.submit(EnrolEvaluator(seat="evaluator/one", name="One", delegation="averne"))
    session.submit(JudgeMark(seat="evaluator/one", mark=mark, grade=Grade.BREACHED, reason="I see it otherwise here."))
    report = report_of(session.log())
    assert "still at work" in report.notices[0]
    assert not any(row.judgments for row in report.marks) and {row.status for row in report.marks} == {"proposed"}


def test_redacted_log_says_what_is_gone(tmp_path: Path) -> None:
    """A report of a redacted log is made, with its gaps named; without the scenario there is one clear line."""
    log = open_log(written(reported(), tmp_path / "whole.jsonl"))
    redact(log, tmp_path / "redacted.jsonl")
    report = report_of(open_log(tmp_path / "redacted.jsonl"))
    assert any("taken out of this log" in text for text in report.notices)
    assert report.decisions[0].reason == "[redacted]"
    redact(log, tmp_path / "bare.jsonl", secrets=True)
    with pytest.raises(LogError, match="taken out of this log, or cut off with its end, and nothing can be told"):
        report_of(open_log(tmp_path / "bare.jsonl"))


def test_fork_says_where_it_comes_from() -> None:
    """A reader must know which part of a session was played in another."""
    store = MemoryStore()
    log = reported()
    name = fork(log, 20, store, session_id="reported-2")
    report = report_of(store.load(name).log())
    assert any("forked from another, reported-1" in text for text in report.notices)
    assert report.notices[0].startswith("Interim report")


def test_csv_is_safe_in_a_spreadsheet() -> None:
    """What a participant typed must not run: a cell that looks like a formula is text, and numbers stay numbers."""
    assert [safe(text) for text in ("=1+1", "+1", "-1", "@SUM(A1)", "\tx", "plain", -1)] == [
        "'=1+1",
        "'+1",
        "'-1",
        "'@SUM(A1)",
        "'\tx",
        "plain",
        -1,
    ]
    made = csv_files(report_of(reported()))
    wanted = {"marks", "clauses", "ratings", "decisions", "requests", "indicators", "timeline", "survey", "plan"}
    assert set(made) == {f"{name}.csv" for name in wanted}
    for content in made.values():
        rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))
        assert len({len(row) for row in rows}) == 1
        assert not [cell for row in rows for cell in row if cell.startswith(("=", "@"))]


@pytest.mark.parametrize("edition", ["facilitator", "anonymous"])
def test_json_fits_its_documented_schema(run: Callable[..., Ran], edition: Any) -> None:
    """An analyst's program may trust the schema that the command prints, and every field in it is explained."""
    schema = json.loads(run("--schema").out)
    Draft202012Validator.check_schema(schema)
    data = json.loads(report_of(reported(), edition).model_dump_json())
    assert not list(Draft202012Validator(schema).iter_errors(data))
    assert data["after-action"] == 1 and data["statement"] == STATEMENT


def test_command_writes_and_never_overwrites(run: Callable[..., Ran], tmp_path: Path) -> None:
    """Files are named after the session; what stands there already is left alone."""
    log, out = str(written(reported(), tmp_path / "log.jsonl")), tmp_path / "out"
    first = run(log, "--out", str(out), "--format", "json", "--format", "csv")
    assert first.code == 0 and "reported-1-report.json" in first.out and "kB" in first.out
    made = out / "reported-1-report.json"
    assert made.stat().st_mode & 0o077 == 0
    before = made.read_bytes()
    again = run(log, "--out", str(out), "--format", "json")
    assert again.code == 2 and "there is a file already" in again.err
    assert made.read_bytes() == before
    named = run(log, "--out", str(tmp_path / "mine.json"), "--edition", "anonymous")
    assert named.code == 0 and (tmp_path / "mine.json").exists()


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["--format", "odt"], "no form of the report"),
        (["--edition", "press"], "no edition"),
        (["--out", "x.pdf", "--format", "csv"], "names one pdf file"),
        (["--out", "x.odt"], "'odt' is no form of the report"),
        (["--brief", "--format", "json"], "csv and json have none"),
        (["--templates", "nowhere", "--format", "md"], "no such folder of templates"),
    ],
)
def test_wrong_use_is_one_clear_line(run: Callable[..., Ran], tmp_path: Path, words: list[str], says: str) -> None:
    """A slip on the command line is told with what there is instead."""
    log = str(written(unevaluated(), tmp_path / "log.jsonl"))
    found = run(log, "--out", str(tmp_path / "o"), *words)
    assert found.code == 2 and says in found.err and "Traceback" not in found.err
