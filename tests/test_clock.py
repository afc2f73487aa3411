"""Time: what comes by itself, at which instant, in which order, and what stands still."""

from __future__ import annotations

import pytest
from given import (
    EVENING,
    FACTS,
    MORNING,
    PLENARY,
    came,
    choose,
    clock_at,
    close_move,
    decision,
    dropped,
    flag_raised,
    given,
    happened,
    indicator_changed,
    inject,
    lapsed,
    opened,
    option,
    released,
    response_chosen,
    scenario,
    started,
    tick,
)

from exercise.core import commands as cmd
from exercise.core import events as ev
from exercise.core.decide import next_instant
from exercise.core.schedule import story_now
from exercise.core.state import State
from exercise.core.timetable import exercise_at, play_offset, timetable

ANSWERED = happened(ev.ResponseChosen)
ENDED = happened(ev.ExerciseEnded)
MOVE_CLOSED = happened(ev.MoveClosed, move="morning")
EVENING_OPENED = happened(ev.MoveOpened, move="evening", starts=36_000, ends=43_200, seconds=900)


# STARTEX


def test_startex_fixes_facts_and_opens_the_first_move() -> None:
    """Protects the order of STARTEX: facts and indicators, then the move, then what its start brings."""
    outcome = given(scenario(inject("call"), decision("tell"))).when(started())
    outcome.then(
        happened(ev.ExerciseStarted, facts=FACTS, indicators={"trust": 50}),
        happened(ev.MoveOpened, move="morning", index=0, starts=0, ends=14_400, seconds=1200),
        released("call", to=("all",), by_hand=False),
        opened("tell", team="averne", revision=1, closes=600),
    ).leads_to(lambda state: state.clock.running and state.facts == FACTS)


@pytest.mark.parametrize(
    ("facts", "words"),
    [({}, "source"), ({"source": "ghost"}, "source"), (FACTS | {"mood": "good"}, "mood")],
)
def test_startex_wants_every_fact_and_no_other(facts: dict[str, str], words: str) -> None:
    """Protects the log from a crisis whose truth is unknown, with a refusal that names the fact."""
    given(scenario()).when(cmd.StartExercise(facts=facts)).refused("facts", words)


def test_startex_comes_once() -> None:
    """Protects a running exercise from being begun anew."""
    given(scenario(), started()).when(started()).refused("started", "already")


@pytest.mark.parametrize(
    "command",
    [tick(5), cmd.PauseClock(), cmd.ResumeClock(), cmd.EndExercise(), cmd.ReleaseInject(inject="call")],
)
def test_nothing_of_the_story_happens_before_startex(command: cmd.Command) -> None:
    """Protects the briefing: no clock, no inject and no ENDEX before STARTEX."""
    given(scenario()).when(command).refused("not-started", "not started")


# the three times


def test_story_runs_over_the_minutes_of_its_move() -> None:
    """Protects the mapping: four hours of story in twenty minutes of play are twelve seconds to one."""
    move = scenario().moves[0]

    assert exercise_at(move, 0) == 0
    assert exercise_at(move, 100) == 1200
    assert exercise_at(move, 99_999) == move.ends
    assert play_offset(move, 1200) == 100
    assert play_offset(move, 1201) == 101, "never before its time"


def test_inject_comes_at_its_own_instant() -> None:
    """Protects the times in the log: what was due comes at its time, however late the clock command."""
    play = given(scenario(inject("press", at="T+1:00"), inject("late", at="T+2:00")), started())

    play.when(tick(299)).then()
    play.when(tick(300)).then(clock_at(300, 3600), released("press"))
    play.when(tick(1199)).then(clock_at(300, 3600), released("press"), clock_at(600, 7200), released("late"))


def test_minutes_into_a_move_are_minutes_of_play() -> None:
    """Protects rows laid at minutes of play, in the first and in a later move."""
    rows = inject("five", move="morning", minute="5m"), inject("two", move="evening", minute="2m")
    play = given(scenario(*rows), started())

    play.when(tick(300)).then(clock_at(300, 3600), released("five"))
    play.when(tick(300), close_move(play=900), tick(1020)).includes(
        MOVE_CLOSED, EVENING_OPENED, clock_at(1020, 36_960), released("two")
    )


