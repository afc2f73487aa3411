"""The driver of the ssh and browser doors: what it draws, what it takes, and that one app's troubles stay its own."""

from __future__ import annotations

import asyncio
import gc
import inspect
import sys
from typing import Any

import pytest
import textual.app
from doorways import Entry, Paper, Small, Standing, driven, until
from textual import events
from textual._compositor import Compositor
from textual._parser import Parser
from textual._styles_cache import StylesCache
from textual._xterm_parser import XTermParser
from textual.app import App
from textual.driver import Driver
from textual.message import Message
from textual.screen import Screen
from textual.widgets import Input, Static

from exercise.hub import keyboard as keys
from exercise.hub.ascii_art import to_ascii
from exercise.hub.doorway import Terminal, bounded, terminal_of
from exercise.hub.keyboard import Keyboard
from exercise.hub.sessions import Session, Sessions
from exercise.hub.terminal_driver import MOST_UNREAD, TerminalDriver
from exercise.tui.app import ExerciseApp

# What is drawn


async def test_app_is_drawn_and_the_terminal_given_back() -> None:
    """Protects the terminal of whoever leaves: its own screen, mouse and cursor come back."""
    async with driven(Small()) as (_, paper):
        assert "nothing yet" in paper.text
        assert paper.text.startswith("\x1b[?1049h")

    assert paper.text.endswith("\x1b[?1049l\x1b[?25h")
    assert "\x1b[?1003l" in paper.text


async def test_typing_reaches_the_app() -> None:
    """Protects the way in: keys become what they stand for."""
    app = Small()
    async with driven(app) as (driver, paper):
        driver.feed("grüße\r".encode())
        await until(lambda: "grüße" in str(app.query_one("#said", Static).visual), "the line")
        await until(lambda: "grüße" in paper.text, "the line on the terminal")


@pytest.mark.parametrize("size", [(1, 1), (0, 0), (-5, 2), (10**9, 10**9)])
async def test_sizes_are_bounded(size: tuple[int, int]) -> None:
    """Protects everyone else: a terminal that claims a million columns is drawn within what is served."""
    app = Small()
    async with driven(app) as (driver, _):
        before = app.size
        driver.resize(*size)
        driver.resize(*size)
        if bounded(*size) != tuple(before):
            await until(lambda: tuple(app.size) == bounded(*size), "the other size")

    assert 20 <= app.size.width <= 500
    assert 5 <= app.size.height <= 200


async def test_terminal_that_stops_reading_is_not_drawn_for_and_later_drawn_whole() -> None:
    """Protects memory and everyone's time from a client that stops reading, and that client from a torn screen."""
    app = Small()
    async with driven(app) as (driver, paper):
        paper.takes, paper.unread = False, MOST_UNREAD + 1
        app.query_one("#said", Static).update("unseen 0")
        await until(lambda: driver.stalled, "noticing")
        written = len(paper.written)
        for number in range(1, 50):
            app.query_one("#said", Static).update(f"unseen {number}")
            await asyncio.sleep(0)
        await asyncio.sleep(0.05)
        assert len(paper.written) == written

        paper.takes, paper.unread = True, 0
        await until(lambda: "unseen 49" in paper.text[-20_000:], "the newest state")
        assert len(paper.written) - written > 80 * 20  # the whole screen, not only the line

    assert not paper.aborted


async def test_terminal_gets_its_screen_back_even_if_it_had_stopped_reading() -> None:
    """Protects the terminal of a slow client: the goodbye is never among what is dropped."""
    app = Small()
    async with driven(app) as (driver, paper):
        paper.takes, paper.unread = False, MOST_UNREAD + 1
        app.query_one("#said", Static).update("unseen")
        await until(lambda: driver.stalled, "noticing")

    assert paper.text.endswith("\x1b[?1049l\x1b[?25h")


async def test_stalled_terminal_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """Protects the room from ghosts: a terminal that takes nothing for long is closed."""
    monkeypatch.setattr("exercise.hub.terminal_driver.STALLED_FOR", 0.05)
    app = Small()
    async with driven(app) as (_, paper):
        paper.takes, paper.unread = False, MOST_UNREAD + 1
        app.query_one("#said", Static).update("unseen")
        await until(lambda: paper.aborted, "giving it up")


