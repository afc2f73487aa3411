"""The browser door: its page in a real browser, and its WebSocket against those who are no page of ours."""

from __future__ import annotations

import asyncio
import json
import os
import re
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from importlib.resources import files
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from chromium import Page, browser, needs_chromium
from doorways import CODE, Small, Standing, play_app, played_table, until

from exercise.hub import web_door
from exercise.hub.both_doors import Accepted, BothDoors, DoorsConfig
from exercise.hub.certificates import load_or_make_certificate

PICTURES = os.environ.get("EXERCISE_PICTURES", "")
"""A folder for screenshots, for whoever wants to look at them."""


class Open:
    """A browser door that stands open on loopback."""

    def __init__(self, doors: BothDoors, opener: Standing, port: int, scheme: str) -> None:
        self.doors, self.opener, self.port, self.accepts = doors, opener, port, True
        self.origin = f"{scheme}://127.0.0.1:{port}"
        self.socks: list[socket.socket] = []

    def cut(self) -> None:
        """Cuts every connection, as a network does that goes away for a moment."""
        for transport in list(self.doors._web._terminals):
            transport.abort()


@asynccontextmanager
async def standing_open(folder: Path, opener: Standing | None = None, *, tls: bool = False) -> AsyncIterator[Open]:
    """Accepts connections as the hub does, and serves them here."""
    opener = opener or Standing()
    certificate = load_or_make_certificate(folder, ()) if tls else None
    config = DoorsConfig(
        url="",
        secret="",
        host_key=str(folder / "host-key"),
        certificate=str(certificate.path) if certificate else "",
        key=str(certificate.key) if certificate else "",
    )
    doors = BothDoors(config, opener)
    await doors.start()
    listening = socket.create_server(("127.0.0.1", 0))
    listening.setblocking(False)
    door = Open(doors, opener, listening.getsockname()[1], "https" if tls else "http")

    async def accept() -> None:
        while True:
            sock, _ = await asyncio.get_running_loop().sock_accept(listening)
            if door.accepts:
                doors.take(Accepted("web", sock))
            else:
                sock.close()

    task = asyncio.create_task(accept())
    try:
        yield door
    finally:
        task.cancel()
        listening.close()
        await doors.close()


@asynccontextmanager
async def connected(door: Open, **more: Any) -> AsyncIterator[aiohttp.ClientWebSocketResponse]:
    """A program that speaks to the WebSocket as the page does."""
    headers = more.pop("headers", {"Origin": door.origin})
    async with (
        aiohttp.ClientSession() as http,
        http.ws_connect(f"{door.origin}/terminal", headers=headers, ssl=False, **more) as ws,
    ):
        yield ws


async def shown(ws: aiohttp.ClientWebSocketResponse, text: bytes) -> bytes:
    """Reads until something was drawn."""
    seen = b""
    while text not in seen:
        message = await ws.receive(timeout=20)
        assert message.type in (aiohttp.WSMsgType.BINARY, aiohttp.WSMsgType.TEXT), message
        seen += message.data if message.type is aiohttp.WSMsgType.BINARY else message.data.encode()
    return seen


async def joined(ws: aiohttp.ClientWebSocketResponse, text: bytes = b"nothing yet") -> None:
    """Says the code, and waits for the screen."""
    await ws.send_json({"code": CODE, "name": "Heron", "size": [90, 30]})
    await shown(ws, text)


async def picture(page: Page, name: str) -> None:
    """Keeps a screenshot, if somebody wants to look at it."""
    if PICTURES:
        await page.picture(Path(PICTURES) / name)


# In a real browser


@needs_chromium
async def test_person_takes_part_in_a_browser(tmp_path: Path) -> None:
    """Protects the promise of this door: notice, form, the real screens, keys, sizes, and nothing from outside."""
    opener = Standing(play_app(played_table()))
    async with standing_open(tmp_path, opener) as door, browser() as page:
        await page.do("Page.navigate", url=door.origin)
        await page.until("document.readyState === 'complete' && !!document.getElementById('code')")
        assert "What you do here is recorded" in await page.eval("document.body.innerText")
        await picture(page, "browser-join-1280x800.png")
        await page.join(door.origin, CODE, "Heron")
        await page.sees("Inbox")
        await page.until("document.getElementById('away').hidden")
        await picture(page, "browser-play-1280x800.png")
        await page.press("c")
        await page.sees("ontact")
        await page.key("Escape", 27)
        await page.size(900, 600)
        session = next(iter(door.doors.sessions._open))
        first = session._driver.frames
        await until(lambda: session._driver.frames > first, "another frame")

        assert door.opener.came == [("Heron", "browser", "127.0.0.1")]
        assert page.complaints == []
        own = f"127.0.0.1:{door.port}/"
        assert all(own in url or url.startswith("data:") for url in page.requests), page.requests
        assert not any(CODE in url for url in page.requests)