def test_idle_seconds_write_nothing() -> None:
    """Protects the log from a line a second."""
    play = given(scenario(inject("press", at="T+1:00")), started())

    play.when(*[tick(second) for second in range(300)]).then().leads_to(lambda state: state.clock.play == 0)


def test_move_ends_at_its_end_and_stays_there() -> None:
    """Protects the story's clock from running past the move, however long the room talks on."""
    play = given(scenario(), started())

    play.when(tick(5000)).then(clock_at(1200, 14_400))
    play.when(tick(5000), cmd.WriteNote(text="Still talking.", play=5000)).then(
        clock_at(1200, 14_400), clock_at(5000, 14_400), happened(ev.NoteWritten)
    )


def test_time_never_goes_back() -> None:
    """Protects against a command that is stamped earlier than one before it."""
    play = given(scenario(), started(), cmd.WriteNote(text="Here.", play=500))

    play.when(cmd.WriteNote(text="Earlier?", play=100)).then(happened(ev.NoteWritten))
    play.when(tick(100)).then()


def test_late_command_first_brings_what_was_due() -> None:
    """Protects the order of the log: an answer at minute six stands after what came at minute five."""
    rows = inject("call"), inject("press", at="T+1:00"), decision("tell", option("now"), option("wait"))
    play = given(scenario(*rows), started())

    play.when(choose("tell", "now", play=360)).then(
        clock_at(300, 3600), released("press"), clock_at(360, 4320), response_chosen("tell", "now")
    )


# order


def test_same_instant_comes_in_msel_order_and_lapses_come_last() -> None:
    """Protects the order at one instant: rows of the MSEL, then decisions, then consequences, then lapses."""
    late = option("late", consequences=[{"after": "1h", "text": "It came."}])
    rows = (
        inject("second", at="T+1:00"),
        inject("first", at="T+0:59:59"),
        inject("third", move="morning", minute="5m"),
        decision("old", late, option("no"), window="20m"),
        decision("runs-out", window="5m"),
        decision("new", at="T+1:00"),
    )
    play = given(scenario(*rows), started(), choose("old", "late"))

    play.when(tick(300)).then(
        clock_at(300, 3600),
        released("first"),
        released("second"),
        released("third"),
        opened("new", closes=900),
        came("old", "late", to=("averne",)),
        lapsed("runs-out"),
    )


def test_settling_is_the_same_whatever_the_order_of_rows() -> None:
    """Protects chains of conditions: they come in one batch, each once, to a fixed point."""
    chain = (
        inject("third", when={"all": [{"released": "second"}, {"flag": "alarm"}]}),
        inject("second", when={"flag": "told"}, effects=[{"flag": "alarm"}]),
        inject("first", at="T+1:00", effects=[{"flag": "told"}]),
    )
    for rows in (chain, chain[::-1]):
        play = given(scenario(*rows), started())
        play.when(tick(300)).includes(released("first"), released("second"), released("third"))
        play.when(tick(300), tick(301), tick(1199)).leads_to(lambda state: len(state.messages) == 3)


def test_conditional_inject_comes_once_though_its_condition_comes_again() -> None:
    """Protects participants from the same message twice."""
    rows = (
        inject("up", at="T+1:00", effects=[{"flag": "told"}]),
        inject("down", at="T+2:00", effects=[{"clear": "told"}]),
        inject("again", at="T+3:00", effects=[{"flag": "told"}]),
        inject("answer", when={"flag": "told"}),
    )
    play = given(scenario(*rows), started())

    play.when(tick(1199)).leads_to(lambda state: [m.inject for m in state.messages].count("answer") == 1)


def test_condition_on_the_clock_comes_at_its_time() -> None:
    """Protects conditions that name a time: they are looked at when it is reached, not at the next command."""
    rows = inject("call"), inject("noon", when={"time": {"from": "T+2:00"}})

    given(scenario(*rows), started()).when(tick(1000)).then(clock_at(600, 7200), released("noon"))


