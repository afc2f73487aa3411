"""Exercise control's own hand: the MSEL changed, decisions closed, actors claimed, facts, curtains, bots and pages."""

from __future__ import annotations

from typing import Any, get_args

import pytest
from asking import FULL, answer, send, world
from given import (
    FACTS,
    PLENARY,
    choose,
    clock_at,
    close_move,
    decision,
    flag_raised,
    given,
    happened,
    inject,
    lapsed,
    option,
    released,
    scenario,
    started,
    tick,
)

from exercise.catalogue import load_reference
from exercise.core import commands as cmd
from exercise.core import events as ev
from exercise.core.control import commands as ctl
from exercise.core.control import events as ce
from exercise.core.evolve import replay
from exercise.core.observe import participant_view
from exercise.core.overview import facilitator_view, spectator_view
from exercise.core.requests import events as rq
from exercise.core.requests.commands import TakeConditions
from exercise.core.scenario import Scenario
from exercise.core.schedule import next_instant
from exercise.core.script import Channel
from exercise.core.state import State
from exercise.core.teamwork.commands import LeaveSeat, Say, TakeSeat
from exercise.core.views import CurtainView, MselRow
from exercise.session.log import LoadedLog
from exercise.session.retell import Retelling
from exercise.session.session import Session
from exercise.session.store import MemoryStore
from exercise.session.verify import lines_of, verify

TWO = scenario(
    inject("call"),
    inject("noon", at="T+2:00", title="Noon", text="Old words."),
    inject("night", at="T+7:00"),
    inject("late", at="T+11:00"),
    inject("told", when={"flag": "told"}),
    inject("alarm", at="T+1:00", when={"flag": "alarm"}),
    inject("after", follows="noon"),
)
"""The morning takes twenty minutes of play, twelve seconds of the story to one; the night lies between the moves."""

HOUR = 3600
NOON = 600
"""Play time at which the story comes to T+2:00."""


def skip(name: str, **more: Any) -> cmd.Command:
    """Control skips an inject."""
    return ctl.SkipInject(inject=name, **more)


def edit(name: str, **more: Any) -> cmd.Command:
    """Control changes an inject."""
    return ctl.EditInject(inject=name, **more)


def write(**more: Any) -> cmd.Command:
    """Control writes to Averne."""
    row: dict[str, Any] = {"sender": "A paper", "channel": "media", "to": ["averne"], "title": "Late", "text": "News."}
    return ctl.WriteInject.model_validate(row | more)


def row_of(played: Scenario, state: State, name: str) -> MselRow:
    """A row of the MSEL as control sees it."""
    return next(row for row in facilitator_view(played, state).msel if row.inject == name)


def inbox(played: Scenario, state: State, seat: str) -> list[tuple[str, str, str]]:
    """Sender, title and text of what a seat has got."""
    view = participant_view(played, state, seat) if seat else spectator_view(played, state)
    return [(item.sender, item.title, item.text) for item in view.inbox]


# --- the MSEL ---


def test_a_skipped_inject_comes_only_by_hand() -> None:
    """Protects the facilitator's cut: what is skipped is not shown when its time comes, and can still be given."""
    cut = given(TWO, started(), skip("noon", why="No time.", play=10))

    outcome = cut.when(tick(NOON + 1))
    outcome.never(released("noon"), released("after"))
    assert row_of(TWO, outcome.state, "noon").status == "skipped"
    assert row_of(TWO, outcome.state, "noon").waits == "hand"
    by_hand = cut.when(cmd.ReleaseInject(inject="noon", play=20))
    by_hand.includes(released("noon", by_hand=True), released("after")).leads_to(lambda state: not state.skipped)
    cut.when(skip("noon", play=20)).refused("skipped")
    cut.when(cmd.HoldInject(inject="noon", play=20)).refused("skipped")
    cut.when(skip("call", play=20)).refused("released", "call")
    cut.when(skip("ghost", play=20)).refused("no-inject", "ghost")


def test_a_held_inject_may_be_skipped_and_a_waiting_one_skipped_before_the_start() -> None:
    """Protects preparation: what is cut in the briefing does not come, and skipping takes the place of holding."""
    given(TWO, skip("call")).when(started()).never(released("call"))
    given(TWO, skip("told"), started()).when(
        cmd.SetIndicator(indicator="trust", value=1), cmd.ReleaseInject(inject="told")
    ).includes(released("told"))
    held = given(TWO, started(), cmd.HoldInject(inject="noon"), skip("noon")).state
    assert not held.held
    assert held.skipped == {"noon"}