@needs_chromium
async def test_tablet_has_keys_to_press(tmp_path: Path) -> None:
    """Protects those on a tablet: arrows, Escape and Enter stand below the screen, and the screen fits."""
    opener = Standing(play_app(played_table()))
    async with standing_open(tmp_path, opener) as door, browser(1024, 768, touch=True) as page:
        await page.join(door.origin, CODE, "Heron")
        await page.sees("Inbox")
        await page.until("document.getElementById('away').hidden")
        await picture(page, "browser-play-tablet.png")
        assert await page.eval("getComputedStyle(document.getElementById('keys')).display") == "flex"
        assert await page.eval("document.documentElement.scrollWidth <= innerWidth")
        [session] = door.doors.sessions._open
        assert session._app.size.width >= 80
        await page.eval("document.querySelector('#keys [data-key=\"\\x10\"]').click()")
        await page.sees("Search")
        await picture(page, "browser-menu-tablet.png")
        await page.size(768, 1024, touch=True)
        await page.until("document.querySelector('.xterm-rows').children.length > 45")
        await until(lambda: session._app.size.height > 45, "the other size")
        await page.key("Escape", 27)
        # Held upright it is narrow: the situation gives way to the inbox and what is read.
        rows = "Array.from(document.querySelectorAll('.xterm-rows > div'))"
        await page.until(f"!{rows}.some(row => row.textContent.includes('Search'))")
        await page.sees("Inbox")
        assert await page.eval("document.documentElement.scrollWidth <= innerWidth")
        await picture(page, "browser-play-tablet-upright.png")


@needs_chromium
async def test_nothing_is_cut_off_on_a_phone(tmp_path: Path) -> None:
    """Protects the narrow screen of a phone: the last column and line lie within it, and every key shows its word."""
    opener = Standing(play_app(played_table()))
    async with standing_open(tmp_path, opener) as door, browser(390, 780, touch=True) as page:
        await page.join(door.origin, CODE, "Heron")
        await page.sees("Inbox")
        await page.until("document.getElementById('away').hidden")
        await picture(page, "browser-play-phone.png")
        for width, height in ((390, 780), (780, 390), (1280, 800)):
            await page.size(width, height, touch=True)
            inside = "(({right, bottom}, keys) => right <= innerWidth && bottom <= keys.top)"
            drawn, keys = (
                f"document.querySelector('{it}').getBoundingClientRect()" for it in (".xterm-screen", "#keys")
            )
            await page.until(f"{inside}({drawn}, {keys})")
            too_long = (
                "Array.from(document.querySelectorAll('#keys button')).filter(k => k.scrollWidth > k.clientWidth)"
            )
            assert await page.eval(f"{too_long}.map(k => k.textContent)") == []


@needs_chromium
async def test_the_wall_has_letters_that_a_room_can_read(tmp_path: Path) -> None:
    """Protects the back row: on a projector the public view fills the window with 80 columns, not with small print."""
    opener = Standing()
    opener.wall = True
    async with standing_open(tmp_path, opener) as door, browser(1920, 1080) as page:
        await page.join(door.origin, CODE, "Wall")
        await page.sees("nothing yet")
        size = "parseFloat(getComputedStyle(document.querySelector('.xterm-rows')).fontSize)"
        [session] = door.doors.sessions._open
        for width, height, least in ((1920, 1080, 34), (1024, 768, 18), (640, 400, 9)):
            await page.size(width, height)
            await page.until(f"innerWidth === {width} && {size} >= {least}")
            inside = "(({right, bottom}) => right <= innerWidth && bottom <= innerHeight)"
            await page.until(f"{inside}(document.querySelector('.xterm-screen').getBoundingClientRect())")
            if width > 640:
                await until(lambda: 80 <= session._app.size.width <= 90, "about 80 columns")
                assert session._app.size.height >= 24
        await picture(page, "browser-wall.png")