def test_row_with_time_and_condition_waits_for_both() -> None:
    """Protects rows that have a time and a condition too."""
    row = inject("thanks", at="T+1:00", when={"flag": "told"})
    before = inject("early", at="T+0:30", effects=[{"flag": "told"}])
    after = inject("late", at="T+2:00", effects=[{"flag": "told"}])

    given(scenario(row, before), started()).when(tick(400)).includes(clock_at(300, 3600), released("thanks"))
    given(scenario(row, after), started()).when(tick(700)).includes(clock_at(600, 7200), released("thanks"))


def test_row_with_minute_and_condition_comes_at_its_minute_in_a_slow_story() -> None:
    """Protects moves whose story runs slower than the room: one second of story is then many of play."""
    slow = MORNING | {"ends": "T+0:10"}
    row = inject("thanks", move="morning", minute="10m1s", when={"not": {"flag": "told"}})

    given(scenario(row, moves=[slow]), started()).when(tick(700)).includes(clock_at(601), released("thanks"))


def test_expired_row_never_comes() -> None:
    """Protects against a message that has lost its sense."""
    rows = (
        inject("late", at="T+2:00", effects=[{"flag": "told"}]),
        inject("stale", when={"flag": "told"}, expires="T+2:00"),
        inject("fresh", when={"flag": "told"}, expires="T+2:00:13"),
    )
    given(scenario(*rows), started()).when(tick(1199)).includes(released("late"), released("fresh")).never(
        released("stale")
    )


def test_followers_come_together_with_their_inject() -> None:
    """Protects a decision that belongs to a message: both come at one instant, by time or by hand."""
    rows = inject("press", at="T+1:00"), inject("radio", follows="press"), decision("say", follows="press")
    play = given(scenario(*rows), started())

    play.when(tick(300)).then(clock_at(300, 3600), released("press"), released("radio"), opened("say", closes=900))
    play.when(cmd.ReleaseInject(inject="press", play=60)).then(
        clock_at(60, 720), released("press", by_hand=True), released("radio", by_hand=False), opened("say", closes=660)
    )


# hold, release, pause


def test_held_inject_waits_for_the_hand() -> None:
    """Protects the facilitator's hold: its time passes, and it comes when released, once."""
    play = given(scenario(inject("press", at="T+1:00")), started(), cmd.HoldInject(inject="press"))

    play.when(tick(1199)).never(released("press"))
    later = given(play.scenario, started(), cmd.HoldInject(inject="press"), tick(1199))
    later.when(cmd.ReleaseInject(inject="press")).then(released("press", by_hand=True)).leads_to(
        lambda state: not state.held
    )
    later.when(cmd.HoldInject(inject="press")).refused("released", "press")


def test_inject_released_early_does_not_come_again() -> None:
    """Protects participants from the same message twice."""
    play = given(scenario(inject("press", at="T+1:00")), started(), cmd.ReleaseInject(inject="press"))

    play.when(tick(1199)).never(released("press"))
    play.when(cmd.ReleaseInject(inject="press")).refused("released", "press", "already")
    play.when(cmd.ReleaseInject(inject="pres")).refused("no-inject", "pres")


def test_pause_stops_everything() -> None:
    """Protects a break: nothing comes, nothing lapses, and after it no minute is missing."""
    rows = inject("press", at="T+1:00"), decision("tell", window="5m")
    play = given(scenario(*rows), started(), cmd.PauseClock(play=100))

    assert play.state.clock.play == 100
    play.when(tick(9000)).refused("paused")
    play.when(cmd.PauseClock(play=9000)).refused("paused")
    play.when(cmd.WriteNote(text="Coffee.", play=9000)).then(happened(ev.NoteWritten))
    play.when(choose("tell", "yes", play=9000)).then(response_chosen("tell", "yes")).leads_to(
        lambda state: state.clock.play == 100
    )
    play.when(cmd.ResumeClock(play=100), tick(299)).then(happened(ev.ClockResumed))
    play.when(cmd.ResumeClock(play=100), tick(300)).includes(clock_at(300, 3600), released("press"), lapsed("tell"))
    given(scenario(), started()).when(cmd.ResumeClock()).refused("running", "already")


