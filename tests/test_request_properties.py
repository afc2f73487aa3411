"""What holds in the life of every request, whoever sends it and whatever the others do: searched at random."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import pairwise

from given import FACTS
from hypothesis import given, settings
from request_strategies import RequestWish, parties_of, request_command, request_wishes, three_askers

from exercise.catalogue import load_reference
from exercise.core import commands as cmd
from exercise.core import events as ev
from exercise.core.asked import FACILITATOR
from exercise.core.decide import decide, work_out
from exercise.core.evolve import evolve, replay
from exercise.core.observe import participant_view
from exercise.core.overview import facilitator_view
from exercise.core.requests import commands as rq
from exercise.core.requests import events as re_
from exercise.core.requests.kinds import Handling, Purpose, Step, Tlp
from exercise.core.requests.rules import may
from exercise.core.requests.state import RequestState
from exercise.core.scenario import Scenario
from exercise.core.state import State
from exercise.errors import CommandRejected
from exercise.session.session import Session
from exercise.session.store import MemoryStore
from exercise.session.verify import verify

ANSWERED = {Step.ACCEPTED, Step.PART, Step.CONDITIONAL, Step.REFUSED, Step.ASKED_BACK}
TAKEN = {Step.CONDITIONS_ACCEPTED, Step.CONDITIONS_DECLINED}
ON_THE_DESK = ANSWERED | TAKEN | {Step.MENDED, Step.LAPSED, Step.WITHDRAWN}

STEPS: dict[Step, set[Step]] = {
    Step.SENT: {Step.FAILED, Step.DELIVERED, Step.WITHDRAWN},
    # What binds nobody is there at once, and a desk answers a ping by itself.
    Step.DELIVERED: ON_THE_DESK | {Step.ACKNOWLEDGED, Step.FULFILLED},
    Step.ACKNOWLEDGED: ON_THE_DESK,
    Step.MENDED: ON_THE_DESK | {Step.ACKNOWLEDGED},
    Step.ASKED_BACK: {Step.MENDED, Step.WITHDRAWN},
    Step.ACCEPTED: {Step.FULFILLED},
    Step.PART: {Step.FULFILLED},
    Step.CONDITIONAL: TAKEN | {Step.WITHDRAWN},
    Step.CONDITIONS_ACCEPTED: {Step.FULFILLED},
    Step.CONDITIONS_DECLINED: set(),
    Step.REFUSED: set(),
    Step.FAILED: set(),
    Step.LAPSED: set(),
    Step.WITHDRAWN: set(),
    Step.FULFILLED: set(),
}
"""By step, those that may follow it; written down here a second time, apart from the rules."""

NARROWEST_FIRST = (Tlp.RED, Tlp.AMBER, Tlp.GREEN, Tlp.CLEAR)


@dataclass(frozen=True)
class Taken:
    """One command with the states around it; a refused one has no events."""

    wish: RequestWish | None
    command: cmd.Command
    before: State
    after: State
    events: tuple[ev.Event, ...]
    refused: CommandRejected | None


def life(wanted: list[RequestWish]) -> Iterator[Taken]:
    """STARTEX, and what people wish; any error but a refusal fails the test."""
    played = three_askers()
    state = State()

    def take(wish: RequestWish | None, command: cmd.Command) -> Taken:
        nonlocal state
        before = state
        try:
            events = decide(played, before, command)
        except CommandRejected as refused:
            return Taken(wish, command, before, before, (), refused)
        state = replay(events, before)
        return Taken(wish, command, before, state, events, None)

    yield take(None, cmd.StartExercise(facts=FACTS))
    for wish in wanted:
        yield take(wish, request_command(wish, played, state))


def folded(taken: Taken) -> Iterator[tuple[ev.Event, State, State]]:
    """Each event with the states before and after it."""
    before = taken.before
    for event in taken.events:
        after = evolve(before, event)
        yield event, before, after
        before = after


@given(request_wishes)
@settings(max_examples=150)
def test_no_request_takes_a_step_that_its_life_does_not_have(wanted: list[RequestWish]) -> None:
    """Protects the life of a request: each step follows one that it may follow, in time, and the last is its status."""
    for taken in life(wanted):
        for request in taken.after.requests.values():
            steps = [step.step for step in request.steps]
            assert steps[0] is Step.SENT
            assert request.status is steps[-1]
            for before, after in pairwise(steps):
                assert after in STEPS[before], f"{after} after {before} in {steps}"
            plays = [step.play for step in request.steps]
            assert plays == sorted(plays)
            assert request.over == (not STEPS[request.status])
            # Nothing is on its way for what is over, and only one thing at a time for what is not.
            on_its_way = [errand for errand in taken.after.errands if errand.request == request.id]
            assert len(on_its_way) <= (not request.over)


@given(request_wishes)
@settings(max_examples=150)
def test_a_refusal_changes_nothing_and_the_rest_folds_the_same_through_json(wanted: list[RequestWish]) -> None:
    """Protects replay: a command is refused with code and words, or its events give one state, read back or not."""
    for taken in life(wanted):
        if taken.refused is not None:
            assert taken.refused.code
            assert taken.refused.text
            assert taken.after is taken.before
            continue
        turn = work_out(three_askers(), taken.before, taken.command)
        assert tuple(turn.events) == taken.events
        assert turn.state == taken.after
        again = [ev.EVENTS.validate_json(ev.EVENTS.dump_json(event)) for event in taken.events]
        assert tuple(again) == taken.events
        assert replay(again, taken.before) == taken.after


# --- conditions travel ---


def binds_at_least(found: Handling | None, owed: Handling | None) -> bool:
    """Whether conditions are at least as narrow as others, looked at part by part."""
    if owed is None:
        return True
    if found is None or NARROWEST_FIRST.index(found.tlp) > NARROWEST_FIRST.index(owed.tlp):
        return False
    other = f"Only for {owed.purpose} as well."
    used = owed.purpose is Purpose.ANY or found.purpose is owed.purpose or other in found.words
    return used and owed.words in found.words


class Hands:
    """What each holding owes to the hands it passed through, kept beside the rules from what was said alone."""

    def __init__(self, played: Scenario) -> None:
        self.played = played
        self.owed: dict[tuple[str, str], list[Handling]] = {}

    def pass_on(self, event: ev.Event, state: State) -> None:
        """Takes in one event, `state` being the one after it."""
        match event:
            case ev.EvidenceLearned(request=None):
                piece = self.played.evidence_by_id[event.evidence]
                self.owed[event.team, event.evidence] = [piece.handling] if piece.handling else []
            case ev.EvidenceLearned(giver=str() as giver, request=str() as id):
                request = state.requests[id]
                stated = request.handling if event.team == request.to else request.conditions
                self._owe(event.team, event.evidence, giver, stated)
            case re_.ConditionsLifted():
                held = state.knowledge[event.team][event.evidence]
                assert held.giver is not None, "only a giver lifts"
                agreed = [r.conditions for r in state.requests.values() if r.to == held.giver and r.by == event.team]
                self._owe(event.team, event.evidence, held.giver, None)
                assert event.handling is None or agreed

    def _owe(self, team: str, evidence: str, giver: str, stated: Handling | None) -> None:
        piece = self.played.evidence_by_id[evidence]
        of_giver = self.owed.get((giver, evidence))
        if of_giver is None:
            of_giver = [piece.handling] if piece.handling and piece.giver != giver else []
        self.owed[team, evidence] = [*of_giver, *([stated] if stated else [])]


@given(request_wishes)
@settings(max_examples=200)
def test_conditions_travel_with_what_they_cover(wanted: list[RequestWish]) -> None:
    """Protects whoever gives in confidence: no hand can pass on more freely than it received, unless it was freed."""
    hands = Hands(three_askers())
    for taken in life(wanted):
        for event, _, after in folded(taken):
            hands.pass_on(event, after)
        for team, held in taken.after.knowledge.items():
            for name, holding in held.items():
                for owed in hands.owed[team, name]:
                    assert binds_at_least(holding.handling, owed), f"{team} holds {name} under {holding}, not {owed}"
                assert not (holding.lifted and holding.handling), "what is lifted binds no more"


@given(request_wishes)
@settings(max_examples=100)
def test_nothing_is_given_under_conditions_before_they_are_accepted(wanted: list[RequestWish]) -> None:
    """Protects the receiver: what binds it reaches it only once it has said yes to the conditions that were stated."""
    for taken in life(wanted):
        for event, before, _ in folded(taken):
            if not isinstance(event, ev.EvidenceLearned) or event.request is None:
                continue
            request = before.requests[event.request]
            if event.team == request.to and request.handling and request.handling.binds:
                asks = three_askers().kinds_by_id[request.kind].shape == "asks"
                assert asks or request.reached(Step.CONDITIONS_ACCEPTED)
            if event.team == request.by and request.reached(Step.CONDITIONAL):
                assert request.reached(Step.CONDITIONS_ACCEPTED)


# --- what is offered, and what is taken ---


def filled(played: Scenario, request: RequestState, party: str, number: int, play: int) -> dict[str, list[cmd.Command]]:
    """By what `may` calls it, commands with the current revision and enough words."""
    kind = played.kinds_by_id[request.kind]
    base = {"seat": party, "request": number, "play": play}
    current = base | {"revision": request.revision}
    answers: list[dict[str, object]] = [
        {"answer": "accept"},
        {"answer": "part", "text": "The half of it."},
        {"answer": "conditional", "conditions": {"tlp": "red"}},
        {"answer": "refuse", "text": "We do not hold it."},
    ]
    if kind.elements:
        answers.append({"answer": "ask-back", "text": "Say more of it."})
    content = {element.id: f"{element.id} in full" for element in kind.elements}
    return {
        "acknowledge": [rq.AcknowledgeRequest.model_validate(base)],
        "answer": [rq.AnswerRequest.model_validate(current | said) for said in answers],
        "mend": [rq.MendRequest.model_validate(current | {"content": content})],
        "take-conditions": [rq.TakeConditions.model_validate(current | {"accept": yes}) for yes in (True, False)],
        "fulfil": [rq.FulfilRequest.model_validate(current)],
        "withdraw": [rq.WithdrawRequest.model_validate(base)],
    }


@given(request_wishes)
@settings(max_examples=80)
def test_what_is_offered_is_taken_and_nothing_else(wanted: list[RequestWish]) -> None:
    """Protects every form and every bot: `may` and the rules say the same, for each party and each request."""
    played = three_askers()
    for taken in life(wanted):
        state = taken.after
        if taken.refused is not None:
            continue
        for party in parties_of(played):
            for number, id in enumerate(state.boards.get(party, ()), 1):
                request = state.requests[id]
                offered = may(played, state, request, party)
                for name, commands in filled(played, request, party, number, state.clock.play).items():
                    for command in commands:
                        assert _does_something(played, state, command) == (name in offered), (
                            f"{party} is offered {offered} for {request}: {command}"
                        )


def _does_something(played: Scenario, state: State, command: cmd.Command) -> bool:
    try:
        return bool(decide(played, state, command))
    except CommandRejected:
        return False


# --- what the others see ---


@given(request_wishes)
@settings(max_examples=80)
def test_a_board_tells_nothing_of_requests_between_others(wanted: list[RequestWish]) -> None:
    """Protects what two say to each other: dense numbers, own requests only, and no word of any other anywhere."""
    played = three_askers()
    words: dict[str, set[str]] = {}
    for taken in life(wanted):
        state = taken.after
        for event, _, _ in folded(taken):
            if taken.wish is not None and taken.command.seat != FACILITATOR:
                id = getattr(event, "request", None)
                if isinstance(id, str) and isinstance(event, re_.RequestSent | re_.RequestAnswered | re_.RequestMended):
                    words.setdefault(id, set()).update(re.findall(r"quetzal-\d+-quetzal", repr(event)))
        assert len(state.boards.get(FACILITATOR, ())) == len(state.requests)
        for team in ("averne", "belmark", "cadria"):
            view = participant_view(played, state, team)
            mine = {
                id for id, r in state.requests.items() if team == r.by or (team == r.to and r.delivered is not None)
            }
            assert [request.number for request in view.requests] == list(range(1, len(mine) + 1))
            assert set(state.boards.get(team, ())) == mine
            seen = repr(view)
            for id, said in words.items():
                assert id in mine or not [word for word in said if f"{word}" in seen], f"{team} reads of {id}"
        facilitator_view(played, state)


_OF_REQUESTS_ONLY = (ev.ClockAdvanced, ev.ActDone, *re_.RequestEvent.__args__)


@given(request_wishes)
@settings(max_examples=80)
def test_no_view_stirs_for_a_request_between_others(wanted: list[RequestWish]) -> None:
    """Protects against a side channel: while others ask each other, a third team's view stands still."""
    played = three_askers()
    for taken in life(wanted):
        if not taken.events or not all(isinstance(event, _OF_REQUESTS_ONLY) for event in taken.events):
            continue
        touched = {id for event in taken.events if isinstance(id := getattr(event, "request", None), str)}
        told = {
            team for event in taken.events for team in getattr(event, "to", ()) if isinstance(event, re_.OutcomeCame)
        }
        for team in ("averne", "belmark", "cadria"):
            requests = [taken.after.requests[id] for id in touched]
            renewed = any(getattr(event, "team", "") == team for event in taken.events if "contact" in event.type)
            if team in told or renewed or any(team in (request.by, request.to) for request in requests):
                continue
            old, new = participant_view(played, taken.before, team), participant_view(played, taken.after, team)
            # The running clock is all that may differ.
            assert replace(old, clock=new.clock) == new


