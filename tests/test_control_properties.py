"""What holds whatever control does by its own hand in the middle of play: searched at random."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

from given import FACTS
from hypothesis import given, settings
from hypothesis import strategies as st
from request_strategies import RequestWish, request_command, request_wishes, three_askers
from strategies import DECISIONS, SEATS, Wish, commands_for, scenarios, to_the_end, wishes

from exercise.catalogue import load_reference
from exercise.core import commands as cmd
from exercise.core import events as ev
from exercise.core.audience import reaches
from exercise.core.conditions import holds
from exercise.core.control import commands as ctl
from exercise.core.control import events as ce
from exercise.core.control.claims import is_claimed
from exercise.core.control.msel import in_hand
from exercise.core.decide import decide, next_instant, work_out
from exercise.core.evolve import evolve, replay
from exercise.core.observe import participant_view
from exercise.core.overview import facilitator_view, spectator_view
from exercise.core.requests import events as rq
from exercise.core.scenario import Scenario
from exercise.core.script import Channel
from exercise.core.state import State
from exercise.core.timetable import timetable
from exercise.errors import CommandRejected
from exercise.session.session import Session
from exercise.session.store import MemoryStore
from exercise.session.verify import verify

WORDS = re.compile(r"quetzal-\d+-quetzal")

_HAND = (
    *["edit", "write", "retime"] * 4,
    *["skip", "claim", "unclaim"] * 2,
    *["rate", "close", "set-fact", "reveal", "blank", "stop", "lift", "lift", "resume", "bot", "unbot", "page", "note"],
)


@dataclass(frozen=True)
class Hand:
    """What control is about to do; the dice say the rest, by what then stands open."""

    kind: str
    seed: int
    number: int
    """Its place in the run, which makes its words its own."""


hands: st.SearchStrategy[list[Hand]] = st.builds(
    lambda seed, length: [
        Hand(dice.choice(_HAND), dice.randrange(2**32), number) for dice in [Random(seed)] for number in range(length)
    ],
    st.integers(0, 2**32),
    st.integers(0, 40),
)


def hand_command(hand: Hand, played: Scenario, state: State) -> cmd.Command:
    """The command of control's hand that a wish leads to where the exercise stands now."""
    dice = Random(hand.seed)
    play = max(0, state.clock.play + dice.choice([0, 0, 1, 30]))
    words = f"quetzal-{hand.number}-quetzal"
    row = dice.choice([*in_hand(played, state).injects]).id
    ends = dice.choice(played.moves).ends
    at = dice.choice([state.clock.exercise + dice.randint(-100, 4000), ends, ends - 50, ends + 10])
    audience = ["all", *(seat for seat in SEATS if seat.partition("/")[0] in played.teams_by_id and "/" not in seat)]
    to = tuple(dice.sample(audience, dice.randint(1, 2)))
    claims = [f"actor:{actor.id}" for actor in played.actors] or ["actor:ghost"]
    claims += [f"request:{dice.randint(1, len(state.requests) + 1)}"] * len(claims)
    opened = [name for name, row in state.decisions.items() if row.status == "open"] or [DECISIONS[0]]
    match hand.kind:
        case "edit":
            text = None if dice.random() < 0.3 else f"text {words}"
            when = at if dice.random() < 0.3 else None
            return ctl.EditInject(inject=row, title=f"title {words}", text=text, at=when, play=play)
        case "retime":
            return ctl.EditInject(inject=row, at=at, play=play)
        case "write":
            when = at if dice.random() < 0.6 else None
            channel = dice.choice([*Channel])
            return ctl.WriteInject(sender=words, channel=channel, to=to, title=words, text=words, at=when, play=play)
        case "skip":
            return ctl.SkipInject(inject=row, why=words, play=play)
        case "rate":
            return ctl.SetRate(rate=dice.choice([0.1, 1, 2.5, 20, 21]), play=play)
        case "close":
            return ctl.CloseDecision(decision=dice.choice(opened), play=play)
        case "claim":
            return ctl.Claim(
                what=dice.choice(claims), who=dice.choice(["Vera", "Otto"]), take_over=dice.random() < 0.3, play=play
            )
        case "unclaim":
            return ctl.Unclaim(what=dice.choice([*state.claims] or claims), play=play)
        case "set-fact":
            return ctl.SetFact(fact="source", value=dice.choice(["crew", "insider", "ghost"]), why=words, play=play)
        case "reveal":
            return ctl.RevealFact(fact="source", to=to, play=play)
        case "blank" | "stop":
            return ctl.DrawCurtain(kind="blank" if hand.kind == "blank" else "no-duff", text="Look up.", play=play)
        case "lift":
            return ctl.LiftCurtain(play=play)
        case "resume":
            return cmd.ResumeClock(play=play)
        case "bot":
            return ctl.SeatBot(team=dice.choice([*played.teams_by_id, "ghost"]), policy="random", play=play)
        case "unbot":
            return ctl.UnseatBot(team=dice.choice([*played.teams_by_id]), play=play)
        case "page":
            return ctl.TurnPage(page=dice.choice(["facts", "marks", ""]), play=play)
        case _:
            return cmd.WriteNote(text=words, about=dice.choice(["", "se-p7", "?"]), who=words, play=play)


