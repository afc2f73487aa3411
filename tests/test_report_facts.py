"""What a report says of requests, moves, suggestions and marks is what the log holds, and nothing worse of anybody."""

from __future__ import annotations

import io
import re
import zipfile
from functools import cache

import pytest
from asking import FULL, KINDS, answer, send, world
from evaluated import desk_of, ended_session, give, marks
from given import FACTS
from test_report_reader import cells, request, told

from exercise.catalogue import load_reference
from exercise.core import commands as cmd
from exercise.core.evaluation import commands as ec
from exercise.core.evaluation.outcome import evaluated
from exercise.core.reasons import told as said_of_a_mark
from exercise.core.requests import commands as rq
from exercise.core.script import Grade
from exercise.errors import LogError
from exercise.language import speaking
from exercise.report import gather, pages_conduct, pages_course, pages_front
from exercise.report.agreement import Agreement
from exercise.report.blocks import Document, Figure, Heading, Table, shown
from exercise.report.charts import (
    Conduct,
    Flow,
    Line,
    Moment,
    Scale,
    Span,
    agreement_chart,
    indicators_chart,
    request_network,
    scorecard_chart,
    survey_chart,
    timeline_chart,
)
from exercise.report.model import AfterAction
from exercise.report.naming import Names
from exercise.report.pages_cards import cards
from exercise.report.parts import Counts
from exercise.report.record import record_of
from exercise.report.summary import summary
from exercise.report.summary_told import summary_told
from exercise.report.words import amount
from exercise.report.writing import files
from exercise.session.log import LoadedLog
from exercise.session.session import Session
from exercise.session.store import MemoryStore


@cache
def asked() -> LoadedLog:
    """Averne asks and tells Belmark things: some come there, some are refused, some go to a dead address."""
    kinds = [row | {"automatic": False} if row["id"] == "ping" else row for row in KINDS]
    scenario = world(request_kinds=kinds)
    session = Session.start_new(scenario, load_reference(), MemoryStore(), seed=3, session_id="s", pace="stepped")
    session.submit(cmd.StartExercise(facts=FACTS))
    steps: list[cmd.Command] = [
        send("preservation", 1, content=FULL),
        answer(1, "accept"),
        rq.FulfilRequest(seat="belmark", request=1, revision=2),
        send("preservation", 3, content=FULL),
        send("warning", 3),
        send("warning", 2),
        send("warning", 2, handling={"tlp": "red"}),
        rq.TakeConditions(seat="belmark", request=3, revision=1, accept=False),
        send("ping", 2),
        answer(4, "accept"),
        send("preservation", 1, content=FULL),
        rq.WithdrawRequest(seat="averne", request=7),
        cmd.AdvanceClock(play=400),
        cmd.EndExercise(),
    ]
    for step in steps:
        session.submit(step)
    return session.log()


@cache
def report() -> AfterAction:
    """The report of it."""
    return gather.gather(asked())


def test_nobody_is_said_to_have_left_unanswered_what_never_came() -> None:
    """Protects addressees: the data, both summaries and the picture tell a dead address from silence."""
    assert [row.outcome for row in report().requests] == [
        *("met", "failed", "failed", "met", "refused", "met", "withdrawn")
    ]
    text = " ".join(summary(report()))
    told_whole = " ".join(summary_told(report()))
    pages = list(pages_course.requests(report(), Names(report())))
    drawn = next(block for block in pages if isinstance(block, Figure))
    assert "one did not get through; of the others, one was met and one withdrawn" in text
    assert "never answered: 0; withdrawn: 1" in told_whole and "did not get through, so that nobody" in told_whole
    assert "never answered" not in text and "no answer" not in drawn.alt
    assert "1 did not get through" in drawn.alt


@pytest.mark.parametrize(
    ("ends", "says"),
    [
        (("failed",), "The one that asked for something did not get through."),
        (("failed", "failed"), "None of the two that asked for something got through."),
        (("unanswered", "unanswered"), "None of the two that asked for something was answered."),
        (("failed", "met"), "one did not get through and the other one was met."),
        (("failed", "met", "met"), "one did not get through and the other two were met."),
        (("met", "refused"), "one was met and one refused."),
    ],
)
def test_the_summary_tells_each_end_in_a_sentence(ends: tuple[str, ...], says: str) -> None:
    """Protects the English of the summary where all or some of the requests did not get through."""
    rows = tuple(request(number, outcome=end, status=end) for number, end in enumerate(ends, 1))
    text = " ".join(summary(told().model_copy(update={"requests": rows})))
    assert says in text