@needs_chromium
async def test_lost_connection_is_told_and_mends_itself(tmp_path: Path) -> None:
    """Protects whoever's network goes away: the page says so and comes back; a reload loses nothing either."""
    async with standing_open(tmp_path) as door, browser() as page:
        await page.join(door.origin, CODE, "Heron")
        await page.sees("nothing yet")
        door.accepts = False
        door.cut()
        await page.until("document.getElementById('away').textContent.startsWith('Connection lost')")
        await page.until("!document.getElementById('away').hidden")
        await picture(page, "browser-away.png")
        door.accepts = True
        await page.until("document.getElementById('away').hidden")
        await page.sees("nothing yet")
        await page.do("Page.reload")
        await page.sees("nothing yet")
        await page.press("quit")
        await page.key("Enter", 13)
        await page.until("document.getElementById('said').textContent.startsWith('You have left')")
        assert await page.eval("sessionStorage.length") == 0

    assert [came[0] for came in door.opener.came] == ["Heron"] * 3
    assert [entry.closed for entry in door.opener.entries] == [1, 1, 1]


@needs_chromium
async def test_wrong_code_is_told_on_the_form_also_over_tls(tmp_path: Path) -> None:
    """Protects whoever mistyped: the reason stands on the form, and nothing is tried again by itself."""
    async with standing_open(tmp_path, tls=True) as door, browser() as page:
        await page.join(door.origin, "wrong", "Heron")
        await page.until("document.getElementById('said').textContent.includes('opens nothing')")
        assert not await page.eval("document.getElementById('door').hidden")
        await page.join(door.origin, CODE, "Heron")
        await page.sees("nothing yet")


# Those who are no page of ours


@pytest.mark.parametrize(
    "origin",
    [None, "null", "https://example.org", "http://127.0.0.1:1", "http://localhost:{port}", "https://127.0.0.1:{port}"],
)
async def test_other_pages_may_not_speak_to_the_terminal(tmp_path: Path, origin: str | None) -> None:
    """Protects people from any other page in their browser, which could try codes in their name."""
    async with standing_open(tmp_path) as door:
        headers = {} if origin is None else {"Origin": origin.format(port=door.port)}
        with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
            async with connected(door, headers=headers):
                pass

    assert refused.value.status == 403
    assert door.opener.came == []


async def test_page_says_what_it_may_load(tmp_path: Path) -> None:
    """Protects the page: nothing from anywhere else, no type guessed, no referrer told."""
    async with standing_open(tmp_path) as door, aiohttp.ClientSession() as http:
        for path in [*web_door._FILES, "/nothing"]:
            async with http.get(door.origin + path) as answer:
                assert answer.status == (404 if path == "/nothing" else 200)
                policy = answer.headers["Content-Security-Policy"]
                assert "default-src 'none'" in policy and "script-src 'self';" in policy
                assert "frame-ancestors 'none'" in policy and "unsafe-eval" not in policy
                assert answer.headers["X-Content-Type-Options"] == "nosniff"
                assert answer.headers["Referrer-Policy"] == "no-referrer"
                assert answer.headers["Cache-Control"] in ("no-store", "no-cache")
                assert "aiohttp" not in answer.headers["Server"] + await answer.text()
        async with http.get(door.origin + "/page.js") as answer:
            tag = answer.headers["ETag"]
        async with http.get(door.origin + "/page.js", headers={"If-None-Match": tag}) as answer:
            assert answer.status == 304
        async with http.post(door.origin + "/", data=b"x" * 5000) as answer:
            assert answer.status == 405


async def test_what_no_page_sends_ends_the_connection_only(tmp_path: Path) -> None:
    """Protects everyone else from a client that sends rubbish, too much, or in the wrong order."""
    async with standing_open(tmp_path) as door, connected(door) as neighbour:
        await joined(neighbour)
        for before, rubbish in [
            (False, "{"),
            (False, json.dumps({"typed": "x"})),
            (False, json.dumps({"code": "x" * 5000})),
            (True, "[]"),
            (True, json.dumps({"typed": 5})),
            (True, json.dumps({"typed": "x" * 5000})),
            (True, json.dumps({"run": "id"})),
            (True, json.dumps({"size": ["a", 1]})),
        ]:
            async with connected(door) as ws:
                if before:
                    await joined(ws)
                await ws.send_str(rubbish)
                async for message in ws:
                    assert message.type in (aiohttp.WSMsgType.BINARY, aiohttp.WSMsgType.TEXT)
        async with connected(door) as ws:
            await ws.send_bytes(b"\x00" * 100)
            assert (await ws.receive(timeout=20)).type is not aiohttp.WSMsgType.BINARY
        await until(lambda: len(door.doors.sessions) == 1, "the neighbour alone")
        await neighbour.send_json({"typed": "still here\r"})
        await shown(neighbour, b"still here")