@pytest.mark.parametrize(
    ("term", "environment", "colours", "unicode"),
    [
        ("xterm-256color", {"LANG": "de_DE.UTF-8"}, "256", True),
        ("xterm", {}, "standard", True),
        ("xterm-256color", {"COLORTERM": "truecolor", "LANG": "en_GB.utf8"}, "truecolor", True),
        ("linux", {"LANG": "C"}, "standard", False),
        ("xterm-kitty", {"LC_ALL": "de_DE.ISO-8859-1", "LANG": "de_DE.UTF-8"}, "truecolor", False),
    ],
)
def test_terminals_are_what_they_say(term: str, environment: dict[str, str], colours: str, unicode: bool) -> None:
    """Protects each terminal from being treated like the server's own."""
    terminal = terminal_of(term, environment, (80, 24))

    assert terminal is not None
    assert (terminal.colours, terminal.unicode) == (colours, unicode)


@pytest.mark.parametrize("term", ["", "dumb", "unknown"])
def test_terminal_without_a_screen_is_known(term: str) -> None:
    """Protects screen readers and scripts: they are told of the line mode instead of being drawn at."""
    assert terminal_of(term, {}, (80, 24)) is None


async def test_colours_are_those_of_the_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    """Protects old terminals from colours they do not know, whatever the server's environment says."""
    monkeypatch.setenv("COLORTERM", "truecolor")
    async with driven(Small(), Terminal(colours="standard")) as (_, plain):
        pass
    async with driven(Small(), Terminal(colours="truecolor")) as (_, full):
        pass

    assert ";2;" not in plain.text and "38;5" not in plain.text
    assert "38;2;" in full.text


async def test_no_color_is_the_clients_own(monkeypatch: pytest.MonkeyPatch) -> None:
    """Protects both wishes: the server's NO_COLOR takes nobody's colours, and a client's own is honoured."""
    monkeypatch.setenv("NO_COLOR", "1")
    async with driven(Small(), Terminal(colours="truecolor")) as (_, full):
        pass
    async with driven(Small(), Terminal(colours="truecolor", plain=True)) as (_, grey):
        pass

    def coloured(text: str) -> set[str]:
        triples = [part.split(";") for part in text.replace("48;2;", "38;2;").split("38;2;")[1:]]
        return {";".join(triple[:3]) for triple in triples if len({one.split("m")[0] for one in triple[:3]}) > 1}

    assert coloured(full.text)
    assert not coloured(grey.text)


def test_ascii_keeps_the_picture() -> None:
    """Protects terminals without UTF-8: frames, marks and words stay readable and as wide as they were."""
    assert to_ascii("╭─ Größe ─┬─╮") == b"+- Gro?e -+-+".replace(b"?", b"*")
    assert to_ascii("│ ● ▲ ▼ → … – “x” │") == b'| * ^ v > . - "x" |'
    assert len(to_ascii("網路危機")) == 8
    assert to_ascii("plain \x1b[1m") == b"plain \x1b[1m"


async def test_screens_in_ascii_hold_only_ascii() -> None:
    """Protects a terminal without UTF-8 from bytes it would show as rubbish."""
    async with driven(Small("● Lage – „ernst“ │"), Terminal(unicode=False)) as (_, paper):
        pass

    assert paper.written.isascii()
    assert b"* Lage - " in paper.written


# What is taken


class Ear:
    """Collects what a keyboard delivers."""

    def __init__(self) -> None:
        self.heard: list[Message] = []
        self.paused: list[bool] = []
        self.keyboard = Keyboard(self.heard.append, self.paused.append)

    @property
    def keys(self) -> str:
        return "".join(event.character or f"<{event.key}>" for event in self.heard if isinstance(event, events.Key))


async def test_keys_cut_anywhere_are_whole() -> None:
    """Protects letters and arrows that the network splits between two packets."""
    ear = Ear()
    for byte in "aß\x1b[A€".encode():
        ear.keyboard.feed(bytes([byte]))

    assert [event.key for event in ear.heard if isinstance(event, events.Key)][2:3] == ["up"]
    assert ear.keys == "aß<up>€"
    ear.keyboard.close()