def stopped(**more: object) -> AfterAction:
    """The same report, of a game that goes on."""
    overview = told().overview.model_copy(update={"ended": False})
    return told().model_copy(update={"overview": overview, **more})


@pytest.mark.parametrize(
    ("ends", "says"),
    [
        (("open",), "The one that asked for something was still open"),
        (("open", "open"), "Both that asked for something were still open"),
        (("met", "open"), "one was met and one still open"),
    ],
)
def test_what_is_open_is_told_as_of_where_the_record_stops(ends: tuple[str, ...], says: str) -> None:
    """Protects the reader of half a game: it has come to no end at which something could be open."""
    rows = tuple(request(number, outcome=end, status=end) for number, end in enumerate(ends, 1))
    assert f"{says} at the end." in " ".join(summary(told().model_copy(update={"requests": rows})))
    assert f"{says} where the record stops." in " ".join(summary(stopped(requests=rows)))
    assert "at the end" not in " ".join(summary_told(stopped(requests=rows)))


@pytest.mark.parametrize(
    ("lasts", "ended", "stands"),
    [
        (
            (60, 40),
            "Of the two indicators that moved, one ended better than it began and one worse.",
            "Of the two indicators that moved so far, one stands better than it began and one worse.",
        ),
        (
            (60, 60),
            "Every indicator that moved ended better than it began.",
            "Every indicator that moved so far stands better than it began.",
        ),
        (
            (60, 60, 50),
            "Of the three indicators that moved, two ended better than they began and none worse.",
            "Of the three indicators that moved so far, two stand better than they began and none worse.",
        ),
    ],
)
def test_indicators_of_a_game_that_goes_on_stand_somewhere(lasts: tuple[int, ...], ended: str, stands: str) -> None:
    """Protects the summary: an indicator ends with the game, and one that came back to its beginning is no better."""
    rows = tuple(
        told().indicators[0].model_copy(update={"better": "higher", "points": ((0, 0, 50), (9, 9, 55), (99, 99, last))})
        for last in lasts
    )
    assert ended in " ".join(summary(told().model_copy(update={"indicators": rows})))
    assert stands in " ".join(summary(stopped(indicators=rows)))
    pages = list(pages_course.indicators(stopped(indicators=rows), Names(told())))
    tables = [block.table if isinstance(block, Figure) else block for block in pages]
    assert [table.columns[-1] for table in tables if isinstance(table, Table)] == ["So far", "So far"]


def test_a_picture_ends_where_the_record_does() -> None:
    """Protects who has the picture read out: a move that has just opened is not said to have lasted a minute."""
    [move, *_] = told().moves
    rows = (move.model_copy(update={"ends": 3600}), move.model_copy(update={"starts": 3600, "ends": 3600}))
    report = stopped(moves=rows, decisions=(), requests=())
    pages = [*pages_course.what_happened(report, Names(report)), *pages_course.indicators(report, Names(report))]
    course, _indicators = (block for block in pages if isinstance(block, Figure))
    assert course.alt.startswith("From T+0:00 to T+1:00; moves: 2.")


def test_pictures_are_told_truly_of_one_of_anything() -> None:
    """Protects who has pictures read out: one move and one request are no several, and a body is no team."""
    course = timeline_chart([Moment(0, "Averne", "inject")], [Span("1. Dawn", 0, 3600)], ["Averne"])
    assert course.alt == "From T+0:00 to T+1:00; moves: 1. Averne: inject 1."
    asked = request_network([Flow("Averne", "Europol", "met", 1)], ["Averne"])
    assert asked.alt == "Requests: 1; teams and bodies: 2; 1 met. Averne to Europol: 1 met."
    judged = agreement_chart(["honoured"], [[1]], "A. Rehn", "M. Oduya")
    assert judged.alt == "Marks that A. Rehn and M. Oduya judged: 1; the same: 1."
    answers = survey_chart([Scale("It was fair.", (0, 0, 0, 1, 0))], ("no", "yes"))
    assert "median 4 of 5, answers: 1." in answers.alt


