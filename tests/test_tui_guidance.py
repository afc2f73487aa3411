"""What leads people on every screen: the banner, the help, the terminal's cursor, and what a screen must not show."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from fake_client import DILEMMA, INBOX, FakeServices, FakeTable
from fake_requests import asking_app, every_step, lively_table
from hosted import HostedTable
from piloting import shown
from played import ended_player, new_player, played_assessment, played_reference
from request_walk import PICTURES as REQUESTS
from screens import at_both_sizes, picture, still, until
from test_tui_hosted_views import Wall
from test_tui_request_pen import LEAD, POLICE, reading_along
from test_tui_request_pen import table_for as pen_table
from textual.pilot import Pilot
from textual.screen import Screen

from exercise.core.teamwork.views import SeatView
from exercise.errors import CommandRejected
from exercise.tui.app import ExerciseApp
from exercise.tui.draft import Aside
from exercise.tui.launch import hosted_app, projector_app
from exercise.tui.screens.aside import AsideScreen
from exercise.tui.screens.commitments import CommitmentsScreen
from exercise.tui.screens.confirm import AskScreen, ConfirmScreen
from exercise.tui.screens.goto import GoToScreen
from exercise.tui.screens.handover import HandoverScreen
from exercise.tui.screens.head import HeadScreen
from exercise.tui.screens.help import HelpScreen
from exercise.tui.screens.home import HomeScreen
from exercise.tui.screens.hotwash import HotWashScreen
from exercise.tui.screens.join import JoinScreen
from exercise.tui.screens.mark import MarkScreen
from exercise.tui.screens.past_request import PastRequestScreen
from exercise.tui.screens.play import PlayScreen
from exercise.tui.screens.replay import ReplayScreen
from exercise.tui.screens.scorecard import ScorecardScreen
from exercise.tui.widgets.choices import Choices
from exercise.tui.widgets.prose import ProseView

pytestmark = pytest.mark.usefixtures("still")
__all__ = ["still"]
App = Callable[[], ExerciseApp]


async def came(pilot: Pilot[Any], screen: type[Any] = PlayScreen) -> None:
    await until(pilot, lambda: isinstance(pilot.app.screen, screen) and pilot.app.screen.is_mounted)
    await pilot.pause()


# -- the banner --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("key", ["j", "o", "c", "e"])
@at_both_sizes
async def test_what_is_looked_up_stands_under_the_banner(size: tuple[int, int], key: str) -> None:
    """Protects a team that looks something up: it is still an exercise, and the window is still running out."""
    app = ExerciseApp(table=FakeTable())
    async with app.run_test(size=size, notifications=True, tooltips=True) as pilot:
        await came(pilot)
        await pilot.press(key)
        await until(pilot, lambda: not isinstance(app.screen, PlayScreen) and app.screen.is_mounted)
        await pilot.pause()
        lines = picture(app).split("\n")

    assert "EXERCISE – EXERCISE – EXERCISE" in lines[0] and "Republic of Averne" in lines[0]
    assert "T+0:45" in lines[1] and "Window: 5 min left" in lines[1]
    assert "esc Back" in lines[-1]


@pytest.mark.parametrize("key", ["j", "o", "c", "e"])
async def test_its_clock_goes_on_while_something_is_looked_up(key: str) -> None:
    """Protects against a clock that stands still on paper only: time and pauses show on these screens too."""
    table = FakeTable(live=True)
    app = ExerciseApp(table=table)
    async with app.run_test(size=(80, 24), notifications=True, tooltips=True) as pilot:
        await came(pilot)
        moment = [100.0]
        app.screen._now = lambda: moment[0]  # type: ignore[attr-defined]
        await pilot.press(key)
        await until(pilot, lambda: not isinstance(app.screen, PlayScreen) and "Window: 5:00 left" in picture(app))
        assert sum(timer.name == "clock" for timer in app.screen._timers) == 1
        moment[0] = 161.0
        app.screen.show_time()  # type: ignore[attr-defined]
        await until(pilot, lambda: "Window: 3:59 left" in picture(app))
        table.client("averne").clock(running=False)
        app.screen.show_time()  # type: ignore[attr-defined]
        await until(pilot, lambda: "PAUSED" in picture(app))


# -- passing the keyboard ----------------------------------------------------------------------------------------------


def table_with_secrets() -> FakeTable:
    """Two teams of people, each word of whose own is one that stands nowhere in the program."""
    table = FakeTable(("averne", "belcora"))
    for team, word in (("averne", "Quorrax"), ("belcora", "Zibellum")):
        client = table.client(team)
        view = client.now
        client.now = replace(
            view,
            inbox=tuple(replace(i, title=word, text=word, sender=word, addressed=word, channel=word) for i in INBOX),
            decisions=(replace(DILEMMA, title=word, text=word, role=word),),
            indicators=tuple(replace(i, name=word, about=word) for i in view.indicators),
            contacts=tuple(replace(c, name=word, party=word, address=word) for c in view.contacts),
            evidence=tuple(replace(e, title=word, text=word, source=word) for e in view.evidence),
            journal=tuple(replace(line, text=word) for line in view.journal),
            clock=replace(view.clock, move_text=word),
        )
    return table


@at_both_sizes
async def test_nothing_of_a_team_is_told_while_the_keyboard_is_passed(size: tuple[int, int]) -> None:
    """Protects secrecy at a shared terminal: not the screen, nor its help, menu, titles or notices say a word of it."""
    app = ExerciseApp(table=table_with_secrets())
    async with app.run_test(size=size, notifications=True, tooltips=True) as pilot:
        await came(pilot, HandoverScreen)
        await pilot.press("enter")
        await came(pilot)
        await pilot.press("i")
        await until(pilot, lambda: picture(app).count("Quorrax") > 5)
        app.notify("Quorrax", title="Quorrax", timeout=600, markup=False)
        await until(pilot, lambda: list(app._notifications))
        await pilot.press("t")
        await came(pilot, HandoverScreen)
        seen = [picture(app)]
        assert not list(app._notifications) and [type(one) for one in app.screen_stack][1:] == [HandoverScreen]
        seen += [str(app.title), str(app.sub_title), str(app.screen.title or ""), str(app.screen.sub_title or "")]
        for widget in app.screen.walk_children():
            seen += [str(part or "") for part in (widget.tooltip, widget.border_title, widget.border_subtitle)]
        seen += [f"{command.title} {command.help}" for command in app.get_system_commands(app.screen)]
        await pilot.press("tab")
        await until(pilot, lambda: "only Republic of Averne can see" in " ".join(picture(app).split()))
        seen.append(picture(app))
        await pilot.press("f1")
        await came(pilot, HelpScreen)
        seen += [picture(app), app.screen.query_one(ProseView).text]
        await pilot.press("escape")
        await came(pilot, HandoverScreen)
        await pilot.press("ctrl+p")
        await until(pilot, lambda: "Show our screen" in picture(app))
        for letter in "quo":
            seen.append(picture(app))
            await pilot.press(letter)
            await pilot.pause()
        seen.append(picture(app).replace("quo", ""))
        await pilot.press("escape")
        await came(pilot, HandoverScreen)
        await pilot.press("escape")
        await came(pilot, ConfirmScreen)
        seen.append(picture(app))

    told = "\n".join(seen).lower()
    assert "hand the keyboard to" in told and "quorrax" not in told and "zibellum" not in told
    # Neither what time it is nor how long a window stays open: the other team may have none.
    assert not re.search(r"t\+\d|min left|unread|window", told)


# -- the terminal's cursor ---------------------------------------------------------------------------------------------


async def test_the_cursor_stands_on_the_entry_of_a_mark() -> None:
    """Protects people with a screen reader: after layout, resizing and help the cursor is on the marked entry."""
    mark = next(one for one in played_assessment().marks if len(one.entries) > 1)
    screen = lambda: MarkScreen(mark, played_reference(), "Averne", ended_player())  # noqa: E731

    def on_the_row(pilot: Pilot[Any]) -> bool:
        chosen = pilot.app.screen.query_one(Choices).chosen
        lines = picture(pilot.app).split("\n")
        y = pilot.app.cursor_position.y
        return chosen is not None and y < len(lines) and lines[y].rstrip().endswith(f"entry {chosen[1:]}")

    async with shown(screen, (80, 24)) as pilot:
        await until(pilot, lambda: on_the_row(pilot))
        await pilot.press("down")
        await until(pilot, lambda: on_the_row(pilot))
        for size in ((120, 40), (80, 24), (60, 50)):
            await pilot.resize_terminal(*size)
            await until(pilot, lambda: on_the_row(pilot))
        await pilot.press("f1")
        await came(pilot, HelpScreen)
        pilot.app.cursor_position = pilot.app.cursor_position._replace(y=0)
        await pilot.press("escape")
        await came(pilot, MarkScreen)
        await until(pilot, lambda: on_the_row(pilot))


# -- help --------------------------------------------------------------------------------------------------------------


def over(first: Callable[[], Screen[Any]]) -> App:
    return lambda: ExerciseApp(first)


def in_a_game(*people: str) -> App:
    return lambda: ExerciseApp(table=FakeTable(people or ("averne",)))


def a_shared_team() -> FakeTable:
    """A team of which two seats are taken."""
    table = FakeTable()
    seats = (SeatView("averne", "Averne", "", True, False), SeatView("averne/police", "Police", "", True, False))
    table.client("averne").change(seats=seats)
    return table


async def _listed(pilot: Pilot[Any]) -> None:
    await until(pilot, lambda: "SCENARIOS" in picture(pilot.app) and "Teams" in picture(pilot.app))


def _keys(*keys: str, after: Callable[[Pilot[Any]], Awaitable[None]] = came) -> Callable[[Pilot[Any]], Awaitable[None]]:
    """Press keys, each of which opens another screen."""

    async def press(pilot: Pilot[Any]) -> None:
        await after(pilot)
        for key in keys:
            depth = len(pilot.app.screen_stack)
            await pilot.press(*key.split())
            await until(pilot, lambda depth=depth: len(pilot.app.screen_stack) > depth and pilot.app.screen.is_mounted)
            await pilot.pause()

    return press


async def _as_it_is(pilot: Pilot[Any]) -> None:
    await until(pilot, lambda: len(pilot.app.screen_stack) > 1 and pilot.app.screen.is_mounted)
    await pilot.pause()


def _wash() -> HotWashScreen:
    return HotWashScreen(ended_player(), player=new_player)


def _mark() -> MarkScreen:
    return MarkScreen(played_assessment().marks[0], played_reference(), "Averne", ended_player())


WALK: dict[str, tuple[App, Callable[[Pilot[Any]], Awaitable[None]]]] = {
    "home": (over(lambda: HomeScreen(FakeServices())), _listed),
    "setup": (over(lambda: HomeScreen(FakeServices())), _keys("enter", after=_listed)),
    "briefing": (lambda: ExerciseApp(table=FakeTable(phase="briefing")), _as_it_is),
    "play": (in_a_game(), came),
    "passing the keyboard": (in_a_game("averne", "belcora"), _as_it_is),
    "contacts": (in_a_game(), _keys("c")),
    "evidence": (in_a_game(), _keys("e")),
    "answered": (in_a_game(), _keys("o")),
    "journal": (in_a_game(), _keys("j")),
    "messages": (in_a_game(), _keys("m")),
    "shared draft": (lambda: ExerciseApp(table=a_shared_team()), _keys("d", "w")),
    "reading along": (lambda: ExerciseApp(table=pen_table(LEAD, POLICE)), reading_along),
    "texts": (in_a_game(), _keys("p")),
    "decision": (in_a_game(), _keys("d")),
    "answer": (in_a_game(), _keys("d", "down enter")),
    "review": (in_a_game(), _keys("d", "down enter", "ctrl+s")),
    "picker": (in_a_game(), _keys("d", "down enter", "tab down enter")),
    "leaving": (in_a_game(), _keys("escape")),
    "hot wash": (over(_wash), _as_it_is),
    "scorecard": (over(lambda: ScorecardScreen(played_assessment(), "now")), _as_it_is),
    "mark": (over(_mark), _as_it_is),
    "replay": (over(lambda: ReplayScreen(new_player(), 20)), _as_it_is),
    "a past request": (over(lambda: PastRequestScreen(every_step()[0], played_reference(), 0)), _as_it_is),
    "replay at ENDEX": (over(lambda: ReplayScreen(ended_player())), _as_it_is),
    "all texts": (over(lambda: CommitmentsScreen(played_reference())), _as_it_is),
    "a question": (over(lambda: ConfirmScreen("Sure?")), _as_it_is),
    "a line": (over(lambda: AskScreen("Which?")), _as_it_is),
    "a jump": (over(lambda: GoToScreen(new_player())), _as_it_is),
    "set aside": (over(lambda: AsideScreen("point 7", Aside("se-p7"), is_new=True)), _as_it_is),
}
WALK |= {f"requests: {name}": (lambda: asking_app(lively_table()), come) for name, come in REQUESTS.items()}


def a_hosted(seat: str = "averne", kind: str = "participant", *, began: bool = True) -> App:
    def make() -> ExerciseApp:
        table = HostedTable(seat, kind=kind)
        if began:
            table.startex()
        return hosted_app(table)

    return make


async def _no_door(code: str, name: str) -> Any:
    raise CommandRejected("closed", "Closed.")


def the_wall() -> ExerciseApp:
    return projector_app(Wall(HostedTable()))


WALK |= {
    "joining": (over(lambda: JoinScreen(_no_door, "It is recorded.")), _as_it_is),
    "hosted: places": (a_hosted(""), _as_it_is),
    "hosted: lobby": (a_hosted(began=False), _as_it_is),
    "hosted: play": (a_hosted(), _as_it_is),
    "hosted: what waits": (a_hosted(), _keys("w", after=_as_it_is)),
    "hosted: looking on": (a_hosted("observer", "observer"), _as_it_is),
    "hosted: a note": (a_hosted("observer", "observer"), _keys("n", after=_as_it_is)),
    "the head": (over(lambda: HeadScreen("4f2a91bc07de33a1")), _as_it_is),
    "the wall": (the_wall, _as_it_is),
}


def bindings_of(screen: Screen[Any]) -> dict[str, set[str]]:
    """The keys of each thing that can be done here, by the words that stand for it, as a person would name them."""
    signs = {"escape": "esc", "question_mark": "?", "left": "←", "right": "→", "up": "↑", "down": "↓"}
    signs |= {"pageup": "page up", "pagedown": "page down"}
    found: dict[str, set[str]] = {}
    for key, active in screen.active_bindings.items():
        binding = active.binding
        if active.node is screen and not binding.system and not binding.action.startswith("screen."):
            found.setdefault(binding.action, set()).add(binding.key_display or signs.get(key, key))
    return found


def named_keys(text: str) -> set[str]:
    """The keys that a help text names: what stands bold, and what lies between two bold digits."""
    found = set(re.findall(r"\*\*([^*]+)\*\*", text))
    for first, last in re.findall(r"\*\*(\d)\*\* to \*\*(\d)\*\*", text):
        found |= {str(digit) for digit in range(int(first), int(last) + 1)}
    return found


@pytest.mark.parametrize("name", WALK)
async def test_help_names_every_key_of_its_screen(name: str) -> None:
    """Protects first-time users: each screen and question has help that names all its keys and scrolls at 80x24."""
    app, come = WALK[name]
    async with app().run_test(size=(80, 24), notifications=True, tooltips=True) as pilot:
        await come(pilot)
        there = pilot.app.screen
        bindings = bindings_of(there)
        await pilot.press("f1")
        await came(pilot, HelpScreen)
        pane = pilot.app.screen.query_one(ProseView)
        assert re.match(r"# Help: \w", pane.text) and len(pane.text.split("## Keys here")[0]) > 60
        unnamed = {action: keys for action, keys in bindings.items() if not keys & named_keys(pane.text)}
        assert not unnamed
        assert pane.max_scroll_x == 0
        seen = picture(pilot.app)
        assert "Help: " in seen and "esc Back" in seen
        while pane.scroll_y < pane.max_scroll_y:
            before = pane.scroll_y
            await pilot.press("pagedown")
            await until(pilot, lambda before=before: pane.scroll_y > before)
            seen += picture(pilot.app)
        assert "A game is kept." in seen
        await pilot.press("escape")
        await until(pilot, lambda: pilot.app.screen is there)


async def test_every_screen_of_the_program_is_walked() -> None:
    """Protects the walk above: a screen that is added later is to be walked as well."""
    from exercise.tui import screens

    walked = set()
    for app, come in WALK.values():
        async with app().run_test(size=(80, 24), notifications=True, tooltips=True) as pilot:
            await come(pilot)
            walked.add(type(pilot.app.screen).__module__.rpartition(".")[2])
    known = {path.stem for folder in screens.__path__ for path in Path(folder).glob("*.py")}
    assert known - walked == {"__init__", "base", "browse", "lookup", "request_form", "help"}
