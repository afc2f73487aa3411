"""Team play: seats, the pen, votes and consensus, shared drafts, talk, and who gets to see what of it."""

from __future__ import annotations

import contextlib
import json
from collections import Counter
from random import Random
from typing import Any, get_args

import hypothesis
import pytest
from given import (
    Given,
    Row,
    choose,
    close_move,
    decision,
    flag_raised,
    given,
    happened,
    inject,
    option,
    response_chosen,
    scenario,
    started,
    tick,
)
from hypothesis import settings
from hypothesis import strategies as st

from exercise.catalogue import load_reference
from exercise.core import commands as cmd
from exercise.core import events as ev
from exercise.core.acts import Safeguard
from exercise.core.asked import FACILITATOR
from exercise.core.decide import decide
from exercise.core.evolve import replay
from exercise.core.observe import participant_view
from exercise.core.overview import facilitator_view, hot_wash_view, spectator_view
from exercise.core.scenario import Scenario
from exercise.core.state import State
from exercise.core.teamwork import events as tw
from exercise.core.teamwork.commands import (
    CastVote,
    CloseVote,
    LeaveSeat,
    PutDownPen,
    Say,
    TakePen,
    TakeSeat,
    TeamPlay,
    WriteDraft,
)
from exercise.core.teamwork.observer import observer_view
from exercise.core.text import HOSTILE
from exercise.core.views import DecisionView, ParticipantView
from exercise.errors import CommandRejected
from exercise.session.log import line_hash
from exercise.session.retell import Retelling
from exercise.session.session import Session
from exercise.session.store import MemoryStore
from exercise.session.verify import lines_of, verify

LEAD, POLICE, LAW, WHOLE = "averne/lead", "averne/police", "averne/law", "averne"
BELMARK = "belmark/lead"
TEAMS: list[Row] = [
    {
        "id": "averne",
        "name": "Republic of Averne",
        "short": "Averne",
        "about": "A coast.",
        "brief": "Be a good partner.",
        "roles": [
            {"id": "lead", "name": "Head of delegation", "brief": "Keep calm.", "leads": True},
            {"id": "police", "name": "Police", "brief": "You have a source."},
            {"id": "law", "name": "Legal adviser", "brief": "Mind the treaty."},
        ],
    },
    {
        "id": "belmark",
        "name": "Kingdom of Belmark",
        "short": "Belmark",
        "about": "A plain.",
        "roles": [{"id": "lead", "name": "Head of mission", "leads": True}, {"id": "desk", "name": "Desk"}],
    },
]


def tell(**more: Any) -> Row:
    """Averne's dilemma: one option raises a flag, the others do nothing."""
    now = option("now", effects=[{"flag": "told"}])
    return decision("tell", now, option("wait"), option("ask"), **more)


def sit(*seats: str, play: int = 0) -> tuple[cmd.Command, ...]:
    """People take these seats, without a name."""
    return tuple(TakeSeat(seat=seat, play=play) for seat in seats)


def vote(option: str, *seats: str, **more: Any) -> tuple[cmd.Command, ...]:
    """Each of these seats is for an option of `tell`."""
    values: dict[str, Any] = {"decision": "tell", "revision": 1} | more
    return tuple(CastVote(seat=seat, option=option, **values) for seat in seats)


def table(*seats: str, mode: str = "lead", **more: Any) -> Given:
    """Averne's dilemma is open and people sit on these seats."""
    return given(scenario(inject("call"), tell(mode=mode, **more), teams=TEAMS), started(), *sit(*seats))


def then(play: Given, *commands: cmd.Command) -> Given:
    """Where the exercise stands after these commands too."""
    outcome = play.when(*commands)
    assert outcome.rejected is None, outcome.rejected
    return Given(play.scenario, outcome.state)


def seen(play: Given, seat: str = WHOLE) -> ParticipantView:
    """The view of a seat."""
    return participant_view(play.scenario, play.state, seat)


def the_decision(play: Given, seat: str = WHOLE) -> DecisionView:
    """The one decision, as a seat sees it."""
    (view,) = seen(play, seat).decisions
    return view


# seats


def test_a_seat_is_taken_before_the_start_and_by_latecomers() -> None:
    """Protects arrivals: from the briefing to the hot wash people sit down, and the clock's moment is kept."""
    played = scenario(inject("call"), teams=TEAMS)

    given(played).when(TakeSeat(seat=POLICE, name="Kestrel")).then(happened(tw.SeatTaken, seat=POLICE, name="Kestrel"))
    late = given(played, started(), TakeSeat(seat=POLICE, name="Kestrel", play=100))
    state = late.state.seats[POLICE]
    assert (state.name, state.play, state.exercise, state.present) == ("Kestrel", 100, 1200, True)
    given(played, started(), cmd.EndExercise()).when(*sit("spectator")).then(happened(tw.SeatTaken))


@pytest.mark.parametrize("seat", [FACILITATOR, WHOLE, LEAD, "observer", "spectator"])
def test_every_kind_of_seat_can_be_taken_and_left(seat: str) -> None:
    """Protects the roster of seats that the doors offer; taking or leaving twice writes nothing."""
    play = given(scenario(inject("call"), teams=TEAMS))

    play.when(*sit(seat, seat)).then(happened(tw.SeatTaken, seat=seat, name=""))
    play.when(*sit(seat), LeaveSeat(seat=seat), LeaveSeat(seat=seat)).then(
        happened(tw.SeatTaken), happened(tw.SeatLeft, seat=seat)
    ).leads_to(lambda state: not state.seats[seat].present)
    play.when(LeaveSeat(seat=seat)).then()


@pytest.mark.parametrize("seat", ["ghost", "averne/ghost", "observer/one", "facilitator/lead"])
def test_a_seat_that_is_not_there_cannot_be_taken(seat: str) -> None:
    """Protects the log from seats that the scenario does not have."""
    given(scenario(inject("call"), teams=TEAMS)).when(*sit(seat)).refused("no-seat")


