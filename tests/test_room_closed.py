"""A hosted exercise over a real link: doors closed after ENDEX, one figure for a window, and who comes late."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp
import asyncssh
import pytest
from hosted import HostedTable
from hosting import hosted
from hosting import until as until_so
from screens import picture, until
from screens import still as still
from seated import world
from test_cli_hosting import free_ports
from test_tui_hosted import app_on, opened, running, seen
from test_tui_hosted_hub import comes, on_top, shows
from textual.pilot import Pilot

from exercise.core.commands import EndExercise
from exercise.core.control.commands import SetRate
from exercise.hub.entry import Entry
from exercise.hub.host import HostConfig, Running, serve
from exercise.hub.remote import RemoteTable
from exercise.hub.remote_control import RemoteControl, come_in
from exercise.session.closed import is_closed
from exercise.session.control import CloseDoors, Startex
from exercise.session.sheets import DRAFT
from exercise.tui.app import ExerciseApp
from exercise.tui.closed import ClosedScreen
from exercise.tui.console.app import ConsoleApp
from exercise.tui.hosted import HostedApp
from exercise.tui.launch import projector_app
from exercise.tui.screens.confirm import ConfirmScreen
from exercise.tui.screens.hosted_play import HostedPlayScreen
from exercise.tui.screens.hotwash import HotWashScreen
from exercise.tui.screens.lobby import LobbyScreen
from exercise.tui.survey.scale import Scale
from exercise.tui.survey.sheet import SurveyScreen
from exercise.tui.widgets.times import play_left

pytestmark = pytest.mark.usefixtures("still")


@asynccontextmanager
async def playing() -> AsyncIterator[tuple[Any, RemoteControl, Any, Pilot[Any]]]:
    """A room in which Kim plays Averne after STARTEX: the hub, control, Kim's table and screen."""
    async with hosted(world()) as hosting:
        control = await hosting.control()
        await control.ask(Startex())
        table = await come_in(hosting.link(hosting.code("participant", "averne"), "Kim", "averne"))
        assert isinstance(table, RemoteTable)
        async with HostedApp(table=table).run_test(size=(80, 24)) as pilot:
            await on_top(pilot, HostedPlayScreen)
            yield hosting, control, table, pilot


async def test_the_console_is_told_that_all_is_kept_and_leaves_without_a_question() -> None:
    """Protects the last minute of a good day: doors closed after ENDEX are no fault, and nothing is tried again."""
    async with hosted(world()) as hosting:
        control = await hosting.control()
        await control.ask(Startex())
        app = ConsoleApp(control)
        async with app.run_test(size=(80, 24)) as pilot:
            await shows(pilot, "MSEL")
            await control.submit(EndExercise())
            await shows(pilot, "ENDEX")
            await pilot.press("ctrl+q")
            await on_top(pilot, ConfirmScreen)
            await shows(pilot, "The exercise has ended; the doors stay open")
            await pilot.press("escape")
            await control.ask(CloseDoors())
            await hosting.server.close()
            await on_top(pilot, ClosedScreen)
            await shows(pilot, "The exercise is closed and kept.")
            assert "NOTHING GETS THROUGH" not in picture(app) and "Curtain" not in picture(app)
            await comes(pilot, lambda: control.link.over)
            await pilot.press("ctrl+q")
            await comes(pilot, lambda: app._exit)


async def test_a_team_is_told_that_all_is_kept() -> None:
    """Protects the teams in the hot wash: they read on what is on their screens, without a word of a lost link."""
    async with playing() as (hosting, control, table, pilot):
        await control.submit(EndExercise())
        await comes(pilot, lambda: table.hosted.head)
        await hosting.server.close()
        await shows(pilot, "The exercise is closed and kept.")
        await comes(pilot, lambda: table.link.over)
        assert "NOT CONNECTED" not in picture(pilot.app)
        pilot.app.ask_to_leave(pilot.app.leave_table)
        await comes(pilot, lambda: pilot.app._exit)


async def test_who_had_begun_the_survey_is_told_that_it_was_not_handed_in() -> None:
    """Protects whoever took time over the questions: a sheet that the doors' closing overtook is not silently lost."""
    async with playing() as (hosting, control, table, pilot):
        await control.submit(EndExercise())
        await on_top(pilot, HotWashScreen)
        await pilot.press("u")
        await on_top(pilot, SurveyScreen)
        await comes(pilot, lambda: isinstance(pilot.app.focused, Scale))
        await pilot.press("4")
        await comes(pilot, lambda: table.hosted.kept(DRAFT))
        entry = Entry(table.link, table, comes_back=False)
        await hosting.server.close()
        await shows(pilot, "The exercise is closed and kept. Your survey was not handed in.")
        assert entry.last_word == "The exercise is closed and kept. Your survey was not handed in."


async def test_a_hub_that_goes_in_the_middle_is_still_waited_for() -> None:
    """Protects a hub that is started anew: before ENDEX a closed door is a lost link, and is knocked at again."""
    async with playing() as (hosting, _control, table, pilot):
        await hosting.server.close()
        await shows(pilot, "NOT CONNECTED")
        assert not table.link.over


