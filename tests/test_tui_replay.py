"""The replay on a screen: every key and the mouse lead to the right moment, and show what the team saw then."""

from __future__ import annotations

from typing import Any

import pytest
from piloting import HOSTILE, SIZES, shown, still, text_of, until
from played import _commands, new_player, played_reference, played_scenario
from textual.pilot import Pilot
from textual.widgets import Input

from exercise.core.commands import WriteNote
from exercise.session.autoplay import Rehearsal
from exercise.session.player import LogPlayer
from exercise.tui.app import ExerciseApp
from exercise.tui.screens.goto import GoToScreen, first_at
from exercise.tui.screens.mark import MarkScreen
from exercise.tui.screens.replay import ReplayScreen
from exercise.tui.screens.scorecard import ScorecardScreen
from exercise.tui.widgets.timeline import Timeline


@pytest.fixture(autouse=True)
def _still(monkeypatch: pytest.MonkeyPatch) -> None:
    still(monkeypatch)


def replay_of(pilot: Pilot[Any]) -> ReplayScreen:
    """The replay's screen, be it on top or not."""
    return next(screen for screen in pilot.app.screen_stack if isinstance(screen, ReplayScreen))


async def press(pilot: Pilot[Any], *keys: str) -> None:
    """Presses keys one by one."""
    for key in keys:
        await pilot.press(key)
    await pilot.pause()


@pytest.mark.parametrize("size", SIZES)
async def test_shows_the_moment_as_the_team_saw_it(size: tuple[int, int]) -> None:
    """Protects secrecy between teams in a replay: what reached one team is not on the other's screen."""
    player = new_player()
    async with shown(lambda: ReplayScreen(player, 18, "averne"), size) as pilot:
        assert "Thank you" in text_of(pilot)
        assert "as seen by Averne" in text_of(pilot)

        await press(pilot, "v")

        assert replay_of(pilot).team == "belmark"
        assert "Belmark is grateful" not in text_of(pilot)
        assert "as seen by Belmark" in text_of(pilot)
        await press(pilot, "V")
        assert replay_of(pilot).team == "averne"


async def test_banner_has_the_clocks_and_the_last_entry() -> None:
    """Protects orientation: story time, move, play time, state and what just happened are on the screen."""
    player = new_player()
    async with shown(lambda: ReplayScreen(player, 12)) as pilot:
        text = text_of(pilot)

        assert "T+0:36" in text and "Move 1 of 2: The morning" in text
        assert "paused 8×" in text and "play 0:03:00" in text
        assert "Averne answers “Tell Belmark?”: Tell them now." in text and "entry 12 of 69" in text
        assert "EXERCISE" in text


async def test_keys_lead_where_they_say() -> None:
    """Protects the replay's keys: entries, markers, tenths, start and end."""
    player = new_player()
    async with shown(lambda: ReplayScreen(player, 12)) as pilot:
        for key, place in (
            ("full_stop", 13),
            ("comma", 12),
            ("right_square_bracket", 18),
            ("left_square_bracket", 12),
            ("left_square_bracket", 5),
            ("end", player.length),
            ("right_square_bracket", player.length),
            ("home", 0),
            ("left_square_bracket", 0),
            ("comma", 0),
            ("0", 0),
        ):
            await press(pilot, key)
            assert player.position == place, key
        await press(pilot, "5")
        assert player.play_time(player.position) <= 1200 < player.play_time(player.position + 1)


async def test_arrows_skip_play_time_and_speed_scales_it() -> None:
    """Protects skipping: five seconds of watching at the speed of the moment, never past the ends."""
    player = new_player()
    async with shown(lambda: ReplayScreen(player, 0)) as pilot:
        await press(pilot, *["greater_than_sign"] * 9)
        assert "paused 64×" in text_of(pilot)
        await press(pilot, "right")
        assert player.play_time(player.position) == 300 and "play 0:05:20" in text_of(pilot)
        await press(pilot, "left", "left")
        assert "play 0:00:00" in text_of(pilot)
        await press(pilot, *["less_than_sign"] * 9)
        assert "paused 1×" in text_of(pilot)
        await press(pilot, *["right"] * 3)
        assert "play 0:00:15" in text_of(pilot)


async def test_plays_on_pauses_and_stops_at_the_end() -> None:
    """Protects playing: time passes at the speed chosen, stands while paused, and ends with the log."""
    player = new_player()
    async with shown(lambda: ReplayScreen(player, 0)) as pilot:
        screen = replay_of(pilot)
        screen.advance(10)
        assert player.play_time(player.position) == 0 and "play 0:01:20" in text_of(pilot)
        screen.advance(15)
        assert player.play_time(player.position) == 200
        await press(pilot, "space")
        assert "▶ playing 8×" in text_of(pilot)
        await press(pilot, "space")
        assert "paused" in text_of(pilot)
        await press(pilot, "space")
        screen.advance(1000)
        assert player.position == player.length
        await pilot.pause()
        assert "paused" in text_of(pilot)
        await press(pilot, "space")
        await until(pilot, lambda: "playing" in text_of(pilot))
        assert player.position < player.length


