"""What makes it cheap to open the same screens for one person after another in one process.

Textual reads its style sheets anew for each app, and draws a screen several times over while it is being built: that
is most of what somebody's coming costs. What was read is the same for all, and one drawing, of the whole, is enough.
"""

from __future__ import annotations

from typing import Any

from textual.cache import LRUCache
from textual.css.model import RuleSet
from textual.css.stylesheet import Stylesheet
from textual.screen import Screen

MOST_THEMES, MOST_SHEETS = 8, 1024
"""Themes of which the rules are kept, and style sheets of each: the program has some two hundred."""

Parsed = LRUCache[tuple[Any, ...], list[RuleSet]]

_parsed: LRUCache[frozenset[tuple[str, str]], Parsed] = LRUCache(MOST_THEMES)


def share_styles() -> None:
    """Has all style sheets of this process share what was read of one text with one theme.

    Nothing changes a rule once it is read: an app copies from it what holds for a widget.
    """
    if hasattr(Stylesheet.set_variables, "shares"):
        return
    make, set_variables = Stylesheet.__init__, Stylesheet.set_variables

    def make_sharing(self: Stylesheet, *, variables: dict[str, str] | None = None) -> None:
        make(self, variables=variables)
        self._parse_cache = _parsed_with(self._variables)

    def set_and_share(self: Stylesheet, variables: dict[str, str]) -> None:
        # Textual empties the cache here, which is everybody's.
        self._parse_cache = LRUCache(1)
        set_variables(self, variables)
        self._parse_cache = _parsed_with(variables)

    set_and_share.shares = True  # type: ignore[attr-defined]
    Stylesheet.__init__ = make_sharing  # type: ignore[method-assign]
    Stylesheet.set_variables = set_and_share  # type: ignore[method-assign]


def _parsed_with(variables: dict[str, str]) -> Parsed:
    key = frozenset(variables.items())
    if key not in _parsed:
        _parsed[key] = LRUCache(MOST_SHEETS)
    return _parsed[key]


def hold_drawing() -> None:
    """Has the screens of this process ask their driver whether they are drawn already; see `TerminalDriver.holds`."""
    draw = Screen._compositor_refresh
    if hasattr(draw, "asks"):
        return

    def draw_or_wait(self: Screen[Any]) -> None:
        holds = getattr(self.app._driver, "holds", None)
        if holds is None or not holds():
            draw(self)
        else:
            # All of it will be drawn.
            self._dirty_widgets.clear()

    draw_or_wait.asks = True  # type: ignore[attr-defined]
    Screen._compositor_refresh = draw_or_wait  # type: ignore[method-assign]