@given(request_wishes)
@settings(max_examples=80)
def test_a_sender_does_not_see_that_its_message_lies_unread(wanted: list[RequestWish]) -> None:
    """Protects the wait: whether a message is on its way or lies on a desk, its sender sees and is told the same."""
    played = three_askers()
    for taken in life(wanted):
        state = taken.after
        for request in state.requests.values():
            if request.status is not Step.DELIVERED or request.by not in played.teams_by_id:
                continue
            on_its_way = _before_it_arrived(state, request)
            assert participant_view(played, state, request.by) == participant_view(played, on_its_way, request.by)
            number = state.boards[request.by].index(request.id) + 1
            for commands in filled(played, request, request.by, number, state.clock.play).values():
                for command in commands:
                    assert _refusal(played, state, command) == _refusal(played, on_its_way, command)


def _before_it_arrived(state: State, request: RequestState) -> State:
    steps = tuple(step for step in request.steps if step.step is not Step.DELIVERED)
    sent = replace(request, status=Step.SENT, steps=steps, delivered=None)
    board = tuple(id for id in state.boards[request.to] if id != request.id)
    return replace(state, requests={**state.requests, request.id: sent}, boards={**state.boards, request.to: board})


def _refusal(played: Scenario, state: State, command: cmd.Command) -> str:
    try:
        decide(played, state, command)
    except CommandRejected as refused:
        return f"{refused.code}: {refused.text}"
    return ""


# --- the log ---


@given(request_wishes)
@settings(max_examples=40)
def test_a_log_of_requests_checks_with_its_words_and_without(wanted: list[RequestWish]) -> None:
    """Protects whoever verifies a log: every step is found legal, and none is called a forgery for its lost words."""
    played = three_askers()
    session = Session.start_new(played, load_reference(), MemoryStore(), seed=3, session_id="s", pace="stepped")
    session.start()
    for wish in wanted:
        try:
            session.submit(request_command(wish, played, session.state))
        except CommandRejected:
            continue
    if session.state.clock.phase != "ended":
        session.submit(cmd.EndExercise())
    log = session.log()
    assert log.state == session.state
    header = {log.header.content.digest, log.header.seed and log.header.seed.digest}
    started = {digest for digest in log.openings if digest in log.lines[0]}

    for kept in (log.openings, header | started):
        openings = [opening.line() for opening in log.openings.values() if opening.digest in kept]
        account = verify([log.header_line, *log.lines, *openings], head=log.head, rules=True)
        assert account.ok, account.lines()
        assert account.checks[-1].holds is True, account.lines()