def test_a_taken_seat_is_refused_until_it_is_left() -> None:
    """Protects whoever sits there; the refusal does not give the pseudonym away."""
    play = given(scenario(inject("call"), teams=TEAMS), TakeSeat(seat=POLICE, name="Kestrel"))

    outcome = play.when(TakeSeat(seat=POLICE, name="Heron"))
    outcome.refused("taken", "Somebody sits there")
    assert outcome.rejected is not None
    assert "Kestrel" not in outcome.rejected.text
    play.when(TakeSeat(seat=POLICE, name=" Kestrel ")).then()
    play.when(LeaveSeat(seat=POLICE), TakeSeat(seat=POLICE, name="Heron")).includes(
        happened(tw.SeatTaken, name="Heron")
    )


def test_pseudonyms_are_cleaned_and_short() -> None:
    """Protects every screen that shows who sits where."""
    outcome = given(scenario(inject("call"), teams=TEAMS)).when(TakeSeat(seat=POLICE, name="\x1b]0;x\x07 K\u202e\n a "))
    outcome.then(happened(tw.SeatTaken, name="]0;x K a"))
    long = given(scenario(inject("call"), teams=TEAMS)).when(TakeSeat(seat=POLICE, name="\ufb2c" * 60))
    assert len(long.state.seats[POLICE].name) == 60
    with pytest.raises(ValueError, match="60"):
        TakeSeat(seat=POLICE, name="x" * 61)


def test_those_who_look_on_take_no_part() -> None:
    """Protects the story from the benches: observers write notes, spectators do not even that."""
    play = then(table(LEAD), *sit("observer", "spectator"))

    play.when(cmd.WriteNote(seat="observer", text="They hesitate.")).then(happened(ev.NoteWritten, seat="observer"))
    play.when(cmd.WriteNote(seat="spectator", text="Hello.")).refused("looks-on")
    for seat in ("observer", "spectator"):
        for command in (
            choose("tell", "now", seat=seat),
            cmd.ReadMessage(seat=seat, number=1),
            Say(seat=seat, to="averne", text="Psst."),
            TakePen(seat=seat, subject="tell"),
            *vote("now", seat),
        ):
            play.when(command).refused("looks-on")
    play.when(cmd.PauseClock(seat="observer")).refused("not-facilitator")
    assert "They hesitate" not in repr(seen(then(play, cmd.WriteNote(seat="observer", text="They hesitate."))))


# one holds the pen


def test_without_anybody_in_a_role_every_seat_may_answer() -> None:
    """Protects games at one keyboard: nothing changes where nobody took a role."""
    for seats in ((), (WHOLE,), (BELMARK,), ("observer",)):
        for seat in (WHOLE, LEAD, POLICE):
            table(*seats, role="law").when(choose("tell", "wait", seat=seat)).then(response_chosen("tell", "wait"))


def test_the_role_that_the_decision_names_holds_the_pen() -> None:
    """Protects roles: others are told who answers, by role and pseudonym; the whole team's seat may always answer."""
    play = then(table(LEAD, LAW, role="police"), TakeSeat(seat=POLICE, name="Kestrel"))

    for seat in (LEAD, LAW):
        play.when(choose("tell", "now", seat=seat)).refused("not-pen", "Police (Kestrel)", "Decide on tell")
    play.when(choose("tell", "now", seat=POLICE)).includes(response_chosen("tell", "now"))
    play.when(choose("tell", "now", seat=WHOLE)).includes(response_chosen("tell", "now"))


def test_else_the_leading_role_and_else_whoever_is_there() -> None:
    """Protects half-filled teams: no decision waits for a role that nobody plays."""
    leading = table(LEAD, LAW, role="police")
    leading.when(choose("tell", "now", seat=LAW)).refused("not-pen", "Head of delegation")
    leading.when(choose("tell", "now", seat=LEAD)).includes(response_chosen("tell", "now"))
    table(LEAD, POLICE).when(choose("tell", "now", seat=POLICE)).refused("not-pen", "Head of delegation")
    table(LAW, role="police").when(choose("tell", "now", seat=LAW)).includes(response_chosen("tell", "now"))
    left = then(table(LEAD, LAW), LeaveSeat(seat=LEAD))
    left.when(choose("tell", "now", seat=LAW)).includes(response_chosen("tell", "now"))


def test_a_lead_takes_no_votes() -> None:
    """Protects a vote from becoming the answer because the mode, or the table, was another than its voter thought."""
    table(LEAD, POLICE).when(*vote("now", POLICE)).refused("no-vote", "answered directly")
    table(POLICE, mode="vote").when(*vote("now", POLICE)).refused("no-vote")


def test_own_words_take_the_shared_draft_as_their_reason() -> None:
    """Protects what the team wrote together: it stands as the reason where the answer gives none of its own."""
    words = "We invite their duty officer to our room."
    play = then(
        table(LEAD, POLICE, free={}),
        TakePen(seat=POLICE, subject="tell"),
        WriteDraft(seat=POLICE, subject="tell", text="They asked us to."),
    )

    answer = choose("tell", seat=LEAD, free_text=words, nearest="wait")
    play.when(answer).then(response_chosen("tell", None, free_text=words, reason="They asked us to."))
    own = choose("tell", "wait", seat=LEAD, reason="My own.")
    play.when(own).then(response_chosen("tell", "wait", reason="My own."))


# votes


def test_majority_of_those_present_decides_at_once() -> None:
    """Protects the vote: two of three are enough, and what follows the option follows."""
    play = table(LEAD, POLICE, LAW, mode="vote")

    play.when(*vote("now", LEAD)).then(happened(tw.VoteCast, seat=LEAD, decision="tell", option="now", revision=1))
    play.when(*vote("now", POLICE, LAW)).then(
        happened(tw.VoteCast, seat=POLICE),
        happened(tw.VoteCast, seat=LAW),
        response_chosen("tell", "now", team="averne"),
        flag_raised("told"),
    )
    play.when(*vote("now", POLICE, LAW), *vote("wait", LEAD)).refused("chosen", "Option now")


def test_an_answer_by_a_seat_counts_as_its_vote() -> None:
    """Protects screens and bots that know only how to answer."""
    play = table(LEAD, POLICE, LAW, mode="vote", free={})

    play.when(choose("tell", "now", seat=LAW, reason="Because.")).then(
        happened(tw.VoteCast, seat=LAW, option="now", reason="Because.")
    )
    own = choose("tell", seat=LAW, free_text="We call them in.", nearest="now")
    play.when(own).refused("vote-listed", "listed option")


