"""A real browser without a window at the hub's page, told over the DevTools protocol what its person types and asked
what stands on the page."""

from __future__ import annotations

import asyncio
import json
import re
import shutil
import subprocess
from contextlib import suppress
from pathlib import Path
from typing import Any

import aiohttp
from rehearsing import PATIENCE, News, Way, _Reading

BROWSERS = ("chromium", "chromium-browser", "google-chrome")

_KEYS = {
    "\x1b[A": ("ArrowUp", 38), "\x1b[B": ("ArrowDown", 40), "\x1b[C": ("ArrowRight", 39), "\x1b[D": ("ArrowLeft", 37),
    "\x1b[5~": ("PageUp", 33), "\x1b[6~": ("PageDown", 34),
    "\x1b": ("Escape", 27), "\r": ("Enter", 13), "\t": ("Tab", 9), "\x7f": ("Backspace", 8),
}  # fmt: skip
_KEY = re.compile("|".join(re.escape(key) for key in sorted(_KEYS, key=len, reverse=True)) + "|.", re.DOTALL)

_LOOK = """(() => {
  const rows = document.querySelectorAll("#place:not([hidden]) .xterm-rows > div");
  const away = document.getElementById("away");
  return JSON.stringify({
    text: document.readyState !== "complete" ? ""
      : rows.length ? Array.from(rows, (row) => row.textContent.trimEnd()).join("\\n")
      : document.getElementById("door").hidden ? "" : document.getElementById("door").innerText,
    inside: rows.length > 0 && document.getElementById("door").hidden, away: away.hidden ? "" : away.textContent,
  });
})()"""


def browser() -> str:
    """The browser of this machine, or ''."""
    return next((found for name in BROWSERS if (found := shutil.which(name))), "")


class BrowserSeat(_Reading):
    """In headless Chromium: joins by the form, types by key events, reads the terminal's rows in the page."""

    door = "browser"

    def __init__(self, way: Way, news: News, folder: Path, window: tuple[int, int] = (1000, 640)) -> None:
        super().__init__(way, news)
        self._folder, self._window = folder, window
        self._shown: dict[str, Any] = {"text": "", "inside": False, "away": ""}
        self._number = 0
        self._asked: dict[int, asyncio.Future[dict[str, Any]]] = {}
        self._tasks: list[asyncio.Task[None]] = []
        self._process: subprocess.Popen[bytes] | None = None
        self.asked_for: list[str] = []
        """Every address that the page has loaded."""

    @property
    def text(self) -> str:
        return "\n".join(part for part in (str(self._shown["away"]), str(self._shown["text"])) if part)

    @property
    def connected(self) -> bool:
        return bool(self._shown["inside"] and not self._shown["away"])

    async def open(self) -> None:
        """Starts the browser and opens the page."""
        width, height = self._window
        self._process = subprocess.Popen(
            [browser(), "--headless=new", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-extensions",
             "--disable-dev-shm-usage", "--disable-background-networking", "--remote-debugging-port=0",
             f"--window-size={width},{height}", f"--user-data-dir={self._folder}", "about:blank"],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        port_file = self._folder / "DevToolsActivePort"
        await self.news.until(lambda: port_file.exists() and "\n" in port_file.read_text(), "the browser starts")
        port = port_file.read_text().splitlines()[0]
        self._http = aiohttp.ClientSession()
        async with self._http.get(f"http://127.0.0.1:{port}/json/list") as answer:
            page = next(each for each in await answer.json() if each["type"] == "page")
        self._ws = await self._http.ws_connect(page["webSocketDebuggerUrl"], max_msg_size=0)
        self._tasks.append(asyncio.create_task(self._listen()))
        await self.call("Page.enable")
        await self.call("Network.enable")
        await self.call("Page.navigate", url=f"http://127.0.0.1:{self.way.port}/")
        self._tasks.append(asyncio.create_task(self._look()))

    async def join(self) -> None:
        if self._process is None:
            await self.open()
        await self.sees("Join code")
        for field, words in (("code", self.way.code), ("name", self.name)):
            await self._evaluate(f"document.getElementById('{field}').focus()")
            await self.call("Input.insertText", text=words)
        await self.press(ENTER_KEY)
        await self.news.until(lambda: self.connected, f"{self.name} is in", self)

    async def call(self, method: str, **words: Any) -> dict[str, Any]:
        self._number += 1
        future: asyncio.Future[dict[str, Any]] = asyncio.get_running_loop().create_future()
        self._asked[self._number] = future
        await self._ws.send_str(json.dumps({"id": self._number, "method": method, "params": words}))
        return await asyncio.wait_for(future, PATIENCE)

    async def _listen(self) -> None:
        async for message in self._ws:
            said = json.loads(message.data)
            future = self._asked.pop(said.get("id", -1), None)
            if future is not None and not future.done():
                if "error" in said:
                    future.set_exception(RuntimeError(str(said["error"])))
                else:
                    future.set_result(said["result"])
            elif said.get("method") == "Network.requestWillBeSent":
                self.asked_for.append(said["params"]["request"]["url"])

    async def _evaluate(self, script: str) -> Any:
        found = await self.call("Runtime.evaluate", expression=script, returnByValue=True)
        return found.get("result", {}).get("value")

    async def _look(self) -> None:
        """A page tells nobody that it has been drawn anew, so it is looked at again and again."""
        while True:
            value = await self._evaluate(_LOOK)
            if value is not None and (shown := json.loads(value)) != self._shown:
                self._shown = shown
                self.painted += 1
                self.news.tell()
            await asyncio.sleep(0.05)

    async def send(self, typed: str) -> None:
        for key in _KEY.findall(typed):
            await self._strike(key)

    async def _strike(self, key: str) -> None:
        words: dict[str, Any]
        if key in _KEYS:
            name, code = _KEYS[key]
            words = {"key": name, "code": name, "windowsVirtualKeyCode": code}
            if key == "\r":
                words["text"] = "\r"
        elif key < " ":
            letter = chr(ord(key) + 96)
            words = {"key": letter, "code": f"Key{letter.upper()}", "modifiers": 2}
            words["windowsVirtualKeyCode"] = ord(letter.upper())
        else:
            words = {"key": key, "text": key}
        await self.call("Input.dispatchKeyEvent", type="keyDown" if "text" in words else "rawKeyDown", **words)
        words.pop("text", None)
        await self.call("Input.dispatchKeyEvent", type="keyUp", **words)

    async def cut(self) -> None:
        await self.call("Network.emulateNetworkConditions", offline=True, latency=0, downloadThroughput=0,
                        uploadThroughput=0)  # fmt: skip

    async def leave(self) -> None:
        await self.send("\x11")
        await self.sees("Leave the exercise?")
        await self.press("\t", ENTER_KEY)
        await self.sees("Join code")

    async def picture(self, path: Path) -> None:
        """What the page looks like, as PNG."""
        import base64

        found = await self.call("Page.captureScreenshot", format="png")
        path.write_bytes(base64.b64decode(found["data"]))

    async def close(self) -> None:
        for task in self._tasks:
            task.cancel()
            with suppress(asyncio.CancelledError, Exception):
                await task
        if self._process is not None:
            with suppress(Exception):
                await self._http.close()
            self._process.terminate()
            await asyncio.to_thread(self._process.wait)


ENTER_KEY = "\r"
