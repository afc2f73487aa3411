"""The replay on a screen: every key and the mouse lead to the right moment, and show what the team saw then."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from fake_client import FakeTable
from piloting import HOSTILE, SIZES, shown, still, text_of, until
from played import _commands, new_player, played_reference, played_scenario
from textual.pilot import Pilot
from textual.widgets import Input

from exercise.core.commands import WriteNote
from exercise.errors import UsageError
from exercise.session.autoplay import Rehearsal
from exercise.session.comments import Comments
from exercise.session.player import LogPlayer
from exercise.tui.app import ExerciseApp
from exercise.tui.replay.picking import CommentsScreen, FoundScreen, PerspectiveScreen
from exercise.tui.replay.steps import Steps
from exercise.tui.screens.goto import GoToScreen, first_at, place_of
from exercise.tui.screens.mark import MarkScreen
from exercise.tui.screens.replay import Beside, ReplayScreen
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


async def test_the_line_of_the_step_tells_nobody_what_others_did() -> None:
    """Protects a team's eyes in a replay: what control or another team did behind them is told to control alone."""
    player = new_player()
    async with shown(lambda: ReplayScreen(player, 10, "averne")) as pilot:
        assert "Nothing changed for Averne." in text_of(pilot) and "Control holds" not in text_of(pilot)
        await press(pilot, *["full_stop"] * 8)
        assert "▸ New message: Thank you · from Belmark; Answered: " in text_of(pilot)

    async with shown(lambda: ReplayScreen(player, 10, "facilitator")) as pilot:
        assert "Control holds inject “Rumour: the leak was ordered" in text_of(pilot)
        await press(pilot, "w", "b")
        assert replay_of(pilot).team != "facilitator" and "Control holds" not in text_of(pilot)


async def test_banner_has_the_clocks_and_the_last_entry() -> None:
    """Protects orientation: story time, move, play time, state and what just happened are on the screen."""
    player = new_player()
    async with shown(lambda: ReplayScreen(player, 12)) as pilot:
        text = text_of(pilot)

        assert "T+0:36" in text and "Move 1 of 2: The morning" in text
        assert "paused 8×" in text and "play 0:03:00" in text
        assert "▸ Answered: Tell Belmark? · Tell them now" in text and "entry 12 of 69" in text
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
        assert "paused 0.25×" in text_of(pilot)
        await press(pilot, *["greater_than_sign"] * 2)
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


async def test_control_too_reads_the_newest_inject_as_it_comes() -> None:
    """Protects who goes through time as exercise control: what is read is not an inject of hours ago, out of sight."""
    player = new_player()
    async with shown(lambda: ReplayScreen(player, 3, "facilitator"), (120, 40)) as pilot:
        await press(pilot, *["right_square_bracket"] * 3)
        assert player.position == 18 and "Belmark is grateful" in text_of(pilot)
        await press(pilot, "down", "full_stop")
        assert "Belmark is grateful" not in text_of(pilot)
        await press(pilot, "right_square_bracket")
        assert "A newspaper asks." in text_of(pilot)


