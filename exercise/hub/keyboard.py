"""What comes from a person's terminal: keys, pastes and the mouse, at a pace that leaves time for everyone else.

Whatever is sent ends up here first, also from a client that was never a terminal. A burst is taken at once, more is
taken at a steady rate, and reading stops until there is room, so that nothing anybody sends fills memory or holds up
a neighbour.
"""

from __future__ import annotations

import asyncio
import codecs
import logging
from collections import deque
from collections.abc import Callable

from textual import events, messages
from textual._xterm_parser import XTermParser
from textual.message import Message

log = logging.getLogger(__name__)

RATE, BURST = 150.0, 600.0
"""Keys and clicks a second, and how many may come at once; a held key repeats about 30 times a second."""

BYTES_A_TOKEN = 64
"""How much of a paste, which is one event however long, counts as much as a key."""

MOST_WAITING, ENOUGH_WAITING = 64 * 1024, 16 * 1024
"""Bytes not looked at yet, above which nothing more is read, and below which reading goes on."""

LONGEST_PASTE = 128 * 1024
"""Characters without one event coming of them, after which they are forgotten."""

SETTLED_AFTER, SETTLED_WITHIN, LOOK = 0.05, 0.25, 0.004
"""Seconds after a key that may have opened a screen or moved the focus: when one look that finds nothing going on is
enough for the next key to follow (before it takes two), when it follows in any case, and how long a look waits."""

_SLICE = 512
_WANTED = (
    events.Key,
    events.MouseEvent,
    events.Paste,
    events.AppFocus,
    events.AppBlur,
    messages.TerminalSupportsSynchronizedOutput,
)
"""A terminal's other answers are not asked for; a size, above all, comes by the door and is bounded there."""

# C1 controls, and what stands for bytes that are no UTF-8, are typed by nobody.
_DROPPED = dict.fromkeys([*range(0x80, 0xA0), 0xFFFD])


class _Parser(XTermParser):
    """Textual's parser without its cache, which would hold every parser of everyone who ever came."""

    def _parse_extended_key(self, sequence: str) -> list[events.Key] | None:  # type: ignore[override]
        plain: Callable[..., list[events.Key] | None] = XTermParser._parse_extended_key.__wrapped__
        return plain(self, sequence)

    @property
    def waits_for(self) -> float | None:
        """When an escape that nothing follows is to be read as the Escape key."""
        return self._timeout_time

    def close(self) -> None:
        """Let go of the generator, whose frame refers to the parser."""
        self._gen.close()


class Keyboard:
    """Turns bytes into events for one app."""

    def __init__(
        self,
        deliver: Callable[[Message], None],
        pause: Callable[[bool], None],
        *,
        stays: Callable[[Message], bool] = lambda event: True,
        quiet: Callable[[], bool] = lambda: True,
    ) -> None:
        """`stays` tells of an event whether the next one goes where it goes, and `quiet` whether nothing goes on."""
        self._deliver: Callable[[Message], None] | None = deliver
        self._pause = pause
        self._stays, self._quiet = stays, quiet
        self._moved: float | None = None
        """When an event was delivered after which it is not known yet where the next one goes."""
        self._looks = 0
        self._loop = asyncio.get_running_loop()
        self._pending = bytearray()
        self._events: deque[Message] = deque()
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self._parser = _Parser()
        self._silent = 0
        self._tokens, self._filled = BURST, self._loop.time()
        self._paused = False
        self._timer: asyncio.TimerHandle | None = None
        self._escape: asyncio.TimerHandle | None = None

    def feed(self, data: bytes) -> None:
        """Takes what came, and delivers as much of it as the pace allows now."""
        if self._deliver is None:
            return
        self._pending += data
        if self._timer is None:
            self._pump()
        self._hold()

    def close(self) -> None:
        """Delivers nothing more and lets go of the app."""
        self._deliver = None
        for timer in (self._timer, self._escape):
            if timer is not None:
                timer.cancel()
        self._timer = self._escape = None
        self._pending.clear()
        self._events.clear()
        self._parser.close()
        self._pause = lambda pause: None
        self._stays, self._quiet = lambda event: True, lambda: True

    def _hold(self) -> None:
        waiting = len(self._pending)
        if not self._paused and waiting > MOST_WAITING:
            self._paused = True
            self._pause(True)
        elif self._paused and waiting < ENOUGH_WAITING:
            self._paused = False
            self._pause(False)

    def _pump(self) -> None:
        self._timer = None
        now = self._loop.time()
        self._tokens = min(BURST, self._tokens + (now - self._filled) * RATE)
        self._filled = now
        # A long burst is taken in pieces, so that others get their turn in between.
        pieces, waits = 32, 0.0
        while self._deliver is not None and (self._events or self._pending) and self._tokens >= 1 and pieces:
            pieces -= 1
            if self._events:
                if not self._may_follow(now):
                    waits = LOOK
                    break
                self._tokens -= 1
                event = self._events.popleft()
                if not isinstance(event, events.MouseMove):
                    self._moved = None if self._stays(event) else now
                self._deliver(event)
            else:
                taken = bytes(self._pending[:_SLICE])
                del self._pending[:_SLICE]
                self._tokens -= len(taken) / BYTES_A_TOKEN
                self._parse(self._decoder.decode(taken).translate(_DROPPED))
        if self._deliver is not None and (self._events or self._pending):
            self._timer = self._loop.call_later(waits if self._tokens >= 1 else 8 / RATE, self._pump)
        self._hold()

    def _may_follow(self, now: float) -> bool:
        """Whether the next event goes where it was meant for: on a slow line a key and what is typed on the screen that
        it opens arrive at once."""
        if self._moved is None or isinstance(self._events[0], events.MouseMove):
            return True
        self._looks = self._looks + 1 if self._quiet() else 0
        since = now - self._moved
        if self._looks >= (1 if since > SETTLED_AFTER else 2) or since > SETTLED_WITHIN:
            self._moved, self._looks = None, 0
            return True
        return False

    def _parse(self, text: str) -> None:
        if not text:
            return
        try:
            found = list(self._parser.feed(text))
        except Exception as error:
            # Bytes that make the parser stumble (a key code beyond Unicode, say) cost their sender these bytes only.
            log.debug("input not understood: %s", type(error).__name__)
            self._anew()
            return
        if any(isinstance(event, events.Resize) for event in found):
            # A size told in the stream was not asked for, and would change how the parser reads the mouse.
            self._anew()
        self._silent = 0 if found else self._silent + len(text)
        if self._silent > LONGEST_PASTE:
            self._anew()
        for event in found:
            self._keep(event)
        self._await_escape()

    def _keep(self, event: Message) -> None:
        if not isinstance(event, _WANTED):
            return
        if isinstance(event, events.MouseMove) and self._events and isinstance(self._events[-1], events.MouseMove):
            self._events.pop()
        self._events.append(event)

    def _anew(self) -> None:
        self._parser.close()
        self._parser = _Parser()
        self._silent = 0

    def _await_escape(self) -> None:
        when = self._parser.waits_for
        if when is not None and self._escape is None:
            self._escape = self._loop.call_later(0.12, self._escaped)

    def _escaped(self) -> None:
        self._escape = None
        try:
            for event in list(self._parser.tick()):
                self._keep(event)
        except Exception as error:
            log.debug("input not understood: %s", type(error).__name__)
            self._anew()
        self._await_escape()
        if self._timer is None:
            self._pump()
