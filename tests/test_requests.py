"""The life of requests, step by step: what the rules take, what they refuse, and what comes by itself."""

from __future__ import annotations

from typing import Any

import pytest
from asking import FULL, KINDS, answer, send, world
from given import Given, Row, clock_at, close_move, given, happened, inject, started, tick

from exercise.catalogue.requests import load_requests
from exercise.core import commands as cmd
from exercise.core import events as ev
from exercise.core.acts import ActKind
from exercise.core.asked import FACILITATOR
from exercise.core.conditions import Requested, holds
from exercise.core.observe import participant_view
from exercise.core.requests import commands as rq
from exercise.core.requests import events as re
from exercise.core.requests.handling import narrower
from exercise.core.requests.kinds import Handling, Purpose, Step, Tlp
from exercise.core.requests.state import RequestState
from exercise.core.schedule import GRACE, next_instant
from exercise.core.state import State

RED: Row = {"tlp": "red"}
DEADLINE = 3600


def take(number: int, *, seat: str = "averne", revision: int = 2, accept: bool = True) -> rq.TakeConditions:
    """The receiver accepts conditions, or declines them."""
    return rq.TakeConditions(seat=seat, request=number, revision=revision, accept=accept)


def fulfil(number: int, *, seat: str = "belmark", revision: int = 2, **more: Any) -> rq.FulfilRequest:
    """The addressee does what it accepted."""
    return rq.FulfilRequest.model_validate({"seat": seat, "request": number, "revision": revision, **more})


def mend(number: int, *, seat: str = "averne", revision: int = 2, **content: str) -> rq.MendRequest:
    """The requester adds what was missing."""
    return rq.MendRequest(seat=seat, request=number, revision=revision, content=content)


def seen(number: int, *, seat: str = "belmark") -> rq.AcknowledgeRequest:
    """The addressee has opened it."""
    return rq.AcknowledgeRequest(seat=seat, request=number)


def withdraw(number: int, *, seat: str = "averne") -> rq.WithdrawRequest:
    """The requester takes it back."""
    return rq.WithdrawRequest(seat=seat, request=number)


def preserve(**more: Any) -> rq.SendRequest:
    """A whole preservation request of Averne to Belmark's contact point."""
    return send("preservation", 1, **{"matter": "host", "content": FULL} | more)


def play(*commands: cmd.Command, **more: Any) -> Given:
    """The small world after STARTEX and these commands."""
    return given(world(**more), started(), *commands)


def request_of(state: State, number: int = 1) -> RequestState:
    """A request by its number on control's board."""
    return state.requests[state.boards[FACILITATOR][number - 1]]


def status_is(step: Step, number: int = 1) -> Any:
    """Whether a request stands at this step."""
    return lambda state: request_of(state, number).status is step


def holds_under(team: str, evidence: str, handling: Handling | None) -> Any:
    """Whether a team holds a piece of evidence under these conditions."""
    return lambda state: state.knowledge[team][evidence].handling == handling


ORDER = {"injects": [inject("call", effects=[{"learn": "tip", "team": "averne"}, {"flag": "order"}])]}
"""The judge has signed from the start."""

AT_THE_PRESS = [kind | {"channels": ["press"]} if kind["id"] == "contact-data" else kind for kind in KINDS]
PRESS = {"id": "press", "name": "Press", "desk": {"speed": "0m"}}
"""An actor that answers the moment it is asked."""

OTHERS_TIP = {
    "evidence": [
        {"id": "tip", "title": "A tip", "text": "A hint.", "source": "The centre", "giver": "centre", "handling": RED},
        *(piece.model_dump(mode="json") for piece in world().evidence if piece.id != "tip"),
    ]
}
"""Averne holds its tip from the centre, so that Belmark is not its giver."""


# --- a life from end to end ---