@pytest.mark.parametrize(
    ("typed", "place"),
    [
        ("50%", 59),
        ("100 %", 69),
        ("40", 40),
        ("#7", 7),
        ("T+1:00", 23),
        ("t+1:00", 23),
        ("1:00", 23),
        ("999", 69),
        ("T+99:00", 69),
    ],
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


def test_no_part_of_the_time_is_the_beginning() -> None:
    """Protects a recording from 0 %: the briefing and STARTEX take no play time, and are in it."""
    player = new_player()
    assert player.play_time(3) == 0

    assert [place_of(player, part) for part in ("0%", "100%")] == [0, player.length]


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
        await press(pilot, *["less_than_sign"] * 3, *["right"] * 3)
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
    """Protects what is hidden: before ENDEX the key opens nothing and says so; at ENDEX the hint names it."""
    player = new_player()
    async with shown(lambda: ReplayScreen(player, 20)) as pilot:
        await press(pilot, "h")
        assert isinstance(pilot.app.screen, ReplayScreen)
        assert "The hot wash opens once the replay has come to ENDEX" in text_of(pilot)
        assert "h hot wash" not in text_of(pilot) and "h Hot wash" not in text_of(pilot)
        await press(pilot, "end")
        assert "h hot wash · c scorecard · g go to · / find" in text_of(pilot)
        await press(pilot, "h")
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


async def test_control_and_the_public_have_their_own_panes() -> None:
    """Protects whose eyes: control has the MSEL, the facts and all decisions, the wall no decisions and no requests."""
    async with shown(lambda: ReplayScreen(new_player(), 18)) as pilot:
        await press(pilot, "v", "v")
        assert "as seen by Exercise control" in text_of(pilot) and "m MSEL" in text_of(pilot)
        await press(pilot, "s")
        assert "Who leaked" in text_of(pilot)
        await press(pilot, "d")
        assert "Averne: Tell Belmark?" in text_of(pilot)
        await press(pilot, "v")
        assert "as seen by The public" in text_of(pilot)
        assert "Who leaked" not in text_of(pilot) and "Decisions" not in text_of(pilot)
        await press(pilot, "d")
        assert "The public sees neither decisions nor requests." in text_of(pilot)
        await press(pilot, "v")
        assert replay_of(pilot).team == "averne"


async def test_any_perspective_can_be_picked_from_a_list() -> None:
    """Protects the way to a role where nobody sat, which does not come up in turn."""
    async with shown(lambda: ReplayScreen(new_player(), 18)) as pilot:
        await press(pilot, "p")
        assert isinstance(pilot.app.screen, PerspectiveScreen) and "nobody sat here" in text_of(pilot)
        await press(pilot, "down", "down", "enter")
        assert replay_of(pilot).team == "averne/police" and "as seen by Averne: Police" in text_of(pilot)
        await press(pilot, "v")
        assert replay_of(pilot).team == "belmark"


async def test_a_step_says_in_words_what_it_changed() -> None:
    """Protects following along: the last step's changes, for the eyes one looks with, and the marks that came."""
    async with shown(lambda: ReplayScreen(new_player(), 12, "averne")) as pilot:
        await press(pilot, "x")
        text = text_of(pilot)
        assert "Entries 11 to 12: 1 change" in text and "Answered: Tell Belmark?" in text and "honoured" in text
        await press(pilot, "v")
        assert "Nothing changed for Belmark." in text_of(pilot)
        assert "Answered" not in text_of(pilot)
        await press(pilot, "V", "down")
        assert "You know a little" in text_of(pilot) or "Tell them now" in text_of(pilot)


def test_marks_of_a_step_are_told_apart_in_a_narrow_list() -> None:
    """Protects the list of marks: what each is about comes first, since marks under one text begin alike."""
    player = new_player()
    player.seek(12)
    averne = next(whose for whose in player.perspectives if whose.id == "averne")
    rows = [row.left.plain for row in Steps(player).marks(averne)]
    assert "● honoured  Operational exchange by police channels (SEECP Chisinau 2008, point 7)" in rows
    assert len({row[:34] for row in rows}) == len(rows)


async def test_idle_stretches_are_cut_short_and_it_is_said() -> None:
    """Protects watching: where nothing happens time jumps to just before the next thing, unless one wants all of it."""
    player = new_player()
    gap = max(range(player.length), key=lambda place: player.plays[place + 1] - player.plays[place])
    assert player.plays[gap + 1] - player.plays[gap] > 100
    async with shown(lambda: ReplayScreen(player, gap)) as pilot:
        screen = replay_of(pilot)
        screen.action_speed(-3)
        for _ in range(25):
            screen.advance(0.1)
        await pilot.pause()
        assert "of play without anything is left out" in text_of(pilot)
        assert 0 < player.plays[gap + 1] - screen.reel.play <= 1
        screen.go(gap)
        await press(pilot, "i")
        assert "played in full" in text_of(pilot) and "paused 1× in full" in text_of(pilot)
        for _ in range(25):
            screen.advance(0.1)
        assert screen.reel.play == pytest.approx(player.plays[gap] + 2.5)


async def test_dragging_on_the_line_of_time() -> None:
    """Protects scrubbing with the mouse: while the button is held the replay follows, and then no more."""
    player = new_player()
    async with shown(lambda: ReplayScreen(player, 0), (120, 40)) as pilot:
        width = pilot.app.screen.query_one(Timeline).size.width
        bar = 3
        await pilot.mouse_down(Timeline, offset=(5, bar))
        for column in (20, 60, width - 1):
            await pilot.hover(Timeline, offset=(column, bar))
        await until(pilot, lambda: player.position == player.length)
        await pilot.mouse_up(Timeline, offset=(width - 1, bar))
        await pilot.hover(Timeline, offset=(3, bar))
        await pilot.pause()
        assert player.position == player.length


async def test_search_goes_to_the_text_where_it_came(tmp_path: Path) -> None:
    """Protects finding: a list of places, enter goes to one and opens it, n and N go on and back."""
    player = new_player()
    async with shown(lambda: ReplayScreen(player, 43, "averne"), (120, 40)) as pilot:
        await press(pilot, "slash")
        pilot.app.screen.query_one(Input).value = "grateful"
        await press(pilot, "enter")
        assert isinstance(pilot.app.screen, FoundScreen) and "1 place" in text_of(pilot)
        await press(pilot, "enter")
        assert "Thank you" in text_of(pilot) and "Belmark is grateful" in text_of(pilot)
        assert player.position == 18 and "1 of 1" in text_of(pilot)
        await press(pilot, "v", "n")
        assert "is nowhere in what Belmark saw" in text_of(pilot) and player.position == 18
        await press(pilot, "slash")
        assert pilot.app.screen.query_one(Input).value == "grateful"
        pilot.app.screen.query_one(Input).value = "records"
        await press(pilot, "enter", "escape", "n")
        first = player.position
        await press(pilot, "n")
        assert player.position != first
        await press(pilot, "N")
        assert player.position == first


async def test_what_was_found_far_down_in_a_text_is_on_the_screen() -> None:
    """Protects who searches: the text is turned to the place, and is not to be read through from its beginning."""
    scenario = played_scenario()
    told = "A *long* letter of many lines.\n\n" * 40 + "Here is the **needle** at last."
    changed = tuple(one.model_copy(update={"text": told}) for one in scenario.injects)
    player = LogPlayer(scenario.model_copy(update={"injects": changed}), played_reference(), new_player()._entries)
    async with shown(lambda: ReplayScreen(player, 43, "averne")) as pilot:
        await press(pilot, "slash")
        pilot.app.screen.query_one(Input).value = "the needle"
        await press(pilot, "enter", "enter")
        await until(pilot, lambda: "Here is the needle at last." in text_of(pilot))


async def test_hostile_words_to_search_and_to_keep(tmp_path: Path) -> None:
    """Protects the terminal: words to look for, and comments with names, are shown as they are and do nothing."""
    said, tools = HOSTILE["markup"] + HOSTILE["escapes"], FakeTools(tmp_path)
    tools.comments.add(12, 0, said, said)
    async with shown(lambda: ReplayScreen(new_player(said), 11, tools=tools)) as pilot:
        await press(pilot, "full_stop")
        assert "✎" in text_of(pilot)
        await press(pilot, "slash")
        pilot.app.screen.query_one(Input).value = said[:200]
        await press(pilot, "enter")
        if isinstance(pilot.app.screen, FoundScreen):
            await press(pilot, "escape")
        for key in ("x", "a", "w", "P", "P"):
            await press(pilot, key)
            assert not set(text_of(pilot)) & set("\x1b\x07\x9b\u202e\u202c")
        await press(pilot, "K")
        assert isinstance(pilot.app.screen, CommentsScreen)
        await press(pilot, "enter")
        assert pilot.app.is_running and replay_of(pilot).position == 12
        assert not set(text_of(pilot)) & set("\x1b\x07\x9b\u202e\u202c")


class FakeTools:
    """What a replay opened by itself has, with comments in a folder and a game that is only named."""

    name = "log"
    players = (("averne", "Republic of Averne"), ("belmark", "Kingdom of Belmark"))

    def __init__(self, folder: Path) -> None:
        self.comments = Comments("s", "h", folder)
        self.forked: list[tuple[int, str]] = []

    def fork(self, position: int, team: str) -> FakeTable:
        self.forked.append((position, team))
        if position > 60:
            raise UsageError("This is past ENDEX.")
        return FakeTable(("averne",))


async def test_comments_are_written_shown_gone_to_and_taken_out(tmp_path: Path) -> None:
    """Protects comments: written at the moment, on the line of time, gone to by the keys for markers, and listed."""
    player, tools = new_player(), FakeTools(tmp_path)
    async with shown(lambda: ReplayScreen(player, 8, tools=tools), (120, 40)) as pilot:
        await press(pilot, "k")
        for field, typed in (("comment", "call"), ("author", "Ann")):
            pilot.app.screen.query_one(f"#{field}", Input).value = typed
        await press(pilot, "enter")
        assert "✎ Ann: call" in text_of(pilot) and [one.position for one in tools.comments] == [8]
        assert text_of(pilot).count("✎") >= 3
        await press(pilot, "home")
        assert "Ann: call" not in text_of(pilot)
        await press(pilot, *["right_square_bracket"] * 2)
        places = sorted({marker[0] for marker in player.markers} | {8})
        assert player.position == places[1]
        await press(pilot, "end", "K", "enter")
        assert player.position == 8
        await press(pilot, "K", "delete", "tab", "enter")
        await until(pilot, lambda: not len(tools.comments))
        await press(pilot, "escape")
        assert "✎ Ann" not in text_of(pilot)


async def test_without_a_log_of_its_own_comments_and_forks_say_why_not() -> None:
    """Protects a replay opened at a table: keys that need the log say how to come to it, and change nothing."""
    async with shown(lambda: ReplayScreen(new_player(), 8)) as pilot:
        for key in ("k", "K", "F"):
            await press(pilot, key)
            assert "open the log by itself: exercise replay LOG" in text_of(pilot)


async def test_two_perspectives_side_by_side() -> None:
    """Protects comparing: both halves stand at one moment, each with its own eyes and pane, and keys go to one."""
    player = new_player()
    async with shown(lambda: ReplayScreen(player, 18, "averne")) as pilot:
        await press(pilot, "w")
        await pilot.pause()
        assert "as seen by Averne" in text_of(pilot) and "as seen by Belmark" in text_of(pilot)
        assert "Thank you" in text_of(pilot)
        await press(pilot, "b", "v")
        assert replay_of(pilot).team == "facilitator"
        await press(pilot, "s", "comma")
        assert "Who leaked" in text_of(pilot) and player.position == 17
        await press(pilot, "b", "x")
        assert "Entr" in text_of(pilot)
        await press(pilot, "w")
        assert "as seen by Exercise control" not in text_of(pilot)


async def test_two_logs_side_by_side_stand_at_the_same_time_of_the_story() -> None:
    """Protects comparing sessions: what both share stands at the same entry, then the other follows by its own time."""
    one, other = new_player(), player_of_a_log_that_goes_on()
    assert one.parted(other) == one.length
    shared = Beside(other, "the fork", 20)
    async with shown(lambda: ReplayScreen(one, 10, "averne", beside=shared), (120, 40)) as pilot:
        assert other.position == 10 and "same until T+" in text_of(pilot)
        await press(pilot, "7")
        assert other.position >= 20 and "parted at T+" in text_of(pilot)
        assert other.exercise_time(other.position) <= one.exercise_time(one.position)
        await press(pilot, "w")
        assert "Two logs stand side by side already." in text_of(pilot)


async def test_presenter_shows_the_essential_and_keys_go_on_working() -> None:
    """Protects the room that watches: the answer large with its reason, the figures, no panes; esc leaves it."""
    player = new_player()
    async with shown(lambda: ReplayScreen(player, 12, "averne")) as pilot:
        await press(pilot, "P")
        text = text_of(pilot)
        assert "A N S W E R" in text and "▶ Tell them now" in text and "██" in text and "as seen by Averne" in text
        assert "m Messages" not in text and "Play/pause" not in text
        await press(pilot, "v")
        assert "Tell them now" not in text_of(pilot) and "as seen by Belmark" in text_of(pilot)
        await press(pilot, "end", "space")
        assert player.position < player.length
        await press(pilot, "space", "escape")
        assert "m Messages" in text_of(pilot) and isinstance(pilot.app.screen, ReplayScreen)


async def test_panes_have_their_names_again_after_a_side_went_behind_the_presenter() -> None:
    """Protects who leaves the projector: the panes are named as far as there is room now, and not as beside another."""
    async with shown(lambda: ReplayScreen(new_player(), 12, "averne"), (120, 40)) as pilot:
        await press(pilot, "w", "P", "w", "P")
        await until(pilot, lambda: "x Changed" in text_of(pilot))
        await press(pilot, "P", "w", "P")
        await until(pilot, lambda: "x Changed" not in text_of(pilot) and "as seen by Belmark" in text_of(pilot))


async def test_playing_on_from_a_moment_is_asked_first(tmp_path: Path) -> None:
    """Protects against a slip of the hand: what a fork is stands there, enter begins it, past ENDEX nothing does."""
    tools = FakeTools(tmp_path)
    async with shown(lambda: ReplayScreen(new_player(), 12, tools=tools)) as pilot:
        await press(pilot, "F")
        assert "A new session is kept" in text_of(pilot)
        await press(pilot, "escape")
        assert tools.forked == []
        replay_of(pilot).go(69)
        await press(pilot, "F", "enter")
        assert "✕ This is past ENDEX." in text_of(pilot)
        replay_of(pilot).go(12)
        await press(pilot, "F", "down", "enter")
        assert tools.forked == [(69, "averne"), (12, "belmark")]
        await until(pilot, lambda: not isinstance(pilot.app.screen, ReplayScreen))


async def test_a_recording_of_a_stretch_is_asked_for_and_written(tmp_path: Path) -> None:
    """Protects exporting: wrong moments and files are explained, and what is written is a recording."""
    file = tmp_path / "out.cast"
    async with shown(lambda: ReplayScreen(new_player(), 12), (120, 40)) as pilot:
        await press(pilot, "e")
        for part, typed, told in (
            ("from", "soon", "Write a time as T+1:30"),
            ("from", "20", "Nothing lies between"),
            ("to", "22", "has to end in .cast or .html"),
        ):
            pilot.app.screen.query_one("#export-file", Input).value = "film.mov"
            if part == "from" and typed == "20":
                pilot.app.screen.query_one("#export-to", Input).value = "20"
            pilot.app.screen.query_one(f"#export-{part}", Input).value = typed
            await press(pilot, "enter")
            assert told in text_of(pilot)
        pilot.app.screen.query_one("#export-file", Input).value = str(file)
        await press(pilot, "enter")
        await until(pilot, lambda: "is written" in text_of(pilot))
    assert file.read_text().startswith('{"version"')


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


SMALL, LARGE = (80, 24), (120, 40)
OTHERS = {
    "changed": (SMALL, ["x"], 12),
    "control": (LARGE, ["v", "v"], 43),
    "split": (SMALL, ["w"], 43),
    "split-wide": (LARGE, ["w", "s"], 43),
    "presenter": (SMALL, ["P"], 12),
}
"""Further pictures: size, keys, entry."""


@pytest.mark.parametrize("which", OTHERS)
def test_picture_of_other_ways_to_look(snap_compare: Any, which: str) -> None:
    """Protects the looks of what changed, of control's eyes, of two halves and of the wall."""
    size, keys, at = OTHERS[which]
    app = ExerciseApp(lambda: ReplayScreen(new_player(), at, "averne"))
    app.animation_level = "none"
    assert snap_compare(app, terminal_size=size, press=keys)


@pytest.mark.parametrize("pane", PANES)
@pytest.mark.parametrize("size", SIZES)
def test_picture_of_the_replay(snap_compare: Any, size: tuple[int, int], pane: str) -> None:
    """Protects the looks: the replay as it was looked at and found good."""
    app = ExerciseApp(lambda: ReplayScreen(new_player(), 43, "averne"))
    app.animation_level = "none"
    assert snap_compare(app, terminal_size=size, press=PANES[pane])