def test_most_votes_decide_once_all_have_voted_and_a_tie_goes_to_the_leading_role() -> None:
    """Protects split teams: a tie that the leading role does not break stays open until somebody moves."""
    four = table(WHOLE, LEAD, POLICE, LAW, mode="vote")

    four.when(*vote("now", WHOLE), *vote("wait", LEAD, POLICE)).never(response_chosen("tell", "wait"))
    four.when(*vote("now", WHOLE), *vote("wait", LEAD, POLICE), *vote("ask", LAW)).includes(
        response_chosen("tell", "wait")
    )
    four.when(*vote("now", WHOLE, LAW), *vote("wait", LEAD, POLICE)).includes(response_chosen("tell", "wait"))
    two = table(POLICE, LAW, mode="vote")
    two.when(*vote("now", POLICE), *vote("wait", LAW)).never(happened(ev.ResponseChosen))
    two.when(*vote("now", POLICE), *vote("wait", LAW), *vote("wait", POLICE)).includes(response_chosen("tell", "wait"))


def test_a_leading_role_that_is_for_neither_breaks_no_tie() -> None:
    """Protects the two options ahead from a third that fell behind."""
    five = given(
        scenario(
            inject("call"),
            tell(mode="vote"),
            teams=[
                TEAMS[0] | {"roles": [*TEAMS[0]["roles"], {"id": "press", "name": "Press officer"}]},
                TEAMS[1],
            ],
        ),
        started(),
        *sit(WHOLE, LEAD, POLICE, LAW, "averne/press"),
    )
    split = (*vote("now", WHOLE, POLICE), *vote("wait", LAW, "averne/press"), *vote("ask", LEAD))

    five.when(*split).never(happened(ev.ResponseChosen))
    five.when(*split, CloseVote(decision="tell")).includes(response_chosen("tell", "now"))


def test_consensus_needs_everybody() -> None:
    """Protects the one who disagrees."""
    play = table(LEAD, POLICE, LAW, mode="consensus")

    play.when(*vote("now", LEAD, POLICE), *vote("wait", LAW)).never(happened(ev.ResponseChosen))
    play.when(*vote("now", LEAD, POLICE), *vote("wait", LAW), *vote("now", LAW)).includes(
        response_chosen("tell", "now")
    )


def test_a_vote_is_refused_where_it_cannot_count() -> None:
    """Protects votes: only those who sit at the table, only on what is offered, only on what was on the screen."""
    play = table(LEAD, POLICE, mode="vote")

    play.when(*vote("now", LAW)).refused("not-seated", "Take your seat")
    play.when(*vote("ghost", LEAD)).refused("no-option")
    play.when(*vote("now", LEAD, revision=2)).refused("changed")
    play.when(*vote("now", BELMARK)).refused("not-open", "No such decision has been put to your team.")
    play.when(*vote("now", LEAD, decision="ghost")).refused("not-open", "No such decision has been put to your team.")
    play.when(*vote("now", FACILITATOR)).refused("not-open")
    play.when(tick(600), *vote("now", LEAD)).refused("lapsed")


def test_the_same_vote_again_writes_nothing() -> None:
    """Protects the log from a key that was pressed twice; other reasons are another vote."""
    play = then(table(LEAD, POLICE, LAW, mode="vote"), *vote("now", LEAD, reason="Yes."))

    play.when(*vote("now", LEAD, reason="Yes.")).then()
    play.when(*vote("now", LEAD, reason="Indeed.")).then(happened(tw.VoteCast, reason="Indeed."))


def test_the_answer_gathers_what_its_voters_said() -> None:
    """Protects assessment: grounds, safeguards and what is set aside count in a vote as they do in an answer."""
    aside = cmd.SetAside(commitment="se-p7", why="No time.", limits="One day.")
    play = table(LEAD, POLICE, LAW, mode="vote")
    outcome = play.when(
        *vote("wait", LEAD, reason="Not this."),
        *vote("now", LAW, reason="The law says so.", basis=("bc-29", "se-p7"), safeguards={Safeguard.SCOPE: "Small."}),
        *vote("now", POLICE, reason="\x1bWe can.", basis=("bc-29",), set_aside=(aside,)),
    )
    outcome.includes(
        response_chosen(
            "tell",
            "now",
            reason="We can.\nThe law says so.",
            basis=("bc-29", "se-p7"),
            set_aside=(aside,),
            safeguards={Safeguard.SCOPE: "Small."},
        )
    )


def test_the_shared_draft_is_the_reason_of_a_vote() -> None:
    """Protects what the team wrote together over what each said alone."""
    table(LEAD, POLICE, mode="vote").when(
        TakePen(seat=POLICE, subject="tell"),
        WriteDraft(seat=POLICE, subject="tell", text="Both of us think so."),
        *vote("now", LEAD, POLICE, reason="Mine."),
    ).includes(response_chosen("tell", "now", reason="Both of us think so."))


def test_whoever_leaves_takes_the_vote_along_and_those_who_stay_may_be_agreed() -> None:
    """Protects a team from waiting for somebody who has gone home, and the next person from an inherited vote."""
    play = then(table(LEAD, POLICE, LAW, mode="consensus"), *vote("now", LEAD, POLICE), *vote("wait", LAW))

    play.when(LeaveSeat(seat=LAW)).then(
        happened(tw.SeatLeft, seat=LAW), response_chosen("tell", "now"), flag_raised("told")
    )
    play.when(LeaveSeat(seat=POLICE), *sit(POLICE)).leads_to(lambda state: POLICE not in state.votes["tell"])
    alone = then(play, LeaveSeat(seat=POLICE), LeaveSeat(seat=LEAD))
    assert alone.state.decisions["tell"].status == "open", "one person's vote is not an answer"
    alone.when(choose("tell", "wait", seat=LAW)).includes(response_chosen("tell", "wait"))


