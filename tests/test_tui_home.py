"""The home screen and the way into a game."""

from __future__ import annotations

import subprocess
import sys
import threading
from dataclasses import replace
from typing import Any

import pytest
from fake_client import CARDS, SESSIONS, FakeServices
from piloting import HOSTILE
from screens import at_both_sizes, picture, still, until
from textual.pilot import Pilot

from exercise.errors import StoreError
from exercise.tui.app import ExerciseApp
from exercise.tui.launch import RoleCard, SavedSession, ScenarioCard, TeamCard
from exercise.tui.screens.briefing import BriefingScreen
from exercise.tui.screens.confirm import AskScreen, ConfirmScreen
from exercise.tui.screens.home import HomeScreen
from exercise.tui.screens.play import PlayScreen
from exercise.tui.screens.setup import SetupScreen
from exercise.tui.widgets.choices import Choices

pytestmark = pytest.mark.usefixtures("still")
__all__ = ["still"]


def home(services: FakeServices | None = None) -> ExerciseApp:
    chosen = services or FakeServices()
    return ExerciseApp(lambda: HomeScreen(chosen))


async def listed(pilot: Pilot[Any]) -> None:
    await until(pilot, lambda: "SCENARIOS" in picture(pilot.app) and "Teams" in picture(pilot.app))


async def _setup(pilot: Pilot[Any]) -> None:
    await listed(pilot)
    await pilot.press("enter")
    await until(pilot, lambda: "Texts it has accepted" in picture(pilot.app))


async def _kept(pilot: Pilot[Any]) -> None:
    await listed(pilot)
    await pilot.press("down", "down")
    await until(pilot, lambda: "Last played" in picture(pilot.app))


@at_both_sizes
async def test_home_lists_scenarios_and_kept_exercises(size: tuple[int, int]) -> None:
    """Protects finding one's way in: what can be played and what it is about, and what was begun."""
    app = home()
    async with app.run_test(size=size, notifications=True, tooltips=True) as pilot:
        await listed(pilot)
        seen = picture(app)

    for words in ("Storm in the Cards", "2 h · 3 teams", "Lights Out", "YOUR EXERCISES", "neighbouring States"):
        assert words in seen


async def test_an_empty_home_says_that_the_library_is_being_read() -> None:
    """Protects the first second on a slow machine: an empty list with a hint to choose from it reads as a fault."""
    read = threading.Event()

    class SlowServices(FakeServices):
        def scenarios(self) -> tuple[ScenarioCard, ...]:
            read.wait()
            return super().scenarios()

    app = home(SlowServices())
    async with app.run_test(size=(80, 24)) as pilot:
        try:
            await until(pilot, lambda: "The library is being read …" in picture(app))
        finally:
            read.set()
        await listed(pilot)
        assert "is being read" not in picture(app)


async def test_set_up_says_who_plays_and_starts() -> None:
    """Protects the set-up: teams, clock and number reach the session as they stand on the screen."""
    services = FakeServices()
    app = home(services)
    async with app.run_test(size=(80, 24), notifications=True, tooltips=True) as pilot:
        await _setup(pilot)
        await pilot.press("down", "left", "down", "enter", "down", "enter", "down", "enter")
        await until(pilot, lambda: isinstance(app.screen, AskScreen))
        await pilot.press(*"x", "enter")
        await until(pilot, lambda: "whole number" in picture(app))
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, AskScreen))
        await pilot.press(*"42", "enter")
        await until(pilot, lambda: "number 42" in picture(app))
        await pilot.press("n")
        await until(pilot, lambda: not isinstance(app.screen, SetupScreen | HomeScreen))

    people = {"averne": "people", "belcora": "people", "cadria": "self-interested"}
    assert services.started == ("storm", people, 42, True)


async def test_set_up_wants_people() -> None:
    """Protects someone who gave every team to bots by mistake: it is said, and nothing starts."""
    services = FakeServices()
    app = home(services)
    async with app.run_test(size=(80, 24), notifications=True, tooltips=True) as pilot:
        await _setup(pilot)
        await pilot.press("enter", "n")
        await until(pilot, lambda: "at least one team" in picture(app))
    assert services.started is None


