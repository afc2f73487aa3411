"""What each event of exercise control's own hand does to a state."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from exercise.core.control import events as ev
from exercise.core.control.state import Curtain, Edit, Written
from exercise.core.happened import Happened
from exercise.core.records import replace

if TYPE_CHECKING:
    from exercise.core.state import State


def _skipped(state: State, event: ev.InjectSkipped) -> State:
    return replace(state, skipped=state.skipped | {event.inject}, held=state.held - {event.inject})


def _edited(state: State, event: ev.InjectEdited) -> State:
    if event.at is not None:
        edit = Edit(event.title, event.text, event.at, event.since)
        state = replace(state, held=state.held - {event.inject}, skipped=state.skipped - {event.inject})
    else:
        before = state.edits.get(event.inject)
        at, since = (before.at, before.since) if before is not None else (None, 0)
        edit = Edit(event.title, event.text, at, since)
    return replace(state, edits={**state.edits, event.inject: edit})


def _written(state: State, event: ev.InjectWritten) -> State:
    at = state.clock.exercise if event.at is None else event.at
    row = Written(event.sender, event.channel, event.to, event.title, event.text, at, event.since)
    return replace(state, written={**state.written, event.inject: row})


def _rate_set(state: State, event: ev.RateSet) -> State:
    clock = state.clock
    return replace(state, clock=replace(clock, rate=event.rate))


def _claimed(state: State, event: ev.Claimed) -> State:
    return replace(state, claims={**state.claims, event.what: event.who})


def _unclaimed(state: State, event: ev.Unclaimed) -> State:
    return replace(state, claims={what: who for what, who in state.claims.items() if what != event.what})


def _fact_set(state: State, event: ev.FactSet) -> State:
    return replace(state, facts=event.facts)


def _fact_revealed(state: State, event: ev.FactRevealed) -> State:
    from exercise.core.state import Message

    clock = state.clock
    message = Message(
        len(state.messages), event.to, clock.play, clock.exercise, fact=event.fact, title=event.title, text=event.text
    )
    return replace(state, messages=(*state.messages, message))


def _curtain_drawn(state: State, event: ev.CurtainDrawn) -> State:
    return replace(state, curtain=Curtain(event.kind, event.text))


def _curtain_lifted(state: State, event: ev.CurtainLifted) -> State:
    return replace(state, curtain=None)


def _bot_seated(state: State, event: ev.BotSeated) -> State:
    return replace(state, bots={**state.bots, event.team: event.policy})


def _bot_unseated(state: State, event: ev.BotUnseated) -> State:
    return replace(state, bots={team: policy for team, policy in state.bots.items() if team != event.team})


def _page_turned(state: State, event: ev.PageTurned) -> State:
    return replace(state, page=event.page)


FOLDS: Mapping[type[Happened], Callable[[State, Any], State]] = {
    ev.InjectSkipped: _skipped,
    ev.InjectEdited: _edited,
    ev.InjectWritten: _written,
    ev.RateSet: _rate_set,
    ev.Claimed: _claimed,
    ev.Unclaimed: _unclaimed,
    ev.FactSet: _fact_set,
    ev.FactRevealed: _fact_revealed,
    ev.CurtainDrawn: _curtain_drawn,
    ev.CurtainLifted: _curtain_lifted,
    ev.BotSeated: _bot_seated,
    ev.BotUnseated: _bot_unseated,
    ev.PageTurned: _page_turned,
}
