"""What teams and the facilitator ask: choices, follow-ups, corrections, and refusals that help."""

from __future__ import annotations

from typing import Any

import pytest
from given import (
    Given,
    Row,
    choose,
    close_move,
    decision,
    dropped,
    flag_raised,
    follow_up,
    given,
    happened,
    indicator_changed,
    inject,
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
from exercise.core.acts import Safeguard
from exercise.core.decide import LONGEST_NAME, LONGEST_TEXT, available_options
from exercise.core.text import HOSTILE

TOLD_LONG_ENOUGH = "We told Belmark's desk at noon."


def tell(*extra: Row, **more: Any) -> Row:
    """A dilemma with an option that does everything at once, one that does nothing, and these."""
    now = option(
        "now",
        acts=[{"act": "warn", "toward": ["belmark"]}],
        effects=[{"flag": "told"}, {"indicator": "trust", "by": 5}],
        consequences=[{"text": "They thank you."}, {"after": "1h", "text": "They answer."}],
    )
    return decision("tell", now, option("wait"), *extra, **more)


def asked(*rows: Row) -> Given:
    """An exercise with Averne's dilemma before it."""
    return given(scenario(inject("call"), *(rows or (tell(),))), started())


# choices


def test_choice_brings_acts_effects_and_consequences_in_this_order() -> None:
    """Protects what the log says of a choice, and what detectors read from it."""
    asked().when(choose("tell", "now", reason="They are in it too.", basis=("se-p7",))).then(
        response_chosen("tell", "now", team="averne", revision=1, reason="They are in it too.", basis=("se-p7",)),
        happened(ev.ActDone, team="averne", decision="tell"),
        flag_raised("told"),
        indicator_changed("trust", 55),
        happened(ev.ConsequenceCame, index=0, to=("averne",)),
        happened(ev.ConsequenceScheduled, index=1, due=3600),
    ).leads_to(
        lambda state: state.decisions["tell"].status == "chosen" and "belmark" in state.acts["averne"][0].act.toward
    )


def test_choice_may_come_from_any_role_of_the_team() -> None:
    """Protects play with one person at the keyboard, whoever holds the pen in the story."""
    asked().when(choose("tell", "wait", seat="averne/police")).then(response_chosen("tell", "wait"))


@pytest.mark.parametrize("name", ["tell", "later", "ghost"])
@pytest.mark.parametrize("seat", ["belmark", "belmark/lead"])
def test_no_decision_of_another_team_can_be_touched_or_guessed(name: str, seat: str) -> None:
    """Protects what is to come: a decision of others, one not yet put and one that is not there are refused alike."""
    play = asked(tell(), decision("later", at="T+3:00", team="belmark"))

    for command in (choose(name, "yes", seat=seat), follow_up(name, TOLD_LONG_ENOUGH, seat=seat)):
        play.when(command).refused("not-open", "No such decision has been put to your team.")


@pytest.mark.parametrize("seat", ["ghost", "averne/ghost", "belmark/police", "facilitator/lead"])
def test_a_seat_that_is_not_there_asks_nothing(seat: str) -> None:
    """Protects the log from lines by seats that nobody holds."""
    for command in (
        choose("tell", "now", seat=seat),
        follow_up("tell", TOLD_LONG_ENOUGH, seat=seat),
        cmd.WriteNote(seat=seat, text="Hello."),
        cmd.ReadMessage(seat=seat, number=1),
    ):
        assert asked().when(command).rejected is not None
        asked().when(command).refused("no-seat", "no such seat")


def test_second_answer_names_the_first() -> None:
    """Protects a team whose two seats answer at once: the second learns what was answered and when."""
    play = asked()

    play.when(choose("tell", "now", play=200), choose("tell", "wait", play=200)).refused(
        "chosen", "Averne", "T+0:40", "Option now"
    )


def test_stale_revision_is_refused() -> None:
    """Protects a team that answers what stood on its screen before the decision was put anew."""
    play = asked().when(choose("tell", "now"), cmd.ReopenDecision(decision="tell"))

    assert play.state.decisions["tell"].revision == 2
    Given(asked().scenario, play.state).when(choose("tell", "wait")).refused("changed", "look at it again")
    Given(asked().scenario, play.state).when(choose("tell", "wait", revision=2)).then(response_chosen("tell", "wait"))
    asked().when(choose("tell", "wait", revision=2)).refused("changed")


def test_lapsed_decision_takes_no_answer() -> None:
    """Protects the window's end."""
    asked().when(tick(600), choose("tell", "now")).refused("lapsed", "closed")


def test_option_must_be_one_that_is_offered_now() -> None:
    """Protects options that depend on what happened: one refusal for those not there yet and those not there at all."""
    play = asked(
        tell(option("again", available={"flag": "told"}), option("alarm", available={"not": {"flag": "told"}}))
    )

    play.when(choose("tell", "again")).refused("no-option", "no such option")
    play.when(choose("tell", "ghost")).refused("no-option", "no such option")
    row = play.scenario.decisions_by_id["tell"]
    assert [o.id for o in available_options(row, play.state)] == ["now", "wait", "alarm"]


def test_own_proposal_follows_the_nearest_option() -> None:
    """Protects free options: the words are kept, and what follows is what follows the option named as nearest."""
    play = asked(tell(free={}))
    words = "We invite their duty officer to our room."

    play.when(choose("tell", free_text=f" {words}\n", nearest="now")).includes(
        response_chosen("tell", None, free_text=words, nearest="now"),
        flag_raised("told"),
        indicator_changed("trust", 55),
    )


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        ({"free_text": "", "nearest": "now"}, "too-short"),
        ({"free_text": "Call them", "nearest": "now"}, "too-short"),
        ({"free_text": "\x1b[2J \x00 \u202e", "nearest": "now"}, "too-short"),
        ({"free_text": "We ask their minister."}, "nearest"),
        ({"free_text": "We ask their minister.", "nearest": "ghost"}, "nearest"),
        ({"free_text": "We ask their minister.", "nearest": "hidden"}, "nearest"),
    ],
)
def test_own_proposal_needs_words_and_a_nearest_option(answer: Row, code: str) -> None:
    """Protects assessment from a proposal that says nothing, or that leads nowhere."""
    asked(tell(option("hidden", available={"flag": "alarm"}), free={})).when(choose("tell", **answer)).refused(code)