def test_votes_do_not_outlive_the_question() -> None:
    """Protects a decision that is put again, and one whose option is withdrawn from the choice meanwhile."""
    play = then(table(LEAD, POLICE, LAW, mode="vote"), *vote("now", LEAD, POLICE), cmd.ReopenDecision(decision="tell"))
    assert the_decision(play).vote.ballots == ()
    assert len(the_decision(play).vote.missing) == 3
    play.when(CloseVote(decision="tell")).refused("no-votes")
    play.when(*vote("now", LAW, revision=2)).never(happened(ev.ResponseChosen))

    row = decision("tell", option("now", available={"not": {"flag": "told"}}), option("wait"), mode="consensus")
    raising = inject("raise", at="T+1:00", effects=[{"flag": "told"}])
    gone = given(scenario(inject("call"), raising, row, teams=TEAMS), started(), *sit(LEAD, POLICE), *vote("now", LEAD))
    later = then(gone, tick(300))
    assert the_decision(later).vote.ballots == ()
    later.when(*vote("now", POLICE, play=310)).refused("no-option")
    later.when(*vote("wait", POLICE, LEAD, play=310)).includes(response_chosen("tell", "wait"))


def test_the_facilitator_closes_a_vote() -> None:
    """Protects the programme: most votes, then the leading role, then the file's order; nobody else closes it."""
    play = table(LEAD, POLICE, LAW, mode="consensus")
    close = CloseVote(decision="tell")

    then(play, *vote("ask", LAW)).when(close).includes(response_chosen("tell", "ask"))
    then(play, *vote("ask", LEAD), *vote("now", LAW)).when(close).includes(response_chosen("tell", "ask"))
    then(play, *vote("ask", POLICE), *vote("wait", LAW)).when(close).includes(response_chosen("tell", "wait"))
    play.when(close).refused("no-votes", "Nobody has voted")
    play.when(CloseVote(seat=LEAD, decision="tell")).refused("not-facilitator")
    play.when(CloseVote(decision="ghost")).refused("closed")
    play.when(choose("tell", "now", seat=LEAD), tick(600), close).refused("closed")


def test_a_window_that_closes_on_a_divided_team_lapses() -> None:
    """Protects the clock: votes in the log are no answer."""
    play = then(table(LEAD, POLICE, mode="consensus"), *vote("now", LEAD))

    play.when(tick(600)).includes(happened(ev.DecisionLapsed, decision="tell")).never(happened(ev.ResponseChosen))


def test_a_decision_may_be_decided_in_another_way_than_its_team_does_the_rest() -> None:
    """Protects authors: the team's mode is the default, a decision's own goes before it."""
    teams = [TEAMS[0] | {"mode": "consensus"}, TEAMS[1]]
    rows = tell(), decision("own", mode="lead")
    play = given(scenario(inject("call"), *rows, teams=teams), started(), *sit(LEAD, POLICE))

    play.when(choose("tell", "now", seat=LEAD)).then(happened(tw.VoteCast))
    play.when(choose("own", "yes", seat=LEAD)).then(response_chosen("own", "yes"))
    assert {view.id: view.vote.mode for view in seen(play).decisions} == {"tell": "consensus", "own": "lead"}


# shared drafts


def test_one_hand_holds_the_pen_at_a_time() -> None:
    """Protects a text from two writers: the second is told who writes, and gets the pen once it lies there."""
    play = then(table(LAW), TakeSeat(seat=POLICE, name="Kestrel"), TakePen(seat=POLICE, subject="tell"))

    play.when(TakePen(seat=LAW, subject="tell")).refused("pen-taken", "Police (Kestrel) holds the pen")
    play.when(WriteDraft(seat=LAW, subject="tell", text="Mine.")).refused("no-pen", "Police (Kestrel)")
    play.when(PutDownPen(seat=LAW, subject="tell")).refused("no-pen", "Police (Kestrel)")
    play.when(TakePen(seat=POLICE, subject="tell")).then()
    play.when(PutDownPen(seat=POLICE, subject="tell"), TakePen(seat=LAW, subject="tell")).then(
        happened(tw.PenPutDown, seat=POLICE, team="averne", subject="tell"),
        happened(tw.PenTaken, seat=LAW, team="averne", subject="tell"),
    )
    table(LAW).when(WriteDraft(seat=LAW, subject="tell", text="Mine.")).refused("no-pen", "Take the pen")
    table(LAW).when(PutDownPen(seat=LAW, subject="tell")).then()


def test_the_leading_role_and_control_may_take_the_pen_over() -> None:
    """Protects a team from a pen in a hand that does not write; control says whose draft of a request it means."""
    held = then(table(LEAD, POLICE, LAW), TakePen(seat=POLICE, subject="tell"), TakePen(seat=POLICE, subject="request"))

    held.when(TakePen(seat=LEAD, subject="tell")).then(happened(tw.PenTaken, seat=LEAD))
    held.when(TakePen(subject="tell")).then(happened(tw.PenTaken, seat=FACILITATOR, team="averne"))
    held.when(TakePen(subject="request")).refused("no-team", "whose")
    held.when(TakePen(subject="request", team="ghost")).refused("no-team")
    held.when(TakePen(subject="request", team="averne")).then(happened(tw.PenTaken, team="averne"))
    control = then(held, TakePen(subject="tell"))
    control.when(TakePen(seat=LAW, subject="tell")).refused("pen-taken", "Exercise control")
    control.when(TakePen(seat=LEAD, subject="tell")).then(happened(tw.PenTaken, seat=LEAD))


def test_leaving_the_seat_puts_its_pens_down() -> None:
    """Protects the draft: the text stays, the pen is free; a holder who never sat down holds nobody up."""
    play = then(
        table(POLICE, LAW),
        TakePen(seat=POLICE, subject="tell"),
        WriteDraft(seat=POLICE, subject="tell", text="Half a sentence"),
        TakePen(seat=POLICE, subject="request"),
    )
    play.when(LeaveSeat(seat=POLICE)).then(
        happened(tw.SeatLeft),
        happened(tw.PenPutDown, subject="tell"),
        happened(tw.PenPutDown, subject="request"),
    ).leads_to(lambda state: state.drafts["averne", "tell"].text == "Half a sentence")
    absent = then(table(LAW), TakePen(seat=POLICE, subject="tell"))
    absent.when(TakePen(seat=LAW, subject="tell")).then(happened(tw.PenTaken, seat=LAW))