def test_edited_words_are_read_wherever_the_inject_is_shown() -> None:
    """Protects the correction: inbox, MSEL, public view and retelling have the new words and nowhere the old ones."""
    now = given(TWO, started(), edit("noon", title=" A  new\ntitle ", play=5), edit("noon", text="New words.", play=6))
    before = row_of(TWO, now.state, "noon")
    assert (before.title, before.text, before.edited, before.status) == ("A new title", "New words.", True, "waiting")
    assert all("New words." not in text for seat in ("averne", "") for *_, text in inbox(TWO, now.state, seat))

    outcome = now.when(tick(NOON))

    outcome.includes(released("noon"))
    for seat in ("averne", "belmark/lead", ""):
        assert ("Desk", "A new title", "New words.") in inbox(TWO, outcome.state, seat)
        assert "Old words." not in str(inbox(TWO, outcome.state, seat))
    now.when(edit("noon", title="A new title")).refused("unchanged")
    now.when(edit("noon", text=" ")).refused("empty")
    now.when(edit("call", text="Other.")).refused("released")


def test_a_long_text_of_an_author_is_not_cut_when_a_title_is_changed() -> None:
    """Protects long briefs: they may be longer than what a participant writes."""
    long = scenario(inject("call"), inject("paper", at="T+1:00", text="word " * 3000 + "end."))
    state = given(long, edit("paper", text="other " * 3000 + "end.")).state

    assert row_of(long, state, "paper").text.endswith("end.")


@pytest.mark.parametrize(("hour", "play"), [(1, 300), (3, 900)], ids=["earlier", "later"])
def test_a_new_time_in_this_move_takes_the_old_ones_place(hour: int, play: int) -> None:
    """Protects pacing: the inject comes once, at its new time, with what follows it."""
    moved = given(TWO, started(), edit("noon", at=hour * HOUR, play=12))

    assert row_of(TWO, moved.state, "noon").due == hour * HOUR
    assert row_of(TWO, moved.state, "noon").waits == "time"
    outcome = moved.when(tick(1200))
    outcome.includes(clock_at(play, hour * HOUR), released("noon"), released("after"))
    assert sum(released("noon").fits(event) for event in outcome.events) == 1


@pytest.mark.parametrize(("at", "exercise"), [(11 * HOUR + 600, 11 * HOUR + 600), (6 * HOUR, 6 * HOUR)])
def test_a_new_time_in_a_later_move_or_before_it(at: int, exercise: int) -> None:
    """Protects the gap: what is due between two moves comes as the next one opens, with the time it was due at."""
    moved = given(TWO, started(), edit("noon", at=at), tick(NOON), close_move(play=NOON + 5))
    state = moved.when(tick(NOON + 1000)).state

    assert state.released["noon"] == exercise


def test_whoever_steps_the_clock_stops_at_the_new_time_and_at_nothing_that_was_skipped() -> None:
    """Protects the step key: the next thing that comes is told by the MSEL as it stands now."""
    now = given(TWO, started())
    assert next_instant(TWO, now.state) == 300, "the row that waits for the alarm may come then"
    now = given(TWO, started(), tick(300))
    assert next_instant(TWO, now.state) == NOON
    for command, stop in ((edit("noon", at=3 * HOUR), 900), (skip("noon"), 1200), (write(at=HOUR + 120), 310)):
        assert next_instant(TWO, given(TWO, started(), tick(300), command).state) == stop


def test_a_new_time_keeps_the_condition() -> None:
    """Protects the story: a row that waits for something still does at its new time."""
    moved = given(TWO, started(), edit("alarm", at=3 * HOUR), edit("told", at=2 * HOUR))

    moved.when(tick(1200)).never(released("alarm"), released("told"))
    assert (row_of(TWO, moved.state, "told").waits, row_of(TWO, moved.state, "told").due) == ("condition", 2 * HOUR)
    assert row_of(TWO, moved.when(tick(NOON)).state, "told").waits == "condition"