async def test_the_wall_says_that_all_is_kept() -> None:
    """Protects the public view: no fault is shown to the room, and nobody knocks any more where nobody is."""
    async with hosted(world()) as hosting:
        control = await hosting.control()
        await control.ask(Startex())
        source = await hosting.projector()
        app = projector_app(source)
        async with app.run_test(size=(80, 24)) as pilot:
            await control.submit(EndExercise())
            await comes(pilot, lambda: source.view().clock.phase == "ended")
            await hosting.server.close()
            await shows(pilot, "The exercise is closed and kept.")
            assert "NOT CONNECTED" not in picture(app)
            assert hosting.links[-1].over


async def test_whoever_knocks_while_the_doors_close_after_endex_is_told_the_same() -> None:
    """Protects who was cut off in the last seconds: it is no lost link, and coming back by itself ends."""
    async with hosted(world()) as hosting:
        control = await hosting.control()
        await control.ask(Startex())
        table: Any = await come_in(hosting.link(hosting.code("participant", "averne"), "Kim", "averne"))
        await control.submit(EndExercise())
        await until_so(lambda: table.link.head)
        hosting.room.closing = True
        assert table.link._ws is not None
        await table.link._ws.close()
        await until_so(lambda: table.link.over)
        assert is_closed(table.trouble, ended=True)


@pytest.mark.parametrize("ended", [True, False])
async def test_browser_and_ssh_say_that_all_is_kept(
    ended: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Protects whoever came without the program: after ENDEX the page and ssh end with a word, and try no more;
    before it the page goes on trying, for the hub may be started anew, and ssh, which cannot, says what happened."""
    monkeypatch.setenv("EXERCISE_DATA_DIR", str(tmp_path))
    port, ssh_port, web_port = free_ports(3)
    config = HostConfig(scenario="first-light", port=port, ssh_port=ssh_port, web_port=web_port, workers=1)
    ready: asyncio.Future[Running] = asyncio.get_running_loop().create_future()
    hub = asyncio.create_task(serve(config, ready.set_result))
    room = (await ready).room
    code = next(card.code for card in room.ticket_cards(codes=True) if card.kind == "participant")
    origin = f"http://127.0.0.1:{web_port}"
    async with aiohttp.ClientSession() as http, http.ws_connect(f"{origin}/terminal", headers={"Origin": origin}) as ws:
        await ws.send_json({"code": code, "name": "Heron", "size": [80, 24]})
        ssh = await asyncssh.connect(
            "127.0.0.1", ssh_port, username="Anna", password=code, known_hosts=None, client_keys=None, config=None
        )
        terminal = await ssh.create_process(term_type="xterm-256color", term_size=(80, 24), encoding=None)
        await until_so(lambda: sum(it.connection is not None for it in room.people.all.values()) == 2)
        drawn = bytearray(await terminal.stdout.read(100))
        room.session.start()
        if ended:
            room.session.submit(EndExercise())
        room.closing = True
        room.tell()
        said = [message.json() async for message in ws if message.type is aiohttp.WSMsgType.TEXT]
        drawn += await terminal.stdout.read()
        ssh.close()
    await hub
    word = b"The exercise is closed and kept."
    assert [one["left"].encode() for one in said if "left" in one] == ([word] if ended else [])
    left_with = drawn.rpartition(b"\x1b[?1049l")[2]
    assert (word in left_with) is ended
    assert (b"The exercise has been closed; it is kept." in left_with) is not ended


def test_no_more_time_is_shown_than_is_left() -> None:
    """Protects who plans by the figure: it is never rounded up, on a running clock nor on a stepped one."""
    assert [play_left(seconds, live=True) for seconds in (466, 300, 0)] == ["7:46", "5:00", "0:00"]
    assert [play_left(seconds, live=False) for seconds in (466, 300, 0)] == ["7:46", "5 min", "0 min"]


async def test_banner_and_lists_show_one_figure_for_a_window() -> None:
    """Protects a team under pressure: the time left is the same in the banner, in the list, and in what waits."""
    table = running()
    table.control(SetRate(seat="facilitator", rate=1.0))
    app = app_on(table)
    async with app.run_test(size=(120, 40)) as pilot:
        await opened(pilot, HostedPlayScreen)
        await seen(pilot, "Window: ")
        figures = re.findall(r"(\d+:\d\d|\d+ min) left", picture(app).replace("\u00a0", " "))
        assert len(figures) >= 2 and len(set(figures)) == 1


async def test_who_comes_late_is_told_once_where_the_briefing_is() -> None:
    """Protects a latecomer: what they play and what stands in the briefing is one key away, and they hear of it."""
    table = running()
    app = app_on(table)
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(pilot, HostedPlayScreen)
        await seen(pilot, "The exercise is running already: b opens the briefing.")
        await pilot.press("i")
        await until(pilot, lambda: "b opens the briefing" not in picture(app))


async def test_who_was_in_the_lobby_is_not_told_of_the_briefing() -> None:
    """Protects the hint line: whoever has read the briefing sees the next step there."""
    table = HostedTable(played=world())
    app: ExerciseApp = app_on(table)
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(pilot, LobbyScreen)
        table.startex()
        await opened(pilot, HostedPlayScreen)
        await pilot.pause()
        assert "b opens the briefing" not in picture(app)