def test_a_draft_is_of_what_has_been_put_to_the_team_and_is_open() -> None:
    """Protects what is to come, and answers from second thoughts that look like first ones."""
    rows = tell(), decision("later", at="T+3:00"), decision("theirs", team="belmark")
    play = given(scenario(inject("call"), *rows, teams=TEAMS), started())

    for subject in ("later", "theirs", "ghost"):
        play.when(TakePen(seat=LAW, subject=subject)).refused("not-open", "No such decision has been put to your team.")
    held = then(play, TakePen(seat=LAW, subject="tell"), choose("tell", "now"))
    held.when(WriteDraft(seat=LAW, subject="tell", text="But.")).refused("closed", "no longer open")
    held.when(TakePen(seat=LEAD, subject="tell")).refused("closed")
    held.when(PutDownPen(seat=LAW, subject="tell")).then(happened(tw.PenPutDown))


def test_a_draft_is_cleaned_and_the_same_text_writes_nothing() -> None:
    """Protects the log and every screen of the team; each team has its own draft of a request."""
    play = then(table(), TakePen(seat=LAW, subject="request"), TakePen(seat=BELMARK, subject="request"))
    text = WriteDraft(seat=LAW, subject="request", text=" \x1b[2JKeep\u202e the data. ")

    play.when(text, text).then(happened(tw.DraftWritten, text="[2JKeep the data.", team="averne"))
    (view,) = seen(then(play, text), POLICE).drafts
    assert (view.subject, view.text, view.holder, view.who, view.mine) == (
        "request",
        "[2JKeep the data.",
        LAW,
        "Legal adviser",
        False,
    )
    assert seen(then(play, text), LAW).drafts[0].mine
    assert "Keep" not in repr(seen(then(play, text), BELMARK))


# talk


def test_talk_reaches_whom_it_is_for_and_control() -> None:
    """Protects talk: a team's own stays in it, a message goes to both teams, control hears all and answers."""
    play = then(
        table(LEAD),
        TakeSeat(seat=POLICE, name="Kestrel"),
        Say(seat=POLICE, to="averne", text="Among us."),
        Say(seat=POLICE, to="belmark", text="To you.", official=True),
        Say(seat=BELMARK, to="averne", text="Between us."),
        Say(seat=LEAD, to="facilitator", text="We ask.", official=True),
        Say(to="averne", text="We answer."),
        Say(to="averne/police", text="For police."),
        Say(to="all", text="Coffee."),
        Say(seat=BELMARK, to="belmark", text="Their own."),
        Say(to="belmark/desk", text="For their desk."),
    )

    def lines(seat: str) -> list[tuple[str, str, str, str, bool]]:
        return [(line.kind, line.sender, line.to, line.text, line.official) for line in seen(play, seat).talk]

    both = [("message", "Averne", "Belmark", "To you.", True), ("message", "Belmark", "Averne", "Between us.", False)]
    own = ("message", "Police (Kestrel)", "Belmark", "To you.", True)
    common = [
        ("talk", "Police (Kestrel)", "Averne", "Among us.", False),
        own,
        both[1],
        ("control", "Head of delegation", "Exercise control", "We ask.", False),
        ("control", "Exercise control", "Averne", "We answer.", False),
    ]
    coffee = ("control", "Exercise control", "All", "Coffee.", False)
    police = ("control", "Exercise control", "Police", "For police.", False)
    assert lines(LEAD) == [*common, coffee]
    assert lines(POLICE) == lines(WHOLE) == [*common, police, coffee]
    theirs = [
        both[0],
        ("message", "Head of mission", "Averne", "Between us.", False),
        coffee,
        ("talk", "Head of mission", "Belmark", "Their own.", False),
    ]
    assert lines(BELMARK) == theirs
    assert [line.text for line in spectator_view(play.scenario, play.state).talk] == ["Coffee."]
    heard = facilitator_view(play.scenario, play.state).talk
    assert len(heard) == 9
    assert heard[1].sender == "Averne: Police (Kestrel)"
    assert heard[8].to == "Belmark: Desk"
    assert [line.seat for line in seen(play, BELMARK).talk] == ["averne", BELMARK, FACILITATOR, BELMARK]


@pytest.mark.parametrize(
    ("seat", "to"),
    [
        (POLICE, "averne/lead"),
        (POLICE, "averne/ghost"),
        (POLICE, "belmark/desk"),
        (POLICE, "all"),
        (POLICE, "ghost"),
        (POLICE, "observer"),
        (POLICE, ""),
        (FACILITATOR, "ghost"),
        (FACILITATOR, "averne/ghost"),
        (FACILITATOR, "averne/"),
        (FACILITATOR, "facilitator"),
        (FACILITATOR, "all/lead"),
    ],
)
def test_a_word_goes_to_somebody_who_is_there(seat: str, to: str) -> None:
    """Protects words from being lost; only control writes to a single role, or to all."""
    table().when(Say(seat=seat, to=to, text="Hello.")).refused("no-addressee")


def test_refusals_are_the_same_for_roles_that_are_there_and_that_are_not() -> None:
    """Protects other teams' roles from being guessed."""
    texts = {
        str(table().when(Say(seat=POLICE, to=to, text="Hello.")).rejected)
        for to in ("belmark/desk", "belmark/ghost", "ghost/desk")
    }
    assert len(texts) == 1


def test_talk_is_open_in_every_phase() -> None:
    """Protects the room: people talk in the briefing, in the plenary and after ENDEX."""
    word = Say(seat=LEAD, to="averne", text="Now.")
    plenary = {"minutes": "5m", "questions": ["What do you know?"]}
    moves = [{"id": "m", "title": "M", "starts": "T+0:00", "ends": "T+1:00", "minutes": "9m", "plenary": plenary}]
    played = scenario(inject("call"), teams=TEAMS, moves=moves)

    for before in ((), (started(),), (started(), close_move()), (started(), cmd.EndExercise())):
        given(played, *before).when(word).then(happened(tw.MessageSpoken, text="Now."))


def test_words_are_cleaned_and_nothing_is_no_message() -> None:
    """Protects every screen that shows talk."""
    table().when(Say(seat=LEAD, to="averne", text=" \x1b \u202e ")).refused("empty")
    outcome = table().when(Say(seat=LEAD, to="averne", text="\x1b]0;x\x07Hi\u2028there"))
    (event,) = outcome.events
    assert isinstance(event, tw.MessageSpoken)
    assert not HOSTILE.search(event.text)