def test_a_picture_says_what_stayed_and_what_it_leaves_out() -> None:
    """Protects who has pictures read out: what never moved went nowhere, and a list that is cut says so."""
    lines = [Line("Trust", ((0, 50.0), (60, 50.0)), "%"), Line("Loss", ((0, 1.0), (60, 3.0), (90, 1.0)))]
    assert indicators_chart(lines).alt == "Trust stayed at 50 %; Loss went from 1 to 1."
    flows = [Flow("Averne", f"Body {number}", "met", 1) for number in range(14)]
    assert request_network(flows).alt.endswith("Averne to Body 11: 1 met; 2 more.")


@pytest.mark.parametrize(
    ("counts", "says"),
    [
        ({"kept": 1}, "Averne kept the one clause it was tested on."),
        ({"kept": 2}, "Averne kept both clauses it was tested on."),
        ({"kept": 3}, "Averne kept all of the three clauses it was tested on."),
        ({"breached": 1}, "The one clause that Averne was tested on was breached."),
        ({"partly": 2}, "Averne kept none of the two clauses it was tested on; all were kept in part only."),
    ],
)
def test_the_summary_of_one_team_and_few_clauses_reads_as_one_would_say_it(counts: dict[str, int], says: str) -> None:
    """Protects the English of a short game: no "all of the one clause", and no teams where there is one."""
    team = told().teams[0].model_copy(update={"counts": Counts(**counts), "areas": (), "clauses": ()})
    text = " ".join(summary(told().model_copy(update={"teams": (team,)})))
    assert says in text and "by one team: Averne." in text
    assert "The team was put three decisions" in text


def test_a_card_of_nothing_tested_yet_is_no_form_to_fill_in() -> None:
    """Protects the card of a game that stopped early: it is read, and has no rules and room to write as a plan has."""
    clauses = tuple(
        row.model_copy(update={"status": "not-tested", "marks": (), "note": ""}) for row in told().teams[0].clauses
    )
    report = told().model_copy(update={"teams": (told().teams[0].model_copy(update={"clauses": clauses}),)})
    table = next(
        block for block in cards(report, Names(report)) if isinstance(block, Table) and "clause" in block.caption
    )
    page = files(Document("T", "S", (), (table,)), "html", "x")["x.html"]
    assert len(table.rows) > 2 and b'class="few"' in page


def test_before_startex_there_is_nothing_to_report() -> None:
    """Protects who asks too early: one line says why there is no report, and no fault of the program does."""
    session = Session.start_new(world(), load_reference(), MemoryStore(), seed=3, session_id="s", pace="stepped")
    with pytest.raises(LogError, match="has not begun; there is nothing to report before STARTEX"):
        gather.gather(session.log())


def test_the_record_counts_as_told_only_what_was_learnt() -> None:
    """Protects the second day: what did not get through, or was refused, stands in the record as such."""
    text = record_of(asked())
    assert "Averne told Belmark something unasked twice; one more did not get through, one more was refused." in text
    assert "Averne asked Belmark twice: one met, one withdrawn; one more did not get through." in text
    lines = re.findall(r"- \d\d:\d\d Averne to Belmark: (.+)", text)
    assert sum(line == "warning." for line in lines) == 1
    assert "warning. Did not get through." in lines and "warning. Answered at once; refused." in lines
    assert "preservation of stored data. Did not get through." in lines


def test_answers_are_counted_and_timed_alike() -> None:
    """Protects the figures of the first picture: an answered call counts, and the table of requests times it."""
    pages = list(pages_course.what_happened(report(), Names(report())))
    table = next(block.table for block in pages if isinstance(block, Figure))
    assert isinstance(table, Table)
    [belmark] = [row for row in table.rows if row[0] == "Belmark"]
    rows = cells(pages_course.requests(report(), Names(report())))["Cooperation requests"]
    assert belmark[-1] == "3" == str(sum(row[5] != "–" for row in rows))
    # The heads say what they count without the caption, which is printed nowhere.
    assert table.columns[1:4] == ("Messages to the whole team", "Decisions answered", "Decisions lapsed")


