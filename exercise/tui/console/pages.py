"""Every page of the console with its key: one list for the keys, the menu and the help of the main screen.

A page is imported when it is first opened. Keys that the main screen has for itself and no page may take: enter, space,
. ? + < > and the letters r h k e w x z n o v E.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from exercise.language import N_

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
    Page("c", N_("Clock"), N_("STARTEX, moves, pause, rate, jump and ENDEX"), _clock),
    Page("d", N_("Decisions"), N_("What each team has to decide, and what it has decided"), _decisions),
    Page("f", N_("Facts"), N_("What is true behind the story, and the indicators"), _facts),
    Page("b", N_("Back to"), N_("Back to a moment before something went wrong"), _moments),
    Page("p", N_("People"), N_("Who is here, at which seat; seats taken twice, bots, pens"), _people),
    Page("t", N_("Tickets"), N_("The codes to come in with, and the addresses of the doors"), _tickets),
    Page("s", N_("Screens"), N_("Any seat's screen as it is seen there"), _teams),
    Page("q", N_("Requests"), N_("Requests between all, and answering for a body that you play"), _requests),
    Page("m", N_("Messages"), N_("What people have said, and a line to a team, a role or everybody"), _messages),
    Page("j", N_("Notes"), N_("Observers' notes, tied to an objective, a commitment or the moment"), _notes),
    Page("g", N_("Marks"), N_("Marks as they accrue, team by team, with their reasons"), _marks),
    Page("l", N_("Hot wash"), N_("After ENDEX: the page that everybody's screen shows"), _hot_wash),
    Page("u", N_("Curtain"), N_("Cover every screen; REAL WORLD stop. ctrl+b opens it from anywhere"), _curtain),
)
