"""The mouse: whatever can be done by a key on these screens can be pointed at as well."""

from __future__ import annotations

from typing import Any

import pytest
from fake_client import DILEMMA, FakeTable
from piloting import shown
from played import ended_player, new_player
from screens import at_both_sizes, picture, still, until
from textual.events import MouseMove
from textual.pilot import Pilot
from textual.widget import Widget

from exercise.core.commands import ReadMessage
from exercise.tui.app import ExerciseApp
from exercise.tui.screens.answer import AnswerScreen
from exercise.tui.screens.decision import DecisionScreen
from exercise.tui.screens.help import HelpScreen
from exercise.tui.screens.hotwash import HotWashScreen
from exercise.tui.screens.mark import MarkScreen
from exercise.tui.screens.play import PlayScreen
from exercise.tui.screens.replay import ReplayScreen
from exercise.tui.screens.scorecard import ScorecardScreen
from exercise.tui.widgets.timeline import Timeline

pytestmark = pytest.mark.usefixtures("still")
__all__ = ["still"]


async def came(pilot: Pilot[Any], screen: type[Any]) -> None:
    await until(pilot, lambda: isinstance(pilot.app.screen, screen) and pilot.app.screen.is_mounted)
    await pilot.pause()


async def click_words(pilot: Pilot[Any], words: str) -> None:
    """Click the middle of these words; where they stand more than once, the lowest, for the keys are at the foot."""
    await until(pilot, lambda: words in picture(pilot.app))
    for y, line in reversed(list(enumerate(picture(pilot.app).split("\n")))):
        if words in line:
            await pilot.click(offset=(line.index(words) + len(words) // 2, y))
            return


@at_both_sizes
async def test_a_key_hint_does_what_its_key_does(size: tuple[int, int]) -> None:
    """Protects people who point at the hints in the bottom line: the screen's own keys, help and the way back."""
    table = FakeTable()
    app = ExerciseApp(table=table)
    async with app.run_test(size=size, notifications=True, tooltips=True) as pilot:
        await came(pilot, PlayScreen)
        await click_words(pilot, "n Next")
        await until(pilot, lambda: table.steps == ["step"])
        await click_words(pilot, "? Help")
        await came(pilot, HelpScreen)
        await click_words(pilot, "esc Back")
        await came(pilot, PlayScreen)
        await click_words(pilot, "d Decide")
        await came(pilot, DecisionScreen)


async def test_each_column_of_a_decision_has_its_button() -> None:
    """Protects choosing by mouse: the button under an option takes that option, and no other."""
    app = ExerciseApp(table=FakeTable())
    async with app.run_test(size=(120, 40), notifications=True, tooltips=True) as pilot:
        await came(pilot, PlayScreen)
        app.screen._open_decision(DILEMMA.id)  # type: ignore[attr-defined]
        await came(pilot, DecisionScreen)
        for option in DILEMMA.options:
            await pilot.click(f"#take-{option.id}")
            await came(pilot, AnswerScreen)
            assert option.title[:20] in picture(app)
            await pilot.press("escape")
            await came(pilot, DecisionScreen)


@at_both_sizes
async def test_a_message_is_opened_by_a_click(size: tuple[int, int]) -> None:
    """Protects reading by mouse: the row that is clicked is read, and no other one counts as read."""
    table = FakeTable()
    app = ExerciseApp(table=table)
    async with app.run_test(size=size, notifications=True, tooltips=True) as pilot:
        await came(pilot, PlayScreen)
        await click_words(pilot, "T+0:10")
        await until(pilot, lambda: "Bank of Averne, fraud desk" in picture(app))
        await until(pilot, lambda: len(table.client("averne").sent) == 1)
    (sent,) = table.client("averne").sent
    assert isinstance(sent, ReadMessage) and sent.number == 2


@pytest.mark.parametrize("opened_from", ["hot wash", "replay"])
@at_both_sizes
async def test_a_row_of_the_scorecard_opens_its_mark(size: tuple[int, int], opened_from: str) -> None:
    """Protects the trail for the mouse: nothing is read beside this list, so one click on a clause opens its mark."""
    washed = opened_from == "hot wash"
    first = (
        (lambda: HotWashScreen(ended_player(), player=new_player)) if washed else lambda: ReplayScreen(ended_player())
    )
    async with shown(first, size) as pilot:
        if not washed:
            await pilot.press("c")
            await came(pilot, ScorecardScreen)
        await click_words(pilot, "Within international law")
        await came(pilot, MarkScreen)
        await until(pilot, lambda: "How the grade came about" in pilot.app.screen.query_one("#mark-text").text)  # type: ignore[attr-defined]


async def drag(pilot: Pilot[Any], on: Widget, columns: list[int]) -> None:
    """Press at the first column, move over the others with the button held, and let go at the last."""
    await pilot.mouse_down(on, offset=(columns[0], 2))
    for column in columns[1:]:
        await pilot._post_mouse_events([MouseMove], on, offset=(column, 2), button=1)
    await pilot.mouse_up(on, offset=(columns[-1], 2))


@at_both_sizes
async def test_a_click_seeks_and_a_drag_scrubs(size: tuple[int, int]) -> None:
    """Protects pointing at time: the replay follows the pointer while the button is held, and not after."""
    player = new_player()
    async with shown(lambda: ReplayScreen(player, 0), size) as pilot:
        line = pilot.app.screen.query_one(Timeline)
        last = line.size.width - 1
        await pilot.click(line, offset=(last // 2, 2))
        await until(pilot, lambda: 1000 < player.play_time(player.position) <= 1210)

        seen: list[int] = []
        go = pilot.app.screen.go  # type: ignore[attr-defined]
        pilot.app.screen.go = lambda *a, **k: (go(*a, **k), seen.append(player.position))  # type: ignore[attr-defined]
        await drag(pilot, line, [0, last // 4, last // 2, last])
        await until(pilot, lambda: player.position == player.length)
        assert player.play_time(seen[0]) == 0 and len(set(seen)) >= 3 and seen == sorted(seen)

        await pilot.hover(line, offset=(3, 2))
        await pilot.pause()
        assert player.position == player.length


async def test_a_drag_that_leaves_the_line_stays_in_the_log() -> None:
    """Protects a hand that slips off: beyond either end of the line is the start or the end, and letting go lets go."""
    player = new_player()
    async with shown(lambda: ReplayScreen(player, 20), (120, 40)) as pilot:
        line = pilot.app.screen.query_one(Timeline)
        await pilot.mouse_down(line, offset=(40, 2))
        await pilot._post_mouse_events([MouseMove], None, offset=(119, 20), button=1)
        await until(pilot, lambda: player.position == player.length)
        await pilot._post_mouse_events([MouseMove], None, offset=(0, 30), button=1)
        await until(pilot, lambda: player.play_time(player.position) == 0)
        await pilot.mouse_up(None, offset=(0, 30))
        await pilot.hover(None, offset=(60, 4))
        await pilot.pause()
        assert player.play_time(player.position) == 0