def test_own_proposal_only_where_the_author_allows_it() -> None:
    """Protects decisions that take one of their options only."""
    asked().when(choose("tell", free_text="We ask their minister.", nearest="now")).refused("no-free-option")


def test_listed_option_keeps_no_free_words() -> None:
    """Protects the log from a proposal that was not made."""
    asked(tell(free={})).when(choose("tell", "wait", free_text="Not this one at all.", nearest="now")).then(
        response_chosen("tell", "wait", free_text="", nearest=None)
    )


def test_every_text_of_a_choice_is_cleaned() -> None:
    """Protects every screen that shows an answer later: no escapes, no direction marks, whatever field they hide in."""
    bad = "\x1b]0;x\x07 a\u202eb\x9b c\u2028d"
    play = asked(tell(free={}))
    outcome = play.when(
        choose(
            "tell",
            free_text=bad + " and more words",
            nearest="wait",
            reason=bad,
            basis=(bad, " ", "x" * 500),
            set_aside=(cmd.SetAside(commitment=bad, why=bad, limits=bad), cmd.SetAside(commitment="\x00")),
            safeguards={Safeguard.SCOPE: bad, Safeguard.GROUND: " \x00 "},
        )
    )
    (event,) = outcome.events
    assert isinstance(event, ev.ResponseChosen)
    said = [event.free_text, event.reason, *event.basis, *event.safeguards.values()]
    said += [text for item in event.set_aside for text in (item.commitment, item.why, item.limits)]

    assert not any(HOSTILE.search(text) for text in said)
    assert len(event.basis) == 2, "an empty name is none"
    assert len(event.basis[1]) == LONGEST_NAME
    assert len(event.set_aside) == 1
    assert set(event.safeguards) == {Safeguard.SCOPE}, "an empty safeguard is none"


def test_texts_stay_below_their_cap_though_cleaning_lengthens_them() -> None:
    """Protects the log: a character may be composed of three, and a text that was short enough must stay so."""
    with pytest.raises(ValueError, match="4000"):
        cmd.WriteNote(text="x" * (LONGEST_TEXT + 1))
    asked().when(cmd.WriteNote(seat="averne", text="\ufb2c" * LONGEST_TEXT)).leads_to(
        lambda state: len(next(state.notes.newest()).text) == LONGEST_TEXT
    )