def test_what_follows_something_that_may_never_come_is_not_counted_down() -> None:
    """Protects control from waiting: a new time promises a row only if what it follows comes until then as well."""
    chain = scenario(
        inject("call"),
        inject("bell", when={"flag": "told"}),
        inject("lead", at="T+1:00", when={"released": "bell"}),
        inject("after", follows="lead"),
        inject("last", follows="after"),
        inject("noon", at="T+2:00"),
        inject("along", follows="noon"),
    )

    def waits(*commands: cmd.Command) -> tuple[str, ...]:
        state = given(chain, started(), *commands).state
        return tuple(row_of(chain, state, name).waits for name in ("after", "last", "along"))

    bell = cmd.ReleaseInject(inject="bell")
    times = (edit("after", at=2 * HOUR), edit("last", at=3 * HOUR), edit("along", at=3 * HOUR))
    assert waits(*times) == ("condition", "condition", "time")
    assert waits(*times, bell) == ("time", "time", "time")
    assert waits(*times, bell, skip("lead")) == ("condition", "condition", "time")
    assert waits(*times, cmd.HoldInject(inject="noon")) == ("condition", "condition", "condition")
    assert waits(edit("along", at=HOUR)) == ("condition", "condition", "condition")
    assert "“lead” comes" in row_of(chain, given(chain, started(), *times).state, "after").condition


def test_a_new_time_after_the_end_of_a_condition_lets_it_expire_no_more() -> None:
    """Protects whoever sets a time: an old last moment does not undo it."""
    late = scenario(inject("call"), inject("brief", at="T+1:00", expires="T+1:30"))
    given(late, started(), edit("brief", at=2 * HOUR)).when(tick(NOON)).includes(released("brief"))
    assert (
        row_of(late, given(late, started(), cmd.HoldInject(inject="brief"), tick(900)).state, "brief").waits == "hand"
    )


def test_a_new_time_frees_what_was_held_or_skipped() -> None:
    """Protects the word given last: who sets a time for a held or skipped inject wants it to come then."""
    for way in (cmd.HoldInject(inject="noon"), skip("noon")):
        given(TWO, started(), way, edit("noon", at=3 * HOUR)).when(tick(900)).includes(released("noon"))
        given(TWO, started(), way, edit("noon", text="New.")).when(tick(900)).never(released("noon"))


def test_a_time_that_has_passed_or_that_no_move_reaches_is_refused() -> None:
    """Protects against an inject that never comes: it is said at once, with what to do instead."""
    now = given(TWO, started(), tick(300))
    now.when(edit("noon", at=HOUR)).refused("time", "T+1:00", "release it now")
    now.when(edit("noon", at=13 * HOUR)).refused("time", "T+12:00")
    now.when(write(at=HOUR)).refused("time")


def test_a_time_left_over_from_a_move_closed_early_comes_as_the_next_opens() -> None:
    """Protects the plenary: a time of the move that was cut short lies between the moves now."""
    moves = [dict(row.model_dump(mode="json", by_alias=True)) for row in TWO.moves]
    moves[0]["plenary"] = PLENARY
    played = scenario(inject("call"), inject("noon", at="T+2:00"), moves=moves)
    plenary = given(played, started(), close_move(play=300))
    assert row_of(played, plenary.state, "noon").waits == "hand"

    moved = given(played, started(), close_move(play=300), edit("noon", at=3 * HOUR))
    moved.when(cmd.ClosePlenary()).includes(clock_at(300, 3 * HOUR), released("noon"), happened(ev.MoveOpened))


def test_a_message_written_now_is_there_at_once() -> None:
    """Protects improvisation: any sender, any channel, to a role; it stands in the MSEL and can be withdrawn."""
    outcome = given(TWO, started(), tick(300)).when(write(to=["averne/police"], play=310))

    outcome.includes(happened(ce.InjectWritten, inject="written-1"), released("written-1", to=("averne/police",)))
    assert inbox(TWO, outcome.state, "averne/police")[-1] == ("A paper", "Late", "News.")
    for seat in ("averne/lead", "belmark", ""):
        assert "News." not in str(inbox(TWO, outcome.state, seat))
    row = row_of(TWO, outcome.state, "written-1")
    assert (row.number, row.written, row.status, row.sender, row.channel) == (8, True, "released", "A paper", "media")
    back = given(TWO, started(), tick(300), write(), cmd.WithdrawInject(inject="written-1"))
    assert participant_view(TWO, back.state, "averne").inbox[-1].withdrawn


