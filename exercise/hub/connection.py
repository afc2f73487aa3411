"""One client's connection: what it watches, what it asks, and a writer that sends what is newest when it is ready."""

from __future__ import annotations

import asyncio
import json
from collections import deque
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, assert_never

from aiohttp import web
from pydantic import BaseModel, ValidationError

from exercise.core.refusals import refusal_told
from exercise.core.text import clean_words
from exercise.errors import CommandRejected, ExerciseError
from exercise.hub import protocol as say
from exercise.hub.audience import Feed, packed
from exercise.hub.guard import Allowance
from exercise.hub.people import Member
from exercise.hub.steering import carry_out
from exercise.language import N_, said_in

if TYPE_CHECKING:
    from exercise.hub.server import HubServer

STALLED = 60.0
"""Seconds for which one message may wait for a client to take it."""

MOST_FEEDS = 40
MOST_ANSWERS = 200
"""Answers that may wait for a client; one that asks and never listens is closed."""

NOT_UNDERSTOOD = N_("The hub did not understand this.")

_SHUTTING: set[asyncio.Task[None]] = set()
"""Tasks under way, which the loop itself would forget."""


@dataclass
class _Watched:
    feed: Feed
    rev: int = 0
    view: Any = None


class Connection:
    """One client, from its hello on."""

    def __init__(self, hub: HubServer, ws: web.WebSocketResponse, member: Member) -> None:
        self._hub, self._ws, self.member = hub, ws, member
        self.watched: dict[str, _Watched] = {}
        self._first: deque[bytes | str] = deque()
        self._answers: deque[bytes | str] = deque()
        self._done: list[BaseModel] = []
        self._wake = asyncio.Event()
        self._ended = ""
        self._last: say.Turned | None = None
        self._time = asyncio.get_running_loop().time
        self._sending: float | None = None
        self._writer: asyncio.Task[None] | None = None
        self._rate = Allowance(self._time, rate=20.0, most=80.0)
        self._fetches = Allowance(self._time, rate=1.0, most=20.0)

    @property
    def behind(self) -> bool:
        """Whether there is something that this client has not been sent."""
        return self._ended != self._hub.room.head or any(w.rev != w.feed.rev for w in self.watched.values())

    @property
    def stalled(self) -> bool:
        """Whether the client has not taken a message for long."""
        return self._sending is not None and self._time() - self._sending > STALLED

    def nudge(self) -> None:
        """Says that there may be something to send."""
        self._wake.set()

    def settle(self) -> None:
        """Lets go the answers that waited until the feeds showed what came of what was asked."""
        done, self._done = self._done, []
        for message in done:
            self.answer(message)

    def answer(self, message: BaseModel | bytes | str, *, first: bool = False) -> None:
        """Puts an answer in the row: behind the feeds, so that who asked sees what came of it; or before them."""
        if len(self._answers) >= MOST_ANSWERS:
            self.close(say.Turned(code="flood", text=N_("Too much was asked at once."), wait=5.0))
            return
        ready = packed(message.model_dump_json().encode()) if isinstance(message, BaseModel) else message
        (self._first if first else self._answers).append(ready)
        self._wake.set()

    def close(self, why: say.Turned) -> None:
        """Sends a last word and closes; from here on nothing of this client's is taken, and it is shown nothing."""
        self._last = self._last or why
        self.watched.clear()
        self._wake.set()

    def anew(self) -> None:
        """After a change of session or seat: feeds start again with what may still be watched."""
        names, self.watched = tuple(self.watched), {}
        for name in names:
            with suppress(CommandRejected):
                self._watch(name)
        self._wake.set()

    def begin(self) -> asyncio.Task[None]:
        """Begins to send."""
        self._writer = asyncio.create_task(self._write())
        return self._writer

    def give_up(self) -> None:
        """Ends it without a word: nobody takes any."""
        if self._writer is not None:
            self._writer.cancel()

    async def _write(self) -> None:
        """Sends what there is until the connection ends."""
        try:
            await self._send_on()
        except (ConnectionError, TimeoutError):
            pass  # Gone, as connections go.
        finally:
            task = asyncio.create_task(_shut(self._ws))
            _SHUTTING.add(task)
            task.add_done_callback(_SHUTTING.discard)

    async def _send_on(self) -> None:
        while True:
            await self._wake.wait()
            self._wake.clear()
            while self._first:
                await self._send(self._first.popleft())
            answers = len(self._answers)
            for watched in tuple(self.watched.values()):
                if watched.rev != watched.feed.rev and self._last is None:
                    message = self._hub.room.feeds.message(watched.feed, watched.rev, watched.view)
                    watched.rev, watched.view = watched.feed.rev, watched.feed.view
                    await self._send(message)
            for _ in range(answers):
                await self._send(self._answers.popleft())
            if self._answers:
                self._wake.set()
            if self._hub.room.head != self._ended:
                self._ended = self._hub.room.head
                await self._send(say.Ended(head=self._ended).model_dump_json())
            if self._last is not None:
                await self._send(self._last.model_dump_json())
                await asyncio.wait_for(self._ws.close(), STALLED)
                return

    async def _send(self, message: bytes | str) -> None:
        self._sending = self._time()
        if isinstance(message, bytes):
            await self._ws.send_bytes(message)
        else:
            await self._ws.send_str(message)
        self._sending = None

    def take(self, data: str) -> None:
        """One message of the client; anything wrong with it is answered in words and harms nobody else."""
        if self._last is not None:
            return  # Sent out, perhaps, and not taking the word that says so.
        if not self._rate.take():
            self.close(say.Turned(code="flood", text=N_("Too many messages came at once."), wait=5.0))
            return
        try:
            message = say.FROM_CLIENT.validate_json(data)
        except ValidationError:
            # Its errors quote what was sent; the client's own programmer finds them without.
            text = said_in(self._hub.room.read(self.member).language, NOT_UNDERSTOOD)
            self.answer(say.Refused(id=_id_of(data), code="bad-message", text=text))
            return
        try:
            self._carry_out(message)
        except CommandRejected as refused:
            text = refusal_told(refused.text, self._hub.room.read(self.member))
            self.answer(say.Refused(id=getattr(message, "id", 0), code=refused.code, text=text))
        except ExerciseError as error:
            self.answer(say.Refused(id=getattr(message, "id", 0), code="fault", text=str(error)))

    def _carry_out(self, message: say.FromClient) -> None:
        room, member = self._hub.room, self.member
        match message:
            case say.Hello():
                raise CommandRejected("hello", "You are in already.")
            case say.Watch():
                self._watch(message.feed)
                self._wake.set()
            case say.Unwatch():
                self.watched.pop(message.feed, None)
            case say.Ask():
                room.asking.submit(member, message.command)
                self._answer_after(say.Done(id=message.id))
            case say.AskRoom():
                text = carry_out(room, member, message.command)
                self._answer_after(say.Done(id=message.id, text=text))
            case say.TakePlace():
                room.take_place(member, message.seat)
                self.answer(say.Done(id=message.id))
            case say.Fetch():
                if not self._fetches.take():
                    raise CommandRejected("too-fast", "That was asked for too often; wait a few seconds.")
                self.answer(room.feeds.fetch(member, message.what))
            case say.Keep():
                room.asking.keep(member, message.key, message.text)
            case say.HandIn():
                room.surveys.hand_in(member, message.answers)
                self._answer_after(say.Done(id=message.id))
            case say.Doing():
                text = clean_words(message.text)
                if member.doing != text:
                    member.doing = text
                    room.tell()
            case say.Leave():
                room.leave(member)
                self.close(say.Turned(code="left", text=N_("You have left the exercise.")))
            case _:
                assert_never(message)

    def _answer_after(self, message: BaseModel) -> None:
        """Whoever asked sees what came of it before the answer; views are built once for all who ask at a time."""
        self._done.append(message)
        self._hub.look()

    def _watch(self, name: str) -> None:
        if len(self.watched) >= MOST_FEEDS:
            raise CommandRejected("too-many", "Too many things are watched at once.")
        try:
            self.watched[name] = _Watched(self._hub.room.feeds.watch(self.member, name))
        except CommandRejected:
            self.watched.pop(name, None)
            raise


async def _shut(ws: web.WebSocketResponse) -> None:
    if not ws.closed:
        await ws.close()


def _id_of(data: str) -> int:
    """The number of a message that is otherwise wrong, so that whoever asked is answered."""
    try:
        found = json.loads(data).get("id", 0)
    except (ValueError, AttributeError, RecursionError):
        return 0
    return found if isinstance(found, int) and found >= 0 else 0