def test_effects_look_at_conditions_one_after_another() -> None:
    """Protects the order of effects: a condition sees what the effects before it did."""
    row = decision(
        "tell",
        option(
            "now",
            effects=[
                {"flag": "alarm", "when": {"flag": "told"}},
                {"flag": "told"},
                {"indicator": "trust", "by": 1, "when": {"flag": "told"}},
                {"clear": "told"},
                {"clear": "told"},
                {"flag": "alarm", "when": {"flag": "told"}},
            ],
        ),
        option("wait"),
    )
    asked(row).when(choose("tell", "now")).then(
        response_chosen("tell", "now"), flag_raised("told"), indicator_changed("trust", 51), happened(ev.FlagCleared)
    )


@pytest.mark.parametrize(
    ("effect", "value"), [({"by": 90}, 100.0), ({"by": -90}, 0.0), ({"to": 1000}, 100.0), ({"to": -3.5}, 0.0)]
)
def test_indicators_keep_their_bounds(effect: Row, value: float) -> None:
    """Protects indicators; an effect that changes nothing more is not written."""
    change = [{"indicator": "trust"} | effect] * 2
    play = asked(decision("tell", option("now", effects=change), option("wait")))

    play.when(choose("tell", "now")).then(response_chosen("tell", "now"), indicator_changed("trust", value))


def test_evidence_is_learnt_once_and_by_its_team_alone() -> None:
    """Protects knowledge, on which marks and options depend."""
    learn = {"learn": "sample", "team": "averne"}
    rows = (
        inject("one", effects=[learn]),
        inject("two", effects=[learn, learn]),
        inject("x", when={"knows": "sample", "team": "averne"}),
    )

    play = given(scenario(*rows), started())
    assert {team: tuple(held) for team, held in play.state.knowledge.items()} == {"averne": ("sample",)}
    assert "x" in play.state.released


# follow-ups, notes, reading


def test_follow_up_comes_later_and_says_something() -> None:
    """Protects the last two steps of the conflict rule: coming back is an act of its own, at a later moment."""
    play = given(asked().scenario, started(), choose("tell", "wait", play=60))

    play.when(follow_up("tell", TOLD_LONG_ENOUGH, play=60)).refused("too-soon", "moved on")
    play.when(follow_up("tell", "Told them.", play=90)).refused("too-short", "whom you told")
    play.when(follow_up("tell", TOLD_LONG_ENOUGH, play=90)).includes(
        happened(ev.FollowedUp, decision="tell", team="averne", kind="told", text=TOLD_LONG_ENOUGH)
    )
    asked().when(follow_up("tell", TOLD_LONG_ENOUGH, play=90)).refused("not-chosen", "answered")


def test_empty_note_is_refused() -> None:
    """Protects the journal from lines of nothing."""
    asked().when(cmd.WriteNote(seat="averne", text=" \x1b \n")).refused("empty", "nothing")


def test_message_is_read_once_by_its_number_in_the_seats_own_inbox() -> None:
    """Protects receipts: each seat counts its own messages, and reading again writes nothing."""
    rows = inject("theirs", to=["belmark"]), inject("ours", to=["averne"]), inject("police", to=["averne/police"])
    play = given(scenario(*rows), started())

    play.when(cmd.ReadMessage(seat="averne", number=1)).then(happened(ev.MessageRead, seat="averne", message=1))
    play.when(cmd.ReadMessage(seat="averne", number=1), cmd.ReadMessage(seat="averne", number=1)).then(
        happened(ev.MessageRead)
    )
    play.when(cmd.ReadMessage(seat="averne/police", number=2)).then(happened(ev.MessageRead, message=2))
    play.when(cmd.ReadMessage(seat="averne/lead", number=2)).refused("no-message", "your inbox")
    play.when(cmd.ReadMessage(seat="belmark", number=2)).refused("no-message", "your inbox")
    play.when(cmd.ReadMessage(number=3)).then(happened(ev.MessageRead, seat="facilitator", message=2))


def test_reading_again_writes_nothing_even_where_something_is_due() -> None:
    """Protects the log: what the clock brings is not written under the name of a seat that only looked again."""
    play = given(
        scenario(inject("call"), inject("press", at="T+1:00")), started(), cmd.ReadMessage(seat="averne", number=1)
    )

    play.when(cmd.ReadMessage(seat="averne", number=1, play=400)).then()
    play.when(cmd.ReadMessage(seat="averne", number=2, play=400)).includes(released("press"), happened(ev.MessageRead))


# corrections