# windows


def test_window_lapses_at_its_end() -> None:
    """Protects windows: an answer a second before counts, at the end it is too late, and the lapse has its effects."""
    row = decision("tell", option("now"), option("wait"), window="5m", lapse={"effects": [{"flag": "alarm"}]})
    play = given(scenario(inject("call"), row), started())

    play.when(choose("tell", "now", play=299)).includes(ANSWERED)
    play.when(choose("tell", "now", play=300)).refused("lapsed", "closed")
    play.when(tick(400)).then(clock_at(300, 3600), lapsed("tell"), flag_raised("alarm"))


def test_window_can_be_extended() -> None:
    """Protects the facilitator's leave to give more time."""
    play = given(scenario(inject("call"), decision("tell", window="5m")), started())
    more = cmd.ExtendWindow(decision="tell", seconds=60)

    play.when(more).then(happened(ev.WindowExtended, decision="tell", revision=1, closes=360))
    play.when(more, tick(359)).never(lapsed("tell"))
    play.when(more, tick(360)).includes(clock_at(360, 4320), lapsed("tell"))
    play.when(choose("tell", "yes"), more).refused("closed", "tell")
    play.when(cmd.ExtendWindow(decision="ghost", seconds=60)).refused("no-decision")


# consequences


def _later(**consequence: object) -> tuple[dict[str, object], dict[str, object]]:
    row = decision("tell", option("now", consequences=[{"text": "Then."} | consequence]), option("wait"))
    return inject("call"), row


def test_consequence_comes_at_its_time_in_the_story() -> None:
    """Protects later consequences inside a move."""
    play = given(scenario(*_later(after="1h")), started())

    play.when(choose("tell", "now", play=100)).then(
        clock_at(100, 1200),
        response_chosen("tell", "now"),
        happened(ev.ConsequenceScheduled, decision="tell", source="now", index=0, due=4800),
    )
    play.when(choose("tell", "now", play=100), tick(500)).includes(clock_at(400, 4800), came("tell", "now")).leads_to(
        lambda state: not state.due and state.messages[-1].decision == "tell"
    )


def test_consequence_between_moves_comes_in_the_gap_at_its_own_time() -> None:
    """Protects consequences that fall where nobody plays: they come before the next move, at their own time."""
    play = given(scenario(*_later(after="6h")), started(), choose("tell", "now"), tick(1200))

    play.when(close_move(play=1200)).then(
        MOVE_CLOSED, clock_at(1200, 21_600), came("tell", "now"), EVENING_OPENED
    ).leads_to(lambda state: state.messages[-1].exercise == 21_600)


def test_consequence_that_falls_into_a_later_move_comes_there() -> None:
    """Protects consequences across moves."""
    play = given(scenario(*_later(after="11h")), started(), choose("tell", "now"), close_move(play=1200))

    assert play.state.due
    play.when(tick(2000)).includes(clock_at(1650, 39_600), came("tell", "now"))


@pytest.mark.parametrize(("fact", "comes"), [("crew", True), ("insider", False)])
def test_consequence_depends_on_the_hidden_fact_when_it_is_due(fact: str, comes: bool) -> None:
    """Protects hidden facts: they bring or drop a consequence, at its own time."""
    rows = _later(after="1h", when={"fact": "source", "is": "crew"}, effects=[{"indicator": "trust", "by": -7}])
    outcome = given(scenario(*rows), started(source=fact), choose("tell", "now")).when(tick(300))

    if comes:
        outcome.then(clock_at(300, 3600), came("tell", "now"), indicator_changed("trust", 43))
    else:
        outcome.then(clock_at(300, 3600), dropped("tell", "now")).leads_to(lambda state: not state.due)


def test_consequence_without_text_tells_nobody() -> None:
    """Protects silent consequences from an empty message."""
    rows = _later(text="", to=["belmark"], effects=[{"flag": "alarm"}])

    given(scenario(*rows), started()).when(choose("tell", "now")).then(
        ANSWERED, came("tell", "now", to=()), flag_raised("alarm")
    ).leads_to(lambda state: len(state.messages) == 1)