# views


def test_the_team_sees_who_is_for_what_and_who_is_missing() -> None:
    """Protects the table: each member sees the votes of its own team, before and after the answer."""
    play = then(
        table(LEAD, LAW, mode="vote"),
        TakeSeat(seat=POLICE, name="Kestrel"),
        *vote("now", POLICE, reason="We can."),
    )
    view = the_decision(play, LAW).vote

    assert (view.mode, view.voting, view.missing) == ("vote", True, ("Head of delegation", "Legal adviser"))
    (ballot,) = view.ballots
    assert (ballot.seat, ballot.who, ballot.option, ballot.title, ballot.reason) == (
        POLICE,
        "Police (Kestrel)",
        "now",
        "Option now",
        "We can.",
    )
    assert view.may_answer
    assert not the_decision(play, WHOLE).vote.may_answer, "nobody sits on the whole team's seat"
    ((short, control),) = facilitator_view(play.scenario, play.state).decisions
    assert (short, control.vote.ballots, control.vote.missing) == ("Averne", view.ballots, view.missing)
    after = then(play, *vote("now", LAW), LeaveSeat(seat=POLICE))
    assert [ballot.who for ballot in the_decision(after).vote.ballots] == ["Police (Kestrel)", "Legal adviser"]
    ended = then(after, cmd.EndExercise())
    wash = hot_wash_view(ended.scenario, ended.state)
    assert wash is not None
    assert "Kestrel" not in repr(wash)


def test_the_team_sees_who_holds_the_pen() -> None:
    """Protects people from writing an answer that will be refused."""
    play = table(LEAD, POLICE, role="police")

    assert (the_decision(play, LEAD).vote.pen, the_decision(play, LEAD).vote.may_answer) == ("Police", False)
    assert the_decision(play, POLICE).vote.may_answer
    assert the_decision(play, WHOLE).vote.may_answer
    assert the_decision(table(), LEAD).vote.may_answer


def test_a_latecomer_gets_the_picture_so_far() -> None:
    """Protects people who come late: the same view as everybody's, and who is there already."""
    before = then(
        table(LEAD, mode="vote"),
        Say(seat=LEAD, to="averne", text="We wait for you."),
        TakePen(seat=LEAD, subject="tell"),
    )
    assert seen(before, POLICE).joined is None
    play = then(before, TakeSeat(seat=POLICE, name="Kestrel", play=100))
    view = seen(play, POLICE)

    assert [(s.seat, s.role, s.name, s.present, s.leads) for s in view.seats] == [
        (WHOLE, "Averne", "", False, False),
        (LEAD, "Head of delegation", "", True, True),
        (POLICE, "Police", "Kestrel", True, False),
        (LAW, "Legal adviser", "", False, False),
    ]
    assert view.joined == 1200
    assert (len(view.inbox), len(view.decisions), len(view.talk), len(view.drafts)) == (1, 1, 1, 1)
    assert "Kestrel" not in repr(seen(play, BELMARK))
    control = facilitator_view(play.scenario, play.state)
    assert [(team, s.seat) for team, s in control.seats if s.present] == [("Averne", LEAD), ("Averne", POLICE)]
    assert [(team, draft.subject) for team, draft in control.drafts] == [("Averne", "tell")]


def test_briefs_and_messages_of_a_role_reach_that_role_alone() -> None:
    """Protects what only one role is told: its brief, and injects addressed to it; the whole team's seat has all."""
    rows = inject("call"), inject("source", to=["averne/police"])
    play = given(scenario(*rows, teams=TEAMS), started(), *sit(LEAD, POLICE, WHOLE))

    def told(seat: str) -> tuple[list[str], list[str]]:
        view = seen(play, seat)
        return [item.title for item in view.inbox], [brief for _, brief in view.briefing.roles]

    assert told(POLICE) == (["call", "source"], ["You have a source."])
    assert told(LEAD) == (["call"], ["Keep calm."])
    assert told(WHOLE) == (["call", "source"], ["Keep calm.", "You have a source.", "Mind the treaty."])
    assert "source" not in repr(seen(play, LEAD)).replace("source=", "")


def test_an_observer_sees_one_team_and_does_nothing_in_it() -> None:
    """Protects observers' seats: what that team sees, none of what is behind the story, and nothing to press."""
    play = then(
        table(LEAD, "observer"), TakePen(seat=WHOLE, subject="tell"), Say(seat=BELMARK, to="belmark", text="Us.")
    )
    view = observer_view(play.scenario, play.state, "averne")

    assert (view.seat, view.team, view.joined) == ("observer", "averne", 0)
    assert view.inbox == seen(play).inbox
    assert not any(shown.vote.may_answer for shown in view.decisions)
    assert not any(draft.mine for draft in view.drafts)
    assert "crew" not in repr(view)
    assert "Us." not in repr(view)
    with pytest.raises(KeyError):
        observer_view(play.scenario, State(), "ghost")


# the log


