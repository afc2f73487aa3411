"""What-if: every way on starts from the log as it was, with the same facts, by legal commands, and adds up the same."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support import SMALL, FakeClock, small_scenario
from typer.testing import CliRunner

from exercise.analysis.many import MIXED, Desk
from exercise.analysis.moment import Moment, moment_of
from exercise.analysis.playing_on import _UNMARKED, PlayedOn, begin, play_on
from exercise.analysis.tally import KEPT, UNTESTED, outcome_of, spread_of
from exercise.analysis.whatif import WhatIf, spread
from exercise.authoring.library import load_scenario
from exercise.catalogue import load_reference
from exercise.cli.commands import app
from exercise.cli.what_if import bar, whatif
from exercise.core import events as ev
from exercise.core.assess import assess
from exercise.core.commands import ChooseResponse, CloseMove, PauseClock, ReopenDecision, WriteNote
from exercise.core.control.commands import DrawCurtain
from exercise.core.control.events import FactSet
from exercise.core.scenario import Scenario
from exercise.core.teamwork.commands import CastVote, TakeSeat
from exercise.errors import ExerciseError, UsageError
from exercise.session.autoplay import drive
from exercise.session.bots import Bot, Policy, Scripted, Silent, make_bot
from exercise.session.log import LoadedLog
from exercise.session.redact import redact
from exercise.session.session import Session
from exercise.session.store import MemoryStore, export_log

SCRIPT = {"tell": "now", "statement": "silent"}
OTHERS = {"statement": "silent"}
"""The same without the decision that is taken for them."""


def session_of(scenario: Scenario, *, seed: int = 4, store: MemoryStore | None = None, id: str = "s-1") -> Session:
    """A session of a scenario after STARTEX, on a stepped clock."""
    clock = FakeClock()
    session = Session.start_new(
        scenario,
        load_reference(),
        store or MemoryStore(),
        seed=seed,
        session_id=id,
        now=clock,
        wall=clock.wall,
        pace="stepped",
    )
    session.start()
    return session


def to_endex(session: Session, bots: Mapping[str, Bot]) -> LoadedLog:
    """The log of a session that bots play to ENDEX."""
    drive(session.scenario, lambda: session.state, session.submit, bots)
    return session.log()


def scripted(script: Mapping[str, str] = SCRIPT) -> dict[str, Bot]:
    """Bots of the small exercise that answer by a script."""
    return {"averne": Scripted(script), "belmark": Scripted(script)}


def small_log(script: Mapping[str, str] = SCRIPT) -> LoadedLog:
    """A log of the small exercise, answered by a script."""
    return to_endex(session_of(small_scenario()), scripted(script))


def way_on(log: LoadedLog, name: str, key: str, bots: Mapping[str, Bot]) -> tuple[Moment, PlayedOn]:
    """One way on, played to ENDEX."""
    moment = moment_of(log, name)
    start = begin(moment)
    way = next(way for way in moment.ways(start.state) if way.key == key)
    return moment, play_on(moment, start, way, bots)


def answers(course: PlayedOn, decision: str) -> list[ev.Event]:
    """How a decision ended in a course, each time it did."""
    ended = (ev.ResponseChosen, ev.DecisionLapsed)
    return [
        entry.event for entry in course.entries if isinstance(entry.event, ended) and entry.event.decision == decision
    ]


@pytest.fixture(scope="module")
def played() -> LoadedLog:
    """A whole short exercise of the library, played by cooperative bots, which know no chance."""
    scenario = load_scenario("first-light")
    session = session_of(scenario)
    return to_endex(session, cooperative(scenario))


def cooperative(scenario: Scenario) -> dict[str, Bot]:
    """Cooperative bots for every team."""
    reference = load_reference()
    return {team.id: make_bot(Policy.COOPERATIVE, scenario, reference, team.id, 1) for team in scenario.teams}


def test_the_way_taken_with_the_same_players_is_what_happened(played: LoadedLog) -> None:
    """Protects every figure beside the log: from any decision on, the same answers come to the same marks and numbers.

    Within one instant bots may act in another order than they did, so the entries are compared where one acts alone.
    """
    bots = cooperative(played.scenario)
    really = outcome_of(assess(played.scenario, played.reference, played.entries), played.state)
    decisions = [e.event.decision for e in played.entries if isinstance(e.event, ev.DecisionOpened)]
    assert len(decisions) > 3

    for decision in decisions:
        moment = moment_of(played, decision)
        start = begin(moment)
        way = next(way for way in moment.ways(start.state) if way.taken)
        course = play_on(moment, start, way, bots)
        assert outcome_of(assess(played.scenario, played.reference, course.entries), course.state) == really, decision


def test_every_way_keeps_the_past_and_the_facts(played: LoadedLog) -> None:
    """Protects the comparison itself: no way rewrites an entry, changes a hidden fact or stops before ENDEX."""
    decision = next(e.event.decision for e in played.entries if isinstance(e.event, ev.DecisionOpened))
    moment = moment_of(played, decision)
    start = begin(moment)
    ways = moment.ways(start.state)
    assert [way.key for way in ways][-1] == "lapse" and len(ways) > 2

    for way in ways:
        course = play_on(moment, start, way, cooperative(played.scenario))
        past = [entry for entry in moment.past if not isinstance(entry.event, _UNMARKED)]
        assert course.entries[: len(past)] == past
        assert course.state.facts == played.state.facts and course.state.clock.phase == "ended"
        assert not any(isinstance(entry.event, FactSet) for entry in course.entries)
        assert [entry.seq for entry in course.entries[len(past) :]] == list(
            range(len(moment.past) + 1, len(moment.past) + 1 + len(course.entries) - len(past))
        )
    assert start.entries == past, "playing on changed the moment that all ways start from"


def test_the_other_option_is_taken_at_the_moment_of_the_answer() -> None:
    """Protects timeliness: an option not taken then is not marked as late, nor earlier than the team could answer."""
    session = session_of(small_scenario())
    session.advance(240)
    session.submit(ChooseResponse(seat="averne", play=240, decision="tell", revision=1, option="now", reason="Early."))
    log = to_endex(session, scripted())

    _, course = way_on(log, "tell", "B", scripted(OTHERS))
    (answer,) = answers(course, "tell")
    assert isinstance(answer, ev.ResponseChosen) and (answer.option, answer.reason) == ("wait", "Early.")
    assert [entry.play for entry in course.entries if entry.event is answer] == [240]


def test_letting_it_lapse_leaves_the_rest_to_the_bots() -> None:
    """Protects the last way: that team leaves this one decision unanswered, and everything else is still answered."""
    log = small_log()
    _, course = way_on(log, "tell", "lapse", scripted())

    assert isinstance(answers(course, "tell")[0], ev.DecisionLapsed)
    assert isinstance(answers(course, "statement")[0], ev.ResponseChosen)


def test_a_lapse_in_the_log_is_the_way_taken() -> None:
    """Protects logs in which nobody answered: every option could be taken a second before, and lapsing is real."""
    log = to_endex(session_of(small_scenario()), {"averne": Silent(), "belmark": Silent()})
    moment, course = way_on(log, "tell", "A", scripted())
    ways = moment.ways(begin(moment).state)

    assert moment.how == "lapsed" and [way.key for way in ways if way.taken] == ["lapse"]
    (answer,) = answers(course, "tell")
    assert isinstance(answer, ev.ResponseChosen) and answer.reason == "As scripted."


def test_own_words_are_a_way_where_the_team_used_them() -> None:
    """Protects free options: the team's proposal is played as it was, and none is made up where there was none."""
    session = session_of(small_scenario())
    words = ChooseResponse(
        seat="averne", decision="tell", revision=1, free_text="We call their minister first.", nearest="now"
    )
    session.submit(words)
    log = to_endex(session, scripted())
    moment, course = way_on(log, "tell", "own", scripted())

    (answer,) = answers(course, "tell")
    assert isinstance(answer, ev.ResponseChosen)
    assert (answer.option, answer.free_text, answer.nearest) == (None, "We call their minister first.", "now")
    assert [way.key for way in moment.ways(begin(moment).state)] == ["A", "B", "own", "lapse"]
    assert "own" not in [way.key for way in moment_of(small_log(), "tell").ways(begin(moment).state)]