async def test_lone_escape_is_the_escape_key() -> None:
    """Protects the one key that looks like the beginning of every other."""
    ear = Ear()
    ear.keyboard.feed(b"\x1b")
    await until(lambda: ear.heard, "the Escape key")

    assert [event.key for event in ear.heard if isinstance(event, events.Key)] == ["escape"]
    ear.keyboard.close()


@pytest.mark.parametrize(
    "rubbish",
    [
        b"\xff\xfe\x80\x9b31m\xc3",
        b"\x1b[99999999999u",
        b"\x1b[1114112u",
        b"\x1b[<0;999999999999;1M" * 3,
        b"\x1b[48;0;0;0;0t\x1b[<0;5;5M",
        b"\x1b[48;99999;99999;1;1t",
        b"\x1b[?2048;9$y",
        b"\x1b" * 500,
        b"\x1bP" + b"q" * 300 + b"\x1b\\",
        b"\x1b]52;c;!\x07",
        bytes(range(256)) * 4,
    ],
)
async def test_rubbish_harms_nothing(rubbish: bytes) -> None:
    """Protects the session from bytes no keyboard sends: what comes after them is understood."""
    ear = Ear()
    ear.keyboard.feed(rubbish)
    await asyncio.sleep(0.15)
    ear.keyboard.feed(b"\x1b[201~")
    await asyncio.sleep(0.15)
    ear.keyboard.feed(b"ok")
    await until(lambda: ear.keys.endswith("ok"), "the keys after the rubbish")

    assert not any(isinstance(event, events.Resize) for event in ear.heard)
    ear.keyboard.close()


async def test_flood_is_paced_and_reading_stops() -> None:
    """Protects everyone else from a client that sends without end: it waits, and nothing piles up."""
    ear = Ear()
    for _ in range(20):
        ear.keyboard.feed(b"x" * 8192)

    assert len(ear.heard) <= keys.BURST
    assert ear.paused == [True]
    ear.keyboard.close()


async def test_endless_paste_is_forgotten() -> None:
    """Protects memory: a paste that never ends is dropped, and the keys after it count again."""
    ear = Ear()
    ear.keyboard._parse("\x1b[200~")
    for _ in range(300):
        ear.keyboard._parse("x" * 512)
    ear.keyboard._parse("ok")

    assert [event for event in ear.keyboard._events if isinstance(event, events.Key)]
    ear.keyboard.close()


async def test_paste_arrives_in_one_piece() -> None:
    """Protects whoever pastes a paragraph into a reason."""
    ear = Ear()
    text = "A reason of some length. " * 100
    ear.keyboard.feed(b"\x1b[200~" + text.encode() + b"\x1b[201~")
    await until(lambda: ear.heard, "the paste")

    assert [event.text for event in ear.heard if isinstance(event, events.Paste)] == [text]
    ear.keyboard.close()


async def test_closed_keyboard_delivers_nothing_and_holds_nothing() -> None:
    """Protects memory: after a session its keyboard refers to no app."""
    ear = Ear()
    ear.keyboard.feed(b"\x1b")
    ear.keyboard.close()
    ear.keyboard.close()
    ear.keyboard.feed(b"x")
    await asyncio.sleep(0.15)

    assert ear.heard == []


# Many in one process


def seat(sessions: Sessions, opener: Standing) -> tuple[Session, Entry, Paper, asyncio.Task[None]]:
    """Somebody who comes in, and the task that runs their screens."""
    entry, paper = Entry(opener, "x"), Paper()
    session = Session(sessions, entry, paper, Terminal())
    return session, entry, paper, asyncio.create_task(session.run())


async def drawn(session: Session) -> None:
    """Waits for somebody's first screen."""
    await until(lambda: session._driver is not None and session._driver.frames > 0, "the first screen")


async def test_ends_in_another_order_leave_standard_output_alone() -> None:
    """Protects the process's own output: the first to come is the first to go, and the last leaves it as it was."""
    before = (sys.stdout, sys.stderr)
    sessions, opener = Sessions(), Standing()
    first, second = seat(sessions, opener), seat(sessions, opener)
    for session, *_ in (first, second):
        await drawn(session)
    assert (sys.stdout, sys.stderr) == before

    for session, entry, _, task in (first, second):
        session.end()
        await task
        assert (sys.stdout, sys.stderr) == before
        assert entry.closed == 1