async def test_panes_show_messages_situation_and_decisions() -> None:
    """Protects the panes: each shows its own rows, and the chosen row is read beside it."""
    player = new_player()
    async with shown(lambda: ReplayScreen(player, 12, "averne"), (120, 40)) as pilot:
        await press(pilot, "s")
        assert "50 %" in text_of(pilot) and "higher is better" in text_of(pilot) and "└" in text_of(pilot)
        await press(pilot, "d")
        assert "Tell them now" in text_of(pilot) and "What was set aside" in text_of(pilot)
        assert "OSCE MC 5/17" in text_of(pilot)
        await press(pilot, "m")
        assert "Records are for sale" in text_of(pilot)


async def test_newest_message_is_read_first_and_a_chosen_one_stays() -> None:
    """Protects reading while it plays: a new message comes up, and otherwise what one reads stays put."""
    player = new_player()
    async with shown(lambda: ReplayScreen(player, 3, "averne"), (120, 40)) as pilot:
        await press(pilot, "right_square_bracket", "right_square_bracket", "right_square_bracket")
        assert player.position == 18 and "Belmark is grateful" in text_of(pilot)
        await press(pilot, "down")
        assert "Somebody offers records" in text_of(pilot)
        await press(pilot, "full_stop")
        assert "Somebody offers records" in text_of(pilot)
        await press(pilot, "right_square_bracket")
        assert "A newspaper asks." in text_of(pilot)