def test_a_decision_put_twice_has_two_moments() -> None:
    """Protects corrections: `#2` means the second time it was put, and its answer is played under that revision."""
    session = session_of(small_scenario())
    session.submit(ChooseResponse(seat="averne", decision="tell", revision=1, option="wait"))
    session.submit(ReopenDecision(decision="tell", why="They misread it."))
    log = to_endex(session, scripted())

    first, second = moment_of(log, "tell"), moment_of(log, "tell#2")
    assert (first.answer and first.answer.option, second.answer and second.answer.option) == ("wait", "now")
    _, course = way_on(log, "tell#2", "B", scripted(OTHERS))
    assert [answer.option for answer in answers(course, "tell") if isinstance(answer, ev.ResponseChosen)] == [
        "wait"
    ] * 2
    with pytest.raises(UsageError, match="put 2 times in this log; there is no #3"):
        moment_of(log, "tell#3")


@pytest.mark.parametrize("mode", ["vote", "consensus"])
def test_a_team_that_votes_takes_each_way_by_its_votes(mode: str) -> None:
    """Protects fork and rules: those who sat there cast the votes, whatever some of them had voted before."""
    data: dict[str, Any] = json.loads(json.dumps(SMALL))
    data["teams"][0]["mode"] = mode
    session = session_of(Scenario.model_validate(data))
    for seat in ("averne/lead", "averne/police"):
        session.submit(TakeSeat(seat=seat, name="K."))
    session.submit(CastVote(seat="averne/police", decision="tell", revision=1, option="wait"))
    session.submit(CastVote(seat="averne/lead", decision="tell", revision=1, option="wait", reason="Not sure yet."))
    log = to_endex(session, {"belmark": Scripted(SCRIPT)})

    for key, option in (("A", "now"), ("B", "wait")):
        moment, course = way_on(log, "tell", key, scripted(OTHERS))
        (answer,) = answers(course, "tell")
        assert isinstance(answer, ev.ResponseChosen) and answer.option == option and answer.reason == "Not sure yet."
        assert moment.answer is not None and moment.answer.option == "wait"