def test_an_incomplete_request_is_asked_back_mended_accepted_and_fulfilled() -> None:
    """Protects the way of the field: a gap does not keep a request from being sent, and can be named and filled."""
    life = play(send("preservation", 1, matter="host", content={"authority": "National police desk"}), **ORDER)
    life.when().leads_to(lambda state: request_of(state).missing == ("offence",))

    asked = life.when(seen(1), answer(1, "ask-back", missing=["offence"]))
    asked.then(
        happened(re.RequestAcknowledged),
        happened(re.ContactTried, team="averne", contact=1, works=True),
        happened(re.RequestAnswered, answer="ask-back", missing=("offence",)),
    )
    mended = Given(life.scenario, asked.state).when(mend(1, offence="Illegal access to a host"))
    mended.then(happened(re.RequestMended, missing=()))

    done = Given(life.scenario, mended.state).when(
        answer(1, "accept", revision=3, text="We keep it.", days=90), fulfil(1, revision=4, text="Here they are.")
    )
    done.includes(
        happened(re.RequestAnswered, answer="accept", days=90),
        happened(re.RequestFulfilled, gives=("logs",)),
        happened(ev.EvidenceLearned, team="averne", evidence="logs", giver="belmark", request="r1"),
        happened(re.OutcomeCame, matter="host", index=0, to=("averne",)),
        happened(ev.IndicatorChanged, indicator="trust", value=55.0),
    )
    done.leads_to(status_is(Step.FULFILLED))


def test_a_part_is_given_where_a_part_was_offered() -> None:
    """Protects partial help: what is handed over is the matter's part, and the acts say that it was one."""
    life = play(preserve(), answer(1, "part", text="Only the last day."), **ORDER)

    life.when(fulfil(1)).includes(
        happened(re.RequestFulfilled, gives=("part-logs",)),
        happened(ev.EvidenceLearned, evidence="part-logs"),
    )


def test_an_answer_under_conditions_waits_until_they_are_taken() -> None:
    """Protects conditions: nothing goes out before the requester has accepted them, and declining ends the request."""
    life = play(preserve(), answer(1, "conditional", conditions=RED, text="For your eyes."), **ORDER)
    life.when(fulfil(1)).refused("request-closed", "waits for the conditions")

    agreed = life.when(take(1), fulfil(1, revision=3))
    agreed.leads_to(holds_under("averne", "logs", Handling(tlp=Tlp.RED)))
    life.when(take(1, accept=False)).leads_to(status_is(Step.CONDITIONS_DECLINED))
    life.when(take(1, accept=False), fulfil(1, revision=3)).refused("request-closed", "declined")


def test_who_agrees_in_part_or_on_terms_that_are_taken_has_agreed() -> None:
    """Protects the story: it must not go on as if nobody had agreed, where somebody did for the most part."""
    agreed = Requested(asked="preservation", by="averne", to="belmark", came=Step.ACCEPTED)
    part = play(preserve(), answer(1, "part", text="Half of it."), **ORDER)
    offered = play(preserve(), answer(1, "conditional", text="On terms.", conditions={"tlp": "amber"}), **ORDER)
    refused = play(preserve(), answer(1, "refuse", ground="political-offence", text="No."), **ORDER)

    assert holds(agreed, part.state)
    assert not holds(agreed, offered.state) and not holds(agreed, refused.state)
    offered.when(take(1)).leads_to(lambda state: holds(agreed, state))