def test_a_message_written_for_later_is_a_row_like_the_others() -> None:
    """Protects the MSEL: it can be changed, held, skipped and released, and comes at its time if left alone."""
    early = given(TWO, write(at=2 * HOUR), write(at=8 * HOUR, title="Dawn"), started())

    outcome = early.when(tick(NOON))
    # What the author wrote for the same instant comes first.
    outcome.includes(released("noon"), released("written-1"))
    early.when(tick(1200), close_move(play=1200)).includes(released("night"), released("written-2"))
    early.when(edit("written-1", at=HOUR), tick(300)).includes(released("written-1"))
    early.when(skip("written-1"), tick(1200)).never(released("written-1"))
    held = early.when(cmd.HoldInject(inject="written-1"), tick(1200), cmd.ReleaseInject(inject="written-1", play=1200))
    held.includes(released("written-1", by_hand=True))


def test_what_cannot_be_sent_is_refused_in_words() -> None:
    """Protects the console: each refusal says what is wrong."""
    now = given(TWO, started())
    now.when(write(to=["cadria"])).refused("no-addressee", "cadria")
    now.when(write(to=["averne/cook"])).refused("no-addressee")
    now.when(write(title=" ")).refused("empty")
    now.when(write(text="\x1b")).refused("empty")
    now.when(write(sender=" ")).refused("empty")
    given(TWO).when(write()).refused("not-started")
    for wrong in ({"channel": "smoke"}, {"to": []}, {"text": "x" * 40_001}):
        with pytest.raises(ValueError):
            write(**wrong)


def test_a_written_inject_takes_no_id_of_the_scenario() -> None:
    """Protects ids: an author may have called a row `written-1`."""
    played = scenario(inject("call"), inject("written-1", at="T+1:00"))
    given(played, started()).when(write(), write()).includes(released("written-2"), released("written-3"))


# --- the clock and decisions ---


def test_the_rate_is_kept_and_bounded() -> None:
    """Protects the room's pace: 0.1 to 20 times, shown to all, and no other number."""
    state = given(TWO, ctl.SetRate(rate=2.5), started()).state
    assert participant_view(TWO, state, "averne").clock.rate == 2.5
    for rate in (0.05, 21, float("nan"), float("inf"), -1):
        given(TWO).when(ctl.SetRate(rate=rate)).refused("rate")
    assert given(TWO).when(ctl.SetRate(rate=1)).events == ()


def test_a_decision_closed_by_control_lapses() -> None:
    """Protects the facilitator's watch: the window closes now with what a lapse brings, a settled one does not."""
    played = scenario(
        inject("call"), decision("tell", lapse={"effects": [{"flag": "told"}]}), inject("told", when={"flag": "told"})
    )
    now = given(played, started(), tick(30))
    now.when(ctl.CloseDecision(decision="tell", play=31)).then(
        clock_at(31), lapsed("tell"), flag_raised("told"), released("told")
    )
    now.when(ctl.CloseDecision(decision="ghost")).refused("closed")
    now.when(choose("tell", "yes", play=31), ctl.CloseDecision(decision="tell", play=32)).refused("closed")


# --- claims ---


def asked() -> Scenario:
    """The world of requests, with an actor that asks Belmark by itself at T+1:00."""
    comes = {"kind": "preservation", "by": "centre", "to": "belmark", "via": "police", "mends": {"offence": "Theft."}}
    return world(injects=[inject("call"), inject("asks", at="T+1:00", request=comes)])


SENT = send("preservation", 4, content=FULL)
REPLY_DUE = (20 + 30) * 60 // 12
"""Play time at which the police centre replies to what is sent at STARTEX: twenty minutes' way, thirty to answer."""


@pytest.mark.parametrize("what", ["actor:centre", "request:1"])
def test_a_claimed_actor_is_silent_until_a_controller_answers(what: str) -> None:
    """Protects whoever plays the actor: the script does not answer in the middle of it, and the clock goes on."""
    played = asked()
    claimed = given(played, started(), SENT, ctl.Claim(what=what, who="Vera"))

    waited = claimed.when(tick(1200))
    waited.never(happened(rq.RequestAnswered), happened(rq.RequestLapsed)).includes(clock_at(1200))
    taken = waited.state
    spoken = claimed.when(
        tick(REPLY_DUE + 60), answer(1, "refuse", seat="facilitator", text="No.", play=REPLY_DUE + 60)
    )
    spoken.includes(happened(rq.RequestAnswered, answer="refuse", by_control=True))
    assert not spoken.state.errands
    assert facilitator_view(played, taken).claims == ((what, "Vera"),)
    assert "Vera" not in repr(participant_view(played, taken, "averne"))


