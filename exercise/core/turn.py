"""One command being worked out: events so far and the state they lead to, with the steps that all rules share."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping
from operator import itemgetter

from exercise.core import events as ev
from exercise.core.conditions import holds
from exercise.core.control.claims import stands_still
from exercise.core.control.events import FactSet, InjectEdited, InjectWritten
from exercise.core.control.msel import in_hand
from exercise.core.evolve import FOLDS
from exercise.core.happened import Happened
from exercise.core.requests import life
from exercise.core.requests.folds import BRINGS
from exercise.core.requests.state import Errand
from exercise.core.scenario import Scenario
from exercise.core.schedule import lapsing, next_instant, story_now
from exercise.core.script import (
    ChangeIndicator,
    ClearFlag,
    Consequence,
    Decision,
    Effect,
    Inject,
    Lapse,
    Learn,
    ResponseOption,
    SetFlag,
)
from exercise.core.state import Due, State
from exercise.core.timetable import Pending, Slot, step_causes, timetable

LAPSE = "lapse"
"""Source name of the consequences of a lapsed window."""

_MOST_INSTANTS = 10_000

_IN_ORDER = itemgetter(0, 1)
"""What is due comes in the order of its time and of its place in the MSEL."""

_CAUSES: Mapping[type[ev.Event], tuple[str, str]] = {
    ev.FlagRaised: ("flag", "flag"),
    ev.FlagCleared: ("flag", "flag"),
    ev.IndicatorChanged: ("indicator", "indicator"),
    ev.IndicatorCorrected: ("indicator", "indicator"),
    ev.InjectReleased: ("inject", "inject"),
    ev.ResponseChosen: ("decision", "decision"),
    ev.DecisionLapsed: ("decision", "decision"),
    ev.DecisionReopened: ("decision", "decision"),
    ev.ActDone: ("team", "team"),
    ev.EvidenceLearned: ("evidence", "evidence"),
    FactSet: ("fact", "fact"),
}
"""What an event may make true for rows that wait: the kind of thing, and the field that names it."""

_CONTROLS_INJECTS = (InjectEdited, InjectWritten)
"""After these the MSEL that control has in hand is another one."""

_STEPS: Mapping[type[Happened], str] = dict.fromkeys(BRINGS.values(), "request")
"""The events by which a request takes a step, which rows may wait for, and the field that names it."""


class Turn:
    """Collects the events of one command; `state` is always the state after them."""

    def __init__(self, scenario: Scenario, state: State) -> None:
        self.scenario = in_hand(scenario, state)
        """With its injects as control has them in hand by now."""
        self.state = state
        self.events: list[ev.Event] = []
        self.states: list[State] = []
        """The state after each event."""
        self._changed: set[tuple[str, str]] = set()
        self._settled = state.clock.play
        self._new_move = False

    @property
    def moments(self) -> list[tuple[int, int]]:
        """Play and exercise time after each event."""
        return [(state.clock.play, state.clock.exercise) for state in self.states]

    def emit(self, event: ev.Event) -> None:
        """Adds an event and folds it."""
        type_ = event.__class__
        self.events.append(event)
        self.state = state = FOLDS[type_](self.state, event)
        self.states.append(state)
        if (cause := _CAUSES.get(type_)) is not None:
            kind, name = cause
            self._changed.add((kind, getattr(event, name)))
        elif (field := _STEPS.get(type_)) is not None:
            self._changed.update(step_causes(state.requests[getattr(event, field)]))
        elif type_ is ev.MoveOpened:
            self._new_move = True
        elif type_ in _CONTROLS_INJECTS:
            self.scenario = in_hand(self.scenario, state)

    def bring_to(self, play: int) -> None:
        """Folds all that comes by itself up to a play time, each at its own instant."""
        clock = self.state.clock
        if not clock.running or clock.phase != "move" or play <= clock.play:
            return
        for _ in range(_MOST_INSTANTS):
            instant = next_instant(self.scenario, self.state)
            if instant is None or instant > play:
                return
            before = len(self.events)
            self.clock_to(instant)
            self._come_due()
            self.settle()
            # What comes later than this instant is later than `play` as well.
            if instant == play or len(self.events) == before:
                return

    def clock_to(self, play: int) -> None:
        """Moves the clock, if it runs and `play` is later than it stands."""
        clock = self.state.clock
        if clock.running and play > clock.play:
            self.emit(ev.ClockAdvanced(play=play, exercise=story_now(clock, play)))

    def settle(self, messages_only: bool = False) -> None:
        """Releases what waits for a condition until nothing more comes; each row comes at most once.

        While a move closes, and between moves, only messages come: a decision needs a move to be answered in.
        """
        table = timetable(self.scenario)
        while messages_only or self.state.clock.phase == "move":
            clock = self.state.clock
            if not (self._new_move or self._changed or self._settled < clock.play):
                return
            if self._new_move:
                candidates: Iterable[Pending] = table.pending
            else:
                found = {item.position: item for cause in self._changed for item in table.waiting.get(cause, ())}
                if self._settled < clock.play:
                    offsets = table.clocked_offsets[clock.move]
                    after = bisect_right(offsets, self._settled - clock.opened)
                    upto = bisect_right(offsets, clock.play - clock.opened)
                    found.update((item.position, item) for item in table.clocked[clock.move][after:upto])
                candidates = [found[position] for position in sorted(found)]
            self._changed, self._settled, self._new_move = set(), clock.play, False
            if not candidates:
                return
            for item in candidates:
                if (item.kind == "inject" or not messages_only) and self._ripe(item):
                    self._come(item.row)

    def open_move(self, index: int) -> None:
        """Brings what fell into the gap before a move, then opens it and brings what its start brings."""
        move = self.scenario.moves[index]
        gap: list[tuple[int, int, Slot | Due | Errand]] = [
            (slot.exercise, slot.position, slot)
            for slot in timetable(self.scenario).timed[index]
            if slot.exercise < move.starts and isinstance(slot.row, Inject)
        ]
        gap += [(due.due, 1_000_000, due) for due in self.state.due if due.due < move.starts]
        gap += [
            (errand.due, 1_500_000, errand)
            for errand in self.state.errands
            if errand.due < move.starts and not stands_still(self.state, errand)
        ]
        for exercise, _, item in sorted(gap, key=_IN_ORDER):
            clock = self.state.clock
            if exercise > clock.exercise or (index == 0 and not self.state.messages):
                self.emit(ev.ClockAdvanced(play=clock.play, exercise=exercise))
            if isinstance(item, Due):
                self._consequence_due(item)
            elif isinstance(item, Errand):
                life.run_errand(self, item)
            elif isinstance(item.row, Inject) and self._may_come(item.row):
                self._come(item.row)
            self.settle(messages_only=True)
        self.emit(ev.MoveOpened(move=move.id, index=index, starts=move.starts, ends=move.ends, seconds=move.minutes))
        self._come_due()
        self.settle()

    def release(self, inject: Inject, by_hand: bool = False) -> None:
        """Releases an inject and applies its effects."""
        self.emit(ev.InjectReleased(inject=inject.id, to=inject.to, by_hand=by_hand))
        self.apply(inject.effects)
        if inject.request is not None:
            life.incoming(self, inject.request, inject.id)

    def carry_out(self, decision: Decision, outcome: ResponseOption | Lapse, source: str) -> None:
        """Applies acts, effects and consequences of an option or of a lapse."""
        for act in outcome.acts:
            self.emit(ev.ActDone(team=decision.team, act=act, decision=decision.id))
        self.apply(outcome.effects)
        for index, consequence in enumerate(outcome.consequences):
            if consequence.after == 0:
                self._consequence(decision, consequence, source, index)
            else:
                due = self.state.clock.exercise + consequence.after
                self.emit(ev.ConsequenceScheduled(decision=decision.id, source=source, index=index, due=due))

    def lapse(self, decision: Decision) -> None:
        """Closes a decision's window unanswered."""
        self.emit(ev.DecisionLapsed(decision=decision.id, team=decision.team))
        self.carry_out(decision, decision.lapse, LAPSE)

    def apply(self, effects: tuple[Effect, ...]) -> None:
        """Applies effects in their order; an effect that changes nothing is not written."""
        for effect in effects:
            if effect.when is not None and not holds(effect.when, self.state):
                continue
            match effect:
                case ChangeIndicator():
                    indicator = self.scenario.indicators_by_id[effect.indicator]
                    before = self.state.indicators[effect.indicator]
                    wanted = effect.to if effect.to is not None else before + (effect.by or 0)
                    value = min(indicator.highest, max(indicator.lowest, wanted))
                    if value != before:
                        self.emit(ev.IndicatorChanged(indicator=effect.indicator, value=value))
                case SetFlag():
                    if effect.flag not in self.state.flags:
                        self.emit(ev.FlagRaised(flag=effect.flag))
                case ClearFlag():
                    if effect.clear in self.state.flags:
                        self.emit(ev.FlagCleared(flag=effect.clear))
                case Learn():
                    if effect.learn not in self.state.knowledge.get(effect.team, ()):
                        piece = self.scenario.evidence_by_id.get(effect.learn)
                        self.emit(
                            ev.EvidenceLearned(
                                team=effect.team,
                                evidence=effect.learn,
                                giver=piece.giver if piece else None,
                                handling=piece.handling if piece else None,
                            )
                        )

    def _come_due(self) -> None:
        """Brings all that is due at the present instant, in (time, MSEL position) order, lapses last."""
        clock = self.state.clock
        due: list[tuple[int, int, Slot | Due | Errand | str]] = []
        table, opened = timetable(self.scenario), clock.opened
        # What came before the last instant has come, or waits for a hand.
        offsets = table.offsets[clock.move]
        first = bisect_left(offsets, self._settled - opened) if self._settled > opened else 0
        upto = bisect_right(offsets, clock.play - opened)
        due += [(slot.exercise, slot.position, slot) for slot in table.timed[clock.move][first:upto]]
        due += [(item.due, 1_000_000, item) for item in self.state.due if item.due <= clock.exercise]
        due += [
            (clock.exercise, 2_000_000, name)
            for name, decision in self.state.decisions.items()
            if decision.status == "open" and decision.closes <= clock.play
        ]
        due += [(errand.due, 1_500_000, errand) for errand in self.state.errands if errand.due <= clock.exercise]
        for _, _, item in sorted(due, key=_IN_ORDER):
            if isinstance(item, Errand):
                life.run_errand(self, item)
            elif isinstance(item, str):
                self.lapse(self.scenario.decisions_by_id[item])
            elif isinstance(item, Due):
                self._consequence_due(item)
            elif self._may_come(item.row):
                self._come(item.row)
        for id in lapsing(self.state):
            life.lapse(self, id)

    def _ripe(self, item: Pending) -> bool:
        state = self.state
        if item.id in (state.released if item.kind == "inject" else state.decisions):
            return False  # Of the rows that wait for something, most have come.
        row, slot, clock = item.row, item.slot, state.clock
        if slot is not None and (
            clock.move < slot.move or (clock.move == slot.move and clock.play - clock.opened < slot.offset)
        ):
            return False
        if row.follows is not None and row.follows not in state.released:
            return False
        return holds(row.when, state) and self._may_come(row)

    def _may_come(self, row: Inject | Decision) -> bool:
        state, id = self.state, row.id
        if id in (state.released if isinstance(row, Inject) else state.decisions):
            return False
        if id in state.held or id in state.skipped:
            return False
        return row.expires is None or state.clock.exercise < row.expires

    def _come(self, row: Inject | Decision) -> None:
        if isinstance(row, Inject):
            self.release(row)
            return
        closes = self.state.clock.play + row.window
        self.emit(ev.DecisionOpened(decision=row.id, team=row.team, revision=1, closes=closes))

    def _consequence_due(self, item: Due) -> None:
        decision = self.scenario.decisions_by_id[item.decision]
        self._consequence(decision, consequences_of(decision, item.source)[item.index], item.source, item.index)

    def _consequence(self, decision: Decision, consequence: Consequence, source: str, index: int) -> None:
        if not holds(consequence.when, self.state):
            self.emit(ev.ConsequenceDropped(decision=decision.id, source=source, index=index))
            return
        to = (consequence.to or (decision.team,)) if consequence.text else ()
        self.emit(ev.ConsequenceCame(decision=decision.id, source=source, index=index, to=to))
        self.apply(consequence.effects)


def consequences_of(decision: Decision, source: str) -> tuple[Consequence, ...]:
    """The consequences of an option, or of the lapse."""
    if source == LAPSE:
        return decision.lapse.consequences
    return next(option.consequences for option in decision.options if option.id == source)


def available_options(decision: Decision, state: State) -> tuple[ResponseOption, ...]:
    """The options a team may choose now; rules, screens and bots all ask here."""
    return tuple(option for option in decision.options if holds(option.available, state))