def everything() -> Session:
    """A session in which every kind of event of team play stands in the log, some of it answers."""
    rows = tell(mode="vote"), decision("own", role="police"), decision("all", mode="consensus"), decision("cut")
    played = scenario(inject("call"), inject("press", at="T+0:20"), *rows, teams=TEAMS)
    session = Session.start_new(played, load_reference(), MemoryStore(), seed=1, pace="stepped")
    submit = session.submit
    submit(TakeSeat(seat=LEAD, name="Heron"))
    submit(TakeSeat(seat="observer", name="Owl"))
    session.start()
    for command in (
        TakeSeat(seat=POLICE, name="Kestrel"),
        *sit(LAW, play=130),
        Say(seat=LEAD, to="averne", text="We begin."),
        Say(seat=LEAD, to="belmark", text="Good morning.", official=True),
        Say(seat=BELMARK, to="averne", text="A word."),
        Say(to="averne/police", text="Call your source."),
        Say(to="all", text="Coffee is here."),
        TakePen(seat=POLICE, subject="request"),
        WriteDraft(seat=POLICE, subject="request", text="Please keep"),
        WriteDraft(seat=POLICE, subject="request", text="Please keep the data."),
        PutDownPen(seat=POLICE, subject="request"),
        TakePen(subject="request", team="belmark"),
        TakePen(seat=LAW, subject="own"),
        WriteDraft(seat=LAW, subject="own", text="The source says so."),
        *vote("now", LEAD, reason="It is right."),
        *vote("wait", POLICE, reason="Not yet."),
        *vote("now", POLICE, reason="Very well."),
        choose("own", "yes", seat=POLICE),
        *vote("yes", LEAD, decision="all", reason="All for it."),
        *vote("yes", POLICE, decision="all", set_aside=(cmd.SetAside(commitment="se-p7", why="No time."),)),
        *vote("no", LAW, decision="all"),
        TakePen(seat=LAW, subject="cut"),
        LeaveSeat(seat=LAW),
        cmd.ReopenDecision(decision="tell"),
        *vote("wait", LEAD, revision=2, reason="We think again.", play=200),
        CloseVote(decision="tell"),
        cmd.WriteNote(seat="observer", text="They agree."),
        cmd.EndExercise(),
        Say(seat=LEAD, to="averne", text="Well done."),
        LeaveSeat(seat=LEAD),
    ):
        submit(command)
    return session


def test_every_step_of_team_play_is_legal_under_the_rules() -> None:
    """Protects `verify --rules`: each command can be told from its events, whatever they led to."""
    session = everything()
    log = session.log()
    account = verify(lines_of(log), head=log.head, rules=True)

    assert account.ok, account.lines()
    kinds = {type(entry.event) for entry in log.entries}
    assert kinds >= set(get_args(tw.TeamPlayEvent))
    answers = [entry.event for entry in log.entries if isinstance(entry.event, ev.ResponseChosen)]
    assert [(a.decision, a.option, a.reason) for a in answers] == [
        ("tell", "now", "It is right.\nVery well."),
        ("own", "yes", "The source says so."),
        ("all", "yes", "All for it."),
        ("tell", "wait", "We think again."),
    ]
    assert replay(entry.event for entry in log.entries) == session.state


def test_a_log_without_its_words_is_still_legal() -> None:
    """Protects erasure: pseudonyms, reasons and talk go, one by one or all, and every step can still be told."""
    log = everything().log()
    openings = list(log.openings.values())
    scenario_and_facts = openings[:2]

    assert not any(text in line for line in log.lines for text in ("Kestrel", "Please keep", "It is right", "Coffee"))
    for kept in (*(openings[:n] for n in range(2, len(openings))), *([*scenario_and_facts, o] for o in openings[2:])):
        lines = [log.header_line, *log.lines, *(opening.line() for opening in kept)]
        account = verify(lines, rules=True)
        assert account.ok, account.lines()


def test_a_forged_vote_is_caught_by_the_rules() -> None:
    """Protects votes: a log chained anew around another vote, or another holder of the pen, is no legal one."""
    log = everything().log()
    for kind, change in (("vote-cast", {"option": "ask"}), ("pen-taken", {"seat": LEAD}), ("seat-left", {"seat": LAW})):
        place = [entry.seq for entry in log.entries if entry.event.type == kind][0 if kind != "seat-left" else -1]
        lines, head = [log.header_line], line_hash(log.header_line)
        for line in log.lines:
            data = json.loads(line)
            data["event"] |= change if data["seq"] == place else {}
            data["prev"] = head
            lines.append(json.dumps(data, ensure_ascii=False, separators=(",", ":")))
            head = line_hash(lines[-1])
        lines += [opening.line() for opening in log.openings.values()]
        assert not verify(lines, rules=True).ok, kind


def test_every_entry_is_told_in_one_plain_line() -> None:
    """Protects replays: who sat down, voted, wrote and spoke, with titles instead of ids."""
    session = everything()
    retelling = Retelling(session.scenario)
    told = [retelling.line(entry) for entry in session.entries if isinstance(entry.event, tw.TeamPlayed)]

    for line in (
        "Averne (Head of delegation) is at the table: Heron.",
        "Observer is at the table: Owl.",
        "Averne (Legal adviser) is at the table.",
        "Averne (Head of delegation) says to its own team: We begin.",
        "Averne (Head of delegation) writes officially to Belmark: Good morning.",
        "Belmark (Head of mission) has a word aside with Averne: A word.",
        "Exercise control writes to Averne (Police): Call your source.",
        "Exercise control writes to all: Coffee is here.",
        "Averne (Police) takes the pen for a request.",
        "Exercise control takes the pen for a request of Belmark.",
        "Averne (Police) drafts for a request: Please keep the data.",
        "Averne (Police) puts down the pen for a request.",
        "Averne (Legal adviser) drafts for “Decide on own”: The source says so.",
        "Averne (Police) votes for “Option wait” in “Decide on tell”: Not yet.",
        "Averne (Legal adviser) leaves the table.",
    ):
        assert line in told
    assert all("\n" not in line for line in told)


# searched at random


KINDS = (
    *["sit", "sit", "vote", "vote", "vote", "vote", "answer", "say", "say", "pen", "write", "leave"],
    *["put-down", "close-vote", "tick", "reopen", "close-move", "plenary", "control-pen"],
)
EVERYBODY = (
    WHOLE,
    LEAD,
    POLICE,
    LAW,
    "belmark",
    BELMARK,
    "belmark/desk",
    FACILITATOR,
    "observer",
    "spectator",
    "ghost",
)
ADDRESSES = ("averne", "belmark", FACILITATOR, "all", POLICE, BELMARK, "ghost")
QUESTIONS = ("one", "two", "three", "theirs", "later", "ghost")

Deed = tuple[str, str, int, int]


def _deeds(seed: int, length: int) -> list[Deed]:
    dice = Random(seed)
    busy = [*EVERYBODY, *[LEAD, POLICE, LAW] * 4]
    return [(dice.choice(KINDS), dice.choice(busy), dice.randrange(12), n) for n in range(length)]


deeds = st.builds(_deeds, st.integers(0, 2**32), st.integers(0, 120))
"""What people do at the table: dice fill it more evenly than a search that prefers the small."""