def test_the_script_answers_as_soon_as_the_claim_is_lifted() -> None:
    """Protects the requester: what fell due meanwhile is answered at once, what is not due yet at its time."""
    claimed = given(asked(), started(), SENT, ctl.Claim(what="actor:centre", who="Vera"))
    late = REPLY_DUE + 100

    claimed.when(tick(late), ctl.Unclaim(what="actor:centre", play=late)).includes(
        clock_at(late), happened(ce.Unclaimed), happened(rq.RequestAnswered, answer="conditional")
    )
    claimed.when(ctl.Unclaim(what="actor:centre", play=5), tick(late)).includes(
        happened(ce.Unclaimed), clock_at(REPLY_DUE), happened(rq.RequestAnswered)
    )


def test_a_claim_lifted_between_moves_lets_the_script_answer_as_the_next_opens() -> None:
    """Protects the plenary: nothing is answered while nobody plays."""
    played = world(
        moves=[
            dict(id="a", title="A", starts="T+0:00", ends="T+4:00", minutes="20m", plenary=PLENARY),
            dict(id="b", title="B", starts="T+10:00", ends="T+12:00", minutes="15m"),
        ]
    )
    plenary = given(played, started(), SENT, ctl.Claim(what="request:1", who="Vera"), tick(1200), close_move(play=1200))
    lifted = plenary.when(ctl.Unclaim(what="request:1"))
    lifted.then(happened(ce.Unclaimed))
    plenary.when(ctl.Unclaim(what="request:1"), cmd.ClosePlenary()).includes(
        happened(rq.RequestAnswered), happened(ev.MoveOpened)
    )
    # A reply that falls between two moves does not move the story's clock while it is claimed.
    late = (tick(1075), SENT.model_copy(update={"play": 1075}), tick(1200))
    gap = given(played, started(), *late, close_move(play=1200))
    answered = 3 * HOUR + 2100 + 50 * 60
    gap.when(cmd.ClosePlenary()).includes(clock_at(1200, answered), happened(rq.RequestAnswered))
    claim = ctl.Claim(what="request:1", who="Vera")
    gap.when(claim, cmd.ClosePlenary()).never(clock_at(1200, answered), happened(rq.RequestAnswered))
    # While it is claimed, it stays unanswered over the change of moves too.
    plenary.when(cmd.ClosePlenary()).never(happened(rq.RequestAnswered))


def test_a_claimed_actor_that_asked_takes_no_conditions_by_itself() -> None:
    """Protects the actor that asks: whether it takes the terms is the controller's to say, or later the script's."""
    conditional = answer(1, "conditional", conditions={"tlp": "amber"}, text="Only so.", play=310)
    claimed = given(asked(), started(), tick(300), ctl.Claim(what="actor:centre", who="Vera", play=301), conditional)

    assert claimed.state.requests["r1"].status.value == "conditional"
    number = TakeConditions(seat="facilitator", request=1, revision=2, accept=False, play=320)
    revision = claimed.state.requests["r1"].revision
    claimed.when(number.model_copy(update={"revision": revision})).includes(
        happened(rq.ConditionsTaken, accepted=False)
    )
    claimed.when(ctl.Unclaim(what="actor:centre", play=320)).includes(happened(rq.ConditionsTaken, accepted=True))


def test_a_claimed_actor_adds_nothing_by_itself() -> None:
    """Protects the actor that is asked back: its scripted words wait too."""
    back = answer(1, "ask-back", text="Say more of it.", missing=("offence",), play=310)
    claimed = given(asked(), started(), tick(300), ctl.Claim(what="request:1", who="Vera", play=301), back)

    claimed.when(tick(1200)).never(happened(rq.RequestMended))
    claimed.when(tick(1200), ctl.Unclaim(what="request:1", play=1200)).includes(happened(rq.RequestMended))


def test_who_claims_what_is_settled_by_words() -> None:
    """Protects controllers from each other: one has it, another is told who, or takes it over knowingly."""
    now = given(asked(), ctl.Claim(what="actor:centre", who="Vera"), started(), SENT, send("warning", 2))
    assert now.when(ctl.Claim(what="actor:centre", who="Vera")).events == ()
    now.when(ctl.Claim(what="actor:centre", who="Otto")).refused("claimed", "Vera has claimed it")
    over = now.when(ctl.Claim(what="actor:centre", who="Otto", take_over=True))
    over.leads_to(lambda state: state.claims == {"actor:centre": "Otto"})
    now.when(ctl.Claim(what="actor:ghost", who="Vera")).refused("no-actor")
    now.when(ctl.Claim(what="request:9", who="Vera")).refused("no-request")
    now.when(ctl.Claim(what="request:2", who="Vera")).refused("between-teams")
    for wrong in ("request:01", "team:averne", "request:-1", "actor:", "request:٣"):
        now.when(ctl.Claim(what=wrong, who="Vera")).refused("no-claim")
    now.when(ctl.Claim(what="request:1", who=" ")).refused("no-name")
    now.when(ctl.Unclaim(what="request:1")).refused("not-claimed")


