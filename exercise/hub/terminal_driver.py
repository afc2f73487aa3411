"""Textual's driver for a person who sits elsewhere: one for the ssh door and the browser door alike.

A driver is where Textual meets a terminal. Textual's own drivers own the process they run in: its terminal, signals,
browser and files. This one owns a channel and nothing else, so that many apps run side by side.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path
from typing import Any, BinaryIO, Literal, TextIO

from textual import events
from textual.app import App, ScreenStackError
from textual.driver import Driver
from textual.geometry import Size
from textual.message import Message

from exercise.hub.ascii_art import to_ascii
from exercise.hub.doorway import Channel, Terminal, bounded
from exercise.hub.keyboard import Keyboard
from exercise.hub.leaving import Parts, parts_of

log = logging.getLogger(__name__)

MOST_UNREAD, FEW_UNREAD = 64 * 1024, 4 * 1024
"""Bytes a terminal has not taken, above which no more frames are drawn for it, and below which it is drawn whole."""

LOOK_AGAIN = 0.1
"""Seconds between two looks whether a terminal that was behind has caught up."""

STALLED_FOR = 120.0
"""Seconds without one byte taken, after which a terminal is given up."""

RESIZE_PAUSE = 0.05
"""Seconds in which several changes of size count as one: a window pulled by its corner reports dozens."""

LOOK_BUILT, BUILT_AFTER, BUILT_WITHIN = 0.01, 3, 2.0
"""Seconds between two looks at a screen that is being built, how many have to find nothing going on until it is drawn
for the first time, and seconds after which it is drawn in any case."""

_MOUSE = ("1000", "1003", "1006")
_ON = "\x1b[?1049h\x1b[?25l" + "".join(f"\x1b[?{mode}h" for mode in _MOUSE) + "\x1b[?2026$p\x1b[?2004h\x1b[?7l"
_OFF = "\x1b[?2004l\x1b[?7h" + "".join(f"\x1b[?{mode}l" for mode in _MOUSE) + "\x1b[0m\x1b[?1049l\x1b[?25h"


def busy(app: App[Any]) -> bool:
    """Whether any part of an app has something to do still."""
    if app.message_queue_size:
        return True
    try:
        return any(node.message_queue_size for node in app.screen.walk_children(with_self=True))
    except ScreenStackError:
        return True


class TerminalDriver(Driver):
    """Draws one app on one channel."""

    def __init__(
        self,
        app: App[Any],
        *,
        channel: Channel,
        terminal: Terminal,
        made: Callable[[TerminalDriver], None] = lambda driver: None,
        reads_again: Callable[[], None] = lambda: None,
        pressed: Callable[[], None] = lambda: None,
        echoed: Callable[[], None] = lambda: None,
        debug: bool = False,
        mouse: bool = True,
        size: tuple[int, int] | None = None,
    ) -> None:
        super().__init__(app, debug=False, mouse=mouse, size=terminal.size)
        self._channel = channel
        self._encode = str.encode if terminal.unicode else to_ascii
        self._keyboard = Keyboard(self._typed, channel.pause, stays=self._stays, quiet=lambda: not busy(app))
        self._reads_again = reads_again
        self._pressed, self._echoed = pressed, echoed
        self._awaits_echo = False
        self._running = False
        self._unread, self._unread_since = 0, 0.0
        self._wanted_size: tuple[int, int] | None = None
        self.stalled = False
        """True while the terminal does not take what is drawn: nothing is drawn for it then."""
        self._holding = False
        self._quiet = -1
        """For how many looks nothing has happened on the screen that is being built; -1 before there is any to draw."""
        self.frames = 0
        """How many frames were drawn."""
        self.parts: Parts = ()
        """What the app consisted of when it ended."""
        made(self)

    # What the app draws

    def write(self, data: str) -> None:
        """Sends what was drawn; while the terminal takes nothing it is dropped, for the screen is drawn whole later."""
        if not self.stalled:
            self._channel.write(self._encode(data))

    def flush(self) -> None:
        """A frame is complete: the moment to stop drawing for a terminal that does not keep up."""
        self.frames += 1
        if self._awaits_echo:
            self._awaits_echo = False
            self._echoed()
        if not self.stalled and self._running and self._channel.waiting() > MOST_UNREAD:
            self.stalled = True
            self._app._begin_batch()
            self._unread, self._unread_since = self._channel.waiting(), self._loop.time()
            self._loop.call_later(LOOK_AGAIN, self._look)

    def _look(self) -> None:
        """Has a terminal that was behind caught up? Then it is drawn for again, beginning with the whole screen."""
        if not self._running:
            return
        unread, now = self._channel.waiting(), self._loop.time()
        if unread <= FEW_UNREAD:
            self.stalled = False
            self._app.call_later(self._draw_again)
            self._reads_again()
            return
        if unread < self._unread:
            self._unread, self._unread_since = unread, now
        elif now - self._unread_since > STALLED_FOR:
            log.info("a terminal took nothing for %d seconds; closing it", STALLED_FOR)
            self._channel.abort()
            return
        self._loop.call_later(LOOK_AGAIN, self._look)

    def _draw_again(self) -> None:
        self._app._end_batch()
        self._app.refresh()

    def holds(self) -> bool:
        """Whether nothing is drawn yet, since the first screen is still being built; asked before each drawing."""
        if self._holding:
            self._quiet = 0
        return self._holding

    def _look_built(self, latest: float) -> None:
        if not self._running:
            return
        # The clock alone would not do: while others are built in the same loop, this one gets nothing done for long.
        self._quiet = self._quiet + 1 if self._quiet >= 0 and not busy(self._app) else min(self._quiet, 0)
        if self._quiet >= BUILT_AFTER or self._loop.time() > latest:
            self._holding = False
            self._app.call_later(self._app.refresh)
        else:
            self._loop.call_later(LOOK_BUILT, self._look_built, latest)

    # What the person does

    def feed(self, data: bytes) -> None:
        """Takes what the terminal sent."""
        if self._running:
            self._keyboard.feed(data)

    def _typed(self, message: Message) -> None:
        """Gives the app a key or a click, for which others wait; where the mouse only passes, little is to be drawn."""
        # Of one that showed nothing the next are not waited for either, until something is drawn: a held key repeats.
        if not self._awaits_echo and not isinstance(message, events.MouseMove):
            self._awaits_echo = True
            self._pressed()
        self.process_message(message)

    def _stays(self, event: Message) -> bool:
        """Whether an event is taken as text where one writes, so that the next one goes to the same place."""
        if not isinstance(event, events.Key):
            return isinstance(event, events.Paste)
        try:
            focused = self._app.focused
        except ScreenStackError:
            return False
        return focused is not None and focused.check_consume_key(event.key, event.character)

    def resize(self, width: int, height: int) -> None:
        """The terminal has another size now."""
        first, self._wanted_size = self._wanted_size is None, bounded(width, height)
        if first:
            self._loop.call_later(RESIZE_PAUSE, self._resized)

    def _resized(self) -> None:
        size, self._wanted_size = self._wanted_size, None
        if size is not None and size != self._size:
            self._size = size
            if self._running:
                self._tell_size()

    def _tell_size(self) -> None:
        size = Size(*(self._size or (80, 24)))
        self._app.post_message(events.Resize(size, size))

    def send_message(self, message: Message) -> None:
        """Everything happens in one loop, so there is no thread to cross."""
        self._app.post_message(message)

    # Coming and going

    def start_application_mode(self) -> None:
        """Takes over the terminal's screen."""
        self._running = self._holding = True
        self._loop.call_later(LOOK_BUILT, self._look_built, self._loop.time() + BUILT_WITHIN)
        self.write(_ON)
        self._tell_size()

    def disable_input(self) -> None:
        """Takes no more keys: the app is about to end, and knows for the last time what it consists of."""
        self.parts = parts_of(self._app)
        self._keyboard.close()

    def stop_application_mode(self) -> None:
        """Gives the terminal's screen back as it was, also to one that had stopped reading."""
        if self._running:
            self._running = False
            self._channel.write(_OFF.encode())
        self._keyboard.close()

    def close(self) -> None:
        """Lets go of the channel's input."""
        self._keyboard.close()

    # What would act on the machine that serves

    def open_url(self, url: str, new_tab: bool = True) -> None:
        """Nothing: the browser it would open stands on the server."""

    def deliver_binary(
        self,
        binary: BinaryIO | TextIO,
        *,
        delivery_key: str,
        save_path: Path,
        open_method: Literal["browser", "download"] = "download",
        encoding: str | None = None,
        mime_type: str | None = None,
        name: str | None = None,
    ) -> None:
        """Nothing: the folder it would write to is the server's."""
        binary.close()