def arena() -> Scenario:
    """Decisions of every mode, one with an option that comes and goes."""
    shifty = option("c", available={"not": {"flag": "told"}}, effects=[{"flag": "alarm"}])
    rows = (
        decision("one", option("a", effects=[{"flag": "told"}]), option("b"), shifty, mode="vote", free={}),
        decision("two", option("a"), option("b", effects=[{"clear": "told"}]), shifty, mode="consensus"),
        decision("three", option("a"), option("b"), shifty, free={}, role="police"),
        decision("theirs", option("a"), option("b"), team="belmark", mode="vote"),
        decision("later", option("a"), option("b"), at="T+3:00"),
    )
    return scenario(inject("call"), *rows, teams=TEAMS)


def deed(kind: str, seat: str, pick: int, number: int, state: State) -> cmd.Command:
    """A command of team play, most often one that makes sense where the exercise stands."""
    question = QUESTIONS[pick % len(QUESTIONS)]
    put = state.decisions.get(question)
    now: dict[str, Any] = {"seat": seat, "play": state.clock.play}
    on: dict[str, Any] = now | {"decision": question, "revision": put.revision if put else 1}
    chosen = "abc"[pick % 3] if pick < 10 else "ghost"
    subject = "request" if pick % 3 == 0 else question
    match kind:
        case "sit":
            return TakeSeat(name=("", "Kestrel")[pick % 2], **now)
        case "leave":
            return LeaveSeat(**now)
        case "vote":
            return CastVote(option=chosen, reason=("", "Yes.", "No.")[pick % 3], **on)
        case "answer" if pick % 2:
            return cmd.ChooseResponse(option=chosen, **on)
        case "answer":
            return cmd.ChooseResponse(free_text="We call them now.", nearest=chosen, **on)
        case "say":
            to = ADDRESSES[pick % len(ADDRESSES)]
            return Say(to=to, text=f"word-{number}-{seat.replace('/', '-')}-{to.replace('/', '-')}-z", **now)
        case "pen":
            return TakePen(subject=subject, **now)
        case "write" if number % 2 and any(draft.holder for draft in state.drafts.values()):
            held = [(key, draft.holder) for key, draft in state.drafts.items() if draft.holder]
            (team, subject), holder = held[pick % len(held)]
            text = f"draft-{team}-{pick % 2}-z"
            return WriteDraft(seat=holder, play=state.clock.play, subject=subject, team=team, text=text)
        case "write":
            return WriteDraft(subject=subject, text=f"draft-{seat.partition('/')[0]}-{pick % 2}-z", **now)
        case "put-down":
            return PutDownPen(subject=subject, **now)
        case "control-pen":
            return TakePen(subject=subject, team=("averne", "belmark", None)[pick % 3], play=state.clock.play)
        case "close-vote":
            return CloseVote(decision=question, play=state.clock.play)
        case "reopen":
            return cmd.ReopenDecision(decision=question, play=state.clock.play)
        case "close-move" if pick == 0:
            return cmd.CloseMove(lapse_open=True, play=state.clock.play)
        case "plenary":
            return cmd.ClosePlenary(play=state.clock.play)
    return cmd.AdvanceClock(play=state.clock.play + pick * 13)


@hypothesis.given(deeds)
@settings(max_examples=100, deadline=None)
def test_whatever_people_do_at_the_table(done: list[Deed]) -> None:
    """Protects team play as a whole: nothing but refusals, one answer a question, no hand twice, no word astray.

    What was done is asked a second time at once: it writes nothing more, or is refused.
    """
    played, state = arena(), State()
    events: list[ev.Event] = [*decide(played, state, started())]
    state = replay(events)
    for kind, seat, pick, number in done:
        command = deed(kind, seat, pick, number, state)
        try:
            came = decide(played, state, command)
        except CommandRejected as rejected:
            assert rejected.code
            assert rejected.text
            continue
        events += came
        state = replay(came, state)
        if isinstance(command, TeamPlay) and not isinstance(command, Say):
            with contextlib.suppress(CommandRejected):
                assert decide(played, state, command) == ()
        _no_word_astray(Given(played, state), events)

    answers = Counter((e.decision, e.revision) for e in events if isinstance(e, ev.ResponseChosen))
    assert max(answers.values(), default=1) == 1
    assert replay(ev.EVENTS.validate_json(ev.EVENTS.dump_json(event)) for event in events) == state
    for event in events:
        if isinstance(event, ev.ResponseChosen):
            assert event.team == played.decisions_by_id[event.decision].team


def _no_word_astray(play: Given, events: list[ev.Event]) -> None:
    views = {seat: repr(seen(play, seat)) for seat in (WHOLE, LEAD, POLICE, BELMARK)}
    views |= {"nobody": repr(spectator_view(play.scenario, play.state))}
    for event in events:
        if isinstance(event, tw.MessageSpoken):
            for seat, view in views.items():
                team = seat.partition("/")[0]
                own = event.seat.partition("/")[0] == team
                role = event.to == seat or (event.to == POLICE and seat == WHOLE)
                heard = own or event.to in (team, "all") or role
                assert (event.text in view) == heard, f"{seat}: {event.text}"
    for seat, view in views.items():
        for other in {"averne", "belmark"} - {seat.partition("/")[0]}:
            assert f"draft-{other}" not in view
    assert "Kestrel" not in views["nobody"]


def test_control_puts_the_pen_into_a_hand() -> None:
    """Protects a team that cannot agree on who writes; no seat gives it away itself, nobody gets it unseated."""
    play = table(LEAD, POLICE)
    play.when(cmd_pen(to=POLICE)).then(happened(tw.PenTaken, seat=POLICE, subject="tell"))
    play.when(cmd_pen(to=LAW)).refused("no-seat")
    play.when(cmd_pen(to="belmark")).refused("no-seat")
    play.when(cmd_pen(seat=POLICE, to=LEAD)).refused("not-facilitator")
    taken = play.when(cmd_pen(seat=LEAD), cmd_pen(to=POLICE))
    taken.then(happened(tw.PenTaken, seat=LEAD), happened(tw.PenTaken, seat=POLICE))


def cmd_pen(*, seat: str = "facilitator", to: str | None = None) -> TakePen:
    """The pen of Averne's dilemma."""
    return TakePen(seat=seat, subject="tell", to=to)