# moves, plenaries, ENDEX


def test_gap_injects_come_before_the_move_at_their_own_times() -> None:
    """Protects what happens overnight: in order of the story, before the morning's first inject."""
    rows = (
        inject("dawn", at="T+9:00"),
        inject("start", at="T+10:00"),
        inject("night", at="T+5:00", effects=[{"flag": "told"}]),
        inject("reply", when={"flag": "told"}),
        inject("copy", follows="dawn"),
        decision("tell", follows="night"),
    )
    given(scenario(*rows), started()).when(close_move(play=300)).then(
        clock_at(300, 3600),
        MOVE_CLOSED,
        clock_at(300, 18_000),
        released("night"),
        flag_raised("told"),
        released("reply"),
        clock_at(300, 32_400),
        released("dawn"),
        released("copy"),
        EVENING_OPENED,
        released("start"),
        opened("tell", closes=900),
    )


def test_gap_before_the_first_move_comes_before_it() -> None:
    """Protects a story whose first message lies before STARTEX."""
    rows = inject("before", at="T-2:00"), inject("call")

    given(scenario(*rows), started()).when(tick(0)).then().leads_to(
        lambda state: [(m.inject, m.exercise) for m in state.messages] == [("before", -7200), ("call", 0)]
    )


def test_move_is_not_closed_over_an_open_decision() -> None:
    """Protects a team's decision from being closed by mistake; the refusal names the team and the decision."""
    play = given(scenario(inject("call"), decision("tell")), started())

    play.when(close_move()).refused("decisions-open", "Averne", "Decide on tell")
    play.when(close_move(lapse_open=True)).then(lapsed("tell"), MOVE_CLOSED, EVENING_OPENED)


def test_closing_a_move_opens_no_decision_behind_it() -> None:
    """Protects teams: what a lapse at the end of a move brings waits for the next move, and is then open in full."""
    rows = (
        inject("call"),
        decision("tell", lapse={"effects": [{"flag": "alarm"}]}),
        inject("siren", when={"flag": "alarm"}),
        decision("react", when={"flag": "alarm"}, window="5m"),
    )
    with_plenary = scenario(*rows, moves=[MORNING | {"plenary": PLENARY}, EVENING])
    play = given(with_plenary, started())

    play.when(close_move(lapse_open=True)).then(
        lapsed("tell"),
        flag_raised("alarm"),
        released("siren"),
        MOVE_CLOSED,
        happened(ev.PlenaryOpened, move="morning"),
    )
    play.when(close_move(lapse_open=True), cmd.ClosePlenary(play=400)).includes(
        EVENING_OPENED, opened("react", closes=700)
    ).never(lapsed("react"))


def test_plenary_stands_still_until_it_is_closed() -> None:
    """Protects the plenary: play time passes, the story's does not, and nothing comes by itself."""
    rows = inject("call"), inject("night", at="T+5:00")
    play = given(scenario(*rows, moves=[MORNING | {"plenary": PLENARY}, EVENING]), started(), close_move(play=300))

    assert play.state.clock.phase == "plenary"
    assert next_instant(play.scenario, play.state) is None
    play.when(tick(5000)).then()
    play.when(close_move()).refused("no-move")
    play.when(cmd.ReopenDecision(decision="tell")).refused("no-decision")
    play.when(cmd.ClosePlenary(play=800)).includes(
        clock_at(800, 3600), happened(ev.PlenaryClosed), clock_at(800, 18_000), released("night"), EVENING_OPENED
    )
    given(play.scenario, started()).when(cmd.ClosePlenary()).refused("no-plenary")