def test_a_stopped_clock_and_a_drawn_curtain_do_not_stop_the_bots() -> None:
    """Protects logs of real rooms: a pause or an emergency at that moment is over when bots play on."""
    session = session_of(small_scenario())
    session.advance(60)
    session.submit(DrawCurtain(kind="no-duff", text="A fire alarm."))
    session.submit(CloseMove(lapse_open=True))
    _, course = way_on(session.log(), "tell", "A", scripted())
    assert course.state.clock.phase == "ended"

    session = session_of(small_scenario())
    session.submit(PauseClock())
    session.submit(ChooseResponse(seat="averne", decision="tell", revision=1, option="wait"))
    _, course = way_on(session.log(), "tell", "A", scripted())
    assert course.state.clock.phase == "ended"


def test_a_log_that_stops_with_the_decision_open_can_be_played_on() -> None:
    """Protects a what-if in the middle of a session: no answer yet is no way taken, and the figures say so."""
    session = session_of(small_scenario())
    found = spread(session.log(), "tell", runs=2)

    assert found.how == "open" and not found.ended and not any(way.taken for way in found.ways)
    assert any("stops before ENDEX" in sentence for sentence in found.assumptions)


def test_what_nobody_marks_is_left_out_without_changing_a_mark() -> None:
    """Protects the speed of long logs: notes and the like are dropped from the past, and no mark notices."""
    session = session_of(small_scenario())
    session.submit(WriteNote(seat="averne", text="We should ask the police first."))
    log = to_endex(session, scripted())
    moment, course = way_on(log, "statement", "B", scripted())  # As in the log.

    assert len(course.entries) < len(log.entries)
    marks = assess(log.scenario, log.reference, log.entries).marks
    assert assess(log.scenario, log.reference, course.entries).marks == marks
    assert moment.reference is log.reference


def test_the_figures_do_not_depend_on_how_many_processes_work(tmp_path: Path) -> None:
    """Protects anyone who repeats it: the same seed gives the same figures on one core and on two; another does not."""
    log = small_log()
    alone, shared = (spread(log, "tell", runs=24, seed=7, jobs=jobs) for jobs in (1, 2))

    assert json.dumps(alone.as_data()) == json.dumps(shared.as_data())
    other = spread(log, "tell", runs=24, seed=8)
    assert [row.ways for row in other.indicators] != [row.ways for row in alone.indicators]