async def test_textual_elsewhere_still_captures_what_is_printed() -> None:
    """Protects apps that have a process to themselves: only those run by a door are treated otherwise."""
    Sessions()
    app = Small()
    async with app.run_test():
        assert sys.stdout is app._capture_stdout


async def test_sixty_joins_and_leaves_leave_nothing() -> None:
    """Protects a long workshop: whoever has gone is gone from memory too, however they went."""
    before = (sys.stdout, sys.stderr)
    sessions, opener = Sessions(), Standing()
    for number in range(60):
        session, entry, paper, task = seat(sessions, opener)
        if number % 5 == 4:
            session.end()  # gone before anything was drawn
        else:
            await drawn(session)
            driver = session._driver
            assert driver is not None
            driver.feed(b"\x1b[A\x1b[99;5u")
            if number % 3 == 0:
                driver.feed(b"quit\r")
            elif number % 3 == 1:
                driver.feed(b"\x1b")
                session.end()
            else:
                task.cancel()
        await asyncio.wait({task})
        assert entry.closed == 1
        del session, paper, task
    driver = None

    # A cancelled timer's context, which names the app, stays with the loop until its time would have come.
    await until(lambda: gc.collect() >= 0 and not opener.apps, "an empty room")
    assert len(sessions) == 0
    assert (sys.stdout, sys.stderr) == before


async def test_abort_in_the_middle_of_a_frame_harms_nobody() -> None:
    """Protects the neighbour of somebody whose connection breaks while their screen is being drawn."""
    sessions, opener = Sessions(), Standing()
    gone, stays = seat(sessions, opener), seat(sessions, opener)
    for session, *_ in (gone, stays):
        await drawn(session)

    def broken(data: bytes) -> None:
        gone[0].end()
        raise ConnectionResetError

    gone[2].write = broken  # type: ignore[method-assign]
    gone[0].feed(b"x")
    await asyncio.wait({gone[3]})
    stays[0].feed(b"here\r")
    await until(lambda: "here" in stays[2].text, "the neighbour's line")

    assert gone[1].closed == 1
    stays[0].end()
    await stays[3]