@dataclass(frozen=True)
class Taken:
    """One command with the states around it; a refused one has no events."""

    command: cmd.Command
    before: State
    after: State
    events: tuple[ev.Event, ...]
    refused: bool


def mixed(played: Scenario, wanted: list[Wish], held: list[Hand], prepared: int = 3) -> Iterator[Taken]:
    """Some preparation, STARTEX, what people wish with control's hand in between, and ENDEX; only refusals pass."""
    state = State()

    def take(command: cmd.Command) -> Taken:
        nonlocal state
        before = state
        try:
            events = decide(played, before, command)
        except CommandRejected as rejected:
            assert rejected.code
            assert rejected.text
            return Taken(command, before, before, (), True)
        state = replay(events, before)
        return Taken(command, before, state, events, False)

    for hand in held[:prepared]:
        yield take(hand_command(hand, played, state))
    yield take(ctl.LiftCurtain())
    yield take(cmd.StartExercise(facts=FACTS))
    rest = held[prepared:]
    for number in range(max(len(wanted), len(rest))):
        for wish in wanted[number : number + 1]:
            yield take(commands_for(wish, played, state))
        for hand in rest[number : number + 1]:
            yield take(hand_command(hand, played, state))
    yield take(ctl.LiftCurtain())
    for _ in range(2 * len(played.moves) + 1):
        for command in to_the_end(state):
            yield take(command)
    assert state.clock.phase == "ended"
    for hand in held[-2:]:
        yield take(hand_command(hand, played, state))


@given(scenarios(), wishes, hands)
@settings(max_examples=120)
def test_controls_hand_breaks_nothing_and_folds_the_same_through_json(
    played: Scenario, wanted: list[Wish], held: list[Hand]
) -> None:
    """Protects the heart: only refusals are raised, events read back give the state the rules had, and views stand."""
    for step in mixed(played, wanted, held):
        if step.refused:
            assert step.after is step.before
            continue
        turn = work_out(played, step.before, step.command)
        assert tuple(turn.events) == step.events
        assert turn.state == step.after
        again = [ev.EVENTS.validate_json(ev.EVENTS.dump_json(event)) for event in step.events]
        assert tuple(again) == step.events
        assert replay(again, step.before) == step.after
        facilitator_view(played, step.after)


@given(scenarios(), wishes, hands)
@settings(max_examples=120)
def test_nothing_that_is_due_is_left_lying_and_nothing_comes_twice(
    played: Scenario, wanted: list[Wish], held: list[Hand]
) -> None:
    """Protects pacing: by the changed MSEL, what may come has come, once; what is kept back only by hand."""
    once: Counter[str] = Counter()
    for step in mixed(played, wanted, held):
        state = step.before
        for event in step.events:
            if isinstance(event, ev.InjectReleased):
                once[event.inject] += 1
                kept = event.inject in state.held or event.inject in state.skipped
                assert event.by_hand or not kept, f"{event.inject} came though it was kept back"
            state = evolve(state, event)
        # A refused command leaves the clock where it is, reading brings it nowhere.
        clock = state.clock
        if step.refused or clock.phase != "move" or isinstance(step.command, cmd.ReadMessage):
            continue
        left = _left(played, state)
        assert not left, f"{left} may come after {step.command}"
        if clock.running:
            instant = next_instant(played, state)
            assert instant is None or instant > clock.play
    assert not once or max(once.values()) == 1


