"""A hub that is not what it says: whatever it sends, a client lives, and nothing of it steers a terminal."""

from __future__ import annotations

import json
import zlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from aiohttp import web
from hosting import until
from test_hub_threats import a_room

from exercise.core.text import HOSTILE
from exercise.core.views import SpectatorView
from exercise.hub import protocol as say
from exercise.hub.feeds import SHAPES
from exercise.hub.link import Link
from exercise.hub.protocol import Hello
from exercise.hub.reading import read
from exercise.hub.steering import make_ticket


@asynccontextmanager
async def pretending(*messages: str | bytes) -> AsyncIterator[str]:
    """Something that answers like a hub, and then says what it likes."""
    welcome = say.Welcome(
        **{"person": "p", "token": "t", "name": "Eve", "kind": "spectator", "seat": "", "acting": True, "places": ()},
        **{"session": "s", "title": "\x1b[2JTitle\u202e", "teams": (), "reference": "d"},
    )

    async def join(request: web.Request) -> web.WebSocketResponse:
        ws = web.WebSocketResponse()
        await ws.prepare(request)
        await ws.receive()
        await ws.send_str(welcome.model_dump_json())
        for message in messages:
            await (ws.send_str(message) if isinstance(message, str) else ws.send_bytes(message))
        async for _ in ws:
            pass
        return ws

    app = web.Application()
    app.router.add_get("/join", join)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    yield f"ws://127.0.0.1:{site._server.sockets[0].getsockname()[1]}/join"  # type: ignore[union-attr]
    await runner.cleanup()


@pytest.mark.parametrize(
    "message",
    [
        "[]",
        "null",
        "[" * 100_000,
        b"no zlib",
        zlib.compress(b"\xff\xfe"),
        zlib.compress(b" " * 70_000_000),
        '{"say":"feed"}',
        '{"say":"feed","feed":"public","whole":{}}',
        '{"say":"feed","feed":"public","patch":[],"play":0,"exercise":0}',
        '{"say":"feed","feed":["public"],"whole":1}',
        '{"say":"feed","feed":"public","whole":1,"play":Infinity,"exercise":0}',
        '{"say":"done","id":[]}',
        '{"say":"fetched"}',
        '{"say":"welcome"}',
        '{"say":"turned"}',
        '{"say":"ended","head":{}}',
    ],
    ids=lambda message: str(message[:24]),
)
async def test_whatever_a_hub_says_a_client_lives(message: str | bytes) -> None:
    """Protects whoever joins at a wrong address: nonsense is a lost line, which is tried again, and never the end."""
    async with pretending(message) as url:
        link = Link(url, Hello(code="x", name="Eve"))
        try:
            welcome = await link.open()
            assert not HOSTILE.search(welcome.title)
            link.watch("public")
            await until(lambda: link.trouble or link.over)
            assert link._task is not None and not link._task.done()
        finally:
            await link.drop()


def test_texts_of_a_hub_are_cleaned_where_they_enter() -> None:
    """Protects terminals from a hub that is hostile: escapes are gone from every text, however they were written."""
    said = {"text": "\x1b[2J\x9bfine\u202e", "rows": [{"na\x07me": ["\x1b]0;x\x07"]}], "size": 3, "none": None}
    for text in (json.dumps(said), json.dumps(said, ensure_ascii=False)):
        found = read(text)
        assert found == {"text": "[2Jfine", "rows": [{"name": ["]0;x"]}], "size": 3, "none": None}
    assert read('{"text": "Zoë — “fine”\\n"}') == {"text": "Zoë — “fine”\n"}


def test_a_patch_beyond_measure_is_refused_at_once() -> None:
    """Protects a client from a hub that says a row has a million million items."""
    room = a_room()
    view = room.feeds.watch(room.knock(Hello(code=make_ticket(room, "spectator").code), "10.0.0.1"), "public").view
    assert isinstance(view, SpectatorView)
    for size in (10**12, -1):
        with pytest.raises(ValueError, match="gap"):
            SHAPES["public"].apply(view, {"talk": {"size": size, "at": {}}})