@pytest.mark.parametrize(
    ("typed", "place"),
    [("40", 40), ("#7", 7), ("T+1:00", 23), ("t+1:00", 23), ("1:00", 23), ("999", 69), ("T+99:00", 69)],
)
async def test_goes_to_a_time_or_an_entry(typed: str, place: int) -> None:
    """Protects the jump: a time of the story or an entry's number, as people type them."""
    player = new_player()
    async with shown(lambda: ReplayScreen(player, 2)) as pilot:
        await press(pilot, "g")
        await until(pilot, lambda: isinstance(pilot.app.screen, GoToScreen))
        pilot.app.screen.query_one(Input).value = typed
        await press(pilot, "enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, ReplayScreen))
        assert player.position == place


async def test_a_jump_that_makes_no_sense_is_explained_and_esc_stays() -> None:
    """Protects the hand that slips: wrong words are answered in words, and esc leaves the place as it was."""
    player = new_player()
    async with shown(lambda: ReplayScreen(player, 2)) as pilot:
        await press(pilot, "g")
        pilot.app.screen.query_one(Input).value = "[/] soon"
        await press(pilot, "enter")
        await until(pilot, lambda: "Write a time as T+1:30" in text_of(pilot))
        await press(pilot, "escape")
        await until(pilot, lambda: isinstance(pilot.app.screen, ReplayScreen))
        assert player.position == 2


def test_searching_a_time_leaves_the_player_where_it_was() -> None:
    """Protects the screen below a question: looking for a place does not go there."""
    player = new_player()
    player.seek(5)

    assert first_at(player, 36000) == 62
    assert player.position == 5


async def test_mouse_on_the_line_of_time() -> None:
    """Protects pointing: a click goes to that time, and a click on a marker to the marker."""
    player = new_player()
    async with shown(lambda: ReplayScreen(player, 0), (120, 40)) as pilot:
        time = pilot.app.screen.query_one(Timeline)
        await pilot.click(Timeline, offset=(time.size.width - 1, 2))
        await until(pilot, lambda: player.position == player.length)
        await pilot.click(Timeline, offset=(0, 2))
        await until(pilot, lambda: player.play_time(player.position) == 0)
        lapse = next(m for m in player.markers if m.kind == "lapse")
        column = player.play_time(lapse.position) * (time.size.width - 1) // 2400
        await pilot.click(Timeline, offset=(column, 1))
        await until(pilot, lambda: player.play_time(player.position) == player.play_time(lapse.position))


async def test_scorecard_of_the_moment_and_a_mark_leads_back_to_it() -> None:
    """Protects the trail from a mark to the log: opened from the replay, it returns to the entry that shows it."""
    player = new_player()
    async with shown(lambda: ReplayScreen(player, player.length, "averne"), (120, 40)) as pilot:
        await press(pilot, "c")
        await until(pilot, lambda: isinstance(pilot.app.screen, ScorecardScreen))
        assert "as of T+12:00, entry 69" in text_of(pilot)
        await press(pilot, "enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, MarkScreen))
        await until(pilot, lambda: "Averne warns Belmark" in text_of(pilot) or "entry 12" in text_of(pilot))
        await press(pilot, "enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, ReplayScreen))
        assert player.position == 12 and "entry 12 of 69" in text_of(pilot)


async def test_a_look_at_the_scorecard_leaves_the_time_where_it_was() -> None:
    """Protects watching: between two entries time has run on, and a look elsewhere does not turn it back."""
    player = new_player()
    async with shown(lambda: ReplayScreen(player, 0, "averne"), (120, 40)) as pilot:
        await press(pilot, *["less_than_sign"] * 9, *["right"] * 3)
        assert "play 0:00:15" in text_of(pilot)
        await press(pilot, "c")
        await until(pilot, lambda: isinstance(pilot.app.screen, ScorecardScreen))
        await press(pilot, "escape")
        await until(pilot, lambda: isinstance(pilot.app.screen, ReplayScreen))
        assert "play 0:00:15" in text_of(pilot)


async def test_scorecard_early_on_knows_nothing_of_later() -> None:
    """Protects the scorecard of a moment: before the first answer nothing is tested."""
    player = new_player()
    async with shown(lambda: ReplayScreen(player, 5, "averne")) as pilot:
        await press(pilot, "c")
        await until(pilot, lambda: "No clause has been tested yet." in text_of(pilot))
        await press(pilot, "escape")
        await until(pilot, lambda: isinstance(pilot.app.screen, ReplayScreen))
        assert player.position == 5


async def test_hot_wash_opens_only_at_endex() -> None:
    """Protects what is hidden: the key does nothing before the replay has come to ENDEX."""
    player = new_player()
    async with shown(lambda: ReplayScreen(player, 20)) as pilot:
        await press(pilot, "h")
        assert isinstance(pilot.app.screen, ReplayScreen)
        await press(pilot, "end", "h")
        await until(pilot, lambda: "Hot wash of Small Leak" in text_of(pilot))


def player_of_a_log_that_goes_on() -> LogPlayer:
    """A player of the exercise with two notes that a team wrote after ENDEX."""
    rehearsal = Rehearsal(played_scenario())
    notes = [WriteNote(seat="averne", play=2400, text=text) for text in ("To remember", "Thanks to all")]
    for command in (*_commands(), *notes):
        rehearsal.submit(command)
    return LogPlayer(played_scenario(), played_reference(), tuple(rehearsal.entries))


async def test_hot_wash_opens_at_any_place_after_endex() -> None:
    """Protects logs that go on after ENDEX: the hot wash opens from there to the end, and nowhere before."""
    player = player_of_a_log_that_goes_on()
    endex = next(marker.position for marker in player.markers if marker.kind == "end")
    assert endex == player.length - 2
    async with shown(lambda: ReplayScreen(player, endex - 1)) as pilot:
        for place in range(endex - 1, player.length + 1):
            replay_of(pilot).go(place)
            await press(pilot, "h")
            if place < endex:
                assert isinstance(pilot.app.screen, ReplayScreen) and "h Hot wash" not in text_of(pilot)
                continue
            await until(pilot, lambda: "Hot wash of Small Leak" in text_of(pilot))
            assert "No clause has been tested" not in text_of(pilot)
            await press(pilot, "escape")
            await until(pilot, lambda: isinstance(pilot.app.screen, ReplayScreen))
            assert player.position == place


EVERYWHERE = ["5", "s", "d", "m", "v", "end", "s", "d", "v", "m", "tab"]
EVERYWHERE += ["c", "enter", "enter", "d", "h", "4", "2", "3", "5"]
"""Keys that go through every pane and on to scorecard, mark, replay and hot wash."""


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("said", HOSTILE.values(), ids=HOSTILE)
async def test_hostile_texts_do_nothing(said: str, size: tuple[int, int]) -> None:
    """Protects the terminal and the app: whatever a scenario says is shown, and nothing else happens."""
    player = new_player(said)
    async with shown(lambda: ReplayScreen(player, 0), size) as pilot:
        for key in EVERYWHERE:
            await press(pilot, key)
            assert pilot.app.is_running
            assert not set(text_of(pilot)) & set("\x1b\x07\x9b\u202e\u202c")
        await press(pilot, "question_mark", "escape")


PANES = {"messages": [], "situation": ["s"], "decisions": ["d"], "scorecard": ["c"], "jump": ["g"]}
"""What is pressed to come to each picture."""


@pytest.mark.parametrize("pane", PANES)
@pytest.mark.parametrize("size", SIZES)
def test_picture_of_the_replay(snap_compare: Any, size: tuple[int, int], pane: str) -> None:
    """Protects the looks: the replay as it was looked at and found good."""
    app = ExerciseApp(lambda: ReplayScreen(new_player(), 43, "averne"))
    app.animation_level = "none"
    assert snap_compare(app, terminal_size=size, press=PANES[pane])
