"""Comparison: sessions side by side as they were, in the order given, with nothing added up and nobody ranked."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from support import SMALL, FakeClock, small_scenario
from typer.testing import CliRunner

from exercise.analysis.parting import common_pasts, decision_rows, parted_at
from exercise.analysis.side_by_side import Comparison, compare
from exercise.authoring.library import load_scenario
from exercise.catalogue import load_reference
from exercise.cli.commands import app
from exercise.cli.comparing import compare as compare_command
from exercise.cli.comparing import course_in_characters
from exercise.core.commands import ChooseResponse, ReopenDecision, ResumeClock
from exercise.core.evaluation.commands import EnrolEvaluator, JudgeMark
from exercise.core.scenario import Scenario
from exercise.core.script import Grade
from exercise.errors import ExerciseError, UsageError
from exercise.session.autoplay import drive
from exercise.session.bots import Policy, Scripted, make_bot
from exercise.session.fork import fork
from exercise.session.log import LoadedLog
from exercise.session.session import Session
from exercise.session.store import MemoryStore, export_log


def session_of(
    scenario: Scenario, store: MemoryStore, id: str, *, seed: int = 4, roster: Mapping[str, str] | None = None
) -> Session:
    """A session of a scenario after STARTEX, on a stepped clock."""
    clock = FakeClock()
    session = Session.start_new(
        scenario,
        load_reference(),
        store,
        seed=seed,
        session_id=id,
        roster=roster,
        now=clock,
        wall=clock.wall,
        pace="stepped",
    )
    session.start()
    return session


def play(session: Session, script: Mapping[str, str]) -> LoadedLog:
    """The log of a session of the small exercise, answered by a script to ENDEX."""
    bots = {"averne": Scripted(script), "belmark": Scripted(script)}
    drive(session.scenario, lambda: session.state, session.submit, bots)
    return session.log()


def small_log(
    script: Mapping[str, str], *, id: str = "s-1", seed: int = 4, store: MemoryStore | None = None
) -> LoadedLog:
    """A log of the small exercise."""
    return play(session_of(small_scenario(), store or MemoryStore(), id, seed=seed), script)


@pytest.fixture(scope="module")
def three() -> tuple[LoadedLog, ...]:
    """Three sessions: one that told at once, one that waited, one that never answered and stopped early."""
    stopped = session_of(small_scenario(), MemoryStore(), "s-3", roster={"averne": "people", "belmark": "random"})
    stopped.advance(120)
    return (
        small_log({"tell": "now", "statement": "speak"}, id="s-1"),
        small_log({"tell": "wait", "statement": "speak"}, id="s-2"),
        stopped.log(),
    )


@pytest.fixture(scope="module")
def found(three: tuple[LoadedLog, ...]) -> Comparison:
    """The three side by side."""
    return compare(three)


def test_courses_part_at_the_first_decision_answered_otherwise(found: Comparison) -> None:
    """Protects the question everybody asks first: what was answered alike, or not put, is not called different."""
    assert found.parted is not None and found.parted.decision == "tell"
    rows = {row.decision: row for row in found.decisions}
    assert [taken.short for taken in rows["tell"].taken] == ["A", "B", "open"]
    assert [taken.short for taken in rows["statement"].taken] == ["A", "A", "not put"]
    assert not rows["statement"].differs
    assert [taken.reason for taken in rows["tell"].taken] == ["As scripted.", "As scripted.", ""]


def test_the_last_answer_counts_and_own_words_are_compared_as_words() -> None:
    """Protects corrections and free options: a decision put again stands as it was answered then."""
    session = session_of(small_scenario(), MemoryStore(), "s-1")
    session.submit(ChooseResponse(seat="averne", decision="tell", revision=1, option="wait"))
    session.submit(ReopenDecision(decision="tell"))
    own = ChooseResponse(
        seat="averne", decision="tell", revision=2, free_text="We ring their police.", nearest="now", reason="Quicker."
    )
    session.submit(own)
    rows = decision_rows([session.log(), small_log({"tell": "now"})])

    first, second = rows[0].taken
    assert (first.ending, first.title, first.rounds, first.reason) == ("own", "We ring their police.", 2, "Quicker.")
    assert second.ending == "chosen" and parted_at(rows) is rows[0]


def test_sessions_of_one_course_do_not_part() -> None:
    """Protects against differences that are none: the same answers at another time of day are the same course."""
    logs = [small_log({"tell": "now"}, id=id) for id in ("s-1", "s-2")]
    found = compare(logs)
    assert found.parted is None and found.pasts == ()
    assert not any(profile.differing for profile in found.profiles)


def test_a_fork_shares_its_parents_past() -> None:
    """Protects what-ifs that people played: how much of two sessions is one and the same log is said to the entry."""
    store = MemoryStore()
    parent = session_of(small_scenario(), store, "s-1")
    parent.advance(120)
    kept = len(parent.entries)
    fork(parent.log(), kept, store, session_id="s-2")
    one = play(parent, {"tell": "now"})
    clock = FakeClock()
    forked = Session.resume(store, "s-2", now=clock, wall=clock.wall, pace="stepped")
    forked.submit(ResumeClock())
    other = play(forked, {"tell": "wait"})
    stranger = small_log({"tell": "now"}, id="s-3")

    (past,) = common_pasts([one, stranger, other])
    assert (past.earlier, past.later, past.entries) == (0, 2, kept)
    assert compare([one, other]).as_data()["common_past"] == [
        {"sessions": [1, 2], "entries": kept, "exercise": one.entries[kept - 1].exercise}
    ]


def test_profiles_stand_beside_each_other_clause_by_clause(found: Comparison) -> None:
    """Protects the conduct table: each clause with the moment that made it so, and counts never added up."""
    averne = next(profile for profile in found.profiles if profile.team == "averne")
    row = next(row for row in averne.differing if row.commitment == "se-p7")
    assert [stood.outcome for stood in row.stood] == ["kept", "neglected", "not tested"]
    assert row.stood[0].seq is not None and row.stood[0].occasion == "Tell Belmark?: Tell them now"
    for place, counts in enumerate(averne.counts):
        assert sum(area.counts[place].tested for area in averne.areas) == counts.tested
    data = json.dumps(found.as_data())
    assert "total" not in data and "rank" not in data.replace("nobody is ranked", "")


def test_facts_and_indicators_and_who_played(found: Comparison) -> None:
    """Protects the overview: what was true, where numbers ended and who sat there, each under its own session."""
    other = compare([small_log({"tell": "now"}, seed=4), small_log({"tell": "now"}, seed=9)])
    drawn = [row.facts["source"] for row in other.sessions]
    assert [row.fact for row in other.facts] == (["source"] if drawn[0] != drawn[1] else [])

    (trust,) = found.indicators
    assert trust.courses[0][0] == (0, 50) and trust.ends[0] == trust.courses[0][-1][1]
    assert trust.ends[0] != trust.ends[1]
    assert [row.ended for row in found.sessions] == [True, True, False]
    assert [row.marks for row in found.sessions] == ["as proposed at ENDEX"] * 2 + [
        "as proposed now, for the log has none"
    ]
    assert found.sessions[2].played_by == {"averne": "people", "belmark": "random"}
    assert any("Session 3 did not reach ENDEX" in note for note in found.notes)


def test_facts_that_differ_are_told() -> None:
    """Protects fairness: where luck was not the same, the reader is told before the figures."""
    logs = [small_log({"tell": "now"}, seed=seed) for seed in range(12)]
    values = [log.state.facts["source"] for log in logs]
    first = logs[values.index("insider")], logs[values.index("crew")]
    (row,) = compare(first).facts
    assert row.values == ("Somebody inside the operator.", "A crew of criminals.")


def test_evaluated_marks_stand_where_there_are_any() -> None:
    """Protects evaluators' work: their grades are compared, and that the other session has none is said."""
    session = session_of(small_scenario(), MemoryStore(), "s-1")
    proposed = play(session, {"tell": "now"})
    mark = compare([proposed, proposed]).profiles[0].clauses[0]
    assert mark.commitment == "se-p7"
    session.submit(EnrolEvaluator(seat="evaluator/k", name="K.", delegation="belmark"))
    id = next(m["id"] for e in proposed.entries for m in getattr(e.event, "marks", ()) if m["commitment"] == "se-p7")
    session.submit(JudgeMark(seat="evaluator/k", mark=id, grade=Grade.PARTLY, reason="It told only half of it."))

    found = compare([session.log(), proposed])
    row = next(row for row in found.profiles[0].differing if row.commitment == "se-p7")
    assert [stood.outcome for stood in row.stood] == ["partly", "kept"]
    assert [session.marks for session in found.sessions] == ["as one evaluator left them", "as proposed at ENDEX"]
    assert any("not of one kind" in note for note in found.notes)


