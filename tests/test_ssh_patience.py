"""Coming in by ssh for the first time: time enough to read and type, and words that are those on the screen."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from doorways import CODE, until
from test_hub_ssh import at_terminal, needs_ssh, standing_open

from exercise.hub import ssh_door
from exercise.hub.preflight import preflight


async def test_whoever_types_slowly_has_minutes(tmp_path: Path) -> None:
    """Protects newcomers: comparing a fingerprint and typing a code unseen takes a minute, and the line stays."""
    async with standing_open(tmp_path) as door:
        assert door.doors._ssh._options.login_timeout >= 150


async def test_only_whoever_says_nothing_at_all_is_cut_soon(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Protects the places at the door: the silent lose theirs at once, a client whose user reads keeps it."""
    monkeypatch.setattr(ssh_door, "SILENT_WITHIN", 0.3)
    async with standing_open(tmp_path) as door:
        silent, _out = await asyncio.open_connection("127.0.0.1", door.port)
        reading, speaks = await asyncio.open_connection("127.0.0.1", door.port)
        speaks.write(b"SSH-2.0-Reader\r\n")
        async with asyncio.timeout(20):
            assert b"SSH-2.0" in await silent.read()
        await until(lambda: sum(door.doors._ssh._knocking.values()) == 1, "the silent one's leaving")
        await asyncio.sleep(0.6)
        assert not reading.at_eof() and sum(door.doors._ssh._knocking.values()) == 1
        speaks.close()
        await until(lambda: not door.doors._ssh._knocking, "a quiet door")


@needs_ssh
async def test_whoever_was_too_slow_is_told_to_come_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Protects who looked for the code too long: what is typed then goes nowhere, and the terminal says what to do."""
    monkeypatch.setattr(ssh_door, "LOGIN_WITHIN", 6.0)
    async with standing_open(tmp_path) as door, at_terminal(door) as client:
        await client.sees("Join code: ")
        await until(lambda: not door.doors._ssh._knocking, "the line to be cut")
        client.type(f"{CODE}\r")
        await client.sees("name or pseudonym")
        client.type("Heron\r")
        await client.sees("has run out, and the line is cut. Type the same command again.")
        assert not door.opener.came


@needs_ssh
async def test_what_is_read_out_for_ssh_is_what_its_client_asks(tmp_path: Path) -> None:
    """Protects a room at its first ssh: the words to look for are those that the client shows, a name included."""
    (said,) = [it for it in preflight(tmp_path, listen=("0.0.0.0",), host_key="SHA256:x") if it.about == "ssh"]
    code, name = [line for line in said.lines if "Join code" in line or "a name" in line]
    assert "Join code" in code and "a name or pseudonym" in name
    async with standing_open(tmp_path) as door, at_terminal(door) as client:
        await client.sees("Join code: ")
        client.type(f"{CODE}\r")
        await client.sees("name or pseudonym")
