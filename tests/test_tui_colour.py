"""Without colours, and in light ones: the same is told, by words and signs."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from fake_client import DILEMMA, FakeServices, FakeTable
from played import ended_player, new_player, played_assessment
from screens import at_both_sizes, picture, still, until
from textual.pilot import Pilot

from exercise.tui.app import ExerciseApp
from exercise.tui.screens.decision import DecisionScreen
from exercise.tui.screens.home import HomeScreen
from exercise.tui.screens.hotwash import HotWashScreen
from exercise.tui.screens.play import PlayScreen
from exercise.tui.screens.replay import ReplayScreen
from exercise.tui.screens.scorecard import ScorecardScreen
from exercise.tui.widgets.choices import Choices
from exercise.tui.widgets.grades import legend

pytestmark = pytest.mark.usefixtures("still")
__all__ = ["still"]


async def _home(pilot: Pilot[Any]) -> None:
    await until(pilot, lambda: "SCENARIOS" in picture(pilot.app) and "Teams" in picture(pilot.app))


async def _play(pilot: Pilot[Any]) -> None:
    await until(pilot, lambda: isinstance(pilot.app.screen, PlayScreen) and pilot.app.screen.is_mounted)
    await pilot.press("i")
    await until(pilot, lambda: "Inbox · 2 unread" in picture(pilot.app))


async def _decision(pilot: Pilot[Any]) -> None:
    await _play(pilot)
    pilot.app.screen._open_decision(DILEMMA.id)  # type: ignore[attr-defined]
    await until(pilot, lambda: isinstance(pilot.app.screen, DecisionScreen) and pilot.app.screen.is_mounted)
    await pilot.pause()
    await pilot.press("down" if pilot.app.size.width < 100 else "right")


async def _there(pilot: Pilot[Any]) -> None:
    await until(pilot, lambda: len(pilot.app.screen_stack) > 1 and "EXERCISE" in picture(pilot.app))


Open = tuple[Callable[[str], ExerciseApp], Callable[[Pilot[Any]], Awaitable[None]], tuple[str, ...]]
OPEN: dict[str, Open] = {
    "home": (lambda theme: ExerciseApp(lambda: HomeScreen(FakeServices()), theme=theme), _home, ("SCENARIOS",)),
    "play": (
        lambda theme: ExerciseApp(table=FakeTable(), theme=theme),
        _play,
        ("◆ ", "withdrawn", "EXERCISE – EXERCISE"),
    ),
    "decision": (
        lambda theme: ExerciseApp(table=FakeTable(), theme=theme),
        _decision,
        ("Block all", "Window:"),
    ),
    "scorecard": (
        lambda theme: ExerciseApp(lambda: ScorecardScreen(played_assessment(), "now", "averne"), theme=theme),
        _there,
        ("● honoured", "◐ partly"),
    ),
    "hot wash": (
        lambda theme: ExerciseApp(lambda: HotWashScreen(ended_player(), player=new_player), theme=theme),
        _there,
        ("[1 Scorecard]", "● honoured"),
    ),
    "replay": (
        lambda theme: ExerciseApp(lambda: ReplayScreen(new_player(), 43, "averne"), theme=theme),
        _there,
        ("━", "●", "◇", "[m Messages", "‖ paused"),
    ),
}


def colours(pilot: Pilot[Any]) -> set[tuple[int, int, int]]:
    """The colours on the screen, as they go to the terminal."""
    app, found = pilot.app, set()
    for strip in app.screen._compositor.render_strips():
        for filter in app._filters:
            strip = strip.apply_filter(filter, app.screen.background_colors[1])
        for segment in strip:
            for colour in (segment.style.color, segment.style.bgcolor) if segment.style else ():
                if colour is not None and colour.triplet is not None:
                    found.add(tuple(colour.triplet))
    return found


def told_without_colours(pilot: Pilot[Any], marks: tuple[str, ...]) -> None:
    """What is to be told stands there in signs and words, and the marked row stands out by more than its shade."""
    seen = picture(pilot.app)
    for mark in marks:
        assert mark in seen
    focused = pilot.app.focused
    if isinstance(focused, Choices) and focused.highlighted is not None and pilot.app.no_color:
        style = focused.get_visual_style("option-list--option-highlighted")
        assert style.underline and style.bold


@pytest.mark.parametrize("plain", [True, False], ids=["no colours", "colours"])
async def test_the_column_that_enter_takes_has_another_frame(monkeypatch: pytest.MonkeyPatch, plain: bool) -> None:
    """Protects a choice from being told by colour alone: of the columns, one is framed in heavy lines."""
    if plain:
        monkeypatch.setenv("NO_COLOR", "1")
    make, come, _ = OPEN["decision"]
    app = make("exercise")
    async with app.run_test(size=(120, 40), notifications=True, tooltips=True) as pilot:
        await come(pilot)
        for key, number in (("right", 1), ("left", 0), ("left", 0)):
            await pilot.press(key)
            await pilot.pause()
            heavy = [pane.styles.border_top[0] == "heavy" for pane in app.screen.query(".column")]
            assert heavy.index(True) == number and sum(heavy) == 1


@pytest.mark.parametrize("name", OPEN)
@at_both_sizes
async def test_without_colours_all_is_told(monkeypatch: pytest.MonkeyPatch, size: tuple[int, int], name: str) -> None:
    """Protects people who switch colours off (NO_COLOR), or see none: only greys are left, and nothing is lost."""
    monkeypatch.setenv("NO_COLOR", "1")
    make, come, marks = OPEN[name]
    app = make("exercise")
    async with app.run_test(size=size, notifications=True, tooltips=True) as pilot:
        await come(pilot)
        await pilot.pause()
        assert app.no_color
        told_without_colours(pilot, marks)
        assert all(red == green == blue for red, green, blue in colours(pilot))


@pytest.mark.parametrize("theme", ["exercise-light", "textual-light"])
@pytest.mark.parametrize("name", OPEN)
async def test_in_light_colours(theme: str, name: str) -> None:
    """Protects bright rooms: each screen is dark on light, and says the same as in the dark."""
    make, come, marks = OPEN[name]
    app = make(theme)
    async with app.run_test(size=(120, 40), notifications=True, tooltips=True) as pilot:
        await come(pilot)
        await pilot.pause()
        told_without_colours(pilot, marks)
        assert app.screen.styles.background.brightness > 0.8


def test_the_legend_of_grades_needs_no_colour() -> None:
    """Protects the verdicts: every grade has its own sign and its own word."""
    parts = [part.split() for part in legend().split("  ")]
    assert len({sign for sign, _ in parts}) == len({word for _, word in parts}) == len(parts) == 4