def test_two_ways_of_one_number_meet_the_same_company() -> None:
    """Protects the comparison of ways: what differs between them is the answer, not who plays or how the dice fall."""
    log = small_log()
    desk = Desk(moment_of(log, "statement"), {"averne": MIXED, "belmark": MIXED}, 3)
    for number in range(6):
        assert desk._policies(number) == desk._policies(number)
    drawn = {desk._policies(number) for number in range(40)}
    assert len(drawn) > 4, "every playthrough has the same company"


@pytest.fixture(scope="module")
def found(played: LoadedLog) -> WhatIf:
    """A what-if of the library's short exercise."""
    decision = next(e.event.decision for e in played.entries if isinstance(e.event, ev.DecisionOpened))
    return spread(played, decision, runs=6)


def test_counts_clauses_and_indicators_add_up(found: WhatIf) -> None:
    """Protects the tables: each clause stands somehow in every playthrough, and a log's own counts are whole."""
    for clause in found.clauses:
        assert all(sum(way.values()) == found.runs for way in clause.ways)
        assert 0 <= clause.difference <= 1
    for team in found.names:
        for word in KEPT:
            areas = sum(found.count(team, word, area).real for area in found.areas(team))
            assert areas == found.count(team, word).real
            assert all(spread.runs == found.runs for spread in found.count(team, word).ways)
    tested = sum(row.real for row in found.counts if not row.area)
    assert tested == sum(row.real != UNTESTED for row in found.clauses)
    assert [row.difference for row in found.clauses] == sorted((r.difference for r in found.clauses), reverse=True)


def test_the_assumptions_are_said(found: WhatIf) -> None:
    """Protects readers from taking bots for people: each thing to know before the figures stands with them."""
    said = " ".join(found.as_data()["assumptions"])
    for words in ("Bots are not people", "how likely", "same hidden facts", "cooperative, self-interested and random"):
        assert words in said
    assert "of the rules" in said and found.as_data()["statement"].startswith("A training record")


def test_the_data_keeps_its_keys(found: WhatIf) -> None:
    """Protects scripts that read it: the keys stay, and everything is plain JSON."""
    data = json.loads(json.dumps(found.as_data()))
    assert list(data) == [
        *("what_if", "log", "session", "scenario", "title", "decision", "question", "team", "in_the_log", "ways"),
        *("not_offered", "policies", "runs", "seed", "rules", "counts", "clauses", "indicators", "assumptions"),
        "statement",
    ]
    assert list(data["indicators"][0]["ways"][0]) == [
        *("runs", "lowest", "lower_quartile", "median", "upper_quartile", "highest"),
    ]