def other_scenario() -> Scenario:
    """Another exercise with a team of the same name under another id."""
    data: dict[str, Any] = json.loads(json.dumps(SMALL).replace('"averne"', '"av"').replace("averne/", "av/"))
    return Scenario.model_validate({**data, "id": "second-leak", "title": "Second Leak"})


def test_one_team_is_followed_through_scenarios() -> None:
    """Protects a team's own learning: only what both tested is shown, under whatever id the team has there."""
    one = small_log({"tell": "now"})
    session = session_of(other_scenario(), MemoryStore(), "t-1")
    drive(
        session.scenario,
        lambda: session.state,
        session.submit,
        {"av": Scripted({"tell": "wait"}), "belmark": Scripted({})},
    )
    found = compare([one, session.log()], "averne")

    assert found.team == "Averne" and not found.one_scenario and found.decisions == () and found.indicators == ()
    (profile,) = found.profiles
    assert all(row.tested == 2 for row in profile.clauses)
    assert [stood.outcome for stood in profile.differing[0].stood] == ["kept", "neglected"]
    with pytest.raises(UsageError, match=r"different scenarios \(Small Leak, Second Leak\).*--team TEAM"):
        compare([one, session.log()])
    with pytest.raises(UsageError, match="'Small Leak' has no team 'cadria'; it has: averne, belmark"):
        compare([one, session.log()], "cadria")