def _left(played: Scenario, state: State) -> list[str]:
    """Injects that should have come by now and have not, by the changed MSEL, worked out without the rules."""
    now = in_hand(played, state)
    table, clock, left = timetable(now), state.clock, []
    slots = {slot.row.id: slot for row in table.timed for slot in row if slot.kind == "inject"}
    pending = {item.row.id: item for item in table.pending if item.kind == "inject"}
    for row in now.injects:
        if row.id in state.released or row.id in state.held or row.id in state.skipped:
            continue
        if row.expires is not None and clock.exercise >= row.expires:
            continue
        item = pending.get(row.id)
        slot = item.slot if item else slots.get(row.id)
        reached = slot is None or (clock.move, clock.play - clock.opened) >= (slot.move, slot.offset)
        if item is None:
            # What a move left behind when it was closed early comes no more.
            if slot is not None and slot.move == clock.move and reached:
                left.append(row.id)
        elif reached and (row.follows is None or row.follows in state.released) and holds(row.when, state):
            left.append(row.id)
    return left


@given(scenarios(), wishes, hands)
@settings(max_examples=80)
def test_one_long_tick_is_many_short_ones(played: Scenario, wanted: list[Wish], held: list[Hand]) -> None:
    """Protects pacing: with a changed MSEL too, a clock that ticks in between brings what one long step brings."""
    for step in mixed(played, wanted, held):
        before, target = step.before, step.command.play
        if not step.events or not before.clock.running or target <= before.clock.play + 1:
            continue
        state = before
        for play in range(before.clock.play + 1, target, max(1, (target - before.clock.play) // 4)):
            state = replay(decide(played, state, cmd.AdvanceClock(play=play)), state)
        state = replay(decide(played, state, step.command), state)
        came = (state.released, state.decisions, state.messages, state.flags, state.indicators, state.errands)
        after = step.after
        assert came == (after.released, after.decisions, after.messages, after.flags, after.indicators, after.errands)


@given(scenarios(), wishes, hands)
@settings(max_examples=80)
def test_a_re_timed_inject_comes_at_its_time(played: Scenario, wanted: list[Wish], held: list[Hand]) -> None:
    """Protects the word of control: a row with a time and no condition comes by the clock at that time alone."""
    for step in mixed(played, wanted, held):
        state = step.before
        for event in step.events:
            if isinstance(event, ev.InjectReleased) and not event.by_hand:
                row = in_hand(played, state).injects_by_id[event.inject]
                edit = state.edits.get(row.id)
                timed = row.id in state.written or (edit is not None and edit.at is not None)
                if timed and row.when is None and row.follows is None:
                    assert row.at is not None
                    clock = state.clock
                    # A second of play is some seconds of the story, which the clock steps over.
                    stride = -(-(clock.ends - clock.starts) // clock.seconds) if clock.phase == "move" else 0
                    opening = clock.phase == "move" and clock.play == clock.opened and row.at < clock.starts
                    assert row.at <= clock.exercise <= row.at + stride or opening, (row, clock)
            state = evolve(state, event)


@given(scenarios(), wishes, hands)
@settings(max_examples=80)
def test_no_seat_reads_what_control_has_not_released(played: Scenario, wanted: list[Wish], held: list[Hand]) -> None:
    """Protects control's desk: words changed, written, noted or given as reasons go out only with their message."""
    heard: dict[str, set[str]] = {seat: set() for seat in ("", *SEATS)}
    for step in mixed(played, wanted, held):
        state = step.before
        for event in step.events:
            if isinstance(event, ev.InjectReleased):
                row = in_hand(played, state).injects_by_id[event.inject]
                for seat, words in heard.items():
                    if reaches(event.to, seat) if seat else "all" in event.to:
                        words.update(WORDS.findall(f"{row.sender} {row.title} {row.text}"))
            state = evolve(state, event)
        for seat, words in heard.items():
            view = participant_view(played, state, seat) if seat else spectator_view(played, state)
            shown = repr(view)
            assert set(WORDS.findall(shown)) <= words, f"{seat or 'a spectator'} reads too much"
            assert "Vera" not in shown and "Otto" not in shown


@given(scenarios(), wishes, hands)
@settings(max_examples=40)
def test_a_view_stands_still_while_control_prepares(played: Scenario, wanted: list[Wish], held: list[Hand]) -> None:
    """Protects against a side channel: no view stirs for what is skipped, changed, claimed, or written for later."""
    quiet = (
        ce.InjectSkipped,
        ce.InjectEdited,
        ce.InjectWritten,
        ce.Claimed,
        ce.Unclaimed,
        ce.BotSeated,
        ce.BotUnseated,
    )
    for step in mixed(played, wanted, held):
        if not step.events or not all(isinstance(event, quiet) for event in step.events):
            continue
        for seat in SEATS:
            assert participant_view(played, step.before, seat) == participant_view(played, step.after, seat)
        assert spectator_view(played, step.before) == spectator_view(played, step.after)


BY_SCRIPT = (rq.RequestAnswered, rq.RequestMended)


@given(request_wishes, hands)
@settings(max_examples=120)
def test_no_script_answers_what_is_claimed(wanted: list[RequestWish], held: list[Hand]) -> None:
    """Protects the controller's part: what an actor says of a claimed request comes of control's own command."""
    played, state = three_askers(), State()
    state = replay(decide(played, state, cmd.StartExercise(facts=FACTS)), state)
    for number in range(max(len(wanted), len(held))):
        wish: RequestWish | Hand
        for wish in (*wanted[number : number + 1], *held[number : number + 1]):
            if isinstance(wish, RequestWish):
                command = request_command(wish, played, state)
            else:
                command = hand_command(wish, played, state)
            before = state
            try:
                events = decide(played, state, command)
            except CommandRejected:
                continue
            asked = getattr(command, "request", None)
            board = state.boards.get(command.seat.partition("/")[0], ())
            own = board[asked - 1] if isinstance(asked, int) and asked <= len(board) else None
            for event in events:
                if isinstance(event, BY_SCRIPT) and event.request != own:
                    request = state.requests[event.request]
                    assert not is_claimed(state, request), f"the script answers {request.id} under {state.claims}"
                state = evolve(state, event)
            assert work_out(played, before, command).state == state
            if state.clock.phase == "move" and state.clock.running:
                instant = next_instant(played, state)
                assert instant is None or instant >= state.clock.play
                # No errand that nobody claimed lies about when its time has come.
                if not isinstance(command, cmd.ReadMessage):
                    late = [e for e in state.errands if e.due <= state.clock.exercise]
                    assert all(is_claimed(state, state.requests[errand.request]) for errand in late)


@given(request_wishes, hands)
@settings(max_examples=40)
def test_a_log_of_controls_hand_checks_with_its_words_and_without(wanted: list[RequestWish], held: list[Hand]) -> None:
    """Protects whoever verifies a log: every step is found legal, and none is called a forgery for its lost words."""
    played = three_askers()
    session = Session.start_new(played, load_reference(), MemoryStore(), seed=3, session_id="s", pace="stepped")

    def submit(command: cmd.Command) -> None:
        try:
            session.submit(command)
        except CommandRejected:
            return

    for hand in held[:3]:
        submit(hand_command(hand, played, session.state))
    submit(ctl.LiftCurtain())
    session.start()
    for number in range(max(len(wanted), len(held) - 3)):
        for wish in wanted[number : number + 1]:
            submit(request_command(wish, played, session.state))
        for hand in held[3 + number : 4 + number]:
            submit(hand_command(hand, played, session.state))
    submit(ctl.LiftCurtain())
    if session.state.clock.phase != "ended":
        session.submit(cmd.EndExercise())
    for hand in held[-2:]:
        submit(hand_command(hand, played, session.state))
    log = session.log()
    assert log.state == session.state
    header = {log.header.content.digest, log.header.seed and log.header.seed.digest}
    facts = {digest for digest, opening in log.openings.items() if '"source"' in opening.text}
    for kept in (log.openings, header | facts):
        openings = [opening.line() for opening in log.openings.values() if opening.digest in kept]
        account = verify([log.header_line, *log.lines, *openings], head=log.head, rules=True)
        assert account.ok, account.lines()
        assert account.checks[-1].holds is True, account.lines()