async def test_roles_to_choose_from_are_told_apart_and_told_rightly() -> None:
    """Protects the choice of roles: a long name stays below itself, and only a role left out reaches nobody."""
    roles = (RoleCard("chief", "Ministry of the Interior, with the national police", leads=True),)
    team = replace(CARDS[0].teams[0], roles=roles)
    app = ExerciseApp(lambda: SetupScreen(replace(CARDS[0], teams=(team,)), FakeServices()))
    async with app.run_test(size=(80, 24), notifications=True, tooltips=True) as pilot:
        await until(pilot, lambda: "WHO PLAYS" in picture(app))
        await pilot.press("right", "down")
        await until(pilot, lambda: "Played here" in picture(app))
        assert "reaches nobody" not in picture(app)
        assert "│       national police" in picture(app)
        await pilot.press("right")
        await until(pilot, lambda: "reaches nobody" in " ".join(picture(app).split()))


async def test_a_game_begins_with_the_briefing_and_leads_back_home() -> None:
    """Protects the whole way: home, set-up, briefing, game, and home again with the game kept."""
    app = home()
    async with app.run_test(size=(80, 24), notifications=True, tooltips=True) as pilot:
        await _setup(pilot)
        await pilot.press("n")
        await until(pilot, lambda: isinstance(app.screen, BriefingScreen))
        await pilot.press("n")
        await until(pilot, lambda: isinstance(app.screen, PlayScreen))
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(app.screen, ConfirmScreen))
        await pilot.press("right", "enter")
        await until(pilot, lambda: isinstance(app.screen, HomeScreen))
        assert app.table is None
        await pilot.press("ctrl+q")
        await until(pilot, lambda: app._exit)
    assert app.return_value is None


async def test_a_kept_exercise_goes_on() -> None:
    """Protects resuming: Enter on an unfinished exercise opens it where it stopped."""
    services = FakeServices()
    app = home(services)
    async with app.run_test(size=(80, 24), notifications=True, tooltips=True) as pilot:
        await _kept(pilot)
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, PlayScreen))
    assert services.resumed == "storm-2026-10-13"


async def test_the_game_that_was_left_is_marked_at_home() -> None:
    """Protects who stopped in the middle: below a long library the kept game is in sight, and enter goes on with it."""
    services = FakeServices(tuple(replace(CARDS[0], id=f"storm-{number}") for number in range(12)), SESSIONS[1:])
    app = home(services)
    async with app.run_test(size=(80, 24), notifications=True, tooltips=True) as pilot:
        await _setup(pilot)
        services.kept = SESSIONS
        await pilot.press("escape")
        await until(pilot, lambda: "Last played" in picture(app) and "YOUR EXERCISES" in picture(app))
        await pilot.press("enter")
        await until(pilot, lambda: services.resumed == SESSIONS[0].id)


async def test_who_has_moved_on_at_home_keeps_the_place() -> None:
    """Protects whoever is quick: the game that was left takes no mark that was moved while the list was read."""
    read = threading.Event()
    read.set()
    asked: list[bool] = []

    class SlowServices(FakeServices):
        def sessions(self) -> tuple[SavedSession, ...]:
            asked.append(read.is_set())
            read.wait()
            return super().sessions()

    services = SlowServices(tuple(replace(CARDS[0], id=f"storm-{number}") for number in range(6)), SESSIONS[1:])
    app = home(services)
    async with app.run_test(size=(80, 24)) as pilot:
        try:
            await _setup(pilot)
            services.kept = SESSIONS
            read.clear()
            await pilot.press("escape")
            await until(pilot, lambda: asked[-1] is False)
            await pilot.press("down", "down")
        finally:
            read.set()
        rows = app.screen.query_one("#list", Choices)
        await until(pilot, lambda: f"k:{SESSIONS[0].id}" in rows._id_to_option)
        await pilot.pause()
        assert rows.chosen == "s:storm-2"


async def test_what_cannot_be_opened_is_said() -> None:
    """Protects the home screen from a log or a store that is broken: one line says so, and it stays usable."""
    app = home()
    async with app.run_test(size=(80, 24), notifications=True, tooltips=True) as pilot:
        await _kept(pilot)
        await pilot.press("r")
        await until(pilot, lambda: "There is no log" in picture(app))

    class Broken(FakeServices):
        def sessions(self) -> tuple[SavedSession, ...]:
            raise StoreError("The folder [/of sessions] cannot be read.")

    app = home(Broken())
    async with app.run_test(size=(80, 24), notifications=True, tooltips=True) as pilot:
        await until(pilot, lambda: "The folder [/of sessions] cannot be read." in picture(app))