async def test_sizes_from_a_page_are_bounded(tmp_path: Path) -> None:
    """Protects everyone else: a page that claims a million columns is drawn within what is served."""
    async with standing_open(tmp_path) as door, connected(door) as ws:
        await ws.send_json({"code": CODE, "name": "Heron", "size": [10**9, -4]})
        await shown(ws, b"nothing yet")
        [session] = door.doors.sessions._open
        assert session._app.size.width == 500 and session._app.size.height == 5
        await ws.send_json({"size": [1, 10**9]})
        await until(lambda: tuple(session._app.size) == (20, 200), "the other size")


async def test_silent_connections_have_to_go(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Protects the door from connections that are opened and never used, or used one byte at a time."""
    monkeypatch.setattr(web_door, "PAGE_WITHIN", 0.3)
    monkeypatch.setattr(web_door, "HELLO_WITHIN", 0.2)
    async with standing_open(tmp_path) as door:
        reader, writer = await asyncio.open_connection("127.0.0.1", door.port)
        writer.write(b"GET / HTTP/1.1\r\nHost: x\r\nX-Slow: ")
        with_hello = await asyncio.open_connection("127.0.0.1", door.port)
        for loris in (reader, with_hello[0]):
            with suppress(ConnectionError):
                await asyncio.wait_for(loris.read(), 20)
        async with connected(door) as ws:
            message = await ws.receive(timeout=20)
            assert message.type in (aiohttp.WSMsgType.CLOSE, aiohttp.WSMsgType.CLOSED)


async def test_pasted_pages_arrive_whole(tmp_path: Path) -> None:
    """Protects whoever pastes a long reason: pieces are taken one after the other."""
    async with standing_open(tmp_path) as door, connected(door) as ws:
        await joined(ws)
        text = "A reason. " * 300
        await ws.send_json({"typed": "\x1b[200~"})
        for start in range(0, len(text), 1000):
            await ws.send_json({"typed": text[start : start + 1000]})
        await ws.send_json({"typed": "\x1b[201~"})
        [session] = door.doors.sessions._open
        await until(lambda: session._app.query_one("#typed").value == text, "the whole text")


async def test_closing_the_door_gives_the_screen_back_and_pages_come_again(tmp_path: Path) -> None:
    """Protects browsers when a hub restarts: the app ends first, and the page is not told that the person left."""
    async with standing_open(tmp_path, Standing(lambda turn: Small("here we are"))) as door, connected(door) as ws:
        await joined(ws, b"here we are")
        closing = asyncio.create_task(door.doors.close())
        seen = await shown(ws, b"\x1b[?1049l")
        while not ws.closed:
            message = await ws.receive(timeout=20)
            assert "left" not in str(message.data)
        await closing
        assert seen

    assert [entry.closed for entry in door.opener.entries] == [1]


def test_page_names_no_outside_address() -> None:
    """Protects a room without internet, and people's privacy: nothing on the page points anywhere else."""
    web = files("exercise.hub") / "web"
    ours = [web / name for name in ("index.html", "style.css", "page.js")]
    for file in ours:
        assert not re.search(r"(?:https?:)?//[\w-]+\.[\w.]+", file.read_text(encoding="utf-8")), file
    styles = (web / "vendor" / "xterm.css").read_text(encoding="utf-8")
    assert "url(" not in styles and "@import" not in styles


def test_licences_of_what_is_not_ours_are_beside_it() -> None:
    """Protects whoever passes this on: each file that comes from elsewhere is named with its licence."""
    vendor = files("exercise.hub") / "web" / "vendor"
    words = (vendor / "README.md").read_text(encoding="utf-8")
    for file in vendor.iterdir():
        assert file.name == "README.md" or file.name in words
    for name in ("LICENSE.xterm.txt", "LICENSE.addon-fit.txt"):
        assert "Permission is hereby granted" in (vendor / name).read_text(encoding="utf-8")
