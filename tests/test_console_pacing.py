"""What control is told before the clock is brought on or a move closes, and that a clock that stood stands again."""

from __future__ import annotations

from typing import Any

import pytest
from console_room import flat
from controlling import DirectControl
from given import decision, inject, option, scenario
from hosting import hosted, until
from screens import still
from test_tui_console_story import agree, at, console, started

from exercise.core.commands import PauseClock
from exercise.core.events import ClockPaused, ClockResumed
from exercise.errors import CommandRejected
from exercise.session.control import JumpTo, Startex, StepOn
from exercise.tui.console.decisions import DecisionsScreen
from exercise.tui.screens.confirm import AskScreen, ConfirmScreen

pytestmark = pytest.mark.usefixtures("still")
__all__ = ["still"]

SIZE = (120, 50)


def bare() -> DirectControl:
    """Decisions that come by their time, with an inject, with one that follows it, and on a condition."""
    return DirectControl(
        scenario(
            inject("call"),
            inject("alarm", at="T+1:00", title="The alarm"),
            inject("second", follows="alarm", title="The second alarm"),
            decision("short", at="T+0:30", window="5m"),
            decision("with-it", follows="second", window="20m"),
            decision("maybe", when={"flag": "told"}),
            decision("later", at="T+3:30"),
        )
    ).started()


async def asked_to_jump(pilot: Any, to: str) -> str:
    """The question before a jump."""
    await pilot.press("c", "j")
    await at(pilot, AskScreen)
    await pilot.press(*to, "enter")
    await at(pilot, ConfirmScreen)
    return flat(pilot)


async def test_a_jump_names_the_decisions_that_open_and_lapse_on_the_way() -> None:
    """Protects a team from losing a decision unseen: what opens and lapses within the jump is named first."""
    control = bare()
    async with console(control, SIZE) as pilot:
        asked = await asked_to_jump(pilot, "2:00")
        gone, _unused, rest = asked.partition("Opens on the way:")
        assert "Opens and lapses on the way, so that nobody can answer it: • Averne: Decide on short" in gone
        opens, _unused, comes = rest.partition("Comes on the way:")
        assert "Averne: Decide on with-it" in opens
        assert "The alarm" in comes and "The second alarm" in comes
        assert "What waits for a condition may come as well." in comes
        assert "Decide on maybe" not in asked and "Decide on later" not in asked
        await agree(pilot)
        status = {id: it.status for id, it in control.session.state.decisions.items()}
        assert status == {"short": "lapsed", "with-it": "open"}


async def test_a_short_jump_names_no_decision_and_one_without_conditions_no_condition() -> None:
    """Protects the question from naming what a jump does not touch."""
    control = DirectControl(scenario(inject("call"), decision("short", at="T+2:30"))).started()
    async with console(control, SIZE) as pilot:
        asked = await asked_to_jump(pilot, "1:00")
        assert "No inject of the MSEL is due on the way." in asked
        assert "Opens" not in asked and "Decide on" not in asked and "condition" not in asked


async def test_a_jump_is_not_asked_where_nobody_can_say_what_it_brings() -> None:
    """Protects from agreeing unseen: with the link down the trouble is said instead of half a question."""
    control = started()

    async def none() -> Any:
        raise CommandRejected("no-link", "Nothing gets through.")

    control.assessment = none  # type: ignore[method-assign]
    async with console(control) as pilot:
        await pilot.press("c", "j")
        await at(pilot, AskScreen)
        await pilot.press(*"1:30", "enter")
        for _unused in range(20):
            await pilot.pause()
        assert "Nothing gets through." in flat(pilot)
        assert not isinstance(pilot.app.screen, ConfirmScreen)


