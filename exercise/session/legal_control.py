"""The command behind an event of exercise control's own hand."""

from __future__ import annotations

from collections.abc import Iterator
from typing import assert_never

from exercise.core.control import commands as cmd
from exercise.core.control import events as ev
from exercise.core.script import Channel


def control_commands(event: ev.ControlEvent, seat: str) -> Iterator[cmd.ControlCommand]:
    """The command that may have led to an event; none where no command can say it."""
    try:
        yield _command(event, seat)
    except ValueError:
        return  # A validation error is one too, and so is a channel that there is not.


def _command(event: ev.ControlEvent, seat: str) -> cmd.ControlCommand:
    match event:
        case ev.InjectSkipped():
            return cmd.SkipInject(seat=seat, inject=event.inject, why=event.why)
        case ev.InjectEdited():
            return cmd.EditInject(seat=seat, inject=event.inject, title=event.title, text=event.text, at=event.at)
        case ev.InjectWritten():
            said = event.as_data(exclude={"type", "inject", "since", "channel"})
            return cmd.WriteInject(seat=seat, channel=Channel(event.channel), **said)
        case ev.RateSet():
            return cmd.SetRate(seat=seat, rate=event.rate)
        case ev.Claimed():
            return cmd.Claim(seat=seat, what=event.what, who=event.who, take_over=True)
        case ev.Unclaimed():
            return cmd.Unclaim(seat=seat, what=event.what)
        case ev.FactSet():
            return cmd.SetFact(seat=seat, fact=event.fact, value=event.facts.get(event.fact, ""), why=event.why)
        case ev.FactRevealed():
            return cmd.RevealFact(seat=seat, fact=event.fact, to=event.to)
        case ev.CurtainDrawn():
            return cmd.DrawCurtain(seat=seat, kind=event.kind, text=event.text)
        case ev.CurtainLifted():
            return cmd.LiftCurtain(seat=seat)
        case ev.BotSeated():
            return cmd.SeatBot(seat=seat, team=event.team, policy=event.policy)
        case ev.BotUnseated():
            return cmd.UnseatBot(seat=seat, team=event.team)
        case ev.PageTurned():
            return cmd.TurnPage(seat=seat, page=event.page)
        case _:
            assert_never(event)