@settings(max_examples=60, deadline=None)
@given(st.dictionaries(st.integers(-50, 50), st.integers(1, 9), min_size=1, max_size=12))
def test_a_spread_is_made_of_values_that_were_there(values: dict[int, int]) -> None:
    """Protects against figures that no playthrough had: five values of the row, in order, as a sorted row has them."""
    row = sorted(value for value, often in values.items() for _ in range(often))
    got = spread_of({float(value): often for value, often in values.items()})

    assert (got.lowest, got.highest, got.runs) == (row[0], row[-1], len(row))
    for quarter, value in ((1, got.lower), (2, got.middle), (3, got.upper)):
        assert value == row[-(-quarter * len(row) // 4) - 1]
    drawn = bar(got, got.lowest, got.highest, 20)
    assert len(drawn) == 20 and drawn.count("█") == 1


def write(log: LoadedLog, path: Path) -> str:
    """The log as a file; returns its name."""
    store = MemoryStore()
    store.create(replace_summary(log))
    export_log(store, log.header.session, path)
    return str(path)


def replace_summary(log: LoadedLog) -> Any:
    """What a store keeps of a log."""
    from exercise.session.store import stored

    return stored(log, updated=log.header.created)


@pytest.fixture
def file(tmp_path: Path) -> str:
    """A log of the small exercise in a file."""
    return write(small_log(), tmp_path / "small.jsonl")


def test_it_is_printed_within_eighty_columns(file: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Protects terminals: every line fits, no way goes without its letter, and the standing statement closes it."""
    whatif(file, "tell", ("averne=random",), 5, 0, 1, None, False)
    text = capsys.readouterr().out

    assert max(map(len, text.splitlines())) <= 80
    assert "Tell them now (as in the log)" in text and "none No answer" in text
    assert "Averne: random" in text and "A training record" in text.splitlines()[-1]


@pytest.mark.parametrize("ending", [".html", ".md"])
def test_it_is_written_as_a_page(ending: str, file: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Protects handing it on: a page that stands alone, with the assumptions, the tables and the statement."""
    pytest.importorskip("matplotlib")
    page = tmp_path / f"what-if{ending}"
    whatif(file, "tell", (), 3, 0, 1, str(page), False)
    text = page.read_text(encoding="utf-8")

    assert "Bots are not people" in text and "no finding about any State" in text
    assert os.name == "nt" or page.stat().st_mode & 0o777 == 0o600
    assert "http://" not in text.replace("http://www.w3.org", "") and "https://" not in text
    with pytest.raises(UsageError, match="there is a file already"):
        whatif(file, "tell", (), 3, 0, 1, str(page), False)


@pytest.mark.parametrize(
    ("at", "bots", "out", "says"),
    [
        ("tel", (), None, "has no decision 'tel'; did you mean 'tell'?"),
        ("quite-another", (), None, "Put in this log: tell, statement."),
        ("tell#2", (), None, "was put once in this log; there is no #2"),
        ("tell#x", (), None, "has no decision 'tell#x'"),
        ("tell", ("friendly",), None, "There is no policy 'friendly'"),
        ("tell", ("scripted",), None, "needs its answers"),
        ("tell", ("nobody=random",), None, "has no team 'nobody'"),
        ("tell", (), "figures.pdf", "end the name in .html or .md"),
        ("tell", (), "nowhere/page.html", "there is no folder 'nowhere'"),
    ],
)
def test_what_cannot_be_done_is_said_in_one_line(
    at: str, bots: tuple[str, ...], out: str | None, says: str, file: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Protects whoever mistypes: one line says what is wrong and what there is, before anything is played."""
    with pytest.raises(ExerciseError) as refused:
        whatif(file, at, bots, 2, 0, 1, out, False)
    assert says in str(refused.value) and "\n" not in str(refused.value)
    assert capsys.readouterr().out == ""


def test_a_decision_that_was_never_put_is_said_so() -> None:
    """Protects against playing on from nowhere: the decision is known, and this log never came to it."""
    session = session_of(small_scenario())
    with pytest.raises(UsageError, match="'statement' was never put to Belmark in this log; put were: tell"):
        moment_of(session.log(), "statement")


def test_without_the_hidden_facts_nothing_is_played(tmp_path: Path) -> None:
    """Protects the words "same facts": a log whose facts are gone is refused, one without people's words says so."""
    log = small_log()
    redact(log, tmp_path / "words.jsonl", secrets=False)
    from exercise.session.logfile import open_log

    found = spread(open_log(tmp_path / "words.jsonl"), "tell", runs=1)
    assert any("taken out of this log" in sentence for sentence in found.assumptions)

    bare = replace(log, entries=tuple(_without_facts(entry) for entry in log.entries))
    with pytest.raises(UsageError, match="hidden facts were taken out"):
        moment_of(bare, "tell")


def _without_facts(entry: ev.LogEntry) -> ev.LogEntry:
    if not isinstance(entry.event, ev.ExerciseStarted):
        return entry
    return replace(entry, event=replace(entry.event, facts={}))


def test_a_clock_that_ran_on_brings_what_fell_due_before_the_answer() -> None:
    """Protects live logs: what came in the same batch as the answer comes again before it, and not twice."""
    session = session_of(small_scenario())
    answer = ChooseResponse(seat="averne", play=330, decision="tell", revision=1, option="now")
    session.submit(answer)
    assert any(isinstance(e.event, ev.InjectReleased) and e.batch == session.entries[-1].batch for e in session.entries)
    log = to_endex(session, scripted())

    _, course = way_on(log, "tell", "A", scripted())
    happened = [e.event for e in log.entries if not isinstance(e.event, ev.MarksProposed)]
    assert [entry.event for entry in course.entries] == happened


def test_the_command_line_leads_to_it(file: str) -> None:
    """Protects the wiring: the command as it is typed prints data that a script can read."""
    done = CliRunner().invoke(app, ["whatif", file, "--at", "tell", "--runs", "2", "--jobs", "1", "--json"])
    assert done.exit_code == 0 and json.loads(done.stdout)["decision"] == "tell"