def test_requests_are_counted_by_what_came_of_them() -> None:
    """Protects the request table: whatever a team sent is counted once, notices apart."""
    scenario = load_scenario("first-light")
    session = session_of(scenario, MemoryStore(), "s-1")
    reference = load_reference()
    bots = {team.id: make_bot(Policy.COOPERATIVE, scenario, reference, team.id, 1) for team in scenario.teams}
    drive(scenario, lambda: session.state, session.submit, bots)
    log = session.log()
    found = compare([log, log])

    for team, (counts, _) in found.requests.items():
        by_team = sum(request.by == team for request in log.state.requests.values())
        assert counts.sent + counts.told == by_team
        assert counts.sent == sum((counts.in_time, counts.late, counts.unanswered, counts.failed, counts.withdrawn))
    assert any(counts.in_time for counts, _ in found.requests.values())


def test_the_data_keeps_its_keys(found: Comparison) -> None:
    """Protects scripts that read it: the keys stay, and everything is plain JSON."""
    data = json.loads(json.dumps(found.as_data()))
    assert list(data) == [
        *("compare", "team", "one_scenario", "sessions", "notes", "common_past", "facts_that_differed", "parted_at"),
        *("decisions", "requests", "indicators", "profiles", "statement"),
    ]
    assert data["parted_at"] == "tell" and len(data["profiles"][0]["clauses"][0]["sessions"]) == 3


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, ...]:
    """Six sessions of the small exercise in files."""
    folder = tmp_path_factory.mktemp("logs")
    names = []
    for number in range(6):
        store = MemoryStore()
        small_log({"tell": "now" if number % 2 else "wait"}, id=f"s-{number}", store=store)
        export_log(store, f"s-{number}", folder / f"{number}.jsonl")
        names.append(str(folder / f"{number}.jsonl"))
    return tuple(names)


def test_any_number_of_sessions_fits_eighty_columns(files: tuple[str, ...], capsys: pytest.CaptureFixture[str]) -> None:
    """Protects terminals: more sessions go below each other, in the order given, and reasons come when asked for."""
    compare_command(files, None, False, None, False)
    text = capsys.readouterr().out
    assert all(len(line) <= 80 for line in text.splitlines() if ".jsonl" not in line and not line.startswith("     /"))
    assert text.index("session 4") < text.index("session 5") and "As scripted." not in text

    compare_command(files[:2], "Averne", True, None, False)
    text = capsys.readouterr().out
    assert "As scripted." in text and "Belmark: clauses" not in text


@pytest.mark.parametrize("ending", [".html", ".md"])
def test_it_is_written_as_a_page(ending: str, files: tuple[str, ...], tmp_path: Path) -> None:
    """Protects handing it on: a page that stands alone, with every session, where courses parted and the statement;
    who uses the same machine cannot read it."""
    pytest.importorskip("matplotlib")
    page = tmp_path / f"compared{ending}"
    compare_command(files[:3], None, True, str(page), False)
    text = page.read_text(encoding="utf-8")
    assert "Courses parted first" in text and "no finding about any State" in text and "As scripted." in text
    assert os.name == "nt" or page.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize(
    ("team", "out", "number", "says"),
    [
        (None, None, 1, "nothing to compare one log with"),
        ("nobody", None, 2, "has no team 'nobody'"),
        (None, "figures.docx", 2, "end the name in .html or .md"),
    ],
)
def test_what_cannot_be_compared_is_said_in_one_line(
    team: str | None, out: str | None, number: int, says: str, files: tuple[str, ...]
) -> None:
    """Protects whoever mistypes: one line says what is wrong and what to do."""
    with pytest.raises(ExerciseError) as refused:
        compare_command(files[:number], team, False, out, False)
    assert says in str(refused.value) and "\n" not in str(refused.value)


def test_a_course_is_drawn_over_the_storys_time() -> None:
    """Protects the small curves: evenly over time, as far as the session went, between the values it can have."""
    assert course_in_characters(((0, 0.0), (50, 100.0)), 100, 100, 0, 100) == "▁▁▁▁▁██████"
    assert course_in_characters(((0, 0.0), (20, 50.0)), 40, 100, 0, 100) == "▁▁▅▅▅      "
    assert course_in_characters((), 100, 100, 0, 100) == ""


def test_the_command_line_leads_to_it(files: tuple[str, ...]) -> None:
    """Protects the wiring: the command as it is typed prints data that a script can read."""
    done = CliRunner().invoke(app, ["compare", *files[:2], "--team", "averne", "--reasons", "--json"])
    assert done.exit_code == 0 and json.loads(done.stdout)["team"] == "Averne"