# --- facts ---


def test_a_fact_that_is_set_counts_from_then_on() -> None:
    """Protects the story in the facilitator's hand: what waits for the other truth comes, and the old one is gone."""
    played = scenario(inject("call"), inject("inside", when={"fact": "source", "is": "insider"}))
    now = given(played, started())
    now.when(ctl.SetFact(fact="source", value="insider", why="Better.")).includes(
        happened(ce.FactSet, fact="source"), released("inside")
    )
    assert now.when(ctl.SetFact(fact="source", value="crew")).events == ()
    now.when(ctl.SetFact(fact="source", value="ghost")).refused("facts", "Who did it", "ghost")
    now.when(ctl.SetFact(fact="ghost", value="crew")).refused("facts")
    given(played).when(ctl.SetFact(fact="source", value="crew")).refused("not-started", "STARTEX")
    choices = facilitator_view(played, now.state).fact_choices
    assert choices == (("source", "Who did it", "crew", (("crew", "A crew."), ("insider", "An insider."))),)
    assert facilitator_view(played, State()).fact_choices[0][2] == ""


def test_a_revealed_fact_is_a_message_to_those_named() -> None:
    """Protects who is told: the text is what is true, and the others do not get it."""
    now = given(TWO, started(), ctl.SetFact(fact="source", value="insider"))
    state = now.when(ctl.RevealFact(fact="source", to=("averne/police",))).state

    assert inbox(TWO, state, "averne/police")[-1] == ("Exercise control", "Who did it", "An insider.")
    for seat in ("averne/lead", "belmark", ""):
        assert "insider" not in repr(participant_view(TWO, state, seat) if seat else spectator_view(TWO, state))
    read = now.when(ctl.RevealFact(fact="source", to=("all",)), cmd.ReadMessage(seat="belmark", number=2))
    read.includes(happened(ev.MessageRead))
    now.when(ctl.RevealFact(fact="source", to=("ghost",))).refused("no-addressee")


# --- curtain, bots, pages, notes ---


def test_a_real_stop_halts_the_clock_and_everybody_but_those_who_read_or_sit_down() -> None:
    """Protects people in a real emergency: nobody plays on, nothing runs on, and the clock starts only by hand."""
    played = scenario(inject("call"), decision("tell"))
    stop = ctl.DrawCurtain(kind="no-duff", text="Fire. Leave by the stairs.", play=60)
    given(played, started()).when(stop).then(clock_at(60), happened(ev.ClockPaused), happened(ce.CurtainDrawn))
    stopped = given(played, started(), stop)

    for command in (
        choose("tell", "yes"),
        Say(seat="averne", to="averne", text="Hm."),
        cmd.WriteNote(seat="observer", text="Hm."),
    ):
        stopped.when(command).refused("no-duff", "NO DUFF")
    stopped.when(TakeSeat(seat="averne"), cmd.ReadMessage(seat="averne", number=1), LeaveSeat(seat="averne")).includes(
        happened(ev.MessageRead)
    )
    stopped.when(cmd.ResumeClock()).refused("no-duff")
    stopped.when(tick(90)).refused("paused")
    stopped.when(cmd.WriteNote(text="Stairs clear.")).includes(happened(ev.NoteWritten))
    lifted = stopped.when(ctl.LiftCurtain())
    lifted.then(happened(ce.CurtainLifted)).leads_to(lambda state: not state.clock.running)
    stopped.when(ctl.LiftCurtain(), cmd.ResumeClock(), choose("tell", "yes")).includes(happened(ev.ResponseChosen))
    shown = CurtainView("no-duff", "Fire. Leave by the stairs.")
    for view in (participant_view(played, stopped.state, "averne"), spectator_view(played, stopped.state)):
        assert view.curtain == shown
    assert facilitator_view(played, stopped.state).curtain == shown