def test_endex_ends_a_move_that_it_falls_into() -> None:
    """Protects the table of moves: the last one ended when ENDEX came, not when it was planned to."""
    [move] = report().moves
    end = asked().entries[-1].exercise
    assert move.ends == end < 4 * 3600
    assert (
        cells(pages_course.what_happened(report(), Names(report())))[
            "Moves as they were played; play in hours and minutes"
        ][0][1]
        == "T+0:00 to T+1:20"
    )


@pytest.mark.parametrize("language", ["lv", "ro"])
def test_areas_are_called_alike_in_the_picture_and_on_the_cards(language: str) -> None:
    """Protects readers of another language: an area has its translated name beside the bars, and is not cut short."""
    with speaking(language):
        drawn = scorecard_chart([Conduct("Averne", "mutual legal assistance", kept=1)])
    assert drawn.table is not None and "mutual" not in shown(drawn.table.rows[0][1])


@pytest.mark.parametrize(
    ("language", "many", "small"),
    [("en", "1,394", "0.5 m"), ("lv", "1\u00a0394", "0,5 m"), ("ro", "1.394", "0,5 m")],
)
def test_figures_have_the_signs_of_the_language(language: str, many: str, small: str) -> None:
    """Protects readers of another language: to them 1,394 entries would be one and a bit."""
    with speaking(language):
        assert (amount(1394), amount(0.5, "m")) == (many, small)
        agreed = Agreement(2, compared=18, same=16, graded=18, alpha=0.5, why_not="", disagreements=()).words
    assert ("0,50" if language != "en" else "0.50") in agreed


@pytest.mark.parametrize("language", ["lv", "ro"])
def test_rated_objectives_stand_in_the_marks_of_the_language(language: str) -> None:
    """Protects the summary from English quotation marks around the title of an objective."""
    with speaking(language):
        text = " ".join(summary_told(told()))
    assert f"„{told().objectives[0].title}” S, M" in text


def test_every_way_of_ending_has_its_line_in_the_legend() -> None:
    """Protects the picture of requests: with all its ends drawn it still says what each line means."""
    ends = ("met", "partly", "refused", "unanswered", "failed", "withdrawn", "open")
    drawn = request_network([Flow("Averne", "Belmark", end, 1) for end in ends])  # type: ignore[arg-type]
    assert all(words in drawn.alt for words in ("did not get through", "withdrawn", "no answer", "still open"))


def test_a_suggestion_counts_clauses_and_is_said_to_be_the_objectives() -> None:
    """Protects tasks from a letter that looks like their own: the heads and the method say whose it is."""
    pages = list(pages_conduct.objectives(told(), Names(told())))
    tasks = [block for block in pages if isinstance(block, Table) and block.caption == "Critical tasks"]
    assert tasks and all(table.columns[-1] == "Suggested for the objective" for table in tasks)
    assert any("no clause belongs to one task" in shown(getattr(block, "text", "")) for block in pages)


def test_many_marks_under_one_clause_are_one_clause() -> None:
    """Protects suggestions: three good marks beside a low one under the same clause do not make it kept."""
    session = ended_session()
    desk_of(session, "Averne", "Ana")
    seat, own = "evaluator/averne", {"se-p7", "bc-15"}
    for mark in marks():
        if mark.team == "averne" and mark.commitment in own:
            give(session, ec.JudgeMark(seat=seat, mark=mark.id, grade=None, reason="It does not apply here."))
    for grade in (Grade.NEGLECTED, *[Grade.HONOURED] * 3):
        why = f"It was {grade.value} that day."
        give(session, ec.AddMark(seat=seat, team="averne", commitment="se-p7", grade=grade, reason=why, entries=(2,)))
    found = evaluated(session.scenario, session.reference, session.entries)
    assert {clause.grade for clause in found.scorecards["averne"].clauses if clause.commitment == "se-p7"} == {
        Grade.NEGLECTED
    }
    assert found.suggested("early", "word") == "U"


def test_where_nothing_was_tested_nothing_was_kept_or_missed() -> None:
    """Protects an objective without a test: it has no strengths and no areas for improvement, and that is all."""
    bare = {"strengths": (), "improvements": (), "ratings": (), "suggested": None}
    row = told().objectives[0].model_copy(update=bare)
    one = told().model_copy(update={"objectives": (row,)})
    texts = [getattr(block, "text", "") for block in pages_conduct.objectives(one, Names(one))]
    assert texts.count("No clause of this objective was tested.") == 2
    assert not any("that was tested" in text for text in texts)