def test_endex_comes_after_the_last_move_and_ends_all_play() -> None:
    """Protects the end: the log takes no more play, but marks can be voided, notes written, messages read."""
    play = given(scenario(inject("call"), decision("tell", at="T+10:00")), started(), close_move())

    play.when(close_move(lapse_open=True)).then(lapsed("tell"), happened(ev.MoveClosed, move="evening"), ENDED)
    end = given(play.scenario, started(), close_move(), close_move(lapse_open=True))
    for command in (
        started(),
        tick(9999),
        choose("tell", "yes"),
        close_move(),
        cmd.ResumeClock(),
        cmd.EndExercise(),
        cmd.SetIndicator(indicator="trust", value=1),
        cmd.ReopenDecision(decision="tell"),
    ):
        end.when(command).refused("ended", "ended")
    end.when(cmd.VoidMark(mark="m1", why="Typing error.")).then(happened(ev.MarkVoided, mark="m1"))
    end.when(cmd.WriteNote(seat="averne", text="Good day.")).then(happened(ev.NoteWritten))
    end.when(cmd.ReadMessage(seat="averne", number=1)).then(happened(ev.MessageRead))
    assert next_instant(end.scenario, end.state) is None


def test_endex_can_come_at_any_time() -> None:
    """Protects the facilitator's leave to stop."""
    given(scenario(), started()).when(cmd.EndExercise(play=60)).then(clock_at(60, 720), ENDED)


def test_row_of_a_move_closed_early_stays_with_the_facilitator() -> None:
    """Protects against stale news: what a move closed early had not reached comes only by hand."""
    rows = inject("call"), inject("press", at="T+3:00")
    play = given(scenario(*rows), started(), close_move(play=300))

    play.when(tick(9000)).never(released("press"))
    play.when(cmd.ReleaseInject(inject="press")).then(released("press", by_hand=True))


@pytest.mark.parametrize(
    "command",
    [
        cmd.AdvanceClock,
        cmd.PauseClock,
        cmd.ResumeClock,
        cmd.CloseMove,
        cmd.ClosePlenary,
        cmd.EndExercise,
        lambda **seat: cmd.StartExercise(facts=FACTS, **seat),
        lambda **seat: cmd.ReleaseInject(inject="call", **seat),
        lambda **seat: cmd.HoldInject(inject="call", **seat),
        lambda **seat: cmd.WithdrawInject(inject="call", **seat),
        lambda **seat: cmd.ExtendWindow(decision="tell", seconds=5, **seat),
        lambda **seat: cmd.ReopenDecision(decision="tell", **seat),
        lambda **seat: cmd.SetIndicator(indicator="trust", value=5, **seat),
        lambda **seat: cmd.VoidMark(mark="m1", **seat),
    ],
)
def test_exercise_control_is_the_facilitators(command: type[cmd.AdvanceClock]) -> None:
    """Protects the exercise from a participant who sends a controller's command."""
    for seat in ("averne", "averne/lead", "facilitator/lead"):
        for play in (given(scenario()), given(scenario(), started())):
            play.when(command(seat=seat)).refused("not-facilitator", "exercise control")


# the timetable


def test_next_instant_names_the_nearest_of_all_that_comes() -> None:
    """Protects stepping: the clock jumps to the next thing, the end of the move at last."""
    rows = inject("call"), inject("press", at="T+2:00"), decision("tell", window="3m")
    play = given(scenario(*rows), started())
    found = []
    state: State = play.state
    while (instant := next_instant(play.scenario, state)) is not None:
        found.append(instant)
        state = given(play.scenario, started(), tick(instant)).state

    assert found == [180, 600, 1200]


def test_option_that_opens_at_a_time_is_offered_then() -> None:
    """Protects the screen: an option that becomes possible at an hour is shown at that hour, not at the next event."""
    row = decision("tell", option("now"), option("later", available={"time": {"from": "T+1:00"}}), option("wait"))

    play = given(scenario(inject("call"), row), started())
    play.when(tick(299)).then()
    play.when(tick(400)).then(clock_at(300, 3600))


def test_timetable_leaves_the_scenario_as_it_is() -> None:
    """Protects the scenario in the log's header from what is worked out and kept with it."""
    plain, used = scenario(inject("call")), scenario(inject("call"))
    timetable(used)

    assert used == plain
    assert used.model_dump_json() == plain.model_dump_json()


def test_story_stands_outside_a_move() -> None:
    """Protects the clock that a screen shows in a plenary."""
    clock = given(
        scenario(inject("call"), moves=[MORNING | {"plenary": PLENARY}]), started(), close_move(play=60)
    ).state
    assert story_now(clock.clock, 9000) == 720