def test_a_request_lapses_at_its_deadline_and_an_answer_comes_too_late() -> None:
    """Protects deadlines: they are the story's, and whoever is asked hears that it passed, as does who asked."""
    life = play(preserve(deadline=DEADLINE))

    lapsed = life.when(tick(DEADLINE // 12 - 1))
    lapsed.never(happened(re.RequestLapsed))
    lapsed = life.when(tick(DEADLINE // 12))
    lapsed.includes(happened(re.RequestLapsed, request="r1"))
    Given(life.scenario, lapsed.state).when(answer(1, "accept")).refused("request-closed", "has lapsed")


def test_whoever_is_asked_has_time_to_read_however_close_the_deadline() -> None:
    """Protects the room: a deadline that is almost there leaves some minutes of play all the same."""
    life = play(preserve(deadline=60))

    life.when(tick(GRACE - 1)).never(happened(re.RequestLapsed))
    life.when(tick(GRACE)).includes(happened(re.RequestLapsed))
    life.when(answer(1, "ask-back", text="Which host do you mean?"), tick(GRACE + 60)).never(happened(re.RequestLapsed))


def test_a_deadline_between_two_moves_passes_as_the_next_opens() -> None:
    """Protects the jump of the story's clock: what fell into the gap lapses, and not before."""
    life = play(preserve(deadline=5 * 3600), tick(20 * 60))

    life.when().leads_to(status_is(Step.DELIVERED))
    life.when(close_move(play=20 * 60)).includes(happened(ev.MoveOpened), happened(re.RequestLapsed))


def test_a_request_taken_back_on_its_way_never_arrives() -> None:
    """Protects the addressee's board: what was withdrawn before it came is not there, and leaves no gap."""
    life = play(send("ping", 4), withdraw(1), preserve())

    life.when(tick(200)).never(happened(re.RequestDelivered, request="r1"))
    life.when().leads_to(lambda state: state.boards["belmark"] == ("r2",))
    life.when(withdraw(2)).leads_to(status_is(Step.WITHDRAWN, 2))
    life.when(answer(1, "accept"), withdraw(2)).refused("request-over")
    life.when(withdraw(2), withdraw(2)).refused("request-over")


# --- what gives, and what calls ---


def test_what_binds_nobody_is_there_at_once() -> None:
    """Protects the quick warning: without conditions nobody has to say yes first."""
    sent = play().when(send("warning", 2, encloses=["tip"], handling={"tlp": "green"}, subject="Look at this."))

    # The tip itself is held under red, so what goes with it does bind.
    sent.leads_to(status_is(Step.DELIVERED))
    free = play().when(send("warning", 2, subject="Somebody is at your door."))
    free.then(
        happened(re.RequestSent, to="belmark"),
        happened(re.RequestDelivered),
        happened(ev.ActDone, team="averne", request="r1"),
        happened(re.RequestFulfilled),
        happened(re.ContactTried, works=True),
    )


def test_what_binds_is_there_once_its_conditions_are_accepted() -> None:
    """Protects sharing in confidence: until then the receiver has the request and not what comes with it."""
    life = play(send("warning", 4, seat="averne", subject="A hint.", handling=RED))
    team = play(send("warning", 2, encloses=["tip"], handling={"purpose": "defence"}))
    team.when().leads_to(lambda state: "tip" not in state.knowledge.get("belmark", {}))

    taken = team.when(take(1, seat="belmark", revision=1))
    taken.leads_to(holds_under("belmark", "tip", Handling(tlp=Tlp.RED, purpose=Purpose.DEFENCE)))
    declined = team.when(take(1, seat="belmark", revision=1, accept=False))
    declined.leads_to(lambda state: "tip" not in state.knowledge.get("belmark", {}))
    team.when(answer(1, "accept")).refused("gives", "accept its conditions")
    life.when(tick(100 + 150)).includes(happened(re.ConditionsTaken, request="r1", accepted=True))


def test_conditions_taken_later_bind_what_was_held_already() -> None:
    """Protects the word that was given: who says yes to narrower conditions on a piece may not go on under the old."""
    first = [send("warning", 2, encloses=["tip"], handling={"tlp": "red"}), take(1, seat="belmark", revision=1)]
    again = send("warning", 2, encloses=["tip"], handling={"tlp": "red", "purpose": "defence"})
    both = Handling(tlp=Tlp.RED, purpose=Purpose.DEFENCE)

    twice = play(*first, again).when(take(2, seat="belmark", revision=1))
    twice.leads_to(holds_under("belmark", "tip", both))
    # Nothing is learned anew where nothing more is asked, and nobody is freed by a looser word.
    same = play(*first, again, take(2, seat="belmark", revision=1), first[0]).when(take(3, seat="belmark", revision=1))
    same.leads_to(holds_under("belmark", "tip", both))
    assert not [event for event in same.events if isinstance(event, ev.EvidenceLearned)]


def test_a_ping_is_answered_by_the_desk_itself_and_tells_of_the_entry() -> None:
    """Protects the test of a directory before it is needed: what works and what is dead is known at once."""
    play().when(send("ping", 1)).includes(
        happened(re.RequestFulfilled), happened(re.ContactTried, contact=1, works=True)
    )
    dead = play().when(send("ping", 3), tick(100))
    dead.includes(happened(re.ContactTried, contact=3, works=False), happened(re.RequestFailed, reason="stale"))
    view = participant_view(world(), dead.state, "averne")
    assert view.contacts[2].stands == "dead"
    assert view.contacts[2].address == "old"
    play().when(send("ping", 1, encloses=["tip"])).refused("carries-nothing", "Ping")


def test_an_entry_put_right_works_from_then_on() -> None:
    """Protects the way out of a stale directory: once asked for, the right address serves every later request."""
    life = play(send("contact-data", 1), answer(1, "accept", text="Here is our entry."), fulfil(1))
    assert participant_view(life.scenario, life.state, "averne").contacts[2].address == "new"

    first = life.when(send("ping", 3), tick(100), send("ping", 3, play=100), tick(200))
    first.never(happened(re.RequestFailed))
    first.leads_to(lambda state: state.contacts["averne"][3] == "renewed")


# --- what fails as in life ---


def test_a_wrong_channel_fails_and_says_so() -> None:
    """Protects learning: nothing forbids the wrong channel, and what comes of it is told."""
    play().when(send("preservation", 2, content=FULL)).includes(
        happened(re.RequestFailed, reason="channel"),
    )


def test_a_desk_without_the_mandate_returns_it() -> None:
    """Protects the same for mandates: the police centre does not deal with contact data."""
    life = play(send("contact-data", 4))
    life.when(tick(99)).never(happened(re.RequestFailed))

    life.when(tick(100)).includes(happened(re.RequestFailed, reason="mandate"))


def test_a_desk_without_the_mandate_says_so_in_its_own_words() -> None:
    """Protects learning from a wrong address: the sender reads what the desk said; behind a stale line nobody says."""
    life = play(send("contact-data", 4), send("preservation", 3, content=FULL)).when(tick(100))

    shown = participant_view(world(), life.state, "averne").requests
    assert [view.returned for view in shown] == ["This is outside our mandate; we return it.", ""]


def test_slow_channels_take_their_time() -> None:
    """Protects transit: by the police network a message takes twenty minutes of the story."""
    life = play(send("preservation", 4, content=FULL))

    life.when(tick(99)).never(happened(re.RequestDelivered))
    life.when(tick(100)).then(
        clock_at(100, 1200), happened(re.RequestDelivered), happened(ev.ActDone), happened(re.ReplyPlanned)
    )


# --- controlled actors ---


def test_a_controlled_actor_answers_at_its_own_speed() -> None:
    """Protects the desk: its reply comes when the scenario says, under its conditions, and gives what it gives."""
    life = play(send("preservation", 4, content=FULL), tick(100))

    replied = life.when(tick(250))
    replied.includes(
        happened(re.RequestAnswered, answer="conditional", conditions=Handling(tlp=Tlp.AMBER), by_control=False)
    )
    taken = Given(life.scenario, replied.state).when(take(1))
    taken.leads_to(holds_under("averne", "record", Handling(tlp=Tlp.AMBER)))


def test_a_desk_that_answers_at_once_does_not_stop_the_clock() -> None:
    """Protects stepping: a reply due at the moment of its planning comes then, and the next instant is a later one."""
    life = play(
        send("contact-data", 3, seat="belmark"),
        request_kinds=AT_THE_PRESS,
        actors=[PRESS, {"id": "centre", "name": "Centre"}],
    )

    life.when().leads_to(status_is(Step.REFUSED))
    assert (next_instant(life.scenario, life.state) or 0) > life.state.clock.play


def test_an_actor_asks_back_for_what_is_missing_and_refuses_what_it_does_not_hold() -> None:
    """Protects completeness toward actors too: a gap costs time, and where no reply fits they say so."""
    asked = play(send("preservation", 4), tick(100)).when(tick(250))
    asked.includes(happened(re.RequestAnswered, answer="ask-back", missing=("authority", "offence")))
    again = Given(world(), asked.state).when(mend(1, authority=FULL["authority"], offence=FULL["offence"]), tick(400))
    again.includes(happened(re.ReplyPlanned), happened(re.RequestAnswered, answer="conditional"))

    nothing = play(send("consent", 4), tick(100)).when(tick(250))
    nothing.includes(happened(re.RequestAnswered, answer="refuse", ground="nothing-held"))


def test_the_facilitator_may_answer_for_an_actor_and_its_reply_falls_away() -> None:
    """Protects the facilitator's hand: what a person says for an actor stands, and the desk says nothing more."""
    life = play(send("preservation", 4, content=FULL), tick(100))
    control = life.when(answer(1, "refuse", seat="facilitator", text="Not today, says the desk."))
    control.includes(happened(re.RequestAnswered, answer="refuse", by_control=True))
    Given(life.scenario, control.state).when(tick(400)).never(happened(re.RequestAnswered))

    agreed = life.when(answer(1, "part", seat="facilitator", text="Only the name of it."))
    on = Given(life.scenario, agreed.state)
    on.when(fulfil(1, seat="facilitator", encloses=["record"])).leads_to(holds_under("averne", "record", None))
    on.when(fulfil(1, seat="facilitator", encloses=["ghost"])).refused("no-evidence", "ghost")
    life.when(answer(1, "accept", seat="facilitator")).leads_to(status_is(Step.FULFILLED))
    life.when(answer(1, "accept", seat="belmark")).refused("no-request")


def test_an_actor_may_ask_a_team_and_control_acts_for_it() -> None:
    """Protects incoming requests: a team answers them like any other, and control mends and takes what is its part."""
    asked = {"by": "centre", "to": "belmark", "via": "police", "subject": "A name."}
    rows = [inject("ask", request=asked | {"kind": "preservation", "content": {"authority": "Our duty desk"}})]
    life = play(injects=rows)
    life.when().leads_to(lambda state: request_of(state).missing == ("offence",))

    back = life.when(answer(1, "ask-back", missing=["offence"]), mend(1, seat="facilitator", offence="Illegal access"))
    back.leads_to(status_is(Step.MENDED))
    # It takes what is offered on the terms it is offered under, for no facilitator may be there to say so.
    bound = life.when(answer(1, "conditional", conditions=RED), fulfil(1, revision=3))
    bound.leads_to(status_is(Step.FULFILLED))
    life.when(withdraw(1, seat="facilitator")).leads_to(status_is(Step.WITHDRAWN))
    life.when(take(1, seat="averne")).refused("no-request")


def test_an_actor_adds_what_it_is_asked_back_for() -> None:
    """Protects games without a facilitator: an actor whose request is sent back mends it, at its desk's speed."""
    asked = {"by": "centre", "to": "belmark", "via": "police", "subject": "A name.", "kind": "preservation"}
    mends = {"content": {"authority": "Our duty desk"}, "mends": {"offence": "Illegal access to a host"}}
    life = play(injects=[inject("ask", request=asked | mends)])
    back = life.when(answer(1, "ask-back", missing=["offence"]))
    back.leads_to(status_is(Step.ASKED_BACK))
    later = life.when(answer(1, "ask-back", missing=["offence"]), tick(150))
    later.leads_to(status_is(Step.MENDED)).leads_to(lambda state: not request_of(state).missing)


def test_an_actor_that_answers_at_once_adds_at_once_and_only_once() -> None:
    """Protects the clock: what is due at the instant it is planned never waits for an instant that has come already."""
    quick = {"id": "centre", "name": "Police centre", "desk": {"speed": "0m"}}
    asked = {"by": "centre", "to": "belmark", "via": "police", "subject": "A name.", "kind": "preservation"}
    gap = {"content": {}, "mends": {"offence": "Illegal access to a host"}}
    life = play(injects=[inject("ask", request=asked | gap)], actors=[quick, {"id": "press", "name": "Press"}])
    back = life.when(answer(1, "ask-back", missing=["offence"]))
    back.leads_to(status_is(Step.MENDED)).leads_to(lambda state: not state.errands)
    again = life.when(
        answer(1, "ask-back", missing=["offence"]), answer(1, "ask-back", revision=3, missing=["authority"])
    )
    again.leads_to(status_is(Step.ASKED_BACK)).leads_to(lambda state: not state.errands)


# --- conditions ---


def test_passing_on_against_conditions_is_possible_and_shows() -> None:
    """Protects honesty about what people do: the rules do not stop it, and the log says what it was."""
    broken = play().when(send("statement", 5, encloses=["tip"], subject="What we know."))
    broken.includes(
        happened(re.RequestSent, against=("tip",)),
        happened(ev.ActDone, team="averne", request="r1"),
    )
    act = next(event.act for event in broken.events if isinstance(event, ev.ActDone))
    assert (act.act, act.about, act.against_conditions) == (ActKind.FORWARD, "tip", True)
    # Back to the giver it goes freely.
    play().when(send("warning", 2, encloses=["tip"])).includes(happened(re.RequestSent, against=()))


def test_handing_over_against_conditions_shows_too() -> None:
    """Protects the other way out: what an answer encloses is looked at like what a request encloses."""
    asked = play(
        send("preservation", 1, seat="belmark", content=FULL), answer(1, "accept", seat="averne"), **OTHERS_TIP
    )
    broken = asked.when(fulfil(1, seat="averne", encloses=["tip"]))

    broken.includes(
        happened(re.RequestFulfilled, gives=("tip",), against=("tip",)), happened(ev.ActDone, team="averne")
    )
    acts = [event.act for event in broken.events if isinstance(event, ev.ActDone)]
    assert [act.about for act in acts if act.against_conditions] == ["tip"]


def test_the_giver_lifts_its_conditions_and_no_others() -> None:
    """Protects the first giver: whoever passed something on frees others only as far as it is free itself."""
    asks = play(send("consent", 2, encloses=["tip"]), answer(1, "accept"))
    freed = asks.when(fulfil(1))
    freed.includes(happened(re.ConditionsLifted, team="averne", evidence="tip", handling=None))
    freed.leads_to(lambda state: state.knowledge["averne"]["tip"].lifted)

    # What the centre gave to Averne stays red for Belmark, whatever Averne says.
    passed = play(
        send("warning", 2, encloses=["tip"], handling={"purpose": "defence"}),
        take(1, seat="belmark", revision=1),
        send("consent", 1, seat="belmark", encloses=["tip"]),
        answer(2, "accept", seat="averne"),
        **OTHERS_TIP,
    )
    partly = passed.when(fulfil(2, seat="averne"))
    partly.includes(happened(re.ConditionsLifted, team="belmark", handling=Handling(tlp=Tlp.RED)))
    partly.leads_to(holds_under("belmark", "tip", Handling(tlp=Tlp.RED)))
    partly.leads_to(lambda state: not state.knowledge["belmark"]["tip"].lifted)


def test_consent_under_conditions_leaves_those() -> None:
    """Protects a weighed consent: what the giver still asks for stays on the evidence."""
    life = play(
        send("consent", 2, encloses=["tip"]),
        answer(1, "conditional", conditions={"tlp": "amber"}),
        take(1),
    )

    life.when(fulfil(1, revision=3)).leads_to(holds_under("averne", "tip", Handling(tlp=Tlp.AMBER)))


@pytest.mark.parametrize(
    ("first", "second", "both"),
    [
        (None, None, None),
        (None, {"tlp": "red"}, {"tlp": "red"}),
        ({"tlp": "amber"}, {"tlp": "green"}, {"tlp": "amber"}),
        ({"purpose": "defence"}, {"words": "Ask us."}, {"purpose": "defence", "words": "Ask us."}),
        ({"words": "Ask us."}, {"words": "Not to the press. Ask us."}, {"words": "Not to the press. Ask us."}),
        ({"words": "Ask us."}, {"words": "Ask us."}, {"words": "Ask us."}),
        (
            {"purpose": "investigation"},
            {"purpose": "defence"},
            {"purpose": "investigation", "words": "Only for defence as well."},
        ),
    ],
)
def test_two_conditions_together_are_as_narrow_as_either(first: Row | None, second: Row | None, both: Row) -> None:
    """Protects the sum of conditions: neither is lost, and saying the same twice adds nothing."""

    def read(row: Row | None) -> Handling | None:
        return None if row is None else Handling.model_validate(row)

    found = narrower(read(first), read(second))

    assert found == read(both)
    assert narrower(read(first), found) == found


# --- what is refused ---


@pytest.mark.parametrize(
    ("command", "code"),
    [
        (send("preservation", 1, seat="facilitator"), "no-team"),
        (send("ghost", 1), "no-kind"),
        (send("ping", 99), "no-contact"),
        (send("ping", 6), "no-channel"),
        (send("preservation", 1, matter="secret"), "no-matter"),
        (send("preservation", 1, matter="ghost"), "no-matter"),
        (send("preservation", 1, deadline=0), "deadline"),
        (send("preservation", 1, content={"ghost": "Two words"}), "no-element"),
        (send("warning", 2, encloses=["logs"]), "not-held"),
        (send("warning", 2, encloses=["ghost"]), "not-held"),
        (send("ping", 1, seat="ghost"), "no-seat"),
        (answer(2, "accept"), "no-request"),
        (answer(1, "accept", revision=9), "changed"),
        (answer(1, "part"), "too-short"),
        (answer(1, "ask-back", text="What?"), "too-short"),
        (answer(1, "conditional"), "conditions"),
        (answer(1, "conditional", conditions={"tlp": "green"}), "conditions"),
        (answer(1, "ask-back", missing=["ghost"]), "no-element"),
        (answer(1, "refuse", ground="ghost"), "no-ground"),
        (answer(1, "accept", seat="averne"), "not-yours"),
        (answer(1, "accept", seat="facilitator"), "not-yours"),
        (seen(1, seat="averne"), "not-yours"),
        (withdraw(1, seat="belmark"), "not-yours"),
        (mend(1, seat="belmark", note="Two words"), "not-yours"),
        (mend(1, revision=1, note="Two words"), "request-closed"),
        (take(1), "request-closed"),
        (fulfil(1), "request-closed"),
    ],
    ids=lambda value: value if isinstance(value, str) else None,
)
def test_what_cannot_be_done_is_refused_with_a_reason(command: cmd.Command, code: str) -> None:
    """Protects every form: each wrong step has its own code and changes nothing."""
    play(preserve()).when(command).refused(code)


def test_requests_are_for_moves() -> None:
    """Protects the phases: before STARTEX, and once it is over, nothing is sent, answered or offered."""
    given(world()).when(preserve()).refused("no-move")
    ended = given(world(), started(), preserve(), cmd.EndExercise())
    ended.when(answer(1, "accept")).refused("ended")
    assert not participant_view(ended.scenario, ended.state, "belmark").requests[0].may


def test_what_is_agreed_waits_until_it_can_be_done() -> None:
    """Protects the judge's part: without the order there is a reason, and with it the same step goes through."""
    life = play(preserve(), answer(1, "accept"))

    life.when(fulfil(1)).refused("not-ready", "The judge has not signed yet.")
    life.when(fulfil(1, revision=1)).refused("changed")


def test_a_gap_is_mended_with_words() -> None:
    """Protects asking back: nothing is no answer to it, what is unknown to the kind is none, and old ones are told."""
    life = play(preserve(), answer(1, "ask-back", text="Which host do you mean?"))

    life.when(mend(1)).refused("empty")
    life.when(mend(1, ghost="Two words")).refused("no-element")
    life.when(mend(1, revision=1, note="Two words")).refused("changed")
    life.when(mend(1, note="The one in the cellar")).leads_to(status_is(Step.MENDED))
    bare = play(send("consent", 2))
    bare.when(answer(1, "ask-back", text="Which one is it?")).refused("nothing-to-mend")


def test_opening_it_twice_writes_nothing() -> None:
    """Protects the log from noise: a request is acknowledged once, and one that has been mended needs no second."""
    life = play(send("preservation", 1), seen(1))
    life.when(seen(1)).then()

    mended = life.when(mend(1, revision=1, **FULL), seen(1))
    mended.then(happened(re.RequestMended, missing=()))


def test_hostile_words_are_cleaned_where_they_enter() -> None:
    """Protects every terminal: escapes in a request's words never reach a state."""
    life = play(preserve(subject="\x1b[31mred", content={"authority": "a\x1b]0;b c"}, handling={"words": "x\x07y"}))
    request = request_of(life.state)

    assert "\x1b" not in repr(request)
    assert "\\x1b" not in repr(request)
    assert request.handling == Handling(words="xy")


@pytest.mark.parametrize("name", ["contact-call", "consultation"])
def test_only_who_turns_contact_down_has_refused_contact(name: str) -> None:
    """Protects who is busy tonight and says when not: to propose another hour, desk or level turns nobody away."""
    kind = load_requests().kinds[name].model_copy(update={"channels": ("cert",)})
    kinds = [*KINDS, kind.model_dump(mode="json", exclude_defaults=True) | {"id": "talk"}]
    content = {element.id: "Something to say." for element in kind.elements}
    found = {}
    for ground in ("", *(ground.id for ground in kind.grounds)):
        refusal = answer(1, "refuse", ground=ground, text="We say here why that is so.")
        came = play(send("talk", 2, content=content), request_kinds=kinds).when(refusal)
        acts = [event.act.act for event in came.events if isinstance(event, ev.ActDone)]
        found[ground] = ActKind.REFUSE_CONTACT in acts
        assert (ActKind.REFUSE in acts) is not found[ground]

    assert {ground for ground, refused in found.items() if refused} == {"", "instructed", "no-part"} & {*found}
