"""Headless Chromium for tests, driven over its own DevTools protocol; it reaches loopback and nothing else."""

from __future__ import annotations

import asyncio
import base64
import itertools
import json
import shutil
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp
import pytest

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
needs_chromium = pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed")

_FLAGS = (
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync"),
    *("--disable-background-networking", "--disable-component-update", "--remote-debugging-port=0"),
    *("--disable-dev-shm-usage", "--ignore-certificate-errors"),
)


class Page:
    """One page, and what it asked of the network."""

    def __init__(self, ws: aiohttp.ClientWebSocketResponse) -> None:
        self._ws = ws
        self._numbers = itertools.count(1)
        self._waiting: dict[int, asyncio.Future[Any]] = {}
        self.requests: list[str] = []
        self.complaints: list[str] = []

    async def listen(self) -> None:
        """Takes what the browser says."""
        async for message in self._ws:
            said = json.loads(message.data)
            if "id" in said:
                self._waiting.pop(said["id"]).set_result(said)
            elif said["method"] == "Network.requestWillBeSent":
                self.requests.append(said["params"]["request"]["url"])
            elif said["method"] == "Network.webSocketCreated":
                self.requests.append(said["params"]["url"])
            elif said["method"] == "Runtime.exceptionThrown":
                self.complaints.append(str(said["params"]["exceptionDetails"])[:500])
            elif said["method"] == "Log.entryAdded":
                self.complaints.append(said["params"]["entry"]["text"])

    async def do(self, method: str, **params: Any) -> Any:
        """Asks the browser for something."""
        number = next(self._numbers)
        self._waiting[number] = asyncio.get_running_loop().create_future()
        await self._ws.send_str(json.dumps({"id": number, "method": method, "params": params}))
        answer = await asyncio.wait_for(self._waiting[number], 30)
        assert "error" not in answer, answer
        return answer["result"]

    async def eval(self, script: str) -> Any:
        """The value of an expression on the page."""
        result = await self.do("Runtime.evaluate", expression=script, returnByValue=True, awaitPromise=True)
        assert "exceptionDetails" not in result, result
        return result["result"].get("value")

    async def until(self, script: str, seconds: float = 30.0) -> None:
        """Waits until an expression holds."""
        end = asyncio.get_running_loop().time() + seconds
        while not await self.eval(script):
            shown = await self.eval("document.body.innerText")
            assert asyncio.get_running_loop().time() < end, f"{script} did not come about on:\n{shown}"
            await asyncio.sleep(0.05)

    async def sees(self, text: str) -> None:
        """Waits until the terminal on the page shows something."""
        rows = "Array.from(document.querySelectorAll('.xterm-rows > div')).map(row => row.textContent).join('\\n')"
        await self.until(f"{rows}.replaceAll('\\u00a0', ' ').includes({json.dumps(text)})")

    async def press(self, text: str) -> None:
        """Types."""
        await self.do("Input.insertText", text=text)

    async def key(self, key: str, code: int) -> None:
        """Presses a key that is no letter."""
        for kind in ("keyDown", "keyUp"):
            await self.do(
                "Input.dispatchKeyEvent",
                type=kind,
                key=key,
                code=key,
                windowsVirtualKeyCode=code,
                **({"text": "\r"} if key == "Enter" and kind == "keyDown" else {}),
            )

    async def size(self, width: int, height: int, *, touch: bool = False) -> None:
        """Makes the window as large as that of a tablet, or another."""
        await self.do(
            "Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=touch
        )
        await self.do("Emulation.setTouchEmulationEnabled", enabled=touch, maxTouchPoints=5 if touch else 1)

    async def picture(self, path: Path) -> None:
        """A screenshot."""
        data = (await self.do("Page.captureScreenshot", format="png"))["data"]
        path.write_bytes(base64.b64decode(data))

    async def join(self, url: str, code: str, name: str) -> None:
        """Opens the page, fills in the form and sends it off."""
        await self.do("Page.navigate", url=url)
        await self.until("document.readyState === 'complete' && !!document.getElementById('code')")
        await self.eval(f"document.getElementById('code').value = {json.dumps(code)}")
        await self.eval(f"document.getElementById('name').value = {json.dumps(name)}")
        await self.eval("document.querySelector('#join button').click()")


@asynccontextmanager
async def browser(width: int = 1280, height: int = 800, *, touch: bool = False) -> AsyncIterator[Page]:
    """A browser with one empty page."""
    assert CHROMIUM is not None
    folder = tempfile.mkdtemp(prefix="chromium-")
    process = await asyncio.create_subprocess_exec(
        CHROMIUM,
        *_FLAGS,
        f"--user-data-dir={folder}",
        "about:blank",
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.DEVNULL,
    )
    try:
        told = Path(folder) / "DevToolsActivePort"
        for _ in range(3000):
            if told.exists() and told.read_text().count("\n") >= 1:
                break
            assert process.returncode is None, "Chromium ended"
            await asyncio.sleep(0.01)
        port = int(told.read_text().splitlines()[0])
        async with aiohttp.ClientSession() as http:
            async with http.get(f"http://127.0.0.1:{port}/json/list") as answer:
                [target] = [each for each in await answer.json() if each["type"] == "page"]
            async with http.ws_connect(target["webSocketDebuggerUrl"], max_msg_size=0) as ws:
                page = Page(ws)
                listening = asyncio.create_task(page.listen())
                for domain in ("Page", "Runtime", "Network", "Log"):
                    await page.do(f"{domain}.enable")
                await page.size(width, height, touch=touch)
                yield page
                listening.cancel()
    finally:
        process.kill()
        await process.wait()
        shutil.rmtree(folder, ignore_errors=True)