def test_a_blank_curtain_stops_nobody_and_may_fall_at_any_time() -> None:
    """Protects the briefing and the hot wash: the curtain is drawn there too, and a blank screen is no stop."""
    blank = ctl.DrawCurtain(kind="blank", text="Look up.")
    given(TWO, blank).when(TakeSeat(seat="averne"), started()).includes(happened(ev.ExerciseStarted))
    given(TWO, started(), blank, cmd.EndExercise(), ctl.LiftCurtain(), ctl.DrawCurtain(kind="no-duff"))
    given(TWO, ctl.DrawCurtain(kind="no-duff")).when(started()).refused("no-duff")
    given(TWO).when(ctl.LiftCurtain()).refused("no-curtain")
    assert given(TWO, blank).when(blank).events == ()


def test_a_bot_takes_a_team_and_hands_it_back() -> None:
    """Protects an empty table: who plays it is in the log, and so is when people took over."""
    seated = given(TWO, ctl.SeatBot(team="belmark", policy="silent"))
    assert facilitator_view(TWO, seated.state).bots == (("belmark", "silent"),)
    seated.when(ctl.SeatBot(team="belmark", policy="random"), ctl.UnseatBot(team="belmark")).leads_to(
        lambda state: not state.bots
    )
    seated.when(ctl.SeatBot(team="ghost")).refused("no-team")
    seated.when(ctl.UnseatBot(team="averne")).refused("no-bot", "Averne")
    assert "silent" not in repr(participant_view(TWO, seated.state, "averne"))


def test_pages_are_turned_after_the_end() -> None:
    """Protects play: the hot wash opens nothing before ENDEX."""
    given(TWO, started()).when(ctl.TurnPage(page="marks")).refused("not-ended")
    state = given(TWO, started(), cmd.EndExercise(), ctl.TurnPage(page="marks")).state
    assert participant_view(TWO, state, "averne").page == "marks" == facilitator_view(TWO, state).page


def test_a_note_says_what_it_is_about_and_who_wrote_it() -> None:
    """Protects the evaluation: an observation is tied to an objective or a commitment that there can be."""
    played = scenario(inject("call"), objectives=[{"id": "o1", "title": "Warn in time"}])
    now = given(played, started())
    for about in ("o1", "se-p7", ""):
        state = now.when(cmd.WriteNote(text="Seen.", about=about, who=" Otto ")).state
        line = facilitator_view(played, state).notes[-1][1]
        assert (line.about, line.who) == (about, "Otto")
    now.when(cmd.WriteNote(text="Seen.", about="o 9")).refused("about")
    # A team learns from no refusal which objectives there are.
    for about in ("o1", "o9"):
        now.when(cmd.WriteNote(seat="averne", text="Seen.", about=about)).refused("about")
    assert ev.EVENTS.validate_json('{"type":"note-written","seat":"averne","text":"Old."}') == ev.NoteWritten(
        seat="averne", text="Old."
    )


ASKED: tuple[cmd.Command, ...] = (
    ctl.SkipInject(inject="noon"),
    ctl.EditInject(inject="noon", title="New"),
    ctl.WriteInject(sender="A", channel=Channel.MEDIA, to=("all",), title="B", text="C"),
    ctl.SetRate(rate=2),
    ctl.CloseDecision(decision="tell"),
    ctl.Claim(what="actor:centre", who="Vera"),
    ctl.Unclaim(what="actor:centre"),
    ctl.SetFact(fact="source", value="insider"),
    ctl.RevealFact(fact="source", to=("all",)),
    ctl.DrawCurtain(kind="blank"),
    ctl.LiftCurtain(),
    ctl.SeatBot(team="averne"),
    ctl.UnseatBot(team="averne"),
    ctl.TurnPage(page="marks"),
)


@pytest.mark.parametrize("command", ASKED, ids=lambda command: command.ask)
def test_only_control_has_its_hand(command: cmd.Command) -> None:
    """Protects the exercise from its players: no seat but the facilitator's may ask any of this."""
    now = given(TWO, started())
    for seat in ("averne", "averne/lead", "observer", "spectator"):
        now.when(command.model_copy(update={"seat": seat})).refused("not-facilitator")
    assert {type(asked) for asked in ASKED} == set(get_args(ctl.ControlCommand))


# --- the log ---


