"""Opening screens for many in one process: what they share, when they are drawn first, and how they are let go."""

from __future__ import annotations

import inspect

import pytest
from doorways import Small, driven, until
from textual.app import App
from textual.css.stylesheet import Stylesheet
from textual.screen import Screen
from textual.widgets import Input, Static

from exercise.hub import leaving, starting


class Restless(Small):
    """Never done with being built."""

    def on_mount(self) -> None:
        self.set_interval(0.001, lambda: self.query_one("#said", Static).update("again"))


async def test_rules_are_read_once_for_one_theme() -> None:
    """Protects the cost of coming: the second app of a process reads no style sheet that the first has read."""
    starting.share_styles()
    first, second, light = Small(), Small(), Small()
    light.theme = "textual-light"
    async with driven(first), driven(second), driven(light):
        await until(lambda: light.stylesheet._variables != first.stylesheet._variables, "another theme")
        mine = {id(rule) for rule in first.stylesheet.rules}
        assert mine == {id(rule) for rule in second.stylesheet.rules}
        assert not mine & {id(rule) for rule in light.stylesheet.rules}


async def test_shared_rules_are_changed_by_nobody() -> None:
    """Protects neighbours: what one app does with its styles, and its choice of another theme, stay its own."""
    starting.share_styles()
    first, second = Small(), Small()
    async with driven(first), driven(second):
        before = [dict(rule.styles._rules) for rule in first.stylesheet.rules]
        second.query_one(Input).styles.display = "none"
        second.query_one("#said").styles.width = 7
        second.theme = "textual-light"
        second.query_one("#said").add_class("-other")
        await until(lambda: second.stylesheet._variables != first.stylesheet._variables, "another theme")
        assert [dict(rule.styles._rules) for rule in first.stylesheet.rules] == before
        assert first.query_one(Input).display
        assert first.query_one("#said").styles.width != second.query_one("#said").styles.width


async def test_first_drawing_is_of_the_whole_screen_and_the_only_one() -> None:
    """Protects the cost of coming: a screen that is being built is not drawn at every step."""
    async with driven(Small()) as (driver, paper):
        assert driver.frames == 1
        assert "nothing yet" in paper.text


async def test_screen_that_never_rests_is_drawn_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    """Protects whoever comes while everything changes: the first drawing waits for quiet, but not for ever."""
    monkeypatch.setattr("exercise.hub.terminal_driver.BUILT_WITHIN", 0.1)
    async with driven(Restless()) as (_, paper):
        await until(lambda: "again" in paper.text, "the screen")


async def test_who_has_left_is_taken_apart_and_nobody_else(monkeypatch: pytest.MonkeyPatch) -> None:
    """Protects memory, and those who stay: of ended screens nothing is held, and a neighbour's go on working."""
    monkeypatch.setattr("exercise.hub.sessions.SWEEP_AFTER", 0.02)
    gone, stays = Small(), Small()
    async with driven(stays) as (driver, _):
        async with driven(gone):
            line = gone.query_one("#said")
        await until(lambda: not vars(gone) and not vars(line), "empty parts")
        driver.feed(b"still here\r")
        await until(lambda: "still here" in str(stays.query_one("#said", Static).visual), "the line")


def test_names_that_are_relied_on_exist() -> None:
    """Protects whoever raises the pin of Textual: each private name that is leaned on here is still what it was."""
    assert "self._parse_cache[cache_key]" in inspect.getsource(Stylesheet._parse_rules)
    assert "cache_key = (css, read_from, is_default_rules, tie_breaker, scope)" in inspect.getsource(
        Stylesheet._parse_rules
    )
    assert Stylesheet(variables={"a": "red"})._variables == {"a": "red"}
    for draws in (Screen._refresh_layout, Screen._on_timer_update):
        assert "_compositor_refresh" in inspect.getsource(draws)
    shutdown = inspect.getsource(App._shutdown)
    assert shutdown.index("driver.disable_input()") < shutdown.index("self._close_all()")


async def test_parts_are_all_that_stands_on_the_screen() -> None:
    """Protects letting go: Textual's own list of what an app consists of, and where component styles hang."""
    app = Small()
    async with app.run_test() as pilot:
        await pilot.pause()
        parts = leaving.parts_of(app)
        assert {app, app.screen, *app.screen.walk_children()} <= set(parts)
        assert app.query_one(Input)._component_styles
        assert all(styles.node is not None for styles in app.query_one(Input)._component_styles.values())


def test_switching_it_on_again_changes_nothing() -> None:
    """Protects processes that open doors more than once: what is turned aside is so once."""
    starting.share_styles()
    starting.hold_drawing()
    turned = (Stylesheet.__init__, Stylesheet.set_variables, Screen._compositor_refresh)
    starting.share_styles()
    starting.hold_drawing()
    assert turned == (Stylesheet.__init__, Stylesheet.set_variables, Screen._compositor_refresh)
