"""A client's side of the protocol: one connection that mends itself, and the feeds that come through it."""

from __future__ import annotations

import asyncio
import logging
import random
import ssl
import time
from collections.abc import Callable, Coroutine
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, TypeVar

import aiohttp
from pydantic import BaseModel, ValidationError

from exercise.errors import CommandRejected, DoorClosed
from exercise.hub import protocol as say
from exercise.hub.feeds import SHAPES, kind_of
from exercise.hub.no_hub import OTHER_VERSION, why_not
from exercise.hub.protocol import WORKER
from exercise.hub.reading import LARGEST, read, unpacked
from exercise.language import N_
from exercise.session.closed import LAST_WORD

_log = logging.getLogger(__name__)

ANSWER_WITHIN = 30.0
HELLO_WITHIN = 20.0
HEARTBEAT = 15.0
SLOWEST_RETRY = 5.0

FINAL = ("no-code", "revoked", "sent-out", "elsewhere", "left", "version", "full")
"""After these, coming back by itself would help nobody."""

LOST = N_("The connection is lost; trying again. What you write here stays.")

Answer = TypeVar("Answer")


@dataclass
class Received:
    """What has come of one feed: the record, and where the clocks stood when."""

    view: Any
    play: int
    exercise: int
    at: float


class Link:
    """Connects, says hello, and keeps at it; `trouble` says in words what is wrong meanwhile.

    Lives in the event loop it was opened in; `through` lets another thread's loop use it.
    """

    def __init__(
        self,
        url: str,
        hello: say.Hello,
        *,
        tls: ssl.SSLContext | aiohttp.Fingerprint | bool = True,
        secret: str = "",
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self.url = url
        self.welcome: say.Welcome | None = None
        self.trouble = ""
        self.over = False
        """True once the link will not come back by itself."""
        self.head = ""
        self.received: dict[str, Received] = {}
        self.kept: dict[str, str] = {}
        self._written: dict[str, str] = {}
        self.now = now
        self._hello = hello
        self._tls = tls
        self._headers = {WORKER: secret} if secret else {}
        self._watched: dict[str, int] = {}
        self._ws: aiohttp.ClientWebSocketResponse | None = None
        self._http: aiohttp.ClientSession | None = None
        self._asked: dict[int, asyncio.Future[str]] = {}
        self._fetching: dict[str, tuple[int, asyncio.Future[Any]]] = {}
        self._arrivals: dict[str, asyncio.Event] = {}
        self._number = 0
        self._changed: list[Callable[[], None]] = []
        self._task: asyncio.Task[None] | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._door_closed: DoorClosed | None = None
        self._posts: set[asyncio.Future[None]] = set()

    async def open(self) -> say.Welcome:
        """Comes in; raises `DoorClosed` with words for the person where that fails."""
        self._loop = asyncio.get_running_loop()
        self._http = aiohttp.ClientSession()
        try:
            await self._come_in()
        except DoorClosed:
            await self._http.close()
            raise
        except (aiohttp.ClientError, OSError, TimeoutError, ValueError) as error:
            await self._http.close()
            raise DoorClosed("no-hub", why_not(self.url, error), 2.0) from error
        self._task = asyncio.create_task(self._keep_on())
        assert self.welcome is not None
        return self.welcome

    async def close(self) -> None:
        """Gets up, says so, and closes."""
        self.over = True
        with suppress(Exception):
            if self._ws is not None:
                await self._ws.send_str(say.Leave().model_dump_json())
        await self.drop()

    async def drop(self) -> None:
        """Closes without a word: the seat is kept for a while."""
        self.over = True
        if self._task is not None:
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task
        if self._ws is not None:
            with suppress(Exception):
                await self._ws.close()
        if self._http is not None:
            await self._http.close()

    def subscribe(self, changed: Callable[[], None]) -> Callable[[], None]:
        """Calls back after each change; returns how to stop."""
        self._changed.append(changed)

        def stop() -> None:
            with suppress(ValueError):
                self._changed.remove(changed)

        return stop

    def tell(self) -> None:
        """Calls back whoever subscribed."""
        for changed in tuple(self._changed):
            try:
                changed()
            except Exception:
                # One screen's fault must not cut the link under all of them.
                _log.exception("a screen failed at a change")

    async def through(self, work: Coroutine[Any, Any, Answer]) -> Answer:
        """Does something in the link's own loop, from whichever loop asks."""
        assert self._loop is not None
        if asyncio.get_running_loop() is self._loop:
            return await work
        return await asyncio.wrap_future(asyncio.run_coroutine_threadsafe(work, self._loop))

    def watch(self, feed: str) -> None:
        """Begins to follow a feed; watching twice needs two `unwatch`."""
        self._watched[feed] = self._watched.get(feed, 0) + 1
        if self._watched[feed] == 1:
            self._arrivals[feed] = asyncio.Event()
            self.post(say.Watch(feed=feed))

    def unwatch(self, feed: str) -> None:
        """Follows a feed no more."""
        left = self._watched.get(feed, 0) - 1
        if left > 0:
            self._watched[feed] = left
        elif left == 0:
            del self._watched[feed]
            self.received.pop(feed, None)
            self.post(say.Unwatch(feed=feed))

    async def arrived(self, feed: str) -> None:
        """Waits until the first view of a watched feed is there; raises `DoorClosed` where none comes."""
        try:
            async with asyncio.timeout(ANSWER_WITHIN):
                await self._arrivals[feed].wait()
        except TimeoutError:
            raise DoorClosed("no-view", "The hub does not show this; try again.") from None
        if self.over and feed not in self.received:
            raise DoorClosed("no-view", self.trouble or LOST)

    def post(self, message: BaseModel) -> None:
        """Sends something that needs no answer, if the connection stands."""
        if self._ws is not None and not self._ws.closed and self._loop is not None:
            text, ws = message.model_dump_json(), self._ws

            async def send() -> None:
                with suppress(Exception):
                    await ws.send_str(text)

            if _running() is self._loop:
                task = asyncio.ensure_future(send())
                self._posts.add(task)
                task.add_done_callback(self._posts.discard)
            else:
                asyncio.run_coroutine_threadsafe(send(), self._loop)

    def keep(self, key: str, text: str) -> None:
        """Keeps a half-written text here and at the hub, which is told again where the connection was lost."""
        self._written[key] = text
        if text:
            self.kept[key] = text
        else:
            self.kept.pop(key, None)
        self.post(say.Keep(key=key, text=text))

    async def ask(self, make: Callable[[int], BaseModel]) -> str:
        """Asks for something and waits for the answer; raises `CommandRejected` with a text for the person."""
        return await self.through(self._ask(make))

    async def fetch(self, what: str) -> Any:
        """Something large, as data; raises `CommandRejected`."""
        return await self.through(self._fetch(what))

    async def _ask(self, make: Callable[[int], BaseModel]) -> str:
        self._number += 1
        number = self._number
        future: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        self._asked[number] = future
        try:
            await self._send(make(number))
            async with asyncio.timeout(ANSWER_WITHIN):
                return await future
        except TimeoutError:
            raise CommandRejected(
                "no-answer", "No answer came; look whether it was taken before you send it again."
            ) from None
        finally:
            self._asked.pop(number, None)

    async def _fetch(self, what: str) -> Any:
        pending = self._fetching.get(what)
        if pending is None:
            self._number += 1
            future: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
            pending = self._fetching[what] = (self._number, future)
            try:
                await self._send(say.Fetch.model_validate({"id": self._number, "what": what}))
            except CommandRejected:
                del self._fetching[what]
                raise
        try:
            async with asyncio.timeout(ANSWER_WITHIN):
                return await asyncio.shield(pending[1])
        except TimeoutError:
            self._fetching.pop(what, None)
            raise CommandRejected("no-answer", "No answer came; try again.") from None

    async def _send(self, message: BaseModel) -> None:
        if self._ws is None or self._ws.closed:
            raise CommandRejected("lost", self.trouble or LOST)
        try:
            await self._ws.send_str(message.model_dump_json())
        except (aiohttp.ClientError, OSError) as error:
            raise CommandRejected("lost", LOST) from error

    async def _come_in(self) -> None:
        assert self._http is not None
        hello = self._hello
        if self.welcome is not None:
            hello = hello.model_copy(
                update={"token": self.welcome.token, "name": self.welcome.name, "seat": self.welcome.seat}
            )
        async with asyncio.timeout(HELLO_WITHIN):
            ws = await self._http.ws_connect(
                self.url, heartbeat=HEARTBEAT, max_msg_size=LARGEST, headers=self._headers, ssl=self._tls
            )
            try:
                await ws.send_str(hello.model_dump_json())
                first = await self._receive(ws)
            except BaseException:
                await ws.close()
                raise
        if isinstance(first, dict) and first.get("say") == "turned":
            await ws.close()
            turned = say.Turned.model_validate(first)
            if turned.code == "bad-message":
                raise DoorClosed("version", OTHER_VERSION)  # An older hub, to which a hello of ours is none.
            raise DoorClosed(turned.code, turned.text, turned.wait)
        if not isinstance(first, dict) or first.get("say") != "welcome":
            await ws.close()
            raise DoorClosed("no-hub", "What answers there is no hub of this program.")
        self.received.clear()
        self._ws = ws
        self._take(first)
        for key, text in self._written.items():
            if self.welcome is not None and self.welcome.kept.get(key, "") != text:
                await ws.send_str(say.Keep(key=key, text=text).model_dump_json())
        for feed in self._watched:
            await ws.send_str(say.Watch(feed=feed).model_dump_json())

    async def _keep_on(self) -> None:
        tries = 0
        while not self.over:
            if self._ws is not None:
                tries = 0
                await self._listen(self._ws)
                self._ws = None
                self._fail_pending()
                self.trouble = self.trouble or LOST
                self.tell()
                continue
            wait = self._door_closed.wait if self._door_closed is not None else 0.0
            self._door_closed = None
            await asyncio.sleep(max(wait, min(SLOWEST_RETRY, 0.25 * 2**tries)) * random.uniform(0.7, 1.2))
            tries += 1
            try:
                await self._come_in()
                self.trouble = ""
                self.tell()
            except DoorClosed as closed:
                self._turned(closed)
            except (aiohttp.ClientError, OSError, TimeoutError, ValueError):
                self.trouble = LOST
                self.tell()

    async def _listen(self, ws: aiohttp.ClientWebSocketResponse) -> None:
        try:
            while True:
                message = await self._receive(ws)
                if message is None:
                    return
                self._take(message)
        except (aiohttp.ClientError, OSError, ValueError, LookupError, TypeError, AttributeError, ArithmeticError):
            # What cannot be read is as good as lost: coming in again brings all of it anew.
            await ws.close()

    async def _receive(self, ws: aiohttp.ClientWebSocketResponse) -> Any:
        message = await ws.receive()
        if message.type is aiohttp.WSMsgType.TEXT:
            return read(message.data)
        if message.type is aiohttp.WSMsgType.BINARY:
            return read(unpacked(message.data))
        return None

    def _take(self, message: dict[str, Any]) -> None:
        kind = message.get("say")
        if kind == "feed":
            self._take_feed(message)
        elif kind in ("done", "refused"):
            self._answered(message)
            return
        elif kind == "fetched":
            pending = self._fetching.pop(message["what"], None)
            if pending is not None and not pending[1].done():
                pending[1].set_result(message["data"])
            return
        elif kind == "welcome":
            try:
                before, self.welcome = self.welcome, say.Welcome.model_validate(message)
            except ValidationError as error:
                raise ValueError("welcome") from error
            if before is None or self.welcome.kept:
                # What was written here is newer than what the hub has of it.
                kept = {**self.kept, **self.welcome.kept, **self._written}
                self.kept = {key: text for key, text in kept.items() if text}
            if before is not None and before.session != self.welcome.session:
                self.head = ""
        elif kind == "turned":
            turned = say.Turned.model_validate(message)
            self._turned(DoorClosed(turned.code, turned.text, turned.wait))
        elif kind == "ended":
            self.head = say.Ended.model_validate(message).head
        self.tell()

    def _take_feed(self, message: dict[str, Any]) -> None:
        name = message["feed"]
        if name not in self._watched:
            return
        shape = SHAPES[kind_of(name)]
        if message.get("whole") is not None:
            view = shape.read(message["whole"])
        else:
            view = shape.apply(self.received[name].view, message["patch"])
        self.received[name] = Received(view, int(message["play"]), int(message["exercise"]), self.now())
        self._arrivals[name].set()

    def _answered(self, message: dict[str, Any]) -> None:
        number = message["id"]
        future = self._asked.get(number)
        refused = message["say"] == "refused"
        if future is None and refused:
            for what, (id, waiting) in tuple(self._fetching.items()):
                if id == number:
                    del self._fetching[what]
                    future = waiting
        if future is None or future.done():
            return
        if refused:
            future.set_exception(CommandRejected(str(message["code"]), str(message["text"])))
        else:
            future.set_result(str(message.get("text", "")))

    def _turned(self, closed: DoorClosed) -> None:
        self._door_closed = closed
        shut = closed.code == "closed" and bool(self.head)  # Before ENDEX a hub may be on its way back.
        self.trouble = LAST_WORD if shut else closed.text
        if shut or closed.code in FINAL:
            self.over = True
            for arrival in self._arrivals.values():
                arrival.set()  # Nothing more will come.
        self.tell()

    def _fail_pending(self) -> None:
        refusal = CommandRejected(
            "lost", "The connection was lost before an answer came; look whether it was taken before you send it again."
        )
        waiting = [*self._asked.values(), *(future for _, future in self._fetching.values())]
        self._asked.clear()
        self._fetching.clear()
        for future in waiting:
            if not future.done():
                future.set_exception(refusal)


def _running() -> asyncio.AbstractEventLoop | None:
    try:
        return asyncio.get_running_loop()
    except RuntimeError:
        return None