def test_a_raised_mark_is_shown_with_what_raised_it() -> None:
    """Protects the analysis: a reason for the grade before does not stand alone beside what was honoured in the end."""
    point = next(point for row in told().objectives for point in row.strengths if point.marks)
    note = "raised one step: named, limited, told, came back (entries 4, 5)"
    raised = tuple(
        mark.model_copy(update={"adjustments": (note, "confirmed by 2 evaluators"), "judgments": (), "settled": ""})
        if mark.number == point.marks[0]
        else mark
        for mark in told().marks
    )
    one = told().model_copy(update={"marks": raised})
    tables = cells(pages_conduct.objectives(one, Names(one)))
    analysis = " ".join(row[2] for row in tables["What was kept, and what shows it"])
    assert "Raised one step: named, limited, told, came back (entries 4, 5)." in analysis
    assert "confirmed by" not in analysis.casefold()


@pytest.mark.parametrize("language", ["en", "lv", "ro"])
def test_an_analysis_does_not_repeat_its_heading(language: str) -> None:
    """Protects readers of every language from the same sentence after each reason: that a text is only observed."""
    with speaking(language):
        note = said_of_a_mark("observation: this text is observed and never scored", {})
        observed = tuple(mark.model_copy(update={"adjustments": (note,)}) for mark in told().marks)
        one = told().model_copy(update={"marks": observed})
        text = " ".join(
            cell for rows in cells(pages_conduct.objectives(one, Names(one))).values() for cell in map(str, rows)
        )
    assert one.marks[0].reason in text and note.casefold() not in text.casefold()


def test_a_row_of_the_plan_names_its_teams() -> None:
    """Protects who fills the plan in: each row that is offered says whom it is about, and where it comes from."""
    offered = [row for row in told().plan if not row.number]
    assert offered and all(row.teams for row in offered)
    pages = list(pages_front.plan(told()))
    rows = next(block.rows for block in pages if isinstance(block, Table))
    for action, row in zip(told().plan, rows, strict=False):
        assert shown(row[1]).split("\n")[1:] == [told().team_name(id) for id in action.teams]
    low = {
        (f"{clause.reference.title} ({clause.reference.cited})", team.id)
        for team in told().teams
        for clause in team.clauses
        if clause.status == "tested" and clause.grade is not Grade.HONOURED
    }
    assert {(row.area, id) for row in offered for id in row.teams} <= low


@pytest.mark.parametrize(
    "area", ["{title}", "more on  {TITLE}, soon", "se-p7: who is told", "Word to partners (SE-P7)"]
)
def test_a_row_that_names_a_clause_takes_it_up(area: str) -> None:
    """Protects the plan from empty rows for what people have planned already, typed as the screens call it."""
    session = ended_session()
    ana = desk_of(session, "averne", "Ana").seat
    before = [row.area for row in gather.gather(session.log()).plan]
    title = load_reference().commitment("se-p7").title
    give(session, ec.WriteAction(seat=ana, area=area.format(title=title, TITLE=title.upper()), action="Agree a form."))
    after = [row.area for row in gather.gather(session.log()).plan if not row.number]
    assert [row for row in before if row not in after] == [f"{title} (SEECP Chisinau 2008, point 7)"]


def test_no_paragraph_stands_alone_between_contents_and_first_page() -> None:
    """Protects the Word form: where the contents fill a page, nothing of them spills over and leaves an empty one."""
    heads = tuple(Heading(f"Part {number}", 1, f"p{number}") for number in range(3))
    made = files(Document("T", "", (), heads), "docx", "x")["x.docx"]
    with zipfile.ZipFile(io.BytesIO(made)) as package:
        text = package.read("word/document.xml").decode()
    paragraphs = re.findall(r"<w:p[ >].*?</w:p>", text, flags=re.DOTALL)
    last = max(place for place, each in enumerate(paragraphs) if "PAGEREF" in each)
    assert 'w:fldCharType="end"' in paragraphs[last] and 'w:type="page"' not in text
    assert "Part 0" in paragraphs[last + 1] and "<w:pageBreakBefore/>" in paragraphs[last + 1]
    assert text.count('"begin"') == text.count('"end"')