def controlled() -> Session:
    """An exercise in which control does everything there is."""
    played = world(
        injects=[
            inject("call"),
            *(inject(name, at="T+2:00", title=f"Title {name}") for name in ("noon", "gone", "kept")),
        ],
        decisions=[decision("tell", option("yes"), option("no"), title="Tell?"), decision("slow")],
        objectives=[{"id": "o1", "title": "Warn in time"}],
    )
    session = Session.start_new(played, load_reference(), MemoryStore(), seed=3, session_id="s", pace="stepped")
    plan: tuple[cmd.Command, ...] = (
        edit("kept", title="Kept words", text="Other words."),
        skip("gone", why="No time left."),
        write(at=HOUR, sender="The Herald", title="A rumour", text="They say so."),
        ctl.SeatBot(team="belmark", policy="cooperative"),
        ctl.SetRate(rate=1.5),
        ctl.Claim(what="actor:centre", who="Kestrel"),
    )
    for command in plan:
        session.submit(command)
    session.start(facts=FACTS)
    for command in (
        SENT,
        ctl.Claim(what="actor:centre", who="Otter", take_over=True),
        edit("noon", at=3 * HOUR),
        write(title="At once", text="Just now."),
        tick(400),
        cmd.ReleaseInject(inject="gone", play=401),
        ctl.Unclaim(what="actor:centre", play=402),
        ctl.CloseDecision(decision="tell", play=403),
        ctl.SetFact(fact="source", value="insider", why="It fits."),
        ctl.RevealFact(fact="source", to=("averne",)),
        cmd.WriteNote(text="They waited.", about="o1", who="Kestrel"),
        ctl.DrawCurtain(kind="blank", text="Look up."),
        ctl.DrawCurtain(kind="no-duff", text="A real fire."),
        ctl.LiftCurtain(),
        cmd.ResumeClock(),
        tick(1200),
        ctl.UnseatBot(team="belmark"),
        cmd.EndExercise(),
        ctl.TurnPage(page="facts"),
    ):
        session.submit(command)
    return session


def test_every_step_of_controls_hand_is_legal_and_replays() -> None:
    """Protects `verify --rules` and replay: each command is told from its events, and the log gives the same state."""
    session = controlled()
    log = session.log()
    account = verify(lines_of(log), head=log.head, rules=True)

    assert account.ok, account.lines()
    assert account.checks[-1].holds is True
    assert {type(entry.event) for entry in log.entries} >= set(get_args(ce.ControlEvent))
    assert replay(entry.event for entry in log.entries) == session.state


def test_what_control_wrote_can_be_taken_out() -> None:
    """Protects erasure: words, names and facts stand in no line, and without them the log is no forgery."""
    log: LoadedLog = controlled().log()
    openings = list(log.openings.values())
    words = (
        "Kestrel",
        "Otter",
        "Herald",
        "rumour",
        "Kept words",
        "Other words",
        "No time",
        "It fits",
        "insider",
        "fire",
        "Who did",
    )

    assert not [word for word in words for line in log.lines if word in line]
    secrets = [o for o in openings if '"source"' in o.text]
    for taken in openings[1:]:
        kept = [opening for opening in openings if opening is not taken]
        account = verify([log.header_line, *log.lines, *(o.line() for o in kept)], rules=True)
        assert account.ok, account.lines()
        if taken not in secrets:
            assert account.checks[-1].holds is True, account.lines()
    account = verify([log.header_line, *log.lines, *(o.line() for o in secrets)], rules=True)
    assert account.ok, account.lines()
    assert account.checks[-1].holds is True, account.lines()


def test_control_is_retold_with_the_words_of_its_time() -> None:
    """Protects the replay: changed and written injects are called by what they were called, never by an id."""
    session = controlled()
    entries = session.log().entries
    words = Retelling(session.scenario, entries)
    told = [words.line(entry) for entry in entries]

    for line in (
        "Control changes inject “Kept words”.",
        "Control skips inject “Title gone”; it comes only by hand now: No time left.",
        "Control writes inject “A rumour” from The Herald to Averne, due at T+1:00.",
        "Inject “A rumour” reaches Averne by media.",
        "Inject “Kept words” reaches all by e-mail.",
        "Control changes inject “Title noon”; it is due at T+3:00 now.",
        "Otter answers for Police centre from now on, in place of the script.",
        "Correction: what is true of “Who did it” is changed: It fits.",
        "Control reveals to Averne what is true of “Who did it”.",
        "Exercise control (Kestrel) notes an observation on “Warn in time”: They waited.",
        "NO DUFF: control stops the exercise for something real: A real fire.",
        "Control covers all screens: Look up.",
        "The clock runs at 1.5 times the room's pace now.",
        "Control turns the hot wash to “What was true”.",
    ):
        assert line in told, told
    labels = [marker.label for entry in entries if (marker := words.marker(entry))]
    assert {"Kept words", "A rumour", "At once"} <= set(labels)
