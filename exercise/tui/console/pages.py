"""Every page of the console with its key: one list for the keys, the menu and the help of the main screen.

A page is imported when it is first opened. Keys that the main screen has for itself and no page may take: enter, space,
. ? + < > and the letters r h k e w x z n o v E.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from textual.screen import Screen

    from exercise.session.control import Control

__all__ = ["PAGES", "Page"]


@dataclass(frozen=True, slots=True)
class Page:
    """A screen over the main one."""

    key: str
    """As Textual names it: `p`, `exclamation_mark`."""
    title: str
    """One or two words, for the line of keys and the menu."""
    about: str
    """What it is for, in one line, for the menu and the help."""
    factory: Callable[[Control], Screen[Any]]
    key_display: str | None = None


def _clock(control: Control) -> Screen[Any]:
    from exercise.tui.console.clock_form import ClockScreen

    return ClockScreen(control)


def _decisions(control: Control) -> Screen[Any]:
    from exercise.tui.console.decisions import DecisionsScreen

    return DecisionsScreen(control)


def _facts(control: Control) -> Screen[Any]:
    from exercise.tui.console.facts import FactsScreen

    return FactsScreen(control)


def _moments(control: Control) -> Screen[Any]:
    from exercise.tui.console.moments import MomentsScreen

    return MomentsScreen(control)


def _people(control: Control) -> Screen[Any]:
    from exercise.tui.console.people import PeopleScreen

    return PeopleScreen(control)


def _tickets(control: Control) -> Screen[Any]:
    from exercise.tui.console.tickets import TicketsScreen

    return TicketsScreen(control)


def _teams(control: Control) -> Screen[Any]:
    from exercise.tui.console.teams import TeamsScreen

    return TeamsScreen(control)


def _requests(control: Control) -> Screen[Any]:
    from exercise.tui.console.requests_board import BoardScreen

    return BoardScreen(control)


def _messages(control: Control) -> Screen[Any]:
    from exercise.tui.console.talk import TalkScreen

    return TalkScreen(control)


def _notes(control: Control) -> Screen[Any]:
    from exercise.tui.console.notes import NotesScreen

    return NotesScreen(control)


def _marks(control: Control) -> Screen[Any]:
    from exercise.tui.console.marks import MarksScreen

    return MarksScreen(control)


def _hot_wash(control: Control) -> Screen[Any]:
    from exercise.tui.console.hotwash import HotWashControlScreen

    return HotWashControlScreen(control)


def _curtain(control: Control) -> Screen[Any]:
    from exercise.tui.console.curtain import CurtainScreen

    return CurtainScreen(control)


PAGES: tuple[Page, ...] = (
    Page("c", "Clock", "STARTEX, moves, pause, rate, jump and ENDEX", _clock),
    Page("d", "Decisions", "What each team has to decide, and what it has decided", _decisions),
    Page("f", "Facts", "What is true behind the story, and the indicators", _facts),
    Page("b", "Back to", "Back to a moment before something went wrong", _moments),
    Page("p", "People", "Who is here, at which seat; seats taken twice, bots, pens", _people),
    Page("t", "Tickets", "The codes to come in with, and the addresses of the doors", _tickets),
    Page("s", "Screens", "Any seat's screen as it is seen there", _teams),
    Page("q", "Requests", "Requests between all, and answering for a body that you play", _requests),
    Page("m", "Messages", "What people have said, and a line to a team, a role or everybody", _messages),
    Page("j", "Notes", "Observers' notes, tied to an objective, a commitment or the moment", _notes),
    Page("g", "Marks", "Marks as they accrue, team by team, with their reasons", _marks),
    Page("l", "Hot wash", "After ENDEX: the page that everybody's screen shows", _hot_wash),
    Page("u", "Curtain", "Cover every screen; REAL WORLD stop. ctrl+b opens it from anywhere", _curtain),
)