async def test_broken_screen_tells_nobody_its_variables(
    caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    """Protects what stands on people's screens: a crash is noted by its place, without values, and ends one app."""
    sessions, opener = Sessions(), Standing()
    session, entry, _, task = seat(sessions, opener)
    await drawn(session)
    session.feed(b"break\r")
    await task

    assert session.crashed and entry.closed == 1
    assert "RuntimeError" in caplog.text
    printed = capsys.readouterr()
    assert "secret-value" not in caplog.text + printed.out + printed.err


async def test_flood_of_one_does_not_stop_anothers_echo() -> None:
    """Protects the neighbour's keys while somebody's client sends without end."""
    sessions, opener = Sessions(), Standing()
    loud, quiet = seat(sessions, opener), seat(sessions, opener)
    for session, *_ in (loud, quiet):
        await drawn(session)
    for _ in range(40):
        loud[0].feed(b"x" * 4096)
    rounds = 0
    quiet[0].feed(b"still here\r")
    while "still here" not in quiet[2].text:
        loud[0].feed(b"x" * 512)
        rounds += 1
        await asyncio.sleep(0.01)
        assert rounds < 500

    assert loud[2].paused
    for session, _, _, task in (loud, quiet):
        session.end()
        await task


async def test_news_reach_screens_in_turn_and_wait_for_a_stalled_one() -> None:
    """Protects a change for all: each is told once, and whoever does not read is told when they read again."""
    sessions, opener = Sessions(), Standing()
    seats = [seat(sessions, opener) for _ in range(4)]
    for session, *_ in seats:
        await drawn(session)
    told = [0, 0, 0, 0]

    def tell(number: int) -> Any:
        def told_now() -> None:
            told[number] += 1

        return told_now

    first = seats[0]
    assert first[0]._driver is not None
    first[2].unread = MOST_UNREAD + 1
    first[0]._driver.flush()
    for number, (session, *_) in enumerate(seats):
        news = tell(number)
        session.turn(news)
        session.turn(news)
    await until(lambda: told[1:] == [1, 1, 1], "everyone's turn")
    assert told[0] == 0

    first[2].unread = 0
    await until(lambda: told[0] == 1, "the turn of who reads again")
    for session, _, _, task in seats:
        session.end()
        await task


async def test_nothing_acts_on_the_server() -> None:
    """Protects the machine that serves: no browser opens, no file is written, nothing is suspended there."""
    app = Small()
    async with driven(app) as (driver, _):
        assert not driver.can_suspend
        assert TerminalDriver.open_url is not Driver.open_url
        assert TerminalDriver.deliver_binary is not Driver.deliver_binary
        app.open_url("https://example.org")
        app.action_suspend_process()
        app.copy_to_clipboard("words")
        await asyncio.sleep(0.05)
        assert app.is_running


# What of Textual is relied on without being promised


def test_names_that_are_relied_on_exist() -> None:
    """Protects whoever raises the pin of Textual: each private name that the doors lean on is still what it was."""
    assert isinstance(inspect.getattr_static(textual.app, "redirect_stdout"), object)
    assert "redirect_stdout(self._capture_stdout)" in inspect.getsource(App._process_messages)
    assert "redirect_stderr(self._capture_stderr)" in inspect.getsource(App._process_messages)
    for name in ("_begin_batch", "_end_batch", "_fatal_error", "_close_messages_no_wait", "_print_error_renderables"):
        assert callable(getattr(App, name)), name
    assert "self._fatal_error()" in inspect.getsource(App._handle_exception)
    assert list(inspect.signature(App._fatal_error).parameters) == ["self"]
    assert "_batch_count" in inspect.getsource(Screen._on_timer_update)
    assert "self._driver.flush()" in inspect.getsource(App._display)
    assert "self.driver_class" in inspect.getsource(App._build_driver)
    assert "_full_map" in inspect.getsource(Compositor)


async def test_attributes_that_are_relied_on_exist() -> None:
    """Protects the same for what an app holds."""
    app = Small()
    assert app._batch_count == 0
    assert isinstance(app._filters, list)
    assert app._exception is None
    assert app.console._color_system is not None
    async with app.run_test() as pilot:
        await pilot.pause()
        assert app._driver is not None and hasattr(app._driver, "_size")
        assert isinstance(app.query_one(Input), Input)


def test_parser_is_as_it_was() -> None:
    """Protects the keyboard: the parser's generator, its time of waiting, and the cache that would keep parsers."""
    parser = XTermParser()
    assert isinstance(parser, Parser)
    assert inspect.isgenerator(parser._gen)
    assert parser._timeout_time is None
    list(parser.feed("\x1b"))
    assert parser._timeout_time is not None
    assert hasattr(XTermParser._parse_extended_key, "__wrapped__")
    assert hasattr(XTermParser._parse_extended_key, "cache_info")
    parser._gen.close()


async def test_lines_drawn_for_who_has_left_are_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    """Protects memory: a second cache on a method, which would hold what was drawn for a thousand widgets."""
    monkeypatch.setattr("exercise.hub.sessions.SWEEP_AFTER", 0.01)
    async with driven(Small()):
        assert StylesCache.get_inner_outer.cache_info().currsize > 0
    await until(lambda: StylesCache.get_inner_outer.cache_info().currsize == 0, "an empty cache")


async def test_app_leaves_the_tasks_of_its_loop_as_they_are(monkeypatch: pytest.MonkeyPatch) -> None:
    """Protects who signs in by ssh while somebody's screens are open: asyncssh counts on tasks that start in turn."""

    def at_once(loop: asyncio.AbstractEventLoop, work: Any, **named: Any) -> asyncio.Task[Any]:
        return asyncio.Task(work, loop=loop, **named)

    # What Textual sets from Python 3.12 on, so that an older one shows it too.
    monkeypatch.setattr(asyncio, "eager_task_factory", at_once, raising=False)
    async with driven(ExerciseApp(Screen)):
        assert asyncio.get_running_loop().get_task_factory() is None


async def test_own_parser_is_in_no_cache() -> None:
    """Protects memory: Textual's cache on a method would hold every keyboard of everyone who ever came."""
    before = XTermParser._parse_extended_key.cache_info().currsize
    ear = Ear()
    ear.keyboard.feed(b"\x1b[97;5u\x1b[98;5u")
    ear.keyboard.close()

    assert XTermParser._parse_extended_key.cache_info().currsize == before