@pytest.mark.parametrize(("keys", "led_to"), [(["right", "enter"], "host room"), (["enter"], "host here")])
async def test_hosting_begins_at_home(keys: list[str], led_to: str) -> None:
    """Protects the way to a room full of people, which is asked for before any door opens on a network."""
    app = home()
    async with app.run_test(notifications=True, tooltips=True) as pilot:
        await listed(pilot)
        await pilot.press("h")
        await until(pilot, lambda: "for whom?" in picture(app))
        await pilot.press(*keys)
        await until(pilot, lambda: app.return_value is not None)
    assert app.return_value is not None and app.return_value.rpartition(" ")[0] == led_to
    assert app.return_value.rpartition(" ")[2] in {card.id for card in FakeServices().scenarios()}


@pytest.mark.parametrize(("key", "led_to"), [("e", "evaluate k1"), ("w", "report k1")])
async def test_what_has_ended_is_evaluated_and_reported_from_home(key: str, led_to: str) -> None:
    """Protects whoever knows no command: evaluation and report begin where the exercise stands; not before ENDEX."""
    ended = SavedSession("k1", "Storm", "ended", "today", 3, True)
    begun = SavedSession("k0", "Storm", "move 1", "today", 3, False)
    app = home(FakeServices((), (begun, ended)))
    async with app.run_test(notifications=True, tooltips=True) as pilot:
        await until(pilot, lambda: "YOUR EXERCISES" in picture(app))
        await pilot.press("home", key)
        assert app.return_value is None
        await pilot.press("end", key)
        await until(pilot, lambda: app.return_value is not None)
    assert app.return_value == led_to


async def test_joining_begins_at_home() -> None:
    """Protects the way into what somebody else hosts."""
    app = home()
    async with app.run_test(notifications=True, tooltips=True) as pilot:
        await listed(pilot)
        await pilot.press("j")
        await until(pilot, lambda: "Where is it hosted?" in picture(app))
        await pilot.press(*"10.0.0.7", "enter")
        await until(pilot, lambda: app.return_value is not None)
    assert app.return_value == "join 10.0.0.7"


@pytest.mark.parametrize("words", HOSTILE.values(), ids=HOSTILE)
async def test_hostile_words_in_the_library_do_nothing(words: str) -> None:
    """Protects the app from a scenario that somebody else wrote, before it is even opened."""
    team = TeamCard("averne", words, words, (words,))
    card = ScenarioCard("storm", words, words, 60, 1, (team,), (words,), (words,))
    kept = SavedSession("k1", words, words, words, 1, False, (words,))
    app = home(FakeServices((card,), (kept,)))
    async with app.run_test(size=(80, 24), notifications=True, tooltips=True) as pilot:
        await until(pilot, lambda: "YOUR EXERCISES" in picture(app))
        await pilot.press("down", "up", "enter")
        await until(pilot, lambda: isinstance(app.screen, SetupScreen))
        await pilot.press("enter", "down", "down", "down")
        await pilot.pause()
        assert "\x1b" not in picture(app) and "\u202e" not in picture(app)
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(app.screen, HomeScreen))


def test_the_home_screen_loads_no_rules() -> None:
    """Protects the first paint: neither the rules nor the models are loaded before someone opens a game."""
    program = "import sys, exercise.tui.app, exercise.tui.screens.home, exercise.tui.launch; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)

    loaded = set(done.stdout.split())

    assert not loaded & {"pydantic", "sqlalchemy", "yaml", "exercise.core.views", "exercise.core.commitments"}


@pytest.mark.parametrize("name", ["home", "setup", "kept"])
@at_both_sizes
def test_picture_of_home(snap_compare: Any, size: tuple[int, int], name: str) -> None:
    """Protects how the way into a game looks."""
    steps = {"home": listed, "setup": _setup, "kept": _kept}
    assert snap_compare(home(), terminal_size=size, run_before=steps[name])
