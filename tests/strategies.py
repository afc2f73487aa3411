"""Small exercises at random, and what people may ask in them: strategies that several tests share."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random
from typing import Any

from given import FACTS, Row, decision, inject, option, scenario
from hypothesis import strategies as st

from exercise.core import commands as cmd
from exercise.core.acts import ActKind
from exercise.core.decide import available_options, next_instant
from exercise.core.scenario import Scenario
from exercise.core.state import State
from exercise.core.times import format_duration, format_exercise_time

FLAGS = ("told", "alarm", "calm")
INDICATORS = ("trust", "morale", "panic")
TEAMS = ("averne", "belmark")
SEATS = (*TEAMS, "averne/police", "averne/lead", "belmark/lead")
INJECTS = tuple(f"i{n}" for n in range(6))
DECISIONS = tuple(f"d{n}" for n in range(4))
OPTIONS = ("a", "b", "c")
AUDIENCES = ("all", *SEATS)
ACTS = (ActKind.WARN, ActKind.SHARE)

story_times = st.integers(-60, 120).map(lambda hundreds: format_exercise_time(hundreds * 100))
"""Times in and around the moves that are drawn below."""


def _leaf() -> st.SearchStrategy[Row]:
    numbers = st.integers(0, 100)
    return st.one_of(
        st.fixed_dictionaries({"flag": st.sampled_from(FLAGS)}),
        st.fixed_dictionaries({"fact": st.just("source"), "is": st.sampled_from(["crew", ["crew", "insider"]])}),
        st.fixed_dictionaries({"indicator": st.sampled_from(INDICATORS), "at_least": numbers}),
        st.fixed_dictionaries({"indicator": st.sampled_from(INDICATORS), "below": numbers}),
        st.fixed_dictionaries({"chose": st.sampled_from(DECISIONS)}),
        st.fixed_dictionaries(
            {"chose": st.sampled_from(DECISIONS), "option": st.sampled_from(["a", ["b", "free"], "free"])}
        ),
        st.fixed_dictionaries({"lapsed": st.sampled_from(DECISIONS)}),
        st.fixed_dictionaries({"released": st.sampled_from(INJECTS)}),
        st.fixed_dictionaries(
            {"time": st.fixed_dictionaries({}, optional={"from": story_times, "until": story_times})}
        ),
        st.fixed_dictionaries(
            {"did": st.sampled_from(ACTS), "by": st.sampled_from(TEAMS)},
            optional={"toward": st.sampled_from(TEAMS), "level": st.just("political"), "about": st.just("sample")},
        ),
        st.fixed_dictionaries({"knows": st.just("sample"), "team": st.sampled_from(TEAMS)}),
    )


condition_rows: st.SearchStrategy[Row] = st.recursive(
    _leaf(),
    lambda inner: st.one_of(
        st.fixed_dictionaries({"not": inner}),
        st.fixed_dictionaries({"all": st.lists(inner, min_size=1, max_size=3)}),
        st.fixed_dictionaries({"any": st.lists(inner, min_size=1, max_size=3)}),
    ),
    max_leaves=5,
)
"""Conditions as an author writes them."""


class Author:
    """Writes an exercise by the throw of dice; rows are many and conditions likely, so that much happens in it."""

    def __init__(self, dice: Random) -> None:
        self.dice = dice
        self.moves = self._moves()

    def scenario(self) -> Scenario:
        """A valid exercise: moves fast and slow, rows with every kind of trigger, effects, conditions, consequences."""
        dice = self.dice
        rows = [
            inject(name, to=dice.sample(AUDIENCES, dice.randint(1, 2)), effects=self._effects(), **self._trigger())
            for name in INJECTS[: dice.randint(2, 6)]
        ]
        rows += [self._decision(name) for name in DECISIONS[: dice.randint(1, 4)]]
        return scenario(
            *rows,
            moves=[{key: value for key, value in move.items() if key[0] != "_"} for move in self.moves],
            flags={name: name for name in FLAGS},
            indicators=[
                {"id": "trust", "name": "Trust", "start": 50},
                {"id": "morale", "name": "Morale", "start": 0, "lowest": -5, "highest": 5, "team": "averne"},
                {"id": "panic", "name": "Panic", "start": 10, "hidden": True},
            ],
        )

    def _moves(self) -> list[Row]:
        dice, moves = self.dice, []
        at = dice.choice([0, 0, 900])
        for number in range(dice.randint(1, 3)):
            # Some stories run faster than the room, some slower, and some in steps that do not divide.
            length, play = dice.choice([100, 601, 3600, 7200]), dice.choice([60, 97, 600, 1200])
            times = {"starts": format_exercise_time(at), "ends": format_exercise_time(at + length)}
            move = {"id": f"m{number}", "title": f"Move {number}", "minutes": format_duration(play)} | times
            moves.append(
                move | self._maybe("plenary", {"minutes": "2m"}) | {"_play": play, "_at": at, "_ends": at + length}
            )
            at += length + dice.choice([0, 1, 3600])
        return moves

    def _maybe(self, key: str, value: Any, odds: float = 0.5) -> Row:
        return {key: value} if self.dice.random() < odds else {}

    def _time(self) -> str:
        """A time of the story, mostly inside a move, sometimes before it."""
        move = self.dice.choice(self.moves)
        return format_exercise_time(self.dice.randint(move["_at"] - 60, move["_ends"]))

    def _condition(self, depth: int = 0) -> Row:
        dice = self.dice
        kind = dice.randrange(14 if depth < 2 else 11)
        team = dice.choice(TEAMS)
        leaves: list[Row] = [
            {"flag": dice.choice(FLAGS)},
            {"flag": dice.choice(FLAGS)},
            {"released": dice.choice(INJECTS)},
            {"chose": dice.choice(DECISIONS)} | self._maybe("option", dice.choice([*OPTIONS, "free"])),
            {"lapsed": dice.choice(DECISIONS)},
            {"did": dice.choice(ACTS), "by": team} | self._maybe("toward", "belmark"),
            {"knows": "sample", "team": team},
            {"time": {"from": self._time()} | self._maybe("until", self._time(), 0.2)},
            {"indicator": dice.choice(INDICATORS), "at_least": dice.randint(-5, 80)},
            {"indicator": dice.choice(INDICATORS), "below": dice.randint(-5, 80)},
            {"fact": "source", "is": dice.choice(["crew", "insider"])},
        ]
        if kind < len(leaves):
            return leaves[kind]
        parts = [self._condition(depth + 1) for _ in range(dice.randint(1, 3))]
        joined: list[Row] = [{"not": parts[0]}, {"all": parts}, {"any": parts}]
        return joined[kind - len(leaves)]

    def _effects(self) -> list[Row]:
        dice = self.dice
        effects: list[Row] = [
            {"flag": dice.choice(FLAGS)},
            {"flag": dice.choice(FLAGS)},
            {"clear": dice.choice(FLAGS)},
            {"indicator": dice.choice(INDICATORS), "by": dice.randint(-70, 70)},
            {"indicator": dice.choice(INDICATORS), "to": dice.randint(-10, 110)},
            {"learn": "sample", "team": dice.choice(TEAMS)},
        ]
        return [
            effect | self._maybe("when", self._condition(), 0.2) for effect in dice.sample(effects, dice.randint(0, 2))
        ]

    def _trigger(self) -> Row:
        dice, move = self.dice, self.dice.choice(self.moves)
        row: Row = dice.choice(
            [
                {},
                {"at": self._time()},
                {"at": self._time()},
                {"move": move["id"], "minute": f"{dice.randint(0, move['_play'])}s"},
                {"follows": dice.choice(INJECTS)},
            ]
        )
        row |= self._maybe("when", self._condition(), 0.3 if row else 1)
        return row | self._maybe("expires", self._time(), 0.15)

    def _outcome(self) -> Row:
        dice = self.dice
        consequences = [
            {"text": dice.choice(["", "It came."]), "effects": self._effects()}
            | {"after": f"{dice.choice([0, 60, 600, 3600, 9000])}s"}
            | self._maybe("when", self._condition(), 0.3)
            | self._maybe("to", [dice.choice(AUDIENCES)])
            for _ in range(dice.randint(0, 2))
        ]
        acts = [{"act": dice.choice(ACTS), "toward": ["belmark"]} for _ in range(dice.randint(0, 1))]
        return {"effects": self._effects(), "consequences": consequences, "acts": acts}

    def _decision(self, name: str) -> Row:
        dice = self.dice
        options = [option(key, **self._outcome()) for key in OPTIONS[: dice.randint(2, 3)]]
        options[-1] |= self._maybe("available", self._condition())
        window, team = f"{dice.choice([1, 60, 300, 900])}s", dice.choice(TEAMS)
        more = self._maybe("free", {}) | self._trigger()
        return decision(name, *options, team=team, window=window, lapse=self._outcome(), **more)


def scenarios() -> st.SearchStrategy[Scenario]:
    """Exercises, one for each seed: dice fill them more evenly than a search that prefers the small."""
    return st.integers(0, 2**32).map(lambda seed: Author(Random(seed)).scenario())


@dataclass(frozen=True)
class Wish:
    """What somebody is about to do, made a command by what then stands open: `pick` chooses among it."""

    kind: str
    later: int
    pick: int
    wild: str


_KINDS = (
    *["clock"] * 8,
    *["answer"] * 8,
    *["close", "close-lapsing", "plenary", "read", "note", "follow-up", "own-words", "release", "hold", "reopen"],
    *["extend", "withdraw", "indicator", "pause", "resume", "wild-answer", "wild-seat", "void", "end", "start"],
)

_LATER = (-30, 0, 0, 0, 1, 1, 7, 60, 299)


def _wish(dice: Random) -> Wish:
    wild = dice.choice([*INJECTS, *DECISIONS, *OPTIONS, "ghost"])
    return Wish(dice.choice(_KINDS), dice.choice(_LATER), dice.randrange(12), wild)


wishes: st.SearchStrategy[list[Wish]] = st.builds(
    lambda seed, length: [_wish(dice) for dice in [Random(seed)] for _ in range(length)],
    st.integers(0, 2**32),
    st.integers(0, 60),
)
"""What people do in an exercise, most of it allowed, some of it not."""


def commands_for(wish: Wish, played: Scenario, state: State) -> cmd.Command:
    """The command that a wish leads to where the exercise stands now."""
    play, pick = max(0, state.clock.play + wish.later), wish.pick
    still_open = [name for name, d in state.decisions.items() if d.status == "open"]
    opened = still_open or list(DECISIONS)
    answered = [name for name, d in state.decisions.items() if d.choice is not None] or list(DECISIONS)
    name = opened[pick % len(opened)]
    row = played.decisions_by_id.get(name)
    team = row.team if row else TEAMS[pick % 2]
    revision = state.decisions[name].revision if name in state.decisions else 1
    offered = [o.id for o in available_options(row, state)] if row else []
    choice = offered[pick % len(offered)] if offered else None
    rows = [inject.id for inject in played.injects]
    seat = SEATS[pick % len(SEATS)]
    match wish.kind:
        case "answer" if still_open:
            return cmd.ChooseResponse(seat=team, decision=name, revision=revision, option=choice, play=play)
        case "own-words":
            return cmd.ChooseResponse(
                seat=team, decision=name, revision=revision, free_text="We call them now.", nearest=choice, play=play
            )
        case "wild-answer":
            return cmd.ChooseResponse(
                seat=seat,
                decision=wish.wild,
                revision=pick % 3,
                option=OPTIONS[pick % 3],
                play=play,
                basis=(wish.wild,),
            )
        case "follow-up":
            name = answered[pick % len(answered)]
            told = "We told all who were affected."
            team = played.decisions_by_id[name].team if name in played.decisions_by_id else team
            return cmd.FollowUp(seat=team, decision=name, kind="told", text=told, play=play)
        case "read":
            return cmd.ReadMessage(seat=seat, number=1 + pick % 4, play=play)
        case "note":
            return cmd.WriteNote(seat=seat, text="A note.", play=play)
        case "wild-seat":
            return cmd.WriteNote(seat=wish.wild, text="A note.", play=play)
        case "release":
            return cmd.ReleaseInject(inject=rows[pick % len(rows)], play=play)
        case "hold":
            return cmd.HoldInject(inject=rows[pick % len(rows)], play=play)
        case "withdraw":
            return cmd.WithdrawInject(inject=rows[pick % len(rows)], play=play)
        case "reopen":
            return cmd.ReopenDecision(decision=answered[pick % len(answered)], play=play)
        case "extend":
            return cmd.ExtendWindow(decision=name, seconds=1 + pick * 20, play=play)
        case "indicator":
            return cmd.SetIndicator(indicator=INDICATORS[pick % 3], value=float(pick - 1), play=play)
        case "void":
            return cmd.VoidMark(mark=wish.wild, play=play)
        case "pause":
            return cmd.PauseClock(play=play)
        case "resume":
            return cmd.ResumeClock(play=play)
        case "close" | "close-lapsing":
            return cmd.CloseMove(lapse_open=wish.kind == "close-lapsing", play=play)
        case "plenary":
            return cmd.ClosePlenary(play=play)
        case "end" if pick == 0:
            return cmd.EndExercise(play=play)
        case "start":
            return cmd.StartExercise(facts=FACTS, play=play)
    instant = next_instant(played, state)
    return cmd.AdvanceClock(play=play + pick if instant is None or pick > 8 else instant)


def to_the_end(state: State) -> Iterator[cmd.Command]:
    """The facilitator's commands that bring an exercise from where it stands to ENDEX, a phase each."""
    if state.clock.phase == "plenary":
        yield cmd.ClosePlenary(play=state.clock.play + 60)
    elif state.clock.phase == "move":
        if not state.clock.running:
            yield cmd.ResumeClock(play=state.clock.play)
        yield cmd.AdvanceClock(play=state.clock.opened + state.clock.seconds)
        yield cmd.CloseMove(lapse_open=True, play=state.clock.opened + state.clock.seconds)