async def test_a_clock_that_stood_stands_again_after_a_jump_and_a_step() -> None:
    """Protects who paces by hand: neither a jump nor a step leaves the clock running behind their back."""
    async with hosted("first-light") as hosting:
        control = await hosting.control()
        await control.ask(Startex())
        session = hosting.room.session
        await control.submit(PauseClock())
        before = len(session.entries)
        await control.ask(StepOn())
        await control.ask(JumpTo(exercise=session.state.clock.exercise + 600))
        assert not session.state.clock.running
        kinds = [type(entry.event) for entry in session.entries[before:]]
        assert kinds.count(ClockResumed) == kinds.count(ClockPaused) == 2 and kinds[-1] is ClockPaused
        await until(lambda: not control.view().clock.running)


async def test_a_running_clock_runs_on_after_a_jump() -> None:
    """Protects the other side of it: whoever jumps with the clock running finds it running."""
    async with hosted("first-light") as hosting:
        control = await hosting.control()
        await control.ask(Startex())
        await control.ask(JumpTo(exercise=600))
        await control.ask(StepOn())
        assert hosting.room.session.state.clock.running


async def test_a_step_that_closes_the_move_leaves_a_standing_clock_standing() -> None:
    """Protects who paces by hand at the end of a move: the next one does not begin to run by itself."""
    async with hosted(scenario(inject("call"), inject("later", at="T+11:00"))) as hosting:
        control = await hosting.control()
        await control.ask(Startex())
        clock = hosting.room.session.state.clock
        await control.ask(JumpTo(exercise=clock.ends))
        await control.submit(PauseClock())
        await control.ask(StepOn())
        clock = hosting.room.session.state.clock
        assert (clock.phase, clock.move, clock.running) == ("move", 1, False)


async def test_closing_a_move_early_says_what_then_never_comes() -> None:
    """Protects injects from being lost unseen: those with a time in what is left of the move are counted and named."""
    rows = [inject(f"i{n}", at=f"T+{n}:00", title=f"Title {n}") for n in (3, 1, 2, 4)]
    more = [inject("on-flag", at="T+1:30", when={"flag": "told"}), inject("evening", at="T+10:30")]
    control = DirectControl(scenario(inject("call"), *rows, *more)).started()
    async with console(control, SIZE) as pilot:
        await pilot.press("c", "m")
        await at(pilot, ConfirmScreen)
        asked = flat(pilot)
        assert "4 injects of this move have not come, and will not come by themselves any more:" in asked
        assert "• Title 1 • Title 2 • Title 3 • and 1 more" in asked
        assert "on-flag" not in asked.partition("4 injects")[2].partition("clock of the story")[0]
        await agree(pilot)
        while control.session.state.clock.phase != "ended":
            await control.ask(StepOn())
        released = {title for title in ("i1", "i2", "i3", "i4", "evening") if title in control.session.state.released}
        assert released == {"evening"}


async def test_closing_a_decision_speaks_of_votes_only_where_there_are_any() -> None:
    """Protects from a key that does nothing: where one holds the pen, no votes are offered to be taken."""
    for mode, offered in (("lead", False), ("vote", True)):
        control = DirectControl(scenario(decision("tell", option("now"), option("wait"), mode=mode)))
        control.join("Ana", "averne/lead")
        control.join("Bo", "averne/police")
        control.started()
        async with console(control, SIZE) as pilot:
            await pilot.press("d")
            await at(pilot, DecisionsScreen)
            await pilot.press("k")
            await at(pilot, ConfirmScreen)
            asked = flat(pilot)
            assert "Its window ends at this moment and it lapses." in asked
            assert ("To take the votes there are instead, use v." in asked) is offered


async def test_the_clock_page_says_how_fast_the_story_goes_by() -> None:
    """Protects a facilitator from two kinds of minutes: deadlines are told in the story's, windows in the room's."""
    control = bare()
    move = control.session.scenario.moves[0]
    pace = (move.ends - move.starts) / move.minutes
    async with console(control, SIZE) as pilot:
        await pilot.press("c")
        await pilot.pause()
        assert f"About {pace:.0f} min of the story go by in it" in flat(pilot)
        await pilot.press("greater_than_sign")
        await until(lambda: control.view().clock.rate == 2)
        await pilot.pause()
        assert f"About {2 * pace:.0f} min of the story go by in it" in flat(pilot)