def test_withdrawn_inject_stays_read() -> None:
    """Protects the truth of the log: a correction adds a line, and what was read stays read."""
    play = given(scenario(inject("call")), started(), cmd.ReadMessage(seat="averne", number=1))

    play.when(cmd.WithdrawInject(inject="call", why="\x1bToo early.")).then(
        happened(ev.InjectWithdrawn, inject="call", why="Too early.")
    ).leads_to(lambda state: len(state.messages) == 1 and state.read["averne"] == {0} and "call" in state.released)
    play.when(cmd.WithdrawInject(inject="call"), cmd.WithdrawInject(inject="call")).refused("not-released", "call")
    play.when(cmd.WithdrawInject(inject="ghost")).refused("not-released", "ghost")
    play.when(cmd.WithdrawInject(inject="call"), cmd.ReleaseInject(inject="call")).refused("released")


def test_reopened_decision_is_put_again_and_the_old_answer_brings_nothing_more() -> None:
    """Protects a corrected mistake: a full window, a new revision, and no consequence of the answer taken back."""
    play = given(asked().scenario, started(), choose("tell", "now", play=60))

    assert play.state.due
    reopened = play.when(cmd.ReopenDecision(decision="tell", why="Misheard.", play=100))
    reopened.includes(
        dropped("tell", "now", 1),
        happened(ev.DecisionReopened, decision="tell", revision=2, closes=700, why="Misheard."),
    ).leads_to(lambda state: not state.due and state.decisions["tell"].choice is None)
    again = Given(play.scenario, reopened.state).when(choose("tell", "now", revision=2, play=120), tick(1199))
    assert sum(isinstance(event, ev.ConsequenceCame) and event.index == 1 for event in again.events) == 1


def test_lapsed_decision_can_be_reopened_and_only_in_a_move() -> None:
    """Protects a team that was kept from answering."""
    play = asked()

    play.when(tick(600), cmd.ReopenDecision(decision="tell")).includes(happened(ev.DecisionReopened, closes=1200))
    play.when(cmd.ReopenDecision(decision="tell")).refused("open", "tell")
    play.when(cmd.ReopenDecision(decision="ghost")).refused("no-decision")
    asked(tell(at="T+3:00")).when(cmd.ReopenDecision(decision="tell")).refused("not-open", "tell")


def test_indicator_is_set_by_hand_within_its_bounds() -> None:
    """Protects indicators from a slip of the hand; a condition that the new value fulfils is looked at."""
    play = given(scenario(inject("call"), inject("low", when={"indicator": "trust", "below": 10})), started())

    play.when(cmd.SetIndicator(indicator="trust", value=5, why="Typo.")).then(
        happened(ev.IndicatorCorrected, indicator="trust", value=5, why="Typo."), released("low")
    )
    for value in (-1, 101, float("nan"), float("inf")):
        play.when(cmd.SetIndicator(indicator="trust", value=value)).refused("indicator", "trust")
    play.when(cmd.SetIndicator(indicator="mood", value=5)).refused("indicator", "mood")


def test_mark_is_voided_once() -> None:
    """Protects the record of a correction."""
    void = cmd.VoidMark(mark="m1", why="\x9bWrong team.")

    asked().when(void).then(happened(ev.MarkVoided, mark="m1", why="Wrong team."))
    asked().when(void, void).refused("voided", "m1")


def test_refusal_leaves_nothing_even_of_what_was_due() -> None:
    """Protects the log: a refused command writes no line, and the next one finds what was due still due."""
    play = given(scenario(inject("press", at="T+1:00"), tell()), started())

    outcome = play.when(choose("tell", "ghost", play=400))
    outcome.refused("no-option")
    assert outcome.state is play.state
    play.when(tick(400)).includes(released("press"))


def test_decision_on_condition_opens_once() -> None:
    """Protects a team from the same question twice."""
    rows = inject("call", effects=[{"flag": "told"}]), decision("react", when={"flag": "told"})
    play = given(scenario(*rows), started())

    assert play.state.decisions["react"].closes == 600
    play.when(choose("react", "yes"), close_move()).never(opened("react"))


def test_row_that_waits_for_a_choice_taken_back_comes_then() -> None:
    """Protects rows that wait for something not to be chosen: a reopened decision is no longer chosen."""
    row = inject("silence", when={"all": [{"flag": "told"}, {"not": {"chose": "tell"}}]})
    play = given(scenario(inject("call"), row, tell()), started(), choose("tell", "now"))

    play.when(cmd.ReopenDecision(decision="tell")).includes(happened(ev.DecisionReopened), released("silence"))
